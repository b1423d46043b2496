"""A new policy reaches the cases that are open: what moves, what stays, and never before what is due."""

from __future__ import annotations

import contextlib
import copy
from datetime import UTC, datetime, timedelta

import pytest

from tanggap.adapters.policies import StoredPolicies
from tanggap.application.policy_desk import PolicyDesk
from tanggap.application.recompute import Recomputed
from tanggap.domain.clocks import ClockState, extend
from tanggap.domain.draft import Draft
from tanggap.domain.history import faults_in
from tanggap.domain.terms import Extension, Term
from tanggap.domain.words import Kind
from tests.support.recomputing import DECREED, FRIDAY, THURSDAY, clock, minutes, moves, opened, raised, recompute, save
from tests.support.world import COORDINATOR, DOMAIN, POLICY, World, fake_aws


@pytest.fixture
def known(world: World) -> World:
    """The first version is known to be everywhere."""
    assert recompute(world)(world.now).finished
    return world


def test_hours_decreed_for_a_period_that_has_begun_move_what_is_open(known: World) -> None:
    (number,) = opened(known)
    ramadan = {"name": "Ramadan", "from": "2026-11-20", "until": "2026-12-18", "opens": "08:00", "closes": "15:00"}
    version = save(known, calendar={"hours_in": [ramadan]})
    minutes(known, lambda: recompute(known))
    verify = clock(known, number, "verify")
    assert (verify.due_at, verify.policy_version) == (THURSDAY - timedelta(hours=1), version)
    assert [one.data["clock"] for one in moves(known, number)] == ["verify", "resolve"]


# -- every open case, once


@pytest.mark.parametrize(("backend", "count"), [("memory", 300), ("dynamodb", 30)])
def test_a_decree_moves_each_open_case_once_and_each_history_says_so(backend: str, count: int) -> None:
    with fake_aws() if backend == "dynamodb" else contextlib.nullcontext():
        world = World(backend)
        numbers = opened(world, count)
        closed = opened(world)[0]
        world.desk.verify(COORDINATOR, closed, "reject", "Bukan kewenangan.")
        ended = world.cases.case(closed)
        version = save(world, calendar=DECREED)
        runs = minutes(world, lambda: recompute(world, most=count // 3, batch=max(count // 10, 3)))

        assert [run.moved > 0 for run in runs][:4] == [True, True, True, False], "in batches"
        assert sum(run.moved for run in runs) == count
        for number in numbers:
            case = world.cases.case(number)
            found = moves(world, number)
            assert [(one.data["clock"], one.data["policy"]) for one in found] == [
                ("verify", str(version)),
                ("resolve", str(version)),
            ]
            assert (found[0].data["was"], found[0].data["now"]) == (
                "2026-11-26T09:00:00.000Z",
                "2026-11-27T09:00:00.000Z",
            )
            assert clock(world, number, "verify").due_at == FRIDAY
            assert clock(world, number, "verify").policy_version == case.policy_version == version
            assert faults_in(number, world.cases.file(number).history, case.head) == ()
        assert world.cases.case(closed) == ended, "what has ended is left alone"
        assert recompute(world)(world.now) == Recomputed(version)


def test_the_index_by_which_a_case_is_found_moves_with_its_deadlines(known: World) -> None:
    (number,) = opened(known)
    known.desk.reply(COORDINATOR, number, "Sedang kami periksa.", (), final=False)  # the first response is met
    before = known.cases.case(number).due_at
    save(known, calendar=DECREED)
    minutes(known, lambda: recompute(known))
    after = known.cases.case(number).due_at
    assert after > before
    assert [due.due_at for due in known.cases.due(after, 10) if not due.delivery] == [after]
    assert known.cases.listing(("pu", None), (), FRIDAY - timedelta(seconds=1), None, 10).cases == ()


def test_a_policy_that_moves_nothing_costs_nothing(known: World) -> None:
    (number,) = opened(known)
    before = known.cases.case(number)
    version = save(known, agency="Pemerintah Desa Lain", leadership=["lain@kantor.example"])
    assert recompute(known)(known.now) == Recomputed(version)
    assert known.policies.recomputing().done == version
    assert known.cases.case(number) == before


# -- what is due comes first


def test_what_falls_due_meanwhile_is_climbed_in_its_minute_before_the_batch(known: World) -> None:
    late = opened(known)[0]
    known.later(hours=23, minutes=58)
    opened(known, 9)
    save(known, calendar=DECREED)
    first = known.later(minutes=1)
    known.sweep(first)
    assert recompute(known, most=1, batch=2)(first, raised).cases == 1, "the sweep took the other one along"
    assert clock(known, late, "first_response").state is ClockState.RUNNING
    due = known.later(minutes=1)
    swept = known.sweep(due)
    assert swept.steps >= 1
    missed = clock(known, late, "first_response")
    assert (missed.state, missed.missed_at) == (ClockState.MISSED, due)
    assert recompute(known, most=1, batch=2)(due, raised).cases == 2, "and goes on behind it"


def test_nothing_is_missed_by_yesterdays_calendar_though_its_turn_has_not_come(known: World) -> None:
    (number,) = opened(known)
    known.desk.reply(COORDINATOR, number, "Sedang kami periksa.", (), final=False)
    known.now = THURSDAY - timedelta(minutes=1)
    known.sweep()
    save(known, calendar=DECREED)
    known.now = THURSDAY
    known.sweep()  # the index still says that it is due
    assert clock(known, number, "verify").state is ClockState.RUNNING
    assert clock(known, number, "verify").due_at == FRIDAY
    assert [entry.data["clock"] for entry in moves(known, number)] == ["verify", "resolve"]
    known.now = FRIDAY
    known.sweep()
    assert clock(known, number, "verify").state is ClockState.MISSED
    assert len(moves(known, number)) == 2


def test_a_sweep_that_knows_the_policy_of_a_minute_ago_looks_at_the_one_in_force() -> None:
    with fake_aws():
        world = World("dynamodb")
        (number,) = opened(world)
        world.now = THURSDAY
        assert world.policies.current().version == 1  # and cached
        elsewhere = StoredPolicies(world.policies.row)
        PolicyDesk(elsewhere, DOMAIN).save(COORDINATOR, {**copy.deepcopy(POLICY), "calendar": DECREED}, world.now)
        world.sweep()
        assert clock(world, number, "verify").state is ClockState.RUNNING


def test_an_officers_act_is_judged_by_the_calendar_in_force(known: World) -> None:
    (number,) = opened(known)
    known.now = THURSDAY - timedelta(minutes=1)
    known.sweep()
    save(known, calendar=DECREED)
    known.now = THURSDAY + timedelta(seconds=30)  # no sweep in between
    known.desk.verify(COORDINATOR, number, "accept", "")
    assert clock(known, number, "verify").state is ClockState.MET
    assert [entry.actor for entry in moves(known, number)] == ["system", "system"]


def test_an_act_at_the_very_deadline_that_a_new_policy_sets_is_in_time(known: World) -> None:
    (number,) = opened(known)
    breach = [{"id": "breach", "fraction": 1, "audience": "desk"}]
    save(known, clocks={"verify": {"*": {"amount": 2, "unit": "hours"}}}, ladder=breach)
    known.later(hours=2)
    known.desk.verify(COORDINATOR, number, "accept", "")
    assert clock(known, number, "verify").state is ClockState.MET


def test_an_act_after_the_deadline_that_a_new_policy_sets_finds_the_breach_recorded(known: World) -> None:
    (number,) = opened(known)
    breach = [{"id": "breach", "fraction": 1, "audience": "desk"}]
    save(known, clocks={"verify": {"*": {"amount": 2, "unit": "hours"}}}, ladder=breach)
    known.later(hours=2, seconds=1)  # no sweep in between
    known.desk.verify(COORDINATOR, number, "accept", "")
    events = [entry.event for entry in known.cases.file(number).history if entry.data.get("clock") == "verify"]
    assert events == ["clock_moved", "missed", "escalated", "clock_met"]


def test_a_shorter_term_that_has_run_out_by_then_is_missed_by_the_next_sweep(known: World) -> None:
    (number,) = opened(known)
    known.later(hours=5)
    save(known, clocks={"verify": {"*": {"amount": 2, "unit": "hours"}}})
    known.later(minutes=1)
    known.sweep()
    recompute(known)(known.now, raised)
    known.later(minutes=1)
    known.sweep()
    assert clock(known, number, "verify").state is ClockState.MISSED


# -- what is judged stays


def test_a_decree_for_a_day_that_has_passed_saves_what_is_open_and_nothing_else(known: World) -> None:
    missed, met = opened(known, 2)
    known.later(hours=20)
    known.desk.verify(COORDINATOR, met, "accept", "")
    known.now = THURSDAY + timedelta(minutes=5)
    known.sweep()
    before = clock(known, missed, "verify"), clock(known, met, "verify")
    assert [one.state for one in before] == [ClockState.MISSED, ClockState.MET]
    save(known, calendar=DECREED)  # of yesterday
    minutes(known, lambda: recompute(known))
    assert (clock(known, missed, "verify"), clock(known, met, "verify")) == before
    for number in (missed, met):
        assert [entry.data["clock"] for entry in moves(known, number)] == ["resolve"]


def test_what_was_missed_keeps_the_term_that_it_was_judged_by(known: World) -> None:
    (number,) = opened(known)
    known.now = THURSDAY + timedelta(minutes=5)
    known.sweep()
    before = clock(known, number, "verify")
    assert before.state is ClockState.MISSED
    save(known, clocks={"verify": {"*": {"amount": 9, "unit": "working_days", "source": "SOP baru"}}})
    minutes(known, lambda: recompute(known))
    assert clock(known, number, "verify") == before
    assert not moves(known, number)


def test_going_back_to_the_earlier_policy_puts_each_deadline_back(known: World) -> None:
    numbers = opened(known, 4)
    before = {number: clock(known, number, "resolve").due_at for number in numbers}
    save(known, calendar=DECREED)
    minutes(known, lambda: recompute(known))
    PolicyDesk(known.policies, DOMAIN).restore(COORDINATOR, 1, known.now)
    minutes(known, lambda: recompute(known))
    for number in numbers:
        assert clock(known, number, "resolve").due_at == before[number]
        assert [entry.data["policy"] for entry in moves(known, number)] == ["2", "2", "3", "3"]


# -- terms and ladders


def test_another_term_counts_from_the_clocks_own_start_and_names_its_new_law(known: World) -> None:
    (number,) = opened(known)
    term = {"amount": 10, "unit": "working_days", "source": "PermenPANRB 5/2025"}
    save(known, clocks={"resolve": {"complaint": term}})
    minutes(known, lambda: recompute(known))
    resolve = clock(known, number, "resolve")
    assert resolve.due_at == datetime(2026, 12, 7, 9, tzinfo=UTC)
    assert resolve.source == "PermenPANRB 5/2025"
    assert [entry.data["rule"] for entry in moves(known, number)] == ["resolve.complaint"]


def test_time_that_was_granted_is_kept_and_in_the_unit_in_which_it_was_granted(known: World) -> None:
    kept, other = opened(known, 2)
    for number in (kept, other):
        case = known.cases.case(number)
        draft = Draft(case, known.now, COORDINATOR.actor, known.policies.current(), known.ids)
        old = draft.clock("resolve")
        assert old
        draft.put(old, extend(old, Extension(7, known.now, COORDINATOR.actor), draft.policy.calendar))
        draft.record("extended")
        known.cases.commit(draft.change())
    save(known, clocks={"resolve": {"complaint": {"amount": 10, "unit": "working_days"}}})
    minutes(known, lambda: recompute(known))
    assert clock(known, kept, "resolve").amount == 17
    assert clock(known, kept, "resolve").due_at == datetime(2026, 12, 16, 9, tzinfo=UTC)
    save(known, clocks={"resolve": {"complaint": {"amount": 240, "unit": "hours"}}})
    minutes(known, lambda: recompute(known))
    assert clock(known, kept, "resolve").term == Term(10, "working_days")
    assert clock(known, kept, "resolve").due_at == datetime(2026, 12, 16, 9, tzinfo=UTC)


def test_a_kind_that_is_promised_nothing_any_more_is_owed_nothing_and_the_history_says_by_which_policy(
    known: World,
) -> None:
    (number,) = opened(known, kind=Kind.ASPIRATION)
    version = save(known, clocks={"resolve": {"aspiration": None}})
    minutes(known, lambda: recompute(known))
    assert not clock(known, number, "resolve").open
    (entry,) = [one for one in known.cases.file(number).history if one.event == "clock_stopped"]
    assert (entry.data["clock"], entry.data["policy"]) == ("resolve", str(version))


def test_a_clock_that_a_policy_adds_is_for_new_cases_and_one_that_it_gives_up_runs_on(known: World) -> None:
    own = {"survey": {"*": {"amount": 5, "unit": "working_days"}, "starts": ["received"], "meets": ["closed"]}}
    old = opened(known)[0]
    save(known, clocks=own)
    minutes(known, lambda: recompute(known))
    new = opened(known)[0]
    assert "survey" not in {one.name for one in known.cases.case(old).clocks}
    save(known, calendar=DECREED)  # and without that clock
    minutes(known, lambda: recompute(known))
    survey = clock(known, new, "survey")
    assert survey.state is ClockState.RUNNING
    assert survey.due_at == datetime(2026, 12, 1, 9, tzinfo=UTC), "five working days, the decreed one left out"


def test_a_new_ladder_moves_when_a_case_is_looked_at_and_takes_no_step_twice(known: World) -> None:
    (number,) = opened(known)
    known.now = THURSDAY + timedelta(minutes=1)
    known.sweep()
    done = {one.name: one.steps_done for one in known.cases.case(number).clocks}
    assert done["verify"] == ("remind", "warn", "breach")
    ladder = [
        {"id": "remind", "fraction": 0.4, "audience": "desk"},
        {"id": "breach", "fraction": 1, "audience": "unit_head"},
        {"id": "late", "after": {"amount": 1, "unit": "hours"}, "audience": "leadership"},
    ]
    save(known, ladder=ladder)
    minutes(known, lambda: recompute(known))
    known.later(hours=1)
    known.sweep()
    climbed = [
        (one.data["clock"], one.data["step"]) for one in known.cases.file(number).history if one.event == "escalated"
    ]
    assert len(climbed) == len(set(climbed))
    assert ("verify", "late") in climbed
    assert not moves(known, number), "no deadline moved"


# -- what can't wait


SHORTER = {"resolve": {"complaint": {"amount": 5, "unit": "working_days"}}}


def test_what_a_shorter_term_makes_late_is_missed_in_the_next_minute_however_many_are_open(known: World) -> None:
    (old,) = (opened(known, 2)[1],)  # of the unit that is looked at last
    known.desk.verify(COORDINATOR, old, "accept", "")
    known.later(days=8)
    known.sweep()
    young = opened(known, 30)
    save(known, clocks=SHORTER)
    known.later(minutes=1)
    known.sweep()
    run = recompute(known, most=3)(known.now, raised)
    assert not run.finished
    left = [number for number in young if known.cases.case(number).policy_version == 1]
    assert len(left) >= 3, "those that can wait do"
    known.later(minutes=1)
    known.sweep()
    assert clock(known, old, "resolve").missed_at == known.now
    minutes(known, lambda: recompute(known))
    assert {known.cases.case(number).policy_version for number in young} == {2}


def test_looking_for_what_cannot_wait_writes_nothing_else(known: World) -> None:
    numbers = opened(known, 9)
    before = [known.cases.case(number) for number in numbers]
    save(known, calendar=DECREED)  # longer, for all of them
    left = [timedelta(minutes=1)] * 13 + [timedelta(0)] * 100
    recompute(known, remaining=lambda: left.pop(0))(known.now, raised)
    assert known.policies.recomputing().round == 2
    assert [known.cases.case(number) for number in numbers] == before


def test_what_a_promise_is_called_moves_nothing_and_costs_nothing(known: World) -> None:
    (number,) = opened(known)
    before = known.cases.case(number)
    version = save(known, clocks={"resolve": {"label": {"id": "penuntasan", "en": "completion"}}})
    assert recompute(known)(known.now) == Recomputed(version)
    assert known.cases.case(number) == before


def test_an_older_version_that_todays_rules_cannot_read_is_none(known: World) -> None:
    known.policies.store({**copy.deepcopy(POLICY), "units": "seven"}, 2)
    known.policies.store(copy.deepcopy(POLICY), 3)
    known.policies.current(fresh=True)
    assert known.policies.version(2) is None
    assert known.policies.version(1) is not None
    opened(known)
    assert minutes(known, lambda: recompute(known))[-1].finished


def test_a_unit_that_comes_back_after_its_term_did_has_one_clock_and_none_that_waits(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    world.desk.reply(COORDINATOR, number, "Sudah.", (), True)
    world.pump()
    later = world.later(hours=2)
    desk = PolicyDesk(world.policies, DOMAIN)
    desk.save(COORDINATOR, {**POLICY, "clocks": {"follow_up": {"*": None}}}, later)
    world.arrive(world.mail("Belum selesai, masih rusak.", recipients=(world.reply_address(number),)))
    world.desk.assign(COORDINATOR, number, "adm", None, "")
    desk.save(COORDINATOR, POLICY, later)
    world.desk.join(COORDINATOR, number, "pu", "")
    case = world.cases.case(number)
    mine = [clock for clock in case.clocks if (clock.name, clock.unit) == ("follow_up", "pu")]
    assert [clock.ticking for clock in mine][-1] is True
    assert sum(clock.open for clock in mine) == 1
    assert [clock for clock in case.unpromised if clock.stopped and clock.unit == "pu"] == []
