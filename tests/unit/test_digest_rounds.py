"""When a digest is due. 2026-11-23 is a Monday; 2026-12-24 and 25 are days off (joint leave, Christmas)."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

import pytest

from tanggap.domain import digest_rounds
from tanggap.domain.policy import Policy, read_policy
from tests.support.world import POLICY


def policy(offset: str = "+07:00", **digests: Any) -> Policy:
    return read_policy({**copy.deepcopy(POLICY), "utc_offset": offset, "digests": digests}, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "key"),
    [
        ("2026-11-23T07:29:59+07:00", None),
        ("2026-11-23T07:30:00+07:00", "2026-11-23"),
        ("2026-11-23T22:45:00+07:00", "2026-11-23"),  # late is better than not at all
        ("2026-11-24T00:00:00+07:00", None),
        ("2026-11-21T09:00:00+07:00", None),  # Saturday
        ("2026-12-24T09:00:00+07:00", None),  # joint leave
        ("2026-12-25T09:00:00+07:00", None),  # Christmas
        ("2026-12-28T07:30:00+07:00", "2026-12-28"),
    ],
)
def test_the_daily_digest_goes_on_working_days_from_its_hour_on(moment: str, key: str | None) -> None:
    assert digest_rounds.daily(policy(), at(moment)) == key


@pytest.mark.parametrize(("offset", "begins"), [("+07:00", "00:30"), ("+08:00", "23:30"), ("+09:00", "22:30")])
def test_the_hour_is_the_agencys_own(offset: str, begins: str) -> None:
    day = "2026-11-24" if begins == "00:30" else "2026-11-23"
    due = at(f"{day}T{begins}:00+00:00")
    assert digest_rounds.daily(policy(offset), due) == "2026-11-24"
    assert digest_rounds.daily(policy(offset), due.replace(minute=29, second=59)) is None


@pytest.mark.parametrize(
    ("weekday", "moment", "key"),
    [
        (1, "2026-11-23T07:30:00+07:00", "2026-11-23"),
        (1, "2026-11-23T07:15:00+07:00", None),
        (1, "2026-11-25T06:00:00+07:00", "2026-11-23"),  # held up by an outage: the week's all the same
        (5, "2026-11-23T09:00:00+07:00", "2026-11-20"),
        (5, "2026-12-25T09:00:00+07:00", None),  # a Friday off
        (5, "2026-12-28T07:15:00+07:00", None),
        (5, "2026-12-28T07:30:00+07:00", "2026-12-25"),  # so on Monday
        (7, "2026-11-22T09:00:00+07:00", None),  # a Sunday
        (7, "2026-11-23T07:30:00+07:00", "2026-11-22"),
    ],
)
def test_the_weekly_digest_goes_on_its_day_or_the_next_working_day(weekday: int, moment: str, key: str | None) -> None:
    assert digest_rounds.weekly(policy(weekly={"weekday": weekday}), at(moment)) == key


def test_a_digest_to_nobody_is_never_due() -> None:
    nobody = policy(daily={"to": []}, weekly={"to": []})
    moment = at("2026-11-23T09:00:00+07:00")
    assert digest_rounds.daily(nobody, moment) is None
    assert digest_rounds.weekly(nobody, moment) is None


@pytest.mark.parametrize(
    ("moment", "key", "until"),
    [
        ("2026-11-23T07:59:00+07:00", None, None),
        ("2026-11-23T08:00:00+07:00", "08:00", "07:55"),  # with what came at night
        ("2026-11-23T10:45:00+07:00", "10:00", "09:55"),
        ("2026-11-23T16:00:00+07:00", "16:00", "15:55"),  # the last hour of work
        ("2026-11-23T17:00:00+07:00", None, None),
        ("2026-11-22T10:00:00+07:00", None, None),
        ("2026-12-25T10:00:00+07:00", None, None),
    ],
)
def test_new_cases_are_told_at_the_full_hours_of_work(moment: str, key: str | None, until: str | None) -> None:
    found = digest_rounds.hourly(policy(), at(moment))
    if key is None:
        assert found is None
    else:
        assert found == (f"2026-11-23T{key}+07:00", at(f"2026-11-23T{until}:00+07:00"))


def test_keys_sort_as_time_does() -> None:
    days = [f"2026-{month}-{day:02d}T09:00:00+07:00" for month in (11, 12) for day in range(1, 31)]
    keys = [key for day in days if (key := digest_rounds.daily(policy(), at(day)))]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys))
