"""From an arrival to one outcome a message: the pipeline of intake.

Store, then think: the raw object lies in the bucket before anything here runs, and every path ends in a row of the
ledger."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from ..domain.case import FileRef, Received
from ..domain.draft import Ids
from ..domain.errors import Retry
from ..domain.inbound import Inbound
from ..domain.triage import Around, Desk, Verdict, classify
from ..domain.words import CHAT, Outcome, Reason
from . import from_forms, menu_by_mail
from .canary_mail import CanaryMail, was_told, wrote
from .filing import Filing
from .kept import keep_files
from .places import Place, Places
from .ports import AlreadyRead, AlreadySeen, Arrivals, Cases, Files, Ledger, Policies, Tokens, Vault
from .races import decided_anew, patiently
from .reports import Reports
from .unfiled import Unfiled
from .work import MEMBERSHIP, Work, result
from .work import Raw as Raw
from .work import Result as Result

if TYPE_CHECKING:
    from .chat import Chats
    from .copies import Copies
    from .forms import Forms
    from .from_offices import FromOffices
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
        on_unreadable: Callable[[str, Exception], None] = lambda number, error: None,
    ) -> None:
        """`on_unreadable` is told of another case of the same person, by its number, that could not be read."""
        self.cases, self.ledger, self.arrivals, self.files = cases, ledger, arrivals, files
        self.vault, self.policies, self.tokens, self.desk = vault, policies, tokens, desk
        self.ids, self.clock = ids, clock
        self.places = Places(cases, tokens, desk, ids)
        self.threads, self.offices = self.places.threads, self.places.offices
        self.reports = Reports(cases, policies, self.threads, ids, clock)
        self.filing, self.unfiled = Filing(cases, vault, desk, ids), Unfiled(cases, ids)
        self.receipts, self.pause, self.on_unreadable = receipts, pause, on_unreadable

    # The modules of these are for who gets such a message: a cold start that reads most mail does without.

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
        from .chat import Chats

        return Chats(self.cases, self.vault, self.desk, self.ids, self.menu, self._note, self.on_unreadable)

    @functools.cached_property
    def forms(self) -> Forms:
        from .forms import Forms

        return Forms(self.filing, self.threads, self._note)

    @functools.cached_property
    def from_offices(self) -> FromOffices:
        from .from_offices import FromOffices

        return FromOffices(self.filing, self.offices, self._note)

    @functools.cached_property
    def canary_mail(self) -> CanaryMail:
        return CanaryMail(self.filing, self.threads, self.policies, self.ids, self.clock, self._note)

    @functools.cached_property
    def copies(self) -> Copies:
        from .copies import Copies

        return Copies(self.filing, self._note)

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
        verdict = classify(inbound, self.desk, Around(let_in=raw.replay, canary=self._canary(inbound)))
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
            if verdict.question == "to_canary":
                told = replace(received, outcome=verdict.outcome, reason=Reason.CANARY)
                return self.canary_mail.returned(inbound, told)
            told = self.reports(inbound, received, raw.event, raw.last)
            if told.reason is not Reason.UNMATCHED:
                return result(told)
            if raw.event or not raw.replay:
                return self._note(told)
            return self._let_in(raw, inbound, received)
        except AlreadySeen as seen:
            return self._copy(self._work(raw, inbound, received, verdict, files), seen.case)

    def _canary(self, inbound: Inbound) -> Literal["", "wrote", "was_told"]:
        if wrote(inbound, self.tokens, self.desk):
            return "wrote"
        return "was_told" if was_told(inbound, self.tokens, self.desk) else ""

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
    ) -> Work:
        chat = inbound.channel in CHAT  # whose people may be known by several addresses
        address = "" if chat else inbound.sender.address
        found = self.vault.find(address, typed=inbound.stated is not None) if address else None
        canary = verdict.question == "canary"  # one person a day, on either way
        known, typed = (None, found) if inbound.stated and not canary else (found, None)
        now = max(self.clock(), inbound.at)
        policy = self.policies.current()
        return Work(
            inbound,
            received,
            verdict,
            known,
            files,
            policy,
            now,
            raw.replay,
            typed=typed,
            stored=raw.stored,
            last=raw.last,
            canary=canary,
        )

    # -- outcomes that touch no case

    def _membership(self, raw: Raw, received: Received) -> Result:
        """The person shut us out of their chat, or let us in again."""
        from .membership import note

        def decide() -> Result:
            if raw.replay or not note(raw, received, self.cases, self.ledger, self.vault):
                return self._note(received)
            return result(received)

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
                return result(rows[0])
        return result(received)

    def _known(self, raw: Raw) -> Result:
        for row in self.ledger.of(raw.arrival):
            if row.index == raw.index:
                return result(row)
        raise Retry("an arrival's guard is there without its row")

    # -- a person's message

    def _file(self, work: Work) -> Result:
        if work.inbound.channel in CHAT and work.inbound.sender.address:
            return self.chats.file(work)
        if asked := menu_by_mail.asked_in(work.inbound):
            return menu_by_mail.answer(work, asked, self.menu, self.filing)
        work = self._masked(work)
        if work.canary and not work.inbound.stated:
            return self.canary_mail.file(work)
        if stated := work.inbound.stated:
            return self.forms.file(work, stated)
        work, place = self._placed(work)
        if place.office:
            return self.from_offices.file(work, place.office)
        if place.of_no_case and not work.let_in:
            return result(self.unfiled(work.inbound, work.received, work.policy, work.now))
        if place.case:
            return self.filing.add(work, place.thread, place.case)
        # An absence notice to a digest is no report.
        if work.inbound.automatic and self.threads.of_no_case(work.inbound):
            return self._note(replace(work.received, outcome=Outcome.STATUS, reason=Reason.AUTOMATIC).unguarded())
        return self.filing.open(work, place.thread)

    def _masked(self, work: Work) -> Work:
        """Without a receipt code that it shows."""
        return replace(work, inbound=self.pairs.masked(work.inbound))

    def _placed(self, work: Work) -> tuple[Work, Place]:
        place = self.places.find(work.inbound, work.known, work.policy, work.now)
        if reporter := from_forms.answers_its_letter(place.thread, work.inbound, self.vault):
            own = self.places.find(work.inbound, reporter, work.policy, work.now)
            if own.case:
                return replace(work, known=reporter, typed=self.vault.find(work.inbound.sender.address, True)), own
        return work, place

    def _copy(self, work: Work, number: str) -> Result:
        """`number`: the case on which the same message stands; empty where it made none."""
        if work.canary:
            return self.canary_mail.again(work, number)
        if work.inbound.channel in CHAT:
            again = replace(work.received, outcome=Outcome.DUPLICATE, reason=Reason.DUPLICATE, case=number)
            return self._note(again.unguarded())
        work, place = self._placed(self._masked(work))
        if office := place.office:
            return self.from_offices.copy(work, office, number or office.case.number)
        return self.copies.file(work, number)


#: What becomes of what is nobody's message; whatever is in no row is kept for who can make something of it.
_DROPPED = {
    Reason.SETUP: Outcome.REFUSED,
    Reason.OWN: Outcome.REFUSED,
    Reason.READ: Outcome.STATUS,
    Reason.EVENT: Outcome.STATUS,
    Reason.UNMATCHED: Outcome.STATUS,
}
