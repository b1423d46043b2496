"""The desk's index: cases of several units in one order, page by page, and by status where one is asked for.

A status is looked for among all that are open (or ended), so what a page looks at is bounded: of 100,000 open cases
none may be in it, and the officer's request would end before the table's last row."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...domain.times import stamp
from ...domain.words import ENDED
from . import keys
from .reading import reading
from .table import Row

#: Rows that one page looks at, those of all its units together: 15 MB of the index, two seconds or three.
LOOKED_AT = 5_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """`after`: where the page before ended. `limit`: cases on a page."""

    units: Sequence[str | None]
    statuses: Sequence[str]
    overdue_at: datetime | None
    after: str | None
    limit: int
    looked_at: int = LOOKED_AT


@dataclass(frozen=True, slots=True)
class _Stop:
    """How far one unit was looked through; nothing behind may be shown before the rest of it."""

    desk_order: str


def page(row: type[Row], wanted: Wanted) -> tuple[list[Row], str | None]:
    """Each case once, and where the next page begins: None at the end. Raises Retry."""
    found: dict[str, Row] = {}
    last = ""
    with reading():
        for one in heapq.merge(*(_of(row, unit, wanted) for unit in wanted.units), key=_order):
            if isinstance(one, _Stop):
                return [*found.values()], one.desk_order
            if one.pk in found:  # a case lies on the desk of each of its units
                continue
            if len(found) == wanted.limit:
                return [*found.values()], last
            found[one.pk], last = one, _order(one)
    return [*found.values()], None


def _order(one: Row | _Stop) -> str:
    return one.desk_order or ""


def _of(row: Any, unit: str | None, wanted: Wanted) -> Iterator[Row | _Stop]:
    # What ended lies behind what is open: a status names its half of the partition.
    ended = {status in ENDED for status in wanted.statuses}
    first = "1" if ended == {True} else "0"
    last = "1" if ended == {False} else "2"
    after, overdue_at = wanted.after, wanted.overdue_at
    low, high = max(after or "", first), f"0#{stamp(overdue_at)}" if overdue_at else last
    if low >= high:
        return
    part = max(wanted.limit, wanted.looked_at // len(wanted.units))
    pages = row.desk_index.query(
        keys.desk_key(unit),
        # The cursor itself was shown already; the smallest string after it starts the next page.
        row.desk_order.between(low + ("\x00" if after else ""), high),
        filter_condition=row.state.is_in(*wanted.statuses) if wanted.statuses else None,
        page_size=wanted.limit + 1,
    ).page_iter
    for one in pages:
        pages.page_size = max(wanted.limit + 1, part)  # where the first answer had too few of that status
        yield from map(row.from_raw_data, one["Items"])
        if wanted.statuses and pages.last_evaluated_key and pages.total_scanned_count >= part:
            yield _Stop(pages.last_evaluated_key["desk_order"]["S"])
            return
