"""Signing in. The user pool decides; nobody learns from the answer whether an address has an account."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from ...domain.errors import Invalid, Refuse, Retry, Unauthenticated
from ..composition import client
from .fields import line, only, text
from .http import answer, body, route
from .parts import parts

#: The pool's challenge: (what CONTRACT calls it, the pool's name for the answer).
CHALLENGES = {
    "NEW_PASSWORD_REQUIRED": ("new_password", "NEW_PASSWORD"),
    "SOFTWARE_TOKEN_MFA": ("code", "SOFTWARE_TOKEN_MFA_CODE"),
}
_WRONG = frozenset(
    {
        "NotAuthorizedException",
        "UserNotFoundException",
        "UserNotConfirmedException",
        "PasswordResetRequiredException",
        "CodeMismatchException",
        "ExpiredCodeException",
    }
)
_UNFIT = frozenset({"InvalidPasswordException", "InvalidParameterException"})
_REFUSED = "the address or the password is wrong, or the session is over"
_BUSY = frozenset({"TooManyRequestsException", "LimitExceededException", "TooManyFailedAttemptsException"})


class TooMany(Refuse):
    status = 429
    code = "too_many_requests"


@route("POST", "/v1/session", public=True)
def sign_in() -> Any:
    """Sign in, go on with a required step, or renew."""
    given = body()
    if "refresh_token" in given:
        only(given, "refresh_token")
        return _renew(line(given, "refresh_token", limit=8000))
    if "session" in given:
        only(given, "session", "new_password", "code")
        return _go_on(given)
    only(given, "email", "password")
    name = line(given, "email", limit=320).lower()
    password = text(given, "password", limit=256)
    parameters = {"USERNAME": name, "PASSWORD": password}
    return _tokens(_ask("initiate_auth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters), name)


def _renew(token: str) -> Any:
    """The pool answers without a refresh token where the old one goes on."""
    found = _ask("initiate_auth", AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": token})
    found["AuthenticationResult"].setdefault("RefreshToken", token)
    return _tokens(found, "")


def _go_on(given: dict[str, Any]) -> Any:
    session, name, challenge = _unwrap(line(given, "session", limit=8000))
    need, field = CHALLENGES[challenge]
    responses = {"USERNAME": name, field: text(given, need, limit=256)}
    found = _ask("respond_to_auth_challenge", ChallengeName=challenge, Session=session, ChallengeResponses=responses)
    return _tokens(found, name)


def _wrap(session: str, name: str, challenge: str) -> str:
    """Our session wraps the pool's, since the pool wants the name again."""
    return base64.urlsafe_b64encode(json.dumps([session, name, challenge]).encode()).decode()


def _unwrap(wrapped: str) -> tuple[str, str, str]:
    try:
        session, name, challenge = json.loads(base64.urlsafe_b64decode(wrapped))
        if all(isinstance(part, str) for part in (session, name)) and challenge in CHALLENGES:
            return session, name, challenge
    except (ValueError, TypeError, RecursionError):
        pass
    raise Unauthenticated(_REFUSED)


def _ask(call: str, **arguments: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = getattr(client("cognito-idp"), call)(
            ClientId=parts().settings.user_pool_client, **arguments
        )
        return found
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _WRONG:
            raise Unauthenticated(_REFUSED) from None
        if code in _BUSY:
            raise TooMany("too many tries: wait a while") from None
        if code in _UNFIT:
            raise Invalid("the new password does not meet the rules, or a field does not fit") from None
        raise Retry("the user pool did not answer") from error
    except ParamValidationError:
        raise Unauthenticated(_REFUSED) from None
    except BotoCoreError as error:
        raise Retry("the user pool did not answer") from error


def _tokens(given: dict[str, Any], name: str) -> Any:
    if challenge := given.get("ChallengeName"):
        if challenge not in CHALLENGES:
            raise Unauthenticated("this account needs a step that is not offered here")
        need, _ = CHALLENGES[challenge]
        return answer({"session": _wrap(given["Session"], name, challenge), "need": need}, 409)
    result = given["AuthenticationResult"]
    until = datetime.now(UTC) + timedelta(seconds=result["ExpiresIn"])
    return {
        "id_token": result["IdToken"],
        "refresh_token": result.get("RefreshToken"),
        "expires_at": until.isoformat(timespec="seconds"),
    }
