"""What a deployment asks about runs and money, and what it proposes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from infra.build.template import read
from infra.deploy import checks
from infra.deploy.questions import Question, of_this_stack, questions

TEMPLATE = read()


def account(limit: int) -> Any:
    return SimpleNamespace(get_account_settings=lambda: {"AccountLimit": {"ConcurrentExecutions": limit}})


def asked(name: str, remembered: dict[str, str], limit: int = 10) -> Question:
    found = {one.name: one for one in questions(TEMPLATE, remembered, checks.proposed(account(limit)))}
    return found[name]


@pytest.mark.parametrize(("limit", "proposed"), [(10, "10"), (50, "10"), (100, "1000"), (1_000, "1000")])
def test_runs_are_proposed_by_what_the_account_has(limit: int, proposed: str) -> None:
    question = asked("RunsAtOnce", {}, limit)
    assert question.default == proposed
    assert question.fault(question.default) is None
    assert question.fault("100") == "one of 10, 1000"
    assert not [one for one in checks.runs(account(limit), proposed) if one.stops]


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


def test_what_was_answered_before_is_proposed_again() -> None:
    assert asked("RunsAtOnce", {"RunsAtOnce": "10"}, 1_000).default == "10"
    assert asked("MonthlyBudget", {"MonthlyBudget": "60"}).default == "60"


@pytest.mark.parametrize("error", [NoCredentialsError(), ClientError({"Error": {"Code": "AccessDenied"}}, "x")])
def test_an_account_that_does_not_say_leaves_the_template_s_default(error: Exception) -> None:
    def refuses() -> Any:
        raise error

    assert checks.proposed(SimpleNamespace(get_account_settings=refuses)) == {}
    assert {one.name: one.default for one in questions(TEMPLATE, {})}["RunsAtOnce"] == "10"


@pytest.mark.parametrize(
    ("answer", "good"), [("25", True), ("0", True), ("7.5", True), ("-1", False), ("25 USD", False)]
)
def test_a_budget_is_a_number_before_anything_is_built(answer: str, good: bool) -> None:
    question = asked("MonthlyBudget", {})
    assert question.default == "25"
    assert (question.fault(answer) is None) is good


OLD, NEW = (f"https://{api}.execute-api.ap-southeast-1.amazonaws.com/live" for api in ("a1b2c3", "d4e5f6"))


@pytest.mark.parametrize(
    ("remembered", "outputs", "kept"),
    [
        (OLD, {"ApiUrl": OLD}, True),
        (OLD, {"ApiUrl": NEW}, False),
        (OLD, {}, False),  # the stack is gone, and comes back under its name
        ("https://lapor.desa.example", {}, True),
        ("", {}, True),
    ],
)
def test_the_address_of_an_api_that_is_gone_is_not_proposed_again(
    remembered: str, outputs: dict[str, str], kept: bool
) -> None:
    known = of_this_stack({"PublicUrl": remembered, "Platforms": "yes"}, outputs)
    assert known == ({"PublicUrl": remembered} if kept else {}) | {"Platforms": "yes"}
