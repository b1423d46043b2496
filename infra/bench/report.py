"""Numbers to text: medians with their spread, and tables in plain characters."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """Repeated measurements of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def quartiles(self) -> tuple[float, float]:
        if len(self.values) < 2:
            return self.values[0], self.values[0]
        low, _, high = statistics.quantiles(self.values, n=4, method="inclusive")
        return low, high

    def spread(self) -> dict[str, float]:
        low, high = self.quartiles
        return {
            "min": round(min(self.values), 4),
            "p25": round(low, 4),
            "median": round(self.median, 4),
            "p75": round(high, 4),
            "max": round(max(self.values), 4),
        }

    def text(self, digits: int = 2) -> str:
        low, high = self.quartiles
        return f"{self.median:.{digits}f} [{low:.{digits}f} .. {high:.{digits}f}]"


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with its first column flush left and all others flush right."""
    cells = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(head))]

    def line(row: Sequence[str]) -> str:
        return "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])

    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    return "\n".join([title, rule, line(cells[0]), rule, *(line(row).rstrip() for row in cells[1:]), rule])


def judged(value: float, target: float) -> str:
    """`ok` or by how much it is over."""
    return "ok" if value <= target else f"OVER by {value - target:.2f}".rstrip("0").rstrip(".")
