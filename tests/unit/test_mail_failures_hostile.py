"""Reports that want to cost us time: bounded, linear, and never an exception."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.adapters.mail import bounds, failures, mime
from tanggap.domain.inbound import FailedDelivery

SIZE = 1_000_000
SECONDS = 2.0  # some 0.1 s here; what is quadratic in any of it takes minutes
AT = datetime(2026, 3, 3, 12, 42, tzinfo=UTC)
HEAD = b"From: MAILER-DAEMON@x.example\r\nSubject: Undelivered Mail\r\nReturn-Path: <>\r\n"
MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"


def filled(piece: bytes) -> bytes:
    return (piece * (SIZE // len(piece) + 1))[:SIZE]


ATTACKS = {
    "a failure at every line": b"\r\n" + filled(b"could not be delivered to <a@b.example>: 550 5.1.1 user unknown\r\n"),
    "lists at every line": b"\r\n" + filled(b"The following addresses had permanent fatal errors\r\n"),
    "addresses": b"\r\nfailed\r\n" + filled(b"a@b.example "),
    "half addresses": b"\r\nfailed\r\n" + filled(b"a@"),
    "one local part": b"\r\nfailed\r\n" + filled(b"a"),
    "header blocks": b"\r\nfailed\r\n" + filled(b"To: a\r\nReceived: b\r\n\r\n"),
    "near header blocks": b"\r\nfailed\r\n" + filled(b"To: a\r\nx\r\n"),
    "marks of a copy": b"\r\nfailed\r\n" + filled(b"- - the the original message was\r\n"),
    "dashes": b"\r\nfailed\r\n" + filled(b"-_-" * 40 + b"\r\n"),
    "blanks": b"\r\nfailed\r\n" + filled(b" " * 300 + b"\r\n"),
    "ids": b"\r\nfailed\r\n" + filled(b"message-id: a@b "),
    "ids of the service": b"\r\nfailed\r\n" + filled(b"0123456789abcdef-01234567-"),
    "words of causes": b"\r\nfailed a@b.example\r\n" + filled(b"over quota mailbox user recipient address "),
    "named a thousand times": b"X-Failed-Recipients: "
    + b", ".join(b"a%d@b.example" % n for n in range(1_000))
    + b"\r\n\r\n"
    + filled(b"user recipient address account\r\n"),
    "groups": b"Content-Type: message/delivery-status\r\n\r\n"
    + filled(b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n\r\n"),
    "groups in words": b"\r\n" + filled(b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n\r\n"),
    "mails in mails": MIXED
    + filled(
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: MAILER-DAEMON@x\r\nContent-Type: multipart/mixed; boundary=c"
        b"\r\n\r\n--c\r\nContent-Type: message/rfc822\r\n\r\nX: y\r\n\r\nfailed\r\n"
    ),
    "feedback": b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: message/feedback-report\r\n\r\n" + filled(b"Original-Rcpt-To: a@b.example\r\n"),
    "a notification that never closes": b"From: no-reply@sns.amazonaws.com\r\n\r\n" + filled(b'{"a":['),
}


def look(raw: bytes) -> tuple[FailedDelivery, ...]:
    doubts: set[str] = set()
    tree = mime.parse(raw, doubts)
    text = raw.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")[: bounds.TEXT].replace("\r\n", "\n")
    return failures.reported(tree, doubts, "", text, ("lapor@desa-contoh.example",))


def within_bounds(found: tuple[FailedDelivery, ...]) -> bool:
    return len(found) <= bounds.FAILURES and all(
        len(one.recipient) <= bounds.ADDRESS
        and len(one.original_id) <= bounds.IDENTIFIER
        and len(one.status) <= 20
        and len(one.references) <= bounds.REFERENCES
        and len(one.reply_to) <= bounds.ADDRESSES
        and all(len(said) <= bounds.IDENTIFIER for said in one.references)
        for one in found
    )


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_costs_no_more_than_its_size(name: str) -> None:
    head = b"" if ATTACKS[name].startswith(b"From:") else HEAD
    started = time.process_time()
    found = look(head + ATTACKS[name])
    assert time.process_time() - started < SECONDS
    assert within_bounds(found)


PIECES = st.sampled_from(
    [
        b"\r\n", b"\n", b"\r\n\r\n", b"\0", b" ", b"\t", b":", b";", b'"', b"(", b")", b"<", b">", b"--b", b"--b--",
        b"From: MAILER-DAEMON@x", b"From: <>", b"Return-Path: <>", b"Subject: Undeliverable", b"X-Failed-Recipients: ",
        b"Content-Type: multipart/report; boundary=b", b"Content-Type: message/rfc822", b"From: x@sns.amazonaws.com",
        b"Content-Type: message/delivery-status", b"Content-Type: message/feedback-report", b"{", b'"Message":', b"[",
        b"Final-Recipient: rfc822; a@b.example", b"Original-Recipient: ", b"Action: failed", b"Status: 5.1.1",
        b"Feedback-Type: abuse", b"Original-Rcpt-To: ", b"Message-ID: <a@b>", b"References: <c@d>", b"To: ",
        b"Received: ",
        b"a@b.example", b"<a@b.example>:", b"could not be delivered to", b"the following addresses", b"550 5.1.1 ",
        b"<<< 550", b">>> RCPT TO:<a@b.example>", b"(generated from ", b"--- Original message follows.", b"> ",
        b"user unknown", b"over quota", b"will continue", b"successfully delivered to", b"\xff", b"\xe9",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=10)), max_size=60).map(b"".join), st.booleans())
def test_any_bytes_give_a_bounded_report_or_none(raw: bytes, daemon: bool) -> None:
    assert within_bounds(look((HEAD if daemon else b"") + raw))
