"""Notices that a filed message waits for media, on the queue that brings arrivals."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ...domain.errors import Retry

#: The longest that the queue holds a message back.
_LONGEST = 900


class MediaNotices:
    def __init__(self, sqs: Callable[[], Any], queue: str) -> None:
        self._sqs, self._queue = sqs, queue

    def __call__(self, arrival: str, index: int, seconds: int) -> None:
        """As often as the arrival is read again: whoever works on a second one finds nothing left to do."""
        body = json.dumps({"tanggap": "media", "key": arrival, "index": index})
        try:
            self._sqs().send_message(QueueUrl=self._queue, MessageBody=body, DelaySeconds=min(seconds, _LONGEST))
        except (ClientError, BotoCoreError) as error:
            raise Retry("the queue did not answer") from error
