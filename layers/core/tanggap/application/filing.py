"""A message on its case: one that it opens, or one that is there. What every way to a case shares."""

from __future__ import annotations

from dataclasses import replace

from ..domain import authenticity, citizens, promptness, second_sign
from ..domain.canary import number_of
from ..domain.case import Case, Link, Message, Sealed
from ..domain.citizens import Addition, Doubt, Opening
from ..domain.draft import Draft, Ids
from ..domain.intake_rules import Lately, messages_lately
from ..domain.notes import notes
from ..domain.publicity import is_hidden
from ..domain.triage import Around, Desk, Verdict, classify
from ..domain.words import Confidentiality, Outcome, Priority, Reason
from . import from_forms
from .doubts import MARK as DOUBTED
from .doubts import doubt_of, is_doubted
from .lately import answered
from .likely import sketch_of
from .places import merely_acknowledged, merely_thanks
from .ports import Cases, Identity, Vault
from .threads import Thread
from .understanding import understood
from .work import Result, Work, result


class Filing:
    """`open` and `add` raise what commit raises."""

    def __init__(self, cases: Cases, vault: Vault, desk: Desk, ids: Ids) -> None:
        self.cases, self.vault, self.desk, self.ids = cases, vault, desk, ids

    def open(self, work: Work, thread: Thread) -> Result:
        inbound, verdict = work.inbound, work.verdict
        if verdict.answer:
            verdict = self.asked_again(work, thread.echo)
        stated = inbound.stated
        number = stated.number if stated and not stated.adds else self._number(work)
        reporter, sealed = self.sender(work, always=True)
        near = thread.case or thread.named
        # A matter that goes on, or a reporter's second one, is as closed as the first: the same person stands behind
        # it. A stranger who names a number has no part in that.
        before = near if near and (thread.case or work.known in near.reporters) else None
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
            message=self.message(number, work, marks, "reporter", reporter or ""),
            reporter=reporter,
            answer=verdict.answer,
            confidentiality=before.confidentiality if before else Confidentiality.OPEN,
            hidden=before is not None and is_hidden(before),
            links=(link,) if link else (),
            notes=notes(inbound),
            canary=work.canary,
        )
        opening = self.understood(from_forms.opened_as(opening, inbound, work.policy), work)
        draft = citizens.open_case(opening, work.now, "reporter", work.policy, self.ids)
        linked = Reason.LINKED_CASE if link else None
        told = verdict.reason if verdict.question in ("too_often", "canary") else None
        reason = told or linked or verdict.reason
        return self._commit(draft, work, reason or Reason.NEW_CASE, sealed)

    def add(self, work: Work, thread: Thread, case: Case) -> Result:
        inbound = work.inbound
        own = work.own or (work.known in case.reporters and not inbound.authenticity.forged)
        sender, sealed = self.sender(work)
        marks = (*(() if own else ("other_sender",)), *(("several_cases",) if thread.several else ()))
        message = self.message(case.number, work, marks, "reporter" if own else "other", sender)
        addition = self.addition(work, message, case, thread.proof)
        draft = citizens.add_message(case, addition, work.now, work.policy, self.ids)
        reason = Reason.AUTOMATIC if inbound.automatic else Reason.THROTTLED if addition.quiet else Reason.REPLY
        return self._commit(draft, work, reason, sealed)

    def addition(self, work: Work, message: Message, case: Case, proof: str) -> Addition:
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
            ask=doubt is Doubt.FIRST and not self.too_often(work),
        )

    def understood(self, opening: Opening, work: Work) -> Opening:
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

    def asked_again(self, work: Work, echo: bool = False) -> Verdict:
        """The same questions, now that it is known how often this sender was answered."""
        if work.canary:
            return work.verdict
        return classify(work.inbound, self.desk, Around(work.policy.intake, self._lately(work), work.let_in, echo))

    def too_often(self, work: Work) -> bool:
        return self._lately(work).too_often(work.policy.intake)

    def sender(self, work: Work, always: bool = False) -> tuple[str | None, Sealed | None]:
        """The vault's id of who wrote, sealed where it is new. A machine that writes on a case is nobody."""
        sender = work.inbound.sender
        if work.known or not sender.address or (work.inbound.automatic and not always):
            return work.known, None
        reporter = self.ids.new(work.inbound.at)
        if stated := work.inbound.stated:
            first = work.typed is None
            return reporter, from_forms.sealed_as(reporter, sender.name, stated, self.vault, first=first)
        return reporter, self.vault.seal(reporter, Identity(sender.name, sender.address))

    def message(self, number: str, work: Work, marks: tuple[str, ...], actor: str, sender: str | None) -> Message:
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

    def _number(self, work: Work) -> str:
        return number_of(work.inbound.sender.address, work.inbound.subject) if work.canary else self.ids.number()

    def _lately(self, work: Work) -> Lately:
        return answered(self.cases, work.typed or work.known, work.now, work.policy.intake)

    def _left_out(self, work: Work, quiet: bool) -> str:
        """What the citizen is to send again: a letter like an acknowledgement, under the same throttle."""
        told = "" if quiet or not work.verdict.answer else notes(work.inbound)
        return told if told and not self.too_often(work) else ""

    def _commit(self, draft: Draft, work: Work, reason: Reason, sealed: Sealed | None) -> Result:
        received = replace(work.received, outcome=Outcome.FILED, reason=reason, case=draft.case.number)
        change = replace(draft.change(received, sealed), counted=work.typed or "")
        if work.let_in:
            change = replace(change, deliveries=tuple(map(promptness.let_in, change.deliveries)))
        self.cases.commit(change)
        return result(received)
