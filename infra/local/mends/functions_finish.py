"""Stock: a function whose code or settings change, or that is deleted, is killed at its work: what it had sent is sent
again by the next one, and what it was about to write is not written.

Mended: a run that has begun ends, as on AWS, by the code that it began with; nothing new is given to it. It is killed
once its own time-out is over.
"""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Iterable
from typing import Any

#: Seconds between two looks at a run, and beyond its time-out, within which stock ends it itself.
_LOOK, _BEYOND = 0.1, 5.0


def still_needed() -> bool:
    from ministack.core import lambda_runtime

    return "in_use" not in inspect.getsource(lambda_runtime.invalidate_worker)


def apply() -> None:
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    invalidate, kill = lambda_runtime.invalidate_worker, lambda_runtime.kill_workers
    replacing = threading.local()

    def let_finish(worker: Any) -> None:
        until = time.monotonic() + float(worker.config.get("Timeout", 30)) + _BEYOND
        while worker.in_use and time.monotonic() < until:
            time.sleep(_LOOK)
        kill([worker])

    def kill_idle(workers: Iterable[Any]) -> None:
        found = [one for one in workers if one is not None]
        busy = [one for one in found if one.in_use] if getattr(replacing, "now", False) else []
        for worker in busy:
            threading.Thread(target=let_finish, args=(worker,), daemon=True).start()
        kill([one for one in found if one not in busy])

    def replace(*args: Any, **named: Any) -> None:
        replacing.now = True
        try:
            invalidate(*args, **named)
        finally:
            replacing.now = False

    lambda_runtime.kill_workers = kill_idle
    lambda_runtime.invalidate_worker = lambda_svc.invalidate_worker = replace
