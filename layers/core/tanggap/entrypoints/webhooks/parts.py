"""What the doors work with, made once a process."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import randbits, token_bytes

from ...adapters.channels.secrets import ChannelSecrets
from .. import settings
from ..clients import client
from ..observe import tell
from .limits import REPORTS, UPLOADS, Limiter
from .store import AwsStore, Store


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """`random`: so many random bits."""

    store: Store
    secrets: ChannelSecrets
    reports: Limiter
    uploads: Limiter
    public_url: str
    open311: bool
    clock: Callable[[], datetime] = _now
    random: Callable[[int], int] = randbits

    def keep(self, key: str, body: bytes) -> None:
        """Store under a name that follows from the content, and announce. Raises Retry: then nothing is stored for
        sure."""
        if not self.keep_new(key, body):
            self.announce(key)

    def keep_new(self, key: str, body: bytes) -> bool:
        """Store and announce, unless something lies there: then False. Raises Retry."""
        new = self.store.put_new(key, body)
        tell("arrival_stored" if new else "arrival_again", arrival=key, size=len(body))
        if new:
            self.announce(key)
        return new

    def announce(self, key: str) -> None:
        """A queue that is down is not the caller's: what is stored and unread, the ledger announces again."""
        if not self.store.announce(key):
            tell("arrival_unannounced", arrival=key)


@functools.cache
def parts() -> Parts:
    given = settings.read(settings.Webhooks, os.environ)
    store = AwsStore(client, given.arrivals_bucket, given.attachments_bucket, given.arrivals_queue_url)
    return Parts(
        store,
        ChannelSecrets(lambda: client("secretsmanager"), given.channel_secret),
        Limiter(REPORTS, time.monotonic, token_bytes(16)),
        Limiter(UPLOADS, time.monotonic, token_bytes(16)),
        given.public_url,
        given.open311 == "open",
    )
