"""What was asked, and what has the form of an answer to it."""

from __future__ import annotations

import pytest

from tanggap.domain.asked_details import answers, asked_in
from tanggap.domain.letters import render
from tanggap.domain.second_sign import says_little, says_so
from tanggap.domain.words import Purpose

NUMBER = "TGP-WU7SAGAAB"
OURS = f"Re: [{NUMBER}] Mohon lengkapi laporan Anda"


def letter(text: str, next_step: str = "Senin, 30 November 2026 pukul 23.59 WIB") -> str:
    facts = {"number": NUMBER, "text": text, "next_step": next_step, "next_step_en": next_step, "agency": "Desa Contoh"}
    return render(Purpose.QUESTION, None, facts)[1]


@pytest.mark.parametrize("next_step", ["Senin, 30 November 2026 pukul 23.59 WIB", ""])
def test_of_a_letter_only_the_question_is_left(next_step: str) -> None:
    asked = asked_in(letter("Di RT mana?\nSejak kapan padam?", next_step))
    assert asked.split() == ["Di", "RT", "mana?", "Sejak", "kapan", "padam?", "Desa", "Contoh", "---"]


def test_words_in_which_one_asks_are_no_matter() -> None:
    assert asked_in("Mohon sebutkan nama lengkap.").split() == ["nama", "."]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Nomor telepon Anda?", "Bisa hubungi saya di 0812-3456-7890 sesudah magrib, terima kasih atas balasannya"),
        ("Di RT mana lampunya?", "Terima kasih atas suratnya. Letaknya di RT 04, kurang lebih lima puluh langkah."),
        ("Alamatnya?", "Di seberang toko bangunan yang catnya hijau itu, pintunya dua."),
        ("Kapan kejadiannya?", "Terima kasih balasannya. Kejadiannya minggu lalu waktu hujan."),
        ("Pukul berapa berakhir?", "Biasanya jam 4 baru sepi kalau malam Minggu."),
        ("Siapa nama penerimanya?", "Terima kasih. Nama beliau Painem, tinggal sendiri sejak lama."),
        ("Berapa lebarnya?", "Terima kasih balasannya, kira-kira 2 meter dan cukup dalam juga."),
        ("Apakah boleh kami datang?", "Boleh, terima kasih sebelumnya sudah membalas surat ini."),
        ("Adakah fotonya?", "Terima kasih suratnya, fotonya menyusul lewat pesan berikutnya."),
        ("Siapa?", "Waduh terima kasih suratnya, saya lupa siapa yang waktu itu."),
        ("Siapa?", "Terima kasih pesannya, sudah saya tuliskan semua di surat yang pertama."),
        ("Siapa?", "Terima kasih pesannya, coba hubungi adik saya yang waktu itu ikut."),
    ],
)
def test_what_was_asked_for_is_an_answer(question: str, text: str) -> None:
    assert answers(text, question)
    assert not answers("Toko buka lagi sesudah lebaran, daftar harga ada pada laman kami.", question)


@pytest.mark.parametrize(
    "text",
    [
        "Saya rehat sampai Senin 30 November dan digantikan rekan di 0812-3456-7890.",  # a day to come
        "Permintaan masuk antrean dan dikerjakan menurut urutan datangnya.",
        "Email Anda sudah saya terima dan saya baca sesudah pulang.",
    ],
)
def test_what_machines_name_is_no_answer_where_it_was_not_asked_for(text: str) -> None:
    assert not answers(text, "Di RT mana, dan kapan padamnya?")


def test_a_script_without_spaces_says_more_than_a_word() -> None:
    assert not says_little("ただいま休暇をいただいております。")
    assert says_little("RT 03 RW 05") and says_little("ya, boleh pak") and says_little("")


def test_below_our_own_subject_few_words_and_words_of_no_office_are_a_persons_answer() -> None:
    assert says_so(OURS, "Terima kasih pesannya, tiang abu-abu", "Lampu jalan mati", NUMBER, asked=True)
    assert says_so(OURS, "Banyune buthek kabeh sak kampung " * 3, "Air keruh", NUMBER, asked=True)
    assert not says_so(
        OURS, "Terima kasih pesannya, saya rehat dulu sampai habis panen raya.", "Lampu", NUMBER, asked=True
    )
