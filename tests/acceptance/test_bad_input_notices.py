"""Bad notices, objects, events and times at the functions' doors: each ends as recorded and blocks nobody else."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from infra.local.aws import client
from tests.e2e.doors import TEXT, arrival, head, invoke, outcome, store, tell
from tests.e2e.system import System

pytestmark = pytest.mark.usefixtures("others_are_served", "it_adds_up")


# -- notices and objects


@pytest.mark.parametrize("body", ["sampah", "{}", "[" * 100_000, '{"tanggap": "again", "key": ""}'])
def test_a_queue_message_that_is_no_notice_is_stored_and_parked(system: System, body: str) -> None:
    import hashlib

    tell(system, body)
    message = outcome(system, f"events/unreadable/{hashlib.sha256(body.encode()).hexdigest()}")
    assert (message["outcome"], message["reason"]) == ("parked", "unreadable")


def test_the_mail_services_set_up_is_refused_by_name(system: System) -> None:
    key = store(system, "mail/AMAZON_SES_SETUP_NOTIFICATION", b"From: x\r\n\r\nAmazon SES may write here.")
    tell(system, json.dumps({"tanggap": "again", "key": key}))
    message = outcome(system, key)
    assert (message["outcome"], message["reason"]) == ("refused", "setup")


@pytest.fixture
def hasty_queue(system: System) -> Iterator[None]:
    """Brings a message again after two seconds instead of three minutes."""
    sqs, url = client("sqs", system.ready["aws_endpoint"]), system.ready["outputs"]["ArrivalsQueueUrl"]
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "2"})
    yield
    sqs.set_queue_attributes(QueueUrl=url, Attributes=before)


@pytest.mark.usefixtures("hasty_queue")
def test_a_notice_without_its_object_is_parked_as_not_found(system: System) -> None:
    key = f"mail/hilang{int(time.time())}"
    tell(system, json.dumps({"tanggap": "again", "key": key}))
    sender = system.someone()
    system.write(sender, "Sementara itu", TEXT)  # others do not wait for it
    assert system.mail_to(sender)
    message = outcome(system, key)
    assert (message["outcome"], message["reason"]) == ("parked", "not_found")


def test_an_object_without_a_notice_waits_visibly_and_is_read_once_it_is_announced(system: System) -> None:
    sender = system.someone()
    key = store(system, f"mail/diam{int(time.time())}", (head(sender) + "\r\n" + TEXT).encode())
    message = arrival(system, key)
    assert (message["outcome"], message["reason"]) == ("waiting", "unread")
    name = base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
    assert system.as_officer("coordinator", "POST", f"/v1/arrivals/{name}/replay").status in (200, 202)
    assert outcome(system, key)["outcome"] == "filed"
    assert system.mail_to(sender)


def test_of_a_batch_the_poison_alone_goes_back(system: System) -> None:
    sender = system.someone()
    good = store(system, f"mail/baik{int(time.time())}", (head(sender) + "\r\n" + TEXT).encode())
    attributes = {"SentTimestamp": str(int(time.time() * 1000)), "ApproximateReceiveCount": "1"}
    records = [
        {
            "messageId": "m1",
            "body": json.dumps({"tanggap": "again", "key": "mail/tidak-ada"}),
            "attributes": attributes,
        },
        {"messageId": "m2", "body": json.dumps({"tanggap": "again", "key": good}), "attributes": attributes},
        {"messageId": "m3", "body": None, "attributes": {}},
    ]
    answer, error = invoke(system, "IntakeFunction", {"Records": records})
    assert not error
    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["m1", "m3"]
    assert outcome(system, good)["outcome"] == "filed"


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"dynamodb": {}},
        {"dynamodb": {"Keys": {"sk": {"S": "OUT#x"}}, "NewImage": {"sk": {"S": "OUT#x"}, "wake": {"S": "x"}}}},
        {"dynamodb": {"NewImage": {"sk": {"S": "OUT#x"}, "wake": {"S": "x"}, "data": {"S": "no json"}}}},
        {"dynamodb": {"NewImage": {"sk": {"S": "OUT#x"}, "wake": {"S": "x"}, "data": {"M": {}}}}},
    ],
)
def test_a_stream_record_that_cannot_be_read_fails_no_batch(system: System, record: dict[str, Any]) -> None:
    answer, error = invoke(system, "DeliverFunction", {"Records": [record, record]})
    assert (answer, error) == (None, "")


# -- time


NO_TIMES = ["", "besok", 7, "2026-11-23T03:00:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"]


@pytest.mark.parametrize("event", [{}, *({"time": time} for time in NO_TIMES)])
def test_a_time_that_is_none_moves_nothing_and_says_so(system: System, event: dict[str, Any]) -> None:
    answer, error = invoke(system, "EscalateFunction", event)
    assert (answer, error) == ({"refused": "time"}, "")


def test_a_time_in_the_past_does_nothing(system: System) -> None:
    sender = system.someone()
    system.write(sender, "Jalan rusak", TEXT)
    number = system.case_of(system.mail_to(sender))
    before = system.case(number)
    swept = system.sweep("2001-01-01T00:00:00Z")
    assert (swept["cases"], swept["woken"]) == (0, 0)
    after = system.case(number)
    assert (after["clocks"], after["history"]) == (before["clocks"], before["history"])
