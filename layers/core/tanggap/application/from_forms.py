"""What a reporter stated in a form, as their case has it."""

from __future__ import annotations

from dataclasses import replace

from ..domain.authenticity import Label
from ..domain.case import Sealed
from ..domain.citizens import Opening
from ..domain.inbound import Inbound, Stated
from ..domain.policy import Policy
from ..domain.publicity import OTHER
from ..domain.words import FORMS, Confidentiality, Kind
from .ports import Identity, Vault
from .threads import Thread

#: How a message by receipt code was known to belong to its case (the history's `proof`).
PROOF = "receipt_code"
#: How a mail proves that its sender got our letter.
_ANSWERS = frozenset({"token", "our_id"})
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


def sealed_as(reporter: str, name: str, stated: Stated, vault: Vault, *, first: bool) -> Sealed:
    """Anybody types anybody's address, and a neighbourhood may share one: each report is a reporter's of its own, and
    whoever proves the address (by a mail, or a phone's chat) is somebody else again. The `first` who types it is found
    by it, since letters to one address are counted as one person's."""
    sealed = vault.seal(reporter, Identity(name, stated.email, stated.phone), typed=True)
    return sealed if first else replace(sealed, lookups=(), beside=(*sealed.lookups, *sealed.beside))


def answers_its_letter(thread: Thread, inbound: Inbound, vault: Vault) -> str | None:
    """Whose form it was, where the letter about it is answered from the very address that was typed there: on that one
    case they are its reporter."""
    case = thread.case
    if case is None or case.channel not in FORMS or thread.proof not in _ANSWERS or inbound.authenticity.forged:
        return None
    address = inbound.sender.address
    return next((one for one in case.reporters if vault.has_typed(one, address)), None) if address else None


def label(stated: Stated) -> Label:
    """A form proves nobody's address; the code proves its reporter."""
    return Label("verified", ("receipt_code",)) if stated.adds else Label("unverified", ("by_form",))
