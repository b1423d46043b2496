"""The ledger, the policy, the desk's health, and the description of this API."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from ... import __version__
from ...domain.errors import NotFound, Retry
from ...domain.permissions import Officer
from ...domain.policy import Policy
from ...domain.times import parse_instant
from ..observe import logger
from . import shapes
from .cursors import after_of, cursor_of
from .fields import instant
from .http import PUBLIC, answer, app, body, query, route
from .parts import parts

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
#: The shape of rows; raised when an older release could not read what a newer one writes.
SCHEMA = 1


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
    return {"arrivals": shapes.arrivals(page.rows, zone), "cursor": cursor_of(page.after, *bound)}


@route("GET", "/v1/arrivals/{arrival}")
def arrival(officer: Officer, arrival: str) -> Any:
    """One arrival with the outcome of each of its messages."""
    rows = parts().ledger_desk.arrival(officer, _key(arrival))
    return shapes.arrivals(rows, parts().policies.current().calendar.zone)[0]


@route("POST", "/v1/arrivals/{arrival}/replay", status=202)
def replay(officer: Officer, arrival: str) -> Any:
    """Read a parked arrival again."""
    key = _key(arrival)
    parts().ledger_desk.replay(officer, key)
    logger.info("arrival read again", arrival=key, officer=officer.id)
    return {"id": arrival, "replay": "queued"}


def _key(identifier: str) -> str:
    key = shapes.arrival_key(identifier)
    if not key:
        raise NotFound("no such arrival")
    return key


def _policy(found: Policy) -> dict[str, Any]:
    return {**found.raw, "version": found.version}


@route("GET", "/v1/policy")
def policy(officer: Officer) -> Any:
    """The policy in force."""
    return _policy(parts().policy_desk.current(officer))


@route("PUT", "/v1/policy")
def save_policy(officer: Officer) -> Any:
    """A new version of the policy, validated as a whole."""
    saved = parts().policy_desk.save(officer, body(), parts().desk.clock())
    logger.info("policy saved", version=saved.version, officer=officer.id)
    return _policy(saved)


@route("GET", "/v1/health", public=True)
def health() -> Any:
    """Version, oldest unsent delivery, oldest unread arrival."""
    facts: dict[str, Any] = {"version": __version__, "schema": SCHEMA, "oldest_unsent": None, "oldest_unread": None}
    try:
        unsent, report = parts().cases.oldest_unsent(), parts().cases.report() or {}
        zone = parts().policies.current().calendar.zone
    except Retry:
        return answer({"status": "degraded", **facts}, 503)
    unread, key = report.get("oldest_waiting"), report.get("oldest_waiting_key")
    if key and parts().cases.outcomes([key]):  # read since the last count
        unread = None
    return {
        "status": "ok",
        **facts,
        "oldest_unsent": shapes.instant(unsent, zone),
        "oldest_unread": shapes.instant(parse_instant(unread), zone) if unread else None,
        "ledger": {name: report.get(name) for name in ("at", "balanced", "waiting", "overdue")},
    }


@route("GET", "/v1/openapi.json", public=True)
def openapi() -> Any:
    """This description, built from the routes themselves so that it can't miss one."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tanggap", "version": __version__},
        "paths": {path: _methods(path, methods) for path, methods in app.routes.items()},
        "components": {"securitySchemes": {"officer": {"type": "apiKey", "in": "header", "name": "Authorization"}}},
    }


def _methods(path: str, methods: dict[str, Any]) -> dict[str, Any]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return {
        method.lower(): {
            "operationId": entry.view_name,
            "summary": (entry.view_function.__doc__ or "").split("\n")[0],
            "security": [] if path in PUBLIC else [{"officer": []}],
            "parameters": [{"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in names],
            "responses": {"default": {"description": "JSON; errors are {error: {code, message}}"}},
        }
        for method, entry in methods.items()
    }
