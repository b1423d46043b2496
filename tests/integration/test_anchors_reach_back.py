"""How far back a day's anchor looks, and what a failing one does to the count."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from tanggap.adapters.memory_stores import MemoryLocked
from tanggap.application.anchors import Anchor
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


def test_an_anchor_that_fails_is_told_and_ends_no_count() -> None:
    def fails() -> None:
        raise Retry("the bucket did not answer")

    with lines() as told:
        function("ledger")._anchor(SimpleNamespace(anchor=fails))
    assert [(one["level"], one["code"], one["error"]) for one in told] == [("ERROR", "anchor_missing", "Retry")]
