"""Where a message goes: an office's answer to its letter, a case that there is, or one of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..domain.case import Case
from ..domain.draft import Ids
from ..domain.inbound import Inbound
from ..domain.intake_rules import settled_long_ago
from ..domain.numbers import number_in, numbers_in
from ..domain.office_tokens import OfficeToken
from ..domain.offices import standing
from ..domain.policy import Policy
from ..domain.thanks import only_acknowledged, only_thanks
from ..domain.triage import Desk
from ..domain.words import Kind, Status
from .officer_mail import Addressed, Offices
from .ports import Cases, Tokens
from .threads import OWN_WORDS, Thread, Threads


@dataclass(frozen=True, slots=True)
class Place:
    """`office`: it answers our letter to an office, or should have. `case`: where it is filed, None for a case of its
    own, which `thread` then names what it follows from. `of_no_case`: an office answers a letter of ours about several
    cases, or none, and does not say which it means."""

    case: Case | None
    thread: Thread
    office: Addressed | None = None
    of_no_case: bool = False


class Places:
    """Reads only."""

    def __init__(self, cases: Cases, tokens: Tokens, desk: Desk, ids: Ids) -> None:
        self.threads = Threads(cases, tokens, desk)
        self.offices = Offices(cases, tokens, desk, ids)

    def find(self, inbound: Inbound, known: str | None, policy: Policy, now: datetime) -> Place:
        """`known`: whom the vault knows by the sender's address."""
        office = self.offices.find(inbound)
        thread = Thread(office.case, "office_token") if office else self.threads.find(inbound, known)
        if office and not _is_its_reporter(inbound, known, office):
            return Place(office.case, thread, office)
        if not office and standing(inbound.sender.address, policy):
            if astray := self._astray(inbound, known, thread, policy):
                return Place(astray.case, thread, astray)
            if thread.case is None and not inbound.automatic and self.threads.of_no_case(inbound):
                return Place(None, thread, of_no_case=True)
        # The reporter, to whom an officer passed our letter on, answers the agency like any other time.
        case = thread.case
        late = case and (settled_long_ago(case.ended_at, now, policy.intake) or _takes_no_matter(case))
        if case and late and not _says_nothing(inbound, known, case):
            case = None
        return Place(case, thread)

    def _astray(self, inbound: Inbound, known: str | None, thread: Thread, policy: Policy) -> Addressed | None:
        """An address of the policy's on a case that is not its own report, by whatever a citizen would prove it with.
        It is never the reporter's word, nor a stranger's."""
        case = thread.case or self._named(inbound, thread)
        if case is None or known in case.reporters:
            return None
        until = policy.calendar.local(inbound.at).date()
        token = OfficeToken(case.number, inbound.sender.address, until)
        return Addressed(case, token, several=thread.several, astray=True)

    def _named(self, inbound: Inbound, thread: Thread) -> Case | None:
        """The case whose number stands in the subject, or alone in the answer to a letter about several."""
        if thread.named is None or not inbound.authenticity.aligned:
            return None
        number = thread.named.number
        if number_in(inbound.subject) == number:
            return thread.named
        alone = numbers_in(inbound.text[:OWN_WORDS]) == (number,)
        return thread.named if alone and self.threads.of_no_case(inbound) else None


def _is_its_reporter(inbound: Inbound, known: str | None, office: Addressed) -> bool:
    """Not where the reporter is that very office."""
    return known in office.case.reporters and inbound.sender.address != office.token.address


def _takes_no_matter(case: Case) -> bool:
    """Praise has no clocks: what is reported in answer to our thanks is a case of its own. What an officer asked about
    it is answered on it."""
    return case.kind is Kind.PRAISE and case.status is not Status.NEEDS_INFO


def _says_nothing(inbound: Inbound, known: str | None, case: Case) -> bool:
    """A machine, or the reporter's thanks: no matter of their own, however late."""
    if inbound.automatic:
        return True
    return known in case.reporters and (merely_thanks(inbound, case) or merely_acknowledged(inbound, case))


def merely_thanks(inbound: Inbound, case: Case) -> bool:
    """Thanks under our own subject or theirs. Under a new one they may stand below a new matter."""
    return only_thanks(inbound.text, (inbound.sender.name,)) and _of_that(inbound, case)


def merely_acknowledged(inbound: Inbound, case: Case) -> bool:
    """Likewise "ok", "baik pak"."""
    return only_acknowledged(inbound.text, (inbound.sender.name,)) and _of_that(inbound, case)


def _of_that(inbound: Inbound, case: Case) -> bool:
    subject = inbound.subject
    theirs = bool(case.subject) and case.subject in subject
    known = not subject or case.number == number_in(subject) or only_thanks(subject) or theirs
    return known and not inbound.files and not inbound.left_out
