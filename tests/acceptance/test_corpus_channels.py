"""Other people's webhooks: every message in them becomes exactly one message, one status, or one counted event or
unknown; none is lost, and each reads alone as it reads in its batch."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tanggap.adapters.channels import meta
from tanggap.adapters.channels.part import Part
from tanggap.domain.words import Reason
from tests.acceptance.corpora import corpus
from tests.support.webhook_bodies import READERS, expected, read

#: What of pywa's samples, by the file they are in, is a person's message, and what a status. All else is an event.
SPOKEN = {
    "message": 23,
    "callback_button": 3,
    "callback_selection": 2,
    "flow_completion": 2,
    "edited_message": 1,
    "deleted_message": 1,
    "system": 1,
}
TOLD = {"message_status": 7}
#: Chatwoot's samples of Instagram, by what is expected of each.
INSTAGRAM = {
    "incoming_ig_text_message": "unknown",  # without the wrapper that says whose it is
    "instagram_message_attachment_event": "message",
    "instagram_message_create_event": "message",
    "instagram_message_reply_event": "message",
    "instagram_message_standby_event": "message",
    "instagram_message_unsend_event": "deletion",
    "instagram_message_unsupported_event": "message",
    "instagram_shared_reel_event": "message",
    "instagram_story_mention_event": "message",
    "instagram_story_mention_event_with_echo": "own",
    "instagram_story_reply_event": "message",
    "instagram_test_text_event": "message",
    "messaging_seen_event": "status",
}


def pywa() -> Iterator[tuple[str, str, Any]]:
    """File, name within it, body. One sample has a second one within, under "all"."""
    for path in sorted(corpus("pywa-whatsapp").glob("*.json")):
        for name, body in json.loads(path.read_text(encoding="utf-8")).items():
            inner = body.pop("all", None)
            yield from ((path.stem, name, each) for each in (body, inner) if each)


def outcome(part: Part) -> str:
    if part.inbound is None:
        assert part.dropped is not None
        return part.dropped.value
    return "status" if part.event else part.inbound.sort.value


def show(title: str, rows: dict[str, Counter[str]]) -> None:
    print(f"\n{title}")
    for name, counts in rows.items():
        print(f"  {name:<44}" + ", ".join(f"{number} {word}" for word, number in sorted(counts.items())))
    total = sum(rows.values(), Counter())
    print(f"  {'all':<44}" + ", ".join(f"{number} {word}" for word, number in sorted(total.items())))


def test_every_body_of_pywa_is_read_to_its_last_item() -> None:
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    bodies = 0
    for stem, name, body in pywa():
        parts = read(body)
        assert len(parts) == expected(body), (stem, name)
        rows[stem].update(outcome(part) for part in parts)
        bodies += 1
    show(f"pywa-whatsapp: {bodies} bodies", rows)
    assert bodies >= 60
    said = {stem: sum(number for word, number in found.items() if word in _SAID) for stem, found in rows.items()}
    assert {stem: number for stem, number in said.items() if number} == SPOKEN
    assert {stem: found["status"] for stem, found in rows.items() if found["status"]} == TOLD
    assert sum(found["unknown"] for found in rows.values()) == 0


_SAID = {"message", "edit", "deletion", "reaction", "comment", "mention"}


def test_no_message_of_pywa_loses_its_words_its_file_or_its_sender() -> None:
    for stem, name, body in pywa():
        for part in read(body):
            if part.inbound is None or part.event:
                continue
            inbound = part.inbound
            taken_back = inbound.extra.get("taken_back") == "1" or inbound.sort.value == "deletion"
            assert inbound.text or inbound.media or taken_back, (stem, name)
            assert inbound.sender.address.startswith("whatsapp:"), (stem, name)
            # The sample of a deletion has a placeholder where the original's id would stand.
            assert inbound.about or inbound.sort.value in ("message", "deletion"), (stem, name)


def test_all_of_pywa_in_one_body_in_any_order_is_the_same_set_of_messages() -> None:
    """As the platform batches: three deliveries, each in another order, none of which is another message."""
    bodies = [body for _, _, body in pywa()]
    once = Counter(outcome(part) for body in bodies for part in read(body))
    digests = {part.inbound.digest for body in bodies for part in read(body) if part.inbound}
    for seed in range(3):
        entries = [entry for body in bodies for entry in body["entry"]]
        random.Random(seed).shuffle(entries)
        parts = read({"object": "whatsapp_business_account", "entry": entries})
        assert Counter(outcome(part) for part in parts) == once
        assert {part.inbound.digest for part in parts if part.inbound} == digests


def test_every_body_of_chatwoot_is_what_it_says() -> None:
    rows: dict[str, Counter[str]] = {}
    for path in sorted((corpus("chatwoot") / "webhooks").glob("*.json")):
        parts = read(json.loads(path.read_text(encoding="utf-8")))
        rows[path.stem] = Counter(outcome(part) for part in parts)
    show(f"chatwoot/webhooks: {len(rows)} bodies", rows)
    assert rows == {name: Counter([word]) for name, word in INSTAGRAM.items()}


@pytest.mark.parametrize("door", READERS)
def test_a_body_of_another_platform_is_counted_event_by_event(door: str) -> None:
    body = json.loads((corpus("line-sdk") / "webhook.json").read_text(encoding="utf-8"))
    parts = read(body, door)
    show(f"line-sdk at the door of {door}", {"webhook": Counter(outcome(part) for part in parts)})
    assert [part.dropped for part in parts] == [Reason.UNKNOWN] * len(body["events"])
    assert [part.alone["events"] for part in parts] == [[event] for event in body["events"]]


def test_no_two_doors_take_each_others_bodies_for_their_own() -> None:
    samples = Path(__file__).parents[2] / "events"
    for path in sorted(samples.glob("*.json")):
        body = json.loads(path.read_text(encoding="utf-8"))
        if "object" in body:
            assert {part.dropped for part in read(body, "telegram")} == {Reason.UNKNOWN}
        if "update_id" in body:
            assert {part.dropped for part in read(body, "meta")} == {Reason.UNKNOWN}
    assert meta.OBJECTS.keys() == {"whatsapp_business_account", "page", "instagram"}
