"""What a first report quotes or lists is what it reports; what answers our letters repeats what we have. Each row is
one mail as it arrives: a head and a text."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from tanggap.adapters.mail.quotes import Head, part
from tanggap.adapters.mail.reader import Receipt, read
from tanggap.adapters.mail.standing import standing
from tanggap.domain.inbound import Authenticity, Inbound
from tanggap.domain.letter_frame import END_MARK, MARKER
from tanggap.domain.numbers import number_from

AT = datetime(2026, 3, 4, 2, 10, tzinfo=UTC)
DESK = "lapor@desa-contoh.example"
TOKEN = "lapor+mfrggzdfmztwq2lk@desa-contoh.example"
SES = "<010e0194-5a5a@ap-southeast-1.amazonses.com>"
NUMBER = number_from(2**40)
SITI = "Siti Rahmah <siti.rahmah@warga.example>"


def mail(
    text: str, subject: str = "Laporan", to: str = DESK, sender: str = SITI, more: str = "", kind: str = "plain"
) -> Inbound:
    head = f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: Wed, 4 Mar 2026 09:10:11 +0700\n"
    more += "Message-ID: <a@b.example>\n"
    raw = f"{head}{more}Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    return read(raw.encode(), Receipt("mail/1", AT, (to,), "siti.rahmah@warga.example", Authenticity()))


BLOCK = "Dari: Joko <joko@x.example>\nDikirim: Selasa, 3 Maret 2026 10.15\nKepada: Siti\nPerihal: awas"
WHOLE = [
    # quotes that are the evidence
    "Kemarin Joko kirim email ke saya, isinya ancaman.\n\n"
    "Pada Sel, 3 Mar 2026 pukul 10.15 Joko <joko@x.example> menulis:\n"
    "> awas kamu saya bunuh",
    "Kejadian:\n\nOn 3 Maret 2026 10:15 ani@x.example wrote:\nrumah saya kebakaran",
    f"Ini email ancamannya Pak.\n\n{BLOCK}\n\nAwas kamu kalau lapor.\n\n-- \nJoko\n0812-0000-0000",
    f"Mohon dibaca.\n\n-----Pesan Asli-----\n{BLOCK}\n\nBayar 5 juta atau izin tidak keluar.",
    "Selamat pagi.\n\nOn Tue, Mar 3, 2026 at 10:15 AM Joko <joko@x.example> wrote:\n\n> bayar atau mati",
    "> bayar atau mati\n> kata Joko di email\n\nterima kasih",
    "Saya diperas.\n\nPada 3 Mar 2026, pukul 10.15, Joko <joko@x.example> menulis:\n> bayar 5 juta\n\nTolong Pak.\n\n"
    "Pada 4 Mar 2026, pukul 11.00, Joko <joko@x.example> menulis:\n> besok terakhir",
    f"{BLOCK}\n\nBayar 5 juta.",
    "PDAM tidak menjawab surat saya ini.\n\n"
    "Pada Sel, 3 Mar 2026 pukul 10.15 Siti <siti.rahmah@warga.example> menulis:\n"
    "> Air mati tiga hari di RT 05.",
    "Saya lapor TGP-4K7M-9QXW palsu.\n\nPada Sel, 3 Mar 2026 pukul 10.15 Joko <joko@x.example> menulis:\n"
    "> laporanmu TGP-4K7M-9QXW sudah saya hapus",
    # what a mark of dashes parts and the lines above announce
    "Daftar penerima bansos fiktif\n--\nJoko Santoso\nSiti Aminah\nBudi Hartono",
    "Air PDAM tidak mengalir di alamat berikut.\n\n--\nPerum Griya Asri C4/12\nKelurahan Contoh\nHP 0812345",
    "Yang mengancam saya bernama\n-- \nJoko Santoso",
    "Orang yang menipu warga yaitu\n--\nBudi Hartono\n0812-0000-0000",
    "Pelakunya\n-- \nPT Maju Jaya\n0812-0000-0000",
    "Mohon petugas datang ke rumah saya.\n-- \nSiti Rahmah\nPerum Griya Asri C4/12",
    "Joko mengancam saya lewat telepon.\n-- \nJoko Santoso\n0812-0000-0000",
    "Penipu menawarkan arisan bodong.\n\n--\nBudi Hartono\n0812-0000-0000",
    "Penerima bansos di desa kami bukan orang miskin.\n-- \nJoko Santoso\nSiti Aminah\nBudi Hartono",
    "Uang dikirim ke rekening ini.\n--\nBudi Hartono\nBCA 1234567890",
    "Mobil itu parkir tiap malam di trotoar.\n-- \nB 1234 XYZ",
    "Pungli oleh oknum.\n-- \nJoko Santoso\nRp 500.000",
    "Warga ikut tanda tangan.\n-- \n1. Siti Rahmah\n2. Joko Santoso\n3. Ani",
    "The following houses have no water.\n--\nGriya Asri\nPuri Indah",
    "Omahe sing kobong yaiku\n--\nPak Karto\nPak Slamet",
    "Nu teu nampi bantosan di handap ieu\n--\nAsep Sunandar\nEuis Komariah",
]

CUT = [
    ("Lampu jalan di depan rumah mati.", "-- \nSiti Rahmah\nKetua RT 04\nHP 0812-0000-0000\nsiti.rahmah@warga.example"),
    ("Lampu jalan di depan rumah mati.", "--\nSiti Rahmah\nKetua RT 04\nHP 0812-0000-0000\nsiti.rahmah@warga.example"),
    ("Lampu jalan di depan rumah mati.", "-- \nRahmah\nPT Maju Jaya\nwww.maju.example"),
    ("Terima kasih atas perhatiannya.", "--\nHormat saya,\nRahmah"),
    ("Berikut saya lampirkan foto jalan.", "-- \nSiti Rahmah\n0812-0000-0000"),
    ("Mohon ditindaklanjuti laporan ini.", "-- \nSiti Rahmah\n0812-0000-0000"),
    ("Selokan mampet sejak minggu berikutnya.", "--\nsiti.rahmah@warga.example"),
    ("Jalan rusak.", "-- \nBu Guru\nSDN 1 Contoh\nJl. Raya 1"),
    ("Jalan rusak.", "Dikirim dari iPhone saya"),
    (
        "Jalan rusak.",
        "Surel ini bersifat rahasia dan hanya ditujukan kepada penerima yang dituju. Apabila Anda menerimanya secara "
        "keliru, harap hapus surel ini.",
    ),
]

OURS = f"> {MARKER}\n>\n> Yth. Siti,\n>\n> Lampu mana?\n>\n> {END_MARK}"
GMAIL = f"Pada Sel, 3 Mar 2026 pukul 10.15 Layanan <{TOKEN}> menulis:\n\n{OURS}"
OUTLOOK = (
    "Dari: Layanan\nDikirim: Selasa, 3 Maret 2026 10.15\nKepada: Siti\nPerihal: Laporan\n\n"
    f"{MARKER}\n\nYth. Siti,\n\nLampu mana?"
)
REPLIED = f"In-Reply-To: {SES}\nReferences: {SES}\n"
NUMBERED = f"Dikirim: Selasa, 3 Maret 2026 10.15\nKepada: Siti\nPerihal: [{NUMBER}] Laporan"

#: (quote, subject, to, more headers)
ANSWERS = [
    (GMAIL, "Re: [TGP-4K7M-9QXW] Laporan Anda", TOKEN, REPLIED),
    (GMAIL, "Lampu", DESK, ""),  # a program that drops everything: the quote itself tells
    (OUTLOOK, "Bls: Laporan", DESK, ""),
    (OUTLOOK, "Lampu", DESK, ""),
    (f"Pada 3 Mar 2026 10.15 Layanan <{DESK}> menulis:\n> Lampu mana?", "Lampu", DESK, ""),
    ("Pada 3 Mar 2026 10.15 Layanan menulis:\n> Lampu mana?", "Lampu", TOKEN, REPLIED),
    ("Pada 3 Mar 2026 10.15 Layanan menulis:\n> Lampu mana?", f"Re: {NUMBER}", DESK, ""),
    ("Pada 3 Mar 2026 10.15 Layanan menulis:\n> Lampu mana?", "Re: Laporan", TOKEN, ""),
    (MARKER + "\n\nYth. Siti,\nLampu mana?", "Lampu", DESK, ""),
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_first_report_is_kept_whole(text: str) -> None:
    assert [line.rstrip() for line in mail(text).text.split("\n")] == [line.rstrip() for line in text.split("\n")]


@pytest.mark.parametrize(("own", "tail"), CUT)
def test_the_senders_own_signature_and_what_programs_add_go(own: str, tail: str) -> None:
    found = mail(f"{own}\n\n{tail}")
    assert found.text == own
    assert found.full_text.startswith(f"{own}\n\n{tail}")


@pytest.mark.parametrize(("quote", "subject", "to", "more"), ANSWERS)
def test_a_quoted_letter_of_ours_goes(quote: str, subject: str, to: str, more: str) -> None:
    found = mail(f"Di RT 04, Pak.\n\n{quote}", subject, to, more=more)
    assert (found.text, found.doubts) == ("Di RT 04, Pak.", ())


def test_what_a_thread_among_others_quotes_is_marked_and_one_click_away() -> None:
    quote = "Pada 3 Mar 2026 10.15 Joko <joko@x.example> menulis:\n> awas kamu"
    found = mail(f"Tolong dibantu.\n\n{quote}", "Re: Sengketa tanah", more="In-Reply-To: <1@x.example>\n")
    assert (found.text, found.doubts) == ("Tolong dibantu.", ("quote_left_out",))
    assert "awas kamu" in found.full_text


@pytest.mark.parametrize(("subject", "to", "more"), [("Re: Sengketa", DESK, ""), ("Re: TGP-4K7M-9QXW", TOKEN, REPLIED)])
def test_an_answer_that_announces_anothers_words_keeps_them(subject: str, to: str, more: str) -> None:
    text = "Ini ancaman Joko:\n\nPada 3 Mar 2026 10.15 Joko <joko@x.example> menulis:\n> awas kamu"
    assert mail(f"{text}\n\n{GMAIL}", subject, to, more=more).text.rstrip() == text


#: Written after the rules above, by the same hand: what they had not been made for.
LATER_WHOLE = [
    (
        (
            "Assalamualaikum, ini saya teruskan surat dari kepala sekolah yang minta uang.\n\n"
            "Pada Kam, 5 Mar 2026 14.02 SDN 3 Contoh <sdn3@sekolah.example> menulis:\n\n"
            "> Yth. orang tua murid,\n> Uang gedung 2 juta wajib lunas Senin.\n> \n> Kepala Sekolah"
        ),
        "Pungutan sekolah",
    ),
    ("Pak Camat, anggota keluarga yang belum dapat KTP:\n\n--\nRudi Hartono\nDewi Lestari", "KTP"),
    ("Rumah yang terendam sejak subuh ada di titik berikut\n--\nGang Melati\nGang Kenanga\nGang Mawar", "Banjir"),
    ("Nama-nama anak yang tidak sekolah\n\n-- \nBayu Saputra\nRina Wati", "Anak putus sekolah"),
    ("Kami kehilangan kontak dengan dua orang pendaki.\n--\nAgus Salim\nDoni Prasetyo", "Pendaki"),
    ("Tolong cek orang ini, dia calo di Samsat\n-- \nHendra Gunawan\n0857-1111-2222", "Calo"),
    ("Calo itu menyuruh saya transfer.\n-- \nBank Mandiri 1370012345678\nan Hendra Gunawan", "Calo"),
    ("Plat nomor motor yang menabrak anak saya\n--\nAB 4521 KX", "Tabrak lari"),
    ("Mohon dikirim bantuan ke\n--\nPosko Desa Contoh\nKecamatan Contoh", "Gempa"),
    ("Jika butuh keterangan hubungi saksi\n--\nPak Darmo\n0813-2222-3333", "Saksi"),
    ("Warga yang tinggal di dekat longsoran antara lain:\n-- \nKeluarga Pak Darmo\nKeluarga Bu Yati", "Longsor"),
    ("Tim relawan kami belum makan. Anggotanya\n--\nAgus Salim\nDoni Prasetyo\nSiti Rahmah", "Relawan"),
    ("Pengirim paket palsu itu memakai alamat\n-- \nJl. Sudirman 12\nKota Contoh", "Paket"),
    ("Penyebar fitnah di grup RT adalah tetangga saya.\n\n-- \nHendra Gunawan\nHendra Jaya Motor", "Fitnah"),
    ("Sing njaluk dhuwit neng kelurahan jenenge\n--\nPak Bambang", "Pungli"),
    ("Ieu alamat bumi nu kahuruan\n--\nKp. Cikoneng\nDesa Contoh", "Kahuruan"),
    ("Please help, people trapped in\n--\nHotel Bahari\nLantai Tiga", "Gempa"),
    ("2026-03-04 8:15 GMT+07:00 Rudi <rudi@surat.example>:\n> Besok warung kamu saya bongkar.", "Intimidasi"),
    (
        (
            "Bukti percakapan.\n\n-----Original Message-----\nFrom: Rudi [mailto:rudi@surat.example]\n"
            "Sent: Wednesday, March 4, 2026 8:15 AM\nTo: Siti\nSubject: tanah\n\n"
            "Tanda tangan atau anakmu celaka."
        ),
        "Sengketa tanah",
    ),
    ("Rudi <rudi@surat.example> menulis:\n\n> anakmu di mana sekarang?\n\nsaya takut pak", "tolong"),
    ("Saya ditipu.\n\n> transfer dulu ke BCA 1234567890 a.n. Rudi\n> nanti barang dikirim", "Penipuan"),
    (
        (
            "tolong pak\n\nDari: Rudi <rudi@surat.example>\nTanggal: Rab, 4 Mar 2026 08:15\nSubjek: awas\n"
            "Kepada: <siti.rahmah@warga.example>\n\nKamu dan anakmu saya habisi malam ini"
        ),
        "",
    ),
    (
        "Beberapa pegawai yang bolos tiap Jumat\n___________\nHendra Gunawan\nDewi Lestari\nBayu Saputra",
        "Pegawai bolos",
    ),
    ("Le lundi 2 mars 2026 à 10:15, Rudi <rudi@surat.example> a écrit :\n> je sais où tu habites", "Ancaman"),
    ("Perhatian Pak, tiga orang ini jual miras\n--\nUcok\nTogar\nBinsar", "Laporan"),
    ("Ijazah anak ditahan sekolah.\n--\nNama anak Bayu Saputra\nKelas 9B", "Laporan"),
    ("Yang belum menerima beras\n-- \nMbah Karto RT 2\nMbah Sumi RT 2", "Laporan"),
    ("Lokasi tambang liar\n--\nBukit Contoh\nSungai Contoh", "Laporan"),
    ("Ambulans ditunggu di\n-- \nPerumahan Asri Blok C4", "Laporan"),
    (
        (
            "Kemarin saya dapat surel begini\n\nPada 4 Maret 2026 08.15, Rudi <rudi@surat.example> menulis:\n\n"
            "Serahkan uangnya.\n\nHormat saya,\nRudi\n\n-- \nRudi Hartono\nDirektur PT Rudi"
        ),
        "Laporan",
    ),
    ("Isi chat:\n\nRudi, [04/03/2026 08:15]\nawas kau\n\nSiti, [04/03/2026 08:16]\njangan pak", "Laporan"),
    ("Laporan ini saya buat karena\n--\nBapak Rudi Hartono\nKepala Dusun Contoh", "Laporan"),
    ("Kami yang bertanda tangan\n--\nSiti Rahmah\nDewi Lestari\nRina Wati", "Laporan"),
]

#: (text, what must be in it)
LATER_IN_PART = [
    (
        (
            "Pak tolong, mantan suami saya mengirim ini tadi malam\n\n\n"
            "On Wed, Mar 4, 2026, 22:11 Rudi H <rudi.h@surat.example> wrote:\n\n"
            "> kalau kamu tidak cabut laporan, rumahmu saya bakar\n\nDikirim dari Yahoo Mail"
        ),
        ("rumahmu saya bakar",),
    ),
    (
        (
            "Ini balasan dari PDAM yang tidak menyelesaikan masalah:\n\n________________________________\n"
            "Dari: CS PDAM <cs@pdam.example>\nDikirim: Rabu, 4 Maret 2026 09.00\nKepada: Siti Rahmah\n"
            "Subjek: Keluhan\n\nMohon ditunggu saja Bu.\n\nSalam,\nCS PDAM"
        ),
        ("Mohon ditunggu saja Bu.", "CS PDAM <cs@pdam.example>"),
    ),
    (
        "Korban meninggal akibat DBD bulan ini:\n\n1. Ani (7 th)\n2. Budi (5 th)\n\n-- \nSiti Rahmah",
        ("Ani (7", "Budi (5"),
    ),
    (
        (
            "Pada 4 Maret 2026 pukul 08.15 Rudi <rudi@surat.example> menulis:\n> mati kau\n\n-- \nSiti Rahmah\n"
            "HP 0812-0000-0000"
        ),
        ("> mati kau",),
    ),
    (
        (
            "Terlampir email dari dinas.\n\n--------- Original Message ---------\nFrom: dinas@pemda.example\n"
            "Date: 4 March 2026 08:15\nTo: siti\nSubject: izin\n\nIzin ditolak, siapkan 10 juta."
        ),
        ("siapkan 10 juta",),
    ),
]

LATER_CUT = [
    (
        "Sampah menumpuk dua minggu di belakang pasar.",
        "-- \nDewi Lestari\nStaf Umum\nPT Contoh Abadi\nJl. Raya 12, Kota Contoh",
        "Dewi Lestari <dewi@contohabadi.example>",
    ),
    (
        "Sampah menumpuk dua minggu di belakang pasar.",
        "--\nDewi Lestari\nStaf Umum\nPT Contoh Abadi\nJl. Raya 12, Kota Contoh",
        "Dewi Lestari <dewi@contohabadi.example>",
    ),
    ("Got mampet.", "--\ndewi", "<dewi.lestari88@gmail.example>"),
    ("Mohon segera diperbaiki ya Pak.", "-- \nMama Zahra\n0812-3333-4444", "Dewi <dewi@gmail.example>"),
    (
        "KTP saya belum jadi.",
        "-- \nDewi Lestari | HP 0812-3333-4444 | dewi@gmail.example",
        "Dewi Lestari <dewi@gmail.example>",
    ),
    (
        "Saya sudah daftar BPJS tetapi ditolak.",
        "-- \nDewi Lestari\nGuru SMPN 1 Contoh",
        "Dewi Lestari <dewi@gmail.example>",
    ),
    (
        "Pohon tumbang menutup jalan tadi malam.",
        "--\nH. Dewi Lestari, S.E.\nKetua Paguyuban Warga Contoh",
        "Dewi Lestari <dewi@gmail.example>",
    ),
    (
        "Demikian laporan kami.",
        "-- \nForum Warga Contoh\nSekretariat: Jl. Mawar 3\nwww.forum.example",
        "Forum Warga Contoh <info@forum.example>",
    ),
    ("Lampu merah mati di perempatan.", "-- \nRegards,\nMichael Tan", "Michael Tan <mtan@corp.example>"),
    ("Lampu merah mati di perempatan.", "Dapatkan Outlook untuk Android", "Michael Tan <mtan@corp.example>"),
    ("Air keruh.", "--\nDewi\n\nDikirim dari Xiaomi saya", "Dewi Lestari <dewi@gmail.example>"),
    (
        "Air keruh.",
        "DISCLAIMER: This e-mail is confidential. If you are not the intended recipient, please delete it.",
        "Dewi <dewi@corp.example>",
    ),
    (
        "Jalan di kampung kami rusak, mohon perhatian Bapak.",
        "_______\nDewi Lestari",
        "Dewi Lestari <dewi@gmail.example>",
    ),
    (
        "Jalan rusak di depan kantor saya.",
        "-- \nDewi Lestari\nBagian Keuangan\nCV Sumber Contoh\nT: 021-555-0100 | M: 0812-3333-4444",
        "Dewi Lestari <dewi@gmail.example>",
    ),
    ("Tolong segera.", "--\nSalam,\nDewi L.", "Dewi Lestari <dewi@gmail.example>"),
    ("Pak, mohon kejelasan mengenai bantuan.", "-- \nDewi\n0812 3333 4444", "Dewi Lestari <dewi@gmail.example>"),
    (
        "Saya tunggu kabarnya.",
        "--\nDewi Lestari\nJl. Mawar 3 RT 04/RW 05\nKota Contoh 12345",
        "Dewi Lestari <dewi@gmail.example>",
    ),
    (
        "I would like to report a broken street lamp.",
        "--\nDewi Lestari\nSoftware Engineer\nhttps://dewi.example",
        "Dewi Lestari <dewi@gmail.example>",
    ),
    ("Mohon maaf merepotkan.", "-- \nsent with love, Dewi", "Dewi Lestari <dewi@gmail.example>"),
]


@pytest.mark.parametrize(("text", "subject"), LATER_WHOLE)
def test_another_first_report_is_kept_whole(text: str, subject: str) -> None:
    assert [line.rstrip() for line in mail(text, subject).text.split("\n")] == [
        line.rstrip() for line in text.split("\n")
    ]


@pytest.mark.parametrize(("text", "pieces"), LATER_IN_PART)
def test_the_evidence_stays_whatever_a_program_added(text: str, pieces: tuple[str, ...]) -> None:
    found = mail(text).text
    assert [piece for piece in pieces if piece not in found] == []


@pytest.mark.parametrize(("own", "tail", "sender"), LATER_CUT)
def test_another_signature_goes(own: str, tail: str, sender: str) -> None:
    assert mail(f"{own}\n\n{tail}", sender=sender).text == own


@pytest.mark.parametrize(
    ("quote", "subject", "to", "more"),
    [
        (f"On Tue, Mar 3, 2026 at 10:15 AM Layanan <{TOKEN}> wrote:\n\n{OURS}", "RE: Laporan", TOKEN, REPLIED),
        (f"Dari: Layanan <{DESK}>\n{NUMBERED}\n\nYth. Siti,\nLampu mana?", f"Balas: [{NUMBER}] Laporan", DESK, ""),
        (f"Dari: Layanan\n{NUMBERED}\n\nYth. Siti,\nLampu mana?", "lampu jalan", DESK, ""),
        (f"> Pada 3 Mar 2026, pukul 10.15, Layanan <{TOKEN}> menulis:\n> \n{OURS}", "lampu jalan", TOKEN, ""),
        (f"-----Pesan Asli-----\nDari: Layanan\n{NUMBERED}\n\nLampu mana?", "Re: x", DESK, REPLIED),
        (f"Pada Sel, 3 Mar 2026 pukul 10.15 Layanan <\n{TOKEN}> menulis:\n\n> Lampu mana?", "lampu", DESK, ""),
    ],
)
def test_another_answer_to_us_is_cut(quote: str, subject: str, to: str, more: str) -> None:
    found = mail(f"Di RT 04, Pak.\n\n{quote}", subject, to, more=more)
    assert (found.text, found.doubts) == ("Di RT 04, Pak.", ())


ATTRIBUTED = '<div class="gmail_quote"><div class="gmail_attr">Pada Rab, 4 Mar 2026 pukul 08.15 {0} menulis:<br></div>'


@pytest.mark.parametrize(
    ("page", "kept", "gone", "subject", "to", "more"),
    [
        (
            f"<div>Ini ancamannya</div>{ATTRIBUTED.format('Rudi &lt;rudi@surat.example&gt;')}"
            "<blockquote>kamu saya bakar</blockquote></div>",
            "kamu saya bakar",
            "\0",
            "Laporan",
            DESK,
            "",
        ),
        (
            f"<div>Di RT 04</div>{ATTRIBUTED.format(f'Layanan &lt;{TOKEN}&gt;')}"
            f"<blockquote>{MARKER}<br>Lampu mana?</blockquote></div>",
            "Di RT 04",
            "Lampu mana",
            "Re: x",
            TOKEN,
            REPLIED,
        ),
        (
            "<p>Tolong</p><p><b>Dari:</b> Rudi<br><b>Dikirim:</b> Rabu, 4 Maret 2026 08.15<br><b>Kepada:</b> Siti<br>"
            "<b>Perihal:</b> awas</p><p>kamu saya bakar</p>",
            "kamu saya bakar",
            "\0",
            "Laporan",
            DESK,
            "",
        ),
        (
            "<p>Daftar korban</p><p>-- <br>Joko Santoso<br>Siti Aminah<br>Budi Hartono</p>",
            "Budi Hartono",
            "\0",
            "Laporan",
            DESK,
            "",
        ),
        ("<p>Lampu mati.</p><p>-- <br>Siti Rahmah<br>RT 04</p>", "Lampu mati.", "RT 04", "Laporan", DESK, ""),
    ],
)
def test_pages_are_read_likewise(page: str, kept: str, gone: str, subject: str, to: str, more: str) -> None:
    found = mail(page, subject, to, more=more, kind="html").text
    assert kept in found
    assert gone not in found


def test_a_text_without_any_head_is_cut_as_an_answer() -> None:
    raw = "\n\nBelum, Pak.\n\nPada 3 Mar 2026 10.15 Joko <joko@x.example> menulis:\n> Sudah?\n"
    assert read(raw.encode(), Receipt("mail/1", AT, (DESK,), "a@b.example", Authenticity())).text == "Belum, Pak."


@pytest.mark.parametrize(
    "word", ["Kahuruan", "Bacok", "Tertimpa", "Ditusuk", "Sesak Napas", "Bom", "Rubuh", "Bunuh Diri"]
)
@pytest.mark.parametrize("mark", ["--", "-- "])
def test_what_is_urgent_is_never_cut_with_a_signature(word: str, mark: str) -> None:
    assert mail(f"Mohon perhatian.\n\n{mark}\nSiti Rahmah\n{word}").text.endswith(word)


HOSTILE = {
    "openers": "Pada 3 Mar 2026 10.15 Joko <joko@x.example> menulis:\n> x\n",
    "openers in an answer": "Ini:\nPada 3 Mar 2026 10.15 Joko <joko@x.example> menulis:\n> x\nDan\n",
    "blocks": f"{BLOCK}\n> x\n",
    "deep": "Joko <joko@x.example> menulis:\n" + "> > > > x\n" * 50,
    "signatures": "Jalan.\n-- \nJoko Santoso\n",
    "names": "Daftar\n--\nJoko Santoso\n" + "Joko Santoso " * 20 + "\n",
    "addresses": "Pada 3 Mar 2026 " + "a@b " * 80 + "menulis:\n> x\n",
}


@pytest.mark.parametrize("subject", ["Laporan", "Re: Laporan"])
@pytest.mark.parametrize("name", HOSTILE)
def test_ten_times_the_lines_cost_ten_times_the_work(name: str, subject: str) -> None:
    def seconds(size: int) -> float:
        text = HOSTILE[name] * (size // len(HOSTILE[name]))
        head = Head("Siti Rahmah", "siti@warga.example", subject, standing(subject, (), (DESK,)), (DESK,))
        started = time.process_time()
        part(text, head)
        return time.process_time() - started

    assert seconds(200_000) < 30 * seconds(20_000) + 0.1


def test_whom_the_report_names_is_not_who_signs_it() -> None:
    text = "Joko mengancam saya lewat telepon.\n--\nJoko Santoso\nKetua Pemuda"
    assert mail(text, sender="Siti <siti@warga.example>").text == text
    assert mail(text, sender="Joko <joko@warga.example>").text == "Joko mengancam saya lewat telepon."


def test_a_forwarded_mail_is_a_report_though_it_names_what_it_holds() -> None:
    text = "Tolong.\n\nPada 3 Mar 2026 10.15 Joko <joko@x.example> menulis:\n> awas kamu"
    found = mail(text, "Fwd: tanah", more="In-Reply-To: <1@x.example>\nReferences: <1@x.example>\n")
    assert (found.text, found.doubts) == (text, ())


@pytest.mark.parametrize("line", [f"> Nomor laporan   : {NUMBER}", f"> {END_MARK}", f"> {MARKER}"])
def test_a_letter_of_ours_is_known_by_its_own_lines(line: str) -> None:
    quote = f"Pada 3 Mar 2026 10.15 Layanan menulis:\n> Yth. Siti,\n>\n{line}\n> Lampu mana?"
    assert mail(f"Di RT 04.\n\n{quote}", "Lampu").text == "Di RT 04."
    deeper = quote.replace(line, f"> {line}")
    assert mail(f"Di RT 04.\n\n{deeper}", "Lampu").text == f"Di RT 04.\n\n{deeper}"


def test_a_greeting_over_an_unmarked_quote_in_a_mail_without_id_and_date_answers_it() -> None:
    def of(text: str, more: str) -> str:
        raw = f"From: {SITI}\nTo: {DESK}\nSubject: x\n{more}\n{text}\n\n{BLOCK}\n\nBayar."
        return read(raw.encode(), Receipt("mail/1", AT, (DESK,), "a@b.example", Authenticity())).text

    assert of("Halo", "") == "Halo"
    assert of("Halo", "Message-ID: <a@b.example>\n").endswith("Bayar.")
    assert of("Saya diperas.", "").endswith("Bayar.")
