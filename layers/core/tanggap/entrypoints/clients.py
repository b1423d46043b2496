"""The AWS clients, one a service and a process, made when it is first needed."""

from __future__ import annotations

import functools
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..domain.errors import Retry

#: Seconds that an answer may take, where it is not 10. The table's take some milliseconds, a hundred rows in one
#: transaction a second at most: what hangs is worth another try, since a sweep has four tries' time kept for letters.
_SECONDS = {"sesv2": 20, "lambda": 3, "dynamodb": 3}
_ONCE = ("sesv2", "lambda")
#: Milliseconds that a request keeps for its answer: a call to the table that began just before takes three seconds.
_FOR_AN_ANSWER = 4_000
#: Of two hands that need their first client at the same moment, boto3's one session fails one.
_MAKING = threading.Lock()


#: Until when (time.monotonic) a call may begin.
_last_begin = float("inf")


@contextmanager
def answered_within(milliseconds: int) -> Iterator[None]:
    """For whoever waits for an answer: however many calls a slow service makes of it, none begins when the run is
    nearly over, but raises Retry. An officer is told to come again; a run that is killed tells nothing."""
    global _last_begin
    _last_begin = time.monotonic() + (milliseconds - _FOR_AN_ANSWER) / 1000
    try:
        yield
    finally:
        _last_begin = float("inf")


def _in_time(**_: Any) -> None:
    if time.monotonic() > _last_begin:
        raise Retry("the time of this request is nearly over")


def client(service: str) -> Any:
    with _MAKING:
        return made(service)


@functools.cache
def made(service: str) -> Any:
    """One boto3 client a service. Two are asked once, for a retry after a lost answer would be a second mail that
    nobody counted, or a share's run twice. Lambda is asked by the sweep alone, before any case or letter: what it does
    not take within seconds is the next minute's."""
    import boto3
    from botocore.config import Config

    once = service in _ONCE
    retries = {"total_max_attempts": 1} if once else {"total_max_attempts": 4, "mode": "standard"}
    config = Config(connect_timeout=3, read_timeout=_SECONDS.get(service, 10), retries=retries)
    if service == "dynamodb":
        # As pynamodb makes its own: it builds the requests, and the table refuses a wrong one anyway. A tenth of what a
        # call costs in processor time (measured).
        config = config.merge(Config(parameter_validation=False))
    if service == "s3":
        # Presigned addresses of buckets under KMS need the fourth signature, and the region's own host: the global one
        # redirects for a new bucket, which a browser's form does not follow. A host that is an address has no
        # subdomains.
        style = "path" if os.environ.get("AWS_ENDPOINT_URL") else "virtual"
        config = config.merge(Config(signature_version="s3v4", s3={"addressing_style": style}))
    found = boto3.client(service, config=config)
    found.meta.events.register("before-send", _in_time)  # before each try of a call
    return found
