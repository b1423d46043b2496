"""The one row shape of both tables."""

from __future__ import annotations

import functools
import json
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from ...application.ports import Unreadable
from .kinds import ROWS, kind_of


class Row(Model):
    """Subclassed with a table's name by `table`."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    data = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    state = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    desk = UnicodeAttribute(null=True)
    desk_order = UnicodeAttribute(null=True)
    ref = UnicodeAttribute(null=True)
    ref_order = UnicodeAttribute(null=True)
    # An outbox row's moving parts
    wake = UnicodeAttribute(null=True)
    lease = UnicodeAttribute(null=True)
    attempts = NumberAttribute(null=True)
    repeats = NumberAttribute(null=True)
    faults = NumberAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    external_id = UnicodeAttribute(null=True)
    sent_at = UnicodeAttribute(null=True)
    #: Of a message that did not arrive alone: how many the arrival holds.
    of = NumberAttribute(null=True)
    #: On a platform: by which way, what of it has left, what was refused, what it cost (JSON).
    way = UnicodeAttribute(null=True)
    #: Of a row that may go by itself: when, in seconds since 1970 (the table's time to live).
    expires = NumberAttribute(null=True)
    #: The number of its kind's shape (kinds.ROWS), by the release that wrote its contents.
    schema = NumberAttribute(null=True)

    class Meta:
        table_name = "unnamed"

    def __init__(
        self,
        hash_key: str | None = None,
        range_key: str | None = None,
        _user_instantiated: bool = True,
        **attributes: Any,
    ) -> None:
        super().__init__(hash_key, range_key, _user_instantiated, **attributes)
        if _user_instantiated and "schema" not in attributes and (values := self.attribute_values).get("pk"):
            values["schema"] = ROWS[kind_of(values["pk"], values["sk"])]

    def check(self) -> None:
        """Raises Unreadable for a row that a newer release wrote. What it says may mean something else."""
        if self.schema and self.schema > ROWS.get(kind_of(self.pk, self.sk), 0):
            raise Unreadable("a row of a newer release")

    def content(self) -> Any:
        """What `data` says. Raises Unreadable, ValueError."""
        self.check()
        return json.loads(self.data or "{}")


@functools.cache
def table(name: str, region: str | None = None) -> type[Row]:
    """The row class of one table, with its three indexes."""

    class _Due(GlobalSecondaryIndex["Bound"]):
        class Meta:
            index_name = "due"
            projection = KeysOnlyProjection()

        due_shard = UnicodeAttribute(hash_key=True)
        due_at = UnicodeAttribute(range_key=True)

    class _Desk(GlobalSecondaryIndex["Bound"]):
        class Meta:
            index_name = "desk"
            projection = AllProjection()

        desk = UnicodeAttribute(hash_key=True)
        desk_order = UnicodeAttribute(range_key=True)

    class _Ref(GlobalSecondaryIndex["Bound"]):
        class Meta:
            index_name = "ref"
            projection = AllProjection()

        ref = UnicodeAttribute(hash_key=True)
        ref_order = UnicodeAttribute(range_key=True)

    class Bound(Row):
        class Meta:
            table_name = name
            # botocore's own retries, which back off with jitter and know DynamoDB's throttling codes
            max_retry_attempts = 4
            connect_timeout_seconds = 3
            read_timeout_seconds = 3

        due_index = _Due()
        desk_index = _Desk()
        ref_index = _Ref()

    if region:
        Bound.Meta.region = region  # type: ignore[attr-defined]
    return Bound
