"""An officer takes a case out of the public's sight, or puts it back."""

from __future__ import annotations

from datetime import datetime

from .advance import begin
from .case import Case
from .draft import Draft, Ids
from .errors import Invalid, NotAllowed
from .permissions import Officer
from .policy import Policy
from .publicity import HIDDEN, Shown, shown_of


def withhold(case: Case, officer: Officer, public: bool, reason: str, at: datetime, policy: Policy, ids: Ids) -> Draft:
    """Text that names a neighbour, or a name, stands in no pattern that could be masked: an officer sees it. Raises
    NotAllowed where nothing would change."""
    if not reason.strip():
        raise Invalid("this decision needs a reason: it stays in the history, unseen by the public")
    if shown_of(case.channel, case.confidentiality, policy.published) is Shown.NOTHING:
        raise NotAllowed("this case is not public in the first place")
    if public is (HIDDEN not in case.marks):
        raise NotAllowed(f"this case is {'public' if public else 'hidden'} already")
    draft = begin(case, at, officer.actor, policy, ids)
    marks = tuple(mark for mark in case.marks if mark != HIDDEN)
    draft.set(marks=marks if public else (*marks, HIDDEN))
    draft.record("made_public" if public else "hidden_from_public", secret=reason)
    return draft
