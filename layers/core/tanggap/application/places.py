"""Where a message goes: an office's answer to its letter, a case that there is, or one of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..domain.case import Case
from ..domain.draft import Ids
from ..domain.inbound import Inbound
from ..domain.intake_rules import settled_long_ago
from ..domain.numbers import number_in
from ..domain.policy import Policy
from ..domain.thanks import only_thanks
from ..domain.triage import Desk
from .officer_mail import Addressed, Offices
from .ports import Cases, Tokens
from .threads import Thread, Threads


@dataclass(frozen=True, slots=True)
class Place:
    """`office`: it answers our letter to an office. `case`: where it is filed, None for a case of its own, which
    `thread` then names what it follows from."""

    case: Case | None
    thread: Thread
    office: Addressed | None = None


class Places:
    """Reads only."""

    def __init__(self, cases: Cases, tokens: Tokens, desk: Desk, ids: Ids) -> None:
        self.threads = Threads(cases, tokens, desk)
        self.offices = Offices(cases, tokens, desk, ids)

    def office(self, inbound: Inbound, known: str | None) -> Addressed | None:
        office = self.offices.find(inbound)
        return None if office and _is_its_reporter(inbound, known, office) else office

    def find(self, inbound: Inbound, known: str | None, policy: Policy, now: datetime) -> Place:
        """`known`: whom the vault knows by the sender's address."""
        office = self.offices.find(inbound)
        thread = Thread(office.case, "office_token") if office else self.threads.find(inbound, known)
        if office and not _is_its_reporter(inbound, known, office):
            return Place(office.case, thread, office)
        # The reporter, to whom an officer passed our letter on, answers the agency like any other time.
        case = thread.case
        if case and settled_long_ago(case.ended_at, now, policy.intake) and not _says_nothing(inbound, known, case):
            case = None
        return Place(case, thread)


def _is_its_reporter(inbound: Inbound, known: str | None, office: Addressed) -> bool:
    """Not where the reporter is that very office."""
    return known in office.case.reporters and inbound.sender.address != office.token.address


def _says_nothing(inbound: Inbound, known: str | None, case: Case) -> bool:
    """A machine, or the reporter's thanks: no matter of their own, however late."""
    return bool(inbound.automatic) or (known in case.reporters and merely_thanks(inbound, case))


def merely_thanks(inbound: Inbound, case: Case) -> bool:
    """Thanks under our own subject or theirs. Under a new one they may stand below a new matter."""
    subject = inbound.subject
    theirs = bool(case.subject) and case.subject in subject
    known = not subject or case.number == number_in(subject) or only_thanks(subject) or theirs
    return known and not inbound.files and not inbound.left_out and only_thanks(inbound.text, (inbound.sender.name,))
