"""A week and a half of sweeps, by simulated time, while the table throttles what they write and read."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from infra.faults.rules import Fault

if TYPE_CHECKING:
    from infra.faults.run import Run

#: Days after the reports: past verification's breach, and the steps one and three working days after it, with two
#: weekends between.
DAYS = range(1, 13)
#: In the morning of the office (03:00 UTC is 10:00 in Jakarta), whenever the suite is run: most letters of the ladder
#: wait for it.
HOUR = 3
#: Of the calls of a sweep; five tries of which none passes are a case that this sweep could not advance.
THROTTLED = (
    Fault("dynamodb", "throttle", 0.7, operation="TransactWriteItems"),
    Fault("dynamodb", "throttle", 0.7, operation="UpdateItem"),
    Fault("dynamodb", "throttle", 0.3, operation="Query"),
)
#: On so many days, the first on which half of the round's cases have something to do; on one of them the whole table is
#: shut for so many seconds besides, and swept all the while. The others show that what was put off is caught up with.
HARD = 5
SHUT_ON, SHUT = 2, 10.0
#: Sweeps of one day at most, until nothing is left.
MOST = 8


def days(run: Run, done: Counter[str]) -> None:
    many = max(1, len(run.of_round()) // 2)
    for day in DAYS:
        at = (run.began + timedelta(days=day)).replace(hour=HOUR, minute=0)
        if done["days throttled"] < HARD and run.desk.cases_due(at) >= many:
            done["days throttled"] += 1
            if done["days throttled"] == SHUT_ON:
                done["days shut"] += 1
                run.put((Fault("dynamodb", "throttle"),))
                ends = time.monotonic() + SHUT
                while time.monotonic() < ends:
                    _swept(run, done, at)
            run.put(THROTTLED)
            _swept(run, done, at)
        run.put(())
        for _ in range(MOST):
            facts = _swept(run, done, at)
            if facts and not (facts["failed"] or facts["unfinished"] or facts["cases"]):
                break
        done["days swept"] += 1
        run.swept_to = max(run.swept_to, at)


def _swept(run: Run, done: Counter[str], at: datetime) -> dict[str, Any]:
    """Empty for a run that failed."""
    facts = run.sweep(at)
    done["sweeps that failed"] += not facts
    done["cases that failed in a sweep"] += facts.get("failed", 0)
    done["steps"] += facts.get("steps", 0)
    done["letters"] += facts.get("letters", 0)
    return facts
