"""What is done to the desk in a round, besides faults of AWS. Each tells how often it did what."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from infra.load import machine
from infra.local.aws import client

if TYPE_CHECKING:
    from infra.faults.run import Run

#: Seconds between two that are killed.
KILL_EVERY = 1.5
#: Those whose work is in the middle of something that may be lost.
KILLED = ("IntakeFunction", "DeliverFunction", "WebhooksFunction")
#: Seconds for which a notice that is being read is hidden: far less than the reading takes.
SHORT = 2
#: A pattern that no record has.
NOTHING = {"Filters": [{"Pattern": json.dumps({"eventName": ["NONE"]})}]}


class Act:
    """`begin` before anybody writes, `during` some times a second with the seconds since, `end` once the faults are
    over. `done`: how often what was done, and 0 of what should have been."""

    def __init__(self, run: Run, random_: random.Random) -> None:
        self.run, self.random = run, random_
        self.done: Counter[str] = Counter()

    def begin(self) -> None: ...

    def during(self, elapsed: float) -> None: ...

    def end(self) -> None: ...


class Cold(Act):
    """Of each function one worker begins anew, and asks for what a warm one remembers. Not all: that many cold starts
    take the processors away from all else, as they never do on AWS."""

    def begin(self) -> None:
        for name in KILLED:
            kill(self.run, (self.run.functions[name],), 1, self.random)


class AllCold(Act):
    def begin(self) -> None:
        kill(self.run, tuple(self.run.functions[name] for name in KILLED))


class Kill(Act):
    def __init__(self, run: Run, random_: random.Random) -> None:
        super().__init__(run, random_)
        self.done = Counter({f"{name.removesuffix('Function').lower()} killed": 0 for name in KILLED})
        self._next = KILL_EVERY

    def during(self, elapsed: float) -> None:
        if elapsed < self._next:
            return
        self._next = elapsed + KILL_EVERY
        for name in KILLED:
            label = f"{name.removesuffix('Function').lower()} killed"
            self.done[label] += kill(self.run, (self.run.functions[name],), 1, self.random)


def kill(run: Run, functions: tuple[str, ...], most: int = 0, random_: random.Random | None = None) -> int:
    """SIGKILL to workers of the embedded AWS that we started: of its own process group, and with one of these names.
    How many. `most`: chosen by chance among them, 0 for all."""
    emulator = run.emulator
    if emulator is None:
        return 0
    found = [process for process, name in machine.workers(emulator).items() if name in functions]
    if most and random_ is not None and len(found) > most:
        found = random_.sample(sorted(found), most)
    killed = 0
    for process in found:
        with suppress(ProcessLookupError):
            if os.getpgid(process) == emulator:
                os.kill(process, signal.SIGKILL)
                killed += 1
    return killed


class Notices(Act):
    """Each notice of the round twice or thrice, up to eight seconds late, the last one first. Mails are stored as the
    mail service stores them, and announced by these notices alone; webhooks were announced before."""

    def __init__(self, run: Run, random_: random.Random) -> None:
        super().__init__(run, random_)
        self.done = Counter({"notices beyond the first": 0, "notices late": 0})

    def end(self) -> None:
        first = self.run.kept_back()
        notices = [*first, *(json.dumps({"tanggap": "again", "key": key}) for key in self.run.stored("webhooks/"))]
        notices.reverse()
        for turn in (notices, notices, self.random.sample(notices, len(notices) // 2)):
            for notice in turn:
                late = self.random.choice((0, 0, 2, 5, 8))
                self.run.announce(notice, late)
                self.done["notices late"] += late > 0
            self.done["notices beyond the first"] += len(turn)
        self.done["notices beyond the first"] -= len(first)


class Stream(Act):
    """While the round's citizens write, the stream's records reach nobody, and are gone: only the sweep can know."""

    def __init__(self, run: Run, random_: random.Random) -> None:
        super().__init__(run, random_)
        self.done = Counter({"letters left by the stream": 0})
        self._functions = client("lambda", run.endpoint)
        self._mappings: list[dict[str, Any]] = []

    def begin(self) -> None:
        name = self.run.functions["DeliverFunction"]
        self._mappings = self._functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        for one in self._mappings:
            self._functions.update_event_source_mapping(UUID=one["UUID"], FilterCriteria=NOTHING)

    def end(self) -> None:
        # What was written must have passed by.
        self.run.until(lambda: not self.run.unfiled(), 30.0)
        time.sleep(3.0)
        for one in self._mappings:
            self._functions.update_event_source_mapping(UUID=one["UUID"], FilterCriteria=one["FilterCriteria"])
        self.done["letters left by the stream"] = len(self.run.waiting())


class Visibility(Act):
    """A notice is shown again while it is still being read."""

    def __init__(self, run: Run, random_: random.Random) -> None:
        super().__init__(run, random_)
        self.done = Counter({"notices read again": 0})

    def begin(self) -> None:
        self.run.visibility(SHORT)

    def end(self) -> None:
        self.run.until(lambda: not self.run.unfiled(), 40.0)
        self.run.visibility()
        self.done["notices read again"] = sum(times - 1 for times in self.run.readings().values())


class Sweeps(Act):
    """Deadlines are missed, day by day, while the table is throttled."""

    def __init__(self, run: Run, random_: random.Random) -> None:
        super().__init__(run, random_)
        days = ("days swept", "days throttled", "days shut")
        wanted = (*days, "sweeps that failed", "cases that failed in a sweep", "steps", "letters")
        self.done = Counter(dict.fromkeys(wanted, 0))

    def end(self) -> None:
        from infra.faults.sweeps import days

        self.run.until(lambda: not self.run.waiting(), 60.0)
        days(self.run, self.done)


ACTS: dict[str, Callable[[Run, random.Random], Act]] = {
    "": Act,
    "cold": Cold,
    "all cold": AllCold,
    "kill": Kill,
    "notices": Notices,
    "stream": Stream,
    "visibility": Visibility,
    "sweeps": Sweeps,
}
