"""From an outbox row to one message: claim, send, finish. Never raises for a failed send: the row says what happens
next."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from ..domain import caught_up, citizens, ladder_letters, talks
from ..domain.case import AUTOMATIC_ANSWERS, Case, Change, Delivery
from ..domain.draft import Draft, Ids
from ..domain.errors import Invalid, NotFound, Retry
from ..domain.letter_frame import answerable
from ..domain.office_tokens import REPLY_DAYS
from ..domain.offices import asks_for_an_answer, may_answer, of_several
from ..domain.rungs import standing
from ..domain.talks import Talk
from ..domain.ways import LATE, How, needs_nobody
from ..domain.words import OF_THE_LADDER, Channel, DeliveryState
from .dispatch import LATE_AFTER, Dispatch, Work
from .failures import AnswerLost, Blocked, Broken, SendError, Undeliverable, Wait, WindowClosed
from .outgoing import NO_PAGE, Envelopes, Page, Takes, contents
from .ports import Cases, Chat, Envelope, Files, Identity, Outbox, Policies, Post, Unreadable, Vault
from .races import decided_anew
from .routes import Routes

#: How long a claim is respected: twice the function's time-out, so a living sender never loses its row.
LEASE = timedelta(seconds=120)
#: Waits after the 1st, 2nd, … failed attempt; the last one repeats.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 30, 60))
#: At least so long after an answer that a service may still tell of. WhatsApp's word, which a row under its sender's
#: hands sends back to the queue for 180 s (template.yaml), is there before the repeat. SES's comes when the addressee's
#: server has taken the mail; one that did not leave is repeated within the five minutes of an acknowledgement.
WORD_COMES = {Channel.EMAIL: timedelta(minutes=3), Channel.WHATSAPP: timedelta(minutes=5)}
#: Attempts at a letter that the service fails at: it may be the letter. About nine hours; then an officer must know.
#: Waits in between (a day in the sandbox, a key that expired, a table that does not answer) do not count.
ATTEMPTS = 15


@dataclass(frozen=True, slots=True)
class Handling:
    """What a class of failure does to a row."""

    state: DeliveryState
    limit: int | None = None
    counts_repeat: bool = False


HANDLING: dict[type[Exception], Handling] = {
    Invalid: Handling(DeliveryState.FAILED),
    Wait: Handling(DeliveryState.QUEUED),
    Broken: Handling(DeliveryState.QUEUED, limit=ATTEMPTS),
    Retry: Handling(DeliveryState.QUEUED),
    AnswerLost: Handling(DeliveryState.QUEUED, counts_repeat=True),
    Undeliverable: Handling(DeliveryState.FAILED),
    WindowClosed: Handling(DeliveryState.FAILED),
    Blocked: Handling(DeliveryState.FAILED),
    NotFound: Handling(DeliveryState.FAILED),
}
_REASONS: dict[type[Exception], str] = {Invalid: "bad_address", NotFound: "file_missing"}
_ENDED_BADLY = frozenset({DeliveryState.FAILED, DeliveryState.HELD})


#: (reporter, channel): where a talk is found.
Place = tuple[str, Channel]


@dataclass(frozen=True, slots=True)
class Shut:
    """Ways that a platform refused on an attempt (Work.shut), which began at `since`. `place`: the talk on the way that
    it ended by."""

    found: tuple[tuple[str, Channel, str], ...]
    since: datetime
    place: Place | None = None

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(dict.fromkeys((reporter, channel) for reporter, channel, _ in self.found))

    def at(self, place: Place) -> tuple[str, ...]:
        return tuple(refused for reporter, channel, refused in self.found if (reporter, channel) == place)


NOTHING_SHUT = Shut((), datetime.min.replace(tzinfo=UTC))


class Deliver:
    def __init__(
        self,
        outbox: Outbox,
        cases: Cases,
        vault: Vault,
        files: Files,
        policies: Policies,
        post: Post,
        ids: Ids,
        clock: Callable[[], datetime],
        chat_of: Callable[[Channel], Chat | None] = lambda channel: None,
        page: Page = NO_PAGE,
        takes: Takes = lambda channel, type_, size: True,
    ) -> None:
        """`chat_of`: a channel's way out, None where it has none; `takes`: which files go by it."""
        self.outbox, self.cases, self.vault, self.files = outbox, cases, vault, files
        self.policies, self.post, self.ids, self.clock = policies, post, ids, clock
        self.dispatch = Dispatch(
            outbox, vault, files, policies, post, Routes(cases, vault), Envelopes(files, page, takes), chat_of, clock
        )

    def __call__(self, row: Delivery) -> Delivery | None:
        """Work on one row as the stream showed it. Returns its new state, None when there was nothing to do."""
        now = self.clock()
        claimed = self.outbox.claim(row, now, now + LEASE)
        if claimed is None:
            return None
        if claimed.repeats > 1:
            return self._finish(replace(claimed, state=DeliveryState.HELD, reason="answer_lost", due_at=None))
        if withdrawn := self._withdrawn(claimed, now):
            return withdrawn
        work = Work(claimed)
        try:
            sent = self.dispatch.to_reporter(work) if claimed.reporter and not claimed.address else self._office(work)
        except tuple(HANDLING) as error:
            ended, shut = self._after(work.row, error), Shut(work.shut, now, work.place)
            if isinstance(error, Wait | Retry) and self._waits_long(ended):
                return self._late(ended, shut)
            return self._finish(ended, shut)
        return self._finish(sent, Shut(work.shut, now, work.place))

    def _withdrawn(self, row: Delivery, now: datetime) -> Delivery | None:
        """A letter of the ladder whose clocks were met while it waited for its service. One whose answer was lost is
        repeated all the same: it may have arrived."""
        if row.purpose not in OF_THE_LADDER or not row.steps or row.repeats:
            return None

        def once() -> Delivery | None:
            case = self.cases.case(row.case)
            if case is None or standing(case, row.steps):
                return None
            change = ladder_letters.withdraw(case, row, now, self.policies.current(), self.ids, claimed=True).change()
            self.cases.commit(change)
            return change.finished_deliveries[0]

        return decided_anew(once)

    def _finish(self, delivery: Delivery, shut: Shut = NOTHING_SHUT) -> Delivery:
        """The row's end, and what it tells of the talk, in one transaction. Lost races leave the claim to run out; what
        has gone stands on the row, and is not sent again."""
        ended = replace(delivery, lease_until=None, wake=None)
        used_up = ended.how == How.PRIVATE and ended.state is DeliveryState.SENT
        own = (ended.reporter, ended.channel) if used_up else None
        kept = shut.place if caught_up.keeps(ended) else None
        places = tuple(dict.fromkeys((*shut.places, *(one for one in (own, kept) if one))))
        for place in places[:-1]:  # a change has one talk
            self._shut_aside(ended, shut, place)
        last = places[-1] if places else None
        if ended.state in _ENDED_BADLY:
            return self._end(ended, shut, last)
        if last:
            decided_anew(
                lambda: self.cases.commit(Change(finished_deliveries=(ended,), talk=self._talk(ended, shut, last)))
            )
        elif not self.outbox.finish(ended):
            return self._overtaken(ended)
        return ended

    def _overtaken(self, ended: Delivery) -> Delivery:
        """The row as it stands, which is not what this try would have written: the mail service's word of an earlier
        one was faster, or another sender took it over. What this try cost, it cost."""
        with suppress(Retry, Unreadable):
            if now := self.cases.delivery(ended.case, ended.id):
                return replace(now, charged=ended.charged)
        return ended

    def _waits_long(self, row: Delivery) -> bool:
        told = LATE in row.marks or row.address or row.of_talk
        return not told and self.clock() - row.created_at >= LATE_AFTER

    def _late(self, row: Delivery, shut: Shut) -> Delivery:
        """It goes on waiting, and somebody knows."""
        row = replace(row, lease_until=None, wake=None, marks=(*row.marks, LATE))

        def once() -> bool:
            case = self.cases.case(row.case)
            if case is None:
                return False
            draft = citizens.letter_waits(case, row, self.clock(), self.policies.current(), self.ids)
            self.cases.commit(draft.change())
            return True

        for place in shut.places:
            self._shut_aside(row, shut, place)
        return row if decided_anew(once) else self._finish(row)

    def _shut_aside(self, ended: Delivery, shut: Shut, place: Place) -> None:
        def once() -> None:
            if talk := self._talk(ended, shut, place):
                self.cases.commit(Change(talk=talk))

        decided_anew(once)

    def _talk(self, ended: Delivery, shut: Shut, place: Place | None) -> Talk | None:
        """What was refused is not tried again there; a comment has one private reply, and one that came meanwhile keeps
        its own. None: it stands as it stood."""
        before = self.cases.talk(*place) if place else None
        if before is None or place is None:
            return None
        talk = talks.shut(before, shut.at(place), self.clock(), shut.since)
        went = ended.how == How.PRIVATE and ended.state is DeliveryState.SENT
        if went and place == (ended.reporter, ended.channel) and before.comment == ended.comment:
            talk = replace(talk, comment="")
        if place == shut.place and caught_up.keeps(ended):
            talk = talks.kept_back(talk, ended.case)
        return replace(talk, version=before.version + 1) if talk != before else None

    def _end(self, ended: Delivery, shut: Shut, place: Place | None) -> Delivery:
        """A letter that will not arrive: its row, the case's history and the word to the desk in one transaction. Lost
        races leave the claim to run out, and the row is worked on again. Returns the row as it stands then."""

        def once() -> Delivery:
            if arrived := self._arrived(ended):
                return arrived
            talk = self._talk(ended, shut, place)
            if ended.of_no_case:
                from ..domain.digest_letters import undelivered

                told = undelivered(ended, self.policies.current(), self.clock(), self.ids)
                self.cases.commit(Change(deliveries=told, finished_deliveries=(ended,)))
                return ended
            case = self.cases.case(ended.case)
            if case is None and talk is None:
                return ended if self.outbox.finish(ended) else self._overtaken(ended)
            change = self._told(case, ended).change() if case else Change(finished_deliveries=(ended,))
            self.cases.commit(replace(change, talk=talk))
            return ended

        return decided_anew(once)

    def _arrived(self, ended: Delivery) -> Delivery | None:
        """The mail service's word of an earlier try, whose answer was lost, came while this one was under way: the
        letter has arrived, and nobody is to hear that it did not."""
        now = self.cases.delivery(ended.case, ended.id)
        return now if now and now.state in (DeliveryState.SENT, DeliveryState.DELIVERED) else None

    def _told(self, case: Case, ended: Delivery) -> Draft:
        policy, now = self.policies.current(), self.clock()
        if ended.how == How.TRACKING and needs_nobody(ended.purpose, ended.automatic, ended.reason):
            draft = Draft(case, now, "system", policy, self.ids)
            draft.change_delivery(ended, claimed=True)
            draft.record("on_tracking_page", delivery=ended.id, why=ended.reason)
            return draft
        cause = ended.reason if ended.how == How.TRACKING else ""
        return citizens.letter_failed(case, ended, now, policy, self.ids, claimed=True, cause=cause)

    def _office(self, work: Work) -> Delivery:
        row = work.row
        text = row.text + (_who(self.vault.open(row.reporter)) if row.reporter else "")
        until = self._answer_until(row)
        external_id = self.post.send(
            Envelope(
                to_address=row.address,
                to_name="",
                subject=row.subject,
                text=answerable(text) if until else text,
                delivery=row.id,
                case=row.case,
                automatic=row.automatic,
                is_answer=row.purpose in AUTOMATIC_ANSWERS,
                answer_until=until,
                reply_to=self.policies.current().coordinator[0] if row.of_no_case else "",
                of_several=of_several(row),
                in_reply_to=row.in_reply_to,
                references=row.references,
                files=contents(self.files, row.files),
            )
        )
        return replace(
            row, state=DeliveryState.SENT, external_id=external_id, sent_at=self.clock(), reason="", due_at=None
        )

    def _answer_until(self, row: Delivery) -> date | None:
        """The last day on which this office may answer the reporter by a reply; None where it may not."""
        if not asks_for_an_answer(row):
            return None
        case, policy, now = self.cases.case(row.case), self.policies.current(), self.clock()
        if case is None or not may_answer(row, case, policy, now):
            return None
        return policy.calendar.local(now).date() + timedelta(days=REPLY_DAYS)

    def _after(self, row: Delivery, error: Exception) -> Delivery:
        handling = next(HANDLING[cls] for cls in type(error).__mro__ if cls in HANDLING)
        reason = error.reason if isinstance(error, SendError) else _REASONS.get(type(error), "unavailable")
        faults = row.faults + (handling.limit is not None)
        repeats = row.repeats + handling.counts_repeat
        row = replace(row, faults=faults)
        over = handling.limit is not None and faults >= handling.limit
        if handling.state is DeliveryState.FAILED or over:
            return replace(row, state=DeliveryState.FAILED, reason=reason, due_at=None)
        if repeats > 1:
            return replace(row, state=DeliveryState.HELD, reason=reason, repeats=repeats, due_at=None)
        asked = error.seconds if isinstance(error, Wait) else 0
        wait = timedelta(seconds=asked) if asked else BACKOFF[min(row.attempts, len(BACKOFF)) - 1]
        if handling.counts_repeat:
            wait = max(wait, WORD_COMES.get(row.channel, wait))
        return replace(row, state=DeliveryState.QUEUED, reason=reason, repeats=repeats, due_at=self.clock() + wait)


def _who(identity: Identity | None) -> str:
    """The reporter, to an agency that may know (domain.handover)."""
    known = (identity.name, identity.address, identity.phone) if identity else ()
    return f"\nPelapor: {', '.join(one for one in known if one) or 'tidak diketahui'}\n"
