"""What officers do to a case: verify, dispose, answer, note, move."""

from __future__ import annotations

from datetime import datetime

from .advance import begin
from .case import Case, FileRef, Link, Message
from .draft import Draft, Ids
from .errors import Invalid, NotAllowed
from .moves import FIRST, REPLY, RESOLVE, VERIFY, move
from .permissions import Officer
from .policy import Policy
from .words import Channel, Kind, Purpose, Status

#: decision: (status, letter to the reporter). Each decision that writes to the reporter is the desk's first response.
DECISIONS: dict[str, tuple[Status, Purpose | None]] = {
    "accept": (Status.VERIFIED, None),
    "incomplete": (Status.NEEDS_INFO, Purpose.QUESTION),
    "reject": (Status.REJECTED, Purpose.REJECTION),
    "duplicate": (Status.DUPLICATE, Purpose.DUPLICATE),
}
#: Moves that an officer makes by `status` and that the reporter is told of.
TOLD: dict[Status, Purpose] = {
    Status.NEEDS_INFO: Purpose.QUESTION,
    Status.REJECTED: Purpose.REJECTION,
    Status.TRANSFERRED: Purpose.TRANSFER,
    Status.DUPLICATE: Purpose.DUPLICATE,
}
#: These have a door of their own, which asks for what they need.
_OWN_DOOR = {
    Status.VERIFIED: "verification",
    Status.FORWARDED: "assignment",
    Status.ANSWERED: "replies",
    Status.DUPLICATE: "verification",
}


def verify(
    case: Case,
    officer: Officer,
    decision: str,
    reason: str,
    thread: tuple[str, ...],
    at: datetime,
    policy: Policy,
    ids: Ids,
    kind: Kind | None = None,
    category: str | None = None,
    duplicate_of: Case | None = None,
) -> Draft:
    """Decide on completeness and competence. A changed kind takes its own terms, counted from the day of receipt."""
    if decision not in DECISIONS:
        raise Invalid(f"decision is one of {', '.join(DECISIONS)}")
    if case.status not in (Status.NEW, Status.NEEDS_INFO):
        raise NotAllowed(f"a case that is {case.status} has been verified already")
    if decision != "accept" and not reason.strip():
        raise Invalid("this decision needs a reason: the reporter reads it")
    if decision == "duplicate" and (duplicate_of is None or duplicate_of.number == case.number):
        raise Invalid("duplicate_of must name another case")
    if category is not None and category not in policy.categories:
        raise Invalid("category is not in the policy")
    status, letter = DECISIONS[decision]
    draft = begin(case, at, officer.actor, policy, ids)
    if (kind and kind is not case.kind) or (category and category != case.category):
        draft.set(kind=kind or case.kind, category=category or case.category)
        draft.record("classified", kind=draft.case.kind, category=draft.case.category)
        for name in (FIRST, VERIFY, RESOLVE):
            draft.retime(name)
    if duplicate_of:
        draft.set(links=(*case.links, Link("duplicate_of", duplicate_of.number)))
    move(draft, status, reason, decision=decision, duplicate_of=duplicate_of.number if duplicate_of else None)
    if letter:
        draft.tell_reporter(letter, {"text": reason, **draft.until(draft.clock(REPLY))}, thread)
        draft.meet(FIRST)
    return draft


def assign(
    case: Case,
    officer: Officer,
    unit: str,
    holder: str | None,
    note: str,
    thread: tuple[str, ...],
    at: datetime,
    policy: Policy,
    ids: Ids,
) -> Draft:
    """Disposition to a unit. The reporter is told once, at the first disposition; the unit's desk each time."""
    if unit not in policy.units:
        raise Invalid(f"unit is one of {', '.join(policy.units)}")
    if case.status in (Status.NEW, Status.NEEDS_INFO):
        raise NotAllowed("a case is verified before it is assigned")
    draft = begin(case, at, officer.actor, policy, ids)
    first = case.unit is None
    draft.set(unit=unit, officer=holder)
    move(draft, Status.FORWARDED, note, unit=unit, officer=holder, was_unit=case.unit)
    due = draft.until(draft.clock(RESOLVE))
    draft.tell_office(Purpose.ASSIGNMENT, policy.audience("desk", unit), {**due, "text": note})
    if first:
        draft.tell_reporter(Purpose.DISPOSITION, due, thread)
        draft.meet(FIRST)
    return draft


def reply(
    case: Case,
    officer: Officer,
    text: str,
    files: tuple[FileRef, ...],
    final: bool,
    thread: tuple[str, ...],
    at: datetime,
    policy: Policy,
    ids: Ids,
) -> Draft:
    """Answer the reporter. A final answer settles the case unless the reporter objects in time."""
    if not text.strip():
        raise Invalid("a reply needs a text")
    if case.ended:
        raise NotAllowed(f"a case that is {case.status} is not answered: reopen it first")
    draft = begin(case, at, officer.actor, policy, ids)
    if final:
        move(draft, Status.ANSWERED)
    elif case.status in (Status.VERIFIED, Status.FORWARDED):
        move(draft, Status.IN_PROGRESS)
    draft.record("replied", secret=text, final="yes" if final else None)
    purpose = Purpose.ANSWER if final else Purpose.REPLY
    draft.tell_reporter(purpose, {"text": text, **draft.until(draft.clock(REPLY) if final else None)}, thread, files)
    draft.meet(FIRST)
    return draft


def note(case: Case, officer: Officer, text: str, at: datetime, policy: Policy, ids: Ids) -> Draft:
    if not text.strip():
        raise Invalid("a note needs a text")
    draft = begin(case, at, officer.actor, policy, ids)
    message = Message(
        id=ids.new(draft.at),
        case=case.number,
        direction="note",
        channel=Channel.INTERNAL,
        at=draft.at,
        text=text,
        actor=officer.actor,
    )
    draft.record("noted", secret=text, message=message.id)
    draft.add(message)
    return draft


def set_status(
    case: Case,
    officer: Officer,
    status: Status,
    reason: str,
    thread: tuple[str, ...],
    at: datetime,
    policy: Policy,
    ids: Ids,
) -> Draft:
    """Any other allowed move."""
    if (
        status in _OWN_DOOR
        and status is not case.status
        and not (status is Status.VERIFIED and case.status is Status.FORWARDED)
    ):
        raise NotAllowed(f"{status} is reached through {_OWN_DOOR[status]}")
    if not reason.strip():
        raise Invalid("a move needs a reason")
    draft = begin(case, at, officer.actor, policy, ids)
    if status is Status.VERIFIED:  # a unit hands a case back: it is the coordinator's again
        draft.set(unit=None, officer=None)
    move(draft, status, reason)
    if status in TOLD:
        draft.tell_reporter(TOLD[status], {"text": reason, **draft.until(draft.clock(REPLY))}, thread)
        draft.meet(FIRST)
    return draft


def looked_at_identity(case: Case, officer: Officer, at: datetime, policy: Policy, ids: Ids) -> Draft:
    """Promise 5: each look at who reported is recorded before it is granted."""
    draft = begin(case, at, officer.actor, policy, ids)
    draft.record("identity_read")
    return draft
