"""What we write to officers, to the inspectorate and to other agencies."""

from __future__ import annotations

from collections.abc import Mapping

from .letter_form import Letter
from .words import Purpose

TO_OFFICES: Mapping[Purpose, Letter] = {
    Purpose.ESCALATION: Letter(
        "[$number] $headline",
        """Laporan $number ($kind, diterima $received, unit: $unit, status: $status) memerlukan tindakan.

$text

Surel ini dikirim otomatis oleh meja pengaduan $agency; satu surel dapat memuat beberapa langkah.""",
        "Report $number needs action; the lines above name each deadline and step (the last line the latest).",
    ),
    Purpose.ESCALATION_DIGEST: Letter(
        "[$agency] $count laporan memerlukan tindakan: $headline",
        """$count laporan memerlukan tindakan, yang paling mendesak lebih dahulu (keadaan per $now):

$text

Surel ini dikirim otomatis oleh meja pengaduan $agency. Mohon ditindaklanjuti melalui aplikasi meja pengaduan, satu per
satu menurut nomornya. Surel ini memuat beberapa laporan: balasannya TIDAK diteruskan ke pelapor mana pun.""",
        """\
$count reports need action, the most urgent first (as of $now). This e-mail is about several: a reply goes to no
reporter.""",
    ),
    Purpose.HANDOVER: Letter(
        "[$number] Penyerahan laporan kepada inspektorat",
        """Laporan $number diserahkan kepada inspektorat karena tenggatnya terlewat dan belum dipenuhi
(keadaan per $now).

$text

Surel ini dikirim otomatis oleh meja pengaduan $agency.""",
        """\
Report $number is handed to the inspectorate: its deadline has passed and is still not met (as of $now). The proof
above lists the deadline's derivation, each letter about it (when, which step, to whom, delivered or not), and the hash
at the head of the case's history.""",
    ),
    Purpose.HANDOVER_DIGEST: Letter(
        "[$agency] Penyerahan $count laporan kepada inspektorat",
        """$count laporan diserahkan kepada inspektorat karena tenggatnya terlewat dan belum dipenuhi
(keadaan per $now).

$text

Surel ini dikirim otomatis oleh meja pengaduan $agency. Ia memuat beberapa laporan: mohon sebut nomornya bila membalas.
Balasan tidak diteruskan ke pelapor.""",
        """\
$count reports are handed to the inspectorate, each with its proof (as of $now): the deadline's derivation, each
letter about it (when, which step, to whom, delivered or not), and the hash at the head of the case's history.""",
    ),
    Purpose.ASSIGNMENT: Letter(
        "[$number] Disposisi ke $unit",
        """Laporan $number ($kind, diterima $received) didisposisikan ke $unit.

Tenggat penyelesaian: $next_step
$text
Mohon ditindaklanjuti melalui aplikasi meja pengaduan.""",
        undated=(("Tenggat penyelesaian: $next_step\n", ""),),
    ),
    Purpose.NEW_CASE: Letter(
        "[$number] $headline",
        """Laporan $number ($kind) diterima $received dan belum ditangani (unit: $unit).

Perihal            : $subject
Tenggat berikutnya : $next_step

Isi laporan dapat dibaca di aplikasi meja pengaduan.""",
        "New report $number, not looked at yet. It is read in the desk; due by $next_step.",
        undated=(("\nTenggat berikutnya : $next_step", ""), ("; due by $next_step", "")),
    ),
    Purpose.NEW_CASES: Letter(
        "[$agency] $headline",
        """$headline (keadaan per $now):

$text

Isi laporan dapat dibaca di aplikasi meja pengaduan.""",
        "$count new reports since the last letter, as of $now.",
    ),
    Purpose.DIGEST: Letter(
        "[$agency] $headline",
        """Keadaan per $now.

$text

Surel ini dikirim otomatis oleh meja pengaduan $agency. Mohon ditindaklanjuti melalui aplikasi meja pengaduan.""",
        "$headline (as of $now).",
    ),
    Purpose.NEW_MESSAGE: Letter(
        "[$number] Pesan baru dari pelapor",
        """Ada pesan baru dari pelapor pada laporan $number (unit: $unit, status: $status).
Isi pesan dapat dibaca di aplikasi meja pengaduan.
$text""",
    ),
    Purpose.OTHERS_MESSAGE: Letter(
        "[$number] Pesan baru dari pihak lain (bukan pelapor)",
        """Pada laporan $number (unit: $unit, status: $status) ada pesan baru dari pihak lain, bukan dari pelapor.
Isi pesan dan pengirimnya dapat dibaca di aplikasi meja pengaduan.

Jangan membalas surel ini: balasan tidak sampai ke pengirim pesan itu, dan tidak diteruskan ke pelapor.""",
        """\
Somebody other than the reporter wrote on report $number; read it in the desk. A reply to this e-mail reaches neither
them nor the reporter.""",
    ),
    Purpose.DISSATISFIED: Letter(
        "[$number] Pelapor belum puas: laporan dibuka kembali",
        """Pelapor menyatakan bahwa laporan $number (unit: $unit) belum selesai. Laporan kami buka kembali dengan
tenggat baru: $next_step.

Isi pesan dapat dibaca di aplikasi meja pengaduan. Mohon jangan menutup laporan ini sebelum pelapor ditanggapi.""",
        undated=((" dengan\ntenggat baru: $next_step.", "."),),
    ),
    Purpose.NOTICE: Letter(
        "[$number] $headline",
        """Laporan $number ($kind, unit: $unit, status: $status).

$text

Selengkapnya di aplikasi meja pengaduan $agency.""",
    ),
    Purpose.TO_AGENCY: Letter(
        "[$number] Pelimpahan laporan kepada $to",
        """Kepada Yth. $to

Bersama ini kami limpahkan laporan nomor $number ($kind, diterima $received), karena menjadi kewenangan Saudara.

$text

Isi laporan:
$report

Pelapor telah kami beri tahu. Mohon penanganan dan kabarnya dengan membalas surel ini.

Hormat kami,
$agency""",
        "We hand over report $number, which is within your competence (see above). Please let us know by replying.",
    ),
    Purpose.OFFICE_SENT: Letter(
        "[$number] Balasan Anda diteruskan ke pelapor",
        """Balasan Anda pada laporan $number ($kind, diterima $received) kami teruskan ke pelapor. Status laporan:
$status.

$text
Lampiran: $files
$notes
Ada yang keliru? Balas surel ini dengan ralatnya; ralat itu pun diteruskan ke pelapor. Menutup, meneruskan atau mengubah
status laporan hanya lewat aplikasi meja pengaduan.""",
        """\
Your reply on $number went to the reporter as shown above. To correct it, reply again; all else is done in the desk.""",
    ),
    Purpose.OFFICE_NOTED: Letter(
        "[$number] Balasan Anda TIDAK diteruskan ke pelapor",
        """Surel Anda pada laporan $number ($kind, diterima $received) kami simpan sebagai catatan internal dan TIDAK
kami teruskan ke pelapor.

Alasan: $text""",
        """Your e-mail on $number was filed as an internal note and did NOT go to the reporter.
Reason: $text""",
    ),
    Purpose.OFFICE_UNPROVED: Letter(
        "[$number] Surel ke alamat balasan petugas perlu dilihat",
        """Sebuah surel ke alamat balasan petugas, atau atas nama petugas, pada laporan $number (unit: $unit) kami
simpan sebagai catatan internal dan TIDAK kami teruskan ke pelapor. Pengirimnya tidak kami beri tahu.

Alasan: $text

Mohon periksa catatan itu di aplikasi meja pengaduan.""",
        """\
An e-mail to an officer's reply address, or in an officer's name, on $number was filed as an internal note and did NOT
go to the reporter.
Reason: $text""",
    ),
    Purpose.UNDELIVERED: Letter(
        "[$number] Surat kita tidak sampai",
        """Sebuah surat pada laporan $number (unit: $unit) tidak sampai ke penerimanya: $text.
Mohon hubungi pelapor dengan cara lain atau perbaiki alamat pada kebijakan.""",
    ),
}
