"""How a deadline came about, as data: from what, by which rule, which days counted and which did not, what stood still,
what was granted besides, what moved it since. Names no person. `derivation_words` says the same in words,
`derivation_dict` to a machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Literal, get_args

from .calendar import ZERO, HoursIn, WorkCalendar
from .clocks import Clock, ClockState
from .deadlines import ExplainedDay, due, explain, gone_on
from .derivation_course import Shift, Turn, course, shifts
from .history import Entry
from .sources import in_english, in_indonesian
from .terms import BY_OFFICE, BY_TIME, Extension, Pause, Term

Reason = Literal[
    "day_of_receipt",
    "working_day",
    "decreed_working_day",
    "calendar_unknown",
    "by_the_clock",
    "weekend",
    "holiday",
    "joint_leave",
    "paused",
    "outside_hours",
    "next_working_day",
]
_REASONS: Mapping[str, Reason] = {reason: reason for reason in get_args(Reason)}


@dataclass(frozen=True, slots=True)
class DerivedDay:
    """`number`: which of the term's days it is, from 1, where it counted as a whole. `time`: how much of it counted,
    where parts of days count. `name` of the day off, and the `decree` that made it one. `tentative`: its date still
    waits for the moon. `moved`: it lies after the last day of the term; the deadline went on over it. `assumed`: nobody
    knows it yet; the clock stands still, and this is how it would count if it went on."""

    date: date
    counted: bool
    reason: Reason
    name: str = ""
    decree: str = ""
    tentative: bool = False
    number: int | None = None
    time: timedelta | None = None
    moved: bool = False
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Derivation:
    """The `days` that count are the term with its extensions. While the clock stands still, and where it was met while
    it stood still, the due date is what it is if it goes on at `assumed_from` (`provisional`): the days from there on
    are `assumed`, and what they count is `left`.

    `hours_in`: the periods with other office hours that had a part in the due date. `unknown_from`: the first of these
    days that no decree covers yet, where that matters. `moved_from`: the term's last day, where that is free and the
    deadline moved on. `agrees`: whether this calendar leads to the due date; false where the policy that the deadline
    was computed by is no longer kept, and another's calendar had to explain it."""

    name: str
    unit: str
    label: Mapping[str, str]
    state: ClockState
    rule: str
    source: str
    policy_version: int
    #: Whose rule the term is: an earlier one's than the calendar's, where a newer policy has another or none.
    rule_version: int
    term: Term
    zone: timezone
    started_at: datetime
    due_at: datetime
    days: tuple[DerivedDay, ...]
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    shifts: tuple[Shift, ...] = ()
    hours_in: tuple[HoursIn, ...] = ()
    left: int = 0
    left_time: timedelta = ZERO
    moved_from: date | None = None
    unknown_from: date | None = None
    agrees: bool = True
    assumed_from: datetime | None = None
    source_en: str = ""
    course: tuple[Turn, ...] = ()
    weekdays: frozenset[int] = frozenset(range(5))
    open: bool = True

    @property
    def provisional(self) -> bool:
        return self.agrees and self.assumed_from is not None

    @property
    def by_time(self) -> bool:
        return self.term.unit in BY_TIME

    @property
    def amount(self) -> int:
        """Of the term's unit, with what was granted besides."""
        return self.term.amount + sum(extension.amount for extension in self.extensions)

    @property
    def counted_days(self) -> int:
        """So far."""
        return sum(day.counted for day in self.days if not day.assumed)

    @property
    def counted_time(self) -> timedelta:
        """So far."""
        return sum((day.time or ZERO for day in self.days if not day.assumed), ZERO)


def derivation(
    clock: Clock,
    calendar: WorkCalendar,
    label: Mapping[str, str] | None = None,
    history: Iterable[Entry] = (),
    now: datetime | None = None,
    source_en: str = "",
) -> Derivation:
    """Under the calendar of the clock's policy version. `history`: the case's, for what moved this deadline since.
    `now`: a clock that stands still is told as if it went on then; without it, as if it went on as it came to stand."""
    judged, agrees = _as_judged(clock, calendar)
    due_at, assumed_from = clock.due_at, None
    if judged.stands_still:
        went = gone_on(judged, calendar, now if clock.open else None)
        due_at, assumed_from = went.due_at if agrees else due_at, went.pauses[-1].until
    by_time = clock.term.unit in BY_TIME
    shifted = shifts(clock, history)
    days = _derived(explain(judged, calendar, assumed_from), 0 if by_time else clock.amount, calendar)
    counted = [day for day in days if day.counted]
    left = [day for day in counted if day.assumed]
    return Derivation(
        name=clock.name,
        unit=clock.unit,
        label=label or {language: clock.name.replace("_", " ") for language in ("id", "en")},
        state=clock.state,
        rule=clock.rule,
        source=in_indonesian(clock.source),
        policy_version=clock.policy_version,
        rule_version=clock.promised_by,
        term=clock.term,
        zone=calendar.zone,
        started_at=calendar.local(clock.started_at),
        due_at=calendar.local(due_at),
        days=days,
        pauses=clock.pauses,
        extensions=clock.extensions,
        shifts=shifted,
        hours_in=_hours_in(clock, calendar, days, due_at),
        left=0 if by_time else len(left),
        left_time=sum((day.time or ZERO for day in left), ZERO),
        moved_from=counted[-1].date if counted and any(day.moved for day in days) else None,
        unknown_from=None if clock.term.unit == "hours" else _unknown_from(days, calendar),
        agrees=agrees,
        assumed_from=calendar.local(assumed_from) if assumed_from else None,
        source_en=source_en or in_english(clock.source),
        course=course(clock, shifted),
        weekdays=calendar.hours.weekdays,
        open=clock.open,
    )


def _hours_in(
    clock: Clock, calendar: WorkCalendar, days: Iterable[DerivedDay], due_at: datetime
) -> tuple[HoursIn, ...]:
    """Whole working days ask for the hours of the last day, and of those on which a pause began or ended."""
    if clock.term.unit not in BY_OFFICE or not calendar.hours_in:
        return ()
    if clock.term.unit in BY_TIME:
        asked = {day.date for day in days if calendar.working(day.date.toordinal())}
    else:
        instants = (due_at, *(edge for gap in clock.pauses for edge in (gap.since, gap.until) if edge))
        asked = {calendar.local(instant).date() for instant in instants}
    return tuple(period for period in calendar.hours_in if any(day in period for day in asked))


def _as_judged(clock: Clock, calendar: WorkCalendar) -> tuple[Clock, bool]:
    """The clock as its due date was last computed, and whether this calendar leads to that date. Of a clock that was
    met while it stood still the last pause has ended since, without moving a date that no longer mattered."""
    if due(clock, calendar) == clock.due_at:
        return clock, True
    if clock.met_at and clock.pauses and clock.pauses[-1].until == clock.met_at:
        stood = replace(clock, pauses=(*clock.pauses[:-1], replace(clock.pauses[-1], until=None)))
        return stood, due(stood, calendar) == clock.due_at
    return clock, False


def _derived(explained: Iterable[ExplainedDay], amount: int, calendar: WorkCalendar) -> tuple[DerivedDay, ...]:
    """`amount`: of whole days, 0 where parts of days count."""
    days: list[DerivedDay] = []
    number = 0
    for day in explained:
        reason, _, name = day.why.removeprefix("moved: ").partition(": ")
        off = calendar.days_off.get(day.date) if name else None
        moved = 0 < amount == number
        whole = day.counted and day.time is None
        number += whole
        days.append(
            DerivedDay(
                date=day.date,
                counted=day.counted,
                reason=_REASONS[reason],
                name=name,
                decree=off.decree if off else "",
                tentative=bool(off and off.tentative),
                number=number if whole else None,
                time=day.time,
                moved=moved,
                assumed=day.assumed,
            )
        )
    return tuple(days)


def _unknown_from(days: Iterable[DerivedDay], calendar: WorkCalendar) -> date | None:
    return next((day.date for day in days if day.date > calendar.known_until), None)
