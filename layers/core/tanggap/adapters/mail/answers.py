"""Do somebody's answers stand in a quote that has no quote signs? Evidence only; where there is some, all is kept."""

from __future__ import annotations

import re

from . import quote_words as words
from .tails import RULE, end_of_own

_ABOVE = 4_000  # characters of the own words above, from their end
_BELOW = 2_000  # lines of the quote, from its end
_ARROW = re.compile(r"\s{0,8}(?:={1,3}>|-{1,3}>|>{2,3}|\u2192|\u27a1|\u00bb|<{2,3}(?!http))\s{0,3}\w")
_BRACKETED = re.compile(r"\s{0,8}[\[({<]{1,2}\s?([^\[\](){}<>]{2,40}?)\s?[\])}>]{1,2}\s{0,2}:?\s{0,2}\S")
_NAMED = re.compile(
    r"\s{0,8}(?:jawab(?:an)?|tanggapan|balasan|komentar|answer|reply)(?: saya| kami)\s{0,3}[:：=-]", re.IGNORECASE
)
_BELOW_SAID = re.compile("|".join(words.ANSWERS_BELOW), re.IGNORECASE)
_GREETING = re.compile(rf"\s{{0,3}}(?:{words.GREETING})\s*", re.IGNORECASE)
_CLOSING = re.compile(rf"\s{{0,3}}(?:{words.CLOSING})\s*", re.IGNORECASE)
_SIGNATURE = 6  # lines under a letter's closing words
_WORD = re.compile(r"\w{3,}")


def announced(above: list[str]) -> bool:
    """Does the person say that more stands below ("jawaban saya di bawah, warna merah"), or have they only greeted?"""
    said = [line for line in above if line.strip() and not RULE.fullmatch(line[:200])]
    if all(len(line) <= 100 and _GREETING.fullmatch(line) for line in said):
        return True
    return _BELOW_SAID.search("\n".join(said)[-_ABOVE:]) is not None


def stand_in(quote: list[str], writer: str) -> bool:
    """Signs in the quote itself: arrows, "[Siti] sudah", the writer's own closing, or text that goes on after the
    quoted letter was closed."""
    end = end_of_own(quote)
    body = quote[max(0, end - _BELOW) : end]
    names = {word.lower() for word in _WORD.findall(writer[:200])}
    for line in body:
        if _ARROW.match(line) or _NAMED.match(line):
            return True
        if names and (mark := _BRACKETED.match(line)) and names & {word.lower() for word in _WORD.findall(mark[1])}:
            return True
    return _goes_on_after_closing(body)


def _goes_on_after_closing(body: list[str]) -> bool:
    """A letter that has closed does not go on: what follows its closing words, the names under them and one annex
    below a rule (a translation, a footer) is somebody else's."""
    closing = next((index for index in range(len(body) - 1, -1, -1) if _CLOSING.fullmatch(body[index][:120])), -1)
    if closing < 0:
        return False
    position = _after_block(body, _after_blank(body, closing + 1), _SIGNATURE)
    position = _after_blank(body, position)
    if position < len(body) and RULE.fullmatch(body[position][:200]):
        position = _after_block(body, _after_blank(body, position + 1), len(body))
    return any(line.strip() and not RULE.fullmatch(line[:200]) for line in body[position:])


def _after_blank(lines: list[str], position: int) -> int:
    while position < len(lines) and not lines[position].strip():
        position += 1
    return position


def _after_block(lines: list[str], position: int, room: int) -> int:
    limit = min(len(lines), position + room)
    while position < limit and lines[position].strip() and not RULE.fullmatch(lines[position][:200]):
        position += 1
    return position
