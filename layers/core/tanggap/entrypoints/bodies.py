"""What both functions of the API read of a request and answer with, apart from any framework: a body's bytes, JSON and
form fields, who sent it, and how a refusal is put. Loads nothing but the standard library's smallest (cold starts)."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qsl

from ..domain.errors import Changed, Refuse

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
#: A report's text has 50,000 characters, which JSON may spell with six bytes each; a policy has 350,000 bytes. API
#: Gateway would take 10 MB.
BODY_LIMIT = 400_000


class BadRequest(Refuse):
    """Not even the form is right."""


class TooLarge(Refuse):
    status = 413
    code = "too_large"


class NotThatType(Refuse):
    status = 415
    code = "unsupported_media_type"


class Broken(Refuse):
    """Our own fault, of which the caller gets no inside."""

    status = 500
    code = "internal"


class Unavailable(Refuse):
    """Nothing was done, for a reason that passes. `seconds`: when to come again."""

    status = 503
    code = "unavailable"
    seconds = 5


# -- what came


def raw(body: str | bytes | None, is_base64: bool, limit: int = BODY_LIMIT) -> bytes:
    """The bytes as they were sent. Raises TooLarge before anything is done with them, BadRequest."""
    encoded = body or b""
    if len(encoded) > (limit * 4 // 3 + 4 if is_base64 else limit):
        raise TooLarge(f"a body has at most {limit} bytes")
    try:
        sent = encoded if isinstance(encoded, bytes) else encoded.encode("utf-8", "surrogateescape")
        found = base64.b64decode(sent, validate=True) if is_base64 else sent
    except ValueError:
        raise BadRequest("the body cannot be decoded") from None
    if len(found) > limit:
        raise TooLarge(f"a body has at most {limit} bytes")
    return found


def media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def json_object(body: bytes, kind: str) -> dict[str, Any]:
    """`kind`: its media type; what names none is taken for what is asked. Raises BadRequest, NotThatType."""
    if kind not in (JSON, ""):
        raise NotThatType(f"the body must be sent as {JSON}")
    try:
        parsed = json.loads(body, object_pairs_hook=_once, parse_constant=_no_constant)
        json.dumps(parsed, ensure_ascii=False).encode()  # half a character ("\ud800") can't be stored
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON of whole characters, with each field once") from None
    if not isinstance(parsed, dict):
        raise BadRequest("the body must be a JSON object")
    return parsed


def form_fields(body: bytes, kind: str, most: int) -> dict[str, list[str]]:
    """The fields of a form in their order, without those left empty. Raises BadRequest, NotThatType."""
    if kind not in (FORM, ""):
        raise NotThatType(f"the form must be sent as {FORM}")
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=most)
    except ValueError:
        raise BadRequest(f"a form has at most {most} fields") from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value.encode("utf-8", "replace").decode())
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_constant(name: str) -> float:
    raise ValueError


def source(context: Any) -> str:
    """Who asks, out of `requestContext`, as API Gateway saw it: never a header, which the caller writes. Empty where
    it says none."""
    identity = context.get("identity") if isinstance(context, dict) else None
    return str((identity or {}).get("sourceIp") or "")


def subscriber(address: str) -> str:
    """What one subscriber holds of addresses: an IPv4 address, or a /64 of IPv6, out of which anybody may take any."""
    if ":" not in address:
        return address
    import ipaddress

    try:
        return str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))
    except ValueError:
        return address


# -- what is answered


def as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def error_of(refusal: Refuse) -> dict[str, Any]:
    """The one shape of every error of the API."""
    error: dict[str, Any] = {"code": refusal.code, "message": str(refusal)}
    if refusal.faults:
        error["faults"] = list(refusal.faults)
    if isinstance(refusal, Changed):
        error["changes"] = list(refusal.changes)
    return {"error": error}
