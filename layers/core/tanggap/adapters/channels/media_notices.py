"""Notices that a filed message waits for media, on the queue of media."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ...domain.errors import Park, Retry
from ...domain.words import Reason
from ..mail import bounds

#: The longest that the queue holds a message back.
_LONGEST = 900
#: Messages of one arrival are fewer.
_INDEX = 10_000


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of an arrival is filed, and waits for what its platform keeps of it."""

    key: str
    index: int


def parse(body: str) -> Notice:
    """Raises `Park(unreadable)` for anything else."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if isinstance(content, dict) and is_ours(content):
        return read(content)
    raise _unreadable()


def is_ours(content: Mapping[str, Any]) -> bool:
    return content.get("tanggap") == "media"


def read(content: Mapping[str, Any]) -> Notice:
    """Raises `Park(unreadable)` where no message is named."""
    key, index = content.get("key"), content.get("index")
    if isinstance(key, str) and is_key(key) and isinstance(index, int) and 0 <= index < _INDEX:
        return Notice(key, index)
    raise _unreadable()


def is_key(text: str) -> bool:
    """A name that both S3 and a row of the ledger can hold (1,024 bytes with what stands around it)."""
    return bool(text) and text.isprintable() and len(text.encode()) <= bounds.KEY


def _unreadable() -> Park:
    return Park(Reason.UNREADABLE, "no notice of media")


class MediaNotices:
    def __init__(self, sqs: Callable[[], Any], queue: str) -> None:
        self._sqs, self._queue = sqs, queue

    def __call__(self, arrival: str, index: int, seconds: int) -> None:
        """As often as the arrival is read again: whoever works on a second one finds nothing left to do."""
        from botocore.exceptions import BotoCoreError, ClientError

        body = json.dumps({"tanggap": "media", "key": arrival, "index": index})
        try:
            self._sqs().send_message(QueueUrl=self._queue, MessageBody=body, DelaySeconds=min(seconds, _LONGEST))
        except (ClientError, BotoCoreError) as error:
            raise Retry("the queue did not answer") from error

    def put_off(self, receipt: str, seconds: int) -> None:
        """When a notice that is being worked on comes back. Best effort: the queue has a time of its own."""
        from botocore.exceptions import BotoCoreError, ClientError

        with suppress(ClientError, BotoCoreError):
            self._sqs().change_message_visibility(
                QueueUrl=self._queue, ReceiptHandle=receipt, VisibilityTimeout=seconds
            )
