"""Which statuses follow which, and what entering one does to the clocks. Two tables and the one function that reads
them."""

from __future__ import annotations

from dataclasses import dataclass

from .clocks import ClockName
from .draft import Draft
from .errors import NotAllowed
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


@dataclass(frozen=True, slots=True)
class Effect:
    """What a status does to the clocks when it is entered."""

    meets: tuple[ClockName, ...] = ()
    pauses: tuple[ClockName, ...] = ()
    resumes: tuple[ClockName, ...] = (VERIFY, RESOLVE)
    starts: tuple[ClockName, ...] = ()


_END = Effect(meets=(VERIFY, RESOLVE, REPLY, FIRST), resumes=())
EFFECTS: dict[Status, Effect] = {
    Status.NEW: Effect(meets=(REPLY,)),
    Status.NEEDS_INFO: Effect(pauses=(VERIFY, RESOLVE), resumes=(), starts=(REPLY,)),
    Status.VERIFIED: Effect(meets=(VERIFY, REPLY)),
    Status.FORWARDED: Effect(meets=(VERIFY, REPLY)),
    Status.IN_PROGRESS: Effect(meets=(VERIFY, REPLY)),
    Status.ANSWERED: Effect(meets=(VERIFY, RESOLVE, REPLY), starts=(REPLY,)),
    **dict.fromkeys(ENDED, _END),
}


def move(draft: Draft, to: Status, reason: str = "", **data: str | None) -> None:
    """Change the status. Raises NotAllowed naming the moves there are."""
    now = draft.case.status
    if to not in MOVES[now]:
        names = ", ".join(MOVES[now]) or "none"
        raise NotAllowed(f"a case that is {now} can become: {names}")
    effect = EFFECTS[to]
    draft.set(status=to, ended_at=draft.case.ended_at if to in ENDED else None)
    draft.record("status", secret=reason, was=now, now=to, **data)
    draft.meet(*effect.meets)
    draft.pause(*effect.pauses, reason=to)
    draft.resume(*effect.resumes)
    for name in effect.starts:
        draft.start(name)
    if now in (Status.ANSWERED, *ENDED) and to not in ENDED and to is not Status.ANSWERED:
        _reopen_clocks(draft)


def _reopen_clocks(draft: Draft) -> None:
    """What was settled is open again: a new term runs, beside the old one's outcome."""
    wanted = (VERIFY, RESOLVE) if draft.case.status is Status.NEW else (RESOLVE,)
    for name in wanted:
        clock = draft.clock(name)
        if clock is None or clock.met_at is not None:
            draft.start(name)
    draft.record("reopened")
