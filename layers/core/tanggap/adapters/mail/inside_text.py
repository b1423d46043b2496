"""Files that stand inside a text, as programs wrote them before MIME: uuencode and yEnc."""

from __future__ import annotations

import re

from . import bounds, transfer

_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,200})\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)
_UU_LINE = re.compile(rb"[ -`]{1,90}\r?")
_Y_BEGIN = re.compile(
    rb"^=ybegin [^\r\n]{0,300}?name=([^\r\n]{1,200})\r?\n(?:=ypart [^\r\n]{0,200}\r?\n)?", re.MULTILINE
)
_Y_END = re.compile(rb"^=yend[^\r\n]{0,200}\r?$", re.MULTILINE)


def may_hold(content: bytes) -> bool:
    return b"begin " in content or b"begin-base64 " in content


def taken_out(content: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """(the text with a line where each file stood, [(name, bytes)]). A beginning without an end stays text."""
    found: list[tuple[str, bytes]] = []
    for begin, end, decode in ((_UU_BEGIN, _UU_END, _uu), (_Y_BEGIN, _Y_END, transfer.unyenced)):
        pieces: list[bytes] = []
        position = 0
        while len(found) < bounds.FILES and (opening := begin.search(content, position)):
            closing = end.search(content, opening.end())
            if closing is None:
                break
            data = content[opening.end() : closing.start()]
            if decode is _uu and not _UU_LINE.fullmatch(data.partition(b"\n")[0]):
                pieces.append(content[position : opening.end()])  # "begin 644" in a sentence
                position = opening.end()
                continue
            name = opening[1].decode("utf-8", "replace").strip()
            pieces += [content[position : opening.start()], b"[" + opening[1].strip() + b"]"]
            found.append((name, _base64(data) if b"base64" in opening[0][:13] else decode(data)))
            position = closing.end()
        content = b"".join((*pieces, content[position:]))
    return content, found


def _uu(data: bytes) -> bytes:
    return transfer.unuuencoded(data)[0]


def _base64(data: bytes) -> bytes:
    return transfer.decoded(data.partition(b"====")[0], "base64")[0]
