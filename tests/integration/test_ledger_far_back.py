"""What has no row is found however old it is: after a restore, after the ledger stood still, behind a long list, and in
bodies of thousands of messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from tanggap.adapters.dynamodb.ledger import LedgerRows
from tanggap.application.ledger import Count, Report
from tanggap.application.ports import Tally
from tanggap.domain.case import Received
from tanggap.domain.words import Channel, Outcome, Reason
from tests.support.world import START, World


def stored(world: World, *names: str) -> None:
    for name in names:
        world.arrivals.objects[name] = (b"x", world.now)


def bring_in(world: World) -> list[str]:
    """What intake does with the notices on the queue."""
    keys = [key for key, _ in world.arrivals.notices]
    world.arrivals.notices.clear()
    for key in keys:
        world.arrive(world.mail(), key)
    return keys


def test_reports_of_after_the_instant_of_a_restore_are_brought_in_however_long_ago_it_was(world: World) -> None:
    world.count()
    as_of_then = dict(world.cases.report())
    names = []
    for day in range(6):
        world.later(days=1)
        names.append(f"mail/{day}")
        stored(world, names[-1])
    restored = World()  # without a row of those days
    restored.now, restored.arrivals = world.now + timedelta(hours=5), world.arrivals
    restored.count.arrivals = world.arrivals
    restored.cases.keep_report(as_of_then)
    report = restored.count()
    assert (report.overdue, report.balanced) == (6, False)
    assert sorted(bring_in(restored)) == names
    assert restored.count().balanced
    assert restored.count().arrivals == 3, "and then it looks no further back than ever"


def test_a_walk_that_a_restore_brought_back_unfinished_ends_and_the_next_looks_as_far_back() -> None:
    world = World()
    world.arrivals.page = 1
    stored(world, "mail/b", "mail/c")
    for name in ("mail/b", "mail/c"):
        world.arrive(world.mail(), name)
    world.count()
    assert not world.count(timedelta).complete
    world.later(hours=1)
    stored(world, "mail/a")  # before the name that the walk stood at
    world.later(days=9)
    reports = [world.count(), world.count()]
    assert [(one.complete, one.overdue) for one in reports] == [(True, 0), (True, 1)]


def test_what_came_while_nobody_counted_is_found() -> None:
    world = World()
    world.count()
    stored(world, "mail/lost")
    world.later(days=4)
    assert world.count().overdue == 1
    assert bring_in(world) == ["mail/lost"]
    assert world.count().balanced


def test_a_table_in_which_nothing_was_ever_counted_takes_in_all_that_lies_there() -> None:
    world = World()
    stored(world, "mail/old")
    world.later(days=400)
    assert world.count().overdue == 1


def test_no_overdue_arrival_is_forgotten_where_there_are_more_than_a_report_names() -> None:
    world = World()
    world.count = Count(world.arrivals, world.cases, world.clock, remembered=5, held=25)
    world.count()
    for number in range(130):
        stored(world, f"mail/{number:03d}")
        world.later(seconds=1)
    for _ in range(3):
        world.later(days=4)
        world.arrivals.notices.clear()
        report = world.count()
        assert (report.overdue, report.balanced) == (130, False)
        assert report.overdue_keys == tuple(f"mail/{number:03d}" for number in range(5)), "the oldest"
    for _ in range(6):
        bring_in(world)
        world.later(hours=1)
        report = world.count()
    assert report.balanced and all(world.cases.of(name) for name in world.arrivals.objects)


def test_nor_while_no_run_comes_to_the_end() -> None:
    world = World()
    world.count()
    names = [f"mail/{number}" for number in range(6)]
    stored(world, *names)
    world.arrivals.page = 2
    world.later(days=4)
    brought: set[str] = set()
    for _ in range(12):
        enough = iter([timedelta(minutes=5)])
        world.count(lambda enough=enough: next(enough, timedelta()))  # type: ignore[misc]
        brought |= set(bring_in(world))
        world.later(hours=1)
    assert brought == set(names)


# -- bodies of thousands of messages


class Table(LedgerRows):
    """`held`: how many messages each arrival holds, of which the last has no row."""

    def __init__(self, **held: int) -> None:
        self.held = {f"ARRIVAL#{key}": number for key, number in held.items()}
        self.asked: list[int] = []

    def _found(self, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], Received]:
        self.asked.append(len(wanted))
        found = {}
        for pk, sk in wanted:
            index, held = int(sk.removeprefix("MSG#")), self.held.get(pk, 0)
            if index < max(held - 1, min(held, 1)):
                values: dict[str, Any] = {"channel": Channel.WHATSAPP, "at": START, "size": 1, "index": index}
                values |= {"outcome": Outcome.FILED, "reason": Reason.REPLY, "of": held}
                found[pk, sk] = Received(arrival=pk, **values)
        return found


def test_a_body_of_thousands_is_looked_up_a_hundred_at_a_time_and_kept_as_sums() -> None:
    table = Table(a=1, big=3_400, c=3, d=2)
    found = dict(table.tallies(["a", "none", "big", "c", "d"]))
    assert found["none"] is None
    sums = {key: dict(tally.outcomes) for key, tally in found.items() if tally}
    assert sums["big"] == {"filed": 3_399, "waiting": 1}
    assert (sums["a"]["filed"], sums["c"], sums["d"]) == (1, {"filed": 2, "waiting": 1}, {"filed": 1, "waiting": 1})
    assert found["big"] and dict(found["big"].heard) == {"whatsapp": 3_399}
    assert max(table.asked) == 100 and len(table.asked) == 1 + 34 + 1, "small ones share a request"
    assert [len(of) for of in table.outcomes(["c", "a", "none"]).values()] == [3, 1]


def test_what_comes_before_a_large_body_is_known_before_it_is_looked_up() -> None:
    table = Table(a=1, big=3_400)
    assert next(iter(table.tallies(["a", "big"])))[0] == "a"
    assert len(table.asked) == 1


class Slow:
    """A ledger that takes a minute for each large body."""

    def __init__(self, world: World) -> None:
        self.world, self.left, self.looked = world, timedelta(), list[str]()
        self.report, self.keep_report = world.cases.report, world.cases.keep_report

    def tallies(self, arrivals: Sequence[str]) -> Iterator[tuple[str, Tally | None]]:
        for key in arrivals:
            self.looked.append(key)
            tally = Tally()
            tally.outcomes[Outcome.FILED] = 2_000 if "big" in key else 1
            tally.outcomes[Outcome.WAITING] = int("late" in key)
            self.left -= timedelta(minutes=1 if "big" in key else 0)
            yield key, tally


def counted(world: World, slow: Slow, minutes: int) -> Report:
    slow.left = timedelta(minutes=minutes)
    return world.count(lambda: slow.left)


def test_a_run_ends_between_large_bodies_when_its_time_does_and_the_next_goes_on_there() -> None:
    world = World()
    world.count.ledger = slow = Slow(world)  # type: ignore[assignment]
    stored(world, *(f"mail/{number}" for number in range(3)), *(f"webhooks/meta/big{n}" for n in range(9)))
    first = counted(world, slow, 6)
    assert (first.complete, first.names, len(slow.looked)) == (False, 8, 8)
    second = counted(world, slow, 6)
    assert (second.complete, second.names) == (True, 12)
    assert len(slow.looked) == len(set(slow.looked)) == 12
    assert (second.arrivals, second.messages) == (12, 9 * 2_000 + 3)


def test_what_was_overdue_and_was_not_looked_at_again_stays_named() -> None:
    world = World()
    world.count.ledger = slow = Slow(world)  # type: ignore[assignment]
    names = [f"webhooks/meta/big-late{number}" for number in range(6)]
    stored(world, *names)
    world.later(hours=1)
    assert counted(world, slow, 30).overdue == 6
    for _ in range(3):
        report = counted(world, slow, 5)
        assert (report.overdue, set(report.overdue_keys)) == (6, set(names))
