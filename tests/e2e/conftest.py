"""The whole local system, started once for all end-to-end tests, on free ports and in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.local.places import Places, free_ports
from infra.local.run import LocalSystem
from tests.e2e.system import System


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    smtp, http, aws = free_ports(3)
    places = Places(smtp, http, aws, work=tmp_path_factory.mktemp("local"), state=None)
    local = LocalSystem(places, print)
    try:
        yield System(local.start().as_json(places))
    finally:
        local.stop()
