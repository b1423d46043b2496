"""How the desk stands: counts out of the indexes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from ...application.ports import Unreadable
from ...domain.case import Delivery
from . import delivery_rows, keys
from .reading import OnTable, read_as, reading


class StandingRows(OnTable):
    def missed_cases(self, units: Sequence[str | None], most: int) -> int:
        return self._cases(units, most, "0!")

    def open_cases(self, units: Sequence[str | None], most: int) -> int:
        return self._cases(units, most, "0")

    def _cases(self, units: Sequence[str | None], most: int, begins: str) -> int:
        """The cases themselves: one that several units work on lies on the desk of each."""
        row: Any = self.row
        found: set[str] = set()
        with reading():
            for unit in units:
                if len(found) > most:
                    break
                key, wanted = keys.desk_key(unit), row.desk_order.startswith(begins)
                rows = row.desk_index.query(key, wanted, limit=most + 1, attributes_to_get=["pk"])
                found.update(one.pk for one in rows)
        return len(found)

    def unsent_rows(self, each: int) -> tuple[Delivery, ...]:
        row: Any = self.row
        found: list[Delivery] = []
        with reading():
            ends = (
                row.due_index.query(f"O#{number}", limit=each, scan_index_forward=forward)
                for number in range(keys.SHARDS)
                for forward in (True, False)
            )
            places = dict.fromkeys(
                (one.pk, one.sk) for one in chain.from_iterable(ends) if one.sk.startswith(delivery_rows.OUT)
            )
            for one in row.batch_get(list(places)):
                try:
                    found.append(read_as(delivery_rows.delivery_of, one))
                except Unreadable:  # deliver says so each time it is woken; the sweep, of a newer release's
                    continue
        return tuple(found)
