"""Each minute: what is due now. Cases climb their ladder, outbox rows go through the stream again, and the ladder's
letters are let out.

Where more cases are due than one run takes (a day's flood shares its closing time), it calls on others: each works on
its own shards of the index, until the minute is over and no longer, and calls on nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from ..domain.advance import advance
from ..domain.case import Case, Change
from ..domain.errors import Retry
from ..domain.policy import Policy
from .ports import Due, Helpers, Schedule, Share, Unreadable
from .races import decided_anew, lost_race
from .release import Release
from .scheduled import ENDING, OnFailure, Scheduled, as_told

#: One sweep's work: what a run does by itself in the time that it has for cases. What is left is due in the next
#: minute's sweep all the same, since due is an index, not a list.
LIMIT = 2_000
#: Cases that one share reads of the index: more than it works on in a minute.
SHARE_LIMIT = 5_000
#: Kept of a sweep's time for the letters: however many cases are due, what was queued before goes out. A hand may be
#: at a call then that the table never answers: that one is asked anew after 3 seconds, and given up before these are
#: over (entrypoints/clients.py).
FOR_LETTERS = timedelta(seconds=20)
#: Cases read with one request; what is begun is worked through.
BATCH = 50
#: Cases worked on at once: nearly all of a case is waiting for the table (measured: 5 ms of 20).
AT_ONCE = 8
#: Fewer than this many are not worth the threads.
FEW = 4
#: Seconds before the one further try that a throttled case gets: a table that young takes so many a second.
PAUSE = 0.5
#: The stream brings a letter within seconds. One that is due for longer nobody takes: the stream's reader is off, or
#: may not run, and leaves no other sign.
TAKEN_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Swept:
    """Counts of one sweep. `letters` of the ladder went out, `withdrawn` were those whose clocks are met. `unfinished`:
    more was due than one sweep takes, or some was left to whoever was faster. `failed`: cases that could not be
    advanced, or letters that could not be let out, now. `raced`: others, that somebody else wrote to again and again,
    which is no failure. `shares`: other runs that were called on for the cases. `untaken`: letters that the stream's
    reader should have taken long ago."""

    cases: int = 0
    steps: int = 0
    woken: int = 0
    letters: int = 0
    withdrawn: int = 0
    failed: int = 0
    unfinished: bool = False
    shares: int = 0
    untaken: int = 0
    raced: int = 0


def _unheard(due: Due, error: Exception) -> None:
    pass


@dataclass(slots=True)
class _Run:
    """What a run is about, and what it has done so far."""

    at: datetime
    on_failure: OnFailure
    reserve: timedelta
    cases: int = 0
    steps: int = 0
    woken: int = 0
    failed: int = 0
    raced: int = 0
    untaken: int = 0
    unfinished: bool = False
    written: list[Due] = field(default_factory=list)

    def advanced(self, change: Change) -> None:
        self.cases += 1
        self.steps += sum(entry.event == "escalated" for entry in change.history)
        self.written += [
            Due(one.case, one.due_at, one.id)
            for one in change.deliveries
            if one.asleep and one.due_at and one.due_at <= self.at
        ]


class Sweep:
    def __init__(
        self,
        work: Scheduled,
        schedule: Schedule,
        helpers: Helpers | None = None,
        at_once: int = 1,
        pause: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        """`helpers`: whom it may call on; without them it does what it can by itself. `at_once`: cases worked on at the
        same time; whatever it works with must then bear several threads."""
        self.work, self.schedule, self.helpers = work, schedule, helpers
        self.at_once, self.pause = at_once, pause
        self.release = Release(work, schedule)
        self._policy: Policy | None = None

    def __call__(self, at: datetime, on_failure: OnFailure = _unheard) -> Swept:
        """Work on all that is due at `at`. Raises TimeAhead, and Retry for an index that did not answer, after what it
        told was worked on and letters were let out. One case that fails stops none of the others."""
        run = self._begin(at, on_failure, FOR_LETTERS)
        letters, unheard = self.release.due(at)
        dues, unread = as_told(self.schedule.due(at, LIMIT))
        # Shares are for cases alone: rows that stay due since no release here reads them call on nobody.
        many = sum(not due.delivery for due in dues) >= LIMIT // 2
        shares = self._call(at) if many and len(dues) >= LIMIT else 0
        if shares:  # what is left for this run is what no share does
            dues, unread = as_told(self.schedule.unsent_due(at, LIMIT))
        self._through(dues, run)
        unfinished = run.unfinished or shares > 0 or len(dues) >= LIMIT
        # The index may not show yet what this run wrote.
        released = self.release(at, (*letters, *run.written), unfinished or unread is not None, on_failure)
        if silent := unread or unheard:
            raise silent
        raced = run.raced + released.raced
        return Swept(
            run.cases,
            run.steps,
            run.woken,
            released.letters,
            released.withdrawn,
            run.failed + released.failed,
            unfinished or released.waiting > 0 or raced > 0,
            shares,
            run.untaken,
            raced,
        )

    def share(self, at: datetime, share: Share, on_failure: OnFailure = _unheard) -> Swept:
        """One share of the cases that are due. Their letters are the next minute's sweep's. Raises TimeAhead and
        Retry."""
        run = self._begin(at, on_failure, ENDING)  # it has no letters to let out
        dues, unread = as_told(self.schedule.due(at, SHARE_LIMIT, share))
        self._through(dues, run)
        if unread:
            raise unread
        unfinished = run.unfinished or len(dues) >= SHARE_LIMIT or run.raced > 0
        return Swept(run.cases, run.steps, failed=run.failed, unfinished=unfinished, raced=run.raced)

    def _begin(self, at: datetime, on_failure: OnFailure, reserve: timedelta) -> _Run:
        self.work.check(at)
        self._policy = None
        return _Run(at, on_failure, reserve)

    def _call(self, at: datetime) -> int:
        """Others for the cases; how many. Until this run's own time is over, so that none of them is still at it when
        the next minute calls again."""
        return self.helpers.call(at, self.work.remaining()) if self.helpers else 0

    # -- what is due

    def _through(self, dues: Sequence[Due], run: _Run) -> None:
        with self._hands(len(dues)) as hands:
            for batch in _batches(dues):
                found = self._as_they_are(batch)
                outcomes = hands(lambda due, found=found: self._tried(due, found, run), batch)
                for due, outcome in zip(batch, outcomes, strict=True):
                    self._note(due, outcome, run)
                if run.unfinished:
                    return

    @contextmanager
    def _hands(self, work: int) -> Iterator[Callable[..., Iterable[Change | Exception | None]]]:
        """`map`, by several at once where there is enough to do."""
        if self.at_once < 2 or work < FEW:
            yield map
            return
        pool: Executor
        with ThreadPoolExecutor(self.at_once) as pool:
            yield pool.map

    def _note(self, due: Due, outcome: Change | Exception | None, run: _Run) -> None:
        if outcome is None:
            run.unfinished = True
        elif isinstance(outcome, Exception):
            raced = lost_race(outcome)
            run.raced += raced
            run.failed += not raced
            run.on_failure(due, outcome)
        elif due.delivery:
            run.woken += 1
            run.untaken += run.at - due.due_at > TAKEN_WITHIN
        else:
            run.advanced(outcome)

    def _tried(self, due: Due, found: Mapping[str, Case | Unreadable], run: _Run) -> Change | Exception | None:
        """What was written, or what came in the way: the next case must still be seen, and the caller logs and counts
        this one. None: no time was left to begin."""
        if self.work.remaining() < run.reserve:
            return None
        try:
            if due.delivery:
                self.schedule.wake(due, run.at)
                return Change()
            return self._or_once_more(due.case, found.get(due.case), run)
        except Exception as error:
            return error

    def _or_once_more(self, number: str, found: Case | Unreadable | None, run: _Run) -> Change:
        """A throttled table is asked once more, a moment later: of thousands at once it takes some and refuses
        others."""
        try:
            return self._advance(number, found, run.at)
        except Retry:
            if self.at_once < 2 or self.work.remaining() < run.reserve:
                raise
            self.pause(PAUSE)
            return self._advance(number, None, run.at)

    def _advance(self, number: str, found: Case | Unreadable | None, at: datetime) -> Change:
        """What was written; an empty change where somebody else was faster. `found`: the case as a batch had it; a race
        that is lost on it reads it anew."""
        first = [found] if found else []

        def once() -> Change:
            case = first.pop() if first else self.work.cases.case(number)
            if isinstance(case, Unreadable):
                raise case
            if case is None or case.due_at is None or case.due_at > at:
                return Change()
            # Also without any step: a case that is due for nothing (its policy changed) must leave the index.
            change = advance(case, at, self._in_force(), self.work.ids).change()
            self.work.cases.commit(change)
            return change

        return decided_anew(once)

    def _as_they_are(self, dues: Sequence[Due]) -> Mapping[str, Case | Unreadable]:
        """The cases among them, read together. Nothing where the table does not answer: each is then read by itself."""
        numbers = tuple(due.case for due in dues if not due.delivery)
        if len(numbers) > 1:
            with suppress(Retry):
                found = self.schedule.as_they_are(numbers)
                self._in_force()  # once, before several ask for it
                return found
        return {}

    def _in_force(self) -> Policy:
        """Once a sweep, and only when a case is due: as it is stored, since a policy that is a minute old could miss by
        yesterday's calendar."""
        if self._policy is None:
            try:
                self._policy = self.work.policies.current(fresh=True)
            except Retry:  # deadlines go on under the one that is known
                self._policy = self.work.policies.current()
        return self._policy


def _batches(dues: Sequence[Due]) -> Iterator[list[Due]]:
    rest = iter(dues)
    return iter(lambda: list(islice(rest, BATCH)), [])
