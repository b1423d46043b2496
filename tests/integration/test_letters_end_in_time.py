"""Letters of the ladder that are due when a sweep's time ends are the next minute's: no group of them is begun then,
and no further batch of one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tanggap.application.gathering import IN_ONE
from tanggap.application.release import Release
from tanggap.application.sweep import Sweep, Swept
from tanggap.domain.case import Change
from tanggap.domain.words import Purpose
from tests.support.ladders import BREACH, file_many, steps_told
from tests.support.world import World


class Ending:
    """A world's table, or its policies, until the first letter is written: with that the time is over. `after`: what is
    asked then."""

    def __init__(self, inner: Any, clock: Ending | None = None) -> None:
        self._inner, self._clock = inner, clock or self
        self.left, self.after = timedelta(seconds=20), list[str]()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            if not self._clock.left:
                self._clock.after.append(name)
            return found(*args, **kwargs)

        return call

    def commit(self, change: Change) -> Any:
        if not self.left:
            self.after.append("commit")
        if change.released_deliveries:
            self.left = timedelta(0)
        return self._inner.commit(change)


def let_out(world: World, table: Ending) -> Swept:
    """The cases are worked on before: what ends is the time for letters."""
    sweep = Sweep(world.work(), world.cases)
    work = world.work(table, Ending(world.policies, table), remaining=lambda: table.left)
    sweep.release = Release(work, table)
    return sweep(world.now)


def test_when_the_time_is_over_nothing_is_asked_for_the_next_address() -> None:
    world = World("memory")
    for unit in ("pu", "adm"):
        file_many(world, 1, unit)
    world.now = BREACH
    table = Ending(world.cases)
    swept = let_out(world, table)
    assert (swept.letters, swept.failed, swept.unfinished) == (1, 0, True)
    assert table.after == []
    assert world.sweep().letters == 3
    world.pump()
    assert steps_told(world).total() == len(steps_told(world)) == 3 * 2


def test_when_the_time_is_over_no_further_letter_to_the_same_address_is_begun() -> None:
    world = World("memory")
    many = IN_ONE[Purpose.ESCALATION] + 1
    file_many(world, many)
    world.now = BREACH
    swept = let_out(world, Ending(world.cases))
    assert (swept.letters, swept.failed, swept.unfinished) == (1, 0, True)
    while world.sweep().unfinished:
        pass
    world.pump()
    assert steps_told(world).total() == len(steps_told(world)) == 3 * many
