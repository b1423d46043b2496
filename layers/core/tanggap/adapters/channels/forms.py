"""What came by a form: the web page's, or an Open311 client's. One report, or one further message, an arrival.

The webhook has checked it and minted number and code. What it let through all the same (an older one's field, a damaged
object) leaves a doubt on the case rather than a report unread."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from ...domain import form_rules as rules
from ...domain import numbers, receipts
from ...domain.errors import NotFound, Park
from ...domain.inbound import File, Inbound, Party, Place, Stated
from ...domain.times import parse_instant, zone_of
from ...domain.words import FORMS, Channel, Confidentiality, Kind, Reason
from ..mail import bounds
from ..mail.headers import normalised
from .part import Part

if TYPE_CHECKING:
    from ...application.ports import Files

_HEX = re.compile(r"[0-9a-f]{64}")
#: Marks for the officer, beside the mail's.
FIELD, AHEAD, NO_TEXT, TOO_MANY = "field_unreadable", "happened_ahead", "no_text", "too_many_files"
NOT_FETCHED = "media_not_fetched"
#: Where a form says nothing of its zone: most of the country's people live by it.
_WIB = timezone(timedelta(hours=7))


def read(raw: bytes, at: datetime) -> tuple[Part, ...]:
    """The arrival as one part. Raises Park where it holds no number of ours."""
    body = _body(raw)
    channel, number = _channel(body), str(body.get("number"))
    report = _table(body, "report")
    adds = body.get("adds") is True
    at = _received(body, at)
    doubts: list[str] = []
    email, phone = _email(report, doubts), _phone(report, doubts)
    text = _with_link(_text(report, doubts), body, doubts)
    key = str(body.get("key"))
    digest = key if _HEX.fullmatch(key) else hashlib.sha256(raw).hexdigest()
    code = receipts.normalise(str(body.get("code")))
    place = _place(report, doubts)
    inbound = Inbound(
        channel=channel,
        external_id=f"{number}/{digest[:16]}" if adds else number,
        at=at,
        sender=Party(email or phone, _line(report, "name", rules.NAME_LIMIT)),
        recipients=(),
        subject="",
        text=text,
        full_text=_full(text, body),
        digest=digest,
        place=place,
        stated=Stated(
            number=number,
            receipt=receipts.digest(number, code) if code and not adds else "",
            adds=adds,
            kind=_kind(report, doubts),
            category=_line(report, "category", rules.CATEGORY_LIMIT),
            confidentiality=_confidentiality(report),
            happened_at=_happened(report, at, doubts),
            email=email,
            phone=phone,
            uploads=_uploads(report, doubts),
        ),
        doubts=tuple(dict.fromkeys(doubts)),
    )
    return (
        Part(
            channel=channel,
            kind="message" if adds else "report",
            external_id=inbound.external_id,
            at=at,
            person=inbound.sender.address,
            inbound=inbound,
        ),
    )


def read_one(raw: bytes, at: datetime) -> Inbound:
    """The arrival's only message. Raises Park."""
    (part,) = read(raw, at)
    if part.inbound is None:
        raise Park(Reason.UNREADABLE, "a form's arrival without a message")
    return part.inbound


def with_files(inbound: Inbound, files: Files) -> Inbound:
    """With what the reporter uploaded, typed by content. What is not there (any more), or over a bound, is told by its
    name. Raises Retry."""
    if not (inbound.stated and inbound.stated.uploads):
        return inbound
    found: list[File] = []
    left_out = list(inbound.left_out)
    doubts = set(inbound.doubts)
    for number, upload in enumerate(inbound.stated.uploads, 1):
        name, file = _fetched(upload, number, files, doubts)
        if file:
            found.append(file)
        else:
            left_out.append(name or "?")
    return replace(
        inbound,
        files=tuple(found),
        left_out=tuple(left_out),
        left_out_count=inbound.left_out_count + len(left_out) - len(inbound.left_out),
        doubts=(*inbound.doubts, *sorted(doubts - set(inbound.doubts))),
    )


def _fetched(upload: str, number: int, files: Files, doubts: set[str]) -> tuple[str, File | None]:
    from ..mail.files import file, safe_name

    key, label = place_of(upload)
    name = safe_name(label)
    head = files.head(key) if key else None
    if head is None or not 0 < head[0] <= rules.FILE_BYTES:
        return name, None
    try:
        return name, file(files.get(key), head[1], label, number, doubts)
    except NotFound:
        return name, None


def place_of(upload: str) -> tuple[str, str]:
    """(key in the attachments bucket, the name that its uploader told) of an id; ("", "") of what is none."""
    found = rules.UPLOAD.fullmatch(upload)
    if found is None:
        return "", ""
    label = found.group(2) or ""
    try:
        name = base64.urlsafe_b64decode(label + "=" * (-len(label) % 4)).decode()
    except ValueError:
        name = ""
    return rules.UPLOADS + found.group(1), name


def _body(raw: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Park(Reason.UNREADABLE, "a form's arrival that is not JSON") from None
    if not isinstance(body, dict) or not numbers.valid(str(body.get("number"))) or _channel(body) not in FORMS:
        raise Park(Reason.UNREADABLE, "a form's arrival without a number or door of ours")
    if isinstance(version := body.get("v"), int) and version > rules.VERSION:
        raise Park(Reason.UNREADABLE, "a form's arrival of a newer release")
    return body


def _channel(body: Mapping[str, Any]) -> Channel:
    named = body.get("door")
    return Channel(named) if isinstance(named, str) and named in set(FORMS) else Channel.INTERNAL


def _received(body: Mapping[str, Any], stored: datetime) -> datetime:
    """When the webhook took it. Nothing is later than its object."""
    try:
        return min(parse_instant(str(body.get("at"))), stored)
    except (ValueError, OverflowError):
        return stored


def _table(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = given.get(name)
    return found if isinstance(found, dict) else {}


def _string(given: Mapping[str, Any], name: str) -> str:
    found = given.get(name)
    return found if isinstance(found, str) else ""


def _line(given: Mapping[str, Any], name: str, limit: int) -> str:
    """One line, nothing invisible."""
    seen = "".join(sign if sign.isprintable() else " " for sign in _string(given, name)[: 2 * limit])
    return " ".join(seen.split())[:limit]


def _text(report: Mapping[str, Any], doubts: list[str]) -> str:
    text = _string(report, "text").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    text = text.encode("utf-8", "replace").decode()  # half a character can't be stored
    if len(text) > bounds.TEXT:
        doubts.append(bounds.Doubt.TEXT)
    if not text.strip():
        doubts.append(NO_TEXT)
    return text[: bounds.TEXT].strip()


def _with_link(text: str, body: Mapping[str, Any], doubts: list[str]) -> str:
    """A picture that lies elsewhere is a stranger's address: named to the officer, never fetched."""
    link = _line(_table(body, "extra"), "media_url", rules.BESIDE_LIMIT)
    if not link:
        return text
    doubts.append(NOT_FETCHED)
    return f"{text}\n\n{rules.LINKED}{link}".strip()


def _full(text: str, body: Mapping[str, Any]) -> str:
    """With what an Open311 client said beside the description, as its service's attributes: for the officer to read."""
    extra = _table(body, "extra")
    apart = ("attributes", "media_url")
    told = [f"{name}: {value}" for name, value in extra.items() if name not in apart and isinstance(value, str)]
    for name, values in _table(extra, "attributes").items():
        told += [f"{name}: {value}" for value in (values if isinstance(values, list) else [values])]
    below = "\n".join(told).encode("utf-8", "replace").decode().replace("\0", "")[: bounds.TEXT]
    return f"{text}\n\n{below}".strip() if below else text


def _email(report: Mapping[str, Any], doubts: list[str]) -> str:
    given = _line(report, "email", rules.ADDRESS_LIMIT)
    found = normalised(given) if given else ""
    if given and not found:
        doubts.append(FIELD)
    return found


def _phone(report: Mapping[str, Any], doubts: list[str]) -> str:
    """In the vault's one spelling, by which the reporter is found again."""
    from ..vault import normal

    given = _line(report, "phone", rules.PHONE_LIMIT)
    if not given:
        return ""
    found = normal(given)
    if "@" in found or not found.startswith("+") or len(found) > 1 + rules.PHONE_DIGITS[1]:
        doubts.append(FIELD)
        return ""
    return found


def _kind(report: Mapping[str, Any], doubts: list[str]) -> Kind | None:
    given = report.get("kind")
    if given in (None, ""):
        return None
    if not isinstance(given, str) or given not in rules.KINDS:
        doubts.append(FIELD)
        return None
    return rules.KINDS[given]


def _confidentiality(report: Mapping[str, Any]) -> Confidentiality:
    """Who asks that the content be secret is not named either (domain.words.Confidentiality)."""
    if report.get("secret") is True:
        return Confidentiality.SECRET
    return Confidentiality.ANONYMOUS if report.get("anonymous") is True else Confidentiality.OPEN


def _happened(report: Mapping[str, Any], at: datetime, doubts: list[str]) -> datetime | None:
    """A browser's own field knows no offset: it is told in the page's zone."""
    given = _string(report, "happened_at")
    if not given:
        return None
    try:
        found = datetime.fromisoformat(given)
        found = found if found.tzinfo else found.replace(tzinfo=_zone(report))
        found = parse_instant(found.isoformat())
    except (ValueError, OverflowError):
        doubts.append(FIELD)
        return None
    if found > at:
        doubts.append(AHEAD)
    return found


def _zone(report: Mapping[str, Any]) -> timezone:
    try:
        return zone_of(_string(report, "utc_offset"))
    except (ValueError, IndexError):
        return _WIB


def _place(report: Mapping[str, Any], doubts: list[str]) -> Place | None:
    given = _table(report, "place")
    latitude, longitude = _degrees(given, "latitude", rules.LATITUDE), _degrees(given, "longitude", rules.LONGITUDE)
    if latitude is None or longitude is None:
        if given.get("latitude") is not None or given.get("longitude") is not None:
            doubts.append(FIELD)
        latitude = longitude = None
    text = _line(given, "text", rules.PLACE_LIMIT)
    return Place(latitude, longitude, text) if text or latitude is not None else None


def _degrees(given: Mapping[str, Any], name: str, bound: int) -> float | None:
    value = given.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not -bound <= value <= bound:
        return None
    return float(value)


def _uploads(report: Mapping[str, Any], doubts: list[str]) -> tuple[str, ...]:
    given = report.get("uploads")
    if not isinstance(given, list):
        return ()
    named = tuple(dict.fromkeys(one for one in given if isinstance(one, str)))
    if len(named) > rules.FILES_LIMIT:
        doubts.append(TOO_MANY)
    return named[: rules.FILES_LIMIT]
