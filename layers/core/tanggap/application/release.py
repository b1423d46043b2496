"""Letters of the ladder leave: those of one address together, once each, and none whose clocks were met when it was
looked at.

A case's own transaction queues them; here they are let out. Several to one address become one letter (`carrying`). A
row, or a case, that can't be read or told holds up nobody: it is handed to the caller by itself, each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain import ladder_letters
from ..domain.case import Case, Delivery
from ..domain.errors import Retry
from ..domain.rungs import standing
from ..domain.words import Purpose
from .carrying import Carrying
from .gathering import Gathering, Ready
from .ports import Due, Schedule
from .races import decided_anew, lost_race
from .scheduled import OnFailure, Scheduled, as_told

#: Letters that one sweep looks at.
LIMIT = 5_000
#: Rows that are read at once, each with its case: one request to the table.
READ = 50
#: While more is due than one sweep takes, letters wait so that what an outage held up goes as one mail; this long.
PATIENCE = timedelta(minutes=10)

_Groups = dict[tuple[Purpose, str], list[Ready]]


@dataclass(frozen=True, slots=True)
class Released:
    """`letters` went out, for `rows`; `withdrawn` had nothing to say any more; `waiting` were held back;
    `raced`: how often somebody else was faster with some of them."""

    letters: int = 0
    rows: int = 0
    withdrawn: int = 0
    waiting: int = 0
    failed: int = 0
    raced: int = 0


class _Run:
    """One sweep's counts, and what it leaves to the morning. The caller logs what failed, and counts it too."""

    def __init__(self, at: datetime, on_failure: OnFailure) -> None:
        self.at, self.on_failure = at, on_failure
        self.counts: Counter[str] = Counter()
        self.morning: list[Delivery] = []
        self.asked = False  # for a row by itself: one is, however slow the table

    def failed(self, due: Due, error: Exception) -> None:
        self.counts["raced" if lost_race(error) else "failed"] += 1
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
        self.gathering = Gathering(work)
        self.carrying = Carrying(work, schedule, self.gathering)

    def due(self, at: datetime) -> tuple[list[Due], Retry | None]:
        """What the index tells of letters, and why it told no more. An index that does not answer takes its time: it is
        asked before the cases, whose time that is."""
        return as_told(self.schedule.ladder_due(at, LIMIT))

    def __call__(self, at: datetime, dues: Sequence[Due], held_back: bool, on_failure: OnFailure) -> Released:
        """`held_back`: not all cases that are due were seen."""
        run = _Run(at, on_failure)
        groups = self._looked_at({(due.case, due.delivery): due for due in dues}, run)
        for (purpose, address), group in sorted(groups.items(), key=_cheap_and_old_first):
            since = min(one.since for one in group)
            if self.work.ending or (held_back and since > at - PATIENCE):
                run.counts["waiting"] += len(group)
                continue
            with run.trying(min(group, key=_since).due):
                self._tell(purpose, address, group, run)
        self._put_off(run.morning, run)
        return Released(**run.counts)

    def _looked_at(self, dues: Mapping[tuple[str, str], Due], run: _Run) -> _Groups:
        """For half of the time, on a table however slow: the other half tells what this half found, and the next minute
        goes on with the rest. From both ends in turn: what waits there since long, as a hand-over may for which no time
        was left, keeps none waiting that came later."""
        groups: _Groups = {}
        half = self.work.half()
        rest = sorted(dues.values(), key=lambda due: due.due_at)
        newest = False
        while rest and self.work.remaining() >= half:
            now, rest = (rest[-READ:], rest[:-READ]) if newest else (rest[:READ], rest[READ:])
            newest = not newest
            try:
                found = self.schedule.asleep(now, run.failed)
            except Retry as error:  # what was looked at before goes all the same
                run.failed(now[0], error)
                run.counts["waiting"] += len(now)
                continue
            for case, row in found:
                with run.trying(dues[row.case, row.id]):
                    self._look(case, row, groups, run, half)
        run.counts["waiting"] += len(rest)
        return groups

    def _look(self, case: Case, row: Delivery, groups: _Groups, run: _Run, half: timedelta) -> None:
        ready = None if row.parts else self.gathering.ready(case, row, run.at)
        if ready and ready.rungs:
            groups.setdefault((row.purpose, ready.to), []).append(ready)
        elif run.asked and self.work.remaining() < half:
            run.counts["waiting"] += 1
        elif ready:
            run.asked = True
            run.counts["withdrawn"] += self._withdraw(ready.due, run.at)
        else:  # by a sweep that was cut off: it speaks for all that it names
            run.asked = True
            run.counts["letters" if self.carrying.wake(row, run.at) else "raced"] += 1

    def _tell(self, purpose: Purpose, address: str, group: list[Ready], run: _Run) -> None:
        permitted = self.gathering.permitted(group, run.at, run.trying)
        run.counts["waiting"] += permitted.unseen
        for batch in self.gathering.batches(purpose, permitted.going, run.trying):
            self._let_out(purpose, address, batch, run)
        run.morning += [replace(one.row, due_at=permitted.opens) for one in permitted.morning]

    def _put_off(self, rows: Sequence[Delivery], run: _Run) -> None:
        """Last of all: nobody waits for them. Those for which no time is left are due still."""
        for place, row in enumerate(rows):
            if self.work.ending:
                run.counts["waiting"] += len(rows) - place
                return
            with run.trying(Due(row.case, run.at, row.id)):
                run.counts["raced"] += not self.carrying.release(row)

    def _let_out(self, purpose: Purpose, address: str, batch: list[Ready], run: _Run) -> None:
        """Where one of them can't be told, the others go without it: the batch is halved until it stands alone."""
        if self.work.ending:
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
