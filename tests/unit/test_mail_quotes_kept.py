"""What a citizen wrote is never cut, however much it looks like what a program adds; and what looks like a signature
and is one still goes. Each row is a decision."""

from __future__ import annotations

import time

import pytest

from tanggap.adapters.mail.quotes import Head, cut, part
from tanggap.adapters.mail.tails import says, tells

SECTIONS = [
    "Assalamualaikum Pak\n--\nAda kebakaran rumah di RT 3, tolong segera",
    "Kepada Yth Lurah,\n______\n\nTolong, kebakaran di RT 2.",
    "FORMULIR PENGADUAN\n____________________\nNama: Ani\nMasalah: jalan putus, anak jatuh ke sungai\nLokasi: RT 4",
    "Laporan warga RT 5:\n--\nLampu jalan mati total\n--\nSelokan mampet dan banjir",
    "Selamat pagi\n\u2014\nAda warga hamil terjebak banjir di RT 9",
    "Yth. Admin Lapor\n--\nLampu jalan di RT 4 mati.\nMohon perbaikan.",
    "Jalan berlubang.\n--\nKEBAKARAN DI RT 3",
    "Jalan berlubang.\n--\nKebakaran Di Pasar",
    "Jalan berlubang.\n--\nbanjir",
    "Jalan berlubang.\n--\nSelokan Di RT 3 Penuh Lumpur",
    "Jalan berlubang.\n--\nSELOKAN RT 3 PENUH LUMPUR",
    "Jalan berlubang.\n--\nOmahe tanggaku kobong",
    "Jalan berlubang.\n--\nSiti\nwonten griya kobong ing RT 2",
    "Jalan berlubang.\n--\nBanyune keruh lan ambune badeg",
    "Jalan berlubang.\n--\nThe bridge is about to collapse",
    "Jalan berlubang.\n--\nSiti Rahmah\nSejak Senin air tidak mengalir",
    "Jalan berlubang.\n--\nNama: Siti\nNIK: 0000\nHP: 0812-0000-0000",
    "Jalan berlubang.\n--\nSiti\nLokasi: depan pasar",
    "Jalan berlubang.\n--\nSiti\nWA: tidak dibalas",
    "Jalan berlubang.\n--\nSiti\nTerjadi: 22.00 WIB",
    "Jalan berlubang.\n--\nSiti\nbanyu leri mambu badeg tenan",
    "Jalan berlubang.\n--\nApakah bisa hari ini?",
    "Jalan berlubang.\n--\nSegera!",
    "Jalan berlubang di depan masjid.\n--\nJl. Mawar 3, RT 04\n0812-0000-0000",
    "Jalan berlubang di depan masjid.\n--\nRT 04 Dusun Kidul",
    "Jalan berlubang.\n--\nLampu Jalan\n\nPagi\n--\nSiti",
    "Lokasinya:\n--\nPasar Baru",
    "Penipunya ini:\n-- \nPT Maju Jaya\n0812-0000-0000",
    "Jalan berlubang.\n-- \nAda yang jatuh tadi pagi",
    "Jalan berlubang.\n-- \nLampu Taman",
    "Selamat pagi,\n--\nSiti Rahmah",
    "Yth. Bapak Lurah\n_____\nSiti Rahmah",
    "Laporan\n--\nSiti Rahmah",
    "Jalan berlubang.\n***\nLampu redup.\n***\nSelokan penuh.",
    "Jalan berlubang.\n===\nLampu redup.\n===\nSelokan penuh.",
    "Jalan berlubang.\n~~~\nLampu redup.",
    "Jalan berlubang.\n- - -\nLampu redup",
    "Tiga hal:\n- lampu redup\n- selokan penuh\n- Pak RT",
    "Tiga hal:\n-- lampu redup\n-- selokan penuh",
    "Tiga hal:\n\u2014 lampu redup\n\u2014 selokan penuh",
]


@pytest.mark.parametrize("text", SECTIONS)
def test_a_rule_between_sections_is_no_signature(text: str) -> None:
    assert [line.rstrip() for line in cut(text).split("\n")] == [line.rstrip() for line in text.split("\n")]


@pytest.mark.parametrize(
    "signature",
    [
        "--\nSiti Rahmah",
        "--\nrahmah",
        "--\nSiti Rahmah, S.Pd.\nGuru SDN 1 Contoh\nHP: 0812-0000-0000\nEmail: siti@warga.example",
        "--\nSiti\nJl. Mawar 3, RT 04",
        "--\nSiti\n\nSekolah Dasar Negeri 1\nwww.sdn1.example",
        "--\nHormat saya,\n\nSiti Rahmah",
        "--\nBest regards\nBob",
        "--\nSiti\nMaju bersama, melayani rakyat",
        "--\nSiti siti@warga.example - https://siti.example",
        "--\nKetua RT 04\nSiti Rahmah",
        "\u2014\nSiti Rahmah",
        "-- \nsiti rahmah",
        "-- \nhttps://siti.example\nhidup sederhana, selalu bersyukur, rajin belajar",
        "-- \nKantor Desa Contoh\nJl. Raya 1\n(021) 555-0100",
        "_____\nSiti Rahmah\nRT 04",
        "--\n____________\nSiti Rahmah",
        "-- \nSiti\nDikirim dari ponsel saya",
    ],
)
@pytest.mark.parametrize(
    "own", ["Jalan berlubang di RT 04.", "Terima kasih.", "JALAN BERLUBANG", "Laporan jalan rusak", "42"]
)
def test_who_somebody_is_and_how_to_reach_them_goes(signature: str, own: str) -> None:
    assert cut(f"{own}\n\n{signature}\n") == own


def test_the_exact_mark_counts_beside_rules_of_another_kind() -> None:
    assert cut("Bagian satu.\n--\nBagian dua.\n-- \nSiti") == "Bagian satu.\n--\nBagian dua."
    assert cut("Bagian satu.\n-- \nPagi\n-- \nSiti").endswith("Siti")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Selamat pagi", False),
        ("Assalamualaikum wr. wb.", False),
        ("Yth. Bapak Kepala Dinas Perhubungan", False),
        ("Kepada Admin Lapor di tempat", False),
        ("FORMULIR PENGADUAN", False),
        ("Laporan warga RT 5:", False),
        ("> kutipan", False),
        ("______", False),
        ("", False),
        ("LAMPU MATI DI RT 4", True),
        ("Laporan: lampu mati", True),
        ("Sudah, Pak.", True),
        ("Terima kasih", True),
        ("42", True),
        ("👍", True),
        ("Yth. Bapak Lurah, dengan ini saya sampaikan bahwa air di rumah keruh", True),
    ],
)
def test_a_greeting_or_a_heading_says_nothing_yet(line: str, told: bool) -> None:
    assert says(line) is told


@pytest.mark.parametrize(
    "word", ["kebakaran", "terbakar", "membakar", "dibakarnya", "KEBANJIRAN", "pencurian", "penipuan"]
)
def test_a_stem_is_known_under_its_prefixes(word: str) -> None:
    assert tells(word)


@pytest.mark.parametrize("line", ["Siti Rahmah", "Dinas Perhubungan Kota Contoh", "Terminal Merdeka", "Mentari Dianti"])
def test_names_and_offices_tell_of_nothing(line: str) -> None:
    assert not tells(line)


ENDS = [
    "Hormat saya,\nSiti\n\nNB: ada anak jatuh ke sungai",
    "Hormat saya,\nSiti\n\nPS. besok ditutup",
    "Salam,\nSiti\n\nCatatan:\nLampu juga redup",
    "Salam,\nAda kebakaran di RT 3",
    "Terima kasih.\n\nSiti Rahmah\nJl. Mawar 3\n0812-0000-0000",
    "Dikirim dari RT 5",
    "Dikirim dari HP saya dicuri orang, tolong",
    "Dikirim dari HP pencuri ada foto anak saya",
    "Dikirim lewat surat ke kantor desa",
    "Dikirim dari telepon saya, apa sudah masuk?",
    "Via telepon sudah lapor tapi tidak ditanggapi",
    "With mail I reported it and they ignored it",
    "Sent from my phone was a threat: I'll kill you",
    "From mobile there is a fire near the school",
    "Tolong pohon tumbang di lingkungan RT 4 ditebang",
    "Mohon lingkungan dibersihkan, pohon juga",
    "Mohon cetak ulang KTP, kertas rusak",
    "Tolong bantu mencetak KTP warga di lingkungan RT 4",
    "Surel ini rahasia, mohon hapus identitas pelapor dari daftar penerima yang dituju, dilarang menyebarkan",
    "Pesan ini hanya ditujukan kepada Bapak; penerima yang salah di RT 4 mohon dihapus",
    "Bebas virus? Puskesmas tutup, banyak korban demam",
]


@pytest.mark.parametrize("end", ENDS)
def test_a_report_does_not_end_before_its_end(end: str) -> None:
    text = f"Jalan berlubang di depan pasar.\n\n{end}"
    assert cut(text) == text


@pytest.mark.parametrize(
    "program",
    [
        "Dikirim dari perangkat Android saya dengan K-9 Mail. Mohon maaf atas singkatnya pesan.",
        "Dikirim dari Yahoo Mail untuk iPhone",
        "Sent from my iPhone, please excuse typos",
        "Save paper, do not print this e-mail.",
        "Jangan cetak surel ini.\nSelamatkan pohon, cetak hanya bila perlu.",
    ],
)
def test_a_programs_last_line_still_goes(program: str) -> None:
    assert program.splitlines()[-1] not in cut(f"Jalan berlubang.\n\n{program}")


ANSWER = "Re: [TGP-4K7M-9QXW] Laporan Anda"


@pytest.mark.parametrize("subject", [ANSWER, "RE: x", "Bls: x", "Balas: x", "[milis] Re: x", "AW: x", "Re[2]: x"])
@pytest.mark.parametrize("own", ["terima kasih", "Belum, Pak.\n\nMasih gelap."])
def test_what_is_answered_below_without_an_attribution_goes(subject: str, own: str) -> None:
    assert cut(f"> Sudah diperbaiki.\n> Mohon dicek.\n\n{own}\n", "", subject) == own


def test_thanks_below_a_quote_are_thanks_though_the_subject_is_unknown() -> None:
    assert cut("> Sudah diperbaiki.\n\nterima kasih") == "terima kasih"
    assert cut("> Ada kebakaran di RT 3.\n\nterima kasih").startswith("> Ada")


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("> Sudah diperbaiki.", ANSWER),
        ("> Lampu mana?\n\nDi RT 4.\n\n> Sejak kapan?\n\nSenin.", ANSWER),
        ("| RT 4 | mati |\n\nMohon dicek.", ANSWER),
        ("Selamat pagi.\n\n> Lampu mana?\n\nDi RT 4.", ANSWER),
        ("> lampu redup\n> selokan penuh\n\nMohon dicek.", "Laporan"),
        ("> lampu redup\n> selokan penuh\n\nMohon dicek.", ""),
        ("> lampu redup\n> selokan penuh\n\nterima kasih", "Laporan"),
        ("Warga melihat\n> lampu redup\n> selokan penuh", "Laporan"),
        ("Dua hal di RT 4:\n> lampu redup\n> selokan penuh", ""),
        ("Dua hal di RT 4:\n\n> lampu redup\n> selokan penuh", ANSWER),
    ],
)
def test_quote_signs_that_carry_the_answer_or_the_report_stay(text: str, subject: str) -> None:
    assert cut(text, "", subject) == text


def test_a_signature_below_the_answer_goes_with_the_quote_above_it() -> None:
    assert cut("> Sudah?\n\nBelum, Pak.\n-- \nSiti\n\n> sisa", "", ANSWER) == "Belum, Pak."


TOLD = [
    "Pada 3 Maret 2026 pukul 10.15 Pak RT menulis:\nWarga harus bayar 50 ribu.\nItu pungli!",
    "Pada 3 Maret 2026 pukul 10.15 Budi menulis:\nWarga harus bayar 50 ribu.\nItu pungli!",
    "Pada 3 Maret 2026 pukul 10.15 Budi menulis:\nBayar 50.\nPada 4 Maret 2026 pukul 11.00 Ani menulis:\nBayar lagi.",
    "On March 3, 2026 at 10:15 Budi wrote:\nPay 50.\nThat is a bribe.",
    "Saya lapor pungutan liar.\n\nPada 3 Maret 2026 pukul 10.15 Pak RT menulis:\nBayar 50 ribu.",
    "Saya lapor pungutan liar.\n\nPada Senin, 2 Maret 2026 pukul 10.15, Kepala Desa berkata:\nBayar dulu.",
    "Selamat pagi.\n\nOn March 3, 2026 at 10:15 she wrote:\nPay 50.",
]


@pytest.mark.parametrize("text", TOLD)
@pytest.mark.parametrize("subject", ["", "Pungli", ANSWER])
def test_who_wrote_what_is_reported_stays(text: str, subject: str) -> None:
    found = part(text, Head(subject=subject))
    assert (found.own, found.to_the_end) == (text, False)


def test_an_address_tells_a_program_except_in_a_new_mail() -> None:
    text = "Pada 3 Maret 2026 10.15, Layanan <lapor@desa-contoh.example> menulis:\n\nLampu mana yang mati?"
    assert cut(text, "", "Penipuan") == text
    assert cut(text, "", ANSWER) == "Lampu mana yang mati?"
    unmarked = f"Di RT 4, Pak.\n\n{text}"
    assert cut(unmarked, "", ANSWER) == cut(unmarked, "", "Lampu") == "Di RT 4, Pak."


def test_a_name_without_an_address_opens_a_quote_in_an_answer_only() -> None:
    text = "Di RT 4, Pak.\n\nPada tanggal 3 Maret 2026 10.15, Layanan menulis:\n\nLampu mana yang mati?"
    assert cut(text, "", ANSWER) == cut(text) == "Di RT 4, Pak."
    assert cut(text, "", "Surat dari Layanan") == text


HOSTILE = {
    "marks": "--\n> x\nDikirim dari iPhone\n> y\n",
    "exact marks": "-- \nSiti\n> x\n",
    "greetings": "Selamat pagi\n--\nSiti\n",
    "told": "Pada 3 Maret 2026 10.15 Budi menulis:\nx\n",
    "quotes above": "> x\n",
    "footers in quotes": "> Bebas virus. www.avast.com\n\n",
    "lists": "Hal:\n> x\nDikirim dari iPhone\n",
    "underlines": "_____\nSiti\n\n",
    "fields": "HP: 0812\n--\n",
}


@pytest.mark.parametrize("subject", ["", "Laporan", ANSWER])
@pytest.mark.parametrize("name", HOSTILE)
def test_ten_times_the_lines_cost_ten_times_the_work(name: str, subject: str) -> None:
    def seconds(size: int) -> float:
        text = HOSTILE[name] * (size // len(HOSTILE[name])) + "\nx"
        started = time.process_time()
        cut(text, "", subject)
        cut(text.removesuffix("x"), "", subject)
        return time.process_time() - started

    assert seconds(200_000) < 30 * seconds(20_000) + 0.1
