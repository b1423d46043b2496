"""Mail that is written to cost: kinds of hostile input of any size, for the tests of time and memory."""

from __future__ import annotations

import base64
from collections.abc import Callable

MEGABYTE = 1_000_000
HEAD = (
    b"From: Siti <a@warga.example>\r\nDate: Tue, 3 Mar 2026 19:42:10 +0700\r\n"
    b"Message-ID: <1@warga.example>\r\nSubject: Jalan rusak\r\n"
)
MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n"
DAEMON = (
    b"From: Mail Delivery System <mailer-daemon@mx.example>\r\nReturn-Path: <>\r\n"
    b"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <1@mx.example>\r\n"
)
REPORT = (
    DAEMON
    + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\n"
    + b"Content-Type: message/delivery-status\r\n\r\n"
)
PROSE = (
    b"Jalan di depan balai desa RT 3 rusak parah sejak bulan lalu, sudah dua orang jatuh.\r\n"
    b"Lampu jalan juga mati, mohon segera diperbaiki sebelum ada korban lagi. Terima kasih.\r\n\r\n"
)


def filled(piece: bytes, size: int) -> bytes:
    return (piece * (size // len(piece) + 1))[:size]


def _numbered(line: str, size: int) -> bytes:
    """Distinct lines, so that no cache of one helps with the next."""
    out: list[bytes] = []
    left, number = size, 0
    while left > 0:
        piece = line.format(number).encode()
        out.append(piece)
        left -= len(piece)
        number += 1
    return b"".join(out)


def _nested(size: int) -> bytes:
    out: list[bytes] = []
    left, level = size, 0
    while left > 0:
        piece = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
        out.append(piece)
        left -= len(piece)
        level += 1
    return b"".join(out)


def _one_header(name: bytes, piece: bytes) -> Callable[[int], bytes]:
    return lambda size: name + b": " + filled(piece, size) + b"\r\n" + HEAD + b"\r\nx\r\n"


def _headers(piece: bytes) -> Callable[[int], bytes]:
    return lambda size: HEAD + filled(piece, size - size % len(piece)) + b"\r\nx\r\n"


def _text(piece: bytes) -> Callable[[int], bytes]:
    return lambda size: HEAD + b"\r\n" + filled(piece, size)


def _html(piece: bytes) -> Callable[[int], bytes]:
    return lambda size: HEAD + HTML + filled(piece, size)


def _encoded(encoding: bytes, piece: bytes, kind: bytes = b"text/plain") -> Callable[[int], bytes]:
    head = HEAD + b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n"
    return lambda size: head + filled(piece, size)


def _parts(piece: bytes) -> Callable[[int], bytes]:
    return lambda size: HEAD + MIXED + filled(piece, size) + b"\r\n--b--\r\n"


def _report(piece: bytes) -> Callable[[int], bytes]:
    return lambda size: REPORT + filled(piece, size) + b"\r\n--b--\r\n"


def _daemon(piece: bytes) -> Callable[[int], bytes]:
    return lambda size: DAEMON + b"\r\n" + filled(piece, size)


def plain(size: int) -> bytes:
    return HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + filled(PROSE, size)


def with_a_photo(size: int) -> bytes:
    """The ordinary way in which a mail gets long."""
    photo = b"\xff\xd8\xff\xe0" + bytes(range(256)) * (size * 3 // 4 // 256)
    lines = base64.encodebytes(photo).replace(b"\n", b"\r\n")
    return (
        HEAD + MIXED + b"--b\r\n\r\n" + PROSE + b'--b\r\nContent-Type: image/jpeg; name="a.jpg"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + lines + b"--b--\r\n"
    )


def in_html(size: int) -> bytes:
    return HEAD + HTML + filled(b"<p>" + PROSE.replace(b"\r\n", b"<br>\r\n") + b"</p>\r\n", size)


_ATTACHED = b'--b\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Disposition: attachment\r\n\r\n%PDF-\r\n'
_FIELDS = b"Final-Recipient: rfc822; a@warga.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"

#: What an attacker repeats -> the mail of a size.
KINDS: dict[str, Callable[[int], bytes]] = {
    # headers
    "one header of all": _one_header(b"Subject", b"a"),
    "a header folded on each byte": _one_header(b"Subject", b"\r\n a"),
    "many headers": _headers(b"X-A: b\r\n"),
    "many encoded headers": _headers(b"Subject: =?utf-8?q?a?= =?utf-8?b?YQ==?=\r\n"),
    "no blank line": lambda size: HEAD + filled(b"A: b\r\n", size),
    "no line end at all": lambda size: b"From: " + filled(b"a", size),
    "nested comments": _one_header(b"From", b"("),
    "comments": _one_header(b"From", b"(a) "),
    "open quotes": _one_header(b"From", b'"\\'),
    "angles": _one_header(b"From", b"<"),
    "encoded words": _one_header(b"Subject", b"=?utf-8?q?a?= "),
    "half an encoded word": _one_header(b"Subject", b"=?utf-8?q?"),
    "addresses": _one_header(b"To", b"a@warga.example, "),
    "references": _one_header(b"References", b"<a@b> "),
    "folded references": _one_header(b"References", b"\r\n <a@b>"),
    "references that are none": _one_header(b"References", b"<"),
    "continued parameters": lambda size: (
        HEAD + b"Content-Type: application/pdf" + _numbered("; name*{}*=%41", size) + b"\r\n\r\nx"
    ),
    "parameters": _one_header(b"Content-Type", b'; a="\\'),
    "date": _one_header(b"Date", b"1 "),
    # trees
    "boundaries": _parts(b"--b\r\n"),
    "near boundaries": _parts(b"--bx\r\n"),
    "boundaries in one line": _parts(b"--b"),
    "closed boundaries": _parts(b"--b--\r\n"),
    "empty parts": _parts(b"--b\r\n\r\nx\r\n"),
    "attachments": _parts(_ATTACHED),
    "parts of many parameters": _parts(b"--b\r\nContent-Type: text/plain;" + b' a="\\' * 1000 + b"\r\n\r\nx\r\n"),
    "parts of many headers": _parts(b"--b\r\n" + b"X-A: b\r\n" * 600 + b"\r\nx\r\n"),
    "texts": _parts(b"--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n"),
    "containers in containers": lambda size: HEAD + _nested(size),
    "containers of one boundary": lambda size: HEAD + filled(MIXED + b"--b\r\n", size),
    "mails in mails": lambda size: HEAD + filled(b"Content-Type: message/rfc822\r\n\r\n", size),
    # encodings
    "base64 in one line": _encoded(b"base64", b"QUJD"),
    "base64 rubbish": _encoded(b"base64", b"!a", b"application/pdf"),
    "base64 padding": _encoded(b"base64", b"QQ==", b"application/pdf"),
    "quoted-printable of =": _encoded(b"quoted-printable", b"="),
    "quoted-printable of =\\n": _encoded(b"quoted-printable", b"=\n"),
    "uuencode": _encoded(b"x-uuencode", b"!!\r\n"),
    "uuencode in a text": _text(b"begin 644 a\r\n"),
    "uuencoded files": _text(b"begin 644 a\r\n#0V%T\r\n`\r\nend\r\n"),
    "yenc in a text": _text(b"begin \r\n=ybegin name=a\r\n=yend\r\n"),
    "yenc escapes": lambda size: (
        HEAD + b"\r\nbegin \r\n=ybegin name=a\r\n" + filled(b"=J", size) + b"\r\n=yend\r\n"
    ),
    "utf-7": lambda size: HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n" + filled(b"+2AA-", size),
    "utf-16": lambda size: HEAD + b"Content-Type: text/plain; charset=utf-16\r\n\r\n" + filled(b"\xff\xfe\0\xd8", size),
    "iso-2022": _text(b"\x1b$B\x1b(J"),
    "bytes over 127": _text(b"\xff\xe4\xbd"),
    # text
    "line ends": _text(b"\r\n"),
    "carriage returns": _text(b"\r"),
    "blanks": _text(b" "),
    "quote signs": _text(b">"),
    "quoted lines": _text(b"> a\r\n"),
    "deeper quotes": lambda size: HEAD + b"\r\nx\r\n" + filled(b">" * 300 + b"\r\n", size),
    "answers between quotes": _text(b"Pada 3 Mar 2026 10.15 a@b.example menulis:\r\n> a\r\nya\r\n"),
    "openers": _text(b"Pada Sel, 3 Mar 2026 pukul 10.15 Siti <a@b.example> menulis:\r\n"),
    "half openers": _text(b"Pada 3 Mar 2026 10.15\r\n"),
    "header blocks": _text(b"Dari: a\r\nDikirim: b\r\n"),
    "whole header blocks": _text(b"Dari: a@b.example\r\nDikirim: 3 Mar 2026 10.15\r\nKepada: c\r\nPerihal: d\r\n\r\n"),
    "our marker": _text(b"-- Mohon balas di atas baris ini --\r\n"),
    "half our marker": _text(b"-- Mohon balas di\r\n"),
    "signatures": _text(b"x\r\n-- \r\n"),
    "closings": _text(b"Hormat saya,\r\n\r\nSiti\r\n"),
    "sent from": _text(b"Dikirim dari iPhone saya\r\n"),
    "disclaimers": _text(b"Surel ini bersifat rahasia dan hanya untuk penerima yang dituju.\r\n"),
    "forwarded": _text(b"---------- Forwarded message ---------\r\n"),
    "thanks": _text(b"terima kasih "),
    "words of danger": _text(b"kebakaran tolong segera anak hamil lansia 78 tahun "),
    "ages": _text(b"umur 78 "),
    "places": _text(b"jalan kenanga rt 3 rw 5 dekat masjid agung "),
    "case numbers": _text(b"TGP-4K7M-9QXW "),
    "nearly case numbers": _text(b"TGP-"),
    "zero-width characters": _text("\u200b\u200d".encode()),
    "combining characters": _text("a\u0301\u0301\u0301".encode()),
    "one long word": _text(b"a"),
    "capitals": _text(b"A: "),
    "flowed": lambda size: HEAD + b"Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n" + filled(b"> a \r\n",
        size),
    # markup
    "html: <": _html(b"<"),
    "html: &": _html(b"&"),
    "html: entities": _html(b"&amp;"),
    "html: long entities": _html(b"&#9999999"),
    "html: comments": _html(b"<!--"),
    "html: tags never closed": _html(b"<a "),
    "html: quotes never closed": _html(b'<a b=">'),
    "html: both quotes": _html(b"<a b='\">"),
    "html: scripts never closed": _html(b"<script>"),
    "html: scripts": _html(b"<script>a</script>"),
    "html: styles of many names": lambda size: HEAD + HTML + _numbered("<style{0}></style{0}><svg>", size),
    "html: hidden": _html(b'<div style="display:none">'),
    "html: hidden, closed": _html(b'<span style="display:none">a</span>'),
    "html: nested quotes": _html(b"<blockquote>x"),
    "html: nested boxes": _html(b"<div>"),
    "html: quoted boxes": _html(b'<div class="yahoo_quoted">x'),
    "html: prefixes": _html(b'<div class="moz-cite-prefix">x</div><blockquote>'),
    "html: separators": _html(b'<div style="border-top:solid 1pt">'),
    "html: lists": _html(b"<ol><li>"),
    "html: cells": _html(b"<td>a"),
    "html: preformatted": _html(b"<pre>\n"),
    "html: links": _html(b'<a href="http://a.example/">'),
    "html: attributes": _html(b"<a " + b"href " * 300 + b">"),
    "html: hidden, of many names": _html(
        b'<div style="display:none"><p style="display:none"><td style="display:none"><ul style="display:none">'
    ),
    "html: plain text of tags at the end": lambda size: HEAD + HTML + filled(PROSE, size // 2) + filled(b"<b>",
        size // 2),
    "html: pictures": _html(b"<img alt='"),
    "html: closings": _html(b"</p>"),
    "html beside a stub": lambda size: (
        HEAD + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nlihat di peramban\r\n--b\r\n"
        + HTML + filled(b"<p>a b", size) + b"\r\n--b--\r\n"
    ),
    # reports
    "report of many": _report(_FIELDS),
    "report without fields": _report(b"x\r\n"),
    "report of blank lines": _report(b"\r\n"),
    "report of one field": _report(b"Action: failed\r\n"),
    "phrases of failure": _daemon(b"The following address failed: a@warga.example: 550 5.1.1 user unknown\r\n"),
    "addresses that failed": lambda size: DAEMON + b"\r\n" + _numbered("<a{}@warga.example>: 550 user unknown\r\n",
        size),
    "returned headers": _daemon(b"Received: from a\r\nFrom: a\r\nTo: b\r\nSubject: c\r\n\r\n"),
    "ids": _daemon(b"message-id: <a@b.example>\r\n"),
    "ids of the mail service": _daemon(b"0100018e5f3b2c1d-6a7b8c9d-1e2f-4a5b-8c9d-0e1f2a3b4c5d-000000 "),
    "a notice that was mailed": lambda size: (
        b"From: AWS <no-reply@sns.amazonaws.com>\r\nMessage-ID: <1@x>\r\n\r\n" + filled(b'{"a":[', size)
    ),
    "sealed lines": lambda size: HEAD + b"\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\n" + filled(b"- -\r\n", size),
    # robots
    "sentences of an absence": _text(b"Saya sedang cuti. "),
    "abbreviations": _text(b"bpk. "),
}  # fmt: skip
