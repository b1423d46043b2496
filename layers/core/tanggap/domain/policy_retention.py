"""How long a case that has ended is kept, by its kind, out of a policy.

Only said, and carried to the case (`Case.keep_until`): nothing is deleted by it here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from .calendar import ZERO, WorkCalendar
from .intake_rules import IntakeRules
from .policy_reader import Reader, is_whole
from .promises import Promise
from .terms import BY_OFFICE, Term
from .words import Kind

LONGEST_YEARS = 100
#: Until then a reporter may go to the Ombudsman (UU 37/2008, art. 24: two years from what happened).
APPEAL_DAYS = 730
#: Weeks of a year in which an office works at least; an upper bound of what a term in working days lasts.
_WORKED_WEEKS = 40
FIELDS = frozenset({"years", "source"})


@dataclass(frozen=True, slots=True)
class Kept:
    """Whole years from the day on which the case ended, and by which law."""

    years: int
    source: str = ""

    def until(self, ended: date) -> date:
        """The last day. What ended on 29 February is kept to the end of a February."""
        year = ended.year + self.years
        try:
            return ended.replace(year=year)
        except ValueError:
            return date(year, 2, 28)


#: None: for good. The law that says how long is the agency's own schedule (JRA), which UU 43/2009 asks of each.
Retention = Mapping[Kind, Kept | None]
DEFAULT_KEPT = Kept(5, "the agency's own choice; check its records schedule (JRA, UU 43/2009 art. 48)")
DEFAULT_RETENTION: Retention = dict.fromkeys(Kind, DEFAULT_KEPT)


def read_retention(reader: Reader, raw: Mapping[str, Any]) -> Retention:
    """What is not named has our default, unless the agency speaks of every kind (*)."""
    table = reader.table(raw, "retention")
    for key in sorted(table.keys() - {"closed_cases"}):
        reader.fault(f"retention.{key}", "is not a part of it")
    given = reader.table(table, "closed_cases", "retention.")
    read: dict[str, Kept | None] = {}
    for key, row in given.items():
        if key not in {*Kind, "*"}:
            reader.fault(f"retention.closed_cases.{key}", "is not a kind of case")
        else:
            read[key] = _kept(reader, f"retention.closed_cases.{key}", row)
    return {kind: read.get(kind, read.get("*", DEFAULT_KEPT)) for kind in Kind}


def _kept(reader: Reader, place: str, row: Any) -> Kept | None:
    if row is None:
        return None
    if not isinstance(row, dict):
        reader.fault(place, "must be an object with years (or null: kept for good)")
        return None
    for key in sorted(row.keys() - FIELDS):
        reader.fault(f"{place}.{key}", "is not a part of it")
    years = row.get("years")
    if not (is_whole(years) and 1 <= years <= LONGEST_YEARS):
        reader.fault(f"{place}.years", f"must be a whole number from 1 to {LONGEST_YEARS}")
        return None
    return Kept(years, reader.text(row, "source", f"{place}.", 200) if "source" in row else "")


def too_short(
    retention: Retention, promises: Mapping[str, Promise], intake: IntakeRules, calendar: WorkCalendar
) -> Iterator[tuple[Kind, int, str]]:
    """Kinds that would be gone while somebody may still ask for them: the days that they must be kept at least, and
    what asks for them."""
    for kind, kept in retention.items():
        if kept is None:
            continue
        days, why = max(
            (APPEAL_DAYS, "a complaint to the Ombudsman"),
            (intake.reopen_within_days, "intake.reopen_within_days"),
            *((_days(term, calendar), f"the longest term of clocks.{name}") for name, term in _terms(kind, promises)),
        )
        if kept.years * 365 < days:
            yield kind, days, why


def _terms(kind: Kind, promises: Mapping[str, Promise]) -> Iterator[tuple[str, Term]]:
    """With what may be granted besides."""
    for name, promise in promises.items():
        for (of, _), allowed in promise.allowed.items():
            if of is kind and allowed:
                yield name, Term(allowed.term.amount + allowed.extension, allowed.term.unit)


def _days(term: Term, calendar: WorkCalendar) -> int:
    """Calendar days that a term lasts at most."""
    amount: float = term.amount
    if term.unit == "hours":
        amount /= 24
    if term.unit == "office_hours":
        shortest = min(sum((end - begin for begin, end in calendar.hours.of(day).spans), ZERO) for day in range(7))
        amount /= shortest.total_seconds() / 3600
    if term.unit in BY_OFFICE:
        amount *= 365 / (_WORKED_WEEKS * len(calendar.hours.weekdays))
    return ceil(amount)
