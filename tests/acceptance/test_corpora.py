"""Other people's mail: each gives a message or a Park with a reason, in bounded time."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import replace

import pytest

from tanggap.adapters.mail import notice
from tanggap.adapters.mail.notice import DeliveryReport
from tanggap.application.receive import Raw
from tanggap.domain.inbound import FailedDelivery
from tanggap.domain.words import Channel, DeliveryState
from tests.acceptance.corpora import corpus, understood
from tests.support.world import World

SECONDS = 1.0  # of CPU for one mail; the largest of them takes a few hundredths

#: corpus -> (where its mails are, how many there are at least)
MAILS = {
    "chatwoot": ("*.eml", 37),
    "cpython-email": ("*.txt", 48),
    "ruby-mail": ("**/*.eml", 100),
    "talon": ("**/*.eml", 13),
    "flufl.bounce": ("**/*.txt", 117),
    "sisimai": ("bounces/*.eml", 315),
    "email_reply_trimmer": ("emails/*.txt", 64),
    "email_reply_parser": ("*.txt", 22),
    "mail-parser-reply": ("*.txt", 47),
}


@pytest.mark.parametrize("name", MAILS)
def test_every_mail_of_a_corpus_is_a_message_or_parked(name: str) -> None:
    pattern, least = MAILS[name]
    paths = sorted(corpus(name).glob(pattern))
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for path in paths:
        started = time.process_time()
        found = understood(path)
        slowest = max(slowest, time.process_time() - started)
        outcomes["parked" if found is None else "automatic" if found.automatic else "message"] += 1
        outcomes["failures"] += bool(found and found.failures)
        outcomes["doubts"] += bool(found and found.doubts)
    print(f"\n{name}: {len(paths)} mails, {dict(outcomes)}, slowest {slowest * 1000:.0f} ms")
    assert len(paths) >= least
    assert slowest < SECONDS


def test_the_helpdesks_own_expectations_of_its_mails_are_met() -> None:
    folder = corpus("chatwoot")
    expectations = json.loads((folder / "expectations.json").read_text(encoding="utf-8"))["expectations"]
    for name, expected in expectations.items():
        found = understood(folder / name)
        assert found is not None, name
        if "auto_reply" in expected:
            assert bool(found.automatic) is expected["auto_reply"], name
        if "subject" in expected:
            assert found.subject == expected["subject"].strip(), name
        if "attachments" in expected:
            assert len(found.files) == expected["attachments"], name
        if "text_full" in expected:
            assert found.full_text.strip() == expected["text_full"].strip(), name
        if "text_reply_starts" in expected:
            assert " ".join(found.text.split()).startswith(" ".join(expected["text_reply_starts"].split())), name
        for key in ("in_reply_to", "in_reply_to_first"):
            if expected.get(key):
                assert found.references[0] == expected[key], name


def test_every_event_of_the_mail_service_is_applied_to_the_right_letter() -> None:
    """Among three letters of one case, the one whose id the event names."""
    paths = sorted((corpus("sisimai") / "amazon-ses-events").glob("*.json"))
    kinds = Counter()
    for path in paths:
        found = notice.parse(path.read_text(encoding="utf-8"))
        assert isinstance(found, DeliveryReport)
        kinds.update(failed.kind for failed in found.failures)
        for told in found.failures:
            assert told.recipient
            assert _applied(path.stem, told) == [told.original_id], path.name
    print(f"\namazon-ses-events: {len(paths)} events, {dict(kinds)}, each on its own letter")
    assert kinds == {"bounce": 3, "complaint": 1, "delivery": 2}


def _applied(name: str, told: FailedDelivery) -> list[str]:
    """The ids of letters that an event changed."""
    world = World()
    world.new_case()
    (sent,) = world.deliveries()
    ids = ("another-1", told.original_id, "another-2")
    for place, external_id in enumerate(ids):
        row = replace(sent, id=f"letter{place}", external_id=external_id)
        world.cases.deliveries[row.case, row.id] = row
        world.cases._of_case[row.case].append(row.id)
    before = {row.id: row for row in world.deliveries()}
    event = replace(world.mail(sender="", name="", recipients=()), failures=(told,), digest=name)
    world.receive(Raw(f"events/{name}", Channel.EMAIL, world.now, 100, event, event=True))
    state = DeliveryState.DELIVERED if told.kind == "delivery" else DeliveryState.FAILED
    changed = [row for row in world.deliveries() if row.id in before and row != before[row.id]]
    assert {row.state for row in changed} == {state}
    return [row.external_id for row in changed]
