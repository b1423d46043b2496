"""Who and whether: one table of questions over a message, the first that says yes decides.

Each row is told in a test of its own. What no row settles goes on to threading (which case?)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .inbound import Inbound
from .intake_rules import DEFAULT_RULES, NOTHING_LATELY, IntakeRules, Lately
from .words import Channel, Outcome, Reason


@dataclass(frozen=True, slots=True)
class Desk:
    """Our own addresses, lower case."""

    mail_domain: str
    intake_address: str


@dataclass(frozen=True, slots=True)
class Around:
    """What a question may look at beside the message. `lately` is told once the case and its sender are known; before,
    nothing is too often. `let_in`: an officer looked at it and wants it read. `echo`: it names a case of its own
    sender, as an answer to our letter does, without proving that it is one. `canary`: our own synthetic citizen, proved
    (domain.canary), wrote it; or is who it was written to, by us."""

    rules: IntakeRules = DEFAULT_RULES
    lately: Lately = NOTHING_LATELY
    let_in: bool = False
    echo: bool = False
    canary: Literal["", "wrote", "was_told"] = ""


NOTHING_YET = Around()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is None where threading will tell it (new case, reply, linked case). `answer` says whether this message
    may cause an answer at all. `question` names the row that decided."""

    outcome: Outcome
    reason: Reason | None
    answer: bool
    question: str

    @property
    def goes_on(self) -> bool:
        """To threading: it is filed on some case."""
        return self.outcome is Outcome.FILED


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    asks: Callable[[Inbound, Desk, Around], bool]
    outcome: Outcome
    reason: Reason | None
    answer: bool = False


def _not_ours(inbound: Inbound, desk: Desk, around: Around) -> bool:
    by_mail = inbound.channel is Channel.EMAIL  # whatever else came in, came in by a door of ours
    return by_mail and not any(_domain(address) == desk.mail_domain for address in inbound.recipients)


def _virus(inbound: Inbound, desk: Desk, around: Around) -> bool:
    return inbound.authenticity.virus == "FAIL"


def _spam(inbound: Inbound, desk: Desk, around: Around) -> bool:
    return inbound.authenticity.spam == "FAIL" and not around.let_in


def _canary(inbound: Inbound, desk: Desk, around: Around) -> bool:
    return around.canary == "wrote"


def _to_canary(inbound: Inbound, desk: Desk, around: Around) -> bool:
    return around.canary == "was_told"


def _own(inbound: Inbound, desk: Desk, around: Around) -> bool:
    """Nobody but this system writes from the mail domain: either it is our own mail coming back, or a forgery."""
    sender = inbound.sender.address
    by_mail = inbound.channel is Channel.EMAIL  # in a form, anybody may have typed it: no report is refused for that
    return by_mail and (_domain(sender) == desk.mail_domain or sender == desk.intake_address)


def _failure(inbound: Inbound, desk: Desk, around: Around) -> bool:
    """The reader finds none in what a person forwards to ask about it."""
    return bool(inbound.failures)


def _automatic(inbound: Inbound, desk: Desk, around: Around) -> bool:
    return bool(inbound.automatic)


def _forged(inbound: Inbound, desk: Desk, around: Around) -> bool:
    return inbound.authenticity.forged


def _unanswerable(inbound: Inbound, desk: Desk, around: Around) -> bool:
    return not inbound.sender.address


def _echo(inbound: Inbound, desk: Desk, around: Around) -> bool:
    """This sender has our acknowledgement of that very matter. A machine that answers it without saying that it is one
    would get a second one, and a third."""
    return around.echo


def _too_often(inbound: Inbound, desk: Desk, around: Around) -> bool:
    return around.lately.too_often(around.rules)


def _anything(inbound: Inbound, desk: Desk, around: Around) -> bool:
    return True


#: The order is the rule. Spam and virus come before what would file them, our own mail before what it says, and the
#: one whose mail may come from our own domain before that; a failure report is written by a machine, so it is asked for
#: first; what may be answered is asked last.
QUESTIONS: tuple[Question, ...] = (
    Question("not_ours", _not_ours, Outcome.REFUSED, Reason.UNMATCHED),
    Question("virus", _virus, Outcome.PARKED, Reason.VIRUS),
    Question("spam", _spam, Outcome.PARKED, Reason.SPAM),
    Question("canary", _canary, Outcome.FILED, Reason.CANARY, answer=True),
    Question("to_canary", _to_canary, Outcome.STATUS, Reason.CANARY),
    Question("own", _own, Outcome.REFUSED, Reason.OWN),
    Question("failure", _failure, Outcome.STATUS, Reason.BOUNCE),
    Question("automatic", _automatic, Outcome.FILED, Reason.AUTOMATIC),
    Question("forged", _forged, Outcome.FILED, None),
    Question("unanswerable", _unanswerable, Outcome.FILED, None),
    Question("echo", _echo, Outcome.FILED, None),
    Question("too_often", _too_often, Outcome.FILED, Reason.THROTTLED),
    Question("person", _anything, Outcome.FILED, None, answer=True),
)


def classify(inbound: Inbound, desk: Desk, around: Around = NOTHING_YET) -> Verdict:
    """The first question that says yes; the last one always does."""
    row = next(question for question in QUESTIONS if question.asks(inbound, desk, around))
    return Verdict(row.outcome, row.reason, row.answer, row.name)


_TOKEN = re.compile(r"[a-z2-7]{1,26}")


def tokens_in(recipients: tuple[str, ...], desk: Desk) -> tuple[str, ...]:
    """The case tokens in our reply addresses `<intake>+<token>@<mail domain>`, each once, in order."""
    local = desk.intake_address.partition("@")[0] + "+"
    found: dict[str, None] = {}
    for recipient in recipients:
        name, _, domain = recipient.lower().rpartition("@")
        token = name.removeprefix(local)
        if domain == desk.mail_domain and token != name and _TOKEN.fullmatch(token):
            found.setdefault(token)
    return tuple(found)


def _domain(address: str) -> str:
    return address.lower().rpartition("@")[2]
