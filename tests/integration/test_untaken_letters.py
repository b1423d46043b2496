"""A stream's reader that is off leaves no metric: the sweep says that letters are due and nobody takes them. What
only waits is no such letter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tanggap.application.failures import Wait
from tanggap.application.sweep import TAKEN_WITHIN
from tests.support.functions import composed
from tests.support.lambdas import function, lines
from tests.support.portal import Context
from tests.support.world import World, fake_aws


def test_letters_that_nobody_takes_are_told_five_minutes_after_they_were_due() -> None:
    world = World()
    world.arrive(world.mail())
    (due,) = {row.due_at for row in world.unsent()}
    assert due is not None
    letters = len(world.unsent())
    assert world.sweep(due + TAKEN_WITHIN).untaken == 0
    assert world.sweep(due + TAKEN_WITHIN + timedelta(seconds=1)).untaken == letters
    world.pump()
    assert world.sweep(due + timedelta(hours=1)).untaken == 0


def test_a_letter_that_waits_for_its_service_is_no_such_letter() -> None:
    world = World()
    world.arrive(world.mail())
    for _ in range(8):
        world.post.failures = [Wait("throttled")] * 9
        world.pump()
        waiting = [row.due_at for row in world.unsent() if row.due_at]
        assert waiting
        world.now = min(waiting) + timedelta(minutes=1)
        assert world.sweep().untaken == 0


@pytest.fixture
def table() -> Iterator[World]:
    with fake_aws():
        world = World("dynamodb")
        with composed({"CASES_TABLE": world.cases.row.Meta.table_name, "SIMULATED_TIME": "allowed"}):
            yield world


def test_the_sweeps_function_tells_and_counts_them(table: World, capsys: pytest.CaptureFixture[str]) -> None:
    table.arrive(table.mail())
    letters = len(table.unsent())
    escalate = function("escalate")
    with lines() as told:
        facts = escalate.handler({"time": (table.now + timedelta(minutes=9)).isoformat()}, Context())
    assert facts["untaken"] == letters
    assert [(one["level"], one["letters"]) for one in told if one["code"] == "letters_untaken"] == [("ERROR", letters)]
    assert f'"WorkFailed":[{float(letters)}]' in capsys.readouterr().out
