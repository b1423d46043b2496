"""What a calendar adds up in blocks is what a walk over its days, and over their minutes, finds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.domain.calendar import WIB, WIT, ZERO, DayHours, HoursIn, OfficeHours, WorkCalendar
from tanggap.domain.calendar_id import DAYS_OFF, KNOWN_UNTIL

FRIDAY = DayHours(time(7, 30), time(16, 30), ((time(11, 30), time(13)),))
RAMADAN = HoursIn("Ramadan", date(2026, 2, 18), date(2026, 3, 19), OfficeHours(time(8), time(15)))
CALENDARS = {
    "plain": WorkCalendar(WIB, OfficeHours(), DAYS_OFF, KNOWN_UNTIL),
    "short": WorkCalendar(WIB, OfficeHours(days={4: FRIDAY}), DAYS_OFF, KNOWN_UNTIL, frozenset(), (RAMADAN,)),
    "rare": WorkCalendar(
        WIT, OfficeHours(weekdays=frozenset({1})), DAYS_OFF, KNOWN_UNTIL, frozenset({date(2026, 5, 9)})
    ),
}
calendars = st.sampled_from(list(CALENDARS.values()))
instants = st.datetimes(datetime(2025, 10, 1), datetime(2027, 6, 1), timezones=st.sampled_from([WIB, UTC, WIT]))
BOUNDED = settings(deadline=None, max_examples=150)


def open_on(calendar: WorkCalendar, day: date) -> list[tuple[datetime, datetime]]:
    """From the hours as they are given: the second opinion."""
    if not calendar.day(day).working:
        return []
    period = calendar.period(day)
    hours = (period.hours if period else calendar.hours).of(day.weekday())
    midnight = datetime.combine(day, time(), calendar.zone)
    return [(midnight + begin, midnight + end) for begin, end in hours.spans]


@BOUNDED
@given(calendars, instants, st.timedeltas(ZERO, timedelta(days=250)))
def test_office_time_is_that_of_each_day_between(calendar: WorkCalendar, a: datetime, length: timedelta) -> None:
    b, walked = a + length, ZERO
    day = calendar.local(a).date()
    while day <= calendar.local(b).date():
        walked += sum((max(min(end, b) - max(begin, a), ZERO) for begin, end in open_on(calendar, day)), ZERO)
        day += timedelta(days=1)
    assert calendar.office_time_between(a, b) == walked


@BOUNDED
@given(calendars, st.dates(date(2025, 10, 1), date(2027, 6, 1)), st.integers(-2, 150))
def test_the_nth_working_day_is_the_nth(calendar: WorkCalendar, start: date, n: int) -> None:
    day, left = start, n
    while left > 0:
        day += timedelta(days=1)
        left -= calendar.day(day).working
    assert calendar.working_day_after(start, n) == day


@BOUNDED
@given(calendars, instants, st.timedeltas(timedelta(microseconds=1), timedelta(hours=700)))
def test_time_that_is_added_has_passed_and_not_an_instant_before(
    calendar: WorkCalendar, start: datetime, amount: timedelta
) -> None:
    end = calendar.add_office_time(start, amount)
    assert calendar.office_time_between(start, end) == amount
    assert calendar.office_time_between(start, end - timedelta(microseconds=1)) < amount


def test_whole_days_end_at_closing_across_the_edge_of_every_block() -> None:
    calendar = CALENDARS["plain"]
    opening = calendar.next_open(datetime(2026, 1, 1, tzinfo=WIB))
    for days in range(1, 300):
        end = calendar.add_office_time(opening, timedelta(hours=8 * days))
        assert end == calendar.closing(calendar.working_day_after(opening.date(), days - 1))


def test_a_day_before_all_calendars_is_added_up_too() -> None:
    assert CALENDARS["plain"].working_day_after(date(1, 1, 1), 5) == date(1, 1, 8)
