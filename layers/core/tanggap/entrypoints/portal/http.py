"""What every route shares: who calls, what the body says, how an error answers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from chalice.app import Chalice, Response

from ...application.ports import Unreadable
from ...domain.errors import Forbidden, Refuse, Retry, Unauthenticated
from ...domain.permissions import Officer
from ...domain.policy_reader import IDENTIFIER
from ...domain.words import Role
from .. import bodies
from ..bodies import BadRequest, Broken, Unavailable
from ..observe import tell, trace_of

app = Chalice(app_name="tanggap", configure_logs=False)
#: Fields of one page's form.
FIELDS_LIMIT = 50
#: A cursor is the longest thing that a query holds.
QUERY_LIMIT = 2_000
_HEADERS = {"Content-Type": "application/json; charset=utf-8"}

View = Callable[..., Any]
#: Routes that nobody signs in for. A contract test holds them against template.yaml's areas without an authorizer.
PUBLIC: set[str] = set()


class NoSuchMethod(Refuse):
    status = 405
    code = "method_not_allowed"


def answer(body: Any, status: int = 200) -> Response:
    return Response(bodies.as_text(body), dict(_HEADERS), status)


def refused(refusal: Refuse) -> Response:
    return answer(bodies.error_of(refusal), refusal.status)


def refusal_of(error: Exception, path: str) -> Refuse:
    """What is told of whatever a view raised; what is ours is logged and counted here."""
    if isinstance(error, Refuse):
        return error
    if isinstance(error, Retry):
        tell("request_put_off", route=path, **trace_of(error))
        return Unavailable("please try again")
    tell("request_failed", route=path, **trace_of(error))
    if isinstance(error, Unreadable):
        return Broken("this was written by a newer release, or is damaged: nothing was changed, tell the operators")
    return Broken("something went wrong here")


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
            except Exception as error:
                return refused(refusal_of(error, path))

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
    """Who asks, as far as one subscriber can be told from another."""
    return bodies.subscriber(bodies.source(_request_context()))


def _groups(claim: Any) -> list[str]:
    """API Gateway flattens the token's list to a text, emulators and versions of it differently."""
    names = claim if isinstance(claim, list) else str(claim or "").strip("[]").replace(",", " ").split()
    return [str(name) for name in names]


def body() -> dict[str, Any]:
    """The request's JSON object; an empty one of an empty body. Raises BadRequest, NotThatType, TooLarge."""
    sent, kind = _sent()
    return bodies.json_object(sent or b"{}", kind)


def optional_body() -> dict[str, Any]:
    """The same where a request may come without one; then its content type says nothing."""
    sent, kind = _sent()
    return bodies.json_object(sent, kind) if sent else {}


def form() -> dict[str, list[str]]:
    """The request's form fields. Raises BadRequest, NotThatType, TooLarge."""
    return bodies.form_fields(*_sent(), FIELDS_LIMIT)


def _sent() -> tuple[bytes, str]:
    """The body's bytes and its media type."""
    request = app.current_request
    if request is None:
        return b"", ""
    event = request.to_original_event()
    sent = bodies.raw(event["body"], bool(event.get("isBase64Encoded")))
    return sent, bodies.media_type(str(request.headers.get("content-type") or ""))


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
