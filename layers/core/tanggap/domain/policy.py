"""What an agency decides, as data with versions: units, clocks, ladder, office hours, days off, addresses, letters.

`read_policy` turns the stored JSON into a Policy and names every fault with its place, so that an officer corrects a
policy in one round. Its parts are read by policy_people, policy_promises, policy_calendar, policy_digests, intake_rules
and classification_rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from .calendar import WorkCalendar
from .classification_rules import Triage
from .classification_rules import read as read_triage
from .clocks import Clock
from .errors import Invalid
from .intake_rules import DEFAULT_RULES, IntakeRules
from .intake_rules import read as read_intake_rules
from .ladder import DEFAULT_LADDER, Ladder
from .letters import LETTERS
from .policy_calendar import read_calendar
from .policy_digests import DEFAULT_DIGESTS, Digests, read_digests
from .policy_people import People, Unit, read_people
from .policy_promises import read_promises
from .policy_reader import IDENTIFIER, Reader, is_address
from .promises import Allowance, Promise
from .words import Kind, Purpose

_OFFSETS = ("+07:00", "+08:00", "+09:00")
#: An answer holds this many faults; a function's answer has an end.
MAX_FAULTS = 200


@dataclass(frozen=True, slots=True)
class Policy:
    version: int
    agency: str
    calendar: WorkCalendar
    people: People
    promises: Mapping[str, Promise]
    #: Where a case's terms come from unless an officer says otherwise (the basis of `kind@basis`).
    deadline_basis: str
    categories: Mapping[str, str]
    letters: Mapping[Purpose, Mapping[str, str]]
    #: Units of earlier versions: nothing new goes to them, their cases stay in sight.
    former_units: tuple[str, ...] = ()
    intake: IntakeRules = DEFAULT_RULES
    #: Where its people have their mail: what a liar imitates.
    domains: frozenset[str] = frozenset()
    triage: Triage = field(default_factory=Triage)
    digests: Digests = DEFAULT_DIGESTS
    raw: Mapping[str, Any] = field(repr=False, default_factory=dict)

    @property
    def units(self) -> Mapping[str, Unit]:
        return self.people.units

    @property
    def coordinator(self) -> tuple[str, ...]:
        return self.people.coordinator

    def allowance(self, clock: str, kind: Kind, basis: str = "") -> tuple[str, Allowance | None]:
        """The rule's name, and the time that it allows; None where nothing is promised."""
        promise = self.promises.get(clock)
        return promise.allowance(kind, basis) if promise else (f"{clock}.{kind}", None)

    def ladder_of(self, clock: Clock) -> Ladder:
        """Of a clock that the policy no longer knows too: what runs is not forgotten."""
        promise = self.promises.get(clock.name)
        return promise.ladder if promise else DEFAULT_LADDER

    def label(self, clock: str, language: str = "id") -> str:
        promise = self.promises.get(clock)
        return promise.label[language] if promise else clock.replace("_", " ")

    def audience(self, name: str, unit: str | None, at: datetime | None = None) -> tuple[str, ...]:
        """The addresses behind a step's audience; `at`: when the letter is written, so that absences count."""
        return self.people.audience(name, unit, self.calendar.local(at).date() if at else None)


def _former_units(reader: Reader, raw: Mapping[str, Any]) -> tuple[str, ...]:
    value = raw.get("former_units", [])
    if not isinstance(value, list) or not all(isinstance(one, str) and IDENTIFIER.fullmatch(one) for one in value):
        reader.fault("former_units", "must be a list of ids of units")
        return ()
    return tuple(dict.fromkeys(value))


def _categories(reader: Reader, raw: Mapping[str, Any], units: Mapping[str, Unit]) -> dict[str, str]:
    found: dict[str, str] = {}
    for index, row in enumerate(reader.rows(raw, "categories")):
        place = f"categories[{index}]."
        key, name, unit = reader.identifier(row, place, found), reader.text(row, "name", place), row.get("unit")
        if key:
            found[key] = name
        if unit is not None and not (isinstance(unit, str) and unit in units):
            reader.fault(f"{place}unit", "is not a unit of this policy")
    return found


def _letters(reader: Reader, raw: Mapping[str, Any]) -> dict[Purpose, Mapping[str, str]]:
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
        "roles",
        "absences",
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
        "digests",
        #: Who saved this version and when: put there by the desk, not by the officer.
        "saved",
    ]
)


def read_policy(raw: Any, version: int) -> Policy:
    """A policy out of its JSON. Raises Invalid with every fault ({place, message}) at once."""
    reader = Reader()
    if not isinstance(raw, dict):
        raise faulty([{"place": "", "message": "must be an object"}])
    for key in sorted(raw.keys() - _KNOWN):
        reader.fault(key, "is not a part of a policy")
    offset = raw.get("utc_offset", "+07:00")
    if offset not in _OFFSETS:
        reader.fault("utc_offset", f"must be one of {', '.join(_OFFSETS)}")
        offset = "+07:00"
    people = read_people(reader, raw)
    policy = Policy(
        version=version,
        agency=reader.text(raw, "agency", ""),
        calendar=read_calendar(reader, raw, offset),
        people=people,
        promises=read_promises(reader, raw, people),
        deadline_basis=reader.text(raw, "deadline_basis", "", default="practice-panrb-62-2018"),
        categories=_categories(reader, raw, people.units),
        letters=_letters(reader, raw),
        former_units=_former_units(reader, raw),
        intake=read_intake_rules(reader.table(raw, "intake"), reader.fault),
        triage=read_triage(raw, reader.fault, is_address),
        digests=read_digests(reader, raw, people),
        raw=raw,
    )
    if reader.faults:
        raise faulty(reader.faults)
    return replace(policy, domains=frozenset(one.rpartition("@")[2] for one in people.everybody))


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
