"""What the person wrote. Whole mails stand in tests/mails; here are the lines that decide."""

from __future__ import annotations

import pytest

from tanggap.adapters.mail.quotes import cut
from tanggap.domain.letters import MARKER

OPENERS = [
    "Pada Sel, 3 Mar 2026 pukul 10.15 Layanan <lapor@desa-contoh.example> menulis:",
    "Pada tanggal 3 Maret 2026 10.15, Layanan menulis:",
    "Pada 3 Mar 2026, pukul 10.15, Layanan <lapor@desa-contoh.example> menulis:",
    "Pada Sel, 3 Mar 2026 pukul 10.15 Layanan Pengaduan\n<lapor@desa-contoh.example> menulis:",
    "Pada Sel, 3 Mar 2026 pukul 10.15 Layanan Pengaduan Desa\nContoh <lapor@desa-contoh.example>\nmenulis:",
    "Layanan Pengaduan <lapor@desa-contoh.example> menulis:",
    "On Tue, Mar 3, 2026 at 10:15 AM Layanan <lapor@desa-contoh.example> wrote:",
    "On 3 Mar 2026, at 10:15, Layanan wrote:",
    "2026-03-03 10:15 GMT+07:00 Layanan <lapor@desa-contoh.example>:",
    "Am 03.03.2026 um 10:15 schrieb Layanan:",
    "Le mar. 3 mars 2026 à 10:15, Layanan <lapor@desa-contoh.example> a écrit :",
    "---- On Tue, 03 Mar 2026 10:15:00 +0700 Layanan <lapor@desa-contoh.example> wrote ----",
    "-----Pesan Asli-----",
    "-----Original Message-----",
    "Dari: Layanan <lapor@desa-contoh.example>\nDikirim: Selasa, 3 Maret 2026 10.15\nKepada: Siti\nPerihal: Laporan",
    "*Dari:* Layanan\n*Dikirim:* 3 Maret 2026\n*Kepada:* Siti\n*Subjek:* Laporan",
    "From: Layanan\nSent: Tuesday, March 3, 2026 10:15 AM\nTo: Siti\nSubject: Laporan",
    "From: Layanan <lapor@desa-contoh.example>\nDate: Tuesday, March 3, 2026\nTo: Siti\nSubject: Laporan",
    "________________________________\nFrom: Layanan\nSent: Tuesday, March 3, 2026 10:15 AM\nTo: Siti\nSubject: x",
    MARKER,
    f"> {MARKER}",
]


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("quoted", ["\nYth. Siti,\nsudah kami perbaiki.\n", "\n> Yth. Siti,\n> sudah kami perbaiki.\n"])
def test_an_answer_ends_where_the_quote_is_announced(opener: str, quoted: str) -> None:
    assert cut(f"Belum, Pak.\n\nMasih gelap.\n\n{opener}\n{quoted}") == "Belum, Pak.\n\nMasih gelap."


@pytest.mark.parametrize("opener", OPENERS[:12])
def test_an_answer_below_the_quote_is_what_is_kept(opener: str) -> None:
    assert cut(f"{opener}\n\n> Sudah diperbaiki?\n\nBelum, Pak.\n") == "Belum, Pak."


@pytest.mark.parametrize("opener", OPENERS[:12])
def test_an_answer_below_the_quote_survives_a_greeting_above(opener: str) -> None:
    found = cut(f"Selamat pagi.\n\n{opener}\n> Sudah diperbaiki?\n\nBelum, Pak.\n")
    assert found.startswith("Selamat pagi.")
    assert found.endswith("Belum, Pak.")


@pytest.mark.parametrize(
    "line",
    [
        "Pada papan pengumuman tertulis jalan ditutup.",
        "Pada 3 Maret Pak RT menulis:",
        "Pada 2025 Pak Camat menulis:",
        "On Monday the officer wrote something else.",
        "Dari: Warga RT 04",
        "Dari dulu begini terus.",
        "Kepada: Bapak Lurah",
        "Perihal: Jalan rusak",
        "Dikirim dari kelurahan ke kecamatan tetapi tidak sampai.",
        "- lampu mati",
        "-- lampu --",
        "10.15 lampu mati",
        "| RT 04 | mati |",
        "Anggaran > 5 juta",
    ],
)
def test_a_sentence_of_the_persons_own_opens_nothing(line: str) -> None:
    text = f"Selamat pagi.\n\n{line}\n\nMohon dicek."
    assert cut(text) == text
    assert cut(f"Selamat pagi.\n\n{line}") == f"Selamat pagi.\n\n{line}"


@pytest.mark.parametrize(
    "tail",
    [
        "Dikirim dari iPhone saya",
        "Terkirim dari Yahoo Mail untuk Android",
        "Dikirim dari Outlook untuk Android",
        "Dikirim dari HP Samsung saya",
        "Dikirim dari Email untuk Windows",
        "Dapatkan Outlook untuk iOS<https://aka.ms/o0ukef>",
        "Sent from my iPhone",
        "Get Outlook for Android",
        "-- \nSiti\nRT 04",
        "--\nSiti",
        "____________\nSiti",
        "***",
        "> sisa kutipan",
        "> sisa\n\n-- \nSiti",
    ],
)
def test_what_a_program_adds_at_the_end_goes(tail: str) -> None:
    assert cut(f"Jalan rusak di RT 04.\n\n{tail}\n\n") == "Jalan rusak di RT 04."


def test_a_rule_in_the_middle_of_a_report_ends_nothing() -> None:
    text = "Bagian satu.\n\n-----\n\n" + "\n".join(f"Baris {n}." for n in range(30))
    assert cut(text) == text


def test_a_dash_line_far_from_the_end_is_no_signature() -> None:
    text = "Daftar:\n--\n" + "\n".join(f"Rumah nomor {n} banjir." for n in range(40))
    assert cut(text) == text


@pytest.mark.parametrize("text", ["", "\n\n", "> hanya kutipan", "--\nSiti", "Dikirim dari iPhone saya", MARKER])
def test_where_nothing_would_be_left_everything_is_kept(text: str) -> None:
    assert cut(text) == text.strip("\n")


def test_a_mail_with_nothing_above_the_header_block_is_a_forwarded_one() -> None:
    text = "Dari: Joko <joko@warga.example>\nDikirim: Senin, 2 Maret 2026\nKepada: Siti\nPerihal: Air\n\nAir mati."
    assert cut(text) == text
