"""The ledger, the policy, the desk's health, and the description of this API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ... import __version__
from ...domain.errors import Invalid, NotFound, Retry
from ...domain.permissions import Officer
from ...domain.times import parse_instant
from . import shapes
from .http import PUBLIC, after_of, app, body, cursor_of, query, route
from .parts import cursor_key, parts

#: The shape of rows; raised when an older release could not read what a newer one writes.
SCHEMA = 1


def _time(name: str) -> datetime | None:
    given = query(name)
    if not given:
        return None
    try:
        return parse_instant(given.replace(" ", "+"))  # a plus sign in a query is often sent bare
    except ValueError:
        raise Invalid(f"{name} must be an RFC 3339 time with its offset") from None


@route("GET", "/v1/arrivals")
def arrivals(officer: Officer) -> Any:
    outcome = query("outcome")
    bound = (officer.id, outcome, query("from"), query("to"))
    after = after_of(query("cursor"), cursor_key(), *bound)
    page = parts().ledger_desk.listing(officer, outcome, _time("from"), _time("to"), after)
    zone = parts().policies.current().calendar.zone
    return {"arrivals": shapes.arrivals(page.rows, zone), "cursor": cursor_of(page.after, cursor_key(), *bound)}


@route("GET", "/v1/arrivals/{arrival}")
def arrival(officer: Officer, arrival: str) -> Any:
    rows = parts().ledger_desk.arrival(officer, _key(arrival))
    return shapes.arrivals(rows, parts().policies.current().calendar.zone)[0]


@route("POST", "/v1/arrivals/{arrival}/replay", status=202)
def replay(officer: Officer, arrival: str) -> Any:
    parts().ledger_desk.replay(officer, _key(arrival))
    return {"replay": "queued"}


def _key(identifier: str) -> str:
    key = shapes.arrival_key(identifier)
    if not key:
        raise NotFound("no such arrival")
    return key


@route("GET", "/v1/policy")
def policy(officer: Officer) -> Any:
    found = parts().policy_desk.current(officer)
    return {**found.raw, "version": found.version}


@route("PUT", "/v1/policy")
def save_policy(officer: Officer) -> Any:
    saved = parts().policy_desk.save(officer, body())
    return {**saved.raw, "version": saved.version}


@route("GET", "/v1/health", public=True)
def health() -> Any:
    try:
        unsent = parts().cases.oldest_unsent()
        report = parts().cases.report() or {}
    except Retry:
        return {
            "status": "degraded",
            "version": __version__,
            "schema": SCHEMA,
            "oldest_unsent": None,
            "oldest_unread": None,
        }
    return {
        "status": "ok",
        "version": __version__,
        "schema": SCHEMA,
        "oldest_unsent": shapes.instant(unsent, parts().policies.current().calendar.zone),
        "oldest_unread": report.get("oldest_waiting"),
        "ledger": {k: report.get(k) for k in ("at", "balanced", "waiting", "overdue")},
    }


@route("GET", "/v1/openapi.json", public=True)
def openapi() -> Any:
    """Built from the routes themselves, so that it can't miss one."""
    paths: dict[str, Any] = {}
    for path, methods in app.routes.items():
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        paths[path] = {
            method.lower(): {
                "operationId": entry.view_name,
                "summary": (entry.view_function.__doc__ or "").split("\n")[0],
                "security": [] if path in PUBLIC else [{"officer": []}],
                "parameters": [
                    {"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in names
                ],
                "responses": {"default": {"description": "JSON; errors are {error: {code, message}}"}},
            }
            for method, entry in methods.items()
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tanggap", "version": __version__},
        "paths": paths,
        "components": {"securitySchemes": {"officer": {"type": "apiKey", "in": "header", "name": "Authorization"}}},
    }
