"""Policies that read well and under which cases would fall silent are refused, each fault at its place."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tanggap.domain.calendar_id import KNOWN_UNTIL
from tanggap.domain.errors import Invalid
from tanggap.domain.policy import read_policy
from tanggap.domain.policy_checks import faults_of
from tanggap.domain.policy_oddities import oddities
from tanggap.domain.words import Kind
from tests.support.world import POLICY, World

POLICIES = Path(__file__).parents[2] / "infra" / "policies"
DAY = {"*": {"amount": 1, "unit": "working_days"}}


def places(**more: Any) -> dict[str, str]:
    policy = read_policy({**POLICY, **more}, 2)
    return {fault["place"]: fault["message"] for fault in faults_of(policy)}


def of_clock(name: str, **own: Any) -> dict[str, str]:
    return places(clocks={name: own})


@pytest.mark.parametrize("name", ["desa", "kabupaten"])
def test_the_policies_to_start_from_have_no_gap(name: str) -> None:
    raw = json.loads((POLICIES / f"{name}.json").read_text())
    assert faults_of(read_policy(raw, 2)) == []


def test_a_clock_that_only_a_word_stops_has_nothing_that_lets_it_go_on() -> None:
    found = of_clock("resolve", pauses=["officer_wrote"])
    assert "officer_wrote" in found["clocks.resolve.pauses"]


def test_a_case_that_waits_for_its_reporter_waits_for_a_date() -> None:
    found = of_clock("reporter_reply", **{"*": None})
    assert set(found) >= {"clocks.resolve.pauses", "clocks.verify.pauses"}
    assert "needs_info" in found["clocks.resolve.pauses"]


def test_one_kind_without_a_date_is_named() -> None:
    answered = {"*": {"amount": 10, "unit": "working_days"}, "information": None}
    assert "information" in of_clock("reporter_reply", **answered)["clocks.resolve.pauses"]


@pytest.mark.parametrize("event", ["officer_wrote", "needs_info"])
def test_a_wait_that_the_question_itself_ends_is_none(event: str) -> None:
    own = {"*": {"amount": 10, "unit": "working_days"}, "meets": ["reporter_wrote", event]}
    assert "clocks.resolve.pauses" in of_clock("reporter_reply", **own)


def test_a_pause_in_a_status_that_no_silence_ends_is_refused() -> None:
    assert "forwarded" in of_clock("resolve", pauses=["needs_info", "forwarded"])["clocks.resolve.pauses"]


def test_what_is_kept_is_judged_where_the_agency_says_it() -> None:
    term = {"amount": 2000, "unit": "working_days"}
    long = {"resolve": {"*": term, "praise": term}}
    assert places(clocks=long) == {}
    said = {"closed_cases": {"*": {"years": 5, "source": "JRA"}}}
    assert set(places(clocks=long, retention=said)) == {f"retention.closed_cases.{kind}" for kind in Kind}


def test_a_units_clock_starts_when_the_unit_has_the_case() -> None:
    own = {"starts": ["received"], "meets": ["unit_wrote"], "by_unit": True}
    assert "assigned" in of_clock("unit_first", **DAY, **own)["clocks.unit_first.starts"]
    assert of_clock("unit_first", **DAY, **{**own, "starts": ["assigned"]}) == {}


@pytest.mark.parametrize(
    "hours",
    [
        {"opens": "08:00", "closes": "08:00:00.000001"},
        {"opens": "08:00", "closes": "08:59"},
        {"opens": "08:00", "closes": "09:30", "breaks": [{"from": "08:20", "to": "09:00"}]},
        {"opens": "08:00", "closes": "16:00", "days": {"5": {"opens": "08:00", "closes": "08:30"}}},
    ],
)
def test_hours_in_which_no_work_is_done_are_refused(hours: dict[str, Any]) -> None:
    assert list(places(office_hours=hours)) == ["office_hours"]


@pytest.mark.parametrize("status", ["new", "forwarded"])
def test_a_clock_that_stands_still_as_it_starts_is_refused(status: str) -> None:
    own = {"starts": ["received", "assigned"], "meets": ["answered"], "pauses": ["needs_info", status]}
    found = of_clock("mine", **DAY, **own)
    assert status in found["clocks.mine.pauses"]


def test_an_hour_a_day_will_do() -> None:
    assert places(office_hours={"opens": "08:00", "closes": "09:00"}) == {}


def test_a_deputy_that_is_a_list_is_a_fault_and_no_accident() -> None:
    with pytest.raises(Invalid) as found:
        read_policy({**POLICY, "roles": [{"id": "x", "name": "X", "deputy": ["a"]}]}, 2)
    assert next(fault["place"] for fault in found.value.faults) == "roles[0].deputy"


def test_a_term_of_two_thousand_office_hours_in_the_shortest_week_has_its_date() -> None:
    early = [
        {"id": "early", "before": {"amount": 2000, "unit": "office_hours"}, "audience": "desk"},
        {"id": "b", "fraction": 1, "audience": "desk"},
    ]
    raw = {
        **POLICY,
        "office_hours": {"opens": "08:00", "closes": "09:00", "weekdays": [1]},
        "clocks": {"resolve": {"*": {"amount": 2000, "unit": "office_hours"}, "ladder": early}},
    }
    world = World(policy=raw)
    assert world.cases.case(world.new_case()).due_at is not None


def test_days_that_are_known_far_ahead_without_one_being_listed_would_silence_the_calendars_alarm() -> None:
    found = places(calendar={"known_until": "2099-12-31"})
    assert list(found) == ["calendar.known_until"]
    year = KNOWN_UNTIL.year + 1
    listed = [{"date": f"{year}-01-01", "name": "Tahun Baru"}]
    assert places(calendar={"known_until": f"{year}-12-31", "days_off": listed}) == {}


# -- odd, and told by a dry run only


def told(**more: Any) -> dict[str, str]:
    return dict(oddities(read_policy({**POLICY, **more}, 2)))


def test_our_policies_say_nothing_twice() -> None:
    assert told() == {}
    for name in ("desa", "kabupaten"):
        assert list(oddities(read_policy(json.loads((POLICIES / f"{name}.json").read_text()), 2))) == []


def test_a_date_that_is_named_twice_or_both_ways_is_told() -> None:
    day = {"date": "2027-01-04", "name": "Libur desa"}
    assert "2027-01-04" in told(calendar={"days_off": [day, {**day, "name": "Lain"}]})["calendar.days_off"]
    assert "works" in told(calendar={"days_off": [day], "working_days": ["2027-01-04"]})["calendar"]


def test_an_office_that_is_closed_for_longer_than_any_holiday_is_told_once() -> None:
    days = [{"date": str(date(2027, 1, 4) + timedelta(days=n)), "name": "Tutup"} for n in range(40)]
    assert "2027-01-01" in told(calendar={"days_off": days})["calendar.days_off"]
    assert told(calendar={"days_off": days[:10]}) == {}


def test_two_deputies_at_once_and_an_extension_beyond_its_term_are_told() -> None:
    away = {"address": "a@desa.example", "from": "2027-01-04", "until": "2027-01-08"}
    deputies = [{**away, "deputy": f"{name}@desa.example"} for name in "bc"]
    assert "2027-01-04" in told(absences=deputies)["absences"]
    term = {"*": {"amount": 1, "unit": "working_days", "extension": 2000}}
    assert "2000 more" in told(clocks={"resolve": term})["clocks.resolve"]


def test_a_law_of_ones_own_over_terms_that_name_another_is_told() -> None:
    found = told(deadline_basis="perbup-12-2026")["deadline_basis"]
    assert "resolve" in found and "perbup-12-2026" in found


OURS = ["first_response", "verify", "resolve", "follow_up"]


@pytest.mark.parametrize("name", OURS)
def test_every_kind_means_praise_only_where_praise_is_named(name: str) -> None:
    """Policies were saved with `*` alone, before praise was filed by itself."""
    every = {**DAY, "*@perbup-1": DAY["*"]}
    saved = read_policy({**POLICY, "clocks": {name: every}}, 2).promises[name]
    assert [kind for kind in Kind if saved.allowance(kind, "perbup-1")[1] is None] == [Kind.PRAISE]
    assert saved.allowance(Kind.PRAISE, "")[1] is None
    for given in ({**every, "praise": DAY["*"]}, {**DAY, "praise@perbup-1": DAY["*"]}):
        promise = read_policy({**POLICY, "clocks": {name: given}}, 2).promises[name]
        assert promise.allowance(Kind.PRAISE, "perbup-1")[1] is not None
    own = {**DAY, "starts": ["received"], "meets": ["closed"]}
    assert read_policy({**POLICY, "clocks": {"visit": own}}, 2).promises["visit"].allowance(Kind.PRAISE, "")[1]


def test_who_says_every_kind_is_told_that_praise_is_not_among_them() -> None:
    assert "not named" in told(clocks={"verify": DAY})["clocks.verify.praise"]
    for praise in (None, DAY["*"]):
        assert told(clocks={"verify": {**DAY, "praise": praise}}) == {}
    assert told(clocks={"reporter_reply": DAY}) == told(clocks={"verify": {"*": None}}) == {}
