"""The bounds of one change at their full size, and over more policies than the unit tests try."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.test_change_bounds import NOTES, a_year_at_once, policies, same_in_the_end, told


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(policy=policies(), outage=st.integers(1, 400), note=NOTES)
def test_after_any_outage_a_case_stands_as_if_it_had_been_swept_each_day(
    policy: dict[str, Any], outage: int, note: str
) -> None:
    same_in_the_end(policy, outage, note)


def test_every_bound_of_a_policy_at_once_after_a_year_is_one_transaction() -> None:
    world, number = a_year_at_once(own_clocks=25)
    case = world.cases.case(number)
    assert len(case.clocks) > 300 and case.missed
    assert len(told(world, number)) > 10_000
    assert world.cases.parcels >= 1
