"""Clocks of November and December 2026 whose deadlines are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from tanggap.domain import clocks
from tanggap.domain.calendar import WIB, DayOff, OfficeHours, WorkCalendar
from tanggap.domain.calendar_id import DAYS_OFF, KNOWN_UNTIL
from tanggap.domain.clocks import Clock
from tanggap.domain.derivation import Derivation, derivation
from tanggap.domain.history import Entry
from tanggap.domain.terms import Extension, Term, Unit
from tanggap.domain.words import Role

CALENDAR = WorkCalendar(WIB, OfficeHours(), DAYS_OFF, KNOWN_UNTIL)
LABEL = {"id": "penyelesaian", "en": "resolution"}
LAW = "UU 14/2008: 10 hari kerja, dapat ditambah 7 hari kerja satu kali"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def clock(started: str, amount: int, unit: Unit = "working_days", calendar: WorkCalendar = CALENDAR) -> Clock:
    rule = "resolve.information@uu-14-2008"
    return clocks.start("resolve", rule, Term(amount, unit), at(started), calendar, 3, source=LAW)


def derived(of: Clock, calendar: WorkCalendar = CALENDAR, *history: Entry) -> Derivation:
    return derivation(of, calendar, LABEL, history)


def entry(event: str, when: str, **data: str) -> Entry:
    return Entry(9, at(when), "officer:siti", event, {"clock": "resolve", **data})


def with_day_off(day: date, off: DayOff) -> WorkCalendar:
    return replace(CALENDAR, days_off={**CALENDAR.days_off, day: off})


def paused(of: Clock, since: str, until: str = "") -> Clock:
    of = clocks.pause(of, at(since), "needs_info")
    return clocks.resume(of, at(until), CALENDAR) if until else of


EXTENDED = clocks.extend(
    paused(clock("2026-12-18 13:00", 3), "2026-12-22 10:00", "2026-12-23 09:00"),
    Extension(1, at("2026-12-23 11:00"), "officer:siti", Role.UNIT_HEAD),
    CALENDAR,
)
