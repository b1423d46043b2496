"""Case after case through every desk, for what is counted, exported or anchored: by the desks' index, never by a scan.

Each case lies on the desk of its lead; what is open is read whole, what has ended from an instant on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from ..domain.case import Case
from ..domain.policy import Policy
from ..domain.times import stamp
from ..domain.words import ENDED, Status
from .ports import Cases, Unreadable

#: Before any case: what has ended is read whole too.
EVER = datetime(2000, 1, 1, tzinfo=UTC)
#: Cases a page.
PAGE = 200
#: Sorts the ended behind the open, by when they ended (`desk_order` in the tables' adapter, and the one in memory).
_ENDED_FROM = "1#"
_OPEN: tuple[str, ...] = tuple(one for one in Status if one not in ENDED)
_OVER: tuple[str, ...] = tuple(ENDED)


def every_case(
    cases: Cases, policy: Policy, ended_since: datetime, on_unreadable: Callable[[str], None] = lambda number: None
) -> Iterator[Case]:
    """Each case once: the open ones, and those that ended at or after an instant. `on_unreadable` hears the number of
    one that this release can't read."""
    desks = (None, *policy.units, *policy.former_units)
    apart: set[str] = set()  # cases that one desk alone does not tell apart: they lie on several
    for desk in desks:
        for statuses, after in ((_OPEN, None), (_OVER, f"{_ENDED_FROM}{stamp(ended_since)}")):
            for case in _listed(cases, desk, statuses, after, on_unreadable):
                if case.others or case.unit != desk:
                    if case.number in apart:
                        continue
                    apart.add(case.number)
                yield case


def _listed(
    cases: Cases, desk: str | None, statuses: Sequence[str], after: str | None, on_unreadable: Callable[[str], None]
) -> Iterator[Case]:
    while True:
        page = cases.listing((desk,), statuses, None, after, PAGE)
        yield from page.cases
        for number in page.unreadable:
            on_unreadable(number)
        after = page.after
        if after is None:
            return


def if_readable(cases: Cases, number: str) -> Case | None:
    """For a look beside the case that was asked for: one that this release can't read is none."""
    try:
        return cases.case(number)
    except Unreadable:
        return None
