"""The look-up key is rotated while the canary writes: processes learn of it one by one, and none takes our own
synthetic citizen, or a citizen's answer to our letter, for somebody else's."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from tanggap.adapters.secrets import ReplyTokens, Secret
from tanggap.domain.canary import is_canary
from tests.support.canary import Aviary
from tests.support.world import KEYS, World

OLD = {name: key.decode() for name, key in KEYS.items()}


class Service:
    """Secrets Manager, with one secret in it."""

    def __init__(self, made: datetime) -> None:
        self.keys, self.made = dict(OLD), made

    def get_secret_value(self, **request: Any) -> dict[str, Any]:
        return {"SecretString": json.dumps({"keys": self.keys}), "CreatedDate": self.made}


@pytest.mark.parametrize("first", ["canary", "intake"])
def test_the_canary_is_known_through_a_rotation_whoever_hears_of_it_first(first: str) -> None:
    world = World()
    service = Service(world.now)
    world.later(days=1)
    began = world.now

    def process() -> ReplyTokens:
        return ReplyTokens(Secret(lambda: service, "s", lambda: (world.now - began).total_seconds(), world.clock).keys)

    aviary = Aviary(world)
    world.tokens._keys = process()._keys
    aviary.canary.addresses = process()
    aviary.round()  # both know the old keys
    service.keys, service.made = {"9": "n" * 32, **OLD}, world.now
    if first == "canary":  # that one ends, and another begins
        aviary.canary.addresses = process()
    else:
        world.tokens._keys = process()._keys
    for _ in range(6):
        sung = aviary.round(10)
        assert not sung.missed
    assert all(is_canary(case) for case in world.cases.cases.values())
    assert not aviary.strangers
    assert next(iter(world.tokens._keys())) == "9", "the new one is in use now"
