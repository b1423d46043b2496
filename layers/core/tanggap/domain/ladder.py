"""What happens as a clock nears its due date and passes it: who is told, and when.

A fraction is a share of the time that the clock runs: of office time for working days, of all time for the others.
A step so many working days after the due date comes when the office closes on the last of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from .calendar import ZERO, WorkCalendar
from .clocks import Clock, ClockState, running_spans

Audience = Literal["desk", "unit_head", "leadership", "inspectorate", "system"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)


@dataclass(frozen=True, slots=True)
class Step:
    """Either a `fraction` (over 0, up to 1 = the due date) or `working_days_after` it (1 or more). Raises ValueError
    otherwise."""

    id: str
    fraction: float | None
    working_days_after: int | None
    audience: Audience

    def __post_init__(self) -> None:
        if (self.fraction is None) == (self.working_days_after is None):
            raise ValueError("a step has a fraction or working days after, one of the two")
        if self.fraction is not None and not 0 < self.fraction <= 1:
            raise ValueError("a step's fraction is over 0 and at most 1")
        if self.working_days_after is not None and self.working_days_after < 1:
            raise ValueError("a step after the due date is at least one working day after it")
        if self.audience not in AUDIENCES:
            raise ValueError("a step's audience is not in the list")


Ladder = tuple[Step, ...]

DEFAULT_LADDER: Ladder = (
    Step("remind", 0.5, None, "desk"),
    Step("warn", 0.8, None, "desk"),
    Step("breach", 1.0, None, "unit_head"),
    Step("leadership", None, 1, "leadership"),
    Step("inspectorate", None, 3, "inspectorate"),
)
REPLY_LADDER: Ladder = (Step("expire", 1.0, None, "system"),)


def steps_due(clock: Clock, ladder: Ladder, calendar: WorkCalendar, at: datetime) -> tuple[Step, ...]:
    """What is due and not done, in the order of its time; after a gap that may be several. Nothing while the clock is
    paused or once it is met, late or not."""
    return tuple(step for when, step in sorted(_ahead(clock, ladder, calendar), key=_when) if when <= at)


def next_step_at(clock: Clock, ladder: Ladder, calendar: WorkCalendar) -> datetime | None:
    """The first instant at which `steps_due` has something; None when it never will as things stand."""
    return min((when for when, _ in _ahead(clock, ladder, calendar)), default=None)


def step_at(clock: Clock, step: Step, calendar: WorkCalendar) -> datetime:
    """When a step falls due, done or not. For a paused clock: if it were resumed at once."""
    if step.working_days_after is not None:
        due = calendar.local(clock.due_at).date()
        return calendar.closing(calendar.working_day_after(due, step.working_days_after))
    if step.fraction is None or step.fraction == 1:
        return clock.due_at
    spans = [(begin, _running(clock, calendar, begin, end)) for begin, end in running_spans(clock)]
    left = step.fraction * sum((length for _, length in spans), ZERO)
    for begin, length in spans:
        if left <= length:
            return calendar.add_office_time(begin, left) if _by_office(clock) else begin + left
        left -= length
    return clock.due_at


def _ahead(clock: Clock, ladder: Ladder, calendar: WorkCalendar) -> Iterator[tuple[datetime, Step]]:
    if clock.state is ClockState.PAUSED or not clock.open:
        return
    for step in ladder:
        if step.id not in clock.steps_done:
            yield step_at(clock, step, calendar), step


def _when(item: tuple[datetime, Step]) -> datetime:
    return item[0]


def _by_office(clock: Clock) -> bool:
    return clock.term.unit == "working_days"


def _running(clock: Clock, calendar: WorkCalendar, begin: datetime, end: datetime) -> timedelta:
    return calendar.office_time_between(begin, end) if _by_office(clock) else end - begin
