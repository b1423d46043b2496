"""The index of what the world may see: a row beside each such case, by month and time of receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from ...application.ports import Unreadable
from ...application.ports.public import Listed
from ...domain.case import Case, Change, Message
from ...domain.times import parse_instant, stamp
from . import keys, rows
from .reading import OnTable, read_as, reading
from .table import Row

#: The sort key of the row; under it in the index only while the case is public. Texts stay in the message's own row, of
#: which `data` is the sort key: what is erased there is gone here.
SK = "PUBLIC"
#: Keys that DynamoDB takes in one batch.
_BATCH = 100


def public_row(model: type[Row], case: Case, change: Change) -> Row:
    first = next((one for one in change.messages if one.direction == "in"), None) if change.expected == 0 else None
    listed = bool(change.public)
    return model(
        pk=keys.case_pk(case.number),
        sk=SK,
        data=rows.message_sk(first) if first else None,
        ref=keys.public_ref(case.received_at) if listed else None,
        ref_order=f"{stamp(case.received_at)}#{case.number}" if listed else None,
    )


class PublicRows(OnTable):
    def listed(self, since: datetime, until: datetime, limit: int) -> tuple[Listed, ...]:
        """A month's partition after another, the newest first: of 90 days four, or five."""
        index: Any = self.row.ref_index  # type: ignore[attr-defined]
        between = self.row.ref_order.between(stamp(since), f"{stamp(until)}~")
        found: list[Listed] = []
        with reading():
            for ref in keys.public_refs(since, until):
                left = limit - len(found)
                if left <= 0:
                    break
                page = index.query(ref, between, limit=left, page_size=min(left, 1000), scan_index_forward=False)
                found += [line for row in page if (line := _line(row))]
        return tuple(found)

    def lines(self, numbers: Sequence[str]) -> Mapping[str, Listed | None]:
        found = self._batch([(keys.case_pk(one), sk) for one in numbers for sk in ("CASE", SK)], consistent=True)
        cases = [one for one in numbers if (keys.case_pk(one), "CASE") in found]
        lines = {one: found.get((keys.case_pk(one), SK)) for one in cases}
        return {one: _line(row) if row and row.ref else None for one, row in lines.items()}

    def behind(self, lines: Sequence[Listed]) -> tuple[tuple[Case, Message | None], ...]:
        found = self._batch([(keys.case_pk(one.number), sk) for one in lines for sk in ("CASE", one.message) if sk])
        pairs = []
        for one in lines:
            pk = keys.case_pk(one.number)
            if row := found.get((pk, "CASE")):
                with suppress(Unreadable):
                    said = found.get((pk, one.message)) if one.message else self._first(one.number)
                    pairs.append((read_as(rows.case_of, row), read_as(rows.message_of, said) if said else None))
        return tuple(pairs)

    def _batch(self, wanted: Sequence[tuple[str, str]], consistent: bool = False) -> dict[tuple[str, str], Row]:
        found: dict[tuple[str, str], Row] = {}
        with reading():
            for start in range(0, len(wanted), _BATCH):
                some = self.row.batch_get(wanted[start : start + _BATCH], consistent_read=consistent)
                found |= {(row.pk, row.sk): row for row in some}
        return found

    def _first(self, number: str) -> Row | None:
        with reading():
            found = self.row.query(keys.case_pk(number), self.row.sk.startswith("MSG#"), limit=1)
            return next(iter(found), None)


def _line(row: Row) -> Listed | None:
    """What a newer release says of a case is not shown to the world."""
    try:
        row.check()
    except Unreadable:
        return None
    at = parse_instant((row.ref_order or "").partition("#")[0])
    return Listed(row.pk.removeprefix("CASE#"), at, row.data or "")
