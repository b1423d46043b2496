"""A process that is killed at any call to the outside: for tests that nothing is lost and nothing doubled by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

#: More than any run makes; one that is never cut ends the series.
MOST_CALLS = 40


class Killed(BaseException):
    """The process is gone: no handler of ours may see this."""


class Cut:
    """Counts calls through its proxies and kills at one of them, before or after the call is done."""

    def __init__(self, at: int, after: bool) -> None:
        self.at, self.after, self.calls, self.hit = at, after, 0, False

    def wrap(self, port: Any) -> Any:
        return _Through(port, self)

    def around(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        mine = self.calls == self.at
        if mine and not self.after:
            self.hit = True
            raise Killed
        try:
            return call(*args, **kwargs)
        finally:
            if mine:  # whether it answered or refused
                self.hit = True
                raise Killed


class _Through:
    def __init__(self, port: Any, cut: Cut) -> None:
        self._port, self._cut = port, cut

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not callable(found) or isinstance(found, type):
            return found
        return lambda *args, **kwargs: self._cut.around(found, *args, **kwargs)


def each_cut(run: Callable[[Cut], None]) -> int:
    """Run with a cut before and after each call, until a run ends before its cut comes. Returns the number of calls."""
    for after in (False, True):
        for at in range(1, MOST_CALLS):
            cut = Cut(at, after)
            run(cut)
            if not cut.hit:
                break
        else:
            pytest.fail("more calls than the series has")
    return at - 1
