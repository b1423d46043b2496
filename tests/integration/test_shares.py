"""More is due than one run of the sweep takes: others are called on, each for its shards, once and for the minute."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tanggap.adapters.helpers import LambdaHelpers, called_by
from tanggap.adapters.ids import RandomIds
from tanggap.application import sweep as sweeping
from tanggap.application.ports import Share
from tanggap.application.scheduled import Scheduled
from tanggap.application.sweep import AT_ONCE, LIMIT, Sweep, Swept
from tanggap.domain.case import Case, Change
from tanggap.domain.errors import Retry
from tanggap.domain.history import faults_in
from tests.support.cuts import Cut, Killed, each_cut
from tests.support.world import START, World

LATER = START + timedelta(days=3)
OF = 4


class Filled:
    """An index that names more than there is: the first cases of a large one. Real ones are made of `world`'s."""

    def __init__(self, cases: Any, more: int = LIMIT) -> None:
        self._cases, self._more = cases, more

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)

    def due(self, at: datetime, limit: int, share: Share | None = None) -> list[Any]:
        found = list(self._cases.due(at, limit, share))
        return found if share else (found * (self._more // max(1, len(found)) + 1))[: self._more]


class Called:
    """Takes calls and keeps them."""

    def __init__(self, number: int = OF) -> None:
        self.number, self.calls = number, list[tuple[datetime, timedelta]]()

    def call(self, at: datetime, remaining: timedelta) -> int:
        self.calls.append((at, remaining))
        return self.number


def opened(world: World, number: int) -> list[str]:
    numbers = [world.new_case(sender=f"warga{one}@warga.example", text=f"Lampu mati {one}") for one in range(number)]
    world.now = LATER
    return numbers


def work(world: World, cases: Any, seconds: float = 50) -> Scheduled:
    return world.work(cases, remaining=lambda: timedelta(seconds=seconds))


def advanced(world: World, numbers: list[str]) -> list[str]:
    return [number for number in numbers if (world.cases.case(number).due_at or LATER + timedelta(1)) > LATER]


def test_below_its_limit_a_sweep_calls_on_nobody() -> None:
    world, called = World("memory"), Called()
    numbers = opened(world, 3)
    swept = Sweep(work(world, world.cases), world.cases, called)(LATER)
    assert (swept.cases, swept.shares, swept.unfinished, called.calls) == (3, 0, False, [])
    assert len(advanced(world, numbers)) == 3


def test_at_its_limit_it_leaves_the_cases_to_others_and_keeps_what_no_share_does() -> None:
    world, called = World("memory"), Called()
    numbers = opened(world, 6)
    filled = Filled(world.cases)
    swept = Sweep(work(world, filled), filled, called)(LATER)
    assert called.calls == [(LATER, timedelta(seconds=50))]
    assert (swept.cases, swept.shares, swept.unfinished) == (0, OF, True)
    assert advanced(world, numbers) == []

    shares = [Sweep(work(world, filled), filled, called).share(LATER, Share(part, OF)) for part in range(OF)]
    assert sum(one.cases for one in shares) == 6
    assert len(advanced(world, numbers)) == 6, "each case belongs to one share"
    assert len(called.calls) == 1, "a share calls on nobody"
    assert not any(one.letters for one in shares)

    after = Sweep(work(world, world.cases), world.cases, called)(LATER + timedelta(minutes=1))
    assert after.letters and not after.unfinished, "their letters are the next sweep's"


def test_where_nobody_comes_it_works_by_itself() -> None:
    world, nobody = World("memory"), Called(0)
    numbers = opened(world, 3)
    filled = Filled(world.cases)
    swept = Sweep(work(world, filled), filled, nobody)(LATER)
    assert (swept.shares, swept.unfinished) == (0, True)
    assert len(advanced(world, numbers)) == 3


def test_shares_divide_all_cases_between_them_and_take_no_row(worlds: Callable[[], World]) -> None:
    world = worlds()
    opened(world, 4)
    world.now = START
    world.arrive(world.mail(sender="budi@warga.example"))  # whose acknowledgement nobody has sent
    whole = list(world.cases.due(LATER, 100))
    for of in (1, 2, 4):
        shares = [list(world.cases.due(LATER, 100, Share(part, of))) for part in range(of)]
        named = [due for share in shares for due in share]
        assert Counter(named) == Counter(due for due in whole if not due.delivery)
    rows = [due for due in whole if due.delivery]
    assert Counter(rows) == Counter(world.cases.unsent_due(LATER, 100))
    assert len(rows) == 1


def test_a_share_whose_time_is_over_begins_nothing() -> None:
    world = World("memory")
    numbers = opened(world, 3)
    late = Sweep(work(world, world.cases, seconds=-1), world.cases)
    assert late.share(LATER, Share(0, 1)) == Swept(unfinished=True)
    assert advanced(world, numbers) == []


class Together:
    """No case is written before `at_once` of them are about to be."""

    def __init__(self, cases: Any, at_once: int) -> None:
        self._cases, self._together, self._one = cases, threading.Barrier(at_once), threading.Lock()
        self.left = at_once

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)

    def commit(self, change: Change) -> None:
        with self._one:
            first, self.left = self.left > 0, self.left - 1
        if first:
            self._together.wait(timeout=5)
        with self._one:
            self._cases.commit(change)


def test_cases_are_worked_on_at_once_and_each_once() -> None:
    world = World("memory")
    numbers = opened(world, 2 * AT_ONCE)
    slow = Together(world.cases, AT_ONCE)
    given = Scheduled(slow, world.policies, RandomIds(), lambda: LATER)  # type: ignore[arg-type]
    swept = Sweep(given, slow, at_once=AT_ONCE).share(LATER, Share(0, 1))  # type: ignore[arg-type]
    assert (swept.cases, swept.failed) == (2 * AT_ONCE, 0)
    steps = [entry.event for number in numbers for entry in world.cases.histories[number]]
    assert steps.count("escalated") == swept.steps > 0


class Throttled:
    """Refuses each case's first commit."""

    def __init__(self, cases: Any) -> None:
        self._cases, self.refused = cases, set[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)

    def commit(self, change: Change) -> None:
        if change.case and change.case.number not in self.refused:
            self.refused.add(change.case.number)
            raise Retry("the transaction was not taken")
        self._cases.commit(change)


def test_a_throttled_table_is_asked_once_more_a_moment_later() -> None:
    world, pauses = World("memory"), list[float]()
    numbers = opened(world, 5)
    throttled = Throttled(world.cases)
    given = Scheduled(throttled, world.policies, RandomIds(), lambda: LATER)  # type: ignore[arg-type]
    swept = Sweep(given, throttled, at_once=2, pause=pauses.append).share(LATER, Share(0, 1))  # type: ignore[arg-type]
    assert (swept.cases, swept.failed) == (5, 0)
    assert pauses == [sweeping.PAUSE] * 5
    assert len(advanced(world, numbers)) == 5


class Counting:
    """Counts what is asked of the table."""

    def __init__(self, cases: Any) -> None:
        self._cases, self.asked = cases, Counter[str]()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._cases, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self.asked[name] += 1
            return found(*args, **kwargs)

        return call


def test_a_case_costs_one_request_beside_the_batch_that_reads_it() -> None:
    world = World("memory")
    numbers = opened(world, 12)
    counting = Counting(world.cases)
    swept = Sweep(work(world, counting), counting).share(LATER, Share(0, 1))  # type: ignore[arg-type]
    assert swept.cases == len(numbers) == counting.asked["commit"]
    assert (counting.asked["as_they_are"], counting.asked["case"]) == (1, 0)


class Moved:
    """Somebody else is faster with each case, after the batch was read."""

    def __init__(self, cases: Any, act: Callable[[Case], None]) -> None:
        self._cases, self._act = cases, act

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)

    def as_they_are(self, numbers: Any) -> Any:
        found = self._cases.as_they_are(numbers)
        for case in found.values():
            self._act(case)
        return found


def test_what_a_batch_read_too_early_is_read_anew() -> None:
    world = World("memory")
    numbers = opened(world, 3)
    moved = Moved(world.cases, lambda case: Sweep(world.work(), world.cases)(LATER) and None)
    swept = Sweep(world.work(moved), moved)(LATER)  # type: ignore[arg-type]
    assert (swept.failed, swept.steps) == (0, 0)
    for number in numbers:
        told = [step for row in world.cases.file(number).deliveries for step in row.steps]
        assert len(told) == len(set(told)) > 0


def test_a_share_cut_anywhere_leaves_the_rest_to_the_next_minute_and_climbs_each_rung_once() -> None:
    def run(cut: Cut) -> None:
        world = World("memory")
        numbers = opened(world, 2)
        cases = cut.wrap(world.cases)
        with contextlib.suppress(Killed):
            Sweep(world.work(cases, cut.wrap(world.policies)), cases).share(LATER, Share(0, 1))
        for minutes in (1, 2):
            world.sweep(LATER + timedelta(minutes=minutes))
        for number in numbers:
            file = world.cases.file(number)
            steps = [(row.address, step) for row in file.deliveries for step in row.steps]
            assert len(steps) == len(set(steps)) > 0
            assert faults_in(number, file.history, file.case.head) == ()

    assert each_cut(run) >= 4


# ── Lambda ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Invoked:
    def __init__(self, refuses_from: int = 99) -> None:
        self.events: list[dict[str, Any]] = []
        self._refuses_from = refuses_from

    def invoke(self, **asked: Any) -> None:
        if len(self.events) >= self._refuses_from:
            raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke")
        assert (asked["FunctionName"], asked["InvocationType"]) == ("escalate", "Event")
        self.events.append(json.loads(asked["Payload"]))


def helpers(invoked: Invoked, number: int, refused: list[int]) -> LambdaHelpers:
    return LambdaHelpers(lambda: invoked, "escalate", number, lambda: LATER, lambda part, error: refused.append(part))


def test_the_function_calls_itself_once_for_each_share_and_says_until_when() -> None:
    invoked, refused = Invoked(), list[int]()
    assert helpers(invoked, 4, refused).call(START, timedelta(seconds=54)) == 4
    called = [called_by(event, START) for event in invoked.events]
    assert [one and one.share for one in called] == [Share(part, 4) for part in range(4)]
    assert {one and one.until for one in called} == {LATER + timedelta(seconds=54)}
    assert {event["time"] for event in invoked.events} == {START.isoformat()}
    assert called_by({"time": "x"}, START) is None


def test_whom_lambda_refuses_is_told_and_left_to_the_next_minute() -> None:
    refused = list[int]()
    assert helpers(Invoked(2), 4, refused).call(START, timedelta(seconds=54)) == 2
    assert refused == [2]
    assert helpers(Invoked(0), 2, refused).call(START, timedelta(seconds=54)) == 0


@pytest.mark.parametrize("share", [{"part": 4, "of": 4}, {"part": -1, "of": 2}, {"part": 0, "of": 3}, {}, "all"])
def test_a_share_of_no_known_shape_is_refused(share: Any) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        called_by({"share": share, "until": datetime.now(UTC).isoformat()}, START)
