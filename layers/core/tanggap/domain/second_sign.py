"""Is a mail on a settled case, or on one that waits for details, surely a person's?

A machine answers a letter of ours within minutes and says nothing of the matter. Where both hold and nothing else tells
of a person, the mail is filed, the office told, and the reporter asked once: a second mail that says something else
brings the case back, or is the answer. No list of what machines say is needed, so it holds for those whose words nobody
foresaw. In doubt a person is asked for one more line; a case that a machine brought back is work for an office each
time, and one that waits for nobody any more is worked on without what was asked."""

from __future__ import annotations

import functools
import re
from datetime import timedelta

from .likeness import likeness, roots, sketch
from .thanks import only_thanks
from .unsettled import says_unsettled

#: Who takes longer is a person. A machine's answer is held up by minutes: servers that make strangers wait are tried
#: again within the hour.
SOON = timedelta(hours=1)
#: The same where we asked for details, which a person at a telephone answers within minutes too: a machine answers in
#: the minute, and a server that makes strangers wait takes its second try after five, as a rule.
AT_ONCE = timedelta(minutes=10)
#: Below so many words it is no machine's letter, and may be the whole answer: "RT 03 RW 05", "ya, boleh".
HANDFUL = 5
#: So much of the same words is the same text, with another number or date in it.
REPEATED = 0.8
#: Characters that are looked at.
LOOKED_AT = 4_000
#: A machine's text is longer.
BRIEF = 60
#: Below our own subject so many different words of mail and offices: people say one of them in passing.
ENOUGH = 2

_MARKS = r"(?:\s*(?:re|bls|balas|balasan|fw|fwd|aw|antw|sv|vs|tr|rv|rif)(?:\[\d{1,3}\])?\s*:)*\s*"
#: A machine speaks of mail, of him who reads it, of who is away or whom to turn to.
_OF_MAIL = (
    *("mail", "surel", "surat", "pesan", "anda", "saudara", "bapak/ibu", "nasabah", "pelanggan", "tiket", "ticket"),
    *("message", "inbox", r"\byou\b", r"\byour\b", "@", "https?:", "hubungi", "balas", "kembali", "cuti", "libur"),
    *("tutup", "contact", "reply", "respon", "nachricht", "bericht", "courriel", "absen", "ot?tomat", "automat"),
    *("terima ?kasih", "thank", "merci", "danke", "bedankt", "gracias", "obrigad", "permohonan", "anfrage", "solicit"),
    *("demande", "klik", "click"),
    "[^\x00-\u024f\u2000-\u2bff\U0001f000-\U0001ffff]{4}",  # a script that few here write
)
#: What people say to an office that called their matter settled, besides that it is not (unsettled).
_OF_A_PERSON = (
    *("lho", "loh", "kok", "koq", "padahal", "nyatanya", "katanya", "percuma", r"janji\w*", r"bohong\w*", "doang"),
    *("kenapa", "knp", "mengapa", "gimana", "durung", "dereng", "keberatan", "banding", "kecewa", "salah", "keliru"),
    *("ralat", "sebenarnya", "seharusnya", "harusnya", "maksud saya", "(?:di)?tinjau (?:ulang|lagi|kembali)"),
    *(r"(?:di)?buka (?:lagi|kembali|laporan\w*)", r"jangan (?:di)?tutup", r"(?:di)?cek lagi", r"dicek"),
    r"(?:saya|kami|warga) (?:tetap|tunggu|minta|mohon|heran|capek|bosan|lampirkan|lengkapi|tidak (?:terima|setuju))",
    *(r"(?:berkas|data|nomor|alamat|nama) (?:\w+ )?saya (?:ganti|sudah|salah|bukan)", "penjelasan", "kejelasan"),
    *("reopen", "not (?:fixed|resolved|true|satisfied|correct|agree)", "disagree", "unacceptable", "why", "when will"),
    *("keep (?:the|my|this) (?:case|report)", "still (?:no|not|broken|the same)", "minta (?!maaf)"),
    *("rusak", "mampet", "banjir", "bocor", "padam", "macet", "longsor", "sampah", "keruh", "gelap", "roboh", "ambruk"),
    *("tumbang", "jebol", "meluap", r"(?:ber)?lubang\w*", "pungli", "mati (?:lagi|total|terus)", "bau"),
    *("ngga[k]?", "ga[k]? ada", "datang", "dateng", "tapi"),
    *(
        "kemarin",
        "barusan",
        "tadi (?:pagi|siang|sore|malam)",
        "isih",
        "tetapi",
        "tambahan",
        "however",
        "masih (?:tidak|belum|saja|juga|mati|sama|begitu|seperti|ada yang)(?! (?:dapat|bisa|sempat))",
    ),
)
#: A script without spaces: each of its signs counts.
_WORD = re.compile(r"[\u0e00-\ufaff]|[^\W_]+")
_YES = re.compile(r"(?:ya|iya|iyah|yes|yep|betul|benar|perlu|inggih|nggih|enggih|muhun|sumuhun)\b")
_MAIL = re.compile("|".join(_OF_MAIL))
_PERSON = re.compile(rf"\b(?:{'|'.join(_OF_A_PERSON)})\b")


def says_so(subject: str, text: str, of_case: str, number: str, *, asked: bool = False) -> bool:
    """Do its words alone tell of a person? `text`: what the sender wrote, quotes cut; `of_case`: the case's subject.
    `asked`: we asked for details, and people answer at length without a word of mail and offices, but with one of them
    in few words."""
    low = " ".join(text[:LOOKED_AT].lower().split())
    if not _answers(subject, of_case, number):  # words of its own stand before ours, or instead
        if only_thanks(low):  # below a matter that stands in the subject
            return True
        low = f"{subject} {low}".lower()
        if ("?" in low or len(low) <= BRIEF) and not _MAIL.search(low):
            return True
    elif "?" in low or (asked and len(low) <= BRIEF) or len(set(_MAIL.findall(low))) < (1 if asked else ENOUGH):
        return True
    return bool(_PERSON.search(low)) or says_unsettled(low)


def says_little(text: str) -> bool:
    return len(_WORD.findall(text[:LOOKED_AT])) < HANDFUL


def says_yes(text: str) -> bool:
    """To the question whether it is to be opened again: "Ya, terima kasih"."""
    return bool(_YES.match(text.strip().lower()))


def _answers(subject: str, of_case: str, number: str) -> bool:
    """Is it our letter's subject or the report's, with nothing but marks of a reply before it?"""
    bare = re.sub(rf"\A{_MARKS}", "", subject[:500], flags=re.IGNORECASE).strip()
    theirs = bool(of_case) and bare.startswith(of_case)
    return theirs or bare.upper().startswith((f"[{number}", number)) or not any(map(str.isalnum, bare))


def speaks_of(text: str, subject: str, said: tuple[str, ...]) -> bool:
    """Does it name a thing, no place, that the reporter's own messages (`said`) named? `subject`: the case's."""
    named = roots(subject, "\n".join(said)) - _common()
    return not named.isdisjoint(roots("", text[:LOOKED_AT]))


def same(text: str, other: str) -> bool:
    one, two = sketch("", text[:LOOKED_AT], None).words, sketch("", other[:LOOKED_AT], None).words
    return likeness(one, two) >= REPEATED if one and two else text.strip().lower() == other.strip().lower()


@functools.cache
def _common() -> frozenset[str]:
    """Said by machines and reporters alike: offices, letters, time."""
    return roots(
        "",
        "laporan lapor aduan pengaduan keluhan kantor kelurahan kecamatan dinas instansi petugas layanan"
        " pelayanan nomor email surel surat pesan telepon balas balasan jawab jawaban hubungi informasi hari senin"
        " selasa rabu kamis jumat sabtu minggu bulan tahun tanggal januari februari maret april mei juni juli"
        " agustus september oktober november desember jam pagi siang sore malam besok kabupaten kota provinsi desa"
        " jalan indonesia pemerintah masyarakat warga pelanggan nama alamat waktu proses selesai tutup buka kerja"
        " status tindak lanjut terkait pihak bantuan bantu masalah permohonan berkas data unit bagian pegawai staf"
        " kepala ketua sekretaris tanpa lalu urusan perihal subjek kirim terkirim terima baca antre antrean report"
        " office mail number thank please service request ticket message time day week afterwards subject list"
        " post window recipient platform lewat melalui sejak depan biasa lama baru sementara mulai hingga",
    )
