"""The embedded AWS: ministack with our mends, as a process of its own (`python -m infra.local.emulator`).

`Emulator` starts and stops that process. It ends by itself when its starter dies, SIGKILL included: it watches a pipe
that only the starter holds open.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from infra.local.places import ACCESS_KEY, HOST, REGION, ROOT, SECRET_KEY, Places, clean_environment

if TYPE_CHECKING:
    from pathlib import Path

READY_WITHIN = 60.0  # seconds; loading a kept state takes two of them
STOP_WITHIN = 30.0  # seconds; saving the state takes one or two


class EmulatorFailed(RuntimeError):
    """It did not come up, or went away."""


class Emulator:
    def __init__(self, places: Places) -> None:
        self._places = places
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self._places.work / "emulator.log"

    def start(self) -> None:
        """Returns when it answers. Raises EmulatorFailed with the end of its log."""
        places = self._places
        temporary = places.scratch / "tmp"
        for folder in (temporary, places.outbox):
            folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.emulator"],
                cwd=ROOT,
                env=_environment(places),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is ours to handle: mails in flight may finish before it stops
            )
        deadline = time.monotonic() + READY_WITHIN
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise EmulatorFailed(f"the embedded AWS did not start; the end of {self.log}:\n{self._tail()}")
            time.sleep(0.05)

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stops it, saves the state if one is kept, and removes what it left behind."""
        process, self._process = self._process, None
        if process is not None:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(STOP_WITHIN)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            if process.stdin is not None:
                process.stdin.close()
            _end_group(process.pid)
        shutil.rmtree(self._places.scratch, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            url = f"{self._places.aws_endpoint}/_ministack/ready"
            with urllib.request.urlopen(url, timeout=2) as answer:  # nosec B310 # our own local server
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def _end_group(group: int) -> None:
    """Function workers that did not follow the embedded AWS: they are alone in its process group by now."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _environment(places: Places) -> dict[str, str]:
    data = places.state or places.scratch
    environment = {
        **clean_environment(),
        "GATEWAY_PORT": str(places.aws_port),
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",  # its listener binds every interface whatever BIND_HOST says
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_DEFAULT_REGION": REGION,
        "TMPDIR": str(places.scratch / "tmp"),
        "TANGGAP_OUTBOX": str(places.outbox),
        "TANGGAP_LAYER_CACHE": str(places.build / "layers-unpacked"),
    }
    if places.enforce_iam:
        environment["AUTH"] = "true"
    if places.state is not None:
        environment |= {
            "PERSIST_STATE": "1",
            "STATE_DIR": str(data / "services"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(data / "objects"),
        }
    return environment


def _end_with_the_starter() -> None:
    """A thread that reads a pipe nobody writes to; it ends when the starter's end closes, however the starter died."""

    def watch() -> None:
        os.read(0, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="watch-the-starter", daemon=True).start()


def main() -> None:
    if not sys.stdin.isatty():
        _end_with_the_starter()
    from infra.local.mends import MENDS

    for mend in MENDS:
        mend.apply()
    import ministack.app

    sys.argv = ["ministack"]
    ministack.app.main()


if __name__ == "__main__":
    main()
