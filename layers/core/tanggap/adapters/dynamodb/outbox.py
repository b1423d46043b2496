"""Outbox rows and the due index: what is to be sent, by whom, and when it is looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from ...application.ports import Due
from ...domain.case import Case, Delivery
from ...domain.times import stamp
from ...domain.words import DeliveryState
from . import keys, rows
from .reading import OnTable, reading, update

#: Rows looked at in each shard for the oldest unsent one.
_OLDEST = 25


class OutboxRows(OnTable):
    def claim(self, delivery: Delivery, now: datetime, lease_until: datetime) -> Delivery | None:
        """One conditional update. A row whose claim ran out is taken over and counted as a repeat."""
        row = self.row
        taken_over = delivery.state is DeliveryState.CLAIMED
        condition = (
            (row.state == DeliveryState.CLAIMED.value) & (row.lease < stamp(now))
            if taken_over
            else (row.state == DeliveryState.QUEUED.value) & row.wake.exists()
        )
        actions = [
            row.state.set(DeliveryState.CLAIMED.value),
            row.lease.set(stamp(lease_until)),
            row.due_at.set(stamp(lease_until)),
            row.due_shard.set(keys.shard("O", delivery.case)),
            row.attempts.add(1),
            row.wake.remove(),
        ]
        if taken_over:
            actions.append(row.repeats.add(1))
        item = row(pk=keys.case_pk(delivery.case), sk=f"OUT#{delivery.id}")
        if not update(item, actions, condition):
            return None
        return rows.delivery_of(item)

    def settle(self, delivery: Delivery) -> bool:
        row = self.row
        item = row(pk=keys.case_pk(delivery.case), sk=f"OUT#{delivery.id}")
        values = rows.delivery_row(row, delivery)
        names = (
            "state",
            "due_shard",
            "due_at",
            "lease",
            "wake",
            "repeats",
            "faults",
            "reason",
            "external_id",
            "sent_at",
            "ref",
            "ref_order",
        )
        actions = [
            getattr(row, name).set(getattr(values, name))
            if getattr(values, name) is not None
            else getattr(row, name).remove()
            for name in names
        ]
        return update(item, actions, (row.state == DeliveryState.CLAIMED.value) & (row.attempts == delivery.attempts))

    def due(self, at: datetime, limit: int) -> Iterable[Due]:
        """Cases before outbox rows: a step climbed now queues rows that the stream itself brings."""
        left = limit
        for prefix in ("C", "O"):
            for number in range(keys.SHARDS):
                if left <= 0:
                    return
                found = self._due(f"{prefix}#{number}", at, left)
                left -= len(found)
                yield from found

    def ladder_due(self, at: datetime, limit: int) -> Iterable[Due]:
        left = limit
        for number in range(keys.SHARDS):
            found = self._due(f"E#{number}", at, left) if left > 0 else []
            left -= len(found)
            yield from found

    def asleep(self, dues: Sequence[Due]) -> tuple[tuple[Case, Delivery], ...]:
        wanted = dict.fromkeys((keys.case_pk(due.case), sk) for due in dues for sk in (f"OUT#{due.delivery}", "CASE"))
        with reading():
            found = {(one.pk, one.sk): one for one in self.row.batch_get(list(wanted), consistent_read=True)}
        cases = {pk: rows.case_of(one) for (pk, sk), one in found.items() if sk == "CASE"}
        letters = [
            (cases[pk], rows.delivery_of(one)) for (pk, sk), one in found.items() if sk != "CASE" and pk in cases
        ]
        return tuple(pair for pair in letters if pair[1].asleep)

    def _due(self, shard: str, at: datetime, limit: int) -> list[Due]:
        row: Any = self.row
        with reading():
            found = list(row.due_index.query(shard, row.due_at <= stamp(at), limit=limit))
        return [
            Due(
                one.pk.removeprefix("CASE#"),
                datetime.fromisoformat(one.due_at),
                one.sk.removeprefix("OUT#") if one.sk.startswith("OUT#") else "",
            )
            for one in found
        ]

    def wake(self, due: Due, at: datetime) -> None:
        row = self.row
        item = row(pk=keys.case_pk(due.case), sk=f"OUT#{due.delivery}")
        unsent = row.state.is_in(DeliveryState.QUEUED.value, DeliveryState.CLAIMED.value)
        update(item, [row.wake.set(stamp(at))], unsent & (row.due_at <= stamp(at)))

    def oldest_unsent(self) -> datetime | None:
        """Among the first rows of each shard: a backlog that is longer than that is told by its age anyway. A row's
        place in the index is when it is tried next, so its age is read from the row."""
        row: Any = self.row
        with reading():
            first = [one for n in range(keys.SHARDS) for one in row.due_index.query(f"O#{n}", limit=_OLDEST)]
            unsent = [rows.delivery_of(one) for one in row.batch_get([(one.pk, one.sk) for one in first])]
        return min((one.created_at for one in unsent if one.attempts or one.wake), default=None)
