"""Whether a mail on a settled case, or on one that waits for details, is taken for a person's: what domain.second_sign
asks, looked up."""

from __future__ import annotations

from datetime import timedelta

from ..domain import second_sign
from ..domain.case import Case, Message
from ..domain.citizens import Doubt, brings_back
from ..domain.inbound import Inbound
from ..domain.words import Channel, Purpose, Status
from .ports import CaseFile, Cases

#: The mark of a message that is filed in doubt.
MARK = "perhaps_automatic"


def doubt_of(inbound: Inbound, case: Case, cases: Cases) -> Doubt | None:
    """`inbound`: the reporter's own word on this case. The file is read only where the word's own text leaves it open.
    Who says the same again hours later is no machine, which answers a letter of ours at once or never."""
    waits = case.status is Status.NEEDS_INFO
    if inbound.channel is not Channel.EMAIL or not (waits or brings_back(case)):
        return None
    if inbound.automatic or inbound.files or inbound.left_out:
        return None
    if waits and second_sign.says_little(inbound.text):
        return None
    if second_sign.says_so(inbound.subject, inbound.text, case.subject, case.number, asked=waits):
        return None
    file = cases.file(case.number)
    if file is None or not _soon(file, inbound, second_sign.AT_ONCE if waits else second_sign.SOON):
        return None
    question = _question(file) if waits else ""
    doubted = _doubted(file)
    if any(second_sign.same(inbound.text, one.text) for one in doubted):
        return Doubt.AGAIN
    if doubted or (waits and _answers(inbound.text, question)):
        return None
    said = tuple(one.text for one in file.messages if one.direction == "in" and not one.automatic)
    return None if second_sign.speaks_of(inbound.text, case.subject, (*said, question)) else Doubt.FIRST


def is_doubted(case: Case, cases: Cases) -> bool:
    """Was its reporter asked whether a mail was meant, and the case stands as it stood?"""
    asks = case.status is Status.NEEDS_INFO or brings_back(case)
    file = cases.file(case.number, texts=False) if asks else None
    return file is not None and bool(_doubted(file))


def _doubted(file: CaseFile) -> list[Message]:
    """Since the case stands as it stands: an old doubt vouches for nobody who answers a new question."""
    since = max((one.at for one in file.history if one.event == "status"), default=None)
    return [one for one in file.messages if MARK in one.marks and (since is None or one.at >= since)]


def _question(file: CaseFile) -> str:
    """What the reporter was asked last."""
    from ..domain.asked_details import asked_in

    asked = [one for one in file.deliveries if one.purpose is Purpose.QUESTION]
    return asked_in(max(asked, key=lambda one: one.created_at).text) if asked else ""


def _answers(text: str, question: str) -> bool:
    from ..domain.asked_details import answers

    return answers(text, question)


def _soon(file: CaseFile, inbound: Inbound, within: timedelta) -> bool:
    """After a letter of ours to the reporter. Not yet recorded as sent, it was sent just now."""
    letters = [one for one in file.deliveries if one.reporter and one.attempts]
    last = max((one.sent_at or one.created_at for one in letters), default=None)
    return last is not None and timedelta() <= inbound.at - last <= within
