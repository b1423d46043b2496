"""The same tests on memory and on DynamoDB (moto): proof that the fake is honest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.world import World, fake_aws


@pytest.fixture(params=["memory", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield World("memory")
        return
    with fake_aws():
        yield World("dynamodb")
