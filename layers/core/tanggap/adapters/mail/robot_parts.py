"""A text in its sentences, and of what kind each is: the table of machines' sentences applied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from . import robot_sentences as sentences

_WRAPPED = 45  # a line at least that long that ends no sentence goes on in the next one
_ADDRESSES = re.compile(r"https?://\S+|www\.\S+|[^\s@]{1,64}@[^\s@]{1,255}")
_NUMBERED = re.compile(r"(?<![\w/-])[\w/-]{0,40}\d[\w/-]{0,40}")
_SALUTATIONS = 3  # "Kepada Yth. Bapak/Ibu, dengan hormat, …"
_ABBREVIATED = r"\b(bpk|sdri?|no|tgl|telp|tlp|hp|drs?|ir|hj?|jl|ext|yth|mr|mrs|s\.d|a\.n|s\.kom)\."
_STOPS = re.compile(r"[.!]+(?=\s|$)")


def kinds(text: str, whole: bool = False) -> set[str]:
    """The kinds of the sentences; "" for one that is of none, and under the closing words no name either. `whole`: ends
    at the first of those."""
    found: set[str] = set()
    pieces = list(sentences_of(text))
    for left, piece in zip(range(len(pieces), 0, -1), pieces, strict=True):
        signs = ("end" in found or left <= 2) and found - {"greeting"} and is_name(piece)
        found.add("name" if signs else kind(piece))
        if whole and "" in found:
            break
    return found


def kind(piece: str) -> str:
    bare = _ungreeted(piece)
    if not bare:
        return "greeting"
    for one, said in sentences.SENTENCES:
        if (told := re.match(said, bare, re.IGNORECASE)) and _closed(one, bare[told.end() :]):
            return one
    said_all = re.findall(r"\w+", bare)
    if said_all and said_all[0].lower() in sentences.OFFICES and is_name(bare):
        return "name"
    # The rest of a date that was wrapped early.
    return "rest" if _among(bare, sentences.CLOSED["away"]) else ""


def _ungreeted(piece: str) -> str:
    """Without the salutation, and the names in it."""
    for _ in range(_SALUTATIONS):
        told = re.match(sentences.GREETING, piece, re.IGNORECASE)
        if told is None:
            break
        name, _, rest = piece[told.end() :].lstrip(" ,:").partition(",")
        if not _named(name, sentences.ADDRESSED):
            name, rest = "", piece[told.end() :]
            if rest.lstrip()[:1] not in (",", ":"):
                break
        piece = rest.strip(" ,:")
    return piece


def is_name(piece: str) -> bool:
    """A line of a signature: who, which office, where."""
    said = re.findall(r"\w+", piece)
    if not said or not sentences.NO_NAME.isdisjoint(word.lower() for word in said):
        return False
    return _named(piece, sentences.SMALL) and len(said) <= (4 if piece.isupper() else 8)


def _named(text: str, small: frozenset[str]) -> bool:
    """Names, numbers and addresses, besides some words."""
    return all(not word[0].islower() or word in small for word in re.findall(r"\w+", _ADDRESSES.sub(" ", text)))


def _closed(told: str, rest: str) -> bool:
    if told in sentences.NAMED:
        return _named(rest, sentences.NAMED[told])
    if told not in sentences.CLOSED:
        return True
    return _among(rest, sentences.CLOSED[told])


def _among(text: str, known: frozenset[str]) -> bool:
    """Known words alone, and whatever has a digit: a date, a number of a report."""
    return all(word.lower() in known for word in re.findall(r"\w+", _NUMBERED.sub(" ", text)))


def sentences_of(text: str) -> Iterator[str]:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    joined = lines[:1]
    for before, line in pairwise(lines):
        if len(before) >= _WRAPPED and before[-1] not in ".!:" and line:
            joined[-1] += " " + line
        else:
            joined.append(line)
    for line in joined:
        for piece in _STOPS.split(re.sub(_ABBREVIATED, r"\1", line, flags=re.IGNORECASE)):
            if bare := piece.strip(" ,:;*-\u2013\u2014()[]"):
                yield bare
