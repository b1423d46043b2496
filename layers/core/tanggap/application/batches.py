"""Webhook bodies, piece by piece. A body that holds several persons is stored apart once it is read, so that each lies
under a name of its own and one can be erased without the others; an index takes its place.

Every step may be done again: the pieces are written before the index names them, and a body that comes in again under
its name (which is its content's digest) is set apart again."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from ..domain.arrival_keys import PARTS, WEBHOOKS, door_of
from ..domain.errors import NotFound, Park
from ..domain.inbound import Inbound
from ..domain.times import parse_instant, stamp
from ..domain.words import Channel, Reason
from .ports import Arrivals
from .watch import Watch

#: The shape of an index. One of a higher number is a newer release's.
VERSION = 1
#: Whose body it is where it can't be read. Meta's could be any of three.
CHANNELS = {"meta": Channel.MESSENGER, "telegram": Channel.TELEGRAM, "web": Channel.WEB, "open311": Channel.OPEN311}


T = TypeVar("T")
R = TypeVar("R")


class Hands(Protocol):
    """`map` of one iterable."""

    def __call__(self, do: Callable[[T], R], those: Iterable[T], /) -> Iterable[R]: ...


def one_hand(do: Callable[[T], R], those: Iterable[T], /) -> Iterable[R]:
    return map(do, those)


class Piece(Protocol):
    """adapters/channels/part.py"""

    @property
    def channel(self) -> Channel: ...
    @property
    def kind(self) -> str: ...
    @property
    def external_id(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def person(self) -> str: ...
    @property
    def inbound(self) -> Inbound | None: ...
    @property
    def event(self) -> bool: ...
    @property
    def dropped(self) -> Reason | None: ...
    @property
    def alone(self) -> Mapping[str, Any]: ...


class Read(Protocol):
    def __call__(self, raw: bytes, at: datetime, /) -> tuple[Piece, ...]:
        """Raises Park."""
        ...


class ReaderOf(Protocol):
    def __call__(self, door: str, /) -> Read | None: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """One piece of an arrival: where it lies alone (empty: the arrival holds nobody else), and what it says, or why
    that is not known."""

    index: int
    size: int
    key: str = ""
    piece: Piece | None = field(repr=False, default=None)
    parked: Reason | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """An arrival as it was read. `at`: when it was stored. `lossy`: it holds several persons and was left whole, since
    a piece written alone would not read the same. `of`: how many pieces it has, where not all were asked for."""

    at: datetime
    pieces: tuple[Stored, ...]
    lossy: bool = False
    of: int = 0

    @property
    def count(self) -> int:
        return self.of or len(self.pieces)


def channel_of(key: str) -> Channel:
    """Of what lies under a key, as far as its name tells."""
    return CHANNELS.get(door_of(key), Channel.EMAIL)


def part_key(key: str, index: int) -> str:
    name = key.removeprefix(WEBHOOKS).removesuffix(".json")
    return f"{PARTS}{name}-{index:04d}.json"


class Batches:
    def __init__(
        self, arrivals: Arrivals, reader_of: ReaderOf, watch: Watch | None = None, hands: Hands = one_hand
    ) -> None:
        """`hands`: by which pieces are fetched and stored, several at once where `arrivals` bears it."""
        self.arrivals, self.reader_of, self.watch, self.hands = arrivals, reader_of, watch, hands

    def open(
        self, key: str, at: datetime, *, apart: bool = True, but: Container[int] = (), done: Container[int] = ()
    ) -> Opened:
        """Read an arrival, and set it `apart` where it holds several persons. `at`: when it was stored, unless its
        index says so. `but`: pieces of an index that are not asked for; `done`: those that were read to their end
        before, and need no watch. Raises NotFound, Retry."""
        raw = self.arrivals.get(key)
        try:
            index = _index(raw, key)
        except Park as park:
            return Opened(at, (Stored(0, len(raw), parked=Reason(park.reason)),))
        if index is not None:
            stored_at = index[0] or at
            numbers = [number for number in range(index[1]) if number not in but]
            bodies = self.hands(lambda number: self._body(key, number), numbers)
            watches = (None if number in done else self.watch for number in numbers)
            found = (self._alone(key, *one, stored_at) for one in zip(numbers, bodies, watches, strict=True))
            return Opened(stored_at, tuple(found), of=index[1])
        read = self.reader_of(door_of(key))
        if read is None:
            return Opened(at, (Stored(0, len(raw), parked=Reason.UNREADABLE),))
        try:
            pieces = _read(key, read, raw, at, self.watch)
        except Park as park:
            return Opened(at, (Stored(0, len(raw), parked=Reason(park.reason)),))
        if not apart or len({piece.person for piece in pieces if piece.person}) < 2:
            return Opened(at, tuple(Stored(number, len(raw), piece=one) for number, one in enumerate(pieces)))
        return self._set_apart(key, raw, at, read, pieces)

    def said(self, key: str, at: datetime) -> dict[int, Inbound]:
        """What persons say in an arrival, by index; for who only looks. Raises NotFound, Retry."""
        opened = self.open(key, at, apart=False)
        return {one.index: one.piece.inbound for one in opened.pieces if one.piece and one.piece.inbound}

    def _set_apart(self, key: str, raw: bytes, at: datetime, read: Read, pieces: tuple[Piece, ...]) -> Opened:
        # In ASCII: half an emoji, which a platform may send, has no bytes of its own.
        bodies = [json.dumps(one.alone, separators=(",", ":")).encode() for one in pieces]
        if not all(_same(read, body, at, piece) for body, piece in zip(bodies, pieces, strict=True)):
            return Opened(at, tuple(Stored(number, len(raw), piece=one) for number, one in enumerate(pieces)), True)
        names = [part_key(key, number) for number in range(len(bodies))]
        for _ in self.hands(lambda one: self.arrivals.put(*one), zip(names, bodies, strict=True)):
            pass
        index = {"tanggap": "parts", "v": VERSION, "at": stamp(at), "parts": names}
        self.arrivals.put(key, json.dumps(index).encode())
        return Opened(
            at,
            tuple(
                Stored(number, len(body), part_key(key, number), piece)
                for number, (body, piece) in enumerate(zip(bodies, pieces, strict=True))
            ),
        )

    def _body(self, key: str, number: int) -> bytes | None:
        try:
            return self.arrivals.get(part_key(key, number))
        except NotFound:
            return None

    def _alone(self, key: str, number: int, raw: bytes | None, watch: Watch | None, at: datetime) -> Stored:
        """A piece that lies apart; parked where it was erased, or reads otherwise than as one."""
        name = part_key(key, number)
        if raw is None:
            return Stored(number, 0, name, parked=Reason.NOT_FOUND)
        read = self.reader_of(door_of(key))
        try:
            found = _read(name, read, raw, at, watch) if read else ()
        except Park as park:
            return Stored(number, len(raw), name, parked=Reason(park.reason))
        if len(found) != 1:
            return Stored(number, len(raw), name, parked=Reason.UNREADABLE)
        return Stored(number, len(raw), name, found[0])


def _read(name: str, read: Read, raw: bytes, at: datetime, watch: Watch | None) -> tuple[Piece, ...]:
    """Raises Park, also for what ended the function that read it."""
    if watch is None:
        return read(raw, at)
    with watch.over(name) as may:
        if not may:
            raise Park(Reason.FAILING, "reading it ended the function")
        return read(raw, at)


def _index(raw: bytes, key: str) -> tuple[datetime | None, int] | None:
    """(when its body was stored, how many pieces it had), of an index that names the pieces of this very arrival.
    Raises Park for one that a newer release wrote."""
    if not raw.startswith(b'{"tanggap"'):
        return None
    try:
        body = json.loads(raw)
        if body.get("tanggap") == "parts" and body.get("v", 1) > VERSION:
            raise Park(Reason.UNREADABLE, "the index of a newer release")
        parts = body["parts"]
        at = parse_instant(body["at"]) if "at" in body else None
    except (ValueError, LookupError, TypeError):
        return None
    named = isinstance(parts, list) and parts == [part_key(key, number) for number in range(len(parts))]
    return (at, len(parts)) if body.get("tanggap") == "parts" and named else None


def _same(read: Read, body: bytes, at: datetime, piece: Piece) -> bool:
    """Does a piece written alone say what it said among the others? Nothing is given up before that is sure."""
    try:
        found = read(body, at)
    except Park:
        return False
    return len(found) == 1 and _said(found[0]) == _said(piece)


def _said(piece: Piece) -> tuple[object, ...]:
    return (piece.channel, piece.kind, piece.external_id, piece.at, piece.person, piece.inbound, piece.dropped)
