"""One screen of how the desk is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from infra.ops import health, secrets
from infra.ops.stack import Stack
from tanggap.domain.words import Reason
from tests.support.ops import NAME, Desk
from tests.support.world import aws

SAID = pytest.CaptureFixture[str]


class Silent(Stack):
    """Its mail service does not answer."""

    def client(self, service: str) -> Any:
        if service in ("sesv2", "cloudformation"):
            raise EndpointConnectionError(endpoint_url=service)
        return super().client(service)


def test_one_screen_says_what_wants_a_hand_and_goes_on_where_something_does_not_answer(
    desk: Desk, capsys: SAID
) -> None:
    desk.parked("mail/broken", Reason.FAILING)
    desk.put(desk.failures, "?")
    aws("cloudwatch").put_metric_alarm(
        AlarmName=f"{NAME}-Late",
        AlarmDescription="too late - late.md",
        Namespace="N",
        MetricName="M",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        Statistic="Sum",
    )
    aws("cloudwatch").set_alarm_state(AlarmName=f"{NAME}-Late", StateValue="ALARM", StateReason="test")
    outputs = json.loads(desk.file.read_text())
    assert health.looked(Silent(outputs.pop("StackName"), outputs), 7) == 1
    out = capsys.readouterr().out
    said = {line[2:12].strip() for line in out.splitlines()[1:-1]}
    assert said == set(health.LOOKS)
    wants = [line for line in out.splitlines() if line.startswith("!")]
    for found in ("too late - late.md", "nothing was counted yet", "failures 1 waiting", "1 failing", "0 anchors"):
        assert any(found in line for line in wants), (found, out)
    assert [line for line in wants if "cannot be looked at" in line] == [
        "! runs       cannot be looked at (EndpointConnectionError)",
        "! mail       cannot be looked at (EndpointConnectionError)",
    ]


def test_a_stack_that_nobody_names_is_a_wrong_question(tmp_path: Path, capsys: SAID) -> None:
    assert health.main([]) == 2
    assert secrets.main(["list"]) == 2
    (tmp_path / "x.json").write_text('["no table"]')
    assert health.main(["--outputs", str(tmp_path / "x.json")]) == 2
    assert health.main(["--outputs", str(tmp_path / "nope.json")]) == 2
    assert "--stack NAME or --local" in capsys.readouterr().err
