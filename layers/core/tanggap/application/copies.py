"""The same message came before, by another way. What that way made of it (a list's header, a forwarder that broke the
proof of its sender) does not stand over a copy that came straight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..domain import citizens
from ..domain.case import Message, Received
from ..domain.citizens import Opening
from ..domain.draft import Draft
from ..domain.inbound import Inbound
from ..domain.notes import notes
from ..domain.words import Outcome, Reason, Status
from .filing import Filing
from .ports import CaseFile
from .work import Result, Work, result


class Copies:
    def __init__(self, filing: Filing, note: Callable[[Received], Result]) -> None:
        self.filing, self.note = filing, note

    def file(self, work: Work, number: str) -> Result:
        """`number`: the case on which it stands; empty where it made none. Raises what commit raises."""
        received = replace(work.received, outcome=Outcome.DUPLICATE, reason=Reason.DUPLICATE, case=number).unguarded()
        file = self.filing.cases.file(number, texts=False) if work.verdict.answer and number else None
        before = next((one for one in file.messages if _is_copy(one, work.inbound)), None) if file else None
        if file is None or before is None:
            return self.note(received)
        work = replace(work, files=before.files)
        opens = before.id == file.messages[0].id
        actor = "reporter" if opens or work.known in file.case.reporters else "other"
        marks = tuple(mark for mark in before.marks if mark in ("claims_number", "several_cases"))
        marks += ("other_sender",) if actor == "other" else ()
        sender, sealed = self.filing.sender(work)
        message = self.filing.message(number, work, marks, actor, sender or before.sender)
        message = replace(message, id=before.id, at=before.at)  # what it is read from is now this arrival
        draft = citizens.better_copy(file.case, message, work.now, work.policy, self.filing.ids)
        if opens:
            self._opens(draft, work, file, message, before.automatic)
        else:
            citizens.hear(draft, self.filing.addition(work, message, file.case, "copy"), work.policy)
        self.filing.cases.commit(draft.change(received, sealed))
        return result(received)

    def _opens(self, draft: Draft, work: Work, file: CaseFile, message: Message, was_automatic: bool) -> None:
        """The case that it opened is a person's after all, and is told of, where nobody has worked on it yet."""
        citizens.clear(draft, message)
        if file.case.status is Status.NEW and self.filing.asked_again(work).answer:
            number, inbound = file.case.number, work.inbound
            opening = Opening(number=number, message=message, reporter=work.known, answer=True, notes=notes(inbound))
            citizens.acknowledge_after_all(draft, self.filing.understood(opening, work), was_automatic)


def _is_copy(one: Message, inbound: Inbound) -> bool:
    """The very message, which stands there as a machine's or a forger's. Of another under the same id, which the sender
    chooses, the words differ; a subject is what lists put their name before."""
    said = inbound.text.startswith(one.text) if one.body else inbound.full_text == (one.full_text or one.text)
    doubtful = one.automatic or one.authenticity == "forged"
    return doubtful and said and one.external_id == inbound.external_id
