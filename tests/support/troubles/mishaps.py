"""What goes wrong in a story. Each reads as a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.support.troubles.faults import Burst
from tests.support.troubles.flows import VISIBILITY
from tests.support.troubles.village import Village


@dataclass(frozen=True)
class Fault:
    """For the next run of a function, at one of its calls."""

    function: str
    call: int
    kind: str

    def do(self, village: Village) -> None:
        village.plan.meant.append((self.function, self.call, self.kind))

    def __str__(self) -> str:
        return f"the next run of {self.function} will meet at its call {self.call}: {self.kind}"


@dataclass(frozen=True)
class Outage:
    """Every call of a port fails the same way for a while."""

    port: str
    kind: str
    minutes: int

    def do(self, village: Village) -> None:
        village.plan.bursts.append(Burst(self.port, self.kind, village.now + timedelta(minutes=self.minutes)))

    def __str__(self) -> str:
        return f"for {self.minutes} minutes each call of {self.port} is met by: {self.kind}"


@dataclass(frozen=True)
class Habit:
    """For so many seconds. `what`: the stream's, the sweep's, the queue's visibility in seconds, the clock's lead in
    seconds."""

    what: str
    how: str | int
    seconds: int = 1_800

    def do(self, village: Village) -> None:
        start, end = _HABITS[self.what]
        start(village, self.how)
        village.schedule(village.now + timedelta(seconds=self.seconds), lambda: end(village))

    def __str__(self) -> str:
        said = {
            "stream": f"the stream's records come {self.how}",
            "sweep": f"sweeps come {self.how}",
            "visibility": f"what is received comes again after {self.how} seconds",
            "clock": f"the clocks of functions that start are {self.how} seconds ahead",
        }[self.what]
        return f"for {self.seconds} seconds {said}"


def _stream(village: Village, how: Any = "") -> None:
    village.stream.habit = how


def _sweep(village: Village, how: Any = "") -> None:
    village.sweeping = how


def _visibility(village: Village, seconds: Any = VISIBILITY.seconds) -> None:
    village.queue.visibility = timedelta(seconds=seconds)


def _clock(village: Village, seconds: Any = 0) -> None:
    village.skew = timedelta(seconds=seconds)
    village.behind |= seconds < -60


_HABITS: dict[str, tuple[Callable[[Village, Any], None], Callable[[Village], None]]] = {
    "stream": (_stream, _stream),
    "sweep": (_sweep, _sweep),
    "visibility": (_visibility, _visibility),
    "clock": (_clock, _clock),
}


@dataclass(frozen=True)
class Redrive:
    """Somebody puts the dead letters back, before their cause has passed or after."""

    def do(self, village: Village) -> None:
        village.redrive()

    def __str__(self) -> str:
        return "the dead letters are put back"
