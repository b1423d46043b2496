"""What a policy must satisfy to be saved, beyond being readable: letters that can be sent, offices that are not
ourselves, sizes that fit a row, no misspelt field.

Apart from reading, since a policy in force must stay readable when a rule is added here. Everything here takes the raw
JSON, of whatever shape, and adds to what `read_policy` finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from string import Template
from typing import Any

from .letters import LETTERS
from .policy_promises import SETTINGS
from .words import Purpose

#: Where addresses of ours stand.
PEOPLE = (
    "coordinator",
    "leadership",
    "inspectorate",
    "units[].head",
    "units[].liaisons",
    "units[].deputies",
    "roles[].addresses",
    "absences[].deputy",
    "ladder[].audience",
    "clocks.*.ladder[].audience",
    "digests.*.to",
)

Faults = Iterator[dict[str, str]]

#: Rows of each list, by its place.
LIMITS = {
    "units": 200,
    "roles": 50,
    "absences": 500,
    "categories": 500,
    "ladder": 20,
    "clocks.*.ladder": 20,
    "calendar.days_off": 1000,
    "calendar.working_days": 366,
}
#: Of a step of a ladder, of a term, of a break.
STEP = ("id", "fraction", "working_days_after", "before", "after", "audience", "hours")
TERM, BREAK = ("amount", "unit"), ("from", "to")
#: Fields of each object, by its place; [] stands for any row, * for any key.
FIELDS: dict[str, tuple[str, ...]] = {
    "units[]": ("id", "name", "head", "liaisons", "deputies", "new_cases"),
    "roles[]": ("id", "name", "addresses", "deputy"),
    "absences[]": ("address", "deputy", "from", "until"),
    "categories[]": ("id", "name", "unit", "words", "addresses"),
    "ladder[]": STEP,
    "ladder[].before": TERM,
    "ladder[].after": TERM,
    "clocks.*.ladder[]": STEP,
    "clocks.*.ladder[].before": TERM,
    "clocks.*.ladder[].after": TERM,
    "clocks.*.label": ("id", "en"),
    "clocks.*.*": (*TERM, "source", "extension"),
    "office_hours": ("opens", "closes", "weekdays", "breaks", "days"),
    "office_hours.breaks[]": BREAK,
    "office_hours.days.*": ("opens", "closes", "breaks"),
    "office_hours.days.*.breaks[]": BREAK,
    "calendar": ("days_off", "working_days", "known_until"),
    "calendar.days_off[]": ("date", "name", "joint_leave", "decree"),
    "letters.*": ("subject", "text"),
    "digests": ("daily", "weekly", "new_cases"),
    "digests.daily": ("at", "to"),
    "digests.weekly": ("weekday", "at", "to"),
}

#: What any letter may name (Draft.facts fills them all), besides what its default names.
FACTS = frozenset(
    [
        "number",
        "agency",
        "kind",
        "received",
        "received_en",
        "subject",
        "unit",
        "status",
        "text",
        "notes",
        "files",
        "next_step",
        "next_step_en",
    ]
)
#: A letter that names one of these by default is nothing without it: what the officer wrote, until when.
ESSENTIAL = frozenset(["text", "next_step"])
#: Of several lines, or of any length: not in a subject.
LONG = frozenset(["text", "notes", "files"])
SUBJECT_LIMIT, TEXT_LIMIT = 150, 20_000
#: A letter is one row of 400 kB. So a text of 50,000 characters enters it once, and no fact a thousand times.
PLACEHOLDERS = 40


def faults_in(raw: Mapping[str, Any], own_domain: str) -> list[dict[str, str]]:
    """Every fault with its place. `own_domain`: where our own letters come from."""
    return [*_unknown(raw), *_too_many(raw), *_own_addresses(raw, own_domain.lower()), *_letters(raw)]


def _fault(place: str, message: str) -> dict[str, str]:
    return {"place": place[:120], "message": message}


def _at(raw: Any, pattern: str) -> Iterator[tuple[str, Any]]:
    """Everything in the tree that a pattern such as `calendar.days_off[]` names, with its own place."""
    found: list[tuple[str, Any]] = [("", raw)]
    for part in pattern.split("."):
        key, rows = part.removesuffix("[]"), part.endswith("[]")
        found = [
            (f"{place}.{name}" if place else name, value)
            for place, node in found
            if isinstance(node, dict)
            for name, value in node.items()
            if key in ("*", name)
        ]
        if rows:
            found = [
                (f"{place}[{index}]", row)
                for place, node in found
                if isinstance(node, list)
                for index, row in enumerate(node)
            ]
    yield from found


def _unknown(raw: Mapping[str, Any]) -> Faults:
    for pattern, fields in FIELDS.items():
        for place, node in _at(raw, pattern):
            if pattern == "clocks.*.*" and place.rpartition(".")[2] in SETTINGS:
                continue  # stands beside a clock's terms
            for name in node.keys() - set(fields) if isinstance(node, dict) else ():
                yield _fault(f"{place}.{name}", "is not a part of it")


def _too_many(raw: Mapping[str, Any]) -> Faults:
    for pattern, limit in LIMITS.items():
        for place, rows in _at(raw, pattern):
            if isinstance(rows, list) and len(rows) > limit:
                yield _fault(place, f"holds more than {limit}")


def _own_addresses(raw: Mapping[str, Any], own_domain: str) -> Faults:
    """A letter to ourselves would come back as an arrival."""
    for pattern in PEOPLE:
        for place, value in _at(raw, pattern):
            for address in [value] if isinstance(value, str) else value if isinstance(value, list) else []:
                domain = address.strip().lower().rpartition("@")[2] if isinstance(address, str) else ""
                if domain == own_domain or domain.endswith("." + own_domain):
                    yield _fault(place, f"lies under {own_domain}: our letters would come back to us")


def _letters(raw: Mapping[str, Any]) -> Faults:
    for place, letter in _at(raw, "letters.*"):
        name = place.removeprefix("letters.")
        if name not in set(LETTERS) or not isinstance(letter, dict):
            continue  # told by the reader
        default = _names("\n".join(LETTERS[Purpose(name)]))
        if isinstance(subject := letter.get("subject"), str):
            # A letter about several cases has no one number.
            number = frozenset(["number"]) & _names(LETTERS[Purpose(name)][0])
            yield from _subject(f"{place}.subject", subject, FACTS | default, number)
        if isinstance(text := letter.get("text"), str):
            yield from _text(f"{place}.text", text, FACTS | default, ESSENTIAL & default)


def _names(text: str) -> frozenset[str]:
    return frozenset(Template(text).get_identifiers())


def _subject(place: str, subject: str, allowed: frozenset[str], essential: frozenset[str]) -> Faults:
    if not subject.strip() or len(subject) > SUBJECT_LIMIT or not subject.isprintable():
        yield _fault(place, f"must be one line of 1 to {SUBJECT_LIMIT} visible characters")
    yield from _placeholders(place, subject, allowed, essential)
    for name in sorted(LONG & _names(subject)):
        yield _fault(place, f"cannot hold ${name}, which is of any length")


def _text(place: str, text: str, allowed: frozenset[str], essential: frozenset[str]) -> Faults:
    if not text.strip() or len(text) > TEXT_LIMIT:
        yield _fault(place, f"must be a text of 1 to {TEXT_LIMIT} characters")
    yield from _placeholders(place, text, allowed, essential)


def _placeholders(place: str, text: str, allowed: frozenset[str], essential: frozenset[str]) -> Faults:
    if not Template(text).is_valid():
        yield _fault(place, "holds a $ that names nothing: write $$ for the sign itself")
    used = Counter(found["named"] or found["braced"] or "" for found in Template.pattern.finditer(text))
    names = used.keys() - {""}
    for name in sorted(names - allowed):
        yield _fault(place, f"names ${name[:40]}, which nobody fills")
    for name in sorted(essential - names):
        yield _fault(place, f"must hold ${name}")
    if used["text"] > 1 or sum(used[name] for name in names) > PLACEHOLDERS:
        yield _fault(place, f"must hold $text once at most, and at most {PLACEHOLDERS} placeholders")
