"""What a report's words say of it: category, priority, kind."""

from __future__ import annotations

from dataclasses import replace

from ..domain.classification import Classified, classify
from ..domain.classification_rules import Why
from ..domain.policy import Policy
from ..domain.praise import surely_praise
from ..domain.words import Kind


def understood(subject: str, text: str, recipients: tuple[str, ...], policy: Policy) -> Classified:
    """Sure praise is set, since nobody waits for anything then; every other kind is proposed."""
    found = classify(subject, text, recipients, policy)
    praise = surely_praise(subject, text)
    if praise is None:
        return found
    others = tuple(why for why in found.whys if why.what != "kind")
    return replace(
        found,
        kind=Kind.PRAISE,
        whys=(Why("kind", Kind.PRAISE, "word", praise), *others),
        proposals=tuple(why for why in found.proposals if why.what != "kind"),
    )
