"""The ports in memory: for tests of the use cases, and for the bench's largest tables. Passes the same tests as the
real ones."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from ..application.ports import (
    ALIKE_LIMIT,
    AlreadyRead,
    AlreadySeen,
    AlreadyTold,
    CaseFile,
    Due,
    NumberTaken,
    OnUnreadable,
    Page,
    ReceivedPage,
    Round,
    Share,
    Tally,
    Unreadable,
    bundles,
)
from ..application.ports.public import Listed
from ..domain.canary import is_canary
from ..domain.case import Alike, Case, Change, Delivery, Message, Received, answers, shared_files
from ..domain.errors import Conflict
from ..domain.history import Entry
from ..domain.talks import Talk
from ..domain.times import stamp
from ..domain.words import Channel, DeliveryState, Outcome
from .dynamodb.keys import desk_order, outbound_ref, shard_of
from .memory_order import Order
from .memory_stores import MemoryVault


class MemoryCases:
    """Cases, outbox, schedule and ledger. `vault` takes what the transaction writes there; `read` counts rows that
    `due` looked at."""

    def __init__(self, vault: MemoryVault) -> None:
        self.vault = vault
        self.cases: dict[str, Case] = {}
        self.messages: dict[str, list[Message]] = {}
        self.deliveries: dict[tuple[str, str], Delivery] = {}
        self._of_case: dict[str, list[str]] = {}
        self.histories: dict[str, list[Entry]] = {}
        self.sketched: dict[str, list[Alike]] = {}
        self.guards: dict[str, str] = {}
        self.rows: dict[tuple[str, int], Received] = {}
        self.holders: dict[str, set[str]] = {}
        self.kept: dict[str, Any] | None = None
        self.trials: dict[str, int] = {}
        self.talks: dict[tuple[str, Channel], Talk] = {}
        self.rounds: dict[str, Round] = {}
        self.marks: set[str] = set()
        self.waiting_to_be_told: dict[str, list[tuple[datetime, str]]] = {}
        self.public: dict[str, Listed] = {}
        self.counted: dict[str, str] = {}
        self.known_as: dict[str, tuple[str, str]] = {}
        self._due, self._ladder = Order(), Order()
        self.read = 0

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

    def _keep(self, delivery: Delivery) -> None:
        key = (delivery.case, delivery.id)
        before = self.deliveries.get(key)
        if before:
            self._move(key, before.due_at, None, self._ladder if before.asleep else self._due)
        self._move(key, None, delivery.due_at, self._ladder if delivery.asleep else self._due)
        if before is None:
            self._of_case.setdefault(delivery.case, []).append(delivery.id)
        self.deliveries[key] = delivery

    @staticmethod
    def _move(key: tuple[str, str], old: datetime | None, new: datetime | None, among: Order) -> None:
        if old is not None:
            among.remove((old, *key))
        if new is not None:
            among.add((new, *key))

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

    def delivery(self, number: str, key: str) -> Delivery | None:
        return self.deliveries.get((number, key))

    def waiting(self, number: str) -> tuple[Delivery, ...]:
        return tuple(one for one in self._sent_of(number) if one.state is DeliveryState.QUEUED)

    def _sent_of(self, number: str) -> list[Delivery]:
        return [self.deliveries[number, key] for key in sorted(self._of_case.get(number, ()))]

    def delivery_of(self, external_id: str) -> tuple[str, str] | None:
        wanted = outbound_ref(external_id)
        of_row = (k for k, d in self.deliveries.items() if d.external_id and outbound_ref(d.external_id) == wanted)
        return next(of_row, None) or self.known_as.get(wanted)

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

    def claim(self, delivery: Delivery, now: datetime, lease_until: datetime) -> Delivery | None:
        row = self.deliveries.get((delivery.case, delivery.id))
        if row is None or row.state is not delivery.state:
            return None
        taken_over = row.state is DeliveryState.CLAIMED and row.lease_until is not None and row.lease_until < now
        if not taken_over and not (row.state is DeliveryState.QUEUED and row.wake is not None):
            return None
        claimed = replace(
            row,
            state=DeliveryState.CLAIMED,
            lease_until=lease_until,
            due_at=lease_until,
            attempts=row.attempts + 1,
            repeats=row.repeats + taken_over,
            wake=None,
        )
        self._keep(claimed)
        return claimed

    def finish(self, delivery: Delivery) -> bool:
        row = self.deliveries.get((delivery.case, delivery.id))
        if row is None or row.state is not DeliveryState.CLAIMED or row.attempts != delivery.attempts:
            return False
        self._keep(delivery)
        return True

    def left(self, delivery: Delivery) -> bool:
        return self.finish(delivery)

    def also_known(self, delivery: Delivery, external_id: str) -> None:
        self.known_as[outbound_ref(external_id)] = (delivery.case, delivery.id)

    def due(self, at: datetime, limit: int, share: Share | None = None) -> Iterable[Due]:
        found = [Due(number, due_at, key) for due_at, number, key in self._due.until(at)]
        self.read = len(found)
        if share:
            found = [one for one in found if not one.delivery and shard_of(one.case) % share.of == share.part]
        return sorted(found, key=lambda due: bool(due.delivery))[:limit]

    def unsent_due(self, at: datetime, limit: int) -> Iterable[Due]:
        found = (Due(number, due_at, key) for due_at, number, key in self._due.until(at) if key)
        return list(islice(found, limit))

    def as_they_are(self, numbers: Sequence[str]) -> Mapping[str, Case | Unreadable]:
        return {number: self.cases[number] for number in numbers if number in self.cases}

    def ladder_due(self, at: datetime, limit: int) -> Iterable[Due]:
        return [Due(number, due_at, key) for due_at, number, key in islice(self._ladder.until(at), limit)]

    def asleep(self, dues: Sequence[Due], on_unreadable: OnUnreadable) -> tuple[tuple[Case, Delivery], ...]:
        rows = (self.deliveries.get(place) for place in dict.fromkeys((due.case, due.delivery) for due in dues))
        return tuple((self.cases[row.case], row) for row in rows if row and row.asleep)

    def wake(self, due: Due, at: datetime) -> None:
        row = self.deliveries.get((due.case, due.delivery))
        if row and row.due_at and row.due_at <= at:
            self._keep(replace(row, wake=at))

    def oldest_unsent(self) -> datetime | None:
        unsent = (self.deliveries[number, key] for _, number, key in self._due if key)
        return min((row.created_at for row in unsent if row.attempts or row.wake), default=None)

    def missed_cases(self, units: Sequence[str | None]) -> int:
        return sum(case.missed for case in self._on_desks(units))

    def open_cases(self, units: Sequence[str | None], most: int) -> int:
        return min(len(self._on_desks(units)), most + 1)

    def _on_desks(self, units: Sequence[str | None]) -> list[Case]:
        ours = (case for case in self.cases.values() if not case.ended and not is_canary(case))
        return [case for case in ours if not {case.unit, *case.others}.isdisjoint(units)]

    def unsent_rows(self, each: int) -> tuple[Delivery, ...]:
        places = [(number, key) for _, number, key in self._due if key]
        return tuple(self.deliveries[place] for place in dict.fromkeys((*places[:each], *places[-each:])))

    def note(self, received: Received) -> bool:
        key = (received.arrival, received.index)
        if key in self.rows:
            return False
        self.rows[key] = received
        return True

    def amend(self, received: Received) -> None:
        before = self.rows.get((received.arrival, received.index))
        if before is None or before.outcome is Outcome.PARKED:
            self.rows[received.arrival, received.index] = received

    def of(self, arrival: str) -> tuple[Received, ...]:
        return tuple(row for (key, _), row in sorted(self.rows.items()) if key == arrival)

    def trial(self, arrival: str, ended: bool = False) -> int:
        begun = self.trials.get(arrival, 0)
        self.trials[arrival] = 0 if ended else begun + 1
        return begun

    def outcomes(self, arrivals: Sequence[str]) -> dict[str, tuple[Outcome, ...]]:
        return {
            key: tuple(row.outcome if row else Outcome.WAITING for row in self._of(key))
            for key in arrivals
            if (key, 0) in self.rows
        }

    def tallies(self, arrivals: Sequence[str]) -> list[tuple[str, Tally | None]]:
        return [(key, self._tally(key) if (key, 0) in self.rows else None) for key in arrivals]

    def _tally(self, key: str) -> Tally:
        found, tally = self._of(key), Tally()
        for row in found:
            if row:
                tally.add(row)
        return tally.done(len(found))

    def _of(self, key: str) -> list[Received | None]:
        return [self.rows.get((key, index)) for index in range(self.rows[key, 0].of)]

    def received(
        self, outcome: str | None, since: datetime, until: datetime, after: str | None, limit: int
    ) -> ReceivedPage:
        keyed = {f"{stamp(row.at)}#{row.arrival}#{row.index:04d}": row for row in self.rows.values()}
        found = [
            (key, keyed[key])
            for key in sorted(keyed, reverse=True)
            if since <= keyed[key].at <= until and outcome in (None, keyed[key].outcome)
        ]
        page = [pair for pair in found if after is None or pair[0] < after]
        return ReceivedPage(tuple(row for _, row in page[:limit]), page[limit - 1][0] if len(page) > limit else None)

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

    def report(self) -> dict[str, Any] | None:
        return self.kept

    def keep_report(self, report: dict[str, Any]) -> None:
        self.kept = report
