"""How long a citizen waited for the word that their report is in our hands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from .canary import is_canary
from .case import Case, Delivery
from .ways import How
from .words import CHAT, HEARD, DeliveryState, Purpose

#: On letters about what an officer let in: how long that lay parked is the officer's time, not the desk's.
LET_IN = "let_in"


def let_in(row: Delivery) -> Delivery:
    return replace(row, marks=(*row.marks, LET_IN))


#: Why a letter waits that says nothing of the desk: out of SES's sandbox only AWS lets it, and UpkeepDue tells of that.
_EXCUSED = frozenset({"not_verified"})


def is_first_word(row: Delivery) -> bool:
    """Is it an acknowledgement that has just left, for the first time?"""
    return row.state is DeliveryState.SENT and row.sent_at is not None and _timed(row)


def is_awaited(row: Delivery) -> bool:
    """Is it an acknowledgement that was tried and is still here?"""
    return row.state is DeliveryState.QUEUED and row.attempts > 0 and row.reason not in _EXCUSED and _timed(row)


def _timed(row: Delivery) -> bool:
    first = row.purpose is Purpose.ACKNOWLEDGEMENT and not row.again_of and LET_IN not in row.marks
    return first and row.how != How.TRACKING and not is_canary(row)


def waits_since(case: Case, written: datetime) -> datetime | None:
    """From when a citizen waits for the acknowledgement that was `written` then: since their report came to us. A
    platform may bring a message days late, so a chat's begins when it was read. None of what an officer wrote down: its
    reporter stood there."""
    if case.channel in HEARD:
        return None
    return written if case.channel in CHAT else case.received_at


def seconds(row: Delivery, since: datetime, now: datetime) -> float:
    """How long its citizen waited until it left, or has until `now`."""
    return max(0.0, ((row.sent_at or now) - since).total_seconds())
