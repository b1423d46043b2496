"""What 1,000 cases and an idle month cost, from metered calls, bytes and CPU. USD, ap-southeast-1, November 2026.

Left out: the free tier of a new account, taxes, WhatsApp. Always-free allowances count only where a line says so.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.bench.calls import Call
from infra.bench.story import Invocation, Story
from infra.build.template import decided, read
from infra.watch.alarms import alarms

#: Unit prices by name. `~`: not found on a price list, taken as is usual; the last digit may be wrong.
PRICES: dict[str, float] = {
    "lambda_gb_second": 0.0000133334,
    "lambda_request": 0.20e-6,
    "dynamodb_write": 0.71e-6,
    "dynamodb_read": 0.1425e-6,
    "dynamodb_gb_month": 0.285,  # ~
    "recovery_gb_month": 0.228,  # ~
    "s3_put": 0.005e-3,
    "s3_get": 0.004e-4,
    "s3_gb_month": 0.025,
    "ses_in": 0.0001,
    "ses_in_chunk": 0.00009,
    "ses_out": 0.00016,
    "sns_publish": 0.50e-6,  # ~
    "sqs_request": 0.40e-6,  # ~
    "kms_request": 0.03e-4,  # ~
    "kms_key": 1.00,
    "secret": 0.40,
    "api_request": 4.25e-6,  # ~
    "log_gb": 0.70,
    "egress_gb": 0.120,
    "trace": 5.00e-6,  # ~
    "alarm": 0.10,
    "dashboard": 3.00,
}
FREE_ALARMS, FREE_DASHBOARDS, FREE_TRACES, FREE_QUEUE_REQUESTS = 10, 3, 100_000, 1_000_000
GB = 1e9
CHUNK = 256 * 1024  # bytes; only whole chunks count
FULL_CORE_MB = 1769  # memory that comes with one whole processor
#: Seconds that a function waits for an answer within the region. An assumption: there is no AWS here to ask.
WAIT = {"sesv2": 0.08, "kms": 0.008, "s3": 0.03}
WAIT_ELSE = 0.008
#: Share of invocations that start cold, and the CPU seconds of such a start beyond the handler's imports (the
#: interpreter, the first clients).
COLD_SHARE, COLD_MORE = 0.08, 0.4
#: Bytes that Lambda writes to the log around each run; that API Gateway writes for each request.
LAMBDA_LINES, API_LINE = 330, 250
MINUTES_A_MONTH = 43_800
QUEUE_POLLS = 648_000  # a month: five pollers, each waiting 20 s at a queue with nothing in it

Line = tuple[str, float, float]
#: Steps of a story that every new case has.
FIRST = ("new case", "new case: letter", "new case: delivered")


@dataclass(frozen=True, slots=True)
class Units:
    """DynamoDB's request units, and the bytes that stay."""

    writes: float = 0.0
    reads: float = 0.0
    stored: int = 0


@dataclass(frozen=True, slots=True)
class Metered:
    """One run of a function in what AWS bills: seconds (`cpu` of a whole processor, `waiting` for answers), bytes,
    calls by operation (`sesv2 SendEmail`), DynamoDB's units. `reads_of_indexes`: the part of `reads` that indexes took.
    """

    step: str
    function: str
    cpu: float
    waiting: float
    logged: int
    answered: int
    calls: Mapping[str, int]
    writes: float
    reads: float
    reads_of_indexes: float
    stored: int
    put_bytes: int
    largest_put: int

    def count(self, *operations: str) -> int:
        return sum(self.calls.get(operation, 0) for operation in operations)


class Meter:
    """Counts as AWS bills: by the template's indexes and memory sizes."""

    def __init__(self, import_cpu: Mapping[str, float]) -> None:
        resources: dict[str, Any] = read()["Resources"]
        self.resources = resources
        self._import_cpu = import_cpu
        indexes = resources["CasesTable"]["Properties"]["GlobalSecondaryIndexes"]
        self._indexes = {
            index["KeySchema"][1]["AttributeName"]: index["Projection"]["ProjectionType"] == "ALL" for index in indexes
        }
        self._places = {
            index["KeySchema"][1]["AttributeName"]: (index["IndexName"], index["KeySchema"][0]["AttributeName"])
            for index in indexes
        }

    def memory(self, function: str) -> int:
        return int(self.resources[f"{function.capitalize()}Function"]["Properties"]["MemorySize"])

    def core(self, function: str) -> float:
        """The share of a processor that comes with its memory."""
        return min(1.0, self.memory(function) / FULL_CORE_MB)

    def seconds(self, one: Metered) -> float:
        """Of a warm run, as it is billed."""
        return math.ceil(1000 * (one.cpu / self.core(one.function) + one.waiting)) / 1000

    def cold_seconds(self, function: str) -> float:
        """What a cold start adds."""
        return (self._import_cpu.get(function, 0.2) + COLD_MORE) / self.core(function)

    def gb_seconds(self, one: Metered) -> float:
        return self.memory(one.function) / 1024 * (self.seconds(one) + COLD_SHARE * self.cold_seconds(one.function))

    def metered(self, one: Invocation) -> Metered:
        calls = real(one.calls)
        units, puts = self.units(calls), [len(c.params["Body"]) for c in calls if c.operation == "PutObject"]
        return Metered(
            step=one.step,
            function=one.function,
            cpu=one.cpu,
            waiting=sum(WAIT.get(call.service, WAIT_ELSE) for call in calls),
            logged=one.logged,
            answered=one.answered,
            calls=dict(Counter(f"{call.service} {call.operation}" for call in calls)),
            writes=units.writes,
            reads=units.reads,
            reads_of_indexes=self.units(call for call in calls if "IndexName" in call.params).reads,
            stored=units.stored,
            put_bytes=sum(puts),
            largest_put=max(puts, default=0),
        )

    def units(self, calls: Iterable[Call]) -> Units:
        writes = reads = 0.0
        stored = 0
        for call in calls:
            if call.service != "dynamodb":
                continue
            params, answer = call.params, call.answer
            writes += sum(units for _, _, units in self.written(call))
            if call.operation == "TransactWriteItems":
                items = [action["Put"]["Item"] for action in params["TransactItems"]]
                stored += sum(0 if _again(item) else self._bytes(item) for item in items)
            elif call.operation == "GetItem":
                reads += quarters(size(answer.get("Item", {}))) * (1 if params.get("ConsistentRead") else 0.5)
            elif call.operation == "Query":
                read = sum(size(item) for item in answer.get("Items", ()))
                reads += quarters(read) * (1 if params.get("ConsistentRead") else 0.5)
            elif call.operation not in ("PutItem", "UpdateItem"):
                reads += 0.5
        return Units(writes, reads, stored)

    def written(self, call: Call) -> Iterator[tuple[str, str, float]]:
        """(table or index, its partition key, write units) of one call."""
        params = call.params
        if call.operation == "TransactWriteItems":
            for action in params["TransactItems"]:
                item, table = action["Put"]["Item"], action["Put"]["TableName"]
                yield table, item["pk"]["S"], 2 * kilobytes(item)
                yield from self._indexed(item, 2 if _again(item) else 1)
        elif call.operation == "PutItem":
            yield params["TableName"], params["Item"]["pk"]["S"], kilobytes(params["Item"])
            yield from self._indexed(params["Item"], 1)
        elif call.operation == "UpdateItem":
            item = call.answer.get("Attributes", {})
            yield params["TableName"], params["Key"]["pk"]["S"], kilobytes(item)
            yield from self._indexed(item, 1)
            # the due index loses its entry, or moves it
            yield "due", item.get("due_shard", {}).get("S", "O#-"), 1

    def _indexed(self, item: Mapping[str, Any], times: int) -> Iterator[tuple[str, str, float]]:
        for key, whole in self._indexes.items():
            if key in item:
                index, attribute = self._places[key]
                yield index, item[attribute]["S"], times * (kilobytes(item) if whole else 1)

    def _bytes(self, item: Mapping[str, Any]) -> int:
        copies = sum(whole for key, whole in self._indexes.items() if key in item)
        return size(item) * (1 + copies)


def told(story: Story, meter: Meter) -> tuple[list[Metered], tuple[int, ...]]:
    """A story as it is billed: its runs, and the bytes of its mails."""
    return [meter.metered(one) for one in story.invocations], story.mail_bytes


def per_1000_cases(runs: Sequence[Metered], mail_bytes: Sequence[int], meter: Meter) -> list[Line]:
    """(what, quantity, USD) for a thousand stories."""

    def count(operation: str) -> int:
        return sum(one.count(operation) for one in runs)

    api = [one for one in runs if one.function == "portal"]
    notices = [one for one in runs if one.function == "intake"]
    swept = [one for one in runs if one.function == "escalate"]  # their runs are paid for by the idle month
    paid = [one for one in runs if one.function != "escalate"]
    photo = max((one.largest_put for one in runs), default=0)
    kept = sum(mail_bytes) + sum(one.put_bytes for one in runs)
    logged = sum(one.logged + LAMBDA_LINES for one in paid) + len(api) * API_LINE
    reads = sum(one.reads for one in runs) - sum(one.reads_of_indexes for one in swept)
    lines: list[tuple[str, float, str]] = [
        ("mails in", len(mail_bytes), "ses_in"),
        ("mails in, chunks of 256 kB", sum(size // CHUNK for size in mail_bytes), "ses_in_chunk"),
        ("letters out", count("sesv2 SendEmail"), "ses_out"),
        ("GB-seconds", sum(meter.gb_seconds(one) for one in paid), "lambda_gb_second"),
        ("runs of functions", len(paid), "lambda_request"),
        ("traces (each run, as Tracing: Active has it)", len(paid), "trace"),
        ("DynamoDB writes", sum(one.writes for one in runs), "dynamodb_write"),
        ("DynamoDB reads", reads, "dynamodb_read"),
        ("DynamoDB GB, first month", sum(one.stored for one in runs) / GB, "dynamodb_gb_month"),
        ("... and of point-in-time recovery", sum(one.stored for one in runs) / GB, "recovery_gb_month"),
        ("S3 puts", count("s3 PutObject") + len(mail_bytes), "s3_put"),
        ("S3 gets, and the officer's of the photo", count("s3 GetObject") + 1, "s3_get"),
        ("S3 GB, first month", kept / GB, "s3_gb_month"),
        ("KMS requests", count("kms Encrypt") + count("kms Decrypt"), "kms_request"),
        ("SNS notices", len(notices), "sns_publish"),
        ("SQS requests (send, receive, delete)", 3 * len(notices), "sqs_request"),
        ("API requests", len(api), "api_request"),
        ("GB of logs", logged / GB, "log_gb"),
        ("GB to officers (answers, the photo once)", (sum(one.answered for one in api) + photo) / GB, "egress_gb"),
    ]
    return [(what, 1000 * quantity, 1000 * quantity * PRICES[price]) for what, quantity, price in lines]


def idle_month(
    idle: Mapping[str, Metered], first: Sequence[Metered], meter: Meter, given: Mapping[str, str] | None = None
) -> list[Line]:
    """(what, quantity, USD) of a month in which nobody writes. `first`: the runs of a new case, its letter and that
    letter's delivery, which the canary causes. `given`: parameters that are not at their defaults."""
    whole = decided(read(), given)
    standing: dict[str, Any] = whole["Resources"]
    kinds = [resource["Type"] for resource in standing.values()]
    looked_at = sum(len(alarm.metrics) for alarm in alarms({"Resources": standing}).values())
    runs = {function: scheduled(meter.resources, function) for function in idle}
    total = sum(runs.values())

    def all_of(each: Callable[[Metered], float]) -> float:
        return sum(runs[name] * each(one) for name, one in idle.items())

    lines: list[tuple[str, float, str]] = [
        ("KMS keys", kinds.count("AWS::KMS::Key"), "kms_key"),
        ("secrets", kinds.count("AWS::SecretsManager::Secret"), "secret"),
        (f"metrics that alarms look at, over {FREE_ALARMS}", max(0, looked_at - FREE_ALARMS), "alarm"),
        (
            f"dashboards over {FREE_DASHBOARDS}",
            max(0, kinds.count("AWS::CloudWatch::Dashboard") - FREE_DASHBOARDS),
            "dashboard",
        ),
        ("scheduled runs", total, "lambda_request"),
        ("their GB-seconds", all_of(meter.gb_seconds), "lambda_gb_second"),
        (f"their traces over {FREE_TRACES}", max(0, total - FREE_TRACES), "trace"),
        ("their DynamoDB reads", all_of(lambda one: one.reads), "dynamodb_read"),
        ("their DynamoDB writes", all_of(lambda one: one.writes), "dynamodb_write"),
        ("their S3 listings", all_of(lambda one: one.count("s3 ListObjectsV2")), "s3_put"),
        ("their GB of logs", all_of(lambda one: one.logged + LAMBDA_LINES) / GB, "log_gb"),
        (
            f"polls of queues over {FREE_QUEUE_REQUESTS}",
            max(0, QUEUE_POLLS * len(_polled(standing)) - FREE_QUEUE_REQUESTS),
            "sqs_request",
        ),
    ]
    minutes = int(whole["Parameters"]["CanaryMinutes"]["Default"])
    return [
        *((what, quantity, quantity * PRICES[price]) for what, quantity, price in lines),
        *canary_month(first, meter, minutes),
    ]


#: Requests of a canary round to the API: the form, and looking how it stands. Seconds of its runs that write or judge,
#: and of one that reads a row and ends (assumed; a cold start is paid for as everybody's).
CANARY_REQUESTS, CANARY_ROUND_SECONDS, CANARY_LOOK_SECONDS = 3, 3.0, 0.05


def canary_month(first: Sequence[Metered], meter: Meter, minutes: int) -> list[Line]:
    """A round: a case by mail and one by form, the letters to both, which leave, are reported as delivered, and come
    back to be read: three mails out, three in."""
    new, letter, event = first
    rounds, calls = MINUTES_A_MONTH / minutes, scheduled(meter.resources, "canary")
    lines = per_1000_cases([new, letter, event, event] * 2, [2_000] * 3, meter)
    free = ("first month", "traces", "point-in-time")  # its cases are few, and traces below what is always free
    each = sum(usd for what, _, usd in lines if not any(word in what for word in free)) / 1_000
    each += PRICES["ses_out"] + CANARY_REQUESTS * PRICES["api_request"]
    gigabytes = meter.memory("canary") / 1024
    each += CANARY_ROUND_SECONDS * gigabytes * PRICES["lambda_gb_second"]
    look = (CANARY_LOOK_SECONDS + COLD_SHARE * meter.cold_seconds("canary")) * gigabytes * PRICES["lambda_gb_second"]
    look += PRICES["lambda_request"] + PRICES["dynamodb_read"] + LAMBDA_LINES / GB * PRICES["log_gb"]
    return [
        (f"canary each {minutes} minutes: 3 mails in, 3 out, a form", rounds, rounds * each),
        ("... and its looks whether it was answered", calls, calls * look),
    ]


def scheduled(resources: Mapping[str, Any], function: str) -> float:
    """Runs a month, by the template's schedules."""
    name = f"{function.capitalize()}Function"
    events = resources[name]["Properties"].get("Events", {}).values()
    rates = [event["Properties"]["Schedule"] for event in events if event["Type"] == "Schedule"]
    schedules = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::Scheduler::Schedule"]
    crons = [one["ScheduleExpression"] for one in schedules if one["Target"]["Arn"]["Fn::GetAtt"][0] == name]
    # EventBridge Scheduler's first 14 million a month are free.
    return sum(MINUTES_A_MONTH / _minutes(rate) for rate in rates) + sum(map(_by_cron, crons)) * MINUTES_A_MONTH / 1440


def _minutes(rate: str) -> float:
    found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", rate)
    if found is None:
        raise ValueError(f"a schedule that is no rate: {rate}")
    return int(found[1]) * {"minute": 1, "hour": 60, "day": 1440}[found[2]]


def _by_cron(expression: str) -> int:
    """Runs a day of the one shape that the template has."""
    found = re.fullmatch(r"cron\(0/(\d+) (\d+)-(\d+) \* \* \? \*\)", expression)
    if found is None:
        raise ValueError(f"a schedule of another shape: {expression}")
    every, first, last = map(int, found.groups())
    return 60 // every * (last - first + 1)


def _polled(resources: Mapping[str, Any]) -> list[str]:
    return [
        name
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function"
        and any(
            event["Type"] == "SQS" and event["Properties"].get("Enabled", True)
            for event in resource["Properties"].get("Events", {}).values()
        )
    ]


def real(calls: Iterable[Call]) -> list[Call]:
    """What went over the wire: a presigned address is asked of the client and of nobody else."""
    return [call for call in calls if call.tries]


def _again(item: Mapping[str, Any]) -> bool:
    return int(item.get("version", {}).get("N", "1")) > 1


def size(item: Mapping[str, Any]) -> int:
    """Bytes of an item as DynamoDB counts them: names and values."""
    return sum(
        len(name.encode()) + len(str(next(iter(value.values()))).encode("utf-8", "replace"))
        for name, value in item.items()
    )


def kilobytes(item: Mapping[str, Any]) -> int:
    return max(1, math.ceil(size(item) / 1024))


def quarters(read: int) -> int:
    """Read units of 4 kB."""
    return max(1, math.ceil(read / 4096))
