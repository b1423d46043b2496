"""The secret behind look-ups and reply tokens: one JSON in Secrets Manager, `{"keys": {id: secret, …}}`, newest first.

A freshly generated secret is the bare string that the template made; it counts as key "1"."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..domain import receipts
from ..domain.canary import Proved, Way, address_of, claimed, proved
from ..domain.errors import Retry
from ..domain.numbers import number_of_token, reply_token
from ..domain.office_tokens import OfficeToken, office_token, opened

#: A rotated key is picked up within this time, without a deployment.
CACHE_SECONDS = 900
#: While the service is down, the known keys serve this long before it is asked again.
PAUSE_SECONDS = 30


def read_keys(text: str) -> dict[str, bytes]:
    """Raises Retry for a table of keys that holds none: without the old keys nobody would be recognised."""
    try:
        raw = json.loads(text)
        keys = raw["keys"]
    except (ValueError, TypeError, KeyError):
        return {"1": text.encode()}
    if not isinstance(keys, dict) or not keys or not all(isinstance(key, str) and key for key in keys.values()):
        raise Retry("the secret holds no keys")
    return {str(name): secret.encode() for name, secret in keys.items()}


class Secret:
    def __init__(
        self, client: Callable[[], Any], secret_id: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client, self._id, self._monotonic = client, secret_id, monotonic
        self._keys: dict[str, bytes] = {}
        self._until = 0.0

    def keys(self) -> Mapping[str, bytes]:
        if not self._keys or self._monotonic() > self._until:
            try:
                answer = self._client().get_secret_value(SecretId=self._id)
                self._keys, self._until = read_keys(answer["SecretString"]), self._monotonic() + CACHE_SECONDS
            except (ClientError, BotoCoreError, Retry) as error:
                if not self._keys:
                    raise Retry("the secret could not be read") from error
                self._until = self._monotonic() + PAUSE_SECONDS
        return self._keys


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
