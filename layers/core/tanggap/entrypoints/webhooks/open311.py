"""POST of Open311 GeoReport v2, as its clients send it: a form in, JSON or XML back, codes as texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...adapters.channels.secrets import values
from ...domain import form_rules as rules
from ...domain.errors import Forbidden, NotFound, Refuse
from ..bodies import as_text
from ..open311_xml import document
from . import minting, signatures
from .fields import Reading
from .forms import limited, tracking_url
from .parts import Parts
from .request import Answer, Request

#: A service's attributes.
ATTRIBUTES_LIMIT = 50
#: As in the list of services (application/open311), whose module is more than this function loads.
IN_PUBLIC = (
    "Laporan ini tampil untuk umum, tanpa nomor telepon dan alamat surel. "
    "/ It is public, without phone numbers and e-mail addresses."
)
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](?:\[\])?")
#: Kept beside the report, since a case has no place for them. A media_url is a stranger's: shown, never fetched.
_KEPT = ("device_id", "account_id", "first_name", "last_name", "media_url", "jurisdiction_id")


class Faulty(Refuse):
    """GeoReport answers 400 for whatever is neither missing nor a key's fault."""


def requests(request: Request, parts: Parts) -> Answer:
    """POST /open311/v2/requests.json and .xml. Raises Refuse, Retry."""
    if not parts.open311:
        raise NotFound("Open311 is closed here", "not_configured")
    given = request.form()
    _allowed(given, request, parts)
    report, extra = report_of(given)
    filed = minting.file(parts, "open311", _key(request), report, extra)
    notice = (
        f"Laporan diterima. Kode tanda terima: {filed.code}. Ikuti di {tracking_url(parts, filed.number)} "
        f"/ Received. Receipt code: {filed.code}. {IN_PUBLIC}"
    )
    one = {"service_request_id": filed.number, "service_notice": notice, "account_id": extra.get("account_id")}
    return _told(request, "service_requests", [one], 201)


def nowhere(request: Request, parts: Parts) -> Answer:
    raise NotFound("there is nothing here; requests are posted to requests.json or requests.xml")


def refused(refusal: Refuse, request: Request, parts: Parts) -> Answer:
    """`[{code, description}]`, one for each fault."""
    status = 400 if refusal.status in (409, 415, 422) else refusal.status
    told = [f"{fault['place']} {fault['message']}" for fault in refusal.faults] or [str(refusal)]
    return _told(request, "errors", [{"code": status, "description": one} for one in told], status)


def report_of(given: Mapping[str, list[str]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The report as every form is stored, and what GeoReport has beside. Raises Faulty with all faults."""
    faults: list[dict[str, str]] = []
    single = {name: listed[0] for name, listed in given.items()}
    read = Reading(single, faults)
    service = read.line("service_code", rules.CATEGORY_LIMIT)
    if not service and not faults:
        read.fault("service_code", "was not provided")
    before = len(faults)
    address = read.line("address_id", rules.BESIDE_LIMIT)
    elsewhere = bool(address) or len(faults) > before
    report: dict[str, Any] = {
        "text": read.text("description", rules.DESCRIPTION_LIMIT),
        "kind": None,
        "category": service or None,
        "place": _place(single, read, faults, elsewhere),
        "happened_at": None,
        "anonymous": False,
        "secret": False,
        "name": " ".join(
            filter(None, (read.line(name, rules.HALF_NAME_LIMIT) for name in ("first_name", "last_name")))
        )[: rules.NAME_LIMIT]
        or None,
        "email": read.line("email", rules.ADDRESS_LIMIT) or None,
        "phone": read.line("phone", rules.PHONE_LIMIT) or None,
        "uploads": [],
    }
    read.line("api_key", rules.BESIDE_LIMIT)  # it is not kept; its bound is told in the API's description
    kept = {name: value for name in _KEPT if (value := read.line(name, rules.BESIDE_LIMIT))}
    kept |= {"address_id": address} if address else {}
    extra = {**kept, **({"attributes": found} if (found := _attributes(given, read)) else {})}
    if faults:
        raise Faulty("the request cannot be taken like this", faults=tuple(faults))
    return report, extra


def _place(
    single: Mapping[str, str], read: Reading, faults: list[dict[str, str]], elsewhere: bool
) -> dict[str, Any] | None:
    """`elsewhere`: an id of the place was given, which is kept as it is."""
    degrees = Reading({name: _number(single[name]) for name in ("lat", "long") if name in single}, faults)
    before = len(faults)
    latitude, longitude = degrees.degrees("lat", rules.LATITUDE), degrees.degrees("long", rules.LONGITUDE)
    text = read.line("address_string", rules.PLACE_LIMIT)
    if len(faults) > before:
        return None
    if (latitude is None) != (longitude is None):
        read.fault("lat" if latitude is None else "long", "is needed beside the other")
    elif latitude is None and not text and not elsewhere:
        read.fault("location", "was not provided: lat and long, address_string or address_id")
    return {"latitude": latitude, "longitude": longitude, "text": text or None}


def _attributes(given: Mapping[str, list[str]], read: Reading) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, listed in given.items():
        if not (matched := _ATTRIBUTE.fullmatch(name)):
            continue
        found.setdefault(matched.group(1), []).extend(listed)
        if any(len(one) > rules.DESCRIPTION_LIMIT for one in listed):
            read.fault(name[:80], f"has at most {rules.DESCRIPTION_LIMIT} characters")
    if len(found) > ATTRIBUTES_LIMIT:
        read.fault("attribute", f"are at most {ATTRIBUTES_LIMIT}")
    return found


def _allowed(given: Mapping[str, list[str]], request: Request, parts: Parts) -> None:
    """Where keys are given out, one is needed, and whoever has one is no stranger: an app's server sends for a town."""
    keys = values(parts.secrets.section("open311"), "keys")
    named = [*given.get("api_key", ()), *request.query.get("api_key", ())]
    if not keys:
        limited(parts.reports, request)
    elif len(set(named)) != 1 or not signatures.one_of(named[0], keys):
        raise Forbidden("api_key is missing or invalid")


def _key(request: Request) -> str:
    """GeoReport knows no idempotency; a client that does may say its key in the header."""
    key = request.header("idempotency-key")
    if key and not rules.KEY.fullmatch(key):
        raise Faulty(f"Idempotency-Key has {rules.KEY_LEAST} to {rules.KEY_LIMIT} visible characters of ASCII")
    return key


def _number(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value


def _told(request: Request, root: str, listed: Sequence[Mapping[str, Any]], status: int) -> Answer:
    if request.path.endswith(".xml"):
        return Answer(status, document(root, listed), "text/xml; charset=utf-8")
    return Answer(status, as_text(listed))
