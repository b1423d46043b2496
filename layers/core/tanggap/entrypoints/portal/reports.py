"""What a reporter sees and adds by number and receipt code, as JSON. No login: the code is what they have."""

from __future__ import annotations

from datetime import timezone
from typing import Any

from ...application.tracking import Followed
from ...domain import tracking
from ...domain.case import FileRef
from ...domain.form_rules import CODE_LIMIT, FILES_LIMIT, KEY_LIMIT, NUMBER_LIMIT, TEXT_LIMIT
from .fields import line, only, text, texts
from .http import body, query, route, source
from .parts import parts
from .shapes import Urls, instant

#: A function answers 6 MB at most: messages of one answer, the newest, and characters of each.
SHOWN, TEXT_SHOWN = 200, 10_000


@route("GET", "/v1/reports/{number}", public=True)
def report(number: str) -> Any:
    """How a report stands, what happened, what was said: for whoever has its receipt code."""
    return shown(parts().tracking.follow(number[:NUMBER_LIMIT], (query("code") or "")[:CODE_LIMIT], source()))


@route("POST", "/v1/reports/{number}/messages", public=True, status=202)
def write(number: str) -> Any:
    """Add a message to a report by its receipt code."""
    given = body()
    only(given, "code", "text", "uploads", "idempotency_key")
    uploads = texts(given, "uploads", FILES_LIMIT)
    held = parts().tracking.write(
        number[:NUMBER_LIMIT],
        line(given, "code", limit=CODE_LIMIT),
        source(),
        text(given, "text", needed=not uploads, limit=TEXT_LIMIT),
        uploads,
        line(given, "idempotency_key", needed=False, limit=KEY_LIMIT),
    )
    return {"number": held.number, "status": tracking.RECEIVED}


def shown(followed: Followed) -> dict[str, Any]:
    services = parts()
    policy = services.policies.current()
    zone, held, file = policy.calendar.zone, followed.held, followed.file
    if held.case is None or file is None:
        return _waiting(followed, zone)
    case = file.case
    coming = tracking.upcoming(case, policy)
    said = tracking.conversation(file.messages, file.letters)
    return {
        "number": case.number,
        "status": case.status,
        "status_text": tracking.status_words(case),
        "received_at": instant(case.received_at, zone),
        "kind": case.kind,
        "next": {
            "what": coming.name,
            "what_text": coming.what,
            "by": coming.owes,
            "due_at": instant(coming.due_at, zone),
        }
        if coming
        else None,
        "events": [
            {"at": instant(one.at, zone), "what": one.what["id"], "what_en": one.what["en"]}
            for one in tracking.events(file.history, policy)[-SHOWN:]
        ],
        "messages": [_said(one, zone, services.files.url) for one in said[-SHOWN:]],
        "left_out": max(0, len(said) - SHOWN),
    }


def _waiting(followed: Followed, zone: timezone) -> dict[str, Any]:
    """Stored, and not filed yet."""
    found = followed.held.waiting
    at = instant(found.at, zone) if found else None
    words = tracking.RECEIVED_WORDS
    return {
        "number": followed.held.number,
        "status": tracking.RECEIVED,
        "status_text": words,
        "received_at": at,
        "kind": found.stated.kind if found and found.stated else None,
        "next": None,
        "events": [{"at": at, "what": words["id"], "what_en": words["en"]}],
        "messages": [{"at": at, "from": "you", "text": found.text[:TEXT_SHOWN], "attachments": []}] if found else [],
        "left_out": 0,
    }


def _said(one: tracking.Said, zone: timezone, url: Urls) -> dict[str, Any]:
    cut = len(one.text) > TEXT_SHOWN
    return {
        "at": instant(one.at, zone),
        "from": "you" if one.own else "agency",
        "subject": one.subject,
        "text": one.text[:TEXT_SHOWN] + ("…" if cut else ""),
        "attachments": [_file(file, url, one.own) for file in one.files],
        **({"attachments_left_out": list(one.left_out)} if one.left_out else {}),
    }


def _file(one: FileRef, url: Urls, own: bool) -> dict[str, Any]:
    """The reporter has their own; whoever found the code is not to have them."""
    named = {"name": one.name, "type": one.type, "size": one.size}
    return named if own else {**named, "url": url(one)}
