"""A policy out of JSON of any shape: every fault at once with its place, and letters that can always be sent."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.domain import policy_checks
from tanggap.domain.clocks import ClockName
from tanggap.domain.errors import Invalid
from tanggap.domain.policy import MAX_FAULTS, Policy, first_policy, read_policy
from tanggap.domain.terms import Term
from tanggap.domain.words import Kind
from tests.support.world import DOMAIN, POLICY

ROOT = Path(__file__).parents[2]
LADDER = [{"id": "breach", "fraction": 1, "audience": "unit_head"}]


def policy(**parts: Any) -> Policy:
    return read_policy({**copy.deepcopy(POLICY), **parts}, 1)


def places(**parts: Any) -> set[str]:
    """Where faults are, of reading and of saving together."""
    raw = {**copy.deepcopy(POLICY), **parts}
    found = {fault["place"] for fault in policy_checks.faults_in(raw, DOMAIN)}
    try:
        read_policy(raw, 1)
    except Invalid as error:
        found |= {fault["place"] for fault in error.faults}
    return found


@pytest.mark.parametrize(
    "raw",
    [POLICY, first_policy("Desa", "+08:00", "a@kantor.example"), json.loads((ROOT / "events/policy.json").read_text())],
)
def test_the_policies_that_we_ship_have_no_fault(raw: dict[str, Any]) -> None:
    assert read_policy(raw, 3).version == 3
    assert policy_checks.faults_in(raw, DOMAIN) == []


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"agency": ""}, "agency"),
        ({"agency": None}, "agency"),
        ({"agency": "x" * 201}, "agency"),
        ({"agency": "Desa\nBcc: x"}, "agency"),
        ({"agency": "Desa \u202eatsed"}, "agency"),
        ({"utc_offset": "+06:00"}, "utc_offset"),
        ({"utc_offset": 7}, "utc_offset"),
        ({"utc_offset": {}}, "utc_offset"),
        ({"utc_offset": ["+07:00"]}, "utc_offset"),
        ({"coordinator": []}, "coordinator"),
        ({"coordinator": "not an address"}, "coordinator"),
        ({"coordinator": ["a@b.example", 5]}, "coordinator"),
        ({"coordinator": ["a..b@c.example"]}, "coordinator"),
        ({"coordinator": ["a@-b.example"]}, "coordinator"),
        ({"coordinator": ["a@b"]}, "coordinator"),
        ({"coordinator": ["a@b.example\nBcc: c@d.example"]}, "coordinator"),
        ({"coordinator": [f"a{n}@b.example" for n in range(21)]}, "coordinator"),
        ({"coordinator": [f"lapor@{DOMAIN}"]}, "coordinator"),
        ({"inspectorate": [f"x@sub.{DOMAIN}".upper()]}, "inspectorate"),
        ({"leadership": f"lapor+token@{DOMAIN}"}, "leadership"),
        ({"units": {}}, "units"),
        ({"units": [1]}, "units"),
        ({"units": [{}]}, "units[0].id"),
        ({"units": [{"id": "PU"}]}, "units[0].id"),
        ({"units": [{"id": ["pu"]}]}, "units[0].id"),
        ({"units": [POLICY["units"][0], POLICY["units"][0]]}, "units[1].id"),
        ({"units": [{**POLICY["units"][0], "heads": []}]}, "units[0].heads"),
        ({"units": [{**POLICY["units"][0], "id": f"u{n}"} for n in range(201)]}, "units"),
        ({"categories": [{"id": "x", "name": "X", "unit": "nope"}]}, "categories[0].unit"),
        ({"categories": [{"id": "x", "name": "X", "unit": []}]}, "categories[0].unit"),
        ({"categories": [{"id": "x"}]}, "categories[0].name"),
        ({"clocks": []}, "clocks"),
        ({"clocks": {"lunch": {}}}, "clocks.lunch"),
        ({"clocks": {"verify": None}}, "clocks.verify"),
        ({"clocks": {"verify": {"crime": None}}}, "clocks.verify.crime"),
        ({"clocks": {"verify": {"*": {"amount": True, "unit": "hours"}}}}, "clocks.verify.*"),
        ({"clocks": {"verify": {"*": {"amount": 2001, "unit": "hours"}}}}, "clocks.verify.*"),
        ({"clocks": {"verify": {"*": {"amount": 1, "unit": "weeks"}}}}, "clocks.verify.*"),
        ({"clocks": {"verify": {"*": {"amount": 1, "unit": ["hours"]}}}}, "clocks.verify.*"),
        ({"clocks": {"verify": {"*": {"amount": 1, "unit": "hours", "from": 1}}}}, "clocks.verify.*.from"),
        ({"ladder": []}, "ladder"),
        ({"ladder": None}, "ladder"),
        ({"ladder": [*LADDER, *LADDER]}, "ladder[1].id"),
        ({"ladder": [{"id": "a", "fraction": True, "audience": "desk"}, *LADDER]}, "ladder[0].fraction"),
        ({"ladder": [{"id": "a", "fraction": 1.01, "audience": "desk"}, *LADDER]}, "ladder[0].fraction"),
        ({"ladder": [{"id": "a", "fraction": "1", "audience": "desk"}, *LADDER]}, "ladder[0].fraction"),
        ({"ladder": [{"id": "a", "audience": "desk"}, *LADDER]}, "ladder[0]"),
        (
            {"ladder": [{"id": "a", "working_days_after": 0, "audience": "desk"}, *LADDER]},
            "ladder[0].working_days_after",
        ),
        ({"ladder": [{"id": "a", "fraction": 0.5, "audience": "system"}, *LADDER]}, "ladder[0].audience"),
        ({"ladder": [{"id": "a", "fraction": 0.5, "audience": []}, *LADDER]}, "ladder[0].audience"),
        ({"ladder": [{"id": "A b", "fraction": 0.5, "audience": "desk"}, *LADDER]}, "ladder[0].id"),
        ({"office_hours": {"opens": "16:00", "closes": "08:00"}}, "office_hours"),
        ({"office_hours": {"opens": 8}}, "office_hours.opens"),
        ({"office_hours": {"opens": "08:00+07:00"}}, "office_hours.opens"),
        ({"office_hours": {"closes": "25:00"}}, "office_hours.closes"),
        ({"office_hours": {"weekdays": []}}, "office_hours.weekdays"),
        ({"office_hours": {"weekdays": [True]}}, "office_hours.weekdays"),
        ({"office_hours": {"weekdays": [0]}}, "office_hours.weekdays"),
        ({"office_hours": {"lunch": "12:00"}}, "office_hours.lunch"),
        ({"calendar": {"days_off": [{"date": "2026-02-30", "name": "x"}]}}, "calendar.days_off[0].date"),
        ({"calendar": {"days_off": [{"date": "0001-01-01", "name": "x"}]}}, "calendar.days_off[0].date"),
        ({"calendar": {"days_off": [{"date": 5, "name": "x"}]}}, "calendar.days_off[0].date"),
        ({"calendar": {"days_off": [{"date": "2026-12-24"}]}}, "calendar.days_off[0].name"),
        ({"calendar": {"days_off": "x"}}, "calendar.days_off"),
        ({"calendar": {"working_days": {}}}, "calendar.working_days"),
        ({"calendar": {"working_days": [None]}}, "calendar.working_days[0]"),
        ({"calendar": {"known_until": "soon"}}, "calendar.known_until"),
        ({"letters": []}, "letters"),
        ({"letters": {"spam": {}}}, "letters.spam"),
        ({"letters": {"addition": {"text": "x"}}}, "letters.addition"),
        ({"letters": {"answer": "x"}}, "letters.answer"),
        ({"letters": {"answer": {"text": 5}}}, "letters.answer"),
        ({"letters": {"answer": {"body": "x"}}}, "letters.answer.body"),
        ({"deadline_basis": ""}, "deadline_basis"),
        ({"former_units": "x"}, "former_units"),
        ({"former_units": [["x"]]}, "former_units"),
        ({"agencyy": "x"}, "agencyy"),
    ],
)
def test_a_fault_is_told_with_its_place(parts: dict[str, Any], place: str) -> None:
    assert places(**parts) == {place} or place in places(**parts)


def test_all_faults_are_told_at_once_and_each_once() -> None:
    broken: dict[str, Any] = {
        "agency": 5,
        "clocks": {"verify": {"*": {"amount": 0, "unit": "x"}}},
        "office_hours": {"opens": "x"},
    }
    with pytest.raises(Invalid) as caught:
        policy(**broken)
    told = [fault["place"] for fault in caught.value.faults]
    assert told == sorted(set(told), key=told.index)
    assert set(told) == {"agency", "clocks.verify.*", "office_hours.opens"}


def test_an_answer_full_of_faults_has_an_end() -> None:
    with pytest.raises(Invalid) as caught:
        policy(units=[{}] * 5000, **{"x" * 100_000: 1})
    assert len(caught.value.faults) == MAX_FAULTS + 1
    assert len(json.dumps(caught.value.faults)) < 50_000


@pytest.mark.parametrize("raw", [None, [], "x", 5, True])
def test_what_is_no_object_is_no_policy(raw: Any) -> None:
    with pytest.raises(Invalid):
        read_policy(raw, 1)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
_PARTS = sorted(
    {
        *POLICY,
        *("clocks", "ladder", "office_hours", "calendar", "letters", "languages", "retention"),
        *("deadline_basis", "former_units"),
    }
)
_INNER = [
    "id",
    "name",
    "head",
    "liaisons",
    "verify",
    "*",
    "amount",
    "unit",
    "fraction",
    "audience",
    "opens",
    "weekdays",
]
_INNER += ["days_off", "date", "working_days", "answer", "text", "subject"]
_INNER += ["hours_in", "from", "until", "closes", "closed_cases", "years", "en", "template", "escalation-x"]
shaped = st.recursive(
    json_values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_INNER), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(_PARTS) | st.text(max_size=5), shaped, max_size=5))
def test_any_json_is_a_policy_or_a_list_of_faults_and_never_a_failure(parts: dict[str, Any]) -> None:
    assert all(isinstance(place, str) for place in places(**parts))


# -- what a policy means


def term_of(of: Policy, kind: Kind, basis: str = "") -> Term | None:
    _, allowed = of.allowance(ClockName.RESOLVE, kind, basis)
    return allowed.term if allowed else None


def test_terms_that_the_agency_does_not_name_are_the_usual_ones() -> None:
    usual = policy()
    assert term_of(usual, Kind.COMPLAINT) == Term(14, "working_days")
    assert term_of(usual, Kind.SUPERVISORY) == Term(60, "working_days")
    assert term_of(usual, Kind.PRAISE) is None
    own = policy(clocks={"resolve": {"complaint": {"amount": 7, "unit": "calendar_days"}}})
    assert term_of(own, Kind.COMPLAINT) == Term(7, "calendar_days")
    assert term_of(own, Kind.SUPERVISORY) == Term(60, "working_days")


def test_an_agency_that_says_every_kind_means_every_kind() -> None:
    own = policy(clocks={"resolve": {"*": {"amount": 10, "unit": "working_days"}, "praise": None}})
    assert {term_of(own, kind) for kind in Kind if kind is not Kind.PRAISE} == {Term(10, "working_days")}
    assert term_of(own, Kind.PRAISE) is None


def test_a_step_always_reaches_somebody() -> None:
    bare = policy(leadership=[], inspectorate=[])
    for audience in ("desk", "unit_head", "leadership", "inspectorate"):
        for unit in ("pu", None, "gone"):
            assert bare.audience(audience, unit)
    assert bare.audience("desk", "pu") == ("pu@kantor.example",)
    assert bare.audience("unit_head", None) == bare.coordinator
    assert bare.audience("inspectorate", "pu") == bare.coordinator


def test_an_agency_adds_days_off_takes_some_back_and_says_how_far_its_decree_goes() -> None:
    calendar = policy(
        calendar={
            "days_off": [{"date": "2026-12-02", "name": "Pilkades"}],
            "working_days": ["2026-12-25"],
            "known_until": "2030-12-31",
        }
    ).calendar
    assert calendar.day(date(2026, 12, 2)).why == "holiday: Pilkades"
    assert calendar.day(date(2026, 12, 25)).working
    assert calendar.day(date(2030, 12, 30)).why == "working_day"


# -- what would never end, never open, never run


def faults(**parts: Any) -> dict[str, str]:
    """Message by place."""
    raw = {**copy.deepcopy(POLICY), **parts}
    found = policy_checks.faults_in(raw, DOMAIN)
    try:
        read_policy(raw, 1)
    except Invalid as error:
        found += error.faults
    return {fault["place"]: fault["message"] for fault in found}


def role(key: str, deputy: str = "", *addresses: str) -> dict[str, Any]:
    return {"id": key, "name": key.title(), "addresses": list(addresses), "deputy": deputy}


def away(address: str, deputy: str, since: str = "2026-12-01", until: str = "2026-12-31") -> dict[str, str]:
    return {"address": f"{address}@kantor.example", "deputy": f"{deputy}@kantor.example", "from": since, "until": until}


def test_roles_that_stand_in_for_each_other_in_a_circle_are_told_with_the_way_round() -> None:
    found = faults(roles=[role("sekda", "asisten"), role("asisten", "bupati"), role("bupati", "sekda")])
    assert found.keys() == {f"roles[{index}].deputy" for index in range(3)}
    assert "sekda > asisten > bupati > sekda" in found["roles[0].deputy"]
    assert faults(roles=[role("sekda", "sekda")]).keys() == {"roles[0].deputy"}
    assert faults(roles=[role("sekda", "asisten"), role("asisten", "bupati"), role("bupati", "leadership")]) == {}


def test_people_who_are_away_on_one_day_and_stand_in_for_each_other_are_told_with_the_day() -> None:
    found = faults(absences=[away("a", "b"), away("b", "c", "2026-12-10"), away("c", "a", "2026-12-20")])
    assert found.keys() == {f"absences[{index}].deputy" for index in range(3)}
    assert "2026-12-20" in found["absences[0].deputy"]
    long = [away("a", "b"), away("b", "a"), away("x", "y", "2026-12-05"), away("y", "z", "2026-12-06")]
    with pytest.raises(Invalid) as caught:
        policy(absences=long)
    assert len(caught.value.faults) == 2, "each once, however many days it lasts"
    assert faults(absences=[away("a", "a")]).keys() == {"absences[0].deputy"}


def test_people_who_are_never_away_together_make_no_circle() -> None:
    turns = [away("a", "b", "2026-12-01", "2026-12-31"), away("b", "c", "2026-12-01", "2026-12-09")]
    assert faults(absences=[*turns, away("c", "a", "2026-12-10", "2026-12-31")]) == {}


@pytest.mark.parametrize("audience", ["sekda", "Sekda", "unit-head", "", None, "sekda@"])
def test_a_step_for_a_role_that_nobody_has_is_told_with_the_roles_that_there_are(audience: Any) -> None:
    found = faults(ladder=[{"id": "breach", "fraction": 1, "audience": audience}], roles=[role("bupati", "leadership")])
    assert found.keys() == {"ladder[0].audience"}
    assert "unit_head" in found["ladder[0].audience"]
    assert "bupati" in found["ladder[0].audience"]


def test_a_deputy_that_is_no_role_is_told_with_the_roles_that_there_are() -> None:
    found = faults(roles=[role("sekda", "asissten"), role("asisten", "", "a@kantor.example")])
    assert found.keys() == {"roles[0].deputy"}
    assert "asisten" in found["roles[0].deputy"]


@pytest.mark.parametrize(
    ("hours", "place"),
    [
        ({"opens": "08:00", "closes": "08:00"}, "office_hours"),
        ({"opens": "22:00", "closes": "06:00"}, "office_hours"),
        ({"weekdays": []}, "office_hours.weekdays"),
        ({"opens": "08:00", "closes": "12:00", "breaks": [{"from": "08:00", "to": "12:00"}]}, "office_hours.breaks[0]"),
        ({"days": {"5": {"opens": "13:00", "closes": "11:00"}}}, "office_hours.days.5"),
    ],
)
def test_an_office_that_never_opens_is_refused(hours: dict[str, Any], place: str) -> None:
    assert faults(office_hours=hours).keys() == {place}


@pytest.mark.parametrize("unit", ["hours", "calendar_days", "working_days", "office_hours"])
@pytest.mark.parametrize("amount", [0, -1, 0.5, None, "3"])
def test_a_clock_of_no_length_is_refused(amount: Any, unit: str) -> None:
    found = faults(clocks={"resolve": {"complaint": {"amount": amount, "unit": unit}}})
    assert found.keys() == {"clocks.resolve.complaint"}


def test_a_field_of_a_term_within_a_step_that_nobody_reads_is_a_fault() -> None:
    step = {"id": "early", "before": {"amount": 1, "unit": "hours", "source": "x"}, "audience": "desk"}
    assert faults(ladder=[step, *LADDER]).keys() == {"ladder[0].before.source"}


def test_a_clocks_label_is_no_term_and_a_terms_label_is_none() -> None:
    label = {"id": "penyelesaian", "en": "resolution"}
    assert faults(clocks={"resolve": {"label": label}}) == {}
    term = {"amount": 1, "unit": "hours", **label}
    assert faults(clocks={"resolve": {"complaint": term}}).keys() == {
        "clocks.resolve.complaint.id",
        "clocks.resolve.complaint.en",
    }


def test_a_decree_for_the_past_is_no_fault() -> None:
    assert faults(calendar={"days_off": [{"date": "2026-01-02", "name": "Libur yang terlambat"}]}) == {}
