"""The whole local system with IAM enforced: functions run under the roles of template.yaml."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.local.places import Places, free_ports
from infra.local.run import LocalSystem
from tests.e2e.system import System


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/acceptance" in item.path.as_posix():
            item.add_marker(pytest.mark.acceptance)


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    smtp, http, aws = free_ports(3)
    places = Places(smtp, http, aws, work=tmp_path_factory.mktemp("guarded"), state=None, enforce_iam=True)
    local = LocalSystem(places, print)
    try:
        yield System(local.start().as_json(places))
    finally:
        local.stop()
