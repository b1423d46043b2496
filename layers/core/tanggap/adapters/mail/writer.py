"""A letter to RFC 5322 bytes. Built directly: the standard library would parse each header again to fold it.

Nothing that a citizen or an officer wrote can add a header: every value is one line before it is folded."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ...domain.errors import Invalid
from ...domain.inbound import File

SUBJECT = 200  # characters; mail programs show fewer
NAME = 80
REFERENCES = 20  # the oldest and the newest say enough
_FOLD = 76
#: "=_" can stand neither in quoted-printable nor in base64, so no content can hold these lines.
_ALTERNATIVE, _MIXED = "=_tanggap_alternative", "=_tanggap_mixed"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")
_IDENTIFIER = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{1,900}")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,70}")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person. Ids come without angle brackets. `message_id` is ours: SES puts its own over it, so it
    also goes into References, where answers keep it. `auto_submitted` is empty, auto-replied or auto-generated."""

    sender_name: str
    sender_address: str
    to_address: str
    to_name: str
    subject: str
    text: str
    reply_to: str = ""
    auto_submitted: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    message_id: str = ""
    extra_headers: Mapping[str, str] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    date: datetime | None = None


def compose(letter: Letter) -> bytes:
    """The whole mail, CRLF. Raises `Invalid(bad_address)` for an address that no mail can be sent to."""
    if not letter.files:
        return _head(letter, f'multipart/alternative; boundary="{_ALTERNATIVE}"') + _words(letter.text)
    inner = f'--{_MIXED}\r\nContent-Type: multipart/alternative; boundary="{_ALTERNATIVE}"\r\n\r\n'.encode()
    parts = [_head(letter, f'multipart/mixed; boundary="{_MIXED}"'), inner, _words(letter.text)]
    for file in letter.files:
        parts += (f"--{_MIXED}\r\n".encode(), _attachment(file))
    parts.append(f"--{_MIXED}--\r\n".encode())
    return b"".join(parts)


def _head(letter: Letter, content_type: str) -> bytes:
    lines = [
        _mailbox("From", letter.sender_name, letter.sender_address),
        _mailbox("To", letter.to_name, letter.to_address),
        _unstructured("Subject", _one_line(letter.subject, SUBJECT)),
    ]
    if letter.reply_to:
        lines.append(_mailbox("Reply-To", "", letter.reply_to))
    if letter.date:
        lines.append(f"Date: {letter.date:%d} {_MONTHS[letter.date.month - 1]} {letter.date:%Y %H:%M:%S %z}")
    lines += _thread(letter)
    if letter.auto_submitted:
        lines.append(_unstructured("Auto-Submitted", _one_line(letter.auto_submitted, 40)))
        lines.append("X-Auto-Response-Suppress: All")
    for name, value in letter.extra_headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise Invalid("a header name that mail does not allow")
        lines.append(_unstructured(name, _one_line(value, 900)))
    lines += ("MIME-Version: 1.0", f"Content-Type: {content_type}", "", "")
    return "\r\n".join(lines).encode("ascii")


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _thread(letter: Letter) -> list[str]:
    own = _identifiers([letter.message_id])
    answered = _identifiers([letter.in_reply_to])
    chain = list(dict.fromkeys(_identifiers(letter.references) + answered + own))
    if len(chain) > REFERENCES:
        chain = chain[:1] + chain[1 - REFERENCES :]
    lines = [f"Message-ID: {own[0]}"] if own else []
    lines += [f"In-Reply-To: {answered[0]}"] if answered else []
    lines += ["References: " + "\r\n ".join(chain)] if chain else []
    return lines


def _identifiers(values: Iterable[str]) -> list[str]:
    """Only what can stand in angle brackets; a citizen's program may have sent anything."""
    return [f"<{value}>" for value in values if _IDENTIFIER.fullmatch(value)]


def _mailbox(header: str, name: str, address: str) -> str:
    plain, where = _one_line(name, NAME), sendable(address)
    if not plain:
        return f"{header}: {where}"
    if "=?" in plain or not _PLAIN.fullmatch(plain):
        phrase = "\r\n ".join(_encoded(plain))
    elif _ATOMS.fullmatch(plain):
        phrase = plain
    else:
        escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
        phrase = f'"{escaped}"'
    return f"{header}: {phrase}\r\n <{where}>"


def sendable(address: str) -> str:
    """The address as it goes on the wire, its domain in ASCII."""
    local, at, domain = address.strip().rpartition("@")
    if not domain.isascii() and len(domain) <= 255:
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            domain = ""
    known = at and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)
    if not known or "=?" in local or len(address) > 254:  # some programs decode words where none may stand
        raise Invalid("an address that no mail can be sent to", code="bad_address")
    return f"{local}@{domain}"


def _unstructured(header: str, value: str) -> str:
    if not _PLAIN.fullmatch(value) or "=?" in value:
        return f"{header}: " + "\r\n ".join(_encoded(value))
    lines, line = [], f"{header}:"
    for word in value.split(" "):
        if len(line) + 1 + len(word) > _FOLD and line != f"{header}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line])


def _encoded(text: str) -> list[str]:
    """RFC 2047 words, cut between characters."""
    out: list[str] = []
    piece = b""
    for character in text:
        data = character.encode("utf-8", "replace")
        if len(piece) + len(data) > 42:  # 42 bytes are 56 in base64: with its frame under 75
            out.append(_word(piece))
            piece = b""
        piece += data
    return [*out, _word(piece)]


def _word(piece: bytes) -> str:
    return f"=?utf-8?b?{binascii.b2a_base64(piece, newline=False).decode('ascii')}?="


def _one_line(text: str, limit: int) -> str:
    line = " ".join(_CONTROL.sub(" ", text[: limit * 4]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "\u2026"


def _words(text: str) -> bytes:
    """The text twice: as it is, and as HTML of paragraphs for programs that show nothing else well."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip("\n") + "\n"
    return b"".join(
        (
            f"--{_ALTERNATIVE}\r\n".encode(),
            _text_part("text/plain", clean),
            f"--{_ALTERNATIVE}\r\n".encode(),
            _text_part("text/html", _html(clean)),
            f"--{_ALTERNATIVE}--\r\n".encode(),
        )
    )


def _text_part(kind: str, text: str) -> bytes:
    head = f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
    return head + binascii.b2a_qp(text.replace("\n", "\r\n").encode("utf-8", "replace"), istext=True) + b"\r\n"


def _html(text: str) -> str:
    paragraphs = _PARAGRAPHS.split(text.translate(_HTML).strip())
    body = "\n".join(f"<p>{paragraph.replace(chr(10), '<br>' + chr(10))}</p>" for paragraph in paragraphs)
    return f'<!DOCTYPE html>\n<html lang="id"><head><meta charset="utf-8"></head>\n<body>\n{body}\n</body></html>\n'


def _attachment(file: File) -> bytes:
    """Never shown inline. A name beyond ASCII stands twice: by RFC 2231, and as old programs look for it."""
    name = _one_line(file.name, 120) or "lampiran"
    kind = file.type if _TYPE.fullmatch(file.type) else "application/octet-stream"
    if _PLAIN.fullmatch(name):
        named = [
            f"Content-Type: {kind}",
            'Content-Disposition: attachment; filename="{}"'.format(re.sub(r'["\\]', "_", name)),
        ]
    else:
        from urllib.parse import quote

        old = "\r\n ".join(_encoded(name))
        pieces = enumerate(_pieces("utf-8''" + quote(name, safe="")))
        named = [f'Content-Type: {kind};\r\n name="{old}"', "Content-Disposition: attachment"]
        named[1] += "".join(f";\r\n filename*{number}*={piece}" for number, piece in pieces)
    head = "\r\n".join([*named, "Content-Transfer-Encoding: base64", "", ""])
    lines = [head.encode("ascii")]
    content = memoryview(file.content)
    for start in range(0, len(content), 57):  # 76 characters a line
        lines += (binascii.b2a_base64(content[start : start + 57], newline=False), b"\r\n")
    return b"".join(lines)


def _pieces(text: str) -> list[str]:
    """A piece never ends inside a %XX."""
    out: list[str] = []
    while text:
        cut = 60
        while cut > 57 and "%" in text[cut - 2 : cut] and len(text) > cut:
            cut -= 1
        out.append(text[:cut])
        text = text[cut:]
    return out
