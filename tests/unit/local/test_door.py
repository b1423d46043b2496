"""The SMTP door's decisions, without a socket: rules, verdicts, what SES writes and tells."""

from __future__ import annotations

import base64
import smtplib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.local.places import Places, free_ports
from infra.local.receipt_rules import matches, rules_of
from infra.local.received import HEADERS_LIMIT, Transaction, new_message_id, notification, prepended
from infra.local.smtp_door import SmtpDoor
from infra.local.verdicts import EICAR, GTUBE, Verdicts, judge

ALL_PASS = Verdicts("PASS", "PASS", "PASS", "PASS", "PASS")


@pytest.mark.parametrize(
    ("condition", "address", "taken"),
    [
        ("desa.example", "lapor@desa.example", True),
        ("desa.example", "LAPOR+token@DESA.example", True),
        ("desa.example", "lapor@mail.desa.example", False),
        (".desa.example", "lapor@mail.desa.example", True),
        (".desa.example", "lapor@desa.example", False),
        ("lapor@desa.example", "lapor@desa.example", True),
        ("lapor@desa.example", "lapor+token@desa.example", True),
        ("lapor@desa.example", "lain@desa.example", False),
        ("desa.example", "lapor@palsudesa.example", False),
    ],
)
def test_a_rule_takes_recipients_as_ses_matches_them(condition: str, address: str, taken: bool) -> None:
    assert matches(condition, address) is taken


def test_a_rule_without_recipients_takes_the_verified_domains() -> None:
    (rule,) = rules_of({"Rules": [{"Name": "r", "Enabled": True, "Actions": []}]})
    assert rule.takes("x@desa.example", frozenset({"desa.example"}))
    assert not rule.takes("x@lain.example", frozenset({"desa.example"}))


def test_a_rule_that_is_switched_off_takes_nothing() -> None:
    assert rules_of({"Rules": [{"Name": "r", "Enabled": False, "Actions": []}]}) == ()


def test_the_test_strings_are_spam_and_virus_also_inside_an_attachment() -> None:
    attached = (
        b"From: a@b.example\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(EICAR)
    )
    assert judge(attached, "a@b.example", scan=True).virus == "FAIL"
    assert judge(b"From: a@b.example\r\n\r\n" + GTUBE, "a@b.example", scan=True).spam == "FAIL"
    assert judge(b"From: a@b.example\r\n\r\nhalo", "a@b.example", scan=True) == ALL_PASS


def test_without_scanning_the_scanners_say_disabled() -> None:
    verdicts = judge(b"From: a@b.example\r\n\r\n" + GTUBE, "a@b.example", scan=False)
    assert (verdicts.spam, verdicts.virus) == ("DISABLED", "DISABLED")


@pytest.mark.parametrize(
    ("sender", "verdict", "policy"),
    [
        ("x@spoofed.example", "FAIL", "REJECT"),
        ("x@mail.spoofed.example", "FAIL", "REJECT"),
        ("x@notspoofed.example", "PASS", None),
        ("x@unsigned.example", "GRAY", None),
    ],
)
def test_authenticity_follows_the_domains_kept_for_it(sender: str, verdict: str, policy: str | None) -> None:
    verdicts = judge(f"From: X <{sender}>\r\n\r\nhalo".encode(), "other@b.example", scan=True)
    assert (verdicts.spf, verdicts.dkim, verdicts.dmarc) == (verdict,) * 3
    assert verdicts.dmarc_policy() == policy


@pytest.mark.parametrize("raw", [b"", b"\x00\x01", b"From: " + b"(" * 3000, b"Content-Type: multipart/mixed\r\n\r\n--"])
def test_no_mail_is_too_broken_to_be_judged(raw: bytes) -> None:
    judge(raw + GTUBE, "", scan=True)


def received(raw: bytes, sender: str = "ani@warga.example") -> Transaction:
    return Transaction(
        message_id=new_message_id(),
        at=datetime(2026, 11, 22, 3, 4, 5, 678_000, UTC),
        peer="127.0.0.1",
        helo="mail.warga.example",
        sender=sender,
        recipients=("lapor@desa.example", "lain@desa.example"),
        raw=raw,
    )


def told(raw: bytes, verdicts: Verdicts = ALL_PASS, sender: str = "ani@warga.example") -> dict:
    mail = received(raw, sender)
    stored = prepended(mail, ["lapor@desa.example"], verdicts) + raw
    return notification(mail, stored, ["lapor@desa.example"], verdicts, {"type": "S3", "objectKey": "mail/x"}, 0.25)


def test_the_notification_has_the_shape_that_ses_sends() -> None:
    raw = b"From: =?utf-8?q?Sit=C3=AD?= <ani@warga.example>\r\nTo: lapor@desa.example\r\nSubject: halo\r\n\r\nisi\r\n"
    notice = told(raw)
    assert notice["notificationType"] == "Received"
    assert notice["mail"]["timestamp"] == "2026-11-22T03:04:05.678Z"
    assert notice["mail"]["source"] == "ani@warga.example"
    assert notice["mail"]["destination"] == ["lapor@desa.example", "lain@desa.example"]
    assert notice["receipt"]["recipients"] == ["lapor@desa.example"]
    assert notice["mail"]["headersTruncated"] is False
    assert notice["mail"]["commonHeaders"]["from"] == ["Sití <ani@warga.example>"]
    assert notice["mail"]["commonHeaders"]["subject"] == "halo"
    names = [header["name"] for header in notice["mail"]["headers"]]
    assert names[:4] == ["Return-Path", "Received", "X-SES-Spam-Verdict", "X-SES-Virus-Verdict"]
    assert notice["receipt"]["spamVerdict"] == {"status": "PASS"}
    assert notice["receipt"]["processingTimeMillis"] == 250
    assert "dmarcPolicy" not in notice["receipt"]


def test_a_failed_dmarc_names_the_policy() -> None:
    verdicts = Verdicts("PASS", "PASS", "FAIL", "FAIL", "FAIL")
    assert told(b"From: x@spoofed.example\r\n\r\n", verdicts)["receipt"]["dmarcPolicy"] == "REJECT"


def test_headers_over_the_limit_are_cut_and_marked() -> None:
    notice = told(b"From: a@b.example\r\n" + b"X-Long: " + b"x" * HEADERS_LIMIT + b"\r\nSubject: after\r\n\r\nisi")
    assert notice["mail"]["headersTruncated"] is True
    assert "X-Long" not in [header["name"] for header in notice["mail"]["headers"]]


def test_a_bounce_has_an_empty_sender_and_no_return_path_in_common() -> None:
    notice = told(b"From: mailer-daemon@b.example\r\n\r\n", sender="")
    assert notice["mail"]["source"] == ""
    assert "returnPath" not in notice["mail"]["commonHeaders"]


def test_what_ses_prepends_leaves_the_senders_bytes_alone() -> None:
    raw = b"From: a@b.example\r\nSubject: \xff\xfe\r\n\r\n\x00body"
    stored = prepended(received(raw), ["lapor@desa.example"], ALL_PASS) + raw
    assert stored.endswith(raw)
    assert stored.startswith(b"Return-Path: <ani@warga.example>\r\nReceived: from mail.warga.example")
    assert b"\r\n\r\n" not in stored[: -len(raw)]


def test_a_door_that_cannot_ask_for_rules_lets_the_sender_try_again(tmp_path: Path) -> None:
    smtp_port, http_port, nobody_listens = free_ports(3)
    door = SmtpDoor(Places(smtp_port, http_port, nobody_listens, work=tmp_path, state=None), print)
    door.start()
    try:
        with smtplib.SMTP("127.0.0.1", smtp_port, timeout=60) as connection:
            connection.ehlo("mail.warga.example")
            connection.mail("ani@warga.example")
            code, _ = connection.rcpt("lapor@desa.example")
    finally:
        door.stop()
    assert code == 451
