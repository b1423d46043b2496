"""A new policy on open cases, minute by minute."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tanggap.application.policy_desk import PolicyDesk
from tanggap.application.recompute import BATCH, CACHES_EXPIRED, ENOUGH, PAGE, Recompute, Recomputed
from tanggap.domain import citizens
from tanggap.domain.case import Case, Message
from tanggap.domain.clocks import Clock
from tanggap.domain.history import Entry
from tanggap.domain.policy import Policy
from tanggap.domain.words import Channel, Kind
from tests.support.world import COORDINATOR, DOMAIN, POLICY, World

#: The Wednesday after START's Monday, within every term that runs.
DECREED = {"days_off": [{"date": "2026-11-25", "name": "Pilkada serentak", "decree": "Keppres 10/2026"}]}
#: Deadlines that START's cases have without it, and with it.
THURSDAY, FRIDAY = datetime(2026, 11, 26, 9, tzinfo=UTC), datetime(2026, 11, 27, 9, tzinfo=UTC)


class Counting:
    """Counts the cases that are read to be written."""

    def __init__(self, cases: Any) -> None:
        self._cases, self.read = cases, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)

    def case(self, number: str) -> Case | None:
        self.read += 1
        found: Case | None = self._cases.case(number)
        return found


def recompute(world: World, batch: int = BATCH, page: int = PAGE, most: int = 0, **more: Any) -> Recompute:
    """`most`: cases for which the minute has time, and what is left of a batch."""
    if most:
        counting = Counting(world.cases)
        more |= {"cases": counting, "remaining": lambda: ENOUGH if counting.read >= most else timedelta(minutes=1)}
    return Recompute(world.work(**more), batch, page)


def save(world: World, **parts: Any) -> int:
    """A new version by the desk, as an officer saves it."""
    desk = PolicyDesk(world.policies, DOMAIN)
    return desk.save(COORDINATOR, {**copy.deepcopy(POLICY), **parts}, world.now).version


def minutes(world: World, run: Callable[[], Recompute], most: int = 60) -> list[Recomputed]:
    """The schedule: each minute a sweep, then a run, until all is done."""
    found: list[Recomputed] = []
    for _ in range(most):
        idle = found and found[-1].cases == 0
        world.later(seconds=CACHES_EXPIRED.total_seconds() if idle else 60)  # a minute that waits is like the next
        world.sweep()
        found.append(run()(world.now, raised))
        if found[-1].finished:
            return found
    pytest.fail("never finished")


def raised(number: str, error: Exception) -> None:
    raise error


def opened(world: World, count: int = 1, policy: Policy | None = None, kind: Kind = Kind.COMPLAINT) -> list[str]:
    """Cases without a mail, of each unit and of none."""
    numbers = []
    for place in range(count):
        number = world.ids.number()
        message = Message(
            id=world.ids.new(world.now), case=number, direction="in", channel=Channel.PHONE, at=world.now, text="x"
        )
        opening = citizens.Opening(
            number=number, message=message, reporter=None, answer=False, kind=kind, unit=(None, "pu", "adm")[place % 3]
        )
        draft = citizens.open_case(opening, world.now, "system", policy or world.policies.current(), world.ids)
        world.cases.commit(draft.change())
        numbers.append(number)
    return numbers


def moves(world: World, number: str) -> list[Entry]:
    return [entry for entry in world.cases.file(number).history if entry.event == "clock_moved"]


def clock(world: World, number: str, name: str) -> Clock:
    case: Case = world.cases.case(number)
    return next(one for one in case.clocks if one.name == name)
