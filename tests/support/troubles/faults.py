"""What goes wrong at a call to the outside, and the ports through which it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from tanggap.application.failures import AnswerLost, Blocked, Broken, Undeliverable, Wait, WindowClosed
from tanggap.application.ports.media import Unfetchable
from tanggap.domain.errors import Conflict, Retry
from tanggap.domain.media_rules import Failure
from tests.support.cuts import Killed

#: Kinds of faults. Each port takes each: what it means there is said where the port is.
REFUSED = "refused"  # not done: throttled, down, not reached
LOST = "lost"  # done, and the answer never came
KILLED = "killed"  # the process ended before the call
KILLED_AFTER = "killed after"  # and after it, before anything was made of its answer
SLOW = "slow"  # the call begins late: the world goes on meanwhile
SLOW_AFTER = "slow after"  # its answer comes late
BUSY = "busy"  # asked to wait: SES over its rate, a platform's limit; of a transaction: somebody touches the same rows
SILENT = "silent"  # not done, and nobody can say so: a time-out on the way there
TURNED_AWAY = "turned away"  # understood and refused for good: an address, a window, a medium
KINDS = (REFUSED, LOST, KILLED, KILLED_AFTER, SLOW, SLOW_AFTER, BUSY, SILENT, TURNED_AWAY)
#: How long a slow call takes, in seconds: within each function's time, and longer than a short visibility.
SLOWNESS = 20


@dataclass(frozen=True)
class Trouble:
    """One fault: so many calls after the one before."""

    after: int
    kind: str

    def __str__(self) -> str:
        return f"{self.after} calls later: {self.kind}"


@dataclass(frozen=True)
class Burst:
    """All calls of one port fail the same way until an instant."""

    port: str
    kind: str
    until: datetime


@dataclass
class Run:
    """One invocation of a function. `skew`: how far its machine's clock is ahead. `at`: which of its calls meets a
    fault that was meant for it, `kind`; 0: none."""

    function: str
    began: datetime
    skew: timedelta
    at: int = 0
    kind: str = ""
    calls: int = 0


class Around(Protocol):
    """What a fault needs of the world."""

    now: datetime
    runs: list[Run]

    def passing(self, seconds: float) -> None: ...

    def overdue(self) -> bool: ...

    def note(self, said: str) -> None: ...


class Plan:
    """Which call meets which fault. `hits` counts those that came about, `met_meant` those of `meant`,
    `losses` all but the slow ones. `meant`: faults for the next run of a
    function, in order, each with the number of the call in it."""

    def __init__(self, world: Around, troubles: Iterable[Trouble]) -> None:
        self.world = world
        self._left: Iterator[Trouble] = iter(troubles)
        self.bursts: list[Burst] = []
        self.meant: list[tuple[str, int, str]] = []
        self.hits = self.met_meant = self.losses = 0
        self.calls = 0
        self._ahead, self._kind = 0, ""
        self._next()

    def _next(self) -> None:
        trouble = next(self._left, None)
        self._ahead, self._kind = (trouble.after + 1, trouble.kind) if trouble else (0, "")

    def cease(self) -> None:
        self._left, self._ahead, self.bursts, self.meant = iter(()), 0, [], []
        for run in self.world.runs:
            run.at = 0

    def begin(self, run: Run) -> None:
        for place, (function, call, kind) in enumerate(self.meant):
            if function == run.function:
                run.at, run.kind = call, kind
                del self.meant[place]
                return

    def met(self, port: str, name: str) -> str:
        """The fault that this call meets; empty for none. Whoever is over its time ends here."""
        self.calls += 1
        if self.world.overdue():
            self._hit(port, name, "out of time")
            raise Killed
        kind = ""
        if self.world.runs:
            run = self.world.runs[-1]
            run.calls += 1
            kind = run.kind if run.calls == run.at else ""
            self.met_meant += bool(kind)
        if self._ahead and not kind:
            self._ahead -= 1
            if not self._ahead:
                kind = self._kind
                self._next()
        if self.bursts and not kind:
            self.bursts = [one for one in self.bursts if one.until > self.world.now]
            kind = next((one.kind for one in self.bursts if one.port in (port, "all")), "")
        if kind:
            self._hit(port, name, kind)
        return kind

    def _hit(self, port: str, name: str, kind: str) -> None:
        self.hits += 1
        self.losses += kind not in (SLOW, SLOW_AFTER)
        self.world.note(f"{port}.{name}: {kind}")


#: Calls that answer with many things, page by page: a fault may come between two of them.
_PAGES = frozenset({"due", "ladder_due", "listing"})
_BEFORE: dict[str, Callable[[], BaseException]] = {
    REFUSED: lambda: Retry("not now"),
    BUSY: lambda: Retry("not now"),
    SILENT: lambda: Retry("not reached"),
    TURNED_AWAY: lambda: Retry("not now"),
    KILLED: Killed,
}
_AFTER: dict[str, Callable[[], BaseException]] = {LOST: lambda: Retry("the answer was lost"), KILLED_AFTER: Killed}


class Faulty:
    """A port with its faults. `before` and `after`: what is raised for which kind, where that is not what tables,
    buckets and keys do."""

    def __init__(
        self,
        port: Any,
        name: str,
        plan: Plan,
        before: dict[str, Callable[[], BaseException]] = _BEFORE,
        after: dict[str, Callable[[], BaseException]] = _AFTER,
    ) -> None:
        self._port, self._name, self._plan, self._before, self._after = port, name, plan, before, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not callable(found) or isinstance(found, type):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._around(name, found, *args, **kwargs)

        def pages(*args: Any, **kwargs: Any) -> Any:
            for one in self._around(name, lambda: list(found(*args, **kwargs))):
                yield one
                self._around(name, lambda: None)

        made = pages if name in _PAGES else call
        setattr(self, name, made)
        return made

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._around("call", self._port, *args, **kwargs)

    def _around(self, name: str, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        kind = self._plan.met(self._name, name)
        if not kind:
            return call(*args, **kwargs)
        if kind == BUSY and name == "commit":
            raise Conflict("another transaction touches these items")
        if kind in self._before:
            raise self._before[kind]()
        if kind == SLOW:
            self._plan.world.passing(SLOWNESS)
        try:
            return call(*args, **kwargs)
        finally:
            if kind == SLOW_AFTER:
                self._plan.world.passing(SLOWNESS)
            if kind in self._after:  # whether it answered or refused
                raise self._after[kind]()


#: The mail service. What it took and did not say is sent once more.
BY_MAIL = {
    REFUSED: lambda: Broken("unavailable"),
    BUSY: lambda: Wait("throttled"),
    SILENT: lambda: AnswerLost("answer_lost"),
    TURNED_AWAY: lambda: Undeliverable("refused"),
    KILLED: Killed,
}
_REFUSALS = (lambda: WindowClosed("window_closed"), lambda: Blocked("blocked"), lambda: Undeliverable("refused"))
TAKEN = {LOST: lambda: AnswerLost("answer_lost"), KILLED_AFTER: Killed}


def by_chat(counted: Callable[[], int]) -> dict[str, Callable[[], BaseException]]:
    """A platform, which turns away for one of three reasons, in turn."""
    return BY_MAIL | {TURNED_AWAY: lambda: _REFUSALS[counted() % len(_REFUSALS)]()}


#: Where a platform keeps media.
BY_FETCH: dict[str, Callable[[], BaseException]] = _BEFORE | {TURNED_AWAY: lambda: Unfetchable(Failure.GONE)}
