"""One entry for all areas of the portal."""

from __future__ import annotations

from typing import Any

from . import cases, offices, sessions  # noqa: F401 - importing registers the routes
from .areas import Areas
from .http import app

areas = Areas(app.routes)


def respond(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A REST API event to its answer. An unknown path inside an area is a 404 like any other."""
    handed = areas.hand_on(event)
    if handed is None:
        return {
            "statusCode": 404,
            "headers": {"Content-Type": "application/json"},
            "body": '{"error":{"code":"not_found","message":"there is nothing here"}}',
        }
    answer: dict[str, Any] = app(handed, context)
    return answer
