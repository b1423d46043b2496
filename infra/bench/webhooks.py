"""CPU of a webhook from its event to its answer, against what no program can do without: one S3 put, one SQS send.

The floor puts the same bytes and sends the same notice by plain clients of botocore, in this process, in turn; so the
ratio holds the event, the signature, the table of doors, log and metrics. Waiting for AWS is the same on both sides, so
that the ratio of durations lies below this one; `elapsed` tells it for the embedded AWS.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import botocore.session

from infra.bench.calls import RECORDER
from infra.bench.report import Sample
from infra.bench.stage import META_SECRET, TELEGRAM_SECRET, Stage

ROUNDS = 30
WARM_UP = 3
#: Webhooks of one round, so that a round is longer than the clock's grain.
EACH = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one webhook: seconds of CPU, ratios to the floor's of the same round."""

    product: Sample
    floor: Sample
    cpu: Sample
    elapsed: Sample


class Bench:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        stage.prepare("webhooks")
        session = botocore.session.get_session()
        self._s3, self._sqs = session.create_client("s3"), session.create_client("sqs")
        self._number = 0

    def run(self, make: Callable[[int], tuple[str, bytes, dict[str, str]]], rounds: int = ROUNDS) -> Cost:
        """`make`: a number -> (path, body, headers). The order of the two turns with each round."""
        ours, theirs, elapsed = [], [], []
        with RECORDER.recording():
            for number in range(-WARM_UP, rounds):
                both = [lambda: self._product(make), lambda: self._floor(make)]
                took = {at: both[at]() for at in ((0, 1) if number % 2 else (1, 0))}
                if number >= 0:
                    ours.append(took[0][0] / EACH)
                    theirs.append(took[1][0] / EACH)
                    elapsed.append(took[0][1] / took[1][1])
        ratios = tuple(mine / floor for mine, floor in zip(ours, theirs, strict=True))
        return Cost(Sample(tuple(ours)), Sample(tuple(theirs)), Sample(ratios), Sample(tuple(elapsed)))

    def _product(self, make: Callable[[int], tuple[str, bytes, dict[str, str]]]) -> tuple[float, float]:
        events = [gateway_event(*make(self._next())) for _ in range(EACH)]
        began, cpu = time.perf_counter(), time.process_time()
        answers = [self._stage.invoke("webhooks", event) for event in events]
        took = time.process_time() - cpu, time.perf_counter() - began
        if any(answer["statusCode"] != 200 for answer in answers):
            raise RuntimeError(f"a webhook was refused: {answers[0]}")  # it would be cheap
        return took

    def _floor(self, make: Callable[[int], tuple[str, bytes, dict[str, str]]]) -> tuple[float, float]:
        bucket, queue = self._stage.names["ARRIVALS_BUCKET"], self._stage.names["ARRIVALS_QUEUE_URL"]
        calls = [(f"webhooks/floor/{self._next()}.json", make(self._number)[1]) for _ in range(EACH)]
        began, cpu = time.perf_counter(), time.process_time()
        for key, body in calls:
            self._s3.put_object(Bucket=bucket, Key=key, Body=body)
            self._sqs.send_message(QueueUrl=queue, MessageBody=f'{{"tanggap": "arrived", "key": "{key}"}}')
        return time.process_time() - cpu, time.perf_counter() - began

    def _next(self) -> int:
        self._number += 1
        return self._number


def telegram(number: int) -> tuple[str, bytes, dict[str, str]]:
    sender = {"id": 1, "is_bot": False, "first_name": "Warga"}
    message = {"message_id": number, "from": sender, "chat": {"id": 1, "type": "private"}, "text": "Lampu jalan mati"}
    body = json.dumps({"update_id": number, "message": message}).encode()
    return "/webhooks/telegram", body, {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}


def whatsapp(number: int) -> tuple[str, bytes, dict[str, str]]:
    message = {"from": "628123456789", "id": f"wamid.{number}", "type": "text", "text": {"body": "Lampu jalan mati"}}
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1"}, "messages": [message]}
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    mac = hmac.new(META_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return "/webhooks/meta", body, {"X-Hub-Signature-256": f"sha256={mac}"}


def gateway_event(path: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """As API Gateway hands it over."""
    given = {"Content-Type": "application/json", "Host": "api.example", "User-Agent": "bench", **headers}
    return {
        "resource": path,
        "path": path,
        "httpMethod": "POST",
        "headers": given,
        "multiValueHeaders": {name: [value] for name, value in given.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "requestContext": {"identity": {"sourceIp": "203.0.113.7"}, "resourcePath": path, "httpMethod": "POST"},
        "body": body.decode(),
        "isBase64Encoded": False,
    }
