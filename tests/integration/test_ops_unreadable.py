"""A damaged row is told of by its case's number, and no operator's command stops at it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.ops import anchor, check_history, export, path, queues, reread, resend, restore
from infra.ops.stack import Stack
from tanggap.adapters.dynamodb import keys
from tanggap.adapters.mail import reader
from tanggap.adapters.memory_stores import MemoryLocked
from tanggap.application.anchors import Anchor
from tanggap.application.ports import Unreadable
from tanggap.domain.errors import Retry
from tanggap.domain.words import DeliveryState, Status
from tests.integration.test_ops_many_letters import refused
from tests.integration.test_ops_queues import batch, notice
from tests.support.ops import Desk
from tests.support.rows import row_of, spoil
from tests.support.world import COORDINATOR, INTAKE, World, aws

SAID = pytest.CaptureFixture[str]


#: What a hand made of a row, by which one it is.
DAMAGES: dict[str, Callable[[Any], Any]] = {
    "CASE": lambda raw: {**raw, "clocks": [{"state": "abolished"}]},
    "MSG": lambda raw: {name: value for name, value in raw.items() if name != "channel"},
    "OUT": lambda raw: {**raw, "purpose": "of 2031"},
    "HIST": lambda raw: [{**one, "seq": "first"} for one in raw],
}


def damage(world: World, number: str, begins: str) -> None:
    spoil(row_of(world, number, begins), DAMAGES[begins])


@pytest.mark.parametrize("begins", DAMAGES)
def test_a_case_s_file_with_a_damaged_row_is_unreadable(desk: Desk, begins: str) -> None:
    number = desk.world.new_case()
    damage(desk.world, number, begins)
    with pytest.raises(Unreadable):
        desk.world.cases.file(number)


def test_a_packed_history_that_is_damaged_is_unreadable_too(desk: Desk) -> None:
    number = desk.world.new_case()
    row = row_of(desk.world, number, "HIST")
    row.data = "xz:AAAA"
    row.save()
    with pytest.raises(Unreadable):
        desk.world.cases.file(number)


def test_each_command_names_the_case_and_goes_on_with_the_next(desk: Desk, tmp_path: Path, capsys: SAID) -> None:
    world = desk.world
    spoilt, sound = (refused(world, f"{one}@warga.example", "unavailable") for one in ("siti", "budi"))
    assert anchor.main(["write", *desk.where]) == 0
    (key,) = {one.id for one in world.cases.file(spoilt).deliveries if one.state is DeliveryState.FAILED}
    damage(world, spoilt, "MSG")
    capsys.readouterr()

    assert anchor.main(["verify", *desk.where]) == 1
    out = capsys.readouterr().out
    assert f"{spoilt} FAULT: a row of it cannot be read" in out
    assert "2 cases held against their anchors, 1 with faults" in out

    assert path.main([*desk.where, "--no-logs", spoilt]) == 1
    assert f"{spoilt}: a row of it cannot be read" in capsys.readouterr().err

    assert check_history.main([*desk.where, spoilt]) == 1
    assert f"{spoilt} FAULT: a row of it cannot be read (KeyError)" in capsys.readouterr().out

    today = str(world.now.date())
    out_of = tmp_path / "out"
    assert export.main([*desk.where, "--from", today, "--to", today, "--out", str(out_of)]) == 1
    assert f"{spoilt} cannot be read by this release" in capsys.readouterr().err
    assert [json.loads(line)["number"] for line in (out_of / "cases.jsonl").read_text().splitlines()] == [sound]
    assert json.loads((out_of / "manifest.json").read_text())["unreadable"] == [spoilt]

    assert resend.main([*desk.where, f"{spoilt}/{key}", "--dry-run"]) == 1
    assert f"{spoilt}/{key}: a row that this release cannot read" in capsys.readouterr().out
    assert resend.main([*desk.where, "--from", today]) == 1
    said = capsys.readouterr()
    assert "1 go again, 0 stay, 0 cannot" in said.out
    assert f"{spoilt} cannot be read by this release" in said.err


def test_a_case_that_cannot_be_read_keeps_no_other_from_its_anchor(desk: Desk) -> None:
    world = desk.world
    anchor_ = Anchor(world.cases, world.cases, world.policies, MemoryLocked(world.clock), world.clock)
    world.new_case()
    anchor_()
    world.later(days=3)
    spoilt = world.new_case(sender="budi@warga.example")
    sound = world.new_case(sender="tono@warga.example")
    damage(world, spoilt, "CASE")
    world.later(hours=1)
    assert anchor_().unreadable == 1
    heads = anchor_.anchors.held().heads
    assert (sound in heads, spoilt in heads) == (True, False)


@pytest.mark.parametrize("begins", ["CASE", "MSG"])
def test_a_dry_run_names_what_cannot_be_read_and_ends_as_the_run_would(
    desk: Desk, tmp_path: Path, capsys: SAID, begins: str
) -> None:
    world = desk.world
    spoilt, _ = world.new_case(), world.new_case(sender="budi@warga.example")
    damage(world, spoilt, begins)
    today = str(world.now.date())
    asked = (*desk.where, "--out", str(tmp_path / "out"), "--dry-run")
    assert export.main([*asked, "--from", today, "--to", today]) == 1
    said = capsys.readouterr()
    assert said.out.startswith("1 cases would be written")
    assert f"{spoilt} cannot be read by this release, and is not in it" in said.err
    assert export.main([*asked, spoilt]) == 1
    assert capsys.readouterr().out.startswith("0 cases would be written")

    anchored = begins != "CASE"  # an anchor is of cases alone
    assert anchor.main(["write", *desk.where, "--dry-run"]) == int(not anchored)
    said = capsys.readouterr()
    assert f"the heads of {1 + anchored} cases would be anchored" in said.out
    assert ("1 cases cannot be read by this release" in said.err) is not anchored
    assert "Contents" not in aws("s3").list_objects_v2(Bucket=desk.anchors)


def test_a_case_that_cannot_be_read_has_no_look_at_who_reported_and_names_nobody(desk: Desk, tmp_path: Path) -> None:
    world = desk.world
    spoilt, sound = world.new_case(), world.new_case(sender="budi@warga.example")
    damage(world, spoilt, "MSG")
    entries, today, out = world.cases.case(spoilt).seq, str(world.now.date()), tmp_path / "out"
    why = ("--identities", "--reason", "permintaan inspektorat")
    assert export.main([*desk.where, "--from", today, "--to", today, "--out", str(out), *why]) == 1
    named = [json.loads(line) for line in (out / "identities.jsonl").read_text().splitlines()]
    assert [one["case"] for one in named] == [sound]
    assert world.cases.case(spoilt).seq == entries


def test_reading_anew_names_an_arrival_whose_case_cannot_be_read_and_goes_on_with_the_next(
    desk: Desk, capsys: SAID
) -> None:
    world, today = desk.world, str(desk.world.now.date())

    def filed(key: str, sender: str) -> str:
        head = f"From: {sender}\r\nTo: {INTAKE}\r\nSubject: Jalan rusak\r\nMessage-ID: <{sender}>\r\n"
        raw = f"{head}\r\nJalan di RT 3 rusak.\r\n".encode()
        aws("s3").put_object(Bucket=desk.arrivals, Key=key, Body=raw)
        return world.arrive(reader.stored(raw, key, world.now, INTAKE), key).case

    sound, spoilt = filed("mail/a", "siti@warga.example"), filed("mail/b", "budi@warga.example")
    damage(world, spoilt, "MSG")
    assert reread.main([*desk.where, "--from", today, "--to", today, "--all"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "mail/b -: a row of its case cannot be read by this release",
        f"mail/a {sound} filed/new_case",
        "0 differ, 0 announced",
    ]
    assert reread.main([*desk.where, "--from", today, "--to", today, "--apply"]) == 1


# -- restore


def test_cases_that_had_ended_before_the_instant_and_went_on_are_named_and_so_is_what_cannot_be_judged(
    desk: Desk, capsys: SAID
) -> None:
    world, live = desk.world, desk.world.cases.row.Meta.table_name
    world.now -= timedelta(days=30)
    ended, quiet, spoilt, then = (world.new_case(sender=f"w{one}@warga.example") for one in range(4))
    for number in (ended, quiet):
        world.desk.set_status(COORDINATOR, number, Status.REJECTED, "bukan wewenang kami")
    copy = f"{live}-then"
    made = aws("dynamodb").describe_table(TableName=live)["Table"]
    aws("dynamodb").create_table(
        TableName=copy,
        KeySchema=made["KeySchema"],
        AttributeDefinitions=[one for one in made["AttributeDefinitions"] if one["AttributeName"] in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    for item in aws("dynamodb").scan(TableName=live)["Items"]:
        aws("dynamodb").put_item(TableName=copy, Item=item)
    world.later(days=29)
    at = world.now
    world.later(hours=1)
    for number in (ended, then):
        world.desk.note(COORDINATOR, number, "pemohon menelepon lagi")
    damage(world, spoilt, "CASE")
    there = {"pk": {"S": keys.case_pk(then)}, "sk": {"S": "CASE"}}
    aws("dynamodb").update_item(
        TableName=copy,
        Key=there,
        UpdateExpression="SET #d = :d",
        ExpressionAttributeNames={"#d": "data"},
        ExpressionAttributeValues={":d": {"S": "{}"}},
    )
    outputs = json.loads(desk.file.read_text())
    tables: Any = [SimpleNamespace(target=copy), SimpleNamespace(target=world.vault.row.Meta.table_name)]
    unreadable: dict[str, None] = {}
    told = list(restore._since(Stack(outputs.pop("StackName"), outputs), tables, at, unreadable))
    assert [line.split()[0] for line in told] == [ended]
    assert set(unreadable) == {spoilt, then}


# -- dead letters


def test_a_redrive_keeps_the_batch_with_a_damaged_row_wakes_the_others_and_goes_on(desk: Desk, capsys: SAID) -> None:
    world, table = desk.world, desk.world.cases.row.Meta.table_name
    aws("dynamodb").update_table(
        TableName=table, StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    )
    stream = aws("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
    numbers = [world.arrive(world.mail(sender=f"w{one}@warga.example")).case for one in range(2)]
    for row in [one for one in world.deliveries() if one.reporter]:
        assert world.cases.claim(row, world.now, world.now)  # by a sender that died
    streams = aws("dynamodbstreams")
    shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    seen = [one["dynamodb"] for one in streams.get_records(ShardIterator=iterator["ShardIterator"])["Records"]]
    record = batch(seen[0]["SequenceNumber"], seen[-1]["SequenceNumber"], stream)
    record["DDBStreamBatchInfo"]["shardId"] = shard
    damage(world, numbers[0], "OUT")
    desk.put(desk.failures, record)
    desk.put(desk.failures, {"source": "aws.events", "detail-type": "Scheduled Event"})
    assert queues.main(["redrive", "failures", *desk.where]) == 1
    out = capsys.readouterr().out
    assert f"1 cannot be read: {numbers[0]}/" in out
    assert f"woken: {numbers[1]}/" in out
    assert "2 looked at, 1 done, 1 left" in out
    assert desk.bodies(desk.failures) == [json.dumps(record)]


def test_a_ledger_that_does_not_answer_keeps_a_message_and_stops_none(desk: Desk) -> None:
    from infra.ops.dead_letters import GivenUp
    from infra.ops.notices import read

    class Silent:
        def of(self, key: str) -> Any:
            raise Retry("the table did not answer")

    stack: Any = SimpleNamespace(parts=SimpleNamespace(cases=Silent()))
    one = read({"MessageId": "1", "ReceiptHandle": "r", "Body": notice("mail/a")})
    lot: Any = None
    plan = GivenUp(stack, lot, {"arrivals": "https://sqs/arrivals"}).plan(one)
    assert (plan.possible, plan.told) == (False, "stays (the table did not answer)")
