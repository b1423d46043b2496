"""A record of an earlier release, laid into a world of today on a mocked AWS."""

from __future__ import annotations

import base64
import json
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.support.world import World, aws

HERE = Path(__file__).resolve().parent
RECORDS = {path.stem: path for path in sorted(HERE.glob("*/schema-*.json"))}

Row = dict[str, Any]


def record(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RECORDS[name].read_text())
    return found


def loaded(name: str) -> tuple[World, dict[str, Any]]:
    """The world at the record's own time, and the facts that its story told. Within `fake_aws`."""
    told = record(name)
    world = World("dynamodb")
    for row in world.cases.row.query("POLICY"):
        row.delete()  # the record has its own
    put(world.cases.row.Meta.table_name, told["cases"])
    put(world.vault.row.Meta.table_name, [_sealed(world, row, told["people"]) for row in told["vault"]])
    for key, (text, kind) in told["files"].items():
        world.files.put(key, _bytes(text), kind)
    world.arrivals.objects |= {
        key: (_bytes(text), datetime.fromisoformat(at)) for key, (text, at) in told["arrivals"].items()
    }
    facts = told["facts"]
    world.now = datetime.fromisoformat(facts["now"])
    world.ids.made = world.made = 1_000_000  # no id of the record's again
    return world, facts


def put(table: str, rows: list[Row]) -> None:
    for start in range(0, len(rows), 25):
        some = [{"PutRequest": {"Item": typed(row)}} for row in rows[start : start + 25]]
        aws("dynamodb").batch_write_item(RequestItems={table: some})


def typed(row: Row) -> dict[str, Any]:
    return {name: {"S": value} if isinstance(value, str) else {"N": str(value)} for name, value in row.items()}


def _sealed(world: World, row: Row, people: dict[str, Any]) -> Row:
    """The record holds what was sealed in plain; here it is sealed by this mocked account's key."""
    if row["sk"] != "IDENTITY":
        return row
    who = row["pk"].removeprefix("REPORTER#")
    boxes = [_box(world, who, one) for one in people[who]]
    body = {**json.loads(row["data"]), "box": boxes[0], **({"more": boxes[1:]} if boxes[1:] else {})}
    return {**row, "data": json.dumps(body)}


def _box(world: World, who: str, person: dict[str, Any]) -> str:
    plain = json.dumps(person, ensure_ascii=False).encode()
    answer = aws("kms").encrypt(KeyId=world.vault._key, Plaintext=plain, EncryptionContext={"reporter": who})
    return base64.b64encode(answer["CiphertextBlob"]).decode()


def _bytes(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))
