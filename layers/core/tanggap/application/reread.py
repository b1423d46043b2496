"""A stored arrival through today's reading: what would be understood otherwise. Shows it; changes a case only when
asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..domain import authenticity
from ..domain.arrival_keys import is_webhook
from ..domain.authenticity import Label
from ..domain.case import FileRef, Message, Received
from ..domain.draft import Draft, Ids
from ..domain.errors import NotFound, Park
from ..domain.inbound import Inbound
from ..domain.pairs import HIDDEN, without_any
from ..domain.triage import Desk, classify
from ..domain.words import Channel, Outcome, Reason
from .batches import part_key
from .kept import keep_files
from .ports import Arrivals, CaseFile, Cases, Files, Ledger, Policies
from .races import decided_anew

#: (raw, key, when it was stored, all of it or its beginning) -> the message in it. Raises Park.
Reader = Callable[[bytes, str, datetime, bool], Inbound]
#: (key, when it was stored) -> what each piece of a webhook's body says, by its index. Raises NotFound.
Pieces = Callable[[str, datetime], Mapping[int, Inbound]]
#: -> the number of the case on which it would be filed today, empty for a case of its own.
Where = Callable[[Inbound], str]

#: A message's mark: only its beginning was read.
IN_PART = "read_in_part"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Reading:
    """One message as the ledger has it (`row`) and as it would be read today. `outcome` and `reason` are what the
    reading alone decides: a reply or a new case is both `filed` without a reason. `message` is what stands on the case,
    None where nothing does; `case` where it would be filed on another one today, which moves nothing."""

    row: Received
    outcome: Outcome
    reason: Reason | None
    fields: tuple[Field, ...] = ()
    case: Field | None = None
    message: Message | None = None
    inbound: Inbound | None = None

    @property
    def decided_otherwise(self) -> bool:
        """Reading tells the outcome; of a reason only what was not looked up: a report's is told by the letter it is
        about (and it is parked where nobody knows that), a filed message's by its case. What a copy was of, and spam
        that an officer let in, reading cannot tell."""
        was, now = self.row, self
        if was.outcome is Outcome.DUPLICATE or (was.outcome is Outcome.FILED and now.reason is Reason.SPAM):
            return False
        if was.reason is Reason.UNMATCHED and now.outcome is Outcome.STATUS:
            return False
        if now.outcome is not was.outcome:
            return True
        return was.outcome not in (Outcome.FILED, Outcome.STATUS) and now.reason is not was.reason

    @property
    def differs(self) -> bool:
        return self.decided_otherwise or bool(self.fields or self.case)


class Reread:
    def __init__(
        self,
        cases: Cases,
        ledger: Ledger,
        arrivals: Arrivals,
        files: Files,
        policies: Policies,
        reader: Reader,
        desk: Desk,
        ids: Ids,
        clock: Callable[[], datetime],
        where: Where | None = None,
        pieces: Pieces | None = None,
    ) -> None:
        """`where`: None for who holds no key to the senders' addresses; nothing is said then of another case. `pieces`:
        None for who reads mail alone."""
        self.pieces = pieces
        self.where = where
        self.cases, self.ledger, self.arrivals, self.files = cases, ledger, arrivals, files
        self.policies, self.reader, self.desk, self.ids, self.clock = policies, reader, desk, ids, clock

    def compare(self, key: str, whole: bool | None = None) -> tuple[Reading, ...]:
        """Each message of an arrival with the difference. `whole`: read all of it, or its beginning; None leaves it to
        how it was read. Raises NotFound where the arrival or its raw object is gone."""
        rows = self.ledger.of(key)
        if not rows:
            raise NotFound("no such arrival")
        if is_webhook(key):
            found = self.pieces(key, rows[0].at) if self.pieces else {}
            return tuple(self._compare_piece(row, found.get(row.index)) for row in rows)
        raw = self.arrivals.get(key)
        return tuple(self._compare(row, raw, whole) for row in rows)

    def _compare_piece(self, row: Received, inbound: Inbound | None) -> Reading:
        """Where it goes, and whether it is a message at all, is not told by reading alone: its words are compared."""
        if inbound is None:
            return Reading(row, row.outcome, row.reason)
        if row.outcome is Outcome.PARKED:
            verdict = classify(inbound, self.desk)
            return Reading(row, verdict.outcome, verdict.reason, inbound=inbound)
        message = self._message(row, self._file(row))
        if message is None:
            return Reading(row, row.outcome, row.reason, inbound=inbound)
        from .conversation import as_filed

        inbound = _as_kept(message, as_filed(replace(inbound, sort=message.sort)))
        fields = tuple(_differences(message, inbound))
        return Reading(row, row.outcome, row.reason, fields, None, message, inbound)

    def _compare(self, row: Received, raw: bytes, whole: bool | None) -> Reading:
        # The mail service's own word, its set-up object, our own test citizen: there is nothing to read into them.
        if row.arrival.startswith("events/") or row.reason in (Reason.SETUP, Reason.CANARY):
            return Reading(row, row.outcome, row.reason)
        file = self._file(row)
        message = self._message(row, file)
        if whole is None:  # what took too long once is not tried on an officer
            whole = message is None or IN_PART not in message.marks
        try:
            inbound = self.reader(raw, row.arrival, row.at, whole)
        except Park as park:
            return Reading(row, Outcome.PARKED, Reason(park.reason))
        verdict = classify(inbound, self.desk)
        inbound = _as_kept(message, inbound) if message else inbound
        fields = tuple(_differences(message, inbound)) if message else ()
        case = self._case(message, file, inbound) if message and file and verdict.outcome is Outcome.FILED else None
        return Reading(row, verdict.outcome, verdict.reason, fields, case, message, inbound)

    def _case(self, message: Message, file: CaseFile, inbound: Inbound) -> Field | None:
        """As cases and policy stand now. What opened a case is not looked for on that very case."""
        if self.where is None:
            return None
        was = "" if message.id == file.messages[0].id else message.case
        now = self.where(inbound)
        return Field("case", was, now) if now not in (was, message.case) else None

    def _file(self, row: Received) -> CaseFile | None:
        stands = row.outcome in (Outcome.FILED, Outcome.DUPLICATE)
        return self.cases.file(row.case) if row.case and stands else None

    def _message(self, row: Received, file: CaseFile | None) -> Message | None:
        """What stands on the case was read from this arrival: the first copy, or a better one that came later."""
        if file is None:
            return None
        found = next((one for one in file.messages if _stands_for(one, row)), None)
        return self.cases.whole(found) if found else None

    def apply(self, key: str, actor: str, whole: bool = True) -> tuple[Reading, ...]:
        """What is filed is to stand on its case as it is read today. It moves no case and starts no clock: what follows
        from it is an officer's to decide. Raises NotFound, Retry."""

        def once() -> tuple[Reading, ...]:
            readings = self.compare(key, whole)
            for reading in readings:
                if reading.fields and reading.message and reading.inbound:
                    self._apply(reading.message, reading.inbound, reading.fields, actor)
            return readings

        return decided_anew(once)

    def _apply(self, message: Message, inbound: Inbound, fields: tuple[Field, ...], actor: str) -> None:
        case = self.cases.case(message.case)
        if case is None:
            raise NotFound("no such case")
        draft = Draft(case, self.clock(), actor, self.policies.current(), self.ids)
        said = replace(
            message,
            text=inbound.text,
            full_text="" if inbound.full_text == inbound.text else inbound.full_text,
            subject=inbound.subject,
            automatic=bool(inbound.automatic) if _by_mail(message) else message.automatic,
            authenticity=_label(message, inbound).word,
            reasons=_reasons(message, inbound),
            files=self._files(message, inbound) if _by_mail(message) else message.files,
            left_out=inbound.names_left_out if _by_mail(message) else message.left_out,
            marks=_marks(message, inbound),
            body="",
        )
        draft.change_message(said)
        if case.subject == message.subject and not message.automatic:
            draft.set(subject=said.subject)
        named = ",".join(field.name for field in fields)
        draft.record("reread", secret=f"{said.subject}\n{said.text}", message=said.id, fields=named)
        self.cases.commit(draft.change())

    def _files(self, message: Message, inbound: Inbound) -> tuple[FileRef, ...]:
        """What was kept stays under the name it has; only what is new is stored."""
        kept = {file.digest: file for file in message.files}
        new = replace(inbound, files=tuple(file for file in inbound.files if file.digest not in kept))
        kept |= {ref.digest: ref for ref in keep_files(new, self.files)}
        return tuple(replace(kept[file.digest], name=file.name, type=file.type) for file in inbound.files)


def _as_kept(message: Message, inbound: Inbound) -> Inbound:
    """A receipt code that was kept out of sight stays there."""
    if HIDDEN not in f"{message.subject}{message.text}{message.full_text}":
        return inbound
    return replace(
        inbound,
        subject=without_any(inbound.subject),
        text=without_any(inbound.text),
        full_text=without_any(inbound.full_text),
    )


def _differences(message: Message, inbound: Inbound) -> Iterator[Field]:
    """Of a text whose object was not at hand only the start is known: nothing is said about it. Nor is anything of the
    files of a platform's message, which were fetched since; that nobody wrote it is told by where it was filed."""
    unknown: tuple[str, ...] = ("text", "full_text") if message.body else ()
    unknown += () if _by_mail(message) else ("files", "left_out", "automatic")
    word = _label(message, inbound).word
    for name, was, now in (
        ("subject", message.subject, inbound.subject),
        ("text", message.text, inbound.text),
        ("full_text", message.full_text or message.text, inbound.full_text),
        ("automatic", message.automatic, bool(inbound.automatic)),
        ("authenticity", [message.authenticity, *message.reasons], [word, *_reasons(message, inbound)]),
        ("files", _named(message.files), [[one.name, one.type, one.digest] for one in inbound.files]),
        ("left_out", list(message.left_out), list(inbound.names_left_out)),
        ("marks", list(message.marks), list(_marks(message, inbound))),
    ):
        if was != now and name not in unknown:
            yield Field(name, was, now)


def _label(message: Message, inbound: Inbound) -> Label:
    """As today's rules judge it, by what was known of the sender then. Where the raw mail holds no verdict of the
    receiving service, what its notice said stays."""
    facts = inbound.authenticity
    if not (facts.spf or facts.dkim or facts.dmarc):
        said = tuple(one for one in message.reasons if not one.startswith("automatic_"))
        return Label(message.authenticity, said)
    known = "known_sender" in message.reasons
    found = authenticity.label(facts, inbound.sender, known=known)
    kept = tuple(one for one in message.reasons if one == "imitates_our_domain")
    return Label("lookalike" if kept and found.word == "verified" else found.word, (*found.reasons, *kept))


def _reasons(message: Message, inbound: Inbound) -> tuple[str, ...]:
    automatic = (f"automatic_{inbound.automatic}",) if inbound.automatic else ()
    return (*_label(message, inbound).reasons, *automatic)


def _named(files: tuple[FileRef, ...]) -> list[list[str]]:
    return [[one.name, one.type, one.digest] for one in files]


#: Marks that say where a message was filed and why, not how it was read.
FILING = frozenset(
    {"other_sender", "several_cases", "throttled", "forged", "claims_number", "assisted", "perhaps_automatic"}
)


def _marks(message: Message, inbound: Inbound) -> tuple[str, ...]:
    if not _by_mail(message):
        return tuple(dict.fromkeys((*message.marks, *inbound.doubts)))
    kept = (mark for mark in message.marks if mark in FILING or mark.startswith(("office_", "split:")))
    return (*inbound.doubts, *kept)


def _by_mail(message: Message) -> bool:
    return message.channel is Channel.EMAIL


def _stands_for(message: Message, row: Received) -> bool:
    """Of a webhook's body each message has its own object, or its own id beside those of the same person."""
    if not is_webhook(row.arrival):
        return message.arrival == row.arrival
    own = message.arrival in (row.arrival, part_key(row.arrival, row.index))
    return own and message.external_id == row.external_id
