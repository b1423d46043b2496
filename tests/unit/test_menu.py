"""Words of the menu: only where they are the whole message, as people type them."""

from __future__ import annotations

import pytest

from tanggap.domain.menu import Asked, Word, asked, greets, says_nothing
from tanggap.domain.numbers import number_from
from tanggap.domain.receipts import code_from

NUMBER, CODE = number_from(123456789), code_from(987654321)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        *(
            (text, Word.STATUS)
            for text in (
                *("status", "Status?", "STATUS!!", "setatus", "statsu", "cek status", "cek laporan saya", "lacak"),
                *("/status", "/status@tanggap_bot", "status laporan saya", "progres min", "tolong cek status dong"),
            )
        ),
        *((text, Word.NEW) for text in ("lapor baru", "Laporan baru", "lapor bru", "mau lapor pak", "new report")),
        *((text, Word.OFFICER) for text in ("petugas", "ptugas", "mau bicara dengan petugas", "officer", "admin")),
        *((text, Word.STOP) for text in ("berhenti", "brenti", "Berhentii", "stop", "STOP.", "unsubscribe", "/stop")),
        *((text, Word.START) for text in ("mulai", "mulai lagi", "start")),
        *((text, Word.HELP) for text in ("bantuan", "menu", "/start", "/start kampanye2", "help", "cara lapor?")),
    ],
)
def test_a_word_of_the_menu_is_understood_as_it_is_typed(text: str, word: Word) -> None:
    assert asked(text) == Asked(word)


@pytest.mark.parametrize(
    "text",
    [
        "status jalan kenanga bagaimana",
        "berhenti sudah seminggu proyeknya",
        "petugas tidak datang",
        "stop pungli di kantor",
        "mulai kemarin air mati",
        "bantuan sosial belum turun",
        "admin kelurahan minta uang",
        "laporan: jalan rusak di RT 3",
        "lapor\njalan rusak di RT 3",
        "info jalan rusak",
        "tugas",
        "statis",
        "/lokasi",
        "status " + "x" * 200,
        "",
        "   ",
    ],
)
def test_within_a_report_they_are_its_words(text: str) -> None:
    assert asked(text) is None


@pytest.mark.parametrize(
    ("text", "report"),
    [
        ("lapor baru: jalan rusak", "jalan rusak"),
        ("Lapor Baru:\njalan rusak\ndi RT 3", "jalan rusak\ndi RT 3"),
        ("laporan baru\nsampah menumpuk", "sampah menumpuk"),
        ("/lapor lampu mati", "lampu mati"),
        ("new report: street light", "street light"),
    ],
)
def test_a_new_report_may_follow_its_word(text: str, report: str) -> None:
    assert asked(text) == Asked(Word.NEW, report)


@pytest.mark.parametrize(
    "text",
    [
        f"status {NUMBER} {CODE}",
        f"STATUS {NUMBER.lower()} {CODE.lower()}",
        f"/status {NUMBER} {CODE}",
        f"cek status {NUMBER.replace('-', ' ')} kode {CODE[:5]}-{CODE[5:]}",
        f"status {NUMBER}, {CODE}.",
        f"status laporan {NUMBER} kode: {CODE}",
        f"status\n{NUMBER}\n{CODE}",
    ],
)
def test_number_and_code_are_read_however_they_are_written(text: str) -> None:
    assert asked(text) == Asked(Word.STATUS, number=NUMBER, code=CODE, named=True)


def test_a_number_alone_or_one_that_is_none_is_asked_about_too() -> None:
    assert asked(f"status {NUMBER}") == Asked(Word.STATUS, number=NUMBER, named=True)
    assert asked(f"status TGP-AAAAAAAAB {CODE}") == Asked(Word.STATUS, number="", code=CODE, named=True)
    assert asked(f"status {NUMBER} ABC0O1") == Asked(Word.STATUS, number=NUMBER, code="-", named=True)


@pytest.mark.parametrize(
    "text", ["halo", "Haloo min", "HALO", "Assalamu'alaikum wr. wb.", "selamat pagi pak", "p", "tes", "hai kak", "misi"]
)
def test_a_greeting_is_no_report(text: str) -> None:
    assert greets(text)


@pytest.mark.parametrize("text", ["halo jalan rusak", "pagi ini banjir", "pak", "bu", "halo?", "salam dua jari", ""])
def test_more_than_a_greeting_is_none(text: str) -> None:
    assert not greets(text)


@pytest.mark.parametrize(
    ("text", "nothing"),
    [("@budi @siti", True), ("👍👍", True), ("🔥 #viral", True), ("...", True), ("@budi rusak", False), ("5", False)],
)
def test_names_tags_and_faces_say_nothing(text: str, nothing: bool) -> None:
    assert says_nothing(text) is nothing
