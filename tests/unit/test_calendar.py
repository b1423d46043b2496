"""The working calendar: which days count, and how office time passes."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.domain.calendar import (
    WIB,
    WIT,
    WITA,
    ZERO,
    ZONES,
    Day,
    DayHours,
    DayOff,
    HoursIn,
    OfficeHours,
    WorkCalendar,
)
from tanggap.domain.calendar_id import DAYS_OFF, KNOWN_UNTIL

CALENDAR = WorkCalendar(WIB, OfficeHours(), DAYS_OFF, KNOWN_UNTIL)
MONDAY = date(2026, 11, 23)
WITHOUT_DEADLINE = settings(deadline=None)

PUBLIC = {
    2026: "01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17 08-25 12-25",
    2027: "01-01 01-05 02-06 03-08 03-10 03-11 03-26 03-28 05-01 05-06 05-17 05-20 06-01 06-06 08-15 08-17 12-25 12-26",
}
JOINT_LEAVE = {
    2026: "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24",
    2027: "02-05 03-09 03-12 03-15 03-25 05-18 05-19 12-24",
}


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second), WIB)


def dates(year: int, listed: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in listed.split()}


instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(WIB))
amounts = st.timedeltas(timedelta(microseconds=1), timedelta(days=40))


# -- the decreed days --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2026, 2027])
def test_the_shipped_days_are_those_of_the_decree(year: int) -> None:
    shipped = {day: off for day, off in DAYS_OFF.items() if day.year == year}
    assert {day for day, off in shipped.items() if not off.joint_leave} == dates(year, PUBLIC[year])
    assert {day for day, off in shipped.items() if off.joint_leave} == dates(year, JOINT_LEAVE[year])


@pytest.mark.parametrize(("year", "days"), [(2026, 240), (2027, 242)])
def test_a_year_has_the_working_days_that_were_counted_by_hand(year: int, days: int) -> None:
    numbers = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    assert sum(map(CALENDAR.working, numbers)) == days


def test_dates_that_wait_for_the_moon_are_marked_as_tentative() -> None:
    tentative = {day for day, off in DAYS_OFF.items() if off.tentative}
    assert tentative == {date(2027, 3, 10), date(2027, 3, 11), date(2027, 5, 17)}


def test_the_calendar_is_known_until_the_end_of_the_last_decreed_year() -> None:
    assert date(2027, 12, 31) == KNOWN_UNTIL


def generator() -> ModuleType:
    path = Path(__file__).parents[2] / "infra/calendar/generate.py"
    spec = importlib.util.spec_from_file_location("generate_calendar", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_shipped_days_are_what_the_library_says() -> None:
    _, known_until, days = generator().collect([2026, 2027])
    assert known_until == KNOWN_UNTIL
    assert {day: DayOff(*row) for day, row in days.items()} == DAYS_OFF


def test_a_year_without_a_joint_leave_decree_is_not_known() -> None:
    _, known_until, days = generator().collect([2027, 2035])
    assert known_until == date(2027, 12, 31)
    assert max(days) <= known_until


def test_the_generated_module_reads_back_as_what_went_in() -> None:
    days = {date(2026, 8, 17): ('Hari "Merdeka" \\ Ñ', False), date(2026, 12, 24): ("Cuti", True)}
    text = generator().render("1.0", date(2026, 12, 31), days).replace("from .calendar", "from tanggap.domain.calendar")
    module: dict[str, object] = {}
    exec(compile(text, "calendar_id", "exec"), module)
    assert module["KNOWN_UNTIL"] == date(2026, 12, 31)
    assert module["DAYS_OFF"] == {day: DayOff(*row) for day, row in days.items()}


# -- one day -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "working", "why"),
    [
        (MONDAY, True, "working_day"),
        (date(2026, 11, 28), False, "weekend"),
        (date(2026, 12, 25), False, "holiday: Hari Raya Natal"),
        (date(2026, 12, 24), False, "joint_leave: Cuti Bersama Hari Raya Natal"),
        (date(2026, 3, 22), False, "holiday: Hari kedua Idul Fitri"),  # a Sunday: its name says more
        (date(2027, 3, 10), False, "holiday: Hari Raya Idul Fitri (perkiraan)"),
        (date(2028, 1, 3), True, "calendar_unknown"),
        (date(2028, 1, 1), False, "weekend"),
    ],
)
def test_a_day_says_whether_it_counts_and_why(day: date, working: bool, why: str) -> None:
    assert CALENDAR.day(day) == Day(day, working, why)


def test_an_agencys_own_day_off_counts_after_the_last_decree_too() -> None:
    own = WorkCalendar(WIB, OfficeHours(), {date(2028, 1, 3): DayOff("Hari Jadi Desa")}, KNOWN_UNTIL)
    assert own.day(date(2028, 1, 3)).why == "holiday: Hari Jadi Desa"


def test_an_agency_that_works_on_saturdays_has_its_weekend_on_sunday() -> None:
    six = WorkCalendar(WIB, OfficeHours(weekdays=frozenset(range(6))), DAYS_OFF, KNOWN_UNTIL)
    assert six.day(date(2026, 11, 28)).working
    assert six.day(date(2026, 11, 29)).why == "weekend"


def test_a_calendar_does_not_change_when_the_mapping_it_came_from_does() -> None:
    days = {MONDAY: DayOff("Pemilu")}
    calendar = WorkCalendar(WIB, OfficeHours(), days, KNOWN_UNTIL)
    days.clear()
    assert calendar.day(MONDAY).why == "holiday: Pemilu"


@pytest.mark.parametrize(
    "hours",
    [
        {"opens": time(16), "closes": time(8)},
        {"opens": time(8), "closes": time(8)},
        {"weekdays": frozenset()},
        {"weekdays": frozenset({7})},
        {"opens": time(8, tzinfo=UTC)},
        {"breaks": ((time(12), time(13, tzinfo=UTC)),)},
        {"breaks": ((time(13), time(12)),)},
        {"breaks": ((time(8), time(9)),)},
        {"breaks": ((time(15), time(16)),)},
        {"breaks": ((time(12), time(13)), (time(13), time(14)))},
        {"days": {6: DayHours()}},
    ],
)
def test_hours_that_never_open_are_refused(hours: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"office|weekdays"):
        OfficeHours(**hours)  # type: ignore[arg-type]


# -- office time -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "opening"),
    [
        (at(MONDAY, 7, 59, 59), at(MONDAY, 8)),
        (at(MONDAY, 8), at(MONDAY, 8)),
        (at(MONDAY, 15, 59, 59), at(MONDAY, 15, 59, 59)),
        (at(MONDAY, 16), at(date(2026, 11, 24), 8)),
        (at(MONDAY, 23), at(date(2026, 11, 24), 8)),
        (at(date(2026, 11, 27), 16), at(date(2026, 11, 30), 8)),  # Friday's close
        (at(date(2026, 11, 28), 10), at(date(2026, 11, 30), 8)),  # Saturday
        (at(date(2026, 12, 23), 17), at(date(2026, 12, 28), 8)),  # joint leave, Christmas, weekend
    ],
)
def test_the_next_open_instant_is_now_or_the_next_opening(when: datetime, opening: datetime) -> None:
    assert CALENDAR.next_open(when) == opening


@pytest.mark.parametrize(("zone", "hour"), [(WIB, 1), (WITA, 0), (WIT, -1)])
def test_an_office_opens_by_its_own_zone(zone: object, hour: int) -> None:
    calendar = WorkCalendar(zone, OfficeHours(), DAYS_OFF, KNOWN_UNTIL)  # type: ignore[arg-type]
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    assert calendar.next_open(midnight - timedelta(hours=2)) == midnight + timedelta(hours=hour)


def test_the_three_zones_are_found_by_their_offset() -> None:
    for offset, zone in ZONES.items():
        assert datetime(2026, 1, 1, tzinfo=zone).isoformat().endswith(offset)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(MONDAY, 8), 8, at(MONDAY, 16)),  # a whole day ends at its close, not at the next opening
        (at(MONDAY, 7), 8, at(MONDAY, 16)),
        (at(MONDAY, 15), 2, at(date(2026, 11, 24), 9)),
        (at(MONDAY, 22), 16, at(date(2026, 11, 25), 16)),
        (at(date(2026, 12, 23), 15), 2, at(date(2026, 12, 28), 9)),
        (at(MONDAY, 3), 0, at(MONDAY, 3)),
        (at(MONDAY, 3), -5, at(MONDAY, 3)),
    ],
)
def test_office_time_passes_only_while_the_office_is_open(start: datetime, hours: int, end: datetime) -> None:
    assert CALENDAR.add_office_time(start, timedelta(hours=hours)) == end


@pytest.mark.parametrize(
    ("a", "b", "hours"),
    [
        (at(MONDAY, 9), at(MONDAY, 11), 2),
        (at(MONDAY, 6), at(MONDAY, 7), 0),
        (at(MONDAY, 6), at(MONDAY, 22), 8),
        (at(MONDAY, 15), at(date(2026, 11, 25), 9), 10),
        (at(date(2026, 11, 27), 15), at(date(2026, 11, 30), 9), 2),
        (at(date(2026, 11, 28), 9), at(date(2026, 11, 29), 9), 0),
        (at(MONDAY, 11), at(MONDAY, 9), 0),
    ],
)
def test_office_time_between_two_instants(a: datetime, b: datetime, hours: int) -> None:
    assert CALENDAR.office_time_between(a, b) == timedelta(hours=hours)


def test_a_time_without_a_zone_is_refused_and_not_guessed() -> None:
    with pytest.raises(ValueError, match="zone"):
        CALENDAR.next_open(datetime(2026, 11, 23, 9))


LUNCH = ((time(12), time(13)),)
FRIDAY = DayHours(time(7, 30), time(16, 30), ((time(11, 30), time(13)),))
#: With a Saturday that a decree made a working day.
SPLIT = WorkCalendar(
    WIB,
    OfficeHours(time(7, 30), time(16), breaks=LUNCH, days={4: FRIDAY}),
    DAYS_OFF,
    KNOWN_UNTIL,
    frozenset({date(2026, 11, 28)}),
)
UNEVEN = WorkCalendar(
    WIB, OfficeHours(weekdays=frozenset(range(6)), days={5: DayHours(time(8), time(11, 30))}), DAYS_OFF, KNOWN_UNTIL
)
#: 32.5 hours a week instead of 37.5, and a week of mornings within the year's end.
RAMADAN = HoursIn(
    "Ramadan 1447 H",
    date(2026, 2, 19),
    date(2026, 3, 20),
    OfficeHours(
        time(8),
        time(15),
        breaks=((time(12), time(12, 30)),),
        days={4: DayHours(time(8), time(15, 30), ((time(11, 30), time(12, 30)),))},
    ),
    "Perpres 21/2023",
)
MORNINGS = HoursIn("Akhir tahun", date(2026, 12, 28), date(2027, 1, 3), OfficeHours(time(7), time(12)))
FASTING = replace(SPLIT, hours_in=(RAMADAN, MORNINGS))
kinds = st.sampled_from([CALENDAR, SPLIT, UNEVEN, FASTING])
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("when", "opening"),
    [
        (at(MONDAY, 11, 59, 59), at(MONDAY, 11, 59, 59)),
        (at(MONDAY, 12), at(MONDAY, 13)),
        (at(MONDAY, 12, 30), at(MONDAY, 13)),
        (at(MONDAY, 13), at(MONDAY, 13)),
        (at(date(2026, 11, 27), 11, 30), at(date(2026, 11, 27), 13)),  # Friday's prayer
        (at(date(2026, 11, 26), 11, 30), at(date(2026, 11, 26), 11, 30)),
        (at(date(2026, 11, 27), 16, 15), at(date(2026, 11, 27), 16, 15)),  # Friday closes later
        (at(date(2026, 11, 27), 16, 30), at(date(2026, 11, 28), 7, 30)),  # a Saturday that is worked
        (at(date(2026, 11, 28), 16), at(date(2026, 11, 30), 7, 30)),
    ],
)
def test_nobody_is_written_to_during_a_break(when: datetime, opening: datetime) -> None:
    assert SPLIT.next_open(when) == opening


def test_a_day_closes_by_its_own_hours() -> None:
    assert [SPLIT.closing(date(2026, 11, day)).time() for day in (26, 27, 28)] == [time(16), time(16, 30), time(16)]


def test_a_period_has_hours_of_its_own_from_its_first_day_to_its_last() -> None:
    closes = {day: FASTING.closing(date.fromisoformat(f"2026-{day}")).time() for day in ("02-18", "02-19", "03-20")}
    assert closes == {"02-18": time(16), "02-19": time(15), "03-20": time(15, 30)}
    assert FASTING.closing(date(2026, 3, 25)).time() == time(16)
    assert FASTING.period(date(2026, 2, 18)) is None
    assert FASTING.period(date(2026, 3, 20)) == RAMADAN


def test_a_week_of_ramadan_has_32_and_a_half_hours_and_another_37_and_a_half() -> None:
    monday, later = at(date(2026, 2, 23), 0), at(date(2026, 4, 6), 0)
    week = timedelta(days=7)
    assert FASTING.office_time_between(monday, monday + week) == timedelta(hours=32.5)
    assert FASTING.office_time_between(later, later + week) == timedelta(hours=37.5)


def test_quiet_hours_follow_the_hours_of_the_period() -> None:
    day = date(2026, 2, 23)
    assert FASTING.next_open(at(day, 7, 30)) == at(day, 8)
    assert FASTING.next_open(at(day, 12, 10)) == at(day, 12, 30)
    assert FASTING.next_open(at(day, 15)) == at(date(2026, 2, 24), 8)


def test_no_day_has_the_hours_of_two_periods_and_no_period_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match="no day lies in two"):
        replace(SPLIT, hours_in=(RAMADAN, replace(MORNINGS, first=RAMADAN.last)))
    with pytest.raises(ValueError, match="ends on the day"):
        replace(MORNINGS, first=date(2027, 1, 4))


def test_a_day_that_a_decree_made_a_working_day_says_so() -> None:
    assert SPLIT.day(date(2026, 11, 28)) == Day(date(2026, 11, 28), True, "decreed_working_day")
    assert SPLIT.working(date(2026, 11, 28).toordinal())
    assert not SPLIT.working(date(2026, 11, 29).toordinal())


def test_a_day_off_is_one_even_where_it_is_named_a_working_day() -> None:
    both = WorkCalendar(WIB, OfficeHours(), {MONDAY: DayOff("Pemilu")}, KNOWN_UNTIL, frozenset({MONDAY}))
    assert not both.working(MONDAY.toordinal())
    assert not both.day(MONDAY).working


@WITHOUT_DEADLINE
@given(kinds, st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_a_day_and_its_number_agree(calendar: WorkCalendar, day: date) -> None:
    assert calendar.day(day).working == calendar.working(day.toordinal())


def slow_office_time(calendar: WorkCalendar, a: datetime, b: datetime) -> timedelta:
    """The same by looking at each day and each of its spans."""
    total, day = timedelta(), a.astimezone(WIB).date()
    while day <= b.astimezone(WIB).date():
        if calendar.day(day).working:
            own = next((one.hours for one in calendar.hours_in if day in one), calendar.hours).of(day.weekday())
            edges = [own.opens, *(edge for span in own.breaks for edge in span), own.closes]
            for opens, closes in zip(edges[::2], edges[1::2], strict=True):
                begin, end = datetime.combine(day, opens, WIB), datetime.combine(day, closes, WIB)
                total += max(min(b, end) - max(a, begin), ZERO)
        day += timedelta(days=1)
    return total


@WITHOUT_DEADLINE
@given(kinds, instants, amounts)
def test_office_time_between_agrees_with_a_count_day_by_day(
    calendar: WorkCalendar, a: datetime, length: timedelta
) -> None:
    assert calendar.office_time_between(a, a + length) == slow_office_time(calendar, a, a + length)


@WITHOUT_DEADLINE
@given(kinds, instants, amounts)
def test_added_office_time_is_found_again_between_start_and_end(
    calendar: WorkCalendar, start: datetime, amount: timedelta
) -> None:
    end = calendar.add_office_time(start, amount)
    assert calendar.office_time_between(start, end) == amount
    assert calendar.office_time_between(start, end - INSTANT) < amount


@WITHOUT_DEADLINE
@given(kinds, instants, amounts)
def test_office_time_taken_back_is_found_again_and_from_no_later_instant(
    calendar: WorkCalendar, end: datetime, amount: timedelta
) -> None:
    start = calendar.less_office_time(end, amount)
    assert calendar.office_time_between(start, end) == amount
    assert calendar.office_time_between(start + INSTANT, end) < amount


@WITHOUT_DEADLINE
@given(kinds, instants, amounts)
def test_what_is_added_can_be_taken_back(calendar: WorkCalendar, when: datetime, amount: timedelta) -> None:
    """To the instant itself inside office hours; from outside them to the next opening, which is as good."""
    there_and_back = calendar.less_office_time(calendar.add_office_time(when, amount), amount)
    assert there_and_back == calendar.next_open(when)


@WITHOUT_DEADLINE
@given(kinds, instants, amounts)
def test_what_is_taken_back_can_be_added(calendar: WorkCalendar, when: datetime, amount: timedelta) -> None:
    """To the instant itself, or, where the office was closed just before it, to the closing."""
    back_and_there = calendar.add_office_time(calendar.less_office_time(when, amount), amount)
    assert back_and_there <= when
    assert calendar.office_time_between(back_and_there, when) == ZERO
    if calendar.office_time_between(when - INSTANT, when):
        assert back_and_there == when


@WITHOUT_DEADLINE
@given(kinds, instants, amounts, amounts)
def test_office_time_is_added_in_any_portions(
    calendar: WorkCalendar, when: datetime, one: timedelta, other: timedelta
) -> None:
    assert calendar.add_office_time(calendar.add_office_time(when, one), other) == calendar.add_office_time(
        when, one + other
    )


def test_nothing_added_or_taken_back_leaves_an_instant_where_it_is() -> None:
    night = datetime(2026, 11, 23, 20, tzinfo=UTC)
    for amount in (ZERO, timedelta(hours=-5)):
        for found in (CALENDAR.add_office_time(night, amount), CALENDAR.less_office_time(night, amount)):
            assert found == night
            assert found.utcoffset() == timedelta(hours=7)


@WITHOUT_DEADLINE
@given(kinds, instants)
def test_the_next_open_instant_is_never_before_and_no_office_time_lies_between(
    calendar: WorkCalendar, when: datetime
) -> None:
    opening = calendar.next_open(when)
    assert opening >= when
    assert calendar.office_time_between(when, opening) == timedelta()
    assert calendar.office_time_between(opening, opening + INSTANT) == INSTANT
    assert calendar.next_open(opening) == opening
