"""Signing in. The user pool decides; nobody learns from the answer whether an address has an account."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from ...domain.errors import Invalid, Refuse, Unauthenticated
from ..composition import client
from .http import answer, body, only, route, text
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
_BUSY = frozenset({"TooManyRequestsException", "LimitExceededException", "TooManyFailedAttemptsException"})


class TooMany(Refuse):
    status = 429
    code = "too_many_requests"


@route("POST", "/v1/session", public=True)
def sign_in() -> Any:
    given = body()
    only(given, "email", "password", "refresh_token", "session", "new_password", "code")
    if "refresh_token" in given:
        return _tokens(
            _ask(
                "initiate_auth",
                AuthFlow="REFRESH_TOKEN_AUTH",
                AuthParameters={"REFRESH_TOKEN": text(given, "refresh_token", limit=8000)},
            )
        )
    if "session" in given:
        return _tokens(_go_on(given))
    name = text(given, "email", limit=320).strip().lower()
    password = text(given, "password", limit=256)
    return _tokens(
        _ask("initiate_auth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": name, "PASSWORD": password}),
        name,
    )


def _go_on(given: dict[str, Any]) -> dict[str, Any]:
    """The second step. Our session wraps the pool's, since the pool wants the name again."""
    try:
        session, name, challenge = json.loads(base64.urlsafe_b64decode(text(given, "session", limit=8000)))
        need, field = CHALLENGES[challenge]
    except (ValueError, KeyError, TypeError):
        raise Unauthenticated("this session is not one of ours, or is over") from None
    return _ask(
        "respond_to_auth_challenge",
        ChallengeName=challenge,
        Session=session,
        ChallengeResponses={"USERNAME": name, field: text(given, need, limit=256)},
    )


def _ask(call: str, **arguments: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = getattr(client("cognito-idp"), call)(
            ClientId=parts().settings.user_pool_client, **arguments
        )
        return found
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _WRONG:
            raise Unauthenticated("the address or the password is wrong, or the session is over") from None
        if code in _BUSY:
            raise TooMany("too many tries: wait a while") from None
        if code in ("InvalidPasswordException", "InvalidParameterException"):
            raise Invalid("the password does not meet the rules, or a field is missing") from None
        raise


def _tokens(given: dict[str, Any], name: str = "") -> Any:
    if challenge := given.get("ChallengeName"):
        if challenge not in CHALLENGES:
            raise Unauthenticated("this account needs a step that is not offered here")
        wrapped = base64.urlsafe_b64encode(json.dumps([given["Session"], name, challenge]).encode()).decode()
        return answer({"session": wrapped, "need": CHALLENGES[challenge][0]}, 409)
    result = given["AuthenticationResult"]
    until = datetime.now(UTC) + timedelta(seconds=result["ExpiresIn"])
    return {
        "id_token": result["IdToken"],
        "refresh_token": result.get("RefreshToken"),
        "expires_at": until.isoformat(timespec="seconds"),
    }
