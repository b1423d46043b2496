"""A walk over more names than one run has time for; what a run brings in; what it remembers of the channels."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tanggap.application.ledger import OUTCOMES, RENOTIFY, RENOTIFY_IDLE, RESERVE, Report
from tanggap.application.ports import Arrival
from tanggap.domain.errors import Retry
from tanggap.domain.words import Outcome
from tests.support.world import GENUINE, START, World

LONG, OVER = timedelta(minutes=5), timedelta(seconds=1)


def time_for(pages: int) -> Callable[[], timedelta]:
    """A run's time: enough for so many pages."""
    left: Iterator[timedelta] = iter([LONG] * (pages - 1))
    return lambda: next(left, OVER)


def stored(world: World, *names: str) -> None:
    for name in names:
        world.arrivals.objects[name] = (b"x", world.now)


def read(world: World, name: str, **more: Any) -> None:
    world.arrive(world.mail(**more), name)


def equation(report: Report) -> bool:
    return report.messages == sum(report.outcomes.values()) + report.waiting


def test_a_walk_goes_on_where_the_last_run_ended_and_counts_each_arrival_once(world: World) -> None:
    world.arrivals.page = 2
    names = [*(f"mail/{n:02d}" for n in range(5)), *(f"events/{n}.json" for n in range(2)), "webhooks/telegram/a.json"]
    stored(world, *names)
    for name in names:
        read(world, name)
    runs = [world.count(time_for(2)) for _ in range(3)]
    assert [one.complete for one in runs] == [False, False, True]
    assert [one.names for one in runs] == [4, 7, 8]
    assert (runs[-1].arrivals, runs[-1].outcomes) == (8, {Outcome.FILED: 8})
    assert world.count().names == 8, "and then it begins anew"


def test_what_an_unfinished_walk_shows_is_the_last_whole_one() -> None:
    world = World()
    world.arrivals.page = 1
    stored(world, "mail/0", "mail/1", "mail/2")
    read(world, "mail/0")
    whole = world.count()
    assert (whole.messages, whole.waiting) == (3, 2)
    read(world, "mail/1")
    part = world.count(time_for(1))
    assert (part.complete, part.messages, part.waiting, part.outcomes) == (False, 3, 2, {Outcome.FILED: 1})
    assert equation(part)


def test_what_was_found_overdue_is_looked_at_in_each_run_wherever_the_walk_is() -> None:
    world = World()
    world.arrivals.page = 1
    stored(world, "mail/a", "mail/b", "mail/c")
    world.later(hours=1)
    assert world.count(time_for(1)).overdue == 1
    second = world.count(time_for(1))
    assert (second.overdue, second.overdue_keys) == (2, ("mail/a", "mail/b"))
    read(world, "mail/a")
    third = world.count(time_for(1))
    assert (third.overdue, set(third.overdue_keys)) == (2, {"mail/b", "mail/c"})
    for name in ("mail/b", "mail/c"):
        read(world, name)
    assert world.count().balanced


def test_a_run_whose_time_goes_in_looking_for_what_was_overdue_keeps_what_it_found_and_names_the_rest() -> None:
    """After a restore 2,000 may be named; each costs a list, and where S3 is slow so many take 20 minutes."""
    world = World()
    names = [f"mail/{n}" for n in range(9)]
    stored(world, *names)
    world.later(hours=1)
    assert world.count().overdue == 9
    world.arrivals.page, pages, looked = 1, world.arrivals.pages, list[str]()

    def noted(prefix: str, after: str = "") -> Any:
        looked.extend(name for name in names if name == prefix)
        return pages(prefix, after)

    world.arrivals.pages = noted  # type: ignore[method-assign]
    report = world.count(lambda: RESERVE + (3 - len(looked)) * OVER)
    assert looked == names[:4]
    assert (report.overdue, set(report.overdue_keys)) == (9, set(names))
    assert set(world.cases.report()["overdue_keys"]) == set(names)


def test_whoever_counts_opens_no_arrival() -> None:
    """The function's role may list them alone: S3 wants the right to read for a look at an object's head."""
    world = World()
    arrivals = world.arrivals
    world.count.arrivals = SimpleNamespace(  # type: ignore[assignment]
        pages=arrivals.pages, queued=arrivals.queued, notify=arrivals.notify
    )
    stored(world, "mail/a", "mail/ab")
    world.later(hours=1)
    assert world.count().overdue == 2
    world.later(days=9)
    del world.arrivals.objects["mail/a"]
    assert world.count().overdue_keys == ("mail/ab",)


def test_what_is_read_while_a_run_looks_is_not_overdue_any_more() -> None:
    world = World()
    stored(world, "mail/a")
    world.later(hours=1)
    world.count()
    tallies = world.cases.tallies

    def slow(arrivals: Any) -> Any:
        found = tallies(arrivals)
        if found == [("mail/a", None)]:
            read(world, "mail/a")
        return found

    world.cases.tallies = slow
    report = world.count()
    assert (report.overdue, report.overdue_keys, report.outcomes) == (0, (), {Outcome.FILED: 1})


def test_what_came_before_the_window_is_walked_over_and_not_looked_up() -> None:
    world = World()
    stored(world, "mail/a")
    read(world, "mail/a")
    world.later(days=4)
    assert world.count().arrivals == 1, "nothing was counted before"
    report = world.count()
    assert (report.names, report.arrivals) == (1, 0)


def test_a_run_walks_over_so_many_names_and_over_a_24th_of_more() -> None:
    world = World()
    world.count()
    bucket = _Names(1_250_000)
    world.count.arrivals = bucket  # type: ignore[assignment]
    runs = [world.count() for _ in range(3)]
    assert [(one.names, one.complete) for one in runs] == [(500_000, False), (1_000_000, False), (1_250_000, True)]
    world.cases.keep_report({**world.cases.report(), "whole": 24_000_000})
    bucket.names = 30_000_000
    assert world.count().names == 1_000_000


class _Names:
    """A bucket of so many old names."""

    def __init__(self, names: int) -> None:
        self.names = names

    def pages(self, prefix: str, after: str = "") -> Iterator[Any]:
        first = int(after.removeprefix("mail/") or -1) + 1
        for last in range(first + 99_999, self.names if prefix == "mail/" else 0, 100_000):
            yield _Page(Arrival(f"mail/{last:09d}", START - timedelta(days=9), 1))
        if prefix == "mail/" and (left := (self.names - first) % 100_000):
            yield _Page(Arrival(f"mail/{self.names - 1:09d}", START - timedelta(days=9), 1), left)

    def queued(self) -> int:
        return 0


class _Page(list[Arrival]):
    """Only its last name is looked at."""

    def __init__(self, last: Arrival, names: int = 100_000) -> None:
        super().__init__([last])
        self._names = names

    def __len__(self) -> int:
        return self._names


def test_a_run_without_time_still_walks_over_a_page() -> None:
    world = World()
    world.arrivals.page = 1
    stored(world, "mail/a", "mail/b")
    assert [world.count(lambda: timedelta()).names for _ in range(2)] == [1, 2]


def test_a_run_that_fails_is_begun_again_where_it_began() -> None:
    world = World()
    world.arrivals.page = 1
    stored(world, "mail/a", "mail/b", "mail/c")
    world.count(time_for(1))
    real, world.count.ledger = world.count.ledger, _Broken(world.count.ledger)
    with pytest.raises(Retry):
        world.count()
    world.count.ledger = real
    found = world.count()
    assert (found.complete, found.names, found.arrivals) == (True, 3, 3)


class _Broken:
    def __init__(self, ledger: Any) -> None:
        self.report = ledger.report

    def tallies(self, arrivals: Any) -> Any:
        raise Retry("not now")


def test_the_equation_names_each_outcome_and_what_is_none(world: World) -> None:
    from dataclasses import replace

    stored(world, *(f"mail/{n}" for n in range(4)))
    mail = world.mail()
    world.arrive(mail, "mail/0")
    world.arrive(mail, "mail/1")
    read(world, "mail/2", authenticity=replace(GENUINE, spam="FAIL"))
    report = world.count().as_dict()
    assert report["outcomes"] == {"filed": 1, "duplicate": 1, "status": 0, "parked": 1, "refused": 0}
    assert set(report["outcomes"]) == set(OUTCOMES)
    assert report["messages"] == 4 == sum(report["outcomes"].values()) + report["waiting"]
    json.dumps(report)


@pytest.mark.parametrize(
    ("queued", "most"), [(0, RENOTIFY_IDLE), (RENOTIFY - 1, RENOTIFY_IDLE), (RENOTIFY, RENOTIFY), (None, RENOTIFY)]
)
def test_more_lost_notices_are_brought_in_while_the_queue_is_idle(queued: int | None, most: int) -> None:
    world = World()
    world.arrivals.on_queue = queued
    stored(world, *(f"mail/{n:05d}" for n in range(most + 1)))
    world.later(hours=1)
    report = world.count()
    assert (report.renotified, report.queued) == (most, queued)
    assert world.arrivals.notices[0] == ("mail/00000", "again"), "the oldest first"


def test_a_queue_that_takes_no_notice_ends_the_announcing_and_not_the_count() -> None:
    world = World()
    stored(world, "mail/a")
    world.later(hours=1)

    def refuse(key: str, wish: str = "again", actor: str = "system") -> None:
        raise Retry("the queue did not answer")

    world.arrivals.notify = refuse  # type: ignore[method-assign]
    report = world.count()
    assert (report.overdue, report.renotified) == (1, 0)
    assert world.cases.report()["overdue"] == 1


def test_an_overdue_object_that_was_erased_is_no_more_overdue() -> None:
    world = World()
    stored(world, "mail/a")
    world.later(hours=1)
    assert world.count().overdue == 1
    world.later(days=10)
    del world.arrivals.objects["mail/a"]
    report = world.count()
    assert (report.balanced, report.oldest_waiting) == (True, None)


def test_the_bucket_is_walked_over_by_name_from_wherever_a_walk_stood() -> None:
    from tanggap.adapters.s3 import S3Arrivals
    from tests.support.world import aws, fake_aws

    with fake_aws():
        aws("s3").create_bucket(Bucket="names", CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
        queue = aws("sqs").create_queue(QueueName="notices")["QueueUrl"]
        arrivals = S3Arrivals(lambda: aws("s3"), "names", lambda: aws("sqs"), queue)
        for name in ("mail/a", "mail/b", "mail/c", "parts/x"):
            arrivals.put(name, b"xy")
        assert [[(one.key, one.size) for one in page] for page in arrivals.pages("mail/")] == [
            [("mail/a", 2), ("mail/b", 2), ("mail/c", 2)]
        ]
        assert [one.key for page in arrivals.pages("mail/", "mail/a") for one in page] == ["mail/b", "mail/c"]
        assert list(arrivals.pages("webhooks/")) == []
        assert arrivals.queued() == 0
        arrivals.notify("mail/a")
        arrivals.notify("mail/b")
        aws("sqs").receive_message(QueueUrl=queue, VisibilityTimeout=60)
        assert arrivals.queued() == 2, "what is being read waits too"
        aws("sqs").delete_queue(QueueUrl=queue)
        assert arrivals.queued() is None


# -- what was heard on which channel


def test_it_keeps_when_each_channel_was_heard_and_how_much_came_by_the_day(world: World) -> None:
    for day in range(3):
        stored(world, f"mail/{day}")
        read(world, f"mail/{day}")
        world.count()
        world.later(days=1)
    kept = world.cases.report()
    assert {day: dict(found) for day, found in kept["heard"].items()} == {
        "2026-11-23": {"email": 1},
        "2026-11-24": {"email": 1},
        "2026-11-25": {"email": 1},
    }
    assert kept["last_heard"] == {"email": "2026-11-25T03:00:00.000Z"}
    assert kept["heard_until"] == "2026-11-25T03:00:00.000Z"


def test_what_nobody_has_read_yet_breaks_a_silence_and_makes_no_day() -> None:
    world = World()
    stored(world, "mail/a", "webhooks/meta/b.json", "events/c.json", "webhooks/telegram/d.json")
    world.count()
    kept = world.cases.report()
    assert set(kept["last_heard"]) == {"email", "whatsapp", "messenger", "instagram", "telegram"}
    assert kept["heard"] == {}


# -- against any order of things


@pytest.mark.parametrize("seed", range(12))
def test_the_equation_holds_however_runs_and_readings_interleave(seed: int) -> None:
    import random

    chance = random.Random(seed)
    world = World()
    world.arrivals.page = chance.choice((1, 2, 5))
    unread: list[str] = []
    came: Counter[str] = Counter()
    for step in range(40):
        what = chance.choice(("comes", "comes", "read", "count", "later"))
        if what == "comes":
            name = f"mail/{chance.randrange(10**6):06d}"
            if name not in world.arrivals.objects:
                stored(world, name)
                unread.append(name)
                came["arrivals"] += 1
        elif what == "read" and unread:
            read(world, unread.pop(chance.randrange(len(unread))))
        elif what == "later":
            world.later(minutes=chance.choice((5, 30, 90)))
        else:
            report = world.count(time_for(chance.randrange(1, 6)))
            assert equation(report), f"step {step}"
            assert report.overdue <= len(unread)
    for name in unread:
        read(world, name)
    while not (report := world.count(time_for(3))).complete:
        pass
    report = world.count()
    assert (report.arrivals, report.messages, report.waiting) == (came["arrivals"], came["arrivals"], 0)
    assert report.balanced
