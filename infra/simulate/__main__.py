"""`make simulate`: arrivals and officers over years, through the real domain, for an agency to try a policy on."""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import Manager, cpu_count
from pathlib import Path
from typing import Any

from tanggap.domain.errors import Invalid
from tanggap.domain.policy import read_policy

from .scenario import Scenario, read_scenario
from .shares import Share, shares
from .tally import Tally
from .world import Simulation

ROOT = Path(__file__).resolve().parents[2]


def part(raw: dict[str, Any], scenario: Scenario, share: Share, plan: tuple[datetime, int, int], done: Any) -> Tally:
    """One process's work. `plan`: start, days, seed."""
    start, days, seed = plan

    def progress(count: int) -> None:
        done[seed] = count

    return Simulation(read_policy(raw, 1), scenario, share, seed).run(start, days, progress)


def simulate(raw: dict[str, Any], scenario: Scenario, plan: tuple[datetime, int, int, int], processes: int) -> Tally:
    start, days, cases, seed = plan
    policy = read_policy(raw, 1)
    start = start.replace(tzinfo=policy.calendar.zone)
    parts = shares(policy, scenario, start, days, cases, processes)
    total, begun = Tally(), time.monotonic()
    with Manager() as manager, ProcessPoolExecutor(len(parts)) as pool:
        done = manager.dict()
        running = [
            pool.submit(part, raw, scenario, share, (start, days, seed * 1000 + index), done)
            for index, share in enumerate(parts)
        ]
        while not all(one.done() for one in running):
            time.sleep(0.5)
            come = sum(done.values())
            print(
                f"\r{come:,} of {cases:,} reports, {time.monotonic() - begun:.0f} s",
                end="",
                file=sys.stderr,
                flush=True,
            )
        for one in running:
            total.add(one.result())
    print(file=sys.stderr)
    return total


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--policy", type=Path, default=ROOT / "infra" / "policies" / "kabupaten.json")
    parser.add_argument("--scenario", type=Path, help="JSON of assumptions; see scenario.py")
    parser.add_argument("--years", type=float, default=1)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--from", dest="start", type=datetime.fromisoformat, default=datetime(2026, 1, 1))  # noqa: DTZ001 - in the policy's zone
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=cpu_count())
    parser.add_argument("--json", type=Path, default=ROOT / ".local" / "simulation.json")
    given = parser.parse_args(arguments)
    if given.cases < 1 or not 0 < given.years <= 10 or given.processes < 1:
        parser.error("at least one case and one process, years above 0 and at most 10")
    try:
        raw = json.loads(given.policy.read_text(encoding="utf-8"))
        read_policy(raw, 1)
        scenario = read_scenario(json.loads(given.scenario.read_text(encoding="utf-8")) if given.scenario else {})
    except Invalid as wrong:
        for fault in wrong.faults:
            print(f"{given.policy}: {fault['place']}: {fault['message']}", file=sys.stderr)
        return 1
    except (OSError, ValueError, TypeError) as wrong:
        print(f"could not be read: {wrong}", file=sys.stderr)
        return 1
    plan = (given.start, max(1, round(given.years * 365)), given.cases, given.seed)
    tally = simulate(raw, scenario, plan, given.processes)
    found = tally.as_json()
    given.json.parent.mkdir(exist_ok=True)
    given.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    _print(found)
    return 0


def _print(found: dict[str, Any]) -> None:
    print(f"{found['cases']:,} reports\n")
    print(f"{'clock':<18}{'in time':>9}{'met':>9}{'missed':>9}{'running':>9}{'h late':>8}")
    for name, row in found["clocks"].items():
        share = "-" if row["in_time"] is None else f"{row['in_time']:.1%}"
        print(
            f"{name:<18}{share:>9}{row['met']:>9,}{row['missed']:>9,}{row['running']:>9,}{row['mean_hours_late']:>8,}"
        )
    for title, key in (
        ("ladder steps by month and audience", "steps"),
        ("letters", "letters"),
        ("escalation letters on the busiest day, by address", "busiest_day"),
        ("how cases ended", "ends"),
        ("open cases (backlog)", "open_at"),
        ("hours worked", "worked_hours"),
    ):
        print(f"\n{title}")
        for name, count in found[key].items():
            print(f"  {name:<40}{count:>9,}")


if __name__ == "__main__":
    sys.exit(main())
