"""How far back a day's anchor looks, and what a failing one does to the count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tanggap.adapters.memory_stores import MemoryLocked
from tanggap.application.anchors import LONGEST, Anchor, Anchored, named, named_besides
from tanggap.domain.errors import Retry
from tanggap.domain.words import Status
from tests.support.lambdas import function, lines
from tests.support.world import COORDINATOR, World


def anchor_of(world: World) -> Anchor:
    return Anchor(world.cases, world.cases, world.policies, MemoryLocked(world.clock), world.clock)


def test_what_a_sweep_that_catches_up_writes_of_a_time_before_the_last_anchor_is_in_the_next() -> None:
    world = World()
    number = world.new_case()
    anchor = anchor_of(world)
    world.later(days=9)
    anchor()
    assert world.sweep(world.now - timedelta(hours=2)).steps
    case = world.cases.case(number)
    assert case.last_at < anchor.last().until
    world.later(days=1)
    anchor()
    assert max(anchor.anchors.held().heads[number]) == case.seq


def test_an_officers_act_on_a_case_that_ended_two_months_ago_is_in_the_days_anchor() -> None:
    world = World()
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "reject", "Bukan kewenangan kami.")
    world.pump()
    anchor = anchor_of(world)
    assert world.cases.case(number).status is Status.REJECTED
    world.later(days=60)
    anchor()
    world.later(days=1)
    world.desk.note(COORDINATOR, number, "Ditanyakan lagi oleh warga lewat telepon.")
    anchor()
    assert max(anchor.anchors.held().heads[number]) == world.cases.case(number).seq


def long_ended(days: int) -> tuple[World, str, Anchor]:
    """A case that ended so many days ago, and of today the anchor of what changed lately."""
    world = World()
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "reject", "Bukan kewenangan kami.")
    world.pump()
    anchor = anchor_of(world)
    anchor()
    for _ in range(2):
        world.later(days=days / 2)
        anchor()
    return world, number, anchor


def test_an_officers_act_on_a_case_that_ended_long_ago_is_anchored_by_whole_on_a_day_that_has_its_anchor() -> None:
    world, number, anchor = long_ended(140)
    world.desk.note(COORDINATOR, number, "Ditanyakan lagi oleh warga lewat telepon.")
    world.later(hours=1)
    assert (anchor.pending(), anchor()) == (Anchored(""), Anchored(""))
    would = anchor.pending(whole=True)
    assert (would, would.cases) == (anchor(whole=True), 1)
    found = anchor.anchors
    assert found.last(world.now).until == world.now
    world.later(hours=1)
    assert anchor(whole=True).key not in ("", would.key), "as often as it is asked"
    world.later(days=1)
    assert anchor().key == f"anchors/{world.now:%Y-%m-%d}.json"
    assert found.held().faults == (), "each follows the one before it"
    assert max(found.held().heads[number]) == world.cases.case(number).seq


@pytest.mark.parametrize("whole", [True, False])
def test_an_anchor_that_midnight_overtakes_is_none(whole: bool) -> None:
    """The next day's would stand behind it by name, and follow another one."""
    world, _, anchor = long_ended(140)
    world.later(days=1)
    instants = iter([world.now, world.now + timedelta(days=1)])
    anchor.clock = lambda: next(instants)
    there = anchor.anchors.keys()
    with pytest.raises(Retry, match="midnight"):
        anchor(whole)
    assert anchor.anchors.keys() == there


class Meanwhile:
    """Cases over which an anchor walks while another one is written: once, as `write` does it."""

    def __init__(self, world: World, write: Callable[[], Anchored]) -> None:
        self.world, self.write = world, write
        self.written: list[Anchored] = []

    def listing(self, *asked: Any) -> Any:
        if not self.written:
            self.written.append(self.write())
        return self.world.cases.listing(*asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world.cases, name)


def overtaken(
    later: timedelta, other_whole: bool = False, sees_midnight: bool = False
) -> tuple[Anchor, Meanwhile, datetime]:
    """An anchor of a day that has none, while which another run of `later` writes its own."""
    world, _, other = long_ended(140)
    world.later(days=1)
    now = world.now
    other.clock = lambda: now + later
    cases = Meanwhile(world, lambda: other(other_whole))
    walked: Any = cases
    anchor = Anchor(walked, world.cases, world.policies, other.anchors.store, world.clock)
    anchor.clock = lambda: now + later if sees_midnight and cases.written else now
    return anchor, cases, now


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("sees_midnight", [True, False], ids=["its clock is past midnight too", "or goes slow"])
def test_an_anchor_that_the_next_days_was_written_before_is_none(whole: bool, sees_midnight: bool) -> None:
    """It would stand before the other one, which does not follow it."""
    anchor, cases, now = overtaken(timedelta(days=1), sees_midnight=sees_midnight)
    with pytest.raises(Retry, match="another anchor was written"):
        anchor(whole)
    assert [one.key for one in cases.written] == [named(now + timedelta(days=1))]
    anchor.clock = lambda: now + timedelta(days=2)
    assert anchor().key
    assert anchor.anchors.held().faults == (), "each follows the one before it"


@pytest.mark.parametrize("other_whole", [True, False])
def test_of_two_runs_of_one_day_the_first_stands_and_the_second_has_nothing_to_do(other_whole: bool) -> None:
    anchor, cases, now = overtaken(timedelta(minutes=1), other_whole)
    assert anchor() == Anchored("")
    assert [one.key for one in cases.written] == [named(now)]
    assert anchor.anchors.held().faults == ()


def test_who_asked_for_all_cases_is_told_where_another_run_took_the_days_anchor() -> None:
    anchor, _, now = overtaken(timedelta(minutes=1))
    with pytest.raises(Retry, match="another anchor was written"):
        anchor(whole=True)
    assert anchor(whole=True).key == named_besides(now)
    assert anchor.anchors.held().faults == ()


def test_a_silence_longer_than_the_ledger_lists_is_walked_whole() -> None:
    world, number, anchor = long_ended(140)
    world.later(days=1)
    robot = world.mail(sender="robot@lain.example", recipients=(world.reply_address(number),), automatic=True)
    assert world.arrive(robot).case == number
    world.later(days=LONGEST.days + 5)
    anchor()
    assert max(anchor.anchors.held().heads[number]) == world.cases.case(number).seq


def test_an_anchor_that_fails_is_told_and_ends_no_count() -> None:
    def fails(remaining: object) -> None:
        raise Retry("the bucket did not answer")

    with lines() as told:
        function("ledger")._anchor(SimpleNamespace(anchor=fails), lambda: timedelta.max)
    assert [(one["level"], one["code"], one["error"]) for one in told] == [("ERROR", "anchor_missing", "Retry")]
