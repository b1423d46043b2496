"""The fields of a report, each with its type and bound. All faults are told at once, by place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ...domain import form_rules as rules
from ...domain.errors import Invalid
from ...domain.times import parse_instant, zone_of
from ...domain.words import Kind

#: Somebody typed when it happened; a slip of the day is a fault, a clock that differs is none.
AHEAD = timedelta(days=1)
OLDEST_YEAR = 1900
#: A person reads before they send. Whoever was faster is asked to send again, which by then is late enough.
FASTEST = timedelta(seconds=3)
#: Our page says when it was opened. A form that does not, or says what cannot be, did not come from it; the clocks of
#: two of our functions differ by less.
OPEN_LONGEST, CLOCKS_DIFFER = timedelta(days=1), timedelta(minutes=1)
_EMAIL = re.compile(r"[^@\s,;<>()\[\]\\\"]{1,64}@(?:[^@\s,;<>.]{1,63}\.)+[^@\s,;<>.\d]{2,63}")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Reading:
    """Reads one object and notes what is wrong with it. A field that is missing or null is not given."""

    def __init__(self, given: Mapping[str, Any], faults: list[dict[str, str]], within: str = "") -> None:
        self._given, self._faults, self._within = given, faults, within

    def fault(self, name: str, message: str) -> None:
        self._faults.append({"place": self._within + name, "message": message})

    def only(self, names: Sequence[str]) -> None:
        """A misspelt field is a fault, not a silence: what a person said there would be lost."""
        for name in list(self._given)[:100]:
            if name not in names:
                self.fault(name[:40], "there is no such field")

    def text(self, name: str, limit: int = rules.TEXT_LIMIT) -> str:
        value = self._given.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(name, "must be a text")
            return ""
        if len(value) > limit:
            self.fault(name, f"has at most {limit} characters")
            return ""
        return _INVISIBLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()

    def line(self, name: str, limit: int) -> str:
        value = self.text(name, limit)
        if value and not value.isprintable():
            self.fault(name, "must be one line of visible characters")
            return ""
        return value

    def shaped(self, name: str, limit: int, pattern: re.Pattern[str], what: str) -> str:
        value = self.line(name, limit)
        if value and not pattern.fullmatch(value):
            self.fault(name, what)
            return ""
        return value

    def flag(self, name: str) -> bool:
        value = self._given.get(name)
        if value is not None and not isinstance(value, bool):
            self.fault(name, "must be true or false")
        return value is True

    def degrees(self, name: str, bound: int) -> float | None:
        value = self._given.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not -bound <= value <= bound:
            self.fault(name, f"must be a number of degrees from -{bound} to {bound}")
            return None
        return float(value)

    def table(self, name: str) -> Mapping[str, Any]:
        value = self._given.get(name)
        if value is not None and not isinstance(value, dict):
            self.fault(name, "must be an object")
        return value if isinstance(value, dict) else {}

    def moment(self, name: str, offset: str = "") -> datetime | None:
        """With its offset; as a browser's field writes it, in the zone that `offset` names."""
        value = self.line(name, 40)
        if not value:
            return None
        try:
            naive = datetime.fromisoformat(value)
            at = naive if naive.tzinfo or not offset else naive.replace(tzinfo=zone_of(offset))
            parse_instant(at.isoformat())
        except (ValueError, IndexError):
            self.fault(name, "must be a time as 2026-11-23T14:05:00+07:00")
            return None
        return at


def report_of(
    given: Mapping[str, Any], header: str, now: datetime, *, page: bool = False
) -> tuple[dict[str, Any], str]:
    """A report in the one form in which it is stored (every field there, null where nothing was said), and the
    client's idempotency key from body or header, empty for none. `page`: it was sent by our page. Raises Invalid with
    all faults."""
    faults: list[dict[str, str]] = []
    read = Reading(given, faults)
    read.only(NAMES)
    text = read.text("text")
    if not text and not faults_of(faults, "text"):
        read.fault("text", "say what happened")
    report = {
        "text": text,
        "kind": _kind(read),
        "category": read.line("category", rules.CATEGORY_LIMIT) or None,
        "place": _place(read, faults),
        "happened_at": _happened(read, now),
        "anonymous": read.flag("anonymous"),
        "secret": read.flag("secret"),
        "name": read.line("name", rules.NAME_LIMIT) or None,
        "email": read.shaped("email", rules.ADDRESS_LIMIT, _EMAIL, "does not look like an e-mail address") or None,
        "phone": _phone(read),
        "uploads": _uploads(given, read),
    }
    key = _key(given, header, read, faults)
    _robots(given, read, now, page)
    if faults:
        raise Invalid("the report cannot be taken like this; nothing was stored", faults=tuple(faults))
    return report, key


NAMES = (
    *("text", "kind", "category", "place", "happened_at", "utc_offset", "anonymous", "secret", "name", "email"),
    *("phone", "uploads", "idempotency_key", "website", "opened_at"),
)


def _key(given: Mapping[str, Any], header: str, read: Reading, faults: list[dict[str, str]]) -> str:
    within = Reading({"Idempotency-Key": header or None}, faults)
    keys = {read.text("idempotency_key"), within.text("Idempotency-Key")} - {""}
    if len(keys) > 1:
        read.fault("idempotency_key", "differs from the header Idempotency-Key")
    elif not all(rules.KEY.fullmatch(key) for key in keys):
        read.fault(
            "idempotency_key",
            f"has {rules.KEY_LEAST} to {rules.KEY_LIMIT} visible characters of ASCII, best random ones",
        )
    return next(iter(keys), "")


def _kind(read: Reading) -> str | None:
    value = read.line("kind", 40)
    if value and value not in rules.KINDS:
        read.fault("kind", f"is one of {', '.join(Kind)}")
        return None
    return rules.KINDS[value].value if value else None


def _place(read: Reading, faults: list[dict[str, str]]) -> dict[str, Any] | None:
    within = Reading(read.table("place"), faults, "place.")
    within.only(("text", "latitude", "longitude"))
    before = len(faults)
    latitude, longitude = within.degrees("latitude", rules.LATITUDE), within.degrees("longitude", rules.LONGITUDE)
    if (latitude is None) != (longitude is None) and len(faults) == before:
        within.fault("latitude" if latitude is None else "longitude", "is needed beside the other")
    text = within.line("text", rules.PLACE_LIMIT)
    if not text and latitude is None:
        return None
    return {"latitude": latitude, "longitude": longitude, "text": text or None}


def _happened(read: Reading, now: datetime) -> str | None:
    offset = read.line("utc_offset", 6)
    at = read.moment("happened_at", offset)
    if at is None:
        return None
    if at > now + AHEAD or at.year < OLDEST_YEAR:
        read.fault("happened_at", "lies ahead, or too far back")
        return None
    return at.isoformat()


def _phone(read: Reading) -> str | None:
    value = read.line("phone", rules.PHONE_LIMIT)
    if value and not rules.is_phone(value):
        read.fault("phone", "does not look like a phone number")
        return None
    return value or None


def _uploads(given: Mapping[str, Any], read: Reading) -> list[str]:
    value = given.get("uploads")
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) and rules.UPLOAD.fullmatch(one) for one in value):
        read.fault("uploads", "must be ids that POST /v1/reports/uploads gave")
        return []
    ids: list[str] = list(dict.fromkeys(value))
    if len(ids) > rules.FILES_LIMIT:
        read.fault("uploads", f"are at most {rules.FILES_LIMIT}")
    return ids


def _robots(given: Mapping[str, Any], read: Reading, now: datetime, page: bool) -> None:
    """A person whom a browser's own filling in or a fast hand made look like one is told what to do; nothing that
    somebody wrote is taken with a smile and thrown away. A client's opening time ahead of our clock tells nothing."""
    if given.get("website") not in (None, "", False):
        read.fault("website", "must stay empty; clear it and send again")
    opened = read.moment("opened_at")
    if opened is not None and timedelta() <= now - opened < FASTEST:
        read.fault("opened_at", f"was {FASTEST.seconds} seconds ago at least; send again in a moment")
    elif page and not is_ours(opened, now):
        read.fault("opened_at", "is when the page was opened; send again in a moment")


def is_ours(opened: datetime | None, now: datetime) -> bool:
    """Can our page have been opened then?"""
    return opened is not None and -CLOCKS_DIFFER <= now - opened <= OPEN_LONGEST


def faults_of(faults: Sequence[Mapping[str, str]], name: str) -> list[str]:
    return [fault["message"] for fault in faults if fault["place"] == name]
