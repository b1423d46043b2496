"""How long a citizen waited for the word that their report is in our hands."""

from __future__ import annotations

from dataclasses import replace

from .canary import is_canary
from .case import Case, Delivery
from .ways import How
from .words import CHAT, HEARD, DeliveryState, Purpose

#: On letters about what an officer let in: how long that lay parked is the officer's time, not the desk's.
LET_IN = "let_in"


def let_in(row: Delivery) -> Delivery:
    return replace(row, marks=(*row.marks, LET_IN))


def is_first_word(row: Delivery) -> bool:
    """Is it an acknowledgement that has just left, for the first time?"""
    gone = row.state is DeliveryState.SENT and row.sent_at is not None and row.how != How.TRACKING
    timed = row.purpose is Purpose.ACKNOWLEDGEMENT and not row.again_of and LET_IN not in row.marks
    return gone and timed and not is_canary(row)


def seconds(row: Delivery, case: Case) -> float | None:
    """From when the report came to us, of a first word. A platform may bring a message days late, so a chat's begins
    when it was read. None of what an officer wrote down: its reporter stood there."""
    if row.sent_at is None or case.channel in HEARD:
        return None
    since = row.created_at if case.channel in CHAT else case.received_at
    return max(0.0, (row.sent_at - since).total_seconds())
