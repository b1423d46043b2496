"""A batch of the table's stream in deliver's own handler: how far it goes, and what one bad record does to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tanggap.entrypoints import deliver, observe
from tests.integration.test_deliver_function import record
from tests.support.lambdas import function, lines
from tests.support.portal import Context
from tests.support.world import World

Handle = Callable[..., list[str]]


@pytest.fixture
def handle(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[World, Handle]]:
    """A world with two acknowledgements, and the handler: with the milliseconds that are left before each of its
    records, and with a record more. The codes of its lines."""
    monkeypatch.setattr(observe.metrics, "namespace", "Tanggap")
    world, app = World("memory"), function("deliver")
    for who in ("siti", "budi"):
        world.arrive(world.mail(sender=f"{who}@warga.example"))
    rows = [record(row) for row in world.unsent() if row.purpose == "acknowledgement"]
    parts: Any = SimpleNamespace(deliver=world.deliver, cases=world.cases)
    vars(app)["deliver"] = SimpleNamespace(**{**vars(deliver), "work": lambda one: deliver.work(one, parts)})

    def run(*left: int, before: tuple[dict[str, Any], ...] = ()) -> list[str]:
        ahead = iter(left)

        class Ending(Context):
            @staticmethod
            def get_remaining_time_in_millis() -> int:
                return next(ahead)

        with lines() as told:
            app.handler({"Records": [*before, *rows]}, Ending())
        return [one["code"] for one in told]

    yield world, run
    observe.metrics.clear_metrics()


def test_a_send_that_could_not_end_in_time_is_not_begun(handle: tuple[World, Handle]) -> None:
    world, run = handle
    assert run(30_000, 29_999) == ["delivery_worked_on", "batch_cut_short"]
    assert [one.to_address for one in world.post.sent] == ["siti@warga.example"]


def test_a_record_that_can_not_be_read_holds_up_none_behind_it(handle: tuple[World, Handle]) -> None:
    world, run = handle
    told = run(60_000, 60_000, 60_000, before=({"dynamodb": {"NewImage": {"pk": {"S": "?"}}, "Keys": {}}},))
    assert told.count("delivery_worked_on") == 2
    assert len(world.post.sent) == 2
