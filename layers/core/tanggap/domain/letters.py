"""What we write to people: one row a purpose, our wording or the agency's, Indonesian first, English below.

Placeholders are filled by name alone, once: what people wrote is never read as a placeholder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Template

from .letter_form import LANGUAGES, Language, Letter, Wording
from .letters_to_askers import TO_ASKERS
from .letters_to_offices import TO_OFFICES
from .letters_to_reporters import TO_REPORTERS
from .words import Purpose

LETTERS: Mapping[Purpose, Letter] = {**TO_REPORTERS, **TO_ASKERS, **TO_OFFICES}

#: What every reporter is to know, in words that no agency changes (Perpres 76/2013: no fee, a confidential identity).
ASSURANCE: Mapping[Language, str] = {
    "id": """Layanan ini tidak dipungut biaya.
Identitas Bapak/Ibu kami rahasiakan dan hanya dibuka bagi petugas yang memerlukannya.""",
    "en": "The service is free of charge; your identity is kept confidential.",
}
#: What an agency's own wording says for a date where there is none. Ours has other words then.
NO_DATE: Mapping[Language, str] = {"id": "tanggal yang belum ditetapkan", "en": "a date that is not set yet"}
#: Between the languages.
RULE = "\n\n---\n"
#: A mail program shows less; what fills a placeholder may be longer than an agency thought.
SUBJECT_LIMIT = 250


def render(
    purpose: Purpose, own: Wording | None, facts: Mapping[str, str], languages: Sequence[Language] = LANGUAGES
) -> tuple[str, str]:
    """Subject and text. `facts`: what the placeholders stand for; a name that ends in `_en` is its English. A
    placeholder that nobody fills stays visible rather than failing: a letter with a blemish beats no letter."""
    letter, own = LETTERS[purpose], own or Wording()
    dated = bool(facts.get("next_step"))
    said = {**facts, "assurance": ASSURANCE["id"], **({} if dated else {"next_step": NO_DATE["id"]})}
    subject = fill(letter.subject if own.subject is None else own.subject, said)
    text = fill(_ours(letter, "id", dated) if own.id is None else own.id, said)
    english = _ours(letter, "en", dated) if own.en is None else own.en
    if "en" in languages:
        in_english = {name.removesuffix("_en"): value for name, value in facts.items() if name.endswith("_en")}
        said = {**facts, **in_english, "assurance": ASSURANCE["en"], **({} if dated else {"next_step": NO_DATE["en"]})}
        subject += f" / {fill(own.subject_en, said)}" if own.subject_en else ""
        text += f"{RULE}{fill(english, said)}" if english else ""
    return _one_line(subject), text.strip() + "\n"


def _ours(letter: Letter, language: Language, dated: bool) -> str:
    return letter.text(language) if dated else letter.without_date(language)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Placeholders by name, once."""
    return Template(text).safe_substitute(facts)


def _one_line(subject: str) -> str:
    """Nothing that fills a subject begins another header."""
    visible = subject if subject.isprintable() else "".join(sign if sign.isprintable() else " " for sign in subject)
    return visible.strip()[:SUBJECT_LIMIT]
