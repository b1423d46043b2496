"""An agency's own letters, out of its policy: by name, each in two languages.

What can't be read is a fault at once. What a letter must and may say (`faults`) is asked when a policy is saved, since
one in force must stay readable when a rule is added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from string import Template
from typing import Any

from .letter_form import LANGUAGES, LONG, Language, Letter, Wording, names
from .letter_frame import LETTER_ENDS, REPLY_ABOVE
from .letters import LETTERS
from .policy_reader import IDENTIFIER, Reader
from .words import DIGESTS, Purpose

SUBJECT_LIMIT, TEXT_LIMIT = 150, 20_000
#: Of the English that follows the Indonesian subject.
SUBJECT_EN_LIMIT = 80
#: A letter is one row of 400 kB. So a text of 50,000 characters enters it once, and no fact a thousand times.
PLACEHOLDERS = 40
_FIELDS: Mapping[str, tuple[str, ...]] = {"id": ("subject", "text"), "en": ("subject", "text")}
#: The form in which a letter says all in one text, as policies did before they knew languages.
_WHOLE = frozenset({"subject", "text"})

Fault = tuple[str, str]


def purpose_of(name: str) -> Purpose | None:
    """Whose letter it is: a purpose's, or a step's of the ladder (`escalation-gentle`). None: nobody's."""
    if name in set(LETTERS):
        return Purpose(name)
    base, _, own = name.partition("-")
    return Purpose(base) if base in set(DIGESTS) and IDENTIFIER.fullmatch(own) else None


def templates(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Letters that a step of the ladder may name."""
    given = raw.get("letters")
    own = (name for name in given if purpose_of(name) in DIGESTS) if isinstance(given, dict) else ()
    return tuple(dict.fromkeys([*map(str, DIGESTS), *own]))


def read_languages(reader: Reader, raw: Mapping[str, Any]) -> tuple[Language, ...]:
    given = raw.get("languages", list(LANGUAGES))
    for known in (LANGUAGES[:1], LANGUAGES):
        if given == list(known):
            return known
    reader.fault("languages", 'must be ["id"], or ["id", "en"] in this order: Indonesian stands first')
    return LANGUAGES


def read_letters(reader: Reader, raw: Mapping[str, Any]) -> dict[str, Wording]:
    found: dict[str, Wording] = {}
    for name, row in reader.table(raw, "letters").items():
        place = f"letters.{name}"
        if purpose_of(name) is None:
            reader.fault(place, "is not a letter")
        elif not isinstance(row, dict):
            reader.fault(place, "must be an object of texts")
        elif _WHOLE & row.keys() and _FIELDS.keys() & row.keys():
            reader.fault(place, "says all in subject and text, or by language in id and en, not both")
        elif _FIELDS.keys() & row.keys():
            found[name] = _by_language(reader, place, row)
        elif all(isinstance(value, str) for value in row.values()):
            found[name] = Wording(row.get("subject"), row.get("text"), "" if "text" in row else None)
        else:
            reader.fault(place, "must be an object of texts")
    return found


def _by_language(reader: Reader, place: str, row: Mapping[str, Any]) -> Wording:
    given: dict[str, Mapping[str, str]] = {}
    for language in _FIELDS:
        part = row.get(language, {})
        if language == "en" and part is None:
            part = {"text": ""}
        if not isinstance(part, dict) or not all(isinstance(value, str) for value in part.values()):
            reader.fault(f"{place}.{language}", "must be an object of texts")
            part = {}
        given[language] = part
    own, english = given["id"], given["en"]
    return Wording(own.get("subject"), own.get("text"), english.get("text"), english.get("subject", ""))


def faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Of each wording that can be read: its place, and what is wrong with it."""
    given = raw.get("letters")
    for name, row in given.items() if isinstance(given, dict) else ():
        purpose = purpose_of(name)
        if purpose is None or not isinstance(row, dict):
            continue  # told by the reader
        letter = LETTERS[purpose]
        if not _FIELDS.keys() & row.keys():
            yield from _part(f"letters.{name}", row, letter, "id")
        for language in LANGUAGES:
            if isinstance(part := row.get(language), dict):
                yield from _part(f"letters.{name}.{language}", part, letter, language)


def _part(place: str, part: Mapping[str, Any], letter: Letter, language: Language) -> Iterator[Fault]:
    allowed = letter.fields(language)
    if isinstance(subject := part.get("subject"), str):
        limit = SUBJECT_LIMIT if language == "id" else SUBJECT_EN_LIMIT
        needed = letter.needed_in_subject if language == "id" else frozenset[str]()
        if not subject.strip() or len(subject) > limit or not subject.isprintable():
            yield f"{place}.subject", f"must be one line of 1 to {limit} visible characters"
        yield from _placeholders(f"{place}.subject", subject, allowed, needed)
        for name in sorted(LONG & names(subject)):
            yield f"{place}.subject", f"cannot hold ${name}, which is of any length"
    if isinstance(text := part.get("text"), str):
        if not text.strip() or len(text) > TEXT_LIMIT:
            yield f"{place}.text", f"must be a text of 1 to {TEXT_LIMIT} characters"
        for sign in sorted({sign for line in text.split("\n") for sign in line if not sign.isprintable()})[:1]:
            yield f"{place}.text", f"holds a character that nobody sees (U+{ord(sign):04X})"
        for line in (REPLY_ABOVE, LETTER_ENDS):
            if line.lower() in text.lower():
                yield f"{place}.text", f"holds '{line}', by which replies are cut: the desk puts it around each letter"
        yield from _placeholders(f"{place}.text", text, allowed, letter.needed(language))


def _placeholders(place: str, text: str, allowed: frozenset[str], needed: frozenset[str]) -> Iterator[Fault]:
    if not Template(text).is_valid():
        yield place, "holds a $ that names nothing: write $$ for the sign itself"
    used = Counter(found["named"] or found["braced"] or "" for found in Template.pattern.finditer(text))
    named = used.keys() - {""}
    for name in sorted(named - allowed):
        yield place, f"names ${name[:40]}, which nobody fills; there are: {', '.join(sorted(allowed))}"
    for name in sorted(needed - named):
        yield place, f"must hold ${name}{_WHY.get(name, '')}"
    if any(used[name] > 1 for name in LONG) or sum(used[name] for name in named) > PLACEHOLDERS:
        yield (
            place,
            f"must hold each of {', '.join(sorted(LONG))} once at most, and at most {PLACEHOLDERS} placeholders",
        )


_WHY = {"assurance": ": that the service is free of charge, and the reporter's identity kept confidential"}
