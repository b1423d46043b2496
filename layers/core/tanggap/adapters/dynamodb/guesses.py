"""Counters of an hour in the cases table: rows that the table forgets by itself (`expires`)."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime, timedelta

from pynamodb.exceptions import PutError

from ...domain.errors import Retry
from ...domain.times import stamp
from . import keys
from .reading import REFUSED, reading
from .table import Row

#: Losses in a row against others who count the same; each of them was a try that counted.
_RACES = 8


def caller_name(salt: bytes, address: str) -> str:
    return hmac.new(salt, address.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def ends(at: datetime) -> datetime:
    """The end of the day of `at`, by which a row of it may go."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


class DynamoGuesses:
    def __init__(self, cases: type[Row]) -> None:
        self.row = cases
        self._salt: tuple[str, bytes] = ("", b"")

    def tries(self, what: str, at: datetime) -> int:
        return int(self._get(what, at).attempts or 0)

    def add(self, what: str, at: datetime) -> int:
        """By condition on the count that was read: of two at once both are counted."""
        for _ in range(_RACES):
            before = self._get(what, at).attempts
            row = self.row(keys.guess_pk(what), _hour(at), attempts=int(before or 0) + 1, expires=_epoch(ends(at)))
            unchanged = self.row.pk.does_not_exist() if before is None else self.row.attempts == before
            try:
                row.save(condition=unchanged)
                return int(row.attempts)
            except PutError as error:
                if error.cause_response_code != REFUSED:
                    raise Retry("a try could not be counted") from error
        raise Retry("lost every race for this counter")

    def caller(self, address: str, at: datetime) -> str:
        return caller_name(self._salt_of(stamp(at)[:10], at), address)

    def _get(self, what: str, at: datetime) -> Row:
        key = (keys.guess_pk(what), _hour(at))
        with reading():
            try:
                return self.row.get(*key, consistent_read=True)
            except self.row.DoesNotExist:
                return self.row(*key)

    def _salt_of(self, day: str, at: datetime) -> bytes:
        """The day's, made by whoever needs it first, over the one of the day before. Kept by a warm function no longer
        than the day either."""
        if self._salt[0] != day:
            self._salt = (day, self._stored_salt(day, at))
        return self._salt[1]

    def _stored_salt(self, day: str, at: datetime) -> bytes:
        for _ in range(_RACES):
            with reading():
                try:
                    row = self.row.get(*keys.SALT, consistent_read=True)
                except self.row.DoesNotExist:
                    row = None
            raw = row.content() if row else {}
            if raw.get("day", "") >= day:  # a clock behind midnight uses the new one
                return bytes.fromhex(raw["salt"])
            made = secrets.token_bytes(32)
            data = json.dumps({"day": day, "salt": made.hex()})
            unchanged = self.row.data == row.data if row else self.row.pk.does_not_exist()
            try:
                self.row(*keys.SALT, data=data, expires=_epoch(ends(at))).save(condition=unchanged)
                return made
            except PutError as error:
                if error.cause_response_code != REFUSED:
                    raise Retry("the day's salt could not be written") from error
        raise Retry("lost every race for the day's salt")


def _hour(at: datetime) -> str:
    return stamp(at)[:13]


def _epoch(at: datetime) -> int:
    return int(at.timestamp())
