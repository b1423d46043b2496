"""A REST API event as the doors see it, and what they answer."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from ...domain.errors import Refuse

#: Fields of one form. The page has twenty, an Open311 service's definition adds its attributes.
FIELDS_LIMIT = 200


class BadRequest(Refuse):
    """Not even the form is right."""


class TooLarge(Refuse):
    status = 413
    code = "too_large"


class NotThatType(Refuse):
    status = 415
    code = "unsupported_media_type"


class TooMany(Refuse):
    """`seconds`: when to come again."""

    status = 429
    code = "throttled"

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Unavailable(Refuse):
    """Nothing was stored, for a reason that passes."""

    status = 503
    code = "unavailable"
    seconds = 5


class Broken(Refuse):
    status = 500
    code = "internal"


@dataclass(frozen=True, slots=True)
class Request:
    """`headers`: by lower-case name, each with all its values. `source`: the address that API Gateway saw, which the
    caller can't choose as a header; empty where it says none."""

    method: str
    path: str
    headers: Mapping[str, tuple[str, ...]] = field(repr=False)
    query: Mapping[str, tuple[str, ...]] = field(repr=False)
    source: str = field(repr=False)
    encoded: str | bytes = field(repr=False)
    is_base64: bool = False

    def header(self, name: str) -> str:
        """The only value; empty for none and for several that differ."""
        found = set(self.headers.get(name, ()))
        return found.pop() if len(found) == 1 else ""

    def media_type(self) -> str:
        return self.header("content-type").partition(";")[0].strip().lower()

    def body(self, limit: int) -> bytes:
        """The raw bytes as they were sent. Raises TooLarge before anything is done with them, BadRequest."""
        encoded = self.encoded
        if len(encoded) > (limit * 4 // 3 + 4 if self.is_base64 else limit):
            raise TooLarge(f"a body has at most {limit} bytes")
        try:
            raw = encoded if isinstance(encoded, bytes) else encoded.encode("utf-8", "surrogateescape")
            body = base64.b64decode(raw, validate=True) if self.is_base64 else raw
        except ValueError:
            raise BadRequest("the body cannot be decoded") from None
        if len(body) > limit:
            raise TooLarge(f"a body has at most {limit} bytes")
        return body

    def json(self, limit: int) -> dict[str, Any]:
        """The body's JSON object. Raises BadRequest, NotThatType, TooLarge."""
        if self.media_type() not in ("application/json", ""):
            raise NotThatType("the body must be sent as application/json")
        try:
            parsed = json.loads(self.body(limit), object_pairs_hook=_once, parse_constant=_no_constant)
            json.dumps(parsed, ensure_ascii=False).encode()  # half a character ("\ud800") can't be stored
        except (ValueError, RecursionError):
            raise BadRequest("the body is not JSON of whole characters, with each field once") from None
        if not isinstance(parsed, dict):
            raise BadRequest("the body must be a JSON object")
        return parsed

    def form(self, limit: int) -> dict[str, list[str]]:
        """The fields of a form in their order, without those left empty. Raises BadRequest, NotThatType, TooLarge."""
        if self.media_type() not in ("application/x-www-form-urlencoded", ""):
            raise NotThatType("the form must be sent as application/x-www-form-urlencoded")
        try:
            pairs = parse_qsl(self.body(limit).decode("utf-8", "replace"), max_num_fields=FIELDS_LIMIT)
        except ValueError:
            raise BadRequest(f"a form has at most {FIELDS_LIMIT} fields") from None
        found: dict[str, list[str]] = {}
        for name, value in pairs:
            found.setdefault(name, []).append(value.encode("utf-8", "replace").decode())
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str = field(repr=False, default="")
    kind: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)


def as_event(answer: Answer, more: Mapping[str, str] | None = None) -> dict[str, Any]:
    """As API Gateway takes it."""
    headers = {
        "Content-Type": answer.kind,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        **answer.headers,
        **(more or {}),
    }
    return {"statusCode": answer.status, "headers": headers, "body": answer.body, "isBase64Encoded": False}


def read(event: Mapping[str, Any]) -> Request:
    """Whatever API Gateway leaves out or empty is there."""
    body = event.get("body")
    context = event.get("requestContext")
    identity = context.get("identity") if isinstance(context, dict) else None
    path = str(event.get("path") or "/")
    return Request(
        method=str(event.get("httpMethod") or "").upper(),
        path=path.rstrip("/") or "/",
        headers=_many(event.get("multiValueHeaders"), event.get("headers"), lower=True),
        query=_many(event.get("multiValueQueryStringParameters"), event.get("queryStringParameters")),
        source=str((identity or {}).get("sourceIp") or ""),
        encoded=body if isinstance(body, str | bytes) else "",
        is_base64=event.get("isBase64Encoded") is True,
    )


def as_json(body: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(body, ensure_ascii=False, separators=(",", ":")))


def refused(refusal: Refuse) -> Answer:
    """In the shape of every other error of the API."""
    error: dict[str, Any] = {"code": refusal.code, "message": str(refusal)}
    if refusal.faults:
        error["faults"] = list(refusal.faults)
    return as_json({"error": error}, refusal.status)


def come_again(refusal: Refuse) -> dict[str, str]:
    return {"Retry-After": str(refusal.seconds)} if isinstance(refusal, TooMany | Unavailable) else {}


def _many(several: Any, single: Any, lower: bool = False) -> dict[str, tuple[str, ...]]:
    """Both of API Gateway's spellings of headers and queries, the one with every value first."""
    given: dict[str, list[str]] = {}
    for name, values in (several or single or {}).items():
        key = str(name).lower() if lower else str(name)
        listed = values if isinstance(values, list) else [values]
        given.setdefault(key, []).extend(str(one) for one in listed if one is not None)
    return {name: tuple(values) for name, values in given.items()}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_constant(name: str) -> float:
    raise ValueError
