"""Meta's handshake echoes a challenge to whoever knows the token, as plain text, and nothing else to anybody."""

from __future__ import annotations

import pytest

from tests.support.webhooks import Doors, Reply

RIGHT = {"hub.mode": "subscribe", "hub.verify_token": "verify-new", "hub.challenge": "1158201444"}


def shake(**changes: str | None) -> Reply:
    query = {name: value for name, value in (RIGHT | {f"hub.{k}": v for k, v in changes.items()}).items() if value}
    return Doors().send("GET", "/webhooks/meta", query=query)


@pytest.mark.parametrize("token", ["verify-new", "verify-old"])
def test_the_challenge_comes_back_as_plain_text(token: str) -> None:
    answer = shake(verify_token=token)
    assert (answer.status, answer.text) == (200, "1158201444")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "changes",
    [
        {"verify_token": "wrong"},
        {"verify_token": None},
        {"verify_token": "verify-new "},
        {"mode": "unsubscribe"},
        {"mode": None},
        {"challenge": None},
        {"challenge": "<script>alert(1)</script>"},
        {"challenge": "a b"},
        {"challenge": "1\n2"},
        {"challenge": "\u0661"},
        {"challenge": "x" * 201},
    ],
    ids=str,
)
def test_anything_else_is_refused_and_echoes_nothing(changes: dict[str, str | None]) -> None:
    answer = shake(**changes)
    assert answer.status == 403
    assert "script" not in answer.text
    assert "x" * 50 not in answer.text


def test_a_parameter_given_twice_is_no_handshake() -> None:
    from tanggap.entrypoints.webhooks.app import respond
    from tests.support.webhooks import event

    doors = Doors()
    given = event("GET", "/webhooks/meta", query=RIGHT)
    given["multiValueQueryStringParameters"]["hub.verify_token"] = ["wrong", "verify-new"]
    assert respond(given, lambda: doors.parts)["statusCode"] == 403
