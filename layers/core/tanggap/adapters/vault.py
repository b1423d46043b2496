"""Who reported: apart from what was reported, encrypted by KMS itself, found only by a keyed hash.

KMS encrypts up to 4 kB, so no cipher library is needed and the key's own log names each look (encryption context =
reporter id)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import GetError

from ..application.ports import Identity
from ..domain.addresses import channel_of
from ..domain.case import Sealed
from ..domain.errors import Retry
from ..domain.words import CHAT
from .dynamodb.reading import reading
from .dynamodb.table import Row

#: KMS's limit is 4,096 bytes of plaintext. A character takes six at most (a control character as JSON writes it), so
#: these fit in any script.
NAME_LIMIT, ADDRESS_LIMIT, PHONE_LIMIT = 300, 320, 40
#: Further addresses of one person, a platform's ids at first; each box after the first is decrypted apart.
ALSO_LIMIT, BOXES = 3, 8
#: People who typed one address into forms, of whom a search hears: the newest.
TYPED = 25


def normal(address: str) -> str:
    """One spelling: a platform's id as it stands, mail in lower case, an Indonesian phone number in its +62 form."""
    if channel_of(address.strip()) in CHAT:
        return address.strip()
    text = address.strip().lower()
    if "@" in text:
        return text
    digits = "".join(char for char in text if char in _DIGITS)
    for written, meant in _PREFIXES:
        if digits.startswith(written):
            digits = meant + digits.removeprefix(written)
            break
    return "+" + digits if len(digits) >= 8 else text


_DIGITS = frozenset("0123456789")
#: How Indonesian numbers start on paper: 0062 812 …, 0812 …, +62 (0) 812 ….
_PREFIXES = (("00620", "62"), ("0062", "62"), ("00", ""), ("0", "62"), ("620", "62"))


class Lookups:
    """Keyed hashes of addresses. `keys`: id to secret, the one in use first; older ones still find what was stored
    under them."""

    def __init__(self, keys: Callable[[], Mapping[str, bytes]]) -> None:
        self._keys = keys

    def of(self, address: str, typed: bool = False) -> tuple[str, ...]:
        """`typed`: what somebody typed into a form, which finds nobody who is known by a proof."""
        text = (b"typed:" if typed else b"lookup:") + normal(address).encode("utf-8", "surrogatepass")
        return tuple(f"{name}#{hmac.new(key, text, hashlib.sha256).hexdigest()}" for name, key in self._keys().items())


class KmsVault:
    def __init__(self, table: type[Row], kms: Callable[[], Any], key: str, lookups: Lookups) -> None:
        self.row, self._kms, self._key, self._lookups = table, kms, key, lookups

    def find(self, address: str, typed: bool = False) -> str | None:
        for lookup in self._lookups.of(address, typed):
            try:
                return self.row.get(f"LOOKUP#{lookup}", "REPORTER", consistent_read=True).data
            except self.row.DoesNotExist:
                continue
            except GetError as error:
                raise Retry("the vault did not answer") from error
        return None

    def typed(self, address: str) -> tuple[str, ...]:
        found: list[str] = []
        for lookup in self._lookups.of(address, typed=True):
            with reading():
                rows = self.row.query(f"LOOKUP#{lookup}", consistent_read=True, scan_index_forward=False, limit=TYPED)
                found += [row.data for row in rows if row.data]
        return tuple(dict.fromkeys(found))

    def has_typed(self, reporter: str, address: str) -> bool:
        row = self._identity(reporter)
        body = row.content() if row else {}
        known = {*body.get("lookups", ()), *body.get("beside", ())}
        return not known.isdisjoint(self._lookups.of(address, typed=True))

    def seal(self, reporter: str, identity: Identity, typed: bool = False) -> Sealed:
        known = [one for one in dict.fromkeys((identity.address, identity.phone, *identity.also[:ALSO_LIMIT])) if one]
        body: dict[str, Any] = {
            "name": identity.name[:NAME_LIMIT],
            "address": identity.address[:ADDRESS_LIMIT],
            "phone": identity.phone[:PHONE_LIMIT],
        }
        if identity.also:
            body["also"] = [one[:ADDRESS_LIMIT] for one in identity.also[:ALSO_LIMIT]]
        try:
            plain = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
            answer = self._kms().encrypt(KeyId=self._key, Plaintext=plain, EncryptionContext={"reporter": reporter})
        except (ClientError, BotoCoreError) as error:
            raise Retry("the key service did not answer") from error
        # Stored under the key in use alone: the first of each address's hashes.
        lookups = tuple(self._lookups.of(one, typed)[0] for one in known)
        first = 1 if typed else len(lookups)
        return Sealed(reporter, answer["CiphertextBlob"], lookups[:first], beside=lookups[first:])

    def known_as(self, reporter: str, further: Identity) -> Sealed | None:
        row = self._identity(reporter)
        if row is None or not row.data or len(row.content().get("more", ())) >= BOXES:
            return None
        return replace(self.seal(reporter, further), onto=row.data)

    def open(self, reporter: str) -> Identity | None:
        row = self._identity(reporter)
        if row is None:
            return None
        raw = row.content()
        first, *more = (self._opened(reporter, box) for box in (raw["box"], *raw.get("more", ())))
        also = (*first.also, *(one for later in more for one in (later.address, *later.also)))
        return replace(first, also=also)

    def _identity(self, reporter: str) -> Row | None:
        try:
            return self.row.get(f"REPORTER#{reporter}", "IDENTITY", consistent_read=True)
        except self.row.DoesNotExist:
            return None
        except GetError as error:
            raise Retry("the vault did not answer") from error

    def _opened(self, reporter: str, text: str) -> Identity:
        box = base64.b64decode(text)
        try:
            answer = self._kms().decrypt(KeyId=self._key, CiphertextBlob=box, EncryptionContext={"reporter": reporter})
        except (ClientError, BotoCoreError) as error:
            raise Retry("the key service did not answer") from error
        raw = json.loads(answer["Plaintext"])
        return Identity(raw["name"], raw["address"], raw.get("phone", ""), tuple(raw.get("also", ())))

    def salts(self, number: str) -> dict[int, str]:
        """The salts of a case's commitments by history entry: for an auditor who checks a text against the chain."""
        return {
            int(seq): salt
            for row in self.row.query(f"SALT#{number}", consistent_read=True)
            for seq, salt in row.content().items()
        }
