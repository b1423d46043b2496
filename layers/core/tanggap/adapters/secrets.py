"""The secret behind look-ups and reply tokens: one JSON in Secrets Manager, `{"keys": {id: secret, …}}`, newest first.

A freshly generated secret is the bare string that the template made; it counts as key "1". Which key is written with is
the first one's turn only once every process has it (`Secret.keys`)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..domain import receipts
from ..domain.canary import Proved, Way, address_of, claimed, proved
from ..domain.errors import Retry
from ..domain.numbers import number_of_token, reply_token
from ..domain.office_tokens import OfficeToken, office_token, opened

#: A rotated key is picked up within this time, without a deployment.
CACHE_SECONDS = 900
#: Until then some process may not know it: the above, and the minutes that the service may still show the value before.
KNOWN_AFTER = timedelta(seconds=CACHE_SECONDS + 300)
#: The template's string has letters and digits alone. With one of these it was to be JSON, and has a slip in it.
_OF_JSON = frozenset('{}[]":')
#: While the service is down, the known keys serve this long before it is asked again.
PAUSE_SECONDS = 30


def read_keys(text: str) -> dict[str, bytes]:
    """Raises Retry for a table of keys that holds none, or cannot be read: without the old keys nobody would be
    recognised, and what is written with a wrong one nobody could open later."""
    try:
        raw = json.loads(text)
        keys = raw["keys"]
    except (ValueError, TypeError, KeyError):
        if not text.strip() or _OF_JSON & set(text):
            raise Retry("the secret is no table of keys") from None
        return {"1": text.encode()}
    if not isinstance(keys, dict) or not keys or not all(isinstance(key, str) and key for key in keys.values()):
        raise Retry("the secret holds no keys")
    return {str(name): secret.encode() for name, secret in keys.items()}


class Secret:
    def __init__(
        self,
        client: Callable[[], Any],
        secret_id: str,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client, self._id, self._monotonic, self._clock = client, secret_id, monotonic, clock
        self._keys: dict[str, bytes] = {}
        self._until = 0.0

    def keys(self) -> Mapping[str, bytes]:
        """The first is written with, all are read with. For some minutes after a change that is the oldest, which every
        process has: what one wrote with a new key, another could not open, and would take for somebody else's."""
        if not self._keys or self._monotonic() > self._until:
            try:
                answer = self._client().get_secret_value(SecretId=self._id)
                keys, young = read_keys(answer["SecretString"]), self._young(answer.get("CreatedDate"))
                self._keys = dict(reversed(keys.items())) if young else keys
                self._until = self._monotonic() + min(young or CACHE_SECONDS, CACHE_SECONDS)
            except (ClientError, BotoCoreError, Retry) as error:
                if not self._keys:
                    raise Retry("the secret could not be read") from error
                self._until = self._monotonic() + PAUSE_SECONDS
        return self._keys

    def _young(self, made: datetime | None) -> float:
        """Seconds until every process knows what stands there since then."""
        return max((made + KNOWN_AFTER - self._clock()).total_seconds(), 0.0) if made else 0.0


class ReplyTokens:
    def __init__(self, keys: Callable[[], Mapping[str, bytes]]) -> None:
        self._keys = keys

    def of(self, number: str) -> str:
        return reply_token(number, next(iter(self._keys().values())))

    def case_of(self, token: str) -> str | None:
        return number_of_token(token, tuple(self._keys().values()))

    def of_office(self, number: str, address: str, until: date) -> str:
        return office_token(OfficeToken(number, address, until), next(iter(self._keys().values())))

    def office(self, token: str, addresses: Iterable[str]) -> OfficeToken | None:
        return opened(token, addresses, tuple(self._keys().values()))

    def canary(self, way: Way, at: datetime, domain: str) -> str:
        """Its address for one round."""
        return address_of(way, at, domain, next(iter(self._keys().values())))

    def canary_of(self, addresses: Iterable[str], at: datetime, domain: str) -> Proved | None:
        """Who has no such address costs no look at the keys."""
        for address in claimed(addresses, domain):
            if found := proved(address, at, domain, tuple(self._keys().values())):
                return found
        return None

    def receipt(self, number: str) -> str:
        """The code that every case has, whichever way it came."""
        return receipts.derived(number, next(iter(self._keys().values())))

    def opens(self, code: str, number: str, receipt: str = "") -> bool:
        """Is it a code of this number? `receipt`: what the case keeps of the code that a form was given."""
        return receipts.opens(code, number, receipt, tuple(self._keys().values()))
