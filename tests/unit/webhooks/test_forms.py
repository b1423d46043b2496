"""The web form: everything wrong is told at once, what is right is stored under a number that its key alone gives."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from tanggap.domain import numbers, receipts
from tanggap.entrypoints.webhooks.limits import Rate
from tests.support.webhooks import NOW, Doors

WHOLE: dict[str, Any] = {
    "text": "Jalan berlubang di depan balai desa.\nSudah seminggu.",
    "kind": "complaint",
    "category": "jalan",
    "place": {"text": "Balai desa", "latitude": -6.9, "longitude": 107.6},
    "happened_at": "2026-11-22T07:30:00+07:00",
    "anonymous": True,
    "secret": False,
    "name": "Siti Aminah",
    "email": "siti@contoh.example",
    "phone": "0812 3456 7890",
    "uploads": ["0123456789abcdefghjkmnpqrs.Zm90by5qcGc"],
    "idempotency_key": "4f9c2b1e-0b8e-4c57",
}


def test_a_report_gets_number_and_code_and_lies_in_the_bucket_as_it_was_said() -> None:
    doors = Doors()
    answer = doors.report(WHOLE)
    assert answer.status == 201
    number, code = answer.json["number"], answer.json["code"]
    assert numbers.valid(number)
    assert receipts.normalise(code) == code
    assert answer.json["status"] == "received"
    assert answer.json["tracking_url"] == f"https://lapor.example/lacak?number={number}"
    assert code not in answer.json["tracking_url"]
    (stored,) = doors.stored("web")
    said = {name: value for name, value in WHOLE.items() if name != "idempotency_key"}
    assert stored["report"] == said
    assert {name: stored[name] for name in ("v", "door", "number", "code")} == {
        "v": 1,
        "door": "web",
        "number": number,
        "code": code,
    }
    assert stored["at"] == "2026-11-23T03:00:00.000Z"
    assert len(stored["key"]) == len(stored["said"]) == 64
    assert WHOLE["idempotency_key"] not in json.dumps(stored)
    assert doors.store.announced == [f"webhooks/web/{number}.json"]


def test_a_text_alone_is_a_report_and_every_field_is_there() -> None:
    doors = Doors()
    assert doors.report({"text": "Air mati."}).status == 201
    (stored,) = doors.stored("web")
    assert stored["report"] == {
        "text": "Air mati.",
        **dict.fromkeys(("kind", "category", "place", "happened_at", "name", "email", "phone")),
        "anonymous": False,
        "secret": False,
        "uploads": [],
    }


def test_the_same_key_and_words_get_the_same_answer_however_often() -> None:
    doors = Doors()
    first = doors.report(WHOLE).json
    doors.pass_by(3600)
    shuffled = dict(reversed(WHOLE.items()))
    key = shuffled.pop("idempotency_key")
    for again in (doors.report(WHOLE), doors.report(shuffled, {"Idempotency-Key": key})):
        assert (again.status, again.json) == (201, first)
    assert len(doors.store.objects) == 1
    assert doors.store.announced == [f"webhooks/web/{first['number']}.json"] * 3, "the first notice may have been lost"


def test_the_same_key_with_other_words_is_refused_and_shows_nothing_of_the_first() -> None:
    doors = Doors()
    first = doors.report(WHOLE).json
    answer = doors.report({**WHOLE, "text": "Lain."})
    assert (answer.status, answer.json["error"]["code"]) == (409, "key_reused")
    assert first["number"] not in answer.text
    assert first["code"] not in answer.text
    assert len(doors.store.objects) == 1


def test_without_a_key_each_request_is_a_report() -> None:
    doors = Doors()
    told = [doors.report({"text": "Air mati."}).json for _ in range(2)]
    assert told[0]["number"] != told[1]["number"]
    assert told[0]["code"] != told[1]["code"]


def test_a_number_that_belongs_to_another_key_is_passed_over() -> None:
    doors, other = Doors(), Doors()
    first = other.report(WHOLE).json["number"]
    taken = f"webhooks/web/{first}.json"
    for lies_there in (b'{"key": "another", "number": "x", "code": "y", "at": "z", "said": "s"}', b"not JSON", b"[]"):
        doors.store.objects = {taken: lies_there}
        answers = [doors.report(WHOLE).json for _ in range(2)]
        assert answers[0] == answers[1]
        assert answers[0]["number"] != first
        assert doors.store.objects[taken] == lies_there


def test_numbers_follow_from_key_and_bucket() -> None:
    """Two desks that share a client never give out one number for one key."""
    here, there = Doors(), Doors()
    there.store.name = "another"
    assert here.report(WHOLE).json["number"] != there.report(WHOLE).json["number"]


@pytest.mark.parametrize("broken", ["bucket", "queue"])
def test_what_could_not_be_stored_is_not_answered_with_a_number(broken: str) -> None:
    doors = Doors()
    doors.store.bucket_is_down, doors.store.queue_is_down = broken == "bucket", broken == "queue"
    answer = doors.report(WHOLE)
    if broken == "bucket":
        assert answer.status == 503
        assert "number" not in answer.json
        doors.store.bucket_is_down = False
        assert doors.report(WHOLE).status == 201
    else:
        assert answer.status == 201


FAULTS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "no text": ({"text": None}, {"text"}),
    "blanks": ({"text": " \n\t "}, {"text"}),
    "invisible": ({"text": "\u0000\u0007"}, {"text"}),
    "a number for a text": ({"text": 5}, {"text"}),
    "too long": ({"text": "x" * 50_001}, {"text"}),
    "unknown field": ({"adress": "here"}, {"adress"}),
    "unknown kind": ({"kind": "rant"}, {"kind"}),
    "two lines of name": ({"name": "a\nb"}, {"name"}),
    "no address": ({"email": "siti at contoh"}, {"email"}),
    "two addresses": ({"email": "a@b.example, c@d.example"}, {"email"}),
    "no phone": ({"phone": "ring me"}, {"phone"}),
    "too few digits": ({"phone": "12-34-56"}, {"phone"}),
    "place as a text": ({"place": "here"}, {"place"}),
    "latitude alone": ({"place": {"latitude": 1.0}}, {"place.longitude"}),
    "longitude alone": ({"place": {"longitude": 1.0}}, {"place.latitude"}),
    "off the globe": ({"place": {"latitude": 91, "longitude": -181}}, {"place.latitude", "place.longitude"}),
    "degrees as a flag": ({"place": {"latitude": True, "longitude": 1}}, {"place.latitude"}),
    "an unknown part of a place": ({"place": {"city": "Bandung"}}, {"place.city"}),
    "no offset": ({"happened_at": "2026-11-22T07:30"}, {"happened_at"}),
    "a date as a word": ({"happened_at": "kemarin"}, {"happened_at"}),
    "the end of calendars": ({"happened_at": "9999-12-31T23:59:59-12:00"}, {"happened_at"}),
    "the day after tomorrow": ({"happened_at": "2026-11-25T07:30:00+07:00"}, {"happened_at"}),
    "yes for true": ({"anonymous": "yes", "secret": 1}, {"anonymous", "secret"}),
    "uploads as a text": ({"uploads": "x"}, {"uploads"}),
    "a path for an upload": ({"uploads": ["../../mail/x"]}, {"uploads"}),
    "too many files": ({"uploads": [f"{n:026d}" for n in range(6)]}, {"uploads"}),
    "a short key": ({"idempotency_key": "1"}, {"idempotency_key"}),
    "a long key": ({"idempotency_key": "k" * 201}, {"idempotency_key"}),
    "a key of words": ({"idempotency_key": "banjir lagi"}, {"idempotency_key"}),
    "a robot": ({"website": "https://spam.example"}, {"website"}),
    "everything at once": (
        {"text": "", "kind": "rant", "email": "x", "place": {"latitude": "north", "longitude": 1}, "website": "x"},
        {"text", "kind", "email", "place.latitude", "website"},
    ),
}


@pytest.mark.parametrize(("changes", "places"), FAULTS.values(), ids=FAULTS)
def test_every_fault_is_told_at_once_and_nothing_is_stored(changes: dict[str, Any], places: set[str]) -> None:
    doors = Doors()
    answer = doors.report({**WHOLE, **changes})
    assert answer.status == 422
    assert set(answer.faults) == places
    assert not doors.store.calls


def test_a_key_in_body_and_header_must_be_one() -> None:
    doors = Doors()
    answer = doors.report(WHOLE, {"Idempotency-Key": "another-key-of-mine"})
    assert set(answer.faults) == {"idempotency_key"}


def test_a_time_without_offset_is_the_zones_that_is_told() -> None:
    doors = Doors()
    assert doors.report({"text": "x", "happened_at": "2026-11-22T07:30", "utc_offset": "+09:00"}).status == 201
    assert doors.stored("web")[0]["report"]["happened_at"] == "2026-11-22T07:30:00+09:00"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"", "application/json", 400),
        (b'{"text": "a", "text": "b"}', "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 400),
        (b'{"text": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"text": "a"}', "text/plain", 415),
        (b'{"text": "' + b"a" * 400_000 + b'"}', "application/json", 413),
        (b'{"text": "a"}', "application/json; charset=utf-8", 201),
    ],
    ids=["cut", "list", "empty", "twice", "half a character", "NaN", "deep", "text/plain", "large", "right"],
)
def test_a_body_that_is_no_report_is_refused_as_what_it_is(body: bytes, content_type: str, status: int) -> None:
    doors = Doors()
    assert doors.send("POST", "/v1/reports", body, {"Content-Type": content_type}).status == status
    assert len(doors.store.objects) == (status == 201)


def test_a_form_that_was_sent_too_fast_goes_through_when_it_is_sent_again() -> None:
    doors = Doors()
    fields = {"text": "Air mati.", "opened_at": (NOW - timedelta(seconds=2)).isoformat()}
    assert set(doors.report(fields).faults) == {"opened_at"}
    doors.pass_by(1)
    assert doors.report(fields).status == 201


def test_a_clock_that_is_ahead_shuts_nobody_out() -> None:
    assert Doors().report({"text": "x", "opened_at": (NOW + timedelta(hours=1)).isoformat()}).status == 201


@pytest.mark.parametrize("opened", [None, "kemarin", timedelta(days=1, seconds=1), -timedelta(minutes=5)])
def test_the_pages_form_tells_when_it_was_opened_or_is_asked_again_with_all_that_was_typed(opened: Any) -> None:
    doors = Doors()
    said = (NOW - opened).isoformat() if isinstance(opened, timedelta) else opened
    fields = {name: value for name, value in PAGE.items() if name != "opened_at"} | (
        {"opened_at": said} if said else {}
    )
    answer = doors.lapor(fields)
    assert answer.status == 422
    assert "Lampu jalan" in answer.text
    assert "kirim lagi" in answer.text
    assert not doors.store.objects
    again = re.search(r'name="opened_at" value="([^"]+)"', answer.text) or re.search(
        r'value="([^"]+)"[^>]*name="opened_at"', answer.text
    )
    assert again, answer.text
    doors.pass_by(3)
    assert doors.lapor({**fields, "opened_at": again[1]}).status == 201
    assert doors.report({"text": "x"}).status == 201, "an app need not tell"


PAGE = {
    "text": "Lampu jalan <b>mati</b>\r\ndi RT 3",
    "kind": "",
    "place": "RT 3",
    "latitude": "-6,9",
    "longitude": "107.6",
    "happened_at": "2026-11-22T19:30",
    "utc_offset": "+07:00",
    "anonymous": "on",
    "email": "",
    "website": "",
    "opened_at": "2026-11-23T02:00:00Z",
    "idempotency_key": "page-0123456789",
    "uploads": "0123456789abcdefghjkmnpqrs.Zm90by5qcGc",
}


def test_the_page_stores_the_same_as_json_would() -> None:
    doors = Doors()
    answer = doors.lapor(PAGE)
    assert answer.status == 201
    (stored,) = doors.stored("web")
    assert stored["report"] == {
        "text": "Lampu jalan <b>mati</b>\ndi RT 3",
        "kind": None,
        "category": None,
        "place": {"text": "RT 3", "latitude": -6.9, "longitude": 107.6},
        "happened_at": "2026-11-22T19:30:00+07:00",
        "anonymous": True,
        "secret": False,
        "name": None,
        "email": None,
        "phone": None,
        "uploads": ["0123456789abcdefghjkmnpqrs.Zm90by5qcGc"],
    }
    assert stored["number"] in answer.text
    assert stored["code"] in answer.text
    assert '<form method="post" action="https://lapor.example/lacak">' in answer.text
    assert doors.lapor(PAGE).text == answer.text, "a browser that loads the answer again files nothing more"
    assert len(doors.store.objects) == 1


def test_a_page_runs_nothing_and_loads_nothing() -> None:
    for answer in (Doors().lapor(PAGE), Doors().lapor({})):
        policy = answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Type"].startswith("text/html")
        for word in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
            assert word in policy
        assert "unsafe" not in policy
        assert "<script" not in answer.text


@pytest.mark.parametrize("trouble", ["faults", "bucket", "too many", "another report's key"])
def test_what_somebody_typed_comes_back_whatever_goes_wrong_and_runs_nowhere(trouble: str) -> None:
    doors = Doors()
    typed = {**PAGE, "text": '</textarea><script>alert("x")</script> & juga', "name": '"><img src=x onerror=y>'}
    if trouble == "faults":
        typed["email"] = "bukan alamat"
    elif trouble == "bucket":
        doors.store.bucket_is_down = True
    elif trouble == "too many":
        doors = Doors(reports=Rate(1, 10))
        doors.lapor(PAGE)
    else:
        doors.lapor(PAGE)
    answer = doors.lapor(typed)
    assert answer.status in (422, 503, 429, 409)
    assert "&lt;/textarea&gt;&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; juga" in answer.text
    assert "&quot;&gt;&lt;img src=x onerror=y&gt;" in answer.text
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert ('value="page-0123456789"' in answer.text) == (trouble != "another report's key")
    assert 'value="0123456789abcdefghjkmnpqrs.Zm90by5qcGc"' in answer.text
    if trouble in ("bucket", "too many"):
        assert int(answer.headers["Retry-After"]) > 0


def test_a_form_with_files_in_it_is_told_how_to_send_them() -> None:
    answer = Doors().send("POST", "/lapor", b"--x", {"Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status == 415
    assert answer.headers["Content-Type"].startswith("text/html")


UPLOAD = {"name": "foto.jpg", "type": "image/jpeg", "size": 123_456}


def test_a_file_whose_name_is_null_has_none_as_the_description_says() -> None:
    from tanggap.entrypoints.portal.openapi_description import description

    answer = Doors().send("POST", "/v1/reports/uploads", json.dumps({**UPLOAD, "name": None}))
    assert answer.status == 201
    body = description()["paths"]["/v1/reports/uploads"]["post"]["requestBody"]["content"]["application/json"]
    assert "null" in body["schema"]["properties"]["name"]["type"]


def test_a_place_for_a_file_is_bound_to_its_type_and_size() -> None:
    from tanggap.adapters.channels.forms import place_of

    doors = Doors()
    answer = doors.send("POST", "/v1/reports/uploads", json.dumps(UPLOAD))
    assert answer.status == 201
    key, name = place_of(answer.json["id"])
    assert answer.json["url"].endswith(key)
    assert key.startswith("uploads/web/")
    assert name == "foto.jpg"
    assert answer.json["fields"] == {"Content-Type": "image/jpeg", "max": 123_456}
    assert doors.report({"text": "Lihat foto.", "uploads": [answer.json["id"]]}).status == 201
    assert doors.stored("web")[0]["report"]["uploads"] == [answer.json["id"]]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\foto\\jalan rusak.JPG", "jalan rusak.jpg"),
        ("x.exe", "x.exe.jpg"),
        ("", "lampiran.jpg"),
        ("....", "lampiran.jpg"),
        ("a\u202egpj.exe", "agpj.exe.jpg"),
        ("\U0001f4f7" * 200 + ".jpeg", "\U0001f4f7" * 73 + ".jpeg"),
    ],
)
def test_a_files_name_is_what_it_is(given: str, named: str) -> None:
    from tanggap.adapters.channels.forms import place_of

    answer = Doors().send("POST", "/v1/reports/uploads", json.dumps({**UPLOAD, "name": given}))
    assert place_of(answer.json["id"])[1].lower() == named.lower()


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"type": "text/html"}, ["type"]),
        ({"type": "image/svg+xml"}, ["type"]),
        ({"type": "application/zip"}, ["type"]),
        ({"size": 10_000_001}, ["size"]),
        ({"size": 0}, ["size"]),
        ({"size": "1"}, ["size"]),
        ({"size": True, "type": None, "path": "x"}, ["size", "type", "path"]),
    ],
    ids=str,
)
def test_a_file_that_nobody_needs_gets_no_place(changes: dict[str, Any], places: list[str]) -> None:
    answer = Doors().send("POST", "/v1/reports/uploads", json.dumps({**UPLOAD, **changes}))
    assert answer.status == 422
    assert set(answer.faults) == set(places)


def test_what_citizens_upload_officers_may_too() -> None:
    from tanggap.application.uploads import UPLOAD_LIMIT, UPLOAD_TYPES
    from tanggap.domain.form_rules import FILE_BYTES, FILE_TYPES

    assert all(UPLOAD_TYPES[kind] == endings for kind, endings in FILE_TYPES.items())
    assert FILE_BYTES <= UPLOAD_LIMIT
