"""Clocks: when a promise is due, what pauses do to it, how it ends, and how it explains itself."""

from __future__ import annotations

import json
import time as wall
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tanggap.domain.calendar import WIB, WIT, WITA, DayOff, OfficeHours, WorkCalendar
from tanggap.domain.calendar_id import DAYS_OFF, KNOWN_UNTIL
from tanggap.domain.clock_rows import clock_from_dict, clock_to_dict
from tanggap.domain.clocks import (
    Clock,
    ClockName,
    ClockState,
    done,
    extend,
    meet,
    miss,
    pause,
    recompute,
    restart,
    resume,
    start,
)
from tanggap.domain.deadlines import ExplainedDay, explain, running_spans
from tanggap.domain.terms import BY_TIME, UNITS, Extension, Pause, Term, Unit

CALENDAR = WorkCalendar(WIB, OfficeHours(), DAYS_OFF, KNOWN_UNTIL)
WITHOUT_DEADLINE = settings(deadline=None)
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def clock(started: datetime, amount: int, unit: Unit = "working_days", calendar: WorkCalendar = CALENDAR) -> Clock:
    return start(ClockName.RESOLVE, "resolve.complaint", Term(amount, unit), started, calendar, 1)


def with_day_off(day: date, name: str = "Pemilu") -> WorkCalendar:
    return replace(CALENDAR, days_off={**CALENDAR.days_off, day: DayOff(name)})


def whys(of: Clock, calendar: WorkCalendar = CALENDAR) -> list[str]:
    return [day.why for day in explain(of, calendar)]


def counted(days: Iterable[ExplainedDay]) -> int:
    return sum(day.counted for day in days)


MONDAY = at("2026-11-23 09:00")
THREE_DAYS = clock(MONDAY, 3)  # due on Thursday 26 November, 16:00

terms = st.builds(Term, st.integers(1, 70), st.sampled_from(UNITS))
starts = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.sampled_from([WIB, UTC, WIT]))
#: Each: how long the clock runs on, how long it is then paused.
gaps = st.tuples(st.timedeltas(timedelta(0), timedelta(days=9)), st.timedeltas(timedelta(0), timedelta(days=30)))


def live(of: Clock, pauses: Iterable[tuple[timedelta, timedelta]]) -> Clock:
    """The clock after these pauses, left alone once it is missed."""
    now = of.started_at
    for runs, stands in pauses:
        of = pause(of, now + runs, "needs_info")
        of = resume(of, now + runs + stands, CALENDAR)
        now += runs + stands
    return of


lives = st.builds(
    lambda started, term, pauses: live(clock(started, term.amount, term.unit), pauses),
    starts,
    terms,
    st.lists(gaps, max_size=4),
)


# -- due dates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started", "amount", "due"),
    [
        ("2026-11-23", 3, "2026-11-26"),
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-11-23", 10, "2026-12-07"),
        ("2026-11-23", 14, "2026-12-11"),
        ("2026-11-23", 60, "2027-02-22"),
        ("2027-03-04", 3, "2027-03-17"),
        ("2027-03-04", 5, "2027-03-19"),
        ("2027-03-04", 14, "2027-04-05"),
        ("2027-03-04", 60, "2027-06-16"),
    ],
)
@pytest.mark.parametrize("time_of_day", ["00:00", "09:00", "15:59:59", "16:00", "23:59:59"])
def test_working_days_end_at_the_close_of_the_last_of_them(
    started: str, amount: int, due: str, time_of_day: str
) -> None:
    assert clock(at(f"{started} {time_of_day}"), amount).due_at == at(f"{due} 16:00")


@pytest.mark.parametrize(
    ("started", "due"),
    [
        ("2026-11-27 23:00", "2026-11-30 16:00"),  # Friday night
        ("2026-11-28 10:00", "2026-11-30 16:00"),  # Saturday
        ("2026-11-29 23:59:59", "2026-11-30 16:00"),  # Sunday
        ("2026-11-30 00:00", "2026-12-01 16:00"),  # a second later it is Monday, which is the day of receipt
        ("2026-12-24 10:00", "2026-12-28 16:00"),  # joint leave
        ("2026-12-25 10:00", "2026-12-28 16:00"),  # holiday
        ("2027-03-08 10:00", "2027-03-16 16:00"),  # into the longest row of days off
    ],
)
def test_a_clock_started_outside_office_hours_counts_from_the_next_working_day(started: str, due: str) -> None:
    assert clock(at(started), 1).due_at == at(due)


def test_joint_leave_does_not_count() -> None:
    assert clock(at("2026-03-17 09:00"), 1).due_at == at("2026-03-25 16:00")


def test_the_day_of_receipt_is_a_day_in_the_agencys_zone() -> None:
    late = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # 22:30 in Jakarta, 00:30 of the next day in Jayapura
    in_zone = {zone: WorkCalendar(zone, OfficeHours(), DAYS_OFF, KNOWN_UNTIL) for zone in (WIB, WITA, WIT)}
    dues = [clock(late, 1, calendar=calendar).due_at for calendar in in_zone.values()]
    assert [due.isoformat() for due in dues] == [
        "2026-11-24T16:00:00+07:00",
        "2026-11-24T16:00:00+08:00",
        "2026-11-25T16:00:00+09:00",
    ]


@pytest.mark.parametrize("started", ["2026-11-23 00:00", "2026-11-23 23:59:59"])
def test_calendar_days_end_with_the_last_second_of_the_last_day(started: str) -> None:
    assert clock(at(started), 14, "calendar_days").due_at == at("2026-12-07 23:59:59")


def test_hours_run_by_the_wall_clock_through_weekends_and_holidays() -> None:
    assert clock(at("2026-12-24 17:30:15"), 72, "hours").due_at == at("2026-12-27 17:30:15")


def test_due_dates_come_in_the_agencys_zone_wherever_the_start_came_from() -> None:
    for unit in UNITS:
        assert clock(MONDAY.astimezone(UTC), 5, unit).due_at.utcoffset() == timedelta(hours=7)


def test_days_after_the_last_decree_still_know_their_weekends() -> None:
    late = clock(at("2027-12-30 09:00"), 2)
    assert late.due_at == at("2028-01-03 16:00")
    assert whys(late) == ["day_of_receipt", "working_day", "weekend", "weekend", "calendar_unknown"]
    assert [day.counted for day in explain(late, CALENDAR)] == [False, True, False, False, True]


@pytest.mark.parametrize(
    ("amount", "unit"),
    [(0, "working_days"), (-1, "hours"), (10_001, "hours"), (3, "weeks"), (True, "hours"), (2.5, "hours")],
)
def test_a_term_that_cannot_be_counted_is_refused(amount: int, unit: Unit) -> None:
    with pytest.raises(ValueError, match="term"):
        Term(amount, unit)


def test_a_start_without_a_zone_is_refused() -> None:
    for unit in UNITS:
        with pytest.raises(ValueError, match="zone"):
            clock(datetime(2026, 11, 23, 9), 3, unit)


# -- pauses ------------------------------------------------------------------------------------------------------------


def test_a_pause_within_office_hours_of_one_day_moves_nothing() -> None:
    paused = pause(THREE_DAYS, at("2026-11-24 10:00"), "needs_info")
    assert paused.state is ClockState.PAUSED
    resumed = resume(paused, at("2026-11-24 15:00"), CALENDAR)
    assert resumed.state is ClockState.RUNNING
    assert resumed.due_at == THREE_DAYS.due_at
    assert resumed.pauses == (Pause(at("2026-11-24 10:00"), at("2026-11-24 15:00"), "needs_info"),)


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [
        ("2026-11-24 10:00", "2026-11-24 15:59:59", "2026-11-26"),  # ran at the close
        ("2026-11-24 10:00", "2026-11-24 16:00", "2026-11-27"),  # resumed only as the office closed
        ("2026-11-24 15:59:59", "2026-11-24 16:30", "2026-11-27"),  # paused one second before the close
        ("2026-11-24 16:00", "2026-11-25 09:00", "2026-11-26"),  # ran all day, paused at the close, back in time
        ("2026-11-24 17:00", "2026-11-25 07:00", "2026-11-26"),  # a night
        ("2026-11-24 10:00", "2026-11-26 10:00", "2026-11-30"),  # two closes
        ("2026-11-23 10:00", "2026-11-23 20:00", "2026-11-26"),  # the day of receipt never counts
        ("2026-11-26 15:00", "2026-12-07 09:00", "2026-12-07"),  # one hour before the end, over two weekends
    ],
)
def test_a_day_counts_if_the_clock_runs_at_its_close(since: str, until: str, due: str) -> None:
    resumed = resume(pause(THREE_DAYS, at(since), "needs_info"), at(until), CALENDAR)
    assert resumed.due_at == at(f"{due} 16:00")


def test_a_pause_across_a_weekend_costs_its_working_days_only() -> None:
    resumed = resume(pause(clock(MONDAY, 5), at("2026-11-27 10:00"), "needs_info"), at("2026-11-30 10:00"), CALENDAR)
    assert resumed.due_at == at("2026-12-01 16:00")
    assert whys(resumed)[4:] == ["paused", "weekend", "weekend", "working_day", "working_day"]


def test_hours_are_prolonged_by_the_length_of_each_pause() -> None:
    day = clock(MONDAY, 24, "hours")
    once = resume(pause(day, at("2026-11-23 12:00"), "needs_info"), at("2026-11-23 13:30"), CALENDAR)
    twice = resume(pause(once, at("2026-11-24 08:00"), "needs_info"), at("2026-11-26 08:00"), CALENDAR)
    assert once.due_at == at("2026-11-24 10:30")
    assert twice.due_at == at("2026-11-26 10:30")


def test_calendar_days_skip_those_that_end_in_a_pause() -> None:
    resumed = resume(
        pause(clock(MONDAY, 5, "calendar_days"), at("2026-11-25 08:00"), "x"), at("2026-11-27 08:00"), CALENDAR
    )
    assert resumed.due_at == at("2026-11-30 23:59:59")


def test_a_second_pause_inside_the_first_changes_nothing() -> None:
    paused = pause(THREE_DAYS, at("2026-11-24 10:00"), "needs_info")
    assert pause(paused, at("2026-11-24 12:00"), "transferred") == paused


def test_a_clock_may_be_paused_again_after_it_was_resumed() -> None:
    again = live(THREE_DAYS, [(timedelta(days=1), timedelta(days=1)), (timedelta(hours=1), timedelta(days=1))])
    assert [gap.until is not None for gap in again.pauses] == [True, True]
    assert again.due_at == at("2026-11-30 16:00")


def test_a_paused_clock_keeps_the_due_date_it_would_have_if_resumed_at_once() -> None:
    paused = pause(THREE_DAYS, at("2026-11-24 10:00"), "needs_info")
    assert paused.due_at == THREE_DAYS.due_at
    assert [(day.why, day.assumed) for day in explain(paused, CALENDAR)] == [
        ("day_of_receipt", False),
        *[("working_day", True)] * 3,
    ]
    later = explain(paused, CALENDAR, at("2026-11-25 10:00"))
    assert [day.why for day in later if not day.assumed] == ["day_of_receipt", "paused"]


def test_resuming_a_clock_that_is_not_paused_changes_nothing() -> None:
    assert resume(THREE_DAYS, at("2026-11-24 10:00"), CALENDAR) == THREE_DAYS


def test_a_pause_comes_too_late_once_the_clock_is_due() -> None:
    for late in (THREE_DAYS.due_at, THREE_DAYS.due_at + timedelta(hours=1)):
        missed = pause(THREE_DAYS, late, "needs_info")
        assert (missed.state, missed.missed_at, missed.pauses) == (ClockState.MISSED, late, ())


def test_a_clock_that_has_ended_neither_pauses_nor_resumes() -> None:
    later = THREE_DAYS.due_at + timedelta(days=1)
    for ended in (meet(THREE_DAYS, at("2026-11-24 10:00")), miss(THREE_DAYS, later), meet(THREE_DAYS, later)):
        assert pause(ended, later + SECOND, "needs_info") == ended
        assert resume(ended, later + SECOND, CALENDAR) == ended


# -- ends --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", [MONDAY, THREE_DAYS.due_at - SECOND, THREE_DAYS.due_at])
def test_a_clock_met_up_to_its_due_date_is_met(when: datetime) -> None:
    met = meet(THREE_DAYS, when)
    assert (met.state, met.met_at, met.missed_at) == (ClockState.MET, when, None)


def test_a_clock_met_late_is_missed_even_before_a_sweep_saw_it() -> None:
    late = THREE_DAYS.due_at + SECOND
    met = meet(THREE_DAYS, late)
    assert (met.state, met.met_at, met.missed_at) == (ClockState.MISSED, late, late)


def test_missed_is_final_and_a_late_end_is_noted_once() -> None:
    noticed, late = THREE_DAYS.due_at + SECOND, THREE_DAYS.due_at + timedelta(days=2)
    met = meet(miss(THREE_DAYS, noticed), late)
    assert (met.state, met.met_at, met.missed_at) == (ClockState.MISSED, late, noticed)
    assert meet(met, late + SECOND) == met
    assert not met.open


def test_the_first_time_a_clock_is_met_counts() -> None:
    met = meet(THREE_DAYS, at("2026-11-24 10:00"))
    assert meet(met, at("2026-12-24 10:00")) == met
    assert miss(met, at("2026-12-24 10:00")) == met


def test_a_paused_clock_is_met_in_time_however_late_and_its_pause_ends() -> None:
    late = THREE_DAYS.due_at + timedelta(days=30)
    met = meet(pause(THREE_DAYS, at("2026-11-24 10:00"), "needs_info"), late)
    assert met.state is ClockState.MET
    assert met.pauses[-1].until == late


def test_nothing_is_missed_before_it_is_due_nor_while_it_is_paused() -> None:
    assert miss(THREE_DAYS, THREE_DAYS.due_at - SECOND) == THREE_DAYS
    paused = pause(THREE_DAYS, at("2026-11-24 10:00"), "needs_info")
    assert miss(paused, at("2027-11-24 10:00")) == paused


def test_a_clock_never_runs_backwards() -> None:
    before = MONDAY - timedelta(days=2)
    assert meet(THREE_DAYS, before).met_at == MONDAY
    paused = pause(THREE_DAYS, before, "needs_info")
    assert paused.pauses[0].since == MONDAY
    resumed = resume(paused, before, CALENDAR)
    assert resumed.pauses[0].until == MONDAY
    assert resumed.due_at == THREE_DAYS.due_at
    noticed = THREE_DAYS.due_at + SECOND
    assert meet(miss(THREE_DAYS, noticed), before).met_at == noticed
    once = live(THREE_DAYS, [(timedelta(days=1), timedelta(hours=3))])
    assert pause(once, MONDAY, "needs_info").pauses[1].since == at("2026-11-24 12:00")


# -- another calendar --------------------------------------------------------------------------------------------------


def test_a_holiday_decreed_on_the_due_date_moves_it_and_keeps_the_steps_done() -> None:
    warned = done(THREE_DAYS, "remind", "warn")
    moved = recompute(warned, with_day_off(date(2026, 11, 26)), 2)
    assert moved.due_at == at("2026-11-27 16:00")
    assert moved.policy_version == 2
    assert moved.steps_done == ("remind", "warn")
    assert whys(moved, with_day_off(date(2026, 11, 26)))[3] == "holiday: Pemilu"


def test_a_holiday_withdrawn_moves_the_due_date_back() -> None:
    without = replace(CALENDAR, days_off={})
    assert recompute(clock(at("2026-12-23 09:00"), 1), without, 2).due_at == at("2026-12-24 16:00")


def test_a_pause_after_a_due_date_that_moved_back_is_no_part_of_the_run() -> None:
    resumed = resume(
        pause(clock(at("2026-12-23 09:00"), 1), at("2026-12-28 09:00"), "x"), at("2026-12-28 10:00"), CALENDAR
    )
    moved = recompute(resumed, replace(CALENDAR, days_off={}), 2)
    assert list(running_spans(moved)) == [(at("2026-12-23 09:00"), at("2026-12-24 16:00"))]


def test_a_paused_clock_is_recomputed_too() -> None:
    paused = pause(THREE_DAYS, at("2026-11-24 10:00"), "needs_info")
    calendar = with_day_off(date(2026, 11, 27))
    moved = recompute(paused, calendar, 2)
    assert (moved.state, moved.policy_version) == (ClockState.PAUSED, 2)
    assert resume(moved, at("2026-11-25 09:00"), calendar).due_at == at("2026-11-30 16:00")


def test_what_was_met_or_missed_is_not_judged_again() -> None:
    calendar = with_day_off(date(2026, 11, 26))
    for ended in (meet(THREE_DAYS, at("2026-11-24 10:00")), miss(THREE_DAYS, THREE_DAYS.due_at)):
        assert recompute(ended, calendar, 2) == ended


def test_a_steps_id_is_kept_once() -> None:
    assert done(done(THREE_DAYS, "remind"), "warn", "remind").steps_done == ("remind", "warn")


# -- explanations ------------------------------------------------------------------------------------------------------


def test_each_day_says_whether_it_counted_and_why() -> None:
    explained = explain(clock(at("2026-12-22 09:00"), 3), CALENDAR)
    assert [(day.date.day, day.counted, day.why) for day in explained] == [
        (22, False, "day_of_receipt"),
        (23, True, "working_day"),
        (24, False, "joint_leave: Cuti Bersama Hari Raya Natal"),
        (25, False, "holiday: Hari Raya Natal"),
        (26, False, "weekend"),
        (27, False, "weekend"),
        (28, True, "working_day"),
        (29, True, "working_day"),
    ]


def test_hours_are_explained_by_the_clock_and_a_day_spent_in_a_pause_is_not_counted() -> None:
    paused = resume(pause(clock(MONDAY, 24, "hours"), at("2026-11-23 20:00"), "x"), at("2026-11-25 07:00"), CALENDAR)
    assert [(day.date.day, day.counted, day.why) for day in explain(paused, CALENDAR)] == [
        (23, True, "by_the_clock"),
        (24, False, "paused"),
        (25, True, "by_the_clock"),
    ]


def test_hours_of_a_clock_that_is_still_paused_are_not_counted() -> None:
    paused = pause(clock(MONDAY, 72, "hours"), at("2026-11-23 12:00"), "needs_info")
    explained = explain(paused, CALENDAR, at("2026-11-25 06:00"))
    assert [day.why for day in explained if not day.assumed] == ["by_the_clock", "paused", "paused"]
    assert sum(day.time.total_seconds() for day in explained if day.time) == 72 * 3600


def test_hours_that_end_at_midnight_have_no_part_in_the_day_that_begins() -> None:
    assert [day.date.day for day in explain(clock(at("2026-11-23 00:00"), 24, "hours"), CALENDAR)] == [23]


def test_calendar_days_count_whatever_day_it_is_and_end_on_a_working_one() -> None:
    over_christmas = clock(at("2026-12-23 09:00"), 3, "calendar_days")  # Saturday the 26th
    assert over_christmas.due_at == at("2026-12-28 23:59:59")
    assert whys(over_christmas) == ["day_of_receipt", *["by_the_clock"] * 3, "moved: weekend", "next_working_day"]


def test_office_hours_are_explained_by_the_part_of_each_day_that_counted() -> None:
    of = clock(at("2026-11-20 14:00"), 12, "office_hours")  # Friday: two hours; Monday eight, Tuesday two
    assert of.due_at == at("2026-11-24 10:00")
    assert [day.time for day in explain(of, CALENDAR)] == [timedelta(hours=hours) for hours in (2, 0, 0, 8, 2)]
    assert whys(of) == ["working_day", "weekend", "weekend", "working_day", "working_day"]


def test_a_pause_on_the_days_to_which_a_deadline_moved_moves_it_on() -> None:
    of = pause(clock(at("2026-12-23 09:00"), 3, "calendar_days"), at("2026-12-27 10:00"), "needs_info")
    assert resume(of, at("2026-12-29 10:00"), CALENDAR).due_at == at("2026-12-29 23:59:59")


def test_what_is_granted_besides_counts_like_the_term() -> None:
    more = extend(THREE_DAYS, Extension(2, at("2026-11-24 09:00"), "officer:a"), CALENDAR)
    assert (more.amount, more.due_at) == (5, at("2026-11-30 16:00"))
    assert counted(explain(more, CALENDAR)) == 5
    assert clock_from_dict(json.loads(json.dumps(clock_to_dict(more)))) == more


def test_nothing_is_granted_after_the_due_date_nor_for_what_is_over() -> None:
    late = Extension(2, at("2026-11-26 16:01"), "officer:a")
    assert extend(THREE_DAYS, late, CALENDAR) == THREE_DAYS
    over = meet(THREE_DAYS, at("2026-11-24 09:00"))
    assert extend(over, replace(late, at=at("2026-11-24 10:00")), CALENDAR) == over


def test_a_clock_that_starts_anew_has_its_whole_term_and_all_its_steps_before_it() -> None:
    used = done(resume(pause(THREE_DAYS, at("2026-11-24 09:00"), "x"), at("2026-11-25 09:00"), CALENDAR), "remind")
    anew = restart(used, at("2026-11-26 09:00"), CALENDAR)
    assert anew == replace(THREE_DAYS, started_at=at("2026-11-26 09:00"), due_at=at("2026-12-01 16:00"))


def test_a_clock_that_is_due_by_then_does_not_start_anew() -> None:
    assert restart(THREE_DAYS, at("2026-11-27 09:00"), CALENDAR).state is ClockState.MISSED


# -- storing -----------------------------------------------------------------------------------------------------------


@WITHOUT_DEADLINE
@given(lives, st.sampled_from(["leave", "pause", "meet", "miss"]))
def test_a_clock_survives_json(of: Clock, end: str) -> None:
    later = of.due_at + SECOND
    of = {"leave": of, "pause": pause(of, of.started_at, "x"), "meet": meet(of, later), "miss": miss(of, later)}[end]
    of = replace(done(of, "remind"), extensions=(Extension(2, of.started_at, "officer:a", "coordinator"),))
    assert clock_from_dict(json.loads(json.dumps(clock_to_dict(of)))) == of


def test_numbers_may_come_back_as_decimals() -> None:
    data = clock_to_dict(THREE_DAYS)
    data["policy_version"], data["term"] = Decimal(1), {"amount": Decimal(3), "unit": "working_days"}
    assert clock_from_dict(data) == THREE_DAYS


def test_what_is_not_a_clock_is_refused() -> None:
    good = clock_to_dict(THREE_DAYS)
    for key, bad in (("state", "lost"), ("due_at", "2026-11-26T16:00:00"), ("due_at", "soon")):
        with pytest.raises(ValueError, match=r".+"):
            clock_from_dict({**good, key: bad})
    with pytest.raises(KeyError):
        clock_from_dict({key: value for key, value in good.items() if key != "pauses"})


# -- properties --------------------------------------------------------------------------------------------------------


@WITHOUT_DEADLINE
@given(lives)
def test_nothing_is_due_before_it_starts(of: Clock) -> None:
    assert of.due_at > of.started_at


@WITHOUT_DEADLINE
@given(lives)
def test_the_days_that_count_are_as_many_as_the_term(of: Clock) -> None:
    explained = explain(of, CALENDAR)
    if of.term.unit in BY_TIME:
        assert sum((day.time or timedelta() for day in explained), timedelta()) == timedelta(hours=of.term.amount)
    else:
        assert counted(explained) == of.term.amount
        assert explained[-1].date == of.due_at.astimezone(WIB).date()
        assert explained[-1].counted or explained[-1].why == "next_working_day"


@WITHOUT_DEADLINE
@given(lives)
def test_no_deadline_that_is_not_by_the_hour_falls_on_a_free_day(of: Clock) -> None:
    assume(of.term.unit != "hours")
    assert CALENDAR.day(of.due_at.astimezone(WIB).date()).working


@WITHOUT_DEADLINE
@given(lives)
def test_the_hours_that_a_clock_runs_are_as_many_as_the_term(of: Clock) -> None:
    assume(of.term.unit == "hours")
    ran = sum((end - begin for begin, end in running_spans(of)), timedelta())
    assert ran == timedelta(hours=of.term.amount)


@WITHOUT_DEADLINE
@given(starts, terms, st.lists(gaps, max_size=3), gaps, st.timedeltas(timedelta(0), timedelta(days=20)))
def test_a_longer_pause_never_makes_the_due_date_earlier(
    started: datetime,
    term: Term,
    before: list[tuple[timedelta, timedelta]],
    last: tuple[timedelta, timedelta],
    more: timedelta,
) -> None:
    runs, stands = last
    fresh = clock(started, term.amount, term.unit)
    short = live(fresh, [*before, last])
    assert fresh.due_at <= live(fresh, before).due_at <= short.due_at
    assert short.due_at <= live(fresh, [*before, (runs, stands + more)]).due_at


@WITHOUT_DEADLINE
@given(lives, st.integers(0, 120))
def test_another_holiday_never_makes_the_due_date_earlier(of: Clock, days: int) -> None:
    calendar = with_day_off(of.started_at.date() + timedelta(days=days))
    moved = recompute(of, calendar, 2)
    assert moved.due_at >= of.due_at
    if of.term.unit not in BY_TIME and moved.state is ClockState.RUNNING:
        assert counted(explain(moved, calendar)) == of.term.amount


@WITHOUT_DEADLINE
@given(lives)
def test_recomputing_under_the_same_calendar_changes_nothing(of: Clock) -> None:
    assert recompute(of, CALENDAR, of.policy_version) == of


@WITHOUT_DEADLINE
@given(starts, terms, st.lists(st.tuples(st.sampled_from(["pause", "resume", "meet", "miss"]), starts), max_size=8))
def test_no_order_of_events_breaks_a_clock(started: datetime, term: Term, events: list[tuple[str, datetime]]) -> None:
    of = clock(started, term.amount, term.unit)
    missed = False
    for event, when in events:
        match event:
            case "pause":
                of = pause(of, when, "needs_info")
            case "resume":
                of = resume(of, when, CALENDAR)
            case "meet":
                of = meet(of, when)
            case _:
                of = miss(of, when)
        missed = missed or of.state is ClockState.MISSED
        assert (of.state is ClockState.MISSED) == missed
    assert of.due_at > of.started_at
    marks = [of.started_at, *(mark for gap in of.pauses for mark in (gap.since, gap.until) if mark is not None)]
    assert all(a <= b for a, b in pairwise(marks))
    assert all(gap.until is not None for gap in of.pauses[:-1])
    assert (of.state is ClockState.PAUSED) == bool(of.pauses and of.pauses[-1].until is None)
    assert (of.state is ClockState.MET) <= (of.met_at is not None)
    assert (of.state is ClockState.MISSED) == (of.missed_at is not None)
    assert of.missed_at is None or of.missed_at >= of.due_at
    assert explain(of, CALENDAR)


def test_sixty_working_days_are_computed_well_under_a_millisecond() -> None:
    best = min(measured() for _ in range(20))
    assert best < 0.001


def measured() -> float:
    begin = wall.process_time()
    for _ in range(10):
        clock(MONDAY, 60)
    return (wall.process_time() - begin) / 10
