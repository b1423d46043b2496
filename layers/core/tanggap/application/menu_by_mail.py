"""The word "status" with number and code, in a short mail: answered, and on no case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..domain.case import Change
from ..domain.inbound import Inbound
from ..domain.talks import Talk
from ..domain.words import Channel, Outcome, Reason
from .filing import Filing
from .work import Result, Work, result

if TYPE_CHECKING:  # the menu is for who asks it
    from ..domain.menu import Asked
    from .menu import Menu

#: What holds a word of the menu is not longer (domain.menu.SHORT).
_WORD = 300
#: One of these stands in every mail that holds it.
_SIGNS = ("tgp", "stat", "stts", "cek", "lacak")


def asked_in(inbound: Inbound) -> Asked | None:
    """By mail only the word with a number and its code is one of the menu; it may stand in the subject alone."""
    if inbound.channel is not Channel.EMAIL or len(inbound.text) > _WORD or inbound.files:
        return None
    said = f"{inbound.subject}{inbound.text}".lower()
    if not any(sign in said for sign in _SIGNS):
        return None
    from ..domain import menu

    for one in (inbound.text, inbound.subject if not inbound.text.strip() else ""):
        asked = menu.asked(one) if one else None
        if asked and asked.code:
            return asked
    return None


def answer(work: Work, asked: Asked, menu: Menu, filing: Filing) -> Result:
    """Where a mail of this sender may be answered at all."""
    received = replace(work.received, outcome=Outcome.STATUS, reason=Reason.MENU)
    silent = not work.verdict.answer or filing.too_often(work)
    reporter, sealed = filing.sender(work, always=True)
    talk = Talk(reporter=reporter or "", channel=work.inbound.channel)
    told = None if silent else menu.answer(work, talk.reporter, talk, talk, asked, silent=False)[1]
    deliveries = (told,) if told else ()
    filing.cases.commit(Change(received=received, deliveries=deliveries, sealed=sealed if told else None))
    return result(received)
