"""Transfer encodings back to bytes. What is broken is decoded as far as it goes; never raises, linear."""

from __future__ import annotations

import binascii
import re
from io import BytesIO

from . import bounds, headers

_PAD = re.compile(rb"={1,3}\s*")
_SAMPLE = 400  # bytes that tell text from base64
_END = 100  # bytes at the end where padding is in its place
_UU_NAMES = ("x-uuencode", "uuencode", "x-uue", "uue")
_PLAIN_NAMES = ("", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits", "none")


def decoded(body: bytes, encoding: str) -> tuple[bytes, bool]:
    """(bytes, intact). An encoding that nobody knows leaves the body as it is."""
    if encoding == "base64":
        return _unbase64(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body), True
    if encoding in _UU_NAMES:
        return unuuencoded(body)
    return body, encoding in _PLAIN_NAMES


def _unbase64(body: bytes) -> tuple[bytes, bool]:
    if _is_prose(body[:_SAMPLE]):
        return body, False
    if body.find(b"=", 0, max(0, len(body) - _END)) < 0:
        return headers.unbase64(body)
    return _in_pieces(body)


def _is_prose(sample: bytes) -> bool:
    """Plain words under a wrong label: base64 has no blanks inside its lines."""
    line = sample.lstrip().partition(b"\n")[0].strip()
    return line.count(b" ") >= 2 and line.count(b" ") * 20 >= len(line)


def _in_pieces(body: bytes) -> tuple[bytes, bool]:
    """Some programs pad each piece, and some servers add a line of their own behind the padding: the standard
    library's decoder stops at the first."""
    out: list[bytes] = []
    for count, piece in enumerate(_PAD.split(body, bounds.FALSE_ALARMS)):
        if count and _is_prose(piece[:_SAMPLE]):
            break
        if piece:
            out.append(headers.unbase64(piece)[0])
    return b"".join(out), len(out) <= 1


def unuuencoded(body: bytes) -> tuple[bytes, bool]:
    out = bytearray()
    alarms = bounds.FALSE_ALARMS
    for ended in BytesIO(body):  # a list of all lines would be forty times the body
        line = ended.rstrip(b"\r\n")
        if line.startswith(b"begin ") or not line:
            continue
        if line.strip() == b"end":
            break
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            short = _shortened(line)
            if short is not None:
                out += short
                continue
            alarms -= 1
            if not alarms:
                break
    return bytes(out), alarms == bounds.FALSE_ALARMS


def _shortened(line: bytes) -> bytes | None:
    """Old encoders leave rubbish behind the counted characters of a line."""
    needed = ((line[0] - 32) & 63) * 4 // 3 + 3
    try:
        return binascii.a2b_uu(line[: needed + 1])
    except binascii.Error:
        return None


_YENC_ESCAPED = re.compile(rb"=(.)", re.DOTALL)
_YENC_ESCAPES = 300_000  # each costs a hundred bytes; in yEnc one byte of sixty is escaped
_YENC = bytes((byte - 42) % 256 for byte in range(256))


def unyenced(lines: bytes) -> bytes:
    plain = lines.translate(None, b"\r\n")
    return _YENC_ESCAPED.sub(lambda match: bytes([(match[1][0] - 64) % 256]), plain, _YENC_ESCAPES).translate(_YENC)
