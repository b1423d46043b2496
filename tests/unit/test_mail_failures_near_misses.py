"""What looks like a failure report and is none: a person's mail, an absence, a receipt, an answer of a robot."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tanggap.adapters.mail.reader import Receipt, read
from tanggap.domain.inbound import Authenticity

AT = datetime(2026, 3, 4, 2, 10, tzinfo=UTC)
OURS = "lapor@desa-contoh.example"
BOUNCE = """This is the mail system at host mx.toko.example.

I'm sorry to have to inform you that your message could not be delivered to one or more recipients.

<camat@kecamatan.example>: host mx.kecamatan.example[192.0.2.1] said: 550 5.1.1
    <camat@kecamatan.example>: Recipient address rejected: User unknown (in reply to RCPT TO command)

------ This is a copy of the message, including all the headers. ------

Return-Path: <siti@warga.example>
Received: from localhost by mx.toko.example for <camat@kecamatan.example>
Message-ID: <asal-9@warga.example>
From: siti@warga.example
To: camat@kecamatan.example
Subject: Jalan rusak
"""
REPORT = "Final-Recipient: rfc822; camat@kecamatan.example\nAction: failed\nStatus: 5.1.1\n"
PERSON = "From: Siti <siti@warga.example>\n"
NULL = "Return-Path: <>\nAuto-Submitted: auto-replied\n"

NEAR_MISSES = {
    "a complaint about mail that does not arrive": (
        f"{PERSON}Subject: Surat saya tidak terkirim\n\nSurat saya ke camat@kecamatan.example tidak terkirim, "
        "katanya user unknown. Mohon dibantu."
    ),
    "a subject in a machine's words": (
        f"{PERSON}Subject: Mail delivery failed\n\nSelamat pagi. Mengapa surat saya selalu kembali?"
    ),
    "a bounce pasted below a question": (
        f"{PERSON}Subject: Mohon bantuan surat kembali\n\nYth. Admin, apa artinya ini?\n\n{BOUNCE}"
    ),
    "a bounce pasted below a greeting, with the machine's subject": (
        f"{PERSON}Subject: Undelivered Mail Returned to Sender\n\nYth. Admin, apa artinya ini?\n{BOUNCE}"
    ),
    "a person's own words under such a subject": (
        f"{PERSON}Subject: Delivery failure sejak kemarin\n\nAda yang tahu? user unknown untuk siti@warga.example"
    ),
    "a bounce passed on": f"{PERSON}Subject: Fwd: Undelivered Mail Returned to Sender\n\nApa ini?\n\n{BOUNCE}",
    "a bounce answered": f"{PERSON}Subject: Re: Mail delivery failed\n\nKenapa?\n\n{BOUNCE}",
    "a bounce passed on in Indonesian": f"{PERSON}Subject: Terusan: Delivery Status Notification\n\n{BOUNCE}",
    "a bounce attached": (
        f"{PERSON}Subject: Surat saya kembali\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nLihat.\n--b\n"
        "Content-Type: message/rfc822\n\nFrom: MAILER-DAEMON@mx.toko.example\n"
        f"Content-Type: multipart/report; boundary=c\n\n--c\n"
        f"Content-Type: message/delivery-status\n\n{REPORT}--c--\n--b--\n"
    ),
    "a report's part passed on": (
        f"{PERSON}Subject: Fwd: gagal\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nIni kenapa?\n--b\n"
        f"Content-Type: message/delivery-status\n\n{REPORT}--b--\n"
    ),
    "out of office": (
        f"{PERSON}{NULL}Subject: Out of Office: pengiriman gagal\n\nI am away. Your mail could not be delivered to: "
        f"budi@warga.example\n\n-----Original Message-----\n{BOUNCE}"
    ),
    "an absence with a subject of its own": (
        f"{PERSON}{NULL}Subject: Sedang cuti sampai 9 Maret\n\nSaya tidak dapat membaca surat. "
        "Kirim ke budi@warga.example."
    ),
    "a vacation from the null path that quotes us": (
        f"{PERSON}{NULL}Subject: Re: Laporan Anda\n\nSaya di luar kota.\n\n> Surat Anda tidak dapat dikirim:\n"
        "> <dinas@kota.example>: host said: 550 5.1.1 user unknown"
    ),
    "a ticket system's receipt": (
        f"From: Tiket <tiket@dinas.example>\n{NULL}Subject: [#812] Laporan pengiriman gagal diterima\n\n"
        "Terima kasih. Laporan Anda sudah kami catat. Hubungi tiket@dinas.example.\n\n"
        f"-----Original Message-----\nFrom: {OURS}\nTo: tiket@dinas.example\nSubject: Gagal\n\nPaket tidak sampai."
    ),
    "a list's confirmation": (
        "From: milis-confirm@milis.example\nPrecedence: bulk\nAuto-Submitted: auto-generated\n"
        f"Subject: confirm 8f3a\n\nWe have received a request to subscribe {OURS} to milis@milis.example."
    ),
    "a list's post about bounces": (
        "From: Budi <budi@milis.example>\nList-Id: <milis.milis.example>\nPrecedence: list\n"
        "Subject: [milis] delivery failure sejak kemarin\n\nAda yang tahu? user unknown untuk siti@warga.example"
    ),
    "a read receipt": (
        f"{PERSON}Subject: Read: Laporan Anda\nContent-Type: multipart/report; report-type=disposition-notification; "
        "boundary=b\n\n--b\n\nDibaca.\n--b\nContent-Type: message/disposition-notification\n\n"
        "Final-Recipient: rfc822; siti@warga.example\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n"
    ),
    "a receipt of a mail system's archive": (
        "From: Postmaster <postmaster@warga.example>\nSubject: Terbaca\nContent-Type: multipart/report; "
        "report-type=disposition-notification; boundary=b\n\n--b\n\nDisplayed, but could not be delivered to "
        "<arsip@warga.example>.\n--b--\n"
    ),
    "a mail deleted unread": (
        f"{PERSON}Subject: Not read: Laporan Anda\nReturn-Path: <>\nContent-Type: multipart/report; "
        "report-type=disposition-notification; boundary=b\n\n--b\n\nYour message was deleted without being read.\n--b\n"
        "Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; siti@warga.example\n"
        "Disposition: automatic-action/MDN-sent-automatically; deleted\n--b--\n"
    ),
    "a postmaster who is a person": (
        "From: Postmaster Kominfo <postmaster@kominfo.example>\nSubject: Undangan rapat\n\n"
        "Rapat pukul 9. Konfirmasi ke budi@kominfo.example."
    ),
    "a bank's robot": (
        "From: Bank <no-reply@bank.example>\nAuto-Submitted: auto-generated\nSubject: Transaksi gagal\n\n"
        "Transfer Anda gagal. Hubungi cs@bank.example."
    ),
    "a courier about a parcel": (
        "From: Kurir <no-reply@kurir.example>\nReturn-Path: <>\nSubject: Pengiriman paket gagal\n\n"
        "Paket Anda tidak dapat dikirim ke alamat berikut: Jl. Mawar 1. Hubungi cs@kurir.example."
    ),
    "somebody on a host named like a mail system": (
        "From: Budi <budi@mailserver.kota.example>\nSubject: Lampu mati\n\nSejak kemarin. user unknown a@b.example"
    ),
}


def mail(raw: str) -> bytes:
    head = f"To: {OURS}\nDate: Wed, 4 Mar 2026 09:10:11 +0700\nMessage-ID: <1@warga.example>\n"
    return (head + raw).replace("\n", "\r\n").encode()


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_this_is_no_failure_report(name: str) -> None:
    assert (
        read(mail(NEAR_MISSES[name]), Receipt("m", AT, (OURS,), "penerus@lain.example", Authenticity())).failures == ()
    )


def test_the_same_bounce_from_a_mail_system_is_one() -> None:
    raw = f"From: MAILER-DAEMON@mx.toko.example\nSubject: Undelivered Mail Returned to Sender\n\n{BOUNCE}"
    (found,) = read(mail(raw), Receipt("m", AT, (OURS,), "", Authenticity())).failures
    assert (found.recipient, found.permanent, found.original_id) == (
        "camat@kecamatan.example",
        True,
        "asal-9@warga.example",
    )


def test_a_mail_that_was_delivered_is_told_as_delivered() -> None:
    raw = (
        "From: MAILER-DAEMON@mx.toko.example\nSubject: Successful Mail Delivery\nContent-Type: multipart/report; "
        "report-type=delivery-status; boundary=b\n\n--b\n\nterkirim\n--b\nContent-Type: message/delivery-status\n\n"
        "Final-Recipient: rfc822; siti@warga.example\nAction: delivered\nStatus: 2.0.0\n--b--\n"
    )
    (found,) = read(mail(raw), Receipt("m", AT, (OURS,), "", Authenticity())).failures
    assert (found.kind, found.permanent) == ("delivery", False)
