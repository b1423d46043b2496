"""Making a move of the table (life). What a status does to the clocks is the policy's (promises)."""

from __future__ import annotations

from .clock_changes import happen, withdraw
from .clocks import ClockName
from .draft import Draft
from .life import Door, Move, way
from .policy_people import DESK
from .promises import REOPENED, RESUBMITTED
from .words import ENDED, Purpose, Status

FIRST, VERIFY, RESOLVE, REPLY = (
    ClockName.FIRST_RESPONSE,
    ClockName.VERIFY,
    ClockName.RESOLVE,
    ClockName.REPORTER_REPLY,
)


def move(draft: Draft, to: Status, reason: str = "", door: Door | None = None, **data: str | None) -> Move:
    """Change the status, and say by which row. `door`: where only the moves of one are meant. Raises NotAllowed naming
    the moves there are."""
    row = way(draft.case, to, door)
    draft.set(status=to, ended_at=draft.case.ended_at if to in ENDED else None, asked_while=_asked_while(draft, row))
    draft.record("status", secret=reason, was=row.now, now=to, **data)
    happen(draft, to)
    if row.reopens:
        # What was settled is open again: a new term runs, beside the old one's outcome.
        if to is Status.NEW:
            _let_go(draft)
            happen(draft, RESUBMITTED)
        happen(draft, REOPENED)
        draft.record("reopened")
    return row


def _let_go(draft: Draft) -> None:
    """It is to be verified anew: who helped the lead is asked again, or not."""
    for unit in draft.case.others:
        draft.set(others=tuple(one for one in draft.case.others if one != unit))
        withdraw(draft, unit)
        draft.record("unit_withdrawn", unit=unit)
        text = "Laporan ini kembali ke verifikasi dan untuk saat ini tidak ditangani unit Saudara."
        facts = {"headline": "Laporan kembali ke verifikasi", "text": text}
        draft.tell_office(Purpose.NOTICE, draft.policy.audience(DESK, unit, draft.at), facts)


def _asked_while(draft: Draft, row: Move) -> Status | None:
    """Where the case goes back to when the details come: also after it was closed for want of them."""
    if row.to is Status.NEEDS_INFO:
        return row.now
    if row.to is Status.CLOSED and row.now is Status.NEEDS_INFO:
        return draft.case.asked_while or Status.NEW
    return None
