"""What the runs of a schedule have in common: what they work with, for which time, and until when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..domain.draft import Ids
from ..domain.errors import Refuse, Retry
from .ports import Cases, Due, Policies

#: Clocks of two machines differ; a schedule's event may lie this far ahead of ours.
AHEAD = timedelta(minutes=5)
#: Before the function ends: nothing new is begun.
ENDING = timedelta(seconds=5)


#: Told of what could not be worked on, or let out.
OnFailure = Callable[[Due, Exception], None]


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

    @property
    def ending(self) -> bool:
        return self.remaining() < ENDING

    def half(self) -> timedelta:
        """What remains when half of the time until the end is over."""
        return ENDING + max(timedelta(0), self.remaining() - ENDING) / 2

    def check(self, at: datetime) -> None:
        """Raises TimeAhead."""
        if not self.simulated and at > self.clock() + AHEAD:
            raise TimeAhead("the time of this event lies ahead of the clock")


def as_told(dues: Iterable[Due]) -> tuple[list[Due], Retry | None]:
    """What the index tells, and why it told no more: what it told before is worked on all the same."""
    found: list[Due] = []
    try:
        found.extend(dues)  # what came before an error stays
    except Retry as error:
        return found, error
    return found, None
