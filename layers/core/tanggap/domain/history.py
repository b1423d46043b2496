"""What happened to a case: append-only, each entry chained to the one before by its hash (promise 6).

An entry holds ids and words of published lists. What was said or who said it appears only as a salted commitment: with
the salt (kept in the vault) the text can be shown to be the one committed to; once the salt is erased it proves nothing
about anybody, and the chain still closes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from .times import parse_instant, stamp

GENESIS = "0" * 64

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
#: One decision records several entries at one instant.
_stamp = lru_cache(maxsize=16)(stamp)


@dataclass(frozen=True, slots=True)
class Entry:
    """`actor`: "system", "reporter", "other" or "officer:<id>". `data`: ids and listed words only."""

    seq: int
    at: datetime
    actor: str
    event: str
    data: Mapping[str, str] = field(default_factory=dict)
    commitment: str = ""
    prev: str = GENESIS
    hash: str = ""


def commit_to(salt: str, text: str) -> str:
    """The commitment to a text. The salt's length is fixed, so salt and text can't be shifted into each other."""
    return hashlib.sha256(f"{salt}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def digest_of(entry: Entry, number: str) -> str:
    """The hash of an entry. The case's number is in it, so an entry can't be moved to another case."""
    return _digest(number, entry.seq, entry.at, entry.actor, entry.event, entry.data, entry.commitment, entry.prev)


def chained(
    number: str, seq: int, at: datetime, actor: str, event: str, data: Mapping[str, str], commitment: str, prev: str
) -> Entry:
    """The next entry of a case's chain, with its hash. `prev`: the hash of the one before."""
    digest = _digest(number, seq, at, actor, event, data, commitment, prev)
    return Entry(seq, at, actor, event, data, commitment, prev, digest)


def _digest(
    number: str, seq: int, at: datetime, actor: str, event: str, data: Mapping[str, str], commitment: str, prev: str
) -> str:
    body = [number, seq, _stamp(at), actor, event, dict(data), commitment, prev]
    return hashlib.sha256(_CANONICAL.encode(body).encode()).hexdigest()


def faults_in(number: str, entries: Iterable[Entry], head: str | None = None) -> tuple[str, ...]:
    """What is wrong with a chain, in words for an auditor; empty when it closes. `head`: the hash that the case
    claims."""
    faults: list[str] = []
    prev, expected, last = GENESIS, 1, None
    for entry in entries:
        if entry.seq != expected:
            faults.append(f"entry {expected} is missing before {entry.seq}")
        if entry.prev != prev:
            faults.append(f"entry {entry.seq} does not follow the entry before it")
        if digest_of(entry, number) != entry.hash:
            faults.append(f"entry {entry.seq} was changed")
        if last is not None and entry.at < last:
            faults.append(f"entry {entry.seq} is older than the one before it")
        prev, expected, last = entry.hash, entry.seq + 1, entry.at
    if head is not None and head != prev:
        faults.append("the last entry is not the one that the case names")
    return tuple(faults)


def entry_to_dict(entry: Entry) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "at": stamp(entry.at),
        "actor": entry.actor,
        "event": entry.event,
        "data": dict(entry.data),
        "commitment": entry.commitment,
        "prev": entry.prev,
        "hash": entry.hash,
    }


def entry_from_dict(raw: Mapping[str, Any]) -> Entry:
    return Entry(
        seq=int(str(raw["seq"])),
        at=parse_instant(str(raw["at"])),
        actor=str(raw["actor"]),
        event=str(raw["event"]),
        data=raw["data"],
        commitment=str(raw["commitment"]),
        prev=str(raw["prev"]),
        hash=str(raw["hash"]),
    )
