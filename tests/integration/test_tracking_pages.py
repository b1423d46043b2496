"""The portal's public side as its function answers it: JSON, and pages."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from tanggap.application.tracking import CALLER_LIMIT, NUMBER_LIMIT
from tanggap.domain.numbers import number_from
from tanggap.domain.receipts import code_from
from tests.support.events import api_event
from tests.support.portal import Answer, Portal
from tests.support.web_forms import CODE, arrival, key_of, raw
from tests.support.world import COORDINATOR, aws

NUMBER, OTHER = number_from(4711), number_from(4712)
WRONG = code_from(3 << 100)


@pytest.fixture(scope="module")
def number(portal: Portal) -> str:
    number = portal.world.new_case(text="Jalan rusak parah.")
    portal.world.desk.verify(COORDINATOR, number, "accept", "")
    return number


def ask(portal: Portal, method: str, path: str, source: str = "203.0.113.7", **more: Any) -> Answer:
    event = copy.deepcopy(api_event(method, path, **more))
    event["requestContext"]["identity"]["sourceIp"] = source
    return portal.send(event)


def submit(portal: Portal, source: str = "203.0.113.7", **fields: Any) -> Answer:
    return ask(
        portal,
        "POST",
        "/lacak",
        source,
        raw=urlencode(fields, doseq=True),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )


def test_a_report_is_followed_without_a_login(portal: Portal, number: str) -> None:
    found = ask(portal, "GET", f"/v1/reports/{number.lower()}", query={"code": portal.world.tokens.receipt(number)})
    assert found.status == 200
    assert found.body["number"] == number
    assert found.body["status"] == "verified"
    assert found.body["status_text"] == {"id": "Terverifikasi", "en": "verified"}
    assert found.body["next"]["due_at"].endswith("+07:00")
    assert found.body["messages"][0]["from"] == "you"
    assert found.body["messages"][0]["text"] == "Jalan rusak parah."
    assert {one["from"] for one in found.body["messages"]} == {"you", "agency"}
    assert found.headers["Cache-Control"] == "no-store"
    told = json.dumps(found.body)
    for hidden in ("siti", "Siti", COORDINATOR.id, "koordinator@"):
        assert hidden not in told.replace("Yth", "")


def test_until_it_is_filed_it_is_received(portal: Portal) -> None:
    body = arrival(NUMBER, portal.world.now, kind="information")
    aws("s3").put_object(Bucket=portal.arrivals_bucket, Key=key_of(body), Body=raw(body))
    found = ask(portal, "GET", f"/v1/reports/{NUMBER}", query={"code": CODE})
    assert (found.status, found.body["status"], found.body["kind"]) == (200, "received", "information")
    assert found.body["messages"][0]["text"] == "Lampu jalan mati sejak Senin."


def test_every_wrong_pair_has_the_same_answer(portal: Portal, number: str) -> None:
    pairs = [
        (number, WRONG),
        (OTHER, CODE),
        ("TGP-XXXXXXXXX", CODE),
        (number, ""),
        ("%20", "x"),
        (number, "é\u0000" * 30),
    ]
    answers = [
        ask(portal, "GET", f"/v1/reports/{one}", f"198.51.100.{place}", query={"code": code} if code else None)
        for place, (one, code) in enumerate(pairs)
    ]
    assert {(one.status, json.dumps(one.body)) for one in answers} == {(404, json.dumps(answers[0].body))}
    assert len({tuple(sorted(one.headers.items())) for one in answers}) == 1


def test_a_message_is_taken_and_announced(portal: Portal, number: str) -> None:
    code = portal.world.tokens.receipt(number)
    portal.notices()
    sent = {"code": code, "text": "Tambahan.", "idempotency_key": "key-0001"}
    found = ask(portal, "POST", f"/v1/reports/{number}/messages", body=sent)
    assert (found.status, found.body) == (202, {"number": number, "status": "received"})
    (notice,) = portal.notices()
    assert notice["tanggap"] == "arrived"
    stored = aws("s3").get_object(Bucket=portal.arrivals_bucket, Key=notice["key"])["Body"].read()
    assert code.encode() not in stored
    again = ask(portal, "POST", f"/v1/reports/{number}/messages", body=sent)
    assert again.status == 202
    assert portal.notices()[0]["key"] == notice["key"]
    other = ask(portal, "POST", f"/v1/reports/{number}/messages", body={**sent, "text": "Lain."})
    assert (other.status, other.code) == (409, "key_reused")


@pytest.mark.parametrize(
    "body",
    [
        {"text": "x"},
        {"code": CODE},
        {"code": CODE, "text": 7},
        {"code": CODE, "text": "x", "uploads": "a"},
        {"code": CODE, "text": "x", "uploads": ["a"] * 6},
        {"code": CODE, "text": "x", "unknown": 1},
        {"code": "x" * 41, "text": "x"},
    ],
)
def test_a_message_of_another_form_is_refused_by_its_field(portal: Portal, body: Any) -> None:
    found = ask(portal, "POST", f"/v1/reports/{NUMBER}/messages", "198.51.100.77", body=body)
    assert (found.status, found.code) == (422, "invalid")


def test_guessing_ends_in_429_and_is_logged_by_number_alone(
    portal: Portal, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    number = portal.world.new_case()
    caller = "2001:db8:1:2:ffff::1"  # of the network that guessed, though it has not itself
    for _ in range(NUMBER_LIMIT - 1):
        portal_guesses(portal).add(f"number#{number}", datetime.now(UTC))
    found = ask(portal, "GET", f"/v1/reports/{number}", "2001:db8:1:2::1", query={"code": WRONG})
    assert found.status == 404
    found = ask(portal, "GET", f"/v1/reports/{number}", caller, query={"code": portal.world.tokens.receipt(number)})
    assert (found.status, found.code) == (429, "too_many_requests")
    # Its reporter, who has not guessed, goes on.
    right = {"code": portal.world.tokens.receipt(number)}
    assert ask(portal, "GET", f"/v1/reports/{number}", "192.0.2.99", query=right).status == 200
    logged = [vars(one) for one in caplog.records if "open nothing" in one.getMessage()]
    assert {one["case"] for one in logged} == {number}
    told = capsys.readouterr().out + repr([vars(one) for one in caplog.records])
    assert {one["code"] for one in logged} == {"code_missed"}
    assert {one["refused"] for one in logged} == {False, True}
    for secret in (WRONG, right["code"], "2001:db8"):
        assert secret not in told


def test_a_caller_is_a_network_that_one_subscriber_holds() -> None:
    assert CALLER_LIMIT > NUMBER_LIMIT, "a town behind one address mistypes more than a number bears"


# -- pages


def test_the_form_is_a_page_of_this_desk(portal: Portal) -> None:
    found = ask(portal, "GET", "/lapor")
    assert found.status == 200
    assert found.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in found.headers["Content-Security-Policy"]
    for told in ("Pemerintah Desa Contoh", "Jalan rusak", 'value="+07:00"', "paling lama 3 hari kerja", "UU 27/2022"):
        assert told in found.body
    assert len(found.body.encode()) < 20_000
    assert found.body != ask(portal, "GET", "/lapor").body, "each page has a key of its own"
    assert "What happened" in ask(portal, "GET", "/lapor", query={"lang": "en"}).body


def test_tracking_asks_for_a_pair_and_shows_the_report_by_post_alone(portal: Portal) -> None:
    number = portal.world.new_case(text="Baris satu\nBaris <dua>")
    code = portal.world.tokens.receipt(number)
    asked = ask(portal, "GET", "/lacak", query={"number": number, "code": code})
    assert f'value="{number}"' in asked.body
    assert code not in asked.body
    assert "Baris" not in asked.body
    found = submit(portal, number=number, code=code.lower())
    assert found.status == 200
    assert "Baris satu\nBaris &lt;dua&gt;" in found.body
    assert "Diterima" in found.body
    english = submit(portal, number=number, code=code, lang="en")
    assert "first response, by" in english.body


def test_a_wrong_pair_comes_back_as_a_page_that_tells_not_which_half(portal: Portal) -> None:
    number = portal.world.new_case()
    one = submit(portal, "198.51.100.31", number=number, code=WRONG)
    two = submit(portal, "198.51.100.32", number=OTHER, code=CODE)
    assert one.status == two.status == 404
    assert "tidak cocok" in one.body
    assert one.body.replace(number, OTHER) == two.body


def test_a_message_is_written_from_the_page(portal: Portal) -> None:
    number = portal.world.new_case()
    pair = {"number": number, "code": portal.world.tokens.receipt(number), "idempotency_key": "page-key-1"}
    portal.notices()
    found = submit(portal, **pair, act="send", text="Ada tambahan.")
    assert found.status == 200
    assert "Pesan Anda kami terima" in found.body
    assert len(portal.notices()) == 1
    empty = submit(portal, **pair, act="send", text="  ")
    assert empty.status == 422
    assert "Tulis pesan terlebih dahulu" in empty.body
    assert portal.notices() == []


def test_files_go_by_plain_forms_and_come_with_the_message(portal: Portal) -> None:
    number = portal.world.new_case()
    pair = {"number": number, "code": portal.world.tokens.receipt(number), "idempotency_key": "page-key-2"}
    offered = submit(portal, **pair, act="files", text="Ini fotonya <3")
    assert "Ini fotonya &lt;3" in offered.body
    assert offered.body.count("multipart/form-data") == 3
    assert "success_action_redirect" in offered.body
    bucket = portal.world.files.bucket
    assert bucket in offered.headers["Content-Security-Policy"]
    keys = [part.partition('"')[0] for part in offered.body.split('name="uploads" value="')[1:]]
    aws("s3").put_object(Bucket=bucket, Key=f"uploads/web/{keys[1]}", Body=b"\xff\xd8\xff\xe0")
    portal.notices()
    found = submit(portal, **pair, act="send", text="Ini fotonya", uploads=keys)
    assert found.status == 200
    (notice,) = portal.notices()
    stored = json.loads(aws("s3").get_object(Bucket=portal.arrivals_bucket, Key=notice["key"])["Body"].read())
    assert stored["report"]["uploads"] == [keys[1]]


def test_what_an_upload_leads_to_may_stand_in_our_own_frame(portal: Portal) -> None:
    found = ask(portal, "GET", "/lacak", query={"berkas": "1", "bucket": "x", "etag": "y"})
    assert "Berkas terunggah" in found.body
    assert "frame-ancestors 'self'" in found.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("raw_body", "kind"),
    [
        ("{}", "application/json"),
        ("a=" + "b" * 400_001, None),
        ("&".join(f"a{n}=1" for n in range(60)), None),
        ("%ff=%ed%a0%80&number=%00", None),
    ],
)
def test_a_form_that_cannot_be_read_is_a_page_too(portal: Portal, raw_body: str, kind: str | None) -> None:
    kind = kind or "application/x-www-form-urlencoded"
    found = ask(portal, "POST", "/lacak", "198.51.100.40", raw=raw_body, headers={"Content-Type": kind})
    assert 400 <= found.status < 500
    assert found.headers["Content-Type"].startswith("text/html")


def test_the_officer_sees_when_and_where_as_the_reporter_stated_it(portal: Portal) -> None:
    from tests.support.web_forms import file

    number = number_from(4713)
    place = {"latitude": -6.9, "longitude": 107.6, "text": "Depan SDN 2"}
    file(portal.world, arrival(number, portal.world.now, happened_at="2026-11-22T21:00:00+07:00", place=place))
    found = portal.get(COORDINATOR, f"/v1/cases/{number}")
    assert found.body["place"] == place
    assert found.body["happened_at"] == "2026-11-22T21:00:00+07:00"
    assert found.body["channel"] == "web"
    assert CODE not in json.dumps(found.body)


def test_what_was_typed_stays_where_too_many_messages_were_sent(portal: Portal) -> None:
    from tanggap.application.tracking import MESSAGES_LIMIT

    number = portal.world.new_case()
    code = portal.world.tokens.receipt(number)
    for _ in range(MESSAGES_LIMIT):
        portal_guesses(portal).add(f"message#{number}", datetime.now(UTC))
    found = submit(
        portal, number=number, code=code, act="send", text="Pesan yang panjang", idempotency_key="page-key-3"
    )
    assert found.status == 429
    assert "Pesan yang panjang</textarea>" in found.body


def portal_guesses(portal: Portal) -> Any:
    from tanggap.adapters.dynamodb.guesses import DynamoGuesses

    return DynamoGuesses(portal.world.cases.row)


def test_where_a_secret_case_happened_stays_with_those_who_work_on_it(portal: Portal) -> None:
    from tests.support.web_forms import file
    from tests.support.world import AUDITOR

    number = number_from(4714)
    place = {"latitude": None, "longitude": None, "text": "Rumah Pak RT"}
    file(portal.world, arrival(number, portal.world.now, secret=True, place=place))
    found = portal.get(AUDITOR, f"/v1/cases/{number}")
    assert (found.body["content_withheld"], found.body["place"]) == (True, None)
    assert "Pak RT" not in json.dumps(found.body)


def test_a_reporter_has_their_own_files_and_is_given_the_agencys() -> None:
    from tanggap.domain.case import FileRef
    from tanggap.entrypoints.portal.reports import _file

    file = FileRef("foto.jpg", "image/jpeg", 7, "d", "files/d")
    assert _file(file, lambda one: one.key, own=True) == {"name": "foto.jpg", "type": "image/jpeg", "size": 7}
    assert _file(file, lambda one: one.key, own=False)["url"] == "files/d"
