"""An officer's mail to the reply address of a letter: may it go to the reporter? One table of questions, the first that
says yes decides. officer_filing does what it decides.

All that a mail can do is answer the reporter, and never finally: no word in it is a command. What is not certain to be
an answer by that very office is filed as an internal note, and said to whoever may know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from .case import Case
from .inbound import Inbound
from .office_tokens import REPLY_DAYS, OfficeToken
from .officer_words import quotes, says_little
from .offices import Office, office_of
from .policy import Policy
from .words import Reason

#: Every message that came to an office's reply address.
MARK = "office_mail"
#: Words that go out because an office's mail came, a case. Beyond, its mails are filed and neither passed on nor
#: answered: a mailbox that answers by itself, without saying so, stops here (promise 4).
WORDS_PER_HOUR, WORDS_PER_DAY = 6, 20
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: What our reader could not read for certain: nobody sees it again before the reporter does.
_UNCLEAR = frozenset(
    {
        *("text_cut", "read_in_part", "too_many_parts", "too_deep", "headers_cut", "encrypted", "not_opened"),
        *("broken_structure", "quote_left_out", "several_senders"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeMail:
    """One mail with a token that is ours. `text`: what would go out; None where it is longer than a letter may be.
    `several`: it shows reply addresses of more than one case. `letters`: ours to that office on the case. `said`: what
    the office wrote by mail within the day. `words`: how many letters its mails caused within the hour, the day;
    `strangers`: the same of mails that were not proved to be an office's."""

    inbound: Inbound
    token: OfficeToken
    case: Case
    policy: Policy
    text: str | None
    several: bool = False
    letters: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    words: tuple[int, int] = (0, 0)
    strangers: tuple[int, int] = (0, 0)

    @property
    def own(self) -> bool:
        """Shows the address that the letter went to."""
        return self.inbound.sender.address == self.token.address

    @property
    def proved(self) -> bool:
        return self.own and self.inbound.authenticity.dmarc == "PASS"

    @property
    def office(self) -> Office | None:
        return office_of(self.case, self.token.address, self.policy, self.inbound.at)


class Told(StrEnum):
    """Who hears of it: the office that wrote; the unit's desk and the coordinator; nobody."""

    SENDER = "sender"
    DESK = "desk"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Question:
    """`why` tells the officer, in both languages; empty in the last row alone, which passes the answer on."""

    name: str
    asks: Callable[[OfficeMail], bool]
    told: Told
    reason: Reason = Reason.OFFICE_NOTE
    why: tuple[str, str] = ("", "")


def _full(words: tuple[int, int]) -> bool:
    return words[0] >= WORDS_PER_HOUR or words[1] >= WORDS_PER_DAY


def _at_the_brim(words: tuple[int, int]) -> bool:
    return words[0] == WORDS_PER_HOUR or (words[0] < WORDS_PER_HOUR and words[1] == WORDS_PER_DAY)


def _automatic(mail: OfficeMail) -> bool:
    return bool(mail.inbound.automatic)


def _stranger_too_often(mail: OfficeMail) -> bool:
    return not mail.proved and _full(mail.strangers)


def _another_sender(mail: OfficeMail) -> bool:
    return not mail.own


def _no_dmarc(mail: OfficeMail) -> bool:
    """SPF alone speaks for the domain where it publishes no DMARC: enough to say why, not to write in its name."""
    return not mail.proved and mail.inbound.authenticity.aligned


def _unproved(mail: OfficeMail) -> bool:
    return not mail.proved


def _first_too_often(mail: OfficeMail) -> bool:
    return _full(mail.words) and _at_the_brim(mail.words)


def _too_often(mail: OfficeMail) -> bool:
    return _full(mail.words)


def _several(mail: OfficeMail) -> bool:
    return mail.several


def _expired(mail: OfficeMail) -> bool:
    """By the day on which the mail was received, in the agency's calendar, however late it is read."""
    return mail.policy.calendar.local(mail.inbound.at).date() > mail.token.until


def _off_case(mail: OfficeMail) -> bool:
    return mail.office is None


def _ended(mail: OfficeMail) -> bool:
    return mail.case.ended


def _too_long(mail: OfficeMail) -> bool:
    return mail.text is None


def _unclear(mail: OfficeMail) -> bool:
    return bool(_UNCLEAR & set(mail.inbound.doubts))


def _empty(mail: OfficeMail) -> bool:
    return not (mail.text or "").strip()


def _quoted(mail: OfficeMail) -> bool:
    return quotes(mail.text or "", mail.letters)


def _little(mail: OfficeMail) -> bool:
    return says_little(mail.text or "", mail.inbound.sender.name)


def _repeated(mail: OfficeMail) -> bool:
    return " ".join((mail.text or "").split()) in {" ".join(one.split()) for one in mail.said}


def _anything(mail: OfficeMail) -> bool:
    return True


_OFTEN = (
    "terlalu banyak surel dari petugas pada laporan ini dalam waktu singkat, mungkin dari balasan otomatis; surel "
    "berikutnya hanya disimpan, tanpa pemberitahuan.",
    "too many e-mails of officers on this case in a short time, perhaps automatic ones; further ones are only filed.",
)
#: The order is the rule: first whether a person wrote, then whether it was the office, then whether it may, then
#: whether the mail says something to the reporter.
QUESTIONS: tuple[Question, ...] = (
    Question("automatic", _automatic, Told.NOBODY, Reason.AUTOMATIC),
    Question("stranger_too_often", _stranger_too_often, Told.NOBODY, Reason.THROTTLED),
    Question(
        "another_sender",
        _another_sender,
        Told.DESK,
        why=(
            "pengirimnya bukan alamat petugas yang kami surati; mungkin surat itu diteruskan kepada orang lain.",
            "it came from another address than the one that our letter went to.",
        ),
    ),
    Question(
        "no_dmarc",
        _no_dmarc,
        Told.SENDER,
        why=(
            "keaslian alamat pengirim tidak terbukti karena domainnya belum memakai DMARC. Jawablah lewat aplikasi, "
            "dan mintalah pengelola domain surel kantor Anda memasang DMARC.",
            "your mail domain has no DMARC, so the sender can't be proved. Please answer in the desk.",
        ),
    ),
    Question(
        "unproved",
        _unproved,
        Told.DESK,
        why=(
            "surel itu memakai alamat petugas, tetapi keasliannya tidak terbukti (DMARC); bisa jadi palsu.",
            "it shows an officer's address, but did not prove it (DMARC); it may be forged.",
        ),
    ),
    Question("first_too_often", _first_too_often, Told.DESK, Reason.THROTTLED, _OFTEN),
    Question("too_often", _too_often, Told.NOBODY, Reason.THROTTLED),
    Question(
        "several_cases",
        _several,
        Told.SENDER,
        why=(
            "surel itu ditujukan ke alamat balasan lebih dari satu laporan. Balaslah tiap surat tersendiri.",
            "it was addressed to the reply addresses of more than one case. Please answer each letter by itself.",
        ),
    ),
    Question(
        "expired",
        _expired,
        Told.SENDER,
        why=(
            f"surat yang dibalas sudah lewat {REPLY_DAYS} hari. Balaslah surel ini, atau surat yang lebih baru.",
            f"the letter that you answered is older than {REPLY_DAYS} days. Please reply to this one instead.",
        ),
    ),
    Question(
        "off_case",
        _off_case,
        Told.SENDER,
        why=(
            "laporan ini tidak lagi ditangani alamat Anda menurut kebijakan meja pengaduan. Hubungi koordinator.",
            "your address does not work on this case any more. Please ask the coordinator.",
        ),
    ),
    Question(
        "ended",
        _ended,
        Told.SENDER,
        why=(
            "laporan sudah berakhir. Bila perlu, minta koordinator membukanya kembali lewat aplikasi.",
            "the case has ended. It can be reopened in the desk.",
        ),
    ),
    Question(
        "too_long",
        _too_long,
        Told.SENDER,
        why=("teksnya terlalu panjang. Kirim ringkasannya, dan sisanya sebagai lampiran.", "the text is too long."),
    ),
    Question(
        "unclear",
        _unclear,
        Told.SENDER,
        why=(
            "isinya tidak terbaca utuh (terenkripsi, rusak, atau memuat surat orang lain). Tulislah jawaban dalam "
            "surel baru ke alamat balasan ini sebagai teks biasa.",
            "we could not read all of it for certain. Please answer in plain text.",
        ),
    ),
    Question(
        "empty",
        _empty,
        Told.SENDER,
        why=(
            "tidak ada teks di atas kutipan. Tulislah jawaban di baris paling atas; lampiran saja tidak cukup.",
            "there is no text above the quote. Please write your answer at the top.",
        ),
    ),
    Question(
        "quoted",
        _quoted,
        Told.SENDER,
        why=(
            "di dalamnya masih ada kutipan surat lain, yang mungkin memuat catatan internal. Hapus kutipannya, lalu "
            "balas sekali lagi.",
            "it still quotes another letter, which may hold internal words. Please remove the quote and reply again.",
        ),
    ),
    Question(
        "says_little",
        _little,
        Told.SENDER,
        why=(
            "isinya tampak sebagai tanda terima atau perintah, bukan jawaban bagi pelapor. Tidak ada perintah lewat "
            "surel: status diubah lewat aplikasi. Untuk menjawab pelapor, balas dengan kalimat lengkap.",
            "it reads like a receipt or a command, not like an answer. To answer the reporter, write a full sentence; "
            "there are no commands by e-mail.",
        ),
    ),
    Question(
        "repeated",
        _repeated,
        Told.SENDER,
        why=(
            "isinya sama dengan surel Anda sebelumnya pada laporan ini.",
            "it says the same as your earlier e-mail on this case.",
        ),
    ),
    Question("answer", _anything, Told.SENDER, Reason.OFFICE_REPLY),
)
#: What such messages are marked with: the case's file says why each was filed.
MARKS = frozenset({MARK, *(f"office_{question.name}" for question in QUESTIONS)})
PASSED_ON = f"office_{QUESTIONS[-1].name}"
#: Of those, what is filed without a word to anybody.
SILENT = frozenset(f"office_{question.name}" for question in QUESTIONS if question.told is Told.NOBODY)
#: Filed for want of a proof that another copy of the same mail may bring.
UNPROVED = frozenset({"office_no_dmarc", "office_unproved"})


def judge(mail: OfficeMail) -> Question:
    """The first question that says yes; the last one always does."""
    return next(question for question in QUESTIONS if question.asks(mail))


def marks(question: Question) -> tuple[str, ...]:
    return (MARK, f"office_{question.name}")


def actor(mail: OfficeMail) -> str:
    """Opaque: a unit, or nobody in particular."""
    return mail.office.actor if mail.proved and mail.office else "other"
