"""A case number and a receipt code that stand beside each other in what a person wrote, however they wrote them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from . import numbers, receipts
from .numbers import ALPHABET

#: Characters between the two: further apart they do not speak of each other.
BESIDE = 200
#: Numbers, and words like codes, of one text that are looked at.
LOOKED_AT = 20
HIDDEN = "[kode disamarkan]"

_DASH = r"\-\u2010-\u2015"
_ONE, _THREE, _FIVE = f"[{ALPHABET}]", f"[{ALPHABET}]{{3}}", f"[{ALPHABET}]{{5}}"
_PREFIXED = re.compile(
    rf"(?<![A-Z0-9])TGP[\s:.{_DASH}]{{0,3}}({_THREE}[\s.{_DASH}]?{_THREE}[\s.{_DASH}]?{_THREE})(?![A-Z0-9])",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<![A-Z0-9])({_ONE}{{9}})(?![A-Z0-9])", re.IGNORECASE)
_CODE = re.compile(rf"(?<![A-Z0-9])(?:{_FIVE} {_FIVE}|{_ONE}(?:[.{_DASH}]?{_ONE}){{9}})(?![A-Z0-9])", re.IGNORECASE)
_LABEL = re.compile(r"(?:kode|code)(?:nya)?(?: tanda terima| receipt)?[\s:=.,]*\Z", re.IGNORECASE)
_SEPARATORS = re.compile(rf"[\s,;:/.{_DASH}]*")


def pairs_in(text: str) -> Iterator[tuple[str, str]]:
    """(number, code) in their one spelling. The number is empty where what follows our prefix is none."""
    named = list(_numbers(text))
    for begin, end, code in _codes(text, named):
        for number, its_begin, its_end in named:
            if begin - its_end <= BESIDE and its_begin - end <= BESIDE:
                yield number, code


def without(text: str, codes: Collection[str]) -> str:
    """The text with these codes out of sight, however they are spelt in it."""

    def hidden(found: re.Match[str]) -> str:
        return HIDDEN if receipts.normalise(found[0]) in codes else found[0]

    return _CODE.sub(hidden, text)


def without_any(text: str) -> str:
    """The same of all that looks like a code."""
    return without(text, {code for _, _, code in _codes(text, list(_numbers(text)))})


def _numbers(text: str) -> Iterator[tuple[str, int, int]]:
    taken = [found.span() for found in _first(_PREFIXED.finditer(text))]
    for begin, end in taken:
        yield numbers.normalise(text[begin:end].replace(":", "").replace(".", "")) or "", begin, end
    for found in _first(_BARE.finditer(text)):
        inside = any(begin <= found.start() < end for begin, end in taken)
        # A word of nine letters may pass the check; nobody writes a number in small letters without a digit.
        own = found[0].isupper() or any(sign.isdigit() for sign in found[0])
        if own and not inside and (number := numbers.normalise(found[0])):
            yield number, found.start(), found.end()


def _codes(text: str, named: list[tuple[str, int, int]]) -> Iterator[tuple[int, int, str]]:
    for found in _first(_CODE.finditer(text)):
        within = any(begin < found.end() and found.start() < end for _, begin, end in named)
        code = receipts.normalise(found[0])
        if code and not within and not code.isdigit() and _meant(found, text, named):
            yield found.start(), found.end(), code


def _meant(found: re.Match[str], text: str, named: list[tuple[str, int, int]]) -> bool:
    """A word of ten letters is a code where it stands as one."""
    if any(sign.isdigit() for sign in found[0]) or _LABEL.search(text[max(0, found.start() - 30) : found.start()]):
        return True
    follows = any(
        end <= found.start() <= end + 20 and _SEPARATORS.fullmatch(text, end, found.start()) for _, _, end in named
    )
    alone = not text[found.end() :].partition("\n")[0].strip(" .!?")
    return follows and (alone or (found[0].isupper() and not text.isupper()))


def _first(found: Iterator[re.Match[str]]) -> Iterator[re.Match[str]]:
    for _, one in zip(range(LOOKED_AT), found, strict=False):
        yield one
