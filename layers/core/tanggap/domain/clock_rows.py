"""A clock as it is stored: JSON-safe, instants as RFC 3339."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .clocks import Clock, ClockState
from .terms import Extension, Pause, Term


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
        "unit": clock.unit,
        "source": clock.source,
        "extensions": [
            {"amount": one.amount, "at": one.at.isoformat(), "by": one.by, "role": one.role} for one in clock.extensions
        ],
    }


def clock_from_dict(data: Mapping[str, Any]) -> Clock:
    """Raises KeyError or ValueError for what `clock_to_dict` did not write. Numbers may come as Decimal."""
    return Clock(
        name=str(data["name"]),
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
        unit=data.get("unit", ""),  # absent from rows of before there were clocks of units
        source=data.get("source", ""),
        extensions=tuple(
            Extension(int(one["amount"]), _instant(one["at"]), one["by"], one.get("role", ""))
            for one in data.get("extensions", ())
        ),
    )


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return at


def _instant_or_none(text: str | None) -> datetime | None:
    return _instant(text) if text is not None else None
