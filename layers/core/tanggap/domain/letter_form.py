"""A letter: our wording of it, and what any other wording may and must name."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template
from typing import Literal

Language = Literal["id", "en"]
#: Indonesian stands first in what an Indonesian agency writes (UU 24/2009).
LANGUAGES: tuple[Language, ...] = ("id", "en")

#: Of a case; letter_facts fills them for every letter about one.
OF_A_CASE = frozenset({"number", "agency", "kind", "received", "subject", "unit", "status"})
#: A letter that names one of these is nothing without it: what was said, until when, what every reporter is to know.
ESSENTIAL = frozenset({"text", "report", "next_step", "assurance"})
#: Of several lines, or of any length: not in a subject, and in no language in which our own wording hasn't got it.
LONG = frozenset({"text", "report", "notes", "files", "derivation"})


@dataclass(frozen=True, slots=True)
class Letter:
    """`id`: after the salutation, since the name is in the vault and is put before it only when the letter is sent.
    `en`: below it, empty where a letter has none. A $placeholder means the same in both, each in its language.
    `undated`: what stands instead of which words where there is no date to tell."""

    subject: str
    id: str
    en: str = ""
    undated: tuple[tuple[str, str], ...] = ()

    def text(self, language: Language) -> str:
        return self.id if language == "id" else self.en

    def without_date(self, language: Language) -> str:
        text = self.text(language)
        for dated, instead in self.undated:
            text = text.replace(dated, instead)
        return text

    def fields(self, language: Language) -> frozenset[str]:
        """What is filled in this language, by whoever writes such a letter."""
        named = names(self.subject, self.id, self.en)
        known = named | OF_A_CASE if "number" in named else named
        return known - (LONG - names(self.text(language)))

    def needed(self, language: Language) -> frozenset[str]:
        """Of its text."""
        return names(self.text(language)) & ESSENTIAL

    @property
    def needed_in_subject(self) -> frozenset[str]:
        """A letter about several cases has no one number."""
        return names(self.subject) & {"number"}


@dataclass(frozen=True, slots=True)
class Wording:
    """An agency's own. None: ours. `en` empty: no English part. `subject_en` follows the Indonesian subject."""

    subject: str | None = None
    id: str | None = None
    en: str | None = None
    subject_en: str = ""


def names(*texts: str) -> frozenset[str]:
    """The placeholders of a text."""
    return frozenset(name for text in texts for name in Template(text).get_identifiers())
