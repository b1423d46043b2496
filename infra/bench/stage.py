"""What the functions need to run in this process: the embedded AWS with the template's tables, and their environment.

No stream, no queue, no schedule: who calls whom and when is the bench's, so that only the measured code runs here.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from infra.bench import calls
from infra.build.template import read
from infra.local.aws import client
from infra.local.emulator import Emulator
from infra.local.places import ACCESS_KEY, REGION, ROOT, SECRET_KEY, Places, clean_environment, free_ports
from infra.local.sample_policy import sample_policy

DOMAIN = "desa-contoh.example"
INTAKE = f"lapor@{DOMAIN}"
CONFIGURATION_SET = "bench"
POLICY: dict[str, Any] = {
    "agency": "Pemerintah Desa Contoh",
    "utc_offset": "+07:00",
    "coordinator": "koordinator@kantor.example",
    "units": [
        {"id": "pu", "name": "Pekerjaan Umum", "head": ["kepala@kantor.example"], "liaisons": ["pu@kantor.example"]}
    ],
}

#: Keys of the platforms whose webhooks are measured; two each, as while one is rotated.
META_SECRET, TELEGRAM_SECRET = "bench-app-secret", "bench-telegram-secret"
SECTIONS = {"meta": {"app_secrets": [META_SECRET, "older"]}, "telegram": {"secrets": [TELEGRAM_SECRET, "older"]}}

Handler = Callable[[dict[str, Any], Any], Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda hands over beside the event."""

    function_name: str
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:ap-southeast-1:000000000000:function:bench"
    aws_request_id: str = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


class Stage:
    """A context manager. `log` is the file that the functions write their log lines to."""

    def __init__(self) -> None:
        self._work = Path(tempfile.mkdtemp(prefix="tanggap-bench-"))
        smtp, http, aws = free_ports(3)
        self.places = Places(smtp, http, aws, work=self._work, state=None)
        self._emulator = Emulator(self.places)
        self._template = read()["Resources"]
        self.log = (self._work / "functions.log").open("w", buffering=1)
        self._handlers: dict[str, Handler] = {}
        self.names: dict[str, str] = {}

    def __enter__(self) -> Stage:
        calls.watch()
        self._emulator.start()
        self._make()
        os.environ.update(self.environment())
        self.put_policy(self.names["CASES_TABLE"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._emulator.stop()
        self.log.close()
        shutil.rmtree(self._work, ignore_errors=True)

    def aws(self, service: str) -> Any:
        return client(service, self.places.aws_endpoint)

    def _make(self) -> None:
        self.aws("sesv2").create_configuration_set(ConfigurationSetName=CONFIGURATION_SET)
        self.aws("sesv2").create_email_identity(EmailIdentity=DOMAIN)
        buckets = {name: f"bench-{name.lower()}" for name in ("arrivals", "attachments")}
        for bucket in buckets.values():
            self.aws("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.names = {
            "CASES_TABLE": self.table("CasesTable", "bench-cases"),
            "VAULT_TABLE": self.table("VaultTable", "bench-vault"),
            "VAULT_KEY": self.aws("kms").create_key()["KeyMetadata"]["KeyId"],
            "LOOKUP_SECRET": self.aws("secretsmanager").create_secret(Name="bench", SecretString="k" * 64)["ARN"],
            "ARRIVALS_BUCKET": buckets["arrivals"],
            "ATTACHMENTS_BUCKET": buckets["attachments"],
            "ARRIVALS_QUEUE_URL": self.aws("sqs").create_queue(QueueName="bench")["QueueUrl"],
            "MEDIA_QUEUE_URL": self.aws("sqs").create_queue(QueueName="bench-media")["QueueUrl"],
            "CHANNEL_SECRET": self.aws("secretsmanager").create_secret(
                Name="bench-channels", SecretString=json.dumps(SECTIONS)
            )["ARN"],
        }

    def table(self, logical_id: str, name: str) -> str:
        """A table as the template declares it, without its stream."""
        properties = self._template[logical_id]["Properties"]
        wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
        self.aws("dynamodb").create_table(TableName=name, **{k: properties[k] for k in wanted if k in properties})
        return name

    def put_policy(self, table_name: str) -> None:
        from tanggap.adapters.dynamodb.table import table
        from tanggap.adapters.policies import StoredPolicies

        StoredPolicies(table(table_name)).store(sample_policy() or POLICY, 1)

    def environment(self) -> dict[str, str]:
        return {
            **self.names,
            "MAIL_DOMAIN": DOMAIN,
            "INTAKE_ADDRESS": INTAKE,
            "CONFIGURATION_SET": CONFIGURATION_SET,
            "SIMULATED_TIME": "allowed",
            "PUBLIC_URL": "http://127.0.0.1",
            "USER_POOL": "none",
            "USER_POOL_CLIENT": "none",
            "RULE_SET": "none",
            **function_environment(),
            "AWS_ENDPOINT_URL": self.places.aws_endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        }

    # -- the functions

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """Call a function's own handler, as Lambda would."""
        handler = self._handlers.get(function) or self._load(function)
        with redirect_stdout(self.log):
            return handler(event, Context(function))

    def prepare(self, *functions: str) -> None:
        for function in functions:
            self._handlers.get(function) or self._load(function)

    def _load(self, function: str) -> Handler:
        spec = importlib.util.spec_from_file_location(f"bench_{function}", ROOT / "functions" / function / "app.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError(f"functions/{function}/app.py")
        module = importlib.util.module_from_spec(spec)
        with redirect_stdout(self.log):  # the logger keeps the stream of its birth
            spec.loader.exec_module(module)
        self._handlers[function] = module.handler
        return self._handlers[function]

    def forget_services(self) -> None:
        """The next call reads the environment again."""
        from tanggap.entrypoints.composition import services

        services.cache_clear()

    def store(self, key: str, body: bytes) -> None:
        self.aws("s3").put_object(Bucket=self.names["ARRIVALS_BUCKET"], Key=key, Body=body)

    def wake(self, row: dict[str, Any]) -> dict[str, Any]:
        """An outbox row that waits for an office hour, woken as the sweep would at that hour."""
        if "wake" in row:
            return row
        answer = self.aws("dynamodb").update_item(
            TableName=self.names["CASES_TABLE"],
            Key={"pk": row["pk"], "sk": row["sk"]},
            UpdateExpression="SET wake = :now",
            ExpressionAttributeValues={":now": row["due_at"]},
            ReturnValues="ALL_NEW",
        )
        return dict(answer["Attributes"])

    def logged(self) -> int:
        """Bytes of log lines so far."""
        self.log.flush()
        return self.log.tell()


def function_environment() -> dict[str, str]:
    """What the template gives to every function, and Lambda itself."""
    return {
        "LOG_LEVEL": "INFO",
        "POWERTOOLS_SERVICE_NAME": "bench",
        "POWERTOOLS_METRICS_NAMESPACE": "Tanggap",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    }


def child_environment(**more: str) -> dict[str, str]:
    """For a fresh process that stands for a fresh function."""
    return {**clean_environment(), **function_environment(), **more}
