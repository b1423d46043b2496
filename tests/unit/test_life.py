"""The table of states and moves is what the code does: each row is made once, by whom and through what it says, and its
letters and clocks are compared with what it promises."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from infra.ops import case_life
from tanggap.domain import citizens, extensions, officers
from tanggap.domain.advance import advance
from tanggap.domain.case import Case, Message
from tanggap.domain.citizens import Addition
from tanggap.domain.clocks import Clock, ClockName, ClockState
from tanggap.domain.draft import Draft
from tanggap.domain.errors import NotAllowed
from tanggap.domain.handover import Handover
from tanggap.domain.life import REPORTER, SILENCE, TABLE, Door, Move, by, effects, following, way, ways
from tanggap.domain.officers import Correction
from tanggap.domain.permissions import Act
from tanggap.domain.words import ENDED, Channel, Kind, Purpose, Status
from tests.support.world import COORDINATOR, LIAISON
from tests.unit.test_officers import AT, IDS, POLICY_1, WAYS, done, opened, verify

WORDS = {"clock_met": "met", "clock_paused": "paused", "clock_resumed": "resumed", "clock_restarted": "restarted"}


def name_of(row: Move) -> str:
    asked = f"-asked-{row.asked[0]}" if row.asked else ""
    return f"{row.now}-{row.to}-{row.door}{asked}"


def standing(row: Move) -> Case:
    """A case that stands where the row begins."""
    asked = next((one for one in row.asked if one is not None), None)
    if asked is None:
        return WAYS[row.now]()
    case = moved(WAYS[asked](), Status.NEEDS_INFO)
    return moved(case, Status.CLOSED) if row.now is Status.CLOSED else case


def moved(case: Case, to: Status) -> Case:
    return done(officers.set_status(case, COORDINATOR, to, "alasan", (), AT, POLICY_1, IDS))


def made(row: Move, case: Case) -> Draft:
    """The move, as its door makes it."""
    if row.door is Door.VERIFICATION:
        decision = next(word for word, status in officers.DECISIONS.items() if status is row.to)
        other = opened() if decision == "duplicate" else None
        return verify(case, decision, duplicate_of=other)
    if row.door is Door.ASSIGNMENT:
        return officers.assign(case, COORDINATOR, "pu", None, "", (), AT, POLICY_1, IDS)
    if row.door is Door.REPLIES:
        return officers.reply(case, LIAISON, "Sudah.", (), row.to is Status.ANSWERED, (), AT, POLICY_1, IDS)
    if row.door is Door.STATUS:
        to = Handover(to="Dinas Contoh") if row.to is Status.TRANSFERRED else None
        officer = LIAISON if case.unit == LIAISON.unit else COORDINATOR  # whose word meets the unit's clock too
        return officers.set_status(case, officer, row.to, "alasan", (), AT, POLICY_1, IDS, to)
    if row.door is Door.MESSAGE:
        return citizens.add_message(case, Addition(message=said(case), proof="token"), AT, POLICY_1, IDS)
    (reply,) = (one for one in case.clocks if one.name == ClockName.REPORTER_REPLY and one.ticking)
    return advance(case, reply.due_at + timedelta(minutes=1), POLICY_1, IDS)


def said(case: Case, text: str = "Ini keterangannya.", actor: str = "reporter") -> Message:
    key = IDS.new(AT)
    return Message(
        id=key, case=case.number, direction="in", channel=Channel.EMAIL, at=AT, text=text, actor=actor, external_id=key
    )


@pytest.mark.parametrize("row", TABLE, ids=name_of)
def test_each_row_is_a_move_that_is_made_and_tells_the_reporter_what_it_says(row: Move) -> None:
    case = standing(row)
    draft = made(row, case)
    change = draft.change()
    assert change.case
    assert change.case.status is row.to
    told = [letter.purpose for letter in change.deliveries if letter.reporter]
    if row.told is Purpose.DISPOSITION and officers.DISPOSED in case.marks:
        assert told == []
    else:
        assert told == ([row.told] if row.told else [])


@pytest.mark.parametrize("row", TABLE, ids=name_of)
def test_each_row_does_to_the_clocks_what_it_says_wherever_they_stand_so(row: Move) -> None:
    case = standing(row)
    draft = made(row, case)
    happened: set[tuple[str, str]] = set()
    for entry in draft.change().history:
        if entry.event in WORDS:
            happened.add((entry.data["clock"], WORDS[entry.event]))
    was = Counter(clock.name for clock in case.clocks)
    happened |= {(name, "started") for name in Counter(clock.name for clock in draft.case.clocks) - was}
    promised = {(name, word) for name, words in effects(row, POLICY_1.promises.values()).items() for word in words}
    can = {(name, word) for name, word in promised if _can(row, case, name, word, (name, "met") in promised)}
    assert happened == can


def _can(row: Move, case: Case, name: str, word: str, again: bool) -> bool:
    """Does such a clock stand so that it can be? `again`: the move ends one of this name first."""
    mine = [clock for clock in case.clocks if clock.name == name]
    if word == "started":
        # A unit's clock starts with the unit: of a case that has none there is nothing to start.
        somebody = name != ClockName.FOLLOW_UP or bool(case.unit) or row.door is Door.ASSIGNMENT
        return somebody and (again or not any(clock.open for clock in mine))
    if word == "met":
        return any(clock.open for clock in mine)
    state = ClockState.RUNNING if word == "paused" else ClockState.PAUSED
    return any(clock.state is state for clock in mine)


def test_a_move_that_is_no_row_is_refused_with_the_rows_that_there_are() -> None:
    for status, make in WAYS.items():
        case = make()
        for to in Status:
            if to in following(case):
                assert way(case, to).to is to
            else:
                with pytest.raises(Exception, match=", ".join(following(case))):
                    way(case, to)
        assert {row.now for row in ways(case)} == {status}


def test_every_status_can_be_reached_left_and_is_written_once_a_way() -> None:
    assert {row.to for row in TABLE} == set(Status)
    assert {row.now for row in TABLE} == set(Status)
    keys = Counter((row.now, row.to, row.by, row.door, asked) for row in TABLE for asked in row.asked or ("any",))
    assert set(keys.values()) == {1}


def test_only_the_reporter_and_silence_move_a_case_without_an_officer() -> None:
    for row in TABLE:
        assert isinstance(row.by, Act) == (row.door not in (Door.MESSAGE, Door.SWEEP))
        assert not (row.by == SILENCE and row.to not in ENDED)
        assert not (row.by == REPORTER and row.told), "nobody is written to for having written"


def test_the_runbook_shows_the_table_of_the_code() -> None:
    assert case_life.PLACE.read_text() == case_life.render(), "run: python -m infra.ops.case_life"


# -- where a question leads back to


@pytest.mark.parametrize("was", [Status.NEW, Status.VERIFIED, Status.FORWARDED, Status.IN_PROGRESS])
def test_an_answer_brings_the_case_back_to_where_it_was_asked_and_its_clocks_go_on(was: Status) -> None:
    before = WAYS[was]()
    asked = moved(before, Status.NEEDS_INFO)
    assert {clock.state for clock in asked.clocks if clock.name == ClockName.RESOLVE} == {ClockState.PAUSED}
    later = AT + timedelta(days=3)
    back = done(citizens.add_message(asked, Addition(message=said(asked), proof="token"), later, POLICY_1, IDS))
    assert (back.status, back.asked_while) == (was, None)
    resolve, paused = _clock(back, ClockName.RESOLVE), _clock(before, ClockName.RESOLVE)
    assert resolve.state is ClockState.RUNNING
    assert resolve.due_at > paused.due_at
    assert _clock(back, ClockName.REPORTER_REPLY).state is ClockState.MET


@pytest.mark.parametrize("was", [Status.NEW, Status.IN_PROGRESS])
def test_who_answers_after_the_silence_finds_the_case_where_it_was(was: Status) -> None:
    asked = moved(WAYS[was](), Status.NEEDS_INFO)
    closed = done(advance(asked, AT + timedelta(days=30), POLICY_1, IDS))
    assert (closed.status, closed.asked_while) == (Status.CLOSED, was)
    late = AT + timedelta(days=40)
    back = done(citizens.add_message(closed, Addition(message=said(closed), proof="token"), late, POLICY_1, IDS))
    assert (back.status, back.asked_while, back.ended_at) == (was, None, None)
    assert _clock(back, ClockName.RESOLVE).started_at == late
    if was is Status.NEW:
        assert _clock(back, ClockName.VERIFY).started_at == late


def test_a_case_of_an_older_release_that_waits_for_details_goes_back_to_new() -> None:
    from dataclasses import replace

    asked = replace(moved(WAYS[Status.FORWARDED](), Status.NEEDS_INFO), asked_while=None)
    row = by(asked, REPORTER)
    assert row
    assert row.to is Status.NEW


@pytest.mark.parametrize("actor", ["other", "reporter"])
@pytest.mark.parametrize("automatic", [True, False])
def test_only_the_reporter_in_person_moves_a_case(actor: str, automatic: bool) -> None:
    from dataclasses import replace

    case = WAYS[Status.ANSWERED]()
    message = replace(said(case, "Belum selesai!", actor), automatic=automatic)
    draft = citizens.add_message(case, Addition(message=message, proof="token"), AT, POLICY_1, IDS)
    reopened = actor == "reporter" and not automatic
    assert draft.case.status is (Status.IN_PROGRESS if reopened else Status.ANSWERED)
    assert (citizens.DISSATISFIED in draft.case.marks) == reopened


def _clock(case: Case, name: str) -> Clock:
    return next(clock for clock in reversed(case.clocks) if clock.name == name)


def test_what_silence_has_ended_is_over_also_before_a_sweep_has_seen_it() -> None:
    late = AT + timedelta(days=60)
    asked = done(verify(opened(Kind.PRAISE), "incomplete"))
    with pytest.raises(NotAllowed, match="closed is not classified"):
        officers.correct(asked, COORDINATOR, Correction(kind=Kind.COMPLAINT), (), (), late, POLICY_1, IDS)
    with pytest.raises(NotAllowed, match="closed is not answered"):
        officers.reply(WAYS[Status.ANSWERED](), LIAISON, "Lagi.", (), False, (), late, POLICY_1, IDS)
    with pytest.raises(NotAllowed, match="closed owes nothing"):
        extensions.ask(asked, COORDINATOR, "verify", "", "x", (), late, POLICY_1, IDS)
