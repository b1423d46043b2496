"""Header lines to values. Everything here works on at most `bounds.HEADER_VALUE` characters and in linear time:
the standard library's structured parse recurses on comments and is quadratic on encoded words."""

from __future__ import annotations

import binascii
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote_to_bytes

from ...domain.inbound import Party
from . import bounds, charsets

_CONTROL = re.compile(r"[\x01-\x1f\x7f-\x9f\u2028\u2029]+[ \t]*")
#: What turns the reading direction, so that a line shows something else than it says; and halves of characters.
_TURNING = re.compile("[\u061c\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_IDENTIFIER = re.compile(r"<([^<>\s]+)>")
_PARAMETER = re.compile(
    r';\s*([^\s=;*"]{1,60})(?:\*(\d{1,3}))?(\*)?\s*=\s*("(?:[^"\\]|\\.)*(?:"|\\?$)|[^;]*)', re.DOTALL
)
_TOKEN = re.compile(
    r'(?P<quoted>"(?:[^"\\]|\\.)*(?:"|\\?$))|(?P<angle><[^<>]*(?:>|$))|(?P<comment>\()|(?P<stop>[,;])'
    r"|(?P<group>:)|(?P<atom>[^\s\"(<,;:]+)|(?P<space>\s+)|(?P<other>.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Headers:
    """The header lines of one part, in order: (lower-case name, raw value as it stands, unfolded only)."""

    lines: tuple[tuple[str, bytes], ...]
    cut: bool = False

    def raw(self, name: str) -> bytes:
        """The first value under that name, else empty."""
        return next((value for key, value in self.lines if key == name), b"")

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.lines)

    def get(self, name: str) -> str:
        """Plain text of a header that holds no encoded words by its grammar."""
        return plain(self.raw(name))

    def text(self, name: str) -> tuple[str, bool]:
        """Readable text of a header, and whether its charset was sure."""
        return decoded(self.raw(name))


def split(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The headers in raw[start:end] and where the body starts. A line that is no header ends the headers."""
    lines: list[tuple[str, bytes]] = []
    pieces: list[bytes] = []
    name, room, cut = "", 0, False
    limit = min(end, start + bounds.HEADER_BLOCK)
    position = start
    while position < end:
        stop = raw.find(b"\n", position, limit)
        if stop < 0:
            if limit < end:  # over the bound: the rest of the block is passed over unread
                blank = _blank_line(raw, position, end)
                cut, position = True, blank
                break
            stop = end
        line = raw[position:stop].rstrip(b"\r")
        following = min(stop + 1, end)
        if not line:
            position = following
            break
        if line[0] in b" \t":
            if name and room > 0:
                pieces.append(line[:room])
                room -= len(line)
            cut = cut or room < 0
        else:
            colon = line.find(b":", 0, 200)
            if colon <= 0 or not _is_name(line[:colon]):
                if position == start and line.startswith((b"From ", b">From ")):  # a mailbox file's separator
                    position = following
                    continue
                break
            if name:
                lines.append((name, b"".join(pieces)))
            name = ""
            if len(lines) < bounds.HEADER_COUNT:
                name = line[:colon].strip().lower().decode("ascii", "replace")
                room = bounds.HEADER_VALUE - (len(line) - colon - 1)
                cut = cut or room < 0
                pieces = [line[colon + 1 : colon + 1 + bounds.HEADER_VALUE]]
            else:
                cut = True
        position = following
    if name:
        lines.append((name, b"".join(pieces)))
    return Headers(tuple((key, value.strip()) for key, value in lines), cut), position


_NAME = re.compile(rb"[!-9;-~]+[ \t]*")


def _is_name(name: bytes) -> bool:
    return _NAME.fullmatch(name) is not None


def _blank_line(raw: bytes, start: int, end: int) -> int:
    found = [(place + len(mark)) for mark in (b"\n\r\n", b"\n\n") if (place := raw.find(mark, start, end)) >= 0]
    return min(found, default=end)


def plain(value: bytes) -> str:
    text, _ = charsets.decode(value[: bounds.HEADER_VALUE], "")
    return _clean(text)


def decoded(value: bytes) -> tuple[str, bool]:
    text, sure = charsets.decode(value[: bounds.HEADER_VALUE], "")
    text, words_sure = words(text)
    return _clean(text), (sure or value.isascii()) and words_sure


def _clean(text: str) -> str:
    text = _CONTROL.sub(" ", text.replace("\0", ""))
    return (text if text.isascii() else _TURNING.sub("", text)).strip()


def words(text: str) -> tuple[str, bool]:
    """RFC 2047. Neighbours of one charset are joined as bytes first: some writers split inside a character."""
    if "=?" not in text:
        return text, True
    out: list[str] = []
    pending: list[bytes] = []
    charset, sure, end = "", True, 0

    def flush() -> None:
        nonlocal sure
        if pending:
            piece, certain = charsets.decode(b"".join(pending), charset)
            out.append(piece)
            sure = sure and certain
            pending.clear()

    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        mine = match[1].partition("*")[0].lower()
        if gap.strip() or (gap and not pending):
            flush()
            out.append(gap)
        elif mine != charset:
            flush()
        charset = mine
        pending.append(_word_bytes(match[2], match[3]))
        end = match.end()
    flush()
    out.append(text[end:])
    return "".join(out), sure


def _word_bytes(encoding: str, data: str) -> bytes:
    content = data.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(content, header=True)
    return unbase64(content)[0]


def unbase64(data: bytes) -> tuple[bytes, bool]:
    """(bytes, intact). Foreign characters are ignored, missing padding is supplied, a lone last character dropped."""
    try:
        return binascii.a2b_base64(data), True
    except binascii.Error:
        clean = data.translate(None, _NO_BASE64)
        clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4)), False


_NO_BASE64 = bytes(c for c in range(256) if not (chr(c).isascii() and (chr(c).isalnum() or chr(c) in "+/")))


def parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=…` -> ("text/plain", {"charset": …}). RFC 2231 pieces are put together."""
    text = plain(value)
    head = text.partition(";")[0].strip().lower()
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for match in _PARAMETER.finditer(text):
        key, raw = match[1].lower(), match[4].strip()
        if raw.startswith('"'):
            raw = re.sub(r"\\(.)", r"\1", raw[1:].removesuffix('"'))
        if match[2] or match[3]:
            pieces.setdefault(key, {}).setdefault(int(match[2] or 0), (bool(match[3]), raw))
        else:
            found.setdefault(key, _clean(words(raw)[0]) if "=?" in raw else raw)
    for key, numbered in pieces.items():
        found[key] = _joined(numbered)
    return head, found


def _joined(numbered: dict[int, tuple[bool, str]]) -> str:
    charset, out = "utf-8", []
    for index in sorted(numbered):
        encoded, piece = numbered[index]
        if encoded and index == min(numbered) and piece.count("'") >= 2:
            charset, _, piece = piece.split("'", 2)
        out.append(unquote_to_bytes(piece) if encoded else piece.encode("utf-8", "replace"))
    return _clean(charsets.decode(b"".join(out), charset)[0])


def addresses(value: bytes) -> tuple[Party, ...]:
    """Every mailbox of an address header. Groups are opened; comments become the name where there is no other."""
    text = plain(value)
    found: list[Party] = []
    phrase: list[str] = []
    angle, comment, position = "", "", 0

    def flush() -> None:
        nonlocal angle, comment
        said = "".join(phrase).strip()
        address = normalised(angle or said)
        name = said if angle or not address else comment
        if not angle and not address:  # Siti siti@warga.example
            bare = [word for word in said.split() if "@" in word]
            address = normalised(bare[0]) if len(bare) == 1 else ""
            name = said.replace(bare[0], "") if address else said
        if address or name or comment:
            found.append(Party(address, display_name(name or (comment if angle else ""))))
        phrase.clear()
        angle = comment = ""

    while position < len(text) and len(found) < bounds.ADDRESSES:
        match = _TOKEN.match(text, position)
        if match is None:  # pragma: no cover - the last alternative takes any character
            break
        kind, token, position = match.lastgroup, match[0], match.end()
        if kind == "stop":
            flush()
        elif kind == "comment":
            comment, position = _comment(text, position)
        elif kind == "angle":
            if angle.strip() and (other := normalised(token.strip("<>"))) and other != normalised(angle):
                flush()  # a missing comma: whoever asks must see that two are named
            angle = angle or token.strip("<>") or " "
        elif kind == "quoted":
            inside = re.sub(r"\\(.)", r"\1", token[1:].removesuffix('"'))
            phrase.append(token if text[position : position + 1] == "@" else inside)
        elif kind == "group":
            if angle or "@" in "".join(phrase):
                phrase.append(token)
            else:
                phrase.clear()
        else:
            phrase.append(token)
    flush()
    return tuple(found)


def _comment(text: str, position: int) -> tuple[str, int]:
    depth, start = 1, position
    while position < len(text) and depth:
        character = text[position]
        position += 2 if character == "\\" else 1
        depth += (character == "(") - (character == ")")
    return text[start : position - 1 if depth == 0 else position], position


_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_AROUND = re.compile(r"\s*([.@])\s*")
_MAILBOX = re.compile(r"""[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff@:;,<>()\[\]\\"]+@\w[\w.-]*""")


def normalised(address: str) -> str:
    """Lower case, nothing invisible in it; empty if it is no address that mail could reach. A blank inside is not
    passed over: without it, the address would be somebody else's."""
    text = _AROUND.sub(r"\1", _INVISIBLE.sub("", address[: 2 * bounds.ADDRESS].strip().lower())).removeprefix("mailto:")
    if text.startswith("@") and ":" in text:  # a source route
        text = text.rpartition(":")[2]
    local, at, domain = text.rpartition("@")
    if not domain.isascii():  # letters of another width are the same domain wherever mail is sent (UTS 46)
        domain = unicodedata.normalize("NFKC", domain).replace("\u3002", ".")
    text = local + at + domain.rstrip(".")
    return text if len(text) <= bounds.ADDRESS and _MAILBOX.fullmatch(text) else ""


def display_name(text: str) -> str:
    name = _INVISIBLE.sub("", _clean(words(text)[0]))
    return " ".join(name.strip(" '\"").split())[: bounds.NAME]


def identifiers(value: bytes) -> Iterator[str]:
    """Message ids without angle brackets, in the order in which they stand."""
    text = plain(value)
    text = _clean(words(text)[0]) if "=?" in text else text
    found = _IDENTIFIER.findall(text) or [word for word in text.split() if "@" in word and "<" not in word]
    for one in found:
        yield one[: bounds.IDENTIFIER]


def moment(value: bytes) -> datetime | None:
    """An RFC 5322 date with its zone, else None."""
    from email.utils import parsedate_to_datetime  # botocore has it loaded; not worth a parser of our own

    try:
        at = parsedate_to_datetime(plain(value)[:100])
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return at if at.tzinfo else None
