"""A desk whose every call to the outside may fail: the real entry points and use cases on the adapters in memory, a
clock of their own for the functions, and whatever brings them work."""

from __future__ import annotations

import heapq
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tanggap.application.deliver import Deliver
from tanggap.application.desk import CaseDesk
from tanggap.application.ledger import PREFIXES, Count
from tanggap.application.media import KeepMedia
from tanggap.application.outgoing import Page
from tanggap.application.ports import Envelope, Recomputing
from tanggap.application.receive import Receive
from tanggap.domain.case import Case, Change
from tanggap.domain.history import Entry
from tanggap.domain.triage import Desk
from tanggap.domain.words import CHAT, Outcome, Reason
from tests.support.troubles import faults
from tests.support.troubles.faults import Faulty, Plan, Run, Trouble
from tests.support.troubles.flows import VISIBILITY, Notice, Queue, Stream
from tests.support.troubles.functions import LIMITS, Functions
from tests.support.troubles.places import Bucket, Platform, Table, fetched
from tests.support.world import DOMAIN, INTAKE, POLICY, World

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
#: How deep the world may go on inside a slow call.
DEPTH = 3
#: Lines of what happened; a story that fails is short.
REMEMBERED = 200
#: Sweeps that find something due, once nothing fails any more: beyond, something never leaves the index.
ENOUGH = 300


class Village(Functions, World):
    memory = Table

    def __init__(self, troubles: Iterable[Trouble] = (), policy: dict[str, Any] = HASTY) -> None:
        self.agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self.runs: list[Run] = []
        self.skew = timedelta()
        self.happened: list[str] = []
        self.created: dict[str, datetime] = {}
        self.wrong: list[str] = []
        self.arrived = self.said = 0
        self.texts: dict[str, str] = {}  # what citizens said -> who
        self.by_machines: set[str] = set()  # Message-IDs
        self.reported: set[str] = set()  # letters of which somebody said that they came back, or arrived
        self.forms: list[str] = []  # numbers told by the web form
        World.__init__(self, "memory", policy)
        Functions.__init__(self)
        self.cases.village = self
        self.policies.job = Recomputing(done=1, target=1)
        self.arrivals = Bucket(self)
        self.plan = Plan(self, troubles)
        self.dead: list[Notice] = []
        self.queue = Queue(self, self._intake, self.dead)
        self.media_queue = Queue(self, self._media, self.dead)
        self.stream = Stream(self, self._deliver)
        self.sweeping = ""
        self._read: set[str] = set()  # objects of which each message has its outcome
        self._hour()
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
            Faulty(fetched, "platform", plan, faults.BY_FETCH),
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
