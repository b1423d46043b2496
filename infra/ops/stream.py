"""The rows behind a stream batch that deliver did not end, and waking those that are still to be sent.

A failed batch loses nothing: each unsent row is due again by its index, and the sweep wakes it. What is done here is to
say which rows they are, and not to wait for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from tanggap.adapters.dynamodb.delivery_rows import OUT
from tanggap.adapters.ids import utc_now
from tanggap.application.ports import Due, Unreadable
from tanggap.domain.words import DeliveryState

from .notices import Batch

if TYPE_CHECKING:
    from tanggap.adapters.dynamodb.cases import DynamoCases

#: Calls that one batch is worth: of deliver's ten records none lies further on.
_CALLS = 50


def rows_of(streams: Any, batch: Batch) -> tuple[tuple[str, str], ...] | None:
    """(case, delivery) of each outbox row of the batch. None where the stream holds it no more (24 hours) or can't be
    read."""
    found: dict[tuple[str, str], None] = {}
    try:
        iterator = streams.get_shard_iterator(
            StreamArn=batch.stream,
            ShardId=batch.shard,
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=batch.first,
        )["ShardIterator"]
        for _ in range(_CALLS):
            answer = streams.get_records(ShardIterator=iterator, Limit=100)
            for record in answer["Records"]:
                change = record["dynamodb"]
                if int(change["SequenceNumber"]) > int(batch.last):
                    return tuple(found)
                pk, sk = change["Keys"]["pk"]["S"], change["Keys"]["sk"]["S"]
                if sk.startswith(OUT):
                    found[pk.removeprefix("CASE#"), sk.removeprefix(OUT)] = None
                if change["SequenceNumber"] == batch.last:
                    return tuple(found)
            iterator = answer.get("NextShardIterator")
            if not iterator:
                break
    except (ClientError, BotoCoreError, KeyError, ValueError):
        return None
    return tuple(found) or None


def wake(table: DynamoCases, rows: Sequence[tuple[str, str]] | None) -> str:
    """What was done, in a line. Raises Unreadable once all others are woken, Retry."""
    if rows is None:
        return "removed: the stream holds its rows no more; each is due by its index, and the sweep wakes it"
    now = utc_now()
    woken, spoilt, sent, later, ends = list[str](), list[str](), 0, 0, 0
    for number, key in rows:
        try:
            row = table.delivery(number, key)
            if row is None or row.state not in (DeliveryState.QUEUED, DeliveryState.CLAIMED):
                ends += row is None or row.state in (DeliveryState.FAILED, DeliveryState.HELD)
                sent += row is not None and row.state in (DeliveryState.SENT, DeliveryState.DELIVERED)
            elif row.due_at and row.due_at > now:
                later += 1
            else:
                table.wake(Due(number, row.due_at or now, key), now)
                woken.append(f"{number}/{key}")
        except Unreadable:
            spoilt.append(f"{number}/{key}")
    said = f"{len(woken)} woken, {sent} have left" + (f" (woken: {' '.join(woken)})" if woken else "")
    said += f", {later} wait for their time" if later else ""
    said += f", {ends} failed or gone" if ends else ""
    if spoilt:
        raise Unreadable(f"{said}, {len(spoilt)} cannot be read: {' '.join(spoilt)}")
    return said
