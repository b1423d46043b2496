"""What a policy must satisfy to be saved, beyond being readable: letters that can be sent, offices that are not
ourselves, sizes that fit a row, no misspelt field.

Apart from reading, since a policy in force must stay readable when a rule is added here. Everything here takes the raw
JSON, of whatever shape, and adds to what `read_policy` finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import starmap
from typing import Any

from . import policy_letters
from .policy import Policy
from .policy_gaps import gaps
from .policy_promises import SETTINGS
from .policy_retention import too_short

#: Where addresses of ours stand.
PEOPLE = (
    "coordinator",
    "leadership",
    "inspectorate",
    "units[].head",
    "units[].liaisons",
    "units[].deputies",
    "roles[].addresses",
    "absences[].deputy",
    "ladder[].audience",
    "clocks.*.ladder[].audience",
    "digests.*.to",
)

Faults = Iterator[dict[str, str]]

#: Rows of each list, or names of a table, by its place. A case holds a clock of each name, or one for each of its
#: units: with domain.units.MOST of them its row still ends below 400 kB.
LIMITS = {
    "units": 200,
    "roles": 50,
    "clocks": 30,
    "absences": 500,
    "categories": 500,
    "ladder": 20,
    "clocks.*.ladder": 20,
    "calendar.days_off": 1000,
    "calendar.working_days": 366,
    "calendar.hours_in": 100,
}
#: Of a step of a ladder, of a term, of a break.
STEP = ("id", "fraction", "working_days_after", "before", "after", "audience", "hours", "template")
TERM, BREAK, HOURS = ("amount", "unit"), ("from", "to"), ("opens", "closes", "breaks")
#: Fields of each object, by its place; [] stands for any row, * for any key.
FIELDS: dict[str, tuple[str, ...]] = {
    "units[]": ("id", "name", "head", "liaisons", "deputies", "new_cases"),
    "roles[]": ("id", "name", "addresses", "deputy"),
    "absences[]": ("address", "deputy", "from", "until"),
    "categories[]": ("id", "name", "unit", "words", "addresses"),
    "ladder[]": STEP,
    "ladder[].before": TERM,
    "ladder[].after": TERM,
    "clocks.*.ladder[]": STEP,
    "clocks.*.ladder[].before": TERM,
    "clocks.*.ladder[].after": TERM,
    "clocks.*.label": ("id", "en"),
    "clocks.*.*": (*TERM, "source", "extension"),
    "office_hours": ("opens", "closes", "weekdays", "breaks", "days"),
    "office_hours.breaks[]": BREAK,
    "office_hours.days.*": HOURS,
    "office_hours.days.*.breaks[]": BREAK,
    "calendar": ("days_off", "working_days", "hours_in", "known_until"),
    "calendar.days_off[]": ("date", "name", "joint_leave", "decree"),
    "calendar.hours_in[]": ("name", "from", "until", "source", *HOURS, "days"),
    "calendar.hours_in[].breaks[]": BREAK,
    "calendar.hours_in[].days.*": HOURS,
    "calendar.hours_in[].days.*.breaks[]": BREAK,
    "letters.*": ("subject", "text", "id", "en"),
    "letters.*.id": ("subject", "text"),
    "letters.*.en": ("subject", "text"),
    "digests": ("daily", "weekly", "new_cases"),
    "digests.daily": ("at", "to"),
    "digests.weekly": ("weekday", "at", "to"),
    "open311": ("publish",),
}


def faults_in(raw: Mapping[str, Any], own_domain: str) -> list[dict[str, str]]:
    """Every fault with its place. `own_domain`: where our own letters come from."""
    return [
        *_unknown(raw),
        *_too_many(raw),
        *_own_addresses(raw, own_domain.lower()),
        *starmap(_fault, policy_letters.faults(raw)),
    ]


def faults_of(policy: Policy) -> list[dict[str, str]]:
    """Every fault of a policy that can be read as a whole: where its parts don't go together."""
    found = list(gaps(policy))
    # Lifetimes that come of hours in which nobody works are no fault of their own; nor is our default, which speaks of
    # cases that have ended, where the agency says nothing.
    measured = "retention" in policy.raw and not any(place == "office_hours" for place, _ in found)
    promises = policy.promises if measured else {}
    short = too_short(policy.retention, promises, policy.intake, policy.calendar)
    return [
        _fault(f"retention.closed_cases.{kind}", f"must be kept for {days} days at least: {why}")
        for kind, days, why in short
    ] + list(starmap(_fault, found))


def _fault(place: str, message: str) -> dict[str, str]:
    return {"place": place[:120], "message": message}


def _at(raw: Any, pattern: str) -> Iterator[tuple[str, Any]]:
    """Everything in the tree that a pattern such as `calendar.days_off[]` names, with its own place."""
    found: list[tuple[str, Any]] = [("", raw)]
    for part in pattern.split("."):
        key, rows = part.removesuffix("[]"), part.endswith("[]")
        found = [
            (f"{place}.{name}" if place else name, value)
            for place, node in found
            if isinstance(node, dict)
            for name, value in node.items()
            if key in ("*", name)
        ]
        if rows:
            found = [
                (f"{place}[{index}]", row)
                for place, node in found
                if isinstance(node, list)
                for index, row in enumerate(node)
            ]
    yield from found


def _unknown(raw: Mapping[str, Any]) -> Faults:
    for pattern, fields in FIELDS.items():
        for place, node in _at(raw, pattern):
            if pattern == "clocks.*.*" and place.rpartition(".")[2] in SETTINGS:
                continue  # stands beside a clock's terms
            for name in node.keys() - set(fields) if isinstance(node, dict) else ():
                yield _fault(f"{place}.{name}", "is not a part of it")


def _too_many(raw: Mapping[str, Any]) -> Faults:
    for pattern, limit in LIMITS.items():
        for place, rows in _at(raw, pattern):
            if isinstance(rows, list | dict) and len(rows) > limit:
                yield _fault(place, f"holds more than {limit}")


def _own_addresses(raw: Mapping[str, Any], own_domain: str) -> Faults:
    """A letter to ourselves would come back as an arrival."""
    for pattern in PEOPLE:
        for place, value in _at(raw, pattern):
            for address in [value] if isinstance(value, str) else value if isinstance(value, list) else []:
                domain = address.strip().lower().rpartition("@")[2] if isinstance(address, str) else ""
                if domain == own_domain or domain.endswith("." + own_domain):
                    yield _fault(place, f"lies under {own_domain}: our letters would come back to us")
