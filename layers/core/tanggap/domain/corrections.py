"""An officer decides what machine and citizen only said: the field, its clocks and its reason change, and where the
machine was wrong, the history says so."""

from __future__ import annotations

from collections.abc import Mapping

from .case import Case
from .classification_rules import Why
from .clock_changes import retime
from .draft import Draft
from .policy import Policy

#: The kind of a link that is proposed, and of one that keeps it from being proposed again.
LIKELY_DUPLICATE_OF, NOT_DUPLICATE_OF = "likely_duplicate_of", "not_duplicate_of"
#: No category; no value in the history.
NONE = "-"


def reclassify(draft: Draft, decided: Mapping[str, str | None], *, correcting: bool = False) -> None:
    """`decided`: kind, category ("-" takes it away), priority, deadline_basis; None where nothing was decided. Recorded
    as "corrected", field by field, where it differs from what the machine set or proposed, and (`correcting`) wherever
    it changes something; else as "classified"."""
    before = draft.case
    plain = False
    for field, now in decided.items():
        if now is None:
            continue
        was = getattr(draft.case, field) or NONE
        said = machine_said(draft.case, field) or (str(was) if correcting else "")
        if said and said != now:
            draft.record("corrected", field=field, was=said, now=now)
        elif now != was:
            plain = True
        draft.set(
            whys=(*(why for why in draft.case.whys if why.what != field), *_officers(field, now)),
            proposals=tuple(why for why in draft.case.proposals if why.what != field),
        )
        if now != was:
            _set(draft, field, now)
    if plain:
        draft.record("classified", kind=draft.case.kind, category=draft.case.category)
    if (draft.case.kind, draft.case.deadline_basis) != (before.kind, before.deadline_basis):
        retime(draft)


def bases(policy: Policy) -> tuple[str, ...]:
    """The laws that a case's terms may come from: the agency's own, and those that a clock names."""
    named = {basis for promise in policy.promises.values() for _, basis in promise.allowed if basis}
    return (policy.deadline_basis, *sorted(named - {policy.deadline_basis}))


def machine_said(case: Case, field: str) -> str:
    """What the machine set or proposed for a field; empty where it said nothing, or an officer has spoken since."""
    said = (why for why in (*case.proposals, *case.whys) if why.what == field)
    return next((why.value for why in said if why.rule not in ("default", "officer")), "")


def _officers(field: str, now: str) -> tuple[Why, ...]:
    return (Why(field, now, "officer"),) if now != NONE else ()


def _set(draft: Draft, field: str, now: str) -> None:
    if field != "category":
        draft.set(**{field: type(getattr(draft.case, field))(now)})
        return
    category = None if now == NONE else now
    others = tuple(why for why in draft.case.proposals if why.what != "unit")
    unit = draft.policy.triage.units.get(category or "") if draft.case.unit is None else None
    proposed = (Why("unit", unit, "category_unit", category or ""),) if unit else ()
    draft.set(category=category, proposals=(*others, *proposed))


def dispose(draft: Draft, unit: str) -> None:
    """A unit was chosen: what was proposed is settled."""
    said = machine_said(draft.case, "unit")
    if said and said != unit:
        draft.record("corrected", field="unit", was=said, now=unit)
    draft.set(proposals=tuple(why for why in draft.case.proposals if why.what != "unit"))
