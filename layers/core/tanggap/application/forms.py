"""What came by a form, on its way to its case: a report under the very number that its reporter was told, or a further
message by receipt code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..domain.case import Received
from ..domain.errors import Retry
from ..domain.inbound import Stated
from ..domain.intake_rules import settled_long_ago
from ..domain.words import Outcome, Reason
from .filing import Filing
from .from_forms import PROOF
from .threads import Thread, Threads
from .work import PATIENCE, Result, Work


class Forms:
    def __init__(self, filing: Filing, threads: Threads, note: Callable[[Received], Result]) -> None:
        self.filing, self.threads, self.note = filing, threads, note

    def file(self, work: Work, stated: Stated) -> Result:
        """Raises what commit raises, and Retry for a message whose report is still on its way."""
        case = self.filing.cases.case(stated.number)
        if not stated.adds:
            if case:
                return self._park(work, Reason.NUMBER_TAKEN)
            return self.filing.open(work, self.threads.find(work.inbound, work.known))
        if case is None:
            if work.now - work.inbound.at < PATIENCE:
                raise Retry("the report of this message is not filed yet")
            return self._park(work, Reason.UNMATCHED)
        work = replace(work, known=case.reporter, own=True)
        thread = Thread(case, PROOF)
        if settled_long_ago(case.ended_at, work.now, work.policy.intake):
            return self.filing.open(work, thread)
        return self.filing.add(work, thread, case)

    def _park(self, work: Work, reason: Reason) -> Result:
        return self.note(replace(work.received, outcome=Outcome.PARKED, reason=reason).unguarded())
