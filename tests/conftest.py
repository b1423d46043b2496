"""What holds for all tests."""

from __future__ import annotations

import gc
from typing import Any

#: Tests that build, start or ask the embedded AWS: one after another, in one process, while the others run beside them.
_LOCAL = (
    "tests/e2e/",
    "tests/acceptance/",
    "tests/unit/local/",
    "tests/contract/test_mends",
    "tests/contract/test_template_layers",
)


def pytest_xdist_make_scheduler(config: Any, log: Any) -> Any:
    """As `--dist loadgroup`, whose marks don't reach the scheduler under pytest 9.2. The largest group goes first: at
    the end it would run alone."""
    from xdist.scheduler import LoadScopeScheduling

    class OneAfterAnother(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "local" if nodeid.startswith(_LOCAL) else nodeid

    return OneAfterAnother(config, log)


def pytest_collection_finish() -> None:
    """Ten thousand collected tests are never garbage; looking at them again and again took a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
