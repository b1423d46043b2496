"""Rows as somebody else left them: a newer release, or a hand that damaged one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tanggap.adapters.dynamodb import keys
from tanggap.adapters.dynamodb.table import Row
from tests.support.world import World


def contents(world: World) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row.pk, row.sk): dict(row.attribute_values) for row in world.cases.row.scan()}


def ahead(world: World, pk: str, sk: str) -> None:
    """As a newer release wrote it."""
    row = world.cases.row(pk, sk)
    row.update(actions=[world.cases.row.schema.set(99)], condition=world.cases.row.pk.exists())


def row_of(world: World, number: str, begins: str) -> Row:
    (found,) = [row for row in world.cases.row.query(keys.case_pk(number)) if row.sk.startswith(begins)]
    return found


def spoil(row: Row, change: Callable[[Any], Any]) -> None:
    row.data = json.dumps(change(json.loads(row.data)))
    row.save()
