"""The few AWS calls of this function. Beside adapters/s3 a module of its own, since that one's ports are a third of a
cold start."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from ...domain.arrival_keys import group_of
from ...domain.errors import Retry

#: How long a presigned form is valid: a photo on a slow line (10 MB at 30 kB/s) takes its five minutes.
FORM_SECONDS = 900


class Store(Protocol):
    #: Whose arrivals these are: the salt of numbers that are derived from a client's key.
    name: str

    def put_new(self, key: str, body: bytes) -> bool:
        """False when there is one by that key. Raises Retry."""
        ...

    def get(self, key: str) -> bytes:
        """Raises Retry."""
        ...

    def announce(self, key: str) -> bool:
        """Tell intake. False when the queue did not take it: the ledger announces what nobody has read."""
        ...

    def form(self, key: str, content_type: str, size: int) -> dict[str, Any]:
        """A presigned POST: {url, fields}."""
        ...


class AwsStore:
    def __init__(self, client: Callable[[str], Any], arrivals: str, attachments: str, queue: str) -> None:
        self._client, self.name, self._attachments, self._queue = client, arrivals, attachments, queue

    def put_new(self, key: str, body: bytes) -> bool:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client("s3").put_object(Bucket=self.name, Key=key, Body=body, IfNoneMatch="*")
        except ClientError as error:
            if error.response["Error"]["Code"] in ("PreconditionFailed", "412"):
                return False
            raise Retry("the bucket did not answer") from error
        except BotoCoreError as error:
            raise Retry("the bucket did not answer") from error
        return True

    def get(self, key: str) -> bytes:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            body: bytes = self._client("s3").get_object(Bucket=self.name, Key=key)["Body"].read()
        except (ClientError, BotoCoreError) as error:
            raise Retry("the bucket did not answer") from error
        return body

    def announce(self, key: str) -> bool:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            body = json.dumps({"tanggap": "arrived", "key": key})
            self._client("sqs").send_message(QueueUrl=self._queue, MessageBody=body, **group_of(key))
        except (ClientError, BotoCoreError):
            return False
        return True

    def form(self, key: str, content_type: str, size: int) -> dict[str, Any]:
        answer = self._client("s3").generate_presigned_post(
            self._attachments,
            key,
            Fields={"Content-Type": content_type},
            ExpiresIn=FORM_SECONDS,
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, size]],
        )
        return {"url": answer["url"], "fields": answer["fields"]}
