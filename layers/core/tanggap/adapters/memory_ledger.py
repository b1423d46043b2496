"""What was received and what became of it, and the report of its count, in memory."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ..application.ports import ReceivedPage, Tally
from ..domain.case import Received
from ..domain.times import stamp
from ..domain.words import Outcome
from .dynamodb.values import dumps


class MemoryLedger:
    """`kept`: the last report, as the table has it."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], Received] = {}
        self.kept = "null"
        self.trials: dict[str, int] = {}

    def note(self, received: Received) -> bool:
        key = (received.arrival, received.index)
        if key in self.rows:
            return False
        self.rows[key] = received
        return True

    def amend(self, received: Received) -> None:
        before = self.rows.get((received.arrival, received.index))
        if before is None or before.outcome is Outcome.PARKED:
            self.rows[received.arrival, received.index] = received

    def of(self, arrival: str) -> tuple[Received, ...]:
        return tuple(row for (key, _), row in sorted(self.rows.items()) if key == arrival)

    def trial(self, arrival: str, ended: bool = False) -> int:
        begun = self.trials.get(arrival, 0)
        self.trials[arrival] = 0 if ended else begun + 1
        return begun

    def outcomes(self, arrivals: Sequence[str]) -> dict[str, tuple[Outcome, ...]]:
        return {
            key: tuple(row.outcome if row else Outcome.WAITING for row in self._of(key))
            for key in arrivals
            if (key, 0) in self.rows
        }

    def tallies(self, arrivals: Sequence[str]) -> list[tuple[str, Tally | None]]:
        return [(key, self._tally(key) if (key, 0) in self.rows else None) for key in arrivals]

    def _tally(self, key: str) -> Tally:
        found, tally = self._of(key), Tally()
        for row in found:
            if row:
                tally.add(row)
        return tally.done(len(found))

    def _of(self, key: str) -> list[Received | None]:
        return [self.rows.get((key, index)) for index in range(self.rows[key, 0].of)]

    def received(
        self, outcome: str | None, since: datetime, until: datetime, after: str | None, limit: int
    ) -> ReceivedPage:
        keyed = {f"{stamp(row.at)}#{row.arrival}#{row.index:04d}": row for row in self.rows.values()}
        found = [
            (key, keyed[key])
            for key in sorted(keyed, reverse=True)
            if since <= keyed[key].at <= until and outcome in (None, keyed[key].outcome)
        ]
        page = [pair for pair in found if after is None or pair[0] < after]
        return ReceivedPage(tuple(row for _, row in page[:limit]), page[limit - 1][0] if len(page) > limit else None)

    def report(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = json.loads(self.kept)
        return found

    def keep_report(self, report: dict[str, Any]) -> None:
        self.kept = dumps(report)
