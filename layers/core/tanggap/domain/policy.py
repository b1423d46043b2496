"""What an agency decides, as data with versions: units, clocks, ladder, office hours, days off, addresses, letters.

`read_policy` turns the stored JSON into a Policy and names every fault with its place, so that an officer corrects a
policy in one round."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any, TypeGuard

from .calendar import DayOff, OfficeHours, WorkCalendar
from .calendar_id import DAYS_OFF, KNOWN_UNTIL
from .classification_rules import Triage
from .classification_rules import read as read_triage
from .clocks import Clock, ClockName, Term
from .errors import Invalid
from .intake_rules import DEFAULT_RULES, IntakeRules
from .intake_rules import read as read_intake_rules
from .ladder import DEFAULT_LADDER, REPLY_LADDER, Step
from .letters import LETTERS
from .times import zone_of
from .words import Kind, Purpose

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(
    rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@)[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:{_LABEL}\.)+[a-z]{_LABEL}"
)
#: What an officer's `custom:unit` and a policy's ids look like.
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_OFFSETS = ("+07:00", "+08:00", "+09:00")
_UNITS_OF_TIME = ("hours", "calendar_days", "working_days")
_AUDIENCES = ("desk", "unit_head", "leadership", "inspectorate")
#: An answer holds this many faults; a function's answer has an end.
MAX_FAULTS = 200

#: Terms where the agency says nothing else. 5/14/60 working days: practice under PermenPANRB 62/2018 as agencies
#: publish it; the successor, PermenPANRB 5/2025, may say otherwise, which is why these are data. "*" stands for every
#: kind not named.
DEFAULT_TERMS: dict[str, dict[str, dict[str, Any] | None]] = {
    "first_response": {"*": {"amount": 24, "unit": "hours"}},
    "verify": {"*": {"amount": 3, "unit": "working_days"}},
    "resolve": {
        "complaint": {"amount": 14, "unit": "working_days"},
        "supervisory": {"amount": 60, "unit": "working_days"},
        "information": {"amount": 5, "unit": "working_days"},
        "aspiration": {"amount": 5, "unit": "working_days"},
        "praise": None,
    },
    "reporter_reply": {"*": {"amount": 10, "unit": "working_days"}},
}


@dataclass(frozen=True, slots=True)
class Unit:
    id: str
    name: str
    head: tuple[str, ...] = ()
    liaisons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    version: int
    agency: str
    calendar: WorkCalendar
    coordinator: tuple[str, ...]
    leadership: tuple[str, ...]
    inspectorate: tuple[str, ...]
    units: Mapping[str, Unit]
    terms: Mapping[tuple[ClockName, Kind], Term | None]
    ladder: tuple[Step, ...]
    deadline_basis: str
    categories: Mapping[str, str]
    letters: Mapping[Purpose, Mapping[str, str]]
    #: Units of earlier versions: nothing new goes to them, their cases stay in sight.
    former_units: tuple[str, ...] = ()
    intake: IntakeRules = DEFAULT_RULES
    #: Where its people have their mail: what a liar imitates.
    domains: frozenset[str] = frozenset()
    triage: Triage = field(default_factory=Triage)
    raw: Mapping[str, Any] = field(repr=False, default_factory=dict)

    def term(self, clock: ClockName, kind: Kind) -> Term | None:
        return self.terms.get((clock, kind))

    def ladder_of(self, clock: Clock) -> tuple[Step, ...]:
        return REPLY_LADDER if clock.name is ClockName.REPORTER_REPLY else self.ladder

    def audience(self, name: str, unit: str | None) -> tuple[str, ...]:
        """The addresses of a rung. Without a unit the coordinator stands in for desk and unit head; nobody named means
        the coordinator as well, since a step must reach somebody."""
        chosen = self.units.get(unit or "")
        table: dict[str, tuple[str, ...]] = {
            "desk": chosen.liaisons if chosen else self.coordinator,
            "unit_head": chosen.head if chosen else self.coordinator,
            "leadership": self.leadership,
            "inspectorate": self.inspectorate,
        }
        return table[name] or self.coordinator


class _Reader:
    """Reads one JSON tree and gathers faults instead of stopping at the first."""

    def __init__(self) -> None:
        self.faults: list[dict[str, str]] = []

    def fault(self, place: str, message: str) -> None:
        self.faults.append({"place": place[:120], "message": message})

    def table(self, raw: Mapping[str, Any], key: str, place: str = "") -> dict[str, Any]:
        value = raw.get(key, {})
        if not isinstance(value, dict):
            self.fault(f"{place}{key}", "must be an object")
            return {}
        return value

    def rows(self, raw: Mapping[str, Any], key: str, place: str = "") -> list[dict[str, Any]]:
        value = raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.fault(f"{place}{key}", "must be a list of objects")
            return []
        return value

    def text(self, raw: Mapping[str, Any], key: str, place: str, limit: int = 200, default: str | None = None) -> str:
        value = raw.get(key, default)
        if not isinstance(value, str) or not value.strip() or len(value) > limit or not value.isprintable():
            self.fault(f"{place}{key}", f"must be one line of 1 to {limit} visible characters")
            return ""
        return value.strip()

    def identifier(self, raw: Mapping[str, Any], place: str, taken: Container[str]) -> str:
        """The id of a row; empty (and a fault) for one that can't be used."""
        key = raw.get("id")
        if not isinstance(key, str) or not IDENTIFIER.fullmatch(key):
            self.fault(f"{place}id", "must be 1 to 40 of a-z, 0-9 and hyphen")
            return ""
        if key in taken:
            self.fault(f"{place}id", "is there twice")
            return ""
        return key

    def addresses(self, raw: Mapping[str, Any], key: str, place: str, *, needed: bool = False) -> tuple[str, ...]:
        value = raw.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value) or len(value) > 20:
            self.fault(f"{place}{key}", "must be a list of at most 20 addresses")
            return ()
        good = tuple(one.strip().lower() for one in value if _ADDRESS.fullmatch(one.strip().lower()))
        if len(good) != len(value):
            self.fault(f"{place}{key}", "holds something that is not an e-mail address")
        if needed and not good:
            self.fault(f"{place}{key}", "needs at least one address")
        return tuple(dict.fromkeys(good))


def _term(reader: _Reader, place: str, raw: Any) -> Term | None:
    if raw is None:
        return None
    amount = raw.get("amount") if isinstance(raw, dict) else None
    if not _whole(amount) or not 1 <= amount <= 2000:
        reader.fault(place, "needs an amount from 1 to 2000 (or null for no term)")
        return None
    if raw.get("unit") not in _UNITS_OF_TIME:
        reader.fault(place, f"needs a unit of {', '.join(_UNITS_OF_TIME)}")
        return None
    return Term(amount, raw["unit"])


def _terms(reader: _Reader, raw: Mapping[str, Any]) -> dict[tuple[ClockName, Kind], Term | None]:
    given = reader.table(raw, "clocks")
    for name in given.keys() - set(ClockName):
        reader.fault(f"clocks.{name}", "is not a clock")
    terms: dict[tuple[ClockName, Kind], Term | None] = {}
    for clock in ClockName:
        own = reader.table(given, clock, "clocks.")
        # An agency that says "every kind" means it: its "*" stands before our default for a kind that it does not name.
        by_kind = own if "*" in own else {**DEFAULT_TERMS[clock], **own}
        for name in by_kind.keys() - set(Kind) - {"*"}:
            reader.fault(f"clocks.{clock}.{name}", "is not a kind of case")
        read = {name: _term(reader, f"clocks.{clock}.{name}", term) for name, term in by_kind.items()}
        terms.update({(clock, kind): read.get(kind.value, read.get("*")) for kind in Kind})
    return terms


def _clock_time(reader: _Reader, raw: Mapping[str, Any], key: str, default: str) -> time:
    try:
        value = time.fromisoformat(raw.get(key, default))
        if value.tzinfo is None:
            return value
    except (TypeError, ValueError):
        pass
    reader.fault(f"office_hours.{key}", "must be a time such as 08:00")
    return time.fromisoformat(default)


def _office_hours(reader: _Reader, raw: Mapping[str, Any]) -> OfficeHours:
    given = reader.table(raw, "office_hours")
    opens, closes = _clock_time(reader, given, "opens", "08:00"), _clock_time(reader, given, "closes", "16:00")
    if opens >= closes:
        reader.fault("office_hours", "must open before it closes")
        opens, closes = time(8), time(16)
    days = given.get("weekdays", [1, 2, 3, 4, 5])
    if not isinstance(days, list) or not days or not all(_whole(d) and 1 <= d <= 7 for d in days):
        reader.fault("office_hours.weekdays", "must list days from 1 (Monday) to 7 (Sunday)")
        days = [1, 2, 3, 4, 5]
    return OfficeHours(opens, closes, frozenset(day - 1 for day in days))


def _calendar(reader: _Reader, raw: Mapping[str, Any], offset: str) -> WorkCalendar:
    days = dict(DAYS_OFF)
    given = reader.table(raw, "calendar")
    for index, row in enumerate(reader.rows(given, "days_off", "calendar.")):
        place = f"calendar.days_off[{index}]."
        day = _date(reader, place + "date", row.get("date"))
        name = reader.text(row, "name", place, 120)
        if day:
            days[day] = DayOff(name, row.get("joint_leave") is True)
    working = given.get("working_days", [])
    if not isinstance(working, list):
        reader.fault("calendar.working_days", "must be a list of dates")
        working = []
    for index, text in enumerate(working):
        if day := _date(reader, f"calendar.working_days[{index}]", text):
            days.pop(day, None)
    decreed = _date(reader, "calendar.known_until", given["known_until"]) if "known_until" in given else None
    return WorkCalendar(zone_of(offset), _office_hours(reader, raw), days, max(KNOWN_UNTIL, decreed or KNOWN_UNTIL))


def _date(reader: _Reader, place: str, raw: Any) -> date | None:
    try:
        day = date.fromisoformat(raw)
        if 2000 <= day.year < 2100:
            return day
    except (TypeError, ValueError):
        pass
    reader.fault(place, "must be a date of this century such as 2026-12-24")
    return None


def _whole(value: Any) -> TypeGuard[int]:
    """JSON's true is an int to Python."""
    return isinstance(value, int) and not isinstance(value, bool)


def _units(reader: _Reader, raw: Mapping[str, Any]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for index, row in enumerate(reader.rows(raw, "units")):
        place = f"units[{index}]."
        unit = Unit(
            reader.identifier(row, place, units),
            reader.text(row, "name", place),
            reader.addresses(row, "head", place, needed=True),
            reader.addresses(row, "liaisons", place, needed=True),
        )
        if unit.id:
            units[unit.id] = unit
    return units


def _former_units(reader: _Reader, raw: Mapping[str, Any]) -> tuple[str, ...]:
    value = raw.get("former_units", [])
    if not isinstance(value, list) or not all(isinstance(one, str) and IDENTIFIER.fullmatch(one) for one in value):
        reader.fault("former_units", "must be a list of ids of units")
        return ()
    return tuple(dict.fromkeys(value))


def _ladder(reader: _Reader, raw: Mapping[str, Any]) -> tuple[Step, ...]:
    if "ladder" not in raw:
        return DEFAULT_LADDER
    steps: dict[str, Step] = {}
    for index, row in enumerate(reader.rows(raw, "ladder")):
        if step := _step(reader, f"ladder[{index}].", row, steps):
            steps[step.id] = step
    if not any(step.fraction == 1.0 for step in steps.values()):
        reader.fault("ladder", "needs a step at the breach (fraction 1)")
    return tuple(steps.values())


def _step(reader: _Reader, place: str, row: Mapping[str, Any], taken: Container[str]) -> Step | None:
    before = len(reader.faults)
    fraction, after = row.get("fraction"), row.get("working_days_after")
    audience: Any = row.get("audience")
    key = reader.identifier(row, place, taken)
    if (fraction is None) == (after is None):
        reader.fault(place[:-1], "needs either a fraction or working_days_after")
    if fraction is not None and not ((_whole(fraction) or isinstance(fraction, float)) and 0 < fraction <= 1):
        reader.fault(f"{place}fraction", "must lie above 0 and at most at 1")
    if after is not None and not (_whole(after) and 0 < after <= 250):
        reader.fault(f"{place}working_days_after", "must be 1 to 250")
    if audience not in _AUDIENCES:
        reader.fault(f"{place}audience", f"must be one of {', '.join(_AUDIENCES)}")
    if len(reader.faults) > before:
        return None
    return Step(key, None if fraction is None else float(fraction), after, audience)


def _categories(reader: _Reader, raw: Mapping[str, Any], units: Mapping[str, Unit]) -> dict[str, str]:
    found: dict[str, str] = {}
    for index, row in enumerate(reader.rows(raw, "categories")):
        place = f"categories[{index}]."
        key, name, unit = reader.identifier(row, place, found), reader.text(row, "name", place), row.get("unit")
        if key:
            found[key] = name
        if unit is not None and not (isinstance(unit, str) and unit in units):
            reader.fault(f"{place}unit", "is not a unit of this policy")
    return found


def _letters(reader: _Reader, raw: Mapping[str, Any]) -> dict[Purpose, Mapping[str, str]]:
    found: dict[Purpose, Mapping[str, str]] = {}
    for key, row in reader.table(raw, "letters").items():
        if key not in set(LETTERS):
            reader.fault(f"letters.{key}", "is not a letter")
        elif not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
            reader.fault(f"letters.{key}", "must be an object of texts")
        else:
            found[Purpose(key)] = row
    return found


_KNOWN = frozenset(
    [
        "agency",
        "utc_offset",
        "coordinator",
        "leadership",
        "inspectorate",
        "units",
        "categories",
        "clocks",
        "ladder",
        "office_hours",
        "calendar",
        "letters",
        "deadline_basis",
        "former_units",
        "intake",
        "triage",
        #: Who saved this version and when: put there by the desk, not by the officer.
        "saved",
    ]
)


def read_policy(raw: Any, version: int) -> Policy:
    """A policy out of its JSON. Raises Invalid with every fault ({place, message}) at once."""
    reader = _Reader()
    if not isinstance(raw, dict):
        raise faulty([{"place": "", "message": "must be an object"}])
    for key in sorted(raw.keys() - _KNOWN):
        reader.fault(key, "is not a part of a policy")
    offset = raw.get("utc_offset", "+07:00")
    if offset not in _OFFSETS:
        reader.fault("utc_offset", f"must be one of {', '.join(_OFFSETS)}")
        offset = "+07:00"
    units = _units(reader, raw)
    policy = Policy(
        version=version,
        agency=reader.text(raw, "agency", ""),
        calendar=_calendar(reader, raw, offset),
        coordinator=reader.addresses(raw, "coordinator", "", needed=True),
        leadership=reader.addresses(raw, "leadership", ""),
        inspectorate=reader.addresses(raw, "inspectorate", ""),
        units=units,
        terms=_terms(reader, raw),
        ladder=_ladder(reader, raw),
        deadline_basis=reader.text(raw, "deadline_basis", "", default="practice-panrb-62-2018"),
        categories=_categories(reader, raw, units),
        letters=_letters(reader, raw),
        former_units=_former_units(reader, raw),
        intake=read_intake_rules(reader.table(raw, "intake"), reader.fault),
        triage=read_triage(raw, reader.fault, lambda address: _ADDRESS.fullmatch(address) is not None),
        raw=raw,
    )
    if reader.faults:
        raise faulty(reader.faults)
    people = (*policy.coordinator, *policy.leadership, *policy.inspectorate)
    people += tuple(one for unit in units.values() for one in (*unit.head, *unit.liaisons))
    return replace(policy, domains=frozenset(one.rpartition("@")[2] for one in people))


def faulty(faults: Sequence[dict[str, str]]) -> Invalid:
    """The error that tells an officer everything at once, within bounds."""
    told = list(faults[:MAX_FAULTS])
    if more := len(faults) - len(told):
        told.append({"place": "", "message": f"and {more} more"})
    return Invalid("the policy has faults", faults=tuple(told))


def first_policy(agency: str, utc_offset: str, coordinator: str) -> dict[str, Any]:
    """What a new stack starts with: one unit, which the coordinator answers for until the agency names others."""
    return {
        "agency": agency,
        "utc_offset": utc_offset,
        "coordinator": [coordinator],
        "leadership": [coordinator],
        "inspectorate": [],
        "units": [{"id": "umum", "name": "Pelayanan Umum", "head": [coordinator], "liaisons": [coordinator]}],
    }
