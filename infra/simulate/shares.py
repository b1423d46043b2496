"""How the reports and the people of an agency are dealt out to processes that simulate side by side.

Whole units each, where that comes out even or a team is small: its queue stays one. Else every process has a part of
each team and as large a part of the reports, or three units on two processes would take as long as two on one. The
coordinator's desk is cut either way. Parts of one agency know nothing of each other's queues, so what is cut waits a
little longer than it would: runs compare only at the same number of processes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tanggap.domain.policy import Policy

from .scenario import Scenario

COORDINATOR = "coordinator"
#: A team is cut only into parts of at least so many people. From about here on somebody of a part is nearly always
#: about to be free: what waits, waits a fraction of one case's work longer than it would before the whole team.
LEAST = 5


@dataclass(frozen=True, slots=True)
class Share:
    """So many reports, the people of each unit that gets some of them and how large a part of its reports
    (`weights`), the coordinator's people."""

    cases: int
    teams: Mapping[str, int]
    weights: Mapping[str, float]
    desk: int


def shares(
    policy: Policy, scenario: Scenario, start: datetime, days: int, cases: int, processes: int
) -> tuple[Share, ...]:
    """At most one for each process, at least one."""
    office = policy.calendar.office_time_between(start, start + timedelta(days=days)).total_seconds() / 60
    each = cases * (1 + scenario.objects) / len(policy.units)
    teams = {unit: scenario.team(unit, each, scenario.work_minutes, office) for unit in policy.units}
    desk = _desk(scenario, cases, office)
    large = min(desk, *teams.values()) >= LEAST * processes
    return (
        _cut(teams, desk, cases, processes)
        if large and len(teams) % processes
        else _dealt(scenario, teams, cases, office, processes)
    )


def _desk(scenario: Scenario, cases: float, office: float) -> int:
    return scenario.team(COORDINATOR, cases * (1 + scenario.incomplete), scenario.verify_minutes, office)


def _cut(teams: Mapping[str, int], desk: int, cases: int, processes: int) -> tuple[Share, ...]:
    """All teams, each into `processes` parts: in proportion to the desk's, which is the smallest as a rule."""
    ends = [desk * part // processes for part in range(processes + 1)]

    def part_of(total: int, part: int) -> int:
        return round(total * ends[part + 1] / desk) - round(total * ends[part] / desk)

    parts = [{unit: part_of(people, part) for unit, people in teams.items()} for part in range(processes)]
    return tuple(
        Share(
            part_of(cases, part),
            mine,
            {unit: people / teams[unit] for unit, people in mine.items()},
            ends[part + 1] - ends[part],
        )
        for part, mine in enumerate(parts)
    )


def _dealt(
    scenario: Scenario, teams: Mapping[str, int], cases: int, office: float, processes: int
) -> tuple[Share, ...]:
    """Whole teams. A desk that the scenario staffs is of the whole agency: each process has a part of it."""
    units = tuple(teams)
    dealt = [units[part::processes] for part in range(min(processes, len(units)))]
    given = [cases * len(mine) // len(units) for mine in dealt]
    given[0] += cases - sum(given)
    found = []
    for mine, count in zip(dealt, given, strict=True):
        desk = _desk(scenario, count, office)
        if {COORDINATOR, "*"} & scenario.staff.keys():
            desk = max(1, round(desk * len(mine) / len(units)))
        found.append(Share(count, {unit: teams[unit] for unit in mine}, dict.fromkeys(mine, 1.0), desk))
    return tuple(found)
