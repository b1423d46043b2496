"""Cases over the API: every call of CONTRACT.md as officers use it, and what each role may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from tanggap.application.desk import Filter
from tanggap.domain.case import Change
from tanggap.domain.history import entry_from_dict, faults_in
from tanggap.domain.permissions import Officer
from tanggap.domain.words import Confidentiality, Role
from tests.support.portal import Answer, Portal
from tests.support.world import AUDITOR, COORDINATOR, CUSTODIAN, LIAISON, OTHER_LIAISON

LEADERSHIP = Officer("kades1", Role.LEADERSHIP)
UNIT_HEAD = Officer("kepala1", Role.UNIT_HEAD, "pu")
NOBODYS_LIAISON = Officer("liaison3", Role.LIAISON)


def now(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat(timespec="seconds")


def heard(portal: Portal, officer: Officer = COORDINATOR, **more: Any) -> Answer:
    return portal.post(
        officer, "/v1/cases", **{"channel": "phone", "received_at": now(minutes=5), "text": "Lampu jalan mati.", **more}
    )


def case_for(portal: Portal, unit: str = "pu", **more: Any) -> str:
    """A citizen's case, verified and assigned."""
    number = portal.world.new_case(**more)
    portal.post(COORDINATOR, f"/v1/cases/{number}/verification", decision="accept")
    assert portal.post(COORDINATOR, f"/v1/cases/{number}/assignment", unit=unit).status == 200
    return number


# -- the shapes


def test_a_whole_case_has_every_field_of_the_contract(portal: Portal) -> None:
    number = portal.world.new_case()
    case = portal.get(COORDINATOR, f"/v1/cases/{number}").body
    assert case.keys() >= {
        "number",
        "kind",
        "category",
        "unit",
        "officer",
        "status",
        "priority",
        "channel",
        "received_at",
        "confidentiality",
        "clocks",
        "messages",
        "history",
        "deliveries",
        "links",
    }
    clock = case["clocks"][0]
    assert clock.keys() >= {"name", "state", "due_at", "started_at", "met_at", "rule", "policy_version", "explanation"}
    assert set(clock["explanation"][0]) == {"date", "counted", "why"}
    incoming, outgoing = case["messages"]
    for message in (incoming, outgoing):
        assert message.keys() >= {
            "id",
            "direction",
            "channel",
            "external_id",
            "at",
            "subject",
            "text",
            "full_text_available",
            "automatic",
            "authenticity",
            "attachments",
            "delivery",
        }
    assert (incoming["direction"], incoming["delivery"]) == ("in", None)
    assert outgoing["direction"] == "out"
    assert outgoing["delivery"] == {"state": "sent", "attempts": 1, "reason": ""}
    assert outgoing["by"] == "system"
    assert "siti" not in str({**case, "messages": []}).lower()


def test_times_are_told_with_the_agencys_offset(portal: Portal) -> None:
    case = portal.get(COORDINATOR, f"/v1/cases/{portal.world.new_case()}").body
    for at in (case["received_at"], case["due_at"], case["clocks"][0]["started_at"], case["messages"][0]["at"]):
        assert datetime.fromisoformat(at).utcoffset() == timedelta(hours=7)


def test_the_history_that_is_shown_can_be_checked_by_whoever_reads_it(portal: Portal) -> None:
    number = case_for(portal)
    history = portal.get(AUDITOR, f"/v1/cases/{number}").body["history"]
    assert faults_in(number, [entry_from_dict(entry) for entry in history]) == ()
    history[2]["actor"] = "system"
    assert faults_in(number, [entry_from_dict(entry) for entry in history])


def test_a_number_is_found_however_it_is_spelt(portal: Portal) -> None:
    number = portal.world.new_case()
    for spelling in (
        number.lower(),
        number.replace("TGP-", ""),
        number.replace("-", " "),
        f" {number[:7]}-{number[7:]} ",
    ):
        assert portal.get(COORDINATOR, f"/v1/cases/{spelling}").body["number"] == number
        found = portal.get(COORDINATOR, "/v1/cases", q=spelling).body
        assert [case["number"] for case in found["cases"]] == [number]


@pytest.mark.parametrize(
    "number",
    ["TGP-AAAAAAAAB", "x", "%2e%2e", "..%2f..", "TGP-%00", "%ff%fe", "CASE", "TGP-" + "A" * 5000, "‮TGP", "SEEN%23x"],
)
def test_what_is_no_case_is_not_found(portal: Portal, number: str) -> None:
    answer = portal.get(COORDINATOR, f"/v1/cases/{number}")
    assert (answer.status, answer.code) == (404, "not_found")


# -- the main job


def test_an_officer_verifies_disposes_answers_and_the_reporter_reads_it(portal: Portal) -> None:
    world = portal.world
    number = world.new_case(sender="budi@warga.example")
    verified = portal.post(
        COORDINATOR, f"/v1/cases/{number}/verification", decision="accept", reason="lengkap", category="jalan"
    )
    assert (verified.body["status"], verified.body["category"]) == ("verified", "jalan")
    assigned = portal.post(COORDINATOR, f"/v1/cases/{number}/assignment", unit="pu", note="mohon dicek")
    assert (assigned.body["status"], assigned.body["unit"]) == ("forwarded", "pu")
    progress = portal.post(LIAISON, f"/v1/cases/{number}/replies", text="Sedang kami cek.")
    assert progress.body["status"] == "in_progress"
    noted = portal.post(LIAISON, f"/v1/cases/{number}/notes", text="aspal habis")
    assert [note["text"] for note in noted.body["notes"]] == ["aspal habis"]
    answered = portal.post(LIAISON, f"/v1/cases/{number}/replies", text="Sudah ditambal.", final=True)
    assert answered.body["status"] == "answered"
    states = {clock["name"]: clock["state"] for clock in answered.body["clocks"]}
    assert states == {
        "first_response": "met",
        "verify": "met",
        "resolve": "met",
        "follow_up": "met",
        "reporter_reply": "running",
    }
    world.pump()
    letters = world.outbox("budi@warga.example")
    assert [part in letters[-1].text for part in ("Sudah ditambal.", "aspal habis")] == [True, False]
    closed = portal.post(COORDINATOR, f"/v1/cases/{number}/status", status="closed", reason="pelapor puas")
    assert closed.body["status"] == "closed"
    again = portal.post(LIAISON, f"/v1/cases/{number}/status", status="in_progress", reason="rusak lagi")
    assert again.body["status"] == "in_progress"
    assert [clock["state"] for clock in again.body["clocks"] if clock["name"] == "resolve"] == ["met", "running"]


def test_a_move_that_is_not_allowed_is_a_conflict_that_names_those_that_are(portal: Portal) -> None:
    number = portal.world.new_case()
    answer = portal.post(COORDINATOR, f"/v1/cases/{number}/status", status="closed", reason="x")
    assert (answer.status, answer.code) == (409, "not_allowed")
    for status in ("needs_info", "verified", "rejected", "duplicate", "transferred"):
        assert status in answer.message
    early = portal.post(COORDINATOR, f"/v1/cases/{number}/assignment", unit="pu")
    assert early.status == 409
    assert "verified" in early.message
    portal.post(COORDINATOR, f"/v1/cases/{number}/verification", decision="reject", reason="bukan pengaduan")
    late = portal.post(COORDINATOR, f"/v1/cases/{number}/replies", text="halo")
    assert late.status == 409
    assert "it can become: new" in late.message


def test_a_status_with_a_door_of_its_own_is_not_reached_around_it(portal: Portal) -> None:
    number = case_for(portal)
    answer = portal.post(LIAISON, f"/v1/cases/{number}/status", status="forwarded", reason="x")
    assert answer.status == 409
    assert "assignment" in answer.message
    handed_back = portal.post(LIAISON, f"/v1/cases/{number}/status", status="verified", reason="bukan urusan kami")
    assert (handed_back.body["status"], handed_back.body["unit"]) == ("verified", None)
    assert portal.get(LIAISON, f"/v1/cases/{number}").status == 404


def test_a_duplicate_names_another_case_that_is_none_itself(portal: Portal) -> None:
    first, second, third = (portal.world.new_case() for _ in range(3))

    def duplicate(number: str, of: Any, decision: str = "duplicate") -> Answer:
        path = f"/v1/cases/{number}/verification"
        return portal.post(COORDINATOR, path, decision=decision, reason="sama", duplicate_of=of)

    assert duplicate(first, first).status == 422
    assert duplicate(first, None).status == 422
    assert duplicate(first, "TGP-ZZZZZZZZZ").status == 422
    assert duplicate(first, second, "accept").status == 422
    links = duplicate(first, second.lower()).body["links"]
    assert [link["number"] for link in links if link["kind"] == "duplicate_of"] == [second]
    assert duplicate(second, first).status == 422, "a circle"
    assert duplicate(third, first).status == 422, "a chain"
    reopened = portal.post(COORDINATOR, f"/v1/cases/{first}/status", status="new", reason="ternyata beda")
    assert reopened.body["status"] == "new"
    assert "duplicate_of" not in {link["kind"] for link in reopened.body["links"]}


def test_a_holder_that_may_be_a_name_stays_out_of_the_history(portal: Portal) -> None:
    number = case_for(portal)
    named = portal.post(COORDINATOR, f"/v1/cases/{number}/assignment", unit="pu", officer="Pak Joko").body
    assert named["officer"] == "Pak Joko"
    assert "Joko" not in str(named["history"])
    account = "0f9e8d7c-1a2b-4c3d-8e4f-5a6b7c8d9e0f"
    known = portal.post(COORDINATOR, f"/v1/cases/{number}/assignment", unit="pu", officer=account).body
    assert account in str(known["history"])


# -- recording what was heard


@pytest.mark.parametrize("channel", ["phone", "counter", "letter", "sms"])
def test_a_report_heard_elsewhere_is_a_case_like_any_other(portal: Portal, channel: str) -> None:
    address = f"{channel}@dengar.example"
    answer = heard(
        portal, channel=channel, reporter={"name": "Dewi", "email": address}, category="jalan", kind="aspiration"
    )
    assert answer.status == 201
    case = answer.body
    assert (case["channel"], case["status"], case["kind"], case["category"]) == (channel, "new", "aspiration", "jalan")
    assert [clock["name"] for clock in case["clocks"]] == ["first_response", "verify", "resolve"]
    portal.world.pump()
    (letter,) = portal.world.outbox(address)
    assert case["number"] in letter.subject
    assert "Dewi" in letter.text
    assert "Dewi" not in str(case)


def test_the_clocks_of_a_letter_run_from_the_day_it_came(portal: Portal) -> None:
    case = heard(portal, channel="letter", received_at=now(days=10)).body
    assert case["overdue"] is True
    assert datetime.fromisoformat(case["clocks"][0]["started_at"]) < datetime.now(UTC) - timedelta(days=9)


def test_a_report_without_any_name_needs_no_reporter(portal: Portal) -> None:
    case = heard(portal, channel="counter").body
    assert case["deliveries"] == []
    assert portal.get(CUSTODIAN, f"/v1/cases/{case['number']}/reporter").body == {
        "name": None,
        "addresses": [],
        "earlier": [],
        "others": [],
    }


def test_who_calls_again_is_the_same_reporter_and_a_shared_phone_is_no_dead_end(portal: Portal) -> None:
    first = heard(portal, reporter={"name": "Rina", "phone": "0812-3456-7890"}).body
    second = heard(portal, reporter={"phone": "+62 812 3456 7890"}).body
    assert second["deliveries"] == [], "no address, so no letter that fails"
    third = heard(portal, reporter={"name": "Anak Rina", "phone": "081234567890", "email": "anak@rina.example"})
    assert third.status == 201
    found = portal.get(CUSTODIAN, "/v1/cases", q="0812 3456 7890").body["cases"]
    assert {case["number"] for case in found} == {first["number"], second["number"]}
    shown = portal.get(CUSTODIAN, f"/v1/cases/{third.body['number']}/reporter").body
    assert {one["address"] for one in shown["addresses"]} == {"anak@rina.example", "081234567890"}


def test_a_known_callers_letter_goes_to_the_address_that_the_vault_has(portal: Portal) -> None:
    heard(portal, reporter={"name": "Tuti", "email": "tuti@warga.example", "phone": "0813 1111 2222"})
    heard(portal, reporter={"phone": "081311112222"})
    portal.world.pump()
    assert len(portal.world.outbox("tuti@warga.example")) == 2


def test_who_helped_the_reporter_is_noted_unless_the_reporter_is_not_to_be_named(portal: Portal) -> None:
    case = heard(portal, assisted_by="Ketua RT 3").body
    assert [note["text"] for note in case["notes"]] == ["Dibantu oleh: Ketua RT 3"]
    assert case["messages"][0]["marks"] == ["assisted"]
    assert heard(portal, assisted_by="Ketua RT 3", confidentiality="anonymous").status == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("channel", "email"),
        ("channel", "internal"),
        ("channel", None),
        ("channel", ["phone"]),
        ("received_at", "kemarin"),
        ("received_at", "2026-11-22T10:00:00"),
        ("received_at", "0001-01-01T00:00:00+14:00"),
        ("received_at", "9999-12-31T23:59:59-12:00"),
        ("received_at", "2024-01-01T00:00:00+07:00"),
        ("received_at", 5),
        ("text", "  "),
        ("text", "\u0000\u0000"),
        ("text", {"a": 1}),
        ("text", "x" * 50_001),
        ("kind", "crime"),
        ("kind", 7),
        ("category", "tidak-ada"),
        ("confidentiality", "top"),
        ("reporter", "Budi"),
        ("reporter", {"nama": "Budi"}),
        ("reporter", {"email": "budi"}),
        ("reporter", {"email": "a@b.example", "address": "c@d.example"}),
        ("reporter", {"email": "lapor@lapor.desa-contoh.example"}),
        ("reporter", {"name": "Budi\r\nBcc: x@y.example"}),
        ("reporter", {"name": "Budi \u202egpj.exe"}),
        ("reporter", {"phone": "call me"}),
        ("reporter", {"phone": "12345678901234567890"}),
        ("assisted_by", 3),
        ("priority", "high"),
    ],
)
def test_a_wrong_field_of_a_heard_report_is_named(portal: Portal, field: str, value: Any) -> None:
    answer = heard(portal, **{field: value})
    assert (answer.status, answer.code) == (422, "invalid")
    assert any(name in answer.message for name in (field, *(value if isinstance(value, dict) else ())))


# -- listing


def test_a_listing_goes_page_by_page_in_due_order_and_a_cursor_serves_one_caller_and_filter(portal: Portal) -> None:
    for _ in range(3):
        case_for(portal, "adm")
    desk = portal.world.desk
    seen: list[str] = []
    after: str | None = None
    while not seen or after:
        page = desk.listing(OTHER_LIAISON, Filter(), after, 2)
        seen += [case.number for case in page.cases]
        after = page.after
    whole = portal.get(OTHER_LIAISON, "/v1/cases").body
    assert seen == [case["number"] for case in whole["cases"]]
    dues = [case["due_at"] for case in whole["cases"]]
    assert dues == sorted(dues)
    assert whole["cursor"] is None


def test_a_cursor_of_another_caller_filter_or_hand_is_refused(portal: Portal) -> None:
    for _ in range(52):
        portal.world.arrive(portal.world.mail())
    first = portal.get(COORDINATOR, "/v1/cases", status="new").body
    assert len(first["cases"]) == 50
    cursor = first["cursor"]
    second = portal.get(COORDINATOR, "/v1/cases", status="new", cursor=cursor)
    assert second.status == 200
    shown = [case["number"] for case in first["cases"] + second.body["cases"]]
    assert len(shown) == len(set(shown))
    for officer, query in (
        (AUDITOR, {"status": "new"}),
        (COORDINATOR, {"status": "verified"}),
        (COORDINATOR, {"status": "new", "unit": "pu"}),
        (COORDINATOR, {}),
    ):
        assert portal.get(officer, "/v1/cases", cursor=cursor, **query).status == 400
    for forged in (cursor[:-2] + "AA", "AAAA", "é", "=", "A" * 1999, "A" * 3000, cursor + "A"):
        assert portal.get(COORDINATOR, "/v1/cases", status="new", cursor=forged).status == 400
    assert portal.get(COORDINATOR, "/v1/arrivals", cursor=cursor).status == 400


def test_filters_narrow_a_listing_and_a_search_alike(portal: Portal) -> None:
    number = case_for(portal, sender="filter@warga.example")
    late = heard(portal, received_at=now(days=30)).body["number"]
    overdue = {case["number"] for case in portal.get(COORDINATOR, "/v1/cases", overdue="true").body["cases"]}
    assert late in overdue
    assert number not in overdue
    assert portal.get(COORDINATOR, "/v1/cases", q=number, status="new").body["cases"] == []
    assert portal.get(COORDINATOR, "/v1/cases", q=number, unit="adm").body["cases"] == []
    assert portal.get(COORDINATOR, "/v1/cases", q=number, overdue="1").body["cases"] == []
    assert len(portal.get(COORDINATOR, "/v1/cases", q="Filter@Warga.example", unit="pu").body["cases"]) == 1
    assert {case["unit"] for case in portal.get(COORDINATOR, "/v1/cases", unit="-").body["cases"]} == {None}
    assert portal.get(COORDINATOR, "/v1/cases", status="nope").status == 422
    assert portal.get(COORDINATOR, "/v1/cases", overdue="maybe").status == 422
    assert portal.get(COORDINATOR, "/v1/cases", q="x" * 3000).status == 400


# -- roles


def test_a_liaison_sees_the_units_cases_only_and_cannot_tell_that_others_exist(portal: Portal) -> None:
    own, other = case_for(portal, "pu"), case_for(portal, "adm")
    unassigned = portal.world.new_case()
    listed = {case["number"] for case in portal.get(LIAISON, "/v1/cases").body["cases"]}
    assert own in listed
    assert not {other, unassigned} & listed
    assert portal.get(LIAISON, "/v1/cases", unit="adm").status == 403
    assert portal.get(LIAISON, "/v1/cases", unit="-").status == 403
    nothing = "TGP-AAAAAAAAA"
    for number in (other, unassigned):
        for method, path, body in (
            ("GET", "", None),
            ("GET", "/reporter", None),
            ("GET", "/messages/x", None),
            ("POST", "/replies", {"text": "halo"}),
            ("POST", "/replies", {"text": "halo", "attachments": ["abc.def"]}),
            ("POST", "/notes", {"text": "halo"}),
            ("POST", "/status", {"status": "in_progress", "reason": "x"}),
            ("POST", "/verification", {"decision": "duplicate", "reason": "x", "duplicate_of": number}),
            ("POST", "/assignment", {"unit": "pu"}),
        ):
            real = portal.call(LIAISON, method, f"/v1/cases/{number}{path}", body)
            none = portal.call(LIAISON, method, f"/v1/cases/{nothing}{path}", body and {**body, **_of(body, nothing)})
            assert (real.status, real.body) == (none.status, none.body)
            assert real.status in (403, 404)
        assert portal.get(LIAISON, "/v1/cases", q=number).body == {"cases": [], "cursor": None}
    inside = {"decision": "duplicate", "reason": "x"}
    for guess in (other, nothing):
        answer = portal.post(LIAISON, f"/v1/cases/{own}/verification", **inside, duplicate_of=guess)
        assert answer.status == 403


def _of(body: dict[str, Any], number: str) -> dict[str, Any]:
    return {"duplicate_of": number} if "duplicate_of" in body else {}


def test_a_unit_that_is_no_unit_opens_nothing(portal: Portal) -> None:
    portal.world.new_case()
    for officer in (NOBODYS_LIAISON, Officer("l4", Role.LIAISON, "-"), Officer("l5", Role.LIAISON, "PU")):
        assert portal.get(officer, "/v1/cases").status == 403


WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/v1/cases", {"channel": "phone", "received_at": "2026-11-22T10:00:00+07:00", "text": "x"}),
    ("POST", "/v1/uploads", {"name": "a.png", "type": "image/png", "size": 5}),
    ("POST", "/v1/cases/{}/verification", {"decision": "accept"}),
    ("POST", "/v1/cases/{}/assignment", {"unit": "pu"}),
    ("POST", "/v1/cases/{}/replies", {"text": "x"}),
    ("POST", "/v1/cases/{}/notes", {"text": "x"}),
    ("POST", "/v1/cases/{}/status", {"status": "rejected", "reason": "x"}),
    ("PUT", "/v1/policy", {}),
    ("POST", "/v1/arrivals/bWFpbC94/replay", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_an_auditor_writes_nothing(portal: Portal, method: str, path: str, body: dict[str, Any]) -> None:
    number = case_for(portal)
    before = portal.world.cases.case(number)
    answer = portal.call(AUDITOR, method, path.format(number), body)
    assert (answer.status, answer.code) == (403, "forbidden")
    assert portal.world.cases.case(number) == before


def test_leadership_reads_and_notes_and_decides_nothing(portal: Portal) -> None:
    number = case_for(portal)
    assert portal.get(LEADERSHIP, f"/v1/cases/{number}").status == 200
    assert portal.post(LEADERSHIP, f"/v1/cases/{number}/notes", text="mohon dipercepat").status == 200
    for path, body in (
        ("replies", {"text": "x"}),
        ("status", {"status": "closed", "reason": "x"}),
        ("assignment", {"unit": "adm"}),
    ):
        assert portal.post(LEADERSHIP, f"/v1/cases/{number}/{path}", **body).status == 403


def test_a_unit_head_works_like_a_liaison(portal: Portal) -> None:
    number = case_for(portal)
    assert portal.post(UNIT_HEAD, f"/v1/cases/{number}/replies", text="kami proses").status == 200
    assert portal.post(UNIT_HEAD, f"/v1/cases/{number}/assignment", unit="adm").status == 403


# -- who reported


def test_each_look_at_who_reported_is_in_the_history_before_it_is_granted(portal: Portal) -> None:
    number = portal.world.new_case(sender="intip@warga.example", name="Intip")
    for officer in (COORDINATOR, CUSTODIAN):
        shown = portal.get(officer, f"/v1/cases/{number}/reporter")
        assert shown.body["name"] == "Intip"
        assert shown.body["addresses"] == [{"channel": "email", "address": "intip@warga.example"}]
    looks = [
        (entry["actor"], entry["event"])
        for entry in portal.get(AUDITOR, f"/v1/cases/{number}").body["history"]
        if entry["event"].startswith("identity")
    ]
    assert looks == [(COORDINATOR.actor, "identity_read"), (CUSTODIAN.actor, "identity_read")]


def test_roles_that_need_it_not_never_see_who_reported(portal: Portal) -> None:
    number = case_for(portal, sender="rahasia1@warga.example")
    for officer in (LIAISON, UNIT_HEAD, LEADERSHIP, AUDITOR):
        assert portal.get(officer, f"/v1/cases/{number}/reporter").status == 403
        assert portal.get(officer, "/v1/cases", q="rahasia1@warga.example").body["cases"] == []
    assert "identity" not in str(portal.get(AUDITOR, f"/v1/cases/{number}").body["history"])


@pytest.mark.parametrize("level", ["anonymous", "secret"])
def test_an_anonymous_reporter_is_opened_and_found_by_the_custodian_alone(portal: Portal, level: str) -> None:
    address = f"{level}@warga.example"
    number = heard(portal, confidentiality=level, reporter={"name": "X", "email": address}).body["number"]
    assert portal.get(COORDINATOR, f"/v1/cases/{number}/reporter").status == 403
    assert portal.get(COORDINATOR, "/v1/cases", q=address).body["cases"] == []
    assert [c["number"] for c in portal.get(CUSTODIAN, "/v1/cases", q=address).body["cases"]] == [number]
    assert portal.get(CUSTODIAN, f"/v1/cases/{number}/reporter").body["name"] == "X"


def test_finding_a_case_by_an_address_is_a_look_and_recorded(portal: Portal) -> None:
    number = portal.world.new_case(sender="cari@warga.example")
    portal.get(COORDINATOR, "/v1/cases", q="cari@warga.example")
    events = [entry["event"] for entry in portal.get(AUDITOR, f"/v1/cases/{number}").body["history"]]
    assert events[-1] == "identity_matched"


def test_a_secret_cases_long_text_and_raw_mail_stay_with_those_who_handle_it(portal: Portal) -> None:
    """What the row only points at is content too."""
    raw = b"From: Rina <rina@warga.example>\r\nContent-Type: text/html\r\n\r\n<p>Kepala bagian meminta uang.</p>"
    boto3.client("s3").put_object(Bucket=portal.arrivals_bucket, Key="mail/secret", Body=raw)
    mail = portal.world.mail("Kepala bagian meminta uang. " * 5_000)
    number = portal.world.arrive(mail, "mail/secret").case
    case = portal.world.cases.case(number)
    hidden = replace(case, confidentiality=Confidentiality.SECRET, version=case.version + 1)
    portal.world.cases.commit(Change(case=hidden, expected=case.version))
    key = portal.get(COORDINATOR, f"/v1/cases/{number}").body["messages"][0]["id"]
    own = portal.get(COORDINATOR, f"/v1/cases/{number}/messages/{key}").body
    assert (own["html"], "meminta uang" in own["text"]) == ("<p>Kepala bagian meminta uang.</p>", True)
    for officer in (AUDITOR, CUSTODIAN, LEADERSHIP):
        assert "uang" not in str(portal.get(officer, f"/v1/cases/{number}/messages/{key}").body)
        assert "uang" not in str(portal.get(officer, f"/v1/cases/{number}").body)


def test_a_secret_cases_content_stays_with_those_who_handle_it(portal: Portal) -> None:
    number = heard(portal, confidentiality="secret", text="Kepala bagian meminta uang.").body["number"]
    path = f"/v1/cases/{number}"
    portal.post(COORDINATOR, f"{path}/verification", decision="accept")
    portal.post(COORDINATOR, f"{path}/assignment", unit="pu")
    portal.post(LIAISON, f"{path}/notes", text="uang itu 5 juta")
    for officer in (COORDINATOR, LIAISON):
        assert "meminta uang" in str(portal.get(officer, path).body)
    for officer in (AUDITOR, LEADERSHIP, CUSTODIAN):
        case = portal.get(officer, path).body
        assert case["content_withheld"] is True
        assert "uang" not in str(case)
        message = portal.get(officer, f"{path}/messages/{case['messages'][0]['id']}").body
        assert "uang" not in str(message)
        assert case["clocks"]
    noted = portal.post(LEADERSHIP, f"{path}/notes", text="segera")
    assert "uang" not in str(noted.body)


def test_the_full_text_of_a_message_has_an_address(portal: Portal) -> None:
    number = case_for(portal, text="Isi.", full_text="Isi.\n> kutipan lama")
    message = portal.get(LIAISON, f"/v1/cases/{number}").body["messages"][0]
    assert (message["text"], message["full_text_available"]) == ("Isi.", True)
    full = portal.get(LIAISON, f"/v1/cases/{number}/messages/{message['id']}").body
    assert full["full_text"] == "Isi.\n> kutipan lama"
    assert portal.get(LIAISON, f"/v1/cases/{number}/messages/nope").status == 404


def test_a_flooded_thread_stays_readable(portal: Portal) -> None:
    world = portal.world
    number = world.new_case(sender="banjir@warga.example")
    for index in range(12):
        text = f"{index} " + "banjir " * 28_000
        world.arrive(world.mail(text, sender="banjir@warga.example", recipients=(world.reply_address(number),)))
    answer = portal.get(COORDINATOR, f"/v1/cases/{number}")
    messages = [one for one in answer.body["messages"] if one["direction"] == "in"]
    assert len(str(answer.body)) < 4_000_000
    assert len(messages) == 13
    assert messages[0]["text_cut"]
    assert not messages[-1]["text_cut"]
    whole = portal.get(COORDINATOR, f"/v1/cases/{number}/messages/{messages[1]['id']}").body
    assert whole["full_text"].startswith("0 banjir")


# -- uploads


def upload(portal: Portal, officer: Officer, name: str = "foto.png", kind: str = "image/png") -> str:
    """Offered and used as the form says."""
    offered = portal.post(officer, "/v1/uploads", name=name, type=kind, size=100).body
    import boto3

    boto3.client("s3").put_object(
        Bucket=portal.world.files.bucket, Key=offered["fields"]["key"], Body=b"\x89PNG", ContentType=kind
    )
    return str(offered["id"])


def test_an_upload_is_a_form_bound_to_its_key_type_and_size(portal: Portal) -> None:
    import base64
    import json

    offered = portal.post(LIAISON, "/v1/uploads", name="foto.png", type="image/png", size=123)
    assert offered.status == 201
    assert set(offered.body) == {"id", "url", "fields"}
    policy = json.loads(base64.b64decode(offered.body["fields"]["policy"]))
    assert ["content-length-range", 1, 123] in policy["conditions"]
    assert {"Content-Type": "image/png"} in policy["conditions"]
    assert {"key": offered.body["fields"]["key"]} in policy["conditions"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", "text/html"),
        ("type", "image/svg+xml"),
        ("type", "IMAGE/PNG"),
        ("type", None),
        ("size", 0),
        ("size", -1),
        ("size", 10_000_001),
        ("size", "5"),
        ("size", True),
        ("size", 5.5),
        ("name", ""),
        ("name", ["a"]),
        ("name", "x" * 201),
        ("key", "uploads/x"),
    ],
)
def test_a_wrong_upload_is_refused(portal: Portal, field: str, value: Any) -> None:
    body = {"name": "a.png", "type": "image/png", "size": 5, field: value}
    assert portal.post(LIAISON, "/v1/uploads", **body).status == 422


def test_an_attachment_is_a_copy_that_no_form_reaches(portal: Portal) -> None:
    number = case_for(portal, sender="lampiran@warga.example")
    key = upload(portal, LIAISON)
    replied = portal.post(LIAISON, f"/v1/cases/{number}/replies", text="Lihat foto.", attachments=[key, key])
    assert replied.status == 200
    letter = next(one for one in replied.body["messages"] if one.get("purpose") == "reply")
    ((file),) = letter["attachments"]
    assert (file["name"], file["type"], file["size"]) == ("foto.png", "image/png", 4)
    assert "/sent/" in file["url"]
    assert "octet-stream" in file["url"]
    portal.world.pump()
    (sent,) = portal.world.outbox("lampiran@warga.example")[-1].files
    assert (sent.name, sent.content) == ("foto.png", b"\x89PNG")


def test_an_officer_cannot_use_anothers_upload_or_any_other_object(portal: Portal) -> None:
    number = case_for(portal)
    key = upload(portal, COORDINATOR)
    for stolen in (key, f"../{COORDINATOR.id}/{key}", "mail/x", "", ".", "é.x", f"{key}/..", "a" * 300):
        answer = portal.post(LIAISON, f"/v1/cases/{number}/replies", text="x", attachments=[stolen])
        assert (answer.status, answer.code) == (422, "invalid")
    assert portal.post(COORDINATOR, f"/v1/cases/{number}/replies", text="x", attachments=[key]).status == 200


def test_a_name_that_was_changed_in_an_uploads_id_is_made_safe_again(portal: Portal) -> None:
    import base64

    number = case_for(portal)
    key = upload(portal, LIAISON).partition(".")[0]
    for name, safe in (
        ("../../etc/passwd", "passwd.png"),
        ("a\r\nContent-Type: text/html", ["aContent-Type text", "html"][-1] + ".png"),
        ("tagihan\u202egnp.exe", "tagihangnp.exe.png"),
        ("", "lampiran.png"),
        ("x" * 900 + ".png", "x" * 96 + ".png"),
    ):
        label = base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")
        reply = portal.post(LIAISON, f"/v1/cases/{number}/replies", text="x", attachments=[f"{key}.{label}"])
        letters = [one for one in reply.body["messages"] if one["attachments"]]
        assert letters[-1]["attachments"][0]["name"] == safe


def test_the_files_of_one_reply_are_bounded_together(portal: Portal) -> None:
    import boto3

    number = case_for(portal)
    keys = []
    for _ in range(2):
        offered = portal.post(LIAISON, "/v1/uploads", name="a.zip", type="application/zip", size=6_000_000).body
        boto3.client("s3").put_object(
            Bucket=portal.world.files.bucket,
            Key=offered["fields"]["key"],
            Body=b"0" * 6_000_000,
            ContentType="application/zip",
        )
        keys.append(offered["id"])
    assert portal.post(LIAISON, f"/v1/cases/{number}/replies", text="x", attachments=keys).status == 422
    assert portal.post(LIAISON, f"/v1/cases/{number}/replies", text="x", attachments=["a"] * 11).status == 422


# -- texts


def test_what_an_officer_writes_is_data_in_a_letter(portal: Portal) -> None:
    number = case_for(portal, sender="templat@warga.example")
    tricky = "Biaya $5, $number ${agency} $$ %s {0}\u0000\x1b[31m\r\nBcc: lain@x.example"
    portal.post(LIAISON, f"/v1/cases/{number}/replies", text=tricky)
    portal.world.pump()
    text = portal.world.outbox("templat@warga.example")[-1].text
    assert "Biaya $5, $number ${agency} $$ %s {0}[31m\nBcc: lain@x.example" in text


def test_a_long_reply_in_four_byte_characters_is_kept_and_sent(portal: Portal) -> None:
    number = case_for(portal, sender="panjang@warga.example")
    answer = portal.post(LIAISON, f"/v1/cases/{number}/replies", text="\U0001f600" * 30_000)
    assert answer.status == 200
    portal.world.pump()
    assert portal.world.outbox("panjang@warga.example")[-1].text.count("\U0001f600") == 30_000


def test_of_a_flooded_case_the_newest_rows_are_shown_and_the_rest_counted() -> None:
    from dataclasses import replace
    from datetime import timedelta

    from tanggap.entrypoints.portal import shapes_cases as shapes
    from tests.support.world import World

    world = World()
    file = world.cases.file(world.new_case())
    many = tuple(
        replace(file.messages[0], id=f"m{n}", at=file.messages[0].at + timedelta(seconds=n)) for n in range(1500)
    )
    policy = world.policies.current()
    shown = shapes.whole(replace(file, messages=many), (), policy, world.policies.version, world.files.url, world.now)
    assert shown["left_out"] == {"messages": 500, "history": 0, "deliveries": 0}
    assert [one["id"] for one in shown["messages"] if one["direction"] == "in"][-1] == "m1499"
