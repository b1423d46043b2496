"""An alarm that nobody knows how to answer is noise."""

from __future__ import annotations

import re

from infra.build.template import ROOT, read

RUNBOOK = (ROOT / "infra" / "runbooks" / "README.md").read_text()


def test_each_alarm_has_a_line_in_the_runbook_and_each_line_names_alarms_that_exist() -> None:
    alarms = {name for name, one in read()["Resources"].items() if one["Type"] == "AWS::CloudWatch::Alarm"}
    rows = re.findall(r"^\| ([A-Z][A-Za-z, ]+) \|", RUNBOOK, re.MULTILINE)
    named = {name for row in rows for name in row.split(", ")}
    assert named == alarms
