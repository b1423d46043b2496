"""A world on memory and on DynamoDB (moto), the same tests on both: proof that the fake is honest. And the portal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.portal import Portal, running_portal
from tests.support.world import World, fake_aws


@pytest.fixture(params=["memory", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield World("memory")
        return
    with fake_aws():
        yield World("dynamodb")


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """One for a file's tests: making its tables costs more than most of them."""
    with running_portal() as found:
        yield found
