"""Letters of the ladder leave: those of one address together, once each, and none whose clocks are met.

A case's own transaction queues them; here they are let out. Several to one address become one letter (`carrying`). A
row, or a case, that can't be read or told holds up nobody: it is handed to the caller by itself, each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain import ladder_letters
from ..domain.case import Case, Delivery
from ..domain.errors import Retry
from ..domain.rungs import standing
from ..domain.words import Purpose
from .carrying import ENDING, Carrying
from .gathering import Gathering, Ready
from .ports import Due, Schedule
from .races import decided_anew
from .scheduled import Scheduled

#: Letters that one sweep looks at.
LIMIT = 5_000
#: While more is due than one sweep takes, letters wait so that what an outage held up goes as one mail; this long.
PATIENCE = timedelta(minutes=10)

OnFailure = Callable[[Due, Exception], None]
_Groups = dict[tuple[Purpose, str], list[Ready]]


@dataclass(frozen=True, slots=True)
class Released:
    """`letters` went out, for `rows`; `withdrawn` had nothing to say any more; `waiting` were held back."""

    letters: int = 0
    rows: int = 0
    withdrawn: int = 0
    waiting: int = 0
    failed: int = 0


class _Run:
    """One sweep's counts. The caller logs what failed, and counts it too."""

    def __init__(self, at: datetime, on_failure: OnFailure) -> None:
        self.at, self.on_failure = at, on_failure
        self.counts: Counter[str] = Counter()

    def failed(self, due: Due, error: Exception) -> None:
        self.counts["failed"] += 1
        self.on_failure(due, error)

    @contextmanager
    def trying(self, due: Due) -> Iterator[None]:
        """The next one must still be told, whatever happens to this one."""
        try:
            yield
        except Exception as error:
            self.failed(due, error)


class Release:
    def __init__(self, work: Scheduled, schedule: Schedule) -> None:
        self.work, self.schedule = work, schedule
        self.gathering = Gathering(work.cases, work.policies)
        self.carrying = Carrying(work, schedule, self.gathering)

    def __call__(self, at: datetime, written: Sequence[Due], held_back: bool, on_failure: OnFailure) -> Released:
        """`written`: rows that the index may not show yet. `held_back`: not all cases that are due were seen."""
        run = _Run(at, on_failure)
        dues = {(due.case, due.delivery): due for due in (*self.schedule.ladder_due(at, LIMIT), *written)}
        groups: _Groups = {}
        for case, row in self.schedule.asleep(tuple(dues.values()), run.failed):
            with run.trying(dues[row.case, row.id]):
                self._look(case, row, groups, run)
        for (purpose, address), group in sorted(groups.items(), key=_cheap_and_old_first):
            since = min(one.since for one in group)
            if self._ending or (held_back and since > at - PATIENCE):
                run.counts["waiting"] += len(group)
                continue
            with run.trying(min(group, key=_since).due):
                self._tell(purpose, address, group, run)
        return Released(**run.counts)

    @property
    def _ending(self) -> bool:
        return self.work.remaining() < ENDING

    def _look(self, case: Case, row: Delivery, groups: _Groups, run: _Run) -> None:
        if row.parts:  # by a sweep that was cut off: it speaks for all that it names
            self.carrying.wake(row, run.at)
            run.counts["letters"] += 1
        elif (ready := self.gathering.ready(case, row, run.at)).rungs:
            groups.setdefault((row.purpose, ready.to), []).append(ready)
        else:
            run.counts["withdrawn"] += self._withdraw(ready.due, run.at)

    def _tell(self, purpose: Purpose, address: str, group: list[Ready], run: _Run) -> None:
        going, waiting, opens = self.gathering.permitted(group, run.at)
        for one in waiting:
            self.carrying.release(replace(one.row, due_at=opens))
        for batch in self.gathering.batches(purpose, going, run.trying):
            self._let_out(purpose, address, batch, run)

    def _let_out(self, purpose: Purpose, address: str, batch: list[Ready], run: _Run) -> None:
        """Where one of them can't be told, the others go without it: the batch is halved until it stands alone."""
        if self._ending:
            run.counts["waiting"] += len(batch)
            return
        try:
            gone, waiting = self.carrying(purpose, address, batch, run.at)
        except Exception as error:
            if len(batch) == 1 or isinstance(error, Retry):  # what passes is no row's fault
                run.failed(min(batch, key=_since).due, error)
                return
            half = len(batch) // 2
            self._let_out(purpose, address, batch[:half], run)
            self._let_out(purpose, address, batch[half:], run)
        else:
            run.counts["letters"] += bool(gone)
            run.counts["rows"] += gone
            run.counts["waiting"] += waiting

    def _withdraw(self, due: Due, at: datetime) -> int:
        cases, policies, ids = self.work.cases, self.work.policies, self.work.ids

        def once() -> int:
            for case, row in self.schedule.asleep((due,), _raise):
                if not standing(case, row.steps):
                    cases.commit(ladder_letters.withdraw(case, row, at, policies.current(), ids).change())
                    return 1
            return 0

        return decided_anew(once)


def _raise(due: Due, error: Exception) -> None:
    raise error


def _since(one: Ready) -> datetime:
    return one.since


def _cheap_and_old_first(item: tuple[tuple[Purpose, str], list[Ready]]) -> tuple[bool, datetime]:
    """A hand-over reads the whole file of each case: nobody else waits for that."""
    (purpose, _), group = item
    return purpose is Purpose.HANDOVER, min(one.since for one in group)
