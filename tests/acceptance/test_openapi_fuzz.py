"""schemathesis over the published description of the whole HTTP side of the running system: no 5xx, and no answer that
is not described. As an officer, and as nobody."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.system import System

#: What a run may take, in seconds: as an officer, and as nobody, to whom most is shut.
AS_OFFICER, AS_NOBODY = 120, 50
#: What the description promises of an answer. Whether a refusal is the right one is other tests' to say: a case's state
#: decides, of which a schema knows nothing.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
)
#: How a wrong request may be refused. The tool does not know 413 as a refusal; 500 and more are none of ours.
REFUSALS = """
[checks]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]
"""


@pytest.fixture
def kept_policy(system: System) -> Iterator[None]:
    """A stranger's policy may be a valid one; the next test wants ours."""
    before = system.as_officer("coordinator", "GET", "/v1/policy").body
    yield
    own = {name: part for name, part in before.items() if name not in ("version", "saved", "former_units")}
    answer = system.as_officer("coordinator", "PUT", "/v1/policy", own)
    assert answer.status == 200, answer


def run(system: System, folder: Path, seconds: int, *more: str) -> dict[str, Any]:
    """The report of a run; what it found stands on the terminal."""
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--no-color", "run", f"{system.ready['http']}/v1/openapi.json"),
        *("--checks", ",".join(CHECKS), "--max-time", str(seconds), "--request-timeout", "30"),
        *("--continue-on-failure", "--warnings", "off", "--seed", "20261123", "--no-shrink"),
        *("--report", "json", "--report-json-path", str(folder / "report.json")),
        *more,
    ]
    (folder / "schemathesis.toml").write_text(REFUSALS)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds * 4)
    tail = done.stdout[-6000:]
    print("\n".join(line for line in tail.splitlines() if "generated" in line or "Tested:" in line))
    assert done.returncode == 0, tail + done.stderr[-2000:]
    return dict(json.loads((folder / "report.json").read_text()))


@pytest.mark.usefixtures("kept_policy")
def test_as_a_coordinator(system: System, tmp_path: Path) -> None:
    officer = system.officer("coordinator")
    login = {"email": officer["email"], "password": officer["password"]}
    token = system.call("POST", "/v1/session", login).body["id_token"]
    run(system, tmp_path, AS_OFFICER, "--header", f"Authorization: {token}")


def test_as_nobody(system: System, tmp_path: Path) -> None:
    run(system, tmp_path, AS_NOBODY)
