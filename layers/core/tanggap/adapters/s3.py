"""The arrivals and the attachments bucket."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from ..application.ports import Arrival
from ..application.ports.anchors import Version
from ..domain.arrival_keys import group_of
from ..domain.case import FileRef
from ..domain.errors import NotFound, Retry
from ..domain.times import stamp
from .ids import utc_now

#: Presigned addresses: long enough to click, too short to pass on.
URL_SECONDS = 300
_MISSING = frozenset({"NoSuchKey", "404", "NotFound"})
_TAKEN = frozenset({"PreconditionFailed", "412"})
_ON_QUEUE = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            raise NotFound("the object is not there") from error
        raise Retry("the bucket did not answer") from error
    except BotoCoreError as error:
        raise Retry("the bucket did not answer") from error


def _put_new(s3: Any, bucket: str, key: str, body: bytes) -> bool:
    try:
        with _asking():
            s3.put_object(Bucket=bucket, Key=key, Body=body, IfNoneMatch="*")
    except Retry as error:  # another write of this key under way (ConditionalRequestConflict): try again
        if isinstance(error.__cause__, ClientError) and error.__cause__.response["Error"]["Code"] in _TAKEN:
            return False
        raise
    return True


class S3Arrivals:
    def __init__(
        self,
        s3: Callable[[], Any],
        bucket: str,
        sqs: Callable[[], Any],
        queue: str,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._s3, self.bucket, self._sqs, self._queue, self._clock = s3, bucket, sqs, queue, clock

    def get(self, key: str) -> bytes:
        with _asking():
            body: bytes = self._s3().get_object(Bucket=self.bucket, Key=key)["Body"].read()
            return body

    def put(self, key: str, body: bytes) -> None:
        with _asking():
            self._s3().put_object(Bucket=self.bucket, Key=key, Body=body)

    def put_new(self, key: str, body: bytes) -> bool:
        return _put_new(self._s3(), self.bucket, key, body)

    def head(self, key: str) -> Arrival | None:
        try:
            with _asking():
                answer = self._s3().head_object(Bucket=self.bucket, Key=key)
        except NotFound:
            return None
        return Arrival(key, answer["LastModified"], answer["ContentLength"])

    def listing(self, prefix: str, since: datetime, names: int | None = None) -> Iterable[Arrival]:
        """S3 lists by name, 1,000 a call; names hold no time, so all (or the first `names`) are looked at."""
        with _asking():
            paging = {} if names is None else {"MaxItems": names}
            pages = self._s3().get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=prefix, PaginationConfig=paging):
                for one in page.get("Contents", ()):
                    if one["LastModified"] >= since:
                        yield Arrival(one["Key"], one["LastModified"], one["Size"])

    def pages(self, prefix: str, after: str = "") -> Iterable[Sequence[Arrival]]:
        with _asking():
            begin = {"StartAfter": after} if after else {}
            for page in (
                self._s3().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix, **begin)
            ):
                if found := page.get("Contents"):
                    yield tuple(Arrival(one["Key"], one["LastModified"], one["Size"]) for one in found)

    def queued(self) -> int | None:
        try:
            answer = self._sqs().get_queue_attributes(QueueUrl=self._queue, AttributeNames=list(_ON_QUEUE))
            return sum(int(answer["Attributes"][name]) for name in _ON_QUEUE)
        except (ClientError, BotoCoreError, LookupError, ValueError):
            return None

    def notify(self, key: str, wish: str = "again", actor: str = "system") -> None:
        # `more` is said as `again`, which releases knew before it.
        said = {"tanggap": "again", "more": stamp(self._clock())} if wish == "more" else {"tanggap": wish}
        body = json.dumps({**said, "key": key, "actor": actor})
        try:
            self._sqs().send_message(QueueUrl=self._queue, MessageBody=body, **group_of(key))
        except (ClientError, BotoCoreError) as error:
            raise Retry("the queue did not answer") from error


class S3Locked:
    """The anchors' bucket, whose versions Object Lock keeps."""

    def __init__(self, s3: Callable[[], Any], bucket: str) -> None:
        self._s3, self.bucket = s3, bucket

    def versions(self, prefix: str) -> Iterable[Version]:
        """S3 lists the newest of each name first."""
        with _asking():
            for page in self._s3().get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=prefix):
                for kind, marker in (("Versions", False), ("DeleteMarkers", True)):
                    for one in page.get(kind, ()):
                        yield Version(one["Key"], one["VersionId"], one["LastModified"], marker)

    def read(self, version: Version) -> bytes:
        with _asking():
            answer = self._s3().get_object(Bucket=self.bucket, Key=version.key, VersionId=version.id)
            body: bytes = answer["Body"].read()
            return body

    def put_new(self, key: str, body: bytes) -> bool:
        return _put_new(self._s3(), self.bucket, key, body)


class S3Files:
    def __init__(self, s3: Callable[[], Any], bucket: str) -> None:
        self._s3, self.bucket = s3, bucket

    def put(self, key: str, content: bytes, content_type: str) -> None:
        with _asking():
            self._s3().put_object(
                Bucket=self.bucket, Key=key, Body=content, ContentType=content_type, ContentDisposition="attachment"
            )

    def get(self, key: str) -> bytes:
        with _asking():
            body: bytes = self._s3().get_object(Bucket=self.bucket, Key=key)["Body"].read()
            return body

    def url(self, file: FileRef) -> str:
        """Always a download under a neutral type: a stranger's HTML never runs in an officer's browser (promise 7)."""
        params = {
            "Bucket": self.bucket,
            "Key": file.key,
            "ResponseContentType": "application/octet-stream",
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        }
        url: str = self._s3().generate_presigned_url("get_object", Params=params, ExpiresIn=URL_SECONDS)
        return url

    def upload(
        self, key: str, content_type: str, size: int, done: str = "", seconds: int = URL_SECONDS
    ) -> dict[str, Any]:
        fixed = {"Content-Type": content_type} | ({"success_action_redirect": done} if done else {})
        answer = self._s3().generate_presigned_post(
            self.bucket,
            key,
            Fields=dict(fixed),
            ExpiresIn=seconds,
            Conditions=[*({name: value} for name, value in fixed.items()), ["content-length-range", 1, size]],
        )
        return {"url": answer["url"], "fields": answer["fields"]}

    def head(self, key: str) -> tuple[int, str] | None:
        try:
            with _asking():
                answer = self._s3().head_object(Bucket=self.bucket, Key=key)
        except NotFound:
            return None
        return answer["ContentLength"], answer["ContentType"]
