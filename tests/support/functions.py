"""Functions of ours in this process, composed by environment variables as when deployed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.world import environment


@contextmanager
def composed(values: dict[str, str]) -> Iterator[None]:
    """What is composed meanwhile is made of these variables. Clients stay: making them costs more than most tests."""
    from tanggap.entrypoints import composition, observe

    with environment({"POWERTOOLS_METRICS_NAMESPACE": "Tanggap", **values}):
        observe.metrics.namespace = "Tanggap"  # otherwise read when it is imported
        composition.services.cache_clear()
        try:
            yield
        finally:
            composition.services.cache_clear()
