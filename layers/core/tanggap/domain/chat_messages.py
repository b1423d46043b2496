"""Messages of a chat on a case: which of them are one report, and what is said about an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from .advance import begin
from .case import Case, Message
from .citizens import tell_desks
from .draft import Draft, Ids
from .history import Entry
from .inbound import Sort
from .policy import Policy
from .words import Status

#: The mark of a message that its writer took back.
WITHDRAWN = "withdrawn"
#: That of a platform's word that a person has another number or id now.
MOVED = "number_changed"
#: How those begin who look at a case for the agency (history's `actor`).
OFFICERS = ("officer:", "office:")
_SUBJECT = 80  # characters
_TELLS = 3  # words, and more: "Pak, mau tanya" is no subject
_ABOUT = frozenset({Sort.REACTION, Sort.EDIT, Sort.DELETION})


def subject(texts: Sequence[str]) -> str:
    """What a case is called whose messages have no subject: the first line that says something."""
    lines = [" ".join(line.split()) for text in texts for line in text.split("\n") if line.strip()]
    told = next((line for line in lines if len(line.split()) > _TELLS), lines[0] if lines else "")
    visible = "".join(sign for sign in told if sign.isprintable())
    if len(visible) <= _SUBJECT:
        return visible
    return visible[:_SUBJECT].rpartition(" ")[0] + " …" if " " in visible[:_SUBJECT] else visible[:_SUBJECT]


def said(messages: Iterable[Message]) -> tuple[str, ...]:
    """A reporter's own words in their order, each as it was last edited, without what they took back."""
    own = [one for one in messages if one.direction == "in" and one.actor == "reporter" and not one.automatic]
    edited = {one.about: one for one in sorted(own, key=_order) if one.sort is Sort.EDIT}
    kept = (one for one in sorted(own, key=_order) if one.sort not in _ABOUT and WITHDRAWN not in one.marks)
    return tuple(edited.get(one.external_id, one).text for one in kept if one.text)


def _order(message: Message) -> tuple[datetime, str]:
    return message.at, message.external_id


def is_fresh(case: Case, history: Iterable[Entry]) -> bool:
    """Has no officer acted on it yet?"""
    return case.status is Status.NEW and not any(one.actor.startswith(OFFICERS) for one in history)


def with_edits(messages: Iterable[Message], about: Message) -> tuple[Message, ...]:
    """A message and what its writer made of it since."""
    same = {about.external_id, about.about} - {""} if about.sort is Sort.EDIT else {about.external_id}
    return tuple(
        one
        for one in messages
        if one.direction == "in"
        and (one.id == about.id or (one.external_id in same or one.about in same))
        and one.sort not in (Sort.REACTION, Sort.DELETION)
    )


def remark(case: Case, message: Message, at: datetime, policy: Policy, ids: Ids, *, quiet: bool) -> Draft:
    """A reaction, or an edit's new text: on the case, moving no clock. The desk is told of an edit once."""
    draft = begin(case, at, message.actor, policy, ids)
    draft.record(str(message.sort), secret=message.text, message=message.id)
    draft.add(message)
    if message.sort is Sort.EDIT and not quiet:
        tell_desks(draft)
    return draft


def withdraw(case: Case, message: Message, gone: Sequence[Message], at: datetime, policy: Policy, ids: Ids) -> Draft:
    """Their own words were taken back on the platform. The agency keeps what it was told; the officer is shown that its
    writer does not stand by it."""
    draft = begin(case, at, message.actor, policy, ids)
    for one in gone:
        if WITHDRAWN not in one.marks:
            draft.change_message(replace(one, marks=(*one.marks, WITHDRAWN)))
    draft.record(WITHDRAWN, message=gone[0].id if gone else message.id)
    return draft
