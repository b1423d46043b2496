"""Whether a mail on a settled case is taken for a person's: what domain.second_sign asks, looked up."""

from __future__ import annotations

from datetime import timedelta

from ..domain import second_sign
from ..domain.case import Case
from ..domain.citizens import Doubt, brings_back
from ..domain.inbound import Inbound
from .ports import CaseFile, Cases

#: The mark of a message that is filed in doubt.
MARK = "perhaps_automatic"


def doubt_of(inbound: Inbound, case: Case, cases: Cases) -> Doubt | None:
    """`inbound`: the reporter's own word on this case. The file is read only where the word's own text leaves it open.
    Who says the same again hours later is no machine, which answers a letter of ours at once or never."""
    if inbound.automatic or inbound.files or inbound.left_out or not brings_back(case):
        return None
    if second_sign.says_so(inbound.subject, inbound.text, case.subject, case.number):
        return None
    file = cases.file(case.number)
    if file is None or not _soon(file, inbound):
        return None
    doubted = [one for one in file.messages if MARK in one.marks]
    if any(second_sign.same(inbound.text, one.text) for one in doubted):
        return Doubt.AGAIN
    if doubted:
        return None
    said = tuple(one.text for one in file.messages if one.direction == "in" and not one.automatic)
    return None if second_sign.speaks_of(inbound.text, case.subject, said) else Doubt.FIRST


def is_doubted(case: Case, cases: Cases) -> bool:
    """Is it settled, and its reporter asked whether a mail was meant to bring it back?"""
    file = cases.file(case.number, texts=False) if brings_back(case) else None
    return file is not None and any(MARK in one.marks for one in file.messages)


def _soon(file: CaseFile, inbound: Inbound) -> bool:
    """After a letter of ours to the reporter. Not yet recorded as sent, it was sent just now."""
    letters = [one for one in file.deliveries if one.reporter and one.attempts]
    last = max((one.sent_at or one.created_at for one in letters), default=None)
    return last is not None and timedelta() <= inbound.at - last <= second_sign.SOON
