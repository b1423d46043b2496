"""What a reporter was asked, and whether their words have the form of an answer to it.

No list of answers: a question about a place is answered by words of place, one about a telephone by a number. Who is
asked for one thing and tells another names the matter, or takes longer than a machine (second_sign)."""

from __future__ import annotations

import functools
import re

from .letter_form import LANGUAGES
from .letters import ASSURANCE, LETTERS
from .words import Purpose

_LOOKED_AT = 4_000
_FILLED = re.compile(r"\$\w+")

_NUMBER = r"(?<!\d)\d[\d .,-]{0,20}"
#: What is asked about -> what answers it. Machines name days to come and numbers to call, so neither counts where it
#: was not asked for.
_FORMS: tuple[tuple[str, str], ...] = (
    (r"telepon|telp|ponsel|kontak|whatsapp|\b(?:hp|wa|phone|call)\b", r"(?:\+?62|\b0)[\s-]?8\d(?:[\s-]?\d){6,}"),
    (
        r"\b(?:rt|rw)\b|alamat|lokasi|letak|patokan|tempat|\bmana\b|dusun|\bdesa (?:apa|mana)|kampung|dimana|sebelah|"
        r"posisi|arah|where|address|location",
        r"\b(?:rt|rw|no(?:mor)?|gg|gang|jl|jln|blok|dusun|km)\b\.? *\d|-?\d{1,3}\.\d{4,}|maps|"
        r"\b(?:sebelah|samping|seberang|belakang|dekat|tikungan|belokan|pojok|perempatan|pertigaan|ujung|sisi|patokan\w*)\b|"
        r"\bdi (?:depan|atas|bawah|dalam|antara|kiri|kanan)\b|\b(?:utara|selatan|timur|barat|lor|kidul|kulon|wetan)\b|"
        r"\b(?:next to|near|behind|opposite|in front of|left|right|corner|side)\b",
    ),
    (
        r"kapan|tanggal|\b(?:jam|pukul|hari apa|sejak|waktu|when)\b",
        r"\b(?:kemarin|kmrn|wingi|tadi|barusan|(?:minggu|bulan|tahun|hari \w+) (?:lalu|kemarin)|yang lalu|sekitar|"
        r"kira-?kira|kejadian\w*|yesterday|last|ago)\b",
    ),
    (r"(?:jam|pukul) berapa|what time", r"\b(?:jam|pukul)\b *(?:\d|se|satu|dua|tiga|empat|lima)|\d *(?:am|pm)\b"),
    (r"\b(?:nama|siapa|who|name)\b", r"\b(?:nama\w*|bernama|a\.n\.?|name|named|bin|binti)\b"),
    (r"\b(?:nik|ktp|kk|angka|digit)\b", r"\b(?:nik|ktp|kk)\b|\b\d{4}\b"),
    (r"\bno(?:mor)?\b|number", r"\b(?:no|nomor\w*|number)\b[.:]? *\d"),
    (
        r"berapa|ukuran|lebar|panjang|tinggi|jumlah|how (?:many|much|wide|long|big)",
        rf"{_NUMBER} *(?:m|cm|km|meter|senti\w*|kg|buah|orang|ribu|juta|jt|rb)\b|\b(?:se|satu |dua |tiga )meter",
    ),
    (
        r"apakah|\bapa\b|\b(?:is|are|do|did|may|can)\b",
        r"\A\W*(?:ya|iya|iyah|inggih|nggih|yes|no|boleh|bisa|silakan|silahkan|monggo|mangga|tidak|tdk|nggak|enggak|gak|"
        r"belum|blm|bukan|jangan|ada|betul|benar)\b",
    ),
    (
        r"foto|gambar|lampir|bukti|kuitansi|kwitansi|dokumen|photo|picture|proof",
        r"\b(?:foto\w*|gambar\w*|lampir\w*|"
        r"terlampir|bukti\w*|photos?|pictures?|attached)\b",
    ),
)
#: What people say instead of an answer: that they do not know, have told it, will, or will not; who else knows.
_INSTEAD = re.compile(
    r"\b(?:lupa|lali|poho|forgot|don't know|do not know|batal\w*|"
    r"(?:tidak|tdk|nggak|gak|kurang|ora|teu) (?:tahu|tau|ingat|ngerti|apal)|"
    r"(?:sudah|udah|sdh) (?:saya|kami) (?!terima|baca|catat|simpan)\w+|"
    r"(?:besok|nanti|sebentar) (?:\w+ )?(?:saya|kami)|"
    r"(?:adik|kakak|anak|suami|istri|ibu|bapak|ayah|tetangga) (?:saya|kami|kula|abdi)|"
    r"my (?:wife|husband|son|mother|neighbou?r))\b"
)
#: Words in which one asks, and machines speak too.
_ASKING = re.compile(
    r"\b(?:mohon|harap|tolong|sebutkan|kirim\w*|lengkap\w*|kejadian\w*|boleh\w*|bisa|bila)\b", re.IGNORECASE
)
_TABLE = tuple((re.compile(asks), re.compile(told)) for asks, told in _FORMS)


def asked_in(letter: str) -> str:
    """What the officer wrote, of a letter with a question in it: the lines that are none of ours. Of an agency's own
    wording more is left."""
    ours = _ours()
    said = (line for line in letter.split("\n") if not any(one.fullmatch(line.strip()) for one in ours))
    return _ASKING.sub(" ", "\n".join(said))


def answers(text: str, question: str) -> bool:
    """Or what is said instead. `text`: what the reporter wrote, quotes cut; `question`: as `asked_in` found it."""
    low, asked = " ".join(text[:_LOOKED_AT].lower().split()), question[:_LOOKED_AT].lower()
    return bool(_INSTEAD.search(low)) or any(asks.search(asked) and told.search(low) for asks, told in _TABLE)


@functools.cache
def _ours() -> tuple[re.Pattern[str], ...]:
    """Each line of our wording, with whatever fills its placeholders."""
    letter = LETTERS[Purpose.QUESTION]
    texts = [one for language in LANGUAGES for one in (letter.text(language), letter.without_date(language))]
    lines = {line.strip() for text in (*texts, *ASSURANCE.values()) for line in text.split("\n")}
    # A line that is nothing but what fills it could be anything.
    return tuple(re.compile(_wild(line)) for line in sorted(lines) if _FILLED.sub("", line) or not line)


def _wild(line: str) -> str:
    return ".*".join(map(re.escape, _FILLED.split(line)))
