"""Cases over the API: every call of CONTRACT.md as officers use it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tanggap.application.desk import Filter
from tanggap.domain.history import entry_from_dict, faults_in
from tests.support.portal import Answer, Portal
from tests.support.portal_cases import case_for, heard, now
from tests.support.world import AUDITOR, COORDINATOR, LIAISON, OTHER_LIAISON

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


# -- who reported


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
