"""What an officer's mail says, as far as it decides whether it may go to the reporter: is it an answer at all, and is
all of it the officer's own?

A citizen's mail keeps whatever may be theirs; here it is the other way round. What goes out can't be taken back, so a
sign of a quote, or of an acknowledgement meant for the desk, is enough to ask the officer again."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .letter_frame import LETTER_ENDS, OFFICE_REPLY, REPLY_ABOVE
from .thanks import only_thanks

#: "Siap", "SELESAI", "Sudah pak": a receipt, or a command of other desks. No answer to a citizen is so short.
FEWEST_WORDS = 3
#: A line of our letter that stands whole in the mail is quoted; shorter ones anybody may write.
_LINE_WORDS, _LINE_LENGTH = 4, 24
_LINES_LOOKED_AT = 2_000


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Words that say to the desk that its letter was read; a mail of nothing else is no answer to the reporter.
_RECEIPT = _words(
    "siap baik baiklah ok oke okay okey noted catat dicatat diterima terima kasih terimakasih makasih trims thanks"
    " thank you laksanakan dilaksanakan perintah izin ijin mohon arahan arahannya koordinasi dikoordinasikan monitor"
    " 86 roger pak bu bapak ibu bpk kak mas mbak pimpinan komandan min admin tim rekan segera akan kami saya sudah kita"
    " ditindaklanjuti tindaklanjuti tindak lanjuti lanjut infonya informasinya info disposisi disposisinya suratnya"
    " emailnya surelnya dan atas dengan hormat selamat pagi siang sore malam assalamualaikum salam yth well received"
    " understood copy"
)
_RECEIPT_LONGEST = 12
_WORD = re.compile(r"\w+")

#: Lines by which other desks are told what to do: "#close", "status: closed", "prioritas = tinggi". What stands behind
#: the sign is a word or two; a sentence there is an answer.
_COMMAND = re.compile(
    r"[#/@!]\w[\w-]{0,30}(?:[ \t]+[\w-]{1,30}){0,2}"
    r"|(?:status|state|prioritas|priority|unit|petugas|owner|assign(?:ed)?(?: to)?|kategori|category|tag|label|tenggat"
    r"|due|tutup|close|resolve|reopen)[ \t]*[:=][ \t]*[\w-]{1,30}(?:[ \t]+[\w-]{1,30})?",
    re.IGNORECASE,
)
#: A receipt of a program's that only its text betrays.
_OPENED = re.compile(
    r"\b(?:read|return|delivery) receipt\b|\btanda terima (?:baca|pembacaan|surel|e-?mail)\b"
    r"|\b(?:surel|e-?mail|pesan|surat) anda\b.{0,400}\b(?:telah|sudah) (?:dibaca|dibuka|ditampilkan)\b.{0,40}\d"
    r"|\byour (?:message|e-?mail|mail)\b.{0,400}\bwas (?:read|opened|displayed) (?:on|at)\b",
    re.IGNORECASE | re.DOTALL,
)
_OPENED_LONGEST = 60  # words: an answer that mentions one is longer, or says so otherwise
#: Who speaks of the reporter, or passes the work on, speaks to somebody else; unless the reporter is addressed too.
_OF_THE_REPORTER = re.compile(
    r"\b(?:pelapornya|si pelapor|pelapor (?:ini|itu|tsb|tersebut))\b"
    r"|\b(?:tolong|mohon|harap|minta)(?: (?:segera|agar|untuk|dapat|bantu|bantuan|di|kiranya)){0,3}"
    r" (?:(?:di)?tindak ?lanjut(?:i|nya)?|(?:di)?disposisi(?:kan)?|(?:di)?koordinasikan|(?:di)?-?follow[- ]?up)\b"
    r"|\A\s*(?:fyi|untuk diketahui)\b",
    re.IGNORECASE,
)
_TO_THE_REPORTER = re.compile(
    r"\b(?:anda|saudar[ai]|bapak ?/ ?ibu|ibu ?/ ?bapak|pelapor yth|yth\.? pelapor)\b", re.IGNORECASE
)
_COLLEAGUE_LONGEST = 40

#: Signs that somebody else's words stand in a text, however a program marks them.
_QUOTED = (
    re.compile(r"^[ \t]{0,3}>", re.MULTILINE),
    re.compile(r"^[ \t]*(?:On|Pada|Le|Am)\b.{4,200}\b(?:wrote|menulis)\s*:[ \t]*$", re.MULTILINE | re.IGNORECASE),
    re.compile(
        r"^[ \t]*-{2,}[ \t]*(?:original message|pesan asli|forwarded message|pesan (?:yang )?diteruskan)\b",
        re.MULTILINE | re.IGNORECASE,
    ),
    re.compile(r"^[ \t]*(?:begin forwarded message|awal pesan yang diteruskan)\b", re.MULTILINE | re.IGNORECASE),
    re.compile(
        r"^[ \t*]{0,4}(?:From|Dari|Pengirim)\b[ \t*]{0,3}:[^\n]{1,300}\n(?:[^\n]{0,300}\n){0,4}?"
        r"[ \t*]{0,4}(?:Sent|Date|Dikirim|Terkirim|Tanggal|To|Kepada|Subject|Perihal|Subjek)\b[ \t*]{0,3}:",
        re.MULTILINE | re.IGNORECASE,
    ),
)
#: Pieces of the frame that every letter of ours to an office has.
_FRAME = (REPLY_ABOVE, "Please reply above this line", LETTER_ENDS, "End of our letter", OFFICE_REPLY.partition(".")[0])


def says_little(text: str, name: str = "") -> bool:
    """Thanks, a receipt, a word or two: nothing that a reporter could read as an answer."""
    words = _WORD.findall(text.lower()[:2_000])
    if len(words) < FEWEST_WORDS or only_thanks(text, (name,)):
        return True
    if len(words) <= _OPENED_LONGEST and _OPENED.search(text):
        return True
    known = _RECEIPT | frozenset(_WORD.findall(name.lower()))
    return len(words) <= _RECEIPT_LONGEST and all(word in known for word in words)


def only_commands(text: str) -> bool:
    """Is every line one that tells a program what to do?"""
    lines = [line.strip() for line in text.split("\n", 20) if line.strip()]
    return 0 < len(lines) <= 10 and all(_COMMAND.fullmatch(line) for line in lines)


def to_a_colleague(text: str) -> bool:
    """A few words that speak of the reporter, not to them."""
    few = len(_WORD.findall(text[:2_000])) <= _COLLEAGUE_LONGEST
    return few and bool(_OF_THE_REPORTER.search(text)) and not _TO_THE_REPORTER.search(text)


def quotes(text: str, letters: Iterable[str]) -> bool:
    """Does it hold words that are not the officer's own: another's mail, or lines of these letters of ours? A letter
    may hold an internal note, which no reporter is to read."""
    if any(sign.search(text) for sign in _QUOTED):
        return True
    flowing = _flowing(text)
    if any(_flowing(piece) in flowing for piece in _FRAME):
        return True
    lines = (_flowing(line) for letter in letters for line in letter.split("\n")[:_LINES_LOOKED_AT])
    return any(_telling(line) and line in flowing for line in lines)


def _telling(line: str) -> bool:
    return len(line) >= _LINE_LENGTH and line.count(" ") + 1 >= _LINE_WORDS


def _flowing(text: str) -> str:
    """Programs wrap, indent and mark lines anew."""
    return " ".join(text.lower().replace(">", " ").split())


def own_lines_cut(text: str, full_text: str, most: int = 5) -> tuple[int, tuple[str, ...]]:
    """How many lines of a mail were left out, and the first of those that are no quote: a signature, or what was taken
    for one."""
    kept: dict[str, int] = {}
    for line in text.split("\n"):
        kept[line.strip()] = kept.get(line.strip(), 0) + 1
    count, shown = 0, []
    for line in full_text.split("\n"):
        bare = line.strip()
        if not bare:
            continue
        if kept.get(bare, 0):
            kept[bare] -= 1
            continue
        count += 1
        quoted = bare.startswith(">") or any(_flowing(piece) in _flowing(bare) for piece in _FRAME)
        if quoted:
            shown.append("")
        elif "" not in shown and len(shown) < most:
            shown.append(bare[:100])
    return count, tuple(line for line in shown if line)
