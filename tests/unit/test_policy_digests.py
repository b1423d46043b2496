"""The policy's word on digests: what stands where nothing is said, and each fault by its place."""

from __future__ import annotations

import copy
from datetime import time
from typing import Any

import pytest

from tanggap.domain.errors import Invalid
from tanggap.domain.policy import Policy, read_policy
from tanggap.domain.policy_checks import faults_in
from tests.support.world import POLICY


def policy(digests: Any = None, **more: Any) -> Policy:
    raw = {**copy.deepcopy(POLICY), **more}
    return read_policy(raw if digests is None else {**raw, "digests": digests}, 1)


def faults(digests: Any, **more: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        policy(digests, **more)
    return {fault["place"]: fault["message"] for fault in refused.value.faults}


def test_who_says_nothing_has_a_daily_list_for_desks_and_weekly_figures_for_heads_and_leadership() -> None:
    digests = policy().digests
    assert (digests.daily.at, digests.daily.to, digests.daily.weekday) == (time(7, 30), ("desk",), None)
    assert (digests.weekly.at, digests.weekly.to) == (time(7, 30), ("unit_head", "leadership"))
    assert digests.weekly.weekday == 1
    assert digests.new_cases == "hourly"


def test_a_policy_says_when_to_whom_and_how() -> None:
    digests = policy(
        {
            "daily": {"at": "06:45", "to": ["desk", "bupati@kantor.example", "staf"]},
            "weekly": {"weekday": 5, "at": "15:00", "to": []},
            "new_cases": "at_once",
        },
        roles=[{"id": "staf", "name": "Staf ahli", "addresses": ["staf@kantor.example"]}],
    ).digests
    assert (digests.daily.at, digests.daily.to) == (time(6, 45), ("desk", "bupati@kantor.example", "staf"))
    assert (digests.weekly.weekday, digests.weekly.at, digests.weekly.to) == (5, time(15), ())
    assert digests.new_cases == "at_once"


def test_a_unit_chooses_for_itself_and_hears_at_once_where_it_does_not() -> None:
    raw = copy.deepcopy(POLICY)
    raw["units"][0]["new_cases"] = "hourly"
    digests = read_policy(raw, 1).digests
    assert digests.told_by_the_hour("pu")
    assert not digests.told_by_the_hour("adm")
    assert digests.told_by_the_hour(None)


@pytest.mark.parametrize("at", ["7:30", "07:31", "04:45", "20:15", "07:30:01", "07:30+07:00", "", 7, None])
def test_an_hour_is_a_quarter_between_morning_and_evening(at: object) -> None:
    assert set(faults({"daily": {"at": at}})) == {"digests.daily.at"}
    assert set(faults({"weekly": {"at": at}})) == {"digests.weekly.at"}


@pytest.mark.parametrize("at", ["05:00", "20:00", "12:15"])
def test_the_first_and_the_last_hour_will_do(at: str) -> None:
    assert policy({"daily": {"at": at}}).digests.daily.at == time.fromisoformat(at)


@pytest.mark.parametrize("weekday", [0, 8, "1", True, None, 1.0])
def test_a_weekday_is_1_to_7(weekday: object) -> None:
    assert set(faults({"weekly": {"weekday": weekday}})) == {"digests.weekly.weekday"}


def test_every_fault_is_told_at_once() -> None:
    found = faults(
        {"daily": {"at": "soon", "to": ["desk", "mayor", 3]}, "weekly": {"to": "leadership"}, "new_cases": "never"},
        units=[{**POLICY["units"][0], "new_cases": "daily"}, POLICY["units"][1]],
    )
    assert set(found) == {
        "digests.daily.at",
        "digests.daily.to[1]",
        "digests.daily.to[2]",
        "digests.weekly.to",
        "digests.new_cases",
        "units[0].new_cases",
    }


@pytest.mark.parametrize("digests", [[], "daily", {"daily": []}, {"weekly": "monday"}])
def test_what_is_no_object_is_told(digests: object) -> None:
    assert all(place.startswith("digests") for place in faults(digests))


def test_a_misspelt_field_and_an_address_of_our_own_are_told_when_saved() -> None:
    raw = {
        **POLICY,
        "digests": {
            "dayly": {},
            "daily": {"hour": "07:30", "weekday": 1, "to": ["lapor@lapor.desa.example"]},
            "weekly": {"day": 1},
        },
        "units": [{**POLICY["units"][0], "new_cases": "hourly"}],
    }
    places = {fault["place"] for fault in faults_in(raw, "lapor.desa.example")}
    assert places == {
        "digests.dayly",
        "digests.daily.hour",
        "digests.daily.weekday",
        "digests.weekly.day",
        "digests.daily.to",
    }
