"""Mails on settled cases that nobody may have typed: what tells of a person, and what does not."""

from __future__ import annotations

import pytest

from tanggap.domain.second_sign import same, says_so, speaks_of

NUMBER = "TGP-WU7SAGAAB"
OURS = f"[{NUMBER}] Laporan Anda ditutup"
REPORT = ("Lampu jalan mati", "Lampu di depan musala Gang Melati mati sejak dua minggu, anak-anak takut lewat.")

PEOPLE = [
    ("", "Belum pak"),
    (f"Re: {OURS}", "hah"),
    (f"Bls: {OURS}", "Terima kasih, tetapi masih gelap."),
    (f"RE: Re: {OURS}", "Yang datang siapa ya? Surat tugasnya tidak ada."),
    (f"Re: {OURS}", "Mohon ditinjau kembali, terima kasih."),
    ("Re: Lampu jalan mati", "Buka lagi laporan saya, jangan balas surat saja."),
    ("Salah alamat", "Gang Melati 2, bukan 3"),
    ("Keberatan", "Saya tidak terima surat Anda."),
    ("bukan ranah?", "Lalu ranah siapa?"),
    (".", "Anda yakin?"),
]
MACHINES = [
    ("saya off", "Lagi mudik, sinyal susah. Balesnya habis lebaran ketupat ya. Soal orderan japri Mas Yudi aja."),
    (f"Sedang umrah: {OURS}", "Labbaik. Sampai jumpa lagi tanggal 9, urusan toko lewat Dek Ayu dulu di nomor biasa."),
    (
        f"Re: {OURS}",
        "Terima kasih sudah mampir ke Toko Sumber Rejeki. Pesan Anda kami urut, daftar harga gabah ada di bawah.",
    ),
    ("Satu langkah lagi", "Klik tautan ini untuk membuktikan bahwa Anda manusia: https://jaga.example/9"),
    ("Afwezig", "Ik geniet van een welverdiende vakantie en lees mijn post pas weer vanaf 1 september."),
    ("自动通知", "您好!您的来信我已收到。本人目前出差在外,预计下周一返回公司。"),
    (OURS, "Pesan Anda ditahan sampai pengelola milis sempat memeriksanya."),
]


@pytest.mark.parametrize(("subject", "text"), PEOPLE)
def test_words_that_people_say_bring_a_case_back(subject: str, text: str) -> None:
    assert says_so(subject, text, REPORT[0], NUMBER)


@pytest.mark.parametrize(("subject", "text"), MACHINES)
def test_a_machines_words_tell_of_nobody_however_unforeseen(subject: str, text: str) -> None:
    assert not says_so(subject, text, REPORT[0], NUMBER)
    assert not speaks_of(text, REPORT[0], REPORT[1:])


def test_who_names_a_thing_of_the_report_is_a_person() -> None:
    assert speaks_of("Terima kasih atas pesan Anda, lampunya dua hari menyala saja.", *REPORT[:1], REPORT[1:])


def test_neither_a_place_nor_what_offices_write_of_is_such_a_thing() -> None:
    assert not speaks_of("Kantor kami di Jalan Melati 3 tutup. Telepon 021.", "", ("Nomor telepon di Jalan Melati.",))


def test_a_text_with_another_number_in_it_is_the_same_text_and_another_is_not() -> None:
    one = "Permintaan Anda masuk antrean nomor 5511 dan ditangani menurut urutan kedatangan."
    assert same(one, one.replace("5511", "5512"))
    assert not same(one, "Permintaan itu bukan saya yang kirim, lampunya yang mati.")
    assert same("1234", "1234") and not same("1234", "4321")
