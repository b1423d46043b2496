"""Rounds: one digest, or the hour's new cases, to every office.

A round is begun once and keeps the span of which it speaks, so whoever goes on with it after a crash says the same. A
letter and the mark that it went are one transaction: two runs at once, or a run that was cut off, send each digest
once. A round that was never finished hands its span on to the next; what an office was told in it, it is not told
again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.case import Change
from ..domain.digest_letters import office, to_office
from ..domain.policy import Policy
from ..domain.words import Purpose
from .ports import AlreadyTold, Digests, Round
from .scheduled import Scheduled

DAILY, WEEKLY, NEW = "daily", "weekly", "new"
#: Of a first round, which has none before it.
USUAL = {DAILY: timedelta(days=1), WEEKLY: timedelta(days=7), NEW: timedelta(days=1)}
#: How far back a round speaks at most: after a year's silence nobody wants the year.
LONGEST = timedelta(days=35)
#: Unfinished rounds that a round remembers: some days of hours, and longer than LONGEST of days.
REMEMBERED = 60
#: Before the function ends: what is not done by then is done a quarter of an hour later.
ENDING = timedelta(seconds=10)

OnFailure = Callable[[str, Exception], None]
#: A desk: a unit, or None for cases that no unit has.
Desk = str | None


@dataclass(frozen=True, slots=True)
class Digested:
    """Counts of one run. `unfinished`: some round is to be gone on with. `stuck`: the time was over before anybody was
    told, so the next run would come no further. `unread`: cases that the letters do not speak of, since they could not
    be read."""

    letters: int = 0
    failed: int = 0
    unfinished: bool = False
    stuck: bool = False
    unread: int = 0

    def __add__(self, other: Digested) -> Digested:
        return Digested(
            self.letters + other.letters,
            self.failed + other.failed,
            self.unfinished or other.unfinished,
            self.stuck or other.stuck,
            self.unread + other.unread,
        )


class OutOfTime(Exception):
    """The function is about to end."""


class Rounds:
    def __init__(self, work: Scheduled, digests: Digests) -> None:
        self.work, self.digests = work, digests

    def begin(self, kind: str, key: str | None, until: datetime) -> Round | None:
        """The round to be worked on now."""
        if key is None:
            return None
        before = self.digests.round(kind)
        if before and before.key >= key:
            return before if before.key == key and not before.done else None
        if before is None:
            fresh = Round(key, until - USUAL[kind], until)
        elif before.done:
            fresh = Round(key, max(before.until, until - LONGEST), until, revision=before.revision)
        else:
            since = max(before.since, until - LONGEST)
            earlier = ((before.key, before.until), *before.earlier)[:REMEMBERED]
            fresh = Round(key, since, until, revision=before.revision, earlier=earlier)
        kept = self.digests.keep_round(kind, fresh)
        # Begun by somebody else at this very moment: then it is gone on with as they began it.
        return kept or self.begin(kind, key, until)

    def finish(self, kind: str, done: Round) -> None:
        self.digests.keep_round(kind, replace(done, done=True))

    def told(self, address: str, kind: str, now: Round) -> bool:
        return self.digests.told(mark(address, kind, now.key))

    def since(self, address: str, kind: str, now: Round) -> datetime:
        """From when on this office has not been told: a round that failed for another one told it all the same."""
        for key, until in now.earlier:
            if self.digests.told(mark(address, kind, key)):
                return max(until, now.since)
        return now.since

    def each(self, addresses: Iterable[str], tell: Callable[[str], bool], kind: str, on_failure: OnFailure) -> Digested:
        letters = failed = 0
        for address in addresses:
            try:
                self.check_time()
                letters += tell(address)
            except OutOfTime:
                return Digested(letters, failed, unfinished=True, stuck=not letters)
            except Exception as error:  # the next office must still be told; the caller logs and counts this one
                failed += 1
                on_failure(kind, error)
        return Digested(letters, failed, unfinished=failed > 0)

    def send(self, purpose: Purpose, address: str, said: tuple[str, str], at: datetime, marks: Sequence[str]) -> bool:
        letter = to_office(purpose, address, said, at, self.work.ids)
        try:
            self.work.cases.commit(Change(deliveries=(letter,), told=tuple(marks)))
        except AlreadyTold:
            return False  # by a run at the same time
        return True

    def check_time(self) -> None:
        """Raises OutOfTime."""
        if self.work.remaining() < ENDING:
            raise OutOfTime


def mark(address: str, kind: str, key: str) -> str:
    return f"{office(address)}#{kind}#{key}"


def desks(policy: Policy) -> tuple[Desk, ...]:
    """Those of former units are the coordinator's."""
    return (None, *policy.units, *policy.former_units)
