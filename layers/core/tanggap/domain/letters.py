"""What we write to people. Indonesian first, English second; one row a purpose; an agency may replace any of them in
its policy.

A letter's text starts after the salutation: the name is in the vault, and is put before it only when the letter is
sent. Norms: thank first; "received and recorded", never "accepted as true"; dates with their zone; Anda or Bapak/Ibu,
never kamu."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from .words import Kind, Purpose, Status

#: All that stands below this line in a reply is ours (or older), so our reader cuts it away for the view.
REPLY_ABOVE = "Mohon balas di atas baris ini"
MARKER = f"-- {REPLY_ABOVE} / Please reply above this line --"
#: Some write below all the same, under a quote that their program did not mark: here ours ends for certain.
LETTER_ENDS = "Akhir surat kami"
END_MARK = f"-- {LETTER_ENDS} / End of our letter --"
#: What a reply to a letter does that an office may answer. It stands below the marker: above, a program that marks no
#: quotes would make it the officer's own words.
OFFICE_REPLY = (
    "Balas surel ini untuk menjawab pelapor. Isi balasan diteruskan kepada pelapor; catatan internal dan perubahan "
    "status hanya lewat aplikasi."
)
OFFICE_REPLY_EN = "A reply to this e-mail goes to the reporter."

KINDS_ID = {
    Kind.COMPLAINT: "pengaduan",
    Kind.SUPERVISORY: "pengaduan berkadar pengawasan",
    Kind.INFORMATION: "permintaan informasi",
    Kind.ASPIRATION: "aspirasi",
    Kind.PRAISE: "apresiasi",
}

STATUSES_ID = {
    Status.NEW: "Diterima",
    Status.NEEDS_INFO: "Menunggu kelengkapan dari Anda",
    Status.VERIFIED: "Terverifikasi",
    Status.FORWARDED: "Diteruskan ke unit terkait",
    Status.IN_PROGRESS: "Sedang ditindaklanjuti",
    Status.ANSWERED: "Telah ditanggapi, menunggu balasan Anda",
    Status.CLOSED: "Selesai",
    Status.REJECTED: "Tidak dapat diproses",
    Status.TRANSFERRED: "Diteruskan ke instansi lain",
    Status.DUPLICATE: "Diarsipkan",
}

#: Why a letter did not arrive (inbound.FailedDelivery.cause), as far as its report tells.
CAUSES_ID = {
    "unknown": "alamat tidak ada",
    "moved": "penerima pindah alamat",
    "host": "server penerima tidak ditemukan",
    "full": "kotak surat penuh",
    "size": "surat terlalu besar",
    "suspended": "kotak surat dinonaktifkan",
    "refused": "ditolak server penerima",
    "network": "server penerima tidak dapat dihubungi",
    "system": "gangguan pada server penerima",
}

STEPS_ID = {
    "remind": "pengingat: separuh waktu telah lewat",
    "warn": "peringatan: tenggat sudah dekat",
    "breach": "TENGGAT TERLEWAT",
    "leadership": "eskalasi ke pimpinan",
    "inspectorate": "eskalasi ke inspektorat",
}

_FOOT = """
Menambah keterangan: balas surel ini (biarkan nomor laporan pada subjek). Layanan ini tidak dipungut biaya.
Identitas Bapak/Ibu kami rahasiakan dan hanya dibuka bagi petugas yang memerlukannya.

Hormat kami,
$agency"""

#: purpose: (subject, text). $placeholders are those of Draft.facts, and what each use adds.
LETTERS: dict[Purpose, tuple[str, str]] = {
    Purpose.ACKNOWLEDGEMENT: (
        "[$number] Laporan Anda telah kami terima",
        """Terima kasih. Laporan Bapak/Ibu telah kami terima dan kami catat.

Nomor laporan   : $number
Diterima        : $received
Perihal         : $subject
Lampiran        : $files
Langkah berikut : pemeriksaan kelengkapan, paling lambat $next_step
$notes"""
        + _FOOT
        + """

---
Thank you. Your report was received and recorded as $number on $received_en.
Next step: we check it by $next_step_en. To add something, reply to this e-mail.
The service is free of charge; your identity is kept confidential.""",
    ),
    Purpose.QUESTION: (
        "[$number] Mohon lengkapi laporan Anda",
        """Terima kasih atas laporan Bapak/Ibu nomor $number. Agar dapat kami proses, mohon lengkapi hal berikut:

$text

Mohon balas surel ini paling lambat $next_step. Tenggat penanganan dihentikan sementara sampai balasan kami terima.
"""
        + _FOOT
        + """

---
We need more details to go on with report $number (see above). Please reply to this e-mail by $next_step_en.""",
    ),
    Purpose.DISPOSITION: (
        "[$number] Laporan Anda diteruskan ke $unit",
        """Laporan Bapak/Ibu nomor $number telah kami teruskan ke $unit untuk ditindaklanjuti.

Tenggat penyelesaian: $next_step
"""
        + _FOOT
        + """

---
Your report $number was passed on to $unit. It is due by $next_step_en.""",
    ),
    Purpose.REPLY: ("[$number] Perkembangan laporan Anda", "$text\n" + _FOOT),
    Purpose.ANSWER: (
        "[$number] Tanggapan atas laporan Anda",
        """$text

Bila tanggapan ini belum menjawab laporan Bapak/Ibu, balas surel ini paling lambat $next_step. Tanpa balasan, laporan
kami nyatakan selesai.
"""
        + _FOOT
        + """

---
This is our answer to report $number. If it does not settle the matter, reply to this e-mail by $next_step_en.""",
    ),
    Purpose.REJECTION: (
        "[$number] Laporan Anda tidak dapat kami proses",
        """Terima kasih atas laporan Bapak/Ibu nomor $number. Setelah kami periksa, laporan ini tidak dapat kami proses:

$text

Bila menurut Bapak/Ibu hal ini keliru, silakan balas surel ini.
"""
        + _FOOT
        + """

---
We cannot process report $number for the reason above. If you think this is wrong, reply to this e-mail.""",
    ),
    Purpose.TRANSFER: (
        "[$number] Laporan Anda dilimpahkan ke instansi lain",
        """Laporan Bapak/Ibu nomor $number bukan kewenangan kami dan telah kami limpahkan:

$text
"""
        + _FOOT
        + """

---
Report $number was handed to another agency (see above).""",
    ),
    Purpose.DUPLICATE: (
        "[$number] Laporan Anda digabungkan",
        """Laporan Bapak/Ibu nomor $number menyangkut hal yang sudah kami tangani, sehingga kami gabungkan.

$text
"""
        + _FOOT
        + """

---
Report $number concerns a matter that is already being handled and was joined to it.""",
    ),
    Purpose.CLOSING: (
        "[$number] Laporan Anda selesai",
        """Laporan Bapak/Ibu nomor $number kami nyatakan selesai karena tidak ada balasan sampai $next_step.
Bila masih ada yang perlu disampaikan, silakan balas surel ini.
"""
        + _FOOT
        + """

---
Report $number was closed, as no reply came. You can still reply to this e-mail.""",
    ),
    Purpose.ESCALATION: (
        "[$number] $headline",
        """Laporan $number ($kind, diterima $received, unit: $unit, status: $status) memerlukan tindakan.

$text

Surel ini dikirim otomatis oleh meja pengaduan $agency; satu surel dapat memuat beberapa langkah.

---
Report $number needs action; the lines above name each deadline and step (the last line the latest).""",
    ),
    Purpose.ESCALATION_DIGEST: (
        "[$agency] $count laporan memerlukan tindakan: $headline",
        """$count laporan memerlukan tindakan, yang paling mendesak lebih dahulu (keadaan per $now):

$text

Surel ini dikirim otomatis oleh meja pengaduan $agency. Mohon ditindaklanjuti melalui aplikasi meja pengaduan, satu per
satu menurut nomornya; balasan atas surel ini hanya tercatat pada laporan pertama.

---
$count reports need action, the most urgent first (as of $now_en). A reply to this e-mail is noted on the first one
only.""",
    ),
    Purpose.HANDOVER: (
        "[$number] Penyerahan laporan kepada inspektorat",
        """Laporan $number diserahkan kepada inspektorat karena tenggatnya terlewat dan belum dipenuhi
(keadaan per $now).

$text

Surel ini dikirim otomatis oleh meja pengaduan $agency.

---
Report $number is handed to the inspectorate: its deadline has passed and is still not met (as of $now_en). The proof
above lists the deadline's derivation, each letter about it (when, which step, to whom, delivered or not), and the hash
at the head of the case's history.""",
    ),
    Purpose.HANDOVER_DIGEST: (
        "[$agency] Penyerahan $count laporan kepada inspektorat",
        """$count laporan diserahkan kepada inspektorat karena tenggatnya terlewat dan belum dipenuhi
(keadaan per $now).

$text

Surel ini dikirim otomatis oleh meja pengaduan $agency; balasan atas surel ini hanya tercatat pada laporan pertama.

---
$count reports are handed to the inspectorate, each with its proof (as of $now_en): the deadline's derivation, each
letter about it (when, which step, to whom, delivered or not), and the hash at the head of the case's history.""",
    ),
    Purpose.ASSIGNMENT: (
        "[$number] Disposisi ke $unit",
        """Laporan $number ($kind, diterima $received) didisposisikan ke $unit.

Tenggat penyelesaian: $next_step
$text
Mohon ditindaklanjuti melalui aplikasi meja pengaduan.""",
    ),
    Purpose.NEW_CASE: (
        "[$number] $headline",
        """Laporan $number ($kind) diterima $received dan belum ditangani (unit: $unit).

Perihal            : $subject
Tenggat berikutnya : $next_step

Isi laporan dapat dibaca di aplikasi meja pengaduan.

---
New report $number, not looked at yet. It is read in the desk; due by $next_step_en.""",
    ),
    Purpose.NEW_CASES: (
        "[$agency] $headline",
        """$headline (keadaan per $now):

$text

Isi laporan dapat dibaca di aplikasi meja pengaduan.

---
$count new reports since the last letter, as of $now_en.""",
    ),
    Purpose.DIGEST: (
        "[$agency] $headline",
        """Keadaan per $now.

$text

Surel ini dikirim otomatis oleh meja pengaduan $agency. Mohon ditindaklanjuti melalui aplikasi meja pengaduan.

---
$headline_en (as of $now_en).""",
    ),
    Purpose.NEW_MESSAGE: (
        "[$number] Pesan baru dari pelapor",
        """Ada pesan baru pada laporan $number (unit: $unit, status: $status).
Isi pesan dapat dibaca di aplikasi meja pengaduan.
$text""",
    ),
    Purpose.DISSATISFIED: (
        "[$number] Pelapor belum puas: laporan dibuka kembali",
        """Pelapor menyatakan bahwa laporan $number (unit: $unit) belum selesai. Laporan kami buka kembali dengan
tenggat baru: $next_step.

Isi pesan dapat dibaca di aplikasi meja pengaduan. Mohon jangan menutup laporan ini sebelum pelapor ditanggapi.""",
    ),
    Purpose.NEW_DATE: (
        "[$number] Tenggat laporan Anda berubah",
        """Mengenai laporan Bapak/Ibu nomor $number:

$text

Tenggat yang baru: $next_step
"""
        + _FOOT
        + """

---
The date by which report $number is due has changed, for the reason above. It is now $next_step_en.""",
    ),
    Purpose.NOTICE: (
        "[$number] $headline",
        """Laporan $number ($kind, unit: $unit, status: $status).

$text

Selengkapnya di aplikasi meja pengaduan $agency.""",
    ),
    Purpose.TO_AGENCY: (
        "[$number] Pelimpahan laporan kepada $to",
        """Kepada Yth. $to

Bersama ini kami limpahkan laporan nomor $number ($kind, diterima $received), karena menjadi kewenangan Saudara.

$text

Isi laporan:
$report

Pelapor telah kami beri tahu. Mohon penanganan dan kabarnya dengan membalas surel ini.

Hormat kami,
$agency

---
We hand over report $number, which is within your competence (see above). Please let us know by replying.""",
    ),
    Purpose.LEFT_OUT: (
        "[$number] Sebagian isi surel Anda tidak dapat kami baca",
        """Terima kasih, pesan Bapak/Ibu pada laporan nomor $number telah kami terima. Sebagian isinya tidak dapat kami
baca atau simpan:

$text
Silakan kirim bagian itu sekali lagi dalam surel tersendiri.
"""
        + _FOOT
        + """

---
Your message on report $number was received, but we could not read or keep all of it (see above). Please send that part
again in a mail of its own.""",
    ),
    Purpose.OFFICE_SENT: (
        "[$number] Balasan Anda diteruskan ke pelapor",
        """Balasan Anda pada laporan $number ($kind, diterima $received) kami teruskan ke pelapor. Status laporan:
$status.

$text
Lampiran: $files
$notes
Ada yang keliru? Balas surel ini dengan ralatnya; ralat itu pun diteruskan ke pelapor. Menutup, meneruskan atau mengubah
status laporan hanya lewat aplikasi meja pengaduan.

---
Your reply on $number went to the reporter as shown above. To correct it, reply again; all else is done in the desk.""",
    ),
    Purpose.OFFICE_NOTED: (
        "[$number] Balasan Anda TIDAK diteruskan ke pelapor",
        """Surel Anda pada laporan $number ($kind, diterima $received) kami simpan sebagai catatan internal dan TIDAK
kami teruskan ke pelapor.

Alasan: $text

---
Your e-mail on $number was filed as an internal note and did NOT go to the reporter.
Reason: $text_en""",
    ),
    Purpose.OFFICE_UNPROVED: (
        "[$number] Surel ke alamat balasan petugas perlu dilihat",
        """Sebuah surel ke alamat balasan petugas pada laporan $number (unit: $unit) kami simpan sebagai catatan
internal dan TIDAK kami teruskan ke pelapor. Pengirimnya tidak kami beri tahu.

Alasan: $text

Mohon periksa catatan itu di aplikasi meja pengaduan.

---
An e-mail to an officer's reply address on $number was filed as an internal note and did NOT go to the reporter.
Reason: $text_en""",
    ),
    Purpose.UNDELIVERED: (
        "[$number] Surat kita tidak sampai",
        """Sebuah surat pada laporan $number (unit: $unit) tidak sampai ke penerimanya: $text.
Mohon hubungi pelapor dengan cara lain atau perbaiki alamat pada kebijakan.""",
    ),
}


def render(purpose: Purpose, own: Mapping[str, str] | None, facts: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text of a letter. `own` is the agency's wording (`subject`, `text`), where it has one. A placeholder
    that nobody fills stays visible rather than failing: a letter with a blemish beats no letter."""
    subject, text = LETTERS[purpose]
    if own:
        subject, text = own.get("subject", subject), own.get("text", text)
    return Template(subject).safe_substitute(facts), Template(text).safe_substitute(facts).strip() + "\n"


def answerable(text: str) -> str:
    """A letter to an office that it may answer, in the frame by which a reply is told from what it quotes."""
    return f"{MARKER}\n\n{OFFICE_REPLY}\n{OFFICE_REPLY_EN}\n\n{text.rstrip()}\n\n{END_MARK}\n"


def salutation(name: str) -> str:
    return f"Yth. Bapak/Ibu {name}," if name else "Yth. Pelapor,"
