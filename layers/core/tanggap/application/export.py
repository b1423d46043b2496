"""What the desk holds of a period, as plain rows: cases that were received in it, each with all that belongs to it.

Without texts nothing of it is what a person wrote, and who reported is in none of it: not even the id by which the
vault knows them. Who reported is a file of its own, and each case of it gets an entry of the look."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..domain.case import Case, Delivery, Message
from ..domain.clocks import Clock
from ..domain.draft import Draft, Ids
from ..domain.errors import Forbidden
from ..domain.history import Entry, entry_to_dict
from ..domain.permissions import Officer, may_see_identity
from ..domain.times import stamp
from ..domain.words import Confidentiality
from .ports import CaseFile, Cases, Identity, Policies, Vault
from .races import decided_anew
from .walk import every_case

Row = dict[str, Any]
#: The kinds of rows, in the order of their files.
KINDS = ("cases", "messages", "history", "deliveries")


@dataclass(frozen=True, slots=True)
class Exported:
    """One case's rows by kind. `withheld`: its texts were wanted and left out; the columns are there, and empty."""

    number: str
    rows: Mapping[str, tuple[Row, ...]]
    withheld: bool = False


class Export:
    def __init__(self, cases: Cases, policies: Policies) -> None:
        self.cases, self.policies = cases, policies

    def numbers(
        self, since: datetime, until: datetime, on_unreadable: Callable[[str], None] = lambda number: None
    ) -> Iterator[str]:
        """Cases received at or after `since`, before `until`. What ended before it was not received in it."""
        for case in every_case(self.cases, self.policies.current(), since, on_unreadable):
            if since <= case.received_at < until:
                yield case.number

    def case(self, number: str, texts: bool) -> Exported | None:
        """None where there is none of that number. The texts of a secret case stay with those who handle it. Raises
        Unreadable."""
        file = self.cases.file(number, texts=False)
        if file is None:
            return None
        secret = file.case.confidentiality is Confidentiality.SECRET
        shown = texts and not secret
        if shown:
            file = replace(file, messages=tuple(self.cases.whole(one) for one in file.messages))
        return Exported(number, _rows(file, texts, shown), texts and secret)


@dataclass(frozen=True, slots=True)
class Identities:
    """Who reported: recorded on the case before it is handed out, with the reason as a commitment."""

    cases: Cases
    vault: Vault
    policies: Policies
    ids: Ids
    clock: Callable[[], datetime]

    def __call__(self, officer: Officer, number: str, reason: str) -> tuple[Row, ...]:
        """Raises Forbidden where the reporter asked not to be named and the officer's role may not look."""

        def once() -> Case | None:
            case = self.cases.case(number)
            if case is None or not case.reporters:
                return None
            if not may_see_identity(officer, case.confidentiality):
                raise Forbidden("this reporter asked not to be named: only the custodian may look")
            draft = Draft(case, self.clock(), officer.actor, self.policies.current(), self.ids)
            draft.record("identity_read", secret=reason, door="export")
            self.cases.commit(draft.change())
            return case

        case = decided_anew(once)
        if case is None:
            return ()
        opened = (self.vault.open(key) for key in case.reporters)
        return tuple(_identity(number, place, one) for place, one in enumerate(opened) if one)


def _identity(number: str, place: int, one: Identity) -> Row:
    return {
        "case": number,
        "which": "earlier" if place else "reporter",
        "name": one.name,
        "address": one.address,
        "phone": one.phone,
        "also": list(one.also),
    }


def _rows(file: CaseFile, texts: bool, shown: bool) -> dict[str, tuple[Row, ...]]:
    """`texts`: there are columns for them, which are filled where they are `shown`."""

    def row(kind: str, one: Any, plain: Row) -> Row:
        words = _TEXTS[kind] if texts else {}
        return plain | {name: of(one) if shown else None for name, of in words.items()}

    return {
        "cases": (row("cases", file.case, _case(file.case)),),
        "messages": tuple(row("messages", one, _message(one)) for one in file.messages),
        "history": tuple(_entry(file.case.number, one) for one in file.history),
        "deliveries": tuple(row("deliveries", one, _delivery(one)) for one in file.letters),
    }


def _at(at: datetime | None) -> str | None:
    return stamp(at) if at else None


def _place(case: Case) -> Row | None:
    place = case.place
    return {name: getattr(place, name) for name in place.__slots__} if place else None


#: What somebody wrote, by kind and column.
_TEXTS: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "cases": {"subject": lambda case: case.subject, "happened_at": lambda case: _at(case.happened_at), "place": _place},
    "messages": {
        "subject": lambda one: one.subject,
        "text": lambda one: one.text,
        "full_text": lambda one: one.full_text,
        "file_names": lambda one: [file.name for file in one.files],
    },
    "deliveries": {"subject": lambda one: one.subject, "text": lambda one: one.text},
}


def _case(case: Case) -> Row:
    return {
        "number": case.number,
        "channel": case.channel.value,
        "kind": case.kind.value,
        "status": case.status.value,
        "category": case.category,
        "unit": case.unit,
        "others": list(case.others),
        "priority": case.priority,
        "confidentiality": case.confidentiality.value,
        "received_at": stamp(case.received_at),
        "opened_at": _at(case.opened_at),
        "last_at": stamp(case.last_at),
        "ended_at": _at(case.ended_at),
        "keep_until": case.keep_until.isoformat() if case.keep_until else None,
        "due_at": _at(case.due_at),
        "deadline_basis": case.deadline_basis,
        "policy_version": case.policy_version,
        "clocks": [_clock(one) for one in case.clocks],
        "links": [{"kind": one.kind, "number": one.number} for one in case.links],
        "marks": list(case.marks),
        "version": case.version,
        "entries": case.seq,
        "head": case.head,
    }


def _clock(one: Clock) -> Row:
    return {
        "name": one.name,
        "unit": one.unit,
        "state": one.state.value,
        "started_at": stamp(one.started_at),
        "due_at": stamp(one.due_at),
        "met_at": _at(one.met_at),
        "missed_at": _at(one.missed_at),
        "steps": list(one.steps_done),
    }


def _message(one: Message) -> Row:
    """Ids that a platform or a sender chose may spell who wrote: they stay out."""
    return {
        "case": one.case,
        "id": one.id,
        "direction": one.direction,
        "channel": one.channel.value,
        "at": stamp(one.at),
        "actor": one.actor,
        "sort": one.sort.value,
        "automatic": one.automatic,
        "authenticity": one.authenticity,
        "marks": list(one.marks),
        "arrival": one.arrival,
        "files": [{"type": file.type, "size": file.size, "digest": file.digest} for file in one.files],
        "left_out": len(one.left_out),
        "waiting": len(one.media),
    }


def _entry(number: str, one: Entry) -> Row:
    return {"case": number, **entry_to_dict(one)}


def _delivery(one: Delivery) -> Row:
    return {
        "case": one.case,
        "id": one.id,
        "purpose": one.purpose.value,
        "to": "office" if one.address else "reporter",
        "channel": one.channel.value,
        "how": one.how,
        "state": one.state.value,
        "reason": one.reason,
        "created_at": stamp(one.created_at),
        "sent_at": _at(one.sent_at),
        "due_at": _at(one.due_at),
        "attempts": one.attempts,
        "repeats": one.repeats,
        "automatic": one.automatic,
        "charged": one.charged,
        "steps": list(one.steps),
        "bundled_in": one.bundled_in,
        "again_of": one.again_of,
    }
