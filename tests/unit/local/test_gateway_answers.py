"""Errors of the gateway itself have the API's shape; those of a function are left alone."""

from __future__ import annotations

import json

import pytest

from infra.local.gateway_answers import as_declared


@pytest.mark.parametrize(
    ("status", "sentence", "expected", "code"),
    [
        (401, "Unauthorized", 401, "unauthenticated"),
        (403, "Missing Authentication Token", 404, "not_found"),
        (429, "Too Many Requests", 429, "throttled"),
        (400, "whatever", 400, "bad_request"),
        (502, "Internal server error", 502, "unavailable"),
    ],
)
def test_an_error_of_the_gateway_gets_the_shape_that_the_template_declares(
    status: int, sentence: str, expected: int, code: str
) -> None:
    told, body = as_declared(status, json.dumps({"message": sentence}).encode())
    assert (told, json.loads(body)["error"]["code"]) == (expected, code)


@pytest.mark.parametrize("body", [b'{"error": {"code": "x", "message": "y"}}', b"<html>", b"[]"])
def test_an_error_of_a_function_stays_as_it_is(body: bytes) -> None:
    assert as_declared(404, body) == (404, body)


def test_an_answer_that_is_no_error_stays_as_it_is() -> None:
    assert as_declared(200, b'{"message": "hi"}') == (200, b'{"message": "hi"}')
