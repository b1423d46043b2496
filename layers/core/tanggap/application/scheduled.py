"""What the runs of a schedule have in common: what they work with, for which time, and until when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..domain.draft import Ids
from ..domain.errors import Refuse
from .ports import Cases, Policies

#: Clocks of two machines differ; a schedule's event may lie this far ahead of ours.
AHEAD = timedelta(minutes=5)


class TimeAhead(Refuse):
    """The event's time lies ahead of the clock: somebody plays with time, or a clock is broken."""

    code = "time_ahead"


@dataclass(frozen=True, slots=True)
class Scheduled:
    """`remaining`: how long the function may still run. `simulated`: the stack lets time run ahead."""

    cases: Cases
    policies: Policies
    ids: Ids
    clock: Callable[[], datetime]
    simulated: bool = False
    remaining: Callable[[], timedelta] = lambda: timedelta.max

    def check(self, at: datetime) -> None:
        """Raises TimeAhead."""
        if not self.simulated and at > self.clock() + AHEAD:
            raise TimeAhead("the time of this event lies ahead of the clock")
