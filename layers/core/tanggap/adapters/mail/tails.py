"""What stands at the end and is nobody's own words: rules, signatures, "sent from my phone", legal notices, footers.

Only the end is looked at, a bounded number of lines of it. A formal letter's closing (Hormat saya, a name, a
telephone) belongs to the letter and stays."""

from __future__ import annotations

import re

from . import tail_words as words
from .openers import QUOTED_FOR_SURE

_SIGNATURE = 12  # lines
_PLAUSIBLE = 78  # characters of a signature's line where its mark is not the exact one
_FOOTER = 4  # lines under a rule
_SENT_FROM_LONGEST = 100
_NOTICE_LINES = 60  # all notices together
_NOTICE_SHORTEST = 40  # characters
_GOES_ON_SHORTEST = 60
_PARAGRAPH = 6_000  # characters that are looked at

RULE = re.compile(r"[\s*_=~#+\u1427\u2014-]{2,}|\u1427")
_SIGNED = re.compile(r"\s{0,3}(?:--|\u2014)\s*")
_UNDERLINE = re.compile(r"\s{0,3}_{5,}\s*")
_SENT_FROM = re.compile(rf"[\s\[(<*]{{0,6}}(?:{'|'.join(words.SENT_FROM)})", re.IGNORECASE)
_SEALED_END = "-----END PGP SIGNATURE-----"
_SEALED_BEGIN = "-----BEGIN PGP SIGNATURE-----"
_SEALED_LINES = 120

#: A mail whose end has none of these words has no notice: the cheap test.
_SMELLS = (
    *("confiden", "privileg", "intended", "rahasia", "penerima", "disclaimer", "virus", "avast", "avg.com", "dab4fad8"),
    *("unsubscribe", "berlangganan", "receiv", "menerima", "print", "cetak", "mailing list", "github", "discussion"),
    *("diskusi", "scanned", "dipindai"),
)
_OF = re.compile(words.NOTICE_OF)
_CLOSED = re.compile(words.NOTICE_CLOSED)
_STRANGER = re.compile(words.NOTICE_STRANGER)
_FIRST_PERSON = re.compile(words.FIRST_PERSON)
_GOES_ON = tuple(re.compile(rf"\b(?:{word})\b") for word in words.NOTICE_GOES_ON)
_HEADING = re.compile(rf"[\s*_=#~\[(-]{{0,6}}(?:{words.NOTICE_HEADING})[\s*_=:#~\])!.-]{{0,6}}", re.IGNORECASE)
_FOOTERS = re.compile(rf"[\s*_|>\[(<-]{{0,6}}(?:{'|'.join(words.FOOTERS)})", re.IGNORECASE)


def end_of_own(lines: list[str], keep_something: bool = True) -> int:
    """How many lines are left: blank lines, rules, signatures, programs' lines, notices, and quotes with nothing below
    them go. Quotes that are all there is stay, if something shall."""
    end = _after_rules(lines, len(lines))
    while end:
        before = end
        while end and len(lines[end - 1]) <= _SENT_FROM_LONGEST and _SENT_FROM.match(lines[end - 1]):
            end = _after_rules(lines, end - 1)
        start = end
        while start and (QUOTED_FOR_SURE.match(lines[start - 1]) or not lines[start - 1].strip()):
            start -= 1
        if start < end and (start or not keep_something):
            end = start
        end = _before_signature(lines, end)
        end = _before_seal(lines, end)
        end = _before_notices(lines, end)
        if end == before:
            break
        end = _after_rules(lines, end)
    return end


def _after_rules(lines: list[str], end: int) -> int:
    while end and (not lines[end - 1].strip() or RULE.fullmatch(lines[end - 1][:200])):
        end -= 1
    return end


def _before_signature(lines: list[str], end: int) -> int:
    for index in range(end - 1, max(end - _SIGNATURE - 2, 0), -1):
        line = lines[index]
        if len(line) > 200:
            return end
        if "-" not in line and "_" not in line and "\u2014" not in line:
            continue
        if _SIGNED.fullmatch(line):
            exact = line == "-- "
            return index if exact or all(_plausible(one) for one in lines[index + 1 : end]) else end
        if _UNDERLINE.fullmatch(line) and end - index <= _FOOTER + 1:
            return index
    return end


def _plausible(line: str) -> bool:
    """Two dashes alone may also part a report's sections: questions and long sentences are no signature."""
    return (len(line) <= _PLAUSIBLE or "://" in line or "www." in line or _FOOTERS.match(line) is not None) and (
        not line.rstrip().endswith("?")
    )


def _before_seal(lines: list[str], end: int) -> int:
    """A PGP signature under a text that was read."""
    if not end or lines[end - 1].strip() != _SEALED_END:
        return end
    for index in range(end - 1, max(end - _SEALED_LINES, 0), -1):
        if lines[index].strip() == _SEALED_BEGIN:
            return index
    return end


def _before_notices(lines: list[str], end: int) -> int:
    """Upwards by paragraphs as long as they are notices, or go on with one; up to the topmost notice."""
    floor = max(end - _NOTICE_LINES, 0)
    low = "\n".join(lines[floor:end])[-_NOTICE_LINES * _PARAGRAPH :].lower()
    if not any(word in low for word in _SMELLS):
        return end
    found = bottom = end
    while bottom > floor:
        top = bottom
        while top > floor and lines[top - 1].strip() and not RULE.fullmatch(lines[top - 1][:200]):
            top -= 1
        start = _notice_in(lines, top, bottom)
        if start is not None:
            found = start
            if start > top:
                break  # own words directly above
        elif found < end and bottom - top == 1 and _HEADING.fullmatch(lines[top][:80]):
            found = top
            break
        elif not _goes_on(" ".join(lines[top:bottom])[:_PARAGRAPH]):
            break
        bottom = _after_rules(lines, top)
    return found


def _notice_in(lines: list[str], top: int, bottom: int) -> int | None:
    """The line of this paragraph at which a notice begins that runs to its end."""
    if _FOOTERS.match(lines[top]):
        return top
    whole = " ".join(lines[top:bottom])[:_PARAGRAPH]
    if _is_notice(whole) and (_OF.search(_opening_words(lines[top])) or _HEADING.match(lines[top][:80])):
        return top
    for index in range(top + 1, bottom):  # one that stands directly under somebody's own words
        if _FOOTERS.match(lines[index]) or _begins_notice(lines, index, bottom):
            return index
    return top if _is_notice(whole) else None


def _begins_notice(lines: list[str], index: int, bottom: int) -> bool:
    return _OF.match(_opening_words(lines[index])) is not None and _is_notice(
        " ".join(lines[index:bottom])[:_PARAGRAPH]
    )


def _opening_words(line: str) -> str:
    return line[:120].lower().lstrip(" \t*_|([\"'")


def _is_notice(text: str) -> bool:
    if len(text) < _NOTICE_SHORTEST or _FIRST_PERSON.search(text):
        return False
    low = text.lower()
    return all(pattern.search(low) for pattern in (_OF, _CLOSED, _STRANGER))


def _goes_on(text: str) -> bool:
    if len(text) < _GOES_ON_SHORTEST or "?" in text or _FIRST_PERSON.search(text):
        return False
    low = text.lower()
    return sum(1 for pattern in _GOES_ON if pattern.search(low)) >= 2
