"""The AWS clients, one a service and a process, made when it is first needed."""

from __future__ import annotations

import functools
import os
import threading
from typing import Any

#: Seconds that an answer may take, where it is not 10. The table's take some milliseconds, a hundred rows in one
#: transaction a second at most: what hangs is worth another try, since a sweep has four tries' time kept for letters.
_SECONDS = {"sesv2": 20, "lambda": 3, "dynamodb": 3}
_ONCE = ("sesv2", "lambda")
#: Of two hands that need their first client at the same moment, boto3's one session fails one.
_MAKING = threading.Lock()


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
    return boto3.client(service, config=config)
