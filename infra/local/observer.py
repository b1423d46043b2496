"""Watches what the functions log: prints one line an event, and turns embedded metrics into metrics so that alarms
live.

The embedded AWS makes no metrics of logs, and none of queues. Both come from here by public calls only.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws import client
from infra.local.places import STACK, Places

_EVERY = 1.0  # seconds between looks
_OVERLAP = 3_000  # milliseconds looked at again: lines are stored after the moment that they carry
_GROUPS_EVERY = 30.0
_DEPTHS_EVERY = 15.0

#: What every line of ours has. The rest is facts: ids, counts and words of closed lists, never texts or addresses.
_PLAIN = frozenset({
    "level", "location", "message", "timestamp", "service", "sampling_rate", "xray_trace_id", "cold_start",
    "function_name", "function_memory_size", "function_arn", "function_request_id", "exception", "exception_name",
    "code",
    "stack_trace", "correlation_id",
})  # fmt: skip
_LONGEST_FACT = 60

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Point:
    """One value of one metric."""

    namespace: str
    name: str
    unit: str
    value: float
    dimensions: tuple[tuple[str, str], ...]


class Observer:
    def __init__(self, places: Places, tell: Tell) -> None:
        self._endpoint = places.aws_endpoint
        self._tell = tell
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="observer", daemon=True)
        self._groups: list[str] = []
        self._since: dict[str, int] = {}
        self._seen: dict[tuple[str, int, str, int], int] = {}  # what was told already -> its time, for the overlap
        self._next_groups = self._next_depths = 0.0
        self._started = int(time.time() * 1000)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(5)

    def _watch(self) -> None:
        while not self._stop.wait(_EVERY):
            try:
                self.look()
            except (BotoCoreError, ClientError):
                if self._stop.wait(_EVERY):
                    return

    def look(self) -> None:
        """One round over every group."""
        now = time.monotonic()
        if now >= self._next_groups:
            self._next_groups = now + (_GROUPS_EVERY if self._groups else 1.0)
            found = client("logs", self._endpoint).describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{STACK}-")
            self._groups = [group["logGroupName"] for group in found["logGroups"]]
        points: list[Point] = []
        for group in self._groups:
            for line in self._lines(group):
                points.extend(points_of(line))
                text = line_of(line)
                if text:
                    self._tell(text)
        if now >= self._next_depths:
            self._next_depths = now + _DEPTHS_EVERY
            points.extend(self._depths())
        self._put(points)

    def _lines(self, group: str) -> Iterator[dict[str, Any]]:
        logs = client("logs", self._endpoint)
        since = self._since.get(group, self._started)
        request: dict[str, Any] = {"logGroupName": group, "startTime": max(0, since - _OVERLAP)}
        newest = since
        same: Counter[tuple[str, int, str]] = Counter()
        while True:
            answer = logs.filter_log_events(**request)
            for event in answer["events"]:
                newest = max(newest, event["timestamp"])
                what = (event["logStreamName"], event["timestamp"], event["message"])
                same[what] += 1
                key = (*what, same[what])  # events have no id here
                if key in self._seen or event["timestamp"] < self._started:
                    continue
                self._seen[key] = event["timestamp"]
                for text in event["message"].splitlines():
                    line = _parsed(text)
                    if line is not None:
                        yield line
            if not answer.get("nextToken"):
                break
            request["nextToken"] = answer["nextToken"]
        self._since[group] = newest
        if len(self._seen) > 20_000:
            oldest = min(self._since.values()) - 2 * _OVERLAP
            self._seen = {key: at for key, at in self._seen.items() if at >= oldest}

    def _depths(self) -> Iterator[Point]:
        """How many messages lie in the dead-letter and failure queues; alarms here don't look at dimensions, so no
        others.
        """
        sqs = client("sqs", self._endpoint)
        for url in sqs.list_queues(QueueNamePrefix=STACK).get("QueueUrls", ()):
            name = url.rpartition("/")[2]
            if "DeadLetter" in name or "Failures" in name:
                attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])[
                    "Attributes"
                ]
                value = float(attributes["ApproximateNumberOfMessages"])
                yield Point("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Count", value, (("QueueName", name),))

    def _put(self, points: list[Point]) -> None:
        cloudwatch = client("cloudwatch", self._endpoint)
        for namespace in {point.namespace for point in points}:
            data = [
                {
                    "MetricName": point.name,
                    "Value": point.value,
                    "Unit": point.unit,
                    "Dimensions": [{"Name": name, "Value": value} for name, value in point.dimensions],
                }
                for point in points
                if point.namespace == namespace
            ]
            for start in range(0, len(data), 500):
                cloudwatch.put_metric_data(Namespace=namespace, MetricData=data[start : start + 500])


def _parsed(text: str) -> dict[str, Any] | None:
    if not text.startswith("{"):
        return None
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def points_of(line: dict[str, Any]) -> Iterator[Point]:
    """The metrics embedded in a log line (CloudWatch's embedded metric format)."""
    for directive in line.get("_aws", {}).get("CloudWatchMetrics", ()):
        for names in directive.get("Dimensions", [[]]):
            dimensions = tuple((name, str(line.get(name, ""))) for name in names)
            for metric in directive.get("Metrics", ()):
                values = line.get(metric["Name"])
                for value in values if isinstance(values, list) else [values]:
                    if isinstance(value, int | float):
                        yield Point(
                            directive["Namespace"], metric["Name"], metric.get("Unit", "None"), float(value), dimensions
                        )


def line_of(line: dict[str, Any]) -> str | None:
    """One line for the terminal, or None for what isn't an event of ours."""
    if "_aws" in line or "message" not in line or "level" not in line or line["level"] == "DEBUG":
        return None
    facts = " ".join(
        f"{name}={str(value)[:_LONGEST_FACT]}"
        for name, value in line.items()
        if name not in _PLAIN and isinstance(value, str | int | float | bool)
    )
    level = "" if line["level"] == "INFO" else f"{line['level']} "
    error = f" ({line['exception_name']})" if line.get("exception_name") else ""
    at = datetime.now(UTC).astimezone().strftime("%H:%M:%S")
    return f"{at}  {line.get('service', '?')!s:<9} {level}{line['message']}{error}{'  ' + facts if facts else ''}"
