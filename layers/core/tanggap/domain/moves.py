"""Making a move of the table (life). What a status does to the clocks is the policy's (promises)."""

from __future__ import annotations

from .clocks import ClockName
from .draft import Draft
from .life import Door, Move, way
from .promises import REOPENED, RESUBMITTED
from .words import ENDED, Status

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
    draft.happen(to)
    if row.reopens:
        # What was settled is open again: a new term runs, beside the old one's outcome.
        if to is Status.NEW:
            draft.happen(RESUBMITTED)
        draft.happen(REOPENED)
        draft.record("reopened")
    return row


def _asked_while(draft: Draft, row: Move) -> Status | None:
    """Where the case goes back to when the details come: also after it was closed for want of them."""
    if row.to is Status.NEEDS_INFO:
        return row.now
    if row.to is Status.CLOSED and row.now is Status.NEEDS_INFO:
        return draft.case.asked_while or Status.NEW
    return None
