"""Builds one Change: each rule says what happens, the draft keeps the chain, the clocks' next instant and the letters
in step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, Protocol

from . import letter_dates, letter_facts
from .canary import MARK as CANARY
from .canary import is_canary
from .case import Case, Change, Delivery, FileRef, Message, Received, Sealed, Sketch
from .clocks import Clock
from .history import Entry, chained, commit_to
from .ladder import next_at
from .policy import Policy
from .publicity import Shown, shown
from .words import CHAT, ENDED, FORMS, OF_THE_LADDER, Channel, DeliveryState, Purpose

#: A row that should go out at once is looked at again after this long, should the stream not have brought it.
GRACE = timedelta(seconds=90)
# dataclasses.replace takes half as long again, for a case has many fields.
_FIELDS = tuple(one.name for one in fields(Case))
_values = attrgetter(*_FIELDS)

#: What no sender has worked on.
_UNSENT: dict[str, Any] = {
    "state": DeliveryState.QUEUED,
    **dict.fromkeys(("attempts", "repeats", "faults"), 0),
    **dict.fromkeys(("reason", "external_id", "how", "charged", "comment"), ""),
    **dict.fromkeys(("gone", "tried", "marks"), ()),
    **dict.fromkeys(("lease_until", "sent_at"), None),
}


class Ids(Protocol):
    """Where fresh ids come from: random for the desk, counted in tests."""

    def new(self, at: datetime, order: int | None = None) -> str:
        """Unique, sorts by `at` and within its millisecond by `order` (below 2^40), lower case letters and digits."""
        ...

    def salt(self) -> str: ...

    def number(self) -> str: ...


class Draft:
    """One decision on one case. Time never runs backwards on a case: an earlier `at` counts as the last entry's.

    A case has many fields, and a decision changes it often: what changed is gathered, and a new Case is made only when
    somebody looks."""

    def __init__(self, case: Case, at: datetime, actor: str, policy: Policy, ids: Ids) -> None:
        self.before = case
        self._case = case
        self._changes: dict[str, Any] = {}
        self._seq, self._head = case.seq, case.head
        self.at = max(at, case.last_at)
        self.actor = actor
        self.policy = policy
        self.ids = ids
        self._messages: list[Message] = []
        self._changed_messages: list[Message] = []
        self._deliveries: list[Delivery] = []
        self._changed: list[Delivery] = []
        self._finished: list[Delivery] = []
        self._released: list[Delivery] = []
        self._entries: list[Entry] = []
        self._salts: dict[int, str] = {}
        self.sketch: Sketch | None = None
        self.announced: tuple[tuple[str, datetime], ...] = ()

    @property
    def case(self) -> Case:
        """As it stands, but for the chain's end, which each entry moves: `change` sets it."""
        if self._changes:
            self._case = Case(**(dict(zip(_FIELDS, _values(self._case), strict=True)) | self._changes))
            self._changes = {}
        return self._case

    def now(self, name: str) -> Any:
        """One field of the case as it stands, without making the case."""
        return self._changes[name] if name in self._changes else getattr(self._case, name)

    @property
    def clocks(self) -> tuple[Clock, ...]:
        found: tuple[Clock, ...] = self.now("clocks")
        return found

    @property
    def unpromised(self) -> tuple[Clock, ...]:
        found: tuple[Clock, ...] = self.now("unpromised")
        return found

    @property
    def ended(self) -> bool:
        return self.now("status") in ENDED

    def set(self, **changes: Any) -> None:
        self._changes |= changes

    def record(self, event: str, actor: str | None = None, secret: str = "", **data: str | None) -> None:
        """Add to the history. `secret` (a text, a reason in an officer's words) enters only as a salted commitment, a
        canary's not at all."""
        seq = self._seq + 1
        commitment = ""
        if secret and not is_canary(self.before):
            self._salts[seq] = self.ids.salt()
            commitment = commit_to(self._salts[seq], secret)
        entry = chained(
            self.before.number,
            seq,
            self.at,
            actor or self.actor,
            event,
            {key: value for key, value in data.items() if value},
            commitment,
            self._head,
        )
        self._entries.append(entry)
        self._seq, self._head = seq, entry.hash

    # -- clocks

    def clock(self, name: str, unit: str = "") -> Clock | None:
        """The latest clock of that name, and unit (a reopened case has two of some)."""
        found = (clock for clock in reversed(self.clocks) if clock.name == name and clock.unit == unit)
        return next(found, None)

    def put(self, old: Clock, new: Clock) -> None:
        """`new` in the place of `old`, which is one of its clocks, or of those without a term."""
        for name in ("clocks", "unpromised"):
            among: tuple[Clock, ...] = self.now(name)
            if any(clock is old for clock in among):
                self.set(**{name: tuple([new if clock is old else clock for clock in among])})

    # -- what is said

    def change_message(self, message: Message) -> None:
        self._changed_messages.append(message)

    def add(self, message: Message) -> None:
        self._messages.append(message)

    def until(self, clock: Clock | None, *, whole: bool = False) -> dict[str, str]:
        """The date of a letter. `whole`: with its derivation."""
        return letter_dates.until(clock, self.policy, self._entries, self.at, whole=whole)

    def tell_reporter(
        self,
        purpose: Purpose,
        facts: Mapping[str, str],
        thread: tuple[str, ...] = (),
        files: tuple[FileRef, ...] = (),
        since: datetime | None = None,
    ) -> None:
        """Queue a letter to the reporter, at any hour, by the channel of the case: which way it goes is decided when it
        is sent (ways). Where we know no reporter (an anonymous report at the counter) it is held: what was decided
        stays readable on the case; of a form it stands on the tracking page. `thread`: the ids of the citizen's mails
        so far, the one being answered last."""
        known = letter_facts.facts_for_reporter(self.case, self.policy, **facts)
        subject, text = self.policy.letter(purpose, known)
        reporter = self.case.reporter or ""
        channel: Channel = self.now("channel")
        form: dict[str, Any] = {}
        if channel is not Channel.EMAIL:
            form = {"facts": tuple(facts.items())}
        if channel in CHAT | FORMS:
            from .chat_letters import core

            form |= {"channel": channel}
            text = core(purpose, known, self.policy.languages)
        self._queue(
            Delivery(
                id=self.ids.new(self.at),
                case=self.before.number,
                purpose=purpose,
                created_at=self.at,
                subject=subject,
                text=text,
                reporter=reporter,
                automatic=self.actor in ("system", "reporter", "other"),
                files=files,
                actor=self.actor,
                in_reply_to=thread[-1] if thread else "",
                references=thread[-10:],
                since=since,
                **form,
                **(self._sending(known=bool(reporter)) if reporter or channel not in FORMS else self._on_page()),
            )
        )

    def tell_again(self, former: Delivery, reporter: str) -> None:
        """Queue the words of a letter that they were not sent, or only told of."""
        again = replace(
            former,
            id=self.ids.new(self.at),
            created_at=self.at,
            reporter=reporter,
            again_of=former.id,
            **_UNSENT,
            **self._sending(known=True),
        )
        self._deliveries.append(again)
        self.record("sent_again", "system", delivery=again.id, former=former.id)

    def tell_office(
        self,
        purpose: Purpose,
        addresses: tuple[str, ...],
        facts: Mapping[str, str],
        steps: tuple[str, ...] = (),
        at_once: bool = False,
        about: str = "",
        template: str = "",
    ) -> None:
        """Queue a letter to each address of an office. A letter of the ladder sleeps until the sweep lets it out: in
        the next office hour, unless it is to go `at_once` (nobody is woken by a reminder). What needs a hand (a
        disposition, a letter that did not arrive) goes at once. `about`: the reporter whose name the letter is to
        carry, put in when it is sent. `template`: which of the agency's letters, where it has several. No office hears
        of a canary's case."""
        if is_canary(self.before):
            return
        opens = None
        if purpose in OF_THE_LADDER:
            opens = self.at if at_once else self.policy.calendar.next_open(self.at)
        subject, text = self.policy.letter(purpose, letter_facts.facts(self.case, self.policy, **facts), template)
        for address in addresses:
            self._queue(
                Delivery(
                    id=self.ids.new(self.at),
                    case=self.before.number,
                    purpose=purpose,
                    created_at=self.at,
                    subject=subject,
                    text=text,
                    address=address,
                    reporter=about,
                    steps=steps,
                    **self._sending(known=bool(address or about), sleeps_until=opens),
                )
            )

    def release(self, letter: Delivery) -> None:
        """A letter of the ladder that slept is now to be as given, whoever else was about to let it out."""
        self._released.append(letter)

    def _sending(self, *, known: bool, sleeps_until: datetime | None = None) -> dict[str, Any]:
        """When a letter goes; `known`: it is known where to."""
        if not known:
            return {"state": DeliveryState.HELD, "reason": "no_address"}
        if sleeps_until is None:
            return {"wake": self.at, "due_at": self.at + GRACE}
        return {"due_at": sleeps_until}

    def _on_page(self) -> dict[str, Any]:
        """Of somebody who left no address, and was told to look there."""
        return {"state": DeliveryState.SENT, "how": "tracking", "reason": "no_address", "sent_at": self.at}

    def _queue(self, delivery: Delivery) -> None:
        if is_canary(self.before):
            delivery = replace(delivery, marks=(*delivery.marks, CANARY))
        self._deliveries.append(delivery)
        # An officer's own words are committed to; our templates' need no proof, and a sweep may not write to the vault.
        own_words = not delivery.address and delivery.actor.startswith(("officer:", "office:"))
        self.record(
            "queued",
            secret=f"{delivery.subject}\n{delivery.text}" if own_words else "",
            delivery=delivery.id,
            purpose=delivery.purpose,
            to="office" if delivery.address else "reporter",
        )

    def change_delivery(self, delivery: Delivery, *, claimed: bool = False) -> None:
        """`claimed`: by its sender, who holds the row."""
        (self._finished if claimed else self._changed).append(delivery)

    # -- the end

    @property
    def empty(self) -> bool:
        return not self._entries

    def _keep_until(self, case: Case) -> date | None:
        """By the policy under which the case ended; decided anew where its kind changed since."""
        if not (case.ended and case.ended_at):
            return None
        if case.keep_until and case.kind is self.before.kind:
            return case.keep_until
        return self.policy.keep_until(case.kind, case.ended_at)

    @property
    def next_at(self) -> datetime | None:
        """The first instant at which a clock of the case needs something."""
        return next_at(self.clocks, self.policy.ladder_of, self.policy.calendar)

    def change(self, received: Received | None = None, sealed: Sealed | None = None) -> Change:
        self.set(due_at=self.next_at, version=self.before.version + 1)
        if self._entries:
            self.set(seq=self._seq, head=self._head, last_at=self.at)
        if self.ended and self.now("ended_at") is None:
            self.set(ended_at=self.at)
        case = self.case
        if (keep_until := self._keep_until(case)) != case.keep_until:
            case = replace(case, keep_until=keep_until)
        return Change(
            case=case,
            expected=self.before.version,
            messages=tuple(self._messages),
            changed_messages=tuple(self._changed_messages),
            deliveries=tuple(self._deliveries),
            changed_deliveries=tuple(self._changed),
            finished_deliveries=tuple(self._finished),
            released_deliveries=tuple(self._released),
            history=tuple(self._entries),
            salts=self._salts,
            received=received,
            sealed=sealed,
            sketch=self.sketch,
            left=tuple(unit for unit in self.before.others if unit not in case.others),
            announced=self.announced,
            public=self._public(case),
        )

    def _public(self, case: Case) -> bool | None:
        was = self.before.version > 0 and shown(self.before, self.policy.published) is not Shown.NOTHING
        now = shown(case, self.policy.published) is not Shown.NOTHING
        return None if now == was else now
