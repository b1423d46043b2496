"""Reports by form, as the webhook stores them."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from tanggap.adapters.channels import forms
from tanggap.application.receive import Raw, Result
from tanggap.application.tracking import Receipts, Tracking
from tanggap.domain.receipts import code_from
from tanggap.domain.times import stamp
from tests.support.world import World

CODE = code_from(10**40)


def arrival(number: str, at: datetime, code: str = CODE, door: str = "web", **report: Any) -> dict[str, Any]:
    """`report`: fields that differ from a plain anonymous one."""
    said = {"text": "Lampu jalan mati sejak Senin.", "kind": None, "category": None, "place": None, **report}
    key = hashlib.sha256(f"key of {number} {door}".encode()).hexdigest()
    return {
        "v": 1,
        "door": door,
        "number": number,
        "code": code,
        "key": key,
        "said": "",
        "at": stamp(at),
        "report": said,
    }


def addition(number: str, at: datetime, key: str = "k1", **report: Any) -> dict[str, Any]:
    digest = hashlib.sha256(f"{number}\n{key}".encode()).hexdigest()
    return {"v": 1, "door": "web", "number": number, "adds": True, "key": digest, "at": stamp(at), "report": report}


def raw(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()


def key_of(body: dict[str, Any]) -> str:
    place = f"webhooks/{body['door']}/{body['number']}"
    return f"{place}/{body['key']}.json" if body.get("adds") else f"{place}.json"


def store(world: World, body: dict[str, Any]) -> str:
    world.arrivals.put(key_of(body), raw(body))
    return key_of(body)


def file(world: World, body: dict[str, Any], replay: bool = False) -> Result:
    """Store an arrival and read it, as intake does."""
    return read(world, store(world, body), replay)


def read(world: World, key: str, replay: bool = False) -> Result:
    content = world.arrivals.get(key)
    inbound = forms.with_files(forms.read_one(content, world.now), world.files)
    return world.receive(Raw(key, inbound.channel, inbound.at, len(content), inbound, replay=replay))


class Desk:
    """Tracking over a World. `guessed`: what was told of pairs that opened nothing."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.guessed: list[tuple[str, bool]] = []
        self.besieged: list[str] = []
        self.guesses = _guesses(world)
        self.receipts = Receipts(
            world.cases,
            world.arrivals,
            world.tokens,
            self.guesses,
            forms.read_one,
            world.clock,
            lambda number, limited: self.guessed.append((number, limited)),
            self.besieged.append,
        )
        self.tracking = Tracking(
            self.receipts, world.files, world.policies, lambda one: forms.place_of(one)[0], world.ids.salt
        )


def _guesses(world: World) -> Any:
    if hasattr(world.cases, "row"):
        from tanggap.adapters.dynamodb.guesses import DynamoGuesses

        return DynamoGuesses(world.cases.row)
    from tanggap.adapters.memory_stores import MemoryGuesses

    return MemoryGuesses()
