"""What an officer's mail says, as far as it decides whether it may go to the reporter: is it an answer at all, and is
all of it the officer's own?

A citizen's mail keeps whatever may be theirs; here it is the other way round. What goes out can't be taken back, so a
sign of a quote, or of an acknowledgement meant for the desk, is enough to ask the officer again."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .letters import LETTER_ENDS, OFFICE_REPLY, REPLY_ABOVE
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
    known = _RECEIPT | frozenset(_WORD.findall(name.lower()))
    return len(words) <= _RECEIPT_LONGEST and all(word in known for word in words)


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
