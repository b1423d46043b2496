"""moto without what it does again and again for nothing: two thirds of the time of the tests on DynamoDB went there.
What it answers stays the
same (tests/integration/test_lean_moto.py)."""

from __future__ import annotations

import copy
import functools
from collections import defaultdict
from typing import Any

#: Attribute values that stand in an answer as they are kept.
_PLAIN: dict[str, type] = {"S": str, "N": str, "BOOL": bool, "NULL": bool}


@functools.cache
def make_moto_lean() -> None:
    """Once a process; what was made before is not touched."""
    _values_that_never_change_are_not_copied()
    _a_transaction_keeps_the_rows_not_a_copy_of_each()
    _a_query_looks_at_the_rows_under_its_key()
    _text_is_compared_as_text()
    _plain_values_are_answered_as_they_are()
    _methods_of_a_service_are_listed_once()
    _a_symmetric_key_makes_no_rsa_key()


def _values_that_never_change_are_not_copied() -> None:
    from moto.dynamodb.models.dynamo_type import DynamoType

    whole = DynamoType.__deepcopy__

    def lean(self: Any, memo: dict[int, Any]) -> Any:
        return self if self.type in ("S", "N", "B", "BOOL", "NULL") else whole(self, memo)

    DynamoType.__deepcopy__ = lean  # type: ignore[method-assign]


def _a_transaction_keeps_the_rows_not_a_copy_of_each() -> None:
    """moto copies the whole table once for each item of a transaction, to have it if the transaction fails. Here the
    rows themselves are kept, and an update changes a copy of its row."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.dynamo_type import DynamoType
    from moto.dynamodb.models.table import Table

    def kept(self: Any, memo: dict[int, Any]) -> Any:
        found = self.__class__.__new__(self.__class__)
        if self.stream_shard is not None or not self.has_range_key:  # none of ours
            found.__dict__ = {name: copy.deepcopy(value, memo) for name, value in self.__dict__.items()}
        else:
            items = defaultdict(dict, {hash_key: dict(rows) for hash_key, rows in self.items.items()})
            found.__dict__ = {**self.__dict__, "items": items}
        return found

    changed = DynamoDBBackend.update_item

    def update_item(self: Any, table_name: str, key: dict[str, Any], *args: Any, **more: Any) -> Any:
        table = self.get_table(table_name)
        if table.has_range_key and {table.hash_key_attr, table.range_key_attr} <= key.keys():
            rows = table.items.get(DynamoType(key[table.hash_key_attr]), {})
            range_key = DynamoType(key[table.range_key_attr])
            if range_key in rows:
                rows[range_key] = copy.deepcopy(rows[range_key])
        return changed(self, table_name, key, *args, **more)

    Table.__deepcopy__ = kept  # type: ignore[attr-defined]
    DynamoDBBackend.update_item = update_item  # type: ignore[method-assign]


def _a_query_looks_at_the_rows_under_its_key() -> None:
    """moto sorts the whole table for each query."""
    from moto.dynamodb.models.table import Table

    searched = Table.query

    def query(self: Any, hash_key: Any, *args: Any, **more: Any) -> Any:
        if not self.has_range_key:  # none of ours
            return searched(self, hash_key, *args, **more)
        ((name, sought),) = more.get("hash_key_conditions") or [(self.hash_key_attr, hash_key)]
        if name == self.hash_key_attr:
            found = list(self.items.get(sought, {}).values())
        else:
            found = [
                row
                for rows in self.items.values()
                for row in rows.values()
                if name in row.attrs and row.attrs[name] == sought
            ]
        under_the_key = self.__class__.__new__(self.__class__)
        under_the_key.__dict__ = {**self.__dict__, "all_items": lambda: found}
        return searched(under_the_key, hash_key, *args, **more)

    Table.query = query  # type: ignore[method-assign]


def _text_is_compared_as_text() -> None:
    """moto asks a value five times what else it might be."""
    from moto.dynamodb.models.dynamo_type import DynamoType

    of_any_type = DynamoType.cast_value.fget
    assert of_any_type

    def cast_value(self: Any) -> Any:
        return self.value if self.type == "S" else of_any_type(self)

    DynamoType.cast_value = property(cast_value)  # type: ignore[assignment]


def _plain_values_are_answered_as_they_are() -> None:
    """moto looks for each of the ten types of an attribute value by six names."""
    from moto.core.serialize import BaseJSONSerializer

    searched = BaseJSONSerializer._serialize_type_structure

    def lean(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and key and _is_plain(value):
            self._default_serialize(serialized, value, shape, key)
        else:
            searched(self, serialized, value, shape, key)

    BaseJSONSerializer._serialize_type_structure = lean  # type: ignore[method-assign]


def _is_plain(value: Any) -> bool:
    if type(value) is not dict or len(value) != 1:
        return False
    ((kind, inner),) = value.items()
    if kind == "M":
        return type(inner) is dict and all(map(_is_plain, inner.values()))
    if kind == "L":
        return type(inner) is list and all(map(_is_plain, inner))
    return type(inner) is _PLAIN.get(kind)


def _methods_of_a_service_are_listed_once() -> None:
    from moto.core import responses

    responses.method_names_from_class = functools.cache(responses.method_names_from_class)


def _a_symmetric_key_makes_no_rsa_key() -> None:
    """moto makes one of 2048 bits beside it and never uses it."""
    from moto.kms import models

    made = models.generate_private_key
    models.generate_private_key = lambda spec: None if spec == "SYMMETRIC_DEFAULT" else made(spec)
