"""What 10 MB of hostile mail cost beside 10 MB of plain mail: time and memory of each kind, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.hostile_mail import KINDS
from tests.support.mail_cost import LIMIT, PLAIN

ROOT = Path(__file__).parents[2]
SIZE = 10_000_000
MEMORY = 10  # sizes of the mail, its own bytes counted
WORST = 5


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, Any]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "layers" / "core"), str(ROOT)))}
    command = [sys.executable, "-m", "tests.support.mail_cost", str(SIZE)]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2_000:]
    rows = {row["name"]: row for row in map(json.loads, run.stdout.splitlines())}
    print(f"\n{len(rows) - len(PLAIN)} kinds of hostile mail of {SIZE / 1e6:.0f} MB; the worst {WORST}:")
    for part in ("filed", "shown"):
        for what in ("ratio", "memory"):
            worst = sorted(rows.values(), key=lambda row: -row[part][what])[:WORST]
            print(f"  {part:<6} {what:<7}" + "; ".join(f"{row['name']} {row[part][what]:.1f}" for row in worst))
    return rows


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_mail_costs_at_most_twenty_times_plain_mail(kind: str, measured: dict[str, dict[str, Any]]) -> None:
    """`filed`: from the raw object to a case and its acknowledgement. `shown`: its HTML form cleaned, beside that of
    plain HTML mail."""
    row = measured[kind]
    assert row["size"] > SIZE * 0.99
    assert row["filed"]["ratio"] < LIMIT
    assert row["shown"]["ratio"] < LIMIT


@pytest.mark.parametrize("kind", [*PLAIN, *KINDS])
def test_a_mail_takes_at_most_ten_times_its_size(kind: str, measured: dict[str, dict[str, Any]]) -> None:
    row = measured[kind]
    assert row["filed"]["memory"] < MEMORY
    assert row["shown"]["memory"] < MEMORY
