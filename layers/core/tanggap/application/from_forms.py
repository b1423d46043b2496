"""What a reporter stated in a form, as their case has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..domain.authenticity import Label
from ..domain.case import Sealed
from ..domain.citizens import Opening
from ..domain.inbound import Inbound, Stated
from ..domain.policy import Policy
from ..domain.publicity import OTHER
from ..domain.words import Confidentiality, Kind
from .ports import Identity, Vault

#: A further message may be read before the report that it belongs to, which the queue is still bringing; after this
#: long that report was parked, or never came.
PATIENCE = timedelta(minutes=15)
#: How a message by receipt code was known to belong to its case (the history's `proof`).
PROOF = "receipt_code"
UNKNOWN_CATEGORY = "unknown_category"
_CLOSED_MORE = tuple(Confidentiality)  # the later, the more closed


def opened_as(opening: Opening, inbound: Inbound, policy: Policy) -> Opening:
    """With kind, category, time and place as they were stated; as closed as was asked for, or as what it goes on from.
    Who gave no e-mail address has the tracking page, and no letter."""
    stated = inbound.stated
    if stated is None:
        return opening
    known = stated.category in policy.categories
    marks = () if known or stated.category in ("", OTHER) else (UNKNOWN_CATEGORY,)
    asked = (opening.confidentiality, stated.confidentiality)
    return replace(
        opening,
        message=replace(opening.message, marks=(*opening.message.marks, *marks)),
        answer=opening.answer and bool(stated.email),
        kind=stated.kind or Kind.COMPLAINT,
        category=stated.category if known else None,
        confidentiality=max(asked, key=_CLOSED_MORE.index),
        receipt=stated.receipt,
        happened_at=stated.happened_at,
        place=inbound.place,
    )


def sealed_as(reporter: str, name: str, stated: Stated, vault: Vault) -> Sealed:
    """Who gave both addresses is found by both; a phone that somebody else is known by stays theirs."""
    sealed = vault.seal(reporter, Identity(name, stated.email, stated.phone))
    if stated.email and stated.phone and vault.find(stated.phone):
        sealed = replace(sealed, lookups=vault.seal(reporter, Identity("", stated.email)).lookups)
    return sealed


def label(stated: Stated) -> Label:
    """A form proves nobody's address; the code proves its reporter."""
    return Label("verified", ("receipt_code",)) if stated.adds else Label("unverified", ("by_form",))
