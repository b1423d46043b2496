"""The few words that a person may write in a chat to be served at once. They count only where they are the whole
message: within a report they are its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from . import pairs, receipts
from .numbers import normalise


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: A word of the menu is short; nothing longer is looked at.
LONGEST = 80
#: What asks how a report stands, with its number and code, is not longer; what is tells of a matter too.
SHORT = 300


class Word(StrEnum):
    STATUS = "status"
    NEW = "new"
    OFFICER = "officer"
    STOP = "stop"
    START = "start"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Asked:
    """`text`: of a new report that was written behind the word. `number` and `code`: of the report that is asked about.
    `named`: one was named, though it may be no number at all; then `number` may be empty."""

    word: Word
    text: str = ""
    number: str = ""
    code: str = ""
    named: bool = False


#: Indonesian as it is typed, Javanese and Sundanese where they have a word, English.
WORDS: Mapping[Word, str] = {
    Word.STATUS: """status, setatus, statuss, satus, sttus, stts, cek status, check status, cek laporan, cek aduan,
        cek laporan saya, cek aduan saya, status laporan, status laporan saya, status aduan, status aduan saya,
        status pengaduan, status laporan saya bagaimana, lacak, lacak laporan, lacak aduan, progres, progress,
        perkembangan, perkembangan laporan, laporan saya, aduan saya, my report, my reports, report status, track""",
    Word.NEW: """lapor baru, laporan baru, lpor baru, lapor bru, laporan bru, lapr baru, lapor br, aduan baru,
        pengaduan baru, buat laporan, buat laporan baru, buat aduan, buat pengaduan, bikin laporan, lapor, mau lapor,
        saya mau lapor, sy mau lapor, mau melapor, saya mau melapor, ingin lapor, ingin melapor, saya ingin melapor,
        mau ngadu, mau mengadu, saya mau mengadu, ingin mengadu, pengaduan, hal lain, arek lapor, ajeng lapor,
        new report, report, new, i want to report""",
    Word.OFFICER: """petugas, ptugas, petugass, petgas, admin, operator, cs, customer service, bicara dengan petugas,
        mau bicara dengan petugas, ingin bicara dengan petugas, hubungi petugas, minta petugas, panggil petugas,
        chat petugas, ngobrol dengan petugas, sambungkan ke petugas, bicara petugas, hubungkan dengan petugas,
        bisa bicara dengan petugas, officer, human, agent, talk to an officer, talk to a human""",
    Word.STOP: """berhenti, brhenti, brenti, berenti, berhnti, henti, stop, setop, berhenti langganan, stop pesan,
        stop kirim pesan, jangan kirim lagi, jangan kirim pesan lagi, unsubscribe, stop messages""",
    Word.START: "mulai, mulei, mulai lagi, lanjut kirim, langganan lagi, start, subscribe",
    Word.HELP: """bantuan, bntuan, bantuannya, menu, help, info, bantu, cara lapor, cara melapor, gimana cara lapor,
        gimana cara melapor, bagaimana cara lapor, bagaimana cara melapor, how to report""",
}
#: Commands as Telegram sends them, each with what its client shows.
COMMANDS: Mapping[str, Word] = {
    "start": Word.HELP,  # every talk with a bot begins with it
    "help": Word.HELP,
    "menu": Word.HELP,
    "bantuan": Word.HELP,
    "status": Word.STATUS,
    "lapor": Word.NEW,
    "laporbaru": Word.NEW,
    "lapor_baru": Word.NEW,
    "petugas": Word.OFFICER,
    "berhenti": Word.STOP,
    "stop": Word.STOP,
    "mulai": Word.START,
}
_BY_PHRASE = {" ".join(one.split()): word for word, listed in WORDS.items() for one in listed.split(",")}
#: Long enough to be told apart with one letter wrong.
_NEARLY = {phrase: word for phrase, word in _BY_PHRASE.items() if " " not in phrase and len(phrase) >= 6}

#: Said before, and worth no answer of its own beside the word.
_POLITE = word_set("min admin pak bu kak mas mbak bang om tolong mohon please ya dong")
_COMMAND = re.compile(r"/([a-z_]{2,20})(?:@\w{1,40})?(?:\s+(.*))?\Z", re.DOTALL)
_NEW_WITH_TEXT = re.compile(
    r"\s*(?:lapor(?:an)?|aduan|pengaduan|lpr|new report)(?:\s+b(?:a?r)u)?\s*[:;\n]\s*(\S.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_STATUS_OF = re.compile(
    r"\s*/?(?:cek |check )?s(?:e?tatus|tts|ttus)(?:@\w{1,40})?(?: (?:laporan|aduan|nomor|no))?\s*[:.]?\s*"
    r"(tgp[\s\-\u2010-\u2015]?(?:[a-z0-9]{9}|[a-z0-9]{3}([\s\-.])[a-z0-9]{3}\2[a-z0-9]{3}|[a-z0-9]{6,12}))"
    r"(?:[\s,;:/]+(?:kode|code)?[\s:]*([a-z0-9][a-z0-9.\s\-\u2010-\u2015]{3,24}))?\s*[.!?]*\s*\Z",
    re.IGNORECASE,
)


def asked(text: str) -> Asked | None:
    """What a message asks for, if it is nothing but a word of the menu."""
    if found := _STATUS_OF.fullmatch(text[: 2 * LONGEST]) if len(text) <= 2 * LONGEST else None:
        number = normalise(found[1]) or ""
        code = receipts.normalise(found[3]) or "-" if found[3] else ""
        return Asked(Word.STATUS, number=number, code=code, named=True)
    if pair := _pair(text):
        return Asked(Word.STATUS, number=pair[0], code=pair[1], named=True)
    if (command := _COMMAND.match(text.strip())) and command[1].lower() in COMMANDS:
        return _commanded(COMMANDS[command[1].lower()], (command[2] or "").strip())
    if found := _NEW_WITH_TEXT.fullmatch(text):
        return Asked(Word.NEW, found[1].strip()) if _of_a_new_one(text) else None
    if len(text) > LONGEST:
        return None
    plain = _plain(text)
    word = _BY_PHRASE.get(plain) or _BY_PHRASE.get(_without_courtesy(plain)) or _near(_without_courtesy(plain))
    return Asked(word) if word else None


#: Who asks says one of these, within whatever else is said.
_ASKS = re.compile(
    r"(?<!\w)(?:s(?:e?tatus+|tatsu|atus|tts|ttus)|(?:di)?cek|check|lacak|track|progress?|perkembangan)(?:nya)?(?!\w)",
    re.IGNORECASE,
)


def _pair(text: str) -> tuple[str, str] | None:
    """Number and code in a short message that asks how a report stands: filed, they would lie before officers."""
    if len(text) > SHORT or not _ASKS.search(text):
        return None
    if text.lstrip().startswith("/lapor") or (_NEW_WITH_TEXT.fullmatch(text) and _of_a_new_one(text)):
        return None
    found = list(pairs.pairs_in(text))
    return next((pair for pair in found if pair[0]), found[0] if found else None)


def _commanded(word: Word, rest: str) -> Asked | None:
    if word is Word.NEW:
        return Asked(word, rest)
    # "/start abc" is a deep link's; whatever else stands behind a command is a person's words.
    return Asked(word) if not rest or word is Word.HELP else None


def _of_a_new_one(text: str) -> bool:
    """ "Laporan: jalan rusak" is how people begin their first report too; "lapor baru:" says that it is another."""
    head = re.split(r"[:;\n]", text, maxsplit=1)[0]
    return _BY_PHRASE.get(_plain(head)) is Word.NEW and len(head.split()) > 1


def _plain(text: str) -> str:
    """Small letters and single spaces, without accents, signs and pictures."""
    low = "".join(c for c in unicodedata.normalize("NFKD", text).lower() if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in low.replace("'", "").replace("\u2019", "")).split())


def _without_courtesy(plain: str) -> str:
    words = plain.split()
    kept = [word for word in words if word not in _POLITE]
    return " ".join(kept or words)


def _near(plain: str) -> Word | None:
    """One letter too many, missing, wrong, or two swapped."""
    if " " in plain or not 5 <= len(plain) <= 14:
        return None
    found = {word for phrase, word in _NEARLY.items() if phrase[0] == plain[0] and _one_apart(plain, phrase)}
    return found.pop() if len(found) == 1 else None


#: Words of their own that stand one letter from one of the menu's.
_NOT_MEANT = frozenset(["statis", "tugas", "bertugas", "hentian", "bantuin", "bantukan", "petunas"])


def _one_apart(given: str, meant: str) -> bool:
    if given in _NOT_MEANT or abs(len(given) - len(meant)) > 1:
        return False
    place = next((n for n, (a, b) in enumerate(zip(given, meant, strict=False)) if a != b), min(len(given), len(meant)))
    rest, other = given[place:], meant[place:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]


# -- what is no report yet

_GREETINGS = word_set(
    """halo hallo hello helo hai hay hei hey hi hy haloo assalamualaikum asalamualaikum assalamualaykum assalammualaikum
    aslmkm askum samlekum salam shalom syalom pagi siang sore malam permisi misi punten kulonuwun sampurasun
    swastiastu horas tes test testing ping p"""
)
_AROUND_GREETINGS = _POLITE | word_set(
    """selamat met slamat wr wb warahmatullahi wabarakatuh wbr ass assalamu alaikum om semua semuanya tim team saya
    warga bapak ibu bpk apa kabar good morning afternoon evening day salam sejahtera there nuwun sewu kulo"""
)


def greets(text: str) -> bool:
    """Nothing but a greeting: no matter yet, and whoever greets waits for a word."""
    if len(text) > LONGEST or "?" in text:
        return False
    words = [re.sub(r"(.)\1{2,}", r"\1\1", word) for word in _plain(text).split()]
    known = [word in _GREETINGS or re.sub(r"(.)\1", r"\1", word) in _GREETINGS for word in words]
    both = ("assalamu" in words or "ass" in words) or any(known)
    return bool(words) and both and all(k or w in _AROUND_GREETINGS for k, w in zip(known, words, strict=True))


_TAGS = re.compile(r"[@#][\w.]+")


def says_nothing(text: str) -> bool:
    """Neither a letter nor a digit but in names of others and in tags: somebody is shown the post, or a face is."""
    return not any(char.isalnum() for char in _TAGS.sub(" ", text))
