"""What needs no login: the desk's health, and the description of this API."""

from __future__ import annotations

from typing import Any

from ... import __version__
from ...domain.errors import Retry
from ...domain.times import parse_instant
from . import shapes
from .http import PUBLIC, answer, app, route
from .parts import parts

#: The shape of rows; raised when an older release could not read what a newer one writes.
SCHEMA = 2


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
