"""Chat messages on their way to cases: fragments of one report, words of the menu, public comments, and what is said
about an earlier message.

What a person writes next goes where their Talk says; its version is a condition of each write, so that of two first
messages read at once one opens the case and the other joins it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from ..domain import caught_up, chat_messages, citizens, menu, talks
from ..domain.case import Case, Change, Link, Message
from ..domain.citizens import Addition, Opening
from ..domain.draft import Draft, Ids
from ..domain.errors import Retry
from ..domain.inbound import Inbound, Sort
from ..domain.intake_rules import Lately, messages_lately
from ..domain.notes import notes
from ..domain.publicity import is_hidden
from ..domain.talks import TALK, Talk
from ..domain.triage import Around, Desk, Verdict, classify
from ..domain.words import ENDED, Confidentiality, Kind, Outcome, Priority, Reason
from . import people
from .conversation import Conversations, Joined, as_filed, brief, has_more, rung_lately
from .conversation import asked as asked_in
from .elsewhere import Elsewhere, OnUnreadable, unheard
from .lately import answered
from .likely import sketch_of
from .menu import Menu
from .ports import CaseFile, Cases, Vault
from .understanding import understood
from .work import PATIENCE, Result, Work, order_of, result
from .writer import Writer, message_of

_PUBLIC = frozenset({Sort.COMMENT, Sort.MENTION})
_ABOUT = frozenset({Sort.REACTION, Sort.EDIT, Sort.DELETION})


class Chats:
    def __init__(
        self,
        cases: Cases,
        vault: Vault,
        desk: Desk,
        ids: Ids,
        menu_: Menu,
        note: Callable[..., Result],
        on_unreadable: OnUnreadable = unheard,
    ) -> None:
        self.cases, self.vault, self.desk, self.ids = cases, vault, desk, ids
        self.menu, self.note = menu_, note
        self.conversations = Conversations(cases)
        self.elsewhere = Elsewhere(cases, ids, on_unreadable)

    def file(self, work: Work) -> Result:
        """Raises what commit raises, and Retry."""
        inbound = work.inbound
        writer = self._writer(work)
        if chat_messages.MOVED in inbound.doubts:
            return self._moved(work, writer)
        if inbound.sort in _ABOUT:
            return self._about(self._masked(work), writer)
        if inbound.sort in _PUBLIC:
            if not has_more(inbound) and (menu.says_nothing(inbound.text) or menu.greets(inbound.text)):
                return self._nothing(work, Reason.EVENT)  # somebody is shown our post, or a face is made at it
            return self._matter(self._masked(work), writer)
        said = as_filed(inbound)
        if said is not inbound:
            return self._new(self._masked(replace(work, inbound=said)), writer)
        asked = asked_in(inbound)
        if asked and asked.word is not menu.Word.OFFICER:
            return self._answered(work, writer, asked)
        return self._matter(self._masked(work), writer, called=bool(asked))

    def _masked(self, work: Work) -> Work:
        return replace(work, inbound=self.menu.pairs.masked(work.inbound))

    def _writer(self, work: Work) -> Writer:
        inbound = work.inbound
        found = people.find(inbound.sender, self.vault)
        talk = self.cases.talk(found.reporter, inbound.channel) if found.reporter else None
        reporter, sealed = people.sealed(inbound.sender, found, self.ids.new(inbound.at), self.vault)
        return Writer(
            reporter, found.reporter is not None, sealed, talk or Talk(reporter=reporter, channel=inbound.channel)
        )

    # -- a matter

    def _matter(self, work: Work, writer: Writer, called: bool = False) -> Result:
        inbound = work.inbound
        joined = self.conversations.find(
            inbound,
            writer.reporter if writer.known else None,
            writer.stands,
            work.policy.intake,
            work.policy.chat,
            work.now,
        )
        if joined.case:
            return self._add(work, writer, joined, joined.case, called)
        empty = not has_more(inbound) and (menu.greets(inbound.text) or menu.says_nothing(inbound.text))
        if empty and inbound.sort is Sort.MESSAGE:
            return self._answered(work, writer, None)
        return self._open(work, writer, joined, called)

    def _new(self, work: Work, writer: Writer) -> Result:
        """The wish for a new report with the report behind it. What came after it may have been read before it."""
        writer = replace(writer, talk=talks.wished(writer.talk, work.inbound.at))
        if writer.talk.case and writer.talk.wished_at == work.inbound.at:
            return self._matter(work, writer)
        return self._open(work, writer, Joined())

    def _open(self, work: Work, writer: Writer, joined: Joined, called: bool = False) -> Result:
        inbound, policy = work.inbound, work.policy
        work = replace(work, known=writer.reporter if writer.known else None)
        verdict = self._asked_again(work)
        number = self.ids.number()
        near = joined.follows or joined.named
        marks = (
            *(("public",) if inbound.sort in _PUBLIC else ()),
            *(("asks_for_officer",) if called else ()),
            *(("claims_number",) if joined.named else ()),
            *(("throttled",) if verdict.question == "too_often" else ()),
        )
        message = message_of(self._id(work), number, work, writer, marks)
        confidentiality = joined.follows.confidentiality if joined.follows else Confidentiality.OPEN
        opening = Opening(
            number=number,
            message=message,
            reporter=writer.reporter,
            answer=verdict.answer,
            confidentiality=confidentiality,
            hidden=joined.follows is not None and is_hidden(joined.follows),
            links=(Link("follows" if joined.follows else "claims", near.number),) if near else (),
            notes=notes(inbound),
            classified=understood(inbound.subject, inbound.text, (), policy),
            sketch=sketch_of(message, writer.reporter, confidentiality),
            subject=chat_messages.subject((inbound.text,)),
            place=inbound.place,
        )
        draft = citizens.open_case(opening, work.now, "reporter", policy, self.ids)
        reason = Reason.THROTTLED if "throttled" in marks else Reason.LINKED_CASE if near else Reason.NEW_CASE
        talk = self._heard(writer.talk, inbound)
        if inbound.sort not in _PUBLIC:
            talk = self.elsewhere(talk, work)
        return self._commit(draft, work, reason, writer, talks.on_case(talk, number, inbound.at))

    def _add(self, work: Work, writer: Writer, joined: Joined, case: Case, called: bool) -> Result:
        inbound, policy = work.inbound, work.policy
        throttled = messages_lately(case.heard, work.now).too_often(policy.intake)
        # All of a case is not read for each message of a flood, unless it tells of danger.
        urgent = throttled and understood("", inbound.text, (), policy).priority == Priority.URGENT
        file = (joined.file or self._file(case)) if not throttled or urgent or joined.file else None
        case = file.case if file else case
        quiet = file is None or throttled or (not called and rung_lately(file, work.now, policy.chat))
        marks = (
            *(("public",) if inbound.sort in _PUBLIC else ()),
            *(("asks_for_officer",) if called else ()),
            *(("throttled",) if throttled else ()),
        )
        message = message_of(self._id(work), case.number, work, writer, marks)
        addition = Addition(
            message=message,
            proof=joined.proof,
            sender=inbound.sender.address,
            acknowledged=not called and brief(inbound, case),
            quiet=quiet,
        )
        draft = citizens.add_message(case, addition, work.now, policy, self.ids)
        if file:
            self._understand(draft, file, message, work)
        if called and not throttled:
            self.menu.called(draft, message)
        talk = self._heard(writer.talk, inbound)
        if file and inbound.sort not in _PUBLIC:
            talk = caught_up.catch_up(draft, file.deliveries, talk)
            talk = self.elsewhere(talk, work, case.number)
        stands = talks.case_at(writer.talk, inbound.at)
        before = self.cases.case(stands) if stands not in ("", case.number) else None
        # Who asked for a new report, and answers an old one first, has that wish still.
        free = stands == "" and not talks.waits(writer.talk, inbound.at)
        if free or (before and before.status in ENDED):
            talk = talks.on_case(talk, case.number, inbound.at)
        reason = Reason.THROTTLED if throttled else Reason.REPLY
        return self._commit(draft, work, reason, writer, talk)

    def _understand(self, draft: Draft, file: CaseFile, message: Message, work: Work) -> None:
        """Fragments are one report until an officer has looked at it."""
        if not chat_messages.is_fresh(file.case, file.history):
            return
        said = chat_messages.said((*file.messages, message))
        found = understood("", "\n".join(said), (), work.policy)
        citizens.understand_anew(draft, found, chat_messages.subject(said), message)
        if message.place and draft.case.place is None:
            draft.set(place=message.place)

    # -- words of the menu

    def _answered(self, work: Work, writer: Writer, asked: menu.Asked | None) -> Result:
        """On no case: a word of the menu, or a greeting (None), which holds no matter yet. A case would promise an
        answer in sixty days to a hello; it is told what to write, and its ledger row and raw arrival keep it."""
        work = replace(work, known=writer.reporter if writer.known else None)
        talk = self.elsewhere(self._heard(writer.talk, work.inbound), work)
        often = self._lately(work).too_often(work.policy.intake)
        talk, answer = self.menu.answer(work, writer.reporter, writer.talk, talk, asked, silent=often)
        received = replace(work.received, outcome=Outcome.STATUS, reason=Reason.MENU)
        deliveries = (answer,) if answer else ()
        self.cases.commit(Change(received=received, deliveries=deliveries, sealed=writer.sealed, talk=talk))
        return result(received)

    # -- about an earlier message

    def _about(self, work: Work, writer: Writer) -> Result:
        inbound = work.inbound
        reporter = writer.reporter if writer.known else ""
        found = self.conversations.said(inbound.about, reporter, writer.stands) if reporter else None
        if found and self._praise_no_more(work, found[0]):
            return self._edit_alone(work)
        if found:
            return self._on_theirs(work, writer, *found)
        ours = self.conversations.ours(inbound.about, reporter, writer.stands) if reporter else None
        if isinstance(ours, Case):
            return self._on_ours(work, writer, ours)
        waits = ours != TALK and not (work.last or work.let_in)
        if waits and timedelta() <= work.now - inbound.at < PATIENCE:
            raise Retry("the message that this is about is not known yet")
        if inbound.sort is Sort.EDIT:  # what it says now is said all the same
            return self._edit_alone(work)
        return self._nothing(work, Reason.UNMATCHED if ours != TALK else Reason.EVENT)

    def _edit_alone(self, work: Work) -> Result:
        sort = Sort.COMMENT if work.inbound.extra.get("public") else Sort.MESSAGE
        return self.file(replace(work, inbound=replace(work.inbound, sort=sort)))

    def _praise_no_more(self, work: Work, file: CaseFile) -> bool:
        """Was praise edited into a complaint after its window? That is one of its own, from then on."""
        inbound = work.inbound
        late = abs(inbound.at - file.case.received_at) > work.policy.chat.window
        edited = inbound.sort is Sort.EDIT and file.case.kind is Kind.PRAISE and file.case.status not in ENDED
        said = edited and (late or not chat_messages.is_fresh(file.case, file.history))
        return said and understood("", inbound.text, (), work.policy).kind is not Kind.PRAISE

    def _on_theirs(self, work: Work, writer: Writer, file: CaseFile, about: Message) -> Result:
        inbound, policy = work.inbound, work.policy
        message = message_of(self._id(work), file.case.number, work, writer, (str(inbound.sort),))
        quiet = rung_lately(file, work.now, policy.chat) or messages_lately(file.case.heard, work.now).too_often(
            policy.intake
        )
        if inbound.sort is Sort.DELETION:
            gone = tuple(self.cases.whole(one) for one in chat_messages.with_edits(file.messages, about))
            draft = chat_messages.withdraw(file.case, message, gone, work.now, policy, self.ids)
            return self._commit(draft, work, Reason.WITHDRAWN, writer, None)
        draft = chat_messages.remark(file.case, message, work.now, policy, self.ids, quiet=quiet)
        if inbound.sort is Sort.EDIT:
            self._understand(draft, file, message, work)
        reason = Reason.EDITED if inbound.sort is Sort.EDIT else Reason.REACTION
        return self._commit(draft, work, reason, writer, None)

    def _on_ours(self, work: Work, writer: Writer, case: Case) -> Result:
        message = message_of(self._id(work), case.number, work, writer, (str(work.inbound.sort),))
        draft = chat_messages.remark(case, message, work.now, work.policy, self.ids, quiet=True)
        return self._commit(draft, work, Reason.REACTION, writer, None)

    # -- another identity

    def _moved(self, work: Work, writer: Writer) -> Result:
        """The platform says that this person has another number or id from now on: the same reporter, in the same talk.
        Nobody wrote anything; a case that is open shows it."""
        inbound = work.inbound
        now = tuple(one for name in ("new_identity", "new_scoped") if (one := inbound.extra.get(name)))
        party = replace(inbound.sender, also=(*inbound.sender.also, *now))
        found = people.find(party, self.vault)
        if found.reporter is None:  # nobody of ours
            return self._nothing(work, Reason.EVENT)
        reporter, sealed = people.sealed(party, found, "", self.vault)
        writer = replace(writer, reporter=reporter, known=True, sealed=sealed)
        talk = self.cases.talk(reporter, inbound.channel)
        case = self.cases.case(talk.case) if talk and talk.case else None
        if case is None or case.status in ENDED:
            received = replace(work.received, outcome=Outcome.STATUS, reason=Reason.EVENT)
            self.cases.commit(Change(received=received, sealed=sealed))
            return result(received)
        message = message_of(self._id(work), case.number, work, writer, ())
        draft = chat_messages.remark(
            case, replace(message, automatic=True), work.now, work.policy, self.ids, quiet=True
        )
        return self._commit(draft, work, Reason.REPLY, writer, None)

    # -- what all of them do

    def _nothing(self, work: Work, reason: Reason) -> Result:
        return self.note(replace(work.received, outcome=Outcome.STATUS, reason=reason).unguarded())

    def _heard(self, talk: Talk, inbound: Inbound) -> Talk:
        if inbound.sort in _PUBLIC:
            # A private reply names the comment, not what was made of it since.
            return talks.commented(talk, inbound.at, inbound.account, inbound.about or inbound.external_id)
        return talks.heard(talk, inbound.at, inbound.account)

    def _asked_again(self, work: Work) -> Verdict:
        return classify(work.inbound, self.desk, Around(work.policy.intake, self._lately(work), work.let_in))

    def _lately(self, work: Work) -> Lately:
        return answered(self.cases, work.known, work.now, work.policy.intake)

    def _file(self, case: Case) -> CaseFile:
        file = self.cases.file(case.number, texts=False)
        if file is None:
            raise Retry("a case that was there a moment ago is not readable")
        return file

    def _commit(self, draft: Draft, work: Work, reason: Reason, writer: Writer, talk: Talk | None) -> Result:
        received = replace(work.received, outcome=Outcome.FILED, reason=reason, case=draft.case.number)
        self.cases.commit(replace(draft.change(received, writer.sealed), talk=talk))
        return result(received)

    def _id(self, work: Work) -> str:
        return self.ids.new(work.inbound.at, order_of(work))
