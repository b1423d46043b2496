"""Builds one Change: each rule says what happens, the draft keeps the chain, the clocks' next instant and the letters
in step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from . import clocks, letter_facts, letters
from .case import Case, Change, Delivery, FileRef, Message, Received, Sealed, Sketch
from .clocks import Clock, ClockState
from .history import Entry, commit_to, digest_of
from .ladder import next_step_at
from .policy import Policy
from .promises import OF_A_UNIT, RECEIVED, REOPENED, Allowance, Promise
from .times import spoken, spoken_en, stamp
from .words import OF_THE_LADDER, SETTLED, DeliveryState, Purpose, Status

#: A row that should go out at once is looked at again after this long, should the stream not have brought it.
GRACE = timedelta(seconds=90)


class Ids(Protocol):
    """Where fresh ids come from: random for the desk, counted in tests."""

    def new(self, at: datetime) -> str:
        """Unique, sorts by `at`, lower case letters and digits."""
        ...

    def salt(self) -> str: ...

    def number(self) -> str: ...


class Draft:
    """One decision on one case. Time never runs backwards on a case: an earlier `at` counts as the last entry's."""

    def __init__(self, case: Case, at: datetime, actor: str, policy: Policy, ids: Ids) -> None:
        self.before = case
        self.case = case
        self.at = max(at, case.last_at)
        self.actor = actor
        self.policy = policy
        self.ids = ids
        self._messages: list[Message] = []
        self._changed_messages: list[Message] = []
        self._deliveries: list[Delivery] = []
        self._changed: list[Delivery] = []
        self._settled: list[Delivery] = []
        self._released: list[Delivery] = []
        self._entries: list[Entry] = []
        self._salts: dict[int, str] = {}
        self.sketch: Sketch | None = None
        self.announced: tuple[tuple[str, datetime], ...] = ()

    def set(self, **fields: Any) -> None:
        self.case = replace(self.case, **fields)

    def record(self, event: str, actor: str | None = None, secret: str = "", **data: str | None) -> None:
        """Add to the history. `secret` (a text, a reason in an officer's words) enters only as a salted commitment."""
        seq = self.case.seq + 1
        commitment = ""
        if secret:
            self._salts[seq] = self.ids.salt()
            commitment = commit_to(self._salts[seq], secret)
        entry = Entry(
            seq,
            self.at,
            actor or self.actor,
            event,
            {key: value for key, value in data.items() if value},
            commitment,
            self.case.head,
        )
        entry = replace(entry, hash=digest_of(entry, self.case.number))
        self._entries.append(entry)
        self.set(seq=seq, head=entry.hash, last_at=self.at)

    # -- clocks

    def clock(self, name: str, unit: str = "") -> Clock | None:
        """The latest clock of that name, and unit (a reopened case has two of some)."""
        found = (clock for clock in reversed(self.case.clocks) if clock.name == name and clock.unit == unit)
        return next(found, None)

    def put(self, old: Clock, new: Clock) -> None:
        self.set(clocks=tuple(new if clock is old else clock for clock in self.case.clocks))

    def happen(self, event: str, unit: str = "") -> None:
        """Something happened to the case (promises.EVENTS): every promise that listens to it is met, paused, resumed,
        reset or starts, in this order. `unit`: whom it concerns, where it concerns one."""
        acts = [self._met_by, self._paused_by, self._resumed_by, self._reset_by]
        if event not in set(Status):
            acts.remove(self._resumed_by)  # what a status paused, another status resumes
        for act in acts:
            for promise in self.policy.promises.values():
                for clock in self._clocks_of(promise, event, unit):
                    act(promise, clock, event)
        for promise in self.policy.promises.values():
            if event in promise.starts:
                for owner in self._owners(promise, event, unit):
                    self._start(promise, owner, self.at)
        if self.case.ended:
            for clock in self.case.clocks:
                if clock.name not in self.policy.promises and clock.open:
                    self._meet(clock)  # of a promise that the policy has given up

    def _owners(self, promise: Promise, event: str, unit: str) -> tuple[str, ...]:
        if not promise.by_unit:
            return ("",)
        return (unit,) if event in OF_A_UNIT else self.case.units

    def _clocks_of(self, promise: Promise, event: str, unit: str) -> list[Clock]:
        mine = [clock for clock in self.case.clocks if clock.name == promise.name and clock.open]
        return [clock for clock in mine if not promise.by_unit or event not in OF_A_UNIT or clock.unit == unit]

    def _met_by(self, promise: Promise, clock: Clock, event: str) -> None:
        if event not in promise.meets and not (promise.owes == "agency" and self.case.ended):
            return
        if promise.owes == "reporter" and clock.state is ClockState.MISSED:
            return  # silence is not an answer, even when the case ends by it
        self._meet(clock)

    def _meet(self, clock: Clock) -> None:
        self.put(clock, clocks.meet(clock, self.at))
        self.record("clock_met", clock=clock.name, unit=clock.unit)

    def _paused_by(self, promise: Promise, clock: Clock, event: str) -> None:
        if event in promise.pauses and clock.state is ClockState.RUNNING:
            self.put(clock, clocks.pause(clock, self.at, event))
            self.record("clock_paused", clock=clock.name, unit=clock.unit, why=event)

    def _resumed_by(self, promise: Promise, clock: Clock, event: str) -> None:
        """Another status than the one that paused it."""
        if event not in promise.pauses and clock.state is ClockState.PAUSED:
            resumed = clocks.resume(clock, self.at, self.policy.calendar)
            self.put(clock, replace(resumed, policy_version=self.policy.version))
            self.record("clock_resumed", clock=clock.name, unit=clock.unit)

    def _reset_by(self, promise: Promise, clock: Clock, event: str) -> None:
        if event in promise.resets and clock.ticking:
            anew = clocks.restart(clock, self.at, self.policy.calendar)
            self.put(clock, replace(anew, policy_version=self.policy.version) if anew.ticking else anew)
            self.record("clock_restarted", clock=clock.name, unit=clock.unit, why=event)

    def _start(self, promise: Promise, unit: str, at: datetime) -> None:
        """Unless it runs already. What the agency owes and has missed is not owed anew before it is done."""
        now = self.clock(promise.name, unit)
        if now and now.open and (now.ticking or promise.owes == "agency"):
            return
        rule, allowed = promise.allowance(self.case.kind, self.case.deadline_basis)
        if allowed is None:
            return
        calendar, version = self.policy.calendar, self.policy.version
        clock = clocks.start(promise.name, rule, allowed.term, at, calendar, version, unit, allowed.source)
        self.set(clocks=(*self.case.clocks, clock))

    def retime(self) -> None:
        """The kind (or the basis of its deadlines) changed: a clock that still runs or pauses gets the new one's term,
        counted from its own start; without a term it ends; one that had no term starts at the receipt like any other.
        What was missed stays as it was judged."""
        for promise in self.policy.promises.values():
            rule, allowed = promise.allowance(self.case.kind, self.case.deadline_basis)
            mine = [clock for clock in self.case.clocks if clock.name == promise.name]
            for clock in mine:
                if clock.ticking and clock.rule != rule:
                    self._retime(clock, rule, allowed)
            again = self._owed_again(promise, mine)
            if allowed and not promise.by_unit and ((not mine and RECEIVED in promise.starts) or again):
                self._start(promise, "", self.at if again else self.case.received_at)
                self.record("clock_started", clock=promise.name, rule=rule)
                if begun := self.clock(promise.name):
                    self._paused_by(promise, begun, self.case.status)

    def _owed_again(self, promise: Promise, mine: Sequence[Clock]) -> bool:
        """All its clocks were met by what settles a case, and the case is open: it came back, as a kind without such a
        term."""
        settles = promise.meets <= SETTLED and REOPENED in promise.starts
        return settles and self.case.status not in SETTLED and bool(mine) and not any(one.open for one in mine)

    def _retime(self, clock: Clock, rule: str, allowed: Allowance | None) -> None:
        if allowed is None:
            self.set(clocks=tuple(other for other in self.case.clocks if other is not clock))
            self.record("clock_stopped", clock=clock.name, unit=clock.unit, rule=clock.rule)
            return
        # What was granted by one law is not granted by another that knows no more time.
        granted = clock.extensions if allowed.extension else ()
        moved = replace(clock, term=allowed.term, rule=rule, source=allowed.source, extensions=granted)
        moved = clocks.recompute(moved, self.policy.calendar, self.policy.version)
        self.put(clock, moved)
        self.record(
            "clock_retimed",
            clock=clock.name,
            unit=clock.unit,
            rule=rule,
            was=stamp(clock.due_at),
            now=stamp(moved.due_at),
            policy=str(self.policy.version),
        )

    def withdraw(self, unit: str) -> None:
        """A unit is not on the case any more: what it owed is owed by nobody."""
        for clock in self.case.clocks:
            if clock.unit == unit and unit and clock.open:
                self.set(clocks=tuple(other for other in self.case.clocks if other is not clock))
                self.record("clock_stopped", clock=clock.name, unit=unit, rule=clock.rule)

    # -- what is said

    def change_message(self, message: Message) -> None:
        self._changed_messages.append(message)

    def add(self, message: Message) -> None:
        self._messages.append(message)

    def facts(self, **more: str) -> dict[str, str]:
        """What every letter may name."""
        return letter_facts.facts(self.case, self.policy, **more)

    def until(self, clock: Clock | None) -> dict[str, str]:
        zone = self.policy.calendar.zone
        return {"next_step": spoken(clock.due_at, zone), "next_step_en": spoken_en(clock.due_at, zone)} if clock else {}

    def tell_reporter(
        self, purpose: Purpose, facts: Mapping[str, str], thread: tuple[str, ...] = (), files: tuple[FileRef, ...] = ()
    ) -> None:
        """Queue a letter to the reporter, at any hour. Where we know no reporter (an anonymous report at the counter)
        it is held: what was decided stays readable on the case. `thread`: the ids of the citizen's mails so far, the
        one being answered last."""
        subject, text = letters.render(purpose, self.policy.letters.get(purpose), self.facts(**facts))
        self._queue(
            Delivery(
                id=self.ids.new(self.at),
                case=self.case.number,
                purpose=purpose,
                created_at=self.at,
                subject=subject,
                text=text,
                reporter=self.case.reporter or "",
                automatic=self.actor in ("system", "reporter", "other"),
                files=files,
                actor=self.actor,
                in_reply_to=thread[-1] if thread else "",
                references=thread[-10:],
            )
        )

    def tell_office(
        self,
        purpose: Purpose,
        addresses: tuple[str, ...],
        facts: Mapping[str, str],
        steps: tuple[str, ...] = (),
        at_once: bool = False,
        about: str = "",
    ) -> None:
        """Queue a letter to each address of an office. A letter of the ladder sleeps until the sweep lets it out: in
        the next office hour, unless it is to go `at_once` (nobody is woken by a reminder). What needs a hand (a
        disposition, a letter that did not arrive) goes at once. `about`: the reporter whose name the letter is to
        carry, put in when it is sent."""
        opens = None
        if purpose in OF_THE_LADDER:
            opens = self.at if at_once else self.policy.calendar.next_open(self.at)
        subject, text = letters.render(purpose, self.policy.letters.get(purpose), self.facts(**facts))
        for address in addresses:
            self._queue(
                Delivery(
                    id=self.ids.new(self.at),
                    case=self.case.number,
                    purpose=purpose,
                    created_at=self.at,
                    subject=subject,
                    text=text,
                    address=address,
                    reporter=about,
                    steps=steps,
                ),
                opens,
            )

    def release(self, letter: Delivery) -> None:
        """A letter of the ladder that slept is now to be as given, whoever else was about to let it out."""
        self._released.append(letter)

    def _queue(self, delivery: Delivery, sleeps_until: datetime | None = None) -> None:
        if not delivery.reporter and not delivery.address:
            self._deliveries.append(replace(delivery, state=DeliveryState.HELD, reason="no_address"))
        elif sleeps_until is None:
            self._deliveries.append(replace(delivery, wake=self.at, due_at=self.at + GRACE))
        else:
            self._deliveries.append(replace(delivery, due_at=sleeps_until))
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
        (self._settled if claimed else self._changed).append(delivery)

    # -- the end

    @property
    def empty(self) -> bool:
        return not self._entries

    def change(self, received: Received | None = None, sealed: Sealed | None = None) -> Change:
        nexts = [
            at
            for clock in self.case.clocks
            if (at := next_step_at(clock, self.policy.ladder_of(clock), self.policy.calendar))
        ]
        self.set(due_at=min(nexts, default=None), version=self.before.version + 1)
        if self.case.ended and self.case.ended_at is None:
            self.set(ended_at=self.at)
        return Change(
            case=self.case,
            expected=self.before.version,
            messages=tuple(self._messages),
            changed_messages=tuple(self._changed_messages),
            deliveries=tuple(self._deliveries),
            changed_deliveries=tuple(self._changed),
            settled_deliveries=tuple(self._settled),
            released_deliveries=tuple(self._released),
            history=tuple(self._entries),
            salts=self._salts,
            received=received,
            sealed=sealed,
            sketch=self.sketch,
            left=tuple(unit for unit in self.before.others if unit not in self.case.others),
            announced=self.announced,
        )
