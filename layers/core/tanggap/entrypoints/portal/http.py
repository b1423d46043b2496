"""What every route shares: who calls, what the body says, how an error answers."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from chalice.app import Chalice, Response

from ...domain.errors import Changed, Forbidden, Refuse, Retry, Unauthenticated
from ...domain.permissions import Officer
from ...domain.policy_reader import IDENTIFIER
from ...domain.words import Role
from ..observe import count, logger, trace_of

app = Chalice(app_name="tanggap", configure_logs=False)
#: API Gateway takes 10 MB; no body here needs more than a policy does.
BODY_LIMIT = 400_000
#: A cursor is the longest thing that a query holds.
QUERY_LIMIT = 2_000
_HEADERS = {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}

View = Callable[..., Any]
#: Routes that nobody signs in for. A contract test holds them against template.yaml's areas without an authorizer.
PUBLIC: set[str] = set()


class BadRequest(Refuse):
    """Not even the form is right."""


class NoSuchMethod(Refuse):
    status = 405
    code = "method_not_allowed"


class TooLarge(Refuse):
    status = 413
    code = "too_large"


class NotJson(Refuse):
    status = 415
    code = "unsupported_media_type"


def answer(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False, separators=(",", ":")), dict(_HEADERS), status)


def refused(refusal: Refuse) -> Response:
    error: dict[str, Any] = {"code": refusal.code, "message": str(refusal)}
    if refusal.faults:
        error["faults"] = list(refusal.faults)
    if isinstance(refusal, Changed):
        error["changes"] = list(refusal.changes)
    return answer({"error": error}, refusal.status)


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

        # The type of a body is checked where a body is read, so that its error looks like every other.
        name = f"{view.__module__.rsplit('.', 1)[-1]}_{view.__name__}"
        app.route(path, methods=[method], name=name, content_types=[])(guarded)
        return view

    return register


def officer() -> Officer:
    """Who calls, out of the id token's claims as the authorizer checked them. An access token is refused here, since an
    authorizer without scopes lets one pass on the emulator."""
    claims = (_request_context().get("authorizer") or {}).get("claims") or {}
    if claims.get("token_use") != "id" or not claims.get("sub"):
        raise Unauthenticated("sign in first")
    named = _groups(claims.get("cognito:groups"))
    roles = [role for role in Role if role.value in named]
    if len(roles) != 1:
        raise Forbidden("this account has no role, or several")
    unit = str(claims.get("custom:unit") or "").strip()
    return Officer(str(claims["sub"]), roles[0], unit if IDENTIFIER.fullmatch(unit) else None)


def _request_context() -> dict[str, Any]:
    context: dict[str, Any] = app.current_request.context if app.current_request else {}
    return context


def source() -> str:
    """Who asks, as API Gateway saw it; never a header, which the caller writes. Of IPv6 the /64, out of which anybody
    may take any address."""
    seen = str((_request_context().get("identity") or {}).get("sourceIp") or "")
    if ":" not in seen:
        return seen
    import ipaddress

    try:
        return str(ipaddress.ip_network((seen.partition("%")[0], 64), strict=False))
    except ValueError:
        return seen


def _groups(claim: Any) -> list[str]:
    """API Gateway flattens the token's list to a text, emulators and versions of it differently."""
    names = claim if isinstance(claim, list) else str(claim or "").strip("[]").replace(",", " ").split()
    return [str(name) for name in names]


def optional_body() -> dict[str, Any]:
    """The same where a request may come without one; then its content type says nothing."""
    try:
        sent = app.current_request and app.current_request.raw_body
    except ValueError:
        raise BadRequest("the body cannot be decoded") from None
    return body() if sent else {}


def body() -> dict[str, Any]:
    """The request's JSON object. Raises BadRequest, NotJson, TooLarge."""
    request = app.current_request
    try:
        raw = request.raw_body if request else b""
    except ValueError:
        raise BadRequest("the body cannot be decoded") from None
    if len(raw) > BODY_LIMIT:
        raise TooLarge(f"a body has at most {BODY_LIMIT} bytes")
    kind = str(request.headers.get("content-type") or "application/json") if request else ""
    if kind.partition(";")[0].strip().lower() != "application/json":
        raise NotJson("the body must be sent as application/json")
    try:
        parsed = json.loads(raw or b"{}", object_pairs_hook=_once, parse_constant=_no_constant)
        json.dumps(parsed, ensure_ascii=False).encode()  # half a character ("\ud800") can't be stored
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON of whole characters, with each field once") from None
    if not isinstance(parsed, dict):
        raise BadRequest("the body must be a JSON object")
    return parsed


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_constant(name: str) -> float:
    raise ValueError


#: Fields of one page's form.
FIELDS_LIMIT = 50


def form() -> dict[str, list[str]]:
    """The request's form fields. Raises BadRequest, NotJson, TooLarge."""
    request = app.current_request
    try:
        raw = request.raw_body if request else b""
    except ValueError:
        raise BadRequest("the body cannot be decoded") from None
    if len(raw) > BODY_LIMIT:
        raise TooLarge(f"a body has at most {BODY_LIMIT} bytes")
    kind = str(request.headers.get("content-type") or "") if request else ""
    if kind.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise NotJson("the form must be sent as application/x-www-form-urlencoded")
    from urllib.parse import parse_qsl

    found: dict[str, list[str]] = {}
    try:
        text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
        for name, value in parse_qsl(text, max_num_fields=FIELDS_LIMIT):
            found.setdefault(name, []).append(value.encode("utf-8", "replace").decode())
    except ValueError:
        raise BadRequest(f"a form has at most {FIELDS_LIMIT} fields") from None
    return found


def query(name: str) -> str | None:
    """A parameter of the query, the last where it is given twice. Raises BadRequest."""
    found = asked(name)
    return found[-1] or None if found else None


def asked(name: str) -> list[str]:
    """Each value that a parameter of the query was given. Raises BadRequest."""
    request = app.current_request
    given: Any = request.query_params if request else None
    found = [str(one) for one in given.getlist(name)] if given and name in given else []
    if sum(map(len, found)) > QUERY_LIMIT:
        raise BadRequest(f"{name} has at most {QUERY_LIMIT} characters")
    return found
