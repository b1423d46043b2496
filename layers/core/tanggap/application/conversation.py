"""Where a chat message goes: the case that it answers, the one that the talk is on, or one of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..domain import menu, talks
from ..domain.case import Case, Message
from ..domain.chat_messages import OFFICERS, is_fresh
from ..domain.chat_rules import ChatRules
from ..domain.inbound import Inbound, Sort
from ..domain.intake_rules import IntakeRules, settled_long_ago
from ..domain.menu_answers import may_be_told
from ..domain.numbers import number_in
from ..domain.talks import TALK, Talk
from ..domain.unsettled import says_unsettled
from ..domain.words import CHAT, ENDED, Kind, Purpose, Status
from .places import merely_acknowledged, merely_thanks
from .ports import CaseFile, Cases
from .threads import OWN_WORDS, REFERENCES_LOOKED_AT


@dataclass(frozen=True, slots=True)
class Joined:
    """`case` with the `proof` that led to it (our_id, their_id, number, talk); `named`: one that the words
    name and that is not theirs; `follows`: theirs, over too long ago to be taken up, or praise, which takes no later
    complaint (its clocks would begin before it was written). `file`: what was read of the case to know that."""

    case: Case | None = None
    proof: str = ""
    named: Case | None = None
    follows: Case | None = None
    file: CaseFile | None = None


def brief(inbound: Inbound, case: Case) -> bool:
    """Thanks, "ok", a greeting, a face: it says that it was read, and moves nothing."""
    if has_more(inbound):
        return False
    plain = replace(inbound, subject="")
    return (
        merely_thanks(plain, case)
        or merely_acknowledged(plain, case)
        or menu.greets(inbound.text)
        or menu.says_nothing(inbound.text)
    )


def has_more(inbound: Inbound) -> bool:
    """Something beside its words: a picture, a place, a file. A sticker is a face."""
    return bool(
        inbound.files or inbound.left_out or inbound.place or any(one.kind != "sticker" for one in inbound.media)
    )


def asked(inbound: Inbound) -> menu.Asked | None:
    """The word of the menu that it is, or that stands before a new report."""
    return menu.asked(inbound.text) if not has_more(inbound) else None


def as_filed(inbound: Inbound) -> Inbound:
    """Of "lapor baru: …" in a chat what stands behind the word is what they report."""
    word = asked(inbound) if inbound.channel in CHAT and inbound.sort is Sort.MESSAGE else None
    new = word is not None and word.word is menu.Word.NEW and word.text
    return replace(inbound, text=word.text) if word and new and inbound.sender.address else inbound


class Conversations:
    """Reads only."""

    def __init__(self, cases: Cases) -> None:
        self.cases = cases

    def find(
        self,
        inbound: Inbound,
        reporter: str | None,
        talk: Talk | None,
        rules: IntakeRules,
        chat: ChatRules,
        now: datetime,
    ) -> Joined:
        if reporter is None:
            return Joined(named=self._named(inbound))
        found = self._answered(inbound, reporter, talk)
        named = self._named(inbound)
        mine = named and reporter in named.reporters and may_be_told(named, inbound.channel)
        if found.case is None and mine:
            found = Joined(named, "number")
        if found.case and settled_long_ago(found.case.ended_at, now, rules):
            return Joined(follows=found.case)
        if found.case:
            return self._with_praise(found, found.case, inbound, chat)
        others = named if not mine else None
        number = talks.case_at(talk, inbound.at) if talk else ""
        case = self.cases.case(number) if number else None
        if case and _goes_on(case, inbound, rules, chat, now):
            return self._with_praise(Joined(case, "talk", named=others), case, inbound, chat)
        return Joined(named=others)

    def _with_praise(self, joined: Joined, case: Case, inbound: Inbound, chat: ChatRules) -> Joined:
        """Praise that an officer has looked at takes no fragment any more."""
        if case.kind is not Kind.PRAISE or brief(inbound, case) or case.status is Status.NEEDS_INFO:
            return joined
        file = self.cases.file(case.number, texts=False) if _came_with(case, inbound, chat) else None
        if file and is_fresh(file.case, file.history):
            return replace(joined, case=file.case, file=file)
        return Joined(follows=case)

    def _answered(self, inbound: Inbound, reporter: str, talk: Talk | None) -> Joined:
        """By the platform's own word of what is replied to."""
        for reference in inbound.references[:REFERENCES_LOOKED_AT]:
            key = self.cases.delivery_of(reference)
            if key and not key[0].startswith(TALK) and (case := self._theirs(key[0], reporter)):
                return Joined(case, "our_id")
            if found := self.said(reference, reporter, talk):
                return Joined(found[0].case, "their_id")
        return Joined()

    def said(self, external_id: str, reporter: str, talk: Talk | None) -> tuple[CaseFile, Message] | None:
        """A message of theirs and its case. What the talk is on is read first, for it is there at once; the index of
        ids follows."""
        if not external_id:
            return None
        now = (talk.case, talk.former) if talk else ()
        for number in dict.fromkeys((*(one for one in now if one), *self.cases.cases_with(external_id))):
            file = self.cases.file(number, texts=False)
            if file is None or reporter not in file.case.reporters:
                continue
            mine = [one for one in file.messages if one.external_id == external_id and one.direction == "in"]
            if mine and "split" not in {mark.partition(":")[0] for mark in mine[0].marks}:
                return file, mine[0]
        return None

    def ours(self, external_id: str, reporter: str, talk: Talk | None) -> Case | str | None:
        """The case on which we said this; TALK for what was said about none."""
        key = self.cases.delivery_of(external_id) if external_id else None
        if key is None:
            return None
        return TALK if key[0].startswith(TALK) else self._theirs(key[0], reporter)

    def _theirs(self, number: str, reporter: str) -> Case | None:
        case = self.cases.case(number)
        return case if case and reporter in case.reporters else None

    def _named(self, inbound: Inbound) -> Case | None:
        number = number_in(inbound.text[:OWN_WORDS])
        return self.cases.case(number) if number else None


def _goes_on(case: Case, inbound: Inbound, rules: IntakeRules, chat: ChatRules, now: datetime) -> bool:
    """While it is open, or answered, what they write belongs to it. Over, it gets their thanks, and their word that it
    is not over; whatever else they write is another matter. Praise takes what came with it, no later complaint."""
    if case.status in ENDED:
        again = brief(inbound, case) or says_unsettled(inbound.text)
        return again and not settled_long_ago(case.ended_at, now, rules)
    if case.kind is Kind.PRAISE and case.status is not Status.NEEDS_INFO:
        return brief(inbound, case) or _came_with(case, inbound, chat)
    return True


def _came_with(case: Case, inbound: Inbound, chat: ChatRules) -> bool:
    return abs(inbound.at - case.received_at) <= chat.window


def rung_lately(file: CaseFile, at: datetime, chat: ChatRules) -> bool:
    """Has the desk been rung for this case within the window, and has nobody acted since? Then what comes belongs to
    what it was rung for."""
    bells = [file.case.opened_at or file.case.received_at]
    bells += [one.created_at for one in file.deliveries if one.purpose is Purpose.NEW_MESSAGE]
    last = max(bells)
    acted = any(
        entry.at >= last and entry.actor.startswith(OFFICERS) and not entry.event.startswith("identity_")
        for entry in file.history
    )
    return not acted and at - last <= chat.window
