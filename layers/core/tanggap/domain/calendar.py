"""Which days an agency works, at which hours, and how much office time lies between two instants.

Zones are fixed offsets: Indonesia has no summer time, so no zone data has to be shipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
WITA = timezone(timedelta(hours=8), "WITA")
WIT = timezone(timedelta(hours=9), "WIT")
#: By the offset that an agency states.
ZONES: Mapping[str, timezone] = {"+07:00": WIB, "+08:00": WITA, "+09:00": WIT}

ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """From `opens` until just before `closes`, the agency's own time. Weekdays: Monday = 0.

    Raises ValueError for hours that never open, since no deadline would ever come."""

    opens: time = time(8)
    closes: time = time(16)
    weekdays: frozenset[int] = frozenset(range(5))

    def __post_init__(self) -> None:
        if self.opens.tzinfo is not None or self.closes.tzinfo is not None:
            raise ValueError("office hours are the agency's own time, without a zone")
        if self.opens >= self.closes:
            raise ValueError("an office opens before it closes, on the same day")
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise ValueError("weekdays are 0 (Monday) to 6 (Sunday), at least one of them")

    @property
    def length(self) -> timedelta:
        """How long the office is open on one day."""
        return timedelta(
            hours=self.closes.hour - self.opens.hour,
            minutes=self.closes.minute - self.opens.minute,
            seconds=self.closes.second - self.opens.second,
            microseconds=self.closes.microsecond - self.opens.microsecond,
        )


@dataclass(frozen=True, slots=True)
class DayOff:
    """A decreed day off, or an agency's own. Joint leave is cuti bersama."""

    name: str
    joint_leave: bool = False

    @property
    def tentative(self) -> bool:
        """The date may still move by a day."""
        return self.name.endswith("(perkiraan)")

    @property
    def why(self) -> str:
        return f"{'joint_leave' if self.joint_leave else 'holiday'}: {self.name}"


@dataclass(frozen=True, slots=True)
class Day:
    """`why`: "working_day", "weekend", "holiday: <name>", "joint_leave: <name>", or "calendar_unknown": a weekday
    after the last decree, taken for a working day until one says otherwise."""

    date: date
    working: bool
    why: str


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """An agency's calendar in force. `known_until` is the last date that a decree covers.

    Days go in and out as dates in `zone`; instants must be aware (ValueError otherwise) and come back in `zone`."""

    zone: timezone
    hours: OfficeHours
    days_off: Mapping[date, DayOff]
    known_until: date
    # Day numbers (date.toordinal) are what a sweep over many clocks can afford to walk.
    _off: frozenset[int] = field(init=False, repr=False, compare=False)
    _week: tuple[bool, ...] = field(init=False, repr=False, compare=False)
    _length: timedelta = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "days_off", dict(self.days_off))
        object.__setattr__(self, "_off", frozenset(day.toordinal() for day in self.days_off))
        # Day number 1 was a Monday.
        object.__setattr__(self, "_week", tuple((number - 1) % 7 in self.hours.weekdays for number in range(7)))
        object.__setattr__(self, "_length", self.hours.length)

    def day(self, d: date) -> Day:
        off = self.days_off.get(d)
        if off is not None:
            return Day(d, False, off.why)
        if not self._week[d.toordinal() % 7]:
            return Day(d, False, "weekend")
        return Day(d, True, "working_day" if d <= self.known_until else "calendar_unknown")

    def working(self, number: int) -> bool:
        """Is the day of this number (date.toordinal) a working day?"""
        return self._week[number % 7] and number not in self._off

    def working_day_after(self, d: date, n: int) -> date:
        """The n-th working day after `d`, which itself is not counted; `d` for n < 1."""
        number = d.toordinal()
        while n > 0:
            number += 1
            if self.working(number):
                n -= 1
        return date.fromordinal(number)

    def local(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return at.astimezone(self.zone)

    def opening(self, d: date) -> datetime:
        return datetime.combine(d, self.hours.opens, self.zone)

    def closing(self, d: date) -> datetime:
        return datetime.combine(d, self.hours.closes, self.zone)

    def next_open(self, at: datetime) -> datetime:
        """`at` itself inside office hours, else the next opening. The instant of closing is outside."""
        here = self.local(at)
        if self.working(here.toordinal()):
            if here < self.opening(here.date()):
                return self.opening(here.date())
            if here < self.closing(here.date()):
                return at
        return self.opening(self.working_day_after(here.date(), 1))

    def add_office_time(self, start: datetime, amount: timedelta) -> datetime:
        """The instant at which `amount` of office time has passed since `start`: a whole day ends at closing, not at
        the next opening. `start` itself when nothing (or less) is added."""
        if amount <= ZERO:
            return start
        today = self.local(start).date()
        left_today = self._left(start)
        if amount <= left_today:
            return self.closing(today) - (left_today - amount)
        days, rest = divmod(amount - left_today, self._length)
        if not rest:
            days, rest = days - 1, self._length
        return self.opening(self.working_day_after(today, days + 1)) + rest

    def less_office_time(self, end: datetime, amount: timedelta) -> datetime:
        """The latest instant from which `amount` of office time passes until `end`."""
        here = self.local(end)
        number, left = here.toordinal(), amount
        used = self._length - self._left(end) if self.working(number) else ZERO
        while left > used:
            number, left = number - 1, left - used
            used = self._length if self.working(number) else ZERO
        if left <= ZERO:
            return end
        day = date.fromordinal(number)
        closes = min(here, self.closing(day)) if day == here.date() else self.closing(day)
        return closes - left

    def office_time_between(self, a: datetime, b: datetime) -> timedelta:
        """Zero when `b` is not after `a`."""
        if b <= a:
            return ZERO
        first, last = self.local(a).toordinal(), self.local(b).toordinal()
        # Both ends' days are counted whole from a's day on, then what b leaves unused is taken back.
        whole = sum(map(self.working, range(first + 1, last + 1)))
        return self._left(a) + whole * self._length - self._left(b)

    def _left(self, at: datetime) -> timedelta:
        """Office time left on the day of `at`."""
        here = self.local(at)
        if not self.working(here.toordinal()):
            return ZERO
        return min(max(self.closing(here.date()) - here, ZERO), self._length)
