"""The portal's own function on moto: its handler, composed by environment variables as when deployed. A World beside it
plays the citizens on the same tables."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tanggap.domain.permissions import Officer
from tests.support.events import api_event, claims_of
from tests.support.functions import composed
from tests.support.world import DOMAIN, INTAKE, KEYS, World, aws, fake_aws

_APP = Path(__file__).parents[2] / "functions" / "portal" / "app.py"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        return str(self.body["error"]["code"])

    @property
    def message(self) -> str:
        return str(self.body["error"]["message"])


class Context:
    """What the powertools read of Lambda's context."""

    function_name = "portal"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:ap-southeast-1:123456789012:function:portal"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 25_000


class Portal:
    def __init__(self) -> None:
        self.world = World("dynamodb")
        self.world.now = datetime.now(UTC)
        self.arrivals_bucket = f"arrivals-{self.world.cases.row.Meta.table_name}"
        aws("s3").create_bucket(
            Bucket=self.arrivals_bucket, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"}
        )
        self.queue = aws("sqs").create_queue(QueueName=self.arrivals_bucket)["QueueUrl"]
        keys = {"keys": {name: key.decode() for name, key in KEYS.items()}}
        secret = aws("secretsmanager").create_secret(Name=self.arrivals_bucket, SecretString=json.dumps(keys))
        self.environment = {
            "CASES_TABLE": self.world.cases.row.Meta.table_name,
            "VAULT_TABLE": self.world.vault.row.Meta.table_name,
            "VAULT_KEY": self.world.vault._key,
            "LOOKUP_SECRET": secret["ARN"],
            "ARRIVALS_BUCKET": self.arrivals_bucket,
            "ATTACHMENTS_BUCKET": self.world.files.bucket,
            "ARRIVALS_QUEUE_URL": self.queue,
            "MAIL_DOMAIN": DOMAIN,
            "INTAKE_ADDRESS": INTAKE,
            "PUBLIC_URL": "https://lapor.desa-contoh.example",
            "USER_POOL": "ap-southeast-1_a1B2c3D4e",
            "USER_POOL_CLIENT": "4k2j3h4g5f6d7s8a9q0w1e2r3t",
            "POWERTOOLS_SERVICE_NAME": "portal",
            "POWERTOOLS_METRICS_NAMESPACE": "Tanggap",
        }
        spec = importlib.util.spec_from_file_location("portal_app", _APP)
        assert spec and spec.loader
        self.function = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.function)

    def send(self, event: dict[str, Any]) -> Answer:
        found = self.function.handler(event, Context())
        self._check(event, found)
        read = json.loads if found["headers"]["Content-Type"].startswith("application/json") else str
        return Answer(found["statusCode"], read(found["body"]), found["headers"])

    @staticmethod
    def _check(event: dict[str, Any], found: dict[str, Any]) -> None:
        """Whatever any test sees is as the published description says; a failure of ours is no promise."""
        from tests.support import described

        if found["statusCode"] != 500:
            path = event.get("path") or ""
            described.check(event.get("httpMethod") or "", path, found["statusCode"], found["headers"], found["body"])

    def call(self, officer: Officer | None, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        claims = claims_of(officer) if officer else None
        return self.send(api_event(method, path, claims=claims, body=body, **more))

    def get(self, officer: Officer | None, path: str, /, **query: str) -> Answer:
        return self.call(officer, "GET", path, query=query)

    def post(self, officer: Officer | None, path: str, /, **body: Any) -> Answer:
        return self.call(officer, "POST", path, body)

    def notices(self) -> list[dict[str, Any]]:
        """What was put on the arrivals queue, taken off it."""
        sqs = aws("sqs")
        found = sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", [])
        for one in found:
            sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=one["ReceiptHandle"])
        return [json.loads(one["Body"]) for one in found]


@contextmanager
def running_portal(**more: str) -> Iterator[Portal]:
    """`more`: further variables of its environment."""
    with fake_aws():
        portal = Portal()
        portal.environment |= more
        with composed(portal.environment):
            yield portal
