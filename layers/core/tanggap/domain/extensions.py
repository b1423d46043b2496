"""More time on a clock: asked for with a reason, granted or refused by who may, once a clock and before it is due.

A request stops nothing: what falls due while nobody has decided is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal

from . import clocks
from .advance import begin
from .case import Case, ExtensionRequest
from .clocks import Clock, ClockState
from .draft import Draft, Ids
from .errors import Invalid, NotAllowed, NotFound
from .life import not_now
from .officers import add_note
from .permissions import GRANTS, Act, Officer
from .policy import Policy
from .policy_people import COORDINATOR, DESK
from .terms import Extension
from .times import spoken
from .words import Purpose

Decision = Literal["grant", "refuse"]


def ask(
    case: Case,
    officer: Officer,
    clock: str,
    unit: str,
    reason: str,
    thread: tuple[str, ...],
    at: datetime,
    policy: Policy,
    ids: Ids,
) -> Draft:
    """Ask for what the policy allows on this clock. Who may grant it is granted it by asking."""
    if not reason.strip():
        raise Invalid("more time needs a reason: the reporter reads it when it is granted")
    draft = begin(case, at, officer.actor, policy, ids)
    if draft.case.ended:
        raise not_now(draft.case, "owes nothing: there is no term to extend")
    found, amount = _extendable(draft, clock, unit)
    asked = ExtensionRequest(
        id=ids.new(draft.at),
        clock=clock,
        unit=found.unit,
        clock_started_at=found.started_at,
        amount=amount,
        by=officer.actor,
        at=draft.at,
        note=add_note(draft, officer, reason).id,
    )
    draft.set(extensions=(*draft.case.extensions, asked))
    draft.record("extension_asked", clock=clock, unit=found.unit, request=asked.id, amount=str(amount))
    if Act.EXTEND in GRANTS[officer.role]:
        _grant(draft, found, asked, officer.role, reason, thread)
    else:
        due = spoken(found.due_at, policy.calendar.zone)
        more = f"{amount} {_UNITS_ID[found.term.unit]}"
        text = f"{_named(draft, found)}, tenggat {due}: diminta tambahan {more}.\n{reason}"
        _tell(draft, COORDINATOR, "Permohonan perpanjangan waktu", text, case.unit)
    return draft


def decide(
    case: Case,
    officer: Officer,
    request: str,
    decision: str,
    reason: str,
    asked_for: str,
    thread: tuple[str, ...],
    at: datetime,
    policy: Policy,
    ids: Ids,
) -> Draft:
    """`asked_for`: the reason given by who asked, which the reporter reads where the grant brings none of its own."""
    asked = next((one for one in case.extensions if one.id == request), None)
    if asked is None:
        raise NotFound("no such request")
    if asked.state != "pending":
        raise NotAllowed(f"this request was {asked.state} already")
    if decision not in ("grant", "refuse"):
        raise Invalid("decision is grant or refuse")
    draft = begin(case, at, officer.actor, policy, ids)
    if decision == "refuse":
        if not reason.strip():
            raise Invalid("a refusal needs a reason: who asked reads it")
        _settle(draft, asked, "refused")
        draft.record("extension_refused", clock=asked.clock, unit=asked.unit, request=asked.id, secret=reason)
        text = f"Permohonan perpanjangan ({policy.label(asked.clock)}) tidak disetujui.\n{reason}"
        _tell(draft, DESK, "Perpanjangan waktu tidak disetujui", text, asked.unit or case.unit)
        return draft
    found = clock_of(draft.case, asked)
    if found is None or not can_move(found, draft.at):
        raise NotAllowed("this clock is not running any more: the request can only be refused")
    _grant(draft, found, asked, officer.role, reason if reason.strip() else asked_for, thread)
    return draft


def clock_of(case: Case, asked: ExtensionRequest) -> Clock | None:
    """The clock that a request is about; None once it is not there any more."""
    key = (asked.clock, asked.unit, asked.clock_started_at)
    return next((one for one in case.clocks if (one.name, one.unit, one.started_at) == key), None)


def can_move(clock: Clock, at: datetime) -> bool:
    """Its due date may still move: running and not yet due, or paused."""
    return clock.state is ClockState.PAUSED or (clock.state is ClockState.RUNNING and at <= clock.due_at)


def _extendable(draft: Draft, name: str, unit: str) -> tuple[Clock, int]:
    """The clock and how much its law allows besides."""
    policy, case = draft.policy, draft.case
    promise = policy.promises.get(name)
    if promise is None:
        raise Invalid(f"clock is one of {', '.join(policy.promises)}")
    if promise.by_unit and unit not in case.units:
        raise Invalid(f"{name} is each unit's own: unit is one of {', '.join(case.units) or 'none'}")
    if not promise.by_unit and unit:
        raise Invalid(f"{name} is no unit's own: leave unit out")
    rule, allowed = promise.allowance(case.kind, case.deadline_basis)
    if allowed is None or not allowed.extension:
        raise NotAllowed(f"the policy allows no more time for {rule}")
    clock = draft.clock(name, unit)
    if clock is None or not can_move(clock, draft.at):
        raise NotAllowed("this clock is not running, or due already: its date can't move any more")
    if clock.extensions:
        raise NotAllowed("this clock was extended already: once is all that its rule allows")
    if any(one.state == "pending" and clock_of(case, one) is clock for one in case.extensions):
        raise NotAllowed("more time was asked for already: the request waits to be decided")
    return clock, allowed.extension


def _grant(
    draft: Draft, clock: Clock, asked: ExtensionRequest, role: str, reason: str, thread: tuple[str, ...]
) -> None:
    calendar, zone = draft.policy.calendar, draft.policy.calendar.zone
    longer = clocks.extend(clock, Extension(asked.amount, draft.at, draft.actor, role), calendar)
    longer = clocks.counted_by(longer, draft.policy.version)  # its calendar is what counts from here on
    draft.put(clock, longer)
    _settle(draft, asked, "granted")
    amount = str(asked.amount)
    draft.record("clock_extended", clock=clock.name, unit=clock.unit, request=asked.id, amount=amount, secret=reason)
    if clock.unit:  # the units' own time is between them and the desk
        text = f"{_named(draft, clock)}: tenggat baru {spoken(longer.due_at, zone)}.\n{reason}"
        _tell(draft, DESK, "Perpanjangan waktu disetujui", text, clock.unit)
        return
    more = f"{amount} {_UNITS_ID[clock.term.unit]}"
    text = f"Waktu {draft.policy.label(clock.name)} diperpanjang {more}, dengan alasan:\n{reason}"
    draft.tell_reporter(Purpose.NEW_DATE, {"text": text, **draft.until(longer, whole=True)}, thread)
    if asked.by != draft.actor:  # who asked reads what came of it, as of a refusal
        text = f"{_named(draft, clock)}: tenggat baru {spoken(longer.due_at, zone)}.\n{reason}"
        _tell(draft, DESK, "Perpanjangan waktu disetujui", text, draft.case.unit)


def _settle(draft: Draft, asked: ExtensionRequest, state: Literal["granted", "refused"]) -> None:
    settled = replace(asked, state=state, decided_by=draft.actor, decided_at=draft.at)
    draft.set(extensions=tuple(settled if one.id == asked.id else one for one in draft.case.extensions))


def _tell(draft: Draft, audience: str, headline: str, text: str, unit: str | None) -> None:
    addresses = draft.policy.audience(audience, unit, draft.at)
    draft.tell_office(Purpose.NOTICE, addresses, {"headline": headline, "text": text})


def _named(draft: Draft, clock: Clock) -> str:
    whose = draft.policy.units.get(clock.unit)
    return f"{draft.policy.label(clock.name)}{f' {whose.name}' if whose else ''}".capitalize()


_UNITS_ID = {
    "hours": "jam",
    "calendar_days": "hari kalender",
    "working_days": "hari kerja",
    "office_hours": "jam kerja",
}
