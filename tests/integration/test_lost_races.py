"""Somebody else is faster, again and again: no failure, and told apart from one. What a lost race leaves is the next
sweep's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tanggap.application.ports import Share
from tanggap.application.races import RACES
from tanggap.application.sweep import Sweep, Swept
from tanggap.domain.case import Change
from tanggap.domain.errors import Conflict, Retry
from tanggap.entrypoints import settings
from tanggap.entrypoints.composition import services
from tests.support.functions import composed
from tests.support.ladders import BREACH, Over, file_many, steps_told
from tests.support.lambdas import function, lines
from tests.support.portal import Context
from tests.support.world import World, fake_aws


def beaten(table: Any, error: type[Exception], times: int, of: Callable[[Change], Any]) -> Over:
    """A table on which whoever commits such a change is refused so many times."""
    left = times

    def commit(change: Change) -> None:
        nonlocal left
        if left and of(change):
            left -= 1
            raise error("somebody was faster")
        table.commit(change)

    return Over(table, commit=commit)


def sweep_of(world: World, table: Any) -> Sweep:
    return Sweep(world.work(table), table)


def a_case(change: Change) -> bool:
    return change.case is not None


def a_letter(change: Change) -> bool:
    return bool(change.released_deliveries)


@pytest.fixture
def world() -> World:
    world = World("memory")
    file_many(world, 1)
    world.now = BREACH
    return world


@pytest.mark.parametrize("of", [a_case, a_letter])
def test_a_race_lost_to_the_end_is_no_failure_and_leaves_the_sweep_unfinished(
    world: World, of: Callable[[Change], Any]
) -> None:
    swept = sweep_of(world, beaten(world.cases, Conflict, RACES, of))(BREACH)
    assert (swept.raced, swept.failed, swept.unfinished) == (1, 0, True)
    world.later(minutes=1)
    after = world.sweep()
    assert (after.raced, after.failed, after.unfinished) == (0, 0, False)
    world.pump()
    assert steps_told(world).total() == len(steps_told(world)) > 0


@pytest.mark.parametrize("of", [a_case, a_letter])
def test_a_race_that_is_won_at_last_is_not_told_of(world: World, of: Callable[[Change], Any]) -> None:
    swept = sweep_of(world, beaten(world.cases, Conflict, RACES - 1, of))(BREACH)
    assert (swept.raced, swept.failed, swept.unfinished) == (0, 0, False)


@pytest.mark.parametrize("of", [a_case, a_letter])
def test_a_table_that_does_not_answer_is_a_failure_and_no_race(world: World, of: Callable[[Change], Any]) -> None:
    swept = sweep_of(world, beaten(world.cases, Retry, 1, of))(BREACH)
    assert (swept.raced, swept.failed) == (0, 1)


def test_a_share_that_loses_a_race_says_so_and_is_unfinished(world: World) -> None:
    table = beaten(world.cases, Conflict, RACES, a_case)
    sweep = sweep_of(world, table)
    assert sweep.share(BREACH, Share(0, 1)) == Swept(raced=1, unfinished=True)
    after = sweep.share(BREACH, Share(0, 1))
    assert (after.cases, after.raced, after.unfinished) == (1, 0, False)


def woken_whole(change: Change) -> bool:
    return any(row.wake and row.parts for row in change.released_deliveries)


def test_a_letter_of_a_cut_off_sweep_that_somebody_else_wakes_first_is_not_counted_as_let_out() -> None:
    def commit(change: Change) -> None:
        nonlocal written
        if a_letter(change):
            written += 1
            if written > 1:  # its first part stands, and it sleeps
                raise Retry("not now")
        world.cases.commit(change)

    world, written = World("memory"), 0
    file_many(world, 120)
    world.now = BREACH
    assert sweep_of(world, Over(world.cases, commit=commit))(BREACH).failed
    world.later(minutes=15)
    swept = sweep_of(world, beaten(world.cases, Conflict, 1, woken_whole))(world.now)
    assert (swept.raced, swept.failed, swept.unfinished) == (1, 0, True)
    for _ in range(2):
        world.later(minutes=15)
        after = world.sweep()
    assert (after.raced, after.unfinished) == (0, False)
    world.pump()
    assert steps_told(world).total() == len(steps_told(world)) == 3 * 120


# ── The function ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def deployed() -> Iterator[World]:
    with fake_aws():
        world = World("dynamodb")
        with composed({"CASES_TABLE": world.cases.row.Meta.table_name, "SIMULATED_TIME": "allowed"}):
            file_many(world, 1)
            yield world


@pytest.mark.parametrize(
    ("error", "times", "code", "counted", "facts"),
    [  # a function's sweep asks once more, a moment later
        (Conflict, 2 * RACES, "case_raced", False, {"failed": 0, "raced": 1, "unfinished": True}),
        (Retry, 2, "case_stuck", True, {"failed": 1, "raced": 0, "unfinished": False}),
    ],
)
@pytest.mark.parametrize("called", [False, True])
def test_the_function_tells_a_lost_race_and_counts_a_failure(
    deployed: World,
    capsys: pytest.CaptureFixture[str],
    called: bool,
    error: type[Exception],
    times: int,
    code: str,
    counted: bool,
    facts: dict[str, Any],
) -> None:
    until = datetime.now(UTC) + timedelta(minutes=1)
    share = {"share": {"part": 0, "of": 1}, "until": until.isoformat()} if called else {}
    parts = services(settings.Escalate)
    parts.__dict__["cases"] = beaten(parts.cases, error, times, a_case)
    with lines() as told:
        answer = function("escalate").handler({"time": BREACH.isoformat(), **share}, Context())
    assert {name: answer[name] for name in facts} == facts
    (line,) = [one for one in told if one["code"] == ("share_swept" if called else "swept")]
    assert {name: line[name] for name in facts} == facts
    assert [one["code"] for one in told if one["code"].startswith("case_")] == [code]
    assert ('"WorkFailed":[1.0]' in capsys.readouterr().out) is counted
