"""One claimed row, on its way: by the first way that takes it. A way that is refused is noted, and the next is asked at
once; what has left is noted before the next part is tried, so that nothing is sent twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain import ways
from ..domain.case import AUTOMATIC_ANSWERS, Case, Delivery
from ..domain.errors import Conflict, Invalid, Retry
from ..domain.policy import Policy
from ..domain.ways import How, Way
from ..domain.words import Channel, DeliveryState
from .failures import Blocked, Broken, Undeliverable, Wait, WindowClosed
from .outgoing import Envelopes, contents, mail_form, mailed
from .ports import Chat, Envelope, Files, Outbox, Policies, Post, Vault
from .routes import Reached, Routes

#: Refusals of one way that another may make good, and how a row calls them.
REFUSALS: dict[type[Exception], str] = {
    WindowClosed: ways.WINDOW_CLOSED,
    Blocked: ways.BLOCKED,
    Undeliverable: ways.REFUSED,
    Invalid: ways.REFUSED,  # an address that is none
}


#: A letter that waits so long may go another way meanwhile, and its officer is told.
LATE_AFTER = timedelta(days=1)


@dataclass(slots=True)
class Work:
    """`row`: as it stands, whatever happens next; `refusal`: the last one."""

    row: Delivery
    refusal: Exception | None = None
    #: Ids that the table did not take at once.
    unnoted: tuple[str, ...] = ()
    #: (reporter, channel, refused) of each talk on which that way is shut from now on.
    shut: tuple[tuple[str, Channel, str], ...] = ()
    #: (reporter, channel) of the talk on the last way that was tried.
    place: tuple[str, Channel] | None = None


class Dispatch:
    def __init__(
        self,
        outbox: Outbox,
        vault: Vault,
        files: Files,
        policies: Policies,
        post: Post,
        routes: Routes,
        chats: Envelopes,
        chat_of: Callable[[Channel], Chat | None],
        clock: Callable[[], datetime],
    ) -> None:
        self.outbox, self.vault, self.files, self.policies, self.post = outbox, vault, files, policies, post
        self.routes, self.chats, self.chat_of, self.clock = routes, chats, chat_of, clock

    def to_reporter(self, work: Work) -> Delivery:
        """The row as it ended. Raises what the last way raised; `work.row` then says how far it came."""
        row = work.row
        identity = self.vault.open(row.reporter)
        if identity is None:
            raise Undeliverable(ways.NO_ADDRESS)
        if row.channel is Channel.EMAIL and not row.how and (address := identity.on(Channel.EMAIL)):
            # Most letters: no case, no talk and no policy has to be asked.
            return self._by_mail(work, identity.name, address, row.subject, row.text)
        to = self.routes.reached(row, identity)
        late = self.clock() - row.created_at >= LATE_AFTER
        waits: tuple[Wait, Delivery] | None = None  # the first way that waits, and the row as it was there
        passed: tuple[str, ...] = ()
        while True:
            policy = self.policies.current()
            known = replace(work.row, tried=(*work.row.tried, *passed))
            way = next(iter(to.ordered(known, policy, self.clock())), None)
            if waits and (way is None or way.how is How.TRACKING):
                work.row = replace(waits[1], tried=work.row.tried)
                raise waits[0]
            if way is None:
                raise work.refusal or Undeliverable(ways.NO_ADDRESS)
            talk = to.talks.get(way.channel)
            work.place = (talk.reporter, way.channel) if talk else None
            if way.how is How.TRACKING:
                return self._on_page(work, way)
            try:
                return self._by(way, work, to, policy)
            except Wait as error:
                if not late or work.row.gone:
                    raise
                waits = waits or (error, work.row)
                passed += (ways.blocked(way.channel),)
            except Broken:
                # The way beside one that waits takes nothing away from it: that one is waited for, without end.
                if not waits or work.row.gone:
                    raise
                passed += (ways.blocked(way.channel),)
            except tuple(REFUSALS) as error:
                why = next(REFUSALS[cls] for cls in type(error).__mro__ if cls in REFUSALS)
                work.refusal = error
                refused = ways.refused(way, why)
                work.row = replace(work.row, tried=(*work.row.tried, refused))
                if ways.shuts(refused) and talk:
                    work.shut += ((talk.reporter, way.channel, refused),)

    def _by(self, way: Way, work: Work, to: Reached, policy: Policy) -> Delivery:
        row = work.row
        same = (row.channel, row.how) == (way.channel, way.how)
        marks = tuple(one for one in row.marks if one != ways.PARTLY)
        marks += (ways.PARTLY,) if self.chats.keeps_back(row, way, to, policy) else ()
        work.row = replace(row, channel=way.channel, how=way.how, gone=row.gone if same else (), marks=marks)
        if way.how is How.MAIL:
            subject, text = mail_form(row, to.case, policy)
            # An id of a platform is none that a mail could refer to.
            thread = tuple(one for one in row.references if "@" in one)
            work.row = replace(work.row, in_reply_to=thread[-1] if thread else "", references=thread)
            return self._by_mail(work, to.name, to.addresses[Channel.EMAIL], subject, text, to.case)
        chat = self.chat_of(way.channel)
        if chat is None:
            raise Wait("not_configured")
        envelope = self.chats.envelope(work.row, way, to, policy)
        # Of a sender that ended before it noted anything the way is not known.
        lost = row.repeats > 0 and (not row.how or (same and row.comment == envelope.answers))
        envelope = replace(envelope, repeated=lost)
        if not work.row.gone:
            work.row = replace(work.row, comment=envelope.answers)
        ids = chat.send(envelope, lambda one: self._left(work, way, one))
        for one in ids:
            self._left(work, way, one)
        for one in work.unnoted:
            with suppress(Retry):
                self.outbox.also_known(work.row, one)
        return self._sent(work, work.row.external_id)

    def _left(self, work: Work, way: Way, external_id: str) -> None:
        """A part has gone, and its id is on the row before the next one is tried. Raises Conflict where somebody else
        holds the row: nothing more may go from here."""
        row = work.row
        if external_id in row.gone:
            return
        # The row itself is found by one id: the first of the way that it went. All others lead to it from beside.
        other = external_id if row.gone else row.external_id
        first = row.external_id if row.gone else external_id
        work.row = replace(
            row, gone=(*row.gone, external_id), external_id=first, charged=ways.charged(row.charged, way)
        )
        try:
            if other and other != first:
                self.outbox.also_known(work.row, other)
            held = self.outbox.left(work.row)
        except Retry:  # it has gone all the same: the row's end says so, unless this process ends before
            work.unnoted += (other,) if other and other != first else ()
        else:
            if not held:
                raise Conflict("the claim was lost")

    def _by_mail(
        self, work: Work, name: str, address: str, subject: str, text: str, case: Case | None = None
    ) -> Delivery:
        row = work.row
        earlier = row.external_id
        sent = self.post.send(
            Envelope(
                to_address=address,
                to_name=name,
                subject=subject,
                text=mailed(text, name, self.chats.page.lines(row, case)),
                delivery=row.id,
                case=row.case,
                automatic=row.automatic,
                is_answer=row.purpose in AUTOMATIC_ANSWERS,  # auto-replied instead of auto-generated (RFC 3834, 5.1)
                in_reply_to=row.in_reply_to,
                references=row.references,
                files=contents(self.files, row.files),
            )
        )
        if earlier:
            with suppress(Retry):
                self.outbox.also_known(row, earlier)
        return self._sent(work, sent)

    def _sent(self, work: Work, external_id: str) -> Delivery:
        return replace(
            work.row, state=DeliveryState.SENT, external_id=external_id, sent_at=self.clock(), reason="", due_at=None
        )

    def _on_page(self, work: Work, way: Way) -> Delivery:
        """Where their reporters were told to look there, that is where letters go. Elsewhere it is held: they don't
        know, and an officer may find another way."""
        row = replace(work.row, how=way.how, channel=way.channel, due_at=None)
        if ways.rule(way.channel).page_is_enough and work.refusal is None:
            return replace(row, state=DeliveryState.SENT, reason=way.why, sent_at=self.clock())
        if isinstance(work.refusal, (Undeliverable, Invalid)):
            raise work.refusal
        return replace(row, state=DeliveryState.HELD, reason=way.why)
