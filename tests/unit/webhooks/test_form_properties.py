"""Whatever a form holds: an answer that says what is wrong, or one report that its reader takes as it was said."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.adapters.channels.forms import read
from tests.support.webhooks import NOW, Doors, event

NAMES = (
    *("text", "kind", "category", "place", "latitude", "longitude", "happened_at", "utc_offset", "anonymous"),
    *("secret", "name", "email", "phone", "uploads", "website", "opened_at", "idempotency_key", "x", ""),
)
SHARP = st.sampled_from(
    ["\0", "\u202e", "\U0001f600", "&", "=", "%", "<b>", '"', "\r\n", "NaN", "-6,9", "on", "\u0661"]
)
WORDS = st.lists(SHARP | st.text(max_size=8), max_size=6).map("".join)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), WORDS), max_size=25)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from((*NAMES, "text")), inner, max_size=4),
    max_leaves=12,
)


def understood(doors: Doors, door: str) -> None:
    """What lies in the bucket is one report for its reader, with nothing to doubt but a text that was never needed."""
    for key, body in doors.store.objects.items():
        (part,) = read(body, NOW)
        assert part.inbound is not None
        assert part.inbound.stated is not None
        assert key == f"webhooks/{door}/{part.inbound.stated.number}.json"
        assert part.inbound.text == json.loads(body)["report"]["text"].strip()
        allowed = {"happened_ahead", "no_text", "media_not_fetched"} if door == "open311" else {"happened_ahead"}
        assert set(part.inbound.doubts) <= allowed, (part.inbound.doubts, body)


@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=12))
@settings(max_examples=40, deadline=None)
def test_json_of_any_kind_is_a_report_or_a_list_of_faults(fields: dict[str, Any]) -> None:
    doors = Doors()
    answer = doors.report(fields)
    assert answer.status in (201, 422, 400)
    assert (answer.status == 201) == (len(doors.store.objects) == 1)
    if answer.status == 422:
        assert answer.faults
    understood(doors, "web")


@given(PAIRS, st.text(max_size=40))
@settings(max_examples=40, deadline=None)
def test_a_form_of_any_kind_is_a_report_or_a_page_that_still_has_it(pairs: list[tuple[str, str]], text: str) -> None:
    doors = Doors()
    answer = doors.lapor([("text", text), *pairs])
    assert answer.status in (201, 422)
    assert (answer.status == 201) == (len(doors.store.objects) == 1)
    assert "<b>" not in answer.text
    understood(doors, "web")


@given(
    st.binary(max_size=200),
    st.sampled_from(["/lapor", "/v1/reports", "/v1/reports/uploads", "/open311/v2/requests.xml"]),
)
@settings(max_examples=40, deadline=None)
def test_bytes_of_any_kind_break_nothing(raw: bytes, path: str) -> None:
    answer = Doors().send("POST", path, raw, as_base64=True)
    assert answer.status in (201, 400, 422)


OPEN311 = ("service_code", "lat", "long", "address_string", "address_id", "email", "phone", "first_name", "description")


@given(
    st.lists(st.tuples(st.sampled_from((*OPEN311, "attribute[a]", "attribute[b][]", "media_url")), WORDS), max_size=14)
)
@settings(max_examples=40, deadline=None)
def test_an_open311_request_of_any_kind_is_a_report_or_a_list_of_errors(pairs: list[tuple[str, str]]) -> None:
    doors = Doors()
    answer = doors.open311([("service_code", "001"), ("address_string", "RT 3"), *pairs])
    assert answer.status in (201, 400)
    assert (answer.status == 201) == (len(doors.store.objects) == 1)
    for key, body in doors.store.objects.items():
        (part,) = read(body, NOW)
        assert part.inbound is not None
        assert key.startswith("webhooks/open311/")
        said = json.loads(body)["report"]["text"].strip()
        assert part.inbound.text.partition("media_url: ")[0].strip() == said or part.inbound.text == said


@given(
    st.dictionaries(st.text(max_size=10), st.none() | st.text(max_size=5) | st.lists(st.none() | st.text(max_size=5)))
)
@settings(max_examples=30, deadline=None)
def test_an_event_with_anything_around_it_is_answered(headers: dict[str, Any]) -> None:
    from tanggap.entrypoints.webhooks.app import respond

    made = event("POST", "/v1/reports", json.dumps({"text": "x"}))
    made["multiValueHeaders"], made["requestContext"] = headers, None
    assert respond(made, lambda: Doors().parts)["statusCode"] in (201, 415, 422)
