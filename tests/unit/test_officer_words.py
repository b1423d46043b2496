"""What an officer's mail says: an answer, a receipt for the desk, or somebody else's words."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import pytest

from tanggap.domain.letter_frame import END_MARK, MARKER, OFFICE_REPLY, answerable
from tanggap.domain.officer_words import only_commands, own_lines_cut, quotes, says_little, to_a_colleague

LETTER = """Laporan TGP-ABCDEFGHJ (pengaduan, diterima 23 November 2026) didisposisikan ke Pekerjaan Umum.

Tenggat penyelesaian: 11 Desember 2026
Jangan sebut nama pemborong kepada pelapor.
Mohon ditindaklanjuti melalui aplikasi meja pengaduan."""


@pytest.mark.parametrize(
    "text",
    [
        "SELESAI",
        "Selesai pak",
        "TUTUP TGP",
        "ok",
        "Siap pak, segera kami tindak lanjuti.",
        "Baik bu, noted. Terima kasih.",
        "86, laksanakan pimpinan",
        "Terima kasih atas infonya pak",
        "Siap, mohon arahan",
        "Surel Anda telah dibaca pada 24 November 2026 pukul 08.12.",
        "Pesan Anda\n   Kepada: pu@kantor.example\n   Perihal: Disposisi\ntelah dibaca pada 24/11/2026 08:12:00",
        "Your message\n   To: Budi\n   Subject: Disposisi\nwas read on 24/11/2026 08:12:00",
        "This is a read receipt for the mail that you sent to pu@kantor.example.",
        "Ini tanda terima baca untuk surel yang Anda kirim kepada Budi.",
        "Terima kasih.\n\nBudi Santoso",
        "",
        "👍",
    ],
)
def test_a_receipt_a_command_or_mere_thanks_is_no_answer(text: str) -> None:
    assert says_little(text, "Budi Santoso")


@pytest.mark.parametrize(
    "text",
    [
        "SELESAI\nJalan di RT 3 sudah kami tambal hari Selasa.",
        "Petugas kami datang besok pagi.",
        "Lampu sudah diganti kemarin.",
        "Terima kasih atas laporannya. Jalan akan diperbaiki minggu depan.",
        "Siap pak, lampu di Gang Melati kami ganti besok.",
        "Mohon kirim foto lokasi dan nomor tiang.",
        "Tanda terima berkas dapat diambil di kantor desa mulai Senin.",
        "Jembatan sudah dibuka pada Senin, 24 November 2026.",
        "Surat Anda sudah kami baca, dan jalan kami tambal tanggal 24.",
    ],
)
def test_a_sentence_about_the_matter_is_one(text: str) -> None:
    assert not says_little(text, "Budi Santoso")


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("#close", True),
        ("#close\n\nstatus: closed", True),
        ("Status: selesai\nPrioritas = tinggi\n@tutup", True),
        ("/assign budi", True),
        ("assigned to: pu", True),
        ("#close\nLampu sudah kami ganti.", False),
        ("Status: lampu sudah kami ganti kemarin.", False),
        ("Jalan: sudah ditambal", False),
        ("#3 sudah kami ganti, tinggal dua lampu lagi", False),
        ("", False),
        ("\n" * 50, False),
        ("#close\n" * 11, False),
    ],
)
def test_commands_alone_are_known_by_each_line(text: str, commands: bool) -> None:
    assert only_commands(text) == commands


@pytest.mark.parametrize(
    ("text", "colleague"),
    [
        ("Pak Budi, tolong ditindaklanjuti, pelapornya cerewet ini.", True),
        ("Bu Rina, mohon segera ditindaklanjuti ya.", True),
        ("Mohon didisposisikan ke bidang jalan, Pak Kabid.", True),
        ("FYI pak, ini yang kemarin.", True),
        ("Pelapor ini sudah tiga kali menulis hal yang sama.", True),
        ("Tolong follow up ke PLN besok pagi.", True),
        ("Pak Budi, mohon ditunggu, petugas datang besok.", False),
        ("Lampu sudah diganti, mohon dicek kembali.", False),
        ("Laporan Anda sudah kami tindak lanjuti.", False),
        ("Yth. Pelapor, jalan sudah kami tambal hari Selasa.", False),
        ("Laporan Bapak/Ibu kami teruskan ke PLN, mohon tindak lanjutnya ditunggu.", False),
        ("Kami sudah menindaklanjuti dengan menambal jalan.", False),
        ("Untuk pelapor ini kami jelaskan sebagai berikut. " + "Jalan di RT 3 kami tambal bertahap. " * 8, False),
    ],
)
def test_a_few_words_to_a_colleague_are_told_from_an_answer(text: str, colleague: bool) -> None:
    assert to_a_colleague(text) == colleague


@pytest.mark.parametrize("one", [only_commands, to_a_colleague, says_little])
def test_nothing_that_is_written_takes_long(one: Callable[[str], bool]) -> None:
    started = perf_counter()
    for text in ("#" * 50_000, "status: " * 6_000, "mohon segera " * 4_000, "surel anda " * 4_500, "a " * 25_000):
        one(text)
    assert perf_counter() - started < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Sudah kami perbaiki kemarin.\n\n> Laporan TGP-ABCDEFGHJ",
        "Sudah kami perbaiki kemarin.\n\n   > lama",
        f"Sudah kami perbaiki.\n\n{MARKER}",
        "Sudah.\n-- Mohon balas di\natas baris ini / Please reply",
        f"Sudah.\n{END_MARK}",
        f"Sudah.\n{OFFICE_REPLY}",
        answerable(LETTER),
        "Sudah.\n\nPada Sen, 23 Nov 2026 pukul 10.00 Meja Pengaduan <lapor@desa.example> menulis:\nLaporan",
        "Sudah.\n\nOn Mon, 23 Nov 2026 the desk wrote:\nthings",
        "Sudah.\n\n----- Pesan Asli -----\nLaporan",
        "FYI\n\n---------- Forwarded message ---------\nisi",
        "Sudah.\n\nAwal pesan yang diteruskan:\nisi",
        "Sudah.\n\nDari: Kepala Dinas <kadis@kantor.example>\nDikirim: 23 November 2026\nKepada: PU\nIsi",
        "Sudah.\n\n*From:* Boss <boss@kantor.example>\n*Sent:* Monday",
        "Sudah.\n\nJangan sebut nama pemborong kepada pelapor.",
        "Sudah.\n\njangan sebut nama pemborong\nkepada pelapor.",
    ],
)
def test_words_that_are_not_the_officers_own_are_seen(text: str) -> None:
    assert quotes(text, [LETTER])


@pytest.mark.parametrize(
    "text",
    [
        "Jalan sudah kami tambal hari Selasa.\nDari hasil pemeriksaan: aspal retak.",
        "Kepada Bapak/Ibu pelapor: lampu sudah diganti.",
        "Nama pemborong tidak dapat kami sebut.",
        "Tenggat penyelesaian kami usahakan lebih cepat.",
        "1. Tambal jalan\n2. Ganti lampu\n- selesai minggu ini",
    ],
)
def test_an_officers_own_words_are_not_taken_for_a_quote(text: str) -> None:
    assert not quotes(text, [LETTER])


def test_what_was_cut_is_counted_and_the_own_of_it_shown() -> None:
    text = "Sudah kami perbaiki."
    full = "Sudah kami perbaiki.\n\n--\nBudi\nDinas PU\n\n> Laporan\n> lama\nbawah"
    assert own_lines_cut(text, full) == (6, ("--", "Budi", "Dinas PU"))
    assert own_lines_cut(text, text) == (0, ())
    assert own_lines_cut("a\na", "a\na\na") == (1, ("a",))
