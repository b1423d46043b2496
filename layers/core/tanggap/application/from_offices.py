"""An office's answer to a letter of ours, on its case for certain: passed on to the reporter, or a note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..domain.case import Message, Received
from ..domain.errors import Retry
from ..domain.words import Outcome, Reason
from .filing import Filing
from .officer_mail import Addressed, Judged, Offices
from .work import Result, Work, result


class FromOffices:
    def __init__(self, filing: Filing, offices: Offices, note: Callable[[Received], Result]) -> None:
        self.filing, self.offices, self.note = filing, offices, note

    def file(self, work: Work, office: Addressed) -> Result:
        """Raises what commit raises, and Retry."""
        judged = self._judged(work, office)
        received = replace(work.received, outcome=Outcome.FILED, reason=judged.reason, case=office.case.number)
        return self._commit(work, judged, received)

    def copy(self, work: Work, office: Addressed, number: str) -> Result:
        """The same mail stands on the case `number` already. Only a proof that it lacked there makes a difference."""
        judged = self._judged(work, office)
        received = replace(work.received, outcome=Outcome.DUPLICATE, reason=Reason.DUPLICATE, case=number).unguarded()
        before = self.offices.without_proof(judged) if judged.passed_on else None
        return self._commit(work, judged, received, before) if before else self.note(received)

    def _judged(self, work: Work, office: Addressed) -> Judged:
        judged = self.offices.judge(office, work.inbound, work.policy, work.now)
        if judged is None:
            raise Retry("the case of an office's letter is not readable")
        return judged

    def _commit(self, work: Work, judged: Judged, received: Received, before: Message | None = None) -> Result:
        # An office's address is in the policy; whoever else wrote is in the vault.
        sender, sealed = (None, None) if judged.mail.own else self.filing.sender(work)
        message = self.filing.message(judged.mail.case.number, work, judged.marks, judged.actor, sender)
        if before:
            message = replace(message, id=before.id, at=before.at)
        draft = self.offices.draft(judged, message, work.now, again=before is not None)
        self.filing.cases.commit(draft.change(received, sealed))
        return result(received)
