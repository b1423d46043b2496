"""Each walk of the hourly count has an end, whatever stands there; and each anchor speaks of what it can speak of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from tanggap.adapters.memory_stores import MemoryLocked
from tanggap.application import anchors
from tanggap.application.anchors import LONGEST, OVERLAP, WALK, Anchor, Anchors, Restored, named
from tanggap.application.gauges import PAGE, PARKED_LOOKED_AT, Gauges
from tanggap.application.ledger import RENOTIFY, RESERVE
from tanggap.domain.canary import MARK
from tanggap.domain.case import Change
from tanggap.domain.errors import Retry
from tanggap.domain.history import GENESIS
from tanggap.domain.times import stamp
from tests.support.account import Account
from tests.support.rows import ahead
from tests.support.world import START, World, fake_aws

# -- the count


@pytest.mark.parametrize(("ends", "announced"), [(True, RENOTIFY), (False, RENOTIFY + 100)])
def test_what_a_run_has_no_time_left_to_announce_the_next_one_does(ends: bool, announced: int) -> None:
    world = World("memory")
    for number in range(RENOTIFY + 100):
        world.arrivals.objects[f"mail/{number:04d}"] = (b"x", world.now)
    world.later(hours=1)
    moment = timedelta(seconds=1)
    report = world.count(lambda: RESERVE - moment if ends and world.arrivals.notices else RESERVE + moment)
    assert (report.overdue, report.renotified) == (RENOTIFY + 100, announced)
    assert len(world.arrivals.notices) == announced


# -- gauges


def test_of_a_flood_of_parked_messages_so_many_are_looked_at_and_no_more() -> None:
    pages = count(1)

    class Flood:
        def received(self, *asked: Any) -> Any:
            assert next(pages) <= PARKED_LOOKED_AT // PAGE, "it goes on for ever"
            parked = SimpleNamespace(reason="unreadable", marks=())
            return SimpleNamespace(rows=[parked] * PAGE, after="more")

        def __getattr__(self, name: str) -> Any:
            return getattr(world.cases, name)

    world = World("memory")
    ledger: Any = Flood()
    found = Gauges(ledger, world.cases, world.cases, world.policies, Account(), world.clock)()
    assert found.figures["ParkedLately"] == PARKED_LOOKED_AT


def test_a_letter_that_a_newer_release_wrote_hides_no_other_that_has_not_left() -> None:
    with fake_aws():
        world = World("dynamodb")
        for who in ("siti", "budi"):
            world.arrive(world.mail(sender=f"{who}@warga.example"))
        first, *others = world.cases.unsent_rows(250)
        ahead(world, f"CASE#{first.case}", f"OUT#{first.id}")
        assert others
        assert {one.id for one in world.cases.unsent_rows(250)} == {one.id for one in others}


# -- anchors


@pytest.fixture
def store() -> MemoryLocked:
    moments = count()
    return MemoryLocked(lambda: START + timedelta(days=20, seconds=next(moments)))


def kept(store: MemoryLocked, table: str, *days: tuple[datetime, str]) -> Iterator[str]:
    """Anchors of a table, each with the one case that it names."""
    before = GENESIS
    for until, number in days:
        said = {"v": 1, "until": stamp(until), "before": before, "table": table, "cases": [[number, 1, "h"]]}
        assert store.put_new(named(until), json.dumps(said).encode())
        before = Anchors(store).last(until).digest
        yield number


def test_of_the_old_table_no_anchor_counts_whose_walk_may_have_seen_what_came_after_the_restore(
    store: MemoryLocked,
) -> None:
    at = START + timedelta(days=9)
    moment = timedelta(seconds=1)
    days = [(at - WALK - timedelta(days=2), "A"), (at - WALK - timedelta(days=1), "B"), (at - WALK + moment, "C")]
    assert [*kept(store, "old", *days)]
    assert Anchors(store).note(Restored("new", "old", at))
    held = Anchors(store).held("new")
    assert (set(held.heads), len(held.faults)) == ({"A", "B"}, 0)
    assert Anchors(store).held("old").heads.keys() == {"A", "B", "C"}


def test_of_a_table_restored_of_a_restored_one_anchors_count_until_the_earlier_of_both_instants(
    store: MemoryLocked,
) -> None:
    days = [(START + timedelta(days=day), name) for day, name in ((1, "A"), (5, "B"))]
    assert [*kept(store, "first", *days)]
    for new, of, day in (("second", "first", 9), ("third", "second", 3)):
        assert Anchors(store).note(Restored(new, of, START + timedelta(days=day)))
    assert Anchors(store).held("second").heads.keys() == {"A", "B"}
    held = Anchors(store).held("third")
    assert (set(held.heads), len(held.faults)) == ({"A"}, 0)
    assert [one.of for one in held.restores] == ["second", "first"]


@pytest.mark.parametrize(("more", "asked"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_after_a_silence_longer_than_the_ledger_lists_all_cases_are_walked_and_the_ledger_is_not_asked(
    more: timedelta, asked: bool
) -> None:
    world = World("memory")
    world.new_case()
    listed: list[Any] = []

    class Ledger:
        def received(self, *question: Any) -> Any:
            listed.append(question)
            return world.cases.received(*question)

    ledger: Any = Ledger()
    anchor = Anchor(world.cases, ledger, world.policies, MemoryLocked(world.clock), world.clock)
    anchor()
    assert listed == [], "the first of a table names every case"
    world.now += LONGEST - OVERLAP + more
    assert anchor.pending().cases == 1
    assert bool(listed) is asked


def test_an_anchor_that_has_no_time_left_to_list_what_came_in_is_given_up() -> None:
    world = World("memory")
    world.new_case()

    class Flood:
        """A day of more pages than a run has time for."""

        asked = 0

        def received(self, *question: Any) -> Any:
            self.asked += 1
            assert self.asked <= 3, "it goes on for ever"
            return SimpleNamespace(rows=[], after="more")

    ledger: Any = Flood()
    anchor = Anchor(world.cases, ledger, world.policies, MemoryLocked(world.clock), world.clock)
    anchor()
    world.later(days=1)
    moment = timedelta(seconds=1)
    with pytest.raises(Retry, match="no time is left"):
        anchor(remaining=lambda: anchors.RESERVE - moment if ledger.asked == 3 else anchors.RESERVE + moment)
    assert len(anchor.anchors.keys()) == 1, "half an anchor is none"


def test_the_canarys_cases_are_in_no_anchor_though_the_ledger_names_them() -> None:
    """They are erased after days, and an anchor would miss them for ever."""
    world = World("memory")
    citizens, canarys = (str(world.arrive(world.mail(sender=f"{who}@warga.example")).case) for who in ("siti", "budi"))
    anchor = Anchor(world.cases, world.cases, world.policies, MemoryLocked(world.clock), world.clock)
    world.later(days=1)
    anchor()
    for number in (citizens, canarys):
        world.arrive(world.mail("Masih rusak.", sender="siti@warga.example", recipients=(world.reply_address(number),)))
    case = world.cases.case(canarys)
    world.cases.commit(
        Change(case=replace(case, marks=(*case.marks, MARK), version=case.version + 1), expected=case.version)
    )
    world.later(days=1)
    assert anchor().cases == 1
    heads = anchor.anchors.held().heads
    assert max(heads[citizens]) == world.cases.case(citizens).seq
    assert max(heads[canarys]) < world.cases.case(canarys).seq
