"""Letters that have not left, by the index that a sweep reads."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tanggap.adapters.dynamodb import delivery_rows, keys
from tanggap.adapters.dynamodb.reading import read_as, reading
from tanggap.application.ports import Unreadable
from tanggap.domain.case import Delivery
from tanggap.domain.words import DeliveryState

if TYPE_CHECKING:
    from tanggap.adapters.dynamodb.cases import DynamoCases

#: Of each shard, those that are tried next.
MOST = 500


def unsent(table: DynamoCases) -> tuple[tuple[Delivery, ...], bool]:
    """What was tried, or should go now; letters of the ladder that sleep until an office hour are not late. And whether
    there may be more."""
    row: Any = table.row
    with reading():
        shards = [list(row.due_index.query(f"O#{n}", limit=MOST)) for n in range(keys.SHARDS)]
        found = [one for shard in shards for one in shard]
        rows = list(row.batch_get([(one.pk, one.sk) for one in found])) if found else []
    letters: list[Delivery] = []
    for one in rows:
        if not one.sk.startswith(delivery_rows.OUT):
            continue
        with suppress(Unreadable):
            letter = read_as(delivery_rows.delivery_of, one)
            if letter.state in (DeliveryState.QUEUED, DeliveryState.CLAIMED):
                letters.append(letter)
    return tuple(letters), any(len(shard) >= MOST for shard in shards)
