"""What the description of the HTTP side is put together from: schemas in short, and one operation's facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ...domain.form_rules import ADDRESS_LIMIT, KINDS, PHONE_DIGITS

Schema = dict[str, Any]
JSON, FORM, HTML, XML, TEXT = (
    "application/json",
    "application/x-www-form-urlencoded",
    "text/html",
    "text/xml",
    "text/plain",
)


# -- schemas


def text(most: int | None = None, **more: Any) -> Schema:
    return {"type": "string", **({"maxLength": most} if most else {}), **more}


def said(most: int) -> Schema:
    """A text with something visible in it."""
    return text(most, minLength=1, pattern=r"[^\s\x00-\x1f\x7f-\x9f]")


def word(words: Iterable[str]) -> Schema:
    return {"type": "string", "enum": [str(one) for one in words]}


def whole(least: int | None = None, most: int | None = None) -> Schema:
    bounds = {"minimum": least, "maximum": most}
    return {"type": "integer", **{name: value for name, value in bounds.items() if value is not None}}


def listed(items: Schema, most: int | None = None) -> Schema:
    return {"type": "array", "items": items, **({"maxItems": most} if most else {})}


def named(values: Schema) -> Schema:
    """An object whose names are data."""
    return {"type": "object", "additionalProperties": values}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Schema) -> Schema:
    """Or null."""
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def told(optional: Mapping[str, Schema] | None = None, /, **fields: Schema) -> Schema:
    """An object of an answer: `fields` are always there. `optional` may be."""
    return {"type": "object", "required": list(fields), "properties": {**fields, **(optional or {})}}


def given(optional: Mapping[str, Schema] | None = None, /, **fields: Schema) -> Schema:
    """An object of a request: `fields` are needed; each of `optional` may be left out or be null, which is the same.
    What is in neither is a fault, not a silence."""
    absent = {
        name: schema if None in schema.get("enum", ()) else maybe(schema) for name, schema in (optional or {}).items()
    }
    return {**told(absent, **fields), "additionalProperties": False}


FLAG: Schema = {"type": "boolean"}
AT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
URL: Schema = {"type": "string", "format": "uri"}
LINE = text()
ANY: Schema = {"type": "object"}
KIND = word(KINDS)
OFFSET = word(("+07:00", "+08:00", "+09:00"))
EMAIL: Schema = {**text(ADDRESS_LIMIT), "format": "email"}


def phone(most: int) -> Schema:
    """The narrowest of what is taken: people write brackets and spaces besides."""
    return text(most, pattern=f"^[+]?[0-9]{{{PHONE_DIGITS[0]},{PHONE_DIGITS[1]}}}$")


def degrees(bound: int) -> Schema:
    return {"type": "number", "minimum": -bound, "maximum": bound}


# -- operations


class Refusals(StrEnum):
    """In which form a refusal comes."""

    OURS = "Error"
    GEOREPORT = "GeoReportErrors"
    PAGE = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation, but for its path, its guard and its summary. `gives`: the answer's schema by status; a text for
    what is no JSON. `takes`: the body's; `needed`: it must be there. `refuses`: statuses beside those that follow from
    the rest (described)."""

    gives: Mapping[int, Schema]
    takes: Schema | None = None
    needed: bool = True
    kind: str = JSON
    #: Of the answer: JSON unless said.
    shows: tuple[str, ...] = (JSON,)
    query: Mapping[str, Schema] = field(default_factory=dict)
    headers: Mapping[str, Schema] = field(default_factory=dict)
    #: Names of parameters of query and headers that must be there.
    must: tuple[str, ...] = ()
    refuses: tuple[int, ...] = ()
    refusals: Refusals = Refusals.OURS
    tag: str = "desk"
    #: For what no route's docstring says.
    summary: str = ""


_WORDS = {
    200: "Done.",
    201: "Made.",
    202: "Taken; it is worked on.",
    400: "It cannot be read.",
    401: "Sign in first.",
    403: "Not with this role.",
    404: "There is no such thing, or not for whoever asks.",
    405: "This takes other methods.",
    406: "Not in this format.",
    409: "Not as things stand; the message says what is possible.",
    413: "Too large.",
    415: "Of another type.",
    422: "A field does not fit; the message, or `faults`, names it.",
    429: "Too many; come again in a moment.",
    503: "Not now; come again in a moment.",
}


def described(path: str, operation: Operation, *, id: str, summary: str, public: bool) -> Schema:
    """The operation object. Whatever has a guard answers 401 and 403, whatever a parameter in its path 404, whatever a
    body 413, 415 and 422; and any may be throttled, unreadable, or not to be had now."""
    names = [part.partition("}")[0] for part in path.split("{")[1:]]
    refuses = {400, 429, 503, *operation.refuses}
    refuses |= {401, 403} if not public else set()
    refuses |= {404} if names else set()
    refuses |= {413, 415, 422} if operation.takes is not None else set()
    shows = operation.shows
    return {
        "operationId": id,
        "summary": summary,
        "tags": [operation.tag],
        "security": [] if public else [{"officer": []}],
        "parameters": [
            *(_parameter(name, "path", _in_path(name), needed=True) for name in names),
            *(_parameter(name, "query", one, needed=name in operation.must) for name, one in operation.query.items()),
            *(
                _parameter(name, "header", one, needed=name in operation.must)
                for name, one in operation.headers.items()
            ),
        ],
        **(_body(operation) if operation.takes is not None else {}),
        "responses": {
            **{str(status): _response(status, shows, schema) for status, schema in operation.gives.items()},
            **{str(status): _refusal(status, operation.refusals) for status in sorted(refuses - set(operation.gives))},
        },
    }


def _in_path(name: str) -> Schema:
    return word(("json", "xml")) if name == "format" else text(200, minLength=1)


def _parameter(name: str, where: str, schema: Schema, *, needed: bool) -> Schema:
    """An empty parameter of the query counts as none."""
    if where == "query" and not needed:
        schema = {"anyOf": [schema, text(maxLength=0)]}
    return {"name": name, "in": where, "required": needed, "schema": schema}


def _body(operation: Operation) -> Schema:
    return {"requestBody": {"required": operation.needed, "content": {operation.kind: {"schema": operation.takes}}}}


def _response(status: int, shows: Iterable[str], schema: Schema) -> Schema:
    """XML is the same values in GeoReport's own spelling, which a JSON schema can't describe."""
    content = {kind: {"schema": schema if kind == JSON else {"type": "string"}} for kind in shows}
    return {"description": _WORDS[status], "content": content}


def _refusal(status: int, form: Refusals) -> Schema:
    """A refusal that API Gateway makes itself, before any of ours is asked, is always of our own form."""
    if form is Refusals.PAGE:
        kinds = {HTML: {"schema": text()}, JSON: {"schema": ref("Error")}}
    elif form is Refusals.GEOREPORT:
        kinds = {JSON: {"schema": {"anyOf": [ref("GeoReportErrors"), ref("Error")]}}, XML: {"schema": text()}}
    else:
        kinds = {JSON: {"schema": ref("Error")}}
    return {"description": _WORDS[status], "content": kinds}
