"""Our own synthetic citizen at the door: who they are by proof, their mail, and our letter to them that comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ..domain.canary import RETURNED, SUBJECT, Way, is_canary, number_of, vouched
from ..domain.case import Received
from ..domain.draft import Draft, Ids
from ..domain.inbound import Inbound
from ..domain.triage import Desk
from ..domain.words import Channel, Outcome, Reason
from .filing import Filing
from .ports import Cases, Policies, Tokens
from .threads import Thread, Threads
from .work import Result, Work, result


def wrote(inbound: Inbound, tokens: Tokens, desk: Desk) -> bool:
    """By mail our own mail service must have signed it too, and it must be a report: it answers nothing, so that no
    answer to it can ever be answered. In the web form the proof stands alone."""
    named: tuple[str, ...] = ()
    reports = inbound.subject.startswith(SUBJECT) and not (inbound.references or inbound.automatic)
    if inbound.channel is Channel.EMAIL and reports and vouched(inbound.authenticity):
        named = (inbound.sender.address,)
    elif inbound.channel is Channel.WEB and inbound.stated and not inbound.stated.adds:
        named = (inbound.stated.email,)
    way = Way.MAIL if inbound.channel is Channel.EMAIL else Way.WEB
    who = tokens.canary_of(named, inbound.at, desk.mail_domain)
    return who is not None and who.way is way


def was_told(inbound: Inbound, tokens: Tokens, desk: Desk) -> bool:
    """Is it our own letter to them?"""
    ours = inbound.channel is Channel.EMAIL and inbound.sender.address == desk.intake_address
    if not (ours and vouched(inbound.authenticity)):
        return False
    return tokens.canary_of(inbound.recipients, inbound.at, desk.mail_domain) is not None


class CanaryMail:
    def __init__(
        self,
        filing: Filing,
        threads: Threads,
        policies: Policies,
        ids: Ids,
        clock: Callable[[], datetime],
        note: Callable[[Received], Result],
    ) -> None:
        self.filing, self.threads, self.policies, self.note = filing, threads, policies, note
        self.cases: Cases = filing.cases
        self.ids, self.clock = ids, clock

    def file(self, work: Work) -> Result:
        """A case of its own, whatever the mail seems to answer. A mail that SES took twice is one."""
        number = number_of(work.inbound.sender.address, work.inbound.subject)
        if self.cases.case(number):
            return self.again(work, number)
        return self.filing.open(work, Thread())

    def again(self, work: Work, number: str) -> Result:
        again = replace(work.received, outcome=Outcome.DUPLICATE, reason=Reason.CANARY, case=number)
        return self.note(again.unguarded())

    def returned(self, inbound: Inbound, received: Received) -> Result:
        """It is noted on its case that it came; nothing is filed and nobody is answered. Raises what commit raises."""
        thread = self.threads.find(inbound, None)
        case = thread.case or thread.named
        if case is None or not is_canary(case):
            return self.note(received.unguarded())
        received = replace(received, case=case.number)
        if RETURNED in case.marks:
            return self.note(received.unguarded())
        draft = Draft(case, max(self.clock(), inbound.at), "system", self.policies.current(), self.ids)
        draft.set(marks=(*case.marks, RETURNED))
        draft.record("letter_returned")
        self.cases.commit(draft.change(received))
        return result(received)
