"""SDK clients for the embedded AWS."""

from __future__ import annotations

import functools
from typing import Any

import boto3
from botocore.config import Config

from infra.local.places import ACCESS_KEY, REGION, SECRET_KEY

_CONFIG = Config(
    retries={"max_attempts": 3, "mode": "standard"}, connect_timeout=5, read_timeout=60, max_pool_connections=20
)


@functools.cache
def client(service: str, endpoint: str) -> Any:
    """One client a service and endpoint: making one costs 50 ms, and clients may be shared between threads."""
    session = boto3.session.Session(aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY, region_name=REGION)
    return session.client(service, endpoint_url=endpoint, config=_CONFIG)
