"""The ladder: who is told, when, and that each step is climbed once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.domain.calendar import WIB, WIT, DayOff, OfficeHours, WorkCalendar
from tanggap.domain.calendar_id import DAYS_OFF, KNOWN_UNTIL
from tanggap.domain.clocks import Clock, ClockName, done, meet, miss, pause, recompute, resume, start
from tanggap.domain.ladder import DEFAULT_LADDER, REPLY_LADDER, Step, next_step_at, step_at, steps_due
from tanggap.domain.terms import UNITS, Term, Unit

CALENDAR = WorkCalendar(WIB, OfficeHours(), DAYS_OFF, KNOWN_UNTIL)
WITHOUT_DEADLINE = settings(deadline=None)
INSTANT = timedelta(microseconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def clock(started: datetime, amount: int, unit: Unit = "working_days") -> Clock:
    return start(ClockName.RESOLVE, "resolve.complaint", Term(amount, unit), started, CALENDAR, 1)


def times(of: Clock, calendar: WorkCalendar = CALENDAR) -> dict[str, datetime]:
    return {step.id: step_at(of, step, calendar) for step in DEFAULT_LADDER}


def due(of: Clock, when: datetime, calendar: WorkCalendar = CALENDAR) -> list[str]:
    return [step.id for step in steps_due(of, DEFAULT_LADDER, calendar, when)]


def next_at(of: Clock) -> datetime | None:
    return next_step_at(of, DEFAULT_LADDER, CALENDAR)


MONDAY = at("2026-11-23 08:00")
THREE_DAYS = clock(MONDAY, 3)  # four office days of 8 hours, due on Thursday 26 November, 16:00
LATE = at("2027-06-01 12:00")

starts = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.sampled_from([WIB, UTC, WIT]))
gaps = st.tuples(st.timedeltas(timedelta(0), timedelta(days=9)), st.timedeltas(timedelta(0), timedelta(days=30)))


@st.composite
def running(draw: st.DrawFn) -> Clock:
    """A clock after up to three pauses, each ended, not due yet."""
    of = clock(draw(starts), draw(st.integers(1, 60)), draw(st.sampled_from(UNITS)))
    now = of.started_at
    for runs, stands in draw(st.lists(gaps, max_size=3)):
        if now + runs >= of.due_at:
            break
        of = resume(pause(of, now + runs, "needs_info"), now + runs + stands, CALENDAR)
        now += runs + stands
    return of


def test_the_default_ladder_goes_from_a_reminder_to_the_inspectorate() -> None:
    assert times(THREE_DAYS) == {
        "remind": at("2026-11-24 16:00"),
        "warn": at("2026-11-26 09:36"),
        "breach": at("2026-11-26 16:00"),
        "leadership": at("2026-11-27 16:00"),
        "inspectorate": at("2026-12-01 16:00"),
    }
    assert [step.audience for step in DEFAULT_LADDER] == ["desk", "desk", "unit_head", "leadership", "inspectorate"]


def test_half_of_a_clock_by_hours_is_half_by_the_wall_clock() -> None:
    day = times(clock(at("2026-11-27 22:00"), 24, "hours"))
    assert day["remind"] == at("2026-11-28 10:00")
    assert day["warn"] == at("2026-11-28 17:12")
    assert day["breach"] == at("2026-11-28 22:00")
    assert day["leadership"] == at("2026-11-30 16:00")


def test_fractions_of_working_days_fall_into_office_time() -> None:
    reminded = step_at(clock(at("2026-12-23 22:00"), 1), DEFAULT_LADDER[0], CALENDAR)
    assert reminded == at("2026-12-28 12:00")


def test_fractions_leave_pauses_out() -> None:
    resumed = resume(pause(THREE_DAYS, at("2026-11-24 08:00"), "x"), at("2026-11-30 08:00"), CALENDAR)
    assert resumed.due_at == at("2026-12-02 16:00")
    assert times(resumed)["remind"] == at("2026-11-30 16:00")


def test_working_days_after_the_due_date_skip_weekends_and_holidays() -> None:
    climbs = times(clock(at("2026-12-21 09:00"), 2))
    assert climbs["breach"] == at("2026-12-23 16:00")
    assert climbs["leadership"] == at("2026-12-28 16:00")
    assert climbs["inspectorate"] == at("2026-12-30 16:00")


def test_steps_beyond_the_known_calendar_still_skip_weekends() -> None:
    climbs = times(clock(at("2027-12-29 09:00"), 2))
    assert climbs["breach"] == at("2027-12-31 16:00")
    assert climbs["leadership"] == at("2028-01-03 16:00")
    assert climbs["inspectorate"] == at("2028-01-05 16:00")


def test_a_holiday_decreed_after_the_breach_moves_the_steps_after_it() -> None:
    missed = done(miss(THREE_DAYS, THREE_DAYS.due_at), "remind", "warn", "breach")
    calendar = replace(CALENDAR, days_off={**DAYS_OFF, date(2026, 11, 27): DayOff("Pemilu")})
    assert recompute(missed, calendar, 2) == missed
    assert times(missed, calendar)["leadership"] == at("2026-11-30 16:00")


def test_each_step_comes_at_its_time_and_once() -> None:
    of, seen = THREE_DAYS, []
    for when in times(THREE_DAYS).values():
        assert due(of, when - INSTANT) == []
        steps = steps_due(of, DEFAULT_LADDER, CALENDAR, when)
        seen += [step.id for step in steps]
        of = done(miss(of, when), *(step.id for step in steps))
        assert due(of, when) == []
    assert seen == ["remind", "warn", "breach", "leadership", "inspectorate"]
    assert next_at(of) is None
    assert due(of, LATE) == []


def test_a_sweep_that_comes_late_climbs_all_that_was_missed_in_order() -> None:
    assert due(THREE_DAYS, at("2026-11-29 12:00")) == ["remind", "warn", "breach", "leadership"]


def test_steps_come_in_the_order_of_their_time_however_the_ladder_is_written() -> None:
    backwards = tuple(reversed(DEFAULT_LADDER))
    assert [step.id for step in steps_due(THREE_DAYS, backwards, CALENDAR, LATE)] == [s.id for s in DEFAULT_LADDER]


def test_nothing_is_due_while_a_clock_is_paused() -> None:
    paused = pause(THREE_DAYS, at("2026-11-24 10:00"), "needs_info")
    assert due(paused, LATE) == []
    assert next_at(paused) is None


def test_nothing_is_due_once_a_clock_is_met_in_time_or_late() -> None:
    for met in (
        meet(THREE_DAYS, at("2026-11-24 10:00")),
        meet(THREE_DAYS, LATE),
        meet(miss(THREE_DAYS, THREE_DAYS.due_at), LATE),
    ):
        assert due(met, LATE) == []
        assert next_at(met) is None


def test_a_missed_clock_goes_on_climbing_until_it_is_met() -> None:
    missed = done(miss(THREE_DAYS, THREE_DAYS.due_at), "remind", "warn", "breach")
    assert next_at(missed) == at("2026-11-27 16:00")
    assert due(missed, at("2026-11-27 16:00")) == ["leadership"]


def test_a_clock_missed_by_a_late_pause_still_breaches() -> None:
    missed = pause(done(THREE_DAYS, "remind", "warn"), THREE_DAYS.due_at + INSTANT, "needs_info")
    assert due(missed, THREE_DAYS.due_at + INSTANT) == ["breach"]


def test_a_due_date_that_moves_does_not_repeat_the_steps_done() -> None:
    warned = done(THREE_DAYS, "remind", "warn")
    calendar = replace(CALENDAR, days_off={**DAYS_OFF, date(2026, 11, 26): DayOff("Pemilu")})
    moved = recompute(warned, calendar, 2)
    assert due(moved, at("2026-11-27 15:59:59"), calendar) == []
    assert due(moved, at("2026-11-27 16:00"), calendar) == ["breach"]


def test_the_reporters_time_to_reply_expires_at_its_due_date_for_the_system_alone() -> None:
    of = start(ClockName.REPORTER_REPLY, "reply", Term(10, "working_days"), MONDAY, CALENDAR, 1)
    assert next_step_at(of, REPLY_LADDER, CALENDAR) == of.due_at == at("2026-12-07 16:00")
    assert steps_due(of, REPLY_LADDER, CALENDAR, of.due_at - INSTANT) == ()
    (expire,) = steps_due(of, REPLY_LADDER, CALENDAR, of.due_at)
    assert (expire.id, expire.audience) == ("expire", "system")


def test_an_empty_ladder_asks_for_nothing() -> None:
    assert steps_due(THREE_DAYS, (), CALENDAR, LATE) == ()
    assert next_step_at(THREE_DAYS, (), CALENDAR) is None


@pytest.mark.parametrize(
    ("fraction", "after", "audience"),
    [
        (None, None, "desk"),
        (0.5, 1, "desk"),
        (0.0, None, "desk"),
        (1.1, None, "desk"),
        (float("nan"), None, "desk"),
        (None, 0, "desk"),
        (None, -1, "desk"),
        (0.5, None, ""),
    ],
)
def test_a_step_that_has_no_place_on_a_ladder_is_refused(
    fraction: float | None, after: int | None, audience: str
) -> None:
    with pytest.raises(ValueError, match="step"):
        Step("x", fraction, after, audience)


@WITHOUT_DEADLINE
@given(running())
def test_steps_follow_one_another_and_none_comes_before_the_start(of: Clock) -> None:
    climbs = list(times(of).values())
    assert climbs == sorted(climbs)
    assert of.started_at <= climbs[0] <= of.due_at == climbs[2] < climbs[3]


@WITHOUT_DEADLINE
@given(running())
def test_no_step_falls_into_a_pause_or_outside_office_hours(of: Clock) -> None:
    for step in DEFAULT_LADDER[:2]:
        when = step_at(of, step, CALENDAR)
        assert not any(gap.since < when < (gap.until or when) for gap in of.pauses)
        if of.term.unit == "working_days":
            assert CALENDAR.office_time_between(when - INSTANT, when) == INSTANT


@WITHOUT_DEADLINE
@given(running(), st.timedeltas(timedelta(0), timedelta(days=120)))
def test_marked_steps_are_not_due_again_and_the_next_comes_later(of: Clock, passed: timedelta) -> None:
    now = of.started_at + passed
    first = steps_due(of, DEFAULT_LADDER, CALENDAR, now)
    marked = done(of, *(step.id for step in first))
    assert steps_due(marked, DEFAULT_LADDER, CALENDAR, now) == ()
    coming = next_at(marked)
    assert coming is None or coming > max([now, *(step_at(of, step, CALENDAR) for step in first)])
    assert (coming is None) == (len(first) == len(DEFAULT_LADDER))


@WITHOUT_DEADLINE
@given(running(), st.lists(st.sampled_from([step.id for step in DEFAULT_LADDER])))
def test_the_next_step_is_the_first_instant_at_which_a_step_is_due(of: Clock, marked: list[str]) -> None:
    of = done(of, *marked)
    coming = next_at(of)
    if coming is None:
        assert steps_due(of, DEFAULT_LADDER, CALENDAR, LATE + timedelta(days=4000)) == ()
    else:
        assert steps_due(of, DEFAULT_LADDER, CALENDAR, coming) != ()
        assert steps_due(of, DEFAULT_LADDER, CALENDAR, coming - INSTANT) == ()


terms = st.builds(Term, st.integers(1, 12), st.sampled_from(UNITS))
steps = st.one_of(
    st.builds(lambda share: {"fraction": share}, st.floats(0.05, 1)),
    st.builds(lambda days: {"working_days_after": days}, st.integers(1, 9)),
    st.builds(lambda term: {"before": term}, terms),
    st.builds(lambda term: {"after": term}, terms),
)


@WITHOUT_DEADLINE
@given(running(), st.lists(steps, min_size=1, max_size=6), st.sets(st.integers(0, 5)), st.timedeltas(timedelta(0)))
def test_the_next_step_of_any_ladder_is_the_first_of_all_that_are_left(
    of: Clock, whens: list[dict[str, Any]], taken: set[int], since: timedelta
) -> None:
    ladder = tuple(
        Step(
            f"s{n}", when.get("fraction"), when.get("working_days_after"), "desk", when.get("before"), when.get("after")
        )
        for n, when in enumerate(whens)
    )
    of = done(of, *(f"s{n}" for n in taken))
    left = [(step_at(of, step, CALENDAR), step) for step in ladder if step.id not in of.steps_done]
    assert next_step_at(of, ladder, CALENDAR) == min((when for when, _ in left), default=None)
    now = of.started_at + since % timedelta(days=60)
    due_now = [(when, step) for when, step in left if when <= now]
    assert steps_due(of, ladder, CALENDAR, now) == tuple(step for _, step in sorted(due_now, key=lambda one: one[0]))
