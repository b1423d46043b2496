"""What kind of report this is, about what, for whom, and how urgent: by listed words and addresses, each answer with
its reason.

The category is set, for an officer corrects it with a word; unit and kind are proposed, since the one is a disposition
and the other moves legal deadlines; the priority is set, since a false alarm costs a look and a missed one a life.
Equal counts are no answer. Linear in the text, of which so much is read as one page of an officer's screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .classification_meant import Meant, meant
from .classification_rules import Listed, Why, forms, spelt, word_set
from .classification_said import PLACES, Match, Said
from .classification_signs import signs
from .classification_words import defaults
from .policy import Policy
from .words import Kind, Priority

__all__ = ["LOOKED_AT", "Classified", "Why", "classify"]

#: Characters of subject and text that are looked at. What matters is said before.
LOOKED_AT = 20_000
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
    said = Said(f"{subject[:1000]}\n\n{text[:LOOKED_AT]}", LOOKED_AT + 1002)
    found = _found(said, policy)
    category = _category_by_address(recipients, policy) or _top(
        "category", (match.listed for match, _ in found), policy.categories
    )
    whys = [Why("kind", Kind.COMPLAINT, "default")]
    proposals = []
    unit = None
    if category:
        whys.append(category)
        if unit := rules.units.get(category.value):
            proposals.append(Why("unit", unit, "category_unit", category.value))
    if kind := _kind(match.listed for match, _ in found):
        proposals.append(kind)
    priority, reasons = _priority(said, found)
    whys += reasons
    return Classified(
        Kind.COMPLAINT, category.value if category else None, unit, priority, tuple(whys), tuple(proposals)
    )


# -- what was meant


def _found(said: Said, policy: Policy) -> list[tuple[Match, Meant]]:
    """Phrases and signs, without what is meant otherwise."""
    rules = policy.triage
    found = list(said.found(rules.index))
    if rules.defaults:
        found += said.found(defaults())
    spans = [(match.first, match.last) for match in found if match.listed.what == "ignore"]
    found = [
        match
        for match in found
        if match.listed.what != "ignore"
        and not any(first <= match.first and match.last <= last for first, last in spans)
    ]
    if rules.defaults:
        found += said.signs(signs(), frozenset(place for first, last in spans for place in range(first, last + 1)))
    judged = ((match, meant(said, match)) for match in found)
    return [(match, how) for match, how in judged if how is not Meant.OTHERWISE]


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


def _priority(said: Said, found: list[tuple[Match, Meant]]) -> tuple[Priority, list[Why]]:
    """Each rule once, in the tables' order, danger before need."""
    order = {"urgent": 0, "hazard": 1, "vulnerable": 2}
    danger = sorted(
        (row for row in found if row[0].listed.what in order),
        key=lambda row: (
            order[row[0].listed.what],
            not row[0].listed.words,
            row[0].first,
            row[0].listed.phrase,
            row[0].listed.value,
        ),
    )
    rules: dict[str, tuple[Priority, str]] = {}
    for match, how in danger:
        rule, level = match.listed.value, Priority.HIGH
        if match.listed.what == "urgent" and how is Meant.SO:
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


def _ages(said: Said) -> Iterator[tuple[str, str]]:
    """Elderly or child by a number of years; told as the listed bound, not as the age that was written."""
    for place in said.numbers[:PLACES]:
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


def _unit(said: Said, place: int) -> str:
    word = spelt(said.words[place]) if place < len(said.words) else ""
    return "years" if word in _YEARS else "months" if word in _MONTHS else ""


def _rule_of_age(number: int, said: Said, place: int, behind: int) -> tuple[str, str] | None:
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
