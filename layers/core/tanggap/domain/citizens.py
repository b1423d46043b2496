"""What citizens (and the post) do to a case: a first report, a further message, a letter of ours that did not
arrive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from .advance import begin
from .case import Case, Delivery, Link, Message
from .draft import Draft, Ids
from .moves import FIRST, RESOLVE, VERIFY, move
from .policy import Policy
from .words import Confidentiality, Kind, Purpose, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A report that becomes a case. `answer`: may we write back to whoever sent it? `notes`: lines for the
    acknowledgement (a file that was too large, …)."""

    number: str
    message: Message
    reporter: str | None
    answer: bool
    kind: Kind = Kind.COMPLAINT
    category: str | None = None
    unit: str | None = None
    confidentiality: Confidentiality = Confidentiality.OPEN
    links: tuple[Link, ...] = ()
    notes: str = ""


def open_case(opening: Opening, at: datetime, actor: str, policy: Policy, ids: Ids) -> Draft:
    """A new case with its clocks and its acknowledgement. `at` is when the desk learns of it; the clocks run from the
    moment the report was received (a letter that lay two days has used up two days)."""
    message = opening.message
    received = min(message.at, at)
    case = Case(
        number=opening.number,
        channel=message.channel,
        kind=opening.kind,
        status=Status.NEW,
        received_at=received,
        last_at=received,
        policy_version=policy.version,
        deadline_basis=policy.deadline_basis,
        reporter=opening.reporter,
        confidentiality=opening.confidentiality,
        subject=message.subject,
        category=opening.category,
        unit=opening.unit,
        links=opening.links,
        marks=message.marks,
    )
    draft = Draft(case, received, actor, policy, ids)
    draft.record("opened", secret=f"{message.subject}\n{message.text}", channel=message.channel, message=message.id)
    for link in opening.links:
        draft.record("linked", kind=link.kind, number=link.number)
    for name in (FIRST, VERIFY, RESOLVE):
        draft.start(name)
    draft.add(message)
    draft.at = max(at, received)
    if opening.answer:
        files = ", ".join(f"{file.name} ({_size(file.size)})" for file in message.files) or "tidak ada"
        facts = {**draft.until(draft.clock(VERIFY)), "files": files, "notes": opening.notes}
        draft.tell_reporter(Purpose.ACKNOWLEDGEMENT, facts, (message.external_id,) if message.external_id else ())
    return draft


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB".replace(".", ",") if size >= 100_000 else f"{max(1, round(size / 1000))} kB"


#: Where a word from the reporter moves a case by itself: the missing details came; the answer did not settle the
#: matter.
ON_REPLY: dict[Status, Status] = {
    Status.NEEDS_INFO: Status.NEW,
    Status.ANSWERED: Status.IN_PROGRESS,
    Status.CLOSED: Status.IN_PROGRESS,
    Status.REJECTED: Status.NEW,
}


def add_message(
    case: Case, message: Message, proof: str, at: datetime, policy: Policy, ids: Ids, sender: str = ""
) -> Draft:
    """A further message on a case. An automatic one is filed and changes nothing else: it neither reopens, nor meets or
    restarts a clock. A stranger who holds the token may add to the case but does not speak for the reporter. `proof`:
    how the message was known to belong here. `sender`: who wrote it; an office is not told of its own words, since its
    machine may be what answers us."""
    draft = begin(case, at, message.actor, policy, ids)
    draft.record(
        "message",
        secret=f"{message.subject}\n{message.text}",
        message=message.id,
        proof=proof,
        automatic="yes" if message.automatic else None,
    )
    draft.add(message)
    if message.automatic:
        return draft
    if message.actor == "reporter" and draft.case.status in ON_REPLY:
        move(draft, ON_REPLY[draft.case.status])
    told = tuple(address for address in policy.audience("desk", case.unit) if address != sender)
    draft.tell_office(Purpose.NEW_MESSAGE, told, {})
    return draft


def letter_failed(
    case: Case, ended: Delivery, at: datetime, policy: Policy, ids: Ids, *, claimed: bool = False
) -> Draft:
    """A letter of ours ended without arriving (`ended`: its row as it is now to be, with the reason): in the history,
    and told to the officer, who alone can find another way to the citizen. A letter to an office is told to the
    coordinator. `claimed`: its own sender says so; otherwise the post does (a bounce, a complaint)."""
    draft = Draft(case, at, "system", policy, ids)
    draft.change_delivery(replace(ended, due_at=None, wake=None, lease_until=None), claimed=claimed)
    why, _, status = ended.reason.partition(" ")
    draft.record("delivery_failed", delivery=ended.id, state=ended.state, why=why, status=status)
    if ended.purpose is not Purpose.UNDELIVERED:  # a notice about a failed notice would never end
        told = policy.coordinator if ended.address else policy.audience("desk", case.unit)
        whom = tuple(address for address in told if address != ended.address)
        draft.tell_office(Purpose.UNDELIVERED, whom, {"text": f"{ended.purpose}, {ended.reason}"})
    return draft
