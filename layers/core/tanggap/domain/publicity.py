"""What the world may read of a case (Open311), and with what taken out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from .canary import is_canary
from .form_rules import LINKED
from .words import Channel, Confidentiality

if TYPE_CHECKING:
    from .case import Case
    from .policy_reader import Reader


class Shown(StrEnum):
    """NOTHING: not even that there is such a case. FACTS: its category, status and dates, and roughly where. WORDS: its
    reporter's own words too, masked."""

    NOTHING = "nothing"
    FACTS = "facts"
    WORDS = "words"


#: By what its reporter was told: who posts by Open311 posts in public (`WORDS`); of a channel that the policy names,
#: the facts, since those words were meant for the desk. Whatever stands in neither row is not there for the world.
_SHOWN: Mapping[tuple[Confidentiality, str], Shown] = {
    (Confidentiality.OPEN, "open311"): Shown.WORDS,
    (Confidentiality.OPEN, "named"): Shown.FACTS,
}
#: The service of whatever has no category: anything can be reported, and every case has a service.
OTHER = "lain-lain"
#: The mark of a case that an officer took out of the public's sight.
HIDDEN = "hidden"
#: Notes between officers are no report.
NAMEABLE = tuple(channel for channel in Channel if channel is not Channel.INTERNAL)


def is_hidden(case: Case) -> bool:
    return HIDDEN in case.marks


def shown(case: Case, named: Collection[Channel]) -> Shown:
    """`named`: the channels whose cases the policy makes public."""
    if is_hidden(case) or is_canary(case):
        return Shown.NOTHING
    return shown_of(case.channel, case.confidentiality, named)


def shown_of(channel: Channel, confidentiality: Confidentiality, named: Collection[Channel]) -> Shown:
    by = "open311" if channel is Channel.OPEN311 else "named" if channel in named else ""
    return _SHOWN.get((confidentiality, by), Shown.NOTHING)


def read_named(reader: Reader, raw: Mapping[str, Any]) -> frozenset[Channel]:
    """`open311.publish` of a policy: the channels whose cases the world may see, without their words."""
    value = reader.table(raw, "open311").get("publish", [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one in set(NAMEABLE) for one in value):
        reader.fault("open311.publish", f"must be a list of {', '.join(NAMEABLE)}")
        return frozenset()
    return frozenset(Channel(one) for one in value)


def words_of(text: str) -> str:
    """A report without the address behind it: what lies there can change after it was looked at, and the world would
    fetch it in our name."""
    words, line, link = text.rpartition(LINKED)
    return words.rstrip() if line and "\n" not in link and (not words or words.endswith("\n")) else text


# -- what is taken out of a text

_E_MAIL = re.compile(
    r"[^\s@<>()\[\],;:\"']{1,64}(?:@|[\[(]at[\])]|\s(?:@|[\[(]at[\])])\s?(?=\S{1,200}\.[^\W\d_]{2,24}(?!\w))|@\s)"
    r"[^\s@<>()\[\],;:\"']{1,200}\.[^\W\d_]{2,24}",
    re.IGNORECASE,
)
#: The same with blanks round its signs or with words for them, where it ends as addresses do: "mati @ gang. Tolong"
#: is none.
_E_MAIL_APART = re.compile(
    r"[^\s@<>()\[\],;:\"']{1,64}(?:\s{0,3}(?:@|[\[(] ?at ?[\])])\s{0,3}|\sat\s)"
    r"(?:[a-z0-9\-]{1,63}(?:\s{0,3}[.,]\s{0,3}|\s?[\[(] ?(?:dot|titik) ?[\])]\s?|\s(?:dot|titik)\s)){1,3}"
    r"(?:com|net|org|id|info|edu|me|io|my|sg|xyz)(?!\w)",
    re.IGNORECASE,
)
#: Where somebody is found on a platform; "@Rp5.000" is a price.
_ACCOUNTS = (
    re.compile(
        r"(?:https?://)?(?<![\w.])(?:www\.)?(?:t|telegram|wa|m|ig|(?:api|chat)\.whatsapp)\s?\.\s?(?:me|com)/\S{1,200}",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\w@])@(?!rp\.?\d)(?=[\w.]{0,31}[^\W\d_])[\w.]{2,31}\w", re.IGNORECASE),
)
#: In their order: an identity or family card (16 digits), a mobile number, a landline with its area, one of another
#: country, and any other long run of digits (an account, a meter). Single spaces, dots and hyphens may stand between.
_NUMBERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)\d(?:[ .\-]?\d){15}(?!\d)",
        r"(?<!\d)(?:\+?\(?6[ .\-]?2\)?|0)[ .\-]?8[ .\-]?[1-35-9](?:[ .\-]{0,2}\d){7,11}(?!\d)",
        r"(?<!\d)(?:\(0[2-79]\d{1,2}\)|\+?62[ .\-]?[2-79]\d{1,2}|0[2-79]\d{1,2})[ .\-]{0,2}\d{3,4}[ .\-]?\d{3,5}(?!\d)",
        r"\+\d(?:[ .\-()]{0,2}\d){7,14}(?!\d)",
        r"(?<!\d)\d{9,}(?!\d)",
    )
)
#: Nine digits or more with anything between them that people write there; dates and amounts of money are no numbers of
#: anybody. Better a measure masked than a neighbour called.
_ANY_NUMBER = re.compile(r"(?<!\d)\(?\d(?:[ .\-/_()]{0,3}\d){8,}(?!\d)")
_NOBODYS = re.compile(
    r"(?<!\d)(?:(?:0?[1-9]|[12]\d|3[01])[/.\-](?:0?[1-9]|1[0-2])[/.\-](?:19|20)\d\d"
    r"|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?!\d)"
    r"|(?:rp|idr)[ .]{0,2}\d{1,3}(?:[.,]\d{3}){1,5}(?!\d)|(?<!\d)[1-9]\d{0,2}(?:\.\d{3}){1,5}(?= ?(?:rupiah|perak))",
    re.IGNORECASE,
)
_ADDRESS_GONE, _NUMBER_GONE = "[e-mail disamarkan]", "[nomor disamarkan]"
_ACCOUNT_GONE = "[akun disamarkan]"


def masked(text: str) -> str:
    """Without addresses, accounts, phone numbers and identity numbers. Names stay, and what a neighbour understands:
    that is what hiding a case is for."""
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")  # nothing invisible between digits
    links, handles = _ACCOUNTS
    text = links.sub(_ACCOUNT_GONE, text)
    text = _E_MAIL_APART.sub(_ADDRESS_GONE, _E_MAIL.sub(_ADDRESS_GONE, text))
    text = handles.sub(_ACCOUNT_GONE, text)
    for pattern in _NUMBERS:
        text = _without(text, _plain(text), pattern)
    return _without(text, _NOBODYS.sub(lambda found: "x" * len(found[0]), _plain(text)), _ANY_NUMBER)


def _plain(text: str) -> str:
    """As long as the text, each dash and blank of any alphabet as the keyboard's."""
    return "".join(_KEYBOARD.get(unicodedata.category(char), char) for char in text)


_KEYBOARD = {"Pd": "-", "Zs": " "}


def _without(text: str, plain: str, numbers: re.Pattern[str]) -> str:
    """What the pattern finds in the plain spelling goes from the text."""
    kept, end = [], 0
    for found in numbers.finditer(plain):
        kept += [text[end : found.start()], _NUMBER_GONE]
        end = found.end()
    return "".join((*kept, text[end:]))
