"""How urgent a report is, by which rule, and our tables of it."""

from __future__ import annotations

import pytest

from tanggap.domain.classification_words import HAZARD, IGNORED, KINDS, URGENT, VULNERABLE, defaults
from tanggap.domain.words import Priority
from tests.support.classifying import VILLAGE, rules, said

URGENTLY = [
    ("Tolong!! kebakaran di pasar", "fire"),
    ("KEBAKARAAAN", "fire"),
    ("ada omah kobong neng RT 2", "fire"),
    ("Banjir bandang menerjang dusun kami", "flood"),
    ("Dua anak hanyut di kali", "flood"),
    ("Tanah longsor menutup jalan", "landslide"),
    ("Tetangga saya kesetrum", "electricity"),
    ("kabel PLN putus menjuntai ke jalan", "electricity"),
    ("Kabel listrik itu sudah lama putus", "electricity"),
    ("bau gas menyengat, gas bocor dari SPBE", "gas"),
    ("Jembatan gantung di dusun ambruk", "collapse"),
    ("atap SD kami ambruk tadi pagi", "collapse"),
    ("tadi ada orang tertabrak truk", "accident"),
    ("Ibu saya pingsan, ambulans tidak datang", "medical"),
    ("saya mau bunuh diri saja", "suicide"),
    ("sy pengen mati", "suicide"),
    ("Saya takut dibunuh suami", "violence"),
    ("Tetangga korban KDRT tiap malam", "violence"),
    ("anak tetangga dianiaya", "violence"),
    ("anak saya diculik", "missing"),
    ("Anak saya yang bungsu hilang sejak kemarin", "missing"),
    ("There is a fire, people trapped, house on fire", "fire"),
    ("My neighbour was electrocuted", "electricity"),
    ("She says she will kill herself, suicide", "suicide"),
    ("Omah kula caah dengdeng, wargi palid", "flood"),
    ("Suami saya memukuli saya tiap hari, saya takut mati", "violence"),
    ("Suami saya memukuli saya tiap hari, saya takut mati", "threat"),
    ("tolong kami butuh evakuasi segera", "threat"),
    ("nyawa saya terancam", "threat"),
    ("kami terjebak di atap", "threat"),
    ("K E B A K A R A N di pasar!!!", "fire"),
    ("k.e.b.a.k.a.r.a.n di pasar", "fire"),
    ("omahe kobong", "fire"),
    ("imah kahuruan", "fire"),
    ("suami mukulin saya", "violence"),
    ("istri saya disiksa majikan", "violence"),
    ("saya diancam pakai parang", "violence"),
    ("saya disekap di rumah kos", "violence"),
    ("guru melakukan pelecehan ke murid", "violence"),
    ("my husband beats me", "violence"),
    ("percobaan bunuh diri", "suicide"),
    ("ada yg mau loncat dari jembatan", "suicide"),
    ("keracunan massal di sekolah", "medical"),
    ("puluhan siswa muntah muntah habis makan", "medical"),
    ("tolong kirim ambulan", "medical"),
    ("bayi tidak bernapas", "medical"),
    ("ada yang tenggelam", "drowning"),
    ("warga terseret ombak", "flood"),
    ("kabanjiran imah sadada", "flood"),
    ("elpiji mbledos", "gas"),
    ("ketabrak kereta", "accident"),
    ("ibu saya hilang dari rumah", "missing"),
    ("simbah belum pulang sejak kemarin", "missing"),
]


@pytest.mark.parametrize(("text", "rule"), URGENTLY)
def test_a_threat_to_life_is_urgent_and_says_which(text: str, rule: str) -> None:
    found = said(text, VILLAGE)
    assert found.priority is Priority.URGENT
    why = next(one for one in found.whys if one.what == "priority" and one.rule == rule)
    assert why.value == "urgent"
    assert why.found in ", ".join(" ".join(phrases.split()) for phrases in URGENT.values())


CARE = [
    ("Ibu saya umur 78 tahun belum dapat bansos", "elderly"),
    ("usia beliau sudah 81", "elderly"),
    ("umurnya 60thn", "elderly"),
    ("Nenek saya 90 tahun tinggal sendiri", "elderly"),
    ("Bapak saya sudah 72 tahun", "elderly"),
    ("umur tujuh puluh delapan tahun", "elderly"),
    ("Antrean lansia tidak ada kursi", "elderly"),
    ("simbah kulo mboten saged mlaku", "elderly"),
    ("my mother aged 80 cannot walk", "elderly"),
    ("Balita di sini gizi buruk", "child"),
    ("anak-anak takut lewat", "child"),
    ("umur 5 bulan belum imunisasi", "child"),
    ("usia 12 th putus sekolah", "child"),
    ("aya orok gering", "child"),
    ("Istri saya hamil 8 bulan", "pregnancy"),
    ("ibu hamil antre lama", "pregnancy"),
    ("garwa kula nuju mbobot", "pregnancy"),
    ("trotoar tidak bisa dilewati kursi roda", "disability"),
    ("saya tuna netra", "disability"),
    ("warga difabel tidak terdata", "disability"),
    ("ada ODGJ berkeliaran", "disability"),
    ("saya penderita cuci darah", "illness"),
    ("Banjir di RT 3", "hazard"),
    ("pohon hampir tumbang ke rumah", "hazard"),
]


@pytest.mark.parametrize(("text", "rule"), CARE)
def test_who_needs_care_first_and_what_endangers_is_high(text: str, rule: str) -> None:
    found = said(text, VILLAGE)
    assert found.priority is Priority.HIGH
    assert rule in rules(found)


@pytest.mark.parametrize(
    "text",
    [
        "anak jalan di belakang pasar becek",
        "Jalan anakan rusak",
        "Gang Bayi gelap",
        "gg. bayi gelap",
        "Jl. Kakek Usman nomor 5 becek",
        "Jl. Kartini 78",
        "Jl. Kartini 78 sudah 3 tahun rusak",
        "anak sungai tersumbat",
        "anak tangga balai desa licin",
        "tidak ada kebakaran, hanya asap sate",
        "tdk ada korban jiwa",
        "Bukan banjir",
        "Simulasi kebakaran hari Sabtu",
        "Asuransi kecelakaan saya ditolak",
        "Kantor pemadam kebakaran lampunya mati",
        "Kursus buta huruf",
        "Lalu lintas lumpuh tiap sore",
        "Bapak sudah 3 bulan menunggu KTP",
        "Ibu saya 10 tahun menunggu sertifikat",
        "Jembatan peninggalan Belanda usia bangunan",
        "Umur saya 35 tahun",
        "Umur pohon itu 300 tahun, umur 300 tahun",
        "78 tahun Indonesia merdeka",
        "RSU rumah sakit antreannya panjang",
        "kereta api terlambat",
        "Harga meledak di pasar",
        "saya takut mati lampu tiap malam",
        "takut lampu mati",
        "Warga terjebak macet tiap pagi",
        "jalur evakuasi rusak",
        "Butuh jalur evakuasi di balai desa",
        "ambulans desa rusak",
        "fogging untuk membunuh nyamuk",
        "pembunuhan karakter",
        "tarif dipukul rata",
        "dompet anak hilang",
        "matahari tenggelam lampu belum menyala",
        "memukul kentongan",
        "Mohon dibantu",
        "",
    ],
)
def test_near_misses_stay_normal(text: str) -> None:
    found = said(text, VILLAGE)
    assert (found.priority, rules(found)) == (Priority.NORMAL, set())


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("dusun kami rawan longsor", Priority.HIGH),
        ("takut atap ambruk", Priority.HIGH),
        ("sering terjadi kecelakaan di tikungan", Priority.HIGH),
        ("mencegah kebakaran", Priority.HIGH),
        ("rawan longsor. Tadi malam longsor lagi", Priority.URGENT),
        ("takut dianiaya lagi", Priority.URGENT),
        ("Simulasi kebakaran bulan lalu. Sekarang kebakaran sungguhan", Priority.URGENT),
        ("di jalan anak saya jatuh", Priority.HIGH),
        ("Air tidak mengalir. Kebakaran di RT 3", Priority.URGENT),
    ],
)
def test_what_may_come_is_high_and_what_is_there_urgent(text: str, priority: Priority) -> None:
    assert said(text, VILLAGE).priority is priority


def test_every_reason_is_told_once_danger_before_need() -> None:
    found = said("Kebakaran kebakaran! Nenek saya lumpuh dan ada bayi, banjir juga", VILLAGE)
    told = [(why.value, why.rule) for why in found.whys if why.what == "priority"]
    assert told[0] == ("urgent", "fire")
    assert {rule for _, rule in told} == {"fire", "hazard", "elderly", "disability", "child"}
    assert len(told) == len(set(told))


def test_an_age_is_told_by_its_bound_and_not_as_it_was_written() -> None:
    assert "83" not in str(said("umur 83 tahun", VILLAGE))


# -- our own tables


def test_our_tables_hold_each_phrase_once_and_within_the_limits_of_a_policy() -> None:
    tables = [*URGENT.values(), *VULNERABLE.values(), *HAZARD.values(), *KINDS.values(), IGNORED]
    phrases = [" ".join(one.split()) for table in tables for one in table.split(",")]
    assert sorted({one for one in phrases if phrases.count(one) > 1}) == []
    assert all(1 <= len(one.split()) <= 6 and len(one) <= 60 for one in phrases)


def test_every_listed_phrase_of_danger_and_care_is_found_where_it_is_written() -> None:
    """A phrase that no text can match would be a word that nobody looks for."""
    tables = {**URGENT, **VULNERABLE, **HAZARD}
    missed = {
        (rule, phrase)
        for rule, table in tables.items()
        for one in table.split(",")
        if rule not in rules(said(phrase := " ".join(one.split()), VILLAGE))
    }
    assert missed == set()
    assert sum(map(len, defaults().values())) > 500
