"""The heads of histories, each day, to where nobody can rewrite them (promise 6).

A history's chain shows that an entry was changed, unless somebody writes the whole of it anew, and the case with it. An
anchor is one object a day that names, for each case that changed, which entry was its last and that entry's hash; its
bucket lets nobody change or delete it. Each anchor names the digest of the one before, so none can be left out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from ..domain.canary import is_canary
from ..domain.errors import TanggapError
from ..domain.history import GENESIS, Entry
from ..domain.times import parse_instant, stamp
from ..domain.words import Outcome
from .ports import Arrival, Cases, Ledger, Policies
from .walk import every_case

PREFIX = "anchors/"
#: Anchored again although the last anchor may hold them: a sweep that catches up, or a mail that waited in a queue,
#: writes entries of a time that has passed; and an index shows a change a moment late.
OVERLAP = timedelta(days=1)
#: A case that ended is looked at for so long: two months to come back (`intake.reopen_within_days`), and what follows.
#: A later message on it is found by the ledger's rows; an officer's act alone, on a case older than that, by `whole`.
AFTER_THE_END = timedelta(days=120)
#: The ledger lists days one by one: a longer silence is walked whole.
LONGEST = timedelta(days=90)
_PAGE = 500
_ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)


class Store(Protocol):
    """A bucket whose objects are locked. adapters.s3.S3Arrivals is one."""

    def get(self, key: str) -> bytes: ...

    def put_new(self, key: str, body: bytes) -> bool: ...

    def listing(self, prefix: str, since: datetime, names: int | None = None) -> Iterable[Arrival]: ...


class Broken(TanggapError):
    """An anchor that can't be read, or does not follow the one before it."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """`key` is empty where the day had its anchor before."""

    key: str
    cases: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class _Last:
    """The newest anchor: until when it speaks, and its digest."""

    until: datetime = _ALWAYS
    digest: str = GENESIS


class Anchors:
    """What is in the store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def keys(self) -> list[str]:
        """Oldest first: a day's name sorts as the day does."""
        return sorted(one.key for one in self.store.listing(PREFIX, _ALWAYS))

    def last(self) -> _Last:
        keys = self.keys()
        if not keys:
            return _Last()
        body = self.store.get(keys[-1])
        return _Last(parse_instant(_read(keys[-1], body)["until"]), _digest(body))

    def heads(self) -> dict[str, dict[int, str]]:
        """By case: which entry had which hash. Raises Broken where the anchors themselves are no chain."""
        found: dict[str, dict[int, str]] = {}
        before = GENESIS
        for key in self.keys():
            body = self.store.get(key)
            raw = _read(key, body)
            if raw["before"] != before:
                raise Broken(f"the anchor {key} does not follow the one before it")
            before = _digest(body)
            for number, seq, head in raw["cases"]:
                if found.setdefault(number, {}).setdefault(int(seq), head) != head:
                    raise Broken(f"two anchors differ on {number}, entry {seq}")
        return found


class Anchor:
    """Once a day, and as often as it is asked: what changed since the last anchor becomes the next."""

    def __init__(
        self, cases: Cases, ledger: Ledger, policies: Policies, store: Store, clock: Callable[[], datetime]
    ) -> None:
        self.cases, self.ledger, self.policies, self.clock = cases, ledger, policies, clock
        self.anchors = Anchors(store)

    def __call__(self, whole: bool = False) -> Anchored:
        """`whole`: every case that there is, however long ago it changed. Days without a run are made up for. Raises
        Retry, Broken."""
        until = self.clock()
        key = f"{PREFIX}{until.astimezone(UTC):%Y-%m-%d}.json"
        if key in self.anchors.keys():  # noqa: SIM118 - no mapping
            return Anchored("")
        last = self.anchors.last()
        heads, unreadable = self._changed(last.until - OVERLAP if last.until > _ALWAYS else _ALWAYS, until, whole)
        body = {"v": 1, "until": stamp(until), "before": last.digest, "whole": whole, "cases": heads}
        if not self.anchors.store.put_new(key, json.dumps(body, separators=(",", ":")).encode()):
            return Anchored("")  # two runs of one day: the first one stands
        return Anchored(key, len(heads), unreadable)

    def pending(self, whole: bool = False) -> int:
        """How many cases an anchor of now would name."""
        last = self.anchors.last()
        return len(self._changed(last.until - OVERLAP if last.until > _ALWAYS else _ALWAYS, self.clock(), whole)[0])

    def _changed(self, since: datetime, until: datetime, whole: bool) -> tuple[list[tuple[str, int, str]], int]:
        first = since == _ALWAYS
        found: dict[str, tuple[int, str]] = {}
        unreadable: list[str] = []
        ended_since = _ALWAYS if whole or first else since - AFTER_THE_END
        for case in every_case(self.cases, self.policies.current(), ended_since, unreadable.append):
            if (whole or case.last_at >= since) and case.seq:
                found[case.number] = case.seq, case.head
        for number in () if whole or first else self._named(max(since, until - LONGEST), until):
            if number not in found and (named := self.cases.case(number)) and named.seq and not is_canary(named):
                found[number] = named.seq, named.head
        return [(number, *found[number]) for number in sorted(found)], len(unreadable)

    def _named(self, since: datetime, until: datetime) -> set[str]:
        """Cases that something came in on, whatever state they are in."""
        numbers: set[str] = set()
        for outcome in (Outcome.FILED, Outcome.STATUS):
            after: str | None = None
            while True:
                page = self.ledger.received(outcome, since, until, after, _PAGE)
                numbers |= {row.case for row in page.rows if row.case}
                after = page.after
                if after is None:
                    break
        return numbers


def against(anchored: Mapping[int, str], history: Sequence[Entry]) -> tuple[str, ...]:
    """What is wrong with a history, by what was anchored of it; empty where all of that still stands in it."""
    now = {entry.seq: entry.hash for entry in history}
    last = max(now, default=0)
    faults = []
    for seq, head in sorted(anchored.items()):
        if seq > last:
            faults.append(f"it had {seq} entries when it was anchored, and has {last} now")
        elif now.get(seq) != head:
            faults.append(f"entry {seq} is not the one that was anchored")
    return tuple(faults)


def _read(key: str, body: bytes) -> dict[str, Any]:
    try:
        raw: dict[str, Any] = json.loads(body)
        if raw["v"] != 1 or not isinstance(raw["cases"], list):
            raise ValueError("another version")
        parse_instant(raw["until"])
    except (ValueError, KeyError, TypeError) as error:
        raise Broken(f"the anchor {key} cannot be read") from error
    return raw


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
