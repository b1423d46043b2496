"""What a simulation counts, so that runs of several processes add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class Tally:
    """`clocks` by (name, outcome); `steps` by (month, audience); `letters` by purpose; `open_at` a month's begin."""

    cases: int = 0
    clocks: Counter[tuple[str, str]] = field(default_factory=Counter)
    late_hours: Counter[str] = field(default_factory=Counter)
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    open_at: Counter[str] = field(default_factory=Counter)
    worked_minutes: Counter[str] = field(default_factory=Counter)
    busiest_day: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        self.cases += other.cases
        for name in ("clocks", "late_hours", "steps", "letters", "ends", "open_at", "worked_minutes"):
            getattr(self, name).update(getattr(other, name))
        for role, most in other.busiest_day.items():
            self.busiest_day[role] = max(self.busiest_day[role], most)

    def share_in_time(self, clock: str) -> float | None:
        met, missed = self.clocks[clock, "met"], self.clocks[clock, "missed"]
        return met / (met + missed) if met + missed else None

    def as_json(self) -> dict[str, Any]:
        names = sorted({name for name, _ in self.clocks})
        return {
            "cases": self.cases,
            "clocks": {
                name: {
                    "met": self.clocks[name, "met"],
                    "missed": self.clocks[name, "missed"],
                    "running": self.clocks[name, "running"],
                    "in_time": self.share_in_time(name),
                    "mean_hours_late": round(self.late_hours[name] / max(1, self.clocks[name, "missed"]), 1),
                }
                for name in names
            },
            "steps": {f"{month} {audience}": count for (month, audience), count in sorted(self.steps.items())},
            "letters": dict(sorted(self.letters.items())),
            "busiest_day": dict(sorted(self.busiest_day.items())),
            "ends": dict(sorted(self.ends.items())),
            "open_at": dict(sorted(self.open_at.items())),
            "worked_hours": {team: round(minutes / 60) for team, minutes in sorted(self.worked_minutes.items())},
        }


def month(at: datetime) -> str:
    return f"{at.year}-{at.month:02d}"
