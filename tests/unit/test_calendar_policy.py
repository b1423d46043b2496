"""Office hours and days off as a policy states them: what is read, and every fault with its place."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from tanggap.domain.calendar import DayHours, DayOff, HoursIn, OfficeHours, WorkCalendar
from tanggap.domain.policy_calendar import read_calendar
from tanggap.domain.policy_reader import Reader

LUNCH = {"from": "12:00", "to": "13:00"}


def read(**raw: Any) -> tuple[WorkCalendar, list[str]]:
    reader = Reader()
    calendar = read_calendar(reader, raw, "+07:00")
    return calendar, [fault["place"] for fault in reader.faults]


def hours(**given: Any) -> OfficeHours:
    calendar, faults = read(office_hours=given)
    assert not faults
    return calendar.hours


def test_hours_are_eight_to_four_unless_the_policy_says_so() -> None:
    assert hours() == OfficeHours(time(8), time(16), frozenset(range(5)))


def test_an_office_has_a_lunch_break_every_day() -> None:
    assert hours(breaks=[LUNCH]).of(0) == DayHours(time(8), time(16), ((time(12), time(13)),))


def test_breaks_come_in_any_order() -> None:
    given = hours(breaks=[{"from": "15:00", "to": "15:15"}, LUNCH])
    assert given.breaks == ((time(12), time(13)), (time(15), time(15, 15)))


def test_friday_has_hours_of_its_own() -> None:
    given = hours(
        opens="07:30", breaks=[LUNCH], days={"5": {"closes": "16:30", "breaks": [{"from": "11:30", "to": "13:00"}]}}
    )
    assert given.of(3) == DayHours(time(7, 30), time(16), ((time(12), time(13)),))
    assert given.of(4) == DayHours(time(7, 30), time(16, 30), ((time(11, 30), time(13)),))


def test_a_day_of_its_own_keeps_the_others_break_where_it_fits() -> None:
    given = hours(breaks=[LUNCH], days={"4": {"closes": "15:00"}, "5": {"closes": "11:30"}, "1": {"breaks": []}})
    assert given.of(3).breaks == ((time(12), time(13)),)
    assert given.of(4).breaks == ()
    assert given.of(0) == DayHours()


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"breaks": "noon"}, "office_hours.breaks"),
        ({"breaks": ["noon"]}, "office_hours.breaks"),
        ({"breaks": [LUNCH] * 11}, "office_hours.breaks"),
        ({"breaks": [{"from": "12:00"}]}, "office_hours.breaks[0].to"),
        ({"breaks": [{"to": "12:00"}]}, "office_hours.breaks[0].from"),
        ({"breaks": [{"from": "noon", "to": "13:00"}]}, "office_hours.breaks[0].from"),
        ({"breaks": [{"from": "12:00", "to": "13:00+07:00"}]}, "office_hours.breaks[0].to"),
        ({"breaks": [{"from": "13:00", "to": "12:00"}]}, "office_hours.breaks[0]"),
        ({"breaks": [{"from": "12:00", "to": "12:00"}]}, "office_hours.breaks[0]"),
        ({"breaks": [{"from": "08:00", "to": "16:00"}]}, "office_hours.breaks[0]"),
        ({"breaks": [{"from": "15:00", "to": "17:00"}]}, "office_hours.breaks[0]"),
        ({"breaks": [LUNCH, {"from": "12:30", "to": "13:30"}]}, "office_hours.breaks[1]"),
        ({"breaks": [LUNCH, {"from": "13:00", "to": "14:00"}]}, "office_hours.breaks[1]"),
        ({"days": []}, "office_hours.days"),
        ({"days": {"0": {}}}, "office_hours.days.0"),
        ({"days": {"friday": {}}}, "office_hours.days.friday"),
        ({"days": {"6": {}}}, "office_hours.days.6"),
        ({"days": {"5": "11:30"}}, "office_hours.days.5"),
        ({"days": {"5": {"opens": "16:00"}}}, "office_hours.days.5"),
        ({"days": {"5": {"closes": 11}}}, "office_hours.days.5.closes"),
        ({"days": {"5": {"breaks": [{"from": "17:00", "to": "18:00"}]}}}, "office_hours.days.5.breaks[0]"),
        ({"opens": "16:00"}, "office_hours"),
        ({"opens": None}, "office_hours.opens"),
    ],
)
def test_hours_that_cannot_be_worked_are_named_by_their_place(given: dict[str, Any], place: str) -> None:
    assert read(office_hours=given)[1] == [place]


def test_faults_of_several_places_are_told_at_once() -> None:
    given = {"opens": "x", "breaks": [{"from": "y", "to": "z"}], "weekdays": [], "days": {"9": {}}}
    assert read(office_hours=given)[1] == [
        "office_hours.opens",
        "office_hours.breaks[0].from",
        "office_hours.breaks[0].to",
        "office_hours.weekdays",
        "office_hours.days.9",
    ]


def test_a_day_off_names_its_decree() -> None:
    row = {"date": "2026-11-25", "name": "Pemilu", "decree": "Keppres 10/2026"}
    calendar, faults = read(calendar={"days_off": [row]})
    assert not faults
    assert calendar.days_off[date(2026, 11, 25)] == DayOff("Pemilu", False, "Keppres 10/2026")
    assert read(calendar={"days_off": [{**row, "decree": 10}]})[1] == ["calendar.days_off[0].decree"]


def test_a_decree_makes_a_working_day_of_a_day_off_and_of_a_saturday() -> None:
    calendar, faults = read(calendar={"working_days": ["2026-12-24", "2026-11-28"]})
    assert not faults
    for day in (date(2026, 12, 24), date(2026, 11, 28)):
        assert calendar.day(day).why == "decreed_working_day"
        assert calendar.working(day.toordinal())


def test_a_day_that_is_both_off_and_worked_is_worked() -> None:
    both = {"days_off": [{"date": "2026-11-25", "name": "Pemilu"}], "working_days": ["2026-11-25"]}
    assert read(calendar=both)[0].working(date(2026, 11, 25).toordinal())


# -- hours by period

RAMADAN = {
    "name": "Ramadan 1447 H",
    "from": "2026-02-19",
    "until": "2026-03-20",
    "source": "SE Bupati 3/2026",
    "opens": "08:00",
    "closes": "15:00",
    "breaks": [{"from": "12:00", "to": "12:30"}],
    "days": {"5": {"closes": "15:30", "breaks": [{"from": "11:30", "to": "12:30"}]}},
}


def periods(*rows: Any, **office: Any) -> tuple[tuple[HoursIn, ...], list[str]]:
    calendar, faults = read(calendar={"hours_in": list(rows)}, office_hours=office)
    return calendar.hours_in, faults


def test_a_period_has_the_hours_that_the_policy_gives_it() -> None:
    ((found,), faults) = periods(RAMADAN)
    assert not faults
    assert (found.name, found.first, found.last) == ("Ramadan 1447 H", date(2026, 2, 19), date(2026, 3, 20))
    assert found.source == "SE Bupati 3/2026"
    assert found.hours.of(0) == DayHours(time(8), time(15), ((time(12), time(12, 30)),))
    assert found.hours.of(4) == DayHours(time(8), time(15, 30), ((time(11, 30), time(12, 30)),))


def test_a_period_keeps_the_offices_breaks_where_it_names_none_and_has_no_friday_of_its_own() -> None:
    bare = {"name": "x", "from": "2026-02-19", "until": "2026-02-19", "opens": "08:00", "closes": "14:00"}
    ((found,), faults) = periods(bare, breaks=[LUNCH], days={"5": {"closes": "16:30"}})
    assert not faults
    assert found.hours.of(4) == found.hours.of(0) == DayHours(time(8), time(14), ((time(12), time(13)),))
    assert not found.source


def test_periods_come_in_any_order_and_those_of_the_past_are_kept_as_history() -> None:
    earlier = {**RAMADAN, "name": "Ramadan 1433 H", "from": "2012-07-21", "until": "2012-08-18"}
    later = {**RAMADAN, "name": "Ramadan 1448 H", "from": "2026-03-21", "until": "2026-03-21"}
    found, faults = periods(later, RAMADAN, earlier)
    assert not faults
    assert [one.name for one in found] == ["Ramadan 1433 H", "Ramadan 1447 H", "Ramadan 1448 H"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"source": 5}, "source"),
        ({"source": "x" * 201}, "source"),
        ({"from": None}, "from"),
        ({"from": "2026-02-30"}, "from"),
        ({"until": "soon"}, "until"),
        ({"until": "2026-02-18"}, "until"),
        ({"opens": "15:00"}, ""),
        ({"opens": "16:00", "breaks": []}, ""),
        ({"closes": "25:00", "breaks": [], "days": {}}, "closes"),
        ({"breaks": [{"from": "14:00", "to": "16:00"}]}, "breaks[0]"),
        ({"days": {"6": {}}}, "days.6"),
        ({"days": {"5": {"closes": "07:00"}}}, "days.5"),
        ({"days": {"5": {"breaks": [{"from": "x", "to": "12:00"}]}}}, "days.5.breaks[0].from"),
    ],
)
def test_a_period_that_cannot_be_worked_is_named_by_its_place(change: dict[str, Any], place: str) -> None:
    later = {**RAMADAN, "from": "2027-02-08", "until": "2027-03-09", **change}
    if "until" in change and change["until"] == "2026-02-18":
        later["from"] = "2026-02-19"
    found, faults = periods({**RAMADAN, "from": "2020-04-24", "until": "2020-05-23"}, later)
    assert faults == [f"calendar.hours_in[1].{place}" if place else "calendar.hours_in[1]"]
    assert len(found) == 1


def test_a_period_without_hours_is_no_period() -> None:
    bare = {"name": "x", "from": "2026-02-19", "until": "2026-02-19"}
    assert periods(bare)[1] == ["calendar.hours_in[0].opens", "calendar.hours_in[0].closes"]
    assert periods("Ramadan")[1] == ["calendar.hours_in"]


def test_two_periods_have_no_day_in_common() -> None:
    one_day = {**RAMADAN, "name": "Satu hari", "from": "2026-03-20", "until": "2026-03-20"}
    around = {**RAMADAN, "name": "Setahun", "from": "2026-01-01", "until": "2026-12-31"}
    found, faults = periods(RAMADAN, one_day, around)
    assert faults == ["calendar.hours_in[1]", "calendar.hours_in[2]"]
    assert [one.name for one in found] == ["Ramadan 1447 H"]
