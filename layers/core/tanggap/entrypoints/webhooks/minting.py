"""Number and receipt code of a report, given at once and given again to whoever asks again.

The number follows from the digest of the client's own key, salted with the bucket's name, and the object is put under
it only where there is none: so two requests with one key are one report, whichever comes first, and no table is asked.
A number whose object belongs to another key is passed over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...domain import form_rules, receipts
from ...domain.errors import Refuse, Retry
from ...domain.numbers import number_from
from ...domain.times import stamp
from .parts import Parts

#: Two keys share a number once in 5·10^11: a third try never came.
TRIES = 5


class KeyReused(Refuse):
    status = 409
    code = "key_reused"


@dataclass(frozen=True, slots=True)
class Filed:
    number: str
    code: str = field(repr=False)
    at: str


def file(parts: Parts, door: str, key: str, report: Mapping[str, Any], extra: Mapping[str, Any]) -> Filed:
    """Store a report as an arrival and announce it. `key`: the client's idempotency key, empty for none. Raises
    KeyReused, Retry."""
    named = hashlib.sha256((key or f"{parts.random(256):x}").encode()).hexdigest()
    said = hashlib.sha256(_canonical({"report": report, "extra": extra})).hexdigest()
    code = receipts.code_from(parts.random(receipts.ENTROPY_BITS))
    for attempt in range(TRIES):
        number = _number(parts.store.name, named, attempt)
        arrival = f"webhooks/{door}/{number}.json"
        filed = Filed(number, code, stamp(parts.clock()))
        body = {
            "v": form_rules.VERSION,
            "door": door,
            "number": number,
            "code": code,
            "key": named,
            "said": said,
            "at": filed.at,
            "report": report,
            **({"extra": extra} if extra else {}),
        }
        if parts.keep_new(arrival, _canonical(body)):
            return filed
        stored = _stored(parts.store.get(arrival))
        if stored.get("key") == named:
            return _again(stored, said, arrival, parts)
    raise Retry("no number was free")


def _again(stored: Mapping[str, Any], said: str, arrival: str, parts: Parts) -> Filed:
    """The first answer may have been lost together with its notice."""
    if stored.get("said") != said:
        raise KeyReused("this idempotency_key belongs to another report: make a new one for what is new")
    parts.announce(arrival)
    return Filed(str(stored["number"]), str(stored["code"]), str(stored["at"]))


def _number(salt: str, named: str, attempt: int) -> str:
    digest = hashlib.sha256(f"{salt}\n{named}\n{attempt}".encode()).digest()
    return number_from(int.from_bytes(digest[:8], "big"))


def _stored(raw: bytes) -> Mapping[str, Any]:
    """What an erasure left may be anything."""
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) and {"number", "code", "at"} <= found.keys() else {}


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
