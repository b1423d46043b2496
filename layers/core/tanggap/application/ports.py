"""What the use cases need of the outside. Adapters fulfil these; the memory ones and the real ones pass the same
tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol

from ..domain.case import Alike, Case, Change, Delivery, FileRef, Message, Received, Sealed
from ..domain.errors import Conflict, Refuse, TanggapError
from ..domain.history import Entry
from ..domain.inbound import File
from ..domain.office_tokens import OfficeToken
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


class AlreadyTold(TanggapError):
    """This digest went to this office before (guard `DIGEST#…`)."""


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
    #: Letters that said what rows of this case were to say (`Delivery.bundled_in`), wherever they are kept.
    digests: tuple[Delivery, ...] = ()

    @property
    def letters(self) -> tuple[Delivery, ...]:
        """The case's deliveries as they fared: what went along in a digest fares as the digest does."""
        carriers = {one.place: one for one in self.digests}
        return tuple(_as_carried(one, carriers.get(one.bundled_in)) for one in self.deliveries)

    @property
    def thread(self) -> tuple[str, ...]:
        """The ids of the citizen's own messages, oldest first: what our answers refer to."""
        return tuple(m.external_id for m in self.messages if m.direction == "in" and m.external_id and not m.automatic)


def bundles(deliveries: Sequence[Delivery]) -> tuple[tuple[str, str], ...]:
    """(case, id) of each digest that these rows went along in, each once."""
    found = dict.fromkeys(one.bundled_in for one in deliveries if one.bundled_in)
    return tuple((place.partition("/")[0], place.partition("/")[2]) for place in found)


def _as_carried(row: Delivery, carrier: Delivery | None) -> Delivery:
    if carrier is None:
        return row
    names = ("state", "reason", "attempts", "repeats", "sent_at")
    return replace(row, **{name: getattr(carrier, name) for name in names})


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
        """Write a Change in one transaction. Raises AlreadyRead, AlreadySeen, AlreadyTold, NumberTaken, Conflict
        (somebody else was faster) or Retry (throttled)."""
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


@dataclass(frozen=True, slots=True)
class Round:
    """One digest to everybody. `key`: the day or hour that it is for, which sorts by time; it speaks of what happened
    after `since`, until `until`. `revision` is the condition of each write."""

    key: str
    since: datetime
    until: datetime
    done: bool = False
    revision: int = 0


class Digests(Protocol):
    def round(self, kind: str) -> Round | None:
        """The last one that was begun."""
        ...

    def keep_round(self, kind: str, now: Round) -> Round | None:
        """None when somebody else has written it since `now` was read."""
        ...

    def told(self, mark: str) -> bool:
        """Did this digest go out (`Change.told`)?"""
        ...

    def announced(self, desk: str, since: datetime, until: datetime, limit: int) -> tuple[tuple[datetime, str], ...]:
        """Cases that wait to be told to a desk (`Change.announced`) after `since`, until `until`, oldest first."""
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

    def ladder_due(self, at: datetime, limit: int) -> Iterable[Due]:
        """Letters of the ladder whose hour has come, oldest first within each shard."""
        ...

    def asleep(self, dues: Sequence[Due]) -> tuple[tuple[Case, Delivery], ...]:
        """Those of these rows that no sweep has let out yet, each with its case, both as they are now."""
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


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A version as it was saved; what was valid then may have faults by today's rules."""

    version: int
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recomputing:
    """The job that brings open cases under a new policy. `done`: no open case is older than this version. `target`: the
    version being applied, equal to `done` while there is nothing to do. `unit` and `after`: the next case of the
    round. `not_before`: when the round may begin. `failed`: cases of this round that could not be written.
    `revision` is the condition of each write."""

    done: int = 0
    target: int = 0
    round: int = 0
    unit: str = ""
    after: str = ""
    not_before: datetime | None = None
    moved: int = 0
    failed: int = 0
    revision: int = 0


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

    def stored(self, before: int | None, limit: int) -> tuple[StoredPolicy, ...]:
        """Versions as they were saved, newest first; `before`: those below that number."""
        ...

    def recomputing(self) -> Recomputing:
        """How far open cases are recomputed."""
        ...

    def keep_recomputing(self, job: Recomputing) -> Recomputing | None:
        """None when somebody else has written it since `job` was read."""
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
    #: Where a reply goes, of a letter that belongs to no case; empty: to its case.
    reply_to: str = ""
    #: The last day on which its addressee, an office, may answer the reporter by replying to it.
    answer_until: date | None = None
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

    def office(self, token: str, addresses: Iterable[str]) -> OfficeToken | None:
        """What an office's token stands for, if it was made for one of these addresses."""
        ...
