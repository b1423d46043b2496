"""What the ladder's letters say: of one case, of many to one address, and of a case that goes to the inspectorate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from . import letter_words
from .case import Case, Delivery
from .clocks import Clock, ClockState
from .draft import Draft, Ids
from .letter_facts import facts, unit_name
from .policy import Policy
from .rungs import climbed, parted
from .times import spoken, spoken_en
from .words import DIGESTS, DeliveryState, Purpose

#: Steps that a letter names line by line, the last of each: an outage may hold up thousands of a case with many units.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What one letter says of one case. `rungs` stand (rungs.standing); `proof` where the case is handed over."""

    case: Case
    rungs: tuple[str, ...]
    proof: str = ""


def letter(purpose: Purpose, said: Sequence[Said], policy: Policy, at: datetime) -> tuple[str, str]:
    """Subject and text. `purpose`: escalation or handover; what is said of several cases is a digest of it."""
    if len(said) == 1:
        (one,) = said
        values = facts(one.case, policy, **about(one.case, one.rungs, policy, at, one.proof))
        return policy.letter(purpose, values, template(one.case, one.rungs, policy))
    digest = DIGESTS[purpose]
    worst = max(said, key=lambda one: _gravity(one.case, one.rungs))
    values = {
        "agency": policy.agency,
        "count": str(len(said)),
        "headline": _headline(worst.case, worst.rungs),
        "text": "\n\n".join(section(number, one, policy) for number, one in enumerate(said, 1)),
        **_now(policy, at),
    }
    return policy.letter(digest, values)


def about(case: Case, rungs: Sequence[str], policy: Policy, at: datetime, proof: str = "") -> dict[str, str]:
    """What a letter of the ladder names besides the facts of its case."""
    ordered = in_order(case, rungs)
    left = len(ordered) - SHOWN
    lines = "\n".join(_line(case, rung, policy) for rung in ordered[-SHOWN:])
    lines = f"- ({left} langkah terdahulu / earlier steps)\n{lines}" if left > 0 else lines
    text = f"{lines}\n\n{proof}" if proof else lines
    return {"headline": _headline(case, rungs), "text": text, **_now(policy, at)}


def template(case: Case, rungs: Sequence[str], policy: Policy) -> str:
    """By which of the agency's letters the gravest of these steps is told; empty where the policy names none."""
    gravest = max(rungs, key=lambda rung: _gravity(case, (rung,)))
    clock, step = climbed(case, gravest), parted(gravest)[2]
    return next((one.template for one in policy.ladder_of(clock) if one.id == step), "") if clock else ""


def section(number: int, said: Said, policy: Policy) -> str:
    """One case in a digest: a line a clock, its steps in their order."""
    case = said.case
    head = f"{number}. {case.number} ({letter_words.KINDS_ID[case.kind]}, {unit_name(case.unit, policy)})"
    by_clock: dict[tuple[str, str], list[str]] = {}
    for rung in in_order(case, said.rungs):
        name, unit, step = parted(rung)
        by_clock.setdefault((name, unit), []).append(letter_words.STEPS_ID.get(step, step))
    lines = [
        f"   - {_clock(case, name, unit, policy)}: {'; '.join(dict.fromkeys(steps))}"
        for (name, unit), steps in by_clock.items()
    ]
    return "\n".join([head, *lines, *([said.proof] if said.proof else ())])


def urgency(said: Said) -> tuple[bool, int, datetime, str]:
    """Sorts the gravest first, and of equally grave ones the oldest."""
    missed, climbed_so_far = _gravity(said.case, said.rungs)
    due = min((clock.due_at for clock in _clocks(said.case, said.rungs)), default=said.case.received_at)
    return not missed, -climbed_so_far, due, said.case.number


def in_order(case: Case, rungs: Iterable[str]) -> tuple[str, ...]:
    """Clock by clock, each rung once, as they were climbed."""
    return tuple(sorted(dict.fromkeys(rungs), key=lambda rung: _place(case, rung)))


def at_once(case: Case, rungs: Iterable[str], policy: Policy) -> bool:
    """May what these say be mailed at any hour?"""
    steps = ((climbed(case, rung), parted(rung)[2]) for rung in rungs)
    return any(
        one.id == step and one.at_once(clock) for clock, step in steps if clock for one in policy.ladder_of(clock)
    )


def withdraw(case: Case, row: Delivery, at: datetime, policy: Policy, ids: Ids, *, claimed: bool = False) -> Draft:
    """A letter of the ladder whose every clock is met (or runs no more) before it went. `claimed`: by its sender."""
    draft = Draft(case, at, "system", policy, ids)
    met = any(one.met_at for name, unit, _ in map(parted, row.steps) for one in case.clocks if _is(one, name, unit))
    why = "met" if met else "stopped"
    ended = replace(row, state=DeliveryState.WITHDRAWN, reason=why, due_at=None, wake=None, lease_until=None)
    if claimed:
        draft.change_delivery(ended, claimed=True)
    else:
        draft.release(ended)
    draft.record("withdrawn", delivery=row.id, purpose=row.purpose, why=why)
    return draft


def _place(case: Case, rung: str) -> tuple[int, int]:
    clock = climbed(case, rung)
    if clock is None:
        return len(case.clocks), 0
    return next(n for n, one in enumerate(case.clocks) if one is clock), clock.steps_done.index(parted(rung)[2])


def _gravity(case: Case, rungs: Iterable[str]) -> tuple[bool, int]:
    """Missed clocks before others, then how far a clock has climbed."""
    return max(((_missed(case, rung), _place(case, rung)[1]) for rung in rungs), default=(False, 0))


def _missed(case: Case, rung: str) -> bool:
    clock = climbed(case, rung)
    return clock is not None and clock.state is ClockState.MISSED


def _headline(case: Case, rungs: Sequence[str]) -> str:
    gravest = max(rungs, key=lambda rung: _gravity(case, (rung,)))
    step = parted(gravest)[2]
    return letter_words.STEPS_ID.get(step, step)


def _line(case: Case, rung: str, policy: Policy) -> str:
    name, unit, step = parted(rung)
    return f"- {letter_words.STEPS_ID.get(step, step)} ({_clock(case, name, unit, policy)})"


def _clock(case: Case, name: str, unit: str, policy: Policy) -> str:
    clock = next((one for one in reversed(case.clocks) if _is(one, name, unit)), None)
    due = f", tenggat {spoken(clock.due_at, policy.calendar.zone)}" if clock else ""
    whose = f" {policy.units[unit].name}" if unit in policy.units else ""
    return f"{policy.label(name)}{whose}{due}"


def _clocks(case: Case, rungs: Iterable[str]) -> list[Clock]:
    return [clock for rung in rungs if (clock := climbed(case, rung))]


def _is(clock: Clock, name: str, unit: str) -> bool:
    return clock.name == name and clock.unit == unit


def _now(policy: Policy, at: datetime) -> dict[str, str]:
    return {"now": spoken(at, policy.calendar.zone), "now_en": spoken_en(at, policy.calendar.zone)}
