"""What holds for all tests."""

from __future__ import annotations

import gc
import os
from typing import Any

import pytest

#: Tests that build, start or ask the embedded AWS: one after another, in one process, while the others run beside them.
_LOCAL = (
    "tests/e2e/",
    "tests/acceptance/",
    "tests/unit/local/",
    "tests/contract/test_mends",
    "tests/contract/test_template_layers",
)
#: Of `make acceptance`, what needs no running system, or starts one of its own: file by file beside the others.
APART = tuple(
    f"tests/acceptance/test_{name}.py"
    for name in (
        *("alarms_recorded", "case_lives", "change_bounds", "corpora", "corpus_channels", "corpus_failures"),
        *("corpus_replies", "earlier_releases", "mail_cost", "mail_fuzz", "on_the_table", "runbooks_walked"),
        *("stack_life", "troubles_at_length", "upgrade", "way_back"),
    )
)


def pytest_xdist_make_scheduler(config: Any, log: Any) -> Any:
    """A file's tests stay together, so that what a file makes once is made once; files go out in the order of
    `testpaths`. The scheduler's own cost grows with the square of what it hands out: by files it is nothing, by tests
    it was a tenth of the whole."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "local" if file.startswith(_LOCAL) and file not in APART else file

    config.option.loadscopereorder = False
    return ByFile(config, log)


def _begins_at_the_end(config: pytest.Config) -> bool:
    """Whether this is the second of two processes, and all tests are run."""
    odd = os.environ.get("PYTEST_XDIST_WORKER", "gw0")[-1] in "13579"
    return odd and config.args_source is config.ArgsSource.TESTPATHS


def pytest_configure(config: pytest.Config) -> None:
    """In a fresh clone each test module is compiled at its first import. Both processes import all of them: where one
    begins at the end, each module is compiled once."""
    if _begins_at_the_end(config):
        config.args.reverse()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """All processes name the tests in one order."""
    if _begins_at_the_end(config):
        places = config.args[::-1]
        items.sort(key=lambda item: next(n for n, place in enumerate(places) if item.nodeid.startswith(f"{place}/")))


def pytest_collection_finish() -> None:
    """Ten thousand collected tests are never garbage; looking at them again and again took a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
