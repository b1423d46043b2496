"""Open cases that a new report may repeat: proposed on the case as links, each with its reason."""

from __future__ import annotations

from datetime import datetime

from ..domain import likeness
from ..domain.case import Case, Link, Sketch
from ..domain.corrections import LIKELY_DUPLICATE_OF
from ..domain.words import Confidentiality
from .ports import Cases

#: Cases that are read to see whether they are still open.
READ = 6


def likely_duplicates(cases: Cases, report: Sketch, at: datetime, besides: tuple[Link, ...] = ()) -> tuple[Link, ...]:
    """At most likeness.PROPOSED, the likeliest first. `at`: when the report was received. `besides`: links that the new
    case has already. Who asked not to be named is not named by a link either: that two cases have one sender is said of
    open ones alone (of a report that is none, the sketch has no sender), and a secret case is nobody's duplicate."""
    if not report.keys:
        return ()
    found: list[Link] = []
    named = {link.number for link in besides}
    for proposal in likeness.ranked(report, cases.alike(report.keys, at - likeness.WINDOW))[:READ]:
        case = None if proposal.number in named else cases.case(proposal.number)
        if case is not None and not case.ended and _may_be_named(case, proposal.why):
            found.append(Link(LIKELY_DUPLICATE_OF, case.number, proposal.why))
    return tuple(found[: likeness.PROPOSED])


def _may_be_named(case: Case, why: str) -> bool:
    wanted = (Confidentiality.OPEN,) if why == likeness.SENDER else (Confidentiality.OPEN, Confidentiality.ANONYMOUS)
    return case.confidentiality in wanted
