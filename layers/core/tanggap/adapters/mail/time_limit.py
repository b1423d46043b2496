"""A bound of time around work on a stranger's bytes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class OutOfTime(BaseException):
    """Not an Exception: what catches those to go on with a broken part must not swallow the end of the time."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises OutOfTime in the block when it runs longer. A function's handler runs in the main thread, where signals
    arrive; elsewhere there is no bound but the function's own."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: Any) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
