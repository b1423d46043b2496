"""The ports beside the table, in memory: vault, policies, files, arrivals and post."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from ..application.ports import Arrival, ChatEnvelope, Envelope, Identity, PolicyMoved, Recomputing, StoredPolicy
from ..application.ports.anchors import Version
from ..domain.case import FileRef, Sealed
from ..domain.errors import Invalid, NotFound
from ..domain.policy import Policy, read_policy
from ..domain.times import stamp


class MemoryVault:
    def __init__(self) -> None:
        self.identities: dict[str, Identity] = {}
        self.lookups: dict[str, str] = {}
        self.beside: dict[str, tuple[str, ...]] = {}
        self.kept_salts: dict[str, dict[int, str]] = {}

    @staticmethod
    def _lookup(address: str, typed: bool = False) -> str:
        from .vault import normal

        text = f"{'typed' if typed else 'lookup'}:{normal(address)}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def find(self, address: str, typed: bool = False) -> str | None:
        return self.lookups.get(self._lookup(address, typed))

    def typed(self, address: str) -> tuple[str, ...]:
        first, beside = self.find(address, typed=True), self.beside.get(self._lookup(address, typed=True), ())
        return (*reversed(beside), *((first,) if first else ()))

    def has_typed(self, reporter: str, address: str) -> bool:
        return reporter in self.typed(address)

    def seal(self, reporter: str, identity: Identity, typed: bool = False) -> Sealed:
        known = dict.fromkeys(one for one in (identity.address, identity.phone, *identity.also) if one)
        box = json.dumps([identity.name, identity.address, identity.phone, identity.also]).encode()
        lookups = tuple(self._lookup(one, typed) for one in known)
        first = 1 if typed else len(lookups)
        return Sealed(reporter, box, lookups[:first], beside=lookups[first:])

    def known_as(self, reporter: str, further: Identity) -> Sealed | None:
        known = self.identities.get(reporter)
        if known is None or len(known.also) >= 8:
            return None
        return replace(self.seal(reporter, further), onto=repr((known.address, known.also)))

    def changed(self, sealed: Sealed) -> bool:
        """Has a further address come to this person since it was sealed?"""
        known = self.identities.get(sealed.reporter)
        return bool(sealed.onto) and (known is None or sealed.onto != repr((known.address, known.also)))

    def keep(self, sealed: Sealed) -> None:
        name, address, phone, also = json.loads(sealed.box)
        if sealed.onto:
            known = self.identities[sealed.reporter]
            self.identities[sealed.reporter] = replace(known, also=(*known.also, address, *also))
        else:
            self.identities[sealed.reporter] = Identity(name, address, phone, tuple(also))
        for lookup in sealed.lookups:
            self.lookups[lookup] = sealed.reporter
        for lookup in sealed.beside:
            self.beside[lookup] = (*self.beside.get(lookup, ()), sealed.reporter)

    def open(self, reporter: str) -> Identity | None:
        return self.identities.get(reporter)

    def salts(self, number: str) -> dict[int, str]:
        return self.kept_salts.get(number, {})


class MemoryPolicies:
    def __init__(self, raw: dict[str, Any]) -> None:
        self.versions: dict[int, dict[str, Any]] = {1: raw}
        self.job = Recomputing()
        self._read: dict[int, tuple[dict[str, Any], Policy]] = {}

    def current(self, fresh: bool = False) -> Policy:
        return self._policy(max(self.versions))

    def version(self, number: int) -> Policy | None:
        try:
            return self._policy(number) if number in self.versions else None
        except Invalid:
            return None

    def _policy(self, number: int) -> Policy:
        raw = self.versions[number]
        if number not in self._read or self._read[number][0] is not raw:
            self._read[number] = raw, read_policy(raw, number)
        return self._read[number][1]

    def store(self, raw: dict[str, Any], version: int) -> None:
        if version in self.versions:
            raise PolicyMoved("a newer policy was stored meanwhile: read it and decide again")
        self.versions[version] = raw

    def stored(self, before: int | None, limit: int) -> tuple[StoredPolicy, ...]:
        found = sorted((number for number in self.versions if before is None or number < before), reverse=True)
        return tuple(StoredPolicy(number, self.versions[number]) for number in found[:limit])

    def recomputing(self) -> Recomputing:
        return self.job

    def keep_recomputing(self, job: Recomputing) -> Recomputing | None:
        if job.revision != self.job.revision:
            return None
        self.job = replace(job, revision=job.revision + 1)
        return self.job


class MemoryFiles:
    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.objects[key] = (content, content_type)

    def get(self, key: str) -> bytes:
        if key not in self.objects:
            raise NotFound("the object is not there")
        return self.objects[key][0]

    def url(self, file: FileRef) -> str:
        return f"memory:{file.key}"

    def upload(self, key: str, content_type: str, size: int, done: str = "", seconds: int = 300) -> dict[str, Any]:
        return {"url": f"memory:{key}", "fields": {"Content-Type": content_type}}

    def head(self, key: str) -> tuple[int, str] | None:
        found = self.objects.get(key)
        return (len(found[0]), found[1]) if found else None


class MemoryArrivals:
    """`page`: names of one page; `on_queue`: what the queue says of itself."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.notices: list[tuple[str, str]] = []
        self.page = 1_000
        self.on_queue: int | None = 0

    def get(self, key: str) -> bytes:
        if key not in self.objects:
            raise NotFound("the object is not there")
        return self.objects[key][0]

    def put(self, key: str, body: bytes) -> None:
        self.objects[key] = (body, datetime(2026, 1, 1, tzinfo=UTC))

    def put_new(self, key: str, body: bytes) -> bool:
        if key in self.objects:
            return False
        self.put(key, body)
        return True

    def head(self, key: str) -> Arrival | None:
        found = self.objects.get(key)
        return Arrival(key, found[1], len(found[0])) if found else None

    def listing(self, prefix: str, since: datetime, names: int | None = None) -> Iterable[Arrival]:
        for key, (body, at) in islice(sorted(self.objects.items()), names):
            if key.startswith(prefix) and at >= since:
                yield Arrival(key, at, len(body))

    def pages(self, prefix: str, after: str = "") -> Iterable[Sequence[Arrival]]:
        names = [key for key in sorted(self.objects) if key.startswith(prefix) and key > after]
        for first in range(0, len(names), self.page):
            found = ((key, *self.objects[key]) for key in names[first : first + self.page])
            yield tuple(Arrival(key, at, len(body)) for key, body, at in found)

    def queued(self) -> int | None:
        return self.on_queue

    def notify(self, key: str, wish: str = "again", actor: str = "system") -> None:
        self.notices.append((key, wish))


class MemoryLocked:
    """Anchors' bucket: whatever is put stands as a version, and `hide` hides without taking away."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.bodies: list[tuple[Version, bytes]] = []

    def versions(self, prefix: str) -> Iterable[Version]:
        return [version for version, _ in reversed(self.bodies) if version.key.startswith(prefix)]

    def read(self, version: Version) -> bytes:
        return next(body for one, body in self.bodies if one == version)

    def put_new(self, key: str, body: bytes) -> bool:
        if any(version.key == key for version in self.versions(key)):
            return False
        self.put(key, body)
        return True

    def put(self, key: str, body: bytes) -> None:
        self.bodies.append((Version(key, str(len(self.bodies)), self.clock()), body))

    def hide(self, key: str) -> None:
        self.bodies.append((Version(key, str(len(self.bodies)), self.clock(), marker=True), b""))


class MemoryPost:
    """Keeps what was sent; `failures` are raised first, one a call."""

    def __init__(self) -> None:
        self.sent: list[Envelope] = []
        self.failures: list[Exception] = []

    def send(self, envelope: Envelope) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(envelope)
        return f"ses-{len(self.sent):06d}"


class MemoryChat:
    """A platform in memory: a message for each `limit` characters and each file. `failures` are raised one a message
    that is tried, None lets it through; `sent` holds what left as (id, text or file's name, envelope)."""

    def __init__(self, limit: int = 1000) -> None:
        self.limit = limit
        self._made = 0
        self.sent: list[tuple[str, str, ChatEnvelope]] = []
        self.failures: list[Exception | None] = []

    def send(self, envelope: ChatEnvelope, left: Callable[[str], None]) -> tuple[str, ...]:
        said = envelope.text or envelope.template
        parts = [said[start : start + self.limit] for start in range(0, len(said), self.limit)]
        ids = list(envelope.gone)
        for part in [*parts, *(file.name for file in envelope.files)][len(ids) :]:
            if self.failures and (failure := self.failures.pop(0)):
                raise failure
            self._made += 1
            ids.append(f"{envelope.channel}-{self._made:06d}")
            self.sent.append((ids[-1], part, envelope))
            left(ids[-1])
        return tuple(ids)


class MemoryGuesses:
    def __init__(self) -> None:
        self.counted: dict[tuple[str, str], int] = {}

    def tries(self, what: str, at: datetime) -> int:
        return self.counted.get((what, stamp(at)[:13]), 0)

    def add(self, what: str, at: datetime) -> int:
        key = (what, stamp(at)[:13])
        self.counted[key] = self.counted.get(key, 0) + 1
        return self.counted[key]

    def caller(self, address: str, at: datetime) -> str:
        return hashlib.sha256(f"{stamp(at)[:10]} {address}".encode()).hexdigest()[:32]
