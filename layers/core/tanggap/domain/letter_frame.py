"""What stands around a letter when it is sent: no wording of an agency's own can lose it."""

from __future__ import annotations

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


def answerable(text: str) -> str:
    """A letter to an office that it may answer, in the frame by which a reply is told from what it quotes."""
    return f"{MARKER}\n\n{OFFICE_REPLY}\n{OFFICE_REPLY_EN}\n\n{text.rstrip()}\n\n{END_MARK}\n"


def followed(number: str, link: str, code: str = "") -> str:
    """Where a report is followed; with its `code` in the letters that tell a reporter its number. It is put in when a
    letter leaves: no row, history or officer's view holds a code."""
    if not code:
        return f"Pantau / Follow: {link}"
    return (
        f"Pantau: {link}\n  nomor {number}, kode {code}\n  Simpan kode ini dan jangan berikan kepada orang lain.\n"
        f"Follow your report there with this number and code; keep the code to yourself."
    )


def salutation(name: str) -> str:
    return f"Yth. Bapak/Ibu {name}," if name else "Yth. Pelapor,"
