"""A desk for the operator's commands: a World's tables on moto, with buckets, queues and secrets, and their names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tanggap.application.receive import Raw
from tanggap.domain.case import Change
from tanggap.domain.words import Channel, Confidentiality, Reason
from tests.support.world import DOMAIN, INTAKE, KEYS, START, World, aws, fake_aws

NAME = "desk"
_REGION = {"CreateBucketConfiguration": {"LocationConstraint": "ap-southeast-1"}}


class Desk:
    def __init__(self, folder: Path) -> None:
        self.world = World("dynamodb")
        table, vault = self.world.cases.row.Meta.table_name, self.world.vault.row.Meta.table_name
        self.arrivals, self.anchors = f"arrivals-{table}", f"anchors-{table}"
        aws("s3").create_bucket(Bucket=self.arrivals, **_REGION)
        aws("s3").create_bucket(Bucket=self.anchors, ObjectLockEnabledForBucket=True, **_REGION)
        self.dead = self._queue("dead")
        redrive = json.dumps({"deadLetterTargetArn": self._arn(self.dead), "maxReceiveCount": "5"})
        self.queue = self._queue("arrivals", RedrivePolicy=redrive)
        self.media = self._queue("media", RedrivePolicy=redrive)
        self.failures = self._queue("failures")
        keys = {"keys": {name: key.decode() for name, key in KEYS.items()}}
        self.lookup, self.channel = self._secret("lookup", keys), self._secret("channel", {})
        outputs: dict[str, str] = {
            "CasesTable": table,
            "VaultTable": vault,
            "VaultKey": self.world.vault._key,
            "ArrivalsBucket": self.arrivals,
            "AttachmentsBucket": self.world.files.bucket,
            "AnchorsBucket": self.anchors,
            "ArrivalsQueueUrl": self.queue,
            "MediaQueueUrl": self.media,
            "ArrivalsDeadLetterQueueUrl": self.dead,
            "FailuresQueueUrl": self.failures,
            "IntakeAddress": INTAKE,
            "MailDomain": DOMAIN,
            "LookupSecret": self.lookup,
            "ChannelSecret": self.channel,
        }
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "outputs.json"
        self.file.write_text(json.dumps({"StackName": NAME, **outputs}))
        self.where = ("--outputs", str(self.file))

    def _queue(self, name: str, **attributes: str) -> str:
        made: str = aws("sqs").create_queue(QueueName=f"{NAME}-{name}", Attributes=attributes)["QueueUrl"]
        return made

    def _arn(self, url: str) -> str:
        found: str = aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
            "QueueArn"
        ]
        return found

    def _secret(self, name: str, content: Any) -> str:
        made: str = aws("secretsmanager").create_secret(Name=name, SecretString=json.dumps(content))["ARN"]
        return made

    def secret(self, which: str) -> Any:
        return json.loads(aws("secretsmanager").get_secret_value(SecretId=which)["SecretString"])

    def put(self, queue: str, body: Any, **attributes: str) -> None:
        said = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
        text = body if isinstance(body, str) else json.dumps(body)
        aws("sqs").send_message(QueueUrl=queue, MessageBody=text, MessageAttributes=said)

    def bodies(self, queue: str) -> list[str]:
        """What is visible now, taken."""
        found: list[str] = []
        while got := aws("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", ()):
            found += [one["Body"] for one in got]
        return sorted(found)

    def parked(self, key: str, reason: Reason = Reason.UNREADABLE) -> None:
        aws("s3").put_object(Bucket=self.arrivals, Key=key, Body=b"raw")
        self.world.receive(Raw(key, Channel.EMAIL, self.world.now, 10, None, reason))


def hold(world: World, number: str, level: Confidentiality) -> None:
    """A case is so confidential from now on."""
    case = world.cases.case(number)
    held = replace(case, confidentiality=level, version=case.version + 1)
    world.cases.commit(Change(case=held, expected=case.version))


@contextmanager
def running_desk(folder: Path, at: datetime = START) -> Iterator[Desk]:
    """On a mocked AWS, where it is so late."""
    with fake_aws():
        found = Desk(folder)
        found.world.now = at
        yield found
