"""Number and receipt code beside each other, as people write them."""

from __future__ import annotations

import pytest

from tanggap.domain import pairs
from tanggap.domain.menu import Asked, Word, asked
from tanggap.domain.numbers import number_from
from tanggap.domain.receipts import code_from

NUMBER, CODE = number_from(123456789), code_from(987654321)
BARE, APART = NUMBER.removeprefix("TGP-"), f"{CODE[:5]}-{CODE[5:]}"
PLAIN = "PEMBAYARAN"  # ten letters of the alphabet of codes


@pytest.mark.parametrize(
    "text",
    [
        f"saya mau tanya status {NUMBER} {CODE}",
        f"Pak, status {NUMBER} {CODE}",
        f"Selamat pagi\nstatus {NUMBER} {CODE}\nterima kasih",
        f"status {BARE} {CODE}",
        f"Status  TGP- {BARE}  {APART}",
        f"mohon dicek pak, {NUMBER.lower()} kode: {CODE.lower()} ya",
        f"/status {BARE} {CODE}",
        f"statusnya bagaimana? nomor {NUMBER[:7]} {NUMBER[7:10]} {NUMBER[10:]}, kode tanda terima {APART}",
    ],
)
def test_who_asks_with_number_and_code_is_served_whatever_stands_around(text: str) -> None:
    assert asked(text) == Asked(Word.STATUS, number=NUMBER, code=CODE, named=True)


@pytest.mark.parametrize(
    "text",
    [
        f"Status laporan {NUMBER} belum jelas, pembayaran saya di loket belum kembali",
        f"Nomor {NUMBER} kode {CODE}",
        f"lapor baru: status {NUMBER} {CODE} tidak jelas",
        f"status {NUMBER} {CODE} " + "x" * 300,
        f"Jalan rusak, hubungi 0812345678 tentang status {NUMBER}",
    ],
)
def test_a_matter_is_no_such_question(text: str) -> None:
    found = asked(text)
    assert found is None or found.word is Word.NEW


def test_a_number_with_a_slip_beside_a_code_opens_nothing_and_is_told() -> None:
    assert asked(f"Pak, status TGP-AAAAAAAAB {CODE}") == Asked(Word.STATUS, number="", code=CODE, named=True)


def test_a_code_is_hidden_however_it_is_spelt_and_nothing_else() -> None:
    text = f"{NUMBER}: {CODE} dan {APART.lower()}; {PLAIN} tetap, juga {NUMBER}"
    assert pairs.without(text, {CODE}) == f"{NUMBER}: {pairs.HIDDEN} dan {pairs.HIDDEN}; {PLAIN} tetap, juga {NUMBER}"
    assert pairs.without_any(f"{NUMBER} kode {CODE}") == f"{NUMBER} kode {pairs.HIDDEN}"
    assert not list(pairs.pairs_in(f"{NUMBER}" + " x" * 200 + f" {CODE}"))


def test_a_hostile_text_takes_no_time() -> None:
    import time

    begun = time.process_time()
    for text in ("TGP-" * 12_000, "A2" * 25_000, "A-" * 25_000, f"{NUMBER} {CODE} " * 2_000, "kode " * 10_000):
        list(pairs.pairs_in(text))
        pairs.without(text, {CODE})
    assert time.process_time() - begun < 2
