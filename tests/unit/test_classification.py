"""What a report's words say: kind, category, unit, priority, each with its reason."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.domain.classification import LOOKED_AT, Classified, Why, classify
from tanggap.domain.classification_words import HAZARD, IGNORED, KINDS, URGENT, VULNERABLE, defaults
from tanggap.domain.errors import Invalid
from tanggap.domain.policy import Policy, first_policy, read_policy
from tanggap.domain.words import Kind, Priority
from tests.support.world import POLICY

ROOT = Path(__file__).parents[2]
VILLAGE = read_policy(first_policy("Desa", "+07:00", "a@kantor.example"), 1)
SAMPLE = read_policy(json.loads((ROOT / "events/policy.json").read_text()), 1)


def policy(**parts: Any) -> Policy:
    return read_policy({**copy.deepcopy(POLICY), **parts}, 1)


def with_words(*rows: dict[str, Any], **parts: Any) -> Policy:
    return policy(categories=[{"name": "X", "unit": "pu", **row} for row in rows], **parts)


def said(text: str, policy: Policy = SAMPLE, subject: str = "", to: tuple[str, ...] = ()) -> Classified:
    return classify(subject, text, to, policy)


def rules(found: Classified) -> set[str]:
    return {why.rule for why in found.whys if why.what == "priority"}


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


# -- the priority

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


# -- what a policy adds


def test_a_village_that_sets_nothing_has_priorities_and_kinds_but_no_categories() -> None:
    found = said("Kebakaran! Ada pungli juga. Sampah", VILLAGE)
    assert (found.priority, found.category, found.unit) == (Priority.URGENT, None, None)
    assert found.proposals


def test_a_policys_words_extend_ours() -> None:
    desk = policy(
        triage={
            "urgent": ["gajah masuk kampung"],
            "vulnerable": ["nelayan tua"],
            "hazard": ["kera liar"],
            "ignore": ["Banjir Kanal"],
            "kinds": {"praise": ["jempol"]},
        }
    )
    found = said("ada gajah besar masuk ke kampung", desk)
    assert (found.priority, rules(found)) == (Priority.URGENT, {"urgent"})
    assert rules(said("nelayan tua", desk)) == {"vulnerable"}
    assert rules(said("kera liar", desk)) == {"hazard"}
    assert said("Banjir Kanal Timur", desk).priority is Priority.NORMAL
    assert said("kebakaran", desk).priority is Priority.URGENT
    assert [why.value for why in said("jempol pak", desk).proposals] == ["praise"]


def test_a_policy_may_stand_in_place_of_ours() -> None:
    desk = policy(triage={"defaults": False, "urgent": ["gajah"]})
    assert said("kebakaran, pungli, lansia", desk) == Classified(
        Kind.COMPLAINT, None, None, "normal", (Why("kind", "complaint", "default"),)
    )
    assert said("gajah", desk).priority is Priority.URGENT


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"categories": [{"id": "a", "name": "A", "words": "x"}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": [1]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": [""]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": ["!!"]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": ["a b c d e f g"]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": ["x" * 61]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": ["a\nb"]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": [f"w{n}x" for n in range(61)]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "addresses": ["a@b"]}]}, "categories[0].addresses"),
        ({"categories": [{"id": "a", "name": "A", "addresses": ["a b"]}]}, "categories[0].addresses"),
        ({"categories": [{"id": "a", "name": "A", "addresses": "a"}]}, "categories[0].addresses"),
        ({"categories": [{"id": "a", "name": "A", "addresses": [["a"]]}]}, "categories[0].addresses"),
        ({"categories": [{"id": n, "name": "A", "addresses": ["same"]} for n in "ab"]}, "categories[1].addresses"),
        ({"triage": []}, "triage"),
        ({"triage": {"urgently": []}}, "triage.urgently"),
        ({"triage": {"urgent": {}}}, "triage.urgent"),
        ({"triage": {"vulnerable": [None]}}, "triage.vulnerable"),
        ({"triage": {"hazard": ["x" * 99]}}, "triage.hazard"),
        ({"triage": {"ignore": [f"word{n}" for n in range(301)]}}, "triage.ignore"),
        ({"triage": {"defaults": "no"}}, "triage.defaults"),
        ({"triage": {"kinds": []}}, "triage.kinds"),
        ({"triage": {"kinds": {"crime": []}}}, "triage.kinds.crime"),
        ({"triage": {"kinds": {"complaint": []}}}, "triage.kinds.complaint"),
        ({"triage": {"kinds": {"praise": "x"}}}, "triage.kinds.praise"),
    ],
)
def test_a_fault_in_the_words_is_told_with_its_place(parts: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as caught:
        policy(**parts)
    assert [fault["place"] for fault in caught.value.faults] == [place]


def test_a_policy_lists_so_many_words_and_no_more() -> None:
    rows = [{"id": f"c{n}", "name": "X", "words": [f"kata {n} {m}" for m in range(60)]} for n in range(84)]
    with pytest.raises(Invalid) as caught:
        policy(categories=rows)
    assert [fault["place"] for fault in caught.value.faults] == ["triage"]


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
