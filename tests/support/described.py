"""Holds answers against the published description: status, content type, and every field."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from tanggap.entrypoints.portal import app  # noqa: F401 - the routes
from tanggap.entrypoints.portal.openapi_description import description


def closed(schema: Any) -> Any:
    """The same, with no room for what is not described: clients may be tolerant, our tests are not."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    tight = {name: closed(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        tight["additionalProperties"] = False
    return tight


@cache
def _operations() -> list[tuple[re.Pattern[str], str, dict[str, Any]]]:
    found = []
    paths = sorted(description()["paths"].items(), key=lambda one: ("{" in one[0], one[0]))
    for path, methods in paths:
        pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
        found += [(pattern, method.upper(), operation) for method, operation in methods.items()]
    return found


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    return next((op for pattern, verb, op in _operations() if verb == method and pattern.fullmatch(path)), None)


@cache
def _validator(id: str, status: str, kind: str) -> Any:
    operation = next(op for _, _, op in _operations() if op["operationId"] == id)
    schema = operation["responses"][status]["content"][kind]["schema"]
    whole = {**closed(schema), "components": closed(description()["components"])}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def check(method: str, path: str, status: int, headers: Mapping[str, str], body: str) -> None:
    """Raises AssertionError where an answer is not as described."""
    operation = operation_of(method, unquote(path).rstrip("/") if "%2F" not in path.upper() else path)
    if operation is None:
        assert status in (404, 405), f"{method} {path} answers {status} and is not described"
        return
    told = operation["responses"].get(str(status))
    assert told, f"{method} {path} answers {status}: not described"
    kind = headers["Content-Type"].partition(";")[0]
    assert kind in told["content"], f"{method} {path} answers {status} as {kind}: not described"
    if kind == "application/json":
        faults = [
            f"{'/'.join(map(str, one.instance_path))}: {one.message[:300]}"
            for one in _validator(operation["operationId"], str(status), kind).iter_errors(json.loads(body))
        ]
        assert not faults, f"{method} {path} {status} breaks its schema: {faults[:5]}"
