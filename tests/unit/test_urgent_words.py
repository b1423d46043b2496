"""What citizens write of danger, of people who need care first, and of neither: how urgent each is read to be.

`rule` is one of the reasons that must be told. NOT_URGENT: an officer may see it first, but no alarm may ring."""

from __future__ import annotations

import pytest

from tanggap.domain.words import Priority
from tests.support.classifying import VILLAGE, priority, rules, said

URGENT = [
    ("Rumah saya dibakar", "fire"),
    ("Ada api besar di gudang belakang sekolah", "fire"),
    ("asap hitam pekat dari rumah tetangga, orangnya di dalam", "fire"),
    ("tolong jangan biarkan kebakaran di pasar ini membesar", "fire"),
    ("warung tetangga dibakar orang tak dikenal barusan", "fire"),
    ("Api sudah merembet ke rumah sebelah, damkar belum datang", "fire"),
    ("tulung kang, bumi hangus kabeh, pasare kobong", "fire"),
    ("imah tatangga kabeuleum, tulungan", "fire"),
    ("kebakarn di gg melati tolong damkar", "fire"),
    ("lahan di belakang kampung terbakar dan anginnya kencang", "fire"),
    ("Ada yang membakar kios di terminal", "fire"),
    ("motor saya dibakar massa di depan rumah", "fire"),
    ("Warga naik ke atap, air terus naik", "flood"),
    ("kami di atas genteng dari semalam, air sudah satu meter lebih, belum ada perahu", "flood"),
    ("Ada bocah kebawa arus di kali belakang sekolah", "flood"),
    ("adik saya kelelep di empang", "drowning"),
    ("Tebing di atas rumah kami longsor, dua rumah tertimbun", "landslide"),
    ("ibu saya masih di bawah reruntuhan", "landslide"),
    ("rumah warga ambruk menimpa penghuninya", "collapse"),
    ("Plafon kelas 3 jatuh waktu anak-anak belajar", "collapse"),
    ("bocah nyetrum di tiang listrik, gak gerak", "electricity"),
    ("bapak saya kena setrum di sawah", "electricity"),
    ("kabel listrik jatuh ke genangan air depan sekolah", "electricity"),
    ("Bau gas kuat sekali dari dapur tetangga, tabungnya mendesis", "gas"),
    ("tabung elpiji di warung meledak, ada yang luka bakar", "gas"),
    ("Bapak saya memukul ibu setiap malam, kami takut", "violence"),
    ("Ada orang pegang pisau mengancam warga di pasar", "violence"),
    ("bojoku digebuki bapake dewe saben dina", "violence"),
    ("abdi sok digebug ku salaki", "violence"),
    ("Tetangga sebelah sering menyiksa pembantunya, tadi kedengaran teriak minta tolong", "violence"),
    ("suami saya ngamuk bawa golok, saya sembunyi di kamar mandi", "violence"),
    ("anak kelas 2 SD dicabuli guru ngaji", "violence"),
    ("Keponakan saya dipaksa melayani lelaki di warung remang-remang", "violence"),
    ("Saya dijual agen ke luar negeri, paspor ditahan majikan", "violence"),
    ("ada geng motor nyerang warga pakai celurit", "violence"),
    ("saya mau mengakhiri hidup saya malam ini", "suicide"),
    ("udah gak kuat, pengen nyusul ibu aja, maaf semuanya", "suicide"),
    ("teman saya kirim pesan mau gantung diri", "suicide"),
    ("anak saya tidak pulang dari kemarin", "missing"),
    ("Nenek pikun keluar rumah sejak subuh belum ketemu", "missing"),
    ("adik saya dibawa orang tidak dikenal naik mobil hitam", "missing"),
    ("istri saya mau lahiran, ambulan puskesmas gak ada sopirnya", "medical"),
    ("ibu habis melahirkan darahnya keluar terus, bidan tidak ada", "medical"),
    ("30 murid mual dan muntah setelah makan siang gratis", "medical"),
    ("Bapak kejang-kejang dan UGD menolak", "medical"),
    ("warga minum oplosan, tiga sudah meninggal", "medical"),
    ("kakek jatuh di kamar mandi tidak bangun-bangun lagi", "medical"),
    ("truk rem blong nabrak angkot, banyak korban", "accident"),
    ("ada mayat di sungai", "threat"),
    ("Tolong kami terjebak di lantai dua", "threat"),
]

HIGH = [
    ("Ibu saya yang difabel tidak bisa masuk kantor karena tangga", "disability"),
    ("bapak 76 th antre dari subuh tidak dilayani", "elderly"),
    ("Istri hamil tua harus jalan kaki karena jalan rusak", "pregnancy"),
    ("balita kami belum diimunisasi karena vaksin kosong", "child"),
    ("obat TBC di puskesmas habis sudah 2 minggu", "illness"),
    ("tetangga janda tua tidak makan dua hari", "destitute"),
    ("Tanggul retak, warga waspada", "hazard"),
    ("simbok kulo gerah, mboten gadhah BPJS", "illness"),
    ("Tiang listrik miring di depan SD", "hazard"),
]

NORMAL = [
    "Jalan depan kantor kecamatan berlubang sudah tiga bulan",
    "Sampah di TPS tidak diangkut seminggu",
    "KTP saya belum jadi sejak Maret",
    "Lampu PJU mati di sepanjang jalan desa",
    "Air PDAM keruh dan kecil",
    "Petugas loket tidak ramah",
    "Mohon perbaikan saluran air",
    "Tetangga karaoke sampai malam",
    "Parkir liar di trotoar",
    "Harga beras meledak",
    "Harga cabai di pasar induk minggu ini meledak lagi",
    "tagihan listrik saya meledak bulan ini",
    "Penjualan UMKM kami meledak berkat bazar, terima kasih",
    "Hati saya terbakar melihat pelayanan begini",
    "semangat warga membara",
    "Pegawai kantor tenggelam dalam ponselnya",
    "Loket dibanjiri warga",
    "Warung Bakso Bom",
    "Warung Bakso Bom di Jl. Merdeka buang limbah ke selokan",
    "Jalan Ledakan Raya",
    "Jalan Ledakan Raya berlubang",
    "Rumah makan Ayam Kobong parkirnya sampai ke jalan",
    "saya tinggal di Perumahan Longsor Indah, lampu padam",
    "Toko Api Abadi tidak punya izin",
    "Sate bakar dan ikan bakar di trotoar mengganggu",
    "Belum ada kebakaran",
    "Tidak ada yang meninggal",
    "Pelatihan tanggap kebakaran kapan diadakan?",
    "Kapan pos pemadam kebakaran dibangun?",
]

NOT_URGENT = [
    "Mobil saya tertabrak pohon tahun lalu, mau urus asuransi",
    "Rumah kami kebakaran dua tahun lalu dan sertifikat ikut hilang, bagaimana mengurusnya",
    "Mohon surat keterangan kecelakaan untuk klaim Jasa Raharja, kejadian bulan Januari lalu",
    "Dulu tahun 2015 pernah longsor di sini",
    "minta akta kematian bapak saya yang meninggal tahun lalu karena kecelakaan",
    "Kami khawatir terjadi kebakaran karena kabel semrawut",
    "Jangan sampai ada korban jiwa dulu baru diperbaiki",
    "Syukurlah tidak sampai terbakar",
]


@pytest.mark.parametrize(("text", "rule"), URGENT)
def test_whose_life_is_at_stake_is_urgent(text: str, rule: str) -> None:
    assert priority(text) is Priority.URGENT
    assert rule in rules(said(text, VILLAGE))


@pytest.mark.parametrize(("text", "rule"), HIGH)
def test_whom_trouble_weighs_on_more_is_high(text: str, rule: str) -> None:
    assert priority(text) is Priority.HIGH
    assert rule in rules(said(text, VILLAGE))


@pytest.mark.parametrize("text", NORMAL)
def test_an_ordinary_report_a_figure_of_speech_and_a_name_are_normal(text: str) -> None:
    assert (priority(text), rules(said(text, VILLAGE))) == (Priority.NORMAL, set())


@pytest.mark.parametrize("text", NOT_URGENT)
def test_what_is_long_past_or_only_feared_rings_no_alarm(text: str) -> None:
    assert priority(text) is not Priority.URGENT
