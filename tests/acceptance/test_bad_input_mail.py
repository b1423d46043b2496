"""Bad mail through the door of the running stack, under IAM: each ends in a recorded outcome and blocks nobody else."""

from __future__ import annotations

import base64
import gzip
import io
import smtplib
import zipfile

import pytest

from infra.local.smtp_door import LARGEST
from infra.local.verdicts import EICAR, GTUBE
from tests.e2e.doors import TEXT, case_of, hand_in, head, outcome
from tests.e2e.system import System

pytestmark = pytest.mark.usefixtures("others_are_served", "it_adds_up")


# -- mails that lack something


@pytest.mark.parametrize("lacking", ["Date", "Message-ID", "Subject", "To"])
def test_a_mail_without_a_header_is_a_case_and_acknowledged(system: System, lacking: str) -> None:
    sender = system.someone()
    raw = (head(sender, **{lacking: ""}) + "\r\n" + TEXT).encode()
    case = case_of(system, outcome(system, hand_in(system, raw, sender)))
    assert case["messages"][0]["text"].strip() == TEXT.strip()
    assert system.mail_to(sender)


def test_a_mail_without_from_is_answered_at_its_envelope(system: System) -> None:
    sender = system.someone()
    case = case_of(system, outcome(system, hand_in(system, (head("") + "\r\n" + TEXT).encode(), sender)))
    assert "no_sender" in case["messages"][0]["marks"]
    assert system.mail_to(sender)


def test_a_mail_from_nobody_at_all_is_filed_and_nobody_is_answered(system: System) -> None:
    message = outcome(system, hand_in(system, b"Subject: tanpa nama\r\n\r\nJalan rusak.\r\n"))
    assert case_of(system, message)["deliveries"] == []


@pytest.mark.parametrize("raw", [b"\r\n\r\n", b"\0\0\0\r\n", b" \r\n"])
def test_a_mail_of_nothing_is_parked_or_filed_as_it_is(system: System, raw: bytes) -> None:
    assert outcome(system, hand_in(system, raw))["outcome"] in ("parked", "filed")


# -- mails that are built wrongly


BROKEN = {
    "never closed": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nJalan rusak.\r\n",
    "no boundary": b"Content-Type: multipart/mixed\r\n\r\nJalan rusak.\r\n",
    "boundary never there": b"Content-Type: multipart/alternative; boundary=x\r\n\r\nJalan rusak.\r\n",
    "fifty containers deep": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(50)
    )
    + b"\r\nJalan rusak.\r\n",
    "broken base64": b"Content-Transfer-Encoding: base64\r\n\r\nSmFsYW4gcnVzYWsu!!!\r\n",
    "unknown encoding": b"Content-Transfer-Encoding: x-rahasia\r\n\r\nJalan rusak.\r\n",
    "unknown charset": b"Content-Type: text/plain; charset=x-jawa-kuno\r\n\r\nJalan rusak \xe9\xff.\r\n",
    "a charset that lies": b"Content-Type: text/plain; charset=utf-16\r\n\r\nJalan rusak.\r\n",
    "half a character": b"Content-Type: text/plain; charset=utf-7\r\n\r\nJalan rusak. +2AA-\r\n",
    "NUL bytes": b"\r\nJalan\0 rusak\0\0.\r\n",
    "bare line feeds and no end": b"\nJalan rusak.",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_mail_that_is_built_wrongly_is_a_case_and_acknowledged(system: System, name: str) -> None:
    sender = system.someone()
    raw = head(sender).encode() + BROKEN[name]
    message = outcome(system, hand_in(system, raw, sender))
    assert message["reason"] == "new_case"
    shown = case_of(system, message)["messages"][0]
    assert "alan" in shown["text"] or shown["attachments"]
    assert system.mail_to(sender)


def test_addresses_with_line_breaks_and_control_characters_add_nothing_to_our_answer(system: System) -> None:
    sender = system.someone()
    author = f'"Siti\r\n Bcc: x@lain.example" <{sender}\r\n >'
    raw = (
        head(author, Subject="Jalan\r\n Bcc: y@lain.example =?utf-8?q?=0D=0ABcc:_z@lain.example?=") + "\r\n" + TEXT
    ).encode()
    assert outcome(system, hand_in(system, raw, sender))["reason"] == "new_case"
    answer = system.mail_to(sender)
    assert answer["to"] == [sender]
    assert "Bcc" not in answer["headers"]
    assert not system.mails_to("lain.example")


def test_ten_recipients_of_ours_make_one_case(system: System) -> None:
    sender, domain = system.someone(), system.ready["mail_domain"]
    recipients = (system.ready["intake_address"], *(f"loket{number}@{domain}" for number in range(9)))
    raw = (head(sender, To=", ".join(recipients)) + "\r\n" + TEXT).encode()
    assert outcome(system, hand_in(system, raw, sender, recipients))["reason"] == "new_case"
    # The same mail again, as a sender's server brings it that splits it by recipient.
    again = outcome(system, hand_in(system, raw, sender, recipients[3:4]))
    assert again["outcome"] == "duplicate"
    assert len(system.as_officer("coordinator", "GET", f"/v1/cases?q={sender}").body["cases"]) == 1
    assert len(system.mails_to(sender)) == 1


# -- mails that are too much


def test_a_mail_just_under_the_limit_is_a_case_with_its_file(system: System) -> None:
    sender = system.someone()
    lead = head(sender) + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + TEXT
    lead += "--b\r\nContent-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    content = b"\0\0\0\x18ftypmp42" + bytes((LARGEST - len(lead) - 4_000) * 3 // 4 * 76 // 78)
    raw = lead.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n") + b"--b--\r\n"
    assert LARGEST - 2_000_000 < len(raw) < LARGEST
    case = case_of(system, outcome(system, hand_in(system, raw, sender), within=120))
    (file,) = case["messages"][0]["attachments"]
    assert (file["type"], file["size"]) == ("video/mp4", len(content))
    assert system.mail_to(sender)


def test_a_mail_over_the_limit_is_refused_at_the_door(system: System) -> None:
    raw = (head(system.someone()) + "\r\n").encode() + b"x" * LARGEST
    smtp = system.ready["smtp"]
    with smtplib.SMTP(smtp["host"], smtp["port"], local_hostname="mail.warga.example", timeout=120) as connection:
        connection.ehlo()
        assert connection.docmd("MAIL", f"FROM:<{system.someone()}> SIZE={len(raw)}")[0] == 552


def test_two_thousand_parts_are_a_case_that_says_what_was_left_out(system: System) -> None:
    sender = system.someone()
    part = b"--b\r\nContent-Type: application/pdf\r\n\r\n%%PDF-%d\r\n"
    raw = (head(sender) + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + TEXT).encode()
    raw += b"".join(part % number for number in range(2_000)) + b"--b--\r\n"
    shown = case_of(system, outcome(system, hand_in(system, raw, sender)))["messages"][0]
    assert {"too_many_parts", "too_many_files"} <= set(shown["marks"])
    assert 0 < len(shown["attachments"]) <= 50
    assert "lampiran" in system.mail_to(sender)["text"]


def zip_bomb() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"{number}.txt", bytes(10_000_000))
    return inner.getvalue()


@pytest.mark.parametrize("kind", ["zip", "gzip"])
def test_a_bomb_is_kept_as_it_came_and_never_opened(system: System, kind: str) -> None:
    sender = system.someone()
    content = zip_bomb() if kind == "zip" else gzip.compress(bytes(200_000_000))
    raw = head(sender).encode() + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + TEXT.encode()
    raw += b"--b\r\nContent-Type: application/zip; name=laporan.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw += base64.encodebytes(content).replace(b"\n", b"\r\n") + b"--b--\r\n"
    (file,) = case_of(system, outcome(system, hand_in(system, raw, sender)))["messages"][0]["attachments"]
    assert (file["type"], file["size"]) == (f"application/{kind}", len(content))


def test_a_text_that_no_table_row_holds_is_shown_as_it_was_written(system: System) -> None:
    sender, lines = system.someone(), 9_000
    raw = (head(sender) + "\r\n" + "".join(f"{n} Jalan di RT 3 rusak, sudah lama.\r\n" for n in range(lines))).encode()
    message = outcome(system, hand_in(system, raw, sender))
    text = case_of(system, message)["messages"][0]["text"]
    assert text.startswith("0 Jalan") and f"\n{lines - 1} Jalan" in text
    assert system.mail_to(sender)


# -- mails that shall not be answered


@pytest.mark.parametrize(("line", "reason"), [(GTUBE, "spam"), (EICAR, "virus")])
def test_what_a_scanner_refuses_is_parked_and_not_answered(system: System, line: bytes, reason: str) -> None:
    sender = system.someone()
    message = outcome(system, hand_in(system, head(sender).encode() + b"\r\n" + line + b"\r\n", sender))
    assert (message["outcome"], message["reason"], message["case"]) == ("parked", reason, None)
    assert system.mails_to(sender) == []


def test_a_forged_sender_is_filed_marked_and_not_answered(system: System) -> None:
    sender = system.someone(domain="bank.spoofed.example")
    message = outcome(system, hand_in(system, (head(sender) + "\r\n" + TEXT).encode(), sender))
    assert case_of(system, message)["messages"][0]["authenticity"] == "forged"
    assert case_of(system, message)["deliveries"] == []


def test_our_own_address_as_sender_is_refused(system: System) -> None:
    own = system.ready["intake_address"]
    message = outcome(system, hand_in(system, (head(own) + "\r\n" + TEXT).encode(), own))
    assert (message["outcome"], message["reason"]) == ("refused", "own")


def test_a_token_of_another_case_adds_there_as_a_stranger_and_a_forged_one_opens_a_case(system: System) -> None:
    first, stranger = system.someone(), system.someone("orang-lain")
    system.write(first, "Jalan rusak", TEXT)
    acknowledgement = system.mail_to(first)
    address, number = acknowledgement["headers"]["Reply-To"], system.case_of(acknowledgement)

    added = outcome(system, hand_in(system, (head(stranger) + "\r\nSaya juga.\r\n").encode(), stranger, (address,)))
    assert (added["reason"], added["case"]) == ("reply", number)
    assert "other_sender" in system.case(number)["messages"][-1]["marks"]
    assert system.mails_to(stranger) == []

    local, _, domain = address.partition("@")
    forged = f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}"
    opened = outcome(system, hand_in(system, (head(stranger) + "\r\nHalo.\r\n").encode(), stranger, (forged,)))
    assert (opened["reason"], opened["case"] != number) == ("new_case", True)
