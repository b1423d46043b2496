"""Letters of the ladder leave: those of one address together, once each, and none whose clocks are met.

A case's own transaction queues them; here they are let out. Several to one address become one letter (a digest),
written in the transaction that marks the rows which it speaks for, so each step is in exactly one letter wherever this
is cut off and however many sweeps run at once: who comes second finds the rows gone and looks again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from ..domain import ladder_letters
from ..domain.case import Case, Change, Delivery
from ..domain.draft import GRACE, Ids
from ..domain.errors import Conflict
from ..domain.ladder_letters import Said
from ..domain.policy import Policy
from ..domain.proof import proof
from ..domain.rungs import standing
from ..domain.words import DIGESTS, DeliveryState, Purpose
from .ports import Cases, Due, Policies, Schedule
from .races import settled

#: Letters that one sweep looks at.
LIMIT = 5_000
#: While more is due than one sweep takes, letters wait so that what an outage held up goes as one mail; this long.
PATIENCE = timedelta(minutes=10)
#: Rows in one transaction beside their digest: DynamoDB takes a hundred items.
ROWS = 98
#: Rows that one letter speaks for, and the bytes of its text: a row of the table ends at 400 kB.
IN_ONE: dict[Purpose, int] = {Purpose.ESCALATION: 500, Purpose.HANDOVER: 20}
TEXT_BYTES = 250_000
#: Before the function ends: nothing new is begun.
ENDING = timedelta(seconds=5)

OnFailure = Callable[[Due, Exception], None]


@dataclass(frozen=True, slots=True)
class Released:
    """`letters` went out, for `rows`; `withdrawn` had nothing to say any more; `waiting` were held back."""

    letters: int = 0
    rows: int = 0
    withdrawn: int = 0
    waiting: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class _Ready:
    """A row with its case, and what of it still stands. `to`: who stands in for its address on that day."""

    case: Case
    row: Delivery
    rungs: tuple[str, ...]
    to: str

    @property
    def said(self) -> Said:
        return Said(self.case, self.rungs)


@dataclass(slots=True)
class _Carrier:
    """A letter that is being put together: its row as it stands in the table, and for whom it speaks so far."""

    row: Delivery | None = None
    ready: tuple[_Ready, ...] = ()


class Release:
    def __init__(
        self,
        cases: Cases,
        schedule: Schedule,
        policies: Policies,
        ids: Ids,
        remaining: Callable[[], timedelta] = lambda: timedelta.max,
    ) -> None:
        self.cases, self.schedule, self.policies = cases, schedule, policies
        self.ids, self.remaining = ids, remaining

    def __call__(self, at: datetime, written: Sequence[Due], held_back: bool, on_failure: OnFailure) -> Released:
        """`written`: rows that the index may not show yet. `held_back`: not all cases that are due were seen."""
        dues = {(due.case, due.delivery): due for due in (*self.schedule.ladder_due(at, LIMIT), *written)}
        counts: Counter[str] = Counter()
        groups: dict[tuple[Purpose, str], list[_Ready]] = {}
        for case, row in self.schedule.asleep(tuple(dues.values())):
            due = dues[row.case, row.id]
            if row.parts:  # by a sweep that was cut off: it speaks for all that it names
                counts["letters"] += 1
                self._trying(counts, due, on_failure, partial(self._wake, row, at))
            elif (ready := self._ready(case, row, at)).rungs:
                groups.setdefault((row.purpose, ready.to), []).append(ready)
            else:
                self._trying(counts, due, on_failure, partial(self._withdraw, due, at, counts))
        for to, group in sorted(groups.items(), key=lambda item: _since(item[1])):
            if self.remaining() < ENDING or (held_back and _since(group) > at - PATIENCE):
                counts["waiting"] += len(group)
            else:
                oldest = min(group, key=_due_at).row
                due = dues[oldest.case, oldest.id]
                self._trying(counts, due, on_failure, partial(self._tell, to, group, at, counts))
        return Released(**counts)

    @staticmethod
    def _trying(counts: Counter[str], due: Due, on_failure: OnFailure, act: Callable[[], None]) -> None:
        """The next address must still be told, whatever happens to this one; the caller logs and counts it."""
        try:
            act()
        except Exception as error:
            counts["failed"] += 1
            on_failure(due, error)

    # -- what is ready

    def _ready(self, case: Case, row: Delivery, at: datetime) -> _Ready:
        to = self._policy.audience(row.address, None, at)[0]
        return _Ready(case, row, standing(case, row.steps), to)

    @property
    def _policy(self) -> Policy:
        return self.policies.current()

    def _permitted(self, group: list[_Ready], at: datetime) -> list[_Ready]:
        """In office hours all of them. Outside: what may go at any hour, with what waits for the same address about the
        same case, lest a reminder follow the breach; the others (a sweep came after closing time) wait for the
        morning."""
        policy = self._policy
        opens = policy.calendar.next_open(at)
        if opens <= at:
            return group
        now = [one for one in group if ladder_letters.at_once(one.case, one.rungs, policy)]
        going = {one.case.number for one in now}
        companions = {one.row.place: one for one in group if one.case.number in going}
        for one in now:
            for row in self.cases.waiting(one.case.number):
                other = self._ready(one.case, row, at)
                if row.asleep and row.purpose is one.row.purpose and other.to == one.to and other.rungs:
                    companions.setdefault(row.place, other)
        for one in group:
            if one.case.number not in going:
                self._release(replace(one.row, due_at=opens))
        return list(companions.values())

    def _batches(self, purpose: Purpose, ready: Iterable[_Ready]) -> Iterator[list[_Ready]]:
        """The gravest and oldest first; what one letter can't hold goes in another."""
        batch: list[_Ready] = []
        size = 0
        for one in sorted(ready, key=lambda one: (*ladder_letters.urgency(one.said), one.row.id)):
            more = len(ladder_letters.section(0, one.said, self._policy).encode())
            if batch and (len(batch) >= IN_ONE[purpose] or size + more > TEXT_BYTES):
                yield batch
                batch, size = [], 0
            batch.append(one)
            size += more
        if batch:
            yield batch

    # -- letting out

    def _tell(self, to: tuple[Purpose, str], group: list[_Ready], at: datetime, counts: Counter[str]) -> None:
        purpose, address = to
        for batch in self._batches(purpose, self._permitted(group, at)):
            gone = self._let_out(purpose, address, batch, at)
            counts["letters"] += bool(gone)
            counts["rows"] += gone

    def _let_out(self, purpose: Purpose, to: str, batch: list[_Ready], at: datetime) -> int:
        """One letter for all of them; how many rows went. A row that somebody else took, or whose clock was met since,
        is left out. Not awake before the last of them is marked."""
        carrier = _Carrier()
        chunks = [batch[start : start + ROWS] for start in range(0, len(batch), ROWS)]
        for number, chunk in enumerate(chunks, 1):
            self._carry(carrier, purpose, to, chunk, at, last=number == len(chunks))
        if carrier.row and carrier.row.asleep:
            self._wake(carrier.row, at)
        return len(carrier.ready)

    def _carry(
        self, carrier: _Carrier, purpose: Purpose, to: str, chunk: list[_Ready], at: datetime, last: bool
    ) -> None:
        fresh = chunk

        def once() -> None:
            nonlocal fresh
            now, fresh = fresh or self._again(chunk, at), []
            if not now:
                return
            ready = (*carrier.ready, *now)
            subject, text = self._text(purpose, ready, at)
            if len(ready) == 1 and last:
                row = replace(now[0].row, address=to, subject=subject, text=text, steps=now[0].rungs)
                row = replace(row, wake=at, due_at=at + GRACE)
                change = Change(released_deliveries=(row,))
            else:
                row = self._digest(carrier.row, purpose, to, ready, at)
                row = replace(row, subject=subject, text=text, wake=at if last else None)
                gone = tuple(_gone_along(one, row) for one in now)
                change = (
                    Change(released_deliveries=(row, *gone))
                    if carrier.row
                    else Change(deliveries=(row,), released_deliveries=gone)
                )
            self.cases.commit(change)
            carrier.row, carrier.ready = row, ready

        settled(once)

    def _digest(
        self, before: Delivery | None, purpose: Purpose, to: str, ready: Sequence[_Ready], at: datetime
    ) -> Delivery:
        """Kept with the gravest case, so that a bounce, or a reply, finds its way to one."""
        parts = tuple(one.row.place for one in ready)
        if len({one.case.number for one in ready}) > 1:
            purpose = DIGESTS[purpose]
        if before:
            return replace(before, purpose=purpose, parts=parts)
        return Delivery(
            id=self.ids.new(at),
            case=ready[0].case.number,
            purpose=purpose,
            created_at=at,
            subject="",
            text="",
            address=to,
            parts=parts,
            due_at=at + GRACE,
        )

    def _text(self, purpose: Purpose, ready: Sequence[_Ready], at: datetime) -> tuple[str, str]:
        by_case: dict[str, tuple[Case, list[str]]] = {}
        for one in ready:
            by_case.setdefault(one.case.number, (one.case, []))[1].extend(one.rungs)
        said = [
            Said(case, tuple(dict.fromkeys(rungs)), self._proof(case, rungs) if purpose is Purpose.HANDOVER else "")
            for case, rungs in by_case.values()
        ]
        return ladder_letters.letter(purpose, said, self._policy, at)

    def _proof(self, case: Case, rungs: Sequence[str]) -> str:
        """As things stand now: a letter that waited for the morning is told as it fared until then."""
        file = self.cases.file(case.number, texts=False)
        if file is None:
            return ""
        return proof(file.case, rungs, file.letters, file.history, self._policy, self.policies.version)

    def _again(self, chunk: Sequence[_Ready], at: datetime) -> list[_Ready]:
        dues = [Due(one.row.case, at, one.row.id) for one in chunk]
        found = (self._ready(case, row, at) for case, row in self.schedule.asleep(dues))
        return [one for one in found if one.rungs]

    def _wake(self, row: Delivery, at: datetime) -> None:
        self._release(replace(row, wake=at, due_at=at + GRACE))

    def _release(self, row: Delivery) -> None:
        with suppress(Conflict):  # somebody else was faster with it
            self.cases.commit(Change(released_deliveries=(row,)))

    def _withdraw(self, due: Due, at: datetime, counts: Counter[str]) -> None:
        def once() -> int:
            for case, row in self.schedule.asleep((due,)):
                if not standing(case, row.steps):
                    self.cases.commit(ladder_letters.withdraw(case, row, at, self._policy, self.ids).change())
                    return 1
            return 0

        counts["withdrawn"] += settled(once)


def _due_at(one: _Ready) -> datetime:
    return one.row.due_at or one.row.created_at


def _since(group: Iterable[_Ready]) -> datetime:
    return min(map(_due_at, group))


def _gone_along(one: _Ready, digest: Delivery) -> Delivery:
    """`steps`: what of it the digest says; what no longer stood when it went is in the history."""
    return replace(one.row, state=DeliveryState.BUNDLED, steps=one.rungs, bundled_in=digest.place, due_at=None)
