"""What we write to reporters. Norms: thank first; "received and recorded", never "accepted as true"; dates with their
zone; Anda or Bapak/Ibu, never kamu."""

from __future__ import annotations

from collections.abc import Mapping

from .letter_form import Letter
from .words import Purpose

_FOOT = """
Menambah keterangan: balas surel ini (biarkan nomor laporan pada subjek). $assurance

Hormat kami,
$agency"""

TO_REPORTERS: Mapping[Purpose, Letter] = {
    Purpose.ACKNOWLEDGEMENT: Letter(
        "[$number] Laporan Anda telah kami terima",
        """Terima kasih. Laporan Bapak/Ibu telah kami terima dan kami catat.

Nomor laporan   : $number
Diterima        : $received
Perihal         : $subject
Lampiran        : $files
Langkah berikut : pemeriksaan kelengkapan, paling lambat $next_step$counted
$notes"""
        + _FOOT,
        """Thank you. Your report was received and recorded as $number on $received.
Next step: we check it by $next_step$counted. To add something, reply to this e-mail.
$assurance""",
        undated=((", paling lambat $next_step$counted", ""), (" by $next_step$counted", "")),
    ),
    Purpose.QUESTION: Letter(
        "[$number] Mohon lengkapi laporan Anda",
        """Terima kasih atas laporan Bapak/Ibu nomor $number. Agar dapat kami proses, mohon lengkapi hal berikut:

$text

Mohon balas surel ini paling lambat $next_step. Bila sampai saat itu belum ada balasan, laporan ini kami tutup; balasan
sesudahnya membukanya kembali. Tenggat penanganan dihentikan sementara sampai balasan kami terima.
"""
        + _FOOT,
        """\
We need more details to go on with report $number (see above). Please reply to this e-mail by $next_step. Without a
reply by then the report is closed; a later reply opens it again.""",
        undated=(
            (
                """ paling lambat $next_step. Bila sampai saat itu belum ada balasan, laporan ini kami tutup; balasan
sesudahnya membukanya kembali.""",
                ".",
            ),
            (
                """ by $next_step. Without a
reply by then the report is closed; a later reply opens it again.""",
                ".",
            ),
        ),
    ),
    Purpose.DISPOSITION: Letter(
        "[$number] Laporan Anda diteruskan ke $unit",
        """Laporan Bapak/Ibu nomor $number telah kami teruskan ke $unit untuk ditindaklanjuti.

Tenggat penyelesaian: $next_step$counted
"""
        + _FOOT,
        "Your report $number was passed on to $unit. It is due by $next_step$counted.",
        undated=(("\nTenggat penyelesaian: $next_step$counted\n", ""), (" It is due by $next_step$counted.", "")),
    ),
    Purpose.REPLY: Letter(
        "[$number] Perkembangan laporan Anda",
        """$text
"""
        + _FOOT,
    ),
    Purpose.ANSWER: Letter(
        "[$number] Tanggapan atas laporan Anda",
        """$text

Bila tanggapan ini belum menjawab laporan Bapak/Ibu, balas surel ini paling lambat $next_step. Tanpa balasan, laporan
kami nyatakan selesai.
"""
        + _FOOT,
        "This is our answer to report $number. If it does not settle the matter, reply to this e-mail by $next_step.",
        undated=(
            (" paling lambat $next_step. Tanpa balasan, laporan\nkami nyatakan selesai.", "."),
            (" by $next_step.", "."),
        ),
    ),
    Purpose.REJECTION: Letter(
        "[$number] Laporan Anda tidak dapat kami proses",
        """Terima kasih atas laporan Bapak/Ibu nomor $number. Setelah kami periksa, laporan ini tidak dapat kami proses:

$text

Bila menurut Bapak/Ibu hal ini keliru, silakan balas surel ini.
"""
        + _FOOT,
        "We cannot process report $number for the reason above. If you think this is wrong, reply to this e-mail.",
    ),
    Purpose.TRANSFER: Letter(
        "[$number] Laporan Anda dilimpahkan ke instansi lain",
        """Laporan Bapak/Ibu nomor $number bukan kewenangan kami dan telah kami limpahkan:

$text
"""
        + _FOOT,
        "Report $number was handed to another agency (see above).",
    ),
    Purpose.DUPLICATE: Letter(
        "[$number] Laporan Anda digabungkan",
        """Laporan Bapak/Ibu nomor $number menyangkut hal yang sudah kami tangani, sehingga kami gabungkan.

$text
"""
        + _FOOT,
        "Report $number concerns a matter that is already being handled and was joined to it.",
    ),
    Purpose.CLOSING: Letter(
        "[$number] Laporan Anda selesai",
        """Laporan Bapak/Ibu nomor $number kami nyatakan selesai karena tidak ada balasan sampai $next_step.
Bila masih ada yang perlu disampaikan, silakan balas surel ini.
"""
        + _FOOT,
        "Report $number was closed, as no reply came. You can still reply to this e-mail.",
        undated=((" sampai $next_step", ""),),
    ),
    Purpose.UNANSWERED: Letter(
        "[$number] Laporan Anda ditutup: belum lengkap",
        """Laporan Bapak/Ibu nomor $number kami tutup karena yang kami minta belum lengkap kami terima sampai
$next_step.

Bila kelengkapan itu sudah ada, atau sudah Bapak/Ibu kirim, balas surel ini: laporan kami buka kembali.
"""
        + _FOOT,
        """\
Report $number was closed, as the details that we asked for are not complete. Reply to this e-mail with them and it is
opened again.""",
        undated=((" sampai\n$next_step", ""),),
    ),
    Purpose.NEW_DATE: Letter(
        "[$number] Tenggat laporan Anda berubah",
        """Mengenai laporan Bapak/Ibu nomor $number:

$text

Tenggat yang baru: $next_step

Hitungannya:
$derivation
"""
        + _FOOT,
        "The date by which report $number is due has changed, for the reason above. It is now $next_step$counted.",
        undated=(
            ("\nTenggat yang baru: $next_step\n\nHitungannya:\n$derivation\n", ""),
            (" It is now $next_step$counted.", ""),
        ),
    ),
    Purpose.LEFT_OUT: Letter(
        "[$number] Sebagian isi surel Anda tidak dapat kami baca",
        """Terima kasih, pesan Bapak/Ibu pada laporan nomor $number telah kami terima. Sebagian isinya tidak dapat kami
baca atau simpan:

$text
Silakan kirim bagian itu sekali lagi dalam surel tersendiri.
"""
        + _FOOT,
        """\
Your message on report $number was received, but we could not read or keep all of it (see above). Please send that part
again in a mail of its own.""",
    ),
    Purpose.STILL_SETTLED: Letter(
        "[$number] Apakah laporan Anda perlu dibuka kembali?",
        """Terima kasih, pesan Bapak/Ibu pada laporan nomor $number telah kami terima dan kami simpan. Laporan itu sudah
berstatus: $status.

Pesan Bapak/Ibu terbaca seperti balasan otomatis, sehingga laporan belum kami buka kembali. Bila memang belum selesai,
balas surat ini dengan beberapa kata, misalnya "belum selesai". Bila tidak, surat ini dapat diabaikan.
"""
        + _FOOT,
        """\
Your message on report $number was received and kept. It reads like an automatic answer, so the report stays settled. If
it is not solved, reply with a few words and it is opened again.""",
    ),
    Purpose.STILL_WAITING: Letter(
        "[$number] Apakah pesan tadi jawaban Anda?",
        """Terima kasih, pesan Bapak/Ibu pada laporan nomor $number telah kami terima dan kami simpan.

Pesan itu terbaca seperti balasan otomatis, sehingga belum kami hitung sebagai jawaban atas pertanyaan kami. Bila memang
jawaban Bapak/Ibu, balas surat ini dengan "ya" paling lambat $next_step; bila bukan, kirim keterangan yang kami minta.
"""
        + _FOOT,
        """\
Your message on report $number was received and kept. It reads like an automatic answer and does not count as your reply
yet. If it is your reply, answer this e-mail with "yes" by $next_step; if not, send the details that we asked for.""",
        undated=((" paling lambat $next_step", ""), (" by $next_step", "")),
    ),
    Purpose.PRAISED: Letter(
        "[$number] Terima kasih atas apresiasi Anda",
        """Terima kasih atas apresiasi Bapak/Ibu. Kami catat dengan nomor $number dan kami sampaikan kepada petugas.
Bila ada yang perlu dilaporkan, silakan tulis kapan saja.
"""
        + _FOOT,
        "Thank you for your kind words. We have noted them as $number and pass them on to our staff.",
    ),
    Purpose.SPLIT: Letter(
        "[$number] Pesan Anda menjadi laporan tersendiri",
        """Pesan Bapak/Ibu pada laporan nomor $former menyangkut hal lain. Kami mencatatnya sebagai laporan tersendiri:

Nomor laporan   : $number
Langkah berikut : pemeriksaan kelengkapan, paling lambat $next_step$counted

Laporan nomor $former tetap berjalan seperti semula.
"""
        + _FOOT,
        """Your message on report $former is about another matter. It is now a report of its own, $number;
we check it by $next_step$counted. Report $former goes on as before.""",
        undated=((", paling lambat $next_step$counted", ""), (";\nwe check it by $next_step$counted", "")),
    ),
}
