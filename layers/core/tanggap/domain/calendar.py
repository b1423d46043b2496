"""Which days an agency works, at which hours, and how much office time lies between two instants.

Zones are fixed offsets: Indonesia has no summer time, so no zone data has to be shipped.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from itertools import accumulate, pairwise
from typing import NamedTuple

WIB = timezone(timedelta(hours=7), "WIB")
WITA = timezone(timedelta(hours=8), "WITA")
WIT = timezone(timedelta(hours=9), "WIT")
#: By the offset that an agency states.
ZONES: Mapping[str, timezone] = {"+07:00": WIB, "+08:00": WITA, "+09:00": WIT}

ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one day: from `opens` until just before `closes`, without its `breaks` (from, to), in order.

    Raises ValueError for hours that never open, since no deadline would ever come, and for breaks that don't lie
    between the hours of work: what ended in one would have no close."""

    opens: time = time(8)
    closes: time = time(16)
    breaks: tuple[tuple[time, time], ...] = ()

    def __post_init__(self) -> None:
        marks = [self.opens, *(mark for span in self.breaks for mark in span), self.closes]
        if any(mark.tzinfo is not None for mark in marks):
            raise ValueError("office hours are the agency's own time, without a zone")
        if self.opens >= self.closes:
            raise ValueError("an office opens before it closes, on the same day")
        if any(earlier >= later for earlier, later in pairwise(marks)):
            raise ValueError("an office's breaks follow one another, with hours of work before, between and after them")

    @property
    def spans(self) -> tuple[tuple[timedelta, timedelta], ...]:
        """When the office is open, counted from midnight."""
        begins = (self.opens, *(until for _, until in self.breaks))
        ends = (*(since for since, _ in self.breaks), self.closes)
        return tuple((_past_midnight(a), _past_midnight(b)) for a, b in zip(begins, ends, strict=True))


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """`opens`, `closes` and `breaks` of every weekday (Monday = 0) that has no hours of its own in `days`, as Friday
    often has for its prayer. Raises ValueError, as DayHours does."""

    opens: time = time(8)
    closes: time = time(16)
    weekdays: frozenset[int] = frozenset(range(5))
    breaks: tuple[tuple[time, time], ...] = ()
    days: Mapping[int, DayHours] = field(default_factory=dict)

    def __post_init__(self) -> None:
        DayHours(self.opens, self.closes, self.breaks)
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise ValueError("weekdays are 0 (Monday) to 6 (Sunday), at least one of them")
        if not self.weekdays >= self.days.keys():
            raise ValueError("hours of its own has only one of the weekdays")
        object.__setattr__(self, "days", dict(self.days))

    def of(self, weekday: int) -> DayHours:
        return self.days.get(weekday) or DayHours(self.opens, self.closes, self.breaks)


@dataclass(frozen=True, slots=True)
class HoursIn:
    """Other hours from `first` to `last`, both included, as in Ramadan. Their weekdays say nothing: a decree on hours
    makes no day free. `source`: by what they are other, as the agency cites it. Raises ValueError for no days."""

    name: str
    first: date
    last: date
    hours: OfficeHours
    source: str = ""

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("a period ends on the day on which it begins, or later")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class DayOff:
    """A decreed day off, or an agency's own. Joint leave is cuti bersama. `decree`: by what it is one, as the agency
    cites it."""

    name: str
    joint_leave: bool = False
    decree: str = ""

    @property
    def tentative(self) -> bool:
        """The date may still move by a day."""
        return self.name.endswith("(perkiraan)")

    @property
    def why(self) -> str:
        return f"{'joint_leave' if self.joint_leave else 'holiday'}: {self.name}"


@dataclass(frozen=True, slots=True)
class Day:
    """`why`: "working_day", "decreed_working_day" (worked though its date or weekday was free), "weekend",
    "holiday: <name>", "joint_leave: <name>", or "calendar_unknown": a weekday after the last decree, taken for a
    working day until one says otherwise."""

    date: date
    working: bool
    why: str


#: Days are summed up in blocks of so many, each when it is first needed: a deadline lies in one or two of them.
_BLOCK = 64


class _Block(NamedTuple):
    """Of a block's days, first to last: the working days, and the office time, from its first day through each."""

    days: tuple[int, ...]
    time: tuple[timedelta, ...]


class _Open(NamedTuple):
    """A day's hours as they are counted with: spans from midnight, their sum, the close."""

    spans: tuple[tuple[timedelta, timedelta], ...]
    length: timedelta
    closes: time


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """An agency's calendar in force. `known_until` is the last date that a decree covers. `worked`: days that a decree
    made working days; a day off among them stays one. `hours_in`: periods with hours other than `hours`, no day in two
    of them (ValueError otherwise).

    Days go in and out as dates in `zone`; instants must be aware (ValueError otherwise) and come back in `zone`."""

    zone: timezone
    hours: OfficeHours
    days_off: Mapping[date, DayOff]
    known_until: date
    worked: frozenset[date] = frozenset()
    hours_in: tuple[HoursIn, ...] = ()
    # Day numbers (date.toordinal) are what a sweep over many clocks can afford to walk. What hangs on the weekday is
    # found by the number modulo 7; day number 1 was a Monday.
    _off: frozenset[int] = field(init=False, repr=False, compare=False)
    _worked: frozenset[int] = field(init=False, repr=False, compare=False)
    _week: tuple[bool, ...] = field(init=False, repr=False, compare=False)
    _usual: tuple[_Open, ...] = field(init=False, repr=False, compare=False)
    #: By day number, of the days in `hours_in` alone.
    _other: Mapping[int, _Open] = field(init=False, repr=False, compare=False)
    _blocks: dict[int, _Block] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        usual = _week(self.hours)
        other: dict[int, _Open] = {}
        for period in self.hours_in:
            week = _week(period.hours)
            days = range(period.first.toordinal(), period.last.toordinal() + 1)
            if not other.keys().isdisjoint(days):
                raise ValueError("no day lies in two periods of other hours")
            other.update((number, week[number % 7]) for number in days)
        off = frozenset(day.toordinal() for day in self.days_off)
        derived = {
            "days_off": dict(self.days_off),
            "_off": off,
            "_worked": frozenset(day.toordinal() for day in self.worked) - off,
            "_week": tuple((number - 1) % 7 in self.hours.weekdays for number in range(7)),
            "_usual": usual,
            "_other": other,
            "_blocks": {},
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    def day(self, d: date) -> Day:
        off = self.days_off.get(d)
        if off is not None:
            return Day(d, False, off.why)
        if d in self.worked:
            return Day(d, True, "decreed_working_day")
        if not self._week[d.toordinal() % 7]:
            return Day(d, False, "weekend")
        return Day(d, True, "working_day" if d <= self.known_until else "calendar_unknown")

    def working(self, number: int) -> bool:
        """Is the day of this number (date.toordinal) a working day?"""
        return number not in self._off if self._week[number % 7] else number in self._worked

    def working_day_after(self, d: date, n: int) -> date:
        """The n-th working day after `d`, which itself is not counted; `d` for n < 1."""
        if n < 1:
            return d
        block, place = divmod(d.toordinal(), _BLOCK)
        days = self._block(block).days
        n += days[place]
        while n > days[-1]:
            n, block = n - days[-1], block + 1
            days = self._block(block).days
        return date.fromordinal(block * _BLOCK + bisect_left(days, n))

    def local(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return at.astimezone(self.zone)

    def closing(self, d: date) -> datetime:
        """When the office closes for the day; of a free day, when it would."""
        return datetime.combine(d, self._open(d.toordinal()).closes, self.zone)

    def period(self, d: date) -> HoursIn | None:
        """Whose hours the office keeps on this day instead of its own."""
        return next((period for period in self.hours_in if d in period), None)

    def next_open(self, at: datetime) -> datetime:
        """`at` itself inside office hours, else the next opening, after a break too. The instant of closing is
        outside."""
        here = self.local(at)
        number = here.toordinal()
        if self.working(number):
            passed = _past_midnight(here)
            for begin, end in self._open(number).spans:
                if passed < end:
                    return max(here, self._instant(number, begin))
        opening = self.working_day_after(here.date(), 1).toordinal()
        return self._instant(opening, self._open(opening).spans[0][0])

    def add_office_time(self, start: datetime, amount: timedelta) -> datetime:
        """The instant at which `amount` of office time has passed since `start`: a whole day ends at closing, not at
        the next opening. `start` itself when nothing (or less) is added."""
        here = self.local(start)
        if amount <= ZERO:
            return here
        number, left_today = here.toordinal(), self._left(here)
        if amount <= left_today:
            left = self._open(number).length - left_today + amount
        else:
            number, left = self._days_on(number, amount - left_today)
        for begin, end in self._open(number).spans:
            if left <= end - begin:
                return self._instant(number, begin + left)
            left -= end - begin
        raise AssertionError("a day is as long as its spans")

    def less_office_time(self, end: datetime, amount: timedelta) -> datetime:
        """The latest instant from which `amount` of office time passes until `end`; `end` itself when nothing (or less)
        is taken."""
        here = self.local(end)
        if amount <= ZERO:
            return here
        # Until the close of the day of this number.
        number, left = here.toordinal(), amount + self._left(here)
        while left > (there := self._office_time_of(number)):
            number, left = number - 1, left - there
        for begin, until in reversed(self._open(number).spans):
            if left <= until - begin:
                return self._instant(number, until - left)
            left -= until - begin
        raise AssertionError("a day is as long as its spans")

    def office_time_between(self, a: datetime, b: datetime) -> timedelta:
        """Zero when `b` is not after `a`."""
        if b <= a:
            return ZERO
        here, there = self.local(a), self.local(b)
        (block, first), (end, last) = divmod(here.toordinal(), _BLOCK), divmod(there.toordinal(), _BLOCK)
        # The days after a's are counted whole, then what b leaves unused is taken back.
        whole = self._block(end).time[last] - self._block(block).time[first]
        for number in range(block, end):
            whole += self._block(number).time[-1]
        return self._left(here) + whole - self._left(there)

    def _open(self, number: int) -> _Open:
        return self._other.get(number) or self._usual[number % 7]

    def _days_on(self, number: int, left: timedelta) -> tuple[int, timedelta]:
        """The day on which so much office time after the day of this number has passed, and how much of it on that
        day: more than none."""
        block, place = divmod(number, _BLOCK)
        passed = self._block(block).time
        left += passed[place]
        while left > passed[-1]:
            left, block = left - passed[-1], block + 1
            passed = self._block(block).time
        place = bisect_left(passed, left)
        return block * _BLOCK + place, left - passed[place - 1] if place else left

    def _block(self, index: int) -> _Block:
        found = self._blocks.get(index)
        if found is None:
            numbers = range(index * _BLOCK, (index + 1) * _BLOCK)
            days, times = map(self.working, numbers), map(self._office_time_of, numbers)
            found = self._blocks[index] = _Block(tuple(accumulate(days, initial=0))[1:], tuple(accumulate(times)))
        return found

    def _office_time_of(self, number: int) -> timedelta:
        return self._open(number).length if self.working(number) else ZERO

    def _left(self, here: datetime) -> timedelta:
        """Office time left on the day of this local time."""
        number = here.toordinal()
        if not self.working(number):
            return ZERO
        passed, left = _past_midnight(here), ZERO
        for begin, end in self._open(number).spans:
            if passed < end:
                left += end - (begin if passed < begin else passed)
        return left

    def _instant(self, number: int, past_midnight: timedelta) -> datetime:
        return datetime.combine(date.fromordinal(number), time(), self.zone) + past_midnight


def _week(hours: OfficeHours) -> tuple[_Open, ...]:
    """By the day number modulo 7."""
    days = (hours.of((number - 1) % 7) for number in range(7))
    return tuple(_Open(day.spans, sum((end - begin for begin, end in day.spans), ZERO), day.closes) for day in days)


def _past_midnight(at: time | datetime) -> timedelta:
    return timedelta(0, at.hour * 3600 + at.minute * 60 + at.second, at.microsecond)
