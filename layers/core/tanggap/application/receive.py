"""From an arrival to one outcome a message: the pipeline of intake.

Store, then think: the raw object lies in the bucket before anything here runs, and every path ends in a row of the
ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain import citizens, numbers
from ..domain.case import Case, Change, Delivery, FileRef, Link, Message, Received
from ..domain.citizens import Opening
from ..domain.draft import Ids
from ..domain.errors import Conflict, Retry
from ..domain.inbound import FailedDelivery, File, Inbound
from ..domain.triage import Desk, Verdict, classify, tokens_in
from ..domain.words import Channel, DeliveryState, Outcome, Reason
from .ports import AlreadyRead, AlreadySeen, Arrivals, Cases, Files, Identity, Ledger, Policies, Tokens, Vault

#: A transaction that lost a race decides anew on what is there now; five losses in a row go back to the queue.
RACES = 5
#: The mail service reports a failure sometimes before our own note of its id is readable: such a report comes again.
UNMATCHED_PATIENCE_SECONDS = 900
#: Two machines that answer each other without saying that they are machines stop here: so many cases of one reporter
#: within the span are acknowledged, further ones are filed only (promise 4).
ANSWERED_CASES, ANSWERED_WITHIN = 20, timedelta(hours=1)
#: A mail may name a hundred earlier ones, each a look-up of its own; the most direct come first.
REFERENCES_LOOKED_AT = 20


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


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a message belongs: a case, and how that was proved. `claims` is a case that the message names without
    proof."""

    case: Case | None = None
    proof: str = ""
    claims: str = ""


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
        verdict = classify(inbound, self.desk)
        if raw.replay and verdict.reason is Reason.SPAM:  # an officer looked at it and let it in
            verdict = replace(verdict, outcome=Outcome.FILED, reason=None, answer=True)
        if not raw.event and verdict.outcome is not Outcome.STATUS and not verdict.goes_on:
            return self._note(replace(received, outcome=verdict.outcome, reason=verdict.reason or Reason.UNREADABLE))
        received = replace(received, seen=f"{inbound.channel}#{inbound.digest}")
        for _ in range(RACES):
            try:
                told = self._report(inbound, received, raw.event) if inbound.failures else None
                return told or self._file(inbound, received, verdict)
            except AlreadyRead:
                return self._known(raw)
            except AlreadySeen as seen:
                return self._note(
                    replace(received, outcome=Outcome.DUPLICATE, reason=Reason.DUPLICATE, case=seen.case, seen="")
                )
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
                return Result(rows[0].outcome, rows[0].reason, rows[0].case)
        return Result(received.outcome, received.reason, received.case)

    def _known(self, raw: Raw) -> Result:
        for row in self.ledger.of(raw.arrival):
            if row.index == raw.index:
                return Result(row.outcome, row.reason, row.case)
        raise Retry("an arrival's guard is there without its row")

    # -- a person's message

    def _file(self, inbound: Inbound, received: Received, verdict: Verdict) -> Result:
        reporter = self.vault.find(inbound.sender.address) if inbound.sender.address else None
        thread = self._thread(replace(inbound, references=inbound.references[:REFERENCES_LOOKED_AT]), reporter)
        files = self._keep_files(inbound, received.arrival)
        now = max(self.clock(), inbound.at)
        if thread.case is not None:
            return self._add(thread.case, thread.proof, inbound, received, reporter, files, now)
        return self._open(thread, inbound, received, verdict, reporter, files, now)

    def _thread(self, inbound: Inbound, reporter: str | None) -> Thread:
        """Which case, by proof, in DESIGN.md's order: token, our own id, the citizen's earlier id, the number in the
        subject."""
        for token in (*tokens_in(inbound.recipients, self.desk), *self._tokens_of(inbound.references)):
            if (number := self.tokens.case_of(token)) and (case := self.cases.case(number)):
                return Thread(case, "token")
        for reference in inbound.references:
            if (found := self.cases.delivery_of(reference)) and (case := self.cases.case(found[0])):
                return Thread(case, "our_id")
        trusted = reporter is not None and inbound.authenticity.aligned
        for reference in inbound.references if trusted else ():
            for number in self.cases.cases_with(reference):
                case = self.cases.case(number)
                if case and case.reporter == reporter:
                    return Thread(case, "their_id")
        named = numbers.number_in(inbound.subject)
        case = self.cases.case(named) if named else None
        if case is None:
            return Thread()
        if trusted and case.reporter == reporter:
            return Thread(case, "number")
        return Thread(claims=case.number)

    def _tokens_of(self, references: tuple[str, ...]) -> Iterator[str]:
        """Our own ids end in the token too: `<delivery>.<token>@<mail domain>`, in References where SES leaves them."""
        for reference in references:
            local, _, domain = reference.lower().rpartition("@")
            if domain == self.desk.mail_domain and "." in local:
                yield local.rpartition(".")[2]

    def _add(
        self,
        case: Case,
        proof: str,
        inbound: Inbound,
        received: Received,
        reporter: str | None,
        files: tuple[FileRef, ...],
        now: datetime,
    ) -> Result:
        own = reporter is not None and reporter == case.reporter and not inbound.authenticity.forged
        marks = (*inbound.doubts, *(() if own else ("other_sender",)))
        message = self._message(case.number, inbound, received, files, marks, "reporter" if own else "other")
        draft = citizens.add_message(
            case, message, proof, now, self.policies.current(), self.ids, inbound.sender.address
        )
        reason = Reason.AUTOMATIC if inbound.automatic else Reason.REPLY
        self.cases.commit(draft.change(replace(received, outcome=Outcome.FILED, reason=reason, case=case.number)))
        return Result(Outcome.FILED, reason, case.number)

    def _open(
        self,
        thread: Thread,
        inbound: Inbound,
        received: Received,
        verdict: Verdict,
        reporter: str | None,
        files: tuple[FileRef, ...],
        now: datetime,
    ) -> Result:
        number = self.ids.number()
        throttled = reporter is not None and verdict.answer and self._too_many(reporter, now)
        sealed = None
        if reporter is None and inbound.sender.address:
            reporter = self.ids.new(inbound.at)
            sealed = self.vault.seal(reporter, Identity(inbound.sender.name, inbound.sender.address))
        marks = (
            *inbound.doubts,
            *(("forged",) if inbound.authenticity.forged else ()),
            *(("claims_number",) if thread.claims else ()),
            *(("throttled",) if throttled else ()),
        )
        message = self._message(number, inbound, received, files, marks, "reporter")
        opening = Opening(
            number=number,
            message=message,
            reporter=reporter,
            answer=verdict.answer and not throttled,
            links=(Link("claims", thread.claims),) if thread.claims else (),
            notes=_notes(inbound),
        )
        draft = citizens.open_case(opening, now, "reporter", self.policies.current(), self.ids)
        reason = (
            Reason.THROTTLED
            if throttled
            else Reason.LINKED_CASE
            if thread.claims
            else Reason.AUTOMATIC
            if inbound.automatic
            else Reason.NEW_CASE
        )
        self.cases.commit(draft.change(replace(received, outcome=Outcome.FILED, reason=reason, case=number), sealed))
        return Result(Outcome.FILED, reason, number)

    def _too_many(self, reporter: str, now: datetime) -> bool:
        return self.cases.opened_since(reporter, now - ANSWERED_WITHIN, ANSWERED_CASES) >= ANSWERED_CASES

    def _message(
        self,
        number: str,
        inbound: Inbound,
        received: Received,
        files: tuple[FileRef, ...],
        marks: tuple[str, ...],
        actor: str,
    ) -> Message:
        facts = inbound.authenticity
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
            authenticity=facts.word,
            verdicts={"spf": facts.spf, "dkim": facts.dkim, "dmarc": facts.dmarc},
            files=files,
            marks=marks,
            actor=actor,
            arrival=received.arrival,
        )

    def _keep_files(self, inbound: Inbound, arrival: str) -> tuple[FileRef, ...]:
        """Attachments go in before the case names them; under the arrival's name, so that reading it again writes the
        same."""
        scan = {"PASS": "clean", "FAIL": "infected"}.get(inbound.authenticity.virus, "unscanned")
        kept: dict[str, FileRef] = {}
        refs: list[FileRef] = []
        for file in inbound.files:
            ref = kept.get(file.digest) or FileRef(
                file.name, file.type, file.size, file.digest, _file_key(arrival, file), scan
            )
            if file.digest not in kept:
                self.files.put(ref.key, file.content, file.type)
                kept[file.digest] = ref
            refs.append(replace(ref, name=file.name))
        return tuple(refs)

    # -- reports about our own letters

    def _report(self, inbound: Inbound, received: Received, event: bool) -> Result | None:
        """A bounce, complaint or delivery report. Whatever it is about, it never causes an answer to its sender.

        None for a person's mail that only carries somebody else's report: it is a message like others."""
        failure = inbound.failures[0]
        found = self._delivery_of(failure)
        if found is None:
            if event and (self.clock() - inbound.at).total_seconds() < UNMATCHED_PATIENCE_SECONDS:
                raise Retry("the letter of this report is not known yet")
            if not event and inbound.sender.address and not inbound.automatic:
                return None
            return self._note(replace(received, outcome=Outcome.STATUS, reason=Reason.UNMATCHED, seen=""))
        case, delivery = found
        reason = _REPORTS.get(failure.kind, Reason.BOUNCE)
        received = replace(received, outcome=Outcome.STATUS, reason=reason, case=case.number)
        if delivery.state in (DeliveryState.QUEUED, DeliveryState.CLAIMED):
            raise Retry("the letter of this report is still under its sender's hands")
        if delivery.state is DeliveryState.FAILED:  # said before, and told to the desk then
            self.cases.commit(Change(received=received))
        elif failure.kind in ("delivery", "delay"):
            changed = _news(delivery, failure.kind)
            self.cases.commit(Change(changed_deliveries=(changed,) if changed else (), received=received))
        else:
            why = failure.kind + (f" {failure.status}" if failure.status else "")
            ended = replace(delivery, state=DeliveryState.FAILED, reason=why)
            now = max(self.clock(), inbound.at)
            draft = citizens.letter_failed(case, ended, now, self.policies.current(), self.ids)
            self.cases.commit(draft.change(received))
        return Result(Outcome.STATUS, reason, case.number)

    def _delivery_of(self, failure: FailedDelivery) -> tuple[Case, Delivery] | None:
        key = (failure.case_number, failure.delivery_id)
        if not all(key):
            found = self.cases.delivery_of(failure.original_id) if failure.original_id else None
            if found is None:
                return None
            key = found
        case, delivery = self.cases.case(key[0]), self.cases.delivery(*key)
        return (case, delivery) if case and delivery else None


def _news(delivery: Delivery, kind: str) -> Delivery | None:
    """The row after a report that is no failure. Reports come in any order: none takes back what is known already."""
    if kind == "delivery":  # also where the answer was lost: now it is known
        return replace(delivery, state=DeliveryState.DELIVERED, reason="")
    return replace(delivery, reason="delayed") if delivery.state is DeliveryState.SENT else None


_REPORTS = {
    "bounce": Reason.BOUNCE,
    "complaint": Reason.COMPLAINT,
    "delivery": Reason.DELIVERED,
    "reject": Reason.BOUNCE,
    "delay": Reason.BOUNCE,
}


def _file_key(arrival: str, file: File) -> str:
    return f"{arrival}/{file.digest}"


#: Doubts that the citizen can do something about, in the acknowledgement's words.
_NOTES = {
    "too_many_files": "Catatan        : sebagian lampiran melebihi batas; silakan kirim terpisah.",
    "text_cut": "Catatan        : teks sangat panjang; bagian akhirnya hanya tersimpan sebagai arsip.",
}


def _notes(inbound: Inbound) -> str:
    lines = [_NOTES[doubt] for doubt in dict.fromkeys(inbound.doubts) if doubt in _NOTES]
    return "\n".join(lines) + ("\n" if lines else "")
