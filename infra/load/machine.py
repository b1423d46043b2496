"""Who used the processor and the memory: the functions, the embedded AWS, and all that is this program.

Read from /proc, which Linux has; elsewhere nothing is told. A worker of the embedded AWS is a process of its own with
the function's name in its environment, so that a function's CPU is told apart from the emulator's to the hundredth of a
second. Of workers that ended meanwhile the kernel keeps one sum.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds since each process began, resident bytes now. `functions` and `memory` by function name; `ended`: of
    workers that are no more; `workers`: how many there are."""

    emulator: float = 0.0
    emulator_memory: int = 0
    ended: float = 0.0
    own: float = 0.0
    functions: dict[str, float] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    largest: dict[str, int] = field(default_factory=dict)
    workers: int = 0


def emulator_of(port: int) -> int | None:
    """The process that listens there for AWS, by its environment. None where /proc does not tell."""
    for folder in PROC.glob("[0-9]*") if PROC.exists() else ():
        if b"infra.local.emulator" in _bytes(folder / "cmdline") and _environment(folder).get("GATEWAY_PORT") == str(
            port
        ):
            return int(folder.name)
    return None


def usage(emulator: int | None) -> Usage:
    own = os.times()
    if emulator is None:
        return Usage(own=own.user + own.system)
    cpu, ended, memory, _ = _stat(PROC / str(emulator))
    functions: dict[str, float] = {}
    held: dict[str, int] = {}
    largest: dict[str, int] = {}
    found = workers(emulator)
    for process, name in found.items():
        used, used_by_ended, resident, _ = _stat(PROC / str(process))
        functions[name] = functions.get(name, 0.0) + used + used_by_ended
        held[name] = held.get(name, 0) + resident
        largest[name] = max(largest.get(name, 0), resident)
    return Usage(cpu, memory, ended, own.user + own.system, functions, held, largest, len(found))


def workers(emulator: int) -> dict[int, str]:
    """By process: which function it runs."""
    return {
        int(folder.name): _environment(folder).get("AWS_LAMBDA_FUNCTION_NAME", "")
        for folder in PROC.glob("[0-9]*")
        if _is_under(folder, emulator)
    }


def _is_under(folder: Path, ancestor: int) -> bool:
    return _stat(folder)[3] == ancestor


def _stat(folder: Path) -> tuple[float, float, int, int]:
    """(CPU, CPU of ended children, resident bytes, parent); zeros for one that is gone."""
    fields = _bytes(folder / "stat").rpartition(b")")[2].split()
    if len(fields) < 22:
        return 0.0, 0.0, 0, 0
    user, system, ended_user, ended_system = (int(one) / TICKS for one in fields[11:15])
    return user + system, ended_user + ended_system, int(fields[21]) * PAGE, int(fields[1])


def _environment(folder: Path) -> dict[str, str]:
    pairs = (one.partition(b"=") for one in _bytes(folder / "environ").split(b"\0"))
    return {name.decode(errors="replace"): value.decode(errors="replace") for name, _, value in pairs}


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
