"""Each hour, behind the count: what an operator should learn before citizens do.

Each gauge reads an index or a kept report, never all rows. At 100,000 arrivals a day and as many open cases: parked
messages of a day (at most 20,000 rows, 5 MB), 2,000 unsent rows at the most, and cases that missed a promise, 25,000 at
the most (10,000 are 30 MB of the index, 3,750 read units, 0.0005 USD, 10 s). Where these are three and more, open ones
are counted too, up to twice as many (0.001 USD), or where they have risen ten times the rise. An idle desk: about 30
reads. They take what the count leaves of its run, two minutes after a long one; what it is too short for is unread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ..domain import gauges, heard
from ..domain.errors import Retry
from ..domain.policy_hints import days_known
from ..domain.times import parse_instant, stamp
from ..domain.words import Outcome
from .anchors import Last
from .ports import Ledger, Policies, Schedule, Share
from .ports.gauges import Account, Standing
from .rounds import desks

#: Rows read at once, and at the most, of what was parked within the day: the newest.
PAGE, PARKED_LOOKED_AT = 1_000, 20_000
#: Unsent rows looked at, from either end of each shard; letters of the ladder that no sweep let out.
UNSENT_EACH, ASLEEP = 250, 1_000
#: Cases that missed a promise, at the most: 25 s, and twice that for the open ones. More is worth a word however many
#: are open, and however many it was yesterday.
MISSED_LOOKED_AT = 25_000
#: What is left of a run when nothing more is asked. The longest answer is 50 s (50,000 open cases) or 43 s (a service
#: that hangs, asked four times for 10 s); then what was found is kept with the report, and its points leave.
RESERVE = timedelta(seconds=60)
#: Of what is due the cases alone: letters are DeliveriesUnsent's.
_ALL_CASES = Share(0, 1)

OnFailure = Callable[[str, Exception], None]


@dataclass(frozen=True, slots=True)
class Gauged:
    """`figures`: by the names of entrypoints.observe.METRICS; without those that could not be read. `silent`: channels
    on which nothing comes; `lost`: those of which most can't be read. `upkeep`: what is to be seen to."""

    figures: Mapping[str, int] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    upkeep: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        named = {"silent": list(self.silent), "lost": list(self.lost), "upkeep": list(self.upkeep)}
        return {"figures": dict(self.figures), **named}


class Gauges:
    def __init__(
        self,
        ledger: Ledger,
        standing: Standing,
        schedule: Schedule,
        policies: Policies,
        account: Account,
        clock: Callable[[], datetime],
        anchored: Callable[[], Last] | None = None,
    ) -> None:
        """`anchored`: the last anchor of histories; None where the desk keeps none."""
        self.ledger, self.standing, self.schedule = ledger, standing, schedule
        self.policies, self.account, self.clock, self.anchored = policies, account, clock, anchored

    def __call__(
        self,
        on_failure: OnFailure = lambda name, error: None,
        remaining: Callable[[], timedelta] = lambda: timedelta.max,
    ) -> Gauged:
        """All of them; one that fails stops none of the others, and `on_failure` takes its name: it has no point, and
        what fails at two counts in a row is upkeep. So does, with a Retry, what `remaining` does not suffice to ask.
        What they found is kept with the ledger's report."""
        now, report = self.clock(), self.ledger.report() or {}
        figures: dict[str, int] = {}
        missed = [(parse_instant(at), number) for at, number in report.get("missed", ())]
        silent: tuple[str, ...] = ()
        lost: tuple[str, ...] = ()
        upkeep: tuple[str, ...] = ()
        unread: list[str] = []

        def failed(name: str, error: Exception) -> None:
            unread.append(name)
            on_failure(name, error)

        def take(name: str, read: Callable[[], int]) -> None:
            try:
                _in_time(remaining)
                figures[name] = read()
            except Exception as error:
                failed(name, error)

        def channels() -> int:
            nonlocal silent, lost
            silent, lost = _channels(report)
            return len({*silent, *lost})

        take("ChannelsSilent", channels)  # first: it asks nobody
        take("ParkedLately", lambda: self._parked(now))
        take("DeliveriesUnsent", lambda: self._unsent(now))
        take("OverdueRise", lambda: self._rise(now, missed, remaining))
        since = parse_instant(report["anchors_since"]) if "anchors_since" in report else now
        upkeep = self._upkeep(now, since, failed, remaining)
        upkeep = (*upkeep, *gauges.unread_due(unread, report.get("unread", ())))
        figures["UpkeepDue"] = len(upkeep)
        found = Gauged(figures, silent, upkeep, lost)
        kept = {"gauges": found.as_dict(), "missed": [(stamp(at), number) for at, number in missed], "unread": unread}
        if self.anchored:
            kept["anchors_since"] = stamp(since)
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

    def _rise(self, now: datetime, missed: list[tuple[datetime, int]], remaining: Callable[[], timedelta]) -> int:
        """`missed`: the figures of the hours before, to which this hour's is added."""
        units = desks(self.policies.current())
        found, before = self.standing.missed_cases(units, MISSED_LOOKED_AT), gauges.day_ago(missed, now)
        missed[:] = [*gauges.of_a_day(missed, now), (now, found)]
        if found > MISSED_LOOKED_AT:
            return found
        more = gauges.rise(found, before)
        asked = gauges.open_asked(found, more)
        if not asked:
            return 0
        _in_time(remaining)
        return gauges.worth_a_word(found, more, self.standing.open_cases(units, asked))

    def _upkeep(
        self, now: datetime, since: datetime, on_failure: OnFailure, remaining: Callable[[], timedelta]
    ) -> tuple[str, ...]:
        """`since`: when anchors were first asked for, which counts as long as there is none: the first is written
        behind the first gauges."""

        def calendar() -> tuple[str, ...]:
            return gauges.calendar_due(days_known(self.policies.current(), now))

        def keys() -> tuple[str, ...]:
            return gauges.keys_due(self.account.expiries(), now.date())

        def histories() -> tuple[str, ...]:
            if self.anchored is None:
                return ()
            last = self.anchored()
            until = last.until if last.until > Last().until else since
            return gauges.anchors_due(until, last.covered, now)

        def whether(name: str, ask: Callable[[], bool]) -> Callable[[], tuple[str, ...]]:
            return lambda: (name,) if ask() else ()

        account = self.account
        said: dict[str, Callable[[], bool]] = {
            "deadlines_unwatched": lambda: any(self.schedule.due(now - gauges.WATCHED_WITHIN, 1, _ALL_CASES)),
            "ses_sandbox": account.sandboxed,
            "mail_not_received": account.deaf,
            "alarms_unheard": account.unheard,
            "anchors_unlocked": account.unlocked,
        }
        asked = {name: whether(name, ask) for name, ask in said.items()}
        asked |= {"calendar": calendar, "keys": keys, "anchors": histories}
        found: list[str] = []
        for name, ask in asked.items():
            try:
                _in_time(remaining)
                found += ask()
            except Exception as error:  # a service that does not answer once is no upkeep, and hides none
                on_failure(name, error)
        return tuple(found)


def _in_time(remaining: Callable[[], timedelta]) -> None:
    if remaining() < RESERVE:
        raise Retry("no time is left to ask")


def _channels(report: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(silent, lost), as the last whole walk over the bucket found them."""
    if "heard_until" not in report:
        return (), ()
    last = {channel: parse_instant(at) for channel, at in report.get("last_heard", {}).items()}
    found, until = report.get("heard", {}), parse_instant(report["heard_until"])
    return heard.silent(found, last, until), heard.lost(report.get("lost", {}), found, until)
