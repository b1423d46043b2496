"""What came of it: acknowledgements as they leave, rows of the ledger in the end."""

from __future__ import annotations

import json
import re
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.aws import client
from infra.local.outbox import Outbox
from infra.local.places import Places
from tanggap.application.ledger import OUTCOMES

CHATS = ("telegram", "whatsapp")
_REPORT = re.compile(r"^REPORT RequestId: \S+\tDuration: ([\d.]+) ms")


class Answers:
    """`times`: by channel and person, when SES or a platform took each message of ours to them."""

    def __init__(self, places: Places, ready: dict[str, Any]) -> None:
        self._outbox = Outbox(places.outbox)
        self._last = max(self._outbox.names(), default="")
        self._double = ready["providers"]["url"]
        self._seen: dict[str, int] = {}
        self.times: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._chats(first=True)

    def look(self, chats: bool) -> None:
        for name in self._outbox.names(self._last):
            mail = self._outbox.read(name)
            if mail is None:
                break  # its envelope is there before its text
            self._last = name
            for address in mail.destinations:
                self.times["email", address].append(mail.at)
        if chats:
            self._chats()

    def _chats(self, first: bool = False) -> None:
        """The double remembers the newest 20,000 of all channels: far more than a run."""
        for channel in CHATS:
            with urllib.request.urlopen(f"{self._double}/_sent?channel={channel}", timeout=10) as answer:  # nosec B310 # ours
                sent = json.loads(answer.read())["sent"]
            known, self._seen[channel] = self._seen.get(channel, 0), len(sent)
            for one in () if first else sent[known:]:
                self.times[channel, str(one["to"])].append(float(one["at"]))


def ledger_rows(ready: dict[str, Any], began: float) -> Iterator[tuple[str, str, str]]:
    """(outcome, channel, external id) of what was written since; the days of a run that crosses midnight included."""
    table, dynamodb = ready["outputs"]["CasesTable"], client("dynamodb", ready["aws_endpoint"])
    since = datetime.fromtimestamp(began, UTC) - timedelta(seconds=1.5)  # a chat's own time has no fractions
    days = sorted({at.strftime("%Y-%m-%d") for at in (since, datetime.now(UTC))})
    for day in days:
        for outcome in OUTCOMES:
            pages = dynamodb.get_paginator("query").paginate(
                TableName=table,
                IndexName="ref",
                KeyConditionExpression="#ref = :ref AND ref_order >= :since",
                ExpressionAttributeNames={"#ref": "ref", "#data": "data"},
                ExpressionAttributeValues={
                    ":ref": {"S": f"DAY#{day}#{outcome}"},
                    ":since": {"S": since.strftime("%Y-%m-%dT%H:%M:%S")},
                },
                ProjectionExpression="#data",
            )
            for page in pages:
                for row in page["Items"]:
                    raw = json.loads(row["data"]["S"])
                    yield outcome, raw["channel"], raw["external_id"].strip("<> ")


def runs_of(ready: dict[str, Any], function: str, since: float) -> list[float]:
    """Milliseconds of each run of a function, as Lambda's REPORT lines have them."""
    lines = _lines(ready, function, "REPORT", since)
    return [float(hit[1]) for line in lines if (hit := _REPORT.match(line))]


def readings(ready: dict[str, Any], since: float) -> Counter[tuple[str, str]]:
    """How often intake read each message to its end: by arrival, and its place in it."""
    found = (json.loads(line) for line in _lines(ready, "intake", "arrival_read", since))
    return Counter((one["arrival"], one.get("index", "0")) for one in found)


def _lines(ready: dict[str, Any], function: str, holding: str, since: float) -> Iterator[str]:
    logs = client("logs", ready["aws_endpoint"])
    group = f"/aws/lambda/{ready['stack']}-{function}"
    request: dict[str, Any] = {"logGroupName": group, "startTime": int(since * 1000), "filterPattern": holding}
    while True:
        answer = logs.filter_log_events(**request)
        yield from (event["message"] for event in answer["events"])
        if not answer.get("nextToken"):
            return
        request["nextToken"] = answer["nextToken"]


def waiting_notices(ready: dict[str, Any]) -> tuple[int, int]:
    """Of the arrivals queue: what waits, what is being read."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = client("sqs", ready["aws_endpoint"]).get_queue_attributes(
        QueueUrl=ready["outputs"]["ArrivalsQueueUrl"], AttributeNames=names
    )["Attributes"]
    return int(found[names[0]]), int(found[names[1]])
