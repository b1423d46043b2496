"""Failure reports by families: whom we could not reach, for good or not, and which letter of ours it was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tanggap.adapters.mail.failures import causes
from tanggap.adapters.mail.reader import Receipt, read
from tanggap.domain.inbound import Authenticity, FailedDelivery

AT = datetime(2026, 3, 4, 2, 10, tzinfo=UTC)
OURS = "lapor@desa-contoh.example"
OUR_ID = "d-7.abcd2345@desa-contoh.example"
SES_ID = "010e019a2b3c4d5e-0a1b2c3d-1111-2222-3333-0123456789ab-000000@ap-southeast-1.amazonses.com"
LETTER = f"""Return-Path: <{SES_ID}>
Received: from a8-31.smtp-out.amazonses.com by mx.warga.example for <siti@warga.example>
From: Desa Contoh <{OURS}>
To: Siti <siti@warga.example>
Reply-To: lapor+abcd2345@desa-contoh.example
Subject: Laporan Anda
References: <asal-1@warga.example> <{OUR_ID}>
Message-ID: <{SES_ID}>

Terima kasih.
"""
DAEMON = "From: Mail Delivery System <MAILER-DAEMON@mx.warga.example>\nSubject: Undelivered Mail Returned to Sender\n"
ROBOT = "From: Layanan Surel <surel@warga.example>\nSubject: Pemberitahuan\nReturn-Path: <>\n"


def failures(raw: str, source: str = "penerus@lain.example") -> tuple[FailedDelivery, ...]:
    head = f"To: {OURS}\nDate: Wed, 4 Mar 2026 09:10:11 +0700\nMessage-ID: <1@mx.warga.example>\n"
    mail = (head + raw).replace("\n", "\r\n").encode()
    return read(mail, Receipt("mail/1", AT, (OURS,), source, Authenticity())).failures


def briefly(found: tuple[FailedDelivery, ...]) -> list[tuple[str, str, bool]]:
    return [(one.recipient, one.kind, one.permanent) for one in found]


def text(words: str, head: str = DAEMON, charset: str = "utf-8") -> tuple[FailedDelivery, ...]:
    return failures(f"{head}Content-Type: text/plain; charset={charset}\n\n{words}")


def report(fields: str, kind: str = "message/delivery-status", rest: str = "") -> tuple[FailedDelivery, ...]:
    return failures(
        f"{DAEMON}Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        f"--b\nContent-Type: text/plain\n\nSurat tidak sampai.\n--b\nContent-Type: {kind}\n\n{fields}\n{rest}--b--\n"
    )


# -- the fields of RFC 3464

GROUP = "Reporting-MTA: dns; mx.warga.example\n\nFinal-Recipient: rfc822; siti@warga.example\n"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("Action: failed\nStatus: 5.1.1\n", ("bounce", True)),
        ("Action: FAILED (bounced)\nStatus: 5.1.1 (bad mailbox)\n", ("bounce", True)),
        ("Action: failed\nStatus: 5.2.2\n", ("bounce", False)),
        ("Action: failed\nStatus: 4.4.7\n", ("bounce", False)),
        ("Action: delayed\nStatus: 4.4.1\n", ("delay", False)),
        ("Action: delivered\nStatus: 2.0.0\n", ("delivery", False)),
        ("Action: relayed\nStatus: 2.0.0\n", ("delivery", False)),
        ("Status: 2.1.5\n", ("delivery", False)),
        ("Status: 5.1.1\n", ("bounce", True)),
        ("Action: undeliverable\nStatus: 5.1.1\n", ("bounce", True)),
    ],
)
def test_the_action_and_the_status_tell_what_became_of_it(fields: str, expected: tuple[str, bool]) -> None:
    assert briefly(report(GROUP + fields)) == [("siti@warga.example", *expected)]


@pytest.mark.parametrize(
    "fields",
    [
        "Original-Recipient: rfc822; siti@warga.example\nFinal-Recipient: rfc822; u17@toko.example\nAction: failed\n",
        "Original-Recipient: <siti@warga.example>\nAction: failed\n",
        "Final-Recipient: rfc822; @mx\nX-Actual-Recipient: rfc822; siti@warga.example\nAction: failed\n",
        "Final-Recipient: RFC822;siti@warga.example\n\nAction: failed\nStatus: 5.1.1\n",
        "Reporting-MTA: dns; mx\nFinal-Recipient: siti@warga.example\nAction: failed\n",
        "baris yang bukan medan\nFinal-Recipient: rfc822; siti@warga.example\nAction: failed\n",
    ],
    ids=["alias", "only original", "only actual", "torn by a blank line", "no blank line, no type", "noise"],
)
def test_a_malformed_group_still_names_whom_we_wrote_to(fields: str) -> None:
    assert [one.recipient for one in report(fields)] == ["siti@warga.example"]


def test_recipients_without_a_blank_line_between_them_are_two() -> None:
    fields = "".join(f"Final-Recipient: rfc822; {who}@warga.example\nAction: failed\n" for who in ("siti", "budi"))
    assert [one.recipient for one in report(fields)] == ["siti@warga.example", "budi@warga.example"]


@pytest.mark.parametrize("kind", ["text/plain", "message/delivery-notification", "application/octet-stream"])
def test_the_fields_are_found_in_a_part_with_another_name(kind: str) -> None:
    assert briefly(report(GROUP + "Action: failed\nStatus: 5.1.1\n", kind)) == [("siti@warga.example", "bounce", True)]


def test_a_report_that_was_wrapped_into_a_mail_is_found_one_level_down() -> None:
    inner = (
        "From: MAILER-DAEMON@mx.warga.example\nContent-Type: multipart/report; boundary=c\n\n--c\n"
        f"Content-Type: message/delivery-status\n\n{GROUP}Action: failed\nStatus: 5.1.1\n--c--\n"
    )
    found = failures(
        f"{DAEMON}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nDelivery failed.\n--b\n"
        f"Content-Type: message/rfc822\n\n{inner}--b--\n"
    )
    assert briefly(found) == [("siti@warga.example", "bounce", True)]


def test_a_whole_mail_that_is_nothing_but_fields_is_a_report() -> None:
    found = failures(f"{DAEMON}Content-Type: message/delivery-status\n\n{GROUP}Action: failed\nStatus: 5.1.1\n")
    assert briefly(found) == [("siti@warga.example", "bounce", True)]


# -- which letter of ours


RETURNED = {
    "message/rfc822": f"--b\nContent-Type: message/rfc822\n\n{LETTER}",
    "text/rfc822-headers": f"--b\nContent-Type: text/rfc822-headers\n\n{LETTER}",
    "a named file": f'--b\nContent-Type: text/plain; name="headers.txt"\nContent-Disposition: attachment\n\n{LETTER}',
}


@pytest.mark.parametrize("how", RETURNED)
def test_the_returned_part_names_our_letter(how: str) -> None:
    (found,) = report(GROUP + "Action: failed\nStatus: 5.1.1\n", rest=RETURNED[how])
    assert found.original_id == SES_ID
    assert found.references[0] == OUR_ID
    assert "lapor+abcd2345@desa-contoh.example" in found.reply_to


@pytest.mark.parametrize(
    "marker",
    [
        "------ This is a copy of the message, including all the headers. ------\n\n",
        "--- Below this line is a copy of the message.\n\n",
        "   ----- Message header follows -----\n\n",
        "--- Original message follows ---\n",
        "----- Unsent message below -----\n",
        "----- Pesan asli -----\n",
        "",
    ],
)
@pytest.mark.parametrize("quote", ["", "> ", "    "], ids=["bare", "quoted", "indented"])
def test_a_copy_in_the_text_names_our_letter_however_it_is_introduced(marker: str, quote: str) -> None:
    copy = "\n".join(quote + line for line in LETTER.splitlines())
    (found,) = text(f"Delivery to the following address failed:\n\n  siti@warga.example\n\n{marker}{copy}\n")
    assert (found.recipient, found.original_id, found.references[0]) == ("siti@warga.example", SES_ID, OUR_ID)
    assert "lapor+abcd2345@desa-contoh.example" in found.reply_to


def test_a_truncated_copy_still_names_what_is_left_of_it() -> None:
    cut = LETTER[: LETTER.index("Subject")]
    (found,) = text(f"<siti@warga.example>: user unknown\n\n--- Original message follows.\n{cut}")
    assert found.original_id == ""
    assert SES_ID in found.references
    assert "lapor+abcd2345@desa-contoh.example" in found.reply_to


def test_a_report_without_a_copy_is_known_by_what_it_answers_and_by_ids_in_its_words() -> None:
    (answered,) = failures(f"{DAEMON}In-Reply-To: <{SES_ID}>\n\nCould not deliver to <siti@warga.example>: full\n")
    (told,) = text(f"Message-ID: {SES_ID}\n\nCould not deliver it to <siti@warga.example>.\n")
    bare = SES_ID.partition("@")[0]
    (said,) = text(f"Could not deliver {bare} to <siti@warga.example>.\n")
    assert SES_ID in answered.references
    assert SES_ID in (told.original_id, *told.references)
    assert bare in said.references


# -- the header


def test_the_header_of_exim_and_gmail_names_them_and_the_words_say_why() -> None:
    found = failures(
        f"{DAEMON}X-Failed-Recipients: siti@warga.example,\n budi@warga.example\n\n"
        "siti@warga.example\n  550 No such user here\nbudi@warga.example\n  mailbox is full: retry timeout exceeded\n"
    )
    assert briefly(found) == [("siti@warga.example", "bounce", True), ("budi@warga.example", "bounce", False)]
    assert [one.cause for one in found] == ["unknown", "full"]


# -- words

WORDS = {
    "qmail": (
        "Hi. This is the mail program at mx.warga.example.\nI'm afraid I wasn't able to deliver your message to the "
        "following addresses.\n\n<siti@warga.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n"
    ),
    "Postfix": "<siti@warga.example>: host mx.warga.example[192.0.2.1] said: 550 5.1.1\n    unknown (RCPT)\n",
    "Exim": "recipients. The following address(es) failed:\n\n  siti@warga.example\n    Unrouteable address\n",
    "Exim alias": "The following address(es) failed:\n\n  u17@toko.example\n    (generated from siti@warga.example)\n"
    "    550 user unknown\n",
    "Sendmail": "   ----- The following addresses had permanent fatal errors -----\n<siti@warga.example>\n\n"
    "   ----- Transcript of session follows -----\n>>> RCPT To:<siti@warga.example>\n<<< 550 5.1.1 User unknown\n",
    "Exchange": "Your message\n\n  To:      Siti\n  Subject: Laporan\n\ndid not reach the following recipient(s):\n\n"
    "siti@warga.example on Thu, 5 Mar 2026 10:00:00 +0700\n    The recipient name is not recognized\n",
    "Domino": "Your message\n\n  Subject: Laporan\n\nwas not delivered to:\n\n  siti@warga.example\n\nbecause:\n\n"
    "  User siti (siti@warga.example) not listed in the directory\n",
    "SMTP32": "Unknown user: siti@warga.example\n\nOriginal message follows.\n",
    "gateway": "Sent <<< RCPT TO:<siti@warga.example>\nReceived >>> 550 5.1.1 unknown user.\n"
    "Unable to deliver message to <siti@warga.example>.\n",
    "labels": "Message could not be delivered to some recipients.\n\tRecipient: [SMTP:siti@warga.example]\n"
    "\tReason: Remote server returned: 550 mailbox unavailable.\n",
    "local user": "Message from warga.example.\nUnable to deliver message to the following address(es).\n\n"
    "<siti@warga.example>:\nThis user doesn't have a warga.example account (siti@warga.example) [-9]\n",
    "number in a list": "Delivery failed for these recipients:\n  1. siti@warga.example\nno such user\n",
    "Indonesian": "Surat Anda tidak dapat dikirim ke alamat berikut:\n\n    siti@warga.example\n\n"
    "Alamat tidak ditemukan.\n",
    "German": "Ihre Nachricht konnte nicht zugestellt werden an folgende Adresse:\n\n  siti@warga.example\n\n"
    "Empfänger unbekannt\n",
    "Spanish": "Su mensaje no pudo ser entregado a:\n\n<siti@warga.example>:\nno existe\n",
    "French": "Votre message n'a pas pu être remis aux destinataires suivants :\n\nsiti@warga.example\n\n"
    "Cette adresse n'existe pas\n",
    "Portuguese": "Não foi possível entregar a mensagem:\n\nsiti@warga.example\n\nUsuário não existe\n",
    "Japanese": "次の宛先へのメッセージは送信できませんでした。\n\n    siti@warga.example\n\nユーザーが存在しません\n",
    "Chinese": "邮件无法发送到您指定的地址中。\n\n<siti@warga.example>:\n用户不存在\n",
}


@pytest.mark.parametrize("family", WORDS)
def test_a_mail_systems_words_name_who_was_not_reached(family: str) -> None:
    help_line = "\nFor further assistance, please contact postmaster@mx.warga.example or bantuan@warga.example.\n"
    assert briefly(text(WORDS[family] + help_line)) == [("siti@warga.example", "bounce", True)]


@pytest.mark.parametrize("family", WORDS)
def test_the_same_words_do_from_a_null_return_path_with_the_letter_returned(family: str) -> None:
    words = WORDS[family].partition("Original message")[0]
    assert briefly(text(f"{words}\n--- Original message follows.\n\n{LETTER}", ROBOT)) == [
        ("siti@warga.example", "bounce", True)
    ]


def test_a_local_name_alone_belongs_to_the_domain_that_reports_it() -> None:
    head = DAEMON.replace("@mx.", "@")
    words = "Your mail to the following recipients could not be delivered, no such user:\n\n\tsiti\n"
    assert briefly(text(words, head)) == [("siti@warga.example", "bounce", True)]


DELAYS = {
    "Exim": "A message has not yet been delivered to all its recipients.\nThe address to which the message "
    "has not yet been delivered is:\n\n  siti@warga.example\n\nDelivery attempts will continue for some time.\n",
    "Sendmail": "    ********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n"
    "   ----- The following addresses had transient non-fatal errors -----\n<siti@warga.example>\n",
    "Gmail": "Delivery to the following recipient has been delayed:\n\n     siti@warga.example\n\n"
    "Message will be retried for 2 more day(s)\n",
    "Indonesian": "Pengiriman tertunda. Surat belum dapat dikirim ke:\n\n  siti@warga.example\n\n"
    "Sistem akan mencoba kembali.\n",
}


@pytest.mark.parametrize("family", DELAYS)
def test_a_warning_is_a_delay_and_no_failure(family: str) -> None:
    assert briefly(text(DELAYS[family])) == [("siti@warga.example", "delay", False)]


def test_recipients_that_were_reached_are_told_apart() -> None:
    found = text(
        "   ----- The following addresses had permanent fatal errors -----\n"
        "<siti@warga.example>\n    550 user unknown\n"
        "   ----- Successfully relayed to -----\n<budi@warga.example>: ok\n"
    )
    assert [(one.recipient, one.kind) for one in found] == [
        ("siti@warga.example", "bounce"),
        ("budi@warga.example", "delivery"),
    ]


def test_neither_we_nor_the_reporting_side_are_the_one_that_failed() -> None:
    (found,) = text(
        f"Could not be delivered, says mailer-daemon@mx.warga.example.\n\n<{OURS}>: message refused\n"
        f"<siti@warga.example>: user unknown\n\n{LETTER}"
    )
    assert found.recipient == "siti@warga.example"


def test_without_a_name_in_the_words_the_returned_letter_tells_whom_it_was_for() -> None:
    (found,) = text(f"Your message could not be delivered.\n\n--- Original message follows.\n\n{LETTER}")
    assert found.recipient == "siti@warga.example"


def test_where_nothing_tells_whom_it_was_for_the_letter_is_still_reported() -> None:
    letter = LETTER.replace("To: Siti <siti@warga.example>", "To: undisclosed-recipients:;").replace(
        " for <siti@warga.example>", ""
    )
    (found,) = text(f"Your message could not be delivered.\n\n--- Original message follows.\n\n{letter}")
    assert (found.recipient, found.original_id) == ("", SES_ID)


def test_a_refusal_that_is_sent_as_a_receipt_is_a_failure() -> None:
    found = failures(
        "From: siti@warga.example\nSubject: Automatically rejected mail\nAuto-Submitted: auto-replied (rejected)\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\n"
        "Your message to <siti@warga.example> was automatically rejected:\nQuota exceeded\n--b--\n"
    )
    assert briefly(found) == [("siti@warga.example", "bounce", False)]


# -- complaints (RFC 5965)


def complaint(fields: str, letter: str = LETTER) -> tuple[FailedDelivery, ...]:
    return failures(
        "From: fbl@provider.example\nSubject: Keluhan\nContent-Type: multipart/report; report-type=feedback-report; "
        f"boundary=b\n\n--b\n\nlaporan\n--b\nContent-Type: message/feedback-report\n\n{fields}\n--b\n"
        f"Content-Type: message/rfc822\n\n{letter}--b--\n"
    )


def test_a_complaint_that_a_provider_passes_on_is_about_our_letter() -> None:
    (found,) = complaint("Feedback-Type: abuse\nVersion: 1\nOriginal-Rcpt-To: siti@warga.example\n")
    assert (found.recipient, found.kind, found.original_id) == ("siti@warga.example", "complaint", SES_ID)
    assert found.references[0] == OUR_ID


def test_a_complaint_that_withholds_the_recipient_is_known_by_the_letter() -> None:
    (found,) = complaint("Feedback-Type: abuse\n", LETTER.replace("Siti <siti@warga.example>", "<Undisclosed>"))
    assert (found.recipient, found.kind, found.original_id) == ("", "complaint", SES_ID)


def test_no_spam_is_no_complaint() -> None:
    (found,) = complaint("Feedback-Type: not-spam\nOriginal-Rcpt-To: siti@warga.example\n")
    assert found.kind == "delivery"


# -- SES's notifications by mail


def test_a_notification_that_was_mailed_proves_nothing_by_our_own_names() -> None:
    notice = (
        '{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":'
        '[{"emailAddress":"siti@warga.example","status":"5.1.1"}],"timestamp":"2026-03-04T02:10:11.000Z"},'
        '"mail":{"messageId":"010e-1","timestamp":"2026-03-04T02:10:10.000Z","destination":["siti@warga.example"],'
        '"tags":{"case":["TG-1"],"delivery":["d-7"]}}}'
    )
    (found,) = failures(f"From: no-reply@sns.amazonaws.com\nSubject: AWS Notification Message\n\n{notice}\n-- \nx")
    assert (found.recipient, found.original_id, found.permanent) == ("siti@warga.example", "010e-1", True)
    assert (found.case_number, found.delivery_id) == ("", "")


# -- why

JUDGED = [
    ("550 5.1.1 <a@b.example>... User unknown", "", True, "unknown"),
    ("550 no such user here", "", True, "unknown"),
    ("450 4.1.1 user unknown", "", False, "unknown"),
    ("smtp; 550 5.1.0 Address rejected.", "5.0.0", True, "unknown"),
    ("550 5.4.1 Recipient address rejected: Access denied", "5.4.1", True, "unknown"),
    ("alamat tidak ditemukan", "", True, "unknown"),
    ("Host or domain name not found. Name service error", "5.4.4", True, "host"),
    ("550 5.1.10 recipient not found", "5.1.10", True, "unknown"),
    ("", "5.1.2", True, "host"),
    ("551 user not local; please try <a@c.example>", "", True, "moved"),
    ("552 5.2.2 mailbox full", "", False, "full"),
    ("550 5.1.1 over quota", "", False, "full"),
    ("kotak surat penuh", "", False, "full"),
    ("552 message size exceeds fixed limit", "5.3.4", False, "size"),
    ("550 5.7.1 blocked, see spamhaus", "5.7.1", False, "refused"),
    ("550 5.7.26 unauthenticated mail, DMARC policy of reject", "5.7.26", False, "refused"),
    ("553 sender address rejected: does not exist", "", False, "refused"),
    ("554 relay access denied", "", False, "refused"),
    ("550 account disabled", "", False, "suspended"),
    ("connection timed out", "4.4.1", False, "network"),
    ("I'm not going to try again; this message has been in the queue too long", "", False, "network"),
    (
        "smtp; 5.1.0 - Unknown address error 550-'5.7.1 denied by policy' (delivery attempts: 0)",
        "5.0.0",
        False,
        "refused",
    ),
    ("host mx said: 550 user unknown (in reply to end of DATA command)", "5.0.0", False, "refused"),
    ("", "", True, ""),
]


@pytest.mark.parametrize(("said", "status", "permanent", "cause"), JUDGED)
def test_only_what_lies_in_the_address_is_for_good(said: str, status: str, permanent: bool, cause: str) -> None:
    found = causes.judge(said, status)
    assert (found.permanent, found.cause) == (permanent, cause)
