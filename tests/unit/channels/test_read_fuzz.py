"""Whatever stands in a body: parts or Park, no other error, and every item accounted for exactly once.

The same examples each time, so that a run says something about the change it is run for."""

from __future__ import annotations

import copy
import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanggap.adapters.channels import (
    compose,
    instagram,
    messaging,
    messenger,
    shape,
    telegram,
    telegram_kinds,
    whatsapp,
)
from tanggap.adapters.channels.part import Part
from tanggap.domain.errors import Park
from tanggap.domain.words import Channel
from tests.support import webhook_bodies as bodies
from tests.support.webhook_bodies import AT, EVENTS, READERS, expected

#: By hand, for a change of a reader: TANGGAP_FUZZ=50 draws so many times more.
TIMES = int(os.environ.get("TANGGAP_FUZZ", "1"))
STEADY = settings(derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
TEXTS = st.one_of(
    st.text(max_size=12), st.sampled_from(["\ud800", "\u202e", "\0", "1772498520", "9" * 500, "x" * 30_000])
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)
#: Every kind of a part, by channel.
KINDS = {
    Channel.WHATSAPP: {
        *whatsapp.KINDS, *whatsapp.STATUSES, *whatsapp.EVENTS.values(), *whatsapp.PREFERENCES.values(),
        *("call", "call_permission", "chat_opened", "echo", "error", "identity_changed", "number_changed"),
    },
    Channel.MESSENGER: messaging.KINDS | messenger.PUBLIC | set(messenger.EVENTS.values()),
    Channel.INSTAGRAM: messaging.KINDS | instagram.PUBLIC | set(instagram.EVENTS.values()),
    Channel.TELEGRAM: {
        *telegram_kinds.KINDS, *telegram.EVENTS.values(), *telegram.MEMBERSHIP.values(),
        *("business", "button", "channel", "echo", "edit", "group", "guest", "live_location", "reaction"),
    },
}  # fmt: skip


def meta_bodies() -> list[Any]:
    """Of every kind one, so that every line of a reader meets every form."""
    samples = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(EVENTS.glob("*.json"))]
    found = [body for body in samples if isinstance(body, dict) and "object" in body]
    edit = {"original_message_id": "wamid.B", "message": {"type": "text", "text": {"body": "RT 04"}}}
    reply = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "response_json": '{"a": "b"}'}}
    button = {"type": "list_reply", "list_reply": {"id": "x", "title": "Ya", "description": "b"}}
    people = [{"name": {"formatted_name": "RT"}, "phones": [{"phone": "1"}], "emails": [{"email": "a@b.example"}]}]
    system = {"wa_id": "628999", "user_id": "ID.9", "type": "user_changed_number"}
    message, item = bodies.message, bodies.item
    whatsapps = [
        bodies.messages(each)
        for each in (
            message("edit", edit=edit),
            message("interactive", interactive=reply),
            message("interactive", interactive=button),
            message("button", button={"text": "a", "payload": "b"}),
            message("contacts", contacts=people),
            message("document", document={"id": "1", "filename": "a.pdf", "file_size": 5}),
            message("reaction", reaction={"message_id": "a", "emoji": "b"}),
            message("revoke", revoke={"original_message_id": "a"}),
            message("order", order={"text": "a"}),
            message("system", system=system),
            message("unsupported", unsupported={"type": "poll"}, errors=[{"code": 1}]),
            message(
                context={"id": "a", "forwarded": True}, group_id="g", referral={"source_url": "https://a.b"}, text={}
            ),
        )
    ]
    failed = {"id": "wamid.B", "status": "failed", "recipient_id": "628111111", "errors": [{"code": 131026}]}
    told = [
        bodies.whatsapp({"statuses": [failed], "errors": [{"code": 1}]}),
        bodies.whatsapp({"calls": [{"id": "c", "from": "628111111", "direction": "USER_INITIATED"}]}, field="calls"),
        bodies.whatsapp({"user_preferences": [{"wa_id": "628111111", "value": "stop"}]}, field="user_preferences"),
        bodies.whatsapp({"message_echoes": [{"id": "e", "to": "628111111"}]}, field="smb_message_echoes"),
    ]
    files = [
        {"type": type, "payload": {"url": "https://a.b/c", "title": "d"}} for type in ("image", "share", "hologram")
    ]
    files += [{"type": "location", "title": "a", "payload": {"coordinates": {"lat": 1, "long": 2}}}]
    files += [
        {"type": "template", "payload": {"elements": [{"title": "a"}], "generic": {"elements": [{"title": "b"}]}}}
    ]
    talks = [
        bodies.talk(each, object=name)
        for name in ("page", "instagram")
        for each in (
            item(
                message={"mid": "a", "text": "b", "reply_to": {"mid": "c", "story": {"id": "d"}}, "attachments": files}
            ),
            item(message={"mid": "a", "quick_reply": {"payload": "b"}, "referral": {"ref": "c"}, "is_echo": False}),
            item(message={"mid": "a", "is_deleted": True}),
            item(message={"mid": "a", "is_unsupported": True}),
            item(postback={"mid": "a", "title": "b", "payload": "c"}),
            item(reaction={"mid": "a", "action": "react", "emoji": "b"}),
            item(message_edit={"mid": "a", "text": "b", "num_edit": 1}),
            item(delivery={"mids": ["m_1", "m_2"], "watermark": 1}),
            item(read={"mid": "m_1"}),
            item(optin={"ref": "a"}),
        )
    ]
    post = {"item": "comment", "comment_id": "1_2", "post_id": "1", "parent_id": "0", "from": {"id": "3", "name": "a"}}
    public = [
        *(
            bodies.change("feed", {**post, "verb": verb, "photos": ["https://a.b/c"]})
            for verb in ("add", "edited", "remove")
        ),
        bodies.change("mention", {**post, "item": "mention"}),
        bodies.change(
            "ratings", {"item": "rating", "reviewer_id": "1", "review_text": "a", "open_graph_story_id": "b"}
        ),
        bodies.change("mentions", {"media_id": "1", "comment_id": "2"}, "instagram"),
        bodies.change("messages", item(delivery={"mids": ["m_1", "m_2"]}), "instagram"),
        {"object": "instagram", "entry": [{"id": "1", "field": "comments", "value": {"id": "2", "text": "a"}}]},
    ]
    return [*found, *whatsapps, *told, *talks, *public]


def telegram_bodies() -> list[Any]:
    update, posted = bodies.update, bodies.posted
    point = {"latitude": 1, "longitude": 2}
    contents: list[dict[str, Any]] = [
        {"photo": [{"file_id": "a", "width": 2, "height": 1}], "caption": "b", "media_group_id": "1"},
        {"document": {"file_id": "a", "file_name": "b", "mime_type": "c/d", "file_size": 1}},
        {"sticker": {"file_id": "a", "emoji": "b", "is_video": True}},
        {"voice": {"file_id": "a"}},
        {"venue": {"location": point, "title": "a", "address": "b"}, "location": point},
        {"location": point},
        {"contact": {"first_name": "a", "phone_number": "b"}},
        {"poll": {"question": "a", "options": [{"text": "b"}]}},
        {"dice": {"emoji": "a"}},
        {"web_app_data": {"data": "a"}},
        {"pinned_message": {}},
        {"text": "a", "reply_to_message": {"message_id": 1}, "forward_origin": {}},
    ]
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]}
    return [
        bodies.sample("telegram-message.json"),
        *(update(**posted(**content)) for content in contents),
        update("edited_message", **posted(text="a", edit_date=1)),
        update("callback_query", **posted(id="1", data="x", message=posted(reply_markup=keyboard))),
        update("message_reaction", **posted(new_reaction=[{"emoji": "a"}])),
        update("my_chat_member", **posted(new_chat_member={"status": "kicked"})),
        update("poll", id="1"),
        update("business_message", **posted(text="a")),
    ]


SEEDS = {"meta": meta_bodies(), "telegram": telegram_bodies()}


def checked(raw: bytes, door: str) -> tuple[Part, ...] | None:
    """None where it is parked. A part is bounded, clean, of a kind on the list, and reads alone as it reads here."""
    try:
        parts = READERS[door](raw, AT)
    except Park:
        return None
    assert parts
    for part in parts:
        assert part.kind in KINDS[part.channel] | {compose.OTHER}
        assert AT - shape.OLDEST <= part.at <= AT and len(part.external_id) <= 600
        inbound = part.inbound
        if inbound is not None:
            shown = [
                inbound.text,
                inbound.sender.name,
                inbound.sender.address,
                *inbound.extra.values(),
                *inbound.doubts,
            ]
            shown += [inbound.external_id, inbound.about, *inbound.references, *(media.name for media in inbound.media)]
            assert all(len(text) <= shape.TEXT for text in shown)
            "".join(shown).encode()  # no halves of characters
            assert not set("".join(shown)) & set("\0\x1b\u202e\u2066\r")
        assert READERS[door](shape.packed(part.alone), AT) == (part,)
    return parts


@pytest.mark.parametrize("door", READERS)
def test_any_json_is_parts_or_parked(door: str) -> None:
    @settings(STEADY, max_examples=60 * TIMES)
    @given(JSON)
    def anything(body: Any) -> None:
        parts = checked(json.dumps(body).encode(), door)
        assert (parts is None) == (not isinstance(body, dict))

    anything()


FORMS: list[Any] = [None, True, 7, -1.5, "", "a", [], [7], [[]], [{}], {}, {"a": []}, {"id": {}, "type": []}]


@pytest.mark.parametrize("door", READERS)
def test_every_form_at_every_place_of_every_kind_of_body_is_parts(door: str) -> None:
    for seed in SEEDS[door]:
        body = copy.deepcopy(seed)
        for within, key in list(_places(body)):
            before = within[key]
            for form in FORMS:
                within[key] = form
                assert READERS[door](json.dumps(body).encode(), AT)
            within[key] = before
        assert body == seed and checked(json.dumps(body).encode(), door)


@pytest.mark.parametrize("door", READERS)
def test_any_json_at_any_place_of_a_real_body_is_parts_or_parked(door: str) -> None:
    @settings(STEADY, max_examples=120 * TIMES)
    @given(st.sampled_from(SEEDS[door]), JSON, st.integers(0, 10**6), st.booleans())
    def anywhere(seed: Any, value: Any, chosen: int, adds: bool) -> None:
        body = copy.deepcopy(seed)
        places = list(_places(body))
        within, key = places[chosen % len(places)]
        if adds and isinstance(within, dict):
            within[f"{key}_v2"] = value
        else:
            within[key] = value
        assert checked(json.dumps(body).encode(), door) is not None

    anywhere()


def _places(body: Any) -> Iterator[tuple[Any, Any]]:
    for key, inner in list(body.items()) if isinstance(body, dict) else list(enumerate(body)):
        yield body, key
        if isinstance(inner, (dict, list)):
            yield from _places(inner)


ITEMS = st.one_of(
    JSON,
    st.builds(bodies.message, sender=st.sampled_from(["6281", "62811111", "62822222"]), id=st.text(max_size=5)),
    st.builds(lambda word: {"id": "wamid.B", "status": word}, st.sampled_from(["sent", "read", "folded"])),
)
VALUES = st.fixed_dictionaries(
    {"metadata": st.just(bodies.METADATA)},
    optional={
        "messages": st.lists(ITEMS, max_size=4),
        "statuses": st.lists(ITEMS, max_size=3),
        "errors": st.lists(JSON, max_size=2),
        "contacts": st.lists(st.one_of(JSON, st.just(bodies.contact("62811111"))), max_size=3),
    },
)
TALKS = st.lists(
    st.one_of(
        JSON,
        st.builds(lambda text: bodies.written(text), TEXTS),
        st.builds(
            lambda mids: bodies.item(delivery={"mids": mids}), st.lists(st.sampled_from(["a", "b", "c"]), max_size=4)
        ),
        st.builds(lambda about: bodies.item(reaction=about), JSON),
    ),
    max_size=4,
)


def test_every_item_of_a_batch_is_accounted_for_exactly_once() -> None:
    @settings(STEADY, max_examples=40 * TIMES)
    @given(st.lists(st.lists(VALUES, min_size=1, max_size=3), min_size=1, max_size=3))
    def whatsapps(entries: list[list[Any]]) -> None:
        body: dict[str, Any] = {"object": "whatsapp_business_account", "entry": []}
        for values in entries:
            body["entry"].append(bodies.whatsapp(*values)["entry"][0])
        parts = checked(json.dumps(body).encode(), "meta")
        assert parts is not None and len(parts) == expected(body)

    @settings(STEADY, max_examples=40 * TIMES)
    @given(st.lists(st.tuples(TALKS, TALKS), min_size=1, max_size=3), st.sampled_from(["page", "instagram"]))
    def talks(entries: list[tuple[Any, Any]], name: str) -> None:
        entry = [{"id": "1", "messaging": direct, "standby": other} for direct, other in entries if direct or other]
        body = {"object": name, "entry": entry}
        parts = checked(json.dumps(body).encode(), "meta")
        assert not entry or (parts is not None and len(parts) == expected(body))

    whatsapps()
    talks()


def test_in_whatever_order_and_company_a_message_comes_it_is_the_same_one() -> None:
    alone = [bodies.message(id=f"wamid.{number}", sender=f"628{number:08}") for number in range(8)]
    once = {inbound.digest for each in alone if (inbound := bodies.one(bodies.messages(each)).inbound)}
    assert len(once) == len(alone)
    for seed in range(20):
        mixed = [*alone, *alone]
        random.Random(seed).shuffle(mixed)
        split = seed % len(mixed) or 1
        parts = [*bodies.read(bodies.messages(*mixed[:split])), *bodies.read(bodies.messages(*mixed[split:]))]
        digests = Counter(part.inbound.digest for part in parts if part.inbound)
        assert set(digests) == once and set(digests.values()) == {2}


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"null", b"[]", b'"halo"', b"{", b"\xff\xfe{}", b"\x00" * 9, b'{"a": NaN}', b'{"a": -Infinity}',
        b"[" * 100_000, b'{"a":' * 50_000, b'{"entry": ' + b"[" * 60 + b"]" * 60 + b"}",
    ],
    ids=lambda raw: repr(raw[:12]),
)  # fmt: skip
@pytest.mark.parametrize("door", READERS)
def test_what_is_no_body_is_parked(raw: bytes, door: str) -> None:
    with pytest.raises(Park) as parked:
        READERS[door](raw, AT)
    assert parked.value.reason == "unreadable"


def test_numbers_that_json_cannot_write_again_do_no_harm() -> None:
    raw = b'{"object": "page", "entry": [{"id": 1e999, "time": 1e400, "messaging": [{"timestamp": -1e999}]}]}'
    assert checked(raw, "meta") is not None


def test_a_text_that_is_too_long_is_cut_and_marked() -> None:
    inbound = bodies.said(bodies.messages(bodies.message(text={"body": "lampu\r\n" * 9000})))
    assert len(inbound.text) == shape.TEXT and inbound.doubts == ("text_cut",)
    assert inbound.text.startswith("lampu\nlampu")


def test_what_turns_or_hides_text_is_taken_out_and_lines_stay() -> None:
    raw = "a\u202eb\x1b[31m\x00c\r\nd\u2028e\ud800"
    who = bodies.contact(name="  Siti\u202e\n \u200bAminah\x07 ")
    inbound = bodies.said(bodies.messages(bodies.message(text={"body": raw}), contacts=[who]))
    assert inbound.text == "ab [31m c\nd\ne"
    assert inbound.sender.name == "Siti Aminah"
    assert (
        bodies.said(bodies.messages(bodies.message(text={"body": "\U0001f468\u200d\U0001f469"}))).text
        == "\U0001f468\u200d\U0001f469"
    )


def test_an_id_that_is_too_long_is_told_by_its_digest_and_not_cut() -> None:
    first, second = (bodies.said(bodies.messages(bodies.message(id="w" * 500 + end))) for end in "ab")
    assert first.external_id.startswith("sha256:") and first.external_id != second.external_id
