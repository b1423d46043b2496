"""One entry for all areas of the portal."""

from __future__ import annotations

from typing import Any

from ...domain.errors import NotFound
from ..headers import secured
from . import arrivals, cases, open311, openapi, pages, policy, public, reports, sessions  # noqa: F401 - importing registers the routes
from .areas import Areas
from .http import NoSuchMethod, app, refused

areas = Areas(app.routes)


def respond(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A REST API event to its answer. What no route takes is refused in the same form as anything else."""
    found = _found(event, context)
    return {**found, "headers": secured(found["headers"])}


def _found(event: dict[str, Any], context: Any) -> dict[str, Any]:
    handed = areas.hand_on(event)
    if handed is None:
        return _plain(refused(NotFound("there is nothing here")))
    taken = app.routes[handed["resource"]]
    if handed["requestContext"]["httpMethod"] not in taken:
        answer = refused(NoSuchMethod("this takes other methods"))
        answer.headers["Allow"] = ", ".join(sorted(taken))
        return _plain(answer)
    found: dict[str, Any] = app(handed, context)
    return found


def _plain(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = response.to_dict()
    return found
