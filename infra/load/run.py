"""One run: sends, watches, waits for the last acknowledgement, and says what was seen."""

from __future__ import annotations

import contextlib
import http.client
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.growth.measured import Measured
from infra.load import machine
from infra.load.answers import Answers, ledger_rows, runs_of, waiting_notices
from infra.load.senders import Citizens, Prepared, Sending, Sent
from infra.local.places import Places

EVERY = 10.0  # seconds between lines of progress
LOOK = 1.0
#: Messages of each kind before the clock runs.
WARM_UP = 4
#: Without a further acknowledgement for this long, what is missing is missing. The sweep brings a letter that was put
#: off after a minute or two.
PATIENCE = 150.0
WATCHED = ("WebhooksFunction", "IntakeFunction", "DeliverFunction")

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    mails: float
    webhooks: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Moment:
    """At so many seconds: the arrivals queue, and the oldest message without its acknowledgement."""

    at: float
    waiting: int
    in_flight: int
    oldest: float
    workers: int
    memory: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run showed. `waits`: by channel, seconds from the first byte to the acknowledgement's leaving, sorted.
    `late`: the longest that a sender began after its time. `runs`: by function, milliseconds of its REPORT lines."""

    asked: Asked
    sent: list[Sent]
    filed: int
    outcomes: Mapping[str, int]
    missing: list[str]
    unanswered: int
    twice: int
    waits: Mapping[str, list[float]]
    moments: list[Moment]
    took: float
    whole: float
    late: float
    before: machine.Usage
    after: machine.Usage
    names: Mapping[str, str]
    runs: Mapping[str, list[float]]

    @property
    def accepted(self) -> int:
        return sum(not one.refused for one in self.sent)

    @property
    def lost(self) -> int:
        return len(self.missing)

    def fine(self) -> bool:
        """The rate that was asked for is one that was carried: nothing refused at the door."""
        refused = len(self.sent) - self.accepted
        return bool(self.sent) and not (refused or self.lost or self.unanswered or self.twice)


class NotWarm(RuntimeError):
    """Not even one message alone came through."""


class Run:
    def __init__(self, places: Places, ready: dict[str, Any], asked: Asked, tell: Tell) -> None:
        self._places, self._ready, self._asked, self._tell = places, ready, asked, tell
        self._answers = Answers(places, ready)
        self._emulator = machine.emulator_of(places.aws_port)
        self._moments: list[Moment] = []
        self._citizens = Citizens(ready)
        self._began = time.time()
        self._sending: list[Sending] = []

    def run(self) -> Seen:
        """Raises NotWarm."""
        self._warm_up()
        self._began = time.time() + 2.0  # what the warm-up leaves in the ledger lies before
        self._sending = [Sending(make, rate, self._asked.seconds, self._began) for make, rate in self._kinds() if rate]
        before = machine.usage(self._emulator)
        for one in self._sending:
            one.start()
        try:
            took = self._watch()
        finally:
            for one in self._sending:
                one.stop()
        return self._seen(before, machine.usage(self._emulator), took)

    def _kinds(self) -> list[tuple[Callable[[int, float], Prepared], float]]:
        return [(self._citizens.mail, self._asked.mails), (self._citizens.webhook, self._asked.webhooks)]

    def _warm_up(self) -> None:
        """A few of each kind, one at a time, until each is acknowledged: here cold starts take the processors away from
        all others, as they never do on AWS."""
        self._tell("warming up")
        warm = [make(at, time.time()) for make, rate in self._kinds() if rate for at in range(WARM_UP)]
        for sent, send in warm:
            with contextlib.suppress(OSError, http.client.HTTPException):
                send()
            sent.began = time.time()
            while (sent.channel, sent.who) not in self._answers.times:
                if time.time() - sent.began > PATIENCE:
                    raise NotWarm(f"the first {sent.channel} had no answer within {PATIENCE:.0f} s")
                time.sleep(0.2)
                self._answers.look(chats=sent.channel != "email")
        self._answers.times.clear()

    def _watch(self) -> float:
        """Until all are acknowledged, or nothing more comes. Returns how long it was sent."""
        took, next_line, answered = 0.0, EVERY, 0
        news = time.time()
        while True:
            time.sleep(LOOK)
            now = time.time()
            over = all(one.over() for one in self._sending)
            took = took or (now - self._began if over else 0.0)
            self._answers.look(chats=bool(self._asked.webhooks))
            waiting = self._waiting()
            if (count := len(self._answers.times)) != answered or not over:
                answered, news = count, now
            if now - self._began >= next_line or (over and not waiting):
                next_line += EVERY
                self._line(now, waiting)
            if over and (not waiting or now - news > PATIENCE):
                return took

    def _all(self) -> Iterator[Sent]:
        for one in self._sending:
            yield from list(one.sent)

    def _waiting(self) -> list[Sent]:
        return [one for one in self._all() if not one.refused and (one.channel, one.who) not in self._answers.times]

    def _line(self, now: float, waiting: list[Sent]) -> None:
        used = machine.usage(self._emulator)
        queue, in_flight = waiting_notices(self._ready)
        oldest = max((now - one.began for one in waiting), default=0.0)
        at = now - self._began
        memory = sum(used.memory.values())
        self._moments.append(Moment(round(at, 1), queue, in_flight, round(oldest, 2), used.workers, memory))
        done = list(self._all())
        taken, whole = sum(not one.refused for one in done), sum(one.whole for one in self._sending)
        self._tell(
            f"{at:5.0f} s  sent {len(done)} of {whole}  acknowledged {taken - len(waiting)}  "
            f"oldest without {oldest:.1f} s  queue {queue}+{in_flight}  {used.workers} workers, {memory / 1e6:.0f} MB"
        )

    def _seen(self, before: machine.Usage, after: machine.Usage, took: float) -> Seen:
        whole = time.time() - self._began
        sent = sorted(self._all(), key=lambda one: one.began)
        accepted = [one for one in sent if not one.refused]
        rows = list(ledger_rows(self._ready, self._began))
        filed = {(channel, identifier) for outcome, channel, identifier in rows if outcome == "filed"}
        times = self._answers.times
        waits = {
            channel: sorted(
                times[channel, one.who][0] - one.began
                for one in accepted
                if one.channel == channel and (channel, one.who) in times
            )
            for channel in dict.fromkeys(one.channel for one in sent)
        }
        return Seen(
            asked=self._asked,
            sent=sent,
            filed=sum((one.channel, one.id) in filed for one in accepted),
            outcomes=Counter(outcome for outcome, _, _ in rows),
            missing=[f"{one.channel} {one.id}" for one in accepted if (one.channel, one.id) not in filed],
            unanswered=sum((one.channel, one.who) not in times for one in accepted),
            twice=sum(len(times.get((one.channel, one.who), ())) > 1 for one in accepted),
            waits=waits,
            moments=self._moments,
            took=took,
            whole=whole,
            late=max((one.began - one.due for one in sent), default=0.0),
            before=before,
            after=after,
            names={self._ready["outputs"][name]: _short(name) for name in self._functions()},
            runs={name: runs_of(self._ready, _short(name), self._began) for name in WATCHED},
        )

    def _functions(self) -> list[str]:
        return [name for name in self._ready["outputs"] if name.endswith("Function")]


def _short(output: str) -> str:
    """A function's own name, by its output's."""
    return output.removesuffix("Function").lower()


def calls_of(measured: Measured, mails: int, chats: int) -> tuple[int, int]:
    """AWS calls of one mail with its acknowledgement and its delivery event, and of one chat with its answer, by the
    growth model's inputs: told from the same code with every call seen."""
    by_mail = sum(sum(one.calls.values()) for one in measured.story[:3])
    by_chat = sum(sum(one.calls.values()) for one in measured.chat)
    return by_mail * mails, by_chat * chats


def quantiles(waits: list[float]) -> tuple[float, float, float, float]:
    """(median, 95 %, 99 %, longest)."""
    if not waits:
        return (0.0,) * 4
    at = [waits[min(len(waits) - 1, int(len(waits) * part))] for part in (0.95, 0.99)]
    return statistics.median(waits), at[0], at[1], waits[-1]
