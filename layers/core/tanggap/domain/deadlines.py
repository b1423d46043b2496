"""When a clock is due, and why then: each day from its start, counted or skipped.

The explanation and the due date are one walk over the same days, so that neither can say what the other does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from .calendar import ZERO, WorkCalendar
from .terms import BY_TIME, Pause, Term, Unit

if TYPE_CHECKING:
    from .clocks import Clock

END_OF_DAY = time(23, 59, 59)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """`why`: a Day's, or "day_of_receipt", "paused", "by_the_clock" (counted whatever day it is), "outside_hours" (a
    working day on which the clock ran only while the office was closed), "moved: <why this day is free>" and
    "next_working_day" (where the last day is free). `time`: how much of the day counted, where parts of days count;
    their sum is the term. `assumed`: nobody knows it yet, since the clock stands still; it is as if it went on. The
    day on which it went on may then have two rows, where parts of days count."""

    date: date
    counted: bool
    why: str
    time: timedelta | None = None
    assumed: bool = False


def first_due(term: Term, started_at: datetime, calendar: WorkCalendar) -> datetime:
    """Of a clock that starts."""
    return _due(term.unit, term.amount, started_at, (), calendar)


def due(clock: Clock, calendar: WorkCalendar) -> datetime:
    """A pause that still lasts is left out: as if it ended at once."""
    return _due(clock.term.unit, clock.amount, clock.started_at, clock.pauses, calendar)


def _due(unit: Unit, amount: int, started_at: datetime, pauses: tuple[Pause, ...], calendar: WorkCalendar) -> datetime:
    if unit in BY_TIME:
        return _after(unit, timedelta(hours=amount), started_at, pauses, calendar)
    first = calendar.local(started_at)
    if unit == "working_days" and not pauses:
        return calendar.closing(calendar.working_day_after(first.date(), amount))
    number, left = first.toordinal(), amount
    paused = _paused_closes(unit, pauses, calendar)
    every_day = unit == "calendar_days"
    while left:
        number += 1
        if (every_day or calendar.working(number)) and number not in paused:
            left -= 1
    while not calendar.working(number) or number in paused:  # a deadline never falls on a free day
        number += 1
    return _close(unit, calendar, date.fromordinal(number))


def running_spans(clock: Clock) -> Iterator[tuple[datetime, datetime]]:
    """The stretches between start and due date in which the clock ran, in order."""
    begin = clock.started_at
    for gap in clock.pauses:
        if gap.until is None or gap.since >= clock.due_at:
            break
        yield begin, gap.since
        begin = gap.until
    yield begin, clock.due_at


def gone_on(clock: Clock, calendar: WorkCalendar, at: datetime | None = None) -> Clock:
    """A clock that stands still, as if it went on `at`; not before it came to stand, which is meant where nothing is
    given."""
    last = clock.pauses[-1]
    ended = replace(last, until=max(at or last.since, last.since))
    went = replace(clock, pauses=(*clock.pauses[:-1], ended))
    return replace(went, due_at=due(went, calendar))


def explain(clock: Clock, calendar: WorkCalendar, now: datetime | None = None) -> tuple[ExplainedDay, ...]:
    """Each day from the start to the due date, under the calendar of the clock's policy version. Of one that stands
    still: to the date that it has if it goes on `now`."""
    known_until = None
    if clock.stands_still:
        clock = gone_on(clock, calendar, now)
        known_until = clock.pauses[-1].until
    first = calendar.local(clock.started_at).date()
    last = calendar.local(clock.due_at).date()
    days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    if clock.term.unit in BY_TIME:
        pauses = _pauses_by_day(clock.pauses, calendar, last)
        return tuple(
            _by_time(clock, calendar, day, pauses.get(day.toordinal(), ()), part)
            for day in days
            for part in _parts(clock, calendar, day, known_until)
        )
    paused = _paused_closes(clock.term.unit, clock.pauses, calendar)
    explained: list[ExplainedDay] = []
    left = clock.amount
    for day in days:
        stood = day.toordinal() in paused
        told = _by_day(clock, calendar, day, day == first, stood) if left else _moved(calendar, day, stood)
        if known_until and day != first and _close(clock.term.unit, calendar, day) > known_until:
            told = replace(told, assumed=True)
        explained.append(told)
        left -= told.counted
    return tuple(explained)


def _after(
    unit: Unit, amount: timedelta, started_at: datetime, pauses: tuple[Pause, ...], calendar: WorkCalendar
) -> datetime:
    """When so much time, or office time, has passed since the start, the pauses left out."""
    begin, left = calendar.local(started_at), amount
    office = unit == "office_hours"
    for gap in pauses:
        if gap.until is None:
            break
        ran = max(calendar.office_time_between(begin, gap.since) if office else gap.since - begin, ZERO)
        if left <= ran:
            break
        begin, left = calendar.local(gap.until), left - ran
    return calendar.add_office_time(begin, left) if office else begin + left


def _close(unit: Unit, calendar: WorkCalendar, day: date) -> datetime:
    """When a day of such a term is over."""
    if unit == "working_days":
        return calendar.closing(day)
    return datetime.combine(day, END_OF_DAY, calendar.zone)


def _paused_closes(unit: Unit, pauses: tuple[Pause, ...], calendar: WorkCalendar) -> set[int]:
    """The numbers of the days at whose close the clock was paused. A pause that still lasts is left out."""
    numbers: set[int] = set()
    for gap in pauses:
        if gap.until is None:
            continue
        since = calendar.local(gap.since)
        first = since.toordinal() + (since >= _close(unit, calendar, since.date()))
        until = calendar.local(gap.until)
        last = until.toordinal() - (until < _close(unit, calendar, until.date()))
        numbers.update(range(first, last + 1))
    return numbers


def _by_day(clock: Clock, calendar: WorkCalendar, day: date, receipt: bool, paused: bool) -> ExplainedDay:
    if receipt:
        return ExplainedDay(day, False, "day_of_receipt")
    if clock.term.unit == "calendar_days":
        counts, why = True, "by_the_clock"
    else:
        known = calendar.day(day)
        counts, why = known.working, known.why
    return ExplainedDay(day, False, "paused") if counts and paused else ExplainedDay(day, counts, why)


def _moved(calendar: WorkCalendar, day: date, paused: bool) -> ExplainedDay:
    """A day after the last that counts."""
    known = calendar.day(day)
    if known.working:
        return ExplainedDay(day, False, "paused" if paused else "next_working_day")
    return ExplainedDay(day, False, f"moved: {known.why}")


def _pauses_by_day(pauses: tuple[Pause, ...], calendar: WorkCalendar, last: date) -> dict[int, list[Pause]]:
    """By the number of each day, up to the last, that they have a part in."""
    found: dict[int, list[Pause]] = {}
    for gap in pauses:
        until = min(calendar.local(gap.until).date(), last) if gap.until else last
        for number in range(calendar.local(gap.since).toordinal(), until.toordinal() + 1):
            found.setdefault(number, []).append(gap)
    return found


#: Of a day: from, to, and whether it is assumed.
_Part = tuple[datetime, datetime, bool]


def _by_time(clock: Clock, calendar: WorkCalendar, day: date, pauses: Iterable[Pause], part: _Part) -> ExplainedDay:
    begin, end, assumed = part
    office = clock.term.unit == "office_hours"

    def ran(since: datetime, until: datetime) -> timedelta:
        return calendar.office_time_between(since, until) if office else max(until - since, ZERO)

    gaps = ((max(gap.since, begin), min(gap.until or end, end)) for gap in pauses)
    all_day, paused = ran(begin, end), sum((ran(since, until) for since, until in gaps), ZERO)
    known = calendar.day(day)
    if paused and paused >= all_day:
        return ExplainedDay(day, False, "paused", ZERO, assumed)
    if office:
        why = "outside_hours" if known.working and not all_day else known.why
        return ExplainedDay(day, all_day > paused, why, all_day - paused, assumed)
    return ExplainedDay(day, True, "by_the_clock", all_day - paused, assumed)


def _parts(clock: Clock, calendar: WorkCalendar, day: date, known_until: datetime | None) -> Iterator[_Part]:
    """What of a day lies between start and due date, cut where knowledge ends. A clock due at midnight has no part in
    the day that begins then."""
    midnight = datetime.combine(day, time(), calendar.zone)
    begin, end = max(midnight, clock.started_at), min(midnight + ONE_DAY, clock.due_at)
    cut = end if known_until is None else min(max(known_until, begin), end)
    for since, until, assumed in ((begin, cut, False), (cut, end, True)):
        if since < until:
            yield since, until, assumed
