"""The walk over the open cases, cut, doubled or outrun by a newer policy: each case is moved once."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tanggap.application.ports import Recomputing
from tanggap.application.recompute import CACHES_EXPIRED, ENOUGH, MOST_ROUNDS, URGENT, Recomputed
from tanggap.domain.case import Case
from tanggap.domain.errors import Retry
from tanggap.domain.history import faults_in
from tests.support.cuts import Cut, Killed, each_cut
from tests.support.recomputing import DECREED, FRIDAY, clock, minutes, moves, opened, raised, recompute, save
from tests.support.world import COORDINATOR, POLICY, World


@pytest.fixture
def known(world: World) -> World:
    """The first version is known to be everywhere."""
    assert recompute(world)(world.now).finished
    return world


def test_time_that_runs_out_leaves_the_rest_to_the_next_minute(known: World) -> None:
    opened(known, 9)
    save(known, calendar=DECREED)
    left = [timedelta(minutes=1)] * (12 + 7) + [timedelta(seconds=1)] * 1_000  # twelve for the look at what is urgent
    hurried = recompute(known, remaining=lambda: left.pop(0), batch=2)
    run = hurried(known.now, raised)
    assert (run.finished, run.moved) == (False, 4)
    assert len([case for case in _all(known) if moves(known, case.number)]) == 4
    assert recompute(known, remaining=lambda: ENOUGH)(known.now) == Recomputed(2, finished=False)
    minutes(known, lambda: recompute(known))
    assert all(len(moves(known, case.number)) == 2 for case in _all(known))


def _all(world: World) -> list[Case]:
    found: list[Case] = []
    after = None
    while True:
        page = world.cases.listing((None, "pu", "adm"), (), None, after, 50)
        found += page.cases
        after = page.after
        if after is None:
            return found


def test_of_two_who_write_the_job_as_they_read_it_one_is_told(world: World) -> None:
    read = world.policies.recomputing()
    first = world.policies.keep_recomputing(replace(read, target=2, round=1, unit="-", not_before=world.now))
    assert first == world.policies.recomputing() == replace(first, target=2, not_before=world.now)
    assert world.policies.keep_recomputing(replace(read, target=3)) is None
    second = world.policies.keep_recomputing(replace(first, after="0#x"))
    assert world.policies.keep_recomputing(replace(first, after="0#y")) is None
    assert world.policies.recomputing() == second


def test_two_runs_at_once_move_each_case_once(known: World) -> None:
    numbers = opened(known, 7)
    save(known, calendar=DECREED)

    class Interrupted:
        """Before each write of this run, another one runs whole."""

        def __getattr__(self, name: str) -> Any:
            return getattr(known.policies, name)

        def keep_recomputing(self, job: Recomputing) -> Recomputing | None:
            recompute(known)(known.now, raised)
            kept: Recomputing | None = known.policies.keep_recomputing(job)
            return kept

    run = recompute(known, policies=Interrupted(), batch=2, page=2)
    assert not run(known.now, raised).finished
    minutes(known, lambda: run)
    assert {len(moves(known, number)) for number in numbers} == {2}


def test_a_newer_version_begins_anew_and_ends_where_it_says(known: World) -> None:
    numbers = opened(known, 7)
    save(known, calendar=DECREED)
    assert recompute(known, most=1, batch=2)(known.now, raised).moved == 2
    save(known, calendar={"days_off": [*DECREED["days_off"], {"date": "2026-11-26", "name": "Cuti bersama"}]})
    minutes(known, lambda: recompute(known))
    for number in numbers:
        assert clock(known, number, "verify").due_at == datetime(2026, 11, 30, 9, tzinfo=UTC)
        assert known.cases.case(number).policy_version == 3
    assert known.policies.recomputing().done == 3


def test_letters_that_change_meanwhile_do_not_begin_it_anew(known: World) -> None:
    opened(known, 9)
    save(known, calendar=DECREED)
    recompute(known, most=1, batch=2)(known.now, raised)
    before = known.policies.recomputing()
    save(known, calendar=DECREED, agency="Pemerintah Desa Lain")
    recompute(known, most=1, batch=2)(known.now, raised)
    after = known.policies.recomputing()
    assert (after.round, after.unit) >= (before.round, before.unit) and after.moved > before.moved
    assert after.target == before.target
    minutes(known, lambda: recompute(known))
    assert {len(moves(known, case.number)) for case in _all(known)} == {2}


def test_a_case_that_a_process_with_the_older_policy_opened_meanwhile_is_found_by_the_second_round(
    known: World,
) -> None:
    older = known.policies.current()
    save(known, calendar=DECREED)
    assert not recompute(known)(known.now, raised).finished, "the first round saw no case"
    (number,) = opened(known, policy=older)
    soon = known.later(minutes=1)
    assert not recompute(known)(soon, raised).finished
    assert not moves(known, number), "some process may still hold the older policy"
    known.later(seconds=CACHES_EXPIRED.total_seconds())
    assert recompute(known)(known.now, raised) == Recomputed(2, 1, 1, 0, True)
    assert clock(known, number, "verify").due_at == FRIDAY


def test_what_a_process_with_the_older_policy_decides_is_computed_once_more(known: World) -> None:
    older = known.policies.current()
    (number,) = opened(known)
    save(known, calendar=DECREED)
    recompute(known)(known.now, raised)
    case = known.cases.case(number)
    assert case.policy_version == 2

    from tanggap.domain.advance import begin

    draft = begin(case, known.later(minutes=1), "officer:x", older, known.ids)
    draft.record("noted")
    known.cases.commit(draft.change())
    assert known.cases.case(number).policy_version == 1
    assert clock(known, number, "verify").due_at == FRIDAY, "it moves nothing back"
    known.later(seconds=CACHES_EXPIRED.total_seconds())
    recompute(known)(known.now, raised)
    assert known.cases.case(number).policy_version == 2
    assert len(moves(known, number)) == 2, "and nothing twice"


def test_a_case_that_cannot_be_written_stops_no_other_and_is_tried_again(known: World) -> None:
    numbers = opened(known, 6)
    save(known, calendar=DECREED)
    broken, tries = numbers[2], list[str]()

    class Refusing:
        def __getattr__(self, name: str) -> Any:
            return getattr(known.cases, name)

        def case(self, number: str) -> Case | None:
            if number == broken and len(tries) < 2:
                tries.append(number)
                raise Retry("throttled")
            found: Case | None = known.cases.case(number)
            return found

    told: list[str] = []
    run = recompute(known, cases=Refusing())
    for _ in range(4):
        finished = run(known.now, lambda number, error: told.append(number)).finished
        known.later(seconds=CACHES_EXPIRED.total_seconds())
    assert finished
    assert told == [broken, broken]
    assert {len(moves(known, number)) for number in numbers} == {2}


def test_a_case_that_can_never_be_written_does_not_keep_the_job_for_ever(known: World) -> None:
    (number,) = opened(known)
    save(known, calendar=DECREED)

    class Refusing:
        def __getattr__(self, name: str) -> Any:
            return getattr(known.cases, name)

        def case(self, number: str) -> Case | None:
            raise Retry("throttled")

    told: list[str] = []
    run = recompute(known, cases=Refusing())
    for _ in range(MOST_ROUNDS):
        finished = run(known.now, lambda number, error: told.append(number)).finished
        known.later(seconds=CACHES_EXPIRED.total_seconds())
    assert finished
    assert told == [number] * (MOST_ROUNDS - URGENT)
    known.desk.note(COORDINATOR, number, "Sudah dilihat.")
    assert clock(known, number, "verify").due_at == FRIDAY, "whoever touches it recomputes it"


def test_a_table_of_before_there_were_jobs_is_brought_up_once(world: World) -> None:
    numbers = opened(world, 3)
    world.policies.store({**copy.deepcopy(POLICY), "calendar": DECREED}, 2)  # by whichever way
    assert world.policies.recomputing() == Recomputing()
    minutes(world, lambda: recompute(world))
    assert {len(moves(world, number)) for number in numbers} == {2}


def test_a_run_cut_anywhere_and_resumed_moves_each_case_once() -> None:
    runs_cut_anywhere(lambda: World("memory"))


def runs_cut_anywhere(worlds: Callable[[], World]) -> None:
    """On the real table by tests/acceptance/test_on_the_table.py."""

    def run(cut: Cut) -> None:
        world = worlds()
        recompute(world)(world.now)
        numbers = opened(world, 2)
        save(world, calendar=DECREED)
        with contextlib.suppress(Killed):
            recompute(world, cases=cut.wrap(world.cases), policies=cut.wrap(world.policies))(world.now, raised)
        minutes(world, lambda: recompute(world))
        for number in numbers:
            file = world.cases.file(number)
            assert [entry.data["clock"] for entry in moves(world, number)] == ["verify", "resolve"]
            assert (file.case.policy_version, clock(world, number, "verify").due_at) == (2, FRIDAY)
            assert faults_in(number, file.history, file.case.head) == ()
        assert world.policies.recomputing().done == 2

    assert each_cut(run) >= 12
