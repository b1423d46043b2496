"""Offices that speak by mail: which address speaks for whom on a case, and which of our letters it may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .case import Case, Delivery
from .permissions import Officer
from .policy_people import COORDINATOR, INSPECTORATE, LEADERSHIP
from .words import DIGESTS, Purpose, Role

if TYPE_CHECKING:
    from .policy import Policy

#: Letters to an office that it may answer: each asks for a word to the reporter, or follows one.
ANSWERABLE = frozenset(
    {
        Purpose.ASSIGNMENT,
        Purpose.NEW_MESSAGE,
        Purpose.DISSATISFIED,
        Purpose.ESCALATION,
        Purpose.OFFICE_SENT,
        Purpose.OFFICE_NOTED,
    }
)


@dataclass(frozen=True, slots=True)
class Office(Officer):
    """A unit, or the coordinator, that speaks by mail. Its people's accounts are not known here."""

    @property
    def actor(self) -> str:
        return f"office:{self.unit or COORDINATOR}"


def office_of(case: Case, address: str, policy: Policy, at: datetime) -> Office | None:
    """For whom this address speaks on the case, the unit in the lead first: a unit's liaison, head or deputy, the
    coordinator, or who stands in for one of them that day."""
    for unit in case.units:
        found = policy.units.get(unit)
        if found and _speaks(address, (*found.liaisons, *found.head, *found.deputies), policy, at):
            return Office("", Role.LIAISON, unit)
    return Office("", Role.COORDINATOR) if _speaks(address, policy.coordinator, policy, at) else None


def _speaks(address: str, people: tuple[str, ...], policy: Policy, at: datetime) -> bool:
    return address in people or any(address in policy.audience(one, None, at) for one in people)


#: What the policy only names: who stands in for somebody away, a step of a ladder.
NAMED = "address"


def standing(address: str, policy: Policy) -> str:
    """By what the policy knows an address, on whatever case: a unit or a role; empty where it doesn't."""
    people = policy.people
    if not address:
        return ""
    for unit in policy.units.values():
        if address in (*unit.liaisons, *unit.head, *unit.deputies):
            return unit.id
    roles = {COORDINATOR: people.coordinator, LEADERSHIP: people.leadership, INSPECTORATE: people.inspectorate}
    roles |= {name: role.addresses for name, role in people.roles.items()}
    steps = {step.audience for promise in policy.promises.values() for step in promise.ladder}
    named = address in steps or any(address == one.deputy for one in people.absences)
    return next((name for name, addresses in roles.items() if address in addresses), NAMED if named else "")


def of_several(letter: Delivery) -> bool:
    """It is kept with one case and speaks of more: a reply to it means none of them for certain."""
    return letter.purpose in DIGESTS.values()


def asks_for_an_answer(letter: Delivery) -> bool:
    """Of a letter about many cases nobody could say which one a reply means."""
    cases = {place.partition("/")[0] for place in letter.parts}
    return bool(letter.address) and letter.purpose in ANSWERABLE and cases <= {letter.case}


def may_answer(letter: Delivery, case: Case, policy: Policy, at: datetime) -> bool:
    """May the office that this letter goes to answer the reporter by replying to it?"""
    return asks_for_an_answer(letter) and not case.ended and office_of(case, letter.address, policy, at) is not None
