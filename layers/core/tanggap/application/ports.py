"""What the use cases need of the outside. Adapters fulfil these; the memory ones and the real ones pass the same
tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from ..domain.case import Alike, Case, Change, Delivery, FileRef, Message, Received, Sealed
from ..domain.errors import Conflict, Refuse, TanggapError
from ..domain.history import Entry
from ..domain.inbound import File
from ..domain.policy import Policy
from ..domain.words import Outcome

#: Cases that one key of a sketch brings, the newest first.
ALIKE_LIMIT = 10


class AlreadyRead(TanggapError):
    """This arrival was read before: nothing to do (guard `ARRIVAL#key`)."""


class AlreadySeen(TanggapError):
    """This very message came before by another arrival (guard `SEEN#…`). `case` is where it was filed, empty where
    nowhere."""

    def __init__(self, case: str) -> None:
        super().__init__("seen before")
        self.case = case


class NumberTaken(Conflict):
    """The case number exists: mint another."""


class PolicyMoved(Refuse):
    """Somebody stored a newer version in between."""

    status = 409
    code = "policy_changed"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything about one case. `decided`: what the act that this file answers has just written."""

    case: Case
    messages: tuple[Message, ...]
    deliveries: tuple[Delivery, ...]
    history: tuple[Entry, ...]
    decided: tuple[Entry, ...] = ()

    @property
    def thread(self) -> tuple[str, ...]:
        """The ids of the citizen's own messages, oldest first: what our answers refer to."""
        return tuple(m.external_id for m in self.messages if m.direction == "in" and m.external_id and not m.automatic)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due: a case (`delivery` empty) or an outbox row."""

    case: str
    due_at: datetime
    delivery: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """`after` continues a listing; None at its end."""

    cases: tuple[Case, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    rows: tuple[Received, ...]
    after: str | None


class Cases(Protocol):
    def commit(self, change: Change) -> None:
        """Write a Change in one transaction. Raises AlreadyRead, AlreadySeen, NumberTaken, Conflict (somebody else was
        faster) or Retry (throttled)."""
        ...

    def case(self, number: str) -> Case | None: ...

    def file(self, number: str, texts: bool = True) -> CaseFile | None:
        """Very long texts are there as far as an answer has room for them, the newest first; of older ones, and without
        `texts` of all, the start."""
        ...

    def whole(self, message: Message) -> Message:
        """A message of a case file with its whole text."""
        ...

    def delivery(self, number: str, key: str) -> Delivery | None: ...

    def waiting(self, number: str) -> tuple[Delivery, ...]:
        """The case's outbox rows that are queued."""
        ...

    def delivery_of(self, external_id: str) -> tuple[str, str] | None:
        """(case, delivery) of a message of ours by the id that the mail service gave it."""
        ...

    def cases_with(self, external_id: str) -> tuple[str, ...]:
        """Cases that hold an inbound message with this id."""
        ...

    def holding(self, digest: str) -> tuple[str, ...]:
        """Cases that name a shared file: it can go when none is left."""
        ...

    def cases_of(self, reporter: str) -> tuple[str, ...]: ...

    def answered_since(self, reporter: str, since: datetime, limit: int) -> int:
        """How many letters of domain.case.AUTOMATIC_ANSWERS went to a reporter after `since`; counts no further than
        `limit`."""
        ...

    def alike(self, sought: Sequence[str], since: datetime) -> tuple[Alike, ...]:
        """Cases received after `since` that share one of these keys of a sketch, by key in the order given, the newest
        first; ALIKE_LIMIT of each."""
        ...

    def listing(
        self,
        units: Sequence[str | None],
        statuses: Sequence[str],
        overdue_at: datetime | None,
        after: str | None,
        limit: int,
    ) -> Page:
        """Cases of some units (None: those without a unit) in due order, what is open first."""
        ...


class Outbox(Protocol):
    def claim(self, delivery: Delivery, now: datetime, lease_until: datetime) -> Delivery | None:
        """Take a row for sending; None when it is not to be sent (any more) or somebody else holds it."""
        ...

    def settle(self, delivery: Delivery) -> bool:
        """Write the outcome of a claimed row. False when the claim was lost meanwhile."""
        ...


class Schedule(Protocol):
    def due(self, at: datetime, limit: int) -> Iterable[Due]:
        """What is due at an instant, oldest first within each shard; reads nothing else."""
        ...

    def wake(self, due: Due, at: datetime) -> None:
        """Send an outbox row through the stream again."""
        ...

    def oldest_unsent(self) -> datetime | None:
        """When the oldest letter was written that should have gone out by now; one that waits for an office hour is not
        late."""
        ...


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

    def outcomes(self, arrivals: Sequence[str]) -> Mapping[str, Outcome]:
        """The outcome of the first message of each of these arrivals that has one; at most 100."""
        ...

    def received(
        self, outcome: str | None, since: datetime, until: datetime, after: str | None, limit: int
    ) -> ReceivedPage:
        """Messages by time of arrival, newest first."""
        ...

    def report(self) -> dict[str, Any] | None: ...

    def keep_report(self, report: dict[str, Any]) -> None: ...


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

    def head(self, key: str) -> Arrival | None: ...

    def listing(self, prefix: str, since: datetime, names: int | None = None) -> Iterable[Arrival]:
        """What came since; looks at so many names at most, since the bucket knows names, not times."""
        ...

    def notify(self, key: str, wish: str = "again", actor: str = "system") -> None:
        """Put a notice for an object on the arrivals queue: its own never came (`again`), an officer wants a parked one
        let in (`replay`), or a filed one to stand on its case as it is read today (`anew`)."""
        ...


class Files(Protocol):
    def put(self, key: str, content: bytes, content_type: str) -> None: ...

    def get(self, key: str) -> bytes: ...

    def url(self, file: FileRef) -> str:
        """A short-lived address that downloads, never shows."""
        ...

    def upload(self, key: str, content_type: str, size: int) -> dict[str, Any]:
        """A presigned POST: {url, fields}."""
        ...

    def head(self, key: str) -> tuple[int, str] | None:
        """Size and content type of an upload, None when it is not there."""
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reported. Lives in the vault alone."""

    name: str = field(repr=False)
    address: str = field(repr=False)
    phone: str = field(repr=False, default="")


class Vault(Protocol):
    def find(self, address: str) -> str | None:
        """The reporter with this address or phone, by keyed hash."""
        ...

    def seal(self, reporter: str, identity: Identity) -> Sealed: ...

    def open(self, reporter: str) -> Identity | None:
        """None when erased. Raises Retry when the key service does not answer."""
        ...


class Policies(Protocol):
    def current(self, fresh: bool = False) -> Policy:
        """The policy in force, at most a minute old (`fresh`: not at all). Raises Retry when there is none (yet)."""
        ...

    def version(self, number: int) -> Policy | None:
        """An older version: a clock is explained by the policy that set it."""
        ...

    def store(self, raw: dict[str, Any], version: int) -> None:
        """Store a validated policy as `version`. Raises PolicyMoved when that version exists."""
        ...


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail as it is to leave."""

    to_address: str = field(repr=False)
    to_name: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    delivery: str
    case: str
    automatic: bool
    is_answer: bool
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[File, ...] = field(repr=False, default=())


class Post(Protocol):
    """A channel's way out."""

    def send(self, envelope: Envelope) -> str:
        """The id that the service gave the message. Raises Wait, AnswerLost, Undeliverable (application/deliver.py)."""
        ...


class Tokens(Protocol):
    def case_of(self, token: str) -> str | None: ...
