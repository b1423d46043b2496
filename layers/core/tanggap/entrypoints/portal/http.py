"""What every route shares: who calls, what the body says, how an error answers."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from chalice.app import Chalice, Response

from ...domain.errors import Forbidden, Invalid, Refuse, Retry, Unauthenticated
from ...domain.permissions import Officer
from ...domain.words import Role
from ..observe import count, logger, trace_of

app = Chalice(app_name="tanggap", configure_logs=False)
#: API Gateway takes 10 MB; no body here needs more than a policy does.
BODY_LIMIT = 400_000
_HEADERS = {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}

View = Callable[..., Any]
#: Routes that nobody signs in for. A contract test holds them against template.yaml's areas without an authorizer.
PUBLIC: set[str] = set()


class TooLarge(Refuse):
    status = 413
    code = "too_large"


class BadRequest(Refuse):
    """Not even the form is right."""


def answer(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False, separators=(",", ":")), dict(_HEADERS), status)


def route(method: str, path: str, *, public: bool = False, status: int = 200) -> Callable[[View], View]:
    """Register a view. It gets the path's parameters, and the officer first unless it is public; it returns JSON,
    raises Refuse."""
    if public:
        PUBLIC.add(path)

    def register(view: View) -> View:
        @functools.wraps(view)
        def guarded(**parameters: str) -> Response:
            try:
                who = () if public else (officer(),)
                result = view(*who, **parameters)
                return result if isinstance(result, Response) else answer(result, status)
            except Refuse as refusal:
                return refused(refusal)
            except Retry as error:
                logger.warning("request could not be served now", route=path, **trace_of(error))
                return answer({"error": {"code": "unavailable", "message": "please try again"}}, 503)
            except Exception as error:  # the caller gets no inside of ours
                logger.error("request failed", route=path, **trace_of(error))
                count("PortalErrors")
                return answer({"error": {"code": "internal", "message": "something went wrong here"}}, 500)

        app.route(path, methods=[method], name=f"{view.__module__.rsplit('.', 1)[-1]}_{view.__name__}")(guarded)
        return view

    return register


def refused(refusal: Refuse) -> Response:
    error: dict[str, Any] = {"code": refusal.code, "message": str(refusal)}
    if refusal.faults:
        error["faults"] = list(refusal.faults)
    return answer({"error": error}, refusal.status)


def officer() -> Officer:
    """Who calls, out of the id token's claims as the authorizer checked them. An access token is refused here, since an
    authorizer without scopes lets one pass on the emulator."""
    context = app.current_request.context if app.current_request else {}
    claims = (context.get("authorizer") or {}).get("claims") or {}
    if claims.get("token_use") != "id" or not claims.get("sub"):
        raise Unauthenticated("sign in first")
    named = str(claims.get("cognito:groups") or "").strip("[]").replace(",", " ").split()
    roles = [role for role in Role if role.value in named]
    if len(roles) != 1:
        raise Forbidden("this account has no role, or several")
    unit = str(claims.get("custom:unit") or "").strip() or None
    return Officer(str(claims["sub"]), roles[0], unit)


def body() -> dict[str, Any]:
    """The request's JSON object. Raises BadRequest, TooLarge."""
    request = app.current_request
    raw = request.raw_body if request else b""
    if len(raw) > BODY_LIMIT:
        raise TooLarge(f"a body has at most {BODY_LIMIT} bytes")
    try:
        parsed = json.loads(raw or b"{}")
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON") from None
    if not isinstance(parsed, dict):
        raise BadRequest("the body must be a JSON object")
    return parsed


def query(name: str) -> str | None:
    request = app.current_request
    given: Any = request.query_params if request else None
    found = given.get(name) if given else None
    return str(found)[:500] if found else None


def text(given: dict[str, Any], name: str, *, needed: bool = True, limit: int = 50_000) -> str:
    value = given.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or (needed and not value.strip()):
        raise Invalid(f"{name} must be a text")
    if len(value) > limit:
        raise Invalid(f"{name} has at most {limit} characters")
    return value


def only(given: dict[str, Any], *names: str) -> None:
    """A misspelt field is a fault, not a silence."""
    for name in given:
        if name not in names:
            raise Invalid(f"unknown field: {str(name)[:40]}")


def one_of(given: dict[str, Any], name: str, kind: type[StrEnum], *, needed: bool = False) -> Any:
    value = given.get(name)
    if value is None and not needed:
        return None
    try:
        return kind(str(value))
    except ValueError:
        raise Invalid(f"{name} is one of {', '.join(kind)}") from None


# -- cursors: bound to their caller and filter


def cursor_of(after: str | None, key: bytes, *bound: str | None) -> str | None:
    if after is None:
        return None
    mac = hmac.new(key, json.dumps([after, *bound]).encode(), hashlib.sha256).digest()[:12]
    return base64.urlsafe_b64encode(mac + after.encode()).decode().rstrip("=")


def after_of(cursor: str | None, key: bytes, *bound: str | None) -> str | None:
    """Where a page begins. Raises BadRequest for a cursor of another caller, filter or hand."""
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        after = raw[12:].decode()
    except ValueError:
        raise BadRequest("this cursor is not one of ours") from None
    if not hmac.compare_digest(
        raw[:12], hmac.new(key, json.dumps([after, *bound]).encode(), hashlib.sha256).digest()[:12]
    ):
        raise BadRequest("this cursor belongs to another question")
    return after
