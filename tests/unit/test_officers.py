"""What officers do to a case, as rules: no table, no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tanggap.domain import officers
from tanggap.domain.advance import advance
from tanggap.domain.case import Case, Change, Link, Message
from tanggap.domain.citizens import Opening, open_case
from tanggap.domain.clocks import ClockName, ClockState, Why
from tanggap.domain.draft import Draft
from tanggap.domain.errors import Invalid, NotAllowed
from tanggap.domain.handover import Handover
from tanggap.domain.history import faults_in
from tanggap.domain.life import Door, following, ways
from tanggap.domain.policy import read_policy
from tanggap.domain.words import Channel, Kind, Purpose, Status
from tests.support.world import COORDINATOR, LIAISON, POLICY, CountedIds

POLICY_1 = read_policy(POLICY, 1)
AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
IDS = CountedIds()
NUMBERS = iter(range(1, 10**6))


def opened(kind: Kind = Kind.COMPLAINT, reporter: str | None = "r1", at: datetime = AT) -> Case:
    number = f"TGP-{next(NUMBERS)}"
    message = Message(id="m", case=number, direction="in", channel=Channel.EMAIL, at=at, text="Rusak.")
    opening = Opening(number=number, message=message, reporter=reporter, answer=True, kind=kind)
    return done(open_case(opening, at, "reporter", POLICY_1, IDS))


def done(draft: Draft) -> Case:
    change = draft.change()
    assert change.case
    return change.case


def verify(case: Case, decision: str = "accept", reason: str = "alasan", at: datetime = AT, **more: Any) -> Draft:
    return officers.verify(case, COORDINATOR, decision, reason, (), at, POLICY_1, IDS, **more)


def assign(case: Case, unit: str = "pu", holder: str | None = None) -> Draft:
    return officers.assign(case, COORDINATOR, unit, holder, "", (), AT, POLICY_1, IDS)


def reply(case: Case, final: bool = False, at: datetime = AT) -> Draft:
    return officers.reply(case, LIAISON, "Sudah.", (), final, (), at, POLICY_1, IDS)


def set_status(case: Case, status: Status, reason: str = "alasan") -> Draft:
    to = Handover(to="Dinas Contoh") if status is Status.TRANSFERRED else None
    return officers.set_status(case, LIAISON, status, reason, (), AT, POLICY_1, IDS, to)


def told(change: Change) -> list[Purpose]:
    return [letter.purpose for letter in change.deliveries if letter.reporter]


WAYS: dict[Status, Callable[[], Case]] = {
    Status.NEW: opened,
    Status.NEEDS_INFO: lambda: done(verify(opened(), "incomplete")),
    Status.VERIFIED: lambda: done(verify(opened())),
    Status.FORWARDED: lambda: done(assign(done(verify(opened())))),
    Status.IN_PROGRESS: lambda: done(reply(done(verify(opened())))),
    Status.ANSWERED: lambda: done(reply(done(verify(opened())), final=True)),
    Status.CLOSED: lambda: done(set_status(done(reply(done(verify(opened())), final=True)), Status.CLOSED)),
    Status.REJECTED: lambda: done(verify(opened(), "reject")),
    Status.TRANSFERRED: lambda: done(set_status(opened(), Status.TRANSFERRED)),
    Status.DUPLICATE: lambda: done(verify(opened(), "duplicate", duplicate_of=opened())),
}
ALL_STATUSES = list(Status)


@pytest.mark.parametrize("status", ALL_STATUSES)
def test_every_status_is_reached_and_its_history_closes(status: Status) -> None:
    assert WAYS[status]().status is status


@pytest.mark.parametrize("to", ALL_STATUSES)
@pytest.mark.parametrize("now", ALL_STATUSES)
def test_the_door_of_moves_opens_for_the_moves_that_the_table_has_there(now: Status, to: Status) -> None:
    case = WAYS[now]()
    if any(row.to is to and row.door is Door.STATUS for row in ways(case)):
        assert done(set_status(case, to)).status is to
        with pytest.raises(Invalid):
            set_status(case, to, " ")
    else:
        with pytest.raises(NotAllowed) as refused:
            set_status(case, to)
        assert all(allowed in str(refused.value) for allowed in following(case))


@pytest.mark.parametrize("now", ALL_STATUSES)
def test_only_a_case_that_is_new_or_incomplete_is_verified(now: Status) -> None:
    if now in (Status.NEW, Status.NEEDS_INFO):
        assert done(verify(WAYS[now]())).status is Status.VERIFIED
    else:
        with pytest.raises(NotAllowed):
            verify(WAYS[now]())


@pytest.mark.parametrize("now", ALL_STATUSES)
def test_a_case_is_assigned_and_answered_only_while_it_is_worked_on(now: Status) -> None:
    case = WAYS[now]()
    for act, to in ((assign, Status.FORWARDED), (lambda one: reply(one, final=True), Status.ANSWERED)):
        if to in following(case):
            assert done(act(case)).status is to
        else:
            with pytest.raises(NotAllowed):
                act(case)


@pytest.mark.parametrize(
    ("decision", "letter"),
    [
        ("accept", []),
        ("incomplete", [Purpose.QUESTION]),
        ("reject", [Purpose.REJECTION]),
        ("duplicate", [Purpose.DUPLICATE]),
    ],
)
def test_a_decision_that_the_reporter_must_know_is_told_and_is_the_first_response(
    decision: str, letter: list[Purpose]
) -> None:
    other = opened() if decision == "duplicate" else None
    change = verify(opened(), decision, duplicate_of=other).change()
    assert told(change) == letter
    assert change.case
    first = next(clock for clock in change.case.clocks if clock.name == ClockName.FIRST_RESPONSE)
    assert (first.state is ClockState.MET) == bool(letter)
    if letter:
        with pytest.raises(Invalid):
            verify(opened(), decision, " ", duplicate_of=other)


def test_a_case_that_an_officer_closes_is_told_to_its_reporter() -> None:
    change = set_status(WAYS[Status.ANSWERED](), Status.CLOSED, "selesai").change()
    assert told(change) == [Purpose.REPLY]
    assert change.case
    assert change.case.ended_at


def test_a_reporter_whom_nobody_knows_gets_no_letters() -> None:
    case = opened(reporter=None)
    case = done(verify(case))
    change = reply(case, final=True).change()
    assert told(change) == []
    assert change.case
    assert change.case.status is Status.ANSWERED


def test_the_reporter_is_told_of_the_first_disposition_and_the_units_desk_of_each() -> None:
    case = done(verify(opened()))
    first = assign(case).change()
    assert told(first) == [Purpose.DISPOSITION]
    assert first.case
    second = assign(first.case, "adm").change()
    assert told(second) == []
    assert [letter.address for letter in second.deliveries] == ["adm@kantor.example"]


@pytest.mark.parametrize("unit", ["", "nope", "PU", "-"])
def test_a_case_goes_to_a_unit_that_there_is(unit: str) -> None:
    with pytest.raises(Invalid):
        assign(done(verify(opened())), unit)


# -- kinds


def test_another_kind_takes_its_own_terms_from_the_day_of_receipt() -> None:
    case = done(verify(opened(), kind=Kind.SUPERVISORY, at=AT + timedelta(days=2)))
    resolve = next(clock for clock in case.clocks if clock.name == ClockName.RESOLVE)
    straight = next(c for c in opened(Kind.SUPERVISORY).clocks if c.name == ClockName.RESOLVE)
    assert (resolve.due_at, resolve.started_at, resolve.rule) == (straight.due_at, AT, "resolve.supervisory")


def test_praise_that_turns_out_to_be_a_complaint_gets_its_deadline() -> None:
    praise = opened(Kind.PRAISE)
    assert ClockName.RESOLVE not in {clock.name for clock in praise.clocks}
    case = done(verify(praise, kind=Kind.COMPLAINT, at=AT + timedelta(days=2)))
    resolve = next(clock for clock in case.clocks if clock.name == ClockName.RESOLVE)
    straight = next(c for c in opened().clocks if c.name == ClockName.RESOLVE)
    assert (resolve.due_at, resolve.started_at) == (straight.due_at, AT)
    assert case.due_at


def test_a_complaint_that_turns_out_to_be_praise_owes_no_solution() -> None:
    case = done(verify(opened(), kind=Kind.PRAISE))
    (resolve,) = (clock for clock in case.clocks if clock.name == ClockName.RESOLVE)
    assert (resolve.state, resolve.open, resolve.stopped_why) == (ClockState.STOPPED, False, Why.RULE)


def test_what_was_missed_stays_missed_whatever_the_kind_becomes() -> None:
    late = AT + timedelta(days=10)
    missed = done(advance(opened(), late, POLICY_1, IDS))
    case = done(verify(missed, kind=Kind.SUPERVISORY, at=late))
    verified = next(clock for clock in case.clocks if clock.name == ClockName.VERIFY)
    assert (verified.state, verified.rule) == (ClockState.MISSED, "verify.complaint")
    assert verified.met_at
    resolve = next(clock for clock in case.clocks if clock.name == ClockName.RESOLVE)
    assert (resolve.state, resolve.rule) == (ClockState.RUNNING, "resolve.supervisory")


def test_a_new_term_that_is_over_already_is_missed_by_the_next_sweep() -> None:
    late = AT + timedelta(days=15)
    case = done(verify(opened(), kind=Kind.INFORMATION, at=late))
    assert case.due_at
    assert case.due_at <= late
    swept = done(advance(case, late + timedelta(minutes=1), POLICY_1, IDS))
    resolve = next(clock for clock in swept.clocks if clock.name == ClockName.RESOLVE)
    assert resolve.state is ClockState.MISSED


def test_an_act_right_after_a_deadline_does_not_hide_the_breach() -> None:
    draft = reply(opened(), at=AT + timedelta(hours=24, seconds=1))
    change = draft.change()
    events = [(entry.event, entry.data.get("clock")) for entry in change.history]
    assert ("missed", "first_response") in events
    assert events.index(("missed", "first_response")) < events.index(("replied", None))


# -- duplicates


def test_a_duplicate_names_another_case_that_is_worked_on() -> None:
    case, other = opened(), opened()
    for wrong in (None, case, replace(other, status=Status.DUPLICATE)):
        with pytest.raises(Invalid):
            verify(case, "duplicate", duplicate_of=wrong)
    with pytest.raises(Invalid):
        verify(case, "accept", duplicate_of=other)
    assert done(verify(case, "duplicate", duplicate_of=other)).links == (Link("duplicate_of", other.number),)


def test_a_duplicate_that_comes_back_is_linked_no_more() -> None:
    case = replace(WAYS[Status.DUPLICATE](), links=(Link("claims", "TGP-X"), Link("duplicate_of", "TGP-Y")))
    assert done(set_status(case, Status.NEW)).links == (Link("claims", "TGP-X"),)


def test_a_closed_case_that_comes_back_owes_a_solution_again() -> None:
    case = done(set_status(WAYS[Status.CLOSED](), Status.IN_PROGRESS))
    resolves = [clock.state for clock in case.clocks if clock.name == ClockName.RESOLVE]
    assert resolves == [ClockState.MET, ClockState.RUNNING]
    assert case.ended_at is None
    assert case.due_at


# -- what enters the history


@pytest.mark.parametrize(
    "act",
    [
        lambda: verify(opened(), "reject", "RAHASIA"),
        lambda: officers.assign(done(verify(opened())), COORDINATOR, "pu", "RAHASIA", "RAHASIA", (), AT, POLICY_1, IDS),
        lambda: officers.reply(opened(), LIAISON, "RAHASIA", (), False, (), AT, POLICY_1, IDS),
        lambda: officers.note(opened(), LIAISON, "RAHASIA", AT, POLICY_1, IDS),
        lambda: set_status(opened(), Status.TRANSFERRED, "RAHASIA"),
    ],
)
def test_the_history_holds_no_text_only_that_it_was_said(act: Callable[[], Draft]) -> None:
    draft = act()
    change = draft.change()
    assert "RAHASIA" not in str(change.history)
    assert any(entry.commitment for entry in change.history)
    assert change.case
    entries = change.history
    assert faults_in(change.case.number, entries[1:], change.case.head) != (), "a part of a chain is not the chain"


@pytest.mark.parametrize("how", ["identity_read", "identity_matched"])
def test_a_look_at_who_reported_is_an_entry_and_nothing_else(how: str) -> None:
    case = opened()
    change = officers.looked_at_identity(case, COORDINATOR, AT, POLICY_1, IDS, how).change()
    assert [(entry.event, entry.actor) for entry in change.history] == [(how, COORDINATOR.actor)]
    assert (change.deliveries, change.messages) == ((), ())


@pytest.mark.parametrize("text", ["", " \n"])
def test_nothing_is_no_note_and_no_reply(text: str) -> None:
    with pytest.raises(Invalid):
        officers.note(opened(), LIAISON, text, AT, POLICY_1, IDS)
    with pytest.raises(Invalid):
        officers.reply(opened(), LIAISON, text, (), False, (), AT, POLICY_1, IDS)


def test_a_case_that_comes_back_as_praise_and_is_a_complaint_after_all_owes_a_solution_again() -> None:
    back = done(set_status(WAYS[Status.REJECTED](), Status.NEW))
    praise = done(verify(back, kind=Kind.PRAISE))
    said_otherwise = officers.Correction(kind=Kind.COMPLAINT)
    later = AT + timedelta(days=2)
    case = done(officers.correct(praise, COORDINATOR, said_otherwise, (), (), later, POLICY_1, IDS))
    resolves = [(one.state, one.started_at) for one in case.clocks if one.name == ClockName.RESOLVE]
    assert resolves == [(ClockState.MET, AT), (ClockState.RUNNING, AT)], "counted from when it came back"


def test_an_answered_case_owes_no_second_solution_whatever_its_kind_becomes() -> None:
    case = WAYS[Status.ANSWERED]()
    said_otherwise = officers.Correction(kind=Kind.SUPERVISORY)
    again = done(officers.correct(case, COORDINATOR, said_otherwise, (), (), AT, POLICY_1, IDS))
    assert [one.state for one in again.clocks if one.name == ClockName.RESOLVE] == [ClockState.MET]


def test_a_term_that_begins_while_the_reporter_is_asked_waits_with_the_others() -> None:
    asked = done(verify(opened(Kind.PRAISE), "incomplete"))
    said_otherwise = officers.Correction(kind=Kind.COMPLAINT)
    case = done(officers.correct(asked, COORDINATOR, said_otherwise, (), (), AT, POLICY_1, IDS))
    assert [one.state for one in case.clocks if one.name == ClockName.RESOLVE] == [ClockState.PAUSED]


@pytest.mark.parametrize("now", [Status.VERIFIED, Status.FORWARDED, Status.IN_PROGRESS])
def test_a_duplicate_may_be_found_out_later(now: Status) -> None:
    assert done(verify(WAYS[now](), "duplicate", duplicate_of=opened())).status is Status.DUPLICATE
