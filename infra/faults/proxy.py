"""microburst between the functions and the embedded AWS: a process of its own environment (.venv-faults)."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from infra.local.places import HOST, ROOT, clean_environment, free_ports

PYTHON = ROOT / ".venv-faults" / "bin" / "python"
PROGRAM = Path(__file__).with_name("between.py")
#: Seconds to load the models of the AWS services.
READY_WITHIN = 30.0


class ProxyFailed(RuntimeError):
    """It did not come up, went away, or did not take a rule."""


class Proxy:
    def __init__(self, upstream: str, log: Path) -> None:
        (self._port,) = free_ports(1)
        self.url = f"http://{HOST}:{self._port}"
        self._upstream, self._log = upstream, log
        self._process: subprocess.Popen[bytes] | None = None
        self._names: tuple[str, ...] = ()

    def start(self) -> None:
        """Raises ProxyFailed."""
        if not PYTHON.exists():
            raise ProxyFailed(f"{PYTHON} is not there: make venv-faults")
        where = ["--upstream", self._upstream, "--host", HOST, "--port", str(self._port)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(PYTHON), str(PROGRAM), *where, "--no-resign"],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=clean_environment(),
            )
        deadline = time.monotonic() + READY_WITHIN
        while True:
            try:
                self._call("GET", "health")
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    raise ProxyFailed(f"microburst did not start; see {self._log}") from None
                time.sleep(0.1)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def put(self, rules: Mapping[str, Mapping[str, Any]]) -> None:
        """By name, in the place of all that were there. Raises ProxyFailed for one not taken as it was meant."""
        taken = self._call("POST", "rules", list(rules.values()))
        for (name, asked), found in zip(rules.items(), taken, strict=True):
            effects = {"error", "timeout_ms", "reset", "latency", "response"}
            if {key for key in asked if key in effects} != {key for key in found if key in effects}:
                raise ProxyFailed(f"the rule {name} was not understood: {found}")
        self._names = tuple(rules)

    def fired(self) -> dict[str, int]:
        found: Sequence[Mapping[str, Any]] = self._call("GET", "rules")
        return {name: int(one["fired_count"]) for name, one in zip(self._names, found, strict=True)}

    def calls(self) -> dict[str, int]:
        """By service: what has passed through since it started."""
        return {one["service"]: int(one["requests"]) for one in self._call("GET", "stats")["by_service"]}

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/_microburst/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:  # nosec B310 # our own local server
            return json.loads(answer.read())
