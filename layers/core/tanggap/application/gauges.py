"""Each hour, behind the count: what an operator should learn before citizens do.

Each gauge reads an index or a kept report, never all rows. At 100,000 arrivals a day and as many open cases: parked
messages of a day (at most 20,000 rows, 5 MB), 2,000 unsent rows at the most, and the cases that missed a promise
(10,000 are 30 MB of the index, 3,750 read units, 0.0005 USD, 10 s); only where these have risen all open ones are
counted (300 MB, 37,500 read units, 0.005 USD, 30 s). An idle desk: about 30 reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..domain import gauges, heard
from ..domain.policy_hints import days_known
from ..domain.times import parse_instant, stamp
from ..domain.words import Outcome
from .ports import Ledger, Policies, Schedule
from .ports.gauges import Account, Standing
from .rounds import desks

#: Rows read at once, and at the most, of what was parked within the day: the newest.
PAGE, PARKED_LOOKED_AT = 1_000, 20_000
#: Unsent rows looked at, from either end of each shard; letters of the ladder that no sweep let out.
UNSENT_EACH, ASLEEP = 250, 1_000

OnFailure = Callable[[str, Exception], None]


@dataclass(frozen=True, slots=True)
class Gauged:
    """`figures`: by the names of entrypoints.observe.METRICS; without those that could not be read. `silent`: channels.
    `upkeep`: what is to be seen to."""

    figures: Mapping[str, int] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    upkeep: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {"figures": dict(self.figures), "silent": list(self.silent), "upkeep": list(self.upkeep)}


class Gauges:
    def __init__(
        self,
        ledger: Ledger,
        standing: Standing,
        schedule: Schedule,
        policies: Policies,
        account: Account,
        clock: Callable[[], datetime],
    ) -> None:
        self.ledger, self.standing, self.schedule = ledger, standing, schedule
        self.policies, self.account, self.clock = policies, account, clock

    def __call__(self, on_failure: OnFailure = lambda name, error: None) -> Gauged:
        """All of them; one that fails stops none of the others, and `on_failure` takes its name. What they found is
        kept with the ledger's report."""
        now, report = self.clock(), self.ledger.report() or {}
        figures: dict[str, int] = {}
        missed = [(parse_instant(at), number) for at, number in report.get("missed", ())]
        silent: tuple[str, ...] = ()
        upkeep: tuple[str, ...] = ()

        def take(name: str, read: Callable[[], int]) -> None:
            try:
                figures[name] = read()
            except Exception as error:
                on_failure(name, error)

        def channels() -> int:
            nonlocal silent
            silent = _silent(report)
            return len(silent)

        def due() -> int:
            nonlocal upkeep
            upkeep = self._upkeep(now, on_failure)
            return len(upkeep)

        take("ParkedLately", lambda: self._parked(now))
        take("DeliveriesUnsent", lambda: self._unsent(now))
        take("OverdueRise", lambda: self._rise(now, missed))
        take("ChannelsSilent", channels)
        take("UpkeepDue", due)
        found = Gauged(figures, silent, upkeep)
        kept = {"gauges": found.as_dict(), "missed": [(stamp(at), number) for at, number in missed]}
        self.ledger.keep_report(report | kept)
        return found

    def _parked(self, now: datetime) -> int:
        since, after, looked, trouble = now - gauges.LATELY, None, 0, 0
        while looked < PARKED_LOOKED_AT:
            page = self.ledger.received(Outcome.PARKED, since, now, after, PAGE)
            looked += len(page.rows)
            trouble += sum(map(gauges.is_trouble, page.rows))
            if page.after is None:
                break
            after = page.after
        return trouble

    def _unsent(self, now: datetime) -> int:
        """At least so many: of a long backlog both ends are looked at, and what waits longest lies at one of them."""
        calendar = self.policies.current().calendar
        waiting = sum(gauges.held_up(row, now, calendar) for row in self.standing.unsent_rows(UNSENT_EACH))
        return waiting + sum(1 for _ in self.schedule.ladder_due(now - gauges.UNSENT_AFTER, ASLEEP))

    def _rise(self, now: datetime, missed: list[tuple[datetime, int]]) -> int:
        """`missed`: the figures of the hours before, to which this hour's is added."""
        units = desks(self.policies.current())
        found, before = self.standing.missed_cases(units), gauges.day_ago(missed, now)
        missed[:] = [*gauges.of_a_day(missed, now), (now, found)]
        more = gauges.rise(found, before)
        return more if more and gauges.large_enough(more, self.standing.open_cases(units)) else 0

    def _upkeep(self, now: datetime, on_failure: OnFailure) -> tuple[str, ...]:
        def calendar() -> tuple[str, ...]:
            return gauges.calendar_due(days_known(self.policies.current(), now))

        def sandbox() -> tuple[str, ...]:
            return ("ses_sandbox",) if self.account.sandboxed() else ()

        def keys() -> tuple[str, ...]:
            return gauges.keys_due(self.account.expiries(), now.date())

        found: list[str] = []
        for name, ask in (("ses_sandbox", sandbox), ("calendar", calendar), ("keys", keys)):
            try:
                found += ask()
            except Exception as error:  # a service that does not answer is no upkeep, and hides none
                on_failure(name, error)
        return tuple(found)


def _silent(report: Mapping[str, Any]) -> tuple[str, ...]:
    """As the last whole walk over the bucket found it."""
    if "heard_until" not in report:
        return ()
    last = {channel: parse_instant(at) for channel, at in report.get("last_heard", {}).items()}
    return heard.silent(report.get("heard", {}), last, parse_instant(report["heard_until"]))
