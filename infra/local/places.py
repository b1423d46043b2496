"""Where the local system listens and keeps its things. Everything lies under `.local/` (git-ignored) and on
127.0.0.1.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "127.0.0.1"
REGION = "ap-southeast-1"
STACK = "tanggap"
ACCESS_KEY = "000000000000"  # the embedded AWS takes a key of twelve digits for the account's root
SECRET_KEY = "test"  # noqa: S105 - the embedded AWS checks none
ROOT = Path(__file__).resolve().parents[2]


class PortBusy(RuntimeError):
    """Somebody else listens where we want to."""


class FolderBusy(RuntimeError):
    """Another run keeps its things in this folder."""


@dataclass(frozen=True, slots=True)
class Places:
    smtp_port: int
    http_port: int
    aws_port: int
    work: Path  # what this run makes; `.local` for `make run`, elsewhere for tests that run beside it
    state: Path | None  # kept between runs when set
    enforce_iam: bool = False

    @property
    def aws_endpoint(self) -> str:
        return f"http://{HOST}:{self.aws_port}"

    @property
    def http(self) -> str:
        return f"http://{HOST}:{self.http_port}"

    @property
    def scratch(self) -> Path:
        """Removed at every stop: worker folders of the embedded AWS, and its data when no state is kept."""
        return self.work / "run"

    @property
    def outbox(self) -> Path:
        """Mails that the embedded SES let out, one `.eml` and one `.json` each."""
        return (self.state or self.scratch) / "outbox"

    @property
    def build(self) -> Path:
        """Zipped artefacts, shared by all runs of this clone and named by their content."""
        return ROOT / ".local" / "build"

    @property
    def ready_file(self) -> Path:
        return self.work / "ready.json"

    def ports(self) -> dict[str, int]:
        return {
            "TANGGAP_SMTP_PORT": self.smtp_port,
            "TANGGAP_HTTP_PORT": self.http_port,
            "TANGGAP_AWS_PORT": self.aws_port,
        }


def ask_embedded(endpoint: str, region: str = REGION) -> None:
    """From here on this process's SDK asks the embedded AWS and nobody else."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)
    os.environ |= {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }


def places_from(environment: Mapping[str, str]) -> Places:
    state = environment.get("TANGGAP_STATE", "").strip()
    work = environment.get("TANGGAP_WORK", "").strip()
    return Places(
        smtp_port=_port(environment, "TANGGAP_SMTP_PORT", 2525),
        http_port=_port(environment, "TANGGAP_HTTP_PORT", 8080),
        aws_port=_port(environment, "TANGGAP_AWS_PORT", 4566),
        work=Path(work).resolve() if work else ROOT / ".local",
        state=Path(state).expanduser().resolve() if state else None,
        enforce_iam=environment.get("TANGGAP_AUTH", "").lower() in {"1", "true", "yes"},
    )


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip() or str(default)
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError(f"{name} must be a port number, not {text!r}")
    return int(text)


def check_ports_are_free(places: Places) -> None:
    """Raises PortBusy with every busy port named, or when two of ours are the same."""
    ports = places.ports()
    if len(set(ports.values())) < len(ports):
        raise PortBusy("the three ports must differ: " + ", ".join(f"{n}={p}" for n, p in ports.items()))
    busy = [
        f"port {port} is in use; choose another with {name}=..." for name, port in ports.items() if not _is_free(port)
    ]
    if busy:
        raise PortBusy("\n".join(busy))


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def locked(folder: Path) -> IO[str]:
    """Holds the folder until what it returns is closed, or the process ends in any way. Raises FolderBusy."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise FolderBusy(f"another run uses {folder}; stop it first, or name another folder") from error
    return lock


def write_json(file: Path, content: Mapping[str, Any]) -> None:
    """Whole or not at all, and for nobody else to read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(content, indent=1))
    unfinished.rename(file)


def free_ports(count: int) -> list[int]:
    """Ports that are free now, all different."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for held in sockets:
            held.bind((HOST, 0))
        return [held.getsockname()[1] for held in sockets]
    finally:
        for held in sockets:
            held.close()


def clean_environment() -> dict[str, str]:
    """Our environment without what would leak into the functions: other AWS settings, Python paths, proxies.

    Functions inherit the embedded AWS's environment, as they never would on AWS.
    """
    leaks = ("AWS_", "PYTHON", "TANGGAP_", "MINISTACK_", "LAMBDA_", "POWERTOOLS_", "PYTEST_")
    proxies = {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "virtual_env", "sam_cli_telemetry"}
    return {k: v for k, v in os.environ.items() if not k.startswith(leaks) and k.lower() not in proxies}
