"""However slow the table is, a sweep's letters end within the time of its function, and each minute goes on from there:
a sweep that is killed each minute at the same work would never come to what lies behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from tanggap.application.ports import Due
from tanggap.application.release import Release
from tanggap.application.sweep import FOR_LETTERS, Sweep, Swept
from tanggap.domain.case import Change
from tanggap.domain.errors import Conflict
from tanggap.domain.words import DeliveryState
from tests.support.ladders import BREACH, DESK, HEAD, INSPECTORATE, Over, file_many, steps_told, sweep_at
from tests.support.world import COORDINATOR, POLICY, START, World

#: Keys in one request to the table; of each letter its case is read too.
KEYS = 100


class Slow:
    """A table each of whose answers takes `seconds`, and the time of the function that asks. `late`: calls begun when
    it was over."""

    def __init__(self, cases: Any, seconds: float, left: float = FOR_LETTERS.total_seconds()) -> None:
        self._cases, self._seconds, self.left, self.late = cases, seconds, left, 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._cases, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self._pass(1)
            return found(*args, **kwargs)

        return call

    def asleep(self, dues: list[Due], on_unreadable: Any) -> Any:
        self._pass(-(-2 * len(dues) // KEYS))
        return self._cases.asleep(dues, on_unreadable)

    def remaining(self) -> timedelta:
        return timedelta(seconds=self.left)

    def _pass(self, answers: int) -> None:
        self.late += self.left < 0
        self.left -= answers * self._seconds


class SlowFiles(Slow):
    """Only a case's file takes its time."""

    def _pass(self, answers: int) -> None:
        pass

    def file(self, number: str, texts: bool = True) -> Any:
        super()._pass(1)
        return self._cases.file(number, texts)


def sweep_on(world: World, slow: Slow) -> Swept:
    """The cases are worked on at once: what is asked about is the time for letters."""
    sweep = Sweep(world.work(), world.cases)
    sweep.release = Release(world.work(slow, remaining=slow.remaining), slow)  # type: ignore[arg-type]
    return sweep(world.now)


@dataclass(frozen=True)
class Story:
    """`prepare` leaves letters that are due for `at`."""

    prepare: Callable[[World], object]
    at: datetime
    done: Callable[[World], bool]


def letters_that_are_met(world: World) -> None:
    for number in file_many(world, 60):
        sweep_at(world, START + timedelta(hours=12))
        world.desk.reply(COORDINATOR, number, "Kami periksa.", (), final=False)


def letters_of_the_day(world: World) -> None:
    file_many(world, 60)
    sweep_at(world, START + timedelta(hours=12))


def a_digest_of_many(world: World) -> None:
    file_many(world, 700)


OFFICES = 60
#: As many units more, each with people of its own.
MANY = {
    **POLICY,
    "units": [
        *POLICY["units"],
        *(
            {
                "id": f"u{n}",
                "name": f"Unit {n}",
                "head": [f"kepala{n}@kantor.example"],
                "liaisons": [f"u{n}@kantor.example"],
            }
            for n in range(OFFICES)
        ),
    ],
}


def a_letter_to_each_of_many_offices(world: World) -> None:
    world.policies.store(MANY, 2)
    world.policies.current(fresh=True)
    for n in range(OFFICES):
        file_many(world, 1, f"u{n}")


def due(world: World) -> list[object]:
    return list(world.cases.ladder_due(world.now, 5_000))


STORIES = {
    "letters to withdraw": Story(
        letters_that_are_met,
        START + timedelta(hours=22, minutes=1),
        lambda world: all(one.state is DeliveryState.WITHDRAWN for one in world.deliveries() if one.steps),
    ),
    "letters to keep until the morning": Story(
        letters_of_the_day,
        START + timedelta(days=1, hours=9),
        lambda world: not any(one.to_address == DESK for one in world.outbox()),
    ),
    "a letter to each of many offices": Story(
        a_letter_to_each_of_many_offices,
        BREACH,
        lambda world: steps_told(world).total() == len(steps_told(world)) == 3 * OFFICES,
    ),
    "a digest of hundreds": Story(
        a_digest_of_many, BREACH, lambda world: steps_told(world).total() == len(steps_told(world)) == 3 * 700
    ),
}


@pytest.mark.parametrize("seconds", [0.05, 0.4, 2.0])
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_letters_go_as_far_as_the_time_goes_on_a_slow_table_and_the_next_minute_goes_on(
    story: Story, seconds: float
) -> None:
    world = World("memory")
    story.prepare(world)
    world.now = story.at
    for minute in range(120):
        slow = Slow(world.cases, seconds)
        swept = sweep_on(world, slow)
        assert (swept.failed, slow.late) == (0, 0), f"minute {minute}"
        if not swept.unfinished:
            break
        world.later(seconds=5)
    else:
        pytest.fail("some minute goes no further")
    world.pump()
    assert not due(world)
    assert story.done(world)


def test_who_loses_every_race_for_a_digest_ends_in_time_and_takes_none_of_its_rows() -> None:
    class Rival(Slow):
        """Somebody else is always faster with the ladder's letters."""

        def commit(self, change: Change) -> Any:
            self._pass(1)
            if change.released_deliveries:
                raise Conflict
            return self._cases.commit(change)

    world = World("memory")
    file_many(world, 700)
    world.now = BREACH
    slow = Rival(world.cases, 1.5)
    swept = sweep_on(world, slow)
    assert slow.late == 0
    assert (swept.letters, swept.unfinished) == (0, True)
    assert world.pump() == []


@pytest.mark.parametrize("seconds", [30.0, 6.5], ids=["some batches fit", "not even one batch fits"])
def test_many_hand_overs_go_as_far_as_the_time_goes_and_the_next_minute_goes_on(seconds: float) -> None:
    world = World("memory")
    numbers = file_many(world, 45)
    world.now = START + timedelta(days=8)
    minutes, unfinished = 0, True
    while unfinished:
        world.later(minutes=1)
        slow = SlowFiles(world.cases, 0.6, seconds)
        swept = sweep_on(world, slow)
        assert (swept.failed, slow.late) == (0, 0)
        unfinished = swept.unfinished
        minutes += 1
        assert minutes < 30, "each minute goes on"
    world.pump()
    assert minutes >= 2
    rows = [one for one in world.deliveries() if one.address == INSPECTORATE and not one.parts]
    assert {one.case for one in rows} == set(numbers)
    assert all(one.state in (DeliveryState.BUNDLED, DeliveryState.SENT) for one in rows)
    assert steps_told(world).total() == len({*steps_told(world)}), "each step once"


def test_a_hand_over_that_waits_keeps_nobody_else_waiting() -> None:
    world = World("memory")
    file_many(world, 60)
    for days in (1, 2):
        sweep_at(world, START + timedelta(days=days))
    world.now = START + timedelta(days=7)
    file_many(world, 5)
    world.now = START + timedelta(days=8)
    assert sweep_on(world, SlowFiles(world.cases, 0.6, 8.0)).unfinished
    waiting = {one.address for one in world.deliveries() if one.asleep}
    assert waiting == {INSPECTORATE}


def test_letters_are_not_kept_waiting_behind_hand_overs_for_which_no_time_is_left() -> None:
    world = World("memory")
    file_many(world, 300)
    for days in (1, 2):
        sweep_at(world, START + timedelta(days=days))
        world.pump()
    world.now = START + timedelta(days=7)
    new = file_many(world, 5)
    world.now = START + timedelta(days=8)
    Sweep(world.work(), Over(world.cases, ladder_due=lambda *asked: ()))(world.now)  # type: ignore[arg-type]
    for minute in range(3):
        world.now = START + timedelta(days=8, minutes=minute)
        sweep_on(world, Slow(world.cases, 0.9))
    world.pump()
    told = {case for case, address, step in steps_told(world) if (address, step) == (HEAD, "first_response.breach")}
    assert told >= {*new}


def test_on_a_table_that_takes_six_seconds_for_each_answer_each_minute_comes_further() -> None:
    world = World("memory")
    file_many(world, 60)
    world.now = BREACH
    minutes = 0
    while (swept := sweep_on(world, slow := Slow(world.cases, 6.0))).unfinished:
        assert (swept.failed, slow.late) == (0, 0)
        world.later(minutes=1)
        minutes += 1
        assert minutes < 20
    world.pump()
    assert steps_told(world).total() == len(steps_told(world)) == 3 * 60
