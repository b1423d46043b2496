"""A function's own handler, run here, and its lines as CloudWatch would get them."""

from __future__ import annotations

import importlib.util
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from tanggap.entrypoints import observe

_FUNCTIONS = Path(__file__).parents[2] / "functions"


def function(name: str) -> ModuleType:
    os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Tanggap")
    spec = importlib.util.spec_from_file_location(f"{name}_app", _FUNCTIONS / name / "app.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class _Kept(logging.Handler):
    def __init__(self, lines: list[dict[str, Any]]) -> None:
        super().__init__()
        self.lines = lines
        self.setFormatter(observe.logger.registered_formatter)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@contextmanager
def lines() -> Iterator[list[dict[str, Any]]]:
    """What is told meanwhile, as it is written: with what stands on each line of the run."""
    found: list[dict[str, Any]] = []
    handler = _Kept(found)
    inner = logging.getLogger(observe.logger.name)
    inner.addHandler(handler)
    try:
        yield found
    finally:
        inner.removeHandler(handler)
