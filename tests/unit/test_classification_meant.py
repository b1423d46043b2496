"""What stands around a word of danger: a denial, a name, a figure of speech, the past, a fear; and what undoes each."""

from __future__ import annotations

import time

import pytest

from tanggap.domain.classification import LOOKED_AT
from tanggap.domain.classification_groups import GROUPS
from tanggap.domain.classification_meant import LOWERED
from tanggap.domain.classification_said import Said
from tanggap.domain.classification_signs import SIGNS, Sign, Signs, signs, voices
from tanggap.domain.classification_words import URGENT
from tanggap.domain.words import Priority
from tests.support.classifying import VILLAGE, policy, priority, said


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("Belum ada kebakaran", False),
        ("tidak pernah terjadi kebakaran", False),
        ("Rumahnya tidak roboh", False),
        ("suami tidak memukul saya", False),
        ("bukan hanya kebakaran, ada korban luka", True),
        ("damkar tidak ada kebakaran makin besar", True),
        ("Air tidak mengalir. Kebakaran di RT 3", True),
        ("tidak bernapas bayinya", True),
        ("Simulasi gempa dan kebakaran", False),
        ("Simulasi selesai. Sekarang kebakaran sungguhan", True),
    ],
)
def test_a_denial_takes_the_alarm_away_and_missing_help_does_not(text: str, is_so: bool) -> None:
    assert (priority(text) is Priority.URGENT) is is_so


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("warung bakso bom", False),
        ("Ada bom di warung bakso", True),
        ("Warung bakso meledak", True),
        ("toko terbakar", True),
        ("Toko Terbakar di pasar", True),
        ("jalan ledakan raya", False),
        ("ledakan di jalan raya", True),
        ("Jl. Tsunami gelap", False),
        ("Jalan longsor di km 5", True),
        ("Jl. Kebakaran", True),
        ("Rumah makan Ayam Kobong parkirnya penuh", False),
        ("warung kobong", True),
        ("Sedang terjadi kebakaran di Jl. Ledakan Raya", True),
        ("Warung Bakso Bom kebakaran", True),
    ],
)
def test_a_name_rings_no_alarm_and_what_befalls_a_place_does(text: str, is_so: bool) -> None:
    assert (priority(text) is Priority.URGENT) is is_so


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("Harga beras di semua pasar meledak", False),
        ("harga gas naik lalu kemarin tabung meledak", True),
        ("tagihan air meledak", False),
        ("trafo meledak", True),
        ("ledakan penduduk di kota", False),
        ("usaha saya ambruk", False),
        ("rumah saya ambruk", True),
        ("hati saya terbakar", False),
        ("tangan saya terbakar", True),
        ("tenggelam dalam utang", False),
        ("anak tenggelam di dalam sumur", True),
    ],
)
def test_a_figure_of_speech_is_known_by_what_it_is_said_of(text: str, is_so: bool) -> None:
    assert (priority(text) is Priority.URGENT) is is_so


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Rumah saya kebakaran tahun lalu", Priority.HIGH),
        ("Rumah saya kebakaran dua tahun yang lalu, mau urus sertifikat", Priority.NORMAL),
        ("Rumah saya kebakaran tadi malam, mau urus sertifikat", Priority.URGENT),
        ("Tahun lalu longsor, sekarang longsor lagi", Priority.URGENT),
        ("Pada tanggal 3 Maret tahun 2026 terjadi kebakaran", Priority.URGENT),
        ("tahun 2019 terjadi kebakaran", Priority.HIGH),
        ("Saya dipukuli suami sejak tahun lalu", Priority.URGENT),
        ("Saya dipukuli suami tahun lalu, mau urus surat cerai", Priority.HIGH),
        ("tahun lalu saya ingin bunuh diri", Priority.URGENT),
        ("Klaim kecelakaan", Priority.NORMAL),
    ],
)
def test_what_is_long_past_is_lowered_and_with_its_papers_gone_unless_it_is_done_to_people(
    text: str, level: Priority
) -> None:
    assert priority(text) is level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("jangan sampai terjadi kebakaran", Priority.HIGH),
        ("jangan biarkan kebakaran ini", Priority.URGENT),
        ("takut kebakaran ini membesar", Priority.URGENT),
        ("kalau hujan bisa longsor", Priority.HIGH),
        ("kami tidak bisa keluar, kebakaran", Priority.URGENT),
        ("tolong kirim damkar supaya kebakaran cepat padam", Priority.URGENT),
        ("jembatan hampir ambruk", Priority.HIGH),
        ("takut dibunuh", Priority.URGENT),
    ],
)
def test_a_fear_lowers_what_may_come_and_not_what_is_there(text: str, level: Priority) -> None:
    assert priority(text) is level


# -- signs


def test_a_sign_tells_the_listed_words_that_made_it_and_none_of_the_citizens() -> None:
    found = said("Ada orang gila pegang pisau di Jl. Rahasia, mengancam warga", VILLAGE)
    why = next(one for one in found.whys if one.what == "priority")
    assert (why.value, why.rule, why.found) == ("urgent", "violence", "pisau pegang")


def test_the_words_of_a_sign_stand_in_any_order_within_one_sentence() -> None:
    assert priority("mengancam dengan pisau") is Priority.URGENT
    assert priority("pisau dipakai mengancam") is Priority.URGENT
    assert priority("Saya beli pisau. Cuaca mengancam") is Priority.NORMAL
    assert priority("pisau dapur yang saya beli kemarin itu tumpul dan cuaca mengancam") is Priority.NORMAL


def test_an_office_that_is_greeted_is_nobodys_father() -> None:
    assert priority("Bapak saya memukul adik") is Priority.URGENT
    assert priority("Pak, petugas belum kembali sejak kemarin") is Priority.NORMAL
    assert priority("Mohon Bapak/Ibu memukul rata iurannya") is Priority.NORMAL


def test_a_prefix_tells_who_is_beaten_from_what_is_grilled() -> None:
    assert priority("ikan bakar di warung") is Priority.NORMAL
    assert priority("warung dibakar") is Priority.URGENT
    assert priority("pukul 10 anak saya ke sekolah") is Priority.HIGH


@pytest.mark.parametrize(
    ("root", "spoken"),
    [
        ("pukul", {"dipukul", "memukul", "mukul", "ngepukul", "pemukul"}),
        ("tusuk", {"ditusuk", "menusuk", "nusuk", "penusuk"}),
        ("siksa", {"disiksa", "menyiksa", "nyiksa", "penyiksa"}),
        ("cekik", {"dicekik", "mencekik", "nyekik"}),
        ("ancam", {"diancam", "mengancam", "ngancam", "pengancam"}),
        ("bakar", {"dibakar", "membakar", "mbakar", "ngebakar", "pembakar"}),
        ("leceh", {"dileceh", "meleceh"}),
    ],
)
def test_a_verb_is_known_in_all_its_voices_but_not_bare(root: str, spoken: set[str]) -> None:
    written = {voice for voice, _ in voices(root)}
    assert spoken <= written
    assert root not in written


def test_every_group_is_of_a_sign_and_every_sign_of_a_group_and_a_rule() -> None:
    named = {group for sign in SIGNS for group in sign.groups}
    assert named == GROUPS.keys()
    assert {sign.rule for sign in SIGNS} <= URGENT.keys()
    assert URGENT.keys() >= LOWERED


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: f"{sign.rule} {' '.join(sign.groups)}")
def test_each_sign_can_be_read(sign: Sign) -> None:
    """By some words of its groups, or nobody would look for it."""
    alone = Signs(signs().words, (sign,))
    assert any(list(Said(text, LOOKED_AT).signs(alone)) for text in _texts(sign.groups))


def _texts(groups: tuple[str, ...]) -> list[str]:
    words = [[phrase.strip().replace("~", "di") for phrase in GROUPS[group].split(",")] for group in groups]
    return [" ".join(row[n % len(row)] for row in words) for n in range(12)]


def test_a_policy_may_do_without_signs_and_say_what_else_is_meant() -> None:
    text = "mengancam dengan pisau"
    assert said(text, policy(triage={"defaults": False})).priority is Priority.NORMAL
    assert said(text, policy(triage={"ignore": ["mengancam dengan pisau"]})).priority is Priority.NORMAL


#: Each word of danger, behind a word that a name may follow.
EVERYTHING = " ".join(f"Warung {one.split()[-1]}" for phrases in URGENT.values() for one in phrases.split(","))


@pytest.mark.parametrize(
    "unit",
    [
        "pisau mengancam ",
        "anak tidak pulang dari ",
        "Jl. Bom ",
        "harga meledak ",
        "tahun lalu kebakaran asuransi ",
        "Warung Kobong ",
        EVERYTHING,
        " ".join(GROUPS.values()),
    ],
    ids=range(8),
)
def test_a_text_of_nothing_but_signs_takes_no_longer_than_the_bound_allows(unit: str) -> None:
    """Two megabytes cost what 20 kB do."""
    said(unit, VILLAGE)
    times = []
    for length in (LOOKED_AT, 2_000_000):
        start = time.perf_counter()
        said(unit * (length // len(unit)), VILLAGE)
        times.append(time.perf_counter() - start)
    assert times[1] < 10 * times[0] + 0.05
    assert times[1] < 0.5


def test_words_of_many_reports_are_kept_within_a_bound() -> None:
    index = signs()
    for n in range(9_000):
        index.of(f"kata{'abcdefghij'[n % 10]}{n}")
    assert index.of("pisau")
    assert len(index._known) <= 8192
