"""A case as CONTRACT.md's JSON: in a list, in full with each clock explained, and its reporter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ...application.desk import Writers, overdue
from ...application.ports import CaseFile, Identity
from ...domain.case import Case, ExtensionRequest, Link
from ...domain.classification_rules import Why
from ...domain.clocks import Clock
from ...domain.corrections import NOT_DUPLICATE_OF
from ...domain.deadlines import explain
from ...domain.derivation_dict import as_dict
from ...domain.derivation_of import derived_of
from ...domain.derivation_words import in_words_en, in_words_id
from ...domain.extensions import can_move, clock_of
from ...domain.history import Entry
from ...domain.life import following
from ...domain.policy import Policy
from .shapes import Urls, instant, place
from .shapes_messages import delivery, file_shape, messages

Versions = Callable[[int], Policy | None]
#: Rows of a kind in one answer, under a megabyte each without their texts.
SHOWN = 1_000


def summary(case: Case, zone: timezone, now: datetime) -> dict[str, Any]:
    return {
        "number": case.number,
        "kind": case.kind,
        "category": case.category,
        "unit": case.unit,
        "units": list(case.units),
        "officer": case.officer,
        "status": case.status,
        "priority": case.priority,
        "channel": case.channel,
        "subject": case.subject,
        "received_at": instant(case.received_at, zone),
        "due_at": instant(case.deadline, zone),
        "overdue": overdue(case, now),
        "confidentiality": case.confidentiality,
        "marks": list(case.marks),
    }


def clock(one: Clock, policy: Policy, history: Iterable[Entry] = (), now: datetime | None = None) -> dict[str, Any]:
    """`history`: the case's, for what moved this deadline since its clock started. `now`: when a clock that stands
    still is taken to go on."""
    zone = policy.calendar.zone
    derived = derived_of(one, policy, history, now)
    return {
        "name": one.name,
        "state": one.state,
        "due_at": instant(derived.due_at, zone),
        "started_at": instant(one.started_at, zone),
        "met_at": instant(one.met_at, zone),
        "missed_at": instant(one.missed_at, zone),
        "stopped_at": instant(one.stopped_at, zone),
        "stopped_why": one.stopped_why,
        "rule": one.rule,
        "policy_version": one.policy_version,
        "steps_done": list(one.steps_done),
        "unit": one.unit or None,
        "label": policy.label(one.name),
        "source": one.source,
        "term": {"amount": one.term.amount, "unit": one.term.unit},
        "extensions": [{"amount": more.amount, "at": instant(more.at, zone), "by": more.by} for more in one.extensions],
        "pauses": [
            {"since": instant(gap.since, zone), "until": instant(gap.until, zone), "reason": gap.reason}
            for gap in one.pauses
        ],
        "explanation": [
            {"date": day.date.isoformat(), "counted": day.counted, "why": day.why}
            | ({"assumed": True} if day.assumed else {})
            for day in explain(one, policy.calendar, derived.assumed_from)
        ],
        "derivation": {
            **as_dict(derived),
            "words": {"id": list(in_words_id(derived)), "en": list(in_words_en(derived))},
        },
    }


def reporter(writers: Writers) -> dict[str, Any]:
    return {
        **_identity(writers.reporter),
        "earlier": [_identity(one) for one in writers.earlier],
        "others": [{"messages": list(messages), **_identity(one)} for messages, one in writers.others],
    }


def _identity(identity: Identity | None) -> dict[str, Any]:
    if identity is None:
        return {"name": None, "addresses": []}
    known = (("email", identity.address), ("phone", identity.phone))
    return {
        "name": identity.name,
        "addresses": [{"channel": channel, "address": address} for channel, address in known if address],
    }


def whole(
    file: CaseFile, likely: tuple[Link, ...], policy: Policy, versions: Versions, url: Urls, now: datetime
) -> dict[str, Any]:
    """A case with everything about it; each clock explained by the policy that set it. `likely`: duplicates that are
    proposed."""
    zone, case = policy.calendar.zone, file.case
    file, left_out = _newest(file)
    return {
        **summary(case, zone, now),
        "version": case.seq,
        "next_statuses": list(following(case)),
        "extensions": [_extension(one, case, zone, now) for one in case.extensions],
        "deadline_basis": case.deadline_basis,
        "policy_version": case.policy_version,
        "happened_at": instant(case.happened_at, zone),
        "place": place(case.place),
        "ended_at": instant(case.ended_at, zone),
        "keep_until": case.keep_until.isoformat() if case.keep_until else None,
        "clocks": [clock(one, versions(one.policy_version) or policy, file.history, now) for one in case.clocks],
        "messages": messages(file, zone, url),
        "notes": [
            {
                "id": one.id,
                "at": instant(one.at, zone),
                "by": one.actor,
                "text": one.text,
                "subject": one.subject,
                "marks": list(one.marks),
                "authenticity": one.authenticity,
                "attachments": [file_shape(file, url) for file in one.files],
                "attachments_left_out": list(one.left_out),
            }
            for one in file.messages
            if one.direction == "note"
        ],
        "history": [
            {
                "seq": one.seq,
                # To the millisecond, as it is hashed: whoever has the list can check the chain.
                "at": one.at.astimezone(zone).isoformat(timespec="milliseconds"),
                "actor": one.actor,
                "event": one.event,
                "data": dict(one.data),
                "commitment": one.commitment,
                "prev": one.prev,
                "hash": one.hash,
            }
            for one in file.history
        ],
        "deliveries": [delivery(one, zone) for one in file.letters],
        "links": [_link(one) for one in (*case.links, *likely) if one.kind != NOT_DUPLICATE_OF],
        "classification": {
            "kind": _classified(case, "kind", case.kind),
            "category": _classified(case, "category", case.category),
            "unit": _classified(case, "unit", case.unit),
            "priority": _classified(case, "priority", case.priority),
        },
        "proposed": {why.what: _proposed(why) for why in case.proposals},
        "left_out": left_out,
    }


def _extension(one: ExtensionRequest, case: Case, zone: timezone, now: datetime) -> dict[str, Any]:
    """`lapsed`: nobody decided while the clock's date could still move."""
    state: str = one.state
    if state == "pending" and not ((found := clock_of(case, one)) and can_move(found, now)):
        state = "lapsed"
    return {
        "id": one.id,
        "clock": one.clock,
        "unit": one.unit or None,
        "amount": one.amount,
        "state": state,
        "by": one.by,
        "at": instant(one.at, zone),
        "note": one.note,
        "decided_by": one.decided_by or None,
        "decided_at": instant(one.decided_at, zone),
    }


def _link(link: Link) -> dict[str, str]:
    return {"kind": link.kind, "number": link.number, **({"why": link.why} if link.why else {})}


def _reason(why: Why) -> dict[str, str]:
    return {"rule": why.rule, "found": why.found}


def _classified(case: Case, what: str, value: str | None) -> dict[str, Any]:
    return {"value": value, "why": [_reason(why) for why in case.whys if why.what == what]}


def _proposed(why: Why) -> dict[str, Any]:
    return {"value": why.value, "why": [_reason(why)]}


def _newest(file: CaseFile) -> tuple[CaseFile, dict[str, int]]:
    """Lambda answers at most 6 MB: of a flooded case the newest rows of each kind, and how many are left out."""
    kinds = ("messages", "history", "deliveries")
    left_out = {kind: max(0, len(getattr(file, kind)) - SHOWN) for kind in kinds}
    return replace(file, **{kind: getattr(file, kind)[-SHOWN:] for kind in kinds}), left_out
