"""Receipt codes: what a reporter shows, with the number, to follow a case and to write to it.

A form's code is random and minted as the report comes in; the case keeps a digest of it. Every case has one besides
that its number and a key of ours alone give, so that whoever wrote by mail or chat can be told one, and no row holds
it. Both open the case. Codes use the alphabet of numbers, in which nothing sounds or looks like something else."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable

from .numbers import ALPHABET

LENGTH = 10  # 29^10 = 4·10^14, beside a number that is not guessable either
#: What each of a code's characters is drawn from: as many bits more than it needs as make every character as likely.
ENTROPY_BITS = 128
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015.]")


def code_from(entropy: int) -> str:
    """A code out of ENTROPY_BITS random bits."""
    code = ""
    for _ in range(LENGTH):
        entropy, digit = divmod(entropy, len(ALPHABET))
        code += ALPHABET[digit]
    return code


def derived(number: str, key: bytes) -> str:
    """The code that a number has under one key of ours."""
    mac = hmac.new(key, b"receipt:" + number.encode(), hashlib.sha256).digest()
    return code_from(int.from_bytes(mac[: ENTROPY_BITS // 8], "big"))


def digest(number: str, code: str) -> str:
    """What the case keeps of a form's code (hex). With the number in it, equal codes of two cases do not look equal."""
    return hashlib.sha256(f"{number}:{code}".encode()).hexdigest()


def normalise(text: str) -> str | None:
    """What a person typed or dictated, as a code: case, blanks, dots and hyphens do not matter. None for what can't be
    one."""
    if len(text) > 10 * LENGTH:
        return None
    code = _SEPARATORS.sub("", text).upper()
    return code if len(code) == LENGTH and all(sign in ALPHABET for sign in code) else None


def opens(code: str, number: str, receipt: str, keys: Iterable[bytes]) -> bool:
    """Is this a code of that number: the one whose digest the case keeps (`receipt`, empty where there is none), or the
    one of any key? Takes as long whichever fits, and for none."""
    known = [receipt.encode(), *(digest(number, derived(number, key)).encode() for key in keys)]
    given = digest(number, code).encode()
    fits = [hmac.compare_digest(one, given) for one in known]
    return any(fits)
