"""What a deployment says of how many functions the account runs at once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from infra.deploy import checks


def account(limit: int) -> Any:
    return SimpleNamespace(get_account_settings=lambda: {"AccountLimit": {"ConcurrentExecutions": limit}})


@pytest.mark.parametrize(
    ("limit", "asked", "said"),
    [
        (10, "10", (False, checks.FEW_RUNS)),
        (1_000, "10", (False, checks.MORE_RUNS)),
        (10, "1000", (True, checks.TOO_FEW_RUNS)),
        (1_000, "1000", None),
    ],
)
def test_a_new_accounts_ten_runs_are_told_and_no_flood_is_promised_on_them(
    limit: int, asked: str, said: tuple[bool, str] | None
) -> None:
    found = checks.runs(account(limit), asked)
    assert found == ([checks.Finding(said[0], said[1].format(limit=limit))] if said else [])
