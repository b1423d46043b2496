"""The hour's new cases, told to each desk that hears of them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ..domain import digest_rounds
from ..domain.case import Case
from ..domain.digest_letters import LISTED, new_cases_letter
from ..domain.new_cases import NOBODYS
from ..domain.policy import Policy
from ..domain.policy_people import DESK
from ..domain.words import Purpose, Status
from .ports import Round
from .rounds import NEW, Desk, Digested, OnFailure, Rounds, desks, mark

#: New cases of an hour and a desk that are counted; more are the flood that everybody knows of.
COUNTED = 10_000

#: When it began to wait, and its number.
Announced = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class _Hour:
    """What one run tells: the cases that wait for each desk, and the desks of each address."""

    round: Round
    policy: Policy
    at: datetime
    waiting: Mapping[Desk, tuple[Announced, ...]]
    by_address: Mapping[str, list[Desk]]


class NewCases:
    def __init__(self, rounds: Rounds) -> None:
        self.rounds = rounds

    def __call__(self, policy: Policy, at: datetime, on_failure: OnFailure) -> Digested:
        due = digest_rounds.hourly(policy, at)
        current = self.rounds.begin(NEW, *due) if due else None
        if current is None:
            return Digested()
        hour = self._gather(current, policy, at)
        done = self.rounds.each(sorted(hour.by_address), lambda address: self._tell(hour, address), NEW, on_failure)
        if not done.unfinished:
            self.rounds.finish(NEW, current)
        return done

    def _gather(self, current: Round, policy: Policy, at: datetime) -> _Hour:
        by_address: dict[str, list[Desk]] = {}
        waiting: dict[Desk, tuple[Announced, ...]] = {}
        for desk in desks(policy):
            waiting[desk] = self.rounds.digests.announced(desk or NOBODYS, current.since, current.until, COUNTED)
            for address in policy.audience(DESK, desk, at) if waiting[desk] else ():
                by_address.setdefault(address, []).append(desk)
        return _Hour(current, policy, at, waiting, by_address)

    def _tell(self, hour: _Hour, address: str) -> bool:
        if self.rounds.told(address, NEW, hour.round):
            return False
        mine = hour.by_address[address]
        since = self.rounds.since(address, NEW, hour.round)
        fresh = sorted(one for desk in mine for one in hour.waiting[desk] if one[0] > since)
        numbers = dict.fromkeys(number for _, number in fresh)
        listed, looked_at = self._still_new(list(numbers), mine)
        count = len(listed) + len(numbers) - looked_at
        if not count:
            return False
        said = new_cases_letter(listed, count, hour.policy, hour.at)
        return self.rounds.send(Purpose.NEW_CASES, address, said, hour.at, (mark(address, NEW, hour.round.key),))

    def _still_new(self, numbers: list[str], mine: Iterable[Desk]) -> tuple[list[Case], int]:
        """Cases that the desk has not taken up itself, as many as a letter lists, and how many were looked at."""
        found: list[Case] = []
        for place, number in enumerate(numbers):
            if len(found) == LISTED:
                return found, place
            self.rounds.check_time()
            case = self.rounds.work.cases.case(number)
            if case and not case.ended and any(_untouched(case, desk) for desk in mine):
                found.append(case)
        return found, len(numbers)


def _untouched(case: Case, desk: Desk) -> bool:
    """A unit's case is new to it as long as it is the unit's; the coordinator's as long as nobody has looked at it."""
    return desk in case.units if desk else case.unit is None and case.status is Status.NEW
