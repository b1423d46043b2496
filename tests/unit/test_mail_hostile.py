"""Attackers write mail too: whatever arrives gives a message or a Park, in bounded time."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.adapters.mail import bounds, quotes
from tanggap.adapters.mail.html_text import readable
from tanggap.adapters.mail.reader import Receipt, read, receipt_of
from tanggap.domain.errors import Park
from tanggap.domain.inbound import Authenticity, Inbound

AT = datetime(2026, 3, 3, 12, 42, tzinfo=UTC)
RECEIPT = Receipt("mail/1", AT, ("lapor@desa-contoh.example",), "a@warga.example", Authenticity())
HEAD = b"From: a@warga.example\r\nDate: Tue, 3 Mar 2026 19:42:10 +0700\r\nMessage-ID: <1@warga.example>\r\n"
MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
HTML = b"Content-Type: text/html\r\n\r\n"
REPORT = b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
SIZE = 1_000_000
#: Plain mail of this size takes some 60 ms here; what is quadratic in any of it takes minutes.
SECONDS = 4.0


def filled(piece: bytes) -> bytes:
    return (piece * (SIZE // len(piece) + 1))[:SIZE]


ATTACKS = {
    "comments in From": b"From: " + filled(b"(") + b"\r\n\r\nx",
    "encoded words": b"Subject: " + filled(b"=?utf-8?q?a?= ") + b"\r\n\r\nx",
    "quotes in To": b"To: " + filled(b'"\\') + b"\r\n\r\nx",
    "many headers": filled(b"X-A: =?utf-8?q?a?=\r\n") + b"\r\nx",
    "folded ids": b"References:" + filled(b"\r\n <a@b>") + b"\r\n\r\nx",
    "no blank line": filled(b"A: b\r\n"),
    "boundaries": MIXED + filled(b"--b\r\n"),
    "near boundaries": MIXED + filled(b"--bx\r\n"),
    "boundaries in one line": MIXED + filled(b"--b"),
    "empty parts": MIXED + filled(b"--b\r\n\r\nx\r\n"),
    "parameters": MIXED + filled(b"--b\r\nContent-Type: text/plain;" + b' a="\\' * 1000 + b"\r\n\r\nx\r\n"),
    "containers": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(15_000)
    ),
    "broken base64": b"Content-Transfer-Encoding: base64\r\n\r\n" + filled(b"!a"),
    "broken uuencode": b"Content-Transfer-Encoding: x-uuencode\r\n\r\n" + filled(b"!!\r\n"),
    "html: <": HTML + filled(b"<"),
    "html: comments": HTML + filled(b"<!--"),
    "html: scripts never closed": HTML + filled(b"<script>"),
    "html: quotes never closed": HTML + filled(b'<a b=">'),
    "html: both quotes": HTML + filled(b"<a b='\">"),
    "html: nested quotes": HTML + filled(b"<blockquote>x"),
    "html: entities": HTML + filled(b"&#9999999"),
    "html: attributes": HTML + filled(b"<a " + b"href " * 300 + b">"),
    "quote openers": b"\r\n" + filled(b"Pada 1 Mar 2026\r\n"),
    "header blocks": b"\r\n" + filled(b"Dari: a\r\nDikirim: b\r\n"),
    "signatures": b"\r\nx\r\n" + filled(b"--\r\n"),
    "report without fields": REPORT + filled(b"x\r\n"),
    "report of many": REPORT + filled(b"Final-Recipient: rfc822; a@b\r\nAction: failed\r\n\r\n"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_costs_no_more_than_long_mail(name: str) -> None:
    started = time.process_time()
    found = read(HEAD + ATTACKS[name] if not name.startswith("comments") else ATTACKS[name], RECEIPT)
    assert time.process_time() - started < SECONDS
    assert within_bounds(found)


def within_bounds(found: Inbound) -> bool:
    return (
        len(found.full_text) <= bounds.TEXT
        and len(found.text) <= bounds.TEXT
        and len(found.subject) <= bounds.SUBJECT
        and len(found.sender.name) <= bounds.NAME
        and len(found.sender.address) <= bounds.ADDRESS
        and len(found.recipients) <= bounds.ADDRESSES
        and len(found.references) <= bounds.REFERENCES
        and all(len(one) <= bounds.IDENTIFIER for one in (*found.references, found.external_id))
        and len(found.files) <= bounds.FILES
        and len(found.failures) <= bounds.FAILURES
        and all(0 < len(file.name) <= bounds.FILE_NAME for file in found.files)
    )


PIECES = st.sampled_from(
    [
        b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\0", b" ", b"\t", b":", b";", b'"', b"(", b")", b"<", b">", b"=",
        b"--b", b"--b--",
        b"From: ", b"Subject: ", b"Message-ID: ", b"Date: ", b"To: ", b"References: ", b"Return-Path: <>",
        b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: multipart/alternative; boundary=b",
        b"Content-Type: multipart/report; boundary=b", b"Content-Type: message/rfc822", b"Content-Type: text/html",
        b"Content-Type: message/delivery-status", b"Content-Type: text/plain; charset=", b"utf-16",
        b"iso-2022-jp", b"hz",
        b"Content-Disposition: attachment; filename=", b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: quoted-printable", b"Content-Transfer-Encoding: uuencode", b"format=flowed",
        b"=?utf-8?q?", b"=?utf-7?b?", b"?=", b"a@warga.example", b"<script>", b"</p>", b"&#",
        b"filename*0*=", b"%E2%80",
        b"Final-Recipient: rfc822; a@b", b"Action: failed", b"Pada 3 Mar 2026 10.15 a@b menulis:", b"> ", b"Dari: a@b",
        b"Dikirim: x", b"Kepada: y", b"-- ", b"\xff", b"\x1b$B", b"\xe4\xbd",
    ]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=60).map(b"".join))
def test_any_bytes_are_a_message_or_parked(raw: bytes) -> None:
    with suppress(Park):
        assert within_bounds(read(raw, RECEIPT))
    receipt_of(raw, "k", AT)


LINES = st.one_of(PIECES.map(lambda piece: piece.decode("latin-1")), st.text(max_size=12))
MARKUP = st.one_of(
    st.sampled_from(["<p>", "</p>", "<blockquote>", "<pre>", "<a href='", "'>", "<!--", "<td>", "&", "<", "<script>"]),
    st.text(max_size=5),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=60).map("".join))
def test_any_text_is_cut_to_something_that_was_in_it(text: str) -> None:
    own = quotes.cut(text)
    assert bool(own.strip()) == bool(text.strip())
    assert {line.rstrip() for line in own.split("\n")} <= {line.rstrip() for line in text.split("\n")} | {""}


@settings(max_examples=200, deadline=None)
@given(st.lists(MARKUP, max_size=60).map("".join))
def test_any_markup_becomes_text(html: str) -> None:
    assert isinstance(readable(html), str)
