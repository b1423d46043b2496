"""Attackers write mail too: whatever arrives gives a message or a Park, in bounded time."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.adapters.mail import quotes
from tanggap.adapters.mail.html_text import readable
from tanggap.adapters.mail.reader import Receipt, read, receipt_of
from tanggap.domain.errors import Park
from tanggap.domain.inbound import Authenticity
from tests.support.hostile_mail import KINDS
from tests.support.mail_properties import storable, within_bounds

AT = datetime(2026, 3, 3, 12, 42, tzinfo=UTC)
RECEIPT = Receipt("mail/1", AT, ("lapor@desa-contoh.example",), "a@warga.example", Authenticity())
#: Plain mail of this size takes some 3 ms here and the worst of these 300 ms; what is quadratic in any of it takes tens
#: of seconds. What each costs beside plain mail of 10 MB is measured by tests/acceptance/test_mail_cost.py.
SIZE = 150_000
SECONDS = 2.0


@pytest.mark.parametrize("kind", KINDS)
def test_an_attack_costs_no_more_than_long_mail(kind: str) -> None:
    raw = KINDS[kind](SIZE)
    started = time.process_time()
    found = read(raw, RECEIPT)
    assert time.process_time() - started < SECONDS
    within_bounds(found)
    storable(found)


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
        within_bounds(read(raw, RECEIPT))
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
