"""Which open cases a report may repeat: told by place and words, or by sender and words, without keeping any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.domain import likeness
from tanggap.domain.case import Alike
from tanggap.domain.likeness import PLACE_KEYS, PROPOSED, SAME_PLACE, WORDS, Proposal, ranked, sketch

#: Two people about one thing.
SAME = [
    ("Lampu jalan mati di Jl. Kenanga RT 3", "Lampu penerangan di Jalan Kenanga padam sejak seminggu"),
    (
        "Sampah menumpuk di depan pasar Wage sudah 3 hari belum diangkut",
        "Tumpukan sampah di Pasar Wage bau busuk, truk tidak mengangkut",
    ),
    (
        "Jalan berlubang besar di Jl Merdeka dekat SDN 2, banyak motor jatuh",
        "Mohon diperbaiki, Jl. Merdeka depan SD Negeri 2 rusak berlubang, kemarin ada motor jatuh",
    ),
    (
        "Selokan di gang Melati tersumbat sehingga banjir ke rumah warga",
        "Gg. Melati banjir karena got mampet, air masuk rumah",
    ),
    ("Pohon tumbang menutup jalan Diponegoro", "Jl Diponegoro tertutup pohon tumbang, tolong dipotong"),
    (
        "Air PDAM di Perumahan Griya Asri mati sejak kemarin",
        "Perum Griya Asri air tidak mengalir sudah 2 hari, PDAM gimana",
    ),
    ("RT 03/RW 05 Dusun Krajan listrik padam terus", "Listrik di RT 3 RW 5 dusun krajan mati lampu berhari-hari"),
    ("Jembatan Sukamaju rusak, papannya lapuk dan bolong", "Papan jembatan Sukamaju lapuk, bahaya bagi anak sekolah"),
    (
        "Banjir di Jl Anggrek setinggi lutut, rumah warga terendam",
        "JALAN ANGGREK BANJIR, AIR SETINGGI LUTUT MASUK RUMAH",
    ),
    ("Anjing liar di komplek Permata menggigit anak", "Di Kompleks Permata banyak anjing liar, anak saya digigit"),
    ("Runtah numpuk di gang Mawar, bau", "Sampah di Gg. Mawar menumpuk dan berbau"),
    ("The street light on Jl. Cempaka is broken and dark", "Lampu di Jl Cempaka rusak, gelap"),
]
#: Two matters of one place.
OTHER = [
    ("Lampu jalan mati di Jl. Kenanga RT 3", "Sampah menumpuk di Jalan Kenanga depan pos ronda"),
    ("Jalan berlubang di Jl Merdeka dekat SDN 2", "Parkir liar di Jl Merdeka depan SDN 2 bikin macet"),
    ("Selokan di gang Melati tersumbat", "Lampu di gang Melati mati, gelap sekali kalau malam"),
    ("KTP saya belum jadi, RT 3 RW 5 Dusun Krajan", "Bansos di RT 3 RW 5 Dusun Krajan tidak tepat sasaran"),
    ("Tetangga di Gg Mawar memutar musik keras tiap malam", "Di Gg Mawar ada tetangga membakar sampah tiap sore"),
    ("Pasar Wage: pedagang dipungut biaya kebersihan dua kali", "Sampah di Pasar Wage menumpuk"),
    (
        "Pohon di Jl Diponegoro perlu dipangkas karena menutupi lampu lalu lintas",
        "Trotoar Jl Diponegoro rusak, kursi roda tidak bisa lewat",
    ),
    (
        "Air PDAM di Perumahan Griya Asri keruh dan berbau",
        "Satpam Perumahan Griya Asri tidak pernah berjaga malam hari",
    ),
    (
        "Puskesmas Sukamaju antre lama dan petugas kurang ramah",
        "Obat di Puskesmas Sukamaju habis terus, pasien disuruh beli di luar",
    ),
    ("Jalan Anggrek banjir setinggi lutut", "Tiang listrik di Jalan Anggrek miring mau roboh"),
    (
        "Yth Bapak Kepala Desa, saya warga RT 2 Dusun Krajan ingin melaporkan jalan rusak. Mohon segera "
        "ditindaklanjuti, terima kasih atas perhatiannya",
        "Yth Bapak Kepala Desa, saya warga RT 2 Dusun Krajan ingin melaporkan bansos belum cair. Mohon segera "
        "ditindaklanjuti, terima kasih atas perhatiannya",
    ),
    ("Guru di SDN 4 sering tidak masuk kelas", "Atap SDN 4 bocor kalau hujan"),
]


def proposed(report: str, earlier: str, same_sender: bool = False) -> tuple[Proposal, ...]:
    """What a report proposes where the earlier one is an open case."""
    new, old = sketch("", report, "r1"), sketch("", earlier, "r1" if same_sender else "r2")
    found = [Alike("TGP-1", key, old.words) for key in new.keys if key in old.keys]
    return ranked(new, found)[:PROPOSED]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_people_about_one_thing_are_likely_duplicates(one: str, other: str) -> None:
    for report, earlier in ((one, other), (other, one)):
        (found,) = proposed(report, earlier)
        assert (found.number, found.why) == ("TGP-1", "same_place_and_words")
        assert SAME_PLACE <= found.score <= 1


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_matters_of_one_place_are_not(one: str, other: str) -> None:
    assert set(sketch("", one, None).places) & set(sketch("", other, None).places), "the place itself is known"
    assert proposed(one, other) == ()


def test_the_threshold_lies_apart_from_both() -> None:
    def score(pair: tuple[str, str]) -> float:
        return likeness.likeness(sketch("", pair[0], None).words, sketch("", pair[1], None).words)

    assert min(map(score, SAME)) >= SAME_PLACE + 0.05
    assert max(map(score, OTHER)) <= SAME_PLACE - 0.03


# -- the sender


def test_the_same_sender_is_found_without_any_place() -> None:
    (found,) = proposed("KTP saya belum juga jadi", "Kapan KTP saya jadi?", same_sender=True)
    assert found.why == "same_sender"


def test_the_same_senders_other_matter_is_no_duplicate() -> None:
    assert proposed("Lampu jalan mati di Jl Kenanga", "Bansos saya belum cair", same_sender=True) == ()


@pytest.mark.parametrize("brief", ["", "Tolong min 🙏", "P", "Terlampir."])
def test_who_has_an_open_case_and_says_next_to_nothing_may_mean_that_one(brief: str) -> None:
    (found,) = proposed(brief, "Lampu jalan mati di Jl Kenanga", same_sender=True)
    assert found.why == "same_sender"
    assert proposed(brief, "Lampu jalan mati di Jl Kenanga") == ()


def test_at_most_three_are_proposed_the_likeliest_first_and_each_once() -> None:
    new = sketch("", "Lampu jalan mati di Jl Kenanga RT 2 RW 3", "r1")
    words = new.words
    found = [Alike(f"TGP-{n}", key, words if n == 3 else (*words, 1, 2)) for key in new.keys for n in range(6)]
    first = ranked(new, found)[:PROPOSED]
    assert len(first) == PROPOSED
    assert first[0].number == "TGP-3"
    assert len({one.number for one in first}) == PROPOSED
    assert {one.why for one in first} == {"same_sender"}


# -- places


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("di Jl. Kenanga", "Jalan Kenanga"),
        ("di jln kenanga", "JALAN KENANGA no 5"),
        ("RT 03/RW 05", "rt.3 rw 5"),
        ("RT 03/05", "rt 3 rw 05"),
        ("RT3 RW5 Dusun Krajan", "dsn. Krajan rt 03 rw 05"),
        ("SD Negeri 2", "SDN 02"),
        ("depan Balai Desa", "sebelah balai desa"),
        ("Gg. Melati", "gang melati"),
        ("Kelurahan Sukamaju", "Desa Sukamaju"),
    ],
)
def test_a_place_has_one_key_however_it_is_written(one: str, other: str) -> None:
    assert set(sketch("", one, None).places) & set(sketch("", other, None).places)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jl. Kenanga", "Gg. Kenanga"),
        ("RT 3 RW 5", "RT 3 RW 6"),
        ("RT 3 Dusun Krajan", "RT 3 Dusun Wates"),
        ("SDN 1", "SMPN 1"),
    ],
)
def test_other_places_have_other_keys(one: str, other: str) -> None:
    assert sketch("", one, None).places[0] != sketch("", other, None).places[0]


@pytest.mark.parametrize(
    "text",
    ["jalan rusak parah", "Jalan berlubang", "lampu jalan mati", "desa kami", "RT kami", "pasar becek", "", "jl", "rt"],
)
def test_what_names_no_place_has_no_key(text: str) -> None:
    assert sketch("", text, None).places == ()


def test_a_report_has_few_keys_the_closest_place_first() -> None:
    keys = sketch(
        "", "Desa Sukamaju, Kecamatan Tengah, RT 3 RW 5, Jl Kenanga, dekat Pasar Wage, Gang Melati", None
    ).places
    assert len(keys) == PLACE_KEYS
    assert keys == (*sketch("", "gang Melati", None).places, *sketch("", "jl Kenanga", None).places)


# -- what is kept


def test_a_sketch_holds_no_text_and_no_id() -> None:
    new = sketch("Rahasia", "Siti Aminah di Jl. Kenanga 7 melaporkan tetangganya", "reporter7")
    shown = repr(new)
    assert not any(word in shown.lower() for word in ("siti", "kenanga", "rahasia", "tetangga", "reporter7"))
    assert all(0 <= word < 2**32 for word in new.words)
    assert new.words == tuple(sorted(new.words))


def test_whom_nobody_knows_has_no_senders_key() -> None:
    assert sketch("", "lampu mati", None).keys == ()


def test_of_long_texts_a_fair_sample_is_kept_and_compared() -> None:
    one = " ".join(f"kata{chr(97 + n % 26)}{chr(97 + n // 26)}x" for n in range(300))
    half = " ".join(one.split()[:150])
    a, b = sketch("", one, None), sketch("", half, None)
    assert len(a.words) == len(b.words) == WORDS
    assert likeness.likeness(a.words, a.words) == 1.0
    assert 0.3 < likeness.likeness(a.words, b.words) < 0.7


def test_nothing_is_like_nothing() -> None:
    assert likeness.likeness((), ()) == 0.0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_are_compared_and_either_way_alike(one: str, other: str) -> None:
    a, b = sketch("", one, "r"), sketch("", other, "r")
    assert 0 <= likeness.likeness(a.words, b.words) == likeness.likeness(b.words, a.words) <= 1
    assert len(a.keys) <= 1 + PLACE_KEYS


@pytest.mark.parametrize("unit", ["jl kenanga ", "rt 3 rw 5 ", "depan ", "mem", "a", "1 ", "é", "nya", "rt "])
def test_a_hostile_text_takes_no_longer_than_the_bound_allows(unit: str) -> None:
    text = unit * (2_000_000 // len(unit))
    start = time.perf_counter()
    sketch(text[:1000], text, "r")
    assert time.perf_counter() - start < 0.3
