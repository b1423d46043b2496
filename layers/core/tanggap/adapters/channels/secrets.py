"""What platforms sign with, and what lets us write to them: one JSON in Secrets Manager, a section a channel.

    {"meta": {"app_secrets": [new, old], "verify_tokens": [...], "graph_version": "v25.0"},
     "whatsapp": {"phone_number_id", "token"}, "messenger": {"page_id", "token"}, "instagram": {"account_id", "token"},
     "telegram": {"secrets": [new, old], "token"}, "open311": {"keys": [...]}}

A channel without its section is closed. Several values are valid at once, so that one can be rotated. Any section may
say when its token expires (`"expires": "2027-01-31"`): the ledger asks for another one two weeks before."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from ...domain.errors import Retry

#: Graph's, where the secret names none. Meta keeps a version alive for about two years: v25.0 until July 2028.
GRAPH_VERSION = "v25.0"
#: A changed secret is picked up within this time, without a deployment.
CACHE_SECONDS = 300
#: While the service is down, what is known serves this long before it is asked again.
PAUSE_SECONDS = 30
#: The same where nothing is known yet: whoever calls meanwhile is told to come again, and costs no call.
FIRST_PAUSE_SECONDS = 5

Section = Mapping[str, Any]


class ChannelSecrets:
    """`secret_id` empty: the stack has no such secret, every channel is closed."""

    def __init__(
        self, client: Callable[[], Any], secret_id: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client, self._id, self._monotonic = client, secret_id, monotonic
        self._sections: dict[str, Section] | None = None
        self._until = float("-inf")

    def section(self, name: str) -> Section:
        """Empty for a channel that is not configured. Raises Retry while nothing could be read yet."""
        if not self._id:
            return {}
        if self._monotonic() >= self._until:
            self._read()
        if self._sections is None:
            raise Retry("the channels' secret could not be read")
        return self._sections.get(name, {})

    def _read(self) -> None:
        """A secret that is no table of sections (a hand's slip) is as good as none: what was known goes on serving."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            read = json.loads(self._client().get_secret_value(SecretId=self._id)["SecretString"])
        except (ClientError, BotoCoreError, KeyError, ValueError):
            read = None
        if isinstance(read, dict):
            self._sections = {name: one for name, one in read.items() if isinstance(one, dict)}
            self._until = self._monotonic() + CACHE_SECONDS
        else:
            self._until = self._monotonic() + (FIRST_PAUSE_SECONDS if self._sections is None else PAUSE_SECONDS)


def values(section: Section, name: str) -> tuple[bytes, ...]:
    """The valid ones of a section's field, one text or a list of them. An empty text is none: nothing may equal it."""
    given = section.get(name)
    found = given if isinstance(given, list) else [given]
    return tuple(one.strip().encode() for one in found if isinstance(one, str) and one.strip())
