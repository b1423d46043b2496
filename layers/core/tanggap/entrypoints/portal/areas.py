"""API Gateway forwards an area (`/v1/cases/{proxy+}`); here Chalice's own route for the path is found.

Chalice looks a route up by `requestContext.resourcePath`, which behind a greedy area is the area. So the route's
pattern is put there, and its parameters where Chalice expects them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

#: A parameter as `re.escape` leaves it. A segment may hold several: `{number}.{format}`.
_ESCAPED = re.compile(r"\\\{(\w+)\\\}")


class Areas:
    """Routes sorted so that a fixed segment wins over a parameter."""

    def __init__(self, routes: Iterable[str]) -> None:
        ordered = sorted(routes, key=lambda route: [part.startswith("{") for part in route.split("/")])
        self._patterns = [(route, re.compile(_ESCAPED.sub(r"(?P<\1>[^/]+)", re.escape(route)))) for route in ordered]

    def find(self, path: str) -> tuple[str, dict[str, str]] | None:
        for route, pattern in self._patterns:
            if found := pattern.fullmatch(path.removesuffix("/")):
                return route, {name: unquote(value) for name, value in found.groupdict().items()}
        return None

    def hand_on(self, event: Mapping[str, Any]) -> dict[str, Any] | None:
        """The event as Chalice wants it, None when no route fits. What API Gateway leaves out or empty is there."""
        found = self.find(str(event.get("path") or ""))
        if found is None:
            return None
        route, parameters = found
        given = event.get("requestContext") or {}
        context = {**given, "resourcePath": route, "httpMethod": str(event.get("httpMethod") or "")}
        return {
            "body": None,
            "multiValueQueryStringParameters": None,
            "stageVariables": None,
            **event,
            "headers": event.get("headers") or {},
            "requestContext": context,
            "pathParameters": parameters,
            "resource": route,
        }
