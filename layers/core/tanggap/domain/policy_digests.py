"""When offices are told how they stand: the daily and the weekly digest, and word of new cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Literal, get_args

from .policy_people import DEPUTY, DESK, LEADERSHIP, ROLES, UNIT_HEAD, People
from .policy_reader import Reader, is_address, is_whole

NewCases = Literal["at_once", "hourly"]
NEW_CASES: tuple[NewCases, ...] = get_args(NewCases)
#: Digests are looked for each quarter of an hour between these (template.yaml: DigestSchedule).
QUARTER, EARLIEST, LATEST = 15, time(5), time(20)
#: Roles and addresses that one digest names.
MOST_ROLES = 20
#: Who is shown the cases themselves; whoever heads a unit is shown the unit's figures, all others those of every unit.
SHOWN_CASES = frozenset({DESK})
SHOWN_UNIT = frozenset({UNIT_HEAD, DEPUTY})


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`at`: local time. `to`: roles or addresses; nobody: there is none. `weekday`: 1 (Monday) to 7; None for each
    working day. What falls on a free day goes on the next working day."""

    at: time
    to: tuple[str, ...]
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Digests:
    """`new_cases`: how the coordinator hears of what nobody has looked at yet; urgent cases are told at once whatever
    it says. `by_unit`: units that would rather hear of what is assigned to them by the hour; the others hear at
    once, since the assignment is the letter that they answer."""

    daily: Rhythm = Rhythm(time(7, 30), (DESK,))
    weekly: Rhythm = Rhythm(time(7, 30), (UNIT_HEAD, LEADERSHIP), 1)
    new_cases: NewCases = "hourly"
    by_unit: Mapping[str, NewCases] = field(default_factory=dict)

    def told_by_the_hour(self, unit: str | None) -> bool:
        """Of a case that comes to this desk (None: the coordinator's)."""
        choice = self.by_unit.get(unit, "at_once") if unit else self.new_cases
        return choice == "hourly"


DEFAULT_DIGESTS = Digests()


def read_digests(reader: Reader, raw: Mapping[str, Any], people: People) -> Digests:
    given, usual = reader.table(raw, "digests"), DEFAULT_DIGESTS
    known = {*ROLES, *people.roles}
    return Digests(
        daily=_rhythm(reader, given, "daily", usual.daily, known),
        weekly=_rhythm(reader, given, "weekly", usual.weekly, known),
        new_cases=_new_cases(reader, given.get("new_cases", usual.new_cases), "digests.new_cases"),
        by_unit=_by_unit(reader, raw),
    )


def _rhythm(reader: Reader, given: Mapping[str, Any], name: str, usual: Rhythm, known: Collection[str]) -> Rhythm:
    row, place = reader.table(given, name, "digests."), f"digests.{name}"
    weekday = row.get("weekday", usual.weekday) if usual.weekday else None
    if usual.weekday and not (is_whole(weekday) and 1 <= weekday <= 7):
        reader.fault(f"{place}.weekday", "must be a day from 1 (Monday) to 7 (Sunday)")
        weekday = usual.weekday
    return Rhythm(_at(reader, row, place, usual.at), _to(reader, row, place, usual.to, known), weekday)


def _at(reader: Reader, row: Mapping[str, Any], place: str, usual: time) -> time:
    if "at" not in row:
        return usual
    try:
        at = time.fromisoformat(row["at"])
        if EARLIEST <= at <= LATEST and not at.minute % QUARTER and not at.second and not at.microsecond:
            return at
    except (TypeError, ValueError):
        pass
    reader.fault(f"{place}.at", f"must be a quarter of an hour from {EARLIEST:%H:%M} to {LATEST:%H:%M}, such as 07:30")
    return usual


def _to(
    reader: Reader, row: Mapping[str, Any], place: str, usual: tuple[str, ...], known: Collection[str]
) -> tuple[str, ...]:
    value = row.get("to", list(usual))
    if not isinstance(value, list) or len(value) > MOST_ROLES:
        reader.fault(f"{place}.to", f"must be a list of at most {MOST_ROLES} roles or addresses")
        return usual
    found: dict[str, None] = {}
    for index, one in enumerate(value):
        name = one.strip().lower() if isinstance(one, str) else ""
        if name in known or is_address(name):
            found[name] = None
        else:
            reader.fault(f"{place}.to[{index}]", "is no role of this policy and no address")
    return tuple(found)


def _new_cases(reader: Reader, value: Any, place: str) -> NewCases:
    for one in NEW_CASES:
        if value == one:
            return one
    reader.fault(place, f"must be one of {', '.join(NEW_CASES)}")
    return DEFAULT_DIGESTS.new_cases


def _by_unit(reader: Reader, raw: Mapping[str, Any]) -> dict[str, NewCases]:
    rows = raw.get("units", [])
    return {
        str(row["id"]): _new_cases(reader, row["new_cases"], f"units[{index}].new_cases")
        for index, row in enumerate(rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and "new_cases" in row and isinstance(row.get("id"), str)
    }
