"""A release as it was: its own tree, out of the history of this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: The first release in which a mail went the whole way: rows of schema 1.
FIRST = "6da6d67a5aaeb26584fd4769b806d5afd7fab410"

#: The last whose rows don't say their schema: they are of 2.
LAST_UNMARKED = "e55d49f6a44192fe1f383ff5991bf26a971e2156"

#: The first whose rows say it, and which leaves alone what says a higher one: as far as anybody may go back.
MARKED = "b89c6b0e9f9a201dc6d65f8c6c1d63e6e704639e"


class NoHistory(RuntimeError):
    """This copy of the repository does not reach back to that commit: a shallow clone, or an archive without one."""


def unpacked(commit: str, into: Path) -> Path:
    """The tree of a commit under `into`, sharing this tree's builds: what both pin alike is installed once. Raises
    NoHistory."""
    try:
        archive = subprocess.run(
            ["git", "archive", "--format=tar", commit], cwd=ROOT, check=True, capture_output=True
        ).stdout
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        raise NoHistory(f"commit {commit[:7]} is not in this copy's history") from error
    into.mkdir(parents=True, exist_ok=True)
    subprocess.run(["tar", "-x", "-C", str(into)], input=archive, check=True)
    builds = ROOT / ".local" / "build"
    builds.mkdir(parents=True, exist_ok=True)
    (into / ".local").mkdir()
    (into / ".local" / "build").symlink_to(builds)
    return into


def unpacked_or_skip(commit: str, into: Path) -> Path:
    try:
        return unpacked(commit, into)
    except NoHistory as missing:
        pytest.skip(f"the release before cannot be built: {missing}")


def within(tree: Path, script: Path, told: dict[str, Any], timeout: float = 600) -> Any:
    """What a script answers (JSON) that runs on the code of `tree` alone, none of this tree's."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    environment["PYTHONPATH"] = os.pathsep.join([str(tree), str(tree / "layers" / "core")])
    ran = subprocess.run(
        [sys.executable, "-P", str(script)],
        cwd=tree,
        env=environment,
        input=json.dumps(told),
        text=True,
        capture_output=True,
        timeout=timeout,
    )
    if ran.returncode:
        raise RuntimeError(f"{script.name} on {tree.name}:\n{ran.stderr[-4000:]}")
    return json.loads(ran.stdout.splitlines()[-1])
