"""A world on memory and on DynamoDB (moto), the same tests on both: proof that the fake is honest. And the portal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.support.portal import Portal, running_portal
from tests.support.world import World, fake_aws


@pytest.fixture(params=["memory", "dynamodb"])
def worlds(request: pytest.FixtureRequest) -> Iterator[Callable[[], World]]:
    """For who needs several, one after another."""
    if request.param == "memory":
        yield World
        return
    with fake_aws():
        yield lambda: World("dynamodb")


@pytest.fixture
def world(worlds: Callable[[], World]) -> World:
    return worlds()


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """One for a file's tests: making its tables costs more than most of them."""
    with running_portal() as found:
        yield found
