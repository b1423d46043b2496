"""Each minute: what is due now. Cases climb their ladder, outbox rows go through the stream again, and the ladder's
letters are let out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..domain.advance import advance
from ..domain.case import Change
from ..domain.errors import Retry
from ..domain.policy import Policy
from .ports import Due, Schedule
from .races import decided_anew
from .release import Release
from .scheduled import Scheduled

#: One sweep's work. What is left is due in the next minute's sweep all the same, since due is an index, not a list.
LIMIT = 2_000
#: Kept of a sweep's time for the letters: however many cases are due, what was queued before goes out.
FOR_LETTERS = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Swept:
    """Counts of one sweep. `letters` of the ladder went out, `withdrawn` were those whose clocks are met. `unfinished`:
    more was due than one sweep takes. `failed`: cases that could not be advanced, or letters that could not be let out,
    now."""

    cases: int = 0
    steps: int = 0
    woken: int = 0
    letters: int = 0
    withdrawn: int = 0
    failed: int = 0
    unfinished: bool = False


class Sweep:
    def __init__(self, work: Scheduled, schedule: Schedule) -> None:
        self.work, self.schedule = work, schedule
        self.release = Release(work, schedule)
        self._policy: Policy | None = None

    def __call__(self, at: datetime, on_failure: Callable[[Due, Exception], None] = lambda due, error: None) -> Swept:
        """Work on all that is due at `at`. Raises TimeAhead. One case that fails stops none of the others."""
        self.work.check(at)
        self._policy = None
        cases = steps = woken = failed = seen = 0
        unfinished, written = False, list[Due]()
        for due in self.schedule.due(at, LIMIT):
            seen += 1
            if self.work.remaining() < FOR_LETTERS:
                unfinished = True
                break
            try:
                if due.delivery:
                    self.schedule.wake(due, at)
                    woken += 1
                else:
                    change = self._advance(due.case, at)
                    cases += 1
                    steps += sum(entry.event == "escalated" for entry in change.history)
                    written += [
                        Due(one.case, one.due_at, one.id)
                        for one in change.deliveries
                        if one.asleep and one.due_at and one.due_at <= at
                    ]
            except Exception as error:  # the next case must still be seen; the caller logs and counts this one
                failed += 1
                on_failure(due, error)
        unfinished = unfinished or seen >= LIMIT
        released = self.release(at, written, unfinished, on_failure)
        return Swept(
            cases,
            steps,
            woken,
            released.letters,
            released.withdrawn,
            failed + released.failed,
            unfinished or released.waiting > 0,
        )

    def _advance(self, number: str, at: datetime) -> Change:
        """What was written; an empty change where somebody else was faster."""

        def once() -> Change:
            case = self.work.cases.case(number)
            if case is None or case.due_at is None or case.due_at > at:
                return Change()
            # Also without any step: a case that is due for nothing (its policy changed) must leave the index.
            change = advance(case, at, self._in_force(), self.work.ids).change()
            self.work.cases.commit(change)
            return change

        return decided_anew(once)

    def _in_force(self) -> Policy:
        """Once a sweep, and only when a case is due: as it is stored, since a policy that is a minute old could miss by
        yesterday's calendar."""
        if self._policy is None:
            try:
                self._policy = self.work.policies.current(fresh=True)
            except Retry:  # deadlines go on under the one that is known
                self._policy = self.work.policies.current()
        return self._policy
