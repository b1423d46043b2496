"""Is this report about what an open case is about already? Proposed to an officer, with its reason; never decided here.

A report is kept for comparing as a sketch: opaque keys of its sender and of the places that it names, by which cases
are found, and hashes of what it says besides, by which they are compared. No text lies in an index, and comparing reads
nothing else."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from .case import Alike, Sketch
from .classification_rules import is_end, spelling, words_in
from .likeness_words import ALWAYS_NAMES, BESIDE, NOT_NAMES, NUMBERED, PLACES, SAME, STOP

#: Characters of subject and text that are compared: a report says what it is about at its start.
LOOKED_AT = 8_000
#: Places of a report that it can be found by; each is a row of its own.
PLACE_KEYS = 2
#: Hashes of a sketch: the smallest ones of all, which of any two texts are a fair sample of what they share.
WORDS = 64
#: Jaccard's measure from which two reports say much the same, at one place; and of one sender. Chosen over the pairs of
#: tests/unit/test_likeness.py: neighbours who see the same thing lie above, two matters of one street below.
SAME_PLACE, SAME_SENDER = 0.20, 0.15
#: Below so many words a text says too little to differ: "Tolong min 🙏" of somebody with an open case.
TOO_SHORT = 2
PROPOSED = 3
#: How far back an open case is looked for: a complaint's 14 working days many times over.
WINDOW = timedelta(days=90)

SENDER, PLACE = "same_sender", "same_place_and_words"


@dataclass(frozen=True, slots=True)
class Proposal:
    number: str
    why: str
    score: float


def sketch(subject: str, text: str, reporter: str | None) -> Sketch:
    """`reporter`: the opaque id."""
    words = _words(subject, text)
    places = _places(words)
    hashes = sorted(map(_hash, _roots(words, places)))
    return Sketch(_key(f"sender {reporter}") if reporter else "", _keys(places), tuple(hashes[:WORDS]))


def roots(subject: str, text: str) -> frozenset[str]:
    """What it says besides the names of places, as rough roots."""
    words = _words(subject, text)
    return _roots(words, _places(words))


def _roots(words: Iterable[str], places: Iterable[_Place]) -> frozenset[str]:
    named = {word for place in places for word in place.names}
    return frozenset(_root(word) for word in set(words) - named if _says(word)) - STOP - {""}


def _hash(word: str) -> int:
    """Of 4 bytes. Even, since the smallest of many stand for all."""
    return int.from_bytes(hashlib.blake2s(word.encode(), digest_size=4).digest())


def _words(subject: str, text: str) -> list[str]:
    """Without the ends of sentences: "Jl. Kenanga", "RT. 05"."""
    said = f"{subject[:500]}\n{text[:LOOKED_AT]}"
    return [word for word in words_in(said, LOOKED_AT) if not is_end(word)]


def likeness(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Jaccard's measure, 0 to 1: of all words of both, the part that both have (estimated where a sketch is full)."""
    a, b = set(one), set(other)
    union = sorted(a | b)[:WORDS]
    return sum(word in a and word in b for word in union) / len(union) if union else 0.0


def ranked(report: Sketch, candidates: Iterable[Alike]) -> tuple[Proposal, ...]:
    """The cases that it may repeat, the likeliest first, whatever became of them."""
    best: dict[str, Proposal] = {}
    for case in candidates:
        own = case.key == report.sender
        score = likeness(report.words, case.words)
        brief = min(len(report.words), len(case.words)) < TOO_SHORT
        if not (own and brief) and score < (SAME_SENDER if own else SAME_PLACE):
            continue
        before = best.get(case.number)
        if before is None or own:
            best[case.number] = Proposal(case.number, SENDER if own else PLACE, round(score, 2))
    return tuple(sorted(best.values(), key=lambda one: -one.score))  # stable: of equals the newest


# -- words

_SHORTEST = 3
_PREFIXES = re.compile(r"(?:di|ter|ber|ke|se|per|meny|meng|mem|men|me|peny|peng|pem|pen|nge)(?=[a-z]{4})")
_SUFFIXES = re.compile(r"(?<=[a-z]{4})(?:kan|an|i)\Z")
_ENDINGS = re.compile(r"(?<=[a-z]{3})(?:nya|ku|mu|lah|kah|pun)\Z")
#: What a prefix swallowed: "menumpuk" is of "tumpuk".
_SWALLOWED = {"men": "t", "pen": "t", "mem": "p", "pem": "p", "meny": "s", "peny": "s"}
_THRICE = re.compile(r"([a-z])\1\1+")


def _says(word: str) -> bool:
    return len(word) >= _SHORTEST and word[0] > "9" and word not in STOP and word not in PLACES


@functools.lru_cache(maxsize=8192)
def _root(word: str) -> str:
    """A rough root: two spellings of one word meet, whatever it is then called."""
    word = spelling(_THRICE.sub(r"\1", word))
    for cut in (_ENDINGS, _PREFIXES, _SUFFIXES):
        if word in SAME or word in STOP:
            break
        word = _bare(word) if cut is _PREFIXES else cut.sub("", word)
    # "tumpukan" may be of "tumpu" or "tumpuk": both lose their k.
    return SAME.get(word) or word.removesuffix("k")


def _bare(word: str) -> str:
    found = _PREFIXES.match(word)
    if found is None:
        return word
    rest = word[found.end() :]
    return _SWALLOWED.get(found[0], "") + rest if rest[0] in "aiueo" else rest


# -- places


@dataclass(frozen=True, slots=True)
class _Place:
    """`rank`: the lower, the closer it says where."""

    rank: int
    key: str
    names: tuple[str, ...] = ()


_RANKS = {"gang": 1, "jalan": 2, "perumahan": 3, "jembatan": 3, "puskesmas": 3, "pasar": 3, "masjid": 3}
_WIDE = frozenset({"desa", "dusun", "kecamatan"})


def _keys(places: list[_Place]) -> tuple[str, ...]:
    ordered = sorted(places, key=lambda place: place.rank)  # stable: of equals the first that was named
    return tuple(dict.fromkeys(_key(f"place {place.key}") for place in ordered))[:PLACE_KEYS]


def _key(what: str) -> str:
    return hashlib.sha256(what.encode()).hexdigest()[:24]


def _places(words: list[str]) -> list[_Place]:
    found = list(_named(words))
    wide = next((place for place in found if place.rank > 8), None)
    if block := _rt_rw(words):
        # RT 3 is in every village: with a wider name where one is given.
        found.insert(0, _Place(4, f"{block}#{wide.key if wide else ''}"))
    return found


def _named(words: list[str]) -> Iterator[_Place]:
    for place, word in enumerate(words[:-1]):
        if word in PLACES:
            kind = PLACES[word]
            names = tuple(_name(words, place + 1, kind in NUMBERED, word in ALWAYS_NAMES))
            if names:
                yield _Place(9 if kind in _WIDE else _RANKS.get(kind, 5), f"{kind} {' '.join(names)}", names)
        elif word in BESIDE:
            names = tuple(one for one in words[place + 1 : place + 4] if one not in STOP or one in PLACES)[:2]
            if len(names) == 2 and not any(one in NOT_NAMES - {"desa", "kota"} for one in names):
                yield _Place(6, f"dekat {' '.join(names)}", names)


def _name(words: list[str], start: int, numbered: bool, always: bool) -> Iterator[str]:
    """One word, or what a number or a name of two words adds: "Kenanga", "Negeri 3", "Sidomulyo 2"."""
    name = words[start]
    if numbered and name in ("negeri", "n", "n.") and start + 1 < len(words):
        start, name = start + 1, words[start + 1]
    if name[0] <= "9":
        if numbered:
            yield str(int(name))
        return
    if len(name) < _SHORTEST or name in STOP or name in PLACES or (name in NOT_NAMES and not always):
        return
    yield name


def _rt_rw(words: list[str]) -> str:
    """ "RT 03/RW 05", "RT.03/05", "rt3 rw 5": as rt3rw5; empty without an RT."""
    for place, word in enumerate(words[:-1]):
        if word == "rt" and words[place + 1].isdigit() and len(words[place + 1]) <= 3:
            rt = f"rt{int(words[place + 1])}"
            rest = [one for one in words[place + 2 : place + 4] if one != "rw"]
            if rest and rest[0].isdigit() and len(rest[0]) <= 3 and words[place + 2] in ("rw", rest[0]):
                return f"{rt}rw{int(rest[0])}"
            return rt
    return ""
