"""Whoever looks for an arrival, a case or a request finds the lines about its failures too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tanggap.entrypoints import composition, deliver, media, observe
from tanggap.entrypoints.settings import Misconfigured
from tests.support.lambdas import function, lines
from tests.support.portal import Context

KEY = "mail/0k8p1abc"


@pytest.fixture(autouse=True)
def without_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is begun fails at the first service that it needs."""
    monkeypatch.setattr(observe.metrics, "namespace", "Tanggap")
    monkeypatch.delenv("CASES_TABLE", raising=False)
    composition.services.cache_clear()


def records(*bodies: dict[str, Any]) -> dict[str, Any]:
    sent = {"SentTimestamp": "1795401600000", "ApproximateReceiveCount": "1"}
    return {
        "Records": [
            {"messageId": str(n), "body": json.dumps(body), "attributes": sent} for n, body in enumerate(bodies)
        ]
    }


def test_an_arrival_that_goes_back_to_the_queue_is_named() -> None:
    event = records({"tanggap": "again", "key": KEY}, {"tanggap": "media", "key": "webhooks/meta/x", "index": 0}, {})
    with lines() as told:
        assert len(function("intake").handler(event, Context())["batchItemFailures"]) == 3
    assert [one["code"] for one in told] == ["arrival_put_back"] * 3
    first, second, third = (one["arrival"] for one in told)
    assert (first, second) == (KEY, "webhooks/meta/x")
    assert third.startswith("events/unreadable/")


def test_a_line_that_something_within_writes_names_the_arrival_too() -> None:
    with lines() as told:
        function("intake").handler(records({"tanggap": "again", "key": KEY}), Context())
        composition._passed_over("TGP-1", ValueError("x"))
    assert told[-1]["arrival"] == KEY


def test_media_that_go_back_to_the_queue_name_their_arrival() -> None:
    with lines() as told:
        with pytest.raises(Misconfigured):
            media.work(json.dumps({"tanggap": "media", "key": KEY, "index": 0}), {})
        observe.tell("media_put_back")
    assert told[0]["arrival"] == KEY


def test_a_letter_that_breaks_names_its_case() -> None:
    keys = {"pk": {"S": "CASE#TGP-2222"}, "sk": {"S": "OUT#d1"}}
    image = {**keys, "wake": {"S": "2026"}}
    event = {
        "Records": [{"dynamodb": {"Keys": keys, "NewImage": image}}, {"dynamodb": {"Keys": {}, "NewImage": image}}]
    }

    class Long(Context):
        @staticmethod
        def get_remaining_time_in_millis() -> int:
            return 60_000

    with lines() as told:
        function("deliver").handler(event, Long())
    assert [(one["code"], one["case"], one["delivery"]) for one in told] == [
        ("delivery_broken", "TGP-2222", "d1"),
        ("delivery_broken", "", ""),
    ]
    assert deliver.case_of({}) == ""


def test_an_error_is_told_by_its_class_and_place_and_never_by_its_text() -> None:
    try:
        try:
            observe.METRICS["Siti Aminah, 0812"]
        except KeyError as error:
            raise ValueError("siti@warga.example wrote: jalan rusak") from error
    except ValueError as error:
        told = observe.trace_of(error)
    assert set(told) == {"error", "cause", "place"}
    assert (told["error"], told["cause"]) == ("ValueError", "KeyError")
    assert not {"siti", "Siti", "0812", "jalan"} & set(json.dumps(told).replace("@", " ").replace(",", " ").split())
    assert "warga" not in json.dumps(told)


def test_an_error_tells_which_word_the_service_gave_and_nothing_else_of_its_answer() -> None:
    refused = ClientError(
        {"Error": {"Code": "AccessDeniedException", "Message": "not allowed: siti@warga.example"}}, "Encrypt"
    )
    try:
        raise RuntimeError from refused
    except RuntimeError as error:
        told = observe.trace_of(error)
    assert told["cause"] == "ClientError:AccessDeniedException"
    assert "warga" not in json.dumps(told)
    refused.response["Error"]["Code"] = "siti@warga.example"
    error = RuntimeError()
    error.__cause__ = refused
    assert observe.trace_of(error)["cause"] == "ClientError"


@pytest.mark.parametrize("name", ["portal", "webhooks"])
def test_what_the_apis_own_log_calls_a_request_stands_on_our_lines_of_it(name: str) -> None:
    event = {
        "resource": "/v1/nothing",
        "path": "/v1/nothing",
        "httpMethod": "POST",
        "headers": {},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "body": "{}",
        "isBase64Encoded": False,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"requestId": "r-1", "resourcePath": "/v1/nothing", "httpMethod": "POST"},
    }
    with lines() as told:
        function(name).handler(event, Context())
        observe.tell("request_failed")
    assert {one["request"] for one in told} == {"r-1"}
