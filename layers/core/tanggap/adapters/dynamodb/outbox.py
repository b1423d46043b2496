"""Outbox rows and the due index: what is to be sent, by whom, and when it is looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any

from ...application.ports import Due, OnUnreadable, Share, Unreadable
from ...domain.case import Case, Delivery
from ...domain.errors import Retry
from ...domain.times import parse_instant, stamp
from ...domain.words import DeliveryState
from . import delivery_rows, keys, rows
from .parcels import PARCEL, ParcelRows
from .reading import read_as, reading, save, update
from .table import Row

#: Rows looked at in each shard for the oldest unsent one.
_OLDEST = 25
_UNSENT = tuple(f"O#{number}" for number in range(keys.SHARDS))


class OutboxRows(ParcelRows):
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
        item = row(pk=keys.case_pk(delivery.case), sk=f"{delivery_rows.OUT}{delivery.id}")
        if not update(item, actions, condition):
            return None
        return delivery_rows.delivery_of(item)

    def finish(self, delivery: Delivery) -> bool:
        row = self.row
        item = row(pk=keys.case_pk(delivery.case), sk=f"{delivery_rows.OUT}{delivery.id}")
        values = delivery_rows.delivery_row(row, delivery)
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
            "way",
        )
        actions = [
            getattr(row, name).set(getattr(values, name))
            if getattr(values, name) is not None
            else getattr(row, name).remove()
            for name in names
        ]
        actions.append(row.schema.set(values.schema))
        return update(item, actions, (row.state == DeliveryState.CLAIMED.value) & (row.attempts == delivery.attempts))

    def left(self, delivery: Delivery) -> bool:
        row = self.row
        item = row(pk=keys.case_pk(delivery.case), sk=f"{delivery_rows.OUT}{delivery.id}")
        values = delivery_rows.delivery_row(row, delivery)
        names = ("way", "external_id", "ref", "ref_order", "schema")
        actions = [getattr(row, name).set(getattr(values, name)) for name in names]
        return update(item, actions, (row.state == DeliveryState.CLAIMED.value) & (row.attempts == delivery.attempts))

    def also_known(self, delivery: Delivery, external_id: str) -> None:
        save(
            self.row(
                pk=keys.case_pk(delivery.case),
                sk=f"{delivery_rows.PART}{delivery.id}#{keys.part_of(external_id)}",
                ref=keys.outbound_ref(external_id),
                ref_order=stamp(delivery.created_at),
            )
        )

    def due(self, at: datetime, limit: int, share: Share | None = None) -> Iterable[Due]:
        """Cases before outbox rows: a step climbed now queues rows that the stream itself brings."""
        of = [f"C#{number}" for number in range(keys.SHARDS)]
        shards = of[share.part :: share.of] if share else [*of, *_UNSENT]
        return self._all_due(shards, at, limit)

    def unsent_due(self, at: datetime, limit: int) -> Iterable[Due]:
        return self._all_due(_UNSENT, at, limit)

    def ladder_due(self, at: datetime, limit: int) -> Iterable[Due]:
        return self._all_due([f"E#{number}" for number in range(keys.SHARDS)], at, limit)

    def as_they_are(self, numbers: Sequence[str]) -> Mapping[str, Case | Unreadable]:
        wanted = [(keys.case_pk(number), "CASE") for number in dict.fromkeys(numbers)]
        with reading():
            found = list(self.row.batch_get(wanted, consistent_read=True))
        return {one.pk.removeprefix("CASE#"): _or_unreadable(one) for one in found}

    def _all_due(self, shards: Sequence[str], at: datetime, limit: int) -> Iterable[Due]:
        """Of each shard a part, all asked at once, and then more of those that have more: one that is full hides no
        other, nor do those that don't answer, which take the time of one (4 tries, some 15 s; entrypoints/clients.py).
        Raises Retry for these, after the others."""
        part, left = -(-limit // len(shards)), limit
        more, silent = list[tuple[str, Any]](), list[Retry]()
        with ThreadPoolExecutor(len(shards)) as hands:
            asked = [hands.submit(self._due, shard, at, part) for shard in shards]
        for shard, answer in zip(shards, asked, strict=True):
            try:
                found, behind = answer.result()
            except Retry as error:
                silent.append(error)
                continue
            more += [(shard, behind)] if behind else []
            yield from found[:left]
            left = max(0, left - len(found))
        for shard, behind in more:
            if left <= 0:
                return
            found, _ = self._due(shard, at, left, behind)
            left -= len(found)
            yield from found
        if silent:
            raise silent[0]

    def asleep(self, dues: Sequence[Due], on_unreadable: OnUnreadable) -> tuple[tuple[Case, Delivery], ...]:
        wanted = dict.fromkeys((keys.case_pk(due.case), sk) for due in dues for sk in (_sk(due), "CASE"))
        with reading():
            found = {(one.pk, one.sk): one for one in self.row.batch_get(list(wanted), consistent_read=True)}
        cases: dict[str, Case | Unreadable] = {}
        letters: list[tuple[Case, Delivery]] = []
        for due in dues:
            pk = keys.case_pk(due.case)
            row, of = found.get((pk, _sk(due))), found.get((pk, "CASE"))
            if row is None or of is None:
                continue
            try:
                if pk not in cases:
                    cases[pk] = _or_unreadable(of)
                case, letter = cases[pk], read_as(delivery_rows.delivery_of, row)
                if isinstance(case, Unreadable):
                    raise case
            except Unreadable as error:  # the next one must still be seen
                on_unreadable(due, error)
            else:
                letters += [(case, letter)] if letter.asleep else []
        return tuple(letters)

    def _due(self, shard: str, at: datetime, limit: int, behind: Any = None) -> tuple[list[Due], Any]:
        """And the key behind which there may be more."""
        row: Any = self.row
        with reading():
            asked = row.due_index.query(shard, row.due_at <= stamp(at), limit=limit, last_evaluated_key=behind)
            found = list(asked)
            return [_due_of(one, at) for one in found], asked.last_evaluated_key if len(found) >= limit else None

    def wake(self, due: Due, at: datetime) -> None:
        if due.delivery.startswith(PARCEL):
            self.open_parcel(due.case, due.delivery)
            return
        row = self.row
        item = row(pk=keys.case_pk(due.case), sk=_sk(due))
        unsent = row.state.is_in(DeliveryState.QUEUED.value, DeliveryState.CLAIMED.value)
        if not update(item, [row.wake.set(stamp(at))], unsent & (row.due_at <= stamp(at))):
            self._of_this_release(item)

    def _of_this_release(self, item: Row) -> None:
        """A row that was not written: somebody was faster with it, or a newer release was. Raises Unreadable."""
        with reading(), suppress(self.row.DoesNotExist):
            self.row.get(item.pk, item.sk, consistent_read=True).check()

    def oldest_unsent(self) -> datetime | None:
        """Among the first rows of each shard: a backlog that is longer than that is told by its age anyway. A row's
        place in the index is when it is tried next, so its age is read from the row."""
        row: Any = self.row
        with reading():
            first = [one for n in range(keys.SHARDS) for one in row.due_index.query(f"O#{n}", limit=_OLDEST)]
            waiting = list(row.batch_get([(one.pk, one.sk) for one in first]))
        return min((at for one in waiting if (at := _unsent_since(one))), default=None)


def _sk(due: Due) -> str:
    return f"{delivery_rows.OUT}{due.delivery}"


def _or_unreadable(row: Row) -> Case | Unreadable:
    """Once a case, however many letters it has."""
    try:
        return read_as(rows.case_of, row)
    except Unreadable as error:
        return error


def _due_of(row: Row, at: datetime) -> Due:
    """A row whose time can't be read is due: whoever works on it says what is wrong."""
    due_at = at
    with suppress(ValueError):
        due_at = parse_instant(row.due_at or "")
    return Due(row.pk.removeprefix("CASE#"), due_at, "" if row.sk == "CASE" else row.sk.removeprefix(delivery_rows.OUT))


def _unsent_since(row: Row) -> datetime | None:
    """When a letter was written that should have gone. Of a parcel that nobody opened its own time, and that of a row
    which can't be read: it is late either way."""
    try:
        if row.sk.startswith(PARCEL):
            return parse_instant(row.due_at or "")
        letter = read_as(delivery_rows.delivery_of, row)
        return letter.created_at if letter.attempts or letter.wake else None
    except (Unreadable, ValueError):
        with suppress(ValueError):
            return parse_instant(row.due_at or "")
        return None
