"""The ladder of a world: who stands on its steps, cases that climb it together, and what its letters told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tanggap.domain.case import Delivery, Message
from tanggap.domain.citizens import Opening, open_case
from tanggap.domain.words import Channel
from tests.support.world import START, World

HEAD = "kepala-pu@kantor.example"
DESK = "pu@kantor.example"
COORDINATION = "koordinator@kantor.example"
INSPECTORATE = "inspektorat@kabupaten.example"
#: Tuesday, ten o'clock: the first response of what came on Monday at ten is due.
BREACH = START + timedelta(days=1)


def file_many(world: World, number: int, unit: str | None = "pu") -> list[str]:
    """Cases of one unit, received now, from nobody known."""
    numbers = []
    for _ in range(number):
        key = world.ids.number()
        message = Message(
            id=world.ids.new(world.now), case=key, direction="in", channel=Channel.COUNTER, at=world.now, text="x"
        )
        opening = Opening(number=key, message=message, reporter=None, answer=False, unit=unit)
        draft = open_case(opening, world.now, "officer:koor1", world.policies.current(), world.ids)
        world.cases.commit(draft.change())
        numbers.append(key)
    return numbers


def letters_of(world: World, number: str) -> list[Delivery]:
    return [row for row in world.cases.file(number).letters if row.address]


def sweep_at(world: World, at: datetime) -> Any:
    world.now = at
    return world.sweep()


def steps_told(world: World) -> Counter[tuple[str, str, str]]:
    """(case, address, step) of each letter that really left, read from what it speaks for."""
    rows = {row.place: row for row in world.deliveries()}
    told: Counter[tuple[str, str, str]] = Counter()
    for mail in world.outbox():
        letter = rows[f"{mail.case}/{mail.delivery}"]
        for part in [rows[place] for place in letter.parts] or [letter]:
            told.update((part.case, letter.address, step) for step in part.steps)
            assert part.case in mail.text or part.case in mail.subject
    return told


class Over:
    """A table with one method of its own."""

    def __init__(self, cases: Any, **methods: Callable[..., Any]) -> None:
        self._cases = cases
        self.__dict__.update(methods)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)
