"""Promise 1, counted each hour: what lies in the arrivals bucket against what the ledger says became of it.

Only names tell what is there, so all of them are walked over: S3 knows no order by time, and no counter may stand in
the transaction that files a message. What that costs, at 512 MB (0.29 of a processor, by what was measured on one):

- 1,000 names: one request and 0.2 s, most of it to read the answer; 0.0000063 USD. A run walks over 500,000 at most:
  100 s, and 2.30 USD a month. So far (450 arrivals a day, kept for three years) each hour's count is a whole one.
- Where there are more, the next run goes on, and each takes a 24th of what the last whole walk saw: the bucket is
  walked over once a day, 100,000 arrivals a day after a year in 24 runs of 5 minutes for 0.23 USD a day, where filing
  them costs 200. A run has time for 3.5 million names: 76,000 arrivals a day kept for three years. Hourly walks of all
  that is kept would be a twelfth of what an agency pays, whatever its size.
- What came within the window, three days, is looked up in each walk, in batches of 100: 35 ms and 50 read units.
  300,000 of a flood are 110 s and 0.02 USD. After a restore, or where the count stood still, it is all that came since.

Nothing is kept of what is in order: memory holds one page of names, one batch of rows, and the oldest of what is
overdue (measured: 0 MB more for 30,000 arrivals than for 1,000)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..domain import heard
from ..domain.errors import Retry
from ..domain.times import parse_instant, stamp
from ..domain.words import Outcome
from .ledger_round import WINDOW as WINDOW
from .ledger_round import Round, begun
from .ports import Arrival, Arrivals, Ledger, Tally

#: A notice that has not led to an outcome after this long is lost or stuck: the queue's retries (5 receives at 3
#: minutes) are over.
PATIENCE = timedelta(minutes=20)
#: Re-announcing is bounded for one run: a broken intake must not be flooded by its own repair. While the queue holds
#: less than this, intake keeps up, and more is brought in: 100,000 lost notices within a day.
RENOTIFY, RENOTIFY_IDLE = 500, 5_000
#: Keys of overdue arrivals that a report carries on, the oldest: far below the 400 kB of a row. The next walk looks
#: back to whatever else is overdue.
REMEMBERED = 2_000
#: Overdue arrivals that a run holds, the oldest: as many as it announces. Of the others it keeps the number.
HELD = RENOTIFY_IDLE
#: What one look at the ledger takes.
BATCH = 100
#: Names of one run, and by how many runs the whole bucket is to be walked over where they are more.
NAMES, RUNS = 500_000, 24
#: What is left of a run when the walk stops: for announcing, for the report, and for the gauges behind it.
RESERVE = timedelta(seconds=120)
#: What is counted. `parts/` is not: those are pieces of a webhook's body, and its own key has their outcomes.
PREFIXES = ("mail/", "events/", "webhooks/")
OUTCOMES = tuple(outcome for outcome in Outcome if outcome is not Outcome.WAITING)

#: By key: an overdue arrival and what became of its messages.
_Late = dict[str, tuple[Arrival, Counter[str]]]
#: Arrivals to be looked up, each with how many names the walk had seen with it.
_Batch = list[tuple[Arrival, int]]


@dataclass(frozen=True, slots=True)
class Report:
    """Promise 1 over the window, as the last whole walk found it: `arrivals` are objects, all else is counted by the
    message: `messages` is what those objects hold (1 for one of which nothing is read yet). Each of them has one of
    `outcomes` or is `waiting`: what has no row waits. What can fail is that one waits longer than the queue's retries
    last: `overdue`, as this run found it. `queued`: notices on the queue by its own count. `complete`: this run ended
    its walk, whose names were `names`."""

    at: datetime
    arrivals: int
    messages: int
    waiting: int
    overdue: int
    renotified: int
    outcomes: Mapping[str, int]
    oldest_waiting: Arrival | None
    overdue_keys: tuple[str, ...]
    queued: int | None = None
    complete: bool = True
    names: int = 0

    @property
    def balanced(self) -> bool:
        """Promise 1 holds: nothing stored is without an outcome for longer than it may be."""
        return self.overdue == 0

    def as_dict(self) -> dict[str, Any]:
        oldest = self.oldest_waiting
        return {
            "at": stamp(self.at),
            "arrivals": self.arrivals,
            "messages": self.messages,
            "outcomes": {one.value: self.outcomes.get(one, 0) for one in OUTCOMES},
            "waiting": self.waiting,
            "overdue": self.overdue,
            "renotified": self.renotified,
            "queued": self.queued,
            "balanced": self.balanced,
            "complete": self.complete,
            "names": self.names,
            "oldest_waiting": stamp(oldest.at) if oldest else None,
            "oldest_waiting_key": oldest.key if oldest else None,
        }


class Count:
    def __init__(
        self,
        arrivals: Arrivals,
        ledger: Ledger,
        clock: Callable[[], datetime],
        remembered: int = REMEMBERED,
        held: int = HELD,
    ) -> None:
        self.arrivals, self.ledger, self.clock = arrivals, ledger, clock
        self.remembered, self.held = remembered, held

    def __call__(self, remaining: Callable[[], timedelta] = lambda: timedelta.max) -> Report:
        """Compare bucket and ledger; announce again what has no outcome though it should. The report is kept: the
        health page shows it, what it found overdue is looked at by the next count, however old it is by then, and a
        walk that found no end goes on there. Raises Retry, and is then begun again where it began."""
        run = _Run(self.arrivals, self.ledger, self.clock(), remaining, self.held)
        before = self.ledger.report() or {}
        late = run.still_late(before.get("overdue_keys", ()))
        walk = begun(before, run.now)
        last = {channel: parse_instant(at) for channel, at in before.get("last_heard", {}).items()}
        complete = run.walk(walk, late, last, max(NAMES, before.get("whole", 0) // RUNS))
        if complete:
            for one, found in late.values():
                if one.at < walk.since:
                    walk.counts(found)
        overdue = sorted(late.values(), key=lambda pair: pair[0].at)
        named = [*run.unseen, *(one.key for one, _ in overdue)][: self.remembered]
        for one, _ in overdue[len(named) - len(run.unseen) :][:1]:
            walk.cannot_name(one)
        queued = self.arrivals.queued()
        figures = walk.as_dict() if complete or "arrivals" not in before else before
        report = Report(
            at=run.now,
            arrivals=figures["arrivals"],
            messages=figures["waiting"] + sum(figures["outcomes"].values()),
            waiting=figures["waiting"],
            overdue=sum(found[Outcome.WAITING] for _, found in overdue) + run.beyond + len(run.unseen),
            renotified=run.announce([one.key for one, _ in overdue], queued),
            outcomes={outcome: number for outcome, number in figures["outcomes"].items() if number},
            oldest_waiting=min(run.waiting, key=lambda one: one.at, default=None),
            overdue_keys=tuple(named),
            queued=queued,
            complete=complete,
            names=walk.names,
        )
        self.ledger.keep_report(before | self._kept(report, walk, last, before))
        return report

    def _kept(
        self, report: Report, walk: Round, last: Mapping[str, datetime], before: Mapping[str, Any]
    ) -> dict[str, Any]:
        kept: dict[str, Any] = {
            **report.as_dict(),
            "overdue_keys": list(report.overdue_keys),
            "last_heard": {channel: stamp(at) for channel, at in last.items()},
            "round": None if report.complete else walk.as_dict(),
        }
        if report.complete:
            kept["heard"] = heard.kept(before.get("heard", {}), walk.heard, walk.since, walk.began)
            kept["lost"] = heard.kept(before.get("lost", {}), walk.lost, walk.since, walk.began)
            kept["heard_until"] = stamp(walk.began)
            kept["sure_until"] = stamp(walk.sure)
            kept["whole"] = walk.names
        return kept


class _Run:
    """One run. `waiting`: the oldest of what it found waiting, if any; `unseen`: what was overdue and for which it had
    no time; `beyond`: overdue messages of arrivals that it does not hold."""

    def __init__(
        self, arrivals: Arrivals, ledger: Ledger, now: datetime, remaining: Callable[[], timedelta], held: int
    ) -> None:
        self.arrivals, self.ledger, self.now, self.remaining, self.held = arrivals, ledger, now, remaining, held
        self.waiting: list[Arrival] = []
        self.unseen: dict[str, None] = {}
        self.beyond = 0

    def still_late(self, keys: Sequence[str]) -> _Late:
        """Of what was overdue. What is not in the bucket any more was erased, or has had its time."""
        late: _Late = {}
        for number, (key, tally) in enumerate(self._tallies(keys), 1):
            found = became(tally)
            waits = found[Outcome.WAITING] > 0
            if waits and (stored := self._stored(key)):
                late[key] = stored, found
            if self._over(found, waits):
                self.unseen = dict.fromkeys(keys[number:])
                break
        self._note([one for one, _ in late.values()])
        return late

    def _tallies(self, keys: Sequence[str]) -> Iterator[tuple[str, Tally | None]]:
        for place in range(0, len(keys), BATCH):
            yield from self.ledger.tallies(list(keys[place : place + BATCH]))

    def _over(self, found: Counter[str], listed: bool = False) -> bool:
        """Is the time over? Asked behind what takes long: a body of thousands of messages, and a name that the bucket
        was asked for."""
        return (listed or found.total() > BATCH) and self.remaining() < RESERVE

    def _stored(self, key: str) -> Arrival | None:
        """Out of the names: whoever counts may not open an arrival, and S3 counts a look at its head as reading."""
        named = (one for page in self.arrivals.pages(key) for one in page)
        first = next(named, None)
        return first if first and first.key == key else None

    def walk(self, walk: Round, late: _Late, last: dict[str, datetime], most: int) -> bool:
        """From where it stands. False when the run's time is over before its end, or it has seen so many names."""
        walk.runs += 1
        batch: _Batch = []
        begun_at = walk.names
        for page in self._pages(walk.after):
            seen = walk.names - begun_at  # a page is walked over in any case
            if seen and (seen >= most or self.remaining() < RESERVE):
                self._look(batch, walk, late, last)
                return False
            batch += [(one, walk.names + n) for n, one in enumerate(page, 1) if one.at >= walk.since]
            walk.names += len(page)
            walk.after = page[-1].key
            while len(batch) >= BATCH:
                if not self._look(batch[:BATCH], walk, late, last):
                    return False
                del batch[:BATCH]
        return self._look(batch, walk, late, last)

    def _pages(self, after: str) -> Iterator[Sequence[Arrival]]:
        first = next((place for place, prefix in enumerate(PREFIXES) if after.startswith(prefix)), 0)
        for prefix in PREFIXES[first:]:
            yield from self.arrivals.pages(prefix, after if after.startswith(prefix) else "")

    def _look(self, batch: _Batch, walk: Round, late: _Late, last: dict[str, datetime]) -> bool:
        """False when the run's time is over before its end: the walk then goes on behind what was looked at."""
        if not batch:
            return True
        waiting, whole = [], True
        for (one, names), (_, tally) in zip(batch, self.ledger.tallies([one.key for one, _ in batch]), strict=False):
            found = became(tally)
            walk.counts(found)
            walk.hears(one, tally, last)
            late.pop(one.key, None)
            self.unseen.pop(one.key, None)
            if found[Outcome.WAITING]:
                waiting.append(one)
                if self.now - one.at > PATIENCE:
                    late[one.key] = one, found
            if self._over(found):
                walk.after, walk.names, whole = one.key, names, False
                break
        self._note(waiting)
        if len(late) >= 2 * self.held:
            self._let_go(late, walk)
        return whole

    def _let_go(self, late: _Late, walk: Round) -> None:
        """Of all but the oldest."""
        for one, found in sorted(late.values(), key=lambda pair: pair[0].at)[self.held :]:
            del late[one.key]
            self.beyond += found[Outcome.WAITING]
            walk.cannot_name(one)

    def _note(self, waiting: Sequence[Arrival]) -> None:
        found = [*self.waiting, *waiting]
        self.waiting = [min(found, key=lambda one: one.at)] if found else []

    def announce(self, keys: Sequence[str], queued: int | None) -> int:
        """How many were: the rest have their turn in an hour."""
        most = RENOTIFY_IDLE if queued is not None and queued < RENOTIFY else RENOTIFY
        done = 0
        for key in keys[:most]:
            try:
                self.arrivals.notify(key)
            except Retry:
                break
            done += 1
            if done >= RENOTIFY and self.remaining() < RESERVE:
                break
        return done


def became(tally: Tally | None) -> Counter[str]:
    return tally.outcomes if tally else Counter({Outcome.WAITING: 1})
