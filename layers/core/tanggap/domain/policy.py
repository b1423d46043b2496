"""What an agency decides, as data with versions: units, clocks, ladder, office hours, days off, addresses, letters.

`read_policy` turns the stored JSON into a Policy and names every fault with its place, so that an officer corrects a
policy in one round. Its parts are read by policy_people, policy_promises, policy_calendar, policy_digests,
policy_letters, policy_retention, intake_rules and classification_rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from . import letters
from .calendar import WorkCalendar
from .chat_rules import DEFAULT_CHAT, ChatRules
from .chat_rules import read as read_chat_rules
from .classification_rules import Triage
from .classification_rules import read as read_triage
from .clocks import Clock
from .errors import Invalid
from .former_promises import read_former
from .intake_rules import DEFAULT_RULES, IntakeRules
from .intake_rules import read as read_intake_rules
from .ladder import DEFAULT_LADDER, Ladder
from .letter_form import LANGUAGES, Language, Wording
from .policy_calendar import read_calendar
from .policy_channels import DEFAULT_CHANNELS, ChannelRules, read_channels
from .policy_digests import DEFAULT_DIGESTS, Digests, read_digests
from .policy_letters import read_languages, read_letters
from .policy_people import People, Unit, read_people
from .policy_promises import read_promises
from .policy_reader import IDENTIFIER, Reader, is_address
from .policy_retention import DEFAULT_RETENTION, Retention, read_retention
from .promises import DEFAULT_BASIS, Allowance, Promise
from .publicity import read_named
from .words import Channel, Kind, Purpose

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
    #: The agency's own wordings by name: a purpose, or one with a hyphen and more for steps of the ladder.
    letters: Mapping[str, Wording]
    #: Units of earlier versions: nothing new goes to them, their cases stay in sight.
    former_units: tuple[str, ...] = ()
    #: Promises of earlier versions: they start nothing, and what runs of them goes on.
    former_promises: Mapping[str, Promise] = field(default_factory=dict)
    intake: IntakeRules = DEFAULT_RULES
    #: Where its people have their mail: what a liar imitates.
    domains: frozenset[str] = frozenset()
    triage: Triage = field(default_factory=Triage)
    digests: Digests = DEFAULT_DIGESTS
    languages: tuple[Language, ...] = LANGUAGES
    retention: Retention = field(default_factory=lambda: DEFAULT_RETENTION)
    #: How it writes on platforms.
    channels: ChannelRules = DEFAULT_CHANNELS
    #: Channels whose cases the world may see without their words (publicity).
    published: frozenset[Channel] = frozenset()
    chat: ChatRules = DEFAULT_CHAT
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

    def promise(self, clock: str) -> Promise | None:
        """Also one that the policy has given up."""
        return self.promises.get(clock) or self.former_promises.get(clock)

    def ladder_of(self, clock: Clock) -> Ladder:
        """A clock that no version of the policy tells of has ours, until it is stopped (recompute)."""
        promise = self.promise(clock.name)
        return promise.ladder if promise else DEFAULT_LADDER

    def label(self, clock: str, language: str = "id") -> str:
        promise = self.promise(clock)
        return promise.label[language] if promise else clock.replace("_", " ")

    def letter(self, purpose: Purpose, facts: Mapping[str, str], template: str = "") -> tuple[str, str]:
        """Subject and text, in the agency's wording where it has one: that of `template`, of the purpose, or ours."""
        own = self.letters.get(template) or self.letters.get(purpose)
        return letters.render(purpose, own, facts, self.languages)

    def keep_until(self, kind: Kind, ended_at: datetime) -> date | None:
        """The last day on which a case that ended then is kept; None: for good."""
        kept = self.retention[kind]
        return kept.until(self.calendar.local(ended_at).date()) if kept else None

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
        "languages",
        "deadline_basis",
        "former_units",
        "former_promises",
        "intake",
        "triage",
        "digests",
        "retention",
        "channels",
        "chat",
        "open311",
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
        deadline_basis=reader.text(raw, "deadline_basis", "", default=DEFAULT_BASIS),
        categories=_categories(reader, raw, people.units),
        letters=read_letters(reader, raw),
        languages=read_languages(reader, raw),
        former_units=_former_units(reader, raw),
        former_promises=read_former(reader, raw),
        intake=read_intake_rules(reader.table(raw, "intake"), reader.fault),
        triage=read_triage(raw, reader.fault, is_address),
        digests=read_digests(reader, raw, people),
        retention=read_retention(reader, raw),
        channels=read_channels(reader, raw),
        chat=read_chat_rules(reader.table(raw, "chat"), reader.fault),
        published=read_named(reader, raw),
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
