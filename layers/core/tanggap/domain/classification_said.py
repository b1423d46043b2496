"""A report's words: where each stands, where sentences end, and which listed phrases and signs are in them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .classification_rules import ENDS, GAP, Index, Listed, forms, plain_forms, spelt, word_set, words_in
from .classification_signs import Member, Sign, Signs

#: A hostile text may repeat one word thousands of times: so many places of each are looked at.
PLACES = 50
_NOWHERE: frozenset[int] = frozenset()
#: "Jl. Kenanga": no sentence ends there.
_ABBREVIATED = word_set("jl jln gg kec kel kab kp ds dsn no bpk sdr yth perum")
#: "Pak, bu": the office is greeted, nobody's father is told of.
_GREETED = word_set("pak bu bpk")
_BOTH = word_set("bapak ibu bpk pak bu")


@dataclass(frozen=True, slots=True)
class Match:
    """A listed phrase or a sign, and the places of its words."""

    listed: Listed
    places: tuple[int, ...]

    @property
    def first(self) -> int:
        return min(self.places)

    @property
    def last(self) -> int:
        return max(self.places)


_CAPITAL = re.compile(r"\b([A-Za-z]{2,40})[ .]{1,2}(?=([A-Z][a-z]{1,39})(?![A-Za-z])(?! [A-Z]))")


class Said:
    def __init__(self, text: str, limit: int) -> None:
        self._text = text
        self._capitals: frozenset[tuple[str, str]] | None = None
        self.words: list[str] = []
        self.places: dict[str, list[int]] = {}
        self.numbers: list[int] = []
        self._ends: list[int] = []
        written: dict[str, list[int]] = {}
        before = ""
        for word in words_in(text, limit, letters=True):
            if word in ENDS:
                if word != "." or before not in _ABBREVIATED:
                    self._ends.append(len(self.words))
                continue
            before = word
            here = len(self.words)
            self.words.append(word)
            if word[0] <= "9":
                self.numbers.append(here)
            elif (at := written.get(word)) is None:
                written[word] = [here]
            elif len(at) < PLACES:
                at.append(here)
        self._written = written
        for word, at in written.items():
            for form in forms(word):
                others = self.places.get(form)
                self.places[form] = at if others is None else sorted(others + at)[:PLACES]

    # -- around a place

    def sentence(self, place: int) -> int:
        """Where the sentence of a word begins."""
        at = bisect_right(self._ends, place)
        return self._ends[at - 1] if at else 0

    def sentence_end(self, place: int) -> int:
        at = bisect_right(self._ends, place)
        return self._ends[at] if at < len(self._ends) else len(self.words)

    def before(self, place: int, count: int) -> list[str]:
        """Up to `count` words before a place within its sentence, the nearest first."""
        start = max(self.sentence(place), place - count)
        return [spelt(word) for word in reversed(self.words[start:place])]

    def behind(self, place: int, count: int) -> list[str]:
        """Up to `count` words behind a place within its sentence, the nearest first."""
        return [spelt(word) for word in self.words[place + 1 : min(self.sentence_end(place), place + 1 + count)]]

    def capitals(self, before: str, word: str) -> bool:
        """ "Ayam Kobong parkirnya": is it written somewhere with a capital letter, and what follows without?"""
        if self._capitals is None:
            pairs = _CAPITAL.findall(self._text)
            self._capitals = frozenset((one.lower(), other.lower()) for one, other in pairs)
        return (before, word) in self._capitals

    # -- phrases: their words in this order

    def found(self, index: Index) -> Iterator[Match]:
        for word in self.places.keys() & index.keys():
            for listed in index[word]:
                if all(other in self.places for other in listed.words[1:]):
                    yield from self._matches(listed)

    def _matches(self, listed: Listed) -> Iterator[Match]:
        gap = 0 if listed.what == "ignore" else GAP
        for first in self.places[listed.words[0]]:
            places = [first]
            for word in listed.words[1:]:
                at = self._next(word, places[-1], gap)
                if at is None:
                    break
                places.append(at)
            else:
                if len(places) == 1 or self.sentence(first) == self.sentence(places[-1]):
                    yield Match(listed, tuple(places))

    def _next(self, word: str, after: int, gap: int) -> int | None:
        places = self.places[word]
        at = bisect_right(places, after)
        return places[at] if at < len(places) and places[at] - after <= gap + 1 else None

    # -- signs: one word of each of their groups, in any order

    def signs(self, signs: Signs, left_out: frozenset[int] = _NOWHERE) -> Iterator[Match]:
        """`left_out`: places whose words are meant otherwise."""
        present: dict[str, list[tuple[str, Member]]] = {}
        for word in self._written:
            for member in signs.of(word) if word not in _GREETED else ():
                present.setdefault(member[0], []).append((word, member))
        groups: dict[str, list[tuple[int, str]]] = {}
        for sign in signs.signs:
            if not present.keys() >= sign.needs:
                continue
            for group in sign.groups:
                if group not in groups:
                    groups[group] = sorted(self._members(present[group], left_out))[:PLACES]
                if not groups[group]:
                    break
            else:
                yield from self._sign(sign, [groups[group] for group in sign.groups])

    def _members(self, words: list[tuple[str, Member]], left_out: frozenset[int]) -> Iterator[tuple[int, str]]:
        for word, (_, phrase, rest) in words:
            for place in self._written[word]:
                if place not in left_out and self._goes_on(place, rest) and not self._greeted(word, place):
                    yield place, phrase

    def _greeted(self, word: str, place: int) -> bool:
        """ "Bapak/Ibu" is read as a greeting."""
        return word in _BOTH and any(
            one in _BOTH for one in (*self.words[max(0, place - 1) : place], *self.words[place + 1 : place + 2])
        )

    def _goes_on(self, place: int, rest: tuple[str, ...]) -> bool:
        return not rest or tuple(map(spelt, self.words[place + 1 : place + 1 + len(rest)])) == rest

    def _sign(self, sign: Sign, groups: list[list[tuple[int, str]]]) -> Iterator[Match]:
        for first, phrase in groups[0]:
            taken, told = [first], [phrase]
            for members in groups[1:]:
                near = _nearest(members, first, sign.within, taken)
                if near is None:
                    break
                taken.append(near[0])
                told.append(near[1])
            else:
                match = Match(Listed("urgent", sign.rule, " ".join(told), ()), tuple(taken))
                if self.sentence(match.first) == self.sentence(match.last) and not self._otherwise(sign, match):
                    yield match

    def _otherwise(self, sign: Sign, match: Match) -> bool:
        start = max(self.sentence(match.first), match.first - sign.unless_before)
        stop = min(self.sentence_end(match.last), match.last + 1 + sign.unless_behind)
        return any(
            form in sign.unless
            for place in range(start, stop)
            if place not in match.places
            for form in plain_forms(self.words[place])
        )


def _nearest(members: list[tuple[int, str]], place: int, within: int, taken: Iterable[int]) -> tuple[int, str] | None:
    at = bisect_left(members, (place, ""))
    around = [one for one in members[max(0, at - 2) : at + 2] if one[0] not in taken and abs(one[0] - place) <= within]
    return min(around, key=lambda one: abs(one[0] - place), default=None)
