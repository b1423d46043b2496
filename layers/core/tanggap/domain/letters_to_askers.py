"""What we say to whoever wrote a word of the menu (domain.menu): short, for it is read in a chat. It tells of no case,
or of several."""

from __future__ import annotations

from collections.abc import Mapping

from .letter_form import Letter
from .words import Purpose

TO_ASKERS: Mapping[Purpose, Letter] = {
    # What it says is in both languages already.
    Purpose.STATUS: Letter("Status laporan", "$text"),
    Purpose.MENU: Letter(
        "Layanan pengaduan $agency",
        """Ini layanan pengaduan $agency. Tulis laporan Bapak/Ibu di sini: apa yang terjadi, di mana, dan sejak kapan;
foto dan lokasi boleh dikirim. $assurance

Bapak/Ibu juga dapat menulis:
status - perkembangan laporan
lapor baru - laporan tentang hal lain
petugas - minta dihubungi petugas
berhenti - tanpa pesan otomatis""",
        "Tell us here what happened, where and since when. You can also write: status, new report, officer, stop.",
    ),
    Purpose.READY: Letter(
        "Laporan baru",
        "Silakan tulis laporan baru Bapak/Ibu: apa yang terjadi, di mana, dan sejak kapan.",
        "Please write your new report now.",
    ),
    Purpose.CALLED: Letter(
        "Petugas diberi tahu",
        "Petugas sudah kami beri tahu dan akan menjawab di sini, paling cepat pada jam kerja berikutnya.",
        "An officer has been told and will answer here.",
    ),
    Purpose.STOPPED: Letter(
        "Pesan otomatis dihentikan",
        """Baik, pesan otomatis kami hentikan, kecuali nomor laporan baru dan jawaban petugas. Laporan Bapak/Ibu tetap
diproses. Tulis "mulai" bila ingin menerimanya lagi.""",
        'Automatic messages stop, except the number of a new report and answers of officers. Write "start" to undo.',
    ),
    Purpose.STARTED: Letter(
        "Pesan otomatis dikirim lagi", "Baik, pesan otomatis kami kirim lagi.", "Automatic messages will be sent again."
    ),
}
