"""A desk whose every call to the outside may fail: the real entry points and use cases on the adapters in memory, a
clock of their own for the functions, and whatever brings them work."""

from __future__ import annotations

import hashlib
import heapq
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tanggap.adapters.dynamodb.delivery_rows import delivery_row
from tanggap.adapters.dynamodb.table import Row
from tanggap.adapters.memory import MemoryCases
from tanggap.adapters.memory_stores import MemoryArrivals, MemoryChat
from tanggap.application.deliver import Deliver
from tanggap.application.desk import CaseDesk
from tanggap.application.ledger import PREFIXES, Count
from tanggap.application.media import KeepMedia
from tanggap.application.outgoing import Page
from tanggap.application.ports import ChatEnvelope, Due, Envelope, Recomputing
from tanggap.application.ports.media import Fetched
from tanggap.application.receive import Receive
from tanggap.application.recompute import Recompute
from tanggap.application.scheduled import Scheduled, TimeAhead
from tanggap.application.sweep import Sweep
from tanggap.domain.case import Case, Change, Delivery, Received
from tanggap.domain.errors import Refuse, Retry
from tanggap.domain.history import Entry
from tanggap.domain.inbound import File, Media
from tanggap.domain.triage import Desk
from tanggap.domain.words import CHAT, Channel, Outcome, Reason
from tanggap.entrypoints import deliver, intake, media
from tests.support.troubles import faults
from tests.support.troubles.faults import Faulty, Killed, Plan, Run, Trouble
from tests.support.troubles.flows import BESIDE, VISIBILITY, Notice, Queue, Stream
from tests.support.world import DOMAIN, INTAKE, POLICY, World

MINUTE = timedelta(minutes=1)
#: Promises so short that a story of hours climbs every ladder.
HASTY = {
    **POLICY,
    "clocks": {
        "first_response": {"*": {"amount": 1, "unit": "hours"}, "praise": None},
        "verify": {"*": {"amount": 2, "unit": "office_hours"}, "praise": None},
        "resolve": {"*": {"amount": 1, "unit": "working_days"}, "praise": None},
        "follow_up": {"*": {"amount": 2, "unit": "hours"}, "praise": None},
        "reporter_reply": {"*": {"amount": 3, "unit": "hours"}},
    },
}
#: Each function's time limit, as template.yaml has it.
LIMITS = {"intake": 30, "media": 30, "deliver": 60, "escalate": 55, "ledger": 300, "officer": 25}
#: How deep the world may go on inside a slow call.
DEPTH = 3
#: Lines of what happened; a story that fails is short.
REMEMBERED = 200
#: Sweeps that find something due, once nothing fails any more: beyond, something never leaves the index.
ENOUGH = 300


class Table(MemoryCases):
    """Shows what the stream shows, and watches what no test of the outside sees: versions that go up by one, times
    that don't run backwards."""

    village: Village

    def commit(self, change: Change) -> None:
        before = self.cases.get(change.case.number) if change.case else None
        row = change.received
        told = self.rows.get((row.arrival, row.index)) if row else None
        super().commit(change)
        if row and told and told.outcome is not Outcome.PARKED:
            self.village.wrong.append(f"{row.arrival} was {told.outcome}, and then {row.outcome}")
        if change.case:
            self.village.committed(before, change.case, change)

    def note(self, received: Received) -> bool:
        before = self.rows.get((received.arrival, received.index))
        noted = super().note(received)
        if noted and before:
            self.village.wrong.append(f"{received.arrival} was {before.outcome} and is {received.outcome}")
        return noted

    def _keep(self, delivery: Delivery) -> None:
        super()._keep(delivery)
        if delivery.wake is not None:  # template.yaml's filter of the stream
            image = delivery_row(Row, delivery).serialize()
            record = {"eventName": "MODIFY", "dynamodb": {"Keys": {"sk": image["sk"]}, "NewImage": image}}
            self.village.stream.show(delivery.case, record)


class Bucket(MemoryArrivals):
    """Objects get the time at which they come; wishes go to the queue."""

    def __init__(self, village: Village) -> None:
        super().__init__()
        self.village = village

    def put(self, key: str, body: bytes) -> None:
        self.objects.setdefault(key, (body, self.village.now))
        self.objects[key] = (body, self.objects[key][1])

    def notify(self, key: str, wish: str = "again", actor: str = "system") -> None:
        self.village.queue.send(json.dumps({"tanggap": wish, "key": key, "actor": actor}))


class Platform(MemoryChat):
    """A platform that may fail at each part of a message."""

    def __init__(self, plan: Plan, channel: Channel) -> None:
        super().__init__(limit=600)
        self._refused = 0
        self._part = Faulty(self._send_part, channel.value, plan, faults.by_chat(self._count), faults.TAKEN)
        self._do: Callable[[], None] = lambda: None

    def _count(self) -> int:
        self._refused += 1
        return self._refused

    def _send_part(self) -> None:
        self._do()

    def send(self, envelope: ChatEnvelope, left: Callable[[str], None]) -> tuple[str, ...]:
        said = envelope.text or envelope.template
        parts = [said[start : start + self.limit] for start in range(0, len(said), self.limit)]
        ids = list(envelope.gone)
        for part in [*parts, *(file.name for file in envelope.files)][len(ids) :]:
            self._made += 1
            name = f"{envelope.channel}-{self._made:06d}"

            def go(name: str = name, part: str = part) -> None:
                self.sent.append((name, part, envelope))

            self._do = go
            self._part()
            ids.append(name)
            left(name)
        return tuple(ids)


class Village(World):
    memory = Table

    def __init__(self, troubles: Iterable[Trouble] = (), policy: dict[str, Any] = HASTY) -> None:
        self.agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self.runs: list[Run] = []
        self.skew = timedelta()
        self.happened: list[str] = []
        self.surprises: list[str] = []
        self.created: dict[str, datetime] = {}
        self.changes: Counter[str] = Counter()  # commits, by case
        self.silent: list[str] = []
        self.wrong: list[str] = []
        self.arrived = self.said = 0
        self.texts: dict[str, str] = {}  # what citizens said -> who
        self.by_machines: set[str] = set()  # Message-IDs
        self.reported: set[str] = set()  # letters of which somebody said that they came back, or arrived
        self.forms: list[str] = []  # numbers told by the web form
        super().__init__("memory", policy)
        self.cases.village = self
        self.policies.job = Recomputing(done=1, target=1)
        self.arrivals = Bucket(self)
        self.plan = Plan(self, troubles)
        self.dead: list[Notice] = []
        self.queue = Queue(self, self._intake, self.dead)
        self.media_queue = Queue(self, self._media, self.dead)
        self.stream = Stream(self, self._deliver)
        self.sweeping = ""
        self.swept: list[datetime] = []  # sweeps that nothing troubled
        self._swept_last = self.now - MINUTE
        self._read: set[str] = set()  # objects of which each message has its outcome
        self._hour()
        self.sweeps, self.most_sweeps = 0, 10_000
        self.touched: Counter[str] = Counter()  # faults that a letter met on its way, by its id
        self.lost: Counter[str] = Counter()  # runs that worked on it and met more than slowness
        self.behind = False  # some machine's clock was far behind: a lease may end while its holder works
        self._wire()

    def _wire(self) -> None:
        plan = self.plan
        table = self.table = Faulty(self.cases, "table", plan)
        bucket, files = Faulty(self.arrivals, "bucket", plan), Faulty(self.files, "files", plan)
        vault, policies = Faulty(self.vault, "vault", plan), Faulty(self.policies, "policies", plan)
        self.ports = (table, policies)
        self.receive = Receive(
            table,
            table,
            bucket,
            files,
            vault,
            policies,
            self.tokens,
            Desk(DOMAIN, INTAKE),
            self.ids,
            self.clock,
            lambda: self.receipts,
            self.passing,
        )
        self.chats = {channel: Platform(plan, channel) for channel in CHAT}
        self.deliver = Deliver(
            table,
            table,
            vault,
            files,
            policies,
            Faulty(self.post, "post", plan, faults.BY_MAIL, faults.TAKEN),
            self.ids,
            self.clock,
            self.chats.get,
            Page(f"https://{DOMAIN}/lacak", self.tokens),
            lambda channel, content_type, size: size <= 8_000_000,
        )
        announce = Faulty(self._announce, "queue", plan)
        keep_media = KeepMedia(
            table,
            table,
            files,
            policies,
            Faulty(_fetched, "platform", plan, faults.BY_FETCH),
            announce,
            self.ids,
            self.clock,
            self._elapsed,
            self.passing,
        )
        self.desk = CaseDesk(table, files, vault, policies, self.ids, self.clock)
        self.counting = Count(bucket, table, self.clock)
        self.parts: Any = SimpleNamespace(
            arrivals=bucket,
            cases=table,
            receive=self.receive,
            reread=self.reread,
            files=files,
            media=keep_media,
            announce_media=announce,
            media_notices=self.media_queue,
            deliver=self.deliver,
        )

    def _announce(self, arrival: str, index: int, seconds: int) -> None:
        self.media_queue.send(json.dumps({"tanggap": "media", "key": arrival, "index": index}), min(seconds, 900))

    def says(self, who: str) -> str:
        """Words that nobody said before."""
        self.said += 1
        text = f"Jalan di RT {self.said} rusak parah, mohon diperbaiki."
        self.texts[text] = who
        return text

    def id_of(self, letter: Envelope) -> str:
        """Our letter's Message-ID, as an answer names it."""
        return f"<{letter.delivery}.{self.tokens.of(letter.case)}@{DOMAIN}>"

    # -- time

    def clock(self) -> datetime:
        """As the machine tells it on which somebody runs."""
        return self.now + (self.runs[-1].skew if self.runs else timedelta())

    def _elapsed(self) -> float:
        return self.now.timestamp()

    def schedule(self, when: datetime, do: Callable[[], None]) -> None:
        heapq.heappush(self.agenda, (when, next(self._order), do))

    def until(self, end: datetime) -> None:
        """All that comes until then, each minute's sweep among it. One that finds nothing due changes nothing, and is
        left out."""
        while True:
            coming = self.agenda[0][0] if self.agenda else end
            sweep = self._next_sweep()
            if sweep is not None and sweep <= min(coming, end):
                self.now = max(self.now, sweep)
                self._minute(self.now)
            elif coming < end:
                when, _, do = heapq.heappop(self.agenda)
                self.now = max(self.now, when)
                do()
            else:
                break
        self.now = max(self.now, end)

    def passing(self, seconds: float) -> None:
        """So long a call, or a pause, takes: the world goes on meanwhile."""
        if len(self.runs) <= DEPTH:
            self.until(self.now + timedelta(seconds=seconds))

    def overdue(self) -> bool:
        run = self.runs[-1] if self.runs else None
        return run is not None and self.now - run.began > timedelta(seconds=LIMITS[run.function])

    def note(self, said: str) -> None:
        run = f" [{' in '.join(one.function for one in reversed(self.runs))}]" if self.runs else ""
        if len(self.happened) < REMEMBERED:
            self.happened.append(f"{self.now:%d %H:%M:%S}{run} {said}")

    # -- functions

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
                if self.now - run.began > timedelta(seconds=30):
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

    def committed(self, before: Case | None, case: Case, change: Change) -> None:
        self.created.setdefault(case.number, self.now)
        self.changes[case.number] += 1
        climbed = {rung_of(entry) for entry in change.history if entry.event == "escalated"}
        told = {step for row in change.deliveries for step in row.steps}
        if climbed != told:
            self.wrong.append(f"{case.number} climbed {climbed} and told {told}")
        if before is None:
            return
        if case.version != before.version + 1:
            self.wrong.append(f"{case.number}: version {case.version} after {before.version}")
        if case.seq < before.seq or case.last_at < before.last_at:
            self.wrong.append(f"{case.number} runs backwards")

    # -- the end

    def times_sent(self) -> Counter[str]:
        """How often each letter left, by its id: of several parts, the one that left most often."""
        sent = Counter((envelope.delivery, "mail", "") for envelope in self.post.sent)
        for channel, chat in self.chats.items():
            sent.update((envelope.delivery, channel.value, part) for _, part, envelope in chat.sent)
        times: Counter[str] = Counter()
        for (delivery, _, _), count in sent.items():
            times[delivery] = max(times[delivery], count)
        return times

    def unread(self) -> list[str]:
        """Objects of which some message has no outcome."""
        for key in self.arrivals.objects.keys() - self._read:
            rows = self.cases.of(key)
            if not key.startswith(PREFIXES) or (rows and len(rows) >= rows[0].of):
                self._read.add(key)
        return sorted(self.arrivals.objects.keys() - self._read)

    def calm(self, days: int = 3) -> None:
        """Nothing fails any more. The operators do what their runbooks say; days pass."""
        self.plan.cease()
        self.note("-- calm")
        self.skew, self.sweeping, self.stream.habit = timedelta(), "", ""
        self.queue.visibility = VISIBILITY
        self.most_sweeps = self.sweeps + ENOUGH
        for _ in range(6):
            self.until(self.now + timedelta(hours=1))
            waits = bool(self.dead or self.unread()) or any(not row.asleep for row in self.unsent())
            self.redrive()
            if not self._replay() and not waits:
                break
        if days:
            self.until(_ten_o_clock(self.now + timedelta(days=days)))
        self.hourly()
        if self.sweeps > self.most_sweeps:
            self.wrong.append("something never leaves the index of what is due")

    def redrive(self) -> None:
        """The dead letters come again, as new ones, on the queue of arrivals."""
        for notice in self.dead:
            self.queue.send(notice.body)
        self.dead.clear()

    def _replay(self) -> int:
        """An officer lets in again what was parked because it failed, and words that came long before what they were
        added to. How many."""
        parked = [
            key
            for (key, _), row in self.cases.rows.items()
            if row.outcome is Outcome.PARKED
            and (row.reason is Reason.FAILING or (row.reason is Reason.UNMATCHED and key.startswith("webhooks/web/")))
        ]
        for key in parked:
            self.arrivals.notify(key, "replay")
        return len(parked)


def rung_of(entry: Entry) -> str:
    """As a letter names what its history tells."""
    unit = entry.data.get("unit", "")
    return f"{entry.data['clock']}{'@' + unit if unit else ''}.{entry.data['step']}"


def _ten_o_clock(at: datetime) -> datetime:
    """In Jakarta, on that day or the next that is an office's."""
    at = at.replace(hour=3, minute=0, second=0)
    while at.weekday() > 3:
        at += timedelta(days=1)
    return at


def _fetched(channel: Channel, medium: Media, number: int, seconds: float) -> Fetched:
    content = b"\xff\xd8\xff" + medium.id.encode()
    digest = hashlib.sha256(content).hexdigest()
    return Fetched(File(f"lampiran-{number}.jpg", "image/jpeg", len(content), digest, content))
