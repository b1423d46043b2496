"""The life of a case: one table of its states and moves. Who makes each, through which call, and what the reporter is
told. What a move does to the clocks is the policy's (promises); `effects` reads it out.

Whatever is not in the table can't happen. infra/runbooks/case-life.md shows it for reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal

from .errors import NotAllowed
from .permissions import Act
from .promises import ASSIGNED, OFFICER_WROTE, REOPENED, REPORTER_WROTE, RESUBMITTED, UNIT_WROTE, Promise
from .words import ENDED, SETTLED, Purpose, Status

if TYPE_CHECKING:
    from .case import Case


class Door(StrEnum):
    """Through what a move comes: a call of the API, a citizen's message, the sweep."""

    VERIFICATION = "verification"
    ASSIGNMENT = "assignment"
    REPLIES = "replies"
    STATUS = "status"
    MESSAGE = "message"
    SWEEP = "sweep"


#: The reporter writes, more than thanks; the reporter's time to reply has run out.
REPORTER: Final = "reporter"
SILENCE: Final = "silence"
Who = Act | Literal["reporter", "silence"]


@dataclass(frozen=True, slots=True)
class Move:
    """One row. `by`: an officer's right, the reporter, or the reporter's silence. `told`: the letter to the reporter, a
    disposition's only the first time. `reason`: an officer must give one. `asked`: only where the case was in one of
    these when its reporter was asked for details (None: was not asked); empty where that does not matter."""

    now: Status
    to: Status
    by: Who
    door: Door
    told: Purpose | None = None
    reason: bool = False
    asked: tuple[Status | None, ...] = ()

    @property
    def reopens(self) -> bool:
        """What was answered or ended is worked on again."""
        return self.now in SETTLED and self.to not in SETTLED


_NEW, _ASKED, _VERIFIED, _FORWARDED, _WORK = (
    Status.NEW,
    Status.NEEDS_INFO,
    Status.VERIFIED,
    Status.FORWARDED,
    Status.IN_PROGRESS,
)
_ANSWERED, _CLOSED = Status.ANSWERED, Status.CLOSED
#: Verified, and somebody's to work on.
WORKED_ON = (_VERIFIED, _FORWARDED, _WORK)
_OPEN = (_NEW, _ASKED, *WORKED_ON)
#: A clock starts in these alone.
_UNENDED = (*_OPEN, _ANSWERED)


def _rows(now: Iterable[Status], to: Status, by: Who, door: Door, *rest: object, **more: object) -> Iterator[Move]:
    return (Move(one, to, by, door, *rest, **more) for one in now)  # type: ignore[arg-type]


def _back() -> Iterator[Move]:
    """Details that were asked for have come, in time or after the case was closed for want of them: it goes on where it
    was. An officer says so where they were heard elsewhere."""
    for now in (_ASKED, _CLOSED):
        for was in (_NEW, *WORKED_ON):
            yield Move(now, was, REPORTER, Door.MESSAGE, asked=(was,))
            yield Move(now, was, Act.MOVE, Door.STATUS, reason=True, asked=(was,))


TABLE: tuple[Move, ...] = (
    # Is it complete, and ours?
    Move(_NEW, _VERIFIED, Act.VERIFY, Door.VERIFICATION),
    Move(_ASKED, _VERIFIED, Act.VERIFY, Door.VERIFICATION, asked=(_NEW,)),
    Move(_NEW, _ASKED, Act.VERIFY, Door.VERIFICATION, Purpose.QUESTION, True),
    Move(_NEW, Status.REJECTED, Act.VERIFY, Door.VERIFICATION, Purpose.REJECTION, True),
    Move(_ASKED, Status.REJECTED, Act.VERIFY, Door.VERIFICATION, Purpose.REJECTION, True, (_NEW,)),
    *_rows(_OPEN, Status.DUPLICATE, Act.VERIFY, Door.VERIFICATION, Purpose.DUPLICATE, True),
    # The same found out later.
    *_rows((_NEW, *WORKED_ON), _ASKED, Act.MOVE, Door.STATUS, Purpose.QUESTION, True),
    *_rows(_OPEN, Status.REJECTED, Act.MOVE, Door.STATUS, Purpose.REJECTION, True),
    *_rows(_OPEN, Status.TRANSFERRED, Act.MOVE, Door.STATUS, Purpose.TRANSFER, True),
    *_back(),
    # Who works on it.
    *_rows((*WORKED_ON, _ANSWERED), _FORWARDED, Act.ASSIGN, Door.ASSIGNMENT, Purpose.DISPOSITION),
    Move(_FORWARDED, _VERIFIED, Act.MOVE, Door.STATUS, reason=True),  # handed back: it is the coordinator's again
    *_rows((_VERIFIED, _FORWARDED), _WORK, Act.REPLY, Door.REPLIES, Purpose.REPLY),
    *_rows((_VERIFIED, _FORWARDED), _WORK, Act.MOVE, Door.STATUS, reason=True),
    # The answer, and what comes of it.
    *_rows(WORKED_ON, _ANSWERED, Act.REPLY, Door.REPLIES, Purpose.ANSWER),
    Move(_ASKED, _ANSWERED, Act.REPLY, Door.REPLIES, Purpose.ANSWER, asked=WORKED_ON),
    Move(_ANSWERED, _CLOSED, SILENCE, Door.SWEEP, Purpose.CLOSING),
    Move(_ASKED, _CLOSED, SILENCE, Door.SWEEP, Purpose.UNANSWERED),
    *_rows((_ANSWERED, _ASKED), _CLOSED, Act.MOVE, Door.STATUS, Purpose.REPLY, True),
    # It comes back: an answer may settle nothing, a refusal may be wrong, another agency may send it back.
    Move(_ANSWERED, _WORK, REPORTER, Door.MESSAGE),
    Move(_ANSWERED, _WORK, Act.MOVE, Door.STATUS, reason=True),
    Move(_CLOSED, _WORK, REPORTER, Door.MESSAGE, asked=(None,)),
    Move(_CLOSED, _WORK, Act.MOVE, Door.STATUS, reason=True, asked=(None,)),
    Move(Status.REJECTED, _NEW, REPORTER, Door.MESSAGE),
    *_rows((Status.REJECTED, Status.DUPLICATE, Status.TRANSFERRED), _NEW, Act.MOVE, Door.STATUS, reason=True),
)


def ways(case: Case) -> tuple[Move, ...]:
    """The moves that are open to a case as it stands."""
    asked = case.asked_while
    if asked is None and case.status is Status.NEEDS_INFO:
        asked = Status.NEW  # of a row that was written before this was kept
    return tuple(row for row in TABLE if row.now is case.status and (not row.asked or asked in row.asked))


def following(case: Case) -> tuple[Status, ...]:
    """What the case can become, each once."""
    return tuple(dict.fromkeys(row.to for row in ways(case)))


def way(case: Case, to: Status, door: Door | None = None) -> Move:
    """The row by which a case becomes `to`, through one door or any. Raises NotAllowed naming the moves there are."""
    found = [row for row in ways(case) if row.to is to]
    for row in found:
        if door in (None, row.door):
            return row
    if found:
        raise not_now(case, f"becomes {to} through {found[0].door}")
    raise NotAllowed(f"a case that is {case.status} can become: {_named(case)}")


def by(case: Case, who: Who) -> Move | None:
    """What the reporter's word, or their silence, does to a case; None where it moves nothing."""
    return next((row for row in ways(case) if row.by == who), None)


def not_now(case: Case, why: str) -> NotAllowed:
    return NotAllowed(f"a case that is {case.status} {why}; it can become: {_named(case)}")


def _named(case: Case) -> str:
    return ", ".join(following(case)) or "none"


_SAYS: Mapping[Door, tuple[str, ...]] = {
    Door.ASSIGNMENT: (ASSIGNED,),
    Door.REPLIES: (OFFICER_WROTE, UNIT_WROTE),
    Door.MESSAGE: (REPORTER_WROTE,),
}


def events(row: Move) -> tuple[str, ...]:
    """What the clocks hear when this move is made, at most."""
    reopened = ((RESUBMITTED, REOPENED) if row.to is Status.NEW else (REOPENED,)) if row.reopens else ()
    says = _SAYS.get(row.door, ())
    if row.told and isinstance(row.by, Act):
        # The lead unit's word, where it is theirs; verification and disposition are the coordinator's.
        says = (*says, OFFICER_WROTE, *((UNIT_WROTE,) if row.door is Door.STATUS else ()))
    return (row.to, *reopened, *dict.fromkeys(says))


def effects(row: Move, promises: Iterable[Promise]) -> dict[str, tuple[str, ...]]:
    """What a move does to the clocks, by name, in the order in which it happens: met, paused, resumed, restarted,
    started; each where there is such a clock and it stands so that it can be."""
    found: dict[str, tuple[str, ...]] = {}
    for promise in promises:
        done: dict[str, None] = {}
        for event in events(row):
            ends = promise.owes == "agency" and row.to in ENDED
            expired = promise.owes == "reporter" and row.by == SILENCE
            heard = {
                "met": (event in promise.meets or ends) and not expired,
                "paused": event in promise.pauses,
                "resumed": event is row.to and row.now in promise.pauses and row.to not in promise.pauses | ENDED,
                "restarted": event in promise.resets,
                "started": event in promise.starts and row.to in (WORKED_ON if promise.by_unit else _UNENDED),
            }
            done |= dict.fromkeys(word for word, happens in heard.items() if happens)
        if "met" in done:
            done.pop("resumed", None)  # what is met stands still
        if done:
            found[promise.name] = tuple(done)
    return found
