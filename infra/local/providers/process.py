"""Starts and stops the double as a process of its own."""

from __future__ import annotations

import select
import subprocess
import sys
from pathlib import Path

from infra.local.places import ROOT, clean_environment
from infra.local.providers.accounts import Accounts
from infra.local.providers.server import as_line

READY_WITHIN = 20.0  # seconds; it takes a fifth of one
STOP_WITHIN = 5.0


class ProvidersFailed(RuntimeError):
    """It did not come up."""


class Providers:
    def __init__(self, work: Path, accounts: Accounts) -> None:
        self._log, self.accounts = work / "providers.log", accounts
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def start(self) -> None:
        """Returns when it answers. Raises ProvidersFailed with the end of its log."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.providers"],
                cwd=ROOT,
                env=clean_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C is the starter's to handle
            )
        if self._process.stdin is None or self._process.stdout is None:
            raise ProvidersFailed("the providers' double has no pipes")
        self._process.stdin.write(as_line(self.accounts))
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], READY_WITHIN)
        self.url = self._process.stdout.readline().decode().strip() if ready else ""
        if not self.url:
            self.stop()
            tail = "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])
            raise ProvidersFailed(f"the providers' double did not start; the end of {self._log}:\n{tail}")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
