"""How far back a day's anchor looks, and what a failing one does to the count."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from tanggap.adapters.memory_stores import MemoryLocked
from tanggap.application.anchors import LONGEST, Anchor, Anchored
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


def test_an_anchor_of_all_cases_that_midnight_overtakes_is_none() -> None:
    """The next day's would stand behind it by name, and follow another one."""
    world, _, anchor = long_ended(140)
    instants = iter([world.now, world.now + timedelta(days=1)])
    anchor.clock = lambda: next(instants)
    with pytest.raises(Retry, match="midnight"):
        anchor(whole=True)


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
