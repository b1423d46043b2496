"""The hourly gauges over a world: what they find, what was noted for them, and a desk of so many cases."""

from __future__ import annotations

from typing import Any

from tanggap.application.gauges import Gauged, Gauges
from tanggap.domain.case import Received
from tanggap.domain.words import Channel, Outcome, Reason
from tests.support.account import Account
from tests.support.world import World


def gauged(world: World, account: Any = None, standing: Any = None) -> Gauged:
    gauges = Gauges(
        world.cases, standing or world.cases, world.cases, world.policies, account or Account(), world.clock
    )

    def failed(name: str, error: Exception) -> None:
        raise AssertionError(name) from error

    return gauges(failed)


def note(world: World, reason: Reason, name: str, outcome: Outcome = Outcome.PARKED) -> None:
    world.cases.note(
        Received(arrival=name, channel=Channel.EMAIL, at=world.now, size=1, outcome=outcome, reason=reason)
    )


class Desk:
    """A desk of so many cases."""

    def __init__(self, missed: int, open_cases: int = 0) -> None:
        self.missed, self.open, self.asked = missed, open_cases, list[int]()

    def missed_cases(self, units: Any, most: int) -> int:
        return min(self.missed, most + 1)

    def open_cases(self, units: Any, most: int) -> int:
        self.asked.append(most)
        return min(self.open, most + 1)

    def unsent_rows(self, each: int) -> tuple[()]:
        return ()
