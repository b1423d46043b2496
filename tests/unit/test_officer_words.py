"""What an officer's mail says: an answer, a receipt for the desk, or somebody else's words."""

from __future__ import annotations

import pytest

from tanggap.domain.letters import END_MARK, MARKER, OFFICE_REPLY, answerable
from tanggap.domain.officer_words import own_lines_cut, quotes, says_little

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
    ],
)
def test_a_sentence_about_the_matter_is_one(text: str) -> None:
    assert not says_little(text, "Budi Santoso")


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
