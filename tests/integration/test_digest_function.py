"""The digest's function by its own handler."""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tanggap.application.ports import Unreadable
from tanggap.application.races import RaceLost
from tanggap.application.scheduled import TimeAhead
from tanggap.domain.errors import Retry
from tests.support.functions import composed
from tests.support.lambdas import function, lines
from tests.support.portal import Context
from tests.support.world import POLICY, World, fake_aws

_APP = Path(__file__).parents[2] / "functions" / "digest" / "app.py"
MONDAY = "2026-11-23T07:30:00+07:00"


class Run(Context):
    """A run with five minutes."""

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
        return 300_000


Handler = Callable[[dict[str, Any]], dict[str, Any]]


@contextlib.contextmanager
def digest_function(simulated: str) -> Iterator[tuple[World, Handler]]:
    with fake_aws():
        world = World("dynamodb")
        values = {
            "CASES_TABLE": world.cases.row.Meta.table_name,
            "SIMULATED_TIME": simulated,
            "POWERTOOLS_SERVICE_NAME": "digest",
        }
        spec = importlib.util.spec_from_file_location("digest_app", _APP)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        with composed(values):
            spec.loader.exec_module(module)
            yield world, lambda event: dict(module.handler(event, Run()))


def test_it_sends_what_is_due_at_the_events_time_once() -> None:
    with digest_function("allowed") as (world, handle):
        world.new_case()
        event = {"source": "aws.scheduler", "time": "2026-11-24T00:30:00Z", "detail": "{}"}
        assert handle(event) == {"letters": 2, "failed": 0, "unfinished": False, "unread": 0}
        assert handle(event) == {"letters": 0, "failed": 0, "unfinished": False, "unread": 0}
        rows = [row for row in world.deliveries() if row.of_no_case]
        assert {row.address for row in rows} == {*POLICY["coordinator"], *POLICY["leadership"]}, "a first week's, too"
        assert all("07.30 WIB" in row.text for row in rows)


def test_an_event_that_names_no_time_means_now() -> None:
    with digest_function("refused") as (_, handle):
        assert handle({})["failed"] == 0


@pytest.mark.parametrize("time", ["soon", "2026-11-23T07:30:00", None, 7])
def test_a_time_that_cannot_be_read_is_an_error_that_alarms(time: object, capsys: pytest.CaptureFixture[str]) -> None:
    with digest_function("allowed") as (_, handle), lines() as told, pytest.raises(ValueError, match="usable time"):
        handle({"time": time})
    assert [one["code"] for one in told] == ["time_unusable"]
    assert '"TimeRefused":[1.0]' in capsys.readouterr().out


def test_who_was_left_out_is_named_and_only_a_race_is_called_one() -> None:
    with lines() as told:
        for what, error in (("TGP-1", Unreadable("a row")), ("daily", RaceLost("others")), ("new", Retry("throttled"))):
            function("digest")._failed(what, error)
    assert [(one["code"], one.get("case"), one.get("round")) for one in told] == [
        ("digest_stuck", "TGP-1", None),
        ("digest_raced", None, "daily"),
        ("digest_stuck", None, "new"),
    ]


def test_time_ahead_is_refused_where_the_stack_says_so() -> None:
    with digest_function("refused") as (_, handle), pytest.raises(TimeAhead):
        handle({"time": "2199-11-23T07:30:00+07:00"})


def test_it_runs_without_a_vault() -> None:
    with digest_function("allowed") as (world, handle):
        for _ in range(3):
            world.new_case()
        world.now += timedelta(days=40)
        world.sweep()
        assert handle({"time": MONDAY.replace("2026-11-23", "2027-01-04")})["letters"] == 2
