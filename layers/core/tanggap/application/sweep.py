"""Each minute: what is due now. Cases climb their ladder, outbox rows go through the stream again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..domain.advance import advance
from ..domain.draft import Ids
from ..domain.errors import Refuse
from .ports import Cases, Due, Policies, Schedule
from .races import settled

#: Clocks of two machines differ; a schedule's event may lie this far ahead of ours.
AHEAD = timedelta(minutes=5)
#: One sweep's work. What is left is due in the next minute's sweep all the same, since due is an index, not a list.
LIMIT = 2_000


class TimeAhead(Refuse):
    """The event's time lies ahead of the clock: somebody plays with time, or a clock is broken."""

    code = "time_ahead"


@dataclass(frozen=True, slots=True)
class Swept:
    """Counts of one sweep. `unfinished`: more was due than one sweep takes. `failed`: cases that could not be advanced
    now."""

    cases: int = 0
    steps: int = 0
    woken: int = 0
    failed: int = 0
    unfinished: bool = False


class Sweep:
    def __init__(
        self,
        cases: Cases,
        schedule: Schedule,
        policies: Policies,
        ids: Ids,
        clock: Callable[[], datetime],
        simulated: bool,
        remaining: Callable[[], timedelta] = lambda: timedelta.max,
    ) -> None:
        self.cases, self.schedule, self.policies, self.ids = cases, schedule, policies, ids
        self.clock, self.simulated, self.remaining = clock, simulated, remaining

    def __call__(self, at: datetime, on_failure: Callable[[Due, Exception], None] = lambda due, error: None) -> Swept:
        """Work on all that is due at `at`. Raises TimeAhead. One case that fails stops none of the others."""
        if not self.simulated and at > self.clock() + AHEAD:
            raise TimeAhead("the time of this event lies ahead of the clock")
        cases = steps = woken = failed = seen = 0
        for due in self.schedule.due(at, LIMIT):
            seen += 1
            if self.remaining() < timedelta(seconds=5):
                return Swept(cases, steps, woken, failed, True)
            try:
                if due.delivery:
                    self.schedule.wake(due, at)
                    woken += 1
                else:
                    steps += self._advance(due.case, at)
                    cases += 1
            except Exception as error:  # the next case must still be seen; the caller logs and counts this one
                failed += 1
                on_failure(due, error)
        return Swept(cases, steps, woken, failed, seen >= LIMIT)

    def _advance(self, number: str, at: datetime) -> int:
        def once() -> int:
            case = self.cases.case(number)
            if case is None or case.due_at is None or case.due_at > at:
                return 0
            draft = advance(case, at, self.policies.current(), self.ids, lambda: self.cases.waiting(number))
            # Also without any step: a case that is due for nothing (its policy changed) must leave the index.
            change = draft.change()
            self.cases.commit(change)
            return sum(entry.event == "escalated" for entry in change.history)

        return settled(once)
