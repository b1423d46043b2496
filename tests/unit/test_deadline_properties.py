"""Deadlines under any calendar, term and life: the derivation adds up, nothing depends on the order of what is equal,
and a second opinion (a slow walk, written apart) agrees."""

from __future__ import annotations

import json
import time as wall
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tanggap.domain import clocks
from tanggap.domain.calendar import WIB, WIT, WITA, ZERO, DayHours, DayOff, HoursIn, OfficeHours, WorkCalendar
from tanggap.domain.calendar_id import DAYS_OFF, KNOWN_UNTIL
from tanggap.domain.clocks import Clock, ClockState
from tanggap.domain.deadlines import due
from tanggap.domain.derivation import Derivation, derivation
from tanggap.domain.derivation_dict import as_dict
from tanggap.domain.derivation_words import in_words_en, in_words_id
from tanggap.domain.terms import BY_TIME, UNITS, Extension, Term, Unit

WITHOUT_DEADLINE = settings(deadline=None, max_examples=100)
PLAIN = WorkCalendar(WIB, OfficeHours(), DAYS_OFF, KNOWN_UNTIL)
ONE_DAY = timedelta(days=1)
LUNCH = ((time(12), time(13)),)
FRIDAY = DayHours(time(7, 30), time(16, 30), ((time(11, 30), time(13)),))

Gaps = list[tuple[timedelta, timedelta]]

hours = st.sampled_from(
    [
        OfficeHours(),
        OfficeHours(breaks=LUNCH),
        OfficeHours(time(7, 30), time(16), frozenset(range(5)), LUNCH, {4: FRIDAY}),
        OfficeHours(time(7), time(14), frozenset(range(6)), (), {5: DayHours(time(7), time(11))}),
        OfficeHours(weekdays=frozenset({1})),
    ]
)
own_days_off = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.builds(DayOff, st.sampled_from(["Pemilu", "Hari Jadi"]), st.booleans(), st.sampled_from(["", "Keppres 1/2026"])),
    max_size=20,
)
#: Weeks with hours of their own, none on the day of another.
other_hours = st.dictionaries(st.dates(date(2026, 1, 1), date(2027, 12, 31)), hours, max_size=3).map(
    lambda found: tuple(
        HoursIn(
            "Ramadan", first, min([first + timedelta(days=29), *(day - ONE_DAY for day in found if day > first)]), week
        )
        for first, week in sorted(found.items())
    )
)
calendars = st.builds(
    lambda zone, week, own, worked, other: WorkCalendar(
        zone, week, {**DAYS_OFF, **own}, KNOWN_UNTIL, frozenset(worked), other
    ),
    st.sampled_from([WIB, WITA, WIT]),
    hours,
    own_days_off,
    st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=10),
    other_hours,
)
terms = st.builds(Term, st.integers(1, 70), st.sampled_from(UNITS))
starts = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.sampled_from([WIB, UTC, WIT]))
#: Each: how long the clock runs on, how long it is then paused.
gaps: st.SearchStrategy[Gaps] = st.lists(
    st.tuples(st.timedeltas(ZERO, timedelta(days=9)), st.timedeltas(ZERO, timedelta(days=30))), max_size=4
)
grants = st.lists(st.integers(1, 20), max_size=2)


def fresh(started: datetime, term: Term, calendar: WorkCalendar) -> Clock:
    return clocks.start("resolve", "resolve.complaint", term, started, calendar, 1)


def live(of: Clock, pauses: Gaps, calendar: WorkCalendar, granted: Iterable[int] = ()) -> Clock:
    """The clock after these extensions, granted as it starts, and pauses; left alone once it is missed."""
    now = of.started_at
    for amount in granted:
        of = clocks.extend(of, Extension(amount, now, "officer:x"), calendar)
    for runs, stands in pauses:
        of = clocks.pause(of, now + runs, "needs_info")
        of = clocks.resume(of, now + runs + stands, calendar)
        now += runs + stands
    return of


def adds_up(found: Derivation) -> bool:
    """The days that count, and nothing else, are the term with its extensions; so far, and what is assumed."""
    days = [day for day in found.days if day.counted]
    left = [day for day in days if day.assumed]
    if found.by_time:
        total = sum((day.time or ZERO for day in days), ZERO)
        return total == timedelta(hours=found.amount) == found.counted_time + found.left_time
    numbers = [day.number for day in days]
    return numbers == list(range(1, found.amount + 1)) and len(left) == found.left


# -- a second opinion --------------------------------------------------------------------------------------------------


def ran_at(of: Clock, instant: datetime) -> bool:
    """Just before this instant."""
    return not any(gap.since < instant and (gap.until is None or instant <= gap.until) for gap in of.pauses)


def slow_due(of: Clock, calendar: WorkCalendar) -> datetime:
    """By asking, at the close of each day, whether the clock ran."""
    day, left = of.started_at.astimezone(calendar.zone).date(), of.amount
    every = of.term.unit == "calendar_days"

    def close(on: date) -> datetime:
        return datetime.combine(on, time(23, 59, 59), calendar.zone) if every else calendar.closing(on)

    while left or not calendar.day(day).working or not ran_at(of, close(day)):
        day += ONE_DAY
        if left and (every or calendar.day(day).working) and ran_at(of, close(day)):
            left -= 1
    return close(day)


def slow_time(of: Clock, calendar: WorkCalendar, until: datetime) -> timedelta:
    """How long the clock ran until then: cut into pieces at each of its marks and each opening and closing."""
    marks = {of.started_at, until, *(mark for gap in of.pauses for mark in (gap.since, gap.until) if mark)}
    day, last = (at.astimezone(calendar.zone).date() for at in (of.started_at, until))
    open_at: list[tuple[datetime, datetime]] = []
    while day <= last:
        if of.term.unit == "hours":
            midnight = datetime.combine(day, time(), calendar.zone)
            open_at.append((midnight, midnight + ONE_DAY))
        elif calendar.day(day).working:
            own = next((one.hours for one in calendar.hours_in if day in one), calendar.hours).of(day.weekday())
            edges = [own.opens, *(edge for gap in own.breaks for edge in gap), own.closes]
            at = [datetime.combine(day, edge, calendar.zone) for edge in edges]
            open_at += zip(at[::2], at[1::2], strict=True)
        day += ONE_DAY
    marks |= {edge for span in open_at for edge in span}
    total, cuts = ZERO, sorted(mark for mark in marks if of.started_at <= mark <= until)
    for begin, end in pairwise(cuts):
        is_open = any(since <= begin and end <= closes for since, closes in open_at)
        if is_open and ran_at(of, end):
            total += end - begin
    return total


@WITHOUT_DEADLINE
@given(starts, terms, gaps, grants, calendars)
def test_a_slow_walk_comes_to_the_same_day(
    started: datetime, term: Term, pauses: Gaps, granted: list[int], calendar: WorkCalendar
) -> None:
    assume(term.unit not in BY_TIME)
    of = live(fresh(started, term, calendar), pauses, calendar, granted)
    assert of.due_at == slow_due(of, calendar)


@WITHOUT_DEADLINE
@given(starts, terms, gaps, grants, calendars)
def test_when_a_term_by_the_hour_is_over_so_much_time_has_passed_and_not_before(
    started: datetime, term: Term, pauses: Gaps, granted: list[int], calendar: WorkCalendar
) -> None:
    assume(term.unit in BY_TIME)
    of = live(fresh(started, term, calendar), pauses, calendar, granted)
    assert slow_time(of, calendar, of.due_at) == timedelta(hours=of.amount)
    assert slow_time(of, calendar, of.due_at - timedelta(microseconds=1)) < timedelta(hours=of.amount)


# -- the derivation ----------------------------------------------------------------------------------------------------


@WITHOUT_DEADLINE
@given(starts, terms, gaps, grants, calendars)
def test_a_derivation_adds_up_to_the_deadline(
    started: datetime, term: Term, pauses: Gaps, granted: list[int], calendar: WorkCalendar
) -> None:
    of = live(fresh(started, term, calendar), pauses, calendar, granted)
    found = derivation(of, calendar)
    assert found.agrees and not found.provisional
    assert adds_up(found)
    assert [day.date for day in found.days] == sorted({day.date for day in found.days})
    last = calendar.local(of.due_at)
    if term.unit not in BY_TIME:
        assert found.days[-1].date == last.date()
        assert found.days[-1].counted or found.days[-1].reason == "next_working_day"
        assert (found.moved_from is None) == found.days[-1].counted


@WITHOUT_DEADLINE
@given(
    starts,
    terms,
    gaps,
    grants,
    calendars,
    st.timedeltas(ZERO, timedelta(days=40)),
    st.none() | st.timedeltas(ZERO, timedelta(days=40)),
    st.booleans(),
)
def test_what_stands_still_adds_up_to_the_deadline_that_it_has_if_it_goes_on(
    started: datetime,
    term: Term,
    pauses: Gaps,
    granted: list[int],
    calendar: WorkCalendar,
    later: timedelta,
    stands: timedelta | None,
    met: bool,
) -> None:
    of = live(fresh(started, term, calendar), pauses, calendar, granted)
    of = clocks.pause(of, of.started_at + later, "needs_info")
    assume(of.state is ClockState.PAUSED)
    since = of.pauses[-1].since
    now = None if stands is None else since + stands
    went_on = clocks.resume(of, now or since, calendar)
    if met:
        of = clocks.meet(of, of.due_at + ONE_DAY)
        went_on = replace(went_on, due_at=of.due_at)
    found = derivation(of, calendar, now=now)
    assert found.agrees and adds_up(found)
    assert found.due_at == went_on.due_at
    if term.unit not in BY_TIME:
        assert found.days[-1].date == calendar.local(found.due_at).date()
    assert met or found.provisional
    assert met or found.days == tuple(sorted(found.days, key=lambda day: (day.date, day.assumed)))
    # What has not come yet is never told as if it had stood still.
    assert not any(day.assumed and day.reason == "paused" for day in found.days)
    assert not any(not day.assumed and day.date > calendar.local(now or since).date() for day in found.days if not met)
    assert all(line.endswith(".") and "{" not in line for line in (*in_words_id(found), *in_words_en(found)))


@WITHOUT_DEADLINE
@given(starts, terms, gaps, grants, calendars)
def test_a_derivation_can_be_said_and_stored(
    started: datetime, term: Term, pauses: Gaps, granted: list[int], calendar: WorkCalendar
) -> None:
    found = derivation(live(fresh(started, term, calendar), pauses, calendar, granted), calendar)
    assert json.loads(json.dumps(as_dict(found))) == as_dict(found)
    indonesian, english = in_words_id(found), in_words_en(found)
    assert len(indonesian) == len(english) <= len(found.days) + len(pauses) + len(granted) + len(found.hours_in) + 9
    assert all(line.endswith(".") and "{" not in line for line in (*indonesian, *english))


# -- pauses ------------------------------------------------------------------------------------------------------------


@WITHOUT_DEADLINE
@given(
    starts,
    st.integers(1, 60),
    st.integers(1, 30),
    calendars,
    st.floats(0, 1),
    st.timedeltas(ZERO, timedelta(hours=3, minutes=59)),
    st.timedeltas(ZERO, timedelta(hours=3, minutes=59)),
)
def test_a_pause_over_n_working_days_moves_a_deadline_by_n_working_days(
    started: datetime, amount: int, n: int, calendar: WorkCalendar, where: float, before: timedelta, after: timedelta
) -> None:
    """From some time before the close of a working day to some time before that of the n-th working day after it."""
    of = fresh(started, Term(amount, "working_days"), calendar)
    first = calendar.working_day_after(calendar.local(started).date(), 1 + int(where * (amount - 1)))
    nth = calendar.working_day_after(first, n)
    since = calendar.closing(first) - timedelta(microseconds=1) - before
    until = calendar.closing(nth) - timedelta(microseconds=1) - after
    moved = clocks.resume(clocks.pause(of, since, "needs_info"), until, calendar)
    expected = calendar.closing(calendar.working_day_after(calendar.local(of.due_at).date(), n))
    assert moved.due_at == expected
    assert sum(day.reason == "paused" for day in derivation(moved, calendar).days) == n


@WITHOUT_DEADLINE
@given(starts, terms, gaps, calendars, st.timedeltas(ZERO, timedelta(days=20)))
def test_a_pause_that_ends_as_it_begins_changes_nothing(
    started: datetime, term: Term, pauses: Gaps, calendar: WorkCalendar, later: timedelta
) -> None:
    of = live(fresh(started, term, calendar), pauses, calendar)
    at = (of.pauses[-1].until or of.started_at if of.pauses else of.started_at) + later
    assume(at < of.due_at)
    again = clocks.resume(clocks.pause(of, at, "needs_info"), at, calendar)
    assert again.due_at == of.due_at
    assert derivation(again, calendar).days == derivation(of, calendar).days


@WITHOUT_DEADLINE
@given(starts, terms, gaps, calendars, st.integers(1, 40))
def test_an_extension_is_as_good_as_a_longer_term(
    started: datetime, term: Term, pauses: Gaps, calendar: WorkCalendar, more: int
) -> None:
    longer = live(fresh(started, Term(term.amount + more, term.unit), calendar), pauses, calendar)
    extended = live(fresh(started, term, calendar), pauses, calendar, [more])
    assert extended.due_at == longer.due_at


# -- another calendar --------------------------------------------------------------------------------------------------


@WITHOUT_DEADLINE
@given(starts, terms, gaps, grants, calendars, own_days_off, st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31))))
def test_after_a_decree_the_derivation_is_under_the_new_calendar_and_adds_up(
    started: datetime,
    term: Term,
    pauses: Gaps,
    granted: list[int],
    old: WorkCalendar,
    added: dict[date, DayOff],
    taken: set[date],
) -> None:
    new = replace(old, days_off={**{d: off for d, off in old.days_off.items() if d not in taken}, **added})
    of = live(fresh(started, term, old), pauses, old, granted)
    moved = clocks.recompute(of, new, 2)
    if moved.state is ClockState.RUNNING:
        found = derivation(moved, new)
        assert found.agrees and adds_up(found)
        assert not any(day.counted and day.date in added for day in found.days if term.unit in ("working_days",))
    assert clocks.recompute(moved, new, 2) == moved
    assert clocks.recompute(moved, old, 1) == of


@WITHOUT_DEADLINE
@given(starts, terms, calendars, own_days_off, st.timedeltas(ZERO, timedelta(days=9)), st.timedeltas(ZERO, ONE_DAY * 9))
def test_a_decree_during_a_pause_is_as_good_as_one_after_it(
    started: datetime, term: Term, old: WorkCalendar, added: dict[date, DayOff], runs: timedelta, stands: timedelta
) -> None:
    new = replace(old, days_off={**old.days_off, **added})
    paused = clocks.pause(fresh(started, term, old), started + runs, "needs_info")
    assume(paused.state is ClockState.PAUSED)
    end = started + runs + stands
    during = clocks.resume(clocks.recompute(paused, new, 2), end, new)
    after = clocks.recompute(clocks.resume(paused, end, old), new, 2)
    assert during == after


@WITHOUT_DEADLINE
@given(starts, terms, gaps, calendars)
def test_a_calendar_that_does_not_lead_to_the_deadline_is_told(
    started: datetime, term: Term, pauses: Gaps, calendar: WorkCalendar
) -> None:
    of = live(fresh(started, term, calendar), pauses, calendar)
    wrong = replace(of, due_at=of.due_at + ONE_DAY)
    found = derivation(wrong, calendar)
    assert not found.agrees and not found.provisional
    assert any("tidak tersimpan lagi" in line for line in in_words_id(found))


# -- zones -------------------------------------------------------------------------------------------------------------


@WITHOUT_DEADLINE
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)), terms, gaps, calendars, st.sampled_from([WIB, WITA, WIT])
)
def test_the_same_wall_clock_gives_the_same_wall_clock_in_every_zone(
    started: datetime, term: Term, pauses: Gaps, calendar: WorkCalendar, zone: object
) -> None:
    there = replace(calendar, zone=zone)  # type: ignore[arg-type]
    here_due, there_due = (
        live(fresh(started.replace(tzinfo=own.zone), term, own), pauses, own).due_at for own in (calendar, there)
    )
    assert here_due.replace(tzinfo=None) == there_due.replace(tzinfo=None)


@WITHOUT_DEADLINE
@given(starts, terms, gaps, calendars)
def test_it_does_not_matter_in_which_zone_an_instant_is_told(
    started: datetime, term: Term, pauses: Gaps, calendar: WorkCalendar
) -> None:
    dues = {live(fresh(started.astimezone(z), term, calendar), pauses, calendar).due_at for z in (UTC, WIB, WITA, WIT)}
    assert len(dues) == 1


# -- cost --------------------------------------------------------------------------------------------------------------


def cost(act: Callable[[], object]) -> float:
    def once() -> float:
        begin = wall.process_time()
        for _ in range(10):
            act()
        return (wall.process_time() - begin) / 10

    return min(once() for _ in range(5))


def busy(amount: int, unit: Unit) -> Clock:
    """Paused once in every week of its term."""
    of = fresh(datetime(2026, 11, 23, 9, tzinfo=WIB), Term(amount, unit), PLAIN)
    weeks = amount // (40 if unit in BY_TIME else 5)
    return live(of, [(timedelta(days=6), timedelta(hours=20))] * weeks, PLAIN)


@pytest.mark.parametrize("unit", ["working_days", "calendar_days", "office_hours"])
def test_a_term_four_times_as_long_costs_about_four_times_as_much(unit: Unit) -> None:
    """With as many times the pauses. Twelve leaves room for a busy machine; a quadratic walk costs sixteen times."""
    short, long = (busy(amount * (8 if unit in BY_TIME else 1), unit) for amount in (60, 240))
    assert cost(lambda: due(long, PLAIN)) < 12 * cost(lambda: due(short, PLAIN))
    assert cost(lambda: said(long)) < 12 * cost(lambda: said(short))


def said(of: Clock) -> tuple[str, ...]:
    return in_words_id(derivation(of, PLAIN))


def test_sixty_working_days_are_derived_and_said_in_a_few_milliseconds() -> None:
    of = busy(60, "working_days")
    assert cost(lambda: said(of)) < 0.02
