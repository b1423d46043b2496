"""What an operator's commands must not do, and must not call well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from infra.ops import health, queues, switch
from infra.ops.dead_letters import About, GivenUp, Lot, Waiting
from infra.ops.notices import read
from infra.ops.restore import Table
from infra.ops.secrets import Kept
from tanggap.domain.errors import NotAllowed
from tanggap.domain.times import stamp

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
KEY = "arn:aws:kms:ap-southeast-1:123456789012:key/vault"


class Aws:
    """Every service at once: operations by name, each with what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Any:
        def ask(**asked: Any) -> Any:
            self.asked.append((operation, asked))
            answer = self.answers.get(operation, {})
            return answer.pop(0) if isinstance(answer, list) else answer

        return ask

    def of(self, operation: str) -> list[dict[str, Any]]:
        return [asked for name, asked in self.asked if name == operation]


def stack(aws: Aws, **parts: Any) -> Any:
    return SimpleNamespace(
        name="desk", client=lambda service: aws, resource=lambda name: name, parts=SimpleNamespace(**parts)
    )


# -- restore


@pytest.mark.parametrize(
    ("sse", "override"),
    [
        (
            {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": KEY},
            {"SSESpecificationOverride": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}},
        ),
        ({}, {}),
    ],
)
def test_a_vault_is_restored_under_its_own_key_and_cases_under_theirs(
    sse: dict[str, str], override: dict[str, Any]
) -> None:
    aws = Aws(describe_table={"Table": {"SSEDescription": sse}})
    Table(aws, "vault", NOW).begin()
    (asked,) = aws.of("restore_table_to_point_in_time")
    assert {name: value for name, value in asked.items() if name.startswith("SSE")} == override


# -- secrets


def test_a_secret_that_somebody_else_changed_meanwhile_is_not_written_over() -> None:
    first, second = ({"VersionId": version, "SecretString": "{}"} for version in ("v1", "v2"))
    aws = Aws(get_secret_value=[first, second])
    kept = Kept(stack(aws), "ChannelSecret")
    kept.read()
    with pytest.raises(NotAllowed, match="somebody else"):
        kept.write('{"meta": {}}')
    assert aws.of("put_secret_value") == []


def test_one_that_nobody_touched_is_written() -> None:
    same = {"VersionId": "v1", "SecretString": "{}"}
    aws = Aws(get_secret_value=same)
    kept = Kept(stack(aws), "ChannelSecret")
    kept.read()
    kept.write("{}")
    assert len(aws.of("put_secret_value")) == 1


# -- health

WELL = {
    "ProductionAccessEnabled": True,
    "SendingEnabled": True,
    "EnforcementStatus": "HEALTHY",
    "SendQuota": {"Max24HourSend": 50_000.0, "SentLast24Hours": 3.0, "MaxSendRate": 14.0},
}


@pytest.mark.parametrize(
    ("change", "wants"),
    [
        ({}, False),
        ({"EnforcementStatus": "PROBATION"}, True),
        ({"EnforcementStatus": "SHUTDOWN"}, True),
        ({"SendingEnabled": False}, True),
        ({"ProductionAccessEnabled": False}, True),
        ({"SendQuota": {"Max24HourSend": 100.0, "SentLast24Hours": 81.0}}, True),
    ],
    ids=str,
)
def test_an_account_that_is_paused_or_held_back_wants_a_hand(change: dict[str, Any], wants: bool) -> None:
    aws = Aws(get_account={**WELL, **change})
    assert any(bad for bad, _ in health.mail(stack(aws), NOW, 7)) is wants


@pytest.mark.parametrize(
    ("change", "wants"),
    [
        ({}, False),
        ({"at": stamp(NOW - timedelta(hours=2, minutes=11))}, True),
        ({"at": stamp(NOW - timedelta(hours=2, minutes=9))}, False),
        ({"balanced": False}, True),
        ({"gauges": {"upkeep": ["calendar"]}}, True),
    ],
    ids=str,
)
def test_a_count_that_is_stale_or_does_not_add_up_wants_a_hand(change: dict[str, Any], wants: bool) -> None:
    report = {"at": stamp(NOW - timedelta(minutes=20)), "balanced": True, "messages": 3, **change}
    cases = SimpleNamespace(report=lambda: report)
    assert any(bad for bad, _ in health.ledger(stack(Aws(), cases=cases), NOW, 7)) is wants


def test_a_desk_that_never_counted_wants_a_hand() -> None:
    cases = SimpleNamespace(report=lambda: None)
    assert [bad for bad, _ in health.ledger(stack(Aws(), cases=cases), NOW, 7)] == [True]


# -- dead letters


def test_what_is_put_back_keeps_its_attributes_and_is_deleted_only_then() -> None:
    aws = Aws()
    one = Waiting(
        id="1",
        sent_at=NOW,
        tries=1,
        receipt="r",
        body="{}",
        group="meta",
        about=About.SETUP,
        attributes={
            "kind": {"DataType": "String", "StringValue": "x", "StringListValues": []},
            "raw": {"DataType": "Binary", "BinaryValue": b"y", "BinaryListValues": []},
        },
    )
    lot: Lot = SimpleNamespace(sqs=aws, delete=lambda waiting: aws.delete_message(ReceiptHandle=waiting.receipt))  # type: ignore[assignment]
    given_up = GivenUp(stack(aws), lot, {"arrivals": "https://sqs/arrivals"})
    assert given_up.carry_out(given_up.plan(one)).done
    assert [name for name, _ in aws.asked] == ["send_message", "delete_message"]
    (sent,) = aws.of("send_message")
    assert sent["MessageGroupId"] == "meta"
    assert sent["MessageAttributes"] == {
        "kind": {"DataType": "String", "StringValue": "x"},
        "raw": {"DataType": "Binary", "BinaryValue": b"y"},
    }


def test_what_was_given_up_names_its_door_as_sqs_tells_it() -> None:
    message = {"MessageId": "1", "ReceiptHandle": "r", "Body": "{}", "Attributes": {"MessageGroupId": "web"}}
    assert read(message).group == "web"


def test_a_name_that_lies_behind_the_end_of_a_look_is_not_called_missing(capsys: pytest.CaptureFixture[str]) -> None:
    class Endless(Aws):
        def receive_message(self, **asked: Any) -> dict[str, Any]:
            first = 10 * len(self.of("receive_message"))
            self.asked.append(("receive_message", asked))
            those = range(first, first + 10)
            return {"Messages": [{"MessageId": f"m{n}", "ReceiptHandle": "r", "Body": "{}"} for n in those]}

    desk = stack(Endless())
    desk.outputs = {"FailuresQueueUrl": "https://sqs/failures"}
    assert queues.redrive(desk, "failures", "mail/x", dry_run=True) == 1
    assert "among the first 2000 of failures; there may be more" in capsys.readouterr().err


# -- the switch


def test_the_bucket_that_a_switch_goes_by_is_looked_up_before_it_is_named() -> None:
    said = list(switch.steps("desk", "switched"))
    assert "<" not in "".join(said)
    (first,) = [at for at, line in enumerate(said) if line.startswith("BUCKET=$(")]
    named = [at for at, line in enumerate(said) if "$BUCKET" in line]
    assert len(named) == 2
    assert first < min(named)


# -- letters that wait


def test_letters_that_were_not_looked_at_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    class Shards:
        def __init__(self, each: int) -> None:
            self.due_index, self.each = self, each

        def query(self, shard: str, limit: int) -> list[Any]:
            return [SimpleNamespace(pk="CASE#x", sk="CASE")] * min(limit, self.each)

        def batch_get(self, wanted: list[Any]) -> list[Any]:
            return []

    def told(each: int) -> list[str]:
        cases = SimpleNamespace(row=Shards(each))
        return [said for _, said in health.letters(stack(Aws(), cases=cases), NOW, 7)]

    assert told(499) == ["none waits"]
    assert told(500) == ["0 were looked at; there may be more"]
