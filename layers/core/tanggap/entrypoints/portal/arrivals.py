"""The ledger: what arrived, what became of it, and what today's reading makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ...domain.case import Case, Received
from ...domain.errors import NotFound
from ...domain.permissions import Officer
from ...domain.words import Channel, Confidentiality
from ..observe import tell
from . import shapes_arrivals as shapes
from .cursors import after_of, cursor_of
from .fields import flag, instant, only
from .http import optional_body, query, route
from .parts import parts

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _time(name: str) -> datetime | None:
    """A time, or a date for the whole of that day in the agency's zone."""
    given = query(name)
    if given and _DATE.fullmatch(given):
        offset = parts().policies.current().raw.get("utc_offset", "+07:00")
        given += f"T00:00:00{offset}" if name == "from" else f"T23:59:59{offset}"
    return instant(given.replace(" ", "+"), name) if given else None  # a plus sign in a query is often sent bare


@route("GET", "/v1/arrivals")
def arrivals(officer: Officer) -> Any:
    """The ledger: what arrived, what became of it and why."""
    outcome = query("outcome")
    bound = ("arrivals", officer.id, outcome, query("from"), query("to"))
    after = after_of(query("cursor"), *bound)
    page = parts().ledger_desk.listing(officer, outcome, _time("from"), _time("to"), after)
    zone = parts().policies.current().calendar.zone
    return {"arrivals": shapes.arrivals(page.rows, zone, _open(page.rows)), "cursor": cursor_of(page.after, *bound)}


@route("GET", "/v1/arrivals/{arrival}")
def arrival(officer: Officer, arrival: str) -> Any:
    """One arrival with the outcome of each of its messages."""
    rows = parts().ledger_desk.arrival(officer, _key(arrival))
    return shapes.arrivals(rows, parts().policies.current().calendar.zone, _open(rows))[0]


@route("GET", "/v1/arrivals/{arrival}/reading")
def reading(officer: Officer, arrival: str) -> Any:
    """Today's reading of an arrival beside what became of it; changes nothing."""
    key = _key(arrival)
    return {"id": arrival, "messages": [shapes.reading(one) for one in parts().ledger_desk.reading(officer, key)]}


@route("POST", "/v1/arrivals/{arrival}/replay", status=202)
def replay(officer: Officer, arrival: str) -> Any:
    """Read a parked arrival again; what is filed, with `apply`."""
    key = _key(arrival)
    given = optional_body()
    only(given, "apply")
    parts().ledger_desk.replay(officer, key, flag(given, "apply"))
    tell("arrival_replayed", arrival=key, officer=officer.id)
    return {"id": arrival, "replay": "queued"}


def _open(rows: Iterable[Received]) -> frozenset[str]:
    """Of the cases of WhatsApp's messages: of others the ids tell nothing."""
    numbers = {row.case for row in rows if row.case and row.channel is Channel.WHATSAPP}
    found = parts().cases.as_they_are(tuple(numbers)) if numbers else {}
    return frozenset(
        number for number, one in found.items() if isinstance(one, Case) and one.confidentiality is Confidentiality.OPEN
    )


def _key(identifier: str) -> str:
    key = shapes.arrival_key(identifier)
    if not key:
        raise NotFound("no such arrival")
    return key
