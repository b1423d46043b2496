"""What holds for all tests."""

from __future__ import annotations

import pytest

#: Tests that build, start or ask the embedded AWS: one after another, in one process, while the others run beside them.
_LOCAL = (
    "tests/e2e/",
    "tests/acceptance/",
    "tests/unit/local/",
    "tests/contract/test_mends",
    "tests/contract/test_template_layers",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(part in item.path.as_posix() for part in _LOCAL):
            item.add_marker(pytest.mark.xdist_group("local"))
