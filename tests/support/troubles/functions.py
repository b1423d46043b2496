"""The functions' work, in short for their handlers: what goes back to whom when one fails, or dies. The handlers
themselves run in tests/support/recording.py, and deliver's in tests/integration/test_deliver_batches.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from tanggap.application.desk import CaseDesk
from tanggap.application.ledger import Count
from tanggap.application.ports import Due
from tanggap.application.recompute import Recompute
from tanggap.application.scheduled import Scheduled, TimeAhead
from tanggap.application.sweep import Sweep
from tanggap.domain.errors import Refuse, Retry
from tanggap.entrypoints import deliver, intake, media
from tests.support.cuts import Killed
from tests.support.troubles.faults import Plan, Run
from tests.support.troubles.flows import BESIDE, Notice

MINUTE = timedelta(minutes=1)
#: Each function's time limit, as template.yaml has it (held against it by tests/contract/test_template_functions.py).
LIMITS = {"intake": 30, "media": 30, "deliver": 60, "escalate": 55, "ledger": 900, "officer": 25}
#: What deliver keeps of its time for one send, as its handler has it (held against it there too).
ONE_SEND = timedelta(seconds=30)


class Functions:
    """To be mixed into a village, which has all this."""

    now: datetime
    skew: timedelta
    runs: list[Run]
    plan: Plan
    parts: Any
    ports: tuple[Any, Any]
    cases: Any
    policies: Any
    ids: Any
    desk: CaseDesk
    counting: Count
    sweeping: str
    clock: Callable[[], datetime]
    note: Callable[[str], None]
    schedule: Callable[[datetime, Callable[[], None]], None]
    unread: Callable[[], list[str]]

    def __init__(self) -> None:
        self.surprises: list[str] = []  # errors that no fault explains
        self.touched: Counter[str] = Counter()  # faults that a letter met on its way, by its id
        self.lost: Counter[str] = Counter()  # runs that worked on it and met more than slowness
        self.changes: Counter[str] = Counter()  # commits, by case
        self.swept: list[datetime] = []  # sweeps that nothing troubled
        self.silent: list[str] = []
        self.sweeps, self.most_sweeps = 0, 10_000
        self._swept_last = self.now - MINUTE

    @contextmanager
    def running(self, function: str) -> Iterator[Run]:
        run = Run(function, self.now, self.skew)
        self.runs.append(run)
        self.plan.begin(run)
        try:
            yield run
        finally:
            self.runs.pop()

    def _intake(self, notice: Notice) -> bool:
        with self.running("intake"):
            try:
                for line in intake.work(notice.body, notice.attributes, self.parts):
                    said = " ".join(line[name] for name in ("arrival", "outcome", "reason", "case") if line.get(name))
                    self.note(f"try {notice.receives}: {said}")
            except (Killed, Exception) as error:
                self._failed(error, f"try {notice.receives}")
                return False
        return True

    def _media(self, notice: Notice) -> bool:
        with self.running("media"):
            try:
                done = media.work(notice.body, notice.attributes, self.parts)
            except Killed as error:
                self._failed(error, f"try {notice.receives}")
                return False
            except Exception as error:
                self._failed(error, f"try {notice.receives}")
                media.put_off(notice, notice.attributes, self.parts)  # type: ignore[arg-type]
                return False
            self.note(f"try {notice.receives}: " + " ".join(f"{name}={said}" for name, said in done.facts.items()))
        return not done.parked

    def _deliver(self, records: list[Any]) -> bool:
        with self.running("deliver") as run:
            for record in records:
                if run.began + timedelta(seconds=LIMITS["deliver"]) - self.now < ONE_SEND:
                    self.note("no time left in this batch")
                    break
                letter, hits, losses = deliver.row_of(record), self.plan.hits, self.plan.losses
                try:
                    facts = deliver.work(record, self.parts)
                    if facts:
                        self.note(" ".join(facts[name] for name in ("purpose", "state", "reason", "delivery")))
                except Killed:
                    self.note(f"died over {letter}")
                    return False
                except Exception as error:
                    self._failed(error, letter)
                finally:
                    self.touched[letter] += self.plan.hits - hits
                    self.lost[letter] += self.plan.losses > losses
        return True

    def _minute(self, at: datetime) -> None:
        self._swept_last = at
        if self.sweeping == "twice":
            self.schedule(at + BESIDE, lambda: self.sweep_at(at))
        self.sweep_at(at)

    def _next_sweep(self) -> datetime | None:
        """The first full minute, after the last sweep's, at which something is due."""
        heads = [next(iter(order), None) for order in (self.cases._due, self.cases._ladder)]
        due = min((head[0] for head in heads if head), default=None)
        if self.policies.job.done < max(self.policies.versions):
            due = self.now
        if due is None or self.sweeping == "missed" or self.sweeps > self.most_sweeps:
            return None
        due = max(due, self._swept_last + MINUTE)
        full = due.replace(second=0, microsecond=0)
        return full if full == due else full + MINUTE

    def sweep_at(self, at: datetime, tries: int = 2) -> None:
        """One event of the schedule. A function that ended badly gets the event once more, a minute later."""
        self.sweeps += 1
        hits, changes = self.plan.hits, self.changes.copy()

        def failed(due: Due, error: Exception) -> None:
            self._failed(error, f"{due.case} {due.delivery}")

        with self.running("escalate") as run:
            limit = timedelta(seconds=LIMITS["escalate"])
            work = Scheduled(
                *self.ports,
                self.ids,
                self.clock,
                remaining=lambda: run.began + limit - self.now,  # type: ignore[arg-type]
            )
            try:
                swept = Sweep(work, self.table)(at, failed)  # type: ignore[arg-type]
                Recompute(work)(at, lambda number, error: self._failed(error, number))
            except TimeAhead:
                self.note("the sweep's time lies ahead of its clock")
                return
            except (Killed, Exception) as error:
                self._failed(error, "sweep")
                if tries > 1:
                    self.schedule(self.now + MINUTE, lambda: self.sweep_at(at, tries - 1))
                return
        if swept.cases or swept.letters:
            self.note(f"swept: {swept.cases} cases, {swept.steps} steps, {swept.letters} letters, {swept.woken} woken")
        if self.plan.hits == hits and not swept.failed and not swept.unfinished:
            self.swept.append(at)
            for number, case in self.cases.cases.items():
                if case.due_at and case.due_at <= at and self.changes[number] == changes[number]:
                    self.silent.append(f"{number} was due at {case.due_at}, and the sweep of {at} did nothing")

    def _hour(self) -> None:
        """The ledger's count, where there is something that it could find."""
        if self.unread():
            self.hourly()
        self.schedule(self.now + timedelta(hours=1), self._hour)

    def hourly(self, tries: int = 3) -> None:
        with self.running("ledger"):
            try:
                report = self.counting()
                self.note(f"counted: {report.overdue} overdue, {report.renotified} announced again")
            except (Killed, Exception) as error:
                self._failed(error, "count")
                if tries > 1:
                    self.schedule(self.now + MINUTE, lambda: self.hourly(tries - 1))

    def act(self, what: Callable[[CaseDesk], Any]) -> None:
        """An officer's request. It is done, refused, or ends in an error; they look before they ask again."""
        with self.running("officer"):
            try:
                what(self.desk)
            except Refuse as refused:
                self.note(f"refused: {refused}")
            except (Killed, Exception) as error:
                self._failed(error, "officer")

    def _failed(self, error: BaseException, what: str) -> None:
        self.note(f"{what}: {type(error).__name__}: {error}")
        if not isinstance(error, (Killed, Retry)):
            self.surprises.append(f"{what}: {error!r}")
