"""A case's life over the API: several units, more time, another agency, another basis, and two officers at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock
from typing import Any

import pytest

from tanggap.application.desk import CaseDesk
from tanggap.domain.errors import Refuse
from tanggap.domain.history import entry_from_dict, faults_in
from tanggap.domain.permissions import Officer
from tanggap.domain.words import Role, Status
from tests.support.portal import Answer, Portal
from tests.support.world import AUDITOR, COORDINATOR, CUSTODIAN, LIAISON, OTHER_LIAISON

SECOND = Officer("koor2", Role.COORDINATOR)
REJECTED = Status.REJECTED


def case_for(portal: Portal, unit: str = "pu", **more: Any) -> str:
    number = portal.world.new_case(**more)
    act(portal, number, "verification", decision="accept")
    assert act(portal, number, "assignment", unit=unit).status == 200
    return number


def act(portal: Portal, number: str, call: str, officer: Officer = COORDINATOR, **body: Any) -> Answer:
    return portal.post(officer, f"/v1/cases/{number}/{call}", **body)


def get(portal: Portal, number: str, officer: Officer = COORDINATOR) -> Any:
    return portal.get(officer, f"/v1/cases/{number}").body


# -- units


def test_a_further_unit_reads_and_works_on_the_case_and_finds_it_on_its_desk_until_it_leaves(portal: Portal) -> None:
    number = case_for(portal)
    assert act(portal, number, "notes", OTHER_LIAISON, text="x").status == 404
    joined = act(portal, number, "units", unit="adm", action="add", note="data penduduk")
    assert (joined.status, joined.body["unit"], joined.body["units"]) == (200, "pu", ["pu", "adm"])
    assert [clock["unit"] for clock in joined.body["clocks"] if clock["name"] == "follow_up"] == ["pu", "adm"]
    assert number in [one["number"] for one in portal.get(OTHER_LIAISON, "/v1/cases").body["cases"]]
    assert [one["number"] for one in portal.get(OTHER_LIAISON, "/v1/cases", q=number).body["cases"]] == [number]
    portal.world.pump()
    assert "data penduduk" in portal.world.outbox("adm@kantor.example")[-1].text
    assert act(portal, number, "notes", OTHER_LIAISON, text="sudah dicek").status == 200
    replied = act(portal, number, "replies", OTHER_LIAISON, text="Datanya benar.")
    states = {clock["unit"]: clock["state"] for clock in replied.body["clocks"] if clock["name"] == "follow_up"}
    assert states == {"pu": "running", "adm": "met"}
    for call, body in (
        ("replies", {"text": "Selesai.", "final": True}),
        ("status", {"status": "rejected", "reason": "x"}),
        ("extensions", {"clock": "resolve", "reason": "x"}),
        ("units", {"unit": "pu", "action": "remove"}),
    ):
        assert act(portal, number, call, OTHER_LIAISON, **body).status == 403, call
    left = act(portal, number, "units", unit="adm", action="remove")
    assert left.body["units"] == ["pu"]
    assert get(portal, number, OTHER_LIAISON)["error"]["code"] == "not_found"
    assert number not in [one["number"] for one in portal.get(OTHER_LIAISON, "/v1/cases").body["cases"]]
    assert faults_in(number, [entry_from_dict(one) for one in get(portal, number)["history"]]) == ()


def test_a_coordinator_sees_a_case_of_two_units_once_and_under_each_of_them(portal: Portal) -> None:
    number = case_for(portal)
    act(portal, number, "units", unit="adm", action="add")
    for query in ({}, {"unit": "pu"}, {"unit": "adm"}, {"status": "forwarded"}):
        listed = [one["number"] for one in portal.get(COORDINATOR, "/v1/cases", **query).body["cases"]]
        assert listed.count(number) == 1, query


@pytest.mark.parametrize(
    "body", [{"unit": "adm"}, {"unit": "adm", "action": "join"}, {"unit": 3, "action": "add"}, {"action": "add"}]
)
def test_a_wrong_unit_is_named(portal: Portal, body: dict[str, Any]) -> None:
    answer = act(portal, case_for(portal), "units", **body)
    assert (answer.status, answer.code) == (422, "invalid")


# -- more time


def formal(portal: Portal, **more: Any) -> str:
    """A request by the law on public information, with its unit."""
    number = case_for(portal, **more)
    changed = act(portal, number, "classification", kind="information", deadline_basis="uu-14-2008", reason="resmi")
    assert changed.body["deadline_basis"] == "uu-14-2008"
    return number


def resolve(case: dict[str, Any]) -> dict[str, Any]:
    return next(clock for clock in reversed(case["clocks"]) if clock["name"] == "resolve")


def test_more_time_is_asked_for_by_the_unit_granted_by_the_coordinator_and_told_to_the_reporter(portal: Portal) -> None:
    number = formal(portal, sender="ppid@warga.example")
    before = resolve(get(portal, number))
    asked = act(portal, number, "extensions", LIAISON, clock="resolve", reason="menunggu arsip provinsi")
    assert asked.status == 201
    (request,) = asked.body["extensions"]
    assert (request["state"], request["amount"], request["by"]) == ("pending", 7, LIAISON.actor)
    assert resolve(asked.body)["due_at"] == before["due_at"]
    portal.world.pump()
    assert "menunggu arsip provinsi" in portal.world.outbox("koordinator@kantor.example")[-1].text
    path = f"extensions/{request['id']}"
    assert act(portal, number, path, LIAISON, decision="grant").status == 403
    granted = act(portal, number, path, decision="grant")
    assert resolve(granted.body)["due_at"] > before["due_at"]
    assert resolve(granted.body)["extensions"][0]["amount"] == 7
    assert granted.body["extensions"][0]["state"] == "granted"
    assert "arsip" not in str(granted.body["history"])
    portal.world.pump()
    letter = portal.world.outbox("ppid@warga.example")[-1]
    assert "Tenggat laporan Anda berubah" in letter.subject
    assert "menunggu arsip provinsi" in letter.text
    assert act(portal, number, path, decision="grant").code == "not_allowed"
    assert act(portal, number, "extensions", clock="resolve", reason="lagi").code == "not_allowed"


def test_a_coordinator_who_asks_has_it_and_a_clock_without_such_a_rule_has_none(portal: Portal) -> None:
    number = formal(portal)
    granted = act(portal, number, "extensions", clock="resolve", reason="arsip")
    assert granted.body["extensions"][0]["state"] == "granted"
    refused = act(portal, number, "extensions", clock="verify", reason="arsip")
    assert (refused.status, refused.code) == (409, "not_allowed")
    for body in ({"clock": "resolve"}, {"reason": "x"}, {"clock": "x", "reason": "x"}, {"clock": 1, "reason": "x"}):
        assert act(portal, number, "extensions", **body).status == 422
    assert act(portal, number, "extensions/nope", decision="grant").status == 404


# -- another basis


def test_a_basis_is_one_that_the_policy_names_and_the_coordinators_to_say(portal: Portal) -> None:
    number = case_for(portal)
    wrong = act(portal, number, "classification", deadline_basis="uu-99")
    assert (wrong.status, "uu-14-2008" in wrong.message) == (422, True)
    assert act(portal, number, "classification", LIAISON, deadline_basis="uu-14-2008").status == 403


# -- another agency


def test_a_transfer_names_the_agency_and_may_send_the_report_there(portal: Portal) -> None:
    number = portal.world.new_case(text="Jalan provinsi rusak.", sender="pindah@warga.example", name="Budi Santoso")
    nameless = act(portal, number, "status", status="transferred", reason="x", address="pu@provinsi.example")
    assert (nameless.status, "to" in nameless.message) == (422, True)
    moved = act(
        portal, number, "status", status="transferred", reason="jalan provinsi", to="Dinas PU Provinsi",
        address="pu@provinsi.example",
    )  # fmt: skip
    assert moved.body["status"] == "transferred"
    assert "Provinsi" not in str(moved.body["history"])
    portal.world.pump()
    agency, reporter = portal.world.outbox("pu@provinsi.example")[-1], portal.world.outbox("pindah@warga.example")[-1]
    assert "Jalan provinsi rusak." in agency.text
    assert "Budi" not in agency.text
    assert "pindah@warga.example" not in agency.text
    assert "Dinas PU Provinsi" in reporter.text


def test_a_transfer_with_its_reason_alone_tells_the_reporter_that_reason(portal: Portal) -> None:
    number = portal.world.new_case(sender="alasan@warga.example")
    moved = act(portal, number, "status", status="transferred", reason="Jalan ini milik Dinas PU Provinsi.")
    assert (moved.status, moved.body["status"]) == (200, "transferred")
    portal.world.pump()
    told = portal.world.outbox("alasan@warga.example")[-1].text
    assert "Jalan ini milik Dinas PU Provinsi." in told
    assert "Instansi tujuan" not in told


def test_a_name_goes_with_the_letter_and_never_lies_in_the_table(portal: Portal) -> None:
    number = portal.world.new_case(sender="nama@warga.example", name="Dewi Lestari")
    body = {"status": "transferred", "reason": "x", "to": "Dinas", "address": "dinas@provinsi.example"}
    assert act(portal, number, "status", **{**body, "address": "x@lapor.desa-contoh.example"}).status == 422
    assert act(portal, number, "status", **body, with_identity=True).status == 200
    portal.world.pump()
    text = portal.world.outbox("dinas@provinsi.example")[-1].text
    assert "Pelapor: Dewi Lestari, nama@warga.example" in text
    assert "Dewi" not in str([row.data for row in portal.world.cases.row.scan() if row.pk == f"CASE#{number}"])
    shown = get(portal, number)
    assert "Dewi" not in str(shown)
    assert [one["data"] for one in shown["history"] if one["event"] == "handed_over"] == [{"identity": "yes"}]


def test_who_asked_not_to_be_named_is_not_handed_over(portal: Portal) -> None:
    for level in ("anonymous", "secret"):
        heard = {"channel": "counter", "received_at": "2026-11-20T10:00:00+07:00", "text": "x"}
        reporter = {"name": "X", "email": f"{level}.pindah@warga.example"}
        number = portal.post(COORDINATOR, "/v1/cases", **heard, reporter=reporter, confidentiality=level).body["number"]
        body = {"status": "transferred", "reason": "x", "to": "Dinas", "address": "dinas@provinsi.example"}
        assert act(portal, number, "status", **body, with_identity=True).status == 403


# -- two officers at once


def test_what_somebody_else_did_since_is_told_instead_of_decided_over(portal: Portal) -> None:
    number = case_for(portal)
    seen = get(portal, number)["version"]
    act(portal, number, "replies", LIAISON, text="Sedang dicek.")
    stale = act(portal, number, "status", status="rejected", reason="x", version=seen)
    assert (stale.status, stale.code) == (409, "changed")
    changes = stale.body["error"]["changes"]
    assert {one["by"] for one in changes} == {"officer"}
    assert {one["actor"] for one in changes} == {LIAISON.actor}
    assert {"status", "replied"} <= {one["event"] for one in changes}
    assert all(one["at"].endswith("+07:00") and one["seq"] > seen for one in changes)
    assert get(portal, number)["status"] == "in_progress"
    fresh = act(portal, number, "status", status="rejected", reason="x", version=get(portal, number)["version"])
    assert fresh.body["status"] == "rejected"


def test_the_citizens_word_counts_as_a_change_and_a_look_or_ones_own_act_does_not(portal: Portal) -> None:
    world = portal.world
    number = case_for(portal, sender="serentak@warga.example")
    seen = get(portal, number)["version"]
    portal.get(CUSTODIAN, f"/v1/cases/{number}/reporter")
    assert act(portal, number, "notes", text="catatan saya", version=seen).status == 200
    seen = get(portal, number)["version"]
    reply = world.mail("Masih ada lagi.", sender="serentak@warga.example", recipients=(world.reply_address(number),))
    world.arrive(reply)
    stale = act(portal, number, "replies", text="Selesai.", final=True, version=seen)
    assert stale.code == "changed"
    assert [one["by"] for one in stale.body["error"]["changes"] if one["event"] == "message"] == ["reporter"]


def test_one_login_for_several_people_is_told_of_its_own_other_act_too(portal: Portal) -> None:
    number = portal.world.new_case(sender="bersama@warga.example")
    seen = get(portal, number)["version"]
    act(portal, number, "verification", decision="accept", version=seen)
    stale = act(portal, number, "verification", decision="reject", reason="x", version=seen)
    assert (stale.status, stale.code) == (409, "changed")
    assert "status" in [one["event"] for one in stale.body["error"]["changes"]]


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("verification", {"decision": "reject", "reason": "x"}),
        ("classification", {"priority": "high"}),
        ("assignment", {"unit": "pu"}),
        ("units", {"unit": "adm", "action": "add"}),
        ("extensions", {"clock": "resolve", "reason": "x"}),
        ("extensions/x", {"decision": "grant"}),
        ("replies", {"text": "x"}),
        ("notes", {"text": "x"}),
        ("status", {"status": "rejected", "reason": "x"}),
        ("reporter", {"message": "x", "reason": "x"}),
    ],
)
def test_every_act_on_a_case_may_say_what_was_seen(portal: Portal, call: str, body: dict[str, Any]) -> None:
    number = portal.world.new_case()
    seen = get(portal, number)["version"]
    act(portal, number, "notes", SECOND, text="sudah saya pegang")
    stale = act(portal, number, call, **body, version=seen)
    assert (stale.status, stale.code) == (409, "changed")
    for wrong in (10_000, "1"):
        assert act(portal, number, call, **body, version=wrong).status == 422


class _Sight:
    """The cases table as one of several officers meets it: each has read the case before any of them writes. moto takes
    no two transactions at once, as DynamoDB would not for one item."""

    def __init__(self, cases: Any, together: Barrier, one_by_one: Any) -> None:
        self.cases, self.together, self.one_by_one, self.read = cases, together, one_by_one, False

    def file(self, number: str, texts: bool = True) -> Any:
        with self.one_by_one:
            found = self.cases.file(number, texts)
        if not self.read:
            self.read = True
            self.together.wait(20)
        return found

    def commit(self, change: Any) -> None:
        with self.one_by_one:
            self.cases.commit(change)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cases, name)


def at_once(portal: Portal, *acts: Callable[[CaseDesk], object]) -> list[str]:
    """What became of each of these acts, all decided on the same sight of the case."""
    world, together, one_by_one = portal.world, Barrier(len(acts)), Lock()

    def do(one: Callable[[CaseDesk], object]) -> str:
        sight: Any = _Sight(world.cases, together, one_by_one)
        desk = CaseDesk(sight, world.files, world.vault, world.policies, world.ids, world.clock)
        try:
            one(desk)
        except Refuse as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))


def test_of_two_officers_who_decide_on_the_same_sight_one_wins_and_the_other_is_told(portal: Portal) -> None:
    for turn in range(2):
        number = case_for(portal)
        seen = get(portal, number)["version"]
        outcomes = at_once(
            portal,
            lambda desk, number=number, seen=seen: desk.set_status(COORDINATOR, number, REJECTED, "satu", seen=seen),
            lambda desk, number=number, seen=seen: desk.reply(SECOND, number, "dua", (), True, seen=seen),
        )
        assert sorted(outcomes) == ["changed", "done"], turn
        history = get(portal, number, AUDITOR)["history"]
        assert [one["event"] for one in history].count("status") == 3  # verified, forwarded, and one of the two
        assert faults_in(number, [entry_from_dict(one) for one in history]) == ()


def test_of_six_that_saw_the_same_one_wins(portal: Portal) -> None:
    number = case_for(portal)
    seen = get(portal, number)["version"]
    officers = [Officer(f"o{n}", Role.COORDINATOR) for n in range(6)]
    acts = [lambda desk, who=who: desk.assign(who, number, "adm", None, "", seen=seen) for who in officers]
    outcomes = at_once(portal, *acts)
    assert (outcomes.count("done"), outcomes.count("changed")) == (1, 5)


def test_without_a_version_each_decides_on_what_is_there_then(portal: Portal) -> None:
    number = case_for(portal)
    acts = [lambda desk, text=f"catatan {n}": desk.note(COORDINATOR, number, text) for n in range(4)]
    assert at_once(portal, *acts) == ["done"] * 4
    assert {one["text"] for one in get(portal, number)["notes"]} == {f"catatan {n}" for n in range(4)}
    both = at_once(
        portal,
        lambda desk: desk.set_status(COORDINATOR, number, REJECTED, "satu"),
        lambda desk: desk.reply(SECOND, number, "dua", (), True),
    )
    assert sorted(both) == ["done", "not_allowed"], "an answered case is not rejected, a rejected one not answered"
