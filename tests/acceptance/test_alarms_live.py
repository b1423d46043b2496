"""Three alarms ring on the running system, for their cause, and the operators' topic says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from infra.local.aws import client
from tests.e2e.channels import post, signature
from tests.e2e.system import System, forget, until


def state(system: System, name: str) -> str:
    alarms = client("cloudwatch", system.ready["aws_endpoint"]).describe_alarms()["MetricAlarms"]
    (found,) = [one for one in alarms if f"-{name}-" in f"{one['AlarmName']}-"]
    return str(found["StateValue"])


@contextmanager
def operators(system: System) -> Iterator[Any]:
    """A mailbox of the operators' topic: a queue, since a mail would have to be confirmed by hand."""
    aws = system.ready["aws_endpoint"]
    sqs, sns = client("sqs", aws), client("sns", aws)
    url = sqs.create_queue(QueueName=f"operators-{uuid4().hex[:8]}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = system.ready["outputs"]["AlarmsTopic"]
    may = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)

    def told(name: str) -> list[str]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", ())
        return [one["Body"] for one in messages if name in one["Body"] and "ALARM" in one["Body"]]

    try:
        yield told
    finally:
        sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
        sqs.delete_queue(QueueUrl=url)


def invoke(system: System, function: str, event: dict[str, Any]) -> None:
    client("lambda", system.ready["aws_endpoint"]).invoke(
        FunctionName=system.ready["outputs"][function], Payload=json.dumps(event).encode()
    )


def rings(system: System, name: str, told: Any) -> None:
    until(lambda: state(system, name) == "ALARM", f"{name} in alarm", 60)
    until(lambda: told(name), f"the operators are told of {name}", 30)


def test_a_schedule_without_a_usable_time_rings(system: System) -> None:
    assert state(system, "TimeRefused") != "ALARM"
    with operators(system) as told:
        invoke(system, "EscalateFunction", {"time": "tomorrow"})
        rings(system, "TimeRefused", told)


def test_a_platform_that_sends_what_nobody_knows_rings(system: System) -> None:
    assert state(system, "ParkedGrowing") != "ALARM"
    with operators(system) as told:
        for number in range(5):
            body = json.dumps({"object": "a_new_kind_of_thing", "entry": [{"id": f"{number}-{uuid4().hex}"}]}).encode()
            assert post(system, "/webhooks/meta", body, {"X-Hub-Signature-256": signature(system, body)}).status == 200

        def parked() -> bool:
            rows = system.as_officer("auditor", "GET", "/v1/arrivals?outcome=parked").body["arrivals"]
            return len(rows) >= 5

        until(parked, "five parked arrivals")
        invoke(system, "LedgerFunction", {})
        rings(system, "ParkedGrowing", told)


def test_a_key_that_is_about_to_expire_rings_and_health_says_which(system: System) -> None:
    aws = system.ready["aws_endpoint"]
    secrets, name = client("secretsmanager", aws), system.ready["outputs"]["ChannelSecret"]
    before = secrets.get_secret_value(SecretId=name)["SecretString"]
    keys = json.loads(before)
    keys["whatsapp"]["expires"] = "2026-01-31"
    try:
        secrets.put_secret_value(SecretId=name, SecretString=json.dumps(keys))
        forget(system, "LedgerFunction")
        with operators(system) as told:
            invoke(system, "LedgerFunction", {})
            rings(system, "UpkeepDue", told)
        health = system.as_officer("auditor", "GET", "/v1/health").body
        assert "key_whatsapp" in json.dumps(health)
    finally:
        secrets.put_secret_value(SecretId=name, SecretString=before)
