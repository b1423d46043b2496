"""Which days and hours an agency works, out of its policy: the decreed days off and what the agency adds to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from .calendar import DayHours, DayOff, HoursIn, OfficeHours, WorkCalendar
from .calendar_id import DAYS_OFF, KNOWN_UNTIL
from .policy_reader import Reader, is_whole
from .times import zone_of

#: Of one day.
MAX_BREAKS = 10
_ISO_DAYS = {str(day): day - 1 for day in range(1, 8)}


def _clock_time(reader: Reader, raw: Mapping[str, Any], key: str, place: str, default: time) -> time:
    try:
        value = time.fromisoformat(raw[key]) if key in raw else default
        if value.tzinfo is None:
            return value
    except (TypeError, ValueError):
        pass
    reader.fault(place + key, "must be a time such as 08:00")
    return default


def _breaks(reader: Reader, raw: Mapping[str, Any], place: str, hours: DayHours) -> tuple[tuple[time, time], ...]:
    """In order. A break of which a part can't be used is left out of what is read, since a fault refuses the policy."""
    found: list[tuple[time, time]] = []
    rows = reader.rows(raw, "breaks", place)
    if len(rows) > MAX_BREAKS:
        reader.fault(f"{place}breaks", f"must be at most {MAX_BREAKS}")
        return ()
    for index, row in enumerate(rows):
        at = f"{place}breaks[{index}]"
        before = len(reader.faults)
        for key in ("from", "to"):
            if key not in row:
                reader.fault(f"{at}.{key}", "must be a time such as 12:00")
        since = _clock_time(reader, row, "from", f"{at}.", hours.opens)
        until = _clock_time(reader, row, "to", f"{at}.", hours.closes)
        if len(reader.faults) > before:
            continue
        if not hours.opens < since < until < hours.closes:
            reader.fault(at, "must end after it begins, with office hours before and after it")
        elif any(since <= other_until and other <= until for other, other_until in found):
            reader.fault(at, "overlaps another break")
        else:
            found.append((since, until))
    return tuple(sorted(found))


def _day_hours(reader: Reader, raw: Mapping[str, Any], place: str, others: DayHours) -> DayHours:
    """`others`: the hours that stand for what is left out."""
    before = len(reader.faults)
    opens = _clock_time(reader, raw, "opens", f"{place}.", others.opens)
    closes = _clock_time(reader, raw, "closes", f"{place}.", others.closes)
    if opens >= closes:
        if len(reader.faults) == before:
            reader.fault(place, "must open before it closes")
        return others
    hours = DayHours(opens, closes)
    if "breaks" in raw:
        return DayHours(opens, closes, _breaks(reader, raw, f"{place}.", hours))
    # A half day has closed before the others' lunch.
    return DayHours(opens, closes, tuple(pause for pause in others.breaks if opens < pause[0] and pause[1] < closes))


def _office_hours(reader: Reader, raw: Mapping[str, Any]) -> OfficeHours:
    given = reader.table(raw, "office_hours")
    every = _day_hours(reader, given, "office_hours", DayHours())
    weekdays = given.get("weekdays", [1, 2, 3, 4, 5])
    if not isinstance(weekdays, list) or not weekdays or not all(is_whole(d) and 1 <= d <= 7 for d in weekdays):
        reader.fault("office_hours.weekdays", "must list days from 1 (Monday) to 7 (Sunday)")
        weekdays = [1, 2, 3, 4, 5, 6, 7]
    worked = frozenset(day - 1 for day in weekdays)
    own = _own_days(reader, given, "office_hours", every, worked)
    return OfficeHours(every.opens, every.closes, worked, every.breaks, own)


def _own_days(
    reader: Reader, given: Mapping[str, Any], place: str, every: DayHours, worked: frozenset[int]
) -> dict[int, DayHours]:
    own: dict[int, DayHours] = {}
    days = reader.table(given, "days", f"{place}.")
    for key in days:
        at = f"{place}.days.{key}"
        if key not in _ISO_DAYS:
            reader.fault(at, "must be a day from 1 (Monday) to 7 (Sunday)")
        elif _ISO_DAYS[key] not in worked:
            reader.fault(at, "is a day on which the office does not work (office_hours.weekdays)")
        else:
            own[_ISO_DAYS[key]] = _day_hours(reader, reader.table(days, key, f"{place}.days."), at, every)
    return own


def _hours_in(reader: Reader, given: Mapping[str, Any], usual: OfficeHours) -> tuple[HoursIn, ...]:
    """In order of their dates. One that overlaps is left out of what is read."""
    found: list[HoursIn] = []
    for index, row in enumerate(reader.rows(given, "hours_in", "calendar.")):
        place = f"calendar.hours_in[{index}]"
        before = len(reader.faults)
        name = reader.text(row, "name", f"{place}.", 120)
        source = reader.text(row, "source", f"{place}.", 200) if "source" in row else ""
        first, last = (reader.date(f"{place}.{key}", row.get(key)) for key in ("from", "until"))
        for key in ("opens", "closes"):
            if key not in row:
                reader.fault(f"{place}.{key}", "must be a time such as 08:00")
        every = _day_hours(reader, row, place, DayHours(usual.opens, usual.closes, usual.breaks))
        own = _own_days(reader, row, place, every, usual.weekdays)
        if first and last and first > last:
            reader.fault(f"{place}.until", "must not lie before from")
        elif (
            first and last and (other := next((one for one in found if one.first <= last and first <= one.last), None))
        ):
            reader.fault(place, f"overlaps {other.name} ({other.first} to {other.last})")
        if len(reader.faults) == before and first and last:
            hours = OfficeHours(every.opens, every.closes, usual.weekdays, every.breaks, own)
            found.append(HoursIn(name, first, last, hours, source))
    return tuple(sorted(found, key=lambda one: one.first))


def _days_off(reader: Reader, given: Mapping[str, Any]) -> dict[date, DayOff]:
    found: dict[date, DayOff] = {}
    for index, row in enumerate(reader.rows(given, "days_off", "calendar.")):
        place = f"calendar.days_off[{index}]."
        day = reader.date(place + "date", row.get("date"))
        name = reader.text(row, "name", place, 120)
        decree = reader.text(row, "decree", place, 200) if "decree" in row else ""
        if day:
            found[day] = DayOff(name, row.get("joint_leave") is True, decree)
    return found


def _worked(reader: Reader, given: Mapping[str, Any]) -> set[date]:
    working = given.get("working_days", [])
    if not isinstance(working, list):
        reader.fault("calendar.working_days", "must be a list of dates")
        return set()
    dates = (reader.date(f"calendar.working_days[{index}]", text) for index, text in enumerate(working))
    return {day for day in dates if day}


def read_calendar(reader: Reader, raw: Mapping[str, Any], offset: str) -> WorkCalendar:
    given = reader.table(raw, "calendar")
    days = {**DAYS_OFF, **_days_off(reader, given)}
    worked = _worked(reader, given)
    for day in worked:
        days.pop(day, None)
    decreed = reader.date("calendar.known_until", given["known_until"]) if "known_until" in given else None
    hours = _office_hours(reader, raw)
    return WorkCalendar(
        zone=zone_of(offset),
        hours=hours,
        days_off=days,
        known_until=max(KNOWN_UNTIL, decreed or KNOWN_UNTIL),
        worked=frozenset(worked),
        hours_in=_hours_in(reader, given, hours),
    )
