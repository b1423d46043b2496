"""Words of the menu, answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..domain import menu_answers, talks, tracking
from ..domain.case import Case, Delivery, Message
from ..domain.draft import Draft, Ids
from ..domain.errors import NotFound, Refuse
from ..domain.menu import Asked, Word
from ..domain.talks import Talk
from ..domain.words import Purpose
from .pairs import Pairs
from .ports import Cases
from .work import Work

#: Cases of one person that an answer looks at.
LOOKED_AT = 20


class Menu:
    def __init__(self, cases: Cases, pairs: Pairs, ids: Ids) -> None:
        self.cases, self.pairs, self.ids = cases, pairs, ids

    def answer(
        self, work: Work, reporter: str, was: Talk, talk: Talk, asked: Asked | None, *, silent: bool
    ) -> tuple[Talk, Delivery | None]:
        """How they stand from now on, and what they are told. `was`: before this message. `asked`: None for a mere
        greeting. `silent`: they were answered often enough lately."""
        word = asked.word if asked else None
        purpose = _PURPOSES[word] if word else Purpose.MENU
        facts: Mapping[str, str] = {}
        if asked and asked.word is Word.STATUS:
            if not silent:
                facts = {"text": self.status(work, reporter, asked)}
        elif word is Word.NEW:
            talk = talks.wished(talk, work.inbound.at)
        elif word is Word.STOP:
            silent = silent or was.stopped_at is not None  # confirmed once
            talk = replace(talk, stopped_at=was.stopped_at or work.inbound.at)
        elif word is Word.START:
            purpose = Purpose.STARTED if was.stopped_at else Purpose.MENU
            talk = replace(talk, stopped_at=None)
        elif word is None:
            silent = silent or _greeted(was, work)
        if silent:
            return talk, None
        inbound = work.inbound
        return talk, menu_answers.answer(
            purpose, facts, reporter, inbound.channel, inbound.external_id, work.now, work.policy, self.ids
        )

    def status(self, work: Work, reporter: str, asked: Asked) -> str:
        """How a case stands, by number and code or as one's own. What is not theirs, and what is not there, is answered
        the same."""
        policy = work.policy
        if asked.code:
            return self._by_code(work, asked)
        own = self._own(work, reporter)
        if not asked.named:
            return menu_answers.standing(own, policy)
        case = self.cases.case(asked.number) if asked.number else None
        mine = case if case and reporter in case.reporters else None
        if mine and menu_answers.may_be_told(mine, work.inbound.channel):
            return tracking.short(mine, mine.number, policy)
        return menu_answers.NEEDS_CODE

    def _by_code(self, work: Work, asked: Asked) -> str:
        if self.pairs.receipts is None:
            return menu_answers.NEEDS_CODE
        try:
            case = self.pairs.open(work.inbound, asked.number, asked.code)
        except NotFound:
            return "\n".join(tracking.WRONG.values())
        except Refuse:
            return "\n".join(tracking.TOO_OFTEN.values())
        return tracking.short(case, asked.number, work.policy)

    def _own(self, work: Work, reporter: str) -> tuple[Case, ...]:
        talk = self.cases.talk(reporter, work.inbound.channel)
        numbers = (*((talk.case,) if talk and talk.case else ()), *self.cases.cases_of(reporter)[:LOOKED_AT])
        found = (self.cases.case(number) for number in dict.fromkeys(numbers))
        return tuple(one for one in found if one and menu_answers.may_be_told(one, work.inbound.channel))

    def called(self, draft: Draft, message: Message) -> None:
        """An officer was asked for on a case: its reporter is told that one was."""
        draft.tell_reporter(Purpose.CALLED, {}, (message.external_id,) if message.external_id else ())


_PURPOSES: Mapping[Word, Purpose] = {
    Word.STATUS: Purpose.STATUS,
    Word.NEW: Purpose.READY,
    Word.OFFICER: Purpose.CALLED,
    Word.STOP: Purpose.STOPPED,
    Word.START: Purpose.STARTED,
    Word.HELP: Purpose.MENU,
}


def _greeted(was: Talk, work: Work) -> bool:
    """A greeting in several pieces is answered once."""
    return was.last_in is not None and abs(work.inbound.at - was.last_in) <= work.policy.chat.window
