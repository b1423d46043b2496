"""Measures what each kind of hostile mail costs, each in a process of its own: a line of JSON a kind.

    python -m tests.support.mail_cost <bytes>

A fork of one warmed process: what is loaded and compiled counts for nobody. `seconds` is CPU time; `memory` the peak of
resident memory over what the process had before the mail came, the mail's own bytes added, in sizes of the mail."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.hostile_mail import KINDS, in_html, plain, with_a_photo
from tests.support.mail_path import filed, shown, warm

STATUS = Path("/proc/self/status")
LIMIT = 20  # times the plain mail's CPU
TRIES = 3

PLAIN = {"plain": plain, "plain, with a photo": with_a_photo, "plain, in HTML": in_html}


def _resident(name: str) -> int:
    row = next(row for row in STATUS.read_text(encoding="ascii").splitlines() if row.startswith(name))
    return int(row.split()[1]) * 1024


def _measured(raw: bytes, work: Callable[[bytes], object]) -> tuple[float, float]:
    """(seconds, memory) of a child of this process."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            gc.collect()
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
            before = _resident("VmRSS:")
            started = time.process_time()
            work(raw)
            spent = time.process_time() - started
            memory = (_resident("VmHWM:") - before + len(raw)) / len(raw)
            os.write(writing, json.dumps([spent, memory]).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as said:
        told = said.read()
    os.waitpid(child, 0)
    if not told:
        raise AssertionError("a mail killed its reader")
    seconds, memory = json.loads(told)
    return seconds, memory


def _best(raw: bytes, work: Callable[[bytes], object], enough: float) -> tuple[float, float]:
    runs = [_measured(raw, work)]
    while len(runs) < TRIES and min(runs)[0] > enough:
        runs.append(_measured(raw, work))
    return min(seconds for seconds, _ in runs), min(memory for _, memory in runs)


def main(size: int) -> None:
    warm()
    floor = {work: _best(raw, work, 0) for work, raw in ((filed, plain(size)), (shown, in_html(size)))}
    for name, make in {**PLAIN, **KINDS}.items():
        raw = make(size)
        row: dict[str, object] = {"name": name, "size": len(raw)}
        for part, work in (("filed", filed), ("shown", shown)):
            least = floor[work][0]
            seconds, memory = _best(raw, work, LIMIT * least / 2)
            row[part] = {"seconds": round(seconds, 3), "ratio": round(seconds / least, 2), "memory": round(memory, 2)}
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
