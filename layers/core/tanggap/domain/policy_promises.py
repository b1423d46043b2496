"""Promises and their ladders out of a policy, every fault with its place.

A clock of the policy holds its terms by kind ("complaint", "information@uu-14-2008", "*") and, beside them, what it
listens to, whose it is, its ladder and its label. What a clock of ours leaves out is our default; one of the agency's
own must say when it starts and what meets it."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping
from typing import Any

from .clocks import ClockName
from .ladder import DEFAULT_LADDER, HOURS, SYSTEM, Ladder, Step
from .policy_letters import templates
from .policy_people import ROLES, People
from .policy_reader import Reader, is_address, is_whole
from .promises import BY_REPORTER, BY_UNIT, DEFAULT_TERMS, EVENTS, LABELS, LADDERS, LISTENS, Allowance, Promise
from .terms import UNITS, Term
from .words import Kind

_LISTS = ("starts", "meets", "pauses", "resets")
#: What stands beside a clock's terms.
SETTINGS = frozenset([*_LISTS, "owes", "by_unit", "ladder", "label"])
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
_BASIS = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")
_LONGEST = 2000


def read_promises(reader: Reader, raw: Mapping[str, Any], people: People) -> dict[str, Promise]:
    """By name, ours first."""
    given = reader.table(raw, "clocks")
    told = (*ROLES, *people.roles)
    named = templates(raw)
    ladder = _ladder(reader, raw, "ladder", "", told, named) if "ladder" in raw else DEFAULT_LADDER
    promises: dict[str, Promise] = {}
    for name in (*ClockName, *(name for name in given if name not in set(ClockName))):
        if not _NAME.fullmatch(name):
            reader.fault(f"clocks.{name}", "must be 1 to 30 of a-z, 0-9 and _, a letter first")
            continue
        promises[str(name)] = _promise(reader, str(name), reader.table(given, name, "clocks."), ladder, told, named)
    return promises


def _promise(
    reader: Reader, name: str, own: dict[str, Any], ladder: Ladder, told: tuple[str, ...], named: Collection[str]
) -> Promise:
    place = f"clocks.{name}."
    listens = {key: _events(reader, own, key, place, LISTENS.get(name, {})) for key in _LISTS}
    if not listens["starts"]:
        reader.fault(f"{place}starts", "names nothing: this clock would never run")
    if not listens["meets"]:
        reader.fault(f"{place}meets", "names nothing: this clock would always be missed")
    for event in sorted(listens["starts"] & listens["meets"]):
        if name not in BY_REPORTER:  # an answer ends the wait for details and starts the wait for an objection
            reader.fault(f"{place}starts", f"and meets both name {event}: a clock that ends as it starts")
    owes = own.get("owes", "reporter" if name in BY_REPORTER else "agency")
    if owes not in ("agency", "reporter"):
        reader.fault(f"{place}owes", "must be agency or reporter")
    by_unit = own.get("by_unit", name in BY_UNIT)
    if not isinstance(by_unit, bool):
        reader.fault(f"{place}by_unit", "must be true or false")
    # What a reporter owes nobody need be told of: the case moves by itself.
    audiences = (*told, SYSTEM) if owes == "reporter" else told
    own_ladder = LADDERS.get(name, ladder)
    if "ladder" in own:
        own_ladder = _ladder(reader, own, "ladder", place, audiences, named)
    return Promise(
        name=name,
        allowed=_allowed(reader, name, {key: term for key, term in own.items() if key not in SETTINGS}),
        owes=owes,
        by_unit=by_unit is True,
        ladder=own_ladder,
        label=_label(reader, name, own, place),
        **listens,
    )


def _events(
    reader: Reader, own: Mapping[str, Any], key: str, place: str, default: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    if key not in own:
        return default.get(key, frozenset())
    value = own[key]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        reader.fault(place + key, "must be a list of events")
        return frozenset()
    for one in sorted(set(value) - EVENTS):
        reader.fault(place + key, f"names {one[:40]}, which never happens; there are: {', '.join(sorted(EVENTS))}")
    return frozenset(value) & EVENTS


def _label(reader: Reader, name: str, own: Mapping[str, Any], place: str) -> Mapping[str, str]:
    if "label" not in own:
        return LABELS.get(name, {"id": name.replace("_", " "), "en": name.replace("_", " ")})
    given = reader.table(own, "label", place)
    return {language: reader.text(given, language, f"{place}label.", 60) for language in ("id", "en")}


def _allowed(reader: Reader, name: str, own: Mapping[str, Any]) -> dict[tuple[Kind, str], Allowance | None]:
    # An agency that says "every kind" means it: its "*" stands before our default for a kind that it does not name. Not
    # for praise: it is filed by itself, and policies saved before it was would put thanks on a ladder.
    ours = DEFAULT_TERMS.get(name, {})
    by_kind: Mapping[str, Any] = {**(bare(name) if "*" in own else ours), **own}
    if not by_kind:
        reader.fault(f"clocks.{name}", "has no term: give one for a kind, or for every kind (*)")
    read: dict[str, Allowance | None] = {}
    for key, term in by_kind.items():
        kind, at, basis = key.partition("@")
        place = f"clocks.{name}.{key}"
        if kind not in {*Kind, "*"}:
            reader.fault(place, "is not a kind of case")
        elif at and not _BASIS.fullmatch(basis):
            reader.fault(place, "must name its basis in 1 to 40 of a-z, 0-9, . and hyphen")
        else:
            read[key] = _allowance(reader, place, term)
    found: dict[tuple[Kind, str], Allowance | None] = {}
    for kind_ in Kind:
        found[kind_, ""] = read.get(kind_.value, read.get("*"))
        for key in read:
            named, at, basis = key.partition("@")
            covers = named == "*" and not (kind_.value in bare(name) and by_kind[kind_.value] is None)
            if at and (named == kind_.value or covers) and (kind_, basis) not in found:
                found[kind_, basis] = read.get(f"{kind_.value}@{basis}", read[key])
    return found


def bare(name: str) -> dict[str, None]:
    """Kinds to which a clock of ours promises nothing by default: they have a term only where a policy names them."""
    return {kind: None for kind, term in DEFAULT_TERMS.get(name, {}).items() if term is None}


def _allowance(reader: Reader, place: str, raw: Any) -> Allowance | None:
    if raw is None:
        return None
    if not isinstance(raw, dict):
        reader.fault(place, f"needs an amount from 1 to {_LONGEST} (or null for no term)")
        return None
    term = _term(reader, place, raw)
    extension = raw.get("extension", 0)
    if not (is_whole(extension) and 0 <= extension <= _LONGEST):
        reader.fault(f"{place}.extension", f"must be 0 to {_LONGEST} of the term's unit")
        extension = 0
    source, source_en = _source(reader, place, raw)
    return Allowance(term, source, extension, source_en) if term else None


def _source(reader: Reader, place: str, raw: Mapping[str, Any]) -> tuple[str, str]:
    """One text, or one in each language."""
    if isinstance(raw.get("source"), dict):
        both = reader.table(raw, "source", f"{place}.")
        for key in sorted(both.keys() - {"id", "en"}):
            reader.fault(f"{place}.source.{key}", "is not a language of letters: id, en")
        return reader.text(both, "id", f"{place}.source.", 200), reader.text(both, "en", f"{place}.source.", 200)
    return (reader.text(raw, "source", f"{place}.", 200) if "source" in raw else ""), ""


def _term(reader: Reader, place: str, raw: Any) -> Term | None:
    amount = raw.get("amount") if isinstance(raw, dict) else None
    if not is_whole(amount) or not 1 <= amount <= _LONGEST:
        reader.fault(place, f"needs an amount from 1 to {_LONGEST} (or null for no term)")
        return None
    if raw.get("unit") not in UNITS:
        reader.fault(place, f"needs a unit of {', '.join(UNITS)}")
        return None
    return Term(amount, raw["unit"])


def _ladder(
    reader: Reader, raw: Mapping[str, Any], key: str, place: str, audiences: Collection[str], named: Collection[str]
) -> Ladder:
    steps: dict[str, Step] = {}
    rows = reader.rows(raw, key, place)
    for index, row in enumerate(rows):
        if step := _step(reader, f"{place}{key}[{index}].", row, steps, audiences, named):
            steps[step.id] = step
    # A step at the breach that can't be used is told by its own place.
    if not any(row.get("fraction") == 1 for row in rows):
        reader.fault(f"{place}{key}", "needs a step at the breach (fraction 1)")
    return tuple(steps.values())


def _step(
    reader: Reader,
    place: str,
    row: Mapping[str, Any],
    taken: Container[str],
    audiences: Collection[str],
    named: Collection[str],
) -> Step | None:
    before = len(reader.faults)
    fraction, after_days, audience, hours, template = (
        row.get(name) for name in ("fraction", "working_days_after", "audience", "hours", "template")
    )
    key = reader.identifier(row, place, taken)
    given = [name for name in ("fraction", "working_days_after", "before", "after") if row.get(name) is not None]
    if len(given) != 1:
        reader.fault(place[:-1], "needs one of fraction, working_days_after, before and after")
    if fraction is not None and not ((is_whole(fraction) or isinstance(fraction, float)) and 0 < fraction <= 1):
        reader.fault(f"{place}fraction", "must lie above 0 and at most at 1")
    if after_days is not None and not (is_whole(after_days) and 0 < after_days <= 250):
        reader.fault(f"{place}working_days_after", "must be 1 to 250")
    terms = {name: _term(reader, place + name, row[name]) for name in ("before", "after") if row.get(name) is not None}
    if not isinstance(audience, str) or not (audience in audiences or is_address(audience)):
        reader.fault(f"{place}audience", f"must be an address or one of {', '.join(audiences)}")
    if hours is not None and hours not in HOURS:
        reader.fault(f"{place}hours", f"must be one of {', '.join(HOURS)}")
    if template is not None and template not in named:
        reader.fault(f"{place}template", f"must be one of {', '.join(named)}")
    if len(reader.faults) > before:
        return None
    return Step(
        key,
        None if fraction is None else float(fraction),
        after_days,
        str(audience),
        terms.get("before"),
        terms.get("after"),
        hours,
        template or "",
    )
