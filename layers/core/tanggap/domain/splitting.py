"""A second matter in a talk, or in a mail: an officer makes a case of its own of the message that tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from . import chat_messages, citizens
from .advance import begin
from .case import Case, Link, Message
from .citizens import Opening
from .draft import Draft, Ids
from .errors import Invalid, NotAllowed
from .moves import VERIFY
from .permissions import Officer
from .policy import Policy
from .publicity import is_hidden
from .words import Kind, Purpose

if TYPE_CHECKING:
    from .classification import Classified

#: The links between the two, and the mark of the message on the case that it left: `split:TGP-…`.
SPLIT_TO, SPLIT_FROM, MARK = "split_to", "split_from", "split"


def split_to(message: Message) -> str:
    """The number of the case that a message has become; empty for none."""
    return next((mark.partition(":")[2] for mark in message.marks if mark.startswith(f"{MARK}:")), "")


def leave(
    case: Case,
    message: Message,
    first: Message | None,
    number: str,
    officer: Officer,
    at: datetime,
    policy: Policy,
    ids: Ids,
) -> Draft:
    """On the case that the message came to: it stays where it is, and says where its matter went. Its clocks go on."""
    if message.direction != "in":
        raise Invalid("message is not one that a citizen wrote")
    if first is not None and message.id == first.id:
        raise Invalid("this message opened the case: correct its kind or category instead")
    if message.automatic:
        raise Invalid("a machine wrote this message: nobody waits for an answer to it")
    draft = begin(case, at, officer.actor, policy, ids)
    draft.change_message(replace(message, marks=(*message.marks, f"{MARK}:{number}")))
    draft.set(links=(*draft.case.links, Link(SPLIT_TO, number)))
    draft.record("split", message=message.id, number=number)
    return draft


def begin_anew(
    case: Case,
    message: Message,
    number: str,
    officer: Officer,
    at: datetime,
    policy: Policy,
    ids: Ids,
    classified: Classified,
    *,
    kind: Kind | None = None,
    category: str | None = None,
    unit: str | None = None,
    thread: tuple[str, ...] = (),
) -> Draft:
    """The case that it becomes, whose clocks run from when it was written. Its reporter is who wrote it, as closed as
    before, and told at once: their next message goes there."""
    moved = replace(
        message,
        id=ids.new(message.at),
        case=number,
        actor="reporter",
        marks=tuple(mark for mark in message.marks if not mark.startswith(f"{MARK}:") and mark != "other_sender"),
    )
    opening = Opening(
        number=number,
        message=moved,
        reporter=message.sender or case.reporter,
        answer=False,  # it is told in other words than a first report
        kind=kind or Kind.COMPLAINT,
        category=category,
        unit=unit,
        confidentiality=case.confidentiality,
        hidden=is_hidden(case),
        links=(Link(SPLIT_FROM, case.number),),
        classified=classified,
        subject=chat_messages.subject((message.text,)),
        place=message.place,
    )
    draft = citizens.open_case(opening, at, officer.actor, policy, ids)
    facts = {"former": case.number, **draft.until(draft.clock(VERIFY))}
    draft.tell_reporter(Purpose.SPLIT, facts, thread)
    return draft


def catch_up(case: Case, copy: Message, message: Message, at: datetime, policy: Policy, ids: Ids) -> Draft:
    """`copy` is the message on the case that it became; `message`, where it came, has got files since."""
    draft = Draft(case, at, "system", policy, ids)
    own = tuple(mark for mark in message.marks if not mark.startswith(f"{MARK}:") and mark != "other_sender")
    marks = tuple(dict.fromkeys((*copy.marks, *own)))
    media = tuple(one for one in message.media if one in copy.media)
    files = tuple(dict.fromkeys((*message.files, *copy.files)))
    left_out = tuple(dict.fromkeys((*message.left_out, *copy.left_out)))
    draft.change_message(replace(copy, media=media, files=files, left_out=left_out, marks=marks))
    new = [file.digest for file in files if file not in copy.files]
    draft.record("media_kept", message=copy.id, secret=" ".join(new))
    return draft


def check(category: str | None, policy: Policy) -> None:
    if category is not None and category not in policy.categories:
        raise Invalid("category is not in the policy")


def not_again(number: str) -> NotAllowed:
    return NotAllowed(f"this message is a case of its own already: {number}")
