"""What kind of report this is, about what, for whom, and how urgent: by listed words and addresses, each answer with
its reason.

The category is set, for an officer corrects it with a word; unit and kind are proposed, since the one is a disposition
and the other moves legal deadlines; the priority is set, since a false alarm costs a look and a missed one a life.
Equal counts are no answer. Linear in the text, of which so much is read as one page of an officer's screen."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .classification_rules import GAP, Index, Listed, Why, forms, is_end, spelt, word_set, words_in
from .classification_words import DENIED, DENIED_OVER, FEARED, FEARED_WITHIN, LOWERED, PLACE_BEFORE, defaults
from .policy import Policy
from .words import Kind, Priority

__all__ = ["LOOKED_AT", "Classified", "Why", "classify"]

#: Characters of subject and text that are looked at. What matters is said before.
LOOKED_AT = 20_000
#: A hostile text may repeat one word thousands of times: so many places of each are looked at.
_PLACES = 50
#: Reasons that an officer is shown for one priority.
_REASONS = 6


@dataclass(frozen=True, slots=True)
class Classified:
    """`whys` explain what is set (kind, category, priority), `proposals` what an officer decides (kind, unit)."""

    kind: Kind
    category: str | None
    unit: str | None
    priority: str
    whys: tuple[Why, ...]
    proposals: tuple[Why, ...] = ()


def classify(subject: str, text: str, recipients: tuple[str, ...], policy: Policy) -> Classified:
    """`recipients`: addresses of ours that the report was sent to; others are to be left out."""
    rules = policy.triage
    said = _Said(f"{subject[:1000]}\n\n{text[:LOOKED_AT]}")
    found = list(said.found(rules.index))
    if rules.defaults:
        found += said.found(defaults())
    found = [match for match in _meant(found) if not said.denied(match)]
    category = _category_by_address(recipients, policy) or _top(
        "category", (match.listed for match in found), policy.categories
    )
    whys = [Why("kind", Kind.COMPLAINT, "default")]
    proposals = []
    unit = None
    if category:
        whys.append(category)
        if unit := rules.units.get(category.value):
            proposals.append(Why("unit", unit, "category_unit", category.value))
    if kind := _kind(match.listed for match in found):
        proposals.append(kind)
    priority, reasons = _priority(said, found)
    whys += reasons
    return Classified(
        Kind.COMPLAINT, category.value if category else None, unit, priority, tuple(whys), tuple(proposals)
    )


# -- what was said


@dataclass(frozen=True, slots=True)
class _Match:
    """A listed phrase at words `first` to `last`."""

    listed: Listed
    first: int
    last: int


class _Said:
    """A text's words, where each stands, and where sentences end."""

    def __init__(self, text: str) -> None:
        self.words: list[str] = []
        self.places: dict[str, list[int]] = {}
        self.numbers: list[int] = []
        ends: list[int] = []
        for word in words_in(text, LOOKED_AT + 1002, letters=True):
            if is_end(word):
                ends.append(len(self.words))
                continue
            here = len(self.words)
            self.words.append(word)
            if word[0] <= "9":
                self.numbers.append(here)
                continue
            for form in forms(word):
                places = self.places.setdefault(form, [])
                if len(places) < _PLACES:
                    places.append(here)
        self._ends = ends

    def sentence(self, place: int) -> int:
        """Where the sentence of a word begins."""
        at = bisect_right(self._ends, place)
        return self._ends[at - 1] if at else 0

    def found(self, index: Index) -> Iterator[_Match]:
        for word in self.places.keys() & index.keys():
            for listed in index[word]:
                if all(other in self.places for other in listed.words[1:]):
                    yield from self._matches(listed)

    def _matches(self, listed: Listed) -> Iterator[_Match]:
        gap = 0 if listed.what == "ignore" else GAP
        for first in self.places[listed.words[0]]:
            last: int | None = first
            for word in listed.words[1:]:
                last = self._next(word, last, gap) if last is not None else None
            if last is not None and (last == first or self.sentence(first) == self.sentence(last)):
                yield _Match(listed, first, last)

    def _next(self, word: str, after: int, gap: int) -> int | None:
        places = self.places[word]
        at = bisect_right(places, after)
        return places[at] if at < len(places) and places[at] - after <= gap + 1 else None

    def before(self, place: int, count: int) -> list[str]:
        """Up to `count` words before a place within its sentence, the nearest first."""
        start = max(self.sentence(place), place - count)
        return [spelt(word) for word in reversed(self.words[start:place])]

    def denied(self, match: _Match) -> bool:
        near = self.before(match.first, 2)
        if near and near[0] in DENIED_OVER:
            near = near[1:]
        if near and near[0] in DENIED:
            return True
        if match.first != match.last:
            return False
        if self.words[match.first] in PLACE_BEFORE:  # "Jl. Kenanga" complains of no road
            return True
        named = match.first > 0 and self.words[match.first - 1] in PLACE_BEFORE
        return named and match.listed.what == "vulnerable"


def _meant(found: list[_Match]) -> list[_Match]:
    """Without what stands within a phrase that is meant otherwise."""
    spans = [(match.first, match.last) for match in found if match.listed.what == "ignore"]
    if not spans:
        return found
    return [
        match
        for match in found
        if match.listed.what != "ignore"
        and not any(first <= match.first and match.last <= last for first, last in spans)
    ]


# -- about what, which kind


def _category_by_address(recipients: tuple[str, ...], policy: Policy) -> Why | None:
    addresses = policy.triage.addresses
    hits: dict[str, str] = {}
    for recipient in recipients[:50] if addresses else ():
        address = recipient.lower()
        for name in (address, address.partition("@")[0]):
            if (category := addresses.get(name)) in policy.categories and category:
                hits.setdefault(category, name)
                break
    if len(hits) != 1:
        return None
    category, name = next(iter(hits.items()))
    return Why("category", category, "address", name)


def _top(what: str, found: Iterable[Listed], known: Iterable[str]) -> Why | None:
    """The value with most distinct listed phrases, and of those the longest as its reason. None where two are equal."""
    phrases = {(one.value, one.words): one.phrase for one in found if one.what == what and one.value in known}
    scores = Counter(value for value, _ in phrases).most_common(2)
    if not scores or (len(scores) > 1 and scores[0][1] == scores[1][1]):
        return None
    top = scores[0][0]
    told = min((phrase for (value, _), phrase in phrases.items() if value == top), key=lambda one: (-len(one), one))
    return Why(what, top, "word", told)


def _kind(found: Iterable[Listed]) -> Why | None:
    rows = list(found)
    why = _top("kind", rows, tuple(Kind))
    if why and why.value == Kind.PRAISE and any(one.what in ("complaining", "hazard", "urgent") for one in rows):
        return None
    return why


# -- how urgent


def _priority(said: _Said, found: list[_Match]) -> tuple[Priority, list[Why]]:
    """Each rule once, in the tables' order, danger before need."""
    order = {"urgent": 0, "hazard": 1, "vulnerable": 2}
    danger = sorted(
        (match for match in found if match.listed.what in order),
        key=lambda match: (order[match.listed.what], match.first, match.listed.phrase, match.listed.value),
    )
    rules: dict[str, tuple[Priority, str]] = {}
    for match in danger:
        rule, level = match.listed.value, Priority.HIGH
        if match.listed.what == "urgent" and not (rule in LOWERED and _feared(said, match)):
            level = Priority.URGENT
        if rule not in rules or (level is Priority.URGENT and rules[rule][0] is Priority.HIGH):
            rules[rule] = level, match.listed.phrase
    for rule, phrase in _ages(said):
        rules.setdefault(rule, (Priority.HIGH, phrase))
    if not rules:
        return Priority.NORMAL, []
    top = Priority.URGENT if any(level is Priority.URGENT for level, _ in rules.values()) else Priority.HIGH
    ranked = sorted(rules.items(), key=lambda row: row[1][0] is not Priority.URGENT)
    return top, [Why("priority", level, rule, phrase) for rule, (level, phrase) in ranked[:_REASONS]]


def _feared(said: _Said, match: _Match) -> bool:
    return any(word in FEARED for word in said.before(match.first, FEARED_WITHIN))


#: Words between "umur" and the number that leave it a person's age: "umur ibu saya sudah 78".
_BETWEEN = word_set("""saya kami beliau sudah yang sekitar kira kurang lebih hampir baru masih di atas ibu bapak
    ayah nenek kakek mbah anak cucu mertua istri suami nya ia dia is was about over almost""")
_AGE = word_set("umur usia berumur berusia aged age")
#: "nenek saya 78 tahun": whose years these are.
_PERSONS = word_set("""nenek kakek mbah simbah embah ibu bapak ayah mertua opa oma uwak orangtua istri suami mother
    father""")
_YEARS, _MONTHS = frozenset({"tahun", "years", "year", "yo"}), frozenset({"bulan", "hari", "minggu", "months", "month"})
_TENS = {"enam": 60, "tujuh": 70, "delapan": 80, "sembilan": 90}
OLD, OLDEST, OF_AGE = 60, 120, 18


def _ages(said: _Said) -> Iterator[tuple[str, str]]:
    """Elderly or child by a number of years; told as the listed bound, not as the age that was written."""
    for place in said.numbers[:_PLACES]:
        number = said.words[place]
        if len(number) <= 3 and (rule := _rule_of_age(int(number), said, place, place + 1)):
            yield rule
    for place in said.places.get("puluh", ()):
        if place and (tens := _TENS.get(said.words[place - 1])):
            behind = place + 1
            if behind < len(said.words) and not _unit(said, behind):
                behind += 1  # "tujuh puluh delapan tahun"
            if rule := _rule_of_age(tens, said, place - 1, behind):
                yield rule


def _unit(said: _Said, place: int) -> str:
    word = spelt(said.words[place]) if place < len(said.words) else ""
    return "years" if word in _YEARS else "months" if word in _MONTHS else ""


def _rule_of_age(number: int, said: _Said, place: int, behind: int) -> tuple[str, str] | None:
    unit = _unit(said, behind)
    age = person = False
    for word in said.before(place, 4):
        bare = (
            word if word in _BETWEEN else next((form for form in forms(word) if form in _AGE or form in _PERSONS), word)
        )
        age, person = age or bare in _AGE, person or bare in _PERSONS
        if age or (bare not in _BETWEEN and bare not in _PERSONS):
            break
    if not age and not (person and unit):
        return None
    if unit != "months" and OLD <= number <= OLDEST:
        return "elderly", "umur >= 60"
    young = number <= OF_AGE * 12 if unit == "months" else number < OF_AGE
    return ("child", "umur < 18") if age and young else None
