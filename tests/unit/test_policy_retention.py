"""How long ended cases are kept: what a policy may say, and what a case carries of it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tanggap.domain import officers, policy_checks
from tanggap.domain.case import Case, Message
from tanggap.domain.citizens import Opening, open_case
from tanggap.domain.draft import Draft
from tanggap.domain.errors import Invalid
from tanggap.domain.policy import Policy, read_policy
from tanggap.domain.policy_retention import APPEAL_DAYS, DEFAULT_KEPT, Kept
from tanggap.domain.words import Channel, Kind, Status
from tests.support.world import COORDINATOR, LIAISON, POLICY, CountedIds

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
IDS = CountedIds()


def policy(**parts: Any) -> Policy:
    return read_policy({**copy.deepcopy(POLICY), **parts}, 1)


def kept(**by_kind: Any) -> Policy:
    return policy(retention={"closed_cases": {key.replace("every", "*"): row for key, row in by_kind.items()}})


def unreadable(retention: Any) -> list[str]:
    with pytest.raises(Invalid) as found:
        policy(retention=retention)
    return [fault["place"] for fault in found.value.faults]


def unfit(**parts: Any) -> dict[str, str]:
    return {fault["place"]: fault["message"] for fault in policy_checks.faults_of(policy(**parts))}


# -- what a policy says


def test_every_kind_is_kept_five_years_unless_the_policy_says_otherwise() -> None:
    assert dict(policy().retention) == dict.fromkeys(Kind, Kept(5, DEFAULT_KEPT.source))
    assert "JRA" in DEFAULT_KEPT.source


def test_a_kind_has_its_own_years_and_law_and_the_rest_those_of_every_kind() -> None:
    found = kept(every={"years": 3, "source": "JRA Bupati 7/2025"}, supervisory={"years": 10}, praise=None).retention
    assert found[Kind.SUPERVISORY] == Kept(10)
    assert found[Kind.PRAISE] is None
    assert found[Kind.COMPLAINT] == found[Kind.INFORMATION] == Kept(3, "JRA Bupati 7/2025")
    assert kept(supervisory={"years": 10}).retention[Kind.COMPLAINT] == DEFAULT_KEPT


@pytest.mark.parametrize(
    ("retention", "place"),
    [
        ("5 years", "retention"),
        ({"arrivals": 90}, "retention.arrivals"),
        ({"closed_cases": 5}, "retention.closed_cases"),
        ({"closed_cases": {"spam": {"years": 5}}}, "retention.closed_cases.spam"),
        ({"closed_cases": {"*": 5}}, "retention.closed_cases.*"),
        ({"closed_cases": {"*": {}}}, "retention.closed_cases.*.years"),
        ({"closed_cases": {"*": {"years": 0}}}, "retention.closed_cases.*.years"),
        ({"closed_cases": {"*": {"years": 101}}}, "retention.closed_cases.*.years"),
        ({"closed_cases": {"*": {"years": 2.5}}}, "retention.closed_cases.*.years"),
        ({"closed_cases": {"*": {"years": True}}}, "retention.closed_cases.*.years"),
        ({"closed_cases": {"*": {"years": 5, "source": ""}}}, "retention.closed_cases.*.source"),
        ({"closed_cases": {"*": {"years": 5, "months": 1}}}, "retention.closed_cases.*.months"),
    ],
)
def test_a_fault_is_told_with_its_place(retention: Any, place: str) -> None:
    assert unreadable(retention) == [place]


# -- never shorter than somebody may still ask for the case


def test_a_case_outlives_the_years_in_which_its_reporter_may_go_to_the_ombudsman() -> None:
    one_year = unfit(retention={"closed_cases": {"praise": {"years": 1}}})
    assert list(one_year) == ["retention.closed_cases.praise"]
    assert f"{APPEAL_DAYS} days" in one_year["retention.closed_cases.praise"]
    assert not unfit(retention={"closed_cases": {"*": {"years": 2}}})


def test_a_case_outlives_the_days_in_which_a_message_opens_it_again() -> None:
    intake = {"reopen_within_days": 1826}
    found = unfit(intake=intake)
    assert set(found) == {f"retention.closed_cases.{kind}" for kind in Kind}
    assert "1826 days at least: intake.reopen_within_days" in found["retention.closed_cases.complaint"]
    assert not unfit(intake={"reopen_within_days": 1825})
    assert policy(intake=intake).retention, "what is in force stays readable"


@pytest.mark.parametrize(
    ("term", "years"),
    [
        ({"amount": 1600, "unit": "calendar_days"}, 5),
        ({"amount": 1600, "unit": "calendar_days", "extension": 400}, 6),
        ({"amount": 500, "unit": "working_days"}, 3),
        ({"amount": 1000, "unit": "working_days"}, 5),
        ({"amount": 2000, "unit": "working_days"}, 10),
        ({"amount": 2000, "unit": "hours"}, 2),
        ({"amount": 2000, "unit": "office_hours"}, 2),
    ],
)
def test_a_case_outlives_the_longest_term_of_its_kind(term: dict[str, Any], years: int) -> None:
    clocks = {"resolve": {"supervisory": term}}
    enough = {"closed_cases": {"supervisory": {"years": years}, "complaint": {"years": 2}}}
    assert not unfit(clocks=clocks, retention=enough)
    found = unfit(clocks=clocks, retention={"closed_cases": {"supervisory": {"years": years - 1}}})
    assert list(found) == ["retention.closed_cases.supervisory"]


def test_what_is_kept_for_good_outlives_everything() -> None:
    assert not unfit(retention={"closed_cases": {"*": None}}, intake={"reopen_within_days": 3650})


# -- what a case carries


def opened(kind: Kind = Kind.COMPLAINT, at: datetime = AT, under: Policy | None = None) -> Case:
    message = Message(id="m", case="TGP-1", direction="in", channel=Channel.EMAIL, at=at, text="Rusak.")
    opening = Opening(number="TGP-1", message=message, reporter="r1", answer=True, kind=kind)
    case = open_case(opening, at, "reporter", under or policy(), IDS).change().case
    assert case
    return case


def rejected(case: Case, under: Policy, at: datetime = AT) -> Case:
    ended = officers.verify(case, COORDINATOR, "reject", "alasan", (), at, under, IDS).change().case
    assert ended and ended.ended
    return ended


def moved(case: Case, to: Status, under: Policy) -> Case:
    found = officers.set_status(case, LIAISON, to, "alasan", (), AT, under, IDS, None).change().case
    assert found
    return found


def test_an_open_case_has_no_last_day_and_an_ended_one_has_it_until_it_comes_back() -> None:
    under = kept(every={"years": 3})
    case = opened(under=under)
    assert case.keep_until is None
    ended = rejected(case, under)
    assert ended.keep_until == date(2029, 11, 23)
    back = moved(ended, Status.NEW, under)
    assert (back.ended_at, back.keep_until) == (None, None)
    later = rejected(back, under, AT + timedelta(days=40))
    assert later.keep_until == date(2030, 1, 2)


def test_the_years_are_those_of_its_kind_and_count_from_the_agencys_own_day() -> None:
    under = kept(every={"years": 3}, supervisory={"years": 10}, praise=None)
    late = datetime(2026, 12, 31, 18, 0, tzinfo=UTC)  # one in the morning in Jakarta
    assert rejected(opened(Kind.SUPERVISORY, late, under), under, late).keep_until == date(2037, 1, 1)
    assert rejected(opened(Kind.PRAISE, late, under), under, late).keep_until is None


def test_what_ended_on_a_leap_day_is_kept_until_the_end_of_a_february() -> None:
    assert Kept(5).until(date(2028, 2, 29)) == date(2033, 2, 28)
    assert Kept(4).until(date(2028, 2, 29)) == date(2032, 2, 29)


def again(case: Case, under: Policy) -> Iterator[Case]:
    """Written once more, without and with another kind."""
    for kind in (case.kind, Kind.SUPERVISORY):
        draft = Draft(case, AT + timedelta(days=9), "system", under, IDS)
        draft.set(kind=kind)
        draft.record("noted")
        found = draft.change().case
        assert found
        yield found


def test_a_newer_policy_leaves_the_last_day_of_what_ended_before_unless_its_kind_changes() -> None:
    ended = rejected(opened(), kept(every={"years": 3}))
    same, other = again(ended, kept(every={"years": 20}, supervisory={"years": 30}))
    assert same.keep_until == date(2029, 11, 23)
    assert other.keep_until == date(2056, 11, 23)


def test_a_case_that_ended_under_an_earlier_release_gets_its_day_when_it_is_next_written() -> None:
    ended = replace(rejected(opened(), policy()), keep_until=None)
    same, _ = again(ended, kept(every={"years": 4}))
    assert same.keep_until == date(2030, 11, 23)
