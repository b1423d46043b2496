"""A letter in the form of the way by which it leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from ..domain import chat_letters
from ..domain.addresses import name_of
from ..domain.case import Case, Delivery, FileRef
from ..domain.inbound import File
from ..domain.letter_facts import facts_for_reporter
from ..domain.letter_frame import END_MARK, MARKER, followed, salutation
from ..domain.policy import Policy
from ..domain.ways import How, Way
from ..domain.words import HEARD, TELL_A_NUMBER, Channel
from .ports import ChatEnvelope, Codes, Files
from .routes import Reached

#: (channel, type, size) -> does the platform take such a file?
Takes = Callable[[Channel, str, int], bool]
#: Ways of one text: what else there is stands on the tracking page.
_WORDS_ALONE = frozenset({How.TEMPLATE, How.PRIVATE})


@dataclass(frozen=True, slots=True)
class Page:
    """The tracking page: its address without what asks for a case, empty where there is none, and who knows the
    codes."""

    url: str = ""
    receipts: Codes | None = None

    def link(self, number: str) -> str:
        return f"{self.url}?{urlencode({'number': number})}" if self.url else ""

    def code(self, number: str) -> str:
        return self.receipts.receipt(number) if self.receipts and self.url else ""

    def code_on(self, case: Case, channel: Channel) -> str:
        """To where its report came from; beside that to the mail address that an officer wrote down with it. A code
        shows all that was said, and others may read what else its reporter is reached by."""
        own = case.channel is channel or (case.channel in HEARD and channel is Channel.EMAIL)
        return self.code(case.number) if own else ""

    def lines(self, row: Delivery, case: Case | None = None) -> str:
        """What a mail says of it below its letter. Quoted in an answer, a code would reach the desk: only the letters
        that first tell a number hold it. `case`: None where the letter goes by the channel of its case."""
        if not self.url or row.of_no_case or row.of_talk:
            return ""
        code = self.code_on(case, Channel.EMAIL) if case else self.code(row.case)
        return followed(row.case, self.link(row.case), code if row.purpose in TELL_A_NUMBER else "")


NO_PAGE = Page()


def mail_form(row: Delivery, case: Case | None, policy: Policy) -> tuple[str, str]:
    """Subject and text as the mail letter has them, made anew where the row keeps another form."""
    if case is None or case.channel not in chat_letters.SHORT or not row.facts:
        return row.subject, row.text
    return policy.letter(row.purpose, facts_for_reporter(case, policy, **dict(row.facts)))


def mailed(text: str, name: str, foot: str = "") -> str:
    """In the frame by which a reply is told from what it quotes."""
    return "\n\n".join(part for part in (MARKER, salutation(name), text.rstrip(), foot, END_MARK) if part) + "\n"


def contents(files: Files, refs: tuple[FileRef, ...]) -> tuple[File, ...]:
    """Raises NotFound."""
    return tuple(File(one.name, one.type, one.size, one.digest, files.get(one.key)) for one in refs)


class Envelopes:
    """Envelopes for chat channels."""

    def __init__(self, files: Files, page: Page, takes: Takes) -> None:
        self.files, self.page, self.takes = files, page, takes

    def envelope(self, row: Delivery, way: Way, to: Reached, policy: Policy) -> ChatEnvelope:
        """Raises NotFound for a file that is not there."""
        talk = to.talks.get(way.channel)
        along = tuple(one for one in row.files if self._goes_along(way, one))
        template = policy.channels.template(way.channel, row.purpose) if way.how is How.TEMPLATE else None
        link = self.page.link(row.case)
        return ChatEnvelope(
            channel=way.channel,
            to=name_of(to.addresses[way.channel]),
            text="" if template else self._text(row, way, to.case, policy, along),
            delivery=row.id,
            case=row.case,
            how=way.how,
            account=talk.account if talk else "",
            answers=talk.comment if talk and way.how is How.PRIVATE else "",
            template=f"{template.name}:{template.language}" if template else "",
            parameters=(row.case, link) if template else (),
            files=contents(self.files, along),
            gone=row.gone,
        )

    def keeps_back(self, row: Delivery, way: Way, to: Reached, policy: Policy) -> bool:
        """Does a private reply leave words to the page, or files that a message would take?"""
        if way.how is not How.PRIVATE:
            return False
        whole = to.case is None or chat_letters.in_one_message(self._whole(row, way, to.case, policy, ()))
        return not whole or any(self.takes(way.channel, one.type, one.size) for one in row.files)

    def _goes_along(self, way: Way, file: FileRef) -> bool:
        return way.how not in _WORDS_ALONE and self.takes(way.channel, file.type, file.size)

    def _text(self, row: Delivery, way: Way, case: Case | None, policy: Policy, along: tuple[FileRef, ...]) -> str:
        if case is None:  # what is said about no case says all itself
            return row.text
        said = self._whole(row, way, case, policy, along)
        if way.how is How.PRIVATE and not chat_letters.in_one_message(said):
            link, code = self.page.link(case.number), self.page.code_on(case, way.channel)
            return chat_letters.notice(policy.agency, case.number, link=link, code=code)
        return said

    def _whole(self, row: Delivery, way: Way, case: Case, policy: Policy, along: tuple[FileRef, ...]) -> str:
        text = row.text
        if case.channel not in chat_letters.SHORT and row.facts:
            known = facts_for_reporter(case, policy, **dict(row.facts))
            text = chat_letters.core(row.purpose, known, policy.languages)
        link, code = self.page.link(case.number), self.page.code_on(case, way.channel)
        beside = [one.name for one in row.files if one not in along]
        return chat_letters.framed(text, policy.agency, case.number, link=link, code=code, beside=beside)
