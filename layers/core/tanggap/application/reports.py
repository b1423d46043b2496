"""What the post says about our own letters: delivered, delayed, bounced, complained of. Never answered (promise 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ..domain import citizens, reported, talks, ways
from ..domain.case import OFFICE, Case, Change, Delivery, Received
from ..domain.draft import Ids
from ..domain.errors import Retry
from ..domain.inbound import FailedDelivery, Inbound
from ..domain.talks import TALK, Talk
from ..domain.triage import tokens_in
from ..domain.words import CHAT, DeliveryState, Outcome, Reason
from .ports import Cases, Policies
from .threads import Threads
from .work import PATIENCE

#: A returned mail may name a hundred ids; ours stands among the last.
IDS_LOOKED_AT = 10
#: Reports of one mail that are looked for, where they name different letters.
REPORTS_LOOKED_AT = 3

REASONS = {
    "bounce": Reason.BOUNCE,
    "complaint": Reason.COMPLAINT,
    "delivery": Reason.DELIVERED,
    "reject": Reason.BOUNCE,
    "delay": Reason.BOUNCE,
    "sent": Reason.SENT,
    "read": Reason.READ,
}


class Reports:
    def __init__(
        self, cases: Cases, policies: Policies, threads: Threads, ids: Ids, clock: Callable[[], datetime]
    ) -> None:
        self.cases, self.policies, self.threads, self.ids, self.clock = cases, policies, threads, ids, clock

    def __call__(self, inbound: Inbound, received: Received, event: bool, last: bool = False) -> Received:
        """Apply what a report says of the first letter of ours that it names; returns the ledger's row for it,
        committed but for a letter that nobody knows (`unmatched`): parked where a mail says so, since a person may have
        written about a letter that came back. `event`: the mail service's or a platform's own word. `last`: nobody
        brings it again. Raises Retry, Conflict."""
        told = self._first_known(inbound.failures)
        if told is None:
            # The mail service tells of a failure sometimes before our own note of its id is readable.
            if event and not last and self.clock() - inbound.at < PATIENCE:
                raise Retry("the letter of this report is not known yet")
            outcome = Outcome.STATUS if event else Outcome.PARKED
            return replace(received, outcome=outcome, reason=Reason.UNMATCHED).unguarded()
        failure, case, delivery = told
        number = case.number if case else ""
        received = replace(received, outcome=Outcome.STATUS, reason=_reason(failure), case=number)
        if platform := inbound.channel in CHAT:
            waits = reported.under_way(delivery, failure)
        else:
            waits = delivery.state in (DeliveryState.QUEUED, DeliveryState.CLAIMED) and failure.kind != "sent"
        known = self._found(delivery, failure, inbound, platform) if event else None
        if known:
            self.cases.commit(_moved(delivery, known, received))
            return received
        if waits:
            raise Retry("the letter of this report is still under its sender's hands")
        # Said before, and told to the desk then; or of a way that the letter has left.
        if delivery.state is DeliveryState.FAILED or (platform and reported.stale(delivery, failure)):
            self.cases.commit(Change(received=received))
        elif failure.kind in reported.NEWS:
            changed = reported.news(delivery, failure)
            self.cases.commit(Change(changed_deliveries=(changed,) if changed else (), received=received))
        elif platform and (again := reported.on_another_way(delivery, failure, max(self.clock(), inbound.at))):
            talk = self._shut(case, delivery, again, inbound.at)
            self.cases.commit(replace(_moved(delivery, again, received), talk=talk))
        else:
            why = failure.kind + (f" {failure.status}" if failure.status else "")
            ended = replace(delivery, state=DeliveryState.FAILED, reason=why)
            now = max(self.clock(), inbound.at)
            self.cases.commit(self._failed(case, ended, now, failure, received))
        return received

    def _shut(self, case: Case | None, before: Delivery, again: Delivery, at: datetime) -> Talk | None:
        """The talk on which a way was refused after it had been taken; None where they have written since, or nothing
        changes."""
        refused = [one for one in again.tried[len(before.tried) :] if ways.shuts(one)]
        reporters = dict.fromkeys((before.reporter, *(case.reporters if case else ())))
        found = (self.cases.talk(one, before.channel) for one in reporters if one) if refused else iter(())
        talk = next((one for one in found if one), None)
        after = talks.shut(talk, refused, at, before.sent_at or before.created_at) if talk else None
        return replace(after, version=after.version + 1) if after and after is not talk else None

    def _found(self, delivery: Delivery, failure: FailedDelivery, inbound: Inbound, platform: bool) -> Delivery | None:
        """The row whose answer was lost, as the word leaves it. An id that leads to a row is none whose answer was."""
        now = self.clock()
        if platform:
            known = reported.found(delivery, failure, max(now, inbound.at))
        else:  # a word that was read late, or lay among the dead letters, is as old as it says
            known = reported.found_mailed(delivery, failure, min(now, inbound.at))
        return known if known and self.cases.delivery_of(failure.original_id) is None else None

    def _failed(
        self, case: Case | None, ended: Delivery, now: datetime, failure: FailedDelivery, received: Received
    ) -> Change:
        policy = self.policies.current()
        if case is None:  # an office's own letter
            from ..domain.digest_letters import undelivered

            told = undelivered(ended, policy, now, self.ids)
            return Change(deliveries=told, changed_deliveries=(ended,), received=received)
        draft = citizens.letter_failed(case, ended, now, policy, self.ids, cause=failure.cause)
        return draft.change(received)

    def _first_known(self, failures: tuple[FailedDelivery, ...]) -> tuple[FailedDelivery, Case | None, Delivery] | None:
        """A letter of ours has one recipient, so a report tells of one; fifty that name the same ids are asked for
        once."""
        asked: set[tuple[object, ...]] = set()
        for failure in failures:
            traces = (failure.delivery_id, failure.original_id, failure.references, failure.reply_to)
            if traces in asked or len(asked) >= REPORTS_LOOKED_AT:
                continue
            asked.add(traces)
            if found := self._delivery_of(failure):
                return failure, *found
        return None

    def _delivery_of(self, failure: FailedDelivery) -> tuple[Case | None, Delivery] | None:
        """By what names the letter itself, then by its thread: the last letter of the case that could be meant. An
        office's own letter is of no case."""
        key = (failure.case_number, failure.delivery_id)
        if not all(key):
            key = self._key_of(failure) or ("", "")
        case = self.cases.case(key[0]) if key[0] else None
        delivery = self.cases.delivery(*key) if case or key[0].startswith((OFFICE, TALK)) else None
        if delivery:
            return case, delivery
        return self._by_thread(failure)

    def _key_of(self, failure: FailedDelivery) -> tuple[str, str] | None:
        named = [one for one in dict.fromkeys((failure.original_id, *failure.references)) if one][:IDS_LOOKED_AT]
        for reference in named:
            if ours := self.threads.our_id(reference):
                number = self.threads.tokens.case_of(ours[1])
                if number:
                    return number, ours[0]
        for reference in named:
            if found := self.cases.delivery_of(reference):
                return found
        return None

    def _by_thread(self, failure: FailedDelivery) -> tuple[Case, Delivery] | None:
        """The returned mail still shows our reply address: its case is sure, the letter is the last one that went to
        this recipient (an office's own address) or to the reporter, whose address only the vault knows."""
        for token in tokens_in(failure.reply_to, self.threads.desk):
            office = self.threads.tokens.office(token, (failure.recipient,))
            number = office.number if office else self.threads.tokens.case_of(token)
            file = self.cases.file(number, texts=False) if number else None
            if file is None:
                continue
            gone = [one for one in file.deliveries if one.state in (DeliveryState.SENT, DeliveryState.DELIVERED)]
            meant = [one for one in gone if one.address == failure.recipient] or [one for one in gone if one.reporter]
            if meant:
                return file.case, max(meant, key=lambda one: (one.created_at, one.id))
        return None


def _moved(before: Delivery, after: Delivery, received: Received) -> Change:
    """Of a row that waits for its next try, deliver must not have taken it meanwhile; of one that deliver has, it must
    be the same try."""
    if before.state is DeliveryState.CLAIMED:
        return Change(finished_deliveries=(after,), received=received)
    if before.state is DeliveryState.QUEUED:
        return Change(released_deliveries=(after,), received=received)
    return Change(changed_deliveries=(after,), received=received)


def _reason(failure: FailedDelivery) -> Reason:
    return REASONS.get(failure.kind, Reason.BOUNCE)
