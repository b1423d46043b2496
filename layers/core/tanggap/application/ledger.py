"""Promise 1, counted: what lies in the arrivals bucket against what the ledger says became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from ..domain.times import stamp
from ..domain.words import Outcome
from .ports import Arrivals, Ledger, Schedule

#: A notice that has not led to an outcome after this long is lost or stuck: the queue's retries (5 receives at 3
#: minutes) are over.
PATIENCE = timedelta(minutes=20)
#: How far back the count looks; raw arrivals older than this were counted many times over.
WINDOW = timedelta(days=3)
#: Re-announcing is bounded for one run: a broken intake must not be flooded by its own repair.
RENOTIFY = 500
PREFIXES = ("mail/", "events/")


@dataclass(frozen=True, slots=True)
class Report:
    """One count. `received` is the sum of the outcomes and the waiting; `lost` must be 0 and is not merely assumed: it
    is what has waited too long and was announced again."""

    at: datetime
    arrivals: int
    waiting: int
    overdue: int
    renotified: int
    outcomes: dict[str, int]
    balanced: bool

    def as_dict(self) -> dict[str, Any]:
        return {
            "at": stamp(self.at),
            "arrivals": self.arrivals,
            "waiting": self.waiting,
            "overdue": self.overdue,
            "renotified": self.renotified,
            "outcomes": self.outcomes,
            "balanced": self.balanced,
        }


class Count:
    def __init__(self, arrivals: Arrivals, ledger: Ledger, schedule: Schedule, clock: Callable[[], datetime]) -> None:
        self.arrivals, self.ledger, self.schedule, self.clock = arrivals, ledger, schedule, clock

    def __call__(self) -> Report:
        """Compare bucket and ledger; announce again what has no outcome though it should. The report is kept for the
        health page."""
        now = self.clock()
        since = now - WINDOW
        total = waiting = overdue = renotified = 0
        oldest_waiting: datetime | None = None
        outcomes: Counter[str] = Counter()
        for prefix in PREFIXES:
            objects = iter(self.arrivals.listing(prefix, since))
            while batch := list(islice(objects, 100)):
                total += len(batch)
                known = self.ledger.known([one.key for one in batch])
                for one in batch:
                    if one.key in known:
                        continue
                    waiting += 1
                    oldest_waiting = min(oldest_waiting or one.at, one.at)
                    if now - one.at > PATIENCE:
                        overdue += 1
                        if renotified < RENOTIFY:
                            self.arrivals.notify(one.key)
                            renotified += 1
        after: str | None = None
        for outcome in Outcome:
            after = None
            while True:
                page = self.ledger.received(outcome, since, now, after, 1000)
                outcomes[outcome] += len({(row.arrival, row.index) for row in page.rows})
                after = page.after
                if after is None:
                    break
        report = Report(
            now, total, waiting, overdue, renotified, {k: v for k, v in outcomes.items() if v}, overdue == 0
        )
        oldest = self.schedule.oldest_unsent()
        self.ledger.keep_report(
            {
                **report.as_dict(),
                "oldest_unsent": stamp(oldest) if oldest else None,
                "oldest_waiting": stamp(oldest_waiting) if oldest_waiting else None,
            }
        )
        return report
