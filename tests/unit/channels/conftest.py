"""Doubles that listen, one for a file's tests: starting and stopping them costs more than most of those."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.local.providers.server import Double
from tests.support.store import Store, store
from tests.unit.channels.senders import Platforms, doubled


@pytest.fixture(scope="module")
def running() -> Iterator[Store]:
    with store() as found:
        yield found


@pytest.fixture(scope="module")
def double() -> Iterator[Double]:
    with doubled() as found:
        yield found


@pytest.fixture
def platforms(double: Double) -> Platforms:
    return Platforms(double)
