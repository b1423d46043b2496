"""Offices that are told how they stand, for tests of the digests. Days are of November 2026, hours Jakarta's."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

from tanggap.domain.words import DeliveryState
from tests.support.world import COORDINATOR, POLICY, World

KOOR, PU, ADM = "koordinator@kantor.example", "pu@kantor.example", "adm@kantor.example"


def local(day: int, clock: str = "07:30", month: int = 11) -> datetime:
    return datetime.fromisoformat(f"2026-{month:02d}-{day:02d}T{clock}:00+07:00")


def quiet(world: World) -> None:
    """A digest of nothing, so that what follows is told from here on."""
    world.digest()
    world.pump()
    world.post.sent.clear()


def with_policy(world: World, **changes: Any) -> None:
    world.policies.store({**copy.deepcopy(POLICY), **changes}, world.policies.current(fresh=True).version + 1)
    world.policies.current(fresh=True)


def assigned(world: World, unit: str = "pu") -> str:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, unit, None, "")
    world.pump()
    return number


def digests(world: World, to: str | None = None) -> list[Any]:
    return [one for one in world.outbox(to) if "Ringkasan" in one.subject]


def offices_rows(world: World) -> list[Any]:
    return [row for row in world.deliveries() if row.of_no_case]


def sent_digest(world: World) -> Any:
    assigned(world)
    world.now = local(24)
    world.digest()
    world.pump()
    (row,) = (row for row in offices_rows(world) if row.address == PU)
    assert row.state is DeliveryState.SENT
    return row
