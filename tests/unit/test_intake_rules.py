"""What an agency may say about taking mail in."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tanggap.domain.errors import Invalid
from tanggap.domain.intake_rules import LIMITS, IntakeRules, messages_lately, settled_long_ago
from tanggap.domain.policy import read_policy
from tests.support.world import POLICY

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)


def rules(**given: Any) -> IntakeRules:
    return read_policy({**POLICY, "intake": given}, 1).intake


def test_an_agency_that_says_nothing_has_the_defaults() -> None:
    assert read_policy(POLICY, 1).intake == IntakeRules()


def test_each_rule_can_be_set_and_has_its_limits() -> None:
    assert {field.name for field in fields(IntakeRules)} == set(LIMITS)
    for name, (least, most) in LIMITS.items():
        day = {"answers_per_day": 5_000} if name == "answers_per_hour" else {"answers_per_hour": 1}
        assert getattr(rules(**{**day, name: most}), name) == most
        assert getattr(rules(**{**day, name: least}), name) == least


@pytest.mark.parametrize(
    ("given", "place"),
    [
        *(({name: most + 1}, f"intake.{name}") for name, (_, most) in LIMITS.items()),
        *(({name: least - 1}, f"intake.{name}") for name, (least, _) in LIMITS.items()),
        *(({name: wrong}, f"intake.{name}") for name in LIMITS for wrong in (True, "3", 1.5, None, [])),
        ({"answers_per_our": 3}, "intake.answers_per_our"),
        ({"answers_per_hour": 30, "answers_per_day": 29}, "intake.answers_per_day"),
    ],
)
def test_each_fault_is_told_by_its_place(given: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules(**given)
    assert [fault["place"] for fault in refused.value.faults] == [place]


def test_a_rule_that_is_no_table_is_a_fault() -> None:
    with pytest.raises(Invalid):
        read_policy({**POLICY, "intake": [1]}, 1)


def test_messages_of_the_last_hour_are_counted_and_older_ones_not() -> None:
    heard = (AT - timedelta(hours=1), AT - timedelta(minutes=59), AT)
    assert messages_lately(heard, AT).messages_in_hour == 2


@pytest.mark.parametrize(("days", "long_ago"), [(59, False), (60, False), (61, True)])
def test_a_case_comes_back_to_life_within_the_days_of_the_policy(days: int, long_ago: bool) -> None:
    assert settled_long_ago(AT - timedelta(days=days), AT, IntakeRules()) is long_ago
    assert not settled_long_ago(None, AT, IntakeRules())
