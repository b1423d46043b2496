"""Sure praise, and what only sounds like it. Held out: no word list was made from these texts."""

from __future__ import annotations

import pytest

from tanggap.domain.praise import surely_praise

PRAISE = """
Pelayanan di loket sangat memuaskan, terima kasih
Mantap, jalan di RT 5 sudah mulus. Terima kasih pak lurah
Salut buat petugas kebersihan, taman jadi bersih
Terima kasih banyak atas bantuannya, petugasnya ramah sekali
Keren banget pelayanannya
Apresiasi setinggi tingginya untuk damkar
Luar biasa, pembuatan KK cepat sekali
Bangga dengan kelurahan kami
Petugas posyandu ramah dan sabar, terima kasih bu bidan
Alhamdulillah lampu jalan sudah menyala, matur nuwun
Hebat, respon cepat!
The officers were very helpful, thank you so much
Excellent service, well done
Terima kasih Dinas PU, drainase sudah diperbaiki
Jempol untuk Pak Camat dan jajarannya
"""
#: A complaint, a request, a question, a hazard, or praise with more.
OTHERS = """
bagus sekali, sudah 3 bulan lampu mati
Hebat, tiap tahun janji terus
Terima kasih atas janji-janjinya
Luar biasa, jalan baru sebulan sudah hancur
Mantap sekali pungutannya
Keren, warga disuruh nunggu dari subuh
Pelayanan bagus tapi toiletnya kotor
Petugas ramah namun antreannya panjang
Terima kasih, mohon lampu di gang juga diperbaiki
Salut, tapi kapan giliran RT kami?
Apakah bisa mengurus KTP hari Sabtu? Terima kasih
Bagus dong kalau jalannya diperbaiki
Semoga jalan kami jadi bagus
Ingin pelayanan yang cepat dan ramah
Buat jalan yang bagus pak
Cepat pak
Baik pak
Bagus 👎
Terima kasih ya 🙄
Puas? Kami yang menderita
Sangat memuaskan bagi yang punya orang dalam
Pelayanan terbaik hanya untuk pejabat
"Pelayanan prima" katanya
Hebat kalian, bansos saja dipotong
Terima kasih sudah membuat kami kebanjiran
Jalan di RT 3 rusak parah
Lampu mati sudah seminggu
Ada kebakaran di pasar, tolong
Banjir setinggi lutut di RW 4
Sampah menumpuk, bau
Minta informasi biaya akta
Usul taman bermain di lapangan
Petugas minta uang 50 ribu
Pohon tumbang menutup jalan
Mohon bantuan, rumah nenek saya roboh
Kapan lampu dipasang?
Tidak puas dengan pelayanan
Pelayanan kurang baik
Bagus sekali kalian tidur terus
Terima kasih, sudah 2 tahun laporan saya dibaca
Wah hebat, listrik padam lagi
Luar biasa lambat
Selamat, jalan kami jadi kolam lele
Makasih lho, motor saya masuk lubang
Great, the street is dark again
Thanks for nothing
"""


def lines(text: str) -> list[str]:
    return [line for line in text.strip().split("\n") if line]


def test_most_sure_praise_is_known() -> None:
    """What is missed is a complaint by default, and an officer's to say."""
    known = [text for text in lines(PRAISE) if surely_praise("", text)]
    assert len(known) >= 0.8 * len(lines(PRAISE)), set(lines(PRAISE)) - set(known)


@pytest.mark.parametrize("text", lines(OTHERS))
def test_whatever_tells_more_is_no_sure_praise(text: str) -> None:
    assert surely_praise("", text) is None


def test_sixty_texts_are_held_out() -> None:
    assert len(lines(PRAISE)) + len(lines(OTHERS)) >= 60


def test_a_subject_counts_as_well() -> None:
    assert surely_praise("Terima kasih", "Pelayanannya bagus sekali")
    assert surely_praise("Jalan rusak", "Pelayanannya bagus sekali") is None
