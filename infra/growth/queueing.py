"""A day as it queues up, step by step: what sums don't tell. Bursts meet cold starts; a queue's mapping grows by so
many runs a minute; what SES refuses comes back by the sweep in waves; each letter's delivery event joins the queue that
reports wait in; all functions draw on one account's runs.

Groups of reports and letters, not single ones; steps of some seconds. Assumed: where an account's runs don't suffice,
functions get of them in proportion to what they could use; a refused send takes as long as an accepted one; a throttled
invocation is tried again until the queue's visibility ends (Lambda's guide: handling errors of an SQS source), and only
then counts as a receive.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from infra.growth import limits
from infra.growth.model import STANDING_RUNS, Model

DAY = 86_400
#: The flood's hours: so much of a day's reports comes around the peak, as a bell; the rest evenly.
AROUND_THE_PEAK = 0.6
PEAK_AT = 14 * 3600
#: What a sweep takes to wake a letter, in seconds: one update.
WAKING = 0.015

Rate = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Scene:
    """`reports`: by the second of the day; `runs`: the account's at once. `intake`, `senders`: what the mappings take
    at once."""

    name: str
    reports: Rate
    runs: int
    a_second: float
    a_day: float
    intake: int
    senders: int
    step: float = 10.0
    until: float = DAY


@dataclass(frozen=True, slots=True)
class Queued:
    """`oldest`: greatest age in the arrivals queue, seconds. `median`, `late` (95 %), `last`: from arrival until SES
    took the acknowledgement. `refused`: sends that SES put off, over all letters. `receives`: the most that one notice
    took. `cold`: starts. `worked`: seconds after the last report until nothing waits."""

    name: str
    reports: int
    oldest: float
    median: float
    late: float
    last: float
    refused: float
    receives: int
    cold: int
    worked: float


def bell(day: float, peak: float) -> Rate:
    """So many a day, so many in the busiest second."""
    around = AROUND_THE_PEAK * day
    width = around / (peak * math.sqrt(2 * math.pi))
    even = (day - around) / DAY
    return lambda at: even + (peak - even) * math.exp(-((at - PEAK_AT) ** 2) / (2 * width**2))


def at_once(reports: int, step: float) -> Rate:
    """All in the first step, into cold functions."""
    return lambda at: reports / step if at < step else 0.0


def scenes(model: Model) -> tuple[Scene, ...]:
    """The loads of the page: as a new account is, with limits raised, and with the knobs of the page turned."""
    knob = model.knobs
    senders = limits.NEW_TABLE_SHARDS * knob.stream_factor
    few = (model.few.intake_at_once, limits.NEW_TABLE_SHARDS * model.few.stream_factor)
    new = (limits.NEW_ACCOUNT_RUNS, limits.SES_A_SECOND, limits.SES_A_DAY, *few)
    raised = (limits.ACCOUNT_RUNS, 100, 500_000, knob.intake_at_once, senders)
    turned = (3_000, 1_500, 10_000_000, 300, 2 * limits.NEW_TABLE_SHARDS * 10)
    flood, million = bell(100_000, 50), bell(1_000_000, 500)
    return (
        Scene("30 reports in one second, cold, new account", at_once(30, 0.1), *new, step=0.1, until=0.1),
        Scene("100,000 in a day, new account (10 runs, SES 14/s, 50,000 a day)", flood, *new),
        Scene("100,000 in a day, 1,000 runs, SES 100/s, 500,000 a day", flood, *raised),
        Scene("1,000,000 in a day, the same limits", million, *raised),
        Scene("1,000,000 in a day, 3,000 runs, SES 1,500/s, 300 readings, 80 sends at once", million, *turned),
    )


@dataclass(slots=True)
class _Pool:
    """Runs of one function that are warm, and what they have left of this step."""

    at_once: int
    growth: float  # a second; a queue's mapping adds so many
    seconds_cold: float
    warm: float = 0.0
    most: float = 0.0
    cold: float = 0.0
    starting: float = 0.0  # seconds of cold starts that are still to be spent

    def serve(self, wanted: float, room: float, step: float, began: float) -> float:
        """Seconds of work that this step has, of `wanted`."""
        self.most = min(self.at_once, began if not self.most else self.most + self.growth * step)
        runs = min(self.most, room, math.ceil(wanted / step) if wanted else 0.0)
        fresh = max(0.0, runs - self.warm)
        self.warm, self.cold = max(self.warm, runs), self.cold + fresh
        self.starting += fresh * self.seconds_cold
        spent = min(self.starting, runs * step)
        self.starting -= spent
        return min(wanted, runs * step - spent)


class _Day:
    def __init__(self, scene: Scene, model: Model) -> None:
        meter = model.meter
        self.scene, self.model = scene, model
        adds = limits.QUEUE_ADDS_A_MINUTE / 60
        self.intake = _Pool(scene.intake, adds, meter.cold_seconds("intake"))
        self.sender = _Pool(scene.senders, scene.senders, meter.cold_seconds("deliver"))
        #: [when, how many, is it a report], [report's time, how many, attempts], attempts by the minute they are due
        self.notices: deque[list[float]] = deque()
        self.letters: deque[list[float]] = deque()
        self.put_off: dict[int, deque[list[float]]] = {}
        self.waits: defaultdict[float, float] = defaultdict(float)
        self.oldest = self.refused = self.tokens = self.today = 0.0
        self.receives = 1

    def run(self) -> Queued:
        scene, step = self.scene, self.scene.step
        reports = carried = at = last = 0.0
        day = minute = -1
        while True:
            if at // DAY != day:
                day, self.today = int(at // DAY), 0.0
            carried += scene.reports(at) * step if at < scene.until else 0.0
            came, carried = math.floor(carried + 1e-9), carried - math.floor(carried + 1e-9)
            if came:
                self.notices.append([at, came, 1.0])
                reports, last = reports + came, at
            if at // 60 != minute:
                minute = int(at // 60)
                self._sweep(at)
            self._step(at)
            at += step
            if at >= scene.until and not (self.notices or self.letters):
                if not self.put_off:
                    break
                at = max(at, 60.0 * min(self.put_off))  # nothing happens before
        return self._told(int(reports), at - last)

    def _step(self, at: float) -> None:
        runs, step = self.model.runs, self.scene.step
        reading = sum(n * (runs.new if report else runs.event) for _, n, report in self.notices)
        written = sum(n for _, n, report in self.notices if report)
        sending = (written + sum(n for _, n, _ in self.letters)) * runs.letter
        room = max(1.0, self.scene.runs - STANDING_RUNS)
        uses = (min(self.scene.intake, reading / step), min(self.scene.senders, sending / step))
        share = min(1.0, room / max(sum(uses), 1e-9))
        rooms = [max(1.0, use * share) if share < 1 else room for use in uses]
        self._read(at, self.intake.serve(reading, rooms[0], step, limits.QUEUE_STARTS_WITH))
        sending = sum(n for _, n, _ in self.letters) * runs.letter
        self._send(at, self.sender.serve(sending, rooms[1], step, self.scene.senders))

    def _read(self, at: float, seconds: float) -> None:
        runs = self.model.runs
        if self.notices:
            age = at - self.notices[0][0]
            self.oldest = max(self.oldest, age)
            # A notice waits in the queue, not in a run's hands: what is held is as many as could run.
            held = min(self.scene.intake, sum(n for _, n, _ in self.notices)) * runs.new
            waits = held / max(seconds / self.scene.step, 1e-9) if seconds else 0.0
            self.receives = max(self.receives, 1 + int(waits // self.model.knobs.visibility))
        for came, n, report in _served(self.notices, seconds, lambda one: runs.new if one[2] else runs.event):
            if report:
                self.letters.append([came, n, 0.0])

    def _send(self, at: float, seconds: float) -> None:
        scene, step = self.scene, self.scene.step
        self.tokens = min(self.tokens + scene.a_second * step, max(1.0, scene.a_second * max(step, 1.0)))
        for came, n, attempts in _served(self.letters, seconds, lambda one: self.model.runs.letter):
            sent = min(n, self.tokens, max(0.0, scene.a_day - self.today))
            if sent:
                self.tokens, self.today = self.tokens - sent, self.today + sent
                self.waits[round(at - came, 1)] += sent
                self.notices.append([at + step, sent, 0.0])
            if n > sent:
                self.refused += n - sent
                wait = self.model.knobs.backoff[min(int(attempts), len(self.model.knobs.backoff) - 1)]
                due = math.ceil((at + wait) / 60)
                self.put_off.setdefault(due, deque()).append([came, n - sent, attempts + 1])

    def _sweep(self, at: float) -> None:
        """The minute's: what is due longest first, as much as one takes."""
        knob = self.model.knobs
        left: float = min(knob.sweep_limit, (knob.sweep_timeout - knob.sweep_for_letters) / WAKING)
        for due in sorted(minute for minute in self.put_off if minute * 60 <= at):
            waiting = self.put_off[due]
            while waiting and left > 0:
                came, n, attempts = waiting[0]
                taken = min(n, left)
                left -= taken
                self.letters.append([came, taken, attempts])
                if taken < n:
                    waiting[0][1] -= taken
                else:
                    waiting.popleft()
            if not waiting:
                del self.put_off[due]
            if left <= 0:
                return

    def _told(self, reports: int, worked: float) -> Queued:
        runs = self.model.runs
        base = runs.new + runs.letter
        at = [base + self._quantile(part) for part in (0.5, 0.95, 1.0)]
        cold = round(self.intake.cold + self.sender.cold)
        return Queued(
            self.scene.name, reports, self.oldest, at[0], at[1], at[2], self.refused, self.receives, cold, worked
        )

    def _quantile(self, part: float) -> float:
        whole, seen = sum(self.waits.values()), 0.0
        for wait in sorted(self.waits):
            seen += self.waits[wait]
            if seen >= part * whole - 1e-6:
                return wait
        return 0.0


def _served(queue: deque[list[float]], seconds: float, each: Callable[[list[float]], float]) -> list[list[float]]:
    """What so many seconds of work take from a queue's head."""
    done: list[list[float]] = []
    while queue and seconds > 1e-9:
        one = queue[0]
        n = min(one[1], seconds / each(one))
        seconds -= n * each(one)
        done.append([one[0], n, one[2]])
        one[1] -= n
        if one[1] <= 1e-9:
            queue.popleft()
    return done


def simulate(scene: Scene, model: Model) -> Queued:
    return _Day(scene, model).run()
