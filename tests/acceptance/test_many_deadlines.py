"""A flood's deadlines at one closing time, on the running system and with IAM enforced: the sweep calls on itself for
shares of them, and each case is advanced once."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.bench.sweep import opened
from infra.local.aws import client
from tanggap.adapters.dynamodb import keys, rows
from tanggap.adapters.dynamodb.table import table
from tanggap.application.sweep import LIMIT
from tanggap.domain.times import stamp
from tests.e2e.system import System, until

pytestmark = pytest.mark.acceptance

MANY = LIMIT + 200
#: A minute of the schedule, and what a machine under load takes more.
MINUTE = 60.0


def test_more_deadlines_than_one_sweep_takes_are_shared_out_and_each_met_once(system: System) -> None:
    name, aws = system.ready["outputs"]["CasesTable"], client("dynamodb", system.ready["aws_endpoint"])
    model, at = table(name), datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=30)
    cases = [opened(at) for _ in range(MANY)]
    (due,) = {case.due_at for case in cases}
    assert due
    put = [{"PutRequest": {"Item": rows.case_row(model, case).serialize()}} for case in cases]
    with ThreadPoolExecutor(4) as loaders:
        places = range(0, MANY, 25)
        list(loaders.map(lambda place: aws.batch_write_item(RequestItems={name: put[place : place + 25]}), places))

    began = time.monotonic()
    swept = system.sweep(stamp(due))
    assert (swept["shares"], swept["failed"], swept["unfinished"]) == (4, 0, True), swept
    first = until(lambda: shares(system, 4), "four shares", within=2 * MINUTE)
    for minute in range(1, 6):  # the embedded AWS is slower than AWS: what is left, the next minute's go on with
        if not left(aws, name, due):
            break
        system.sweep(stamp(due + timedelta(minutes=minute)))
        time.sleep(5)
    took = time.monotonic() - began

    assert left(aws, name, due) == 0
    told = shares(system, 0)
    assert {(one["part"], one["of"]) for one in first} == {(part, 4) for part in range(4)}
    assert not any(one["failed"] for one in told)
    assert system.log_lines("share_refused") == []
    with ThreadPoolExecutor(4) as readers:
        found = list(readers.map(lambda case: rows_of(aws, name, case.number), cases))
    assert Counter(found) == Counter({("CASE", "HIST", "OUT"): MANY}), "one entry and one letter each"
    print(
        f"{MANY} deadlines at once: {took:.0f} s, of which the first minute's shares {[one['cases'] for one in first]}"
    )


def shares(system: System, least: int) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in system.log_lines("share_swept") if line.startswith("{")]
    found = [one for one in lines if one.get("code") == "share_swept"]
    return found if len(found) >= least else []


def left(aws: Any, name: str, due: datetime) -> int:
    return sum(
        aws.query(
            TableName=name,
            IndexName="due",
            Select="COUNT",
            KeyConditionExpression="due_shard = :shard AND due_at <= :due",
            ExpressionAttributeValues={":shard": {"S": f"C#{number}"}, ":due": {"S": stamp(due)}},
        )["Count"]
        for number in range(keys.SHARDS)
    )


def rows_of(aws: Any, name: str, number: str) -> tuple[str, ...]:
    answer = aws.query(
        TableName=name,
        KeyConditionExpression="pk = :pk",
        ProjectionExpression="sk",
        ExpressionAttributeValues={":pk": {"S": f"CASE#{number}"}},
    )
    return tuple(sorted(item["sk"]["S"].partition("#")[0] for item in answer["Items"]))
