"""A sweep that is cut, or that another sweep or an answer meets: each step is told once, nothing about what is met."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tanggap.application.failures import Wait
from tanggap.application.ports import Due
from tanggap.application.release import Release
from tanggap.application.sweep import Sweep
from tanggap.domain.advance import advance
from tanggap.domain.case import Change
from tanggap.domain.errors import Conflict
from tanggap.domain.words import DeliveryState, Purpose
from tests.support.cuts import Cut, Killed, each_cut
from tests.support.ladders import BREACH, DESK, HEAD, file_many, letters_of, steps_told, sweep_at
from tests.support.world import COORDINATOR, World

EXPECTED = {(HEAD, "first_response.breach"), (DESK, "first_response.remind"), (DESK, "first_response.warn")}


def test_a_sweep_cut_anywhere_tells_each_step_of_a_digest_once() -> None:
    def run(cut: Cut) -> None:
        world = World("memory")
        numbers = file_many(world, 3)
        world.now = BREACH
        cases = cut.wrap(world.cases)
        with contextlib.suppress(Killed):
            Sweep(world.work(cases), cases)(BREACH)
        for minutes in (1, 4, 8):
            sweep_at(world, BREACH + timedelta(minutes=minutes))
            world.pump()
        told = steps_told(world)
        assert told == Counter({(number, *step): 1 for number in numbers for step in EXPECTED})

    assert each_cut(run) >= 9


def test_a_digest_of_more_rows_than_a_transaction_holds_is_one_mail_and_survives_each_cut() -> None:
    mails = set()

    def run(cut: Cut) -> None:
        world = World("memory")
        numbers = file_many(world, 120)
        world.now = BREACH
        whole = Sweep(world.work(), world.cases)
        cut_cases = cut.wrap(world.cases)
        whole.release = Release(world.work(cut_cases), cut_cases)
        with contextlib.suppress(Killed):
            whole(BREACH)
        for minutes in (1, 4, 8):
            sweep_at(world, BREACH + timedelta(minutes=minutes))
            world.pump()
        assert steps_told(world) == Counter({(number, *step): 1 for number in numbers for step in EXPECTED})
        mails.add(len(world.outbox(HEAD)))
        if not cut.hit:
            assert len(world.outbox(HEAD)) == len(world.outbox(DESK)) == 1

    assert each_cut(run) >= 6
    assert max(mails) <= 2  # only where a sweep died in the middle of a large one


class Between:
    """Runs something between two calls of a port, once."""

    def __init__(self, port: Any, act: Callable[[], Any], before: int) -> None:
        self._port, self._act, self._before, self.calls = port, act, before, 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            if self.calls == self._before:
                self._act()
            return found(*args, **kwargs)

        return call


def test_a_second_sweep_anywhere_within_the_first_tells_each_step_once(worlds: Callable[[], World]) -> None:
    for before in range(1, 40):
        world = worlds()
        numbers = file_many(world, 2)
        world.now = BREACH
        between = Between(world.cases, world.sweep, before)
        swept = Sweep(world.work(between), between)(BREACH)  # type: ignore[arg-type]
        assert swept.failed == 0
        for minutes in (1, 4):
            sweep_at(world, BREACH + timedelta(minutes=minutes))
            world.pump()
        assert steps_told(world) == Counter({(number, *step): 1 for number in numbers for step in EXPECTED}), before
        if between.calls < before:
            break
    assert before > 8


def test_a_clock_met_between_two_calls_of_a_sweep_leaves_no_letter_half_sent() -> None:
    for before in range(1, 40):
        world = World("memory")
        first, second = file_many(world, 2)
        world.now = BREACH + timedelta(seconds=1)
        answered: list[int] = []

        def answer(world: World = world, first: str = first, answered: list[int] = answered) -> None:
            world.desk.reply(COORDINATOR, first, "Kami periksa.", (), final=False)
            answered.append(1)

        between = Between(world.cases, answer, before)
        Sweep(world.work(between), between)(world.now)  # type: ignore[arg-type]
        sweep_at(world, world.now + timedelta(minutes=2))
        world.pump()
        told = steps_told(world)
        assert {key: count for key, count in told.items() if count != 1} == {}
        assert {(address, step) for case, address, step in told if case == second} == EXPECTED
        states = {row.state for row in letters_of(world, first) if row.purpose is Purpose.ESCALATION}
        assert states <= {DeliveryState.SENT, DeliveryState.WITHDRAWN}
        if not answered:
            break
    assert before > 8


def test_a_letter_that_somebody_else_let_out_is_not_let_out_again(world: World) -> None:
    (number,) = file_many(world, 1)
    world.now = BREACH
    change = advance(world.cases.case(number), BREACH, world.policies.current(), world.ids).change()
    world.cases.commit(change)
    (asleep, *_) = [row for row in change.deliveries if row.address == HEAD]
    awake = replace(asleep, wake=BREACH)
    world.cases.commit(Change(released_deliveries=(awake,)))
    with pytest.raises(Conflict):
        world.cases.commit(Change(released_deliveries=(replace(asleep, state=DeliveryState.WITHDRAWN),)))
    world.post.failures = [Wait("throttled")]
    assert [row.state for row in world.pump()] == [DeliveryState.QUEUED]  # it waits for its service, not for a sweep
    with pytest.raises(Conflict):
        world.cases.commit(Change(released_deliveries=(awake,)))
    assert [row.id for _, row in world.cases.asleep((Due(number, BREACH, asleep.id),), pytest.fail)] == []
