"""What another agency gets when a report is theirs: a letter with as much of it as its reporter's protection allows."""

from __future__ import annotations

from dataclasses import dataclass

from .draft import Draft
from .errors import Forbidden, Invalid
from .permissions import GRANTS, Act, Officer, may_see_identity
from .words import Confidentiality, Purpose

_KEPT_BACK = "(tidak disertakan: pelapor meminta dirahasiakan)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """`to`: the agency, as the reporter reads it beside the reason. `address`: where the report is sent; empty where
    the reporter is only told. `with_identity`: who reported goes with it."""

    to: str
    address: str = ""
    with_identity: bool = False


def check(handover: Handover, officer: Officer, level: Confidentiality) -> Handover:
    """Raises Invalid, Forbidden."""
    if not handover.to.strip():
        raise Invalid("to is missing: which agency is it for? The reporter reads it")
    if not handover.address:
        if handover.with_identity:
            raise Invalid("with_identity goes with an address")
        return handover
    if Act.HAND_OVER not in GRANTS[officer.role]:
        raise Forbidden(f"role {officer.role} may not {Act.HAND_OVER}: leave address out, or ask the coordinator")
    if level is Confidentiality.SECRET:
        raise Forbidden("a secret report leaves this desk by no letter of ours")
    if handover.with_identity and not (level is Confidentiality.OPEN and may_see_identity(officer, level)):
        raise Forbidden("this reporter asked not to be named")
    return handover


def send(draft: Draft, handover: Handover, reason: str, report: str) -> None:
    """`report`: the reporter's own words. They may show who wrote, so of an anonymous report they stay here: the
    officer's words have to do. The name is put in from the vault when the letter leaves, and lies in no row."""
    if not handover.address:
        return
    case = draft.case
    shared = handover.with_identity and case.reporter is not None
    words = report if case.confidentiality is Confidentiality.OPEN else _KEPT_BACK
    draft.record("handed_over", secret=f"{handover.to} {handover.address}", identity="yes" if shared else None)
    draft.tell_office(
        Purpose.TO_AGENCY,
        (handover.address,),
        {"to": handover.to, "text": reason, "report": words},
        about=case.reporter or "" if shared else "",
    )
