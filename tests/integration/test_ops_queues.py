"""What an operator sees of the queues, puts back and reads again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.ops import queues, replay
from tanggap.domain.words import DeliveryState, Reason
from tests.support.ops import Desk
from tests.support.world import aws

SAID = pytest.CaptureFixture[str]


def notice(key: str, wish: str = "arrived") -> str:
    return json.dumps({"tanggap": wish, "key": key, "actor": "system"})


def bounce(address: str) -> dict[str, Any]:
    """An event of the mail service, which names a person."""
    return {
        "eventType": "Bounce",
        "mail": {"messageId": "m1", "destination": [address], "timestamp": "2026-11-23T03:00:00Z"},
        "bounce": {
            "bounceType": "Permanent",
            "bouncedRecipients": [{"emailAddress": address}],
            "timestamp": "2026-11-23T03:00:00Z",
        },
    }


def test_depths_are_told_of_each_queue_and_dead_letters_are_no_success(desk: Desk, capsys: SAID) -> None:
    assert queues.main([*desk.where]) == 0
    desk.put(desk.dead, notice("mail/a"))
    assert queues.main([*desk.where]) == 1
    lines = capsys.readouterr().out.splitlines()[-4:]
    assert [line.split()[:3] for line in lines] == [
        ["arrivals-dead-letter", "1", "waiting,"],
        ["arrivals", "0", "waiting,"],
        ["failures", "0", "waiting,"],
        ["media", "0", "waiting,"],
    ]


def test_a_look_shows_keys_and_reasons_leaves_all_and_names_nobody(desk: Desk, capsys: SAID) -> None:
    desk.parked("mail/a", Reason.FAILING)
    sent = [
        notice("mail/a"),
        json.dumps(bounce("siti@warga.example")),
        notice("mail/b", "replay"),
        "siti@warga.example",
    ]
    for body in sent:
        desk.put(desk.dead, body)
    assert queues.main(["look", "arrivals-dead-letter", *desk.where]) == 1
    out = capsys.readouterr().out
    assert "arrival mail/a, announced" in out
    assert "parked/failing" in out
    assert "mail/b, let in" in out
    assert "SES's Bounce" in out
    assert "unknown nothing that is known" in out
    assert "siti" not in out
    assert desk.bodies(desk.dead) == sorted(sent)


def test_a_queue_that_a_function_reads_is_not_looked_into_since_a_look_counts_as_a_try(
    desk: Desk, capsys: SAID
) -> None:
    desk.put(desk.queue, notice("mail/a"))
    assert queues.main(["look", "arrivals", *desk.where]) == 2
    assert queues.main(["redrive", "arrivals", *desk.where]) == 2
    assert queues.main(["look", "nope", *desk.where]) == 2
    (found,) = aws("sqs").receive_message(QueueUrl=desk.queue, AttributeNames=["All"])["Messages"]
    assert found["Attributes"]["ApproximateReceiveCount"] == "1"


def test_a_redrive_puts_each_where_it_belongs_and_a_dry_run_none(desk: Desk, capsys: SAID) -> None:
    media = json.dumps({"tanggap": "media", "key": "webhooks/meta/x.json", "index": 0})
    for body in (notice("mail/a"), media, "what is this"):
        desk.put(desk.dead, body)
    assert queues.main([*desk.where, "redrive", "arrivals-dead-letter", "--dry-run"]) == 1  # one that nobody knows
    assert "would be put back into arrivals" in capsys.readouterr().out
    assert (desk.bodies(desk.queue), desk.bodies(desk.media)) == ([], [])
    assert queues.main(["redrive", "arrivals-dead-letter", *desk.where]) == 1
    out = capsys.readouterr().out
    assert "3 looked at, 2 done, 1 left" in out
    assert " nothing that is known: not known: it stays" in out
    assert (desk.bodies(desk.queue), desk.bodies(desk.media)) == ([notice("mail/a")], [media])
    assert desk.bodies(desk.dead) == ["what is this"]


def test_one_alone_is_put_back_when_it_is_named(desk: Desk, capsys: SAID) -> None:
    for key in ("mail/a", "mail/b"):
        desk.put(desk.dead, notice(key))
    assert queues.main(["redrive", "arrivals-dead-letter", "--only", "mail/c", *desk.where]) == 1
    assert queues.main(["redrive", "arrivals-dead-letter", "--only", "mail/b", *desk.where]) == 0
    assert desk.bodies(desk.queue) == [notice("mail/b")]
    assert desk.bodies(desk.dead) == [notice("mail/a")]


def test_what_cannot_be_sent_is_not_deleted(desk: Desk, capsys: SAID) -> None:
    desk.put(desk.dead, notice("mail/a"))
    aws("sqs").delete_queue(QueueUrl=desk.queue)
    assert queues.main(["redrive", "arrivals-dead-letter", *desk.where]) == 1
    assert "stays (" in capsys.readouterr().out
    assert desk.bodies(desk.dead) == [notice("mail/a")]


def batch(first: str, last: str, stream: str) -> dict[str, Any]:
    return {
        "version": "1.0",
        "timestamp": "2026-11-23T03:00:00.000Z",
        "requestContext": {
            "requestId": "r",
            "functionArn": "arn:aws:lambda:ap-southeast-1:1:function:desk-deliver",
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 4,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "DDBStreamBatchInfo": {
            "shardId": "shardId-000",
            "startSequenceNumber": first,
            "endSequenceNumber": last,
            "batchSize": 2,
            "streamArn": stream,
        },
    }


def run_of(function: str) -> dict[str, Any]:
    return {
        "version": "1.0",
        "requestContext": {
            "functionArn": f"arn:aws:lambda:ap-southeast-1:1:function:{function}:$LATEST",
            "condition": "RetriesExhausted",
        },
        "requestPayload": {"source": "aws.events", "detail-type": "Scheduled Event", "time": "2026-11-23T03:00:00Z"},
        "responsePayload": {"errorType": "Retry", "errorMessage": "siti@warga.example"},
    }


def test_failures_are_explained_and_what_can_be_done_again_is(desk: Desk, capsys: SAID) -> None:
    desk.put(desk.failures, run_of("desk-escalate"))
    desk.put(
        desk.failures,
        {"source": "aws.events", "detail-type": "Scheduled Event"},
        ERROR_CODE="NO_PERMISSIONS",
        TARGET_ARN="arn:aws:lambda:ap-southeast-1:1:function:desk-ledger",
    )
    desk.put(desk.failures, batch("1", "2", "arn:aws:dynamodb:ap-southeast-1:1:table/x/stream/y"))
    other = {**run_of("desk-setup"), "requestPayload": {"RequestType": "Update"}}
    desk.put(desk.failures, other)
    assert queues.main(["look", "failures", *desk.where]) == 1
    out = capsys.readouterr().out
    assert "run desk-escalate gave up: RetriesExhausted, Retry, of 2026-11-23T03:00:00Z" in out
    assert "a run of desk-ledger that was not started (NO_PERMISSIONS)" in out
    assert "2 rows that desk-deliver did not end (RetryAttemptsExhausted), shardId-000 from 1" in out
    assert queues.main(["redrive", "failures", *desk.where]) == 1  # an invocation that only its log explains
    out += capsys.readouterr().out
    assert "whose work the next run does" in out
    assert "each is due by its index" in out
    assert "siti" not in out
    assert desk.bodies(desk.failures) == [json.dumps(other)]


def test_rows_of_a_batch_that_are_still_unsent_are_woken(desk: Desk, capsys: SAID) -> None:
    world, table = desk.world, desk.world.cases.row.Meta.table_name
    aws("dynamodb").update_table(
        TableName=table, StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    )
    stream = aws("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
    number = world.arrive(world.mail()).case
    streams = aws("dynamodbstreams")
    shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    seen = [one["dynamodb"] for one in streams.get_records(ShardIterator=iterator["ShardIterator"])["Records"]]
    (row,) = [one for one in world.deliveries() if one.case == number and one.reporter]
    claimed = world.cases.claim(row, world.now, world.now)  # by a sender that died
    assert claimed is not None
    record = batch(seen[0]["SequenceNumber"], seen[-1]["SequenceNumber"], stream)
    record["DDBStreamBatchInfo"]["shardId"] = shard
    desk.put(desk.failures, record)
    assert queues.main(["redrive", "failures", *desk.where]) == 0
    out = capsys.readouterr().out
    assert f"{number}/{row.id}" in out
    assert " woken, 0 have left" in out
    found = world.cases.delivery(number, row.id)
    assert (found.state, found.wake is not None) == (DeliveryState.CLAIMED, True)


def test_parked_arrivals_are_announced_again_by_reason_and_spam_only_where_it_is_let_in(
    desk: Desk, capsys: SAID
) -> None:
    desk.parked("mail/a", Reason.UNREADABLE)
    desk.parked("mail/b", Reason.FAILING)
    desk.parked("mail/c", Reason.SPAM)
    assert replay.main([*desk.where, "--dry-run"]) == 0
    assert "2 would be announced, 1 left, 0 not possible" in capsys.readouterr().out
    assert desk.bodies(desk.queue) == []
    assert replay.main([*desk.where, "--reason", "failing"]) == 0
    assert [json.loads(body)["key"] for body in desk.bodies(desk.queue)] == ["mail/b"]
    assert replay.main([*desk.where, "--let-in", "mail/a", "mail/c"]) == 0
    found = [json.loads(body) for body in desk.bodies(desk.queue)]
    assert [one["key"] for one in found] == ["mail/a", "mail/c"]
    assert {(one["tanggap"], one["actor"]) for one in found} == {("replay", "officer:operator")}


def test_what_is_not_parked_or_not_there_any_more_is_told(desk: Desk, capsys: SAID) -> None:
    desk.parked("mail/a")
    aws("s3").delete_object(Bucket=desk.arrivals, Key="mail/a")
    key = "mail/filed"
    desk.world.arrive(desk.world.mail(), key)
    assert replay.main([*desk.where, "mail/a", key, "mail/nope"]) == 1
    out = capsys.readouterr().out
    assert "mail/a parked/unreadable: its raw object is no longer there" in out
    assert f"{key} filed/new_case: not parked" in out
    assert "0 announced, 0 left, 3 not possible" in out
    assert desk.bodies(desk.queue) == []
