"""What stands at the end and is nobody's own words: rules, signatures, "sent from my phone", legal notices, footers.

Only the end is looked at, a bounded number of lines of it. A formal letter's closing (Hormat saya, a name, a
telephone) belongs to the letter and stays.

Two dashes also part a report's sections. A signature left in costs the reader a line, a report cut off costs trust:
what is cut must have the mark, something said above it, and nothing in it that tells of a matter."""

from __future__ import annotations

import re
from collections.abc import Callable

from . import signers
from . import tail_words as words
from .openers import QUOTED_FOR_SURE, lists
from .signers import NOBODY, Sender

_SIGNATURE = 12  # lines
_LONGEST = 78  # characters of a signature's line, unless it holds a link
_FOOTER = 4  # lines under an underline
_NAME = 10  # words of a line that may be a name, a title, an address
_SLOGAN = 3  # words in small letters, where the mark is not the exact one
_ADDRESSED = 60  # characters of an address or a heading
_SENT_FROM_LONGEST = 100
_NOTICE_LINES = 60  # all notices together
_NOTICE_SHORTEST = 40  # characters
_GOES_ON_SHORTEST = 60
_PARAGRAPH = 6_000  # characters that are looked at

RULE = re.compile(r"[\s*_=~#+\u1427\u2014-]{2,}|\u1427")
_SIGNED = re.compile(r"\s{0,3}(?:--|\u2014)\s*")
_UNDERLINE = re.compile(r"\s{0,3}_{5,}\s*")
_EXACT = "-- "  # RFC 3676 4.3; programs write it
_CLOSES = re.compile(rf"\W{{0,3}}{words.CLOSES}", re.IGNORECASE)
_SAYS_SIGNATURE = re.compile(words.SAYS_SIGNATURE, re.IGNORECASE)
_FIELD = re.compile(r"\W{0,6}([^\W\d][\w .()/&'-]{0,30}?)\s{0,3}[:\uff1a=]\s?([^/].{0,80})?")
_REACHES = re.compile(r"[\d@]|://|www\.")
_LINK = re.compile(r"://|www\.|\S@\S")
_LINKS = re.compile(r"\S{0,100}(?:@|://|www\.)\S{0,200}")
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
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


def end_of_own(lines: list[str], keep_something: bool = True, bullets: bool = False, sender: Sender = NOBODY) -> int:
    """How many lines are left: blank lines, rules, signatures, programs' lines, notices, and quotes with nothing below
    them go. Quotes that are all there is stay, if something shall; and those that may be the person's own `bullets`,
    or that a line of theirs announces."""
    end = _after_rules(lines, len(lines))
    above = _Above(lines)
    while end:
        before = end
        while end and _is_sent_from(lines[end - 1]):
            end = _after_rules(lines, end - 1)
        start = end
        while not bullets and start and (QUOTED_FOR_SURE.match(lines[start - 1]) or not lines[start - 1].strip()):
            start -= 1
        if start < end and (lists(lines[start - 1]) if start else keep_something):
            bullets = True  # not looked at again
        else:
            end = start
        end = _before_signature(lines, end, above, sender)
        end = _before_seal(lines, end)
        end = _before_notices(lines, end)
        if end == before:
            break
        end = _after_rules(lines, end)
    return end


def _after_rules(lines: list[str], end: int, floor: int = 0) -> int:
    while end > max(floor, 0) and (not lines[end - 1].strip() or RULE.fullmatch(lines[end - 1][:200])):
        end -= 1
    return end


class _Above:
    """What stands above any line, looked for once and only where a mark is found: the first line that says something,
    the first mark that is not the exact one, the first that is."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.found: tuple[int, int, int] | None = None

    def is_a_report(self, index: int, exact: bool) -> bool:
        """Can what stands above the mark in this line stand alone, and is the mark the only one of its kind?"""
        if self.found is None:
            self.found = self._first(says), self._first(_is_mark), self._first(_EXACT.__eq__)
        said, mark, exact_mark = self.found
        top = _after_rules(self.lines, index, index - _SIGNATURE)  # two marks with nothing between them are one
        last = self.lines[top - 1] if top else ""
        if last.rstrip().endswith((":", "\uff1a")) and not QUOTED_FOR_SURE.match(last):
            return False  # it announces what follows
        return exact_mark >= top if exact else said < top <= mark

    def _first(self, test: Callable[[str], bool]) -> int:
        return next((index for index, line in enumerate(self.lines) if test(line)), len(self.lines))


def _is_mark(line: str) -> bool:
    return len(line) <= 200 and line != _EXACT and (_SIGNED.fullmatch(line) or _UNDERLINE.fullmatch(line)) is not None


def _before_signature(lines: list[str], end: int, above: _Above, sender: Sender) -> int:
    for index in range(end - 1, max(end - _SIGNATURE - 2, 0), -1):
        line = lines[index]
        if len(line) > 200:
            return end
        if "-" not in line and "_" not in line and "\u2014" not in line:
            continue
        exact = line == _EXACT
        if not exact and not _is_mark(line):
            continue
        if "_" in line and end - index > _FOOTER + 1:
            continue
        below = [line for line in lines[index + 1 : end] if not RULE.fullmatch(line[:200])]
        if not above.is_a_report(index, exact) or not _signs(below, exact, sender):
            return end
        return end if signers.tells(lines[:index], below, exact, sender) else index
    return end


def _signs(lines: list[str], exact: bool, sender: Sender = NOBODY) -> bool:
    """Is this who somebody is and how to reach them, not what they tell?"""
    said = [line for line in lines if line.strip()]
    if said and _SAYS_SIGNATURE.fullmatch(said[0]):
        return True
    if said and not exact and not (_is_name(said[0]) or _CLOSES.match(said[0]) or sender.is_in(said[0])):
        return False
    if exact and any(word in words.THINGS for word in _lower_words(said[0] if said else "")[:1]):
        return False
    return all(_may_sign(line, exact) for line in said)


def _may_sign(line: str, exact: bool) -> bool:
    linked = _LINK.search(line) is not None
    if (len(line) > _LONGEST and not linked) or line.rstrip().endswith(("?", "!")):
        return False
    field = _FIELD.fullmatch(line)
    if field is not None and field[2] and not linked:
        label = _WORD.search(field[1].lower())
        if label is None or label[0] not in words.CONTACTS or not _REACHES.search(field[2]):
            return False
    if _CLOSES.match(line):
        return not tells(_CLOSES.sub("", line, count=1))
    return not tells(line) and (exact or linked or len(_small(line)) <= _SLOGAN)


def _is_name(line: str) -> bool:
    """A name, a title, an office: each word with a capital, or one word alone. A street or a thing is not who."""
    found = _WORD.findall(_LINKS.sub("", line[:200]))
    if not found or len(found) > _NAME or found[0].lower() in words.THINGS:
        return False
    if found[0].lower() not in words.OFFICES and {"rt", "rw"} & {word.lower() for word in found}:
        return False
    return len(found) == 1 or not _small(_LINKS.sub("", line[:200]))


def _small(line: str) -> list[str]:
    return [word for word in _WORD.findall(line[:200]) if word[0].islower() and word.lower() not in words.PARTICLES]


def tells(line: str) -> bool:
    """Has this line a word that makes a sentence, or one of what people report?"""
    return any(word in words.SENTENCE or is_matter(word) for word in _lower_words(line))


def _lower_words(line: str) -> list[str]:
    return _WORD.findall(line[:400].lower().replace("\u2019", "'"))


def is_matter(word: str) -> bool:
    """With Indonesian's prefixes and suffixes taken off."""
    if word in words.MATTERS:
        return True
    if not 4 <= len(word) <= 20:
        return False
    for prefix in ("", *words.PREFIXES):
        if word.startswith(prefix):
            rest = word[len(prefix) :]
            if rest in words.MATTERS or any(
                rest.endswith(suffix) and rest[: -len(suffix)] in words.MATTERS for suffix in words.SUFFIXES
            ):
                return True
    return False


def says(line: str) -> bool:
    """Is there more in this line than a greeting, an address or a heading? Quotes and rules say nothing."""
    bare = line.strip()
    if not bare or QUOTED_FOR_SURE.match(line) or RULE.fullmatch(line[:200]):
        return False
    found = _lower_words(line)
    if not found:
        return True  # a number, a smiling face
    if all(word in words.GREETS for word in found) or bare.endswith((":", "：")):
        return False
    if any(is_matter(word) for word in found if word not in words.ADDRESSES):
        return True
    return len(bare) > _ADDRESSED or not (found[0] in words.ADDRESSES or bare.isupper())


def _is_sent_from(line: str) -> bool:
    """Not where the sentence goes on with what somebody tells: "Dikirim dari HP pencuri ada foto"."""
    if len(line) > _SENT_FROM_LONGEST or not (found := _SENT_FROM.match(line)):
        return False
    rest = _lower_words(line[found.end() :])
    return not line.rstrip().endswith("?") and not any(
        word in words.AFTER_DEVICE or (word in words.SENTENCE and word not in words.PROGRAM_SAYS) or is_matter(word)
        for word in rest
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
    if _is_footer(lines[top]):
        return top
    whole = " ".join(lines[top:bottom])[:_PARAGRAPH]
    if _is_notice(whole) and (_OF.search(_opening_words(lines[top])) or _HEADING.match(lines[top][:80])):
        return top
    for index in range(top + 1, bottom):  # one that stands directly under somebody's own words
        if _is_footer(lines[index]) or _begins_notice(lines, index, bottom):
            return index
    return top if _is_notice(whole) else None


def _begins_notice(lines: list[str], index: int, bottom: int) -> bool:
    return _OF.match(_opening_words(lines[index])) is not None and _is_notice(
        " ".join(lines[index:bottom])[:_PARAGRAPH]
    )


def _opening_words(line: str) -> str:
    return line[:120].lower().lstrip(" \t*_|([\"'")


def _is_footer(line: str) -> bool:
    return _FOOTERS.match(line) is not None and not is_of_a_matter(line)


def is_of_a_matter(text: str) -> bool:
    return any(word in words.CITIZEN or is_matter(word) for word in _lower_words(text))


def _is_notice(text: str) -> bool:
    if len(text) < _NOTICE_SHORTEST or _FIRST_PERSON.search(text):
        return False
    low = text.lower()
    return all(pattern.search(low) for pattern in (_OF, _CLOSED, _STRANGER)) and not any(
        word in words.CITIZEN for word in _WORD.findall(low)
    )


def _goes_on(text: str) -> bool:
    if len(text) < _GOES_ON_SHORTEST or "?" in text or _FIRST_PERSON.search(text):
        return False
    low = text.lower()
    return sum(1 for pattern in _GOES_ON if pattern.search(low)) >= 2
