"""What is assumed of citizens and officers: numbers of a file, each with a default that stands in for no agency's
measurement."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from tanggap.domain.words import Kind

#: Night, morning, office hours with lunch, evening: 24 weights.
HOURS = (*[0.2] * 6, 0.6, 0.9, *[1.2] * 4, 1.5, 1.2, *[1.0] * 3, 1.1, 1.3, 1.5, 1.4, 1.0, 0.6, 0.3)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Shares are 0 to 1; minutes are medians of office time that one case takes of one person. `staff` by unit id;
    "coordinator" verifies and disposes, "*" stands for every team that is not named."""

    #: Reports by kind.
    kinds: Mapping[str, float] = field(
        default_factory=lambda: {"complaint": 0.7, "information": 0.15, "aspiration": 0.1, "supervisory": 0.05}
    )
    #: By weekday (Monday first) and by hour of the agency's day: people write at lunch and in the evening.
    weekdays: tuple[float, ...] = (1.2, 1.1, 1.0, 1.0, 0.9, 0.6, 0.6)
    hours: tuple[float, ...] = HOURS
    #: People of a team. A team that is not named has as many as its work keeps busy for this share of their time.
    staff: Mapping[str, int] = field(default_factory=dict)
    busy: float = 0.8
    verify_minutes: float = 10
    work_minutes: float = 90
    #: How widely the minutes spread (sigma of their logarithm).
    spread: float = 0.8
    incomplete: float = 0.1
    rejected: float = 0.05
    answers_questions: float = 0.7
    #: Days until a citizen answers (mean of an exponential).
    answer_days: float = 3
    objects: float = 0.08
    thanks: float = 0.3
    #: Officers who write a first word before they answer.
    interim_reply: float = 0.2

    def team(self, name: str, cases: float, minutes: float, office_minutes: float) -> int:
        """How many people: for so many `cases` of so many `minutes` (a median) in so much office time."""
        named = self.staff.get(name, self.staff.get("*", 0))
        mean = minutes * math.exp(self.spread**2 / 2)  # of a lognormal
        return named or max(1, math.ceil(cases * mean / (self.busy * max(1, office_minutes))))


def read_scenario(raw: Mapping[str, Any]) -> Scenario:
    """Raises ValueError naming what is wrong."""
    known = {one.name for one in fields(Scenario)}
    if wrong := sorted(raw.keys() - known):
        raise ValueError(f"a scenario knows no {', '.join(wrong)}; it knows {', '.join(sorted(known))}")
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    found = Scenario(**given)
    if not found.kinds or set(found.kinds) - set(Kind):
        raise ValueError(f"kinds are of {', '.join(Kind)}")
    if not 0 < found.busy <= 1 or any(not isinstance(one, int) or one < 1 for one in found.staff.values()):
        raise ValueError("busy is a share above 0, staff are whole numbers from 1")
    if len(found.weekdays) != 7 or len(found.hours) != 24:
        raise ValueError("weekdays are 7 weights, hours 24")
    for name in ("incomplete", "rejected", "answers_questions", "objects", "thanks", "interim_reply"):
        if not 0 <= getattr(found, name) <= 1:
            raise ValueError(f"{name} is a share from 0 to 1")
    if found.incomplete + found.rejected > 1:
        raise ValueError("incomplete and rejected are shares of the same reports: together at most 1")
    if min(found.verify_minutes, found.work_minutes, found.answer_days) <= 0 or found.spread < 0:
        raise ValueError("minutes and days are above 0")
    return found
