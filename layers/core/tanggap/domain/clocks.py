"""Running promises: when each is due, what paused it, and how it ended. Everything here returns a new clock.

Terms
-----
working_days   The day of start is not counted. Due when the office closes on the N-th day that counts: a working day at
               whose close the clock ran. A clock paused at the very close ran that day; one resumed then did not.
calendar_days  The same, with every day of the week, and with 23:59:59 for the close: midnight would show the next date.
               Ends on the next working day where the last one is free: a deadline never falls on a free day.
hours          By the wall clock, on any day: a promise by the hour is kept by the hour. A pause adds its length.
office_hours   The same, of the time in which the office is open.

While a clock is paused its `due_at` is the one that it would have if resumed at once; `resume` moves it.
A time before the last thing that happened to a clock counts as that thing's time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from .calendar import WorkCalendar
from .deadlines import due
from .terms import Extension, Pause, Term


class ClockName(StrEnum):
    """The clocks that every agency has. A policy may name more."""

    FIRST_RESPONSE = "first_response"
    VERIFY = "verify"
    RESOLVE = "resolve"
    FOLLOW_UP = "follow_up"
    REPORTER_REPLY = "reporter_reply"


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Clock:
    """`rule` names the policy's field that the term comes from, `source` the law behind it. `unit`: whose clock it is,
    where each unit of a case has its own. `missed_at` is when the breach was noticed, at or after `due_at`.

    MISSED is final: what is met late has `met_at` and stays MISSED."""

    name: str
    rule: str
    policy_version: int
    term: Term
    started_at: datetime
    due_at: datetime
    state: ClockState = ClockState.RUNNING
    pauses: tuple[Pause, ...] = ()
    met_at: datetime | None = None
    missed_at: datetime | None = None
    steps_done: tuple[str, ...] = ()
    unit: str = ""
    source: str = ""
    extensions: tuple[Extension, ...] = ()

    @property
    def amount(self) -> int:
        """Of the term's unit, with what was granted besides."""
        return self.term.amount + sum(extension.amount for extension in self.extensions)

    @property
    def ticking(self) -> bool:
        """Running, or paused: its due date may still move."""
        return self.state in (ClockState.RUNNING, ClockState.PAUSED)

    @property
    def open(self) -> bool:
        """Somebody still owes something."""
        return self.met_at is None


def start(
    name: str,
    rule: str,
    term: Term,
    at: datetime,
    calendar: WorkCalendar,
    policy_version: int,
    unit: str = "",
    source: str = "",
) -> Clock:
    clock = Clock(name, rule, policy_version, term, at, at, unit=unit, source=source)
    return replace(clock, due_at=due(clock, calendar))


def pause(clock: Clock, at: datetime, reason: str) -> Clock:
    """Only a running clock pauses; a second pause inside the first changes nothing. Once due, it is too late: the clock
    is missed, even if no sweep has seen that yet."""
    if clock.state is not ClockState.RUNNING:
        return clock
    at = _not_before(clock, at)
    if at >= clock.due_at:
        return miss(clock, at)
    return replace(clock, state=ClockState.PAUSED, pauses=(*clock.pauses, Pause(at, None, reason)))


def resume(clock: Clock, at: datetime, calendar: WorkCalendar) -> Clock:
    """Only a paused clock resumes, with a due date that leaves the pause out."""
    if clock.state is not ClockState.PAUSED:
        return clock
    resumed = replace(clock, state=ClockState.RUNNING, pauses=_ended(clock, at))
    return replace(resumed, due_at=due(resumed, calendar))


def extend(clock: Clock, extension: Extension, calendar: WorkCalendar) -> Clock:
    """Only a clock whose due date may still move is extended; what is missed stays missed."""
    if not clock.ticking or (clock.state is ClockState.RUNNING and extension.at > clock.due_at):
        return clock
    extended = replace(clock, extensions=(*clock.extensions, extension))
    return replace(extended, due_at=due(extended, calendar))


def restart(clock: Clock, at: datetime, calendar: WorkCalendar) -> Clock:
    """The term runs anew from `at`; what had run so far, its pauses, extensions and steps, counts no more. A clock that
    is due by then is missed instead."""
    if not clock.ticking:
        return clock
    at = _not_before(clock, at)
    if clock.state is ClockState.RUNNING and at > clock.due_at:
        return miss(clock, at)
    anew = replace(clock, started_at=at, state=ClockState.RUNNING, pauses=(), extensions=(), steps_done=())
    return replace(anew, due_at=due(anew, calendar))


def meet(clock: Clock, at: datetime) -> Clock:
    """The first time counts. At `due_at` is in time; later is missed, even if no sweep has seen that yet. A paused
    clock is always in time."""
    if not clock.open:
        return clock
    at = _not_before(clock, at)
    if clock.state is ClockState.RUNNING and at > clock.due_at:
        clock = miss(clock, at)
    if clock.state is ClockState.MISSED:
        return replace(clock, met_at=at)
    return replace(clock, state=ClockState.MET, met_at=at, pauses=_ended(clock, at))


def stop(clock: Clock, at: datetime) -> Clock:
    """A case that ends owes nothing more: its open clocks end with it, in time or late."""
    return meet(clock, at)


def miss(clock: Clock, at: datetime) -> Clock:
    """Only a running clock is missed, and not before it is due."""
    if clock.state is not ClockState.RUNNING or at < clock.due_at:
        return clock
    return replace(clock, state=ClockState.MISSED, missed_at=at)


def recompute(clock: Clock, calendar: WorkCalendar, policy_version: int) -> Clock:
    """Under another calendar. What is met or missed stays as it was judged; steps already done stay done."""
    if not clock.ticking:
        return clock
    return replace(clock, due_at=due(clock, calendar), policy_version=policy_version)


def done(clock: Clock, *steps: str) -> Clock:
    """These steps of the ladder (their ids) are taken; each is kept once."""
    return replace(clock, steps_done=tuple(dict.fromkeys((*clock.steps_done, *steps))))


def _ended(clock: Clock, at: datetime) -> tuple[Pause, ...]:
    """The clock's pauses, the last of them ended if it lasts."""
    if not clock.pauses or clock.pauses[-1].until is not None:
        return clock.pauses
    return (*clock.pauses[:-1], replace(clock.pauses[-1], until=_not_before(clock, at)))


def _not_before(clock: Clock, at: datetime) -> datetime:
    """A clock never runs backwards."""
    latest = clock.started_at
    if clock.pauses:
        latest = clock.pauses[-1].until or clock.pauses[-1].since
    return max(at, clock.missed_at or latest)
