"""Gone back to this release while the newer one's rows stand there: whatever this one writes, it writes over none of
them, though it read the row before the newer one touched it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from tanggap.adapters.dynamodb.rows import message_row
from tanggap.domain.case import Change, Delivery
from tanggap.domain.errors import Conflict
from tanggap.domain.words import DeliveryState
from tests.support.rows import ahead, contents
from tests.support.world import World, fake_aws


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with fake_aws():
        yield World("dynamodb")


@dataclass(frozen=True)
class Write:
    """`prepare` brings a case to where its row can be written, and says which row that is; `write` says whether it was
    taken."""

    prepare: Callable[[World], tuple[str, str, Any]]
    write: Callable[[World, Any], bool]


def committed(field: str, **changes: Any) -> Callable[[World, Any], bool]:
    def write(world: World, row: Any) -> bool:
        changed: dict[str, Any] = {field: (replace(row, **changes),)}
        try:
            world.cases.commit(Change(**changed))
        except Conflict:
            return False
        return True

    return write


def message(world: World) -> tuple[str, str, Any]:
    number = world.new_case()
    (one,) = world.cases.file(number).messages
    return number, message_row(world.cases.row, one).sk, one


def row_of(world: World, number: str) -> Delivery:
    (row,) = (one for one in world.cases.file(number).deliveries if one.purpose == "acknowledgement")
    found: Delivery = row
    return found


def in_the_outbox(world: World) -> tuple[str, str, Any]:
    inbound = world.mail("Jalan rusak.", sender=f"warga{world.ids.made}@warga.example")
    number = str(world.arrive(inbound).case)
    row = row_of(world, number)
    return number, f"OUT#{row.id}", row


def claimed(world: World) -> tuple[str, str, Any]:
    number, sk, row = in_the_outbox(world)
    held = world.cases.claim(row, world.now, world.now + timedelta(minutes=5))
    assert held
    return number, sk, held


def sent(world: World) -> tuple[str, str, Any]:
    number, sk, held = claimed(world)
    done = replace(held, state=DeliveryState.SENT, sent_at=world.now, lease_until=None, due_at=None)
    world.cases.commit(Change(finished_deliveries=(done,)))
    return number, sk, done


def asleep(world: World) -> tuple[str, str, Any]:
    number, _, row = in_the_outbox(world)
    sleeper = replace(row, id=f"z{row.id}", wake=None, due_at=world.now, steps=("first_response.warn",))
    world.cases.commit(Change(deliveries=(sleeper,)))
    return number, f"OUT#{sleeper.id}", sleeper


def claim(world: World, row: Any) -> bool:
    return world.cases.claim(row, world.now, world.now + timedelta(minutes=5)) is not None


WRITES = {
    "a message that is read otherwise": Write(message, committed("changed_messages", text="Lain.")),
    "a letter of which a report comes": Write(sent, committed("changed_deliveries", state=DeliveryState.DELIVERED)),
    "a letter that its sender ends": Write(claimed, committed("finished_deliveries", state=DeliveryState.SENT)),
    "a letter that is let out": Write(asleep, committed("released_deliveries", state=DeliveryState.WITHDRAWN)),
    "a letter that a sender takes": Write(in_the_outbox, claim),
}


@pytest.mark.parametrize("name", WRITES)
def test_it_is_written_where_it_is_ours_and_left_as_it_is_where_it_is_a_newer_releases(world: World, name: str) -> None:
    one = WRITES[name]
    _, _, ours = one.prepare(world)
    assert one.write(world, ours), "what is ours is written"
    number, sk, row = one.prepare(world)
    place = (f"CASE#{number}", sk)
    ahead(world, *place)
    before = contents(world)[place]
    assert not one.write(world, row)
    assert contents(world)[place] == before
