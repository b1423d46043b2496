"""A form's arrival as a message: what was stated, and what could not be taken at its word."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tanggap.adapters.channels import forms
from tanggap.adapters.channels.table import reader_of
from tanggap.adapters.memory_stores import MemoryFiles
from tanggap.domain import form_rules, receipts
from tanggap.domain.errors import Park
from tanggap.domain.inbound import Inbound, Place, Stated
from tanggap.domain.numbers import number_from
from tanggap.domain.words import Channel, Confidentiality, Kind, Reason
from tests.support.web_forms import CODE, addition, arrival, raw

NUMBER = number_from(4711)
AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 100


def read(**report: Any) -> Inbound:
    return forms.read_one(raw(arrival(NUMBER, AT, **report)), AT)


def stated(**report: Any) -> Stated:
    found = read(**report).stated
    assert found is not None
    return found


@pytest.mark.parametrize("door", ["web", "open311"])
def test_a_report_is_one_message_under_the_number_that_was_minted(door: str) -> None:
    reader = reader_of(door)
    assert reader is not None
    (part,) = reader(raw(arrival(NUMBER, AT, door=door)), AT)
    assert part.inbound and part.inbound.stated
    assert part.channel == part.inbound.channel == Channel(door)
    assert part.external_id == part.inbound.stated.number == NUMBER
    assert part.inbound.stated.receipt == receipts.digest(NUMBER, CODE)
    assert part.inbound.text == "Lampu jalan mati sejak Senin."
    assert part.inbound.digest == arrival(NUMBER, AT, door=door)["key"]
    assert part.inbound.doubts == ()


def test_the_code_is_in_nothing_that_goes_on() -> None:
    assert CODE not in repr(read())
    assert CODE not in str(stated())


def test_everything_that_can_be_stated_is_there() -> None:
    found = read(
        kind="aspiration",
        category="jalan",
        place={"latitude": -6.9147, "longitude": 107.6098, "text": "Depan SDN 2"},
        happened_at="2026-11-22T21:00:00+07:00",
        name="Siti",
        email="Siti@Warga.Example",
        phone="0812-3456-7890",
        uploads=["abcdefgh"],
    )
    assert found.place == Place(-6.9147, 107.6098, "Depan SDN 2")
    assert found.sender.name == "Siti"
    assert found.sender.address == "siti@warga.example"
    assert found.stated == Stated(
        number=NUMBER,
        receipt=receipts.digest(NUMBER, CODE),
        kind=Kind.ASPIRATION,
        category="jalan",
        happened_at=datetime(2026, 11, 22, 14, 0, tzinfo=UTC),
        email="siti@warga.example",
        phone="+6281234567890",
        uploads=("abcdefgh",),
    )


def test_a_phone_alone_is_the_senders_address() -> None:
    assert read(phone="0812 3456 7890").sender.address == "+6281234567890"
    assert read().sender.address == ""


@pytest.mark.parametrize(
    ("anonymous", "secret", "meant"),
    [
        (False, False, Confidentiality.OPEN),
        (True, False, Confidentiality.ANONYMOUS),
        (False, True, Confidentiality.SECRET),
        (True, True, Confidentiality.SECRET),
    ],
)
def test_the_tick_boxes_are_the_confidentiality(anonymous: bool, secret: bool, meant: Confidentiality) -> None:
    assert stated(anonymous=anonymous, secret=secret).confidentiality is meant


def test_a_browsers_time_is_told_in_the_pages_zone() -> None:
    assert stated(happened_at="2026-11-22T21:00", utc_offset="+09:00").happened_at == datetime(
        2026, 11, 22, 12, tzinfo=UTC
    )
    assert stated(happened_at="2026-11-22T21:00").happened_at == datetime(2026, 11, 22, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "field",
    [
        {"kind": "nonsense"},
        {"kind": 7},
        {"email": "not an address"},
        {"phone": "call me"},
        {"happened_at": "yesterday"},
        {"place": {"latitude": 91, "longitude": 0}},
        {"place": {"latitude": 5}},
        {"place": {"latitude": "x", "longitude": True}},
    ],
)
def test_a_field_that_cannot_be_read_is_a_mark_and_no_lost_report(field: dict[str, Any]) -> None:
    found = read(**field)
    assert found.text
    assert forms.FIELD in found.doubts


@pytest.mark.parametrize("value", [None, 7, [], {}, True, "\ud800", "\0\x1b", "x" * 700_000])
def test_any_value_in_any_field_is_read(value: Any) -> None:
    for name in ("text", "kind", "category", "place", "happened_at", "name", "email", "phone", "uploads", "anonymous"):
        found = read(**{name: value})
        assert found.stated and found.stated.number == NUMBER
        json.dumps([found.text, found.sender.name]).encode()


def test_nothing_is_later_than_its_object() -> None:
    ahead = arrival(NUMBER, AT + timedelta(days=400))
    assert forms.read_one(raw(ahead), AT).at == AT
    assert forms.read_one(raw({**ahead, "at": "rubbish"}), AT).at == AT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"v": 1, "door": "web", "number": "TGP-ABCDEFGHA"}',
        raw({**arrival(NUMBER, AT), "door": "email"}),
        raw({**arrival(NUMBER, AT), "door": ["web"]}),
        raw({**arrival(NUMBER, AT), "number": None}),
        b"[" * 100_000,
    ],
)
def test_what_holds_no_number_of_ours_is_parked(body: bytes) -> None:
    with pytest.raises(Park) as parked:
        forms.read(body, AT)
    assert parked.value.reason == Reason.UNREADABLE


def test_a_further_message_names_its_case_and_no_code() -> None:
    found = forms.read_one(raw(addition(NUMBER, AT, text="Masih mati.")), AT)
    assert found.stated and found.stated.adds
    assert found.stated.receipt == ""
    assert found.external_id.startswith(NUMBER + "/")
    assert found.sender.address == ""
    other = forms.read_one(raw(addition(NUMBER, AT, key="k2", text="Masih mati.")), AT)
    assert other.digest != found.digest


def fetched(*uploads: str, **objects: bytes) -> Inbound:
    files = MemoryFiles()
    for key, content in objects.items():
        files.put(form_rules.UPLOADS + key, content, "application/octet-stream")
    return forms.with_files(read(uploads=list(uploads)), files)


def test_files_are_typed_by_what_is_in_them_and_named_as_was_told() -> None:
    label = base64.urlsafe_b64encode("foto/..\u202egpj.exe".encode()).decode().rstrip("=")
    found = fetched(f"upload01.{label}", "upload02", upload01=JPEG, upload02=b"<html><script>")
    assert [(file.name, file.type) for file in found.files] == [
        ("..gpj.exe".strip("."), "image/jpeg"),
        ("lampiran-2.html", "text/html"),
    ]
    assert found.left_out == ()


def test_what_is_not_there_is_told() -> None:
    found = fetched("upload01", "missing1", "../../etc/passwd", "upload02", upload01=JPEG, upload02=b"")
    assert len(found.files) == 1
    assert found.left_out == ("?", "?", "?")
    assert found.left_out_count == 3


def test_a_file_over_the_bound_is_never_fetched() -> None:
    class Large(MemoryFiles):
        def head(self, key: str) -> tuple[int, str] | None:
            return form_rules.FILE_BYTES + 1, "image/jpeg"

        def get(self, key: str) -> bytes:
            raise AssertionError("it was fetched")

    found = forms.with_files(read(uploads=["upload01"]), Large())
    assert found.files == ()
    assert found.left_out_count == 1


def test_more_files_than_a_form_takes_are_a_mark() -> None:
    found = read(uploads=[f"upload{place:02}" for place in range(9)])
    assert found.stated and len(found.stated.uploads) == form_rules.FILES_LIMIT
    assert forms.TOO_MANY in found.doubts


def test_what_an_open311_client_said_besides_is_for_the_officer_to_read() -> None:
    extra = {"media_url": "https://photos.example/1.jpg", "attributes": {"WHISHETN": ["123", "124"], "x": "y"}, "n": 7}
    found = forms.read_one(raw({**arrival(NUMBER, AT, door="open311"), "extra": extra}), AT)
    assert found.text == "Lampu jalan mati sejak Senin.\n\nmedia_url: https://photos.example/1.jpg"
    assert found.full_text == f"{found.text}\n\nWHISHETN: 123\nWHISHETN: 124\nx: y"
    assert found.doubts == (forms.NOT_FETCHED,), "the officer is told that it was not fetched"
    assert found.media == ()
