"""What is to leave and what is due, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from ..application.ports import Due, OnUnreadable, Share, Unreadable
from ..domain.case import Case, Delivery
from ..domain.words import DeliveryState
from .dynamodb.keys import outbound_ref, shard_of
from .memory_order import Order


class MemoryOutbox:
    """`cases`: by number; they become due as letters do. `read` counts rows that `due` looked at."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.deliveries: dict[tuple[str, str], Delivery] = {}
        self._of_case: dict[str, list[str]] = {}
        self.known_as: dict[str, tuple[str, str]] = {}
        self._due, self._ladder = Order(), Order()
        self.read = 0

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

    def unsent_rows(self, each: int) -> tuple[Delivery, ...]:
        places = [(number, key) for _, number, key in self._due if key]
        return tuple(self.deliveries[place] for place in dict.fromkeys((*places[:each], *places[-each:])))
