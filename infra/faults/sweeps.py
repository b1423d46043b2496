"""A week and a half of sweeps, by simulated time, while the table throttles what they write and read."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from infra.faults.rules import Fault

if TYPE_CHECKING:
    from infra.faults.run import Run

#: Days after the reports: past verification's breach, and the steps one and three working days after it.
DAYS = range(1, 11)
#: Of the calls of a sweep; five tries of which none passes are a case that this sweep could not advance.
THROTTLED = (
    Fault("dynamodb", "throttle", 0.7, operation="TransactWriteItems"),
    Fault("dynamodb", "throttle", 0.7, operation="UpdateItem"),
    Fault("dynamodb", "throttle", 0.3, operation="Query"),
)
#: On which days, of a sweep in which most has something to do; on one the whole table is shut for ten seconds besides,
#: and swept all the while. The others show that what was put off is caught up with.
HARD = frozenset({1, 3, 4, 8, 9})
SHUT_ON, SHUT = 4, 10.0
#: Sweeps of one day at most, until nothing is left.
MOST = 8


def days(run: Run, done: Counter[str]) -> None:
    for day in DAYS:
        at = run.began + timedelta(days=day)
        if day == SHUT_ON:
            run.put((Fault("dynamodb", "throttle"),))
            ends = time.monotonic() + SHUT
            while time.monotonic() < ends:
                _swept(run, done, at)
        if day in HARD:
            run.put(THROTTLED)
            _swept(run, done, at)
        run.put(())
        for _ in range(MOST):
            facts = _swept(run, done, at)
            if facts and not (facts["failed"] or facts["unfinished"] or facts["cases"]):
                break
        done["days swept"] += 1
    run.swept_to = max(run.swept_to, run.began + timedelta(days=max(DAYS)))


def _swept(run: Run, done: Counter[str], at: datetime) -> dict[str, Any]:
    """Empty for a run that failed."""
    facts = run.sweep(at)
    done["sweeps that failed"] += not facts
    done["cases that failed in a sweep"] += facts.get("failed", 0)
    done["steps"] += facts.get("steps", 0)
    return facts
