"""Several things that only machines say in one mail, added up: for answers whose very sentences nobody foresaw.

A person's own matter anywhere, or one sentence that says something else, and a person wrote it. Less is asked of a mail
on a case, which its officer sees anyhow; a first mail that is taken for a machine's is not acknowledged."""

from __future__ import annotations

import re

from . import robot_families as families
from . import robot_parts, robot_people

_SENTENCE = 400  # characters of a sentence that are looked at; a machine's are shorter
#: A cheap look before all others: of mail, of a report's number, of him who reads it.
HINTS = (
    *("mail", "surel", "surat", "pesan", "anda", "tiket", "ticket", "bapak/ibu", "saudara", "message", "inbox", "@"),
    *("your ", "pengaduan", "aduan", "korespondensi", "nachricht", "bericht", "courriel", "absen", "automat", "otomat"),
    *(
        "balas",
        "hubungi",
        "urgent",
        "anfrage",
        "solicit",
        "notifikasi",
        "thank you",
        "permohonan",
        "demande",
        "aanvraag",
    ),
)
_FORWARDED = re.compile(
    r"\s*(?:fwd?|tr|wg|i|terusan|diteruskan)\s*:|.{0,200}(?:forwarded message|pesan (?:yang )?diteruskan"
    r"|pesan terusan|begin forwarded|original message)",
    re.IGNORECASE | re.DOTALL,
)


def adds_up(subject: str, text: str, on_case: bool) -> bool:
    """`text` is what the sender wrote, quotes cut, at most some thousand characters. `on_case`: it claims to belong to
    a case, or answers something."""
    low = text.lower()
    if robot_people.plainly(low) or not any(hint in low for hint in HINTS) or _forwarded(subject, text):
        return False
    plain = families.written_out(text)
    if robot_people.personal(f"{families.written_out(subject)}\n{plain}" if not on_case else plain):
        return False
    told, others = _weigh(text, int(on_case))
    return _enough(told, others, on_case)


def _forwarded(subject: str, text: str) -> bool:
    """What is passed on was written by a machine, and sent by a person."""
    return bool(_FORWARDED.match(subject[:300]) or _FORWARDED.match(text[:400]))


def _weigh(text: str, most: int) -> tuple[set[str], int]:
    """The families that the sentences are of, and how many sentences are of none and say something; over `most` of
    those the rest is not looked at."""
    told: set[str] = set()
    others = 0
    pieces = list(robot_parts.sentences_of(text))
    closed = False
    for left, piece in zip(range(len(pieces), 0, -1), pieces, strict=True):
        plain = families.written_out(piece[:_SENTENCE])
        found = families.told(plain)
        kind = "" if found else robot_parts.kind(piece)
        closed = closed or kind == "end"
        if found:
            told |= found
        elif kind:
            told |= {families.OF_KIND[kind]} if kind in families.OF_KIND else set()
        elif not (families.neutral(plain) or ((closed or left <= 2) and robot_parts.is_name(piece))):
            others += 1
            if others > most:
                break
    return told, others


def _enough(told: set[str], others: int, on_case: bool) -> bool:
    if others and not (on_case and others == 1 and len(told) > 2 and told & families.INSTITUTION):
        return False
    if not told & families.OF_MAIL:
        return False
    if on_case:
        return len(told) > 1 and (told & families.OF_MAIL != {"instead"} or "absent" in told)
    return len(told - families.WEAK) > 1 and (told & families.OF_MAIL != {"instead"} or len(told) > 2)
