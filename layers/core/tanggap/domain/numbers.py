"""Case numbers that survive dictation, and the proofs that live in our reply addresses.

The alphabet has 29 characters, a prime: a check character modulo 29 then catches every single wrong character and every
swap of two neighbours. It leaves out 0/O, 1/I/L, 8 and 9, so that a number in lower case is base32 and fits an
address."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ234567"
PREFIX = "TGP-"
BODY = 8  # 29^8 = 5·10^11: a guess hits one of a million cases once in 500,000 tries, and a number alone opens nothing
_MAC = 16  # 80 bits
_VALUE = {char: index for index, char in enumerate(ALPHABET)}
_IN_TEXT = re.compile(rf"(?<![A-Z0-9])TGP[-\u2010-\u2015 ]?([{ALPHABET}]{{{BODY + 1}}})(?![A-Z0-9])", re.IGNORECASE)
#: 26 leaves room in the 64 characters of a local part; longer is somebody else's label.
TOKEN_LENGTH = BODY + 1 + _MAC


def _check(body: str) -> str:
    return ALPHABET[-sum((place + 2) * _VALUE[char] for place, char in enumerate(body)) % 29]


def number_from(entropy: int) -> str:
    """A case number out of at least 40 random bits."""
    body = ""
    for _ in range(BODY):
        entropy, digit = divmod(entropy, 29)
        body += ALPHABET[digit]
    return PREFIX + body + _check(body)


def valid(number: str) -> bool:
    body = number.removeprefix(PREFIX)
    return (
        number.startswith(PREFIX)
        and len(body) == BODY + 1
        and all(char in _VALUE for char in body)
        and _check(body[:-1]) == body[-1]
    )


def number_in(text: str) -> str | None:
    """The first valid case number in a text such as a subject, in its one spelling."""
    return next(_numbers(text), None)


def numbers_in(text: str) -> tuple[str, ...]:
    """All of them, each once."""
    return tuple(dict.fromkeys(_numbers(text)))


def _numbers(text: str) -> Iterator[str]:
    for found in _IN_TEXT.finditer(text[:2000]):
        number = PREFIX + found.group(1).upper()
        if valid(number):
            yield number


def normalise(text: str) -> str | None:
    """What a person typed or dictated, as a number: case, spaces and hyphens do not matter."""
    body = re.sub(r"[\s\-\u2010-\u2015]", "", text.upper())
    candidates = (PREFIX + body.removeprefix("TGP"), PREFIX + body)  # a body may begin with these letters itself
    return next((number for number in candidates if valid(number)), None)


def _mac(number: str, key: bytes) -> str:
    digest = hmac.new(key, b"reply-token:" + number.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def reply_token(number: str, key: bytes) -> str:
    """The label of our reply address: it permits adding to this case, nothing else. No row is needed to check it."""
    return number.removeprefix(PREFIX).lower() + _mac(number, key)


def number_of_token(token: str, keys: Sequence[bytes]) -> str | None:
    """The case that a token belongs to, or None for a forged one. `keys`: the one in use first, then older ones."""
    number = PREFIX + token[: BODY + 1].upper()
    if len(token) != TOKEN_LENGTH or not valid(number):
        return None
    mac = token[BODY + 1 :].lower().encode("utf-8", "surrogatepass")
    return number if any(hmac.compare_digest(_mac(number, key).encode(), mac) for key in keys) else None
