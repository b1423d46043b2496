"""Whose is what stands under two dashes: the sender's signature, or what the lines above announce (a list of names, an
address)? Looked at only where a signature is about to be cut; where it cannot be told, it stays."""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import tail_words as words

_NEAR = 2  # lines above the mark that are one sentence with each other
_SENTENCE = 300  # characters of it
_HEADING = 80  # characters of a line that heads a list
_ABOVE = 4_000  # characters above, from their end, in which a name may have been told of
_ABOVE_LINES = 200
_NAME = 80  # characters of a line that may name a person
_PEOPLE = 3  # lines that name people; two, where they are known not to be the sender
_WORDS = re.compile(r"[^\W\d_]{3,}")
_SENTENCE_ENDS = re.compile(r"[.!?]\s+")
_ANNOUNCES = re.compile("|".join(words.ANNOUNCES), re.IGNORECASE)
_ANNOUNCES_WEAKLY = re.compile(rf"(?:{words.ANNOUNCES_WEAKLY})\W{{0,3}}$", re.IGNORECASE)
_HEADS = re.compile(rf"\W{{0,3}}(?:{words.HEADS_A_LIST})\b", re.IGNORECASE)
_ENUMERATED = re.compile(r"\s{0,3}(?:\d{1,3}[.)]|[-*•])\s{1,3}\S")
_PERSON = re.compile(r"[^\W\d_a-z][^\W\d_]*\.?(?:,? (?:(?:bin|binti|al|van|de) )?[^\W\d_a-z][^\W\d_]*\.?){1,4}")
_EVIDENCE = re.compile(words.NUMBERS_TOLD)
_REACHED = re.compile(r"\S@\S|://|www\.|\d{4}[\d -]{3,}")


@dataclass(frozen=True, slots=True)
class Sender:
    """By what a signature shows that it is theirs: the words of their name and address."""

    words: frozenset[str] = frozenset()
    address: str = ""
    names: int = 0  # words of the name

    @classmethod
    def of(cls, name: str, address: str) -> Sender:
        local, _, domain = address.lower().rpartition("@")
        house = domain.partition(".")[0]
        own = set(_WORDS.findall(f"{name[:200]} {local}".lower()))
        if house not in words.PROVIDERS:
            own |= set(_WORDS.findall(house))
        names = len(set(_WORDS.findall(name[:200].lower())) - words.NO_NAMES)
        return cls(frozenset(own - words.NO_NAMES), address.lower(), names)

    def is_in(self, line: str) -> bool:
        low = line[:400].lower()
        if self.address and self.address in low:
            return True
        local = self.address.partition("@")[0]
        found = set(_WORDS.findall(low))
        known = sum(word in self.words or (len(word) > 3 and word in local) for word in found)
        if _PERSON.fullmatch(line[:_NAME]):  # Siti Aminah is not Siti Rahmah
            return known >= max(1, min(2, len(found), self.names))
        return known > 0


NOBODY = Sender()


def tells(above: list[str], below: list[str], exact: bool, sender: Sender) -> bool:
    """Is what stands below the mark told by what stands above, and nobody's signature? `exact`: a program wrote it."""
    sentence = _last_sentence(above)
    if _is_announced(sentence, above):
        return True
    said = [line.strip() for line in below if line.strip()]
    if sum(_ENUMERATED.match(line) is not None for line in said) > 1:
        return True
    if any(_EVIDENCE.search(line[:200]) for line in said):
        return True
    own = any(sender.is_in(line) for line in said)
    signed = any(_signs(line) or _REACHED.search(line[:200]) for line in said)
    people = [line for line in said if _is_person(line) and not sender.is_in(line)]
    if not signed and len(people) >= (_PEOPLE - 1 if sender.words and not exact else _PEOPLE):
        return True
    if own:
        return False
    if _ANNOUNCES_WEAKLY.search(sentence):
        return True
    if sender.words:
        told_of = set(_WORDS.findall("\n".join(above[-_ABOVE_LINES:])[-_ABOVE:].lower()))
        if any(told_of & set(_WORDS.findall(line.lower())) for line in people):
            return True
        if not exact:
            return not any(_signs(line) for line in said)
        # A program's mark, but another's full name: not what the sender set up as theirs.
        return sender.names > 1 and bool(people) and people[0] == said[0] and not any(_signs(line) for line in said)
    return False


def _last_sentence(above: list[str]) -> str:
    last: list[str] = []
    for line in reversed(above[-_NEAR - 4 :]):
        if line.strip():
            last.append(line.strip()[-_SENTENCE:])
        elif last:
            break
        if len(last) == _NEAR:
            break
    joined = " ".join(reversed(last))[-_SENTENCE:]
    return _SENTENCE_ENDS.split(joined)[-1]


def _is_announced(sentence: str, above: list[str]) -> bool:
    bare = sentence.rstrip(" .…")
    if _ANNOUNCES.search(bare):
        return True
    last = next((line.strip() for line in reversed(above) if line.strip()), "")
    return len(last) <= _HEADING and not last.endswith((".", "!", "?")) and _HEADS.match(last) is not None


def _signs(line: str) -> bool:
    """A role, an office, a company, a closing; a word that no list of victims or addresses begins with."""
    return bool(words.SIGNS & set(re.findall(r"[^\W\d_]+", line[:200].lower())))


def _is_person(line: str) -> bool:
    return len(line) <= _NAME and _PERSON.fullmatch(line) is not None and not _signs(line)
