"""Thanks alone, and everything that is more."""

from __future__ import annotations

from itertools import combinations
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanggap.domain import thanks
from tanggap.domain.thanks import only_acknowledged, only_thanks

NAMES = ("Siti Rahmah, S.Pd.",)

THANKS = (
    "Terima kasih",
    "terima kasih.",
    "TERIMA KASIH BANYAK ATAS BANTUANNYA PAK, SEMOGA SUKSES SELALU 🙏",
    "terimakasih banyak atas bantuannya pak, semoga sukses selalu 🙏",
    "makasiiih banyaaak pak 🙏🙏",
    "mksh min",
    "trims",
    "tks",
    "thx ya min",
    "Thanks a lot!",
    "Thank you very much, God bless you",
    "matur nuwun pak",
    "Matur suwun sanget nggih pak, mugi sehat sedaya",
    "suwun mas",
    "wis beres mas, suwun",
    "hatur nuhun pisan kana bantosanana",
    "nuhun kang",
    "Parantos sae, hatur nuhun",
    "oke siap, terima kasih",
    "Baik pak, terima kasih.",
    "sudah diperbaiki, terima kasih",
    "Sudah beres semua pak. Makasih ya",
    "Alhamdulillah sudah nyala, terima kasih Pak Lurah",
    "Terima kasih atas perhatian, bantuan dan kerja samanya.",
    "Terima kasih telah merespon laporan saya",
    "Terima kasih banyak atas segala perhatian dan bantuan yang telah\ndiberikan kepada kami.",
    "Terima kasih yang sebesar-besarnya kami ucapkan kepada Bapak atas\nbantuannya",
    "Semoga sukses. Sudah beres, terima kasih",
    "Sekali lagi terima kasih",
    "Sama2 pak, terima kasih",
    "saya mau mengucapkan terima kasih sebesar-besarnya",
    "Assalamualaikum wr. wb.\n\nTerima kasih, semoga jadi amal ibadah. Aamiin.\n\nWassalam",
    "Terima kasih.\n\nSalam hormat,\nSiti Rahmah",
    "Terima kasih\nSiti",
    "terima kasih bu siti, sehat selalu",
    "𝗧𝗲𝗿𝗶𝗺𝗮 𝗸𝗮𝘀𝗶𝗵",
)

MORE = (
    "",
    "🙏",
    "👍👍",
    "Oke",
    "Baik pak, saya tunggu",  # something is still expected
    "Baik pak, saya tunggu. Terima kasih",
    "Alhamdulillah sudah beres",  # no thanks: an officer looks
    "terima kasih ya, jalannya tetap rusak",
    "Terima kasih ya, bagus sekali kerjanya, sampai sekarang mati",
    "terima kasih tapi belum selesai",
    "Terima kasih, namun air keruh",
    "terima kasih, masih bau",
    "belum diperbaiki, terima kasih",
    "Terima kasih. Kapan diperbaiki",
    "Terima kasih?",
    "makasih, kok gitu",
    "terima kasih sudah tidak dibalas",
    "terima kasih semoga segera diperbaiki",
    "terima kasih semoga selesai",
    "semoga sudah beres, terima kasih",
    "terima kasih sudah dibantu semoga beres",
    "semoga sudah, beres pak, terima kasih",
    "mudah-mudahan sudah selesai makasih",
    "Info perbaikan pak, terima kasih",
    "terima kasih, info perbaikan",
    "saya ingin penjelasan, terima kasih",
    "Mohon bantuannya, terima kasih",
    "terima kasih sebelumnya",
    "terima kasih pak 3 hari beres",
    "terima kasih pak, lampu RT 05 juga",
    "terima kasih banyak pak, selokan belakang",
    '"terima kasih"',
    "“Terima kasih” pak",
    "terima kasih 🙄",
    "terima kasih 👎",
    "terima kasih atas janjinya",
    "terima kasih pak ahmad",  # nobody told us that name
    "Terima kasih https://foto.example/1",
    "terima kasih спасибо",
    "terima kasih ঢ",
    "siti",
    "kasih",
    "terima",
    " ".join(["terima kasih banyak pak"] * 11),
    "terima kasih " + " " * 500,
)


@pytest.mark.parametrize("text", THANKS)
def test_thanks_alone_are_thanks(text: str) -> None:
    assert only_thanks(text, NAMES)


@pytest.mark.parametrize("text", MORE)
def test_what_says_more_or_no_thanks_is_more(text: str) -> None:
    assert not only_thanks(text, NAMES)


def test_a_name_counts_after_pak_or_bu_and_at_the_end_only() -> None:
    assert only_thanks("terima kasih pak ahmad, sehat selalu", ("Ahmad",))
    assert only_thanks("terima kasih\nahmad fauzi", ("Ahmad Fauzi",))
    assert not only_thanks("ahmad terima kasih", ("Ahmad",))
    assert not only_thanks("terima kasih jalan kenanga sukses", ("Warga Jalan Kenanga",))


def test_who_calls_themselves_by_a_word_of_complaint_still_complains() -> None:
    assert not only_thanks("terima kasih belum rusak", ("Belum Rusak",))


READ = (
    "ok",
    "OK.",
    "Oke siap",
    "okeee",
    "Okay pak",
    "baik pak",
    "Baik, Bu.",
    "Baiklah",
    "sip",
    "Siap!",
    "siap min 👍",
    "noted",
    "Oke deh",
    "ok ya pak",
    "Baik, saya mengerti",
    "Baik pak\n\nSiti Rahmah",
    "👍",
    "👍🏽👍🏽",
    "🙏 🙏",
    "👌\ufe0f",
)
NOT_READ = (
    "",
    "ok?",
    "ok tapi kapan",
    "oke, tapi belum",
    "ok saya tunggu",
    "Baik pak, saya tunggu",
    "baik, mohon segera",
    "ok 3 hari lagi",
    "ok belum",
    "siap lapor lagi",
    "ya",
    "iya pak",
    "nggih",
    "saya",
    "pak",
    "tidak baik",
    "baik sekali",
    "kurang baik",
    "siap siap banjir",
    "sudah",
    "ok 🙄",
    "ok 😡",
    "👎",
    "👍👎",
    "👍😂",
    "😡",
    "...",
    "ok lampu",
    "okk https://a.example",
    "ok " * 7,
    "terima kasih",
)


@pytest.mark.parametrize("text", READ)
def test_ok_says_that_it_was_read_and_no_more(text: str) -> None:
    assert only_acknowledged(text, NAMES)
    assert not only_thanks(text, NAMES)


@pytest.mark.parametrize("text", NOT_READ)
def test_a_word_beyond_ok_or_none_is_more(text: str) -> None:
    assert not only_acknowledged(text, NAMES)


def test_words_of_doubt_are_no_acknowledgement() -> None:
    assert not (thanks._ACKNOWLEDGED | thanks._BESIDE) & thanks._FORMS["never"]


def test_no_word_has_two_meanings() -> None:
    groups = {name: forms for name, forms in thanks._FORMS.items() if name != "addressed"}
    for (one, mine), (other, theirs) in combinations(groups.items(), 2):
        assert not mine & theirs, f"{one} and {other}"
    assert thanks._FORMS["addressed"] <= thanks._FORMS["around"]


KNOWN = frozenset().union(*thanks._FORMS.values())
PIECES = {piece for said in thanks.PHRASES.values() for phrase in said for piece in phrase.split()}
strange = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14).filter(
    lambda word: thanks._same(word) not in KNOWN and word not in PIECES | {"siti", "rahmah", "pd"}
)


@given(st.sampled_from(THANKS), strange, st.integers(0, 30))
def test_any_word_from_outside_makes_it_more(text: str, word: str, place: int) -> None:
    words = text.split(" ")
    words.insert(min(place, len(words)), word)
    assert not only_thanks(" ".join(words), NAMES)


@given(st.text(max_size=500))
def test_nothing_raises(text: str) -> None:
    only_thanks(text, (text,))


def test_a_megabyte_is_not_looked_at() -> None:
    started = perf_counter()
    assert not only_thanks("terima kasih " * 80_000)
    assert perf_counter() - started < 0.05
