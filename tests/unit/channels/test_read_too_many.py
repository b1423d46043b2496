"""A body of more messages than any platform brings: whoever has the app's secret may sign one. It is parked, unread."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time
from typing import Any

import pytest

from tanggap.adapters.channels import meta, shape
from tanggap.application.batches import Batches
from tanggap.domain.errors import Park
from tanggap.domain.words import Reason
from tests.support.world import World

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)


def whatsapp(name: str, item: Callable[[int], Any], number: int) -> bytes:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": "1"},
        name: list(map(item, range(number))),
    }
    return body("whatsapp_business_account", [{"id": "1", "changes": [{"field": "messages", "value": value}]}])


def body(name: str, entries: list[Any]) -> bytes:
    return json.dumps({"object": name, "entry": entries}).encode()


def message(number: int) -> dict[str, Any]:
    return {"id": f"w{number}", "from": "62811", "timestamp": "1795400000", "type": "text", "text": {"body": "a"}}


def status(number: int) -> dict[str, Any]:
    return {"id": f"w{number}", "status": "sent"}


BODIES: dict[str, Callable[[int], bytes]] = {
    "messages": lambda number: whatsapp("messages", message, number),
    "statuses": lambda number: whatsapp("statuses", status, number),
    "entries": lambda number: body("page", [{"id": str(one)} for one in range(number)]),
    "no entries": lambda number: body("instagram", list(range(number))),
    "talk": lambda number: body("page", [{"id": "1", "messaging": [{"sender": {"id": "2"}}] * number}]),
}


@pytest.mark.parametrize("what", BODIES)
def test_so_many_are_read_and_one_more_is_not(what: str) -> None:
    assert len(meta.read(BODIES[what](shape.MESSAGES), AT)) == shape.MESSAGES
    with pytest.raises(Park) as parked:
        meta.read(BODIES[what](shape.MESSAGES + 1), AT)
    assert parked.value.reason == Reason.TOO_LARGE


def test_the_largest_body_that_the_door_takes_is_given_up_soon() -> None:
    raw = whatsapp("statuses", status, 80_000)
    assert len(raw) > 2_500_000
    began = process_time()
    with pytest.raises(Park):
        meta.read(raw, AT)
    assert process_time() - began < 2, "where all of it is read it takes five and more"


def test_it_is_one_arrival_of_one_row_that_says_why() -> None:
    from tanggap.adapters.channels.table import reader_of

    world = World()
    key = "webhooks/meta/many.json"
    world.arrivals.put(key, BODIES["messages"](shape.MESSAGES + 1))
    (stored,) = Batches(world.arrivals, reader_of).open(key, AT).pieces
    assert (stored.index, stored.parked, stored.piece) == (0, Reason.TOO_LARGE, None)
    assert list(world.arrivals.objects) == [key], "nothing is set apart"
