"""The canary on the whole system, under its own role: it writes through SES and the web form, its letters come back to
our own mail domain; where nobody is answered, the next round fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.aws import client
from tanggap.adapters.dynamodb.keys import CANARY
from tanggap.domain.canary import KEPT, LOCAL, MARK, RETURNED
from tests.e2e.system import System, until

#: A schedule's pause.
PAUSE = timedelta(minutes=15)


def sing(system: System) -> dict[str, Any]:
    answer = client("lambda", system.ready["aws_endpoint"]).invoke(
        FunctionName=system.ready["outputs"]["CanaryFunction"], Payload=b"{}"
    )
    return {"failed": "FunctionError" in answer, **(json.loads(answer["Payload"].read()) or {})}


def dynamodb(system: System) -> Any:
    return client("dynamodb", system.ready["aws_endpoint"])


def last_round(system: System) -> dict[str, Any]:
    key = {"pk": {"S": CANARY[0]}, "sk": {"S": CANARY[1]}}
    found = dynamodb(system).get_item(TableName=system.ready["outputs"]["CasesTable"], Key=key, ConsistentRead=True)
    return dict(json.loads(found["Item"]["data"]["S"]))


def time_passes(system: System) -> None:
    """As if the last run had been a quarter of an hour ago. When it wrote stays as it was."""
    earlier = (datetime.now(UTC) - PAUSE).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    kept = {**last_round(system), "at": earlier}
    dynamodb(system).update_item(
        TableName=system.ready["outputs"]["CasesTable"],
        Key={"pk": {"S": CANARY[0]}, "sk": {"S": CANARY[1]}},
        UpdateExpression="SET #data = :data",
        ExpressionAttributeNames={"#data": "data"},
        ExpressionAttributeValues={":data": {"S": json.dumps(kept)}},
    )


def rows_of(system: System, number: str) -> list[dict[str, Any]]:
    answer = dynamodb(system).query(
        TableName=system.ready["outputs"]["CasesTable"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"CASE#{number}"}},
    )
    return list(answer["Items"])


def marks(system: System, number: str) -> list[str]:
    case = next((row for row in rows_of(system, number) if row["sk"]["S"] == "CASE"), None)
    return list(json.loads(case["data"]["S"])["marks"]) if case else []


def told(system: System, code: str) -> list[dict[str, Any]]:
    return [line for line in map(as_json, system.log_lines(code)) if line.get("code") == code]


def as_json(line: str) -> dict[str, Any]:
    try:
        return dict(json.loads(line))
    except ValueError:
        return {}


@contextmanager
def nobody_delivers(system: System) -> Iterator[None]:
    functions = client("lambda", system.ready["aws_endpoint"])
    name = system.ready["outputs"]["DeliverFunction"]
    (mapping,) = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def test_a_round_is_answered_and_kept_apart_and_one_that_is_not_fails(system: System) -> None:
    before = len(system.get("/mails.json").body["mails"])
    assert sing(system) == {"failed": False, "judged": 0, "written": 2}
    numbers = [one["number"] for one in last_round(system)["written"]]
    for number in numbers:
        until(lambda at=number: RETURNED in marks(system, at), f"the letter about {number} came back", 40)
        assert MARK in marks(system, number)
    went = system.get("/mails.json").body["mails"][before:]
    assert len(went) == 3, "its own mail, and a letter to each of its two selves"
    assert all(LOCAL in address or address == system.ready["intake_address"] for mail in went for address in mail["to"])
    soon = (datetime.now(UTC) + KEPT).timestamp()
    for number in numbers:
        expires = [int(row["expires"]["N"]) for row in rows_of(system, number)]
        assert all(soon - 120 < one <= soon for one in expires)
    listed = system.as_officer("coordinator", "GET", "/v1/cases?limit=100").body["cases"]
    assert not {one["number"] for one in listed} & set(numbers)
    assert system.get("/v1/reports/" + numbers[1]).status == 404, "by its code alone"

    time_passes(system)
    with nobody_delivers(system):
        assert sing(system) == {"failed": False, "judged": 2, "written": 2}
        numbers = [one["number"] for one in last_round(system)["written"]]
        until(lambda: all(marks(system, number) for number in numbers), "both are filed")
        time_passes(system)
        missed = sing(system)
    assert missed["failed"]
    faults = {(line["way"], line["fault"]) for line in told(system, "canary_missed")}
    assert faults == {("mail", "not_acknowledged"), ("web", "not_acknowledged")}
    assert not any(LOCAL + "+" in line for line in system.log_lines(LOCAL)), "no log holds its address"
