"""The ports in memory: for tests of the use cases, and for the bench's largest tables. Passes the same tests as the
real ones."""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ..application.ports import (
    ALIKE_LIMIT,
    AlreadyRead,
    AlreadySeen,
    AlreadyTold,
    CaseFile,
    NumberTaken,
    Page,
    Round,
    bundles,
)
from ..application.ports.public import Listed
from ..domain.canary import is_canary
from ..domain.case import Alike, Case, Change, Message, answers, shared_files
from ..domain.errors import Conflict
from ..domain.history import Entry
from ..domain.talks import Talk
from ..domain.times import stamp
from ..domain.words import Channel, DeliveryState, Outcome
from .dynamodb.keys import desk_order
from .memory_ledger import MemoryLedger
from .memory_outbox import MemoryOutbox
from .memory_stores import MemoryVault


class MemoryCases(MemoryOutbox, MemoryLedger):
    """Cases, outbox, schedule and ledger. `vault` takes what the transaction writes there."""

    def __init__(self, vault: MemoryVault) -> None:
        MemoryOutbox.__init__(self)
        MemoryLedger.__init__(self)
        self.vault = vault
        self.messages: dict[str, list[Message]] = {}
        self.histories: dict[str, list[Entry]] = {}
        self.sketched: dict[str, list[Alike]] = {}
        self.guards: dict[str, str] = {}
        self.holders: dict[str, set[str]] = {}
        self.talks: dict[tuple[str, Channel], Talk] = {}
        self.rounds: dict[str, Round] = {}
        self.marks: set[str] = set()
        self.waiting_to_be_told: dict[str, list[tuple[datetime, str]]] = {}
        self.public: dict[str, Listed] = {}
        self.counted: dict[str, str] = {}

    def commit(self, change: Change) -> None:
        self._check(change)
        if change.received:
            self.rows[change.received.arrival, change.received.index] = change.received
            for guard in change.received.guards:
                self.guards[guard] = change.received.case
        self.marks.update(change.told)
        if change.talk:
            self.talks[change.talk.reporter, change.talk.channel] = change.talk
        if change.case:
            for desk, at in change.announced:
                bisect.insort(self.waiting_to_be_told.setdefault(desk, []), (at, change.case.number))
        if change.sealed:
            self.vault.keep(change.sealed)
        if change.case:
            before = self.cases.get(change.case.number)
            self._move((change.case.number, ""), before.due_at if before else None, change.case.due_at, self._due)
            self.cases[change.case.number] = change.case
            if sketch := change.sketch:
                for key in sketch.keys:
                    self.sketched.setdefault(key, []).append(Alike(change.case.number, key, sketch.words))
            self.histories.setdefault(change.case.number, []).extend(change.history)
            self.vault.kept_salts.setdefault(change.case.number, {}).update(change.salts)
            if change.public:
                self.public[change.case.number] = Listed(change.case.number, change.case.received_at)
            elif change.public is False:
                self.public.pop(change.case.number, None)
        for message in change.messages:
            self.messages.setdefault(message.case, []).append(message)
        for message in change.changed_messages:
            said = self.messages[message.case]
            said[next(place for place, one in enumerate(said) if one.id == message.id)] = message
        if change.counted:
            self.counted |= {one.id: change.counted for one in answers(change.deliveries)}
        for number, digest in shared_files((*change.messages, *change.changed_messages)):
            self.holders.setdefault(digest, set()).add(number)
        for delivery in (
            *change.deliveries,
            *change.changed_deliveries,
            *change.finished_deliveries,
            *change.released_deliveries,
        ):
            self._keep(delivery)

    def _check(self, change: Change) -> None:
        received = change.received
        if received:
            before = self.rows.get((received.arrival, received.index))
            if (before is None or before.outcome is not Outcome.PARKED) if received.replayed else before is not None:
                raise AlreadyRead("read before")
            for guard in received.guards:
                if guard in self.guards:
                    raise AlreadySeen(self.guards[guard])
        if not self.marks.isdisjoint(change.told):
            raise AlreadyTold("this digest went to this office before")
        if talk := change.talk:
            now_standing = self.talks.get((talk.reporter, talk.channel))
            if talk.version != (now_standing.version if now_standing else 0) + 1:
                raise Conflict("somebody else was faster")
        if change.sealed and self.vault.changed(change.sealed):
            raise Conflict("this reporter became known by another address meanwhile")
        if change.sealed and any(lookup in self.vault.lookups for lookup in change.sealed.lookups):
            raise Conflict("this reporter became known meanwhile")
        if change.case:
            before_case = self.cases.get(change.case.number)
            if change.expected == 0 and before_case:
                raise NumberTaken("this case number exists")
            if change.expected and (before_case is None or before_case.version != change.expected):
                raise Conflict("somebody else was faster")
        for message in change.changed_messages:
            if not any(one.id == message.id for one in self.messages.get(message.case, ())):
                raise Conflict("the message is not there")
        for delivery in change.changed_deliveries:
            now = self.deliveries.get((delivery.case, delivery.id))
            if now is None or now.state in (DeliveryState.QUEUED, DeliveryState.CLAIMED):
                raise Conflict("the row is under a sender's hands")
            if now.state is DeliveryState.FAILED and delivery.state is not DeliveryState.FAILED:
                raise Conflict("it is known to have failed")

        for delivery in change.finished_deliveries:
            now = self.deliveries.get((delivery.case, delivery.id))
            if now is None or now.state is not DeliveryState.CLAIMED or now.attempts != delivery.attempts:
                raise Conflict("the claim was lost")
        for delivery in change.released_deliveries:
            now = self.deliveries.get((delivery.case, delivery.id))
            waits = now is not None and now.state is DeliveryState.QUEUED and now.wake is None
            if now is None or not waits or now.attempts != delivery.attempts:
                raise Conflict("the letter is on its way")

    def case(self, number: str) -> Case | None:
        return self.cases.get(number)

    def file(self, number: str, texts: bool = True) -> CaseFile | None:
        case = self.cases.get(number)
        if case is None:
            return None
        ordered = sorted(self.messages.get(number, []), key=lambda message: (stamp(message.at), message.id))
        sent = tuple(self._sent_of(number))
        digests = tuple(self.deliveries[place] for place in bundles(sent))
        return CaseFile(case, tuple(ordered), sent, tuple(self.histories[number]), digests=digests)

    def whole(self, message: Message) -> Message:
        return message

    def cases_with(self, external_id: str) -> tuple[str, ...]:
        found = [
            (m.at, n)
            for n, ms in self.messages.items()
            for m in ms
            if m.external_id == external_id and m.direction == "in"
        ]
        return tuple(dict.fromkeys(number for _, number in sorted(found)))[:10]

    def holding(self, digest: str) -> tuple[str, ...]:
        return tuple(sorted(self.holders.get(digest, ())))

    def cases_of(self, reporter: str) -> tuple[str, ...]:
        own = sorted(
            (c for c in self.cases.values() if reporter in c.reporters), key=lambda c: c.received_at, reverse=True
        )
        return tuple(case.number for case in own)[:200]

    def talk(self, reporter: str, channel: Channel) -> Talk | None:
        return self.talks.get((reporter, channel))

    def alike(self, sought: Sequence[str], since: datetime) -> tuple[Alike, ...]:
        found: list[Alike] = []
        for key in sought:
            own = [one for one in self.sketched.get(key, ()) if self.cases[one.number].received_at > since]
            own.sort(key=lambda one: self.cases[one.number].received_at, reverse=True)
            found += own[:ALIKE_LIMIT]
        return tuple(found)

    def answered_since(self, reporter: str, since: datetime, limit: int) -> int:
        told = answers(tuple(self.deliveries.values()))
        found = (one for one in told if self.counted.get(one.id, one.reporter) == reporter)
        return min(limit, sum(one.created_at > since for one in found))

    def listing(
        self,
        units: Sequence[str | None],
        statuses: Sequence[str],
        overdue_at: datetime | None,
        after: str | None,
        limit: int,
    ) -> Page:
        high = f"0#{stamp(overdue_at)}" if overdue_at else "2"
        found = sorted(
            (order, case.number)
            for case in self.cases.values()
            if not is_canary(case)
            and not {case.unit, *case.others}.isdisjoint(units)
            and (not statuses or case.status in statuses)
            and (after or "") < (order := desk_order(case)) <= high
        )
        page = found[:limit]
        return Page(tuple(self.cases[number] for _, number in page), page[-1][0] if len(found) > limit else None)

    def missed_cases(self, units: Sequence[str | None], most: int) -> int:
        return min(sum(case.missed for case in self._on_desks(units)), most + 1)

    def open_cases(self, units: Sequence[str | None], most: int) -> int:
        return min(len(self._on_desks(units)), most + 1)

    def _on_desks(self, units: Sequence[str | None]) -> list[Case]:
        ours = (case for case in self.cases.values() if not case.ended and not is_canary(case))
        return [case for case in ours if not {case.unit, *case.others}.isdisjoint(units)]

    def listed(self, since: datetime, until: datetime, limit: int) -> tuple[Listed, ...]:
        found = [one for one in self.public.values() if since <= one.at <= until]
        return tuple(sorted(found, key=lambda one: (one.at, one.number), reverse=True)[:limit])

    def lines(self, numbers: Sequence[str]) -> Mapping[str, Listed | None]:
        return {one: self.public.get(one) for one in numbers if one in self.cases}

    def behind(self, lines: Sequence[Listed]) -> tuple[tuple[Case, Message | None], ...]:
        found = [one.number for one in lines if one.number in self.cases]
        said = {
            number: min(self.messages.get(number, ()), key=lambda m: (m.at, m.id), default=None) for number in found
        }
        return tuple((self.cases[number], said[number]) for number in found)

    def round(self, kind: str) -> Round | None:
        return self.rounds.get(kind)

    def keep_round(self, kind: str, now: Round) -> Round | None:
        before = self.rounds.get(kind)
        if now.revision != (before.revision if before else 0):
            return None
        self.rounds[kind] = replace(now, revision=now.revision + 1)
        return self.rounds[kind]

    def told(self, mark: str) -> bool:
        return mark in self.marks

    def announced(self, desk: str, since: datetime, until: datetime, limit: int) -> tuple[tuple[datetime, str], ...]:
        found = [(at, number) for at, number in self.waiting_to_be_told.get(desk, ()) if since < at <= until]
        return tuple(found[:limit])
