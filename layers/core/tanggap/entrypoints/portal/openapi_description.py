"""The description of the whole HTTP side, put together from the routes and doors that there are. One that nobody
described stands in it too, without schemas: a contract test finds it."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from ... import __version__
from .http import PUBLIC, app
from .openapi_operations import OPERATIONS
from .openapi_parts import Operation, Schema, described
from .openapi_public import PUBLIC_OPERATIONS, PUBLIC_SCHEMAS
from .openapi_schemas import SCHEMAS

TABLE: dict[tuple[str, str], Operation] = {**OPERATIONS, **PUBLIC_OPERATIONS}
_UNKNOWN = Operation(gives={200: {}})


@functools.cache
def description() -> Schema:
    paths: dict[str, Schema] = {}
    for method, path, id, summary in sorted(served()):
        operation = TABLE.get((method, path), _UNKNOWN)
        public = path in PUBLIC or (method, path) not in _routes()
        paths.setdefault(path, {})[method.lower()] = described(
            path, operation, id=id, summary=operation.summary or summary, public=public
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tanggap",
            "version": __version__,
            "description": "The complaint desk of a public agency. Officers send the id token that /v1/session gave.",
        },
        "paths": paths,
        "components": {
            "schemas": {**SCHEMAS, **PUBLIC_SCHEMAS},
            "securitySchemes": {"officer": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        },
    }


def served() -> Iterator[tuple[str, str, str, str]]:
    """(method, path, a name, the first line of its docstring) of each of the portal's routes and the webhooks'
    doors."""
    from ..webhooks.app import DOORS

    for method, path in _routes():
        entry = app.routes[path][method]
        yield method, path, entry.view_name, (entry.view_function.__doc__ or "").split("\n")[0]
    for (method, path), door in DOORS.items():
        yield method, path, f"webhooks_{door.work.replace('.', '_')}_{path.rpartition('.')[2].strip('/')}", ""


def _routes() -> list[tuple[str, str]]:
    return [(method, path) for path, methods in app.routes.items() for method in methods]
