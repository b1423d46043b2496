"""What every letter may name of a case. What ends in `_en` is what the same placeholder means in English."""

from __future__ import annotations

from . import letter_words
from .case import Case
from .policy import Policy
from .times import spoken, spoken_en
from .words import Confidentiality

_NONE, _NONE_EN = "(tanpa perihal)", "(no subject)"

#: In place of words that could tell who reported.
WITHHELD, WITHHELD_EN = "(dirahasiakan)", "(withheld)"


def shown_subject(subject: str, confidentiality: Confidentiality) -> str:
    """To anybody but the reporter, whose words a subject is."""
    return subject[:120] if confidentiality is Confidentiality.OPEN else WITHHELD


def facts_for_reporter(case: Case, policy: Policy, **more: str) -> dict[str, str]:
    own = case.subject[:120]
    return facts(case, policy, **{"subject": own or _NONE, "subject_en": own or _NONE_EN, **more})


def facts(case: Case, policy: Policy, **more: str) -> dict[str, str]:
    """Of a letter to an office: anybody may read on there."""
    subject, subject_en = case.subject[:120] or _NONE, case.subject[:120] or _NONE_EN
    if case.confidentiality is not Confidentiality.OPEN:
        subject, subject_en = WITHHELD, WITHHELD_EN
    zone, unit = policy.calendar.zone, policy.units.get(case.unit or "")
    found = {
        "number": case.number,
        "agency": policy.agency,
        "kind": letter_words.KINDS_ID[case.kind],
        "kind_en": letter_words.KINDS_EN[case.kind],
        "received": spoken(case.received_at, zone),
        "received_en": spoken_en(case.received_at, zone),
        "subject": subject,
        "subject_en": subject_en,
        "unit": unit_name(case.unit, policy),
        "status": letter_words.status(case, "id"),
        "status_en": letter_words.status(case, "en"),
        "text": "",
        "notes": "",
        "files": "tidak ada",
        "next_step": "",
        "next_step_en": "",
        "counted": "",
        "counted_en": "",
        "derivation": "",
    }
    if unit is None:
        found["unit_en"] = "the coordinator"
    for name, value in more.items():
        # What its writer says otherwise, and says in one language, is the same in the other.
        if f"{name}_en" not in more:
            found.pop(f"{name}_en", None)
        found[name] = value
    return found


def unit_name(unit: str | None, policy: Policy) -> str:
    found = policy.units.get(unit or "")
    return found.name if found else "koordinator"
