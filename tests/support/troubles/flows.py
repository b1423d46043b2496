"""What brings work to functions: a queue as SQS is, and a table's stream as DynamoDB's is. Both at least once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

#: As template.yaml has them (held against it by tests/contract/test_template_functions.py): the arrivals queue's
#: maxReceiveCount and visibility, the stream's batches and retries.
RECEIVES = 5
VISIBILITY = timedelta(seconds=180)
BATCH, RETRIES = 10, 3
#: What comes twice comes so soon after: within a slow call.
BESIDE = timedelta(seconds=5)
#: From a change of the table to its record in deliver's hands, and from a notice to intake.
LATENCY = timedelta(milliseconds=300)


class Agenda(Protocol):
    """The world's list of what comes next."""

    now: datetime

    def schedule(self, when: datetime, do: Callable[[], None]) -> None: ...

    def note(self, said: str) -> None: ...


@dataclass(eq=False)
class Notice:
    """`back`: when it can be received again, unless it is done with by then."""

    body: str
    sent: datetime
    back: datetime
    receives: int = 0
    gone: bool = False

    @property
    def attributes(self) -> dict[str, str]:
        return {"SentTimestamp": str(int(self.sent.timestamp() * 1000)), "ApproximateReceiveCount": str(self.receives)}


class Queue:
    """`work` reads a notice, and says whether it is done with it. `dead` takes what was received too often."""

    def __init__(self, agenda: Agenda, work: Callable[[Notice], bool], dead: list[Notice]) -> None:
        self.agenda, self.work, self.dead = agenda, work, dead
        self.visibility = VISIBILITY

    def send(self, body: str, delay: float = 0, again: float = 0) -> None:
        """`delay`: seconds until it can be received. `again`: so long after its first receipt it is received once more,
        done with or not, as the queue now and then does."""
        first = self.agenda.now + timedelta(seconds=delay) + LATENCY
        notice = Notice(body, self.agenda.now, first)
        self._return(notice)
        if again:
            self.agenda.schedule(first + timedelta(seconds=again), lambda: self._receive(notice))

    def put_off(self, notice: Notice, seconds: int) -> None:
        notice.back = self.agenda.now + timedelta(seconds=seconds)
        self._return(notice)

    def _return(self, notice: Notice) -> None:
        back = notice.back

        def receive() -> None:
            if notice.back == back and not notice.gone:
                self._receive(notice)

        self.agenda.schedule(back, receive)

    def _receive(self, notice: Notice) -> None:
        if notice.receives >= RECEIVES:
            if not notice.gone:
                notice.gone = True
                self.dead.append(notice)
                self.agenda.note("a notice goes to the dead letters")
            return
        notice.receives += 1
        notice.back = self.agenda.now + self.visibility
        self._return(notice)
        if self.work(notice):
            notice.gone = True


class Stream:
    """Records of one shard come in order and one batch at a time. `work` takes a batch and says whether it came to its
    end. `habit`: "" as it should be, "twice" each batch, "skipped": lost after all retries, "late": minutes later."""

    SHARDS = 2

    def __init__(self, agenda: Agenda, work: Callable[[list[Any]], bool]) -> None:
        self.agenda, self.work = agenda, work
        self.habit = ""
        self._records: list[list[Any]] = [[] for _ in range(self.SHARDS)]
        self._busy = [False] * self.SHARDS

    def show(self, place: str, record: Any) -> None:
        shard = sum(map(ord, place)) % self.SHARDS
        self._records[shard].append(record)
        self._poll_later(shard)

    def _poll_later(self, shard: int) -> None:
        if not self._busy[shard]:
            self._busy[shard] = True
            wait = timedelta(minutes=7) if self.habit == "late" else LATENCY
            self.agenda.schedule(self.agenda.now + wait, lambda: self._poll(shard))

    def _poll(self, shard: int) -> None:
        batch, self._records[shard] = self._records[shard][:BATCH], self._records[shard][BATCH:]
        if self.habit == "skipped":
            self.agenda.note(f"{len(batch)} records of the stream are given up")
        else:
            if self.habit == "twice":  # by another function, whatever this one is at
                self.agenda.schedule(self.agenda.now + BESIDE, lambda: self._bring(batch, 0))
            self._bring(batch, RETRIES)
        self._busy[shard] = False
        if self._records[shard]:
            self._poll_later(shard)

    def _bring(self, batch: list[Any], retries: int) -> None:
        """A batch whose function died is halved and comes again."""
        if self.work(batch) or not batch:
            return
        if not retries:
            self.agenda.note(f"{len(batch)} records of the stream are given up")
            return
        half = len(batch) // 2
        for part in (batch[:half], batch[half:]):
            if part:
                self._bring(part, retries - 1)
