"""Cases: reading, recording, deciding, answering."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ...application.desk import Heard
from ...application.ports import CaseFile
from ...domain.errors import Invalid
from ...domain.permissions import Officer
from ...domain.times import parse_instant
from ...domain.words import Channel, Confidentiality, Kind, Status
from . import shapes
from .http import after_of, body, cursor_of, one_of, only, query, route, text
from .parts import cursor_key, parts


def _whole(file: CaseFile) -> dict[str, Any]:
    services = parts()
    return shapes.whole(file, services.policies.current(), services.policies.version, services.files.url)


def _instant(given: dict[str, Any], name: str) -> datetime:
    try:
        return parse_instant(text(given, name, limit=40))
    except ValueError:
        raise Invalid(f"{name} must be an RFC 3339 time with its offset") from None


@route("GET", "/v1/cases")
def listing(officer: Officer) -> Any:
    status, unit, overdue, asked = query("status"), query("unit"), query("overdue") == "true", query("q")
    zone = parts().policies.current().calendar.zone
    if asked:
        page = parts().desk.search(officer, asked)
        return {"cases": [shapes.summary(case, zone) for case in page.cases], "cursor": None}
    bound = (officer.id, status, unit, str(overdue))
    after = after_of(query("cursor"), cursor_key(), *bound)
    page = parts().desk.listing(officer, status, unit, overdue, after)
    return {
        "cases": [shapes.summary(case, zone) for case in page.cases],
        "cursor": cursor_of(page.after, cursor_key(), *bound),
    }


@route("POST", "/v1/cases", status=201)
def record(officer: Officer) -> Any:
    given = body()
    only(given, "channel", "received_at", "text", "reporter", "assisted_by", "kind", "category", "confidentiality")
    reporter = given.get("reporter") or {}
    if not isinstance(reporter, dict):
        raise Invalid("reporter must be an object")
    only(reporter, "name", "address", "email", "phone")
    heard = Heard(
        channel=one_of(given, "channel", Channel, needed=True),
        received_at=_instant(given, "received_at"),
        text=text(given, "text"),
        name=text(reporter, "name", needed=False, limit=200).strip(),
        address=_mail(
            text(reporter, "email", needed=False, limit=254) or text(reporter, "address", needed=False, limit=254)
        ),
        phone=text(reporter, "phone", needed=False, limit=40).strip(),
        assisted_by=text(given, "assisted_by", needed=False, limit=200),
        kind=one_of(given, "kind", Kind) or Kind.COMPLAINT,
        category=text(given, "category", needed=False, limit=60) or None,
        confidentiality=one_of(given, "confidentiality", Confidentiality) or Confidentiality.OPEN,
    )
    return _whole(parts().desk.record(officer, heard))


def _mail(address: str) -> str:
    """An e-mail address or nothing: we only ever write to what can be one."""
    from ...adapters.mail.headers import normalised

    if not address.strip():
        return ""
    found = normalised(address.strip())
    if not found:
        raise Invalid("reporter.email must be an e-mail address")
    return found


@route("GET", "/v1/cases/{number}")
def whole(officer: Officer, number: str) -> Any:
    return _whole(parts().desk.file(officer, number))


@route("POST", "/v1/cases/{number}/verification")
def verify(officer: Officer, number: str) -> Any:
    given = body()
    only(given, "decision", "reason", "kind", "category", "duplicate_of")
    return _whole(
        parts().desk.verify(
            officer,
            number,
            text(given, "decision", limit=40),
            text(given, "reason", needed=False),
            one_of(given, "kind", Kind),
            text(given, "category", needed=False, limit=60) or None,
            text(given, "duplicate_of", needed=False, limit=40) or None,
        )
    )


@route("POST", "/v1/cases/{number}/assignment")
def assign(officer: Officer, number: str) -> Any:
    given = body()
    only(given, "unit", "officer", "note")
    return _whole(
        parts().desk.assign(
            officer,
            number,
            text(given, "unit", limit=40),
            text(given, "officer", needed=False, limit=100) or None,
            text(given, "note", needed=False),
        )
    )


@route("POST", "/v1/cases/{number}/replies")
def reply(officer: Officer, number: str) -> Any:
    given = body()
    only(given, "text", "attachments", "final")
    uploads = given.get("attachments") or []
    if not isinstance(uploads, list) or len(uploads) > 10 or not all(isinstance(one, str) for one in uploads):
        raise Invalid("attachments is a list of at most 10 ids of uploads")
    if not isinstance(given.get("final", False), bool):
        raise Invalid("final is true or false")
    return _whole(parts().desk.reply(officer, number, text(given, "text"), tuple(uploads), given.get("final", False)))


@route("POST", "/v1/cases/{number}/notes")
def note(officer: Officer, number: str) -> Any:
    given = body()
    only(given, "text")
    return _whole(parts().desk.note(officer, number, text(given, "text")))


@route("POST", "/v1/cases/{number}/status")
def set_status(officer: Officer, number: str) -> Any:
    given = body()
    only(given, "status", "reason")
    status = one_of(given, "status", Status, needed=True)
    return _whole(parts().desk.set_status(officer, number, status, text(given, "reason")))


@route("GET", "/v1/cases/{number}/reporter")
def reporter(officer: Officer, number: str) -> Any:
    identity = parts().desk.identity(officer, number)
    if identity is None:
        return {"reporter": None}
    addresses = [{"channel": "email", "address": identity.address}] if identity.address else []
    addresses += [{"channel": "phone", "address": identity.phone}] if identity.phone else []
    return {"reporter": {"name": identity.name, "addresses": addresses}, "name": identity.name, "addresses": addresses}


@route("POST", "/v1/uploads", status=201)
def upload(officer: Officer) -> Any:
    given = body()
    only(given, "name", "type", "size")
    size = given.get("size")
    if not isinstance(size, int) or isinstance(size, bool):
        raise Invalid("size is the number of bytes")
    return parts().desk.upload(officer, text(given, "name", limit=200), text(given, "type", limit=100), size)
