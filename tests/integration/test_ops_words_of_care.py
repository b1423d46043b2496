"""What a hand may do by one word too few: let in all that is spam, announce a virus for ever, take another desk's
alarms and lines for this one's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from infra.ops import replay, secrets
from infra.ops.errors import by_code
from infra.ops.health import alarms
from infra.ops.logs import lines
from infra.ops.stack import OPERATOR, Stack
from tanggap.application.ledger_desk import LedgerDesk
from tanggap.domain.errors import NotAllowed
from tanggap.domain.words import Outcome, Reason
from tests.contract.stack import of_type
from tests.support.ops import Desk
from tests.support.world import GENUINE, World, aws, fake_aws

SAID = pytest.CaptureFixture[str]
PREFIX = "/aws/lambda/${AWS::StackName}-"


def test_nothing_is_announced_that_nobody_named_and_spam_by_its_key_alone(desk: Desk, capsys: SAID) -> None:
    desk.parked("mail/s", Reason.SPAM)
    for wrong in ([], ["--let-in"], ["--let-in", "--reason", "spam"], ["--from", "2026-11-01"]):
        with pytest.raises(SystemExit):
            replay.main([*desk.where, *wrong])
    assert desk.bodies(desk.queue) == []
    assert replay.main([*desk.where, "--dry-run"]) == 0
    assert "mail/s parked/spam: stays; --let-in KEY says that it is none" in capsys.readouterr().out


def test_a_virus_is_let_in_by_no_word(desk: Desk, capsys: SAID) -> None:
    desk.parked("mail/v", Reason.VIRUS)
    assert replay.main([*desk.where, "--let-in", "mail/v"]) == 0
    assert "0 announced, 1 left" in capsys.readouterr().out
    assert desk.bodies(desk.queue) == []


def test_a_slip_in_the_keys_is_told_and_no_key_is_put_before_it(desk: Desk, capsys: SAID) -> None:
    slip = '{"keys": {"1": "a"}'
    aws("secretsmanager").put_secret_value(SecretId=desk.lookup, SecretString=slip)
    assert secrets.main(["list", *desk.where]) == 1
    assert "the secret is no table of keys" in capsys.readouterr().err
    assert secrets.main(["rotate", "lookup", "--generate", *desk.where]) == 1
    assert aws("secretsmanager").get_secret_value(SecretId=desk.lookup)["SecretString"] == slip


def test_an_officer_is_told_that_a_virus_would_be_parked_again() -> None:
    world = World()
    infected = world.mail(authenticity=replace(GENUINE, virus="FAIL"))
    world.arrive(infected, "mail/v")
    assert world.arrive(infected, "mail/v", replay=True).outcome is Outcome.PARKED
    ledger_desk = LedgerDesk(world.cases, world.arrivals, world.reread, world.clock)
    with pytest.raises(NotAllowed, match="virus"):
        ledger_desk.replay(OPERATOR, "mail/v")


def test_a_stack_whose_name_begins_with_this_one_s_is_another() -> None:
    with fake_aws():
        cloudwatch, logs, topics = aws("cloudwatch"), aws("logs"), {}
        now = datetime.now(UTC)
        for name in ("desa", "desa-kota"):
            topics[name] = aws("sns").create_topic(Name=f"{name}-alarms")["TopicArn"]
            cloudwatch.put_metric_alarm(
                AlarmName=f"{name}-SweepStopped-XYZ",
                Namespace="n",
                MetricName="m",
                Period=60,
                EvaluationPeriods=1,
                Threshold=1,
                ComparisonOperator="GreaterThanThreshold",
                Statistic="Sum",
                AlarmActions=[topics[name]],
            )
            group = f"/aws/lambda/{name}-intake"
            logs.create_log_group(logGroupName=group)
            logs.create_log_stream(logGroupName=group, logStreamName="s")
            said = json.dumps({"level": "ERROR", "code": "arrival_failed", "arrival": "mail/a"})
            events = [{"timestamp": int(now.timestamp() * 1000), "message": said}]
            logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)
        cloudwatch.set_alarm_state(AlarmName="desa-kota-SweepStopped-XYZ", StateValue="ALARM", StateReason="x")
        since = now - timedelta(hours=1)
        found = {name: Stack(name, {"AlarmsTopic": topic}) for name, topic in topics.items()}
        assert [wants for wants, _ in alarms(found["desa"], now, 1)] == [False]
        assert [wants for wants, _ in alarms(found["desa-kota"], now, 1)] == [True, False]
        for stack in found.values():
            assert [one.function for one in lines(stack, "mail/a", since)] == ["intake"]
            assert by_code(stack, since) == 1


def test_no_function_s_name_has_a_hyphen_by_which_stacks_are_told_apart() -> None:
    named = [one["LogGroupName"]["Fn::Sub"] for one in of_type("AWS::Logs::LogGroup").values()]
    functions = [one.removeprefix(PREFIX) for one in named if one.startswith(PREFIX)]
    assert len(functions) > 9
    assert not [one for one in functions if "-" in one]
