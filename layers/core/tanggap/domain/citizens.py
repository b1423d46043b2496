"""What citizens (and the post) do to a case: a first report, a further message, a letter of ours that did not
arrive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from .advance import begin
from .canary import MARK as CANARY
from .case import Case, Delivery, Link, Message, Sketch
from .clock_changes import happen, retime
from .draft import Draft, Ids
from .inbound import Place
from .letter_words import CAUSES_ID
from .life import REPORTER, by
from .moves import REPLY, RESOLVE, VERIFY, move
from .new_cases import announce
from .policy import Policy
from .policy_people import DESK, UNIT_HEAD
from .promises import RECEIVED, REPORTER_WROTE
from .promptness import waits_since
from .publicity import HIDDEN, is_hidden
from .unsettled import says_unsettled
from .words import Channel, Confidentiality, Kind, Priority, Purpose, Status

if TYPE_CHECKING:  # its tables are for who classifies
    from .classification import Classified


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A report that becomes a case. `answer`: may we write back to whoever sent it? `notes`: lines for the
    acknowledgement (a file that was too large, …). `classified`: what its words say; a field that is given besides
    stands over it. `sketch`: what likely duplicates are found by."""

    number: str
    message: Message
    reporter: str | None
    answer: bool
    kind: Kind = Kind.COMPLAINT
    category: str | None = None
    unit: str | None = None
    confidentiality: Confidentiality = Confidentiality.OPEN
    #: The case that it goes on from was taken out of the public's sight.
    hidden: bool = False
    links: tuple[Link, ...] = ()
    notes: str = ""
    priority: Priority = Priority.NORMAL
    classified: Classified | None = None
    sketch: Sketch | None = None
    #: What a case is called whose message has no subject.
    subject: str = ""
    #: As its reporter stated them; a digest of the code that their form was given.
    happened_at: datetime | None = None
    place: Place | None = None
    receipt: str = ""
    #: Our own synthetic citizen's: nothing is promised, nobody is told but them.
    canary: bool = False


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
        opened_at=max(at, received),
        policy_version=policy.version,
        deadline_basis=policy.deadline_basis,
        reporter=opening.reporter,
        confidentiality=opening.confidentiality,
        subject=message.subject or opening.subject,
        category=opening.category,
        unit=opening.unit,
        priority=opening.priority,
        links=opening.links,
        marks=(*message.marks, *((HIDDEN,) if opening.hidden else ()), *((CANARY,) if opening.canary else ())),
        happened_at=opening.happened_at,
        place=opening.place,
        receipt=opening.receipt,
    )
    draft = Draft(case, received, actor, policy, ids)
    draft.record("opened", secret=f"{message.subject}\n{message.text}", channel=message.channel, message=message.id)
    draft.sketch = None if opening.canary else opening.sketch
    if opening.classified:
        set_by_words(draft, opening.classified)
    for link in opening.links:
        draft.record("linked", kind=link.kind, number=link.number, why=link.why)
    if opening.hidden:
        draft.record("hidden_from_public", "system")
    if not opening.canary:
        happen(draft, RECEIVED)
    draft.add(message)
    draft.at = max(at, received)
    announce(draft, message)
    if opening.answer:
        _acknowledge(draft, message, opening.notes)
    return draft


def _acknowledge(draft: Draft, message: Message, notes: str) -> None:
    files = ", ".join(f"{file.name} ({_size(file.size)})" for file in message.files) or "tidak ada"
    thread = (message.external_id,) if message.external_id else ()
    if draft.case.kind is Kind.PRAISE:
        draft.tell_reporter(Purpose.PRAISED, {}, thread)
        return
    facts = {**draft.until(draft.clock(VERIFY)), "files": files, "notes": notes}
    since = waits_since(draft.case, draft.at)
    draft.tell_reporter(Purpose.ACKNOWLEDGEMENT, facts, thread, since=since)


def better_copy(case: Case, message: Message, at: datetime, policy: Policy, ids: Ids) -> Draft:
    """The same message came again by a way on which its sender is proved: what looked forged, or like a machine's, is a
    person's after all. `message`: as it is to stand from now on."""
    draft = begin(case, at, message.actor, policy, ids)
    draft.change_message(message)
    draft.record("better_copy", message=message.id, authenticity=message.authenticity)
    return draft


def clear(draft: Draft, message: Message) -> None:
    """The case's first message is no forgery after all."""
    draft.set(marks=tuple(mark for mark in draft.case.marks if mark != "forged" or mark in message.marks))


def acknowledge_after_all(draft: Draft, opening: Opening, was_automatic: bool) -> None:
    """The case that was opened silently is told of, and understood as a person's report where it was taken for a
    machine's."""
    hidden = (HIDDEN,) if is_hidden(draft.case) else ()
    draft.set(marks=(*opening.message.marks, *hidden), subject=opening.message.subject)
    if was_automatic and opening.classified:
        draft.sketch = opening.sketch
        set_by_words(draft, opening.classified)
        if draft.case.kind is not draft.before.kind:
            retime(draft)
    if was_automatic:
        announce(draft, opening.message)
    _acknowledge(draft, opening.message, opening.notes)


def set_by_words(draft: Draft, found: Classified) -> None:
    """What a person decided already stays: a category that was given, a kind other than the one that every report
    starts with, a unit."""
    case = draft.case
    kind = case.kind
    officers = tuple(why for why in case.whys if why.rule == "officer")
    decided = {why.what for why in officers}
    undecided = {
        "kind": case.kind is Kind.COMPLAINT,
        "unit": case.unit is None,
        "category": case.category is None,
        **dict.fromkeys(decided, False),
    }
    category = found.category if undecided["category"] else case.category
    priority = case.priority if "priority" in decided else str(found.priority)
    if undecided["kind"]:
        kind = found.kind
    whys = (*officers, *(why for why in found.whys if undecided.get(why.what, True)))
    proposals = tuple(why for why in found.proposals if undecided.get(why.what, True))
    if category != found.category:  # its unit is another one's
        proposals = tuple(why for why in proposals if why.what != "unit")
    draft.set(kind=kind, category=category, priority=priority, whys=whys, proposals=proposals)
    draft.record(
        "classified",
        "system",
        kind=kind,
        category=category,
        priority=priority,
        # What the rules' names tell of a person (violence, an illness) goes with an erasure.
        secret=" ".join(f"{why.what}:{why.rule}" for why in whys),
        proposed=" ".join(f"{why.what}:{why.value}" for why in proposals),
    )


def understand_anew(draft: Draft, found: Classified, subject: str, message: Message) -> None:
    """More words of the same report have come, and nobody has looked at it yet: they count together. What an officer
    decided stays. Danger that shows only now rings at once; what was taken for praise, and is a matter after all, is
    acknowledged."""
    before = draft.case
    mine = {why.what for why in before.whys if why.rule != "officer"}
    machines = {name: None for name in ("category",) if name in mine}
    kind = Kind.COMPLAINT if "kind" in mine and before.kind is Kind.PRAISE else before.kind
    draft.set(**machines, kind=kind, subject=subject or before.subject)
    if (found.kind, found.category, found.priority) == (before.kind, before.category, before.priority):
        draft.set(kind=before.kind, category=before.category)
        return
    set_by_words(draft, found)
    now = draft.case
    if now.kind is not before.kind:
        retime(draft)
        if before.kind is Kind.PRAISE:
            _acknowledge(draft, message, "")
    if now.priority == Priority.URGENT and before.priority != Priority.URGENT:
        announce(draft, message)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB".replace(".", ",") if size >= 100_000 else f"{max(1, round(size / 1000))} kB"


#: The reporter wrote that what we called settled is not. Stays on the case: it tells how the first answer fared.
DISSATISFIED = "dissatisfied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A further message on a case. `proof`: how it was known to belong here. `sender`: the address it came from; an
    office is not told of its own words, since its machine may be what answers us. `thanks`: it says nothing else.
    `acknowledged`: it says no more than "ok". `quiet`: the case has rung often enough within the hour. `left_out`:
    attachments that could not be kept. `doubt`: on a settled case nothing tells that a person typed it
    (domain.second_sign); `ask` them; `doubted`: they were asked."""

    message: Message
    proof: str
    sender: str = ""
    thanks: bool = False
    acknowledged: bool = False
    quiet: bool = False
    left_out: str = ""
    doubt: Doubt | None = None
    ask: bool = False
    doubted: bool = False


class Doubt(StrEnum):
    """FIRST: a second mail that says something else will bring the case back. AGAIN: the same words once more, which is
    what machines do."""

    FIRST = "first"
    AGAIN = "again"


def add_message(case: Case, addition: Addition, at: datetime, policy: Policy, ids: Ids) -> Draft:
    """An automatic message is filed and changes nothing else: it neither reopens, nor meets or restarts a clock. Nor do
    mere thanks, or a mere "ok". A stranger who holds the token may add to the case but does not speak for the
    reporter."""
    message = addition.message
    draft = begin(case, at, message.actor, policy, ids)
    draft.record(
        "message",
        secret=f"{message.subject}\n{message.text}",
        message=message.id,
        proof=addition.proof,
        automatic="yes" if message.automatic else None,
        thanks="yes" if addition.thanks else None,
        acknowledged="yes" if addition.acknowledged else None,
        doubt=addition.doubt,
    )
    draft.add(message)
    if not message.automatic:
        hear(draft, addition, policy)
    return draft


def hear(draft: Draft, addition: Addition, policy: Policy) -> None:
    """What a person's word does to a case."""
    message, case = addition.message, draft.case
    field = "heard" if message.actor == "reporter" else "heard_others"
    draft.set(**{field: (*getattr(case, field), draft.at)[-policy.intake.notices_per_hour :]})
    if addition.left_out and message.actor == "reporter":
        thread = (message.external_id,) if message.external_id else ()
        draft.tell_reporter(Purpose.LEFT_OUT, {"text": addition.left_out}, thread)
    # Where we asked something, "ok" or "ya, terima kasih" may be the answer ("may we call you?"): it moves nothing, but
    # an officer is to see it.
    brief = addition.thanks or addition.acknowledged
    asked = case.status is Status.NEEDS_INFO or addition.doubted
    if (brief and not asked) or addition.doubt is Doubt.AGAIN:
        return
    if addition.ask:
        _ask(draft, message)
    speaks = message.actor == "reporter" and not (addition.doubt or brief)
    reopened = _moved(draft) if speaks else False
    told = _desks(draft, addition)
    if reopened and says_unsettled(message.text):
        draft.set(marks=tuple(dict.fromkeys((*draft.case.marks, DISSATISFIED))))
        draft.record("dissatisfied", message=message.id)
        heads = policy.audience(UNIT_HEAD, case.unit, draft.at)
        told = tuple(dict.fromkeys((*told, *(address for address in heads if address != addition.sender))))
        draft.tell_office(Purpose.DISSATISFIED, told, draft.until(draft.clock(RESOLVE)))
    elif not addition.quiet:
        draft.tell_office(Purpose.NEW_MESSAGE if message.actor == "reporter" else Purpose.OTHERS_MESSAGE, told, {})


def _ask(draft: Draft, message: Message) -> None:
    """Was it meant?"""
    thread = (message.external_id,) if message.external_id else ()
    if draft.case.status is Status.NEEDS_INFO:
        draft.tell_reporter(Purpose.STILL_WAITING, draft.until(draft.clock(REPLY)), thread)
    else:
        draft.tell_reporter(Purpose.STILL_SETTLED, {}, thread)


def tell_desks(draft: Draft) -> None:
    """Ring the desks of a case for something that its reporter did."""
    draft.tell_office(Purpose.NEW_MESSAGE, _desks(draft), {})


def _desks(draft: Draft, addition: Addition | None = None) -> tuple[str, ...]:
    units = draft.case.units or (None,)
    desks = [address for unit in units for address in draft.policy.audience(DESK, unit, draft.at)]
    own = addition.sender if addition else ""
    return tuple(address for address in dict.fromkeys(desks) if address != own)


def brings_back(case: Case) -> bool:
    """Does the reporter's word bring back what was settled?"""
    row = by(case, REPORTER)
    return row is not None and row.reopens


def _moved(draft: Draft) -> bool:
    """What the reporter's word moves. Was the case settled, and is open again?"""
    row = by(draft.case, REPORTER)
    if row:
        move(draft, row.to, door=row.door)
    happen(draft, REPORTER_WROTE)
    return row is not None and row.reopens


def letter_waits(case: Case, row: Delivery, at: datetime, policy: Policy, ids: Ids) -> Draft:
    """A letter has waited for its service for long, and goes on waiting: in the history, and told to the desk. Not of
    the post itself, by which that word would wait as well: what waits there is the agency's alarm."""
    draft = Draft(case, at, "system", policy, ids)
    draft.change_delivery(row, claimed=True)
    draft.record("delivery_waits", delivery=row.id, why=row.reason)
    if row.channel is not Channel.EMAIL:
        said = f"{row.purpose}, {row.reason}; masih kami coba terus"
        draft.tell_office(Purpose.UNDELIVERED, policy.audience(DESK, case.unit), {"text": said})
    return draft


def letter_failed(
    case: Case, ended: Delivery, at: datetime, policy: Policy, ids: Ids, *, claimed: bool = False, cause: str = ""
) -> Draft:
    """A letter of ours ended without arriving (`ended`: its row as it is now to be, with the reason): in the history,
    and told to the officer, who alone can find another way to the citizen. A letter to an office is told to the
    coordinator. `claimed`: its own sender says so; otherwise the post does (a bounce, a complaint), and may name a
    `cause`."""
    draft = Draft(case, at, "system", policy, ids)
    draft.change_delivery(replace(ended, due_at=None, wake=None, lease_until=None), claimed=claimed)
    why, _, status = ended.reason.partition(" ")
    draft.record("delivery_failed", delivery=ended.id, state=ended.state, why=why, status=status, cause=cause)
    if ended.purpose is not Purpose.UNDELIVERED:  # a notice about a failed notice would never end
        told = policy.coordinator if ended.address else policy.audience("desk", case.unit)
        whom = tuple(address for address in told if address != ended.address)
        told_why = f" ({CAUSES_ID[cause]})" if cause in CAUSES_ID else ""
        held = f"; memuat {len(ended.parts)} surat" if ended.parts else ""
        draft.tell_office(Purpose.UNDELIVERED, whom, {"text": f"{ended.purpose}, {ended.reason}{told_why}{held}"})
    return draft
