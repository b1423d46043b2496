"""The outbox: what is due, what is to be sent, and the ways out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from ...domain.case import Case, Delivery
from ...domain.errors import TanggapError
from ...domain.inbound import File
from ...domain.words import Channel


class Unreadable(TanggapError):
    """A row that this release can't read: another one wrote it, or it is damaged. It is told of and left as it is; what
    lies beside it goes on."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due: a case (`delivery` empty), an outbox row, or letters of a case that are not rows yet."""

    case: str
    due_at: datetime
    delivery: str = ""


OnUnreadable = Callable[[Due, Unreadable], None]


@dataclass(frozen=True, slots=True)
class Share:
    """Of the cases that are due, those of every `of`th shard of the index, from the `part`th on (from 0). As many
    shares as there are shards, or a whole fraction of it."""

    part: int
    of: int


class Outbox(Protocol):
    def claim(self, delivery: Delivery, now: datetime, lease_until: datetime) -> Delivery | None:
        """Take a row for sending; None when it is not to be sent (any more) or somebody else holds it."""
        ...

    def finish(self, delivery: Delivery) -> bool:
        """Write the outcome of a claimed row. False when the claim was lost meanwhile."""
        ...

    def left(self, delivery: Delivery) -> bool:
        """Note on a claimed row what of it has left: way, ids, what it cost. False when the claim was lost. Raises
        Retry."""
        ...

    def also_known(self, delivery: Delivery, external_id: str) -> None:
        """A further id under which a platform may speak of this row. Raises Retry."""
        ...


class Schedule(Protocol):
    def due(self, at: datetime, limit: int, share: Share | None = None) -> Iterable[Due]:
        """What is due at an instant, cases before outbox rows, oldest first within each shard; reads nothing else.
        `share`: a share of the cases, and no outbox row. Raises Retry."""
        ...

    def unsent_due(self, at: datetime, limit: int) -> Iterable[Due]:
        """The outbox rows among them alone."""
        ...

    def as_they_are(self, numbers: Sequence[str]) -> Mapping[str, Case | Unreadable]:
        """These cases as they are now, with as few requests as can be; those that are there. Raises Retry."""
        ...

    def ladder_due(self, at: datetime, limit: int) -> Iterable[Due]:
        """Letters of the ladder whose hour has come, oldest first within each shard."""
        ...

    def asleep(self, dues: Sequence[Due], on_unreadable: OnUnreadable) -> tuple[tuple[Case, Delivery], ...]:
        """Those of these rows that no sweep has let out yet, each with its case, both as they are now."""
        ...

    def wake(self, due: Due, at: datetime) -> None:
        """Send an outbox row through the stream again, or write the letters that a change was too large to hold. Raises
        Unreadable for what a newer release wrote, which nobody here would take."""
        ...

    def oldest_unsent(self) -> datetime | None:
        """When the oldest letter was written that should have gone out by now; one that waits for an office hour is not
        late."""
        ...


class Helpers(Protocol):
    """Further runs of a sweep, beside the one that calls."""

    def call(self, at: datetime, remaining: timedelta) -> int:
        """As many as are allowed, each with its share of the cases that are due at `at`, for as long as the caller has
        `remaining` by the clock. How many came: 0 where none may, or none could."""
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
    #: It speaks of more than its case: a reply means none of them for certain.
    of_several: bool = False
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


@dataclass(frozen=True, slots=True)
class ChatEnvelope:
    """One message as it is to leave on a chat channel. `to`: the platform's id of the person; `account`: which of ours
    they wrote to. `how`: by which of the channel's ways (domain.ways.How). `answers`: the external id of what it
    answers; of a private or public reply the comment's. `template` and `parameters`: of an approved template.
    `gone`: ids of the parts that left in earlier attempts; they are not sent again."""

    channel: Channel
    to: str = field(repr=False)
    text: str = field(repr=False)
    delivery: str
    case: str
    how: str = "message"
    account: str = ""
    answers: str = ""
    template: str = ""
    parameters: tuple[str, ...] = field(repr=False, default=())
    files: tuple[File, ...] = field(repr=False, default=())
    gone: tuple[str, ...] = ()
    #: It was sent by this way before, and the answer was lost.
    repeated: bool = False


class Chat(Protocol):
    """A chat channel's way out."""

    def send(self, envelope: ChatEnvelope, left: Callable[[str], None]) -> tuple[str, ...]:
        """Sends the parts that have not gone yet (a long text is several, each file is one) and returns the ids of all.
        `left` is told each id as it comes, before the next part is tried, so that a row keeps it. Raises Wait (its
        `seconds` where the platform says how long), Broken, AnswerLost, WindowClosed, Blocked, Undeliverable
        (application/failures.py)."""
        ...
