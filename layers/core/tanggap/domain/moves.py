"""Which statuses follow which: one table, and the one function that reads it. What a status does to the clocks is the
policy's (promises)."""

from __future__ import annotations

from .clocks import ClockName
from .draft import Draft
from .errors import NotAllowed
from .promises import REOPENED, RESUBMITTED
from .words import ENDED, Status

FIRST, VERIFY, RESOLVE, REPLY = (
    ClockName.FIRST_RESPONSE,
    ClockName.VERIFY,
    ClockName.RESOLVE,
    ClockName.REPORTER_REPLY,
)

#: The moves of a case. An ended case may come back: a rejection can be wrong, and a closed matter can flare up.
MOVES: dict[Status, tuple[Status, ...]] = {
    Status.NEW: (Status.NEEDS_INFO, Status.VERIFIED, Status.REJECTED, Status.DUPLICATE, Status.TRANSFERRED),
    Status.NEEDS_INFO: (
        Status.NEW,
        Status.VERIFIED,
        Status.REJECTED,
        Status.DUPLICATE,
        Status.TRANSFERRED,
        Status.CLOSED,
    ),
    Status.VERIFIED: (
        Status.FORWARDED,
        Status.IN_PROGRESS,
        Status.ANSWERED,
        Status.NEEDS_INFO,
        Status.REJECTED,
        Status.TRANSFERRED,
        Status.DUPLICATE,
    ),
    Status.FORWARDED: (
        Status.FORWARDED,
        Status.IN_PROGRESS,
        Status.ANSWERED,
        Status.VERIFIED,
        Status.NEEDS_INFO,
        Status.REJECTED,
        Status.TRANSFERRED,
        Status.DUPLICATE,
    ),
    Status.IN_PROGRESS: (
        Status.FORWARDED,
        Status.ANSWERED,
        Status.NEEDS_INFO,
        Status.REJECTED,
        Status.TRANSFERRED,
        Status.DUPLICATE,
    ),
    Status.ANSWERED: (Status.IN_PROGRESS, Status.FORWARDED, Status.CLOSED),
    Status.CLOSED: (Status.IN_PROGRESS,),
    Status.REJECTED: (Status.NEW,),
    Status.TRANSFERRED: (),
    Status.DUPLICATE: (Status.NEW,),
}


def move(draft: Draft, to: Status, reason: str = "", **data: str | None) -> None:
    """Change the status. Raises NotAllowed naming the moves there are."""
    now = draft.case.status
    if to not in MOVES[now]:
        names = ", ".join(MOVES[now]) or "none"
        raise NotAllowed(f"a case that is {now} can become: {names}")
    draft.set(status=to, ended_at=draft.case.ended_at if to in ENDED else None)
    draft.record("status", secret=reason, was=now, now=to, **data)
    draft.happen(to)
    if now in (Status.ANSWERED, *ENDED) and to not in ENDED and to is not Status.ANSWERED:
        # What was settled is open again: a new term runs, beside the old one's outcome.
        if to is Status.NEW:
            draft.happen(RESUBMITTED)
        draft.happen(REOPENED)
        draft.record("reopened")
