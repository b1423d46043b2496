"""Letters of the ladder that may leave now: what of each still stands, and which go together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from ..domain import ladder_letters
from ..domain.case import Case, Delivery
from ..domain.ladder_letters import Said
from ..domain.policy import Policy
from ..domain.rungs import standing
from ..domain.words import Purpose
from .ports import Due
from .scheduled import Scheduled

#: Rows that one letter speaks for, and the bytes of its text: a row of the table ends at 400 kB.
IN_ONE: dict[Purpose, int] = {Purpose.ESCALATION: 500, Purpose.HANDOVER: 20}
TEXT_BYTES = 250_000

#: Whatever happens to one row, the next one must still be seen.
Trying = Callable[[Due], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A row with its case, and what of it still stands. `to`: who stands in for its address on that day."""

    case: Case
    row: Delivery
    rungs: tuple[str, ...]
    to: str

    @property
    def said(self) -> Said:
        return Said(self.case, self.rungs)

    @property
    def since(self) -> datetime:
        return self.row.due_at or self.row.created_at

    @property
    def due(self) -> Due:
        return Due(self.row.case, self.since, self.row.id)


@dataclass(frozen=True, slots=True)
class Permitted:
    """`morning`: those that wait until the office `opens`. `unseen`: how many nobody had the time to look at; they are
    due still."""

    going: Sequence[Ready]
    morning: Sequence[Ready] = ()
    opens: datetime | None = None
    unseen: int = 0


class Gathering:
    def __init__(self, work: Scheduled) -> None:
        self.work = work

    @property
    def policy(self) -> Policy:
        return self.work.policies.current()

    def ready(self, case: Case, row: Delivery, at: datetime) -> Ready:
        to = self.policy.audience(row.address, None, at)[0]
        return Ready(case, row, standing(case, row.steps), to)

    def permitted(self, group: Sequence[Ready], at: datetime, trying: Trying) -> Permitted:
        """In office hours all of them. Outside: what may go at any hour, with what waits for the same address about the
        same case, lest a reminder follow the breach; the others (a sweep came after closing time) wait for the
        morning. What waits is asked for case by case, for half of the time that is left: the other half lets out."""
        policy = self.policy
        opens = policy.calendar.next_open(at)
        if opens <= at:
            return Permitted(group)
        now = {one.case.number for one in group if ladder_letters.at_once(one.case, one.rungs, policy)}
        morning = [one for one in group if one.case.number not in now]
        half = self.work.half()
        going: dict[str, Ready] = {}
        unseen = 0
        for number, rows in _by_case(group):
            if number not in now:
                continue
            if self.work.remaining() < half:
                unseen += len(rows)
                continue
            of = rows[0]
            with trying(of.due):
                going |= {one.row.place: one for one in rows}  # they can't wait, be the rest unreadable
                for row in self.work.cases.waiting(number):
                    other = self.ready(of.case, row, at)
                    if row.asleep and row.purpose is of.row.purpose and other.to == of.to and other.rungs:
                        going.setdefault(row.place, other)
        return Permitted(list(going.values()), morning, opens, unseen)

    def batches(self, purpose: Purpose, ready: Iterable[Ready], trying: Trying) -> Iterator[list[Ready]]:
        """The gravest and oldest first; what one letter can't hold goes in another."""
        ordered: list[tuple[tuple[object, ...], int, Ready]] = []
        for one in ready:
            with trying(one.due):
                more = len(ladder_letters.section(0, one.said, self.policy).encode())
                ordered.append(((*ladder_letters.urgency(one.said), one.row.id), more, one))
        batch: list[Ready] = []
        size = 0
        for _, more, one in sorted(ordered, key=lambda item: item[0]):
            if batch and (len(batch) >= IN_ONE[purpose] or size + more > TEXT_BYTES):
                yield batch
                batch, size = [], 0
            batch.append(one)
            size += more
        if batch:
            yield batch


def _by_case(group: Sequence[Ready]) -> Iterable[tuple[str, list[Ready]]]:
    cases: dict[str, list[Ready]] = {}
    for one in group:
        cases.setdefault(one.case.number, []).append(one)
    return cases.items()
