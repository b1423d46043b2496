"""Several units on one case, more time on a clock, another agency: as rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tanggap.domain import extensions, officers, units
from tanggap.domain.advance import advance
from tanggap.domain.case import Case, Change
from tanggap.domain.clocks import Clock, ClockName, ClockState, Why
from tanggap.domain.draft import Draft
from tanggap.domain.errors import Forbidden, Invalid, NotAllowed, NotFound
from tanggap.domain.handover import Handover
from tanggap.domain.officers import Correction
from tanggap.domain.policy import Policy, read_policy
from tanggap.domain.promises import PUBLIC_INFORMATION
from tanggap.domain.words import Confidentiality, Kind, Purpose, Status
from tests.support.world import COORDINATOR, CUSTODIAN, LIAISON, OTHER_LIAISON, POLICY
from tests.unit.test_officers import AT, IDS, POLICY_1, WAYS, assign, done, opened, reply, verify

#: With time to grant on the unit's own clock too.
WIDE: Policy = read_policy(
    {**POLICY, "clocks": {"follow_up": {"*": {"amount": 5, "unit": "working_days", "extension": 3}}}}, 1
)


def forwarded(kind: Kind = Kind.COMPLAINT) -> Case:
    return done(assign(done(verify(opened(kind)))))


def request_for_information() -> Case:
    """A formal request by the law on public information, with the unit."""
    case = forwarded(Kind.INFORMATION)
    basis = Correction(deadline_basis=PUBLIC_INFORMATION)
    return done(officers.correct(case, COORDINATOR, basis, (), (), AT, POLICY_1, IDS))


def clock(case: Case, name: str, unit: str = "") -> Clock:
    return next(one for one in reversed(case.clocks) if (one.name, one.unit) == (name, unit))


def join(case: Case, unit: str = "adm", at: datetime = AT) -> Draft:
    return units.join(case, COORDINATOR, unit, "mohon bantu", at, POLICY_1, IDS)


def leave(case: Case, unit: str = "adm") -> Draft:
    return units.leave(case, COORDINATOR, unit, "tidak perlu", AT, POLICY_1, IDS)


def ask(case: Case, name: str = "resolve", officer: Any = LIAISON, unit: str = "", **more: Any) -> Draft:
    values = {"reason": "menunggu data", "thread": (), "at": AT, "policy": POLICY_1, "ids": IDS, **more}
    return extensions.ask(case, officer, name, unit, **values)


def decide(case: Case, decision: str = "grant", reason: str = "", at: datetime = AT, key: str = "") -> Draft:
    request = key or case.extensions[-1].id
    return extensions.decide(case, COORDINATOR, request, decision, reason, "menunggu data", (), at, POLICY_1, IDS)


def letters(change: Change) -> list[tuple[str, str]]:
    return [(letter.purpose, letter.address or "reporter") for letter in change.deliveries]


# -- units


def test_a_further_unit_has_its_own_clock_and_its_desk_is_told() -> None:
    change = join(forwarded()).change()
    assert change.case
    assert (change.case.unit, change.case.others, change.case.status) == ("pu", ("adm",), Status.FORWARDED)
    assert letters(change) == [(Purpose.ASSIGNMENT, "adm@kantor.example")]
    assert "Administrasi membantu; penanggung jawab: Pekerjaan Umum" in change.deliveries[0].text
    assert {one.unit for one in change.case.clocks if one.name == ClockName.FOLLOW_UP} == {"pu", "adm"}
    assert "mohon bantu" not in str(change.history)


def test_each_unit_meets_its_own_clock_and_a_final_answer_all() -> None:
    case = done(join(forwarded()))
    helped = done(officers.reply(case, OTHER_LIAISON, "Sudah.", (), False, (), AT, POLICY_1, IDS))
    assert clock(helped, "follow_up", "adm").state is ClockState.MET
    assert clock(helped, "follow_up", "pu").state is ClockState.RUNNING
    answered = done(reply(case, final=True))
    assert {one.state for one in answered.clocks if one.name == ClockName.FOLLOW_UP} == {ClockState.MET}


def test_the_final_answer_is_the_leads() -> None:
    with pytest.raises(Forbidden):
        officers.reply(done(join(forwarded())), OTHER_LIAISON, "Sudah.", (), True, (), AT, POLICY_1, IDS)


def test_a_unit_that_leaves_owes_nothing_and_leaves_its_desk() -> None:
    change = leave(done(join(forwarded()))).change()
    assert change.case
    assert (change.case.others, change.left) == ((), ("adm",))
    assert {one.unit for one in change.case.clocks if one.name == ClockName.FOLLOW_UP and one.open} == {"pu"}
    assert clock(change.case, "follow_up", "adm").stopped_why is Why.WITHDRAWN
    assert letters(change) == [(Purpose.NOTICE, "adm@kantor.example")]


def test_a_unit_beside_the_lead_that_takes_the_lead_keeps_its_clock() -> None:
    case = done(join(forwarded()))
    started = clock(case, "follow_up", "adm").started_at
    later = AT + timedelta(days=1)
    led = done(officers.assign(case, COORDINATOR, "adm", None, "", (), later, POLICY_1, IDS))
    assert (led.units, clock(led, "follow_up", "adm").started_at) == (("adm",), started)


def test_units_come_back_with_their_clocks_when_the_case_does() -> None:
    answered = done(reply(done(join(forwarded())), final=True))
    draft = officers.set_status(answered, COORDINATOR, Status.IN_PROGRESS, "belum", (), AT, POLICY_1, IDS)
    running = [one.unit for one in done(draft).clocks if one.name == "follow_up" and one.state is ClockState.RUNNING]
    assert running == ["pu", "adm"]


def test_only_a_case_that_somebody_leads_is_joined_once_and_by_a_unit_that_there_is() -> None:
    case = done(join(forwarded()))
    for wrong in ("adm", "pu", "nope", ""):
        with pytest.raises(Invalid):
            join(case, wrong)
    with pytest.raises(Invalid):
        join(done(verify(opened())))
    for status in (Status.NEW, Status.NEEDS_INFO, Status.ANSWERED, Status.CLOSED, Status.REJECTED):
        with pytest.raises(NotAllowed):
            join(WAYS[status]())
    for wrong in ("pu", "nope"):
        with pytest.raises(Invalid):
            leave(case, wrong)


# -- more time


def test_a_formal_request_has_ten_days_and_may_have_seven_more() -> None:
    case = request_for_information()
    resolve = clock(case, "resolve")
    assert (resolve.rule, resolve.term.amount) == (f"resolve.information@{PUBLIC_INFORMATION}", 10)
    change = ask(case, officer=COORDINATOR).change()
    assert change.case
    longer = clock(change.case, "resolve")
    assert (longer.amount, longer.state) == (17, ClockState.RUNNING)
    assert longer.due_at > resolve.due_at
    assert change.case.due_at
    (extended,) = (one for one in change.history if one.event == "clock_extended")
    assert (extended.data["clock"], extended.data["amount"], bool(extended.commitment)) == ("resolve", "7", True)
    (letter,) = change.deliveries
    assert (letter.purpose, letter.reporter) == (Purpose.NEW_DATE, "r1")
    assert "menunggu data" in letter.text
    assert "16 Desember 2026" in letter.text


def test_who_may_not_grant_asks_and_the_coordinator_is_told() -> None:
    change = ask(request_for_information()).change()
    assert change.case
    assert clock(change.case, "resolve").amount == 10
    assert [one.state for one in change.case.extensions] == ["pending"]
    assert letters(change) == [(Purpose.NOTICE, "koordinator@kantor.example")]
    granted = decide(change.case).change()
    assert granted.case
    assert clock(granted.case, "resolve").amount == 17
    assert granted.case.extensions[0].decided_by == COORDINATOR.actor
    assert "menunggu data" in granted.deliveries[0].text
    with pytest.raises(NotAllowed, match="granted already"):
        decide(granted.case)


def test_a_refusal_has_a_reason_for_who_asked_and_changes_no_date() -> None:
    case = done(ask(request_for_information()))
    with pytest.raises(Invalid):
        decide(case, "refuse")
    change = decide(case, "refuse", "cukup waktu").change()
    assert change.case
    assert clock(change.case, "resolve").due_at == clock(case, "resolve").due_at
    assert letters(change) == [(Purpose.NOTICE, "pu@kantor.example")]
    again = done(ask(change.case))
    assert [one.state for one in again.extensions] == ["refused", "pending"]


def test_a_request_that_nobody_decides_stops_no_breach_and_can_only_be_refused_then() -> None:
    case = done(ask(request_for_information()))
    late = clock(case, "resolve").due_at + timedelta(minutes=1)
    missed = done(advance(case, late, POLICY_1, IDS))
    assert clock(missed, "resolve").state is ClockState.MISSED
    with pytest.raises(NotAllowed, match="only be refused"):
        decide(missed, at=late)
    assert done(decide(missed, "refuse", "terlambat", late)).extensions[0].state == "refused"


def test_time_is_granted_once_a_clock_before_it_is_due_and_where_the_law_allows_it() -> None:
    formal = request_for_information()
    extended = done(ask(formal, officer=COORDINATOR))
    with pytest.raises(NotAllowed, match="extended already"):
        ask(extended, officer=COORDINATOR)
    with pytest.raises(NotAllowed, match="waits to be decided"):
        ask(done(ask(formal)))
    with pytest.raises(NotAllowed, match="due already"):
        ask(formal, officer=COORDINATOR, at=clock(formal, "resolve").due_at + timedelta(seconds=1))
    with pytest.raises(NotAllowed, match=r"no more time for resolve\.complaint"):
        ask(forwarded())
    with pytest.raises(Invalid, match="clock is one of"):
        ask(formal, "nope")
    with pytest.raises(Invalid, match="no unit's own"):
        ask(formal, unit="pu")
    with pytest.raises(Invalid):
        ask(formal, reason=" ")
    with pytest.raises(NotAllowed):
        ask(WAYS[Status.CLOSED]())
    with pytest.raises(NotFound):
        decide(extended, key="nope")
    with pytest.raises(Invalid):
        decide(done(ask(formal)), "maybe")


def test_a_unit_may_have_more_time_of_its_own_which_is_no_concern_of_the_reporters() -> None:
    case = done(join(forwarded()))
    change = ask(case, "follow_up", COORDINATOR, "adm", policy=WIDE).change()
    assert change.case
    assert (clock(change.case, "follow_up", "adm").amount, clock(change.case, "follow_up", "pu").amount) == (8, 5)
    assert letters(change) == [(Purpose.NOTICE, "adm@kantor.example")]
    for wrong in ("", "nope"):
        with pytest.raises(Invalid, match="unit is one of pu, adm"):
            ask(case, "follow_up", COORDINATOR, wrong, policy=WIDE)


def test_a_request_is_about_the_clock_that_ran_then() -> None:
    """A case that was answered and came back has a new term: nobody grants time on it by an old request."""
    asked = done(ask(request_for_information()))
    back = done(reply(asked, final=True))
    later = AT + timedelta(days=1)
    reopened = done(officers.set_status(back, COORDINATOR, Status.IN_PROGRESS, "x", (), later, POLICY_1, IDS))
    with pytest.raises(NotAllowed, match="only be refused"):
        decide(reopened, at=later)


# -- another basis


def test_another_basis_retimes_the_clocks_says_so_and_is_one_that_the_policy_names() -> None:
    case = forwarded(Kind.INFORMATION)
    assert clock(case, "resolve").term.amount == 5
    said_so = Correction(deadline_basis=PUBLIC_INFORMATION)
    change = officers.correct(case, COORDINATOR, said_so, (), (), AT, POLICY_1, IDS).change()
    assert change.case
    assert (change.case.deadline_basis, clock(change.case, "resolve").started_at) == (PUBLIC_INFORMATION, AT)
    events = [(one.event, one.data.get("field") or one.data.get("clock")) for one in change.history]
    assert ("corrected", "deadline_basis") in events
    assert ("clock_retimed", "resolve") in events
    assert [letter.purpose for letter in change.deliveries] == [Purpose.NEW_DATE]
    back = Correction(deadline_basis=POLICY_1.deadline_basis)
    again = done(officers.correct(change.case, COORDINATOR, back, (), (), AT, POLICY_1, IDS))
    assert clock(again, "resolve").term.amount == 5
    with pytest.raises(Invalid, match=PUBLIC_INFORMATION):
        officers.correct(case, COORDINATOR, Correction(deadline_basis="uu-99"), (), (), AT, POLICY_1, IDS)


def test_a_reporter_who_was_told_no_date_is_told_of_no_other() -> None:
    change = officers.correct(
        opened(), COORDINATOR, Correction(kind=Kind.SUPERVISORY), (), (), AT, POLICY_1, IDS
    ).change()
    assert change.deliveries == ()


# -- another agency


def hand_over(case: Case, officer: Any = COORDINATOR, **to: Any) -> Draft:
    handover = Handover(**{"to": "Dinas Provinsi", "address": "dinas@provinsi.example", **to})
    return officers.set_status(
        case, officer, Status.TRANSFERRED, "bukan wewenang", (), AT, POLICY_1, IDS, handover, "Jalan provinsi rusak."
    )


def test_a_transfer_names_the_agency_to_the_reporter_and_sends_it_the_report_without_a_name() -> None:
    change = hand_over(opened()).change()
    assert letters(change) == [(Purpose.TO_AGENCY, "dinas@provinsi.example"), (Purpose.TRANSFER, "reporter")]
    agency, reporter = change.deliveries
    assert "Jalan provinsi rusak." in agency.text
    assert agency.reporter == ""
    assert "Instansi tujuan: Dinas Provinsi" in reporter.text
    assert "provinsi" not in str(change.history).lower()
    assert [one.data for one in change.history if one.event == "handed_over"] == [{}]


def test_a_name_goes_along_only_when_asked_for_and_lies_in_no_row() -> None:
    change = hand_over(opened(), with_identity=True).change()
    agency = change.deliveries[0]
    assert (agency.address, agency.reporter) == ("dinas@provinsi.example", "r1")
    assert [one.data for one in change.history if one.event == "handed_over"] == [{"identity": "yes"}]


def test_who_is_not_to_be_named_is_not_handed_over() -> None:
    anonymous = replace(opened(), confidentiality=Confidentiality.ANONYMOUS)
    text = hand_over(anonymous).change().deliveries[0].text
    assert ("bukan wewenang" in text, "Jalan provinsi" in text) == (True, False)
    secret = replace(opened(), confidentiality=Confidentiality.SECRET)
    for wrong in (
        lambda: hand_over(anonymous, with_identity=True),
        lambda: hand_over(secret),
        lambda: hand_over(opened(), LIAISON),
        lambda: hand_over(opened(), CUSTODIAN),
    ):
        with pytest.raises(Forbidden):
            wrong()
    assert done(hand_over(secret, address="")).status is Status.TRANSFERRED
    assert done(hand_over(opened(), LIAISON, address="")).status is Status.TRANSFERRED


def test_a_transfer_to_nobody_and_a_move_with_an_agency_are_refused() -> None:
    with pytest.raises(Invalid):
        officers.set_status(opened(), COORDINATOR, Status.TRANSFERRED, " ", (), AT, POLICY_1, IDS)
    with pytest.raises(Invalid):
        hand_over(opened(), to=" ")
    with pytest.raises(Invalid):
        hand_over(opened(), address="", with_identity=True)
    with pytest.raises(Invalid):
        officers.set_status(opened(), COORDINATOR, Status.REJECTED, "x", (), AT, POLICY_1, IDS, Handover(to="Dinas"))


def test_what_another_agency_sends_back_is_new_again() -> None:
    case = done(hand_over(opened()))
    back = done(officers.set_status(case, COORDINATOR, Status.NEW, "dikembalikan", (), AT, POLICY_1, IDS))
    assert back.status is Status.NEW
    assert clock(back, "verify").state is ClockState.RUNNING
