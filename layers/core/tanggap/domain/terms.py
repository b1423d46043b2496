"""What a clock counts: so many hours or days, what stood still meanwhile, what was granted besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

Unit = Literal["hours", "calendar_days", "working_days", "office_hours"]
UNITS: tuple[Unit, ...] = get_args(Unit)
#: Units of which a part of a day counts.
BY_TIME: frozenset[Unit] = frozenset({"hours", "office_hours"})
#: Units that count only while the office works.
BY_OFFICE: frozenset[Unit] = frozenset({"working_days", "office_hours"})

LONGEST_TERM = 10_000


@dataclass(frozen=True, slots=True)
class Term:
    """Raises ValueError for what can't be counted."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError("a term counts hours, calendar_days, working_days or office_hours")
        if isinstance(self.amount, bool) or not isinstance(self.amount, int):
            raise ValueError("a term's amount is a whole number")
        if not 1 <= self.amount <= LONGEST_TERM:
            raise ValueError(f"a term is 1 to {LONGEST_TERM} long")


@dataclass(frozen=True, slots=True)
class Pause:
    """`until` is None while it lasts. `reason` is a word, never a text."""

    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Extension:
    """So many more of the term's unit, granted `at`, by an actor's id. `role`: the office that the actor held then, by
    which an explanation names who granted it. `unit`: what it counts, said only while it is set aside."""

    amount: int
    at: datetime
    by: str
    role: str = ""
    unit: Unit | Literal[""] = ""
