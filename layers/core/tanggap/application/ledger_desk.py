"""What officers ask of the ledger: what arrived, what became of it, and to read it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.case import Received
from ..domain.errors import Invalid, NotAllowed, NotFound
from ..domain.permissions import Act, Officer, require
from ..domain.words import Outcome, Reason
from .batches import channel_of
from .ledger import BATCH, PREFIXES
from .ports import Arrival, Arrivals, Ledger
from .reread import Reading, Reread

PAGE = 100
#: Unread arrivals are found by listing the bucket, which knows names, not times: so many are looked at for one answer.
LOOKED_AT = 20_000
#: What lies further back than this before `to` is asked for by an earlier `to`.
LONGEST = timedelta(days=93)


@dataclass(frozen=True, slots=True)
class ArrivalPage:
    """Rows of one page, those of one arrival beside each other. `after` continues."""

    rows: tuple[Received, ...]
    after: str | None


class LedgerDesk:
    def __init__(self, ledger: Ledger, arrivals: Arrivals, reread: Reread, clock: Callable[[], datetime]) -> None:
        self.ledger, self.arrivals, self.reread, self.clock = ledger, arrivals, reread, clock

    def listing(
        self, officer: Officer, outcome: str | None, since: datetime | None, until: datetime | None, after: str | None
    ) -> ArrivalPage:
        """Messages newest first; those that are not read yet stand before them, on the first page. Raises Invalid."""
        require(officer, Act.ARRIVALS)
        if outcome and outcome not in set(Outcome):
            raise Invalid(f"outcome is one of {', '.join(Outcome)}")
        since, until = self._span(since, until)
        if outcome == Outcome.WAITING:
            return ArrivalPage(tuple(self._waiting(since, until)), None)
        page = self.ledger.received(outcome, since, until, after, PAGE)
        waiting = [] if outcome or after else self._waiting(since, until)
        return ArrivalPage((*waiting, *page.rows), page.after)

    def _span(self, since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
        latest = self.clock() + timedelta(minutes=5)
        until = min(until or latest, latest)
        if until.year < 2000:
            raise Invalid("to lies in another century")
        since = since or until - timedelta(days=7)
        if since > until:
            raise Invalid("from lies behind to")
        return max(since, until - LONGEST), until

    def _waiting(self, since: datetime, until: datetime) -> list[Received]:
        """Among the names that one answer looks at, and what the last count found overdue."""
        stored = {one.key: one for prefix in PREFIXES for one in self.arrivals.listing(prefix, since, LOOKED_AT)}
        for key in (self.ledger.report() or {}).get("overdue_keys", ())[:BATCH]:
            if key not in stored and (found := self.arrivals.head(key)):
                stored[key] = found
        keys = [one.key for one in stored.values() if since <= one.at <= until]
        told = {key: of for n in range(0, len(keys), BATCH) for key, of in self._told(keys[n : n + BATCH]).items()}
        rows = (
            replace(unread(stored[key]), index=index, of=len(told[key]))
            for key in keys
            for index, outcome in enumerate(told[key])
            if outcome is Outcome.WAITING
        )
        return sorted(rows, key=lambda row: row.at, reverse=True)

    def _told(self, keys: list[str]) -> dict[str, tuple[Outcome, ...]]:
        found = self.ledger.outcomes(keys)
        return {key: found.get(key, (Outcome.WAITING,)) for key in keys}

    def arrival(self, officer: Officer, key: str) -> tuple[Received, ...]:
        require(officer, Act.ARRIVALS)
        rows = self.ledger.of(key)
        if rows:
            return rows + _missing(rows)
        stored = self.arrivals.head(key)
        if stored is None:
            raise NotFound("no such arrival")
        return (unread(stored),)

    def reading(self, officer: Officer, key: str) -> tuple[Reading, ...]:
        """Today's reading of an arrival beside what became of it. Changes nothing."""
        require(officer, Act.REPLAY)
        return self.reread.compare(key)

    def replay(self, officer: Officer, key: str, apply: bool = False) -> None:
        """Read a parked arrival again, with today's reader and the officer's word that spam is none; of a virus no word
        is taken. What is filed already is read anew only where that is said (`apply`)."""
        require(officer, Act.REPLAY)
        rows = self.arrival(officer, key)
        outcomes = {row.outcome for row in rows}
        wish = next((wish for outcome, wish in _WISHES if outcome in outcomes), None)
        if wish is None or (wish == "anew" and not apply):
            raise NotAllowed("only what is parked or waiting can be read again; what is filed, with apply")
        if wish == "replay" and all(row.reason is Reason.VIRUS for row in rows if row.outcome is Outcome.PARKED):
            raise NotAllowed("the mail service found a virus in it: it would be parked again")
        if self.arrivals.head(key) is None:
            raise NotAllowed("its raw object is no longer there")
        self.arrivals.notify(key, wish, officer.actor)


#: What reading an arrival again means, by what became of it.
_WISHES = ((Outcome.PARKED, "replay"), (Outcome.WAITING, "again"), (Outcome.FILED, "anew"), (Outcome.DUPLICATE, "anew"))


def _missing(rows: tuple[Received, ...]) -> tuple[Received, ...]:
    """Messages of the same arrival whose rows are not there."""
    first, there = rows[0], {row.index for row in rows}
    return tuple(
        Received(
            arrival=first.arrival,
            channel=first.channel,
            at=first.at,
            size=first.size,
            outcome=Outcome.WAITING,
            reason=Reason.UNREAD,
            index=index,
            of=first.of,
        )
        for index in range(first.of)
        if index not in there
    )


def unread(arrival: Arrival) -> Received:
    return Received(
        arrival=arrival.key,
        channel=channel_of(arrival.key),
        at=arrival.at,
        size=arrival.size,
        outcome=Outcome.WAITING,
        reason=Reason.UNREAD,
    )
