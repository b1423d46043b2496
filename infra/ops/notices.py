"""What a message on one of our queues is about, told without its body.

On the arrivals and media queues, and on what they give up, a notice names an object of the arrivals bucket. On the
failures queue lie Lambda's records of runs and stream batches that were given up, and events that a schedule could not
hand over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from tanggap.adapters.channels import media_notices
from tanggap.adapters.mail import notice
from tanggap.domain.errors import Park
from tanggap.domain.times import stamp


class About(StrEnum):
    """What a message is, and so what can be done about it."""

    ARRIVAL = "arrival"
    MEDIA = "media"
    SETUP = "setup"
    #: A run of a schedule: the next one does the same work.
    RUN = "run"
    #: Records of the cases table's stream that deliver was given and died of.
    BATCH = "batch"
    #: Any other invocation that nobody waited for.
    INVOCATION = "invocation"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Batch:
    """A run of stream records: both sequence numbers are part of it."""

    stream: str
    shard: str
    first: str
    last: str
    size: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """One message. `key`: the arrival that it names, empty where none. `source`: the queue that gave it up, by ARN,
    where SQS says. `group`: by which SQS hands out fairly, empty where none. `body` goes back as it came, and is shown
    to nobody."""

    id: str
    receipt: str
    sent_at: datetime
    tries: int
    about: About
    key: str = ""
    index: int = 0
    what: str = ""
    source: str = ""
    group: str = ""
    batch: Batch | None = None
    body: str = field(repr=False, default="")
    attributes: Mapping[str, Any] = field(repr=False, default_factory=dict)

    def named(self, wanted: str) -> bool:
        return wanted in (self.key, self.id)

    def __str__(self) -> str:
        subject = self.key or self.what or "nothing that is known"
        said = f", {self.what}" if self.key and self.what else ""
        return f"{self.id} {self.about} {subject}{said}, since {stamp(self.sent_at)}, read {self.tries} times"


def read(message: Mapping[str, Any]) -> Waiting:
    """A message as SQS gives it (`AttributeNames` and `MessageAttributeNames` All)."""
    attributes, body = message.get("Attributes", {}), message["Body"]
    facts: dict[str, Any] = {
        "id": message["MessageId"],
        "receipt": message["ReceiptHandle"],
        "sent_at": datetime.fromtimestamp(int(attributes.get("SentTimestamp", "0")) / 1000, UTC),
        "tries": int(attributes.get("ApproximateReceiveCount", "0")),
        "source": attributes.get("DeadLetterQueueSourceArn", ""),
        "group": attributes.get("MessageGroupId", ""),
        "body": body,
        "attributes": message.get("MessageAttributes", {}),
    }
    return Waiting(**facts, **_notice(body) or _failure(body, message.get("MessageAttributes", {})))


def _notice(body: str) -> dict[str, Any] | None:
    try:
        told = notice.parse(body)
    except Park:
        return None
    if isinstance(told, media_notices.Notice):
        return {"about": About.MEDIA, "key": told.key, "index": told.index, "what": f"message {told.index + 1}"}
    if isinstance(told, notice.DeliveryReport):
        return {"about": About.ARRIVAL, "key": f"events/{told.id}.json", "what": f"SES's {told.event}"}
    if isinstance(told, notice.SetUp):
        return {"about": About.SETUP, "key": told.key, "what": "SES's set-up note"}
    what = "" if isinstance(told, notice.Received) else _wish(told)
    return {"about": About.ARRIVAL, "key": told.key, "what": what}


def _wish(told: notice.Replay) -> str:
    return "read anew" if told.anew else "let in" if told.by_officer else "announced"


def _failure(body: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Lambda's own record (`version`, `requestContext`), or the event that a schedule could not hand over, whose reason
    stands in the message's attributes."""
    try:
        raw = json.loads(body)
    except ValueError:
        raw = None
    if not isinstance(raw, dict):
        return {"about": About.UNKNOWN}
    context = raw.get("requestContext")
    if isinstance(context, dict) and "functionArn" in context:
        return _record(raw, context)
    if _scheduled(raw) or "ERROR_CODE" in attributes:
        target = _name(_attribute(attributes, "TARGET_ARN"))
        error = _attribute(attributes, "ERROR_CODE")
        what = f"a run of {target or 'a schedule'} that was not started{f' ({error})' if error else ''}"
        return {"about": About.RUN, "what": what}
    return {"about": About.UNKNOWN}


def _record(raw: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    function, condition = _name(str(context["functionArn"])), _word(context.get("condition"))
    batch = raw.get("DDBStreamBatchInfo")
    if isinstance(batch, dict):
        found = Batch(
            str(batch.get("streamArn", "")),
            str(batch.get("shardId", "")),
            str(batch.get("startSequenceNumber", "")),
            str(batch.get("endSequenceNumber", "")),
            int(batch.get("batchSize", 0)),
        )
        what = f"{found.size} rows that {function} did not end ({condition}), {found.shard} from {found.first}"
        return {"about": About.BATCH, "batch": found, "what": what}
    answer = raw.get("responsePayload")
    error = _word(answer.get("errorType")) if isinstance(answer, dict) else ""
    what = f"{function} gave up: {condition}{f', {error}' if error else ''}"
    event = raw.get("requestPayload")
    if isinstance(event, dict) and _scheduled(event):
        return {"about": About.RUN, "what": f"{what}, of {_word(event.get('time'))}"}
    return {"about": About.INVOCATION, "what": what}


def _scheduled(event: Mapping[str, Any]) -> bool:
    return event.get("source") in ("aws.events", "aws.scheduler") or event.get("detail-type") == "Scheduled Event"


def _attribute(attributes: Mapping[str, Any], name: str) -> str:
    found = attributes.get(name)
    return str(found.get("StringValue", "")) if isinstance(found, Mapping) else ""


def _name(arn: str) -> str:
    """A function's name out of its ARN, with or without a version."""
    parts = arn.split(":")
    return parts[6] if len(parts) > 6 else ""


def _word(value: object) -> str:
    """A class or a condition; nothing that is a sentence."""
    text = str(value or "")[:60]
    return text if text.isascii() and " " not in text else "?"
