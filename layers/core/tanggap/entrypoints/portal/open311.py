"""Open311 GeoReport v2, reading: `/open311/v2/…` in JSON and XML. Posting is the webhooks function's."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from chalice.app import Response

from ...application.open311 import PAGE, PAGE_LIMIT, Question, Request, Service
from ...domain.errors import NotFound, Refuse
from ...domain.times import parse_instant
from ..bodies import BadRequest
from ..open311_xml import document
from .http import answer, asked, refusal_of, route
from .parts import parts
from .shapes import instant

#: GeoReport's own content types; XML is what it requires, so it serves where none can be told.
FORMATS = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
#: Public data for pages of any site; no credentials are looked at.
_HEADERS = {"Access-Control-Allow-Origin": "*"}
_SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
#: When what clients may know of the endpoint last changed (Service Discovery).
_CHANGESET = "2026-11-23T00:00:00Z"
_STATUSES = {"open": True, "closed": False}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHOLE = re.compile(r"[0-9]{1,6}")

View = Callable[..., tuple[str, Any]]


class NoSuchFormat(Refuse):
    status = 406


def georeport(path: str) -> Callable[[View], View]:
    """A route whose view returns the XML root's name and the value; every refusal takes GeoReport's form."""

    def register(view: View) -> View:
        @functools.wraps(view)
        def guarded(**parameters: str) -> Response:
            form = parameters.pop("format")
            try:
                if form not in FORMATS:
                    raise NoSuchFormat(f"the formats are {' and '.join(FORMATS)}")
                if parts().settings.open311 != "open":
                    raise NotFound("Open311 is not offered here")
                return _told(form, *view(**parameters))
            except Exception as error:
                refusal = refusal_of(error, path)
                return _errors(form, _STATUS.get(refusal.status, refusal.status), str(refusal))

        return route("GET", path, public=True)(guarded)

    return register


#: GeoReport knows 400 for whatever can't be fulfilled as asked.
_STATUS = {422: 400, 413: 400}


def _told(form: str, root: str, value: Any, status: int = 200) -> Response:
    if form == "json":
        told = answer(value, status)
        told.headers.update({**_HEADERS, "Content-Type": FORMATS["json"]})
        return told
    return Response(document(root, value), {**_HEADERS, "Content-Type": FORMATS["xml"]}, status)


def _errors(form: str, status: int, description: str) -> Response:
    """As the specification shows them: a number in JSON."""
    told = [{"code": status, "description": description}]
    return _told(form if form in FORMATS else "xml", "errors", told, status)


# -- services


def _discovery() -> tuple[str, Any]:
    base = parts().settings.public_url.rstrip("/")
    endpoint = {
        "specification": _SPECIFICATION,
        "url": f"{base}/open311/v2",
        "changeset": _CHANGESET,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    policy = parts().policies.current()
    contact = f"{policy.agency}, {parts().settings.intake_address}"
    return "discovery", {"changeset": _CHANGESET, "contact": contact, "key_service": contact, "endpoints": [endpoint]}


@georeport("/open311/discovery.{format}")
def discovery() -> tuple[str, Any]:
    """Service Discovery: where the endpoint is and what it speaks."""
    return _discovery()


@georeport("/open311/v2/discovery.{format}")
def discovery_of_v2() -> tuple[str, Any]:
    """The same, where a client knows the endpoint alone."""
    return _discovery()


@georeport("/open311/v2/services.{format}")
def services() -> tuple[str, Any]:
    """What can be reported: the policy's categories, and one for the rest."""
    return "services", [_service(one) for one in parts().open311.services()]


def _service(one: Service) -> dict[str, Any]:
    return {
        "service_code": one.code,
        "service_name": one.name,
        "description": one.description,
        "metadata": False,
        "type": "realtime",
        "keywords": ", ".join(one.keywords),
        "group": one.group,
    }


@georeport("/open311/v2/services/{code}.{format}")
def service(code: str) -> tuple[str, Any]:
    """What a service asks besides: nothing, of any."""
    return "service_definition", {"service_code": parts().open311.service(code).code, "attributes": []}


# -- requests


@georeport("/open311/v2/requests.{format}")
def requests() -> tuple[str, Any]:
    """Requests by id, or by time, service and status, the newest first."""
    if named := _words("service_request_id"):
        return _requests(parts().open311.named(named))
    since, until = _time("start_date"), _time("end_date", ends=True)
    question = Question(
        since=since,
        until=until,
        codes=frozenset(_words("service_code")),
        open=_status(),
        updated_after=_time("updated_after"),
        updated_before=_time("updated_before", ends=True),
        page=_number("page", 1),
        size=min(_number("page_size", PAGE), PAGE_LIMIT),
    )
    return _requests(parts().open311.listing(question))


@georeport("/open311/v2/requests/{number}.{format}")
def request(number: str) -> tuple[str, Any]:
    """One request by its id."""
    return _requests((parts().open311.request(number),))


@georeport("/open311/v2/tokens/{token}.{format}")
def token(token: str) -> tuple[str, Any]:
    """Requests have their id at once, so no token is ever given out; an id stands for itself."""
    found = parts().open311.request(token)
    return "service_requests", [{"service_request_id": found.id, "token": token}]


def _requests(found: Sequence[Request]) -> tuple[str, Any]:
    extended = (asked("extensions") or [""])[-1].lower() == "true"
    zone = parts().policies.current().calendar.zone
    return "service_requests", [_request(one, zone, extended) for one in found]


def _request(one: Request, zone: Any, extended: bool) -> dict[str, Any]:
    """`address` is always there, `lat` and `long` are null where nobody shared a place."""
    place = one.place
    shape = {
        "service_request_id": one.id,
        "status": "open" if one.open else "closed",
        "status_notes": one.notes,
        "service_name": one.service.name,
        "service_code": one.service.code,
        "description": one.description or None,
        "agency_responsible": one.responsible,
        "service_notice": one.notice or None,
        "requested_datetime": instant(one.requested_at, zone),
        "updated_datetime": instant(one.updated_at, zone),
        "expected_datetime": instant(one.expected_at, zone),
        "address": place.text if place else "",
        "address_id": None,
        "zipcode": None,
        "lat": place.latitude if place else None,
        "long": place.longitude if place else None,
        "media_url": None,
    }
    return shape | ({"extended_attributes": {"status": one.status, "channel": one.channel}} if extended else {})


# -- what is asked


def _words(name: str) -> list[str]:
    """A parameter that may be given several times, each comma delimited."""
    return [word for given in asked(name) for part in given.split(",") if (word := part.strip())]


def _time(name: str, *, ends: bool = False) -> datetime | None:
    """A time with its offset, or a date for the whole of that day in the agency's zone."""
    given = (asked(name) or [""])[-1].strip()
    if not given:
        return None
    if _DATE.fullmatch(given):
        offset = parts().policies.current().raw.get("utc_offset", "+07:00")
        given += f"T{'23:59:59' if ends else '00:00:00'}{offset}"
    try:
        return parse_instant(given.replace(" ", "+"))  # a plus sign in a query is often sent bare
    except (ValueError, OverflowError):
        raise BadRequest(f"{name} must be a time with its offset such as 2026-01-01T00:00:00Z") from None


def _status() -> bool | None:
    given = {word.lower() for word in _words("status")}
    if given - _STATUSES.keys():
        raise BadRequest("status is open or closed")
    return _STATUSES[given.pop()] if len(given) == 1 else None


def _number(name: str, default: int) -> int:
    given = (asked(name) or [""])[-1].strip()
    if not given:
        return default
    if not _WHOLE.fullmatch(given) or int(given) < 1:
        raise BadRequest(f"{name} is a whole number from 1")
    return int(given)
