"""The webhooks function as it is deployed, on moto: what it leaves in bucket and queue is what intake reads."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tanggap.adapters.channels.forms import place_of
from tanggap.adapters.channels.forms import read as read_form
from tanggap.adapters.mail import notice
from tanggap.adapters.memory_stores import MemoryArrivals
from tanggap.adapters.s3 import S3Arrivals
from tanggap.application.ledger import Count
from tanggap.domain import receipts
from tanggap.domain.errors import Retry
from tanggap.entrypoints import observe
from tanggap.entrypoints.settings import Misconfigured
from tanggap.entrypoints.webhooks.parts import parts
from tests.support.portal import Context
from tests.support.webhooks import SECRETS, Reply, event, signed
from tests.support.world import World, aws, fake_aws

_APP = Path(__file__).parents[2] / "functions" / "webhooks" / "app.py"
BODY = json.dumps({"object": "whatsapp_business_account", "entry": []}).encode()


class Function:
    def __init__(self) -> None:
        for name in ("arrivals", "attachments"):
            aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
        self.queue = aws("sqs").create_queue(QueueName="arrivals")["QueueUrl"]
        self.secret = aws("secretsmanager").create_secret(Name="channels", SecretString=json.dumps(SECRETS))["ARN"]
        spec = importlib.util.spec_from_file_location("webhooks_app", _APP)
        assert spec and spec.loader
        self.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "ARRIVALS_BUCKET": "arrivals",
            "ATTACHMENTS_BUCKET": "attachments",
            "ARRIVALS_QUEUE_URL": self.queue,
            "PUBLIC_URL": "https://lapor.desa-contoh.example",
            "CHANNEL_SECRET": self.secret,
            "OPEN311": "open",
            "POWERTOOLS_SERVICE_NAME": "webhooks",
            "POWERTOOLS_METRICS_NAMESPACE": "Tanggap",
        }

    def call(self, *args: Any, **more: Any) -> Reply:
        return Reply(self.module.handler(event(*args, **more), Context()))

    def objects(self) -> dict[str, bytes]:
        s3 = aws("s3")
        listed = s3.list_objects_v2(Bucket="arrivals").get("Contents", ())
        return {one["Key"]: s3.get_object(Bucket="arrivals", Key=one["Key"])["Body"].read() for one in listed}

    def notices(self) -> list[Any]:
        found = aws("sqs").receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", [])
        return [notice.parse(one["Body"]) for one in found]


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Iterator[Function]:
    with fake_aws():
        made = Function()
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        observe.metrics.namespace = "Tanggap"  # read when it is imported
        observe.metrics.clear_metrics()
        parts.cache_clear()
        yield made
        parts.cache_clear()


def test_a_platforms_body_lies_in_the_bucket_and_its_notice_in_the_queue(function: Function) -> None:
    for _ in range(2):
        answer = function.call("POST", "/webhooks/meta", BODY, {"X-Hub-Signature-256": signed(BODY)})
        assert (answer.status, answer.text) == (200, "")
    key = f"webhooks/meta/{hashlib.sha256(BODY).hexdigest()}.json"
    assert function.objects() == {key: BODY}
    assert function.notices() == [notice.Replay(key, by_officer=False)] * 2


def test_a_forged_one_leaves_nothing_anywhere(function: Function, capsys: pytest.CaptureFixture[str]) -> None:
    assert function.call("POST", "/webhooks/meta", BODY, {"X-Hub-Signature-256": signed(BODY, "x")}).status == 401
    assert function.call("POST", "/webhooks/telegram", BODY, {}).status == 401
    assert not function.objects()
    assert not function.notices()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "WebhooksRejected" in line]
    assert [line["WebhooksRejected"] for line in lines] == [[1.0], [1.0]]


def test_what_a_form_leaves_is_read_as_it_was_said(function: Function) -> None:
    uploads = [
        function.call("POST", "/v1/reports/uploads", json.dumps({"name": "foto.jpg", "type": "image/jpeg", "size": 9}))
    ]
    fields = {
        "text": "Jembatan rusak.",
        "kind": "supervisory_complaint",
        "category": "jalan",
        "place": {"text": "Kali Baru", "latitude": -6.9, "longitude": 107.6},
        "happened_at": "2026-11-20T08:00:00+07:00",
        "anonymous": True,
        "name": "Siti",
        "email": "Siti@Contoh.example",
        "phone": "0812-3456-7890",
        "uploads": [one.json["id"] for one in uploads],
        "idempotency_key": "0123456789abcdef",
    }
    told = [function.call("POST", "/v1/reports", json.dumps(fields)) for _ in range(2)]
    assert told[0].status == told[1].status == 201
    assert told[0].json == told[1].json
    ((key, raw),) = function.objects().items()
    (part,) = read_form(raw, datetime.now(UTC))
    inbound = part.inbound
    assert inbound is not None
    stated = inbound.stated
    assert stated is not None
    assert key == f"webhooks/web/{stated.number}.json"
    assert stated.number == told[0].json["number"]
    assert stated.receipt == receipts.digest(stated.number, told[0].json["code"])
    assert (stated.kind, stated.category, stated.confidentiality) == ("supervisory", "jalan", "anonymous")
    assert (stated.email, stated.phone) == ("siti@contoh.example", "+6281234567890")
    assert [place_of(one)[0] for one in stated.uploads] == [uploads[0].json["fields"]["key"]]
    assert not inbound.doubts


def test_an_open311_request_is_read_as_it_was_said(function: Function) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    body = "service_code=jalan&lat=-6.9&long=107.6&description=Lubang&first_name=Siti&phone=081234567890"
    answer = function.call("POST", "/open311/v2/requests.json", body, form)
    assert answer.status == 201
    ((_, raw),) = function.objects().items()
    (part,) = read_form(raw, datetime.now(UTC))
    assert part.channel == "open311"
    assert part.inbound is not None
    assert part.inbound.stated is not None
    assert part.inbound.stated.number == answer.json[0]["service_request_id"]
    assert not part.inbound.doubts


def test_the_bucket_itself_checks_an_upload(function: Function) -> None:
    asked = json.dumps({"name": "foto.jpg", "type": "image/jpeg", "size": 1234})
    answer = function.call("POST", "/v1/reports/uploads", asked)
    policy = json.loads(base64.b64decode(answer.json["fields"]["policy"]))
    assert ["content-length-range", 1, 1234] in policy["conditions"]
    assert {"Content-Type": "image/jpeg"} in policy["conditions"]
    assert {"bucket": "attachments"} in policy["conditions"]
    assert answer.json["fields"]["key"].startswith("uploads/web/")
    assert answer.json["fields"]["x-amz-algorithm"] == "AWS4-HMAC-SHA256"


def test_a_bucket_that_is_gone_is_told_to_the_platform(function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARRIVALS_BUCKET", "gone")
    parts.cache_clear()
    answer = function.call("POST", "/webhooks/telegram", BODY, {"X-Telegram-Bot-Api-Secret-Token": "telegram-new"})
    assert answer.status == 503
    assert not function.notices()


def test_a_queue_that_is_gone_loses_nothing(function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARRIVALS_QUEUE_URL", "https://sqs.ap-southeast-1.amazonaws.com/123456789012/gone")
    parts.cache_clear()
    answer = function.call("POST", "/webhooks/telegram", BODY, {"X-Telegram-Bot-Api-Secret-Token": "telegram-new"})
    assert answer.status == 200
    assert len(function.objects()) == 1


def test_a_wrong_deployment_is_named_in_the_log_and_not_to_the_caller(
    function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ARRIVALS_BUCKET")
    parts.cache_clear()
    with pytest.raises(Misconfigured, match="ARRIVALS_BUCKET"):
        parts()
    answer = function.call("POST", "/webhooks/meta", BODY, {})
    assert (answer.status, answer.json["error"]["code"]) == (500, "internal")


def test_nothing_of_the_function_loads_a_framework_or_a_table(function: Function) -> None:
    """A cold start pays for what is imported."""
    import subprocess
    import sys

    code = (
        "import sys, tanggap.entrypoints.webhooks.app, tanggap.entrypoints.webhooks.platforms\n"
        "heavy = {'chalice', 'pynamodb', 'boto3', 'botocore.session', 'urllib3', 'email.parser', 'jinja2'}\n"
        "print(sorted(heavy & set(sys.modules)), [m for m in sys.modules if m.startswith('tanggap.application')])"
    )
    environment = {"PYTHONPATH": str(_APP.parents[2] / "layers" / "core"), "PATH": os.environ["PATH"]}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert run.stdout.strip() == "[] []"


@pytest.mark.parametrize("kind", ["memory", "s3"])
def test_what_is_put_as_new_is_put_once(kind: str, function: Function) -> None:
    stored: Any = MemoryArrivals() if kind == "memory" else S3Arrivals(lambda: aws("s3"), "arrivals", lambda: None, "")
    assert stored.put_new("parts/meta/x-0.json", b"first") is True
    assert stored.put_new("parts/meta/x-0.json", b"second") is False
    assert stored.get("parts/meta/x-0.json") == b"first"
    stored.put("parts/meta/x-0.json", b"third")
    assert stored.get("parts/meta/x-0.json") == b"third"


def test_a_bucket_that_does_not_answer_is_no_object_that_is_there(function: Function) -> None:
    with pytest.raises(Retry):
        S3Arrivals(lambda: aws("s3"), "gone", lambda: None, "").put_new("parts/x", b"")


def test_a_stored_webhook_without_an_outcome_is_announced_by_the_ledger(function: Function) -> None:
    """The queue was down when it came: nothing else knows of it."""
    arrivals, ledger = MemoryArrivals(), World("memory").cases
    arrivals.put("webhooks/meta/abc.json", BODY)
    arrivals.put("parts/meta/abc-0.json", BODY)
    report = Count(arrivals, ledger, lambda: datetime(2026, 1, 1, 1, tzinfo=UTC))()
    assert (report.arrivals, report.overdue) == (1, 1)
    assert arrivals.notices == [("webhooks/meta/abc.json", "again")]
