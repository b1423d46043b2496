"""What arrives, raw; what became of it; and the files that it brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from ...domain.case import FileRef, Received
from ...domain.heard import is_heard, is_lost
from ...domain.words import Outcome


@dataclass(frozen=True, slots=True)
class Arrival:
    """One raw thing in the arrivals bucket."""

    key: str
    at: datetime
    size: int


class Arrivals(Protocol):
    def get(self, key: str) -> bytes:
        """The raw object. Raises NotFound, Retry."""
        ...

    def put(self, key: str, body: bytes) -> None: ...

    def put_new(self, key: str, body: bytes) -> bool:
        """Store it unless there is one by that key; False when there is. Raises Retry."""
        ...

    def head(self, key: str) -> Arrival | None: ...

    def listing(self, prefix: str, since: datetime, names: int | None = None) -> Iterable[Arrival]:
        """What came since; looks at so many names at most, since the bucket knows names, not times."""
        ...

    def pages(self, prefix: str, after: str = "") -> Iterable[Sequence[Arrival]]:
        """All that lies there by name, behind a name, some at a time. Raises Retry."""
        ...

    def queued(self) -> int | None:
        """Notices on the arrivals queue, as the queue itself counts them: waiting, put off or being read. None where it
        does not say."""
        ...

    def notify(self, key: str, wish: str = "again", actor: str = "system") -> None:
        """Put a notice for an object on the arrivals queue: it came in (`arrived`), its own never came (`again`), a run
        did not come to all of its pieces (`more`), an officer wants a parked one let in (`replay`), or a filed one to
        stand on its case as it is read today (`anew`)."""
        ...


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    rows: tuple[Received, ...]
    after: str | None


@dataclass(slots=True)
class Tally:
    """What the ledger says of one arrival: how many of its messages had which outcome (`waiting`: no row yet), on
    which channels persons spoke in it, and how much of that could not be read."""

    outcomes: Counter[str] = field(default_factory=Counter)
    heard: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)

    def add(self, row: Received) -> None:
        self.outcomes[str(row.outcome)] += 1
        if is_heard(row):
            self.heard[row.channel] += 1
        if is_lost(row):
            self.lost[row.channel] += 1

    def done(self, messages: int) -> Tally:
        """Of so many the others have no row."""
        self.outcomes[Outcome.WAITING] += max(messages - self.outcomes.total(), 0)
        return self


class Ledger(Protocol):
    def note(self, received: Received) -> bool:
        """Write the outcome of a message that changes no case. False when this arrival already has one."""
        ...

    def amend(self, received: Received) -> None:
        """A parked message was replayed: its row gets the new outcome."""
        ...

    def of(self, arrival: str) -> tuple[Received, ...]: ...

    def trial(self, arrival: str, ended: bool = False) -> int:
        """Note that reading an arrival begins, or has ended. How often it began before without an end, since it last
        had one: what ends the function leaves nothing else behind."""
        ...

    def outcomes(self, arrivals: Sequence[str]) -> Mapping[str, tuple[Outcome, ...]]:
        """What became of each message of these arrivals (at most 100), by its index; `waiting` where it has no row. An
        arrival whose first message has none is left out: how many it holds is not known then."""
        ...

    def tallies(self, arrivals: Sequence[str]) -> Iterable[tuple[str, Tally | None]]:
        """The same as sums, in the arrivals' order, each as soon as it is known: one may hold thousands. None where
        its first message has no row. Raises Retry."""
        ...

    def received(
        self, outcome: str | None, since: datetime, until: datetime, after: str | None, limit: int
    ) -> ReceivedPage:
        """Messages by time of arrival, newest first."""
        ...

    def report(self) -> dict[str, Any] | None: ...

    def keep_report(self, report: dict[str, Any]) -> None: ...


class Files(Protocol):
    def put(self, key: str, content: bytes, content_type: str) -> None: ...

    def get(self, key: str) -> bytes: ...

    def url(self, file: FileRef) -> str:
        """A short-lived address that downloads, never shows."""
        ...

    def upload(self, key: str, content_type: str, size: int, done: str = "", seconds: int = 300) -> dict[str, Any]:
        """A presigned POST: {url, fields}, valid for so long. `done`: where a browser goes on to afterwards."""
        ...

    def head(self, key: str) -> tuple[int, str] | None:
        """Size and content type of an upload, None when it is not there."""
        ...
