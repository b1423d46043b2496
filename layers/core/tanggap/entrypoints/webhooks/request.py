"""A REST API event as the doors see it, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...domain.errors import Refuse
from .. import bodies
from ..bodies import BODY_LIMIT, Unavailable
from ..headers import secured

#: Fields of one form. The page has twenty, an Open311 service's definition adds its attributes.
FIELDS_LIMIT = 200


class TooMany(Refuse):
    """`seconds`: when to come again."""

    status = 429
    code = "throttled"

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


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

    def body(self, limit: int = BODY_LIMIT) -> bytes:
        """Raises TooLarge, BadRequest."""
        return bodies.raw(self.encoded, self.is_base64, limit)

    def json(self, limit: int = BODY_LIMIT) -> dict[str, Any]:
        """The body's JSON object. Raises BadRequest, NotThatType, TooLarge."""
        return bodies.json_object(self.body(limit), self._kind())

    def form(self) -> dict[str, list[str]]:
        """Raises BadRequest, NotThatType, TooLarge."""
        return bodies.form_fields(self.body(), self._kind(), FIELDS_LIMIT)

    def _kind(self) -> str:
        return bodies.media_type(self.header("content-type"))


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str = field(repr=False, default="")
    kind: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)


def as_event(answer: Answer, more: Mapping[str, str] | None = None) -> dict[str, Any]:
    """As API Gateway takes it."""
    headers = {"Content-Type": answer.kind, **answer.headers, **(more or {})}
    return {"statusCode": answer.status, "headers": secured(headers), "body": answer.body, "isBase64Encoded": False}


def read(event: Mapping[str, Any]) -> Request:
    """Whatever API Gateway leaves out or empty is there."""
    body = event.get("body")
    path = str(event.get("path") or "/")
    return Request(
        method=str(event.get("httpMethod") or "").upper(),
        path=path.rstrip("/") or "/",
        headers=_many(event.get("multiValueHeaders"), event.get("headers"), lower=True),
        query=_many(event.get("multiValueQueryStringParameters"), event.get("queryStringParameters")),
        source=bodies.source(event.get("requestContext")),
        encoded=body if isinstance(body, str | bytes) else "",
        is_base64=event.get("isBase64Encoded") is True,
    )


def as_json(body: Any, status: int = 200) -> Answer:
    return Answer(status, bodies.as_text(body))


def refused(refusal: Refuse) -> Answer:
    return as_json(bodies.error_of(refusal), refusal.status)


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
