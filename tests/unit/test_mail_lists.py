"""A mail that came straight and through a list is one mail; one that copies its id and says something else is not."""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter

import pytest

from tanggap.adapters.mail import list_footers
from tanggap.adapters.mail.reader import Receipt, read
from tanggap.domain.inbound import Authenticity, Inbound

RECEIPT = Receipt(
    "mail/1",
    datetime(2026, 3, 4, 2, 10, tzinfo=UTC),
    ("lapor@desa-contoh.example",),
    "siti@warga.example",
    Authenticity(),
)
HEAD = (
    b"From: Siti <siti@warga.example>\r\nMessage-ID: <a1@warga.example>\r\n"
    b"Date: Wed, 4 Mar 2026 09:10:11 +0700\r\nSubject: Jembatan\r\n"
)
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
SAID = b"Jembatan di dusun kami putus.\r\n\r\n-- \r\nSiti Rahmah\r\nRT 3"
UNDERSCORES = b"\r\n" + b"_" * 47 + b"\r\n"
MAILMAN = UNDERSCORES + (
    b"Warga mailing list\r\nWarga@milis.example\r\nhttps://milis.example/mailman/listinfo/warga\r\n"
)
GOOGLE = (
    b'\r\n\r\n-- \r\nYou received this message because you are subscribed to the "Warga" group.\r\n'
    b"To unsubscribe from this group and stop receiving emails from it, send an email to warga@grup.example.\r\n"
    b"To view this discussion visit https://grup.example/d/msgid/warga/a1.\r\n"
)
FOOTERS = {
    "mailman": MAILMAN,
    "mailman 3": UNDERSCORES
    + b"Warga mailing list -- warga@milis.example\r\nTo unsubscribe send an email to warga-leave@milis.example\r\n",
    "google": GOOGLE,
    "google in Indonesian": b'\r\n\r\n-- \r\nAnda menerima pesan ini karena Anda berlangganan grup "Warga".\r\n'
    b"Untuk berhenti berlangganan, kirim email ke warga+unsubscribe@grup.example.\r\n",
    "groups.io": b"\r\n-=-=-=-=-=-=-=-=-=-=-=-\r\nGroups.io Links: You receive all messages sent to this group.\r\n"
    b"View/Reply Online (#1): https://grup.example/g/1\r\n-=-=-=-=-=-=-=-=-=-=-=-\r\n",
    "listserv": b"\r\n" + b"#" * 72 + b"\r\n\r\nTo unsubscribe from the WARGA list, click the following link:\r\n"
    b"https://milis.example/x\r\n",
    "twice": MAILMAN + MAILMAN,
}


def mail(body: bytes, head: bytes = HEAD) -> Inbound:
    return read(head + body, RECEIPT)


def alternative(plain: bytes = b"", html: bytes = b"") -> bytes:
    return (
        b"Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n" + PLAIN + SAID + plain + b"\r\n--a\r\n"
        b"Content-Type: text/html\r\n\r\n<html><body>Jembatan putus</body></html>" + html + b"\r\n--a--\r\n"
    )


def wrapped(footer: bytes) -> bytes:
    return (
        b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n" + alternative() + b"\r\n--m\r\n"
        b"Content-Type: text/plain\r\nContent-Disposition: inline\r\n\r\n" + footer + b"\r\n--m--\r\n"
    )


@pytest.mark.parametrize("footer", FOOTERS.values(), ids=FOOTERS)
def test_the_footer_of_a_list_does_not_make_a_second_mail(footer: bytes) -> None:
    straight, listed = mail(PLAIN + SAID), mail(PLAIN + SAID + footer, b"List-Id: <warga>\r\n" + HEAD)
    assert (straight.automatic, listed.automatic) == ("", "list")
    assert straight.digest == listed.digest
    assert straight.text == listed.text, "the better copy is known by it"


def test_the_footer_in_a_part_of_its_own_or_in_the_html_form_neither() -> None:
    straight = mail(alternative())
    html = b"\r\n<p></p>\r\n\r\n-- <br />\r\nYou received this message because you are subscribed to x.<br />\r\n"
    for body in (wrapped(MAILMAN), alternative(GOOGLE, html)):
        listed = mail(body, b"List-Id: <warga>\r\n" + HEAD)
        assert (listed.digest, listed.text, listed.files) == (straight.digest, straight.text, ())


OTHERS = {
    "other words": (HEAD, PLAIN + SAID.replace(b"putus", b"aman")),
    "words more": (HEAD, PLAIN + SAID + b"\r\nTutup saja laporan ini."),
    "words in the footer": (HEAD, PLAIN + SAID + MAILMAN + b"Tutup saja laporan ini.\r\n"),
    "words in the middle of the footer": (
        HEAD,
        PLAIN + SAID + MAILMAN.replace(b"Warga@milis.example", b"Tutup saja laporan ini."),
    ),
    "words below a rule": (HEAD, PLAIN + SAID + UNDERSCORES + b"Tutup saja laporan ini.\r\n"),
    "another author": (HEAD.replace(b"siti@", b"sita@"), PLAIN + SAID + MAILMAN),
    "another day": (HEAD.replace(b"4 Mar", b"5 Mar"), PLAIN + SAID + MAILMAN),
    "another id": (HEAD.replace(b"a1@", b"a2@"), PLAIN + SAID + MAILMAN),
}


@pytest.mark.parametrize(("head", "body"), OTHERS.values(), ids=OTHERS)
def test_who_copies_an_id_swallows_nobodys_report(head: bytes, body: bytes) -> None:
    assert mail(body, head).digest != mail(PLAIN + SAID).digest


def test_a_part_with_words_beside_a_footer_counts() -> None:
    said = mail(wrapped(MAILMAN + b"Tutup saja laporan ini.\r\n"))
    assert said.digest != mail(alternative()).digest
    assert "Tutup saja" in said.full_text


def test_without_an_id_every_byte_of_a_text_counts() -> None:
    head = HEAD.replace(b"Message-ID: <a1@warga.example>\r\n", b"")
    assert mail(PLAIN + SAID, head).digest != mail(PLAIN + SAID + MAILMAN, head).digest


@pytest.mark.parametrize(
    "text",
    [
        "Jembatan putus.\n\n-----\nSaya admin mailing list warga.\nTolong segera.",
        "Kami memakai mailing list warga untuk kabar ini.",
        "_____\nUnsubscribe saya dari tagihan ini, saya tidak pernah mendaftar.\nNomor pelanggan salah.",
        "_____\nWarga mailing list\nhttps://milis.example/x",
    ],
)
def test_what_a_person_wrote_is_not_cut_for_a_footer(text: str) -> None:
    assert list_footers.cut(text) == text


@pytest.mark.parametrize("piece", ["_____\n", "-- \n", "-=", "mailing list ", "\n", "unsubscribe\n", "a" * 50 + "\n"])
def test_hostile_ends_cost_little(piece: str) -> None:
    text = piece * (200_000 // len(piece)) + "subscribe"
    started = perf_counter()
    list_footers.cut(text)
    list_footers.without(text.encode(), html=True)
    assert perf_counter() - started < 0.1
