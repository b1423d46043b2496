"""Promises that a policy has given up, kept with its later versions: what runs of them can still be met, and climbs by
its own ladder. The desk keeps them when a policy is saved; no officer writes them, and they start nothing.

A role or a letter that a step names may be gone by then: it falls to the coordinator, and to our own letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .ladder import Step
from .policy_reader import Reader
from .promises import EVENTS, Promise
from .terms import Term
from .words import Purpose

_LISTS = ("meets", "pauses", "resets")
_TERMS = ("before", "after")
_PLAIN = ("fraction", "working_days_after", "hours", "template")


def kept(promise: Promise) -> dict[str, Any]:
    """A promise as a policy keeps it, JSON-safe."""
    return {
        **{name: sorted(getattr(promise, name)) for name in _LISTS},
        "owes": promise.owes,
        "by_unit": promise.by_unit,
        "label": dict(promise.label),
        "ladder": [_step_to_dict(step) for step in promise.ladder],
    }


def read_former(reader: Reader, raw: Mapping[str, Any]) -> dict[str, Promise]:
    """By name; one that is promised again is none."""
    now = raw.get("clocks")
    found: dict[str, Promise] = {}
    for name, data in reader.table(raw, "former_promises").items():
        if isinstance(now, dict) and name in now:
            continue
        try:
            found[name] = _promise(name, data)
        except (AttributeError, KeyError, TypeError, ValueError):
            reader.fault(f"former_promises.{name}"[:120], "is not as the desk keeps a promise: leave this part out")
    return found


def _promise(name: str, data: Mapping[str, Any]) -> Promise:
    owes, label = data["owes"], data["label"]
    if owes not in ("agency", "reporter") or not isinstance(data["by_unit"], bool):
        raise ValueError("owes is agency or reporter, by_unit true or false")
    return Promise(
        name=name,
        allowed={},
        starts=frozenset(),
        owes=owes,
        by_unit=data["by_unit"],
        ladder=tuple(_step(step) for step in data["ladder"]),
        label={language: str(label[language]) for language in ("id", "en")},
        **{key: frozenset(map(str, data[key])) & EVENTS for key in _LISTS},
    )


def _step_to_dict(step: Step) -> dict[str, Any]:
    terms = {name: {"amount": term.amount, "unit": term.unit} for name in _TERMS if (term := getattr(step, name))}
    plain = {name: value for name in _PLAIN if (value := getattr(step, name))}
    return {"id": step.id, "audience": step.audience, **plain, **terms}


def _step(data: Mapping[str, Any]) -> Step:
    fraction, hours = data.get("fraction"), data.get("hours")
    if hours not in (None, "office", "any"):
        raise ValueError("hours is office or any")
    template = str(data.get("template", ""))
    if template:
        Purpose(template.partition("-")[0])
    terms = {name: Term(data[name]["amount"], data[name]["unit"]) for name in _TERMS if name in data}
    return Step(
        id=str(data["id"]),
        fraction=None if fraction is None else float(fraction),
        working_days_after=data.get("working_days_after"),
        audience=str(data["audience"]),
        hours=hours,
        template=template,
        **terms,
    )
