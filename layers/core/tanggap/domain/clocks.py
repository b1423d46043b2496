"""Running promises: when each is due, what paused it, and how it ended. Everything here returns a new clock.

Terms
-----
working_days   The day of start is not counted. Due when the office closes on the N-th day that counts: a working day at
               whose close the clock ran. A clock paused at the very close ran that day; one resumed then did not.
calendar_days  The same, with every day of the week, and with 23:59:59 for the close: midnight would show the next date.
hours          By the wall clock; a pause adds its length.

While a clock is paused its `due_at` is the one that it would have if resumed at once; `resume` moves it.
A time before the last thing that happened to a clock counts as that thing's time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Literal, get_args

from .calendar import ZERO, WorkCalendar

Unit = Literal["hours", "calendar_days", "working_days"]
UNITS: tuple[Unit, ...] = get_args(Unit)

END_OF_DAY = time(23, 59, 59)
LONGEST_TERM = 10_000
ONE_DAY = timedelta(days=1)


class ClockName(StrEnum):
    FIRST_RESPONSE = "first_response"
    VERIFY = "verify"
    RESOLVE = "resolve"
    REPORTER_REPLY = "reporter_reply"


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Term:
    """Raises ValueError for what can't be counted."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError("a term counts hours, calendar_days or working_days")
        if isinstance(self.amount, bool) or not isinstance(self.amount, int):
            raise ValueError("a term's amount is a whole number")
        if not 1 <= self.amount <= LONGEST_TERM:
            raise ValueError(f"a term is 1 to {LONGEST_TERM} long")


@dataclass(frozen=True, slots=True)
class Pause:
    """`until` is None while it lasts. `reason` is a word, never a text."""

    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Clock:
    """`rule` names where the term comes from. `missed_at` is when the breach was noticed, at or after `due_at`.

    MISSED is final: what is met late has `met_at` and stays MISSED."""

    name: ClockName
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

    @property
    def open(self) -> bool:
        """Somebody still owes something."""
        return self.met_at is None


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """`why`: a Day's, or "day_of_receipt", "paused", "by_the_clock" (counted whatever day it is)."""

    date: date
    counted: bool
    why: str


def start(name: ClockName, rule: str, term: Term, at: datetime, calendar: WorkCalendar, policy_version: int) -> Clock:
    due_at = _due(term, at, (), calendar)
    return Clock(name=name, rule=rule, policy_version=policy_version, term=term, started_at=at, due_at=due_at)


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
    pauses = _ended(clock, at)
    due_at = _due(clock.term, clock.started_at, pauses, calendar)
    return replace(clock, state=ClockState.RUNNING, pauses=pauses, due_at=due_at)


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
    if clock.state not in (ClockState.RUNNING, ClockState.PAUSED):
        return clock
    due_at = _due(clock.term, clock.started_at, clock.pauses, calendar)
    return replace(clock, due_at=due_at, policy_version=policy_version)


def done(clock: Clock, *steps: str) -> Clock:
    """These steps of the ladder (their ids) are taken; each is kept once."""
    return replace(clock, steps_done=tuple(dict.fromkeys((*clock.steps_done, *steps))))


def explain(clock: Clock, calendar: WorkCalendar) -> tuple[ExplainedDay, ...]:
    """Each day from the start to the due date, under the calendar of the clock's policy version."""
    first = calendar.local(clock.started_at).date()
    last = calendar.local(clock.due_at).date()
    days = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    if clock.term.unit == "hours":
        return tuple(_explained_by_hours(clock, calendar, day) for day in days if not _empty(clock, calendar, day))
    paused = _paused_closes(clock.term, clock.pauses, calendar, last)
    return tuple(_explained_by_days(clock, calendar, day, day == first, day.toordinal() in paused) for day in days)


def running_spans(clock: Clock) -> Iterator[tuple[datetime, datetime]]:
    """The stretches between start and due date in which the clock ran, in order."""
    begin = clock.started_at
    for gap in clock.pauses:
        if gap.until is None or gap.since >= clock.due_at:
            break
        yield begin, gap.since
        begin = gap.until
    yield begin, clock.due_at


def clock_to_dict(clock: Clock) -> dict[str, Any]:
    """JSON-safe; instants as RFC 3339."""
    return {
        "name": str(clock.name),
        "rule": clock.rule,
        "policy_version": clock.policy_version,
        "term": {"amount": clock.term.amount, "unit": clock.term.unit},
        "started_at": clock.started_at.isoformat(),
        "due_at": clock.due_at.isoformat(),
        "state": str(clock.state),
        "pauses": [
            {"since": gap.since.isoformat(), "until": _text(gap.until), "reason": gap.reason} for gap in clock.pauses
        ],
        "met_at": _text(clock.met_at),
        "missed_at": _text(clock.missed_at),
        "steps_done": list(clock.steps_done),
    }


def clock_from_dict(data: Mapping[str, Any]) -> Clock:
    """Raises KeyError or ValueError for what `clock_to_dict` did not write. Numbers may come as Decimal."""
    return Clock(
        name=ClockName(data["name"]),
        rule=data["rule"],
        policy_version=int(data["policy_version"]),
        term=Term(int(data["term"]["amount"]), data["term"]["unit"]),
        started_at=_instant(data["started_at"]),
        due_at=_instant(data["due_at"]),
        state=ClockState(data["state"]),
        pauses=tuple(
            Pause(_instant(gap["since"]), _instant_or_none(gap["until"]), gap["reason"]) for gap in data["pauses"]
        ),
        met_at=_instant_or_none(data["met_at"]),
        missed_at=_instant_or_none(data["missed_at"]),
        steps_done=tuple(data["steps_done"]),
    )


def _due(term: Term, started_at: datetime, pauses: tuple[Pause, ...], calendar: WorkCalendar) -> datetime:
    if term.unit == "hours":
        paused = sum((gap.until - gap.since for gap in pauses if gap.until is not None), ZERO)
        return calendar.local(started_at) + timedelta(hours=term.amount) + paused
    number, left = calendar.local(started_at).toordinal(), term.amount
    paused_closes = _paused_closes(term, pauses, calendar)
    every_day = term.unit == "calendar_days"
    while left:
        number += 1
        if (every_day or calendar.working(number)) and number not in paused_closes:
            left -= 1
    return _close(term, calendar, date.fromordinal(number))


def _close(term: Term, calendar: WorkCalendar, day: date) -> datetime:
    """When a day of this term is over."""
    if term.unit == "working_days":
        return calendar.closing(day)
    return datetime.combine(day, END_OF_DAY, calendar.zone)


def _paused_closes(
    term: Term, pauses: tuple[Pause, ...], calendar: WorkCalendar, open_until: date | None = None
) -> set[int]:
    """The numbers of the days at whose close the clock was paused. A pause that still lasts is left out, or taken to
    last through the day `open_until`."""
    numbers: set[int] = set()
    for gap in pauses:
        since = calendar.local(gap.since)
        first = since.toordinal() + (since >= _close(term, calendar, since.date()))
        if gap.until is not None:
            until = calendar.local(gap.until)
            last = until.toordinal() - (until < _close(term, calendar, until.date()))
        elif open_until is not None:
            last = open_until.toordinal()
        else:
            continue
        numbers.update(range(first, last + 1))
    return numbers


def _explained_by_days(clock: Clock, calendar: WorkCalendar, day: date, receipt: bool, paused: bool) -> ExplainedDay:
    if receipt:
        return ExplainedDay(day, False, "day_of_receipt")
    if clock.term.unit == "calendar_days":
        counts, why = True, "by_the_clock"
    else:
        known = calendar.day(day)
        counts, why = known.working, known.why
    return ExplainedDay(day, False, "paused") if counts and paused else ExplainedDay(day, counts, why)


def _explained_by_hours(clock: Clock, calendar: WorkCalendar, day: date) -> ExplainedDay:
    begin, end = _within(clock, calendar, day)
    gaps = ((max(gap.since, begin), min(gap.until or end, end)) for gap in clock.pauses)
    paused = sum((max(until - since, ZERO) for since, until in gaps), ZERO)
    if end > begin and paused >= end - begin:
        return ExplainedDay(day, False, "paused")
    return ExplainedDay(day, True, "by_the_clock")


def _within(clock: Clock, calendar: WorkCalendar, day: date) -> tuple[datetime, datetime]:
    """The part of a day that lies between start and due date."""
    midnight = datetime.combine(day, time(), calendar.zone)
    return max(midnight, clock.started_at), min(midnight + ONE_DAY, clock.due_at)


def _empty(clock: Clock, calendar: WorkCalendar, day: date) -> bool:
    """A clock due at midnight has no part in the day that begins then."""
    begin, end = _within(clock, calendar, day)
    return begin >= end


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


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return at


def _instant_or_none(text: str | None) -> datetime | None:
    return _instant(text) if text is not None else None
