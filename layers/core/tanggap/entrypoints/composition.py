"""Where the parts are put together: lazily, once a process. Nothing here runs at import."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..domain.triage import Desk
from . import settings
from .clients import client as client

if TYPE_CHECKING:
    from ..adapters.channels.media_notices import MediaNotices
    from ..adapters.channels.ways_out import WaysOut
    from ..adapters.dynamodb.cases import DynamoCases
    from ..adapters.dynamodb.table import Row
    from ..adapters.policies import StoredPolicies
    from ..adapters.s3 import S3Arrivals, S3Files
    from ..adapters.secrets import ReplyTokens, Secret
    from ..adapters.vault import KmsVault
    from ..application.anchors import Anchor
    from ..application.canary import Canary
    from ..application.deliver import Deliver
    from ..application.desk import CaseDesk
    from ..application.digest import Digest
    from ..application.gauges import Gauges
    from ..application.ledger import Count
    from ..application.ledger_desk import LedgerDesk
    from ..application.media import KeepMedia
    from ..application.open311 import Open311
    from ..application.policy_desk import PolicyDesk
    from ..application.ports.media import Announce
    from ..application.receive import Receive
    from ..application.recompute import Recompute
    from ..application.reread import Reread
    from ..application.routes import Routes
    from ..application.scheduled import Scheduled
    from ..application.sweep import Sweep
    from ..application.tracking import Receipts, Tracking
    from ..domain.inbound import Inbound
    from ..domain.words import Channel


def _rows(name: str) -> type[Row]:
    """A table's rows on the one DynamoDB client. Left alone, pynamodb makes a session and a client for each table: a
    third of a cold start's CPU (measured 470 against 320 ms for deliver). It has no door for a client, so its own is
    put in."""
    from ..adapters.dynamodb.table import table

    rows = table(name)
    rows._get_connection().connection._client = client("dynamodb")
    return rows


def _passed_over(number: str, error: Exception) -> None:
    from .observe import tell, trace_of

    tell("kept_unreadable", case=number, **trace_of(error))


def _takes(channel: Channel, content_type: str, size: int) -> bool:
    """Does the channel take such a file?"""
    from ..adapters.channels.files_out import As, taken_as

    return isinstance(taken_as(channel, content_type, size), As)


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
            lambda: self.receipts,
            on_unreadable=_passed_over,
        )

    @functools.cached_property
    def media_notices(self) -> MediaNotices:
        from ..adapters.channels.media_notices import MediaNotices

        return MediaNotices(lambda: client("sqs"), self.settings.media_queue_url)

    @property
    def announce_media(self) -> Announce:
        return self.media_notices

    @functools.cached_property
    def media(self) -> KeepMedia:
        from ..adapters.channels.media_of import PlatformMedia
        from ..adapters.channels.secrets import ChannelSecrets
        from ..adapters.ids import RandomIds, utc_now
        from ..application.media import KeepMedia

        secrets = ChannelSecrets(lambda: client("secretsmanager"), self.settings.channel_secret)
        fetch = PlatformMedia(self.settings.graph_url, self.settings.telegram_url, secrets.section)
        return KeepMedia(
            self.cases, self.cases, self.files, self.policies, fetch, self.announce_media, RandomIds(), utc_now
        )

    @functools.cached_property
    def deliver(self) -> Deliver:
        from ..adapters.ids import RandomIds, utc_now
        from ..adapters.ses import SesPost
        from ..application.deliver import Deliver
        from ..application.outgoing import Page

        post = SesPost(
            lambda: client("sesv2"),
            lambda: self.policies.current().agency,
            self.settings.intake_address,
            self.settings.configuration_set,
            self.tokens.of,
            self.tokens.of_office,
        )
        return Deliver(
            self.cases,
            self.cases,
            self.vault,
            self.files,
            self.policies,
            post,
            RandomIds(),
            utc_now,
            lambda channel: self.ways_out.chat_of(channel),
            Page(f"{self.settings.public_url}/lacak" if self.settings.public_url else "", self.tokens),
            _takes,
        )

    @functools.cached_property
    def ways_out(self) -> WaysOut:
        from ..adapters.channels.secrets import ChannelSecrets
        from ..adapters.channels.ways_out import WaysOut

        secrets = ChannelSecrets(lambda: client("secretsmanager"), self.settings.channel_secret)
        return WaysOut(secrets.section, self.settings.graph_url, self.settings.telegram_url)

    @functools.cached_property
    def routes(self) -> Routes:
        from ..application.routes import Routes

        return Routes(self.cases, self.vault)

    def sweep(self, remaining: Callable[[], timedelta], function: str) -> Sweep:
        """`function`: its own name, by which it calls on further runs."""
        import time

        from ..adapters.helpers import LambdaHelpers
        from ..adapters.ids import utc_now
        from ..application.sweep import AT_ONCE, Sweep
        from .observe import tell, trace_of

        def on_refused(part: int, error: Exception) -> None:
            tell("share_refused", part=part, **trace_of(error))

        shares = int(self.settings.sweep_shares)
        helpers = LambdaHelpers(lambda: client("lambda"), function, shares, utc_now, on_refused)
        return Sweep(self._scheduled(remaining), self.cases, helpers, AT_ONCE, time.sleep)

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
    def anchor(self) -> Anchor:
        from ..adapters.ids import utc_now
        from ..adapters.s3 import S3Locked
        from ..application.anchors import Anchor

        store = S3Locked(lambda: client("s3"), self.settings.anchors_bucket)
        return Anchor(self.cases, self.cases, self.policies, store, utc_now, self.settings.cases_table)

    @functools.cached_property
    def gauges(self) -> Gauges:
        from ..adapters.channels.secrets import ChannelSecrets
        from ..adapters.ids import utc_now
        from ..adapters.upkeep import AwsAccount
        from ..application.gauges import Gauges

        secrets = ChannelSecrets(lambda: client("secretsmanager"), self.settings.channel_secret)
        of = self.settings
        account = AwsAccount(client, secrets.section, of.alarms_topic, of.rule_set, of.anchors_bucket)
        anchored = self.anchor.last if self.settings.anchors_bucket else None
        return Gauges(self.cases, self.cases, self.cases, self.policies, account, utc_now, anchored)

    @functools.cached_property
    def canary(self) -> Canary:
        from ..adapters.canary import ByMail, ByWebForm
        from ..adapters.dynamodb.canary import DynamoRounds
        from ..adapters.ids import utc_now
        from ..application.canary import Canary

        return Canary(
            self.cases,
            DynamoRounds(_rows(self.settings.cases_table)),
            ByMail(lambda: client("sesv2"), self.settings.intake_address, self.settings.configuration_set),
            ByWebForm(self.settings.api_url),
            self.tokens,
            self.settings.mail_domain.lower(),
            utc_now,
        )

    @functools.cached_property
    def desk(self) -> CaseDesk:
        from ..adapters.ids import RandomIds, utc_now
        from ..application.desk import CaseDesk

        return CaseDesk(self.cases, self.files, self.vault, self.policies, RandomIds(), utc_now)

    @functools.cached_property
    def reread(self) -> Reread:
        from ..adapters.channels.table import reader_of
        from ..adapters.ids import RandomIds, utc_now
        from ..application import batches
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
            lambda key, at: batches.Batches(self.arrivals, reader_of).said(key, at),
        )

    @functools.cached_property
    def ledger_desk(self) -> LedgerDesk:
        from ..adapters.ids import utc_now
        from ..application.ledger_desk import LedgerDesk

        return LedgerDesk(self.cases, self.arrivals, self.reread, utc_now)

    @functools.cached_property
    def open311(self) -> Open311:
        from ..adapters.ids import utc_now
        from ..application.open311 import Open311

        return Open311(self.cases, self.arrivals, self.policies, utc_now)

    @functools.cached_property
    def receipts(self) -> Receipts:
        from ..adapters.channels import forms
        from ..adapters.dynamodb.guesses import DynamoGuesses
        from ..adapters.ids import utc_now
        from ..application.tracking import Receipts
        from .observe import tell

        def on_guess(number: str, limited: bool) -> None:
            tell("code_missed", case=number, refused=limited)

        def on_besieged(number: str) -> None:
            tell("code_besieged", case=number)

        guesses = DynamoGuesses(_rows(self.settings.cases_table))
        return Receipts(self.cases, self.arrivals, self.tokens, guesses, forms.read_one, utc_now, on_guess, on_besieged)

    @functools.cached_property
    def tracking(self) -> Tracking:
        from ..adapters.channels.forms import place_of
        from ..adapters.ids import RandomIds
        from ..application.tracking import Tracking

        return Tracking(self.receipts, self.files, self.policies, lambda one: place_of(one)[0], RandomIds().salt)

    @functools.cached_property
    def policy_desk(self) -> PolicyDesk:
        from ..application.policy_desk import PolicyDesk

        return PolicyDesk(self.policies, self.settings.mail_domain)


@functools.cache
def services(kind: type[Any]) -> Services:
    """The services of one function, by its settings class."""
    return Services(settings.read(kind, os.environ))
