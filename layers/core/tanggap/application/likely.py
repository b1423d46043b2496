"""Open cases that a report may repeat: proposed to who reads its case, each with its reason. Looked for then, not when
the report comes in: a flood pays nothing for it, and a case that was opened later is found as well."""

from __future__ import annotations

from collections.abc import Callable

from ..domain import likeness
from ..domain.case import Case, Link, Message, Sketch
from ..domain.corrections import LIKELY_DUPLICATE_OF, NOT_DUPLICATE_OF
from ..domain.words import Confidentiality
from .ports import Cases
from .walk import if_readable

#: Cases that are read to see whether they are still open.
READ = 6


def sketch_of(message: Message, reporter: str | None, level: Confidentiality) -> Sketch:
    """What a report is found and compared by. Who asked not to be named is not named by a likeness either: that two
    cases have one sender is said of open ones alone."""
    return likeness.sketch(message.subject, message.text, reporter if level is Confidentiality.OPEN else None)


def likely_duplicates(
    cases: Cases, case: Case, first: Message, may_see: Callable[[Case], bool] = lambda _: True
) -> tuple[Link, ...]:
    """At most likeness.PROPOSED, the likeliest first; nothing that the case is linked to already, or that an officer
    said it is not. `first`: the message that opened it. A secret case is nobody's duplicate."""
    report = sketch_of(first, case.reporter, case.confidentiality)
    if case.ended or not report.keys:
        return ()
    found: list[Link] = []
    named = {case.number, *(link.number for link in case.links)}
    candidates = cases.alike(report.keys, case.received_at - likeness.WINDOW)
    for proposal in likeness.ranked(report, (one for one in candidates if one.number not in named))[:READ]:
        other = if_readable(cases, proposal.number)
        if other is None or other.ended or Link(NOT_DUPLICATE_OF, case.number) in other.links:
            continue
        if _may_be_named(other, proposal.why) and may_see(other):
            found.append(Link(LIKELY_DUPLICATE_OF, other.number, proposal.why))
    return tuple(found[: likeness.PROPOSED])


def _may_be_named(case: Case, why: str) -> bool:
    wanted = (Confidentiality.OPEN,) if why == likeness.SENDER else (Confidentiality.OPEN, Confidentiality.ANONYMOUS)
    return case.confidentiality in wanted
