"""Mail to the reply address of a letter to an office: whose it is, and what the case's file says around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ..domain.case import Case, FileRef, Message
from ..domain.draft import Draft, Ids
from ..domain.errors import Invalid
from ..domain.inbound import Inbound
from ..domain.intake_rules import DAY
from ..domain.office_tokens import OfficeToken, number_claimed
from ..domain.policy import Policy
from ..domain.triage import Desk, tokens_in
from ..domain.words import Purpose, Reason
from .ports import CaseFile, Cases, Tokens

if TYPE_CHECKING:  # its tables are for who got such a mail
    from ..domain.officer_mail import OfficeMail, Question

#: Tokens of one mail that are looked at: each may be a read of its case.
TOKENS_LOOKED_AT = 5
#: Letters to an office that hold its own words, which it may well say again.
_ITS_OWN_WORDS = frozenset({Purpose.OFFICE_SENT, Purpose.OFFICE_NOTED})


@dataclass(frozen=True, slots=True)
class Addressed:
    """An office's token in a mail's addresses, that is ours. `several`: they hold proofs of more than one case.
    `astray`: there is none; an address of the policy's came to the case by another way."""

    case: Case
    token: OfficeToken
    several: bool = False
    astray: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """What a mail is to become; `file`: its case as it was then."""

    mail: OfficeMail
    question: Question
    file: CaseFile
    marks: tuple[str, ...]
    actor: str

    @property
    def reason(self) -> Reason:
        return self.question.reason

    @property
    def passed_on(self) -> bool:
        return self.question.reason is Reason.OFFICE_REPLY


class Offices:
    def __init__(self, cases: Cases, tokens: Tokens, desk: Desk, ids: Ids) -> None:
        self.cases, self.tokens, self.desk, self.ids = cases, tokens, desk, ids

    def find(self, inbound: Inbound) -> Addressed | None:
        """None where no address holds such a token: a citizen's mail, like most. Programs that answer "all" split one
        mail into several, of which each envelope tells only a part; To and Cc tell the rest."""
        shown = tokens_in((*inbound.recipients, *inbound.addressed), self.desk)
        claims = [(token, number) for token in shown if (number := number_claimed(token))]
        sender = inbound.sender.address
        opened: list[tuple[OfficeToken, Case]] = []
        for token, number in claims[:TOKENS_LOOKED_AT]:
            case = self.cases.case(number)
            found = self._opened(token, number, sender) if case else None
            if case and found:
                opened.append((found, case))
        if not opened:
            return None
        best, case = max(opened, key=lambda pair: (pair[0].address == sender, pair[0].until))
        named = {one.number for one, _ in opened} | {self.tokens.case_of(one) for one in shown}
        return Addressed(case, best, several=bool(named - {case.number, None}))

    def _opened(self, token: str, number: str, sender: str) -> OfficeToken | None:
        """Whom it was made for: who writes, or somebody else whom our letters on the case went to."""
        if found := self.tokens.office(token, (sender,)):
            return found
        file = self.cases.file(number, texts=False)
        return self.tokens.office(token, {one.address for one in file.deliveries if one.address}) if file else None

    def judge(self, found: Addressed, inbound: Inbound, policy: Policy, now: datetime) -> Judged | None:
        """None where the case is gone."""
        from ..domain import officer_mail as rules

        file = self.cases.file(found.case.number, texts=False)  # what is longer than its start is too long to go out
        if file is None:
            return None
        mine = found.token.address
        mail = rules.OfficeMail(
            inbound=inbound,
            token=found.token,
            case=file.case,
            policy=policy,
            at=now,
            text=_clean(inbound.text),
            several=found.several,
            astray=found.astray,
            letters=tuple(
                one.text for one in file.deliveries if one.address == mine and one.purpose not in _ITS_OWN_WORDS
            ),
            strangers=_lately(_office_mails(file, "other"), now),
        )
        actor = rules.actor(mail)
        own = tuple(_office_mails(file, actor))
        lately = [one for one in own if now - one.at < DAY]
        said = tuple(one.text for one in lately if rules.PASSED_ON in one.marks)
        noted = tuple(one.text for one in lately if rules.ASTRAY & set(one.marks))
        mail = replace(mail, words=_lately(own, now), said=said, noted=noted)
        question = rules.judge(mail)
        return Judged(mail, question, file, rules.marks(question), actor)

    def draft(self, judged: Judged, message: Message, now: datetime, *, again: bool = False) -> Draft:
        """`message`: as it is to stand on the case. `again`: it stands there, as a copy without proof."""
        from ..domain.officer_filing import Filing, file

        sent, kept = _fit_for_a_letter(message.files)
        filing = Filing(
            message=replace(message, direction="note"), files=sent, kept=kept, thread=judged.file.thread, again=again
        )
        return file(judged.mail, judged.question, filing, now, self.ids)

    @staticmethod
    def without_proof(judged: Judged) -> Message | None:
        """The same mail as it stands on the case by another way, which broke the proof of who wrote it."""
        from ..domain.officer_mail import UNPROVED

        inbound = judged.mail.inbound
        return next(
            (
                one
                for one in judged.file.messages
                if UNPROVED & set(one.marks) and one.external_id == inbound.external_id and one.text == inbound.text
            ),
            None,
        )


def _office_mails(file: CaseFile, actor: str) -> Iterator[Message]:
    """What came to an office's reply address and caused a word of ours, by who wrote it."""
    from ..domain.officer_mail import MARK, SILENT

    for one in file.messages:
        if MARK in one.marks and not SILENT & set(one.marks) and one.actor == actor:
            yield one


def _lately(messages: Iterable[Message], now: datetime) -> tuple[datetime, ...]:
    return tuple(one.at for one in messages if now - one.at < DAY)


def _clean(text: str) -> str | None:
    """As any officer's text is kept; None where it is longer than one may be."""
    from .texts import clean

    try:
        return clean(text, empty=True)
    except Invalid:
        return None


def _fit_for_a_letter(files: tuple[FileRef, ...]) -> tuple[tuple[FileRef, ...], tuple[str, ...]]:
    """(what goes to the reporter, the names of what does not): the same bounds as for what an officer attaches in the
    desk."""
    from .uploads import FILES_LIMIT, LETTER_LIMIT, UPLOAD_TYPES, safe_name

    sent: list[FileRef] = []
    kept: list[str] = []
    for one in files:
        room = LETTER_LIMIT - sum(other.size for other in sent)
        if one.type in UPLOAD_TYPES and one.size <= room and len(sent) < FILES_LIMIT:
            sent.append(replace(one, name=safe_name(one.name, one.type)))
        else:
            kept.append(one.name or "?")
    return tuple(sent), tuple(kept)
