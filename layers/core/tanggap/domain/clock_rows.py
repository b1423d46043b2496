"""A clock as it is stored: JSON-safe, instants as RFC 3339.

A stopped clock is written as one that was met when it stopped: so it reads in the release before, whose functions run
beside ours while a deployment lasts, and to which a stack may go back. There nobody owes it either."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .clocks import Clock, ClockName, ClockState, Why
from .terms import Extension, Pause, Term


def clock_to_dict(clock: Clock) -> dict[str, Any]:
    """JSON-safe; instants as RFC 3339."""
    stopped = clock.state is ClockState.STOPPED
    return {
        "name": str(clock.name),
        "rule": clock.rule,
        "policy_version": clock.policy_version,
        "term": {"amount": clock.term.amount, "unit": clock.term.unit},
        "started_at": clock.started_at.isoformat(),
        "due_at": clock.due_at.isoformat(),
        "state": str(ClockState.MET if stopped else clock.state),
        "pauses": [
            {"since": gap.since.isoformat(), "until": _text(gap.until), "reason": gap.reason} for gap in clock.pauses
        ],
        "met_at": _text(clock.stopped_at if stopped else clock.met_at),
        "missed_at": _text(clock.missed_at),
        "steps_done": list(clock.steps_done),
        "unit": clock.unit,
        "source": clock.source,
        "extensions": [_extension(one) for one in clock.extensions],
        **({"stopped": {"why": str(clock.stopped_why), "met_at": _text(clock.met_at)}} if stopped else {}),
        **({"owes": clock.owes} if clock.owes != "agency" else {}),
        **({"set_aside": [_extension(one) for one in clock.set_aside]} if clock.set_aside else {}),
        **({"rule_version": clock.rule_version} if clock.rule_version is not None else {}),
    }


def clock_from_dict(data: Mapping[str, Any]) -> Clock:
    """Raises KeyError or ValueError for what `clock_to_dict` did not write. Numbers may come as Decimal."""
    stopped = data.get("stopped")
    version = data.get("rule_version")
    return Clock(
        name=str(data["name"]),
        rule=data["rule"],
        policy_version=int(data["policy_version"]),
        term=Term(int(data["term"]["amount"]), data["term"]["unit"]),
        started_at=_instant(data["started_at"]),
        due_at=_instant(data["due_at"]),
        state=ClockState.STOPPED if stopped else ClockState(data["state"]),
        pauses=tuple(
            Pause(_instant(gap["since"]), _instant_or_none(gap["until"]), gap["reason"]) for gap in data["pauses"]
        ),
        met_at=_instant_or_none(stopped["met_at"] if stopped else data["met_at"]),
        missed_at=_instant_or_none(data["missed_at"]),
        steps_done=tuple(data["steps_done"]),
        unit=data.get("unit", ""),  # absent from rows of before there were clocks of units
        source=data.get("source", ""),
        extensions=tuple(_extension_of(one) for one in data.get("extensions", ())),
        # rows of before this was kept know one clock of the reporter's
        owes=data.get("owes", "reporter" if data["name"] == ClockName.REPORTER_REPLY else "agency"),
        stopped_at=_instant_or_none(data["met_at"]) if stopped else None,
        stopped_why=Why(stopped["why"]) if stopped else None,
        set_aside=tuple(_extension_of(one) for one in data.get("set_aside", ())),
        rule_version=None if version is None else int(version),
    )


def _extension(one: Extension) -> dict[str, Any]:
    said: dict[str, Any] = {"amount": one.amount, "at": one.at.isoformat(), "by": one.by, "role": one.role}
    return said | {"unit": one.unit} if one.unit else said


def _extension_of(data: Mapping[str, Any]) -> Extension:
    return Extension(int(data["amount"]), _instant(data["at"]), data["by"], data.get("role", ""), data.get("unit", ""))


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return at


def _instant_or_none(text: str | None) -> datetime | None:
    return _instant(text) if text is not None else None
