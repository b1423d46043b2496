"""Offices that speak by mail: which address speaks for whom on a case, and which of our letters it may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .case import Case, Delivery
from .permissions import Officer
from .policy_people import COORDINATOR
from .words import Purpose, Role

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


def asks_for_an_answer(letter: Delivery) -> bool:
    """Of a letter about many cases nobody could say which one a reply means."""
    cases = {place.partition("/")[0] for place in letter.parts}
    return bool(letter.address) and letter.purpose in ANSWERABLE and cases <= {letter.case}


def may_answer(letter: Delivery, case: Case, policy: Policy, at: datetime) -> bool:
    """May the office that this letter goes to answer the reporter by replying to it?"""
    return asks_for_an_answer(letter) and not case.ended and office_of(case, letter.address, policy, at) is not None
