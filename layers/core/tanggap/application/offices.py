"""What officers ask beside cases: the ledger, and the policy."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..domain import policy_checks
from ..domain.case import Received
from ..domain.errors import Invalid, NotAllowed, NotFound
from ..domain.permissions import Act, Officer, require
from ..domain.policy import Policy, faulty, read_policy
from ..domain.times import stamp
from ..domain.words import Channel, Outcome, Reason
from .ledger import BATCH, PREFIXES
from .ports import Arrival, Arrivals, Ledger, Policies, PolicyMoved

PAGE = 100
#: Unread arrivals are found by listing the bucket, which knows names, not times: so many are looked at for one answer.
LOOKED_AT = 20_000
#: What lies further back than this before `to` is asked for by an earlier `to`.
LONGEST = timedelta(days=93)
#: A row of the table ends at 400 kB.
POLICY_BYTES = 350_000


@dataclass(frozen=True, slots=True)
class ArrivalPage:
    """Rows of one page, those of one arrival beside each other. `after` continues."""

    rows: tuple[Received, ...]
    after: str | None


class LedgerDesk:
    def __init__(self, ledger: Ledger, arrivals: Arrivals, clock: Callable[[], datetime]) -> None:
        self.ledger, self.arrivals, self.clock = ledger, arrivals, clock

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
        read = {key for n in range(0, len(keys), BATCH) for key in self.ledger.outcomes(keys[n : n + BATCH])}
        return sorted((unread(stored[key]) for key in keys if key not in read), key=lambda row: row.at, reverse=True)

    def arrival(self, officer: Officer, key: str) -> tuple[Received, ...]:
        require(officer, Act.ARRIVALS)
        rows = self.ledger.of(key)
        if rows:
            return rows
        stored = self.arrivals.head(key)
        if stored is None:
            raise NotFound("no such arrival")
        return (unread(stored),)

    def replay(self, officer: Officer, key: str) -> None:
        """Read a parked arrival again, with today's reader and the officer's word that spam is none."""
        require(officer, Act.REPLAY)
        rows = self.arrival(officer, key)
        if not any(row.outcome in (Outcome.PARKED, Outcome.WAITING) for row in rows):
            raise NotAllowed("only what is parked or waiting can be read again")
        if self.arrivals.head(key) is None:
            raise NotAllowed("its raw object is no longer there")
        self.arrivals.notify(key, replay=any(row.outcome is Outcome.PARKED for row in rows))


def unread(arrival: Arrival) -> Received:
    return Received(
        arrival=arrival.key,
        channel=Channel.EMAIL,
        at=arrival.at,
        size=arrival.size,
        outcome=Outcome.WAITING,
        reason=Reason.UNREAD,
    )


class PolicyDesk:
    def __init__(self, policies: Policies, mail_domain: str) -> None:
        self.policies, self.mail_domain = policies, mail_domain.lower()

    def current(self, officer: Officer) -> Policy:
        require(officer, Act.POLICY_READ)
        return self.policies.current(fresh=True)

    def save(self, officer: Officer, raw: Any, at: datetime) -> Policy:
        """A new version, validated as a whole. `version` in it, where given, is the one that it was made from. Raises
        Invalid with every fault, PolicyMoved."""
        require(officer, Act.POLICY_WRITE)
        now = self.policies.current(fresh=True)
        made_from, wanted, faults = self._take_apart(raw, now.version)
        if isinstance(wanted, dict):
            wanted["former_units"] = _former(now, wanted)
            wanted["saved"] = {"by": officer.id, "at": stamp(at)}
            faults += policy_checks.faults_in(wanted, self.mail_domain)
        try:
            policy = read_policy(wanted, now.version + 1)
        except Invalid as found:
            raise faulty([*found.faults, *faults]) from None
        if len(json.dumps(wanted, ensure_ascii=False).encode()) > POLICY_BYTES:
            faults.append({"place": "", "message": f"is larger than {POLICY_BYTES} bytes"})
        if faults:
            raise faulty(faults)
        if made_from != now.version:
            raise PolicyMoved("a newer policy is in force: read it and decide again")
        self.policies.store(wanted, policy.version)
        return policy

    @staticmethod
    def _take_apart(raw: Any, version: int) -> tuple[int, Any, list[dict[str, str]]]:
        """What the new version was made from, and what it says itself."""
        if not isinstance(raw, dict):
            return version, raw, []
        wanted = dict(raw)
        made_from = wanted.pop("version", version)
        if isinstance(made_from, int) and not isinstance(made_from, bool):
            return made_from, wanted, []
        return version, wanted, [{"place": "version", "message": "must be the number of the version it was made from"}]


def _former(now: Policy, wanted: dict[str, Any]) -> list[str]:
    """Units that were and are no more. Their cases must stay in the coordinator's sight."""
    rows = wanted.get("units")
    named = [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [unit for unit in dict.fromkeys((*now.former_units, *now.units)) if unit not in named]
