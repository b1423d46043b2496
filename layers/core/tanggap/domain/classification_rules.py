"""What a policy says about telling reports apart: words and addresses of its categories, words of danger and of people
who need care first, words of the kinds. As an index, so that a report's words are looked up once each.

A listed phrase is found where its words stand in this order with at most GAP others between them, within one sentence.
A listed word is found with Indonesian endings (-nya, -ku, -lah, …); one of five letters and more also within di-, ter-,
ke-, -kan, -an, -i, -in, -keun, -ake, -e. Nothing else: "jalan" finds "jalannya", not "perjalanan"."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .words import Kind

Fault = Callable[[str, str], None]

#: Other words that may stand between two of a phrase: "kabel [listrik itu sudah] putus".
GAP = 4
#: What a policy may list. A phrase is a few words; a policy is one row, and read anew by every function each minute.
PHRASE_LIMIT, WORDS_IN_PHRASE = 60, 6
LIST_LIMITS = {"words": 60, "addresses": 20, "triage": 300}
LISTED_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class Why:
    """Why a field of a case has its value. `what`: kind, category, unit or priority. `rule`: which rule said so (word,
    address, category_unit, elderly, fire, officer …). `found`: the listed word that was found, as it is listed, never
    the citizen's own."""

    what: str
    value: str
    rule: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One phrase of a table. `what`: category, kind, urgent, vulnerable, hazard, or ignore (meant otherwise: what is
    found within it does not count). `value`: the category, the kind, or the rule's name."""

    what: str
    value: str
    phrase: str
    words: tuple[str, ...]


Index = Mapping[str, tuple[Listed, ...]]


@dataclass(frozen=True, slots=True)
class Triage:
    """`index`: listed phrases by their first word. `defaults`: do our own tables count as well? `addresses`: category
    by the address (or its local part) that a mail was sent to. `units`: who answers for a category."""

    index: Index = field(repr=False, default_factory=dict)
    defaults: bool = True
    addresses: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


# -- words

_WORD = re.compile(r"[a-z]{1,40}|[0-9]{1,9}|[.!?;]|\n\n")
_MARKS = re.compile(r"[\u0300-\u036f]+")
_TWICE = re.compile(r"([a-z])\1+")
#: "K E B A K A R A N": one word. Of three letters and fewer it is an abbreviation ("R T", "a.n.").
_SPACED = re.compile(r"(?<![a-z0-9])[a-z](?:[ .*_-][a-z]){3,39}(?![a-z0-9])")

#: How people type. Only words that mean one thing.
_SPELT = {
    spelt: word
    for word, spellings in {
        "tidak": "tdk tak ga gak gk ngga nggak ngak enggak engga kagak tida tdak ora mboten teu henteu",
        "yang": "yg yng",
        "dengan": "dgn dg",
        "karena": "krn karna krna",
        "belum": "blm blum belom durung teuacan",
        "sudah": "sdh udh udah sudh dah wis sampun geus tos atos",
        "orang": "org orng",
        "rumah": "rmh rmah omah imah",
        "sekolah": "sklh skolah",
        "tahun": "thn th tahon taun",
        "bulan": "bln",
        "umur": "umr yuswa",
        "bapak": "bpk bapa pak",
        "ibu": "bu ibuk",
        "saya": "sy sya saia",
        "banyak": "bnyk byk",
        "air": "aer",
        "lampu": "lmpu",
        "sampah": "smph",
        "rusak": "rsk rusk",
        "bukan": "bkn dudu sanes",
        "anak": "ank",
        "sakit": "skt",
        "pohon": "phn",
        "jalan": "jl jln jlan",
        "ambulans": "ambulan ambulance ambulanz ambulanc",
        "kebakaran": "kebakarn kebakran kbakaran kebkaran kbkaran kebakarang kbkrn kebakaraan",
        "tolong": "tlg tlong tlng tulung tulungan tulungi",
        "terbakar": "kebakar kbakar",
        "damkar": "pmk branwir blanwir brandweer",
        "suami": "salaki swami",
        "ingin": "pengen pengin pingin kepingin kepengen pgn pgen pngn pengn hayang hoyong kepengin pgin",
        "tetangga": "tatangga tonggo ttangga",
        "mati": "mokad mokat paeh maot modar",
    }.items()
    for spelt in spellings.split()
}
_ENDINGS = ("nya", "ku", "mu", "lah", "kah", "pun", "ne", "na")
_BEFORE, _BEHIND = ("di", "ter", "ke"), ("kan", "an", "i", "in", "e", "keun", "ake")
#: Their families mean something else.
_ALONE = frozenset({"jalan", "terang", "angkut", "lapor", "hilang"})
_SHORTEST, _SHORTEST_PLAIN, _SHORTEST_STEM = 3, 4, 5


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def words_in(text: str, limit: int, letters: bool = False) -> list[str]:
    """The first `limit` characters as words: lower case, no diacritics, digits apart from letters ("lampu2",
    "78thn"); a sentence's end is a word of its own. `letters`: such as stand apart are one word."""
    text = text[:limit].lower()
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))[:limit]
    return _WORD.findall(_SPACED.sub(_joined, text) if letters else text)


def _joined(letters: re.Match[str]) -> str:
    return letters[0][::2]


ENDS = frozenset([".", "!", "?", ";", "\n\n"])


def is_end(word: str) -> bool:
    return word in ENDS


def spelling(word: str) -> str:
    return _SPELT.get(word, word)


@functools.lru_cache(maxsize=8192)
def spelt(word: str) -> str:
    """One spelling: "tolooong" as "tolong", "yg" as "yang"."""
    once = _TWICE.sub(r"\1", word) if len(word) > 2 else word  # "kk" is no "k"
    return _SPELT.get(word) or _SPELT.get(once, once)


def spelt_set(text: str) -> frozenset[str]:
    """Words to compare with such as are in one spelling."""
    return frozenset(map(spelt, text.split()))


@functools.lru_cache(maxsize=8192)
def forms(word: str) -> tuple[str, ...]:
    """The listed words that a written one may stand for, itself first."""
    found = list(_said_as(word))
    for base in tuple(found):
        for bare in (base, *(base.removeprefix(one) for one in _BEFORE if base.startswith(one))):
            for stem in (bare, *(bare.removesuffix(one) for one in _BEHIND if bare.endswith(one))):
                if len(stem) >= _SHORTEST_STEM and stem not in _ALONE and stem not in found:
                    found.append(stem)
    return tuple(found)


@functools.lru_cache(maxsize=8192)
def plain_forms(word: str) -> tuple[str, ...]:
    """As `forms`, with its prefix: who is beaten and who beats, what is grilled and what burns are told apart by it."""
    found = _said_as(word)
    return found + tuple(
        stem
        for base in found
        for one in _BEHIND
        if base.endswith(one) and len(stem := base.removesuffix(one)) >= _SHORTEST_PLAIN and stem not in found
    )


def _said_as(word: str) -> tuple[str, ...]:
    """In one spelling, and without an ending."""
    whole = spelt(word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            bare = spelt(word[: -len(ending)])
            return (whole, bare) if bare != whole else (whole,)
    return (whole,)


# -- tables


def listed(what: str, value: str, phrases: Iterable[str]) -> Iterable[Listed]:
    for phrase in phrases:
        words = tuple(spelt(word) for word in words_in(phrase, PHRASE_LIMIT) if not is_end(word))
        if words:
            yield Listed(what, value, phrase.strip(), words)


def index_of(entries: Iterable[Listed]) -> dict[str, tuple[Listed, ...]]:
    found: dict[str, list[Listed]] = {}
    for entry in entries:
        found.setdefault(entry.words[0], []).append(entry)
    return {word: tuple(rows) for word, rows in found.items()}


# -- reading a policy

#: Fields of `triage`, besides `kinds` and `defaults`; each extends our table of that name.
TABLES = ("urgent", "vulnerable", "hazard", "ignore")
#: Nobody is proposed into a complaint: that is what a report is without any word.
KINDS = tuple(kind for kind in Kind if kind is not Kind.COMPLAINT)
_LOCAL = re.compile(r"[a-z0-9_%+.-]{1,64}")


def read(raw: Mapping[str, Any], fault: Fault, is_address: Callable[[str], bool]) -> Triage:
    """Out of a policy's `categories` and `triage`; each fault is told by its place."""
    entries: list[Listed] = []
    addresses: dict[str, str] = {}
    units: dict[str, str] = {}
    categories = raw.get("categories")
    for number, row in enumerate(categories if isinstance(categories, list) else ()):
        if not isinstance(row, dict) or not isinstance(key := row.get("id"), str):
            continue  # told where categories are read
        place = f"categories[{number}]"
        entries += listed("category", key, _phrases(row.get("words"), f"{place}.words", LIST_LIMITS["words"], fault))
        if isinstance(unit := row.get("unit"), str):
            units[key] = unit
        for address in _addresses(row.get("addresses"), f"{place}.addresses", fault, is_address):
            if addresses.setdefault(address, key) != key:
                fault(f"{place}.addresses", "holds an address of another category")
    given = raw.get("triage", {})
    if not isinstance(given, dict):
        fault("triage", "must be an object")
        given = {}
    entries += _tables(given, fault)
    if len(entries) > LISTED_LIMIT:
        fault("triage", f"and the categories list more than {LISTED_LIMIT} words together")
    defaults = given.get("defaults", True)
    if not isinstance(defaults, bool):
        fault("triage.defaults", "must be true (our words count as well) or false (yours alone)")
        defaults = True
    return Triage(index_of(entries), defaults, addresses, units)


def _tables(given: Mapping[str, Any], fault: Fault) -> Iterable[Listed]:
    for name in sorted(str(key) for key in given.keys() - {*TABLES, "kinds", "defaults"}):
        fault(f"triage.{name}", "is not a part of it")
    limit = LIST_LIMITS["triage"]
    for name in TABLES:
        yield from listed(name, name, _phrases(given.get(name), f"triage.{name}", limit, fault))
    kinds = given.get("kinds", {})
    if not isinstance(kinds, dict):
        fault("triage.kinds", "must be an object")
        return
    for name in kinds:
        if name not in KINDS:
            fault(f"triage.kinds.{name}", f"must be one of {', '.join(KINDS)}")
        else:
            yield from listed("kind", name, _phrases(kinds[name], f"triage.kinds.{name}", limit, fault))


def _phrases(raw: Any, place: str, limit: int, fault: Fault) -> list[str]:
    if raw is None:
        return []
    if not isinstance(raw, list) or len(raw) > limit or not all(isinstance(one, str) for one in raw):
        fault(place, f"must be a list of at most {limit} words or phrases")
        return []
    for phrase in raw:
        count = sum(not is_end(word) for word in words_in(phrase, PHRASE_LIMIT))
        if not 1 <= count <= WORDS_IN_PHRASE or len(phrase) > PHRASE_LIMIT or not phrase.isprintable():
            fault(place, f"holds a phrase that is not 1 to {WORDS_IN_PHRASE} words in {PHRASE_LIMIT} characters")
            return []
    return list(dict.fromkeys(raw))


def _addresses(raw: Any, place: str, fault: Fault, is_address: Callable[[str], bool]) -> list[str]:
    if raw is None:
        return []
    limit = LIST_LIMITS["addresses"]
    if not isinstance(raw, list) or len(raw) > limit or not all(isinstance(one, str) for one in raw):
        fault(place, f"must be a list of at most {limit} addresses")
        return []
    found = [one.strip().lower() for one in raw]
    if not all(is_address(one) if "@" in one else _LOCAL.fullmatch(one) for one in found):
        fault(place, "holds something that is neither an e-mail address nor the part before its @")
        return []
    return found
