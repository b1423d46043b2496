"""What officers ask beside cases: the ledger, and the policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from ..domain.case import Received
from ..domain.errors import Invalid, NotAllowed, NotFound
from ..domain.permissions import Act, Officer, require
from ..domain.policy import Policy, read_policy
from ..domain.words import Channel, Outcome, Reason
from .ports import Arrival, Arrivals, Ledger, Policies, PolicyMoved

PAGE = 100
#: Unread arrivals are found by listing the bucket: bounded for one page.
WAITING = 1000


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
        require(officer, Act.ARRIVALS)
        if outcome and outcome not in {one.value for one in Outcome}:
            raise Invalid("outcome is not one of the list")
        until = until or self.clock() + timedelta(minutes=5)
        since = since or until - timedelta(days=7)
        if until - since > timedelta(days=93) or since > until:
            raise Invalid("from and to span at most 93 days, in this order")
        if outcome == Outcome.WAITING:
            return ArrivalPage(tuple(self._waiting(since, until)), None)
        page = self.ledger.received(outcome, since, until, after, PAGE)
        return ArrivalPage(page.rows, page.after)

    def _waiting(self, since: datetime, until: datetime) -> list[Received]:
        found: list[Received] = []
        for prefix in ("mail/", "events/"):
            objects = (one for one in self.arrivals.listing(prefix, since) if one.at <= until)
            while batch := list(islice(objects, 100)):
                known = self.ledger.known([one.key for one in batch])
                found += [unread(one) for one in batch if one.key not in known]
                if len(found) >= WAITING:
                    return found[:WAITING]
        return found

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

    def save(self, officer: Officer, raw: Any) -> Policy:
        """A new version, validated as a whole. `version` in it, where given, is the one that it was made from."""
        require(officer, Act.POLICY_WRITE)
        now = self.policies.current(fresh=True)
        raw = dict(raw) if isinstance(raw, dict) else raw
        base = raw.pop("version", now.version) if isinstance(raw, dict) else now.version
        policy = read_policy(raw, now.version + 1)
        faults = tuple(
            {"place": place, "message": f"lies under {self.mail_domain}: our letters would come back to us"}
            for place, addresses in _offices(policy)
            if any(address.rpartition("@")[2] == self.mail_domain for address in addresses)
        )
        if faults:
            raise Invalid("the policy has faults", faults=faults)
        if base != now.version:
            raise PolicyMoved("a newer policy is in force: read it and decide again")
        self.policies.store(raw, policy.version)
        return policy


def _offices(policy: Policy) -> list[tuple[str, tuple[str, ...]]]:
    named = [
        ("coordinator", policy.coordinator),
        ("leadership", policy.leadership),
        ("inspectorate", policy.inspectorate),
    ]
    for unit in policy.units.values():
        named += [(f"units.{unit.id}.head", unit.head), (f"units.{unit.id}.liaisons", unit.liaisons)]
    return named
