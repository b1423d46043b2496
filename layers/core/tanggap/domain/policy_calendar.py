"""Which days and hours an agency works, out of its policy: the decreed days off and what the agency adds to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from .calendar import DayOff, OfficeHours, WorkCalendar
from .calendar_id import DAYS_OFF, KNOWN_UNTIL
from .policy_reader import Reader, is_whole
from .times import zone_of


def _clock_time(reader: Reader, raw: Mapping[str, Any], key: str, default: str) -> time:
    try:
        value = time.fromisoformat(raw.get(key, default))
        if value.tzinfo is None:
            return value
    except (TypeError, ValueError):
        pass
    reader.fault(f"office_hours.{key}", "must be a time such as 08:00")
    return time.fromisoformat(default)


def _office_hours(reader: Reader, raw: Mapping[str, Any]) -> OfficeHours:
    given = reader.table(raw, "office_hours")
    opens, closes = _clock_time(reader, given, "opens", "08:00"), _clock_time(reader, given, "closes", "16:00")
    if opens >= closes:
        reader.fault("office_hours", "must open before it closes")
        opens, closes = time(8), time(16)
    days = given.get("weekdays", [1, 2, 3, 4, 5])
    if not isinstance(days, list) or not days or not all(is_whole(d) and 1 <= d <= 7 for d in days):
        reader.fault("office_hours.weekdays", "must list days from 1 (Monday) to 7 (Sunday)")
        days = [1, 2, 3, 4, 5]
    return OfficeHours(opens, closes, frozenset(day - 1 for day in days))


def read_calendar(reader: Reader, raw: Mapping[str, Any], offset: str) -> WorkCalendar:
    days = dict(DAYS_OFF)
    given = reader.table(raw, "calendar")
    for index, row in enumerate(reader.rows(given, "days_off", "calendar.")):
        place = f"calendar.days_off[{index}]."
        day = reader.date(place + "date", row.get("date"))
        name = reader.text(row, "name", place, 120)
        if day:
            days[day] = DayOff(name, row.get("joint_leave") is True)
    working = given.get("working_days", [])
    if not isinstance(working, list):
        reader.fault("calendar.working_days", "must be a list of dates")
        working = []
    for index, text in enumerate(working):
        if day := reader.date(f"calendar.working_days[{index}]", text):
            days.pop(day, None)
    decreed = reader.date("calendar.known_until", given["known_until"]) if "known_until" in given else None
    return WorkCalendar(zone_of(offset), _office_hours(reader, raw), days, max(KNOWN_UNTIL, decreed or KNOWN_UNTIL))
