"""First looks at a desk: what is called what, what went wrong, what starts the functions, a run by hand."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.build.template import ROOT
from infra.ops import errors, health, logs, names, run
from infra.ops.stack import Stack, WrongQuestion
from infra.ops.switch import parameters
from tests.contract.stack import TEMPLATE
from tests.support.runtime import UNCAUGHT
from tests.support.world import aws, fake_aws

SAID = pytest.CaptureFixture[str]
NOW = datetime.now(UTC)


class Desk(Stack):
    """Answers as AWS would, of what is needed here."""

    def __init__(self, *resources: tuple[str, str, str], answer: Any = None, failed: str = "") -> None:
        super().__init__("desk", {"CasesTable": "cases-1", "LedgerFunction": "desk-ledger", "EscalateFunction": "e"})
        self.rows = [
            {"LogicalResourceId": name, "ResourceType": kind, "PhysicalResourceId": key}
            for name, kind, key in resources
        ]
        self.answer, self.failed = answer, failed
        self.asked: list[dict[str, Any]] = []

    def client(self, service: str) -> Any:
        return self

    def patient(self, service: str, seconds: float) -> Any:
        return self

    def get_paginator(self, operation: str) -> Any:
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        yield {"StackResourceSummaries": self.rows}

    def invoke(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        said = {"errorType": self.failed} if self.failed else self.answer
        return {"Payload": io.BytesIO(json.dumps(said).encode()), **({"FunctionError": "x"} if self.failed else {})}

    def get_event_source_mapping(self, UUID: str) -> dict[str, str]:
        if UUID == "gone":
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": ""}}, "GetEventSourceMapping")
        return {"State": {"m-off": "Disabled", "m-new": "Enabling"}.get(UUID, "Enabled")}

    def describe_rule(self, Name: str) -> dict[str, str]:
        return {"State": "DISABLED" if Name.endswith("off") else "ENABLED"}


MAPPING, RULE = "AWS::Lambda::EventSourceMapping", "AWS::Events::Rule"


class Without(Desk):
    """A stack whose media mapping is off, without its secret unless it is named."""

    def __init__(self, secret: str = "", code: str = "ValidationError") -> None:
        super().__init__(("MediaFunctionMedia", MAPPING, "m-off"), ("Hour", RULE, "r-on"))
        self.secret, self.code = secret, code

    def describe_stack_resource(self, StackName: str, LogicalResourceId: str) -> dict[str, dict[str, str]]:
        if self.secret:
            return {"StackResourceDetail": {"PhysicalResourceId": self.secret}}
        raise ClientError({"Error": {"Code": self.code, "Message": ""}}, "DescribeStackResource")


# -- health: what starts the functions


@pytest.mark.parametrize(
    ("resource", "wants"),
    [
        (("Outbox", MAPPING, "m-on"), []),
        (("Outbox", MAPPING, "m-new"), []),
        (("Outbox", MAPPING, "m-off"), ["Outbox is disabled: m-off"]),
        (("Outbox", MAPPING, "gone"), ["Outbox is gone: gone"]),
        (("EveryMinute", RULE, "r-off"), ["EveryMinute is disabled: r-off"]),
    ],
)
def test_what_starts_a_function_and_is_off_wants_a_hand(resource: tuple[str, str, str], wants: list[str]) -> None:
    told = list(health.runs(Desk(("Hour", RULE, "r-on"), resource), NOW, 7))
    assert [line for bad, line in told if bad] == wants


@pytest.mark.parametrize(("platforms", "wants"), [("", []), ("secret", ["MediaFunctionMedia is disabled: m-off"])])
def test_a_mapping_that_the_template_keeps_off_wants_none_unless_the_stack_has_what_it_is_for(
    platforms: str, wants: list[str]
) -> None:
    told = list(health.runs(Without(platforms), NOW, 7))
    assert [line for bad, line in told if bad] == wants
    assert "1 of what starts functions are on" in told[-1][1]
    assert ("1 sleep" in told[-1][1]) is (platforms == "")


@pytest.mark.parametrize("code", ["AccessDenied", "Throttling"])
def test_a_resource_that_cloudformation_does_not_tell_of_is_not_called_missing(code: str) -> None:
    with pytest.raises(ClientError, match=code):
        Without(code=code).resource("ChannelSecret")
    assert Without().resource("ChannelSecret") == ""


def test_a_resource_is_asked_for_by_what_uses_it_and_by_nothing_else() -> None:
    with fake_aws():
        silent = Without(code="Throttling").parts
        assert silent.cases and silent.policies
        with pytest.raises(ClientError, match="Throttling"):
            _ = silent.secret
    told = Without("s-1").parts.settings
    assert (told.vault_key, told.lookup_secret, told.channel_secret) == ("s-1", "s-1", "s-1")
    with pytest.raises(WrongQuestion, match="VaultKey"):
        _ = Without().parts.settings.vault_key


def test_a_stack_of_which_nothing_starts_wants_a_hand() -> None:
    assert list(health.runs(Desk(), NOW, 7)) == [(True, "0 of what starts functions are on")]


# -- names


def test_names_are_found_by_a_part_of_them_and_typed_into_a_shell(capsys: SAID) -> None:
    desk = Desk(("DataKey", "AWS::KMS::Key", "k-1"), ("IntakeRole", "AWS::IAM::Role", "r-1"))
    given = names.parsed(["--stack", "desk", "key", "cases"])
    assert names.named(desk, given) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["CasesTable", "cases-1"],
        ["DataKey", "k-1"],
    ]
    assert names.named(desk, names.parsed(["--stack", "desk", "--shell", "datakey"])) == 0
    assert capsys.readouterr().out == "DataKey=k-1\n"
    assert names.named(desk, names.parsed(["--stack", "desk", "nope"])) == 1


# -- a run by hand


def test_a_run_by_hand_has_the_present_time_and_says_what_was_answered(capsys: SAID) -> None:
    desk = Desk(answer={"cases": 2})
    assert run.run(desk, "sweep", dry_run=True) == 0
    assert desk.asked == []
    assert run.run(desk, "sweep") == 0
    (asked,) = desk.asked
    assert asked["FunctionName"] == "e"
    assert abs(datetime.fromisoformat(json.loads(asked["Payload"])["time"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert capsys.readouterr().out.endswith('{"cases": 2}\n')


def test_a_run_that_failed_or_refused_is_no_success(capsys: SAID) -> None:
    assert run.run(Desk(failed="Runtime.ExitError"), "ledger") == 1
    assert "Runtime.ExitError" in capsys.readouterr().err
    assert run.run(Desk(answer={"refused": "time_ahead"}), "sweep") == 1
    with pytest.raises(WrongQuestion):
        run.run(Desk(), "canary")  # a stack without one


# -- what went wrong


def test_what_went_wrong_is_told_by_code_and_place_and_a_code_s_lines_by_their_ids(capsys: SAID) -> None:
    put_back = {"level": "WARNING", "code": "arrival_put_back", "error": "Retry", "place": "vault.py:110"}
    ahead = {"level": "ERROR", "code": "time_ahead", "at": "2026-11-23T08:00:00+00:00", "note": "siti@warga.example"}
    said: dict[str, list[Any]] = {
        "intake": [put_back, put_back, {"level": "INFO", "code": "arrival_read"}, "[ERROR] Task timed out after 30 s"],
        "escalate": [ahead, "2026-11-23 START siti@warga.example"],
    }
    with fake_aws():
        logs = aws("logs")
        for function, messages in said.items():
            group = f"/aws/lambda/desk-{function}"
            logs.create_log_group(logGroupName=group)
            logs.create_log_stream(logGroupName=group, logStreamName="s")
            events = [
                {"timestamp": int(datetime.now(UTC).timestamp() * 1000) + at, "message": json.dumps(one)}
                if isinstance(one, dict)
                else {"timestamp": int(datetime.now(UTC).timestamp() * 1000) + at, "message": one}
                for at, one in enumerate(messages)
            ]
            logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)
        stack = Stack("desk", {})
        since = datetime.now(UTC) - timedelta(hours=1)
        assert errors.by_code(stack, since) == 1
        rows = capsys.readouterr().out
        assert errors.of_code(stack, since, "time_ahead") == 1
        lines = capsys.readouterr().out
        assert errors.of_code(stack, since, "arrival_read") == 0
    assert [row.split(", first")[0].split() for row in rows.splitlines()] == [
        ["2", "intake", "arrival_put_back", "Retry", "vault.py:110"],
        ["1", "escalate", "time_ahead"],
        ["1", "intake", "the", "runtime:", "Task", "timed", "out"],
    ]
    assert "escalate: ERROR time_ahead, at 2026-11-23T08:00:00+00:00" in lines
    assert "siti" not in rows + lines
    assert errors.main(["--code", "nope", "--stack", "desk"]) == 2


def logged(function: str, *messages: str) -> None:
    group, logs, now = f"/aws/lambda/desk-{function}", aws("logs"), int(datetime.now(UTC).timestamp() * 1000)
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    events = [{"timestamp": now + at, "message": one} for at, one in enumerate(messages)]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)


def test_an_error_that_ended_a_run_is_told_by_its_class_and_never_by_its_words(capsys: SAID) -> None:
    with fake_aws():
        logged(
            "escalate", *(UNCAUGHT[name] for name in ("ours", "without words")), "[ERROR] siti@warga.example said so"
        )
        assert errors.by_code(Stack("desk", {}), datetime.now(UTC) - timedelta(hours=1)) == 1
    rows = capsys.readouterr().out
    told = [row.split(", first")[0].split(None, 1)[1] for row in rows.splitlines()]
    assert told == ["escalate the runtime: Retry", "escalate the runtime: KeyError"]
    assert "siti" not in rows


class Many(Desk):
    """Logs of one function that hold more than a question shows."""

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        if "logGroupNamePrefix" in asked:
            yield {"logGroups": [{"logGroupName": "/aws/lambda/desk-intake"}]}
            return
        message, first = json.dumps({"level": "ERROR", "code": "time_ahead", "case": "TGP-1"}), int(NOW.timestamp())
        one = [{"timestamp": (first + at) * 1000, "message": message} for at in range(self.answer)]
        yield {"events": one[: asked["PaginationConfig"]["MaxItems"]]}


@pytest.mark.parametrize(("more", "told"), [(-1, 0), (1, 1)])
def test_lines_that_were_cut_off_are_told(more: int, told: int, capsys: SAID) -> None:
    errors.by_code(Many(answer=errors.MOST + more), NOW)
    errors.of_code(Many(answer=errors.MOST + more), NOW, "time_ahead")
    assert capsys.readouterr().out.count("of intake the first 20000 lines") == 2 * told
    found = list(logs.lines(Many(answer=logs.LIMIT + more), "TGP-1", NOW))
    assert ["may be more" in one.text for one in found[-2:]] == [False, bool(told)]
    assert found == sorted(found, key=lambda one: one.at)


# -- all of them


def test_a_reader_who_has_seen_enough_is_no_fault() -> None:
    """`path … | head`."""
    work = "ended(lambda: [say('x' * 900) for _ in range(999)])"
    code = f"from infra.ops.command import ended, say\nraise SystemExit({work})"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert ran.stdout is not None
    assert ran.stderr is not None
    ran.stdout.readline()
    ran.stdout.close()
    assert ran.stderr.read() == b""
    assert ran.wait() == 1


def test_an_import_leaves_every_parameter_as_it_is() -> None:
    asked = parameters(TEMPLATE)
    assert {one["ParameterKey"] for one in asked} == TEMPLATE["Parameters"].keys()
    assert all(one["UsePreviousValue"] is True for one in asked)
