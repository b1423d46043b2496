"""Signing in. The user pool's own answers are played by botocore's stub, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from tests.support.portal import Answer, Portal


@pytest.fixture
def pool(portal: Portal) -> Iterator[Stubber]:
    from tanggap.entrypoints import composition

    with Stubber(composition.client("cognito-idp")) as stub:
        yield stub
        stub.assert_no_pending_responses()


TOKENS = {"IdToken": "id.token.x", "AccessToken": "access", "RefreshToken": "refresh", "ExpiresIn": 3600}


def sign_in(portal: Portal, **body: Any) -> Answer:
    return portal.post(None, "/v1/session", **(body or {"email": " Koor@Kantor.example ", "password": "Rahasia-12345"}))


def test_an_officer_signs_in_and_gets_an_id_token(portal: Portal, pool: Stubber) -> None:
    pool.add_response(
        "initiate_auth",
        {"AuthenticationResult": TOKENS},
        {
            "ClientId": portal.environment["USER_POOL_CLIENT"],
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "koor@kantor.example", "PASSWORD": "Rahasia-12345"},
        },
    )
    answer = sign_in(portal)
    assert answer.status == 200
    assert set(answer.body) == {"id_token", "refresh_token", "expires_at"}
    assert (answer.body["id_token"], answer.body["refresh_token"]) == ("id.token.x", "refresh")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_refresh_token_renews_and_is_given_back_where_it_goes_on(portal: Portal, pool: Stubber) -> None:
    pool.add_response(
        "initiate_auth",
        {"AuthenticationResult": {**TOKENS, "RefreshToken": "rotated"}},
        {"ClientId": ANY, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": "old"}},
    )
    kept = {key: value for key, value in TOKENS.items() if key != "RefreshToken"}
    pool.add_response("initiate_auth", {"AuthenticationResult": kept})
    assert sign_in(portal, refresh_token="old").body["refresh_token"] == "rotated"
    assert sign_in(portal, refresh_token="old").body["refresh_token"] == "old"


def test_a_new_password_and_then_a_code_are_asked_for_step_by_step(portal: Portal, pool: Stubber) -> None:
    session = "s" * 30
    pool.add_response("initiate_auth", {"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": session})
    pool.add_response(
        "respond_to_auth_challenge",
        {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "t" * 30},
        {
            "ClientId": ANY,
            "ChallengeName": "NEW_PASSWORD_REQUIRED",
            "Session": session,
            "ChallengeResponses": {"USERNAME": "koor@kantor.example", "NEW_PASSWORD": "Baru-1234567890"},
        },
    )
    pool.add_response(
        "respond_to_auth_challenge",
        {"AuthenticationResult": TOKENS},
        {
            "ClientId": ANY,
            "ChallengeName": "SOFTWARE_TOKEN_MFA",
            "Session": "t" * 30,
            "ChallengeResponses": {"USERNAME": "koor@kantor.example", "SOFTWARE_TOKEN_MFA_CODE": "123456"},
        },
    )
    first = sign_in(portal)
    assert (first.status, first.body["need"]) == (409, "new_password")
    second = sign_in(portal, session=first.body["session"], new_password="Baru-1234567890")
    assert (second.status, second.body["need"]) == (409, "code")
    assert sign_in(portal, session=second.body["session"], code="123456").status == 200


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("NotAuthorizedException", 401),
        ("UserNotFoundException", 401),
        ("UserNotConfirmedException", 401),
        ("PasswordResetRequiredException", 401),
        ("TooManyRequestsException", 429),
        ("LimitExceededException", 429),
        ("InvalidParameterException", 422),
        ("InternalErrorException", 503),
        ("ResourceNotFoundException", 503),
    ],
)
def test_what_the_pool_refuses_is_told_without_saying_what_was_wrong(
    portal: Portal, pool: Stubber, code: str, status: int
) -> None:
    pool.add_client_error("initiate_auth", code, "User does not exist: koor@kantor.example")
    answer = sign_in(portal)
    assert answer.status == status
    assert "koor" not in str(answer.body)
    if status == 401:
        assert answer.message == "the address or the password is wrong, or the session is over"


def test_a_password_that_does_not_meet_the_rules_is_told(portal: Portal, pool: Stubber) -> None:
    pool.add_response("initiate_auth", {"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "s" * 30})
    pool.add_client_error("respond_to_auth_challenge", "InvalidPasswordException")
    session = sign_in(portal).body["session"]
    assert sign_in(portal, session=session, new_password="pendek").status == 422


def test_a_step_that_is_not_offered_ends_the_sign_in(portal: Portal, pool: Stubber) -> None:
    pool.add_response("initiate_auth", {"ChallengeName": "MFA_SETUP", "Session": "s" * 30})
    assert sign_in(portal).status == 401


@pytest.mark.parametrize(
    "session",
    ["x", "é", "bnVsbA==", "WzEsMiwzXQ==", "W1tdLHt9LFtdXQ==", "WyJhIiwiYiIsIk1GQV9TRVRVUCJd", "e30=", "=" * 100],
)
def test_a_forged_session_is_refused(portal: Portal, pool: Stubber, session: str) -> None:
    assert sign_in(portal, session=session, new_password="Baru-1234567890").status == 401


def test_a_session_that_the_pool_would_not_even_read_is_refused(portal: Portal) -> None:
    import base64
    import json

    short = base64.urlsafe_b64encode(json.dumps(["short", "a@b.example", "SOFTWARE_TOKEN_MFA"]).encode()).decode()
    assert sign_in(portal, session=short, code="123456").status == 401


@pytest.mark.parametrize(
    "body",
    [
        {"email": "a@b.example"},
        {"password": "x"},
        {"email": None, "password": "x"},
        {"email": ["a"], "password": "x"},
        {"email": "a@b.example", "password": 5},
        {"email": "a\nb@c.example", "password": "x"},
        {"email": "a@b.example", "password": "x" * 257},
        {"email": "x" * 400, "password": "x"},
        {"email": "a@b.example", "password": "x", "role": "coordinator"},
        {"refresh_token": None},
        {"refresh_token": 5},
        {"refresh_token": "x", "email": "a@b.example"},
        {"session": None, "code": "1"},
    ],
)
def test_a_wrong_field_is_named(portal: Portal, body: dict[str, Any]) -> None:
    assert sign_in(portal, **body).status == 422
