"""What a report's words say: kind, category, unit, each with its reason."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.domain.classification import LOOKED_AT, Why, classify
from tanggap.domain.words import Kind, Priority
from tests.support.classifying import SAMPLE, VILLAGE, said, with_words

# -- the category


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Lampu jalan di depan balai desa mati.", "penerangan-jalan"),
        ("LAMPU JALAN MATI SEMUA PAK", "penerangan-jalan"),
        ("lampu2 jln di rt 3 mati sdh seminggu", "penerangan-jalan"),
        ("Lampu di sepanjang jalan mati", "penerangan-jalan"),
        ("Sampaaaah numpuk min", "sampah"),
        ("Sampahnya belum diangkut", "sampah"),
        ("Soal persampahan", None),
        ("KTP saya belum jadi-jadi", "ktp-kk"),
        ("ktp-nya hilang", "ktp-kk"),
        ("Bansos bulan ini tidak cair", "bantuan-sosial"),
        ("Jalan di kampung kami rusak", None),
        ("", None),
    ],
)
def test_the_category_is_the_one_whose_words_are_found(text: str, category: str | None) -> None:
    assert said(text).category == category


def test_the_category_says_why_in_the_policys_own_words() -> None:
    found = said("Lampu2 jalan padam di Jl. Rahasia no. 7")
    assert [why for why in found.whys if why.what == "category"] == [
        Why("category", "penerangan-jalan", "word", "lampu jalan")
    ]
    assert "ahasia" not in str(found)


def test_more_distinct_words_win_and_repeating_one_does_not() -> None:
    assert said("sampah sampah sampah sampah, tapi lampu jalan mati").category == "penerangan-jalan"


def test_equal_counts_are_no_answer() -> None:
    found = said("Sampah dan KTP")
    assert found.category is None
    assert found.unit is None
    assert {why.what for why in found.whys} == {"kind"}


def test_the_subject_counts_as_well() -> None:
    assert said("Mohon dicek.", subject="Sampah menumpuk").category == "sampah"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mohon jalannya diperbaiki", True),
        ("Jalan rusak", True),
        ("Perjalanan saya terganggu, program tidak berjalan", False),
        ("Program dijalankan tahun lalu", False),
        ("Rumah saya di Jl. Kenanga", False),
        ("Rumah saya di jln kenanga", False),
    ],
)
def test_a_road_is_complained_of_where_it_is_no_address_and_no_journey(text: str, found: bool) -> None:
    assert (said(text, with_words({"id": "jalan", "words": ["jalan"]})).category == "jalan") is found


@pytest.mark.parametrize("text", ["kerusakan parah", "dirusak orang", "rusaknya parah", "RUSAAAK"])
def test_a_listed_stem_of_five_letters_is_found_within_its_family(text: str) -> None:
    assert said(text, with_words({"id": "rusak", "words": ["rusak"]})).category == "rusak"


def test_a_phrase_is_found_within_one_sentence_and_a_few_words() -> None:
    desk = with_words({"id": "air", "words": ["air mati"]})
    assert said("Air di rumah kami mati", desk).category == "air"
    assert said("Air sungai di belakang rumah kami banyak ikan mati", desk).category is None
    assert said("Saya minum air. Mati lampu juga", desk).category is None
    assert said("Mati, airnya", desk).category is None


def test_diacritics_and_full_width_letters_are_read_as_plain_ones() -> None:
    assert said("Sàmpáh menumpuk").category == "sampah"
    assert said("ｓａｍｐａｈ menumpuk").category == "sampah"


@pytest.mark.parametrize("text", ["k di pasar", "K E B A K A R A N", "a. k. a", "R T 3 K 5"])
def test_single_letters_are_no_word_of_two(text: str) -> None:
    assert said(text, with_words({"id": "kk", "words": ["KK"]})).category is None
    assert said("KK saya hilang", with_words({"id": "kk", "words": ["KK"]})).category == "kk"


def test_letters_that_stand_apart_are_one_word_and_an_abbreviation_is_none() -> None:
    assert said("L A M P U jalan mati").category == "penerangan-jalan"
    assert said("t o l o n g, b a n j i r", VILLAGE).priority is Priority.HIGH
    assert said("Jl. A B 3, RT 4, a.n. Budi", VILLAGE).priority is Priority.NORMAL


# -- addresses and units


@pytest.mark.parametrize("to", ["sampah@lapor.desa.example", "SAMPAH@lapor.desa.example"])
def test_the_address_that_a_mail_was_sent_to_says_more_than_its_words(to: str) -> None:
    found = said("KTP saya", to=("lapor@lapor.desa.example", to))
    assert found.category == "sampah"
    assert Why("category", "sampah", "address", "sampah") in found.whys


def test_addresses_of_two_categories_say_nothing() -> None:
    desk = with_words({"id": "a", "addresses": ["a"], "words": ["ktp"]}, {"id": "b", "addresses": ["b@desk.example"]})
    assert said("KTP saya", desk, to=("a@desk.example", "b@desk.example")).whys[1].rule == "word"
    assert said("KTP saya", desk, to=("b@desk.example",)).category == "b"
    assert said("KTP saya", desk, to=("b@other.example",)).category == "a"


def test_the_unit_is_proposed_with_its_category_as_the_reason() -> None:
    found = said("Sampah menumpuk")
    assert found.unit == "infrastruktur"
    assert Why("unit", "infrastruktur", "category_unit", "sampah") in found.proposals
    assert not any(why.what == "unit" for why in found.whys)


# -- the kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ada pungli di loket, oknum petugas minta uang", Kind.SUPERVISORY),
        ("Dana desa diselewengkan oleh perangkat", Kind.SUPERVISORY),
        ("Saya mengajukan permohonan informasi publik sesuai UU 14 Tahun 2008", Kind.INFORMATION),
        ("Mohon info jadwal posyandu", Kind.INFORMATION),
        ("Saya usul dibuatkan taman", Kind.ASPIRATION),
        ("Terima kasih atas pelayanan petugas yang ramah", Kind.PRAISE),
        ("Terima kasih atas pelayanannya, tapi KTP saya belum jadi", None),
        ("Lampu mati, terima kasih", None),
        ("Saya usul, dan mohon info", None),
    ],
)
def test_a_kind_is_proposed_and_never_set(text: str, kind: Kind | None) -> None:
    found = said(text, VILLAGE)
    assert found.kind is Kind.COMPLAINT, "a wrong kind is a wrong deadline"
    assert Why("kind", "complaint", "default") in found.whys
    assert [why.value for why in found.proposals if why.what == "kind"] == ([kind.value] if kind else [])


# -- hostile and ordinary texts


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.text(max_size=80))
def test_any_text_is_classified_and_twice_alike(text: str, subject: str) -> None:
    assert classify(subject, text, (), SAMPLE) == classify(subject, text, (), SAMPLE)


def test_what_stands_beyond_the_bound_is_not_looked_at() -> None:
    assert said("x " * (LOOKED_AT // 2) + "kebakaran", VILLAGE).priority is Priority.NORMAL


@pytest.mark.parametrize(
    "unit",
    ["kabel ", "kabel putus banjir ", "umur 5 tahun ", "é", "ﷺ", "a", "1", "rt", "\n\n", "anak jalan ", "puluh tujuh "],
)
def test_a_hostile_text_takes_no_longer_than_the_bound_allows(unit: str) -> None:
    """Two megabytes cost what 20 kB do."""
    short, long = unit * (LOOKED_AT // len(unit)), unit * (2_000_000 // len(unit))
    said(short)
    times = []
    for text in (short, long):
        start = time.perf_counter()
        said(text)
        times.append(time.perf_counter() - start)
    assert times[1] < 10 * times[0] + 0.05
    assert times[1] < 0.5
