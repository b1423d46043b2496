"""What moto was made to leave out (tests/support/lean_moto.py) is missed by nobody: it answers as the table would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.world import aws, fake_aws, make_tables

VALUES: dict[str, Any] = {
    "text": {"S": "Jalan rusak"},
    "empty": {"S": ""},
    "number": {"N": "104729"},
    "fraction": {"N": "-0.5"},
    "true": {"BOOL": True},
    "false": {"BOOL": False},
    "none": {"NULL": True},
    "bytes": {"B": b"\x00\xff"},
    "map": {"M": {"inner": {"M": {"S": {"S": "named as a type"}, "bytes": {"B": b"\x01"}}}, "empty": {"M": {}}}},
    "list": {"L": [{"S": "a"}, {"L": [{"N": "1"}, {"BOOL": False}]}, {"M": {"b": {"B": b"\x02"}}}, {"L": []}]},
}
SETS: dict[str, Any] = {"SS": {"a", "b"}, "NS": {"1", "2"}, "BS": {b"\x03", b"\x04"}}


@pytest.fixture(scope="module")
def table() -> Iterator[str]:
    with fake_aws():
        yield make_tables()[0]


def put(table: str, sk: str, **values: Any) -> None:
    aws("dynamodb").put_item(TableName=table, Item={"pk": {"S": "c"}, "sk": {"S": sk}, **values})


def row(table: str, sk: str) -> dict[str, Any]:
    found: dict[str, Any] = aws("dynamodb").get_item(TableName=table, Key={"pk": {"S": "c"}, "sk": {"S": sk}})
    return {name: value for name, value in found.get("Item", {}).items() if name not in ("pk", "sk")}


def test_a_value_of_any_type_comes_back_as_it_was_put(table: str) -> None:
    put(table, "values", **VALUES)
    assert row(table, "values") == VALUES
    (queried,) = aws("dynamodb").query(
        TableName=table,
        KeyConditionExpression="pk = :pk AND sk = :sk",
        ExpressionAttributeValues={":pk": {"S": "c"}, ":sk": {"S": "values"}},
    )["Items"]
    assert queried == {**VALUES, "pk": {"S": "c"}, "sk": {"S": "values"}}


@pytest.mark.parametrize(("kind", "value"), SETS.items(), ids=SETS)
def test_so_does_a_set(table: str, kind: str, value: set[Any]) -> None:
    put(table, kind, one={kind: list(value)}, within={"M": {"two": {kind: list(value)}}})
    found = row(table, kind)
    assert set(found["one"][kind]) == set(found["within"]["M"]["two"][kind]) == value


def test_a_query_finds_what_is_under_its_key_in_its_order_and_nothing_else(table: str) -> None:
    for pk, sk, due in (("q1", "b", "3"), ("q1", "a", "1"), ("q2", "c", "2"), ("q2", "d", None), ("q3", "e", "9")):
        index = {"due_shard": {"S": "other" if pk == "q3" else "shard"}, "due_at": {"S": due}} if due else {}
        aws("dynamodb").put_item(TableName=table, Item={"pk": {"S": pk}, "sk": {"S": sk}, **index})

    def found(key: str, value: str, **more: Any) -> list[str]:
        answer = aws("dynamodb").query(
            TableName=table,
            KeyConditionExpression=f"{key} = :value",
            ExpressionAttributeValues={":value": {"S": value}},
            **more,
        )
        return [row["sk"]["S"] for row in answer["Items"]]

    assert found("pk", "q1") == ["a", "b"]
    assert found("pk", "nobody") == []
    assert found("due_shard", "shard", IndexName="due") == ["a", "c", "b"]
    assert found("due_shard", "shard", IndexName="due", ScanIndexForward=False, Limit=2) == ["b", "c"]


def update(table: str, sk: str, expression: str, **values: Any) -> dict[str, Any]:
    key = {"pk": {"S": "c"}, "sk": {"S": sk}}
    given = {f":{name}": value for name, value in values.items()}
    return {
        "Update": {"TableName": table, "Key": key, "UpdateExpression": expression, "ExpressionAttributeValues": given}
    }


def test_a_transaction_that_fails_leaves_every_row_as_it_was(table: str) -> None:
    before = {"n": {"N": "1"}, "nested": {"M": {"photos": {"L": [{"S": "first"}]}}}, "tags": {"SS": ["a"]}}
    put(table, "updated", **before)
    put(table, "removed", n={"N": "2"})
    put(table, "replaced", n={"N": "3"})
    key = {"pk": {"S": "c"}}
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        aws("dynamodb").transact_write_items(
            TransactItems=[
                update(
                    table,
                    "updated",
                    "ADD n :one, tags :tag SET nested.photos[0] = :text",
                    one={"N": "1"},
                    tag={"SS": ["b"]},
                    text={"S": "changed"},
                ),
                {"Delete": {"TableName": table, "Key": key | {"sk": {"S": "removed"}}}},
                {"Put": {"TableName": table, "Item": key | {"sk": {"S": "replaced"}, "n": {"N": "9"}}}},
                {"Put": {"TableName": table, "Item": key | {"sk": {"S": "new"}, "n": {"N": "9"}}}},
                update(table, "made", "SET n = :nine", nine={"N": "9"}),
                {
                    "ConditionCheck": {
                        "TableName": table,
                        "Key": key | {"sk": {"S": "checked"}},
                        "ConditionExpression": "n = :eight",
                        "ExpressionAttributeValues": {":eight": {"N": "8"}},
                    }
                },
            ]
        )
    assert row(table, "updated") == before
    assert [row(table, sk).get("n") for sk in ("removed", "replaced", "new", "made")] == [
        {"N": "2"},
        {"N": "3"},
        None,
        None,
    ]


def test_a_transaction_that_holds_changes_them_all(table: str) -> None:
    put(table, "held", n={"N": "1"})
    put(table, "gone", n={"N": "2"})
    key = {"pk": {"S": "c"}, "sk": {"S": "gone"}}
    aws("dynamodb").transact_write_items(
        TransactItems=[
            update(table, "held", "ADD n :one", one={"N": "1"}),
            {"Delete": {"TableName": table, "Key": key}},
        ]
    )
    assert (row(table, "held"), row(table, "gone")) == ({"n": {"N": "2"}}, {})


def test_a_key_encrypts_and_opens_only_in_its_context(table: str) -> None:
    key = aws("kms").create_key()["KeyMetadata"]["KeyId"]
    hidden = aws("kms").encrypt(KeyId=key, Plaintext=b"Siti", EncryptionContext={"reporter": "r1"})["CiphertextBlob"]
    assert aws("kms").decrypt(CiphertextBlob=hidden, EncryptionContext={"reporter": "r1"})["Plaintext"] == b"Siti"
    with pytest.raises(ClientError, match="InvalidCiphertext"):
        aws("kms").decrypt(CiphertextBlob=hidden, EncryptionContext={"reporter": "r2"})
