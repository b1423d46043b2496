"""What a mail answers, and whether a quote in it is a letter of ours.

A letter of ours is known, so its quote may go. What a first report quotes is known to nobody else: it is evidence.
The head decides for the mail; where that is silent or a program dropped it, the quote itself does: our marker, our
address, our number."""

from __future__ import annotations

import re
from enum import StrEnum

from ...domain.numbers import number_in
from . import openers
from . import quote_words as words

_ANSWERED = re.compile(rf"\s*(?:\[[^\]]{{0,60}}\]\s*)?{words.ANSWERED_SUBJECT}", re.IGNORECASE)
_FORWARDED = re.compile(rf"\s*(?:{words.FORWARDED_SUBJECT})", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]|*=]{1,64}@[^\s<>\"'(),;:\[\]|*]{1,255}")
_NUMBERED = re.compile(r"[\s>|*]{0,40}nomor laporan\s{0,20}:", re.IGNORECASE)  # stands in our letters' heads
_SES = ".amazonses.com"  # SES puts its own Message-ID in place of ours
_LETTER = 40  # lines of a quote in which a letter of ours shows itself
_ADDRESSES = 20


class Standing(StrEnum):
    """`UNTOLD`: a text without its head; `FIRST`: answers nothing; `OTHERS`: a thread that shows no sign of us."""

    UNTOLD = "untold"
    FIRST = "first"
    OTHERS = "others"
    OURS = "ours"


def answers(subject: str) -> bool:
    return _ANSWERED.match(subject[:200]) is not None


def forwards(subject: str) -> bool:
    return _FORWARDED.match(subject[:40]) is not None


def standing(subject: str, references: tuple[str, ...], ours: tuple[str, ...]) -> Standing:
    """`ours`: the addresses at which we received it. Our number or reply address alone make no answer: whoever writes
    anew to one quotes what is new. A forwarded mail is a report, though its program names the ids of what it holds."""
    domains = tuple("@" + domain for one in ours if (domain := one.rpartition("@")[2]))
    if any(one.endswith((_SES, *domains)) for one in references[:_ADDRESSES]):
        return Standing.OURS
    if not answers(subject) and (not references or forwards(subject)):
        return Standing.FIRST
    token = any("+" in one.rpartition("@")[0] for one in ours[:_ADDRESSES])
    return Standing.OURS if token or number_in(subject) else Standing.OTHERS


def plain(addresses: tuple[str, ...]) -> frozenset[str]:
    """Without case and without a case's token."""
    return frozenset(_plain(one) for one in addresses[:_ADDRESSES] if "@" in one)


def names_another(lines: list[str], start: int, end: int, ours: frozenset[str]) -> bool:
    """Does an opener name addresses, and none of ours?"""
    named = _named(lines, start, end)
    return bool(named) and not named & ours


def is_ours(lines: list[str], start: int, end: int, ours: frozenset[str]) -> bool:
    """Is what is quoted below the opener `lines[start:end]` a letter of ours? Where it names somebody else, only if our
    marker stands at its very top: their own words may stand over a letter of ours."""
    if openers.is_marker(lines, start):
        return True
    named = _named(lines, start, end)
    if named & ours:
        return True
    if not named and number_in("\n".join(line[: openers.LONGEST] for line in lines[start:end])):
        return True
    depth = -1
    top = True
    for index in range(end, min(end + _LETTER, len(lines))):
        line = lines[index]
        bare = line[:200].lstrip(" >")
        if not bare.strip():
            continue
        marks = line[:200].count(">", 0, len(line[:200]) - len(bare))
        depth = marks if depth < 0 else depth
        if marks != depth:
            if marks < depth:
                break  # the quote is over
            continue
        if (top or not named) and openers.is_marker(lines, index):
            return True
        if not named and (openers.ends_ours(line) or _NUMBERED.match(line[:200])):
            return True
        top = False
    return False


def _named(lines: list[str], start: int, end: int) -> frozenset[str]:
    found: set[str] = set()
    for line in lines[start:end]:
        if "@" in line:
            found.update(_plain(one) for one in _ADDRESS.findall(line[: openers.LONGEST])[:_ADDRESSES])
    return frozenset(found)


def _plain(address: str) -> str:
    local, _, domain = address.lower().removeprefix("mailto:").rpartition("@")
    return f"{local.partition('+')[0]}@{domain.rstrip('.')}"
