"""Is anything that we stand on known to be vulnerable? pip-audit is asked about every lock.

Answers 0 where nothing is known, and where nobody can be asked: then it says so in capitals and why, so that no run
reads like a clean one. With `--required` that too is a failure. pip-audit alone calls a package that it could not ask
about skipped, and answers 0.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.build.template import ROOT

LOCKS = (
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-sam.txt",
    "requirements-security.txt",
    "requirements-faults.txt",
    "layers/dependencies/requirements.txt",
)
#: What is known and can't be mended yet: the vulnerability's id and why it doesn't reach us. None.
ACCEPTED: Mapping[str, str] = {}
_TOOL = ROOT / ".venv-security" / "bin" / "pip-audit"
#: Asks about one package, which is in a lock in any case.
_PROBE = "pip-audit"

Report = Mapping[str, Any]


class NotAsked(Exception):
    """The service gave no answer, and says why."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`faults`: a line each; empty is clean."""

    packages: int
    faults: tuple[str, ...]


def judge(report: Report, accepted: Mapping[str, str] = ACCEPTED) -> Verdict:
    """What pip-audit's JSON says. What could not be asked about is a fault like a vulnerability: it may be one."""
    faults, seen = [], set()
    for one in report["dependencies"]:
        if "skip_reason" in one:
            faults.append(f"{one['name']}: not audited: {one['skip_reason']}")
            continue
        seen.add((one["name"], one["version"]))
        for known in one["vulns"]:
            names = {known["id"], *known.get("aliases", ())}
            if not names & accepted.keys():
                mended = ", ".join(known["fix_versions"]) or "no version yet"
                faults.append(f"{one['name']} {one['version']}: {known['id']}, mended in {mended}")
    return Verdict(len(seen), tuple(sorted(set(faults))))


def reachable(report: Report) -> None:
    """Raises NotAsked where the probe's report shows that the service knows nothing."""
    for one in report["dependencies"]:
        if "skip_reason" in one:
            raise NotAsked(one["skip_reason"])


def pip_audit(file: Path, hashed: bool = True) -> Report:
    """Raises NotAsked."""
    pins = "--require-hashes" if hashed else "--no-deps"
    quiet = ("-f", "json", "--progress-spinner", "off", "--timeout", "15")
    command = [str(_TOOL), "--disable-pip", pins, *quiet, "-r", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found: Report = json.loads(done.stdout)
    except ValueError:
        last = [line for line in done.stderr.splitlines() if line.strip()][-1:] or [f"exit code {done.returncode}"]
        raise NotAsked(last[0][:300]) from None
    return found


def audited(ask: Callable[[Path, bool], Report] = pip_audit) -> Verdict:
    """Raises NotAsked: before hundreds of packages are asked about, one is."""
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "probe.txt"
        probe.write_text(pin_of(_PROBE, (ROOT / "requirements-security.txt").read_text()) + "\n")
        reachable(ask(probe, False))
    # One by one: locks of different environments hold different versions of the same package.
    return judge({"dependencies": [one for lock in LOCKS for one in ask(ROOT / lock, True)["dependencies"]]})


def pin_of(name: str, lock: str) -> str:
    """As `name==version`."""
    return next(line.split()[0] for line in lock.splitlines() if line.startswith(f"{name}=="))


def main() -> int:
    parser = argparse.ArgumentParser(prog="infra.security.audit", description=__doc__.partition("\n")[0])
    parser.add_argument("--required", action="store_true", help="not being able to ask is a failure")
    arguments = parser.parse_args()
    try:
        verdict = audited()
    except NotAsked as why:
        print(f"pip-audit: NOT AUDITED: nobody to ask about vulnerabilities from here ({why})", file=sys.stderr)
        return 1 if arguments.required else 0
    for fault in verdict.faults:
        print(fault, file=sys.stderr)
    print(f"pip-audit: {verdict.packages} packages of {len(LOCKS)} locks, {len(verdict.faults)} faults")
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main())
