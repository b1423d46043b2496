"""One letter for several rows: written in the transaction that marks the rows which it speaks for, so each step is in
exactly one letter wherever this is cut off and however many sweeps run at once: who comes second finds the rows gone
and looks again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..domain import ladder_letters
from ..domain.case import Case, Change, Delivery
from ..domain.draft import GRACE
from ..domain.errors import Conflict, Retry
from ..domain.ladder_letters import Said
from ..domain.proof import proof
from ..domain.words import DIGESTS, DeliveryState, Purpose
from .gathering import Gathering, Ready
from .ports import Due, Schedule
from .races import decided_anew
from .scheduled import Scheduled

#: Rows in one transaction beside their digest: DynamoDB takes a hundred items, and 4 MB. Characters of their texts and
#: steps; the digest's own are bounded besides (gathering.TEXT_BYTES).
ROWS, CHARACTERS = 98, 700_000


@dataclass(slots=True)
class _Carrier:
    """A letter that is being put together: its row as it stands in the table, for whom it speaks so far, and the proofs
    that it shows. `raced`: somebody else takes rows of it; what was read before is not worth a try. `sure`: nothing was
    written of which no answer came; else `row` may be older than the table's."""

    purpose: Purpose
    to: str
    at: datetime
    row: Delivery | None = None
    ready: tuple[Ready, ...] = ()
    proofs: dict[str, str] = field(default_factory=dict)
    raced: bool = False
    sure: bool = True


class Carrying:
    def __init__(self, work: Scheduled, schedule: Schedule, gathering: Gathering) -> None:
        self.work, self.schedule, self.gathering = work, schedule, gathering

    def __call__(self, purpose: Purpose, to: str, batch: Sequence[Ready], at: datetime) -> tuple[int, int]:
        """One letter for all of them. How many rows went, and how many wait since the time is over. A row that
        somebody else took is left out, and so is one whose clock was met, if it had to be read again. Not awake before
        the last of them is marked."""
        carrier = _Carrier(purpose, to, at)
        going = self._proven(carrier, batch)
        waiting = len(batch) - len(going)
        chunks = list(_chunks(going))
        try:
            for number, chunk in enumerate(chunks, 1):
                # What was proven goes: its transaction is what the end of the time is kept for.
                going_on = number == 1 or not self.work.ending
                if not (going_on and self._carry(carrier, chunk, last=number == len(chunks))):
                    waiting += len(chunk)
        finally:
            if carrier.row and carrier.row.asleep and carrier.sure:
                with suppress(Retry):  # the next sweep wakes it, as it stands in the table
                    self.wake(carrier.row, at)
        return len(carrier.ready), waiting

    def wake(self, row: Delivery, at: datetime) -> bool:
        return self.release(replace(row, wake=at, due_at=at + GRACE))

    def release(self, row: Delivery) -> bool:
        """False where somebody else was faster with it."""
        try:
            self.work.cases.commit(Change(released_deliveries=(row,)))
        except Conflict:
            return False
        return True

    # -- what it says

    def _proven(self, carrier: _Carrier, batch: Sequence[Ready]) -> Sequence[Ready]:
        """Those whose proof could be read in time: a case's file is as long as its life was."""
        if carrier.purpose is not Purpose.HANDOVER:
            return batch
        for place, one in enumerate(batch):
            if self.work.ending:
                return batch[:place]
            self._prove(carrier, one.case, one.rungs)
        return batch

    def _prove(self, carrier: _Carrier, case: Case, rungs: Sequence[str]) -> None:
        """As things stand now: a letter that waited for the morning is told as it fared until then."""
        file = self.work.cases.file(case.number, texts=False)
        if file is None:
            return
        policies = self.work.policies
        told = proof(file.case, rungs, file.letters, file.history, policies.current(), policies.version)
        carrier.proofs[case.number] = told

    def _text(self, carrier: _Carrier, ready: Sequence[Ready]) -> tuple[str, str]:
        by_case: dict[str, tuple[Case, list[str]]] = {}
        for one in ready:
            by_case.setdefault(one.case.number, (one.case, []))[1].extend(one.rungs)
        said = [
            Said(case, tuple(dict.fromkeys(rungs)), carrier.proofs.get(case.number, ""))
            for case, rungs in by_case.values()
        ]
        return ladder_letters.letter(carrier.purpose, said, self.gathering.policy, carrier.at)

    # -- the transactions

    def _carry(self, carrier: _Carrier, chunk: Sequence[Ready], last: bool) -> bool:
        """Whether the time sufficed: where several are at it, each lost race is a reading and a transaction more."""
        fresh = [] if carrier.raced else list(chunk)
        at = carrier.at

        def once() -> bool:
            nonlocal fresh
            if not fresh and self.work.ending:
                return False
            now, fresh = fresh or self._again(chunk, at), []
            if not now:
                return True
            ready = (*carrier.ready, *now)
            subject, text = self._text(carrier, ready)
            if len(ready) == 1 and last:
                row = replace(now[0].row, address=carrier.to, subject=subject, text=text, steps=now[0].rungs)
                row = replace(row, wake=at, due_at=at + GRACE)
                change = Change(released_deliveries=(row,))
            else:
                row = self._digest(carrier, ready)
                row = replace(row, subject=subject, text=text, wake=at if last else None)
                gone = tuple(_gone_along(one, row) for one in now)
                change = (
                    Change(released_deliveries=(row, *gone))
                    if carrier.row
                    else Change(deliveries=(row,), released_deliveries=gone)
                )
            carrier.sure = False
            self.work.cases.commit(change)
            carrier.row, carrier.ready, carrier.sure = row, ready, True
            return True

        def lost(_: int) -> None:
            carrier.raced = carrier.sure = True

        return decided_anew(once, lost)

    def _digest(self, carrier: _Carrier, ready: Sequence[Ready]) -> Delivery:
        """Kept with the gravest case, so that a bounce, or a reply, finds its way to one."""
        purpose, parts = carrier.purpose, tuple(one.row.place for one in ready)
        if len({one.case.number for one in ready}) > 1:
            purpose = DIGESTS[purpose]
        if carrier.row:
            return replace(carrier.row, purpose=purpose, parts=parts)
        return Delivery(
            id=self.work.ids.new(carrier.at),
            case=ready[0].case.number,
            purpose=purpose,
            created_at=carrier.at,
            subject="",
            text="",
            address=carrier.to,
            parts=parts,
            due_at=carrier.at + GRACE,
        )

    def _again(self, chunk: Sequence[Ready], at: datetime) -> list[Ready]:
        dues = [Due(one.row.case, at, one.row.id) for one in chunk]
        asleep = self.schedule.asleep(dues, _seen_by_the_next_sweep)
        found = (self.gathering.ready(case, row, at) for case, row in asleep)
        return [one for one in found if one.rungs]


def _seen_by_the_next_sweep(due: Due, error: Exception) -> None:
    """It was readable a moment ago, and is due still."""


def _chunks(batch: Sequence[Ready]) -> Iterator[list[Ready]]:
    chunk: list[Ready] = []
    size = 0
    for one in batch:
        more = len(one.row.text) + len(one.row.subject) + sum(map(len, one.row.steps))
        if chunk and (len(chunk) >= ROWS or size + more > CHARACTERS):
            yield chunk
            chunk, size = [], 0
        chunk.append(one)
        size += more
    if chunk:
        yield chunk


def _gone_along(one: Ready, digest: Delivery) -> Delivery:
    """`steps`: what of it the digest says; what no longer stood when it went is in the history."""
    return replace(one.row, state=DeliveryState.BUNDLED, steps=one.rungs, bundled_in=digest.place, due_at=None)
