"""Where the parts are put together: lazily, once a process. Nothing here runs at import."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..domain.triage import Desk
from . import settings

if TYPE_CHECKING:
    from ..adapters.dynamodb.cases import DynamoCases
    from ..adapters.dynamodb.table import Row
    from ..adapters.policies import StoredPolicies
    from ..adapters.s3 import S3Arrivals, S3Files
    from ..adapters.secrets import ReplyTokens, Secret
    from ..adapters.vault import KmsVault
    from ..application.deliver import Deliver
    from ..application.desk import CaseDesk
    from ..application.digest import Digest
    from ..application.ledger import Count
    from ..application.ledger_desk import LedgerDesk
    from ..application.policy_desk import PolicyDesk
    from ..application.receive import Receive
    from ..application.recompute import Recompute
    from ..application.reread import Reread
    from ..application.scheduled import Scheduled
    from ..application.sweep import Sweep
    from ..domain.inbound import Inbound


@functools.cache
def client(service: str) -> Any:
    """One boto3 client a service. SES is asked once: a retry after a lost answer would be a second mail that nobody
    counted."""
    import boto3
    from botocore.config import Config

    once = service == "sesv2"
    retries = {"total_max_attempts": 1} if once else {"total_max_attempts": 4, "mode": "standard"}
    config = Config(connect_timeout=3, read_timeout=20 if once else 10, retries=retries)
    if service == "s3":
        # Presigned addresses of buckets under KMS need the fourth signature, and the region's own host: the global one
        # redirects for a new bucket, which a browser's form does not follow. A host that is an address has no
        # subdomains.
        style = "path" if os.environ.get("AWS_ENDPOINT_URL") else "virtual"
        config = config.merge(Config(signature_version="s3v4", s3={"addressing_style": style}))
    return boto3.client(service, config=config)


def _rows(name: str) -> type[Row]:
    """A table's rows on the one DynamoDB client. Left alone, pynamodb makes a session and a client for each table: a
    third of a cold start's CPU (measured 470 against 320 ms for deliver). It has no door for a client, so its own is
    put in."""
    from ..adapters.dynamodb.table import table

    rows = table(name)
    rows._get_connection().connection._client = client("dynamodb")
    return rows


class Services:
    """The parts by name, each made when it is first asked for, out of one function's settings."""

    def __init__(self, given: Any) -> None:
        self.settings = given

    @functools.cached_property
    def cases(self) -> DynamoCases:
        from ..adapters.dynamodb.cases import DynamoCases

        vault = _rows(self.settings.vault_table) if hasattr(self.settings, "vault_table") else None
        bodies = self.files if hasattr(self.settings, "attachments_bucket") else None
        return DynamoCases(_rows(self.settings.cases_table), vault, bodies)

    @functools.cached_property
    def policies(self) -> StoredPolicies:
        from ..adapters.policies import StoredPolicies

        return StoredPolicies(_rows(self.settings.cases_table))

    @functools.cached_property
    def arrivals(self) -> S3Arrivals:
        from ..adapters.s3 import S3Arrivals

        queue = getattr(self.settings, "arrivals_queue_url", "")
        return S3Arrivals(lambda: client("s3"), self.settings.arrivals_bucket, lambda: client("sqs"), queue)

    @functools.cached_property
    def files(self) -> S3Files:
        from ..adapters.s3 import S3Files

        return S3Files(lambda: client("s3"), self.settings.attachments_bucket)

    @functools.cached_property
    def secret(self) -> Secret:
        from ..adapters.secrets import Secret

        return Secret(lambda: client("secretsmanager"), self.settings.lookup_secret)

    @functools.cached_property
    def tokens(self) -> ReplyTokens:
        from ..adapters.secrets import ReplyTokens

        return ReplyTokens(self.secret.keys)

    @functools.cached_property
    def vault(self) -> KmsVault:
        from ..adapters.vault import KmsVault, Lookups

        return KmsVault(
            _rows(self.settings.vault_table), lambda: client("kms"), self.settings.vault_key, Lookups(self.secret.keys)
        )

    @property
    def _desk(self) -> Desk:
        return Desk(self.settings.mail_domain.lower(), self.settings.intake_address.lower())

    @functools.cached_property
    def receive(self) -> Receive:
        from ..adapters.ids import RandomIds, utc_now
        from ..application.receive import Receive

        return Receive(
            self.cases,
            self.cases,
            self.arrivals,
            self.files,
            self.vault,
            self.policies,
            self.tokens,
            self._desk,
            RandomIds(),
            utc_now,
        )

    @functools.cached_property
    def deliver(self) -> Deliver:
        from ..adapters.ids import RandomIds, utc_now
        from ..adapters.ses import SesPost
        from ..application.deliver import Deliver

        post = SesPost(
            lambda: client("sesv2"),
            lambda: self.policies.current().agency,
            self.settings.intake_address,
            self.settings.configuration_set,
            self.tokens.of,
            self.tokens.of_office,
        )
        return Deliver(self.cases, self.cases, self.vault, self.files, self.policies, post, RandomIds(), utc_now)

    def sweep(self, remaining: Callable[[], timedelta]) -> Sweep:
        from ..application.sweep import Sweep

        return Sweep(self._scheduled(remaining), self.cases)

    def recompute(self, remaining: Callable[[], timedelta]) -> Recompute:
        from ..application.recompute import Recompute

        return Recompute(self._scheduled(remaining))

    def digest(self, remaining: Callable[[], timedelta]) -> Digest:
        from ..application.digest import Digest

        return Digest(self._scheduled(remaining), self.cases)

    def _scheduled(self, remaining: Callable[[], timedelta]) -> Scheduled:
        from ..adapters.ids import RandomIds, utc_now
        from ..application.scheduled import Scheduled

        simulated = self.settings.simulated_time == "allowed"
        return Scheduled(self.cases, self.policies, RandomIds(), utc_now, simulated, remaining)

    @functools.cached_property
    def count(self) -> Count:
        from ..adapters.ids import utc_now
        from ..application.ledger import Count

        return Count(self.arrivals, self.cases, utc_now)

    @functools.cached_property
    def desk(self) -> CaseDesk:
        from ..adapters.ids import RandomIds, utc_now
        from ..application.desk import CaseDesk

        return CaseDesk(self.cases, self.files, self.vault, self.policies, RandomIds(), utc_now)

    @functools.cached_property
    def reread(self) -> Reread:
        from ..adapters.ids import RandomIds, utc_now
        from ..application.places import Places
        from ..application.reread import Reread

        def reader(raw: bytes, key: str, at: datetime, whole: bool) -> Inbound:
            from ..adapters.mail.reader import stored

            return stored(raw, key, at, self._desk.intake_address, whole)

        places = Places(self.cases, self.tokens, self._desk, RandomIds())

        def where(inbound: Inbound) -> str:
            known = self.vault.find(inbound.sender.address) if inbound.sender.address else None
            case = places.find(inbound, known, self.policies.current(), utc_now()).case
            return case.number if case else ""

        return Reread(
            self.cases,
            self.cases,
            self.arrivals,
            self.files,
            self.policies,
            reader,
            self._desk,
            RandomIds(),
            utc_now,
            where,
        )

    @functools.cached_property
    def ledger_desk(self) -> LedgerDesk:
        from ..adapters.ids import utc_now
        from ..application.ledger_desk import LedgerDesk

        return LedgerDesk(self.cases, self.arrivals, self.reread, utc_now)

    @functools.cached_property
    def policy_desk(self) -> PolicyDesk:
        from ..application.policy_desk import PolicyDesk

        return PolicyDesk(self.policies, self.settings.mail_domain)


@functools.cache
def services(kind: type[Any]) -> Services:
    """The services of one function, by its settings class."""
    return Services(settings.read(kind, os.environ))
