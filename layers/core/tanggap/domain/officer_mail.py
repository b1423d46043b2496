"""An officer's mail to the reply address of a letter: may it go to the reporter? One table of questions, the first that
says yes decides. officer_filing does what it decides.

All that a mail can do is answer the reporter, and never finally: no word in it is a command. What is not certain to be
an answer by that very office is filed as an internal note, and said to whoever may know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .case import Case
from .inbound import Inbound
from .office_tokens import OfficeToken
from .officer_limits import OFFICES, STRANGERS, Times
from .officer_whys import WHYS
from .officer_words import only_commands, quotes, says_little, to_a_colleague
from .offices import Office, office_of, standing
from .policy import Policy
from .words import Reason

#: Every message that came to an office's reply address.
MARK = "office_mail"
#: What our reader could not read for certain: nobody sees it again before the reporter does.
_UNCLEAR = frozenset(
    {
        *("text_cut", "read_in_part", "too_many_parts", "too_deep", "headers_cut", "encrypted", "not_opened"),
        *("broken_structure", "quote_left_out", "several_senders"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeMail:
    """One mail with a token that is ours. `astray`: it has none, but shows an address of the policy's and came to the
    case as a citizen's would; `token` is what a letter to that address would have held. `text`: what would go out; None
    where it is longer than a letter may be. `several`: it shows reply addresses of more than one case. `letters`: ours
    to that office on the case. `said`: what the office wrote by mail within the day and we passed on; `noted`: what of
    it came astray. `words`: when its mails caused letters within the day; `strangers`: the same of mails that were not
    proved to be an office's."""

    inbound: Inbound
    token: OfficeToken
    case: Case
    policy: Policy
    at: datetime
    text: str | None
    several: bool = False
    astray: bool = False
    letters: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()
    words: Times = ()
    strangers: Times = ()

    @property
    def own(self) -> bool:
        """Shows the address that the letter went to."""
        return self.inbound.sender.address == self.token.address

    @property
    def proved(self) -> bool:
        return self.own and self.inbound.authenticity.dmarc == "PASS"

    @property
    def office(self) -> Office | None:
        return office_of(self.case, self.token.address, self.policy, self.inbound.at)


class Told(StrEnum):
    """Who hears of it: the office that wrote; the units' desks and the coordinator; all of these; nobody."""

    SENDER = "sender"
    DESK = "desk"
    BOTH = "both"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Question:
    """What stopped a mail; the last row alone passes it on."""

    name: str
    asks: Callable[[OfficeMail], bool]
    told: Told
    reason: Reason = Reason.OFFICE_NOTE

    @property
    def why(self) -> tuple[str, str]:
        """For the officer, Indonesian and English; empty where nobody is told, and of what is passed on."""
        return WHYS.get(self.name, ("", ""))


def _automatic(mail: OfficeMail) -> bool:
    return bool(mail.inbound.automatic)


def _stranger_too_often(mail: OfficeMail) -> bool:
    return not mail.proved and STRANGERS.full(mail.strangers, mail.at)


def _another_sender(mail: OfficeMail) -> bool:
    return not mail.own


def _no_dmarc(mail: OfficeMail) -> bool:
    """SPF alone speaks for the domain where it publishes no DMARC: enough to say why, not to write in its name."""
    return not mail.proved and mail.inbound.authenticity.aligned


def _unproved(mail: OfficeMail) -> bool:
    return not mail.proved


def _first_too_often(mail: OfficeMail) -> bool:
    return mail.proved and OFFICES.just_full(mail.words, mail.at)


def _too_often(mail: OfficeMail) -> bool:
    return mail.proved and OFFICES.full(mail.words, mail.at)


def _astray_again(mail: OfficeMail) -> bool:
    """Who wrote was told of these very words that they went to nobody. A machine says the same each time."""
    return mail.astray and mail.proved and _among(mail.text, mail.noted)


def _not_theirs(mail: OfficeMail) -> bool:
    """The inspectorate on a case that was handed to it, the leadership, another unit: their word is for the desk."""
    return mail.astray and mail.office is None and mail.inbound.authenticity.aligned


def _several(mail: OfficeMail) -> bool:
    return mail.several


def _expired(mail: OfficeMail) -> bool:
    """By the day on which the mail was received, in the agency's calendar, however late it is read."""
    return mail.policy.calendar.local(mail.inbound.at).date() > mail.token.until


def _off_case(mail: OfficeMail) -> bool:
    return mail.office is None


def _ended(mail: OfficeMail) -> bool:
    return mail.case.ended


def _astray(mail: OfficeMail) -> bool:
    return mail.astray


def _too_long(mail: OfficeMail) -> bool:
    return mail.text is None


def _unclear(mail: OfficeMail) -> bool:
    return bool(_UNCLEAR & set(mail.inbound.doubts))


def _empty(mail: OfficeMail) -> bool:
    return not (mail.text or "").strip()


def _quoted(mail: OfficeMail) -> bool:
    return quotes(mail.text or "", mail.letters)


def _command(mail: OfficeMail) -> bool:
    return only_commands(mail.text or "")


def _little(mail: OfficeMail) -> bool:
    return says_little(mail.text or "", mail.inbound.sender.name)


def _to_a_colleague(mail: OfficeMail) -> bool:
    return to_a_colleague(mail.text or "")


def _repeated(mail: OfficeMail) -> bool:
    return _among(mail.text, mail.said)


def _among(text: str | None, others: tuple[str, ...]) -> bool:
    return " ".join((text or "").split()) in {" ".join(one.split()) for one in others}


def _anything(mail: OfficeMail) -> bool:
    return True


#: The order is the rule: first whether a person wrote, then whether it was the office, then whether it may, then
#: whether the mail says something to the reporter.
QUESTIONS: tuple[Question, ...] = (
    Question("automatic", _automatic, Told.NOBODY, Reason.AUTOMATIC),
    Question("stranger_too_often", _stranger_too_often, Told.NOBODY, Reason.THROTTLED),
    Question("another_sender", _another_sender, Told.DESK),
    Question("first_too_often", _first_too_often, Told.BOTH, Reason.THROTTLED),
    Question("too_often", _too_often, Told.NOBODY, Reason.THROTTLED),
    Question("astray_again", _astray_again, Told.NOBODY),
    Question("not_theirs", _not_theirs, Told.BOTH),
    Question("no_dmarc", _no_dmarc, Told.SENDER),
    Question("unproved", _unproved, Told.DESK),
    Question("several_cases", _several, Told.SENDER),
    Question("expired", _expired, Told.SENDER),
    Question("off_case", _off_case, Told.SENDER),
    Question("ended", _ended, Told.SENDER),
    Question("astray", _astray, Told.SENDER),
    Question("too_long", _too_long, Told.SENDER),
    Question("unclear", _unclear, Told.SENDER),
    Question("empty", _empty, Told.SENDER),
    Question("quoted", _quoted, Told.SENDER),
    Question("command", _command, Told.SENDER),
    Question("says_little", _little, Told.SENDER),
    Question("to_a_colleague", _to_a_colleague, Told.SENDER),
    Question("repeated", _repeated, Told.SENDER),
    Question("answer", _anything, Told.SENDER, Reason.OFFICE_REPLY),
)
#: What such messages are marked with: the case's file says why each was filed.
MARKS = frozenset({MARK, *(f"office_{question.name}" for question in QUESTIONS)})
PASSED_ON = f"office_{QUESTIONS[-1].name}"
#: Of those, what is filed without a word to anybody.
SILENT = frozenset(f"office_{question.name}" for question in QUESTIONS if question.told is Told.NOBODY)
#: What came by another way than the reply address of a letter, and was told.
ASTRAY = frozenset({"office_astray", "office_not_theirs"})
#: Filed for want of a proof that another copy of the same mail may bring.
UNPROVED = frozenset({"office_no_dmarc", "office_unproved"})


def judge(mail: OfficeMail) -> Question:
    """The first question that says yes; the last one always does."""
    return next(question for question in QUESTIONS if question.asks(mail))


def marks(question: Question) -> tuple[str, ...]:
    return (MARK, f"office_{question.name}")


def actor(mail: OfficeMail) -> str:
    """Opaque: a unit or a role of the policy's; nobody in particular where that is not proved."""
    if not mail.proved:
        return "other"
    found = standing(mail.token.address, mail.policy)
    return mail.office.actor if mail.office else f"office:{found}" if found else "other"
