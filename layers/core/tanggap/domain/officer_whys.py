"""Why an officer's mail did not go to the reporter, as the officer reads it: Indonesian, English. By the name of the
question that stopped it (officer_mail). `$again`: when the next one goes through."""

from __future__ import annotations

from collections.abc import Mapping

from .office_tokens import REPLY_DAYS

WHYS: Mapping[str, tuple[str, str]] = {
    "another_sender": (
        "pengirimnya bukan alamat petugas yang kami surati; mungkin surat itu diteruskan kepada orang lain.",
        "it came from another address than the one that our letter went to.",
    ),
    "no_dmarc": (
        "keaslian alamat pengirim tidak terbukti karena domainnya belum memakai DMARC. Jawablah lewat aplikasi, dan "
        "mintalah pengelola domain surel kantor Anda memasang DMARC.",
        "your mail domain has no DMARC, so the sender can't be proved. Please answer in the desk.",
    ),
    "unproved": (
        "surel itu memakai alamat petugas, tetapi keasliannya tidak terbukti (DMARC); bisa jadi palsu.",
        "it shows an officer's address, but did not prove it (DMARC); it may be forged.",
    ),
    "first_too_often": (
        "terlalu banyak surel dari petugas pada laporan ini dalam waktu singkat, mungkin dari balasan otomatis. Surel "
        "berikutnya hanya disimpan, tanpa pemberitahuan; surel diteruskan lagi mulai $again. Sebelum itu, jawablah "
        "lewat aplikasi.",
        "too many e-mails of officers on this case in a short time, perhaps automatic ones. Further ones are only "
        "filed; e-mail is passed on again from $again. Until then please answer in the desk.",
    ),
    "not_theirs": (
        "menurut kebijakan meja pengaduan alamat Anda tidak menangani laporan ini. Petugas yang menanganinya dan "
        "koordinator sudah kami beri tahu; isi surel Anda dapat mereka baca di aplikasi.",
        "your address does not work on this case. Its desk and the coordinator were told, and read it in the desk.",
    ),
    "several_cases": (
        "surel itu ditujukan ke alamat balasan lebih dari satu laporan. Balaslah tiap surat tersendiri.",
        "it was addressed to the reply addresses of more than one case. Please answer each letter by itself.",
    ),
    "expired": (
        f"surat yang dibalas sudah lewat {REPLY_DAYS} hari. Balaslah surel ini, atau surat yang lebih baru.",
        f"the letter that you answered is older than {REPLY_DAYS} days. Please reply to this one instead.",
    ),
    "off_case": (
        "laporan ini tidak lagi ditangani alamat Anda menurut kebijakan meja pengaduan. Hubungi koordinator.",
        "your address does not work on this case any more. Please ask the coordinator.",
    ),
    "ended": (
        "laporan sudah berakhir. Bila perlu, minta koordinator membukanya kembali lewat aplikasi.",
        "the case has ended. It can be reopened in the desk.",
    ),
    "astray": (
        "surel itu tidak dikirim ke alamat balasan surat kami kepada Anda, melainkan ke alamat pelapor atau alamat "
        "umum meja pengaduan (program surel kadang melengkapinya sendiri). Untuk menjawab pelapor, balas surel ini dan "
        "tulis jawaban Anda sekali lagi di baris paling atas.",
        "it did not come to the reply address of our letter to you, but to the reporter's or the desk's. To answer the "
        "reporter, reply to this e-mail and write your answer once more.",
    ),
    "too_long": ("teksnya terlalu panjang. Kirim ringkasannya, dan sisanya sebagai lampiran.", "the text is too long."),
    "unclear": (
        "isinya tidak terbaca utuh (terenkripsi, rusak, atau memuat surat orang lain). Tulislah jawaban dalam surel "
        "baru ke alamat balasan ini sebagai teks biasa.",
        "we could not read all of it for certain. Please answer in plain text.",
    ),
    "empty": (
        "tidak ada teks di atas kutipan. Tulislah jawaban di baris paling atas; lampiran saja tidak cukup.",
        "there is no text above the quote. Please write your answer at the top.",
    ),
    "quoted": (
        "di dalamnya masih ada kutipan surat lain, yang mungkin memuat catatan internal. Hapus kutipannya, lalu balas "
        "sekali lagi.",
        "it still quotes another letter, which may hold internal words. Please remove the quote and reply again.",
    ),
    "command": (
        "isinya hanya baris perintah. Tidak ada perintah lewat surel: status, unit dan prioritas diubah lewat "
        "aplikasi. Untuk menjawab pelapor, balas dengan kalimat lengkap.",
        "it holds nothing but commands, and there are none by e-mail: status, unit and priority are changed in the "
        "desk. To answer the reporter, write a full sentence.",
    ),
    "says_little": (
        "isinya tampak sebagai tanda terima atau perintah, bukan jawaban bagi pelapor. Tidak ada perintah lewat surel: "
        "status diubah lewat aplikasi. Untuk menjawab pelapor, balas dengan kalimat lengkap.",
        "it reads like a receipt or a command, not like an answer. To answer the reporter, write a full sentence; "
        "there are no commands by e-mail.",
    ),
    "to_a_colleague": (
        "isinya tampak ditujukan kepada rekan kerja, bukan kepada pelapor. Catatan untuk rekan ditulis lewat aplikasi. "
        'Bila memang untuk pelapor, sapalah pelapor ("Bapak/Ibu" atau "Anda") dan balas sekali lagi.',
        'it reads as if meant for a colleague. If it is for the reporter, address them ("Bapak/Ibu", "Anda") and reply '
        "again.",
    ),
    "repeated": (
        "isinya sama dengan surel Anda sebelumnya pada laporan ini.",
        "it says the same as your earlier e-mail on this case.",
    ),
}
