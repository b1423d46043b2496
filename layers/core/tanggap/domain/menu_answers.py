"""What a word of the menu is answered with: a message of its own, about none of the person's cases or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from . import chat_letters, tracking
from .case import Case, Delivery
from .draft import GRACE, Ids
from .policy import Policy
from .talks import TALK
from .ways import told_on
from .words import CHAT, Channel, Purpose

#: Cases that one answer tells of: what is open first, the newest first.
TOLD = 5
NO_CASES = (
    "Belum ada laporan Anda di sini. Tulis laporan Anda, atau tulis: status <nomor> <kode tanda terima>.\n"
    "(No report of yours here yet. Write one, or: status <number> <code>.)"
)
NEEDS_CODE = (
    "Untuk laporan yang tidak dikirim dari sini, tulis nomor beserta kodenya: status <nomor> <kode>. "
    "Kode ada pada tanda terima Anda.\n"
    "(For a report not sent from here write: status <number> <code>; the code is on your receipt.)"
)


def answer(
    purpose: Purpose,
    facts: Mapping[str, str],
    reporter: str,
    channel: Channel,
    answers: str,
    at: datetime,
    policy: Policy,
    ids: Ids,
) -> Delivery:
    """`answers`: the external id of the message that asked."""
    known = {"agency": policy.agency, **facts}
    subject, text = policy.letter(purpose, known)
    if channel in CHAT and purpose not in policy.letters:
        text = chat_letters.core(purpose, known, policy.languages)
    return Delivery(
        id=ids.new(at),
        case=f"{TALK}{reporter}",
        purpose=purpose,
        created_at=at,
        subject=subject,
        text=text,
        reporter=reporter,
        channel=channel,
        in_reply_to=answers,
        references=(answers,) if answers else (),
        wake=at,
        due_at=at + GRACE,
    )


def standing(cases: Sequence[Case], policy: Policy) -> str:
    """How a person's own cases stand: number, status in words, what comes next and when."""
    ordered = sorted(cases, key=lambda one: (one.ended, -one.received_at.timestamp(), one.number))
    told = [tracking.short(one, one.number, policy) for one in ordered[:TOLD]]
    left = len(ordered) - len(told)
    more = [f"dan {left} laporan terdahulu: tulis status <nomor>"] if left else []
    return "\n\n".join([*told, *more]) if told else NO_CASES


def may_be_told(case: Case, channel: Channel) -> bool:
    """To whoever writes from an address of its reporter, without a code."""
    return told_on(case.channel, case.confidentiality, channel)
