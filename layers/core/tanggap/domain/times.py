"""Instants as strings: RFC 3339 outside, fixed-width UTC inside so that a sort key sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

#: Sorts after every instant: the place of a case that waits for nothing.
NEVER = "9999"

#: The names under which Indonesians know their three offsets (no daylight saving, so an offset is a zone).
ZONE_NAMES = {7: "WIB", 8: "WITA", 9: "WIT"}

_MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
_DAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]


def stamp(at: datetime) -> str:
    """`2026-11-22T05:00:00.000Z`: milliseconds, UTC, always 24 characters."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def parse_instant(text: str) -> datetime:
    """An RFC 3339 instant with an offset; ValueError for anything else, a naive time included."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time needs its offset")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time at the end of all calendars") from None


def zone_of(offset: str) -> timezone:
    """`+07:00` as a zone. Raises ValueError outside the three Indonesian offsets."""
    zone = timezone(timedelta(hours=int(offset[:3]), minutes=int(offset[4:6])))
    if offset[3] != ":" or offset not in ("+07:00", "+08:00", "+09:00"):
        raise ValueError("the offset is one of +07:00, +08:00, +09:00")
    return zone


def spoken_date(at: datetime, zone: timezone) -> str:
    """`Senin, 23 November 2026`, as Indonesian letters write a date."""
    local = at.astimezone(zone)
    return f"{_DAYS[local.weekday()]}, {local.day} {_MONTHS[local.month - 1]} {local.year}"


def spoken(at: datetime, zone: timezone) -> str:
    """`Senin, 23 November 2026 pukul 14.05 WIB`."""
    local = at.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    name = ZONE_NAMES.get(int(offset.total_seconds() // 3600), local.strftime("%z"))
    return f"{spoken_date(at, zone)} pukul {local.hour:02d}.{local.minute:02d} {name}"


def spoken_en(at: datetime, zone: timezone) -> str:
    """`23 November 2026, 14:05 (UTC+7)`, for the English lines."""
    local = at.astimezone(zone)
    hours = int((local.utcoffset() or timedelta()).total_seconds() // 3600)
    return local.strftime("%-d %B %Y, %H:%M") + f" (UTC+{hours})"
