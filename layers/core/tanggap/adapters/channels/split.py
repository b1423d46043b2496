"""Long texts in parts: never within a character, within a word or an address only where one alone is too long."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

#: What a platform counts: (character) -> its weight.
Weight = Callable[[str], int]
#: More parts than this are no message any more.
PARTS = 30
#: "(30/30) "
_MARK = 8
#: Where a part had best end: after an empty line, a line, a sentence; then after a word.
_ENDS = ("\n\n", "\n", ". ")
_JOINER, _SELECTORS, _SKINS = "\u200d", range(0xFE00, 0xFE10), range(0x1F3FB, 0x1F400)


@dataclass(frozen=True, slots=True)
class Limit:
    """Of one message."""

    most: int
    weight: Weight


def utf16(character: str) -> int:
    """Units of UTF-16: two for what lies beyond the basic plane, most emoji among it."""
    return 2 if ord(character) > 0xFFFF else 1


def utf8(character: str) -> int:
    code = ord(character)
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4


def length(text: str, weight: Weight) -> int:
    return sum(map(weight, text))


def split(text: str, limit: int, weight: Weight = utf16) -> tuple[str, ...]:
    """Parts of at most `limit`, which joined are the text. The limit is at least 16."""
    parts = []
    start = 0
    while start < len(text):
        most = _reach(text, start, limit, weight)
        end = most if most == len(text) else _end(text, start, most)
        parts.append(text[start:end])
        start = end
    return tuple(parts)


def messages(text: str, limit: Limit, *, numbered: bool) -> tuple[str, ...]:
    """The texts of the messages that a long one becomes: trimmed, none empty. `numbered` where the platform does not
    promise their order."""
    whole = plain(text)
    if length(whole, limit.weight) <= limit.most:
        return (whole,) if whole else ()
    room = limit.most - _MARK if numbered else limit.most
    parts = [part.strip() for part in split(whole, room, limit.weight) if part.strip()]
    if not numbered or len(parts) == 1:
        return tuple(parts)
    return tuple(f"({number}/{len(parts)}) {part}" for number, part in enumerate(parts, 1))


def plain(text: str) -> str:
    """Trimmed, and without what no platform takes: half a surrogate pair, a control sign other than a line's end."""
    whole = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\t", " ")
    return "".join(sign for sign in whole if sign == "\n" or unicodedata.category(sign) != "Cc").strip()


def _reach(text: str, start: int, limit: int, weight: Weight) -> int:
    """How far from `start` the limit goes; one character at least."""
    total, at = 0, start
    while at < len(text):
        total += weight(text[at])
        if total > limit and at > start:
            return at
        at += 1
    return at


def _end(text: str, start: int, most: int) -> int:
    """The best place to end at or before `most`. The end of a line or a sentence counts only in the second half: short
    parts are more messages."""
    half = start + (most - start) // 2
    for mark in _ENDS:
        found = text.rfind(mark, half, most)
        if found >= 0:
            return found + len(mark)
    if text[most].isspace():
        return most
    at = most
    while at > start and not text[at - 1].isspace():
        at -= 1
    return at if at > start else _between(text, start, most)


def _between(text: str, start: int, most: int) -> int:
    """In a word that is too long: not before a mark that belongs to the character in front of it."""
    at = most
    while at - start > 1 and most - at < 16 and (_clings(text[at]) or text[at - 1] == _JOINER):
        at -= 1
    return at if at - start > 1 else most


def _clings(character: str) -> bool:
    code = ord(character)
    return bool(unicodedata.combining(character)) or character == _JOINER or code in _SELECTORS or code in _SKINS
