"""How a deadline came about, for a machine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .calendar import OfficeHours
from .derivation import Derivation, DerivedDay
from .derivation_course import Shift, Turn
from .terms import Extension


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
        "source_en": found.source_en or None,
        "policy_version": found.policy_version,
        "rule_version": found.rule_version,
        "term": {"amount": found.term.amount, "unit": found.term.unit},
        "amount": found.amount,
        "started_at": at(found.started_at),
        "due_at": at(found.due_at),
        "provisional": found.provisional,
        "assumed_from": at(found.assumed_from),
        "left": found.left_time.total_seconds() if found.by_time else found.left,
        "moved_from": found.moved_from.isoformat() if found.moved_from else None,
        "unknown_from": found.unknown_from.isoformat() if found.unknown_from else None,
        "agrees": found.agrees,
        "days": [_day_as_dict(day) for day in found.days],
        "pauses": [{"from": at(gap.since), "to": at(gap.until), "reason": gap.reason} for gap in found.pauses],
        "hours_in": [
            {
                "name": period.name,
                "from": period.first.isoformat(),
                "until": period.last.isoformat(),
                "source": period.source or None,
                "hours": _hours_as_dict(period.hours),
            }
            for period in found.hours_in
        ],
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
                "why": one.why or None,
            }
            for one in found.shifts
        ],
        "course": [
            {"at": at(turn.at), "what": _what(turn), "was": at(turn.was), "now": at(turn.now)} for turn in found.course
        ],
    }


def _what(turn: Turn) -> str:
    if isinstance(turn.of, Shift):
        return turn.of.by
    if isinstance(turn.of, Extension):
        return "extended"
    return "resumed" if turn.ends and not turn.whole else "paused"


def _day_as_dict(day: DerivedDay) -> dict[str, Any]:
    """What says nothing is left out: a year of days is long enough."""
    told: dict[str, Any] = {"date": day.date.isoformat(), "counted": day.counted, "reason": day.reason}
    if day.number is not None:
        told["number"] = day.number
    if day.time is not None:
        told["seconds"] = day.time.total_seconds()
    for key in ("name", "decree", "tentative", "moved", "assumed"):
        if getattr(day, key):
            told[key] = getattr(day, key)
    return told


def _hours_as_dict(hours: OfficeHours) -> dict[str, list[list[str]]]:
    """By weekday, 1 (Monday) to 7: when the office is open, each from and to."""
    told: dict[str, list[list[str]]] = {}
    for weekday in sorted(hours.weekdays):
        day = hours.of(weekday)
        edges = [day.opens, *(edge for gap in day.breaks for edge in gap), day.closes]
        said = [edge.isoformat("minutes") for edge in edges]
        told[str(weekday + 1)] = [list(span) for span in zip(said[::2], said[1::2], strict=True)]
    return told
