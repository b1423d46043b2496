"""What the person wrote. Whole mails stand in tests/mails; here are the lines that decide."""

from __future__ import annotations

import time

import pytest

from tanggap.adapters.mail.quotes import Head, cut, part
from tanggap.domain.letter_frame import END_MARK, MARKER

OPENERS = [
    "Pada Sel, 3 Mar 2026 pukul 10.15 Layanan <lapor@desa-contoh.example> menulis:",
    "Pada tanggal 3 Maret 2026 10.15, Layanan menulis:",
    "Pada 3 Mar 2026, pukul 10.15, Layanan <lapor@desa-contoh.example> menulis:",
    "Pada Sel, 3 Mar 2026 pukul 10.15 Layanan Pengaduan\n<lapor@desa-contoh.example> menulis:",
    "Pada Sel, 3 Mar 2026 pukul 10.15 Layanan Pengaduan Desa\nContoh <lapor@desa-contoh.example>\nmenulis:",
    "Layanan Pengaduan <lapor@desa-contoh.example> menulis:",
    "On Tue, Mar 3, 2026 at 10:15 AM Layanan <lapor@desa-contoh.example> wrote:",
    "On 3 Mar 2026, at 10:15, Layanan wrote:",
    "2026-03-03 10:15 GMT+07:00 Layanan <lapor@desa-contoh.example>:",
    "Am 03.03.2026 um 10:15 schrieb Layanan:",
    "Le mar. 3 mars 2026 à 10:15, Layanan <lapor@desa-contoh.example> a écrit :",
    "---- On Tue, 03 Mar 2026 10:15:00 +0700 Layanan <lapor@desa-contoh.example> wrote ----",
    "-----Pesan Asli-----",
    "-----Original Message-----",
    "Dari: Layanan <lapor@desa-contoh.example>\nDikirim: Selasa, 3 Maret 2026 10.15\nKepada: Siti\nPerihal: Laporan",
    "*Dari:* Layanan\n*Dikirim:* 3 Maret 2026\n*Kepada:* Siti\n*Subjek:* Laporan",
    "From: Layanan\nSent: Tuesday, March 3, 2026 10:15 AM\nTo: Siti\nSubject: Laporan",
    "From: Layanan <lapor@desa-contoh.example>\nDate: Tuesday, March 3, 2026\nTo: Siti\nSubject: Laporan",
    "________________________________\nFrom: Layanan\nSent: Tuesday, March 3, 2026 10:15 AM\nTo: Siti\nSubject: x",
    MARKER,
    f"> {MARKER}",
    MARKER.lower(),
    MARKER.upper(),
    "> > -- Mohon balas di atas\n> > baris ini / Please reply above this line --",
    "-- Mohon\u00a0balas  di atas baris ini / Please\nreply above this line --",
    "*Please reply above this line*",
    "Pada 03/03/2026 10.15, Layanan menulis:",
    "Pada tanggal Sel, 3 Mar 2026 pukul 10.15 Layanan\nDesa\nContoh <lapor@desa-contoh.example>\nmenulis:",
    "Dina Salasa, 3 Maret 2026 jam 10.15, Layanan <lapor@desa-contoh.example> nyerat:",
    "Ing tanggal 3 Maret 2026 10.15, Layanan nulis:",
    "Dari: Layanan <lapor@desa-contoh.example>\nKepada: Siti\nTerkirim: Selasa, 3 Maret 2026 10.15.00\nPerihal: x",
    "Dari: Layanan\nTanggal: Selasa, 3 Maret 2026 10.15\nKepada: Siti\nSubjek: Laporan",
    "Daripada: Layanan\nDihantar: Selasa, 3 Mac 2026\nKepada: Siti\nSubjek: Aduan",
    "Tanggal: Sel, 3 Mar 2026 10:15\nPerihal: x\nDari: lapor@desa-contoh.example\nKepada: siti@warga.example",
    "Od: Layanan\nOdesláno: úterý 3. března 2026 10:15\nKomu: Siti\nPředmět: x",
    "보낸 사람: Layanan\n보낸 날짜: 2026년 3월 3일\n받는 사람: Siti\n제목: x",
    "差出人: Layanan\n送信日時: 2026年3月3日 10:15\n宛先: Siti\n件名: x",
    "发件人: Layanan\n发送时间: 2026年3月3日 10:15\n收件人: Siti\n主题: x",
    "-----Mesej Asal-----",
    "-----Oprindelig meddelelse-----",
    "______ Pesan Asli ______",
]


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("quoted", ["\nYth. Siti,\nsudah kami perbaiki.\n", "\n> Yth. Siti,\n> sudah kami perbaiki.\n"])
def test_an_answer_ends_where_the_quote_is_announced(opener: str, quoted: str) -> None:
    assert cut(f"Belum, Pak.\n\nMasih gelap.\n\n{opener}\n{quoted}") == "Belum, Pak.\n\nMasih gelap."


@pytest.mark.parametrize("opener", OPENERS[:12])
def test_an_answer_below_the_quote_is_what_is_kept(opener: str) -> None:
    assert cut(f"{opener}\n\n> Sudah diperbaiki?\n\nBelum, Pak.\n") == "Belum, Pak."


@pytest.mark.parametrize("opener", OPENERS[:12])
def test_an_answer_below_the_quote_survives_a_greeting_above(opener: str) -> None:
    found = cut(f"Selamat pagi.\n\n{opener}\n> Sudah diperbaiki?\n\nBelum, Pak.\n")
    assert found.startswith("Selamat pagi.")
    assert found.endswith("Belum, Pak.")


@pytest.mark.parametrize(
    "line",
    [
        "Pada papan pengumuman tertulis jalan ditutup.",
        "Pada 3 Maret Pak RT menulis:",
        "Pada 2025 Pak Camat menulis:",
        "On Monday the officer wrote something else.",
        "Dari: Warga RT 04",
        "Dari dulu begini terus.",
        "Kepada: Bapak Lurah",
        "Perihal: Jalan rusak",
        "Dikirim dari kelurahan ke kecamatan tetapi tidak sampai.",
        "- lampu mati",
        "-- lampu --",
        "10.15 lampu mati",
        "| RT 04 | mati |",
        "Anggaran > 5 juta",
    ],
)
def test_a_sentence_of_the_persons_own_opens_nothing(line: str) -> None:
    text = f"Selamat pagi.\n\n{line}\n\nMohon dicek."
    assert cut(text) == text
    assert cut(f"Selamat pagi.\n\n{line}") == f"Selamat pagi.\n\n{line}"


@pytest.mark.parametrize(
    "tail",
    [
        "Dikirim dari iPhone saya",
        "Terkirim dari Yahoo Mail untuk Android",
        "Dikirim dari Outlook untuk Android",
        "Dikirim dari HP Samsung saya",
        "Dikirim dari Email untuk Windows",
        "Dapatkan Outlook untuk iOS<https://aka.ms/o0ukef>",
        "Sent from my iPhone",
        "Get Outlook for Android",
        "-- \nSiti\nRT 04",
        "--\nSiti",
        "____________\nSiti",
        "***",
        "> sisa kutipan",
        "> sisa\n\n-- \nSiti",
    ],
)
def test_what_a_program_adds_at_the_end_goes(tail: str) -> None:
    assert cut(f"Jalan rusak di RT 04.\n\n{tail}\n\n") == "Jalan rusak di RT 04."


def test_a_rule_in_the_middle_of_a_report_ends_nothing() -> None:
    text = "Bagian satu.\n\n-----\n\n" + "\n".join(f"Baris {n}." for n in range(30))
    assert cut(text) == text


def test_a_dash_line_far_from_the_end_is_no_signature() -> None:
    text = "Daftar:\n--\n" + "\n".join(f"Rumah nomor {n} banjir." for n in range(40))
    assert cut(text) == text


@pytest.mark.parametrize("text", ["", "\n\n", "> hanya kutipan", "--\nSiti", "Dikirim dari iPhone saya", MARKER])
def test_where_nothing_would_be_left_everything_is_kept(text: str) -> None:
    assert cut(text) == text.strip("\n")


def test_a_mail_with_nothing_above_the_header_block_is_a_forwarded_one() -> None:
    text = "Dari: Joko <joko@warga.example>\nDikirim: Senin, 2 Maret 2026\nKepada: Siti\nPerihal: Air\n\nAir mati."
    assert cut(text) == text


@pytest.mark.parametrize(
    "opener",
    [
        '26.06.2026, 14:41, "Layanan" <lapor@desa-contoh.example>:',
        "Thu, 26 Jun 2026 14:00:51 +0400 от Layanan <lapor@desa-contoh.example>:",
        "2026年1月1日(金) 9:00 Layanan <lapor@desa-contoh.example>:",
        "3 mars 2026 kl. 10:15 mrrgo Layanan\n<lapor@desa-contoh.example>:",
    ],
)
def test_who_and_when_over_a_marked_quote_is_an_opening_in_any_language(opener: str) -> None:
    assert cut(f"Belum, Pak.\n\n{opener}\n> Sudah?\n") == "Belum, Pak."
    assert cut(f"{opener}\n\nBelum, Pak.").startswith(opener.partition("\n")[0])


@pytest.mark.parametrize("own", ["Pada malam hari gelap sekali.", "0812-3456-7890", "10.15 lampu mati", "RT 04/RW 05"])
@pytest.mark.parametrize("blank", ["\n", "\n\n"])
def test_the_line_over_an_announcement_is_the_persons_own(own: str, blank: str) -> None:
    opener = "Pada Sel, 3 Mar 2026 pukul 10.15 Layanan <lapor@desa-contoh.example> menulis:"
    assert cut(f"Belum.\n{own}{blank}{opener}\n\n> Sudah?") == f"Belum.\n{own}"


BLOCK = "Dari: Layanan <lapor@desa-contoh.example>\nDikirim: Selasa, 3 Maret 2026 10.15\nKepada: Siti\nPerihal: Laporan"
LETTER = "Yth. Ibu Siti,\nLampu mana yang mati?\nSejak kapan?\n\nHormat kami,\nPemerintah Desa Contoh"


def test_an_unmarked_quote_under_an_answer_goes() -> None:
    found = part(f"Di RT 04, Pak.\n\n{BLOCK}\n\n{LETTER}\n", Head())
    assert (found.own, found.to_the_end) == ("Di RT 04, Pak.", True)


@pytest.mark.parametrize(
    ("above", "letter", "writer"),
    [
        ("", LETTER, ""),  # nothing above: the answer can only be below
        ("Yth. Bapak Kepala Desa,", LETTER, ""),
        ("Selamat pagi,", LETTER, ""),
        ("Jawaban saya di bawah, warna merah.", LETTER, ""),
        ("Sudah saya jawab di bawah masing-masing.", LETTER, ""),
        ("Mohon lihat surel di bawah ini.", LETTER, ""),
        ("Please see my answers below.", LETTER, ""),
        ("Baik.", LETTER.replace("Sejak kapan?", "Sejak kapan?\n==> sejak Senin"), ""),
        ("Baik.", LETTER.replace("Sejak kapan?", "Sejak kapan?\n[Siti] sejak Senin"), "Siti Rahmah"),
        ("Baik.", LETTER.replace("Sejak kapan?", "Sejak kapan?\nJawaban saya: sejak Senin"), ""),
        ("Baik.", LETTER + "\n\nLampu RT 04 mati sejak Senin.", ""),
        ("Baik.", LETTER + "\n\n---\nThank you.\n\nLampu RT 04 mati sejak Senin.", ""),
    ],
)
def test_where_answers_may_stand_in_an_unmarked_quote_nothing_is_cut(above: str, letter: str, writer: str) -> None:
    found = part(f"{above}\n\n{BLOCK}\n\n{letter}\n", Head(writer))
    assert letter.rstrip().splitlines()[-1] in found.own
    assert "Lampu mana yang mati?" in found.own
    assert not found.to_the_end


@pytest.mark.parametrize(
    ("above", "letter", "writer"),
    [
        ("Hello", LETTER, ""),
        ("Jembatan di bawah jalan itu rusak.", LETTER, ""),
        ("Baik.", LETTER + "\n\n---\nThank you. Your report was received.\nNext step: we check it.", ""),
        ("Baik.", LETTER + "\n\n-- \nKantor Desa\nJl. Raya 1", ""),
        ("Baik.", LETTER.replace("Sejak kapan?", "[gambar] [EXTERNAL] lihat"), "Siti Rahmah"),
    ],
)
def test_what_is_no_sign_of_an_answer_keeps_no_quote(above: str, letter: str, writer: str) -> None:
    assert cut(f"{above}\n\n{BLOCK}\n\n{letter}\n", writer) == above


@pytest.mark.parametrize("subject", ["Fwd: Air mati", "FW: Air mati", "TRS: Air mati", "Terusan: Air mati", "WG: x"])
def test_a_forwarded_correspondence_is_the_report(subject: str) -> None:
    text = f"Mohon bantuannya, Pak.\n\n{BLOCK}\n\n{LETTER}\n\n--\nKantor"
    assert cut(text, "", subject) == text
    assert cut(text, "", f"Re: {subject}") == "Mohon bantuannya, Pak."


@pytest.mark.parametrize("mark", ["---------- Pesan terusan ---------", "---------- Forwarded message ----------"])
def test_nothing_of_a_forwarded_mail_is_cut_even_where_it_is_marked(mark: str) -> None:
    text = f"Mohon bantuannya.\n\n{mark}\n> Dari: Joko\n> Air mati.\n>\n> --\n> Joko"
    assert cut(text) == text


@pytest.mark.parametrize("above", ["Mohon dibaca.\n", "Mohon dibaca.\n\n\n", "\n", ""])
def test_what_is_kept_is_never_longer_than_what_came(above: str) -> None:
    text = f"{above}---------- Pesan terusan ---------\nAir mati."
    assert len(cut(text)) <= len(text)


NOTICES = [
    "Surel ini bersifat rahasia dan hanya ditujukan kepada penerima yang dituju. Apabila Anda menerimanya secara "
    "keliru, harap hapus surel ini.",
    "PERINGATAN: E-mail ini dan lampirannya bersifat rahasia. Jika Anda bukan penerima yang dimaksud, dilarang "
    "menyebarkan isinya.",
    "This e-mail and any attachments are confidential. If you are not the intended recipient, please delete it.",
    "DISCLAIMER\n\nThe information contained in this message is privileged and solely for the addressee. Any use by "
    "others is strictly prohibited.\n\nThe company accepts no liability for damage caused by any virus in this e-mail.",
    "Mohon pertimbangkan lingkungan sebelum mencetak surel ini.",
    "Please consider the environment before printing this e-mail.",
    "Virus-free.www.avast.com <https://www.avast.com/sig-email?utm_source=x>",
    "Bebas virus. www.avast.com",
    "Surel ini telah dipindai dari virus oleh Avast.",
    'Anda menerima pesan ini karena berlangganan Grup Google "Warga".\nUntuk berhenti berlangganan, kirim email ke '
    "warga+unsubscribe@grup.example.",
    "-- \nYou received this message because you are subscribed to the group.",
    "_______________________________________________\nWarga mailing list\nWarga@lists.example",
    "Yahoo Mail: Cari, Kelola, Taklukkan",
    "Dikirim dari Yahoo Mail untuk iPhone",
    "Dikirim dari perangkat seluler Samsung saya",
    "Dikirim dari ponsel Xiaomi saya",
    "Dihantar daripada iPhone saya",
    "Sent from my Verizon Wireless BlackBerry",
    "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n-----END PGP SIGNATURE-----",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_at_the_end_goes_and_one_in_the_middle_stays(notice: str) -> None:
    assert cut(f"Jalan rusak di RT 04.\n\n{notice}\n\n") == "Jalan rusak di RT 04."
    if notice.startswith("-- "):
        return  # what stands under the mark of a signature is one
    middle = f"Jalan rusak di RT 04.\n\n{notice}\n\nDan lampu mati, mohon segera ditangani.\n\nTolong."
    assert cut(middle).endswith("Dan lampu mati, mohon segera ditangani.\n\nTolong.")
    assert notice.splitlines()[-1] in cut(middle)


@pytest.mark.parametrize("notice", [NOTICES[0], NOTICES[2], NOTICES[4], NOTICES[7]])
def test_a_notice_directly_under_own_words_goes_alone(notice: str) -> None:
    assert cut(f"Jalan rusak.\n{notice}") == "Jalan rusak."


@pytest.mark.parametrize(
    "own",
    [
        "Email ini bersifat rahasia, mohon identitas saya tidak disebarkan kepada siapa pun.",
        "Surel ini rahasia dan hanya ditujukan kepada Bapak Camat.",
        "Mohon laporan ini dirahasiakan. Terima kasih.",
        "Surel ini bersifat rahasia: saya mohon Bapak menghapus nama pelapor, dilarang menyebarkannya.",
        "Papan informasi yang dilarang membuang sampah itu sudah rusak.",
        "Pesan ini saya kirim karena penerima bantuan yang dituju salah orang, mohon data itu dihapus.",
        "Mohon cetak ulang KTP saya.",
        "Virus demam berdarah menyebar di RT 04.",
        "Hormat saya,\n\nSiti Rahmah\nKetua RT 04\nHP 0812-3456-7890",
        "Terima kasih.\nSiti\nJl. Mawar 3, RT 04",
        "Bagian dua:\n--\nApakah lampu itu akan diperbaiki?",
    ],
)
def test_a_citizens_own_last_words_stay(own: str) -> None:
    assert cut(f"Kepada Bapak Lurah.\n\n{own}") == f"Kepada Bapak Lurah.\n\n{own}"


def test_the_lines_of_a_signed_text_go() -> None:
    text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nJalan rusak.\n-----BEGIN PGP SIGNATURE-----\n\nabc\n"
    assert cut(text + "-----END PGP SIGNATURE-----\n") == "Jalan rusak."


HOSTILE = {
    "openers": "Pada 1 Mar 2026 10.15 a@b.c\n",
    "blocks": "Dari: a@b.c\nDikirim: b 10.15\n",
    "dates": "Tanggal: 1.1.2026 10.15\n",
    "markers": "Mohon balas di\n",
    "quotes": "> x\n1.1.2026 10.15 a@b.c:\n",
    "signatures": "--\n",
    "notices": "this e-mail is confidential, intended recipient\n\n",
    "closings": "Hormat kami,\n\nx\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_ten_times_the_lines_cost_ten_times_the_work(name: str) -> None:
    def seconds(size: int) -> float:
        text = "Saya.\n" + HOSTILE[name] * (size // len(HOSTILE[name]))
        started = time.process_time()
        cut(text)
        return time.process_time() - started

    assert seconds(1_000_000) < 30 * seconds(100_000) + 0.1


OURS = f"{MARKER}\n\nYth. Bapak/Ibu Siti,\n\nMohon nama jalannya.\n\nHormat kami,\nDesa Contoh\n\n{END_MARK}"
OUTLOOK = (
    "Dari: Layanan <lapor@desa-contoh.example>\nDikirim: Selasa, 3 Maret 2026 10.15\nKepada: Siti\nPerihal: Laporan\n\n"
)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (f"{OUTLOOK}{OURS}\n\nJalan Kenanga.", "Jalan Kenanga."),
        (f"Baik.\n\n{OUTLOOK}{OURS}\n\nJalan Kenanga.", "Baik.\n\n\nJalan Kenanga."),
        (f"Baik.\n\n{OUTLOOK}{OURS}\n\nDikirim dari iPhone saya", "Baik."),
        (f"Baik.\n\n{OURS.replace(END_MARK, END_MARK.upper())}\nJalan Kenanga.", "Baik.\n\nJalan Kenanga."),
        (f"Baik.\n\n{OUTLOOK}{OURS}", "Baik."),
        (f"Baik.\n\n{OUTLOOK}{OURS}\n\nSatu.\n\n{OUTLOOK}{OURS}\n\nDua.", "Baik.\n\n\nSatu.\n\n\nDua."),
    ],
)
def test_a_letter_of_ours_ends_for_certain_and_what_stands_below_is_kept(text: str, own: str) -> None:
    assert cut(text) == own
