"""A world on memory and on DynamoDB (moto), the same tests on both: proof that the fake is honest. And the portal, a
desk for the operator's commands, and a street whose people chat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from tests.support.ops import Desk, running_desk
from tests.support.portal import Portal, running_portal
from tests.support.talking import Street
from tests.support.world import World, fake_aws


@pytest.fixture(params=["memory", "dynamodb"])
def worlds(request: pytest.FixtureRequest) -> Iterator[Callable[..., World]]:
    """For who needs several, one after another, or one with another policy."""
    if request.param == "memory":
        yield partial(World, "memory")
        return
    with fake_aws():
        yield partial(World, "dynamodb")


@pytest.fixture
def world(worlds: Callable[..., World]) -> World:
    return worlds()


@pytest.fixture
def street(world: World) -> Street:
    return Street(world)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """One for a file's tests: making its tables costs more than most of them."""
    with running_portal() as found:
        yield found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Today: what the commands are asked about ends with it."""
    with running_desk(tmp_path / "desk", datetime.now(UTC)) as found:
        yield found
