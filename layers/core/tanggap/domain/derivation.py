"""How a deadline came about, as data: from what, by which rule, which days counted and which did not, what stood still,
what was granted besides, what moved it since. Names no person. `derivation_words` says the same in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal, get_args

from .calendar import ZERO, WorkCalendar
from .clocks import Clock, ClockState
from .deadlines import ExplainedDay, due, explain
from .history import Entry
from .terms import BY_TIME, Extension, Pause, Term
from .times import parse_instant

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
#: What an entry of the history says moved a deadline.
MOVED_BY: Mapping[str, Literal["policy", "rule", "restart"]] = {
    "clock_moved": "policy",
    "clock_retimed": "rule",
    "clock_restarted": "restart",
}


@dataclass(frozen=True, slots=True)
class DerivedDay:
    """`number`: which of the term's days it is, from 1, where it counted as a whole. `time`: how much of it counted,
    where parts of days count. `name` of the day off, and the `decree` that made it one. `tentative`: its date still
    waits for the moon. `moved`: it lies after the last day of the term; the deadline went on over it."""

    date: date
    counted: bool
    reason: Reason
    name: str = ""
    decree: str = ""
    tentative: bool = False
    number: int | None = None
    time: timedelta | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """What moved the deadline after its clock had started: a newer policy (a decree among them), another kind or basis,
    a new start. `was` and `now`: the due dates, `policy_version`: the newer one's number, where the history says
    them."""

    at: datetime
    by: Literal["policy", "rule", "restart"]
    rule: str = ""
    was: datetime | None = None
    now: datetime | None = None
    policy_version: int | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """`days` and what is `left` together are the term with its extensions. Something is left only while the clock
    stands still, or where it was met while it stood still: then the due date is what it would be had it gone on at once
    (`provisional`).

    `unknown_from`: the first of these days that no decree covers yet, where that matters. `moved_from`: the term's last
    day, where that is free and the deadline moved on. `agrees`: whether this calendar leads to the due date; false
    where the policy that the deadline was computed by is no longer kept, and another's calendar had to explain it."""

    name: str
    unit: str
    label: Mapping[str, str]
    state: ClockState
    rule: str
    source: str
    policy_version: int
    term: Term
    zone: timezone
    started_at: datetime
    due_at: datetime
    days: tuple[DerivedDay, ...]
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    shifts: tuple[Shift, ...] = ()
    left: int = 0
    left_time: timedelta = ZERO
    moved_from: date | None = None
    unknown_from: date | None = None
    agrees: bool = True

    @property
    def provisional(self) -> bool:
        return self.agrees and bool(self.left or self.left_time or self.state is ClockState.PAUSED)

    @property
    def by_time(self) -> bool:
        return self.term.unit in BY_TIME

    @property
    def amount(self) -> int:
        """Of the term's unit, with what was granted besides."""
        return self.term.amount + sum(extension.amount for extension in self.extensions)

    @property
    def counted_days(self) -> int:
        return sum(day.counted for day in self.days)

    @property
    def counted_time(self) -> timedelta:
        return sum((day.time or ZERO for day in self.days), ZERO)


def derivation(
    clock: Clock, calendar: WorkCalendar, label: Mapping[str, str] | None = None, history: Iterable[Entry] = ()
) -> Derivation:
    """Under the calendar of the clock's policy version. `history`: the case's, for what moved this deadline since."""
    judged, agrees = _as_judged(clock, calendar)
    by_time = clock.term.unit in BY_TIME
    days = _derived(explain(judged, calendar), 0 if by_time else clock.amount, calendar)
    counted = [day.date for day in days if day.counted]
    found = Derivation(
        name=clock.name,
        unit=clock.unit,
        label=label or {language: clock.name.replace("_", " ") for language in ("id", "en")},
        state=clock.state,
        rule=clock.rule,
        source=clock.source,
        policy_version=clock.policy_version,
        term=clock.term,
        zone=calendar.zone,
        started_at=calendar.local(clock.started_at),
        due_at=calendar.local(clock.due_at),
        days=days,
        pauses=clock.pauses,
        extensions=clock.extensions,
        shifts=shifts(clock, history),
        moved_from=counted[-1] if counted and any(day.moved for day in days) else None,
        unknown_from=None if clock.term.unit == "hours" else _unknown_from(days, calendar),
        agrees=agrees,
    )
    if by_time:
        return replace(found, left_time=timedelta(hours=clock.amount) - found.counted_time)
    return replace(found, left=clock.amount - found.counted_days)


def shifts(clock: Clock, history: Iterable[Entry]) -> tuple[Shift, ...]:
    """What the history says of this clock since its case was opened."""
    mine = (
        entry
        for entry in history
        if entry.event in MOVED_BY
        and entry.data.get("clock") == clock.name
        and entry.data.get("unit", "") == clock.unit
        and entry.at >= clock.started_at
    )
    return tuple(
        Shift(
            at=entry.at,
            by=MOVED_BY[entry.event],
            rule=entry.data.get("rule", ""),
            was=_instant(entry.data.get("was")),
            now=_instant(entry.data.get("now")),
            policy_version=int(entry.data["policy"]) if entry.data.get("policy", "").isdecimal() else None,
        )
        for entry in mine
    )


def as_dict(found: Derivation) -> dict[str, Any]:
    """JSON-safe; instants as RFC 3339 in the agency's zone, times of a day in seconds. Grants are by role: an officer's
    id leads to a name."""

    def at(when: datetime | None) -> str | None:
        return when.astimezone(found.zone).isoformat(timespec="seconds") if when else None

    return {
        "clock": found.name,
        "unit": found.unit or None,
        "label": dict(found.label),
        "state": str(found.state),
        "rule": found.rule,
        "source": found.source or None,
        "policy_version": found.policy_version,
        "term": {"amount": found.term.amount, "unit": found.term.unit},
        "amount": found.amount,
        "started_at": at(found.started_at),
        "due_at": at(found.due_at),
        "provisional": found.provisional,
        "left": found.left_time.total_seconds() if found.by_time else found.left,
        "moved_from": found.moved_from.isoformat() if found.moved_from else None,
        "unknown_from": found.unknown_from.isoformat() if found.unknown_from else None,
        "agrees": found.agrees,
        "days": [_day_as_dict(day) for day in found.days],
        "pauses": [{"from": at(gap.since), "to": at(gap.until), "reason": gap.reason} for gap in found.pauses],
        "extensions": [
            {"amount": more.amount, "at": at(more.at), "by": more.role or more.by.partition(":")[0]}
            for more in found.extensions
        ],
        "shifts": [
            {
                "at": at(one.at),
                "by": one.by,
                "rule": one.rule or None,
                "was": at(one.was),
                "now": at(one.now),
                "policy_version": one.policy_version,
            }
            for one in found.shifts
        ],
    }


def _day_as_dict(day: DerivedDay) -> dict[str, Any]:
    """What says nothing is left out: a year of days is long enough."""
    told: dict[str, Any] = {"date": day.date.isoformat(), "counted": day.counted, "reason": day.reason}
    if day.number is not None:
        told["number"] = day.number
    if day.time is not None:
        told["seconds"] = day.time.total_seconds()
    for key in ("name", "decree", "tentative", "moved"):
        if getattr(day, key):
            told[key] = getattr(day, key)
    return told


def _as_judged(clock: Clock, calendar: WorkCalendar) -> tuple[Clock, bool]:
    """The clock as its due date was last computed, and whether this calendar leads to that date. Of a clock that was
    met while it stood still the last pause has ended since, without moving a date that no longer mattered."""
    if due(clock, calendar) == clock.due_at:
        return clock, True
    if clock.met_at and clock.pauses and clock.pauses[-1].until == clock.met_at:
        standing = replace(clock, pauses=(*clock.pauses[:-1], replace(clock.pauses[-1], until=None)))
        return standing, due(standing, calendar) == clock.due_at
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
            )
        )
    return tuple(days)


def _unknown_from(days: Iterable[DerivedDay], calendar: WorkCalendar) -> date | None:
    return next((day.date for day in days if day.date > calendar.known_until), None)


def _instant(text: str | None) -> datetime | None:
    return parse_instant(text) if text else None
