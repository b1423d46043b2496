"""The simulation runs the real rules: what it counts must follow from them, and repeat."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from infra.simulate.__main__ import main
from infra.simulate.scenario import Scenario, read_scenario
from infra.simulate.shares import LEAST, Share, shares
from infra.simulate.tally import Tally
from infra.simulate.world import Simulation
from tanggap.domain.policy import Policy, read_policy
from tests.support.world import POLICY


def run(scenario: Scenario, cases: int = 60, days: int = 120, seed: int = 1, raw: dict[str, Any] = POLICY) -> Tally:
    policy = read_policy(raw, 1)
    start = datetime(2026, 1, 5, tzinfo=policy.calendar.zone)
    (all_of_it,) = shares(policy, scenario, start, days, cases, 1)
    return Simulation(policy, scenario, all_of_it, seed).run(start, days, lambda count: None)


def test_the_same_seed_tells_the_same_and_another_another() -> None:
    first, again, other = run(Scenario()), run(Scenario()), run(Scenario(), seed=2)
    assert first == again
    assert first != other


def test_officers_with_time_keep_every_promise_and_nobody_is_told_of_a_breach() -> None:
    ready = read_scenario({"staff": {"*": 50}, "verify_minutes": 1, "work_minutes": 1, "incomplete": 0, "spread": 0})
    tally = run(ready)
    assert tally.clocks["resolve", "missed"] == tally.clocks["verify", "missed"] == 0
    assert not {audience for _, audience in tally.steps} & {"leadership", "inspectorate"}


def test_officers_without_time_miss_and_the_ladder_ends_at_the_inspectorate() -> None:
    swamped = read_scenario({"staff": {"*": 1}, "work_minutes": 60 * 8 * 20, "spread": 0})
    tally = run(swamped)
    assert tally.clocks["resolve", "missed"] > 20
    assert {"unit_head", "leadership", "inspectorate"} <= {audience for _, audience in tally.steps}
    assert tally.open_at["2026-05 end"] > 20


def test_every_report_is_open_or_ended() -> None:
    tally = run(Scenario())
    assert tally.cases == sum(tally.ends.values()) + tally.open_at["2026-05 end"] == 60


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"lunch": 1}, "knows no lunch"),
        ({"kinds": {"rumour": 1}}, "kinds are of"),
        ({"hours": [1, 2]}, "24"),
        ({"objects": 2}, "objects is a share"),
        ({"incomplete": 0.7, "rejected": 0.7}, "together"),
        ({"work_minutes": 0}, "above 0"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused_by_its_name(raw: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_scenario(raw)


def agency(units: int) -> Policy:
    return read_policy(
        {**POLICY, "categories": [], "units": [{**POLICY["units"][0], "id": f"u{n}"} for n in range(units)]}, 1
    )


def dealt(scenario: Scenario, units: int, cases: int, processes: int) -> tuple[Share, ...]:
    policy = agency(units)
    return shares(policy, scenario, datetime(2026, 1, 1, tzinfo=policy.calendar.zone), 365, cases, processes)


@pytest.mark.parametrize(("units", "cases", "processes"), [(3, 100_000, 2), (5, 300_001, 4), (1, 200_000, 3)])
def test_large_teams_are_cut_so_that_every_process_has_as_much_to_do(units: int, cases: int, processes: int) -> None:
    (whole,), parts = (dealt(Scenario(), units, cases, many) for many in (1, processes))
    assert len(parts) == processes
    assert sum(part.cases for part in parts) == cases
    assert sum(part.desk for part in parts) == whole.desk
    assert {unit: sum(part.teams[unit] for part in parts) for unit in whole.teams} == whole.teams
    for part in parts:
        assert part.cases == pytest.approx(cases / processes, rel=0.15)
        for people, all_people in ((part.desk, whole.desk), *((part.teams[u], whole.teams[u]) for u in whole.teams)):
            assert people >= LEAST
            assert people / all_people == pytest.approx(part.cases / cases, rel=0.1), (
                "nobody has more to do than others"
            )


@pytest.mark.parametrize(
    ("scenario", "units", "cases"),
    [({}, 3, 1_000), ({}, 4, 100_000), ({"staff": {"*": 1}}, 3, 100_000), ({"staff": {"u1": 3}}, 3, 100_000)],
)
def test_small_teams_and_units_that_come_out_even_stay_whole(scenario: dict[str, Any], units: int, cases: int) -> None:
    of = read_scenario(scenario)
    (whole,), parts = (dealt(of, units, cases, many) for many in (1, 2))
    assert sum(part.cases for part in parts) == cases
    assert {unit: people for part in parts for unit, people in part.teams.items()} == whole.teams
    assert sum(len(part.teams) for part in parts) == units, "no unit is dealt twice"


def test_a_cut_agency_keeps_its_promises_as_the_whole_one_does() -> None:
    policy, scenario = agency(1), read_scenario({"work_minutes": 900, "verify_minutes": 450})
    start = datetime(2026, 1, 5, tzinfo=policy.calendar.zone)
    told = []
    for processes in (1, 3):
        parts, tally = shares(policy, scenario, start, 30, 400, processes), Tally()
        assert len(parts) == processes
        for seed, share in enumerate(parts):
            tally.add(Simulation(policy, scenario, share, seed).run(start, 30, lambda count: None))
        assert tally.cases == 400
        told.append({clock: tally.share_in_time(clock) for clock in ("verify", "resolve", "follow_up")})
    assert told[0] == pytest.approx(told[1], abs=0.05)


def test_the_command_adds_up_what_its_processes_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy, told = tmp_path / "policy.json", tmp_path / "told.json"
    policy.write_text(json.dumps(POLICY))
    assert (
        main(["--policy", str(policy), "--cases", "30", "--years", "0.2", "--processes", "2", "--json", str(told)]) == 0
    )
    found = json.loads(told.read_text())
    assert found["cases"] == 30
    assert "in time" in capsys.readouterr().out


def test_a_policy_with_faults_is_told_by_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps({**POLICY, "units": [{"id": "!"}]}))
    assert main(["--policy", str(policy)]) == 1
    assert "units[0].id" in capsys.readouterr().err
