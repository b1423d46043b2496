"""What happens as a clock nears its due date and passes it: who is told, when, and at which hours.

A fraction is a share of the time that the clock runs: of office time for what counts by the office, of all time for the
others. So many working or calendar days before or after the due date end when the office closes on the day they reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from .calendar import ZERO, WorkCalendar
from .clocks import Clock, ClockState
from .deadlines import running_spans
from .terms import BY_OFFICE, Term

#: office: the letter waits until the office opens. any: it goes at once, whatever the hour.
Hours = Literal["office", "any"]
HOURS: tuple[Hours, ...] = get_args(Hours)
#: Nobody is told: the case moves by itself.
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Step:
    """Exactly one of: a `fraction` (over 0, up to 1 = the due date), `working_days_after` it (1 or more), a term
    `before` or `after` it. `audience`: a role of the policy, an address, or "system". `hours`: None leaves it to the
    rule that a promise by the hour is told at any hour when it breaks, and everything else in office hours.
    `template`: the letter of the policy that tells it; empty leaves it to the audience. Raises ValueError."""

    id: str
    fraction: float | None
    working_days_after: int | None
    audience: str
    before: Term | None = None
    after: Term | None = None
    hours: Hours | None = None
    template: str = ""

    def __post_init__(self) -> None:
        given = [one for one in (self.fraction, self.working_days_after, self.before, self.after) if one is not None]
        if len(given) != 1:
            raise ValueError("a step has one of: fraction, working_days_after, before, after")
        if self.fraction is not None and not 0 < self.fraction <= 1:
            raise ValueError("a step's fraction is over 0 and at most 1")
        if self.working_days_after is not None and self.working_days_after < 1:
            raise ValueError("a step after the due date is at least one working day after it")
        if not self.audience:
            raise ValueError("a step has an audience")

    @property
    def later(self) -> bool:
        """Is it taken after the due date?"""
        return self.working_days_after is not None or self.after is not None

    @property
    def breach(self) -> bool:
        return self.fraction == 1

    def at_once(self, clock: Clock) -> bool:
        """May its letter go outside office hours?"""
        if self.hours is not None:
            return self.hours == "any"
        return self.breach and clock.term.unit == "hours"


Ladder = tuple[Step, ...]

DEFAULT_LADDER: Ladder = (
    Step("remind", 0.5, None, "desk"),
    Step("warn", 0.8, None, "desk"),
    Step("breach", 1.0, None, "unit_head"),
    Step("leadership", None, 1, "leadership"),
    Step("inspectorate", None, 3, "inspectorate"),
)
REPLY_LADDER: Ladder = (Step("expire", 1.0, None, SYSTEM),)


def steps_due(clock: Clock, ladder: Ladder, calendar: WorkCalendar, at: datetime) -> tuple[Step, ...]:
    """What is due and not done, in the order of its time; after a gap that may be several. Nothing while the clock is
    paused or once it is met, late or not."""
    ahead = (step for step in _left(clock, ladder) if not step.later or clock.due_at <= at)
    found = ((step_at(clock, step, calendar), step) for step in ahead)
    return tuple(step for when, step in sorted(found, key=_when) if when <= at)


def next_step_at(clock: Clock, ladder: Ladder, calendar: WorkCalendar) -> datetime | None:
    """The first instant at which `steps_due` has something; None when it never will as things stand."""
    ahead = _left(clock, ladder)
    # No step before the due date, or on it, comes later than one after it; of shares of one time the smallest is first.
    if by_due := [step for step in ahead if not step.later]:
        share = min((step for step in by_due if step.fraction is not None), key=_share, default=None)
        ahead = [step for step in by_due if step is share or step.fraction is None]
    return min((step_at(clock, step, calendar) for step in ahead), default=None)


def next_at(clocks: Iterable[Clock], ladder_of: Callable[[Clock], Ladder], calendar: WorkCalendar) -> datetime | None:
    """The first instant at which one of a case's clocks needs something."""
    steps = [at for one in clocks if one.open and (at := next_step_at(one, ladder_of(one), calendar))]
    return min(steps, default=None)


def step_at(clock: Clock, step: Step, calendar: WorkCalendar) -> datetime:
    """When a step falls due, done or not; never before the clock started. For a paused clock: if it were resumed at
    once."""
    if step.working_days_after is not None:
        return _working_days_after(clock.due_at, step.working_days_after, calendar)
    if step.after is not None:
        return _after(clock.due_at, step.after, calendar)
    if step.before is not None:
        return max(_before(clock.due_at, step.before, calendar), clock.started_at)
    if step.fraction is None or step.fraction == 1:
        return clock.due_at
    if not clock.pauses:
        begin, end = clock.started_at, clock.due_at
        return _on(clock, calendar, begin, step.fraction * _running(clock, calendar, begin, end))
    spans = [(begin, _running(clock, calendar, begin, end)) for begin, end in running_spans(clock)]
    left = step.fraction * sum((length for _, length in spans), ZERO)
    for begin, length in spans:
        if left <= length:
            return _on(clock, calendar, begin, left)
        left -= length
    return clock.due_at


def _working_days_after(due_at: datetime, days: int, calendar: WorkCalendar) -> datetime:
    return calendar.closing(calendar.working_day_after(calendar.local(due_at).date(), days))


def _after(due_at: datetime, term: Term, calendar: WorkCalendar) -> datetime:
    if term.unit == "working_days":
        return _working_days_after(due_at, term.amount, calendar)
    if term.unit == "calendar_days":
        return due_at + timedelta(days=term.amount)
    amount = timedelta(hours=term.amount)
    return calendar.add_office_time(due_at, amount) if term.unit == "office_hours" else due_at + amount


def _before(due_at: datetime, term: Term, calendar: WorkCalendar) -> datetime:
    if term.unit == "hours":
        return due_at - timedelta(hours=term.amount)
    if term.unit == "calendar_days":
        return due_at - timedelta(days=term.amount)
    if term.unit == "office_hours":
        return calendar.less_office_time(due_at, timedelta(hours=term.amount))
    number, left = calendar.local(due_at).toordinal(), term.amount
    while left:
        number -= 1
        left -= calendar.working(number)
    return calendar.closing(date.fromordinal(number))


def _left(clock: Clock, ladder: Ladder) -> list[Step]:
    """What is not done, and can be done as things stand."""
    if clock.state is ClockState.PAUSED or not clock.open:
        return []
    return [step for step in ladder if step.id not in clock.steps_done]


def _when(item: tuple[datetime, Step]) -> datetime:
    return item[0]


def _share(step: Step) -> float:
    return step.fraction or 0


def _by_office(clock: Clock) -> bool:
    return clock.term.unit in BY_OFFICE


def _on(clock: Clock, calendar: WorkCalendar, begin: datetime, time: timedelta) -> datetime:
    return calendar.add_office_time(begin, time) if _by_office(clock) else begin + time


def _running(clock: Clock, calendar: WorkCalendar, begin: datetime, end: datetime) -> timedelta:
    return calendar.office_time_between(begin, end) if _by_office(clock) else end - begin
