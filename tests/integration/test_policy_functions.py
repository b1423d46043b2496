"""What functions do about the policy, by their own handlers: the sweep's run of recomputing, the ledger's metric."""

from __future__ import annotations

import copy
import importlib.util
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from tanggap.application import gauges
from tanggap.application.anchors import RESERVE
from tanggap.domain.calendar_id import KNOWN_UNTIL
from tanggap.domain.policy_hints import DAYS_AHEAD
from tanggap.entrypoints.observe import METRICS
from tests.support.functions import composed
from tests.support.portal import Context
from tests.support.world import POLICY, World, aws, fake_aws

_FUNCTIONS = Path(__file__).parents[2] / "functions"
#: The ledger's.
WHOLE_RUN = timedelta(minutes=15)


class Run(Context):
    """A run with its time."""

    def __init__(self, left: timedelta = timedelta(seconds=55)) -> None:
        self._left = left

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
        return int(self._left.total_seconds() * 1000)


class Functions:
    def __init__(self) -> None:
        self.world = World("dynamodb")
        self.world.now = datetime.now(UTC)
        table = self.world.cases.row.Meta.table_name
        self.bucket = f"arrivals-{table}"
        aws("s3").create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
        self.environment = {
            "CASES_TABLE": table,
            "SIMULATED_TIME": "refused",
            "ARRIVALS_BUCKET": self.bucket,
            "ARRIVALS_QUEUE_URL": aws("sqs").create_queue(QueueName=self.bucket)["QueueUrl"],
            "POWERTOOLS_METRICS_NAMESPACE": "Tanggap",
        }

    def call(self, name: str, context: Context) -> dict[str, Any]:
        spec = importlib.util.spec_from_file_location(f"{name}_app", _FUNCTIONS / name / "app.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        os.environ["POWERTOOLS_SERVICE_NAME"] = name
        spec.loader.exec_module(module)
        answer: dict[str, Any] = module.handler({"time": self.world.now.isoformat()}, context)
        return answer


@pytest.fixture
def functions() -> Iterator[Functions]:
    with fake_aws():
        made = Functions()
        with composed({**made.environment, "POWERTOOLS_SERVICE_NAME": "tests"}):
            yield made


def save(world: World, **parts: Any) -> None:
    world.policies.store({**copy.deepcopy(POLICY), **parts}, world.policies.current(fresh=True).version + 1)


def far_off() -> str:
    day = datetime.now(UTC).date() + timedelta(days=3)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day.isoformat()


def test_the_sweep_goes_on_with_a_new_policy_when_its_own_work_is_done(functions: Functions) -> None:
    world = functions.world
    number = world.new_case()
    save(world, calendar={"days_off": [{"date": far_off(), "name": "Libur daerah"}]})
    assert functions.call("escalate", Run(timedelta(seconds=12)))["recomputed"] == 0, "no time was left"
    assert functions.call("escalate", Run())["recomputed"] == 1
    assert functions.call("escalate", Run())["recomputed"] == 0
    moved = [entry.data["clock"] for entry in world.cases.file(number).history if entry.event == "clock_moved"]
    assert "resolve" in moved


def points(out: str) -> dict[str, list[float]]:
    """What a run measured, by the metric's name."""
    lines = [json.loads(line) for line in out.splitlines() if '"_aws"' in line]
    return {name: line[name] for line in lines for name in METRICS if name in line}


@pytest.mark.parametrize("days", [None, 4_000])
def test_the_ledger_asks_for_next_years_days_off_in_time(
    functions: Functions, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, days: int | None
) -> None:
    known, today = KNOWN_UNTIL, (datetime.now(UTC) + timedelta(hours=7)).date()  # the release's own
    if days:
        known = today + timedelta(days=days)
        years = range(KNOWN_UNTIL.year + 1, known.year + 1)
        listed = [{"date": f"{year}-01-01", "name": "Tahun Baru"} for year in years]
        save(functions.world, calendar={"known_until": known.isoformat(), "days_off": listed})
    due = ["calendar"] if (known - today).days < DAYS_AHEAD else []
    assert functions.call("ledger", Run(WHOLE_RUN))["upkeep"] == due
    told = [line for line in caplog.records if getattr(line, "code", "") == "upkeep_due"]
    assert [list(line.due) for line in told] == ([due] if due else [])
    assert points(capsys.readouterr().out)["UpkeepDue"] == [float(len(due))]


def test_each_run_of_the_ledger_has_a_point_for_each_of_its_metrics(
    functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    assert functions.call("ledger", Run(WHOLE_RUN))["complete"] is True
    found = points(capsys.readouterr().out)
    mine = {"ArrivalsOverdue", "ParkedLately", "DeliveriesUnsent", "OverdueRise", "ChannelsSilent", "UpkeepDue"}
    assert set(found) == mine
    assert all(found[name] == [0.0] for name in mine - {"UpkeepDue"})


def test_arrivals_are_counted_where_there_is_no_policy_yet(
    functions: Functions, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    aws("dynamodb").delete_item(
        TableName=functions.environment["CASES_TABLE"], Key={"pk": {"S": "POLICY"}, "sk": {"S": "V#00000001"}}
    )
    assert functions.call("ledger", Run(WHOLE_RUN))["balanced"] is True
    found = points(capsys.readouterr().out)
    assert found["ArrivalsOverdue"] == [0.0]
    assert "OverdueRise" not in found
    unread = {line.gauge for line in caplog.records if getattr(line, "code", "") == "gauge_unread"}
    assert {"DeliveriesUnsent", "OverdueRise", "calendar"} <= unread


def test_a_run_whose_count_leaves_the_gauges_no_time_says_what_it_did_not_ask_and_keeps_its_report(
    functions: Functions, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    functions.call("ledger", Run(gauges.RESERVE - timedelta(seconds=1)))
    assert points(capsys.readouterr().out) == {"ArrivalsOverdue": [0.0], "UpkeepDue": [0.0]}
    told = {line.gauge: line.error for line in caplog.records if getattr(line, "code", "") == "gauge_unread"}
    assert {"ParkedLately", "OverdueRise", "ses_sandbox"} <= set(told)
    assert set(told.values()) == {"Retry"}
    assert set(functions.world.cases.report()["unread"]) == set(told)


@pytest.fixture
def locked(functions: Functions, monkeypatch: pytest.MonkeyPatch) -> Functions:
    """With a bucket for anchors."""
    where: Any = {"LocationConstraint": "ap-southeast-1"}
    aws("s3").create_bucket(Bucket="anchors", ObjectLockEnabledForBucket=True, CreateBucketConfiguration=where)
    rule: Any = {"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 5}}
    aws("s3").put_object_lock_configuration(
        Bucket="anchors", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    monkeypatch.setenv("ANCHORS_BUCKET", "anchors")
    monkeypatch.setenv("ALARMS_TOPIC", boto3.client("sns").create_topic(Name="alarms")["TopicArn"])
    return functions


def anchors() -> int:
    return int(aws("s3").list_objects_v2(Bucket="anchors")["KeyCount"])


def test_a_run_that_ends_while_it_anchors_has_measured_before(
    locked: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    class Ends(Run):
        def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
            if "gauges" in (locked.world.cases.report() or {}):
                raise KeyboardInterrupt
            return super().get_remaining_time_in_millis()

    locked.world.new_case()
    with pytest.raises(KeyboardInterrupt):
        locked.call("ledger", Ends(WHOLE_RUN))
    assert {"ArrivalsOverdue", "DeliveriesUnsent", "UpkeepDue"} <= set(points(capsys.readouterr().out))
    assert anchors() == 0


def test_a_run_without_the_time_to_anchor_says_so_and_the_next_one_does(
    locked: Functions, caplog: pytest.LogCaptureFixture
) -> None:
    locked.world.new_case()
    locked.call("ledger", Run(RESERVE - timedelta(seconds=1)))
    assert [line.error for line in caplog.records if getattr(line, "code", "") == "anchor_missing"] == ["Retry"]
    assert anchors() == 0
    locked.call("ledger", Run(RESERVE + timedelta(seconds=1)))
    assert anchors() == 1


def test_a_new_desks_ledger_asks_for_no_anchor_before_the_first_and_measures_though_it_cannot_write_one(
    locked: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tanggap.entrypoints.composition import services

    def due() -> set[str]:
        services.cache_clear()
        return set(locked.call("ledger", Run(WHOLE_RUN))["upkeep"]) - {"calendar", "ses_sandbox", "gauge_ses_sandbox"}

    assert due() == {"alarms_unheard"}
    assert anchors() == 1
    monkeypatch.setenv("ANCHORS_BUCKET", "no-such-bucket")
    gone = {"gauge_anchors", "gauge_anchors_unlocked"}
    assert [due(), due()] == [{"alarms_unheard"}, {"alarms_unheard", *gone}]
