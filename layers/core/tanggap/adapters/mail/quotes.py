"""What the person wrote, without what their program added: quoted mail, signatures, "sent from my phone".

Rules look at lines and at most a few after them, so hostile input costs no more than long input. What stands below or
between quotes is never cut; where nothing would be left, everything is kept. The whole text stays one click away."""

from __future__ import annotations

import re

from ...domain.letters import REPLY_ABOVE
from . import quote_words as words

#: Stands over the quoted part of every mail of ours; the surest sign of where an answer ends.
_MARKER = REPLY_ABOVE.lower()

_LOOKED_AT = 5_000  # lines; nobody writes more above a quote
_LONGEST = 1000  # a longer line opens nothing
_WRAPPED = 6  # lines over which one opening line may be broken
_OPENING = 400  # characters of such a line
_HEADER_LINES = 12  # lines in which the labels of a header block must stand
_SIGNATURE = 12  # lines
_FOOTER = 4  # lines under a rule
_SENT_FROM_LONGEST = 100

_QUOTED = re.compile(r"\s{0,3}(?:>|\||[A-Z]{1,3}>)")
_QUOTED_FOR_SURE = re.compile(r"\s{0,3}(?:>|[A-Z]{1,3}>)")  # a bar may also be a table's
_RULE = re.compile(r"[\s*_=~#+\u1427\u2014-]{2,}|\u1427")
_SIGNED = re.compile(r"\s{0,3}(?:--|\u2014)\s*")
_UNDERLINE = re.compile(r"\s{0,3}_{5,}\s*")
_LEADING = " \t>|*_\u00a0"

_STARTS = re.compile("|".join(words.STARTS), re.IGNORECASE)
_WROTE = re.compile(rf"(?:{'|'.join(words.WROTE)})\s*{words.COLONS}+\W{{0,10}}$", re.IGNORECASE)
_WROTE_BEFORE = re.compile(rf"\b(?:{'|'.join(words.WROTE_IN_THE_MIDDLE)})\b.{{0,200}}:\s*$", re.IGNORECASE)
_ISO_DATED = re.compile(r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}\b.{0,200}(?:>:?|GMT[+-]\d\d:\d\d.{0,80})$")
_ADDRESS = re.compile(r"<[^<>@]{1,200}@[^<>]{1,200}>|\S@\S")
_TIME = re.compile(r"\b\d{1,2}[.:]\d{2}\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile(r".{0,58}(?:[!?]|\w{5,}\.)")

_LABEL = re.compile(
    "(?:" + "|".join(f"(?P<{kind}>{'|'.join(said)})" for kind, said in words.LABELS.items()) + r")\s{0,3}\*{0,2}\s?:",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(rf"(?<!-)-{{2,}}\s*(?:{'|'.join(words.ORIGINAL)})\s*-{{2,}}", re.IGNORECASE)
_FORWARDED = re.compile(
    rf"(?<!-)-{{2,}}\s*(?:{'|'.join(words.FORWARDED)})\b|(?:{'|'.join(words.FORWARDED_BEGINS)})\s*:", re.IGNORECASE
)
_SENT_FROM = re.compile(rf"[\s\[(<*]{{0,6}}(?:{'|'.join(words.SENT_FROM)})", re.IGNORECASE)


def cut(text: str) -> str:
    """The person's own words. Never empty unless the text is."""
    lines = text.split("\n")
    kept = _without_openers(lines)
    kept = _without_tail(kept)
    own = "\n".join(line.rstrip() for line in kept).strip("\n")
    return own if own.strip() else text.strip("\n")


def _without_openers(lines: list[str]) -> list[str]:
    kept: list[str] = []
    said = False  # has the person written anything so far?
    position = own = 0  # own: a line of the person's own, as far as was looked for one
    tail = len(_without_tail(lines, keep_something=False))
    while position < len(lines):
        line = lines[position]
        if _FORWARDED.search(line[:200]) and len(line) < _LONGEST:
            # What somebody forwards is what they report: nothing of it is looked at.
            return kept + lines[position:]
        length, sure, forward = _opener(lines, position)
        if not length:
            said = said or _own(line)
            kept.append(line)
            position += 1
            continue
        end = position + length
        quoted_until = _quote(lines, end)
        if quoted_until > end:
            if said:
                own = own if own >= quoted_until else _next_own(lines, quoted_until, tail)
                if own < 0:
                    return kept
                kept += lines[end:quoted_until]  # an answer between quotes needs them
            position = quoted_until
        elif sure and said:
            return kept  # unmarked quotes run to the end
        elif sure and not forward:
            position = end  # nothing above: what is below may be the person's own
        else:
            kept += lines[position:end]
            position = end
    return kept


def _own(line: str) -> bool:
    return bool(line.strip()) and not _QUOTED.match(line) and not _RULE.fullmatch(line)


def _opener(lines: list[str], position: int) -> tuple[int, bool, bool]:
    """(lines of what opens a quote here or 0, sure even if no quote signs follow, may be a forwarded mail)."""
    line = lines[position]
    if position >= _LOOKED_AT or not line.strip() or len(line) > _LONGEST:
        return 0, False, False
    bare = _bare(line)
    if _MARKER in bare.lower():
        return 1, True, False
    if _ORIGINAL.search(bare[:200]):
        return 1, True, False
    if length := _header_block(lines, position, bare):
        return length, True, True
    return (*_attribution(lines, position, bare), False)


def _bare(line: str) -> str:
    """Without quote signs, stars and blanks before it."""
    return line[:_LONGEST].lstrip(_LEADING)


def _attribution(lines: list[str], position: int, bare: str) -> tuple[int, bool]:
    if not _STARTS.match(bare) and not _ADDRESS.search(bare[:300]):
        return 0, False
    joined, last = "", 0
    for count, line in enumerate(lines[position : position + _WRAPPED], 1):
        if len(line) > _LONGEST:
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
            return _announced(count, joined)
        if count == 1 and _SENTENCE.fullmatch(joined) and not _ADDRESS.search(joined):
            break  # a sentence of its own
    return 0, False


def _announced(count: int, line: str) -> tuple[int, bool]:
    """An address or a time of day is what programs write; a year also stands in "Pada 2025 Pak Camat menulis:"."""
    if _ADDRESS.search(line) or _TIME.search(line):
        return count, True
    year = _YEAR.search(line) is not None
    return (count, year and not line.lower().startswith(("pada", "on "))) if _DIGIT.search(line) else (0, False)


def _header_block(lines: list[str], position: int, bare: str) -> int:
    """Lines of a block From/Sent/To/Subject. A letter's own head (Kepada, Perihal, Tanggal) is no such block."""
    first = _LABEL.match(bare)
    if first is None or first.lastgroup != "from":
        return 0
    kinds = {"from"}
    dated = addressed = False
    last, blank = position, 0
    for index in range(position, min(position + _HEADER_LINES, len(lines))):
        text = _bare(lines[index][:_LONGEST])
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
        dated = dated or (kind == "date" and _TIME.search(text) is not None)
        addressed = addressed or (kind == "from" and "@" in text)
        last, blank = index, 0
    named = "sent" in kinds or ("date" in kinds and (dated or addressed))
    return last - position + 1 if named and kinds & {"to", "subject"} else 0


def _quote(lines: list[str], position: int) -> int:
    """The end of the marked quote that starts here, blank lines before and inside it included."""
    end = position
    for index in range(position, len(lines)):
        if _QUOTED.match(lines[index]):
            end = index + 1
        elif lines[index].strip():
            break
    return end


def _next_own(lines: list[str], position: int, tail: int) -> int:
    """The next line from here on that is no quote, no opener and no signature; -1 if there is none."""
    while position < tail:
        line = lines[position]
        if not _own(line):
            position += 1
            continue
        length, sure, _ = _opener(lines, position)
        if not length:
            return position
        end = _quote(lines, position + length)
        if sure and end == position + length:
            return -1  # unmarked quotes run to the end
        position = end
    return -1


def _without_tail(lines: list[str], keep_something: bool = True) -> list[str]:
    """Cut from the end: blank lines, rules, a signature, "sent from", and quotes with nothing below them."""
    end = len(lines)
    while True:
        before = end
        while end and (not lines[end - 1].strip() or _RULE.fullmatch(lines[end - 1][:200])):
            end -= 1
        while end and len(lines[end - 1]) <= _SENT_FROM_LONGEST and _SENT_FROM.match(lines[end - 1]):
            end -= 1
        start = end
        while start and (_QUOTED_FOR_SURE.match(lines[start - 1]) or not lines[start - 1].strip()):
            start -= 1
        if start < end and (start or not keep_something):
            end = start
        end = _before_signature(lines, end)
        if end == before:
            return lines[:end]


def _before_signature(lines: list[str], end: int) -> int:
    for index in range(end - 1, max(end - _SIGNATURE - 2, 0), -1):
        line = lines[index]
        if len(line) > 200:
            return end
        if _SIGNED.fullmatch(line):
            return index
        if _UNDERLINE.fullmatch(line) and end - index <= _FOOTER + 1:
            return index
    return end
