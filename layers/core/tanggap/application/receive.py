"""From an arrival to one outcome a message: the pipeline of intake.

Store, then think: the raw object lies in the bucket before anything here runs, and every path ends in a row of the
ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain import authenticity, citizens
from ..domain.case import SHARED_FILES, Case, FileRef, Link, Message, Received, Sealed
from ..domain.citizens import Addition, Opening
from ..domain.classification import classify as classify_report
from ..domain.draft import Draft, Ids
from ..domain.errors import Conflict, Retry
from ..domain.inbound import File, Inbound
from ..domain.intake_rules import DAY, HOUR, IntakeRules, Lately, messages_lately, settled_long_ago
from ..domain.numbers import number_in
from ..domain.policy import Policy
from ..domain.thanks import only_thanks
from ..domain.triage import Around, Desk, Verdict, classify
from ..domain.words import Channel, Outcome, Priority, Reason
from .likely import sketch_of
from .ports import AlreadyRead, AlreadySeen, Arrivals, Cases, Files, Identity, Ledger, Policies, Tokens, Vault
from .reports import Reports
from .threads import Thread, Threads

#: A transaction that lost a race decides anew on what is there now; five losses in a row go back to the queue.
RACES = 5


@dataclass(frozen=True, slots=True)
class Raw:
    """One message out of an arrival, read: `inbound`, or a `park` reason where it could not be understood. `index`
    counts messages within the arrival."""

    arrival: str
    channel: Channel
    at: datetime
    size: int
    inbound: Inbound | None
    parked: Reason | None = None
    index: int = 0
    replay: bool = False
    #: The mail service's own word about a letter of ours, which no stranger can write: no question of who and whether.
    event: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    outcome: Outcome
    reason: Reason
    case: str = ""


def _result(received: Received) -> Result:
    return Result(received.outcome, received.reason, received.case)


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
    ) -> None:
        self.cases, self.ledger, self.arrivals, self.files = cases, ledger, arrivals, files
        self.vault, self.policies, self.tokens, self.desk = vault, policies, tokens, desk
        self.ids, self.clock = ids, clock
        self.threads = Threads(cases, tokens, desk)
        self.reports = Reports(cases, policies, self.threads, ids, clock)

    def __call__(self, raw: Raw) -> Result:
        """File one message. Returns its outcome; an arrival that was read before returns that outcome unchanged. Raises
        Retry when the same work may succeed later."""
        received = Received(
            arrival=raw.arrival,
            channel=raw.channel,
            at=raw.at,
            size=raw.size,
            outcome=Outcome.REFUSED if raw.parked is Reason.SETUP else Outcome.PARKED,
            reason=raw.parked or Reason.UNREADABLE,
            index=raw.index,
            replayed=raw.replay,
        )
        if raw.inbound is None:
            return self._note(received)
        inbound = raw.inbound
        received = replace(received, external_id=inbound.external_id)
        verdict = classify(inbound, self.desk, Around(let_in=raw.replay))
        report = raw.event or verdict.outcome is Outcome.STATUS
        if not report and not verdict.goes_on:
            return self._note(replace(received, outcome=verdict.outcome, reason=verdict.reason or Reason.UNREADABLE))
        received = replace(received, seen=f"{inbound.channel}#{inbound.digest}")
        for _ in range(RACES):
            try:
                if not report:
                    return self._file(inbound, received, verdict)
                told = self.reports(inbound, received, raw.event)
                return self._note(told) if told.reason is Reason.UNMATCHED else _result(told)
            except AlreadyRead:
                return self._known(raw)
            except AlreadySeen as seen:
                try:
                    return self._copy(inbound, received, verdict, seen.case)
                except Conflict:
                    continue
            except Conflict:
                continue
        raise Retry("lost every race for this case")

    # -- outcomes that touch no case

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

    def _file(self, inbound: Inbound, received: Received, verdict: Verdict) -> Result:
        known = self.vault.find(inbound.sender.address) if inbound.sender.address else None
        thread = self.threads.find(inbound, known)
        policy = self.policies.current()
        now = max(self.clock(), inbound.at)
        work = _Work(inbound, received, verdict, known, keep_files(inbound, self.files), policy, now)
        case = thread.case
        if case is None or (settled_long_ago(case.ended_at, now, policy.intake) and not inbound.automatic):
            return self._open(work, thread)
        return self._add(work, thread, case)

    def _copy(self, inbound: Inbound, received: Received, verdict: Verdict, number: str) -> Result:
        """The same message came before, by another way. What that way made of it (a list's header, a forwarder that
        broke the proof of its sender) does not stand over a copy that came straight."""
        received = replace(received, outcome=Outcome.DUPLICATE, reason=Reason.DUPLICATE, case=number, seen="")
        file = self.cases.file(number) if verdict.answer and number else None
        before = next((one for one in file.messages if one.external_id == inbound.external_id), None) if file else None
        if file is None or before is None or not (before.automatic or before.authenticity == "forged"):
            return self._note(received)
        now, policy = max(self.clock(), inbound.at), self.policies.current()
        known = self.vault.find(inbound.sender.address)
        work = _Work(inbound, received, verdict, known, before.files, policy, now)
        opens = before.id == file.messages[0].id
        actor = "reporter" if opens or known in file.case.reporters else "other"
        marks = tuple(mark for mark in before.marks if mark in ("claims_number", "several_cases"))
        marks += ("other_sender",) if actor == "other" else ()
        message = self._message(number, work, marks, actor, known or before.sender)
        message = replace(message, id=before.id, at=before.at, arrival=before.arrival)
        draft = citizens.better_copy(file.case, message, now, policy, self.ids)
        if not opens:
            citizens.hear(draft, self._addition(work, message, file.case, "copy"), policy)
        elif self._asked_again(work, self._lately(known, now, policy.intake), False).answer:
            opening = Opening(number=number, message=message, reporter=known, answer=True, notes=notes(inbound))
            citizens.acknowledge_after_all(draft, self._understood(opening, work))
        self.cases.commit(draft.change(received))
        return _result(received)

    def _addition(self, work: _Work, message: Message, case: Case, proof: str) -> Addition:
        inbound = work.inbound
        # Whoever writes: a stranger, a forger and nobody ring no oftener than the reporter.
        quiet = messages_lately(case.heard, work.now).too_often(work.policy.intake)
        return Addition(
            message=replace(message, marks=(*message.marks, "throttled")) if quiet else message,
            proof=proof,
            sender=inbound.sender.address,
            thanks=message.actor == "reporter" and _merely_thanks(inbound, case),
            quiet=quiet,
            left_out="" if quiet or not work.verdict.answer else notes(inbound),
        )

    def _add(self, work: _Work, thread: Thread, case: Case) -> Result:
        inbound = work.inbound
        own = work.known in case.reporters and not inbound.authenticity.forged
        sender, sealed = self._sender(work)
        marks = (*(() if own else ("other_sender",)), *(("several_cases",) if thread.several else ()))
        message = self._message(case.number, work, marks, "reporter" if own else "other", sender)
        addition = self._addition(work, message, case, thread.proof)
        draft = citizens.add_message(case, addition, work.now, work.policy, self.ids)
        reason = Reason.AUTOMATIC if inbound.automatic else Reason.THROTTLED if addition.quiet else Reason.REPLY
        return self._commit(draft, work, reason, sealed)

    def _open(self, work: _Work, thread: Thread) -> Result:
        inbound, verdict = work.inbound, work.verdict
        if verdict.answer:
            verdict = self._asked_again(work, self._lately(work.known, work.now, work.policy.intake), thread.echo)
        number = self.ids.number()
        reporter, sealed = self._sender(work, always=True)
        link = Link("follows", thread.case.number) if thread.case else Link("claims", thread.named)
        marks = (
            *(("forged",) if inbound.authenticity.forged else ()),
            *(("claims_number",) if thread.named else ()),
            *(("throttled",) if verdict.question == "too_often" else ()),
        )
        opening = Opening(
            number=number,
            message=self._message(number, work, marks, "reporter", reporter or ""),
            reporter=reporter,
            answer=verdict.answer,
            links=(link,) if link.number else (),
            notes=notes(inbound),
        )
        opening = self._understood(opening, work)
        draft = citizens.open_case(opening, work.now, "reporter", work.policy, self.ids)
        linked = Reason.LINKED_CASE if link.number else None
        reason = verdict.reason if verdict.question == "too_often" else linked or verdict.reason or Reason.NEW_CASE
        return self._commit(draft, work, reason or Reason.NEW_CASE, sealed)

    def _understood(self, opening: Opening, work: _Work) -> Opening:
        """With what its words say. A machine's mail is nobody's matter until an officer makes it one."""
        inbound = work.inbound
        if inbound.automatic:
            return replace(opening, priority=Priority.LOW)
        ours = tuple(one for one in inbound.recipients if one.rpartition("@")[2] == self.desk.mail_domain)
        return replace(
            opening,
            classified=classify_report(inbound.subject, inbound.text, ours, work.policy),
            sketch=sketch_of(opening.message, opening.reporter, opening.confidentiality),
        )

    def _commit(self, draft: Draft, work: _Work, reason: Reason, sealed: Sealed | None) -> Result:
        received = replace(work.received, outcome=Outcome.FILED, reason=reason, case=draft.case.number)
        self.cases.commit(draft.change(received, sealed))
        return _result(received)

    def _asked_again(self, work: _Work, lately: Lately, echo: bool) -> Verdict:
        """The same questions, now that it is known how often this sender was answered."""
        return classify(work.inbound, self.desk, Around(work.policy.intake, lately, work.received.replayed, echo))

    def _lately(self, reporter: str | None, now: datetime, rules: IntakeRules) -> Lately:
        """How often this address was answered. Mail that only pretends to be from it was not, and does not count
        against it. The hour is asked for only where the day's count could fill it."""
        if reporter is None:
            return Lately()
        day = self.cases.acknowledged_since(reporter, now - DAY, rules.answers_per_day)
        hour = 0
        if day >= rules.answers_per_hour:
            hour = self.cases.acknowledged_since(reporter, now - HOUR, rules.answers_per_hour)
        return Lately(answers_in_hour=hour, answers_in_day=day)

    def _sender(self, work: _Work, always: bool = False) -> tuple[str | None, Sealed | None]:
        """The vault's id of who wrote, sealed where it is new. A machine that writes on a case is nobody."""
        sender = work.inbound.sender
        if work.known or not sender.address or (work.inbound.automatic and not always):
            return work.known, None
        reporter = self.ids.new(work.inbound.at)
        return reporter, self.vault.seal(reporter, Identity(sender.name, sender.address))

    def _message(self, number: str, work: _Work, marks: tuple[str, ...], actor: str, sender: str | None) -> Message:
        inbound = work.inbound
        facts = inbound.authenticity
        ours = {self.desk.mail_domain, *work.policy.domains}
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
        )


@dataclass(frozen=True, slots=True)
class _Work:
    """One message on its way to a case. `known`: whom the vault knows by its sender's address."""

    inbound: Inbound
    received: Received
    verdict: Verdict
    known: str | None
    files: tuple[FileRef, ...]
    policy: Policy
    now: datetime


def _merely_thanks(inbound: Inbound, case: Case) -> bool:
    """Thanks under our own subject or theirs. Under a new one they may stand below a new matter."""
    subject = inbound.subject
    known = not subject or case.number == number_in(subject) or only_thanks(subject) or case.subject in subject
    return known and not inbound.files and only_thanks(inbound.text, (inbound.sender.name,))


def keep_files(inbound: Inbound, files: Files) -> tuple[FileRef, ...]:
    """Attachments go in before the case names them, each content once under its own digest: ten people who send the
    same picture fill one object, and reading an arrival again writes the same."""
    scan = {"PASS": "clean", "FAIL": "infected"}.get(inbound.authenticity.virus, "unscanned")
    for file in {file.digest: file for file in inbound.files}.values():
        files.put(file_key(file), file.content, file.type)
    return tuple(FileRef(file.name, file.type, file.size, file.digest, file_key(file), scan) for file in inbound.files)


def file_key(file: File) -> str:
    return f"{SHARED_FILES}{file.digest}"


#: Doubts that the citizen can do something about, in a letter's words.
_NOTES = {
    "too_many_files": "Catatan        : sebagian lampiran melebihi batas; silakan kirim terpisah.",
    "too_many_parts": "Catatan        : surel terdiri atas terlalu banyak bagian; silakan kirim lampiran terpisah.",
    "encrypted": "Catatan        : surel terenkripsi tidak dapat kami baca; mohon kirim tanpa enkripsi.",
    "not_opened": "Catatan        : sebagian lampiran tidak dapat kami buka; mohon kirim sebagai berkas biasa.",
    "text_cut": "Catatan        : teks sangat panjang; bagian akhirnya hanya tersimpan sebagai arsip.",
}


def notes(inbound: Inbound) -> str:
    lines = [_NOTES[doubt] for doubt in dict.fromkeys(inbound.doubts) if doubt in _NOTES]
    if inbound.left_out:
        lines.append(f"Belum tersimpan : {_named(inbound)}")
    return "\n".join(lines) + ("\n" if lines else "")


def _named(inbound: Inbound) -> str:
    """What was left out, by name as far as there is one; the count is always the whole."""
    named = [name for name in inbound.left_out if name != "?"]
    others = inbound.left_out_count - len(named)
    if not named:
        return f"{others} lampiran"
    return ", ".join(named) + (f", dan {others} lainnya" if others else "")
