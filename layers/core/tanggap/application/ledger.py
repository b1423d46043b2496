"""Promise 1, counted: what lies in the arrivals bucket against what the ledger says became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from ..domain.times import stamp
from ..domain.words import Outcome
from .ports import Arrival, Arrivals, Ledger

#: A notice that has not led to an outcome after this long is lost or stuck: the queue's retries (5 receives at 3
#: minutes) are over.
PATIENCE = timedelta(minutes=20)
#: How far back the count looks; raw arrivals older than this were counted many times over.
WINDOW = timedelta(days=3)
#: Re-announcing is bounded for one run: a broken intake must not be flooded by its own repair.
RENOTIFY = 500
#: Keys of overdue arrivals that a report carries on: far below the 400 kB of a row.
REMEMBERED = 2_000
#: What one look at the ledger takes.
BATCH = 100
#: What is counted. `parts/` is not: those are pieces of a webhook's body, and its own key has their outcomes.
PREFIXES = ("mail/", "events/", "webhooks/")


@dataclass(frozen=True, slots=True)
class Report:
    """One count over the window. `arrivals` are objects, all else is counted by the message: `messages` is what those
    objects hold (1 for one of which nothing is read yet), and equals the sum of `outcomes` and `waiting`. What can fail
    is that one waits longer than the queue's retries last: `overdue`."""

    at: datetime
    arrivals: int
    messages: int
    waiting: int
    overdue: int
    renotified: int
    outcomes: Mapping[str, int]
    oldest_waiting: Arrival | None
    overdue_keys: tuple[str, ...]

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
            "waiting": self.waiting,
            "overdue": self.overdue,
            "renotified": self.renotified,
            "outcomes": dict(self.outcomes),
            "balanced": self.balanced,
            "oldest_waiting": stamp(oldest.at) if oldest else None,
            "oldest_waiting_key": oldest.key if oldest else None,
        }


class Count:
    def __init__(self, arrivals: Arrivals, ledger: Ledger, clock: Callable[[], datetime]) -> None:
        self.arrivals, self.ledger, self.clock = arrivals, ledger, clock

    def __call__(self) -> Report:
        """Compare bucket and ledger; announce again what has no outcome though it should. The report is kept: the
        health page shows it, and what it found overdue is looked at by the next count, however old it is by then."""
        now = self.clock()
        total = messages = 0
        waiting: list[tuple[Arrival, int]] = []
        outcomes: Counter[str] = Counter()
        objects = self._objects(now - WINDOW)
        while batch := list(islice(objects, BATCH)):
            total += len(batch)
            told = self.ledger.outcomes([one.key for one in batch])
            for one in batch:
                found = Counter(str(outcome) for outcome in told.get(one.key, (Outcome.WAITING,)))
                messages += found.total()
                if missing := found.pop(Outcome.WAITING, 0):
                    waiting.append((one, missing))
                outcomes.update(found)
        late = [(one.key, missing) for one, missing in waiting if now - one.at > PATIENCE]
        overdue = [key for key, _ in late]
        for key in overdue[:RENOTIFY]:
            self.arrivals.notify(key)
        report = Report(
            at=now,
            arrivals=total,
            messages=messages,
            waiting=sum(missing for _, missing in waiting),
            overdue=sum(missing for _, missing in late),
            renotified=min(len(overdue), RENOTIFY),
            outcomes=outcomes,
            oldest_waiting=min((one for one, _ in waiting), key=lambda one: one.at, default=None),
            overdue_keys=tuple(overdue[:REMEMBERED]),
        )
        self.ledger.keep_report({**report.as_dict(), "overdue_keys": list(report.overdue_keys)})
        return report

    def _objects(self, since: datetime) -> Iterator[Arrival]:
        """What came within the window, and what the last count left overdue before it."""
        for prefix in PREFIXES:
            yield from self.arrivals.listing(prefix, since)
        for key in (self.ledger.report() or {}).get("overdue_keys", ()):
            if (stored := self.arrivals.head(key)) and stored.at < since:
                yield stored
