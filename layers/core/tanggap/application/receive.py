"""From an arrival to one outcome a message: the pipeline of intake.

Store, then think: the raw object lies in the bucket before anything here runs, and every path ends in a row of the
ledger."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ..domain import authenticity, citizens, second_sign
from ..domain.case import Case, Change, FileRef, Link, Message, Received, Sealed
from ..domain.citizens import Addition, Doubt, Opening
from ..domain.draft import Draft, Ids
from ..domain.errors import Retry
from ..domain.inbound import Inbound, Stated
from ..domain.intake_rules import DAY, HOUR, Lately, messages_lately, settled_long_ago
from ..domain.notes import notes
from ..domain.talks import Talk
from ..domain.triage import Around, Desk, Verdict, classify
from ..domain.words import CHAT, Channel, Confidentiality, Outcome, Priority, Reason, Status
from . import from_forms
from .doubts import MARK as DOUBTED
from .doubts import doubt_of, is_doubted
from .kept import keep_files
from .likely import sketch_of
from .officer_mail import Addressed
from .places import Place, Places, merely_acknowledged, merely_thanks
from .ports import AlreadyRead, AlreadySeen, Arrivals, Cases, Files, Identity, Ledger, Policies, Tokens, Vault
from .races import decided_anew, patiently
from .reports import Reports
from .threads import Thread
from .understanding import understood
from .unfiled import Unfiled
from .work import MEMBERSHIP, PATIENCE
from .work import Raw as Raw
from .work import Result as Result
from .work import Work as _Work
from .work import result as _result

if TYPE_CHECKING:
    from ..domain.menu import Asked
    from .chat import Chats
    from .menu import Menu
    from .pairs import Pairs, Receipts


class Receive:
    def __init__(
        self,
        cases: Cases,
        ledger: Ledger,
        arrivals: Arrivals,
        files: Files,
        vault: Vault,
        policies: Policies,
        tokens: Tokens,
        desk: Desk,
        ids: Ids,
        clock: Callable[[], datetime],
        receipts: Callable[[], Receipts] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.cases, self.ledger, self.arrivals, self.files = cases, ledger, arrivals, files
        self.vault, self.policies, self.tokens, self.desk = vault, policies, tokens, desk
        self.ids, self.clock = ids, clock
        self.places = Places(cases, tokens, desk, ids)
        self.threads, self.offices = self.places.threads, self.places.offices
        self.reports = Reports(cases, policies, self.threads, ids, clock)
        self.unfiled = Unfiled(cases, ids)
        self.receipts, self.pause = receipts, pause

    @functools.cached_property
    def menu(self) -> Menu:
        from .menu import Menu

        return Menu(self.cases, self.pairs, self.ids)

    @functools.cached_property
    def pairs(self) -> Pairs:
        from .pairs import Pairs

        return Pairs(self.receipts)

    @functools.cached_property
    def chats(self) -> Chats:
        """Its modules are for who gets a chat's message: a cold start that reads mail does without."""
        from .chat import Chats

        return Chats(self.cases, self.vault, self.desk, self.ids, self.menu, self._lately, self._note)

    def __call__(self, raw: Raw) -> Result:
        """File one message. Returns its outcome; an arrival that was read before returns that outcome unchanged. Raises
        Retry when the same work may succeed later."""
        received = Received(
            arrival=raw.arrival,
            channel=raw.channel,
            at=raw.at,
            size=raw.size,
            outcome=_DROPPED.get(raw.dropped or raw.parked or Reason.UNREADABLE, Outcome.PARKED),
            reason=raw.dropped or raw.parked or Reason.UNREADABLE,
            index=raw.index,
            of=raw.of,
            external_id=raw.external_id,
            replayed=raw.replay,
        )
        if raw.inbound is None:
            return self._membership(raw, received) if raw.kind in MEMBERSHIP else self._note(received)
        inbound = raw.inbound
        received = replace(received, external_id=inbound.external_id)
        verdict = classify(inbound, self.desk, Around(let_in=raw.replay))
        report = raw.event or verdict.outcome is Outcome.STATUS
        if not report and not verdict.goes_on:
            return self._note(replace(received, outcome=verdict.outcome, reason=verdict.reason or Reason.UNREADABLE))
        part = f"{inbound.channel}#{inbound.digest_in_part}" if inbound.digest_in_part else ""
        received = replace(received, seen=f"{inbound.channel}#{inbound.digest}", seen_in_part=part)
        files = () if report else keep_files(inbound, self.files)  # before a case names them

        def decide() -> Result:
            return self._decide(raw, inbound, received, verdict, files)

        try:
            if inbound.channel in CHAT:  # whose fragments come at once
                return patiently(decide, self.pause, inbound.digest)
            return decided_anew(decide)
        except AlreadyRead:
            return self._known(raw)

    def _decide(
        self, raw: Raw, inbound: Inbound, received: Received, verdict: Verdict, files: tuple[FileRef, ...]
    ) -> Result:
        try:
            if not raw.event and verdict.goes_on:
                return self._file(self._work(raw, inbound, received, verdict, files))
            told = self.reports(inbound, received, raw.event, raw.last)
            if told.reason is not Reason.UNMATCHED:
                return _result(told)
            if raw.event or not raw.replay:
                return self._note(told)
            return self._let_in(raw, inbound, received)
        except AlreadySeen as seen:
            return self._copy(self._work(raw, inbound, received, verdict, files), seen.case)

    def _let_in(self, raw: Raw, inbound: Inbound, received: Received) -> Result:
        """What reads like a report of nobody's letter may be a person's words about one. An officer says so."""
        automatic = "" if inbound.automatic == "failure" else inbound.automatic
        said = replace(inbound, failures=(), automatic=automatic)
        verdict = classify(said, self.desk, Around(let_in=True))
        if not verdict.goes_on:
            return self._note(replace(received, outcome=verdict.outcome, reason=verdict.reason or Reason.UNMATCHED))
        return self._file(self._work(raw, said, received, verdict, keep_files(said, self.files)))

    def _work(
        self, raw: Raw, inbound: Inbound, received: Received, verdict: Verdict, files: tuple[FileRef, ...]
    ) -> _Work:
        chat = inbound.channel in CHAT  # whose people may be known by several addresses
        address = "" if chat else inbound.sender.address
        known = self.vault.find(address, typed=inbound.stated is not None) if address else None
        now = max(self.clock(), inbound.at)
        policy = self.policies.current()
        return _Work(
            inbound, received, verdict, known, files, policy, now, raw.replay, stored=raw.stored, last=raw.last
        )

    # -- outcomes that touch no case

    def _membership(self, raw: Raw, received: Received) -> Result:
        """The person shut us out of their chat, or let us in again."""
        from .membership import note

        def decide() -> Result:
            if raw.replay or not note(raw, received, self.cases, self.ledger, self.vault):
                return self._note(received)
            return _result(received)

        try:
            return decided_anew(decide)
        except AlreadyRead:
            return self._known(raw)

    def _note(self, received: Received) -> Result:
        if received.replayed:
            self.ledger.amend(received)
        elif not self.ledger.note(received):
            rows = [row for row in self.ledger.of(received.arrival) if row.index == received.index]
            if rows:
                return _result(rows[0])
        return _result(received)

    def _known(self, raw: Raw) -> Result:
        for row in self.ledger.of(raw.arrival):
            if row.index == raw.index:
                return _result(row)
        raise Retry("an arrival's guard is there without its row")

    # -- a person's message

    def _file(self, work: _Work) -> Result:
        if work.inbound.channel in CHAT and work.inbound.sender.address:
            return self.chats.file(work)
        if asked := _asked_by_mail(work.inbound):
            return self._answer_by_mail(work, asked)
        work = self._masked(work)
        if stated := work.inbound.stated:
            return self._file_stated(work, stated)
        work, place = self._placed(work)
        if place.office:
            return self._file_for_office(work, place.office)
        if place.of_no_case and not work.let_in:
            return _result(self.unfiled(work.inbound, work.received, work.policy, work.now))
        if place.case is None:
            return self._open(work, place.thread)
        return self._add(work, place.thread, place.case)

    def _masked(self, work: _Work) -> _Work:
        """Without a receipt code that it shows."""
        return replace(work, inbound=self.pairs.masked(work.inbound))

    def _placed(self, work: _Work) -> tuple[_Work, Place]:
        place = self.places.find(work.inbound, work.known, work.policy, work.now)
        if typed := from_forms.answers_its_letter(place.thread, work.inbound, self.vault):
            own = self.places.find(work.inbound, typed, work.policy, work.now)
            if own.case:
                return replace(work, known=typed), own
        return work, place

    def _file_stated(self, work: _Work, stated: Stated) -> Result:
        """Under the very number that its reporter was told. Raises Retry for a message whose report is still on its
        way."""
        case = self.cases.case(stated.number)
        if not stated.adds:
            if case:
                return self._park(work, Reason.NUMBER_TAKEN)
            return self._open(work, self.threads.find(work.inbound, work.known))
        if case is None:
            if work.now - work.inbound.at < PATIENCE:
                raise Retry("the report of this message is not filed yet")
            return self._park(work, Reason.UNMATCHED)
        work = replace(work, known=case.reporter, own=True)
        thread = Thread(case, from_forms.PROOF)
        if settled_long_ago(case.ended_at, work.now, work.policy.intake):
            return self._open(work, thread)
        return self._add(work, thread, case)

    def _answer_by_mail(self, work: _Work, asked: Asked) -> Result:
        """The word "status <number> <code>": answered where a mail of this sender may be answered at all."""
        received = replace(work.received, outcome=Outcome.STATUS, reason=Reason.MENU)
        silent = not work.verdict.answer or self._lately(work).too_often(work.policy.intake)
        reporter, sealed = self._sender(work, always=True)
        talk = Talk(reporter=reporter or "", channel=work.inbound.channel)
        answer = None if silent else self.menu.answer(work, talk.reporter, talk, talk, asked, silent=False)[1]
        deliveries = (answer,) if answer else ()
        self.cases.commit(Change(received=received, deliveries=deliveries, sealed=sealed if answer else None))
        return _result(received)

    def _park(self, work: _Work, reason: Reason) -> Result:
        return self._note(replace(work.received, outcome=Outcome.PARKED, reason=reason).unguarded())

    def _file_for_office(self, work: _Work, office: Addressed, copy_of: str = "") -> Result:
        """On the case for certain: passed on to the reporter, or a note. `copy_of`: the case on which the same mail
        stands already; only a proof that it lacked there makes a difference."""
        judged = self.offices.judge(office, work.inbound, work.policy, work.now)
        if judged is None:
            raise Retry("the case of an office's letter is not readable")
        received = replace(work.received, outcome=Outcome.FILED, reason=judged.reason, case=office.case.number)
        before: Message | None = None
        if copy_of:
            received = replace(received, outcome=Outcome.DUPLICATE, reason=Reason.DUPLICATE, case=copy_of).unguarded()
            before = self.offices.without_proof(judged) if judged.passed_on else None
            if before is None:
                return self._note(received)
        # An office's address is in the policy; whoever else wrote is in the vault.
        sender, sealed = (None, None) if judged.mail.own else self._sender(work)
        message = self._message(office.case.number, work, judged.marks, judged.actor, sender)
        if before:
            message = replace(message, id=before.id, at=before.at)
        draft = self.offices.draft(judged, message, work.now, again=before is not None)
        self.cases.commit(draft.change(received, sealed))
        return _result(received)

    def _copy(self, work: _Work, number: str) -> Result:
        """The same message came before, by another way. What that way made of it (a list's header, a forwarder that
        broke the proof of its sender) does not stand over a copy that came straight."""
        if work.inbound.channel in CHAT:
            again = replace(work.received, outcome=Outcome.DUPLICATE, reason=Reason.DUPLICATE, case=number)
            return self._note(again.unguarded())
        work, place = self._placed(self._masked(work))
        if office := place.office:
            return self._file_for_office(work, office, copy_of=number or office.case.number)
        inbound, known, now, policy = work.inbound, work.known, work.now, work.policy
        received = replace(work.received, outcome=Outcome.DUPLICATE, reason=Reason.DUPLICATE, case=number).unguarded()
        file = self.cases.file(number, texts=False) if work.verdict.answer and number else None
        before = next((one for one in file.messages if _is_copy(one, inbound)), None) if file else None
        if file is None or before is None:
            return self._note(received)
        work = replace(work, files=before.files)
        opens = before.id == file.messages[0].id
        actor = "reporter" if opens or known in file.case.reporters else "other"
        marks = tuple(mark for mark in before.marks if mark in ("claims_number", "several_cases"))
        marks += ("other_sender",) if actor == "other" else ()
        sender, sealed = self._sender(work)
        message = self._message(number, work, marks, actor, sender or before.sender)
        message = replace(message, id=before.id, at=before.at)  # what it is read from is now this arrival
        draft = citizens.better_copy(file.case, message, now, policy, self.ids)
        if not opens:
            citizens.hear(draft, self._addition(work, message, file.case, "copy"), policy)
        else:
            citizens.clear(draft, message)
            if file.case.status is Status.NEW and self._asked_again(work, self._lately(work), False).answer:
                opening = Opening(number=number, message=message, reporter=known, answer=True, notes=notes(inbound))
                citizens.acknowledge_after_all(draft, self._understood(opening, work), before.automatic)
        self.cases.commit(draft.change(received, sealed))
        return _result(received)

    def _addition(self, work: _Work, message: Message, case: Case, proof: str) -> Addition:
        inbound = work.inbound
        # A stranger, a forger and nobody ring no oftener than the reporter, whom they do not silence.
        heard = case.heard if message.actor == "reporter" else (*case.heard, *case.heard_others)
        quiet = messages_lately(heard, work.now).too_often(work.policy.intake)
        own = message.actor == "reporter"
        thanks = own and merely_thanks(inbound, case)
        read = own and not thanks and merely_acknowledged(inbound, case)
        doubted = (thanks or read) and is_doubted(case, self.cases)
        if doubted and second_sign.says_yes(inbound.text):
            thanks = read = False
        doubt = doubt_of(inbound, case, self.cases) if own and not (thanks or read or work.let_in) else None
        marks = (*(("throttled",) if quiet else ()), *((DOUBTED,) if doubt else ()))
        return Addition(
            message=replace(message, marks=(*message.marks, *marks)),
            proof=proof,
            sender=inbound.sender.address,
            thanks=thanks,
            acknowledged=read,
            quiet=quiet,
            left_out=self._left_out(work, quiet),
            doubt=doubt,
            doubted=doubted,
            ask=doubt is Doubt.FIRST and not self._lately(work).too_often(work.policy.intake),
        )

    def _left_out(self, work: _Work, quiet: bool) -> str:
        """What the citizen is to send again: a letter like an acknowledgement, under the same throttle."""
        told = "" if quiet or not work.verdict.answer else notes(work.inbound)
        return told if told and not self._lately(work).too_often(work.policy.intake) else ""

    def _add(self, work: _Work, thread: Thread, case: Case) -> Result:
        inbound = work.inbound
        own = work.own or (work.known in case.reporters and not inbound.authenticity.forged)
        sender, sealed = self._sender(work)
        marks = (*(() if own else ("other_sender",)), *(("several_cases",) if thread.several else ()))
        message = self._message(case.number, work, marks, "reporter" if own else "other", sender)
        addition = self._addition(work, message, case, thread.proof)
        draft = citizens.add_message(case, addition, work.now, work.policy, self.ids)
        reason = Reason.AUTOMATIC if inbound.automatic else Reason.THROTTLED if addition.quiet else Reason.REPLY
        return self._commit(draft, work, reason, sealed)

    def _open(self, work: _Work, thread: Thread) -> Result:
        inbound, verdict = work.inbound, work.verdict
        if inbound.automatic and self.threads.of_no_case(inbound):  # an absence notice to a digest is no report
            return self._note(replace(work.received, outcome=Outcome.STATUS, reason=Reason.AUTOMATIC).unguarded())
        if verdict.answer:
            verdict = self._asked_again(work, self._lately(work), thread.echo)
        stated = inbound.stated
        number = stated.number if stated and not stated.adds else self.ids.number()
        reporter, sealed = self._sender(work, always=True)
        near = thread.case or thread.named
        link = Link("follows" if thread.case else "claims", near.number) if near else None
        stranger = thread.case and work.known not in thread.case.reporters and not work.own
        marks = (
            *(("forged",) if inbound.authenticity.forged else ()),
            *(("claims_number",) if thread.named else ()),
            *(("other_sender",) if stranger else ()),
            *(("several_cases",) if thread.several else ()),
            *(("throttled",) if verdict.question == "too_often" else ()),
        )
        opening = Opening(
            number=number,
            message=self._message(number, work, marks, "reporter", reporter or ""),
            reporter=reporter,
            answer=verdict.answer,
            confidentiality=_confidentiality(near, thread, work.known),
            links=(link,) if link else (),
            notes=notes(inbound),
        )
        opening = self._understood(from_forms.opened_as(opening, inbound, work.policy), work)
        draft = citizens.open_case(opening, work.now, "reporter", work.policy, self.ids)
        linked = Reason.LINKED_CASE if link else None
        reason = verdict.reason if verdict.question == "too_often" else linked or verdict.reason or Reason.NEW_CASE
        return self._commit(draft, work, reason or Reason.NEW_CASE, sealed)

    def _understood(self, opening: Opening, work: _Work) -> Opening:
        """With what its words say. A machine's mail is nobody's matter until an officer makes it one."""
        inbound = work.inbound
        if inbound.automatic:
            return replace(opening, priority=Priority.LOW)
        ours = tuple(one for one in inbound.recipients if one.rpartition("@")[2] == self.desk.mail_domain)
        # Words of others that a quote holds and we do not have are a part of what is reported.
        said = inbound.full_text if "quote_left_out" in inbound.doubts else inbound.text
        return replace(
            opening,
            classified=understood(inbound.subject, said, ours, work.policy),
            sketch=sketch_of(opening.message, opening.reporter, opening.confidentiality),
        )

    def _commit(self, draft: Draft, work: _Work, reason: Reason, sealed: Sealed | None) -> Result:
        received = replace(work.received, outcome=Outcome.FILED, reason=reason, case=draft.case.number)
        self.cases.commit(draft.change(received, sealed))
        return _result(received)

    def _asked_again(self, work: _Work, lately: Lately, echo: bool) -> Verdict:
        """The same questions, now that it is known how often this sender was answered."""
        return classify(work.inbound, self.desk, Around(work.policy.intake, lately, work.let_in, echo))

    def _lately(self, work: _Work) -> Lately:
        """How often this address was answered by a machine of ours. Mail that only pretends to be from it was not, and
        does not count against it. The hour is asked for only where the day's count could fill it."""
        reporter, now, rules = work.known, work.now, work.policy.intake
        if reporter is None:
            return Lately()
        day = self.cases.answered_since(reporter, now - DAY, rules.answers_per_day)
        hour = 0
        if day >= rules.answers_per_hour:
            hour = self.cases.answered_since(reporter, now - HOUR, rules.answers_per_hour)
        return Lately(answers_in_hour=hour, answers_in_day=day)

    def _sender(self, work: _Work, always: bool = False) -> tuple[str | None, Sealed | None]:
        """The vault's id of who wrote, sealed where it is new. A machine that writes on a case is nobody."""
        sender = work.inbound.sender
        if work.known or not sender.address or (work.inbound.automatic and not always):
            return work.known, None
        reporter = self.ids.new(work.inbound.at)
        if stated := work.inbound.stated:
            return reporter, from_forms.sealed_as(reporter, sender.name, stated, self.vault)
        return reporter, self.vault.seal(reporter, Identity(sender.name, sender.address))

    def _message(self, number: str, work: _Work, marks: tuple[str, ...], actor: str, sender: str | None) -> Message:
        inbound = work.inbound
        facts = inbound.authenticity
        ours = {self.desk.mail_domain, *work.policy.domains}
        if inbound.stated:
            label = from_forms.label(inbound.stated)
        else:
            label = authenticity.label(facts, inbound.sender, known=work.known is not None, ours=ours)
        return Message(
            id=self.ids.new(inbound.at),
            case=number,
            direction="in",
            channel=inbound.channel,
            at=inbound.at,
            text=inbound.text,
            subject=inbound.subject,
            full_text="" if inbound.full_text == inbound.text else inbound.full_text,
            external_id=inbound.external_id,
            automatic=bool(inbound.automatic),
            authenticity=label.word,
            verdicts={"spf": facts.spf, "dkim": facts.dkim, "dmarc": facts.dmarc},
            reasons=(*label.reasons, *((f"automatic_{inbound.automatic}",) if inbound.automatic else ())),
            files=work.files,
            left_out=inbound.names_left_out,
            marks=(*inbound.doubts, *marks),
            actor=actor,
            sender=sender or "",
            arrival=work.received.arrival,
            place=inbound.place,
            media=inbound.media,
        )


def _asked_by_mail(inbound: Inbound) -> Asked | None:
    """The word "status" with number and code, in a short mail."""
    if inbound.channel is not Channel.EMAIL or len(inbound.text) > _WORD:
        return None
    said = f"{inbound.subject}{inbound.text}".lower()
    if not any(sign in said for sign in ("tgp", "stat", "stts", "cek", "lacak")):
        return None
    from .menu import by_mail

    return by_mail(inbound)


#: What holds a word of the menu is not longer (domain.menu.SHORT).
_WORD = 300
#: What becomes of what is nobody's message; whatever is in no row is kept for who can make something of it.
_DROPPED = {
    Reason.SETUP: Outcome.REFUSED,
    Reason.OWN: Outcome.REFUSED,
    Reason.READ: Outcome.STATUS,
    Reason.EVENT: Outcome.STATUS,
    Reason.UNMATCHED: Outcome.STATUS,
}


def _is_copy(one: Message, inbound: Inbound) -> bool:
    """The very message, which stands there as a machine's or a forger's. Of another under the same id, which the sender
    chooses, the words differ; a subject is what lists put their name before."""
    said = inbound.text.startswith(one.text) if one.body else inbound.full_text == (one.full_text or one.text)
    doubtful = one.automatic or one.authenticity == "forged"
    return doubtful and said and one.external_id == inbound.external_id


def _confidentiality(near: Case | None, thread: Thread, known: str | None) -> Confidentiality:
    """A matter that goes on, or a reporter's second one, is as closed as the first: the same person stands behind it.
    A stranger who names a number has no part in that."""
    if near is None or not (thread.case or known in near.reporters):
        return Confidentiality.OPEN
    return near.confidentiality
