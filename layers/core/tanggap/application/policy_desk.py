"""What officers do with the policy: read it and what it was, try a new one, replace it as a whole, go back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..domain import policy_checks, policy_hints
from ..domain.clocks import ClockName
from ..domain.errors import Invalid, NotFound
from ..domain.former_promises import kept
from ..domain.permissions import Act, Officer, require
from ..domain.policy import Policy, faulty, read_policy
from ..domain.times import stamp
from .ports import Policies, PolicyMoved, StoredPolicy
from .recompute import times_of

#: A row of the table ends at 400 kB.
POLICY_BYTES = 350_000
#: Versions of one answer.
PAGE = 20
#: What the desk itself writes into a policy: no change of it is an officer's.
BY_THE_DESK = frozenset({"saved"})


@dataclass(frozen=True, slots=True)
class Version:
    """A version in short. `saved`: {by, at, restored?}; empty for the one that set-up stored. `changed`: the top-level
    places in which it differs from the version before."""

    number: int
    saved: Mapping[str, Any]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draught:
    """What saving a policy would do. `recomputes`: open deadlines may move. `hints`: what is allowed and still worth a
    second look, as {place, message}."""

    version: int
    changed: tuple[str, ...]
    recomputes: bool
    hints: tuple[dict[str, str], ...]


class PolicyDesk:
    def __init__(self, policies: Policies, mail_domain: str) -> None:
        self.policies, self.mail_domain = policies, mail_domain.lower()

    def current(self, officer: Officer) -> Policy:
        require(officer, Act.POLICY_READ)
        return self.policies.current(fresh=True)

    def versions(self, officer: Officer, before: int | None = None, limit: int = PAGE) -> tuple[Version, ...]:
        """Newest first; `before` goes on from a number."""
        require(officer, Act.POLICY_READ)
        found = self.policies.stored(before, limit + 1)
        earlier = (*(one.raw for one in found[1:]), {})
        return tuple(_short(one, was) for one, was in zip(found[:limit], earlier, strict=False))

    def version(self, officer: Officer, number: int) -> StoredPolicy:
        """Raises NotFound."""
        require(officer, Act.POLICY_READ)
        found = self.policies.stored(number + 1, 1) if number >= 1 else ()
        if not found or found[0].version != number:
            raise NotFound("no such version of the policy")
        return found[0]

    def check(self, officer: Officer, raw: Any, at: datetime) -> Draught:
        """What `save` would do, without saving. Raises what `save` raises."""
        require(officer, Act.POLICY_WRITE)
        now = self.policies.current(fresh=True)
        policy = self._read(now, raw, officer, at)
        return Draught(
            version=policy.version,
            changed=changed(now.raw, policy.raw),
            recomputes=times_of(now) != times_of(policy),
            hints=(*policy_hints.hints_for(policy, now, at), *self._faults(policy)),
        )

    def save(self, officer: Officer, raw: Any, at: datetime, restored: int | None = None) -> Policy:
        """A new version, validated as a whole. `version` in it, where given, is the one that it was made from. Raises
        Invalid with every fault, PolicyMoved."""
        require(officer, Act.POLICY_WRITE)
        policy = self._read(self.policies.current(fresh=True), raw, officer, at, restored)
        self.policies.store(dict(policy.raw), policy.version)
        return policy

    def restore(self, officer: Officer, number: int, at: datetime, made_from: Any = None) -> Policy:
        """An earlier version's content as a new one, by today's rules. `made_from`, where given: the version that it is
        to follow. Raises NotFound, Invalid, PolicyMoved."""
        require(officer, Act.POLICY_WRITE)
        raw = {key: value for key, value in self.version(officer, number).raw.items() if key not in BY_THE_DESK}
        return self.save(officer, raw if made_from is None else {**raw, "version": made_from}, at, number)

    def _read(self, now: Policy, raw: Any, officer: Officer, at: datetime, restored: int | None = None) -> Policy:
        made_from, wanted, faults = self._take_apart(raw, now.version)
        if isinstance(wanted, dict):
            wanted["former_units"] = _former(now, wanted)
            wanted.pop("former_promises", None)
            if given_up := _former_promises(now, wanted):  # a part that the release before does not know
                wanted["former_promises"] = given_up
            wanted["saved"] = {"by": officer.id, "at": stamp(at), **({"restored": restored} if restored else {})}
            faults += policy_checks.faults_in(wanted, self.mail_domain)
        try:
            policy = read_policy(wanted, now.version + 1)
        except Invalid as found:
            raise faulty([*found.faults, *faults]) from None
        faults += policy_checks.faults_of(policy)
        if faults:
            standing = self._faults(now)
            faults = [fault for fault in faults if not (fault in standing and _untouched(fault, now.raw, wanted))]
        if len(json.dumps(wanted, ensure_ascii=False).encode()) > POLICY_BYTES:
            faults.append({"place": "", "message": f"is larger than {POLICY_BYTES} bytes"})
        if faults:
            raise faulty(faults)
        if made_from != now.version:
            raise PolicyMoved("a newer policy is in force: read it and decide again")
        return policy

    def _faults(self, policy: Policy) -> list[dict[str, str]]:
        return policy_checks.faults_in(policy.raw, self.mail_domain) + policy_checks.faults_of(policy)

    @staticmethod
    def _take_apart(raw: Any, version: int) -> tuple[int, Any, list[dict[str, str]]]:
        """What the new version was made from, and what it says itself."""
        if not isinstance(raw, dict):
            return version, raw, []
        wanted = dict(raw)
        made_from = wanted.pop("version", version)
        if isinstance(made_from, int) and not isinstance(made_from, bool):
            return made_from, wanted, []
        return version, wanted, [{"place": "version", "message": "must be the number of the version it was made from"}]


def _short(one: StoredPolicy, was: Mapping[str, Any]) -> Version:
    saved = one.raw.get("saved")
    return Version(one.version, saved if isinstance(saved, dict) else {}, changed(was, one.raw))


def changed(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """The top-level places that differ. What is left out and what is there empty say the same."""
    places = sorted((was.keys() | now.keys()) - BY_THE_DESK)
    return tuple(place for place in places if (was.get(place) or None) != (now.get(place) or None))


def _untouched(fault: Mapping[str, str], now: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Does it lie in a part that stays as it is? A rule of a newer release holds up no decree: it is a hint until that
    part is changed."""
    part = re.split(r"[.\[]", fault["place"])[0]
    return bool(part) and wanted.get(part) == now.get(part)


def _former(now: Policy, wanted: dict[str, Any]) -> list[str]:
    """Units that were and are no more. Their cases must stay in the coordinator's sight."""
    rows = wanted.get("units")
    named = [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [unit for unit in dict.fromkeys((*now.former_units, *now.units)) if unit not in named]


def _former_promises(now: Policy, wanted: dict[str, Any]) -> dict[str, Any]:
    """Promises that were and are no more: what runs of them goes on as it was promised. Ours are in every policy."""
    named = wanted.get("clocks")
    ours = {*ClockName, *(named if isinstance(named, dict) else ())}
    were = {**now.former_promises, **now.promises}
    return {name: kept(promise) for name, promise in were.items() if name not in ours}
