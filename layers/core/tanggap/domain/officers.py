"""What officers do to a case: verify, dispose, answer, note, move."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from .advance import begin
from .case import Case, FileRef, Link, Message
from .clock_changes import happen, withdraw
from .clocks import Clock
from .corrections import LIKELY_DUPLICATE_OF, NONE, NOT_DUPLICATE_OF, bases, dispose, reclassify
from .draft import Draft, Ids
from .errors import Invalid
from .handover import Handover, check, send
from .letter_words import KINDS_ID
from .life import Door, not_now, way
from .moves import REPLY, RESOLVE, move
from .new_cases import tell_unit
from .permissions import Officer, require_lead
from .policy import Policy
from .promises import ASSIGNED, OFFICER_WROTE, UNIT_WROTE
from .words import Channel, Kind, Priority, Purpose, Status

DUPLICATE_OF = "duplicate_of"
#: What each decision on a new case makes of it.
DECISIONS: dict[str, Status] = {
    "accept": Status.VERIFIED,
    "incomplete": Status.NEEDS_INFO,
    "reject": Status.REJECTED,
    "duplicate": Status.DUPLICATE,
}
#: The reporter was told of a disposition.
DISPOSED = "disposed"
_UNVERIFIED = frozenset({Status.NEW, Status.NEEDS_INFO})
#: An account's id as the user pool makes it. Anything else that an officer enters as holder may be a name.
_ACCOUNT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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
    if case.status not in _UNVERIFIED and decision != "duplicate":
        raise not_now(case, "has been verified already")
    status = DECISIONS[decision]
    row = way(case, status, Door.VERIFICATION)
    if row.reason and not reason.strip():
        raise Invalid("this decision needs a reason: the reporter reads it")
    if category is not None and category not in policy.categories:
        raise Invalid("category is not in the policy")
    _check_original(case, decision, duplicate_of)
    draft = begin(case, at, officer.actor, policy, ids)
    reclassify(draft, {"kind": kind, "category": category})
    if duplicate_of:
        draft.set(links=(*draft.case.links, Link(DUPLICATE_OF, duplicate_of.number)))
    named = duplicate_of.number if duplicate_of else None
    row = move(draft, status, reason, Door.VERIFICATION, decision=decision, duplicate_of=named)
    if row.told:
        draft.tell_reporter(row.told, {"text": reason, **draft.until(draft.clock(REPLY))}, thread)
        happen(draft, OFFICER_WROTE)
    return draft


def _wrote(draft: Draft, officer: Officer, final: bool = False) -> None:
    """An officer wrote to the reporter: for the desk, and for the unit whose officer it was. What the coordinator
    writes is no unit's word, unless it is the answer: then nothing is left for them to say."""
    happen(draft, OFFICER_WROTE)
    for unit in draft.case.units:
        if unit == officer.unit or (final and not officer.unit):
            happen(draft, UNIT_WROTE, unit)


def _check_original(case: Case, decision: str, original: Case | None) -> None:
    """A duplicate names the case that is worked on, never itself or another duplicate: a circle of cases would be
    answered by nobody."""
    if decision != "duplicate":
        if original is not None:
            raise Invalid("duplicate_of goes with the decision duplicate")
    elif original is None or original.number == case.number:
        raise Invalid("duplicate_of must name another case")
    elif original.status is Status.DUPLICATE:
        raise Invalid("duplicate_of names a case that is a duplicate itself: name the one that it duplicates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an officer says otherwise; None where nothing. `category`: "-" for none. `deadline_basis`: the law that the
    terms come from. `not_duplicate_of`: a proposed duplicate that is none."""

    kind: Kind | None = None
    category: str | None = None
    priority: Priority | None = None
    deadline_basis: str | None = None
    not_duplicate_of: str | None = None
    reason: str = ""

    @property
    def of_terms(self) -> bool:
        """Other terms by law: that is for who verifies to say."""
        return bool(self.kind or self.deadline_basis)


def correct(
    case: Case,
    officer: Officer,
    said: Correction,
    proposed: tuple[str, ...],
    thread: tuple[str, ...],
    at: datetime,
    policy: Policy,
    ids: Ids,
) -> Draft:
    """At any time before the case ended. Saying again what holds already changes nothing. `proposed`: its likely
    duplicates."""
    if not (said.of_terms or said.category or said.priority or said.not_duplicate_of):
        raise Invalid("a correction names kind, category, priority, deadline_basis or not_duplicate_of")
    if said.deadline_basis is not None and said.deadline_basis not in bases(policy):
        raise Invalid(f"deadline_basis is one of {', '.join(bases(policy))}")
    if said.category not in (None, NONE) and said.category not in policy.categories:
        raise Invalid("category is not in the policy")
    draft = begin(case, at, officer.actor, policy, ids)
    if draft.case.ended:
        raise not_now(draft.case, "is not classified any more: reopen it first")
    decided = {
        "kind": said.kind,
        "category": said.category,
        "priority": said.priority,
        "deadline_basis": said.deadline_basis,
    }
    reclassify(draft, decided, correcting=True)
    _tell_new_date(draft, thread)
    if number := said.not_duplicate_of:
        if number not in proposed:
            raise Invalid("not_duplicate_of is not among the proposed duplicates of this case")
        draft.set(links=(*draft.case.links, Link(NOT_DUPLICATE_OF, number)))
        draft.record("corrected", field=LIKELY_DUPLICATE_OF, was=number, now=NONE)
    if said.reason.strip() and not draft.empty:
        add_note(draft, officer, said.reason)
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
    if case.status in _UNVERIFIED:
        raise not_now(case, "is verified before it is assigned")
    draft = begin(case, at, officer.actor, policy, ids)
    first = DISPOSED not in case.marks
    dispose(draft, unit)
    if case.unit and case.unit != unit:
        withdraw(draft, case.unit)
    draft.set(unit=unit, others=tuple(one for one in case.others if one != unit), officer=holder)
    opaque = holder if holder and _ACCOUNT.fullmatch(holder) else None
    move(draft, Status.FORWARDED, note, Door.ASSIGNMENT, unit=unit, officer=opaque, was_unit=case.unit)
    if holder and not opaque:
        draft.record("held", secret=holder)  # no names in the history
    happen(draft, ASSIGNED, unit)
    due = draft.until(draft.clock(RESOLVE))
    tell_unit(draft, unit, {**due, "text": note})
    if first:
        draft.set(marks=(*draft.case.marks, DISPOSED))
        draft.tell_reporter(Purpose.DISPOSITION, due, thread)
        happen(draft, OFFICER_WROTE)
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
    if final:
        require_lead(officer, case.units)
    draft = begin(case, at, officer.actor, policy, ids)
    if draft.case.ended:  # it may have been closed by silence just now
        raise not_now(draft.case, "is not answered: reopen it first")
    if final:
        move(draft, Status.ANSWERED, door=Door.REPLIES)
    elif case.status in (Status.VERIFIED, Status.FORWARDED):
        move(draft, Status.IN_PROGRESS, door=Door.REPLIES)
    draft.record("replied", secret=text, final="yes" if final else None)
    purpose = Purpose.ANSWER if final else Purpose.REPLY
    draft.tell_reporter(purpose, {"text": text, **draft.until(draft.clock(REPLY) if final else None)}, thread, files)
    _wrote(draft, officer, final)
    return draft


def _tell_new_date(draft: Draft, thread: tuple[str, ...]) -> None:
    """Other terms, another date: a reporter who was told one is told the new one."""
    was, now = _solution(draft.before), _solution(draft.case)
    before, after = draft.before, draft.case
    same = (before.kind, before.deadline_basis) == (after.kind, after.deadline_basis)
    if same or DISPOSED not in after.marks or now is None or (was and was.due_at == now.due_at):
        return
    kind = KINDS_ID[draft.case.kind]
    text = f"Laporan ini kami tangani sebagai {kind}, sehingga tenggat penyelesaiannya berubah."
    draft.tell_reporter(Purpose.NEW_DATE, {"text": text, **draft.until(now, whole=True)}, thread)


def _solution(case: Case) -> Clock | None:
    return next((one for one in reversed(case.clocks) if one.name == RESOLVE and one.ticking), None)


def note(case: Case, officer: Officer, text: str, at: datetime, policy: Policy, ids: Ids) -> Draft:
    if not text.strip():
        raise Invalid("a note needs a text")
    draft = begin(case, at, officer.actor, policy, ids)
    add_note(draft, officer, text)
    return draft


def add_note(draft: Draft, officer: Officer, text: str) -> Message:
    message = Message(
        id=draft.ids.new(draft.at),
        case=draft.case.number,
        direction="note",
        channel=Channel.INTERNAL,
        at=draft.at,
        text=text,
        actor=officer.actor,
    )
    draft.record("noted", secret=text, message=message.id)
    draft.add(message)
    return message


def set_status(
    case: Case,
    officer: Officer,
    status: Status,
    reason: str,
    thread: tuple[str, ...],
    at: datetime,
    policy: Policy,
    ids: Ids,
    handover: Handover | None = None,
    report: str = "",
) -> Draft:
    """Any other allowed move. `handover`: to whom, where the case is another agency's and the reason says not all;
    `report`: its reporter's first words."""
    row = way(case, status, Door.STATUS)
    if row.reason and not reason.strip():
        raise Invalid("a move needs a reason")
    if handover:
        if status is not Status.TRANSFERRED:
            raise Invalid(f"to, address and with_identity go with the status {Status.TRANSFERRED}")
        check(handover, officer, case.confidentiality)
    draft = begin(case, at, officer.actor, policy, ids)
    if row.to is Status.VERIFIED and row.now is Status.FORWARDED:  # the unit hands it back
        for unit in case.units:
            withdraw(draft, unit)
        draft.set(unit=None, others=(), officer=None)
    if case.status is Status.DUPLICATE:
        draft.set(links=tuple(link for link in case.links if link.kind != DUPLICATE_OF))
    move(draft, status, reason, Door.STATUS)
    told = reason
    if handover:
        told = f"Instansi tujuan: {handover.to}\n\n{reason}"
        send(draft, handover, reason, report)
    if row.told:
        draft.tell_reporter(row.told, {"text": told, **draft.until(draft.clock(REPLY))}, thread)
        _wrote(draft, officer)
    return draft


def looked_at_identity(
    case: Case, officer: Officer, at: datetime, policy: Policy, ids: Ids, how: str = "identity_read"
) -> Draft:
    """Promise 5: each look at who reported is recorded before it is granted. Finding a case by an address
    ("identity_matched") is one: it tells who reported."""
    draft = begin(case, at, officer.actor, policy, ids)
    draft.record(how)
    return draft


def adopt_sender(
    case: Case, officer: Officer, message: Message, reason: str, at: datetime, policy: Policy, ids: Ids
) -> Draft:
    """The reporter writes from another address now: whoever wrote this message is the reporter, and answers go there.
    The address so far stays theirs."""
    if not message.sender or message.direction != "in":
        raise Invalid("nobody is known behind this message")
    if message.sender == case.reporter:
        raise Invalid("this message is the reporter's own")
    if message.authenticity == "forged":
        raise Invalid("this message fails its own domain's policy: whoever wrote it, it was not that address")
    if not reason.strip():
        raise Invalid("this needs a reason: how is it known to be the same person?")
    draft = begin(case, at, officer.actor, policy, ids)
    earlier = tuple(one for one in case.reporters if one != message.sender)
    draft.set(reporter=message.sender, also=earlier)
    draft.record("reporter_confirmed", secret=reason, message=message.id)
    return draft
