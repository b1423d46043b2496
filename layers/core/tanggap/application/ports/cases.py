"""Cases: the one transaction of every change, and the questions asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from ...domain.case import Alike, Case, Change, Delivery, Message
from ...domain.errors import Conflict, TanggapError
from ...domain.history import Entry
from ...domain.inbound import Sort
from ...domain.talks import Talk
from ...domain.words import Channel

#: What is said about an earlier message is not what we answer.
_ABOUT = frozenset({Sort.REACTION, Sort.EDIT, Sort.DELETION})
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
        return tuple(
            m.external_id
            for m in self.messages
            if m.direction == "in" and m.external_id and not m.automatic and m.sort not in _ABOUT
        )


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
class Page:
    """`after` continues a listing; None at its end. A page may hold few cases, or none, and have more behind: looking
    for a status has a bound. `unreadable`: numbers of cases that belong here and can't be shown."""

    cases: tuple[Case, ...]
    after: str | None
    unreadable: tuple[str, ...] = ()


class Cases(Protocol):
    def commit(self, change: Change) -> None:
        """Write a Change in one transaction. Raises AlreadyRead, AlreadySeen, AlreadyTold, NumberTaken, Conflict
        (somebody else was faster) or Retry (throttled)."""
        ...

    def case(self, number: str) -> Case | None: ...

    def file(self, number: str, texts: bool = True) -> CaseFile | None:
        """Very long texts are there as far as an answer has room for them, the newest first; of older ones, and without
        `texts` of all, the start. Raises Unreadable where one of its rows can't be read."""
        ...

    def whole(self, message: Message) -> Message:
        """A message of a case file with its whole text."""
        ...

    def delivery(self, number: str, key: str) -> Delivery | None:
        """Raises Unreadable."""
        ...

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

    def talk(self, reporter: str, channel: Channel) -> Talk | None:
        """As it is now, whoever wrote it last."""
        ...

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
