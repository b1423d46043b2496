"""What announces a quote: an attribution ("Pada … menulis:"), a header block (Dari, Dikirim, Kepada, Perihal), a line
between dashes, our own marker. Each look is at one line and at most a few after it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...domain.letter_frame import END_MARK, MARKER, REPLY_ABOVE
from . import quote_words as words

LOOKED_AT = 2_000  # lines; nobody writes more above a quote
LONGEST = 1000  # a longer line opens nothing
_WRAPPED = 6  # lines over which one opening line may be broken
_OPENING = 400  # characters of such a line
_HEADER_LINES = 12  # lines in which the labels of a header block must stand

#: Stands over the quoted part of every mail of ours; the surest sign of where an answer ends. Either language's half.
_MARKS = tuple(half.strip(" -").lower() for half in (REPLY_ABOVE, MARKER.partition("/")[2]))
_ENDS = tuple(half.strip(" -").lower() for half in END_MARK.split("/"))
_MARK_LINES = 3  # lines over which a client may break it

QUOTED = re.compile(r"\s{0,3}(?:>|\||[A-Z]{1,3}>)")
QUOTED_FOR_SURE = re.compile(r"\s{0,3}(?:>|[A-Z]{1,3}>)")  # a bar may also be a table's
_LEADING = " \t>|*_\u00a0\u200e\u200f\ufeff"

#: Whatever announces a quote holds one of these; most lines of prose are passed over at once.
_SIGNS = re.compile(r"[\d@:：_*=/-]")
_STARTS = re.compile(words.STARTS, re.IGNORECASE)
_STARTING_WORD = re.compile(words.STARTING_WORDS, re.IGNORECASE)
_WROTE = re.compile(rf"(?:{words.WROTE})\s*{words.COLONS}+\W{{0,10}}$", re.IGNORECASE)
_WROTE_BEFORE = re.compile(rf"\b(?:{words.WROTE_IN_THE_MIDDLE})\b.{{0,200}}:\s*$", re.IGNORECASE)
_ISO_DATED = re.compile(r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}\b.{0,200}(?:>:?|GMT[+-]\d\d:\d\d.{0,80})$")
_ADDRESS = re.compile(r"<[^<>@]{1,200}@[^<>]{1,200}>|\S@\S")
_TIME = re.compile(r"\b\d{1,2}[.:]\d{2}\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|(?:19|20)\d\d年")
_DIGIT = re.compile(r"\d")
_TOLD_OF = re.compile(words.TOLD_OF, re.IGNORECASE)
_SENTENCE = re.compile(r".{0,58}(?:[!?]|\w{5,}\.)")
_LABEL = re.compile(
    "(?:" + "|".join(f"(?P<{kind}>{said})" for kind, said in words.LABELS.items()) + r")\s{0,3}\*{0,2}\s?[:：]",
    re.IGNORECASE,
)
_DASHES = ("--", "__", "**", "==")
_ORIGINAL = re.compile(rf"(?<![-_*=])[-_*=]{{2,}}\s*(?:{words.ORIGINAL})\s*[-_*=]{{2,}}", re.IGNORECASE)
_FORWARDED = re.compile(rf"(?<!-)-{{2,}}\s*(?:{words.FORWARDED})(?!\w)", re.IGNORECASE)
_FORWARDED_BEGINS = re.compile(rf"(?:{words.FORWARDED_BEGINS})\s*[:：]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opening:
    """`length` in lines, 0 for none; `sure` that it opens a quote even if no quote signs follow; `forward`: the same
    lines stand over a forwarded mail; `tells`: somebody might write it themselves, of what another wrote; `nameless`:
    and it holds no address."""

    length: int = 0
    sure: bool = False
    forward: bool = False
    tells: bool = False
    nameless: bool = False


NONE = Opening()


def ends_ours(line: str) -> bool:
    """The line under every letter of ours; quoted or not, in either language."""
    return len(line) < 100 and line.strip(_LEADING + "-\u2013\u2014").lower().startswith(_ENDS)


def lists(line: str) -> bool:
    """A line that ends in a colon and names no writer: what follows is the person's list, whatever its bullets."""
    end = line[-_OPENING:].rstrip()
    return end.endswith((":", "：")) and not (_WROTE.search(end) or _ADDRESS.search(end) or _TIME.search(end))


def may_open(line: str) -> bool:
    """A cheap look before the dear ones."""
    return len(line) <= LONGEST and (_SIGNS.search(line) is not None or "i atas" in line or "bove" in line)


def is_marker(lines: list[str], position: int) -> bool:
    """Does our own marker begin here?"""
    return bool(_marker(lines, position, _bare(lines[position])))


def forwards(line: str) -> bool:
    start = line[:200]
    if "--" in start and _FORWARDED.search(start):
        return True
    return (":" in start or "：" in start) and _FORWARDED_BEGINS.match(_bare(start)) is not None


def opening(lines: list[str], position: int) -> Opening:
    line = lines[position]
    if position >= LOOKED_AT or not may_open(line):
        return NONE
    bare = _bare(line)
    if length := _marker(lines, position, bare):
        return Opening(length, sure=True)
    if any(sign in line for sign in _DASHES) and _ORIGINAL.search(line[:200]):
        return Opening(1, sure=True)
    if (":" in bare[:60] or "：" in bare[:60]) and (length := _header_block(lines, position, bare)):
        return Opening(length, sure=True, forward=True)
    length, sure = _attribution(lines, position, bare)
    if not length:
        return NONE
    nameless = not any(_ADDRESS.search(one[:LONGEST]) for one in lines[position : position + length])
    return Opening(length, sure, tells=True, nameless=nameless)


def _bare(line: str) -> str:
    """Without quote signs, stars and blanks before it."""
    return line[:LONGEST].lstrip(_LEADING)


def _marker(lines: list[str], position: int, bare: str) -> int:
    """Lines of our own marker: however a client wrapped it, spaced it or wrote it small."""
    if "ohon" not in bare and "lease" not in bare and not bare.isupper():
        return 0
    joined = ""
    for count, line in enumerate(lines[position : position + _MARK_LINES], 1):
        before = len(joined)
        joined = " ".join(f"{joined} {_bare(line)}".lower().replace("*", "").split())
        for mark in _MARKS:
            place = joined.find(mark)
            if place >= 0 and (count == 1 or place < before):
                following = _bare(lines[position + count]) if position + count < len(lines) else ""
                # The marker's other half, where the line was broken before it.
                rest = (
                    mark is _MARKS[0]
                    and _MARKS[1] not in joined
                    and any(piece in following.lower() for piece in ("above this line", "reply above", "this line --"))
                )
                return count + rest
    return 0


def _attribution(lines: list[str], position: int, bare: str) -> tuple[int, bool]:
    if not _STARTS.match(bare) and not _ADDRESS.search(bare[:300]):
        return 0, False
    joined, last = "", 0
    for count, line in enumerate(lines[position : position + _WRAPPED], 1):
        if len(line) > LONGEST:
            break
        piece = _bare(line).strip()
        if not piece and count - last > 2:
            break
        if not piece:
            continue
        last = count
        joined = f"{joined} {piece}".strip()
        if len(joined) > _OPENING:
            break
        if _WROTE.search(joined[-60:]) or _WROTE_BEFORE.search(joined) or _ISO_DATED.search(joined):
            if count > 1 and _starts_later(lines, position, count, bare):
                break
            return _announced(count, joined)
        if joined[-1] in ":：" and _says_who_and_when(joined) and _is_quoted_next(lines, position + count):
            return count, False
        if count == 1 and _SENTENCE.fullmatch(joined) and not _ADDRESS.search(joined):
            break  # a sentence of its own
    return 0, False


def _starts_later(lines: list[str], position: int, count: int, bare: str) -> bool:
    """Is the first line the person's own ("Pada malam hari gelap.", a telephone number), and the announcement below it
    whole without it? It stands after a blank line, or begins as announcements do."""
    first = _STARTING_WORD.match(bare)
    for index in range(position + count - 1, position, -1):
        again = _bare(lines[index])
        found = _STARTING_WORD.match(again)
        begins = found is not None and (first is None or found[0].lower() == first[0].lower())
        if (begins or not lines[index - 1].strip()) and again.strip() and _attribution(lines, index, again)[0]:
            return True
    return False


def _announced(count: int, line: str) -> tuple[int, bool]:
    """An address or a time of day is what programs write; a year also stands in "Pada 2025 Pak Camat menulis:"."""
    if _ADDRESS.search(line):
        return count, True
    if _TIME.search(line):
        return count, _TOLD_OF.search(line) is None
    year = _YEAR.search(line) is not None
    return (count, year and not line.lower().startswith(("pada", "on "))) if _DIGIT.search(line) else (0, False)


def _says_who_and_when(line: str) -> bool:
    """In any language: an address, and a date or a time of day."""
    return _ADDRESS.search(line) is not None and (_TIME.search(line) is not None or _YEAR.search(line) is not None)


def _is_quoted_next(lines: list[str], position: int) -> bool:
    following = next((line for line in lines[position : position + 3] if line.strip()), "")
    return QUOTED_FOR_SURE.match(following) is not None


def _header_block(lines: list[str], position: int, bare: str) -> int:
    """Lines of a block From/Sent/To/Subject. A letter's own head (Kepada, Perihal, Tanggal) is no such block: one that
    does not begin with its From names an address and a time of day."""
    first = _LABEL.match(bare)
    if first is None or first.lastgroup == "other":
        return 0
    kinds: set[str] = set()
    dated = addressed = False
    last, blank = position, 0
    for index in range(position, min(position + _HEADER_LINES, len(lines))):
        text = _bare(lines[index][:LONGEST])
        if not text.strip():
            blank += 1
            if blank > 1 or len(kinds) > 2:
                break
            continue
        label = _LABEL.match(text)
        if label is None:
            if index - last > 1 or blank:
                break  # one continued line at most
            continue
        kind = str(label.lastgroup)
        kinds.add(kind)
        dated = dated or (kind in ("date", "sent") and _TIME.search(text) is not None)
        addressed = addressed or (kind == "from" and "@" in text)
        last, blank = index, 0
    if first.lastgroup != "from" and not (dated and addressed):
        return 0
    named = "sent" in kinds or ("date" in kinds and (dated or addressed))
    return last - position + 1 if "from" in kinds and named and kinds & {"to", "subject"} else 0
