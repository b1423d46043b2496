"""Several units on one case: one leads, the others work beside it, each under a follow-up clock of its own."""

from __future__ import annotations

from datetime import datetime

from .advance import begin
from .case import Case
from .clock_changes import happen, withdraw
from .draft import Draft, Ids
from .errors import Invalid
from .life import WORKED_ON, not_now
from .moves import RESOLVE
from .new_cases import tell_unit
from .permissions import Officer
from .policy import Policy
from .policy_people import DESK
from .promises import ASSIGNED
from .words import Purpose

#: Units of one case, the lead among them: the whole regency of an ordinary policy. Each has clocks of its own, and is
#: told by itself of what happens.
MOST = 12


def join(case: Case, officer: Officer, unit: str, note: str, at: datetime, policy: Policy, ids: Ids) -> Draft:
    """A further unit. Its desk is told, its clock starts; the lead stays where it is."""
    if unit not in policy.units:
        raise Invalid(f"unit is one of {', '.join(policy.units)}")
    if case.status not in WORKED_ON:
        raise not_now(case, "is not worked on: no unit joins it")
    if case.unit is None:
        raise Invalid("nobody leads this case yet: assign it first")
    if unit in case.units:
        raise Invalid("this unit is on the case already")
    if len(case.units) >= MOST:
        raise Invalid(f"a case has {MOST} units at most: ask them to tell the others, or open another case")
    draft = begin(case, at, officer.actor, policy, ids)
    draft.set(others=(*case.others, unit))
    draft.record("unit_joined", unit=unit, secret=note)
    happen(draft, ASSIGNED, unit)
    name, lead = policy.units[unit].name, policy.units.get(case.unit)
    text = f"{name} membantu; penanggung jawab: {lead.name if lead else case.unit}.\n{note}"
    due = draft.until(draft.clock(RESOLVE))
    tell_unit(draft, unit, {**due, "unit": name, "text": text})
    return draft


def leave(case: Case, officer: Officer, unit: str, note: str, at: datetime, policy: Policy, ids: Ids) -> Draft:
    """A unit beside the lead goes: what it owed is owed by nobody, and the case leaves its desk."""
    if unit == case.unit:
        raise Invalid("this unit leads the case: assign it to another one")
    if unit not in case.others:
        raise Invalid(f"unit is one of {', '.join(case.others) or 'none'}: those beside the lead")
    draft = begin(case, at, officer.actor, policy, ids)
    withdraw(draft, unit)
    draft.set(others=tuple(one for one in draft.case.others if one != unit))
    draft.record("unit_withdrawn", unit=unit, secret=note)
    text = f"Laporan ini tidak lagi ditangani unit Saudara.\n{note}"
    addresses = policy.audience(DESK, unit, draft.at)
    draft.tell_office(Purpose.NOTICE, addresses, {"headline": "Penugasan ditarik", "text": text})
    return draft
