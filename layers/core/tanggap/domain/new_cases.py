"""Word of a new case: to the coordinator of what nobody has looked at yet, to a unit of what was assigned to it. At
once by a letter of its own, or with the others of the hour."""

from __future__ import annotations

from collections.abc import Mapping

from .canary import is_canary
from .case import Message
from .draft import Draft
from .moves import RESOLVE, VERIFY
from .policy_people import DESK
from .words import Priority, Purpose

#: The desk of cases that no unit has.
NOBODYS = "-"
URGENT_ID = "MENDESAK"


def announce(draft: Draft, message: Message) -> None:
    """Of a case that is being opened with `message`. Nobody is told of a machine's mail: an absence notice to our
    letter would cause the next one. What an officer records is known to the desk, unless it is urgent. A sender who
    writes too often rings no bell."""
    case, urgent = draft.case, draft.case.priority == Priority.URGENT
    if is_canary(case) or message.automatic or (draft.actor.startswith("officer:") and not urgent):
        return
    ringing = "throttled" not in case.marks and (urgent or "forged" not in case.marks)
    if ringing and (urgent or not draft.policy.digests.told_by_the_hour(None)):
        due = draft.clock(VERIFY) or draft.clock(RESOLVE)
        facts = {"headline": f"{URGENT_ID}: laporan baru" if urgent else "Laporan baru", **draft.until(due)}
        draft.tell_office(Purpose.NEW_CASE, draft.policy.audience(DESK, case.unit, draft.at), facts)
    else:
        _with_the_hour(draft, case.unit or NOBODYS)


def tell_unit(draft: Draft, unit: str, facts: Mapping[str, str]) -> None:
    """Of a case that was assigned to it."""
    if draft.case.priority != Priority.URGENT and draft.policy.digests.told_by_the_hour(unit):
        _with_the_hour(draft, unit)
    else:
        draft.tell_office(Purpose.ASSIGNMENT, draft.policy.audience(DESK, unit, draft.at), facts)


def _with_the_hour(draft: Draft, desk: str) -> None:
    draft.announced = tuple(dict.fromkeys((*draft.announced, (desk, draft.at))))
