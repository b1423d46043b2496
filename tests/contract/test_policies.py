"""What asks for next year's days off: the alarm, the dry run and the documentation say the same."""

from __future__ import annotations

from infra.build.template import ROOT
from tanggap.domain.policy_hints import DAYS_AHEAD
from tests.contract.stack import RESOURCES, functions, of_type


def test_the_alarm_asks_for_next_years_days_off_as_early_as_the_dry_run_does() -> None:
    (alarm,) = [
        one for one in of_type("AWS::CloudWatch::Alarm").values() if one.get("MetricName") == "CalendarDaysKnown"
    ]
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (DAYS_AHEAD, "LessThanThreshold")
    assert alarm["Statistic"] == "Minimum"
    assert alarm["Period"] >= 3_600, "the ledger counts once an hour"
    assert f"{DAYS_AHEAD} days" in alarm["AlarmDescription"]
    assert f"{DAYS_AHEAD} days ahead" in (ROOT / "infra" / "policies" / "README.md").read_text()


def test_the_sweep_may_look_at_the_open_cases_of_each_unit() -> None:
    """Recomputing lists them by the desk index, which the sweep itself does not need."""
    assert "EscalateFunction" in functions()
    (policy,) = RESOURCES["EscalateRole"]["Properties"]["Policies"]
    resources = [
        one for row in policy["PolicyDocument"]["Statement"] if row["Sid"] == "AdvanceCases" for one in row["Resource"]
    ]
    assert {"Fn::Sub": "${CasesTable.Arn}/index/desk"} in resources
