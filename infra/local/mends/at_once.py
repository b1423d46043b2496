"""Calls a ministack handler from code that has no event loop to wait on. For handlers that await nothing."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any


def at_once(handler: Coroutine[Any, Any, Any]) -> Any:
    try:
        handler.send(None)
    except StopIteration as done:
        return done.value
    handler.close()
    raise RuntimeError("the handler waits for something")
