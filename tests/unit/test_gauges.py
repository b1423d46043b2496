"""When the desk asks for an operator: the rules, each at its edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tanggap.domain import gauges, heard
from tanggap.domain.canary import MARK
from tanggap.domain.case import Delivery, Received
from tanggap.domain.policy import read_policy
from tanggap.domain.words import Channel, DeliveryState, Outcome, Purpose, Reason
from tests.support.world import POLICY

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)  # a Monday, ten o'clock in Jakarta
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CALENDAR = read_policy(POLICY, 1).calendar


def letter(**more: object) -> Delivery:
    values = {"id": "d1", "case": "TGP-1", "purpose": Purpose.ANSWER, "created_at": AT, "subject": "", "text": ""}
    return Delivery(**{**values, "attempts": 3, **more})  # type: ignore[arg-type]


def row(**more: object) -> Received:
    values = {"arrival": "mail/1", "channel": Channel.EMAIL, "at": AT, "size": 1}
    return Received(**{**values, "outcome": Outcome.PARKED, "reason": Reason.UNREADABLE, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("state", [DeliveryState.QUEUED, DeliveryState.CLAIMED])
def test_a_letter_that_waits_for_its_service_is_held_up_after_four_hours(state: DeliveryState) -> None:
    one = letter(state=state)
    assert not gauges.held_up(one, AT + 4 * HOUR - timedelta(seconds=1), CALENDAR)
    assert gauges.held_up(one, AT + 4 * HOUR, CALENDAR)


@pytest.mark.parametrize("state", sorted(set(DeliveryState) - {DeliveryState.QUEUED, DeliveryState.CLAIMED}))
def test_what_is_sent_held_or_over_is_not(state: DeliveryState) -> None:
    assert not gauges.held_up(letter(state=state), AT + 9 * DAY, CALENDAR)


def test_a_letter_of_the_ladder_waits_for_an_office_hour_first() -> None:
    friday = AT - 3 * DAY + 12 * HOUR  # 22 o'clock; the office opens on Monday at 8, which is 1 in UTC
    asleep = letter(purpose=Purpose.ESCALATION, created_at=friday, attempts=0)
    assert not gauges.held_up(asleep, AT + 9 * DAY, CALENDAR)
    let_out = replace(asleep, attempts=1)
    assert not gauges.held_up(let_out, AT + HOUR, CALENDAR)
    assert gauges.held_up(let_out, AT + 3 * HOUR, CALENDAR)


def test_the_canary_is_in_no_figure() -> None:
    assert not gauges.held_up(letter(marks=(MARK,)), AT + 9 * DAY, CALENDAR)
    assert not gauges.is_trouble(row(reason=Reason.CANARY))
    assert not heard.is_heard(row(reason=Reason.CANARY, outcome=Outcome.FILED))


@pytest.mark.parametrize(
    ("reason", "is_one"), [("spam", False), ("virus", False), ("unreadable", True), ("failing", True)]
)
def test_spam_and_viruses_are_parked_as_they_should_be(reason: str, is_one: bool) -> None:
    assert gauges.is_trouble(row(reason=Reason(reason))) is is_one


@pytest.mark.parametrize(
    ("now", "before", "more"), [(4, 0, 0), (5, 0, 5), (30, 26, 0), (31, 26, 5), (3, 20, 0), (90, None, 0)]
)
def test_a_rise_begins_at_five_cases(now: int, before: int | None, more: int) -> None:
    assert gauges.rise(now, before) == more


@pytest.mark.parametrize(
    ("missed", "more", "open_cases", "said"),
    [
        (9, 5, 50, 5),
        (9, 5, 51, 0),
        (3, 0, 6, 3),
        (3, 0, 7, 0),
        (2, 0, 2, 0),
        (9, 5, 9, 5),
        (40, 0, 90, 0),
        (46, 0, 90, 46),
    ],
)
def test_and_at_a_tenth_of_those_open_or_where_most_of_the_desk_is_late(
    missed: int, more: int, open_cases: int, said: int
) -> None:
    assert gauges.worth_a_word(missed, more, open_cases) == said
    asked = gauges.open_asked(missed, more)
    assert gauges.worth_a_word(missed, more, min(open_cases, asked + 1)) == said, "no more need be counted"
    assert asked or not said


def test_yesterdays_figure_is_the_one_nearest_to_a_day_ago() -> None:
    hourly = [(AT - hours * HOUR, hours) for hours in range(40)]
    assert gauges.day_ago(hourly, AT) == 24
    assert gauges.day_ago([one for one in hourly if one[1] != 24], AT) in (23, 25)
    assert gauges.day_ago([(AT - 22 * HOUR, 9), (AT - 31 * HOUR, 9)], AT) is None, "the ledger stood still"
    assert [number for _, number in gauges.of_a_day(hourly, AT)] == list(range(1, 31))


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("2026-12-07", False),
        ("2026-12-06", True),
        ("2026-01-01", True),
        ("2026-12-06T00:00:00Z", True),
        ("2027-06-30", False),
        ("next summer", True),
        ("", True),
    ],
)
def test_a_key_that_expires_within_two_weeks_or_by_no_date_at_all_is_due(said: str, due: bool) -> None:
    found = gauges.keys_due({"whatsapp": said}, date(2026, 11, 23))
    assert found == (("key_whatsapp",) if due else ())


def test_next_years_days_off_are_due_two_months_ahead() -> None:
    assert (gauges.calendar_due(59), gauges.calendar_due(60)) == (("calendar",), ())


# -- channels


def _daily(days: int, channel: str = "email", without: int = -1) -> dict[str, dict[str, int]]:
    """One message on each of so many days that end with today's."""
    return {(AT - back * DAY).date().isoformat(): {channel: 1} for back in range(days) if back != without}


def test_a_channel_is_silent_a_day_after_fourteen_days_on_each_of_which_it_spoke() -> None:
    last = {"email": AT}
    assert heard.silent(_daily(14), last, AT + DAY) == ("email",)
    assert heard.silent(_daily(14), last, AT + DAY - timedelta(seconds=1)) == ()
    assert heard.silent(_daily(13), last, AT + DAY) == ()
    assert heard.silent(_daily(20, without=6), last, AT + 2 * DAY) == ()
    assert heard.silent(_daily(14), last, AT + 13 * DAY) == ("email",), "nobody has seen to it"
    assert heard.silent(_daily(14), last, AT + 14 * DAY) == (), "it was closed"


def test_days_counted_anew_replace_those_before_but_for_one_counted_in_part() -> None:
    since = AT - 3 * DAY
    before = {
        "2026-11-19": {"email": 9},
        "2026-11-20": {"email": 9},
        "2026-11-21": {"email": 9},
        "2026-10-01": {"web": 1},
    }
    counted = {"2026-11-20": {"email": 1}, "2026-11-21": {"email": 2}, "2026-11-23": {"web": 4}}
    assert heard.kept(before, counted, since, AT) == {
        "2026-11-19": {"email": 9},
        "2026-11-20": {"email": 9},
        "2026-11-21": {"email": 2},
        "2026-11-23": {"web": 4},
    }
    assert heard.kept({}, counted, since, AT)["2026-11-20"] == {"email": 1}


def test_what_services_say_is_nobodys_word() -> None:
    assert heard.is_heard(row())
    assert heard.is_heard(row(outcome=Outcome.FILED, reason=Reason.NEW_CASE))
    assert not heard.is_heard(row(outcome=Outcome.STATUS, reason=Reason.DELIVERED))
    assert not heard.is_heard(row(outcome=Outcome.REFUSED, reason=Reason.OWN))
