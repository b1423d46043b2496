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
from .ports import Cases, Due, Policies

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


class Gathering:
    def __init__(self, cases: Cases, policies: Policies) -> None:
        self.cases, self.policies = cases, policies

    @property
    def policy(self) -> Policy:
        return self.policies.current()

    def ready(self, case: Case, row: Delivery, at: datetime) -> Ready:
        to = self.policy.audience(row.address, None, at)[0]
        return Ready(case, row, standing(case, row.steps), to)

    def permitted(self, group: Sequence[Ready], at: datetime) -> tuple[list[Ready], list[Ready], datetime]:
        """In office hours all of them. Outside: what may go at any hour, with what waits for the same address about the
        same case, lest a reminder follow the breach; the others (a sweep came after closing time) wait for the morning,
        which is told with them."""
        policy = self.policy
        opens = policy.calendar.next_open(at)
        if opens <= at:
            return list(group), [], opens
        now = [one for one in group if ladder_letters.at_once(one.case, one.rungs, policy)]
        going = {one.case.number for one in now}
        companions = {one.row.place: one for one in group if one.case.number in going}
        for one in now:
            for row in self.cases.waiting(one.case.number):
                other = self.ready(one.case, row, at)
                if row.asleep and row.purpose is one.row.purpose and other.to == one.to and other.rungs:
                    companions.setdefault(row.place, other)
        return list(companions.values()), [one for one in group if one.case.number not in going], opens

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
