"""The sweep's handler: a whole sweep, or the share that one called it for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tanggap.adapters.helpers import Called, event_of
from tanggap.adapters.ids import utc_now
from tanggap.application.ports import Share
from tanggap.application.recompute import Recomputed
from tanggap.application.sweep import Swept
from tanggap.entrypoints import observe
from tests.support.lambdas import function, lines
from tests.support.portal import Context

Remaining = Callable[[], timedelta]
#: What Lambda leaves to each of these runs.
WHOLE = timedelta(milliseconds=Context.get_remaining_time_in_millis())


class Asked:
    """A sweep that only keeps what it is asked for, and what time it is given."""

    def __init__(self) -> None:
        self.swept: list[Share | str] = []
        self.recomputed = 0
        self.remaining: Remaining = timedelta

    def services(self, kind: Any) -> Any:
        return SimpleNamespace(sweep=self._made, recompute=lambda remaining: self._recompute)

    def _made(self, remaining: Remaining, function: str) -> Asked:
        self.remaining = remaining
        return self

    def __call__(self, at: datetime, heard: Any) -> Swept:
        self.swept.append("all")
        return Swept()

    def share(self, at: datetime, share: Share, heard: Any) -> Swept:
        self.swept.append(share)
        return Swept(cases=2)

    def _recompute(self, at: datetime, failed: Any) -> Recomputed:
        self.recomputed += 1
        return Recomputed(1)


def run(event: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> tuple[Asked, dict[str, Any]]:
    monkeypatch.setattr(observe.metrics, "namespace", "Tanggap")
    asked, escalate = Asked(), function("escalate")
    vars(escalate)["services"] = asked.services
    with lines():
        return asked, escalate.handler(event, Context())


def test_a_called_share_is_swept_alone_and_so_calls_on_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    called = Called(utc_now(), Share(1, 4), utc_now() + timedelta(seconds=50))
    asked, answer = run(event_of(called), monkeypatch)
    assert (asked.swept, asked.recomputed) == ([Share(1, 4)], 0)
    assert answer["cases"] == 2


def test_the_schedules_event_is_swept_whole_and_recomputes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, _ = run({"time": utc_now().isoformat()}, monkeypatch)
    assert (asked.swept, asked.recomputed) == (["all"], 1)
    assert asked.remaining() == WHOLE


@pytest.mark.parametrize(
    ("until", "most"),
    [(timedelta(seconds=7), timedelta(seconds=7)), (timedelta(0), timedelta(0)), (timedelta(hours=1), WHOLE)],
    ids=["its caller's minute ends first", "it came too late", "its own time ends first"],
)
def test_a_share_has_time_until_its_callers_is_over_and_no_more_than_its_own(
    until: timedelta, most: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, _ = run(event_of(Called(utc_now(), Share(0, 2), utc_now() + until)), monkeypatch)
    assert most - timedelta(seconds=5) < asked.remaining() <= most


@pytest.mark.parametrize(
    "event",
    [{}, {"time": "soon"}, {"time": "2026-11-23T03:00:00Z", "share": {"part": 9, "of": 4}, "until": "x"}],
    ids=["without a time", "with a word for it", "for a share that there is not"],
)
def test_an_event_of_no_known_shape_sweeps_nothing(event: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answer = run(event, monkeypatch)
    assert (asked.swept, answer) == ([], {"refused": "time"})
