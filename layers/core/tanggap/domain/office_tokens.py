"""The proof in the reply address of a letter to an office: who may answer which case by mail, until when.

It stands for one address on one case. It opens nothing alone: whoever holds it must also be that address (DMARC)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from . import numbers

#: Case numbers are written without the letter O, so no citizen's token begins with it; nor has one this length.
MARK = "o"
#: How long a letter may be answered. A case takes 5 to 14 working days as a rule; a month covers one round of asking
#: back, and a mailbox that somebody opens a year later speaks for nobody.
REPLY_DAYS = 30
_FIRST_DAY = date(2020, 1, 1)  # three characters of base32 count 32,768 days from here, into 2109
_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
_NUMBER, _DAY, _MAC = numbers.BODY + 1, 3, 13  # 65 bits, and a guess must come from the office's own domain besides
LENGTH = len(MARK) + _NUMBER + _DAY + _MAC


@dataclass(frozen=True, slots=True)
class OfficeToken:
    """`until`: the last day of the agency's calendar on which it is good."""

    number: str
    address: str
    until: date


def normal(address: str) -> str:
    """As the policy keeps addresses."""
    return address.strip().lower()


def office_token(given: OfficeToken, key: bytes) -> str:
    """Lower-case base32, 26 characters."""
    rest = (given.until - _FIRST_DAY).days
    day = ""
    for _ in range(_DAY):
        rest, digit = divmod(rest, len(_DIGITS))
        day = _DIGITS[digit] + day
    if rest:
        raise ValueError("a day that a token cannot hold")
    number = given.number.removeprefix(numbers.PREFIX).lower()
    return MARK + number + day + _mac(given.number, day, normal(given.address), key)


def number_claimed(token: str) -> str | None:
    """The case that a token of this shape names, proved or not."""
    number = numbers.PREFIX + token[len(MARK) : len(MARK) + _NUMBER].upper()
    return number if token.startswith(MARK) and len(token) == LENGTH and numbers.valid(number) else None


def opened(token: str, addresses: Iterable[str], keys: Sequence[bytes]) -> OfficeToken | None:
    """What a token stands for, if one of these addresses is the one that it was made for. `keys`: the one in use first,
    then older ones. Which of them fits is no secret; each comparison takes the same time."""
    number = number_claimed(token)
    if number is None:
        return None
    day, mac = token[len(MARK) + _NUMBER : -_MAC], token[-_MAC:].encode("utf-8", "surrogatepass")
    if not all(digit in _DIGITS for digit in day):
        return None
    for address in dict.fromkeys(normal(one) for one in addresses):
        if any(hmac.compare_digest(_mac(number, day, address, key).encode(), mac) for key in keys):
            return OfficeToken(number, address, _FIRST_DAY + timedelta(days=_count(day)))
    return None


def _count(day: str) -> int:
    found = 0
    for digit in day:
        found = found * len(_DIGITS) + _DIGITS.index(digit)
    return found


def _mac(number: str, day: str, address: str, key: bytes) -> str:
    """The citizens' tokens are made with the same key under another word."""
    said = "\0".join(("office-token:", number, day, address)).encode("utf-8", "surrogatepass")
    return base64.b32encode(hmac.new(key, said, hashlib.sha256).digest()).decode()[:_MAC].lower()
