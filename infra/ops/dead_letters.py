"""One queue's messages, taken and given back, and what is done about those that were given up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from tanggap.domain.errors import TanggapError
from tanggap.domain.words import Outcome, Reason

from .notices import About, Waiting, read
from .stack import Stack
from .stream import rows_of, wake

#: Seconds for which what is looked at is out of sight, a message's own time from when it is taken. Whoever is
#: interrupted leaves them there, and they come back by themselves.
HIDDEN = 300
#: Messages that one look takes at most.
MOST = 2_000
#: Seconds of a long answer.
_LONG = 2
#: What SQS gives back or takes in one call.
_LOT = 10
#: What a service that refuses, or a row that can't be read, raises.
_BROKEN = (ClientError, BotoCoreError, PynamoDBException, TanggapError)


@dataclass(frozen=True, slots=True)
class Counts:
    waiting: int
    taken: int
    delayed: int


class Lot:
    """One queue."""

    def __init__(self, stack: Stack, url: str) -> None:
        self.sqs, self.stack, self.url = stack.client("sqs"), stack, url

    def counts(self) -> Counts:
        names = ("", "NotVisible", "Delayed")
        asked = [f"ApproximateNumberOfMessages{name}" for name in names]
        found = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=asked).get("Attributes", {})
        return Counts(*(int(found.get(name, 0)) for name in asked))

    def oldest(self, now: datetime) -> float | None:
        """Seconds, by CloudWatch's last word in a quarter of an hour; None where it has none."""
        with suppress(ClientError, BotoCoreError):
            answer = self.stack.client("cloudwatch").get_metric_statistics(
                Namespace="AWS/SQS",
                MetricName="ApproximateAgeOfOldestMessage",
                Dimensions=[{"Name": "QueueName", "Value": self.url.rpartition("/")[2]}],
                StartTime=now - timedelta(minutes=15),
                EndTime=now,
                Period=60,
                Statistics=["Maximum"],
            )
            if points := answer.get("Datapoints"):
                return float(max(points, key=lambda point: point["Timestamp"])["Maximum"])
        return None

    @contextmanager
    def taken(self) -> Iterator[Iterator[Waiting]]:
        """Each message once; those that are still there afterwards are seen by others at once. SQS asks a few of its
        machines for a short answer and all of them for a long one: so long as some are missing, the long one."""
        receipts: dict[str, str] = {}
        expected = self.counts().waiting

        def each() -> Iterator[Waiting]:
            while len(receipts) < MOST:
                answer = self.sqs.receive_message(
                    QueueUrl=self.url,
                    MaxNumberOfMessages=_LOT,
                    VisibilityTimeout=HIDDEN,
                    WaitTimeSeconds=_LONG if len(receipts) < expected else 0,
                    AttributeNames=["All"],
                    MessageAttributeNames=["All"],
                )
                fresh = [one for one in answer.get("Messages", ()) if one["MessageId"] not in receipts]
                receipts.update({one["MessageId"]: one["ReceiptHandle"] for one in answer.get("Messages", ())})
                if not fresh:
                    return
                for one in fresh:
                    yield read(one)

        try:
            yield each()
        finally:
            self._give_back(list(receipts.values()))

    def _give_back(self, receipts: list[str]) -> None:
        left = iter(receipts)
        while lot := list(islice(left, _LOT)):
            entries = [
                {"Id": str(number), "ReceiptHandle": receipt, "VisibilityTimeout": 0}
                for number, receipt in enumerate(lot)
            ]
            with suppress(ClientError, BotoCoreError):  # what was deleted since; the rest comes back by itself
                self.sqs.change_message_visibility_batch(QueueUrl=self.url, Entries=entries)

    def delete(self, one: Waiting) -> None:
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=one.receipt)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done about one message, in words that follow "would be". `to`: a queue's URL."""

    one: Waiting
    told: str
    to: str = ""
    possible: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    done: bool
    line: str


class GivenUp:
    """`lot`: where they lie; `queues`: each queue's URL by its short name."""

    def __init__(self, stack: Stack, lot: Lot, queues: Mapping[str, str]) -> None:
        self.stack, self.lot, self.queues = stack, lot, queues

    def plan(self, one: Waiting) -> Plan:
        """Raises nothing for a message of which the ledger can't be asked: it stays."""
        try:
            return self._plan(one)
        except _BROKEN as error:
            return Plan(one, f"stays ({_word(error)})", "", False)

    def _plan(self, one: Waiting) -> Plan:
        if one.about in (About.ARRIVAL, About.MEDIA, About.SETUP):
            return self._back(one)
        if one.about is About.RUN:
            return Plan(one, "removed: a run of a schedule, whose work the next run does")
        if one.about is About.BATCH:
            return Plan(one, "taken up: its rows that are still unsent are woken, and the record removed")
        if one.about is About.INVOCATION:
            return Plan(one, "nothing here can do it again: see its function's log, then remove it by hand", "", False)
        return Plan(one, "not known: it stays", "", False)

    def _back(self, one: Waiting) -> Plan:
        """To the queue that SQS names; where it names none (the topic's own dead letters), by what it is."""
        name = self._source(one) or ("media" if one.about is About.MEDIA and "media" in self.queues else "arrivals")
        if name not in self.queues:
            return Plan(one, f"there is no queue {name} to put it back to", "", False)
        rows = self.stack.parts.cases.of(one.key) if one.about is About.ARRIVAL and one.key else ()
        parked = any(row.outcome is Outcome.PARKED and row.reason is Reason.FAILING for row in rows)
        hint = ", where it counts as read: `replay` lets a parked one in" if parked else ""
        return Plan(one, f"put back into {name}{hint}", self.queues[name])

    def _source(self, one: Waiting) -> str:
        wanted = one.source.rpartition(":")[2]
        return next((name for name, url in self.queues.items() if wanted and url.rpartition("/")[2] == wanted), "")

    def carry_out(self, plan: Plan) -> Told:
        """Sent first, removed only then: what is read twice is filed once. Raises nothing for a message that can't be
        put back: it stays, and the next one is tried."""
        told = plan.told
        try:
            if plan.one.batch:
                told = wake(self.stack.parts.cases, rows_of(self.stack.client("dynamodbstreams"), plan.one.batch))
            if plan.to:
                self._send(plan)
            self.lot.delete(plan.one)
        except _BROKEN as error:
            return Told(False, f"stays ({_word(error)})")
        return Told(True, told)

    def _send(self, plan: Plan) -> None:
        """As it was, its attributes and its group too."""
        attributes: dict[str, Any] = {
            name: {key: value for key, value in one.items() if key in ("DataType", "StringValue", "BinaryValue")}
            for name, one in plan.one.attributes.items()
        }
        group = {"MessageGroupId": plan.one.group} if plan.one.group else {}
        self.lot.sqs.send_message(QueueUrl=plan.to, MessageBody=plan.one.body, MessageAttributes=attributes, **group)


def _word(error: Exception) -> str:
    """Of ours what it says, which is a constant sentence; of AWS's the code: its words may quote what was asked."""
    if isinstance(error, TanggapError):
        return str(error)
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__
