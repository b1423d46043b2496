"""What every part of the tables' adapter shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from pynamodb.exceptions import DeleteError, GetError, PutError, QueryError, UpdateError
from pynamodb.expressions.condition import Condition

from ...application.ports import Unreadable
from ...domain.errors import Retry
from .kinds import ROWS, kind_of
from .table import Row

T = TypeVar("T")

REFUSED = "ConditionalCheckFailedException"


class OnTable:
    """A part of the cases table's adapter."""

    row: type[Row]


def read_as(convert: Callable[[Row], T], row: Row) -> T:
    """Raises Unreadable, whatever of the row is missing, of another shape or of another release's words."""
    try:
        return convert(row)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise Unreadable("a row that this release cannot read") from error


@contextmanager
def reading() -> Iterator[None]:
    """A read that the table did not answer may be answered later."""
    try:
        yield
    except (GetError, QueryError, DeleteError) as error:
        raise Retry("the table did not answer") from error


def save(item: Row) -> None:
    """Whatever stands there. Raises Retry."""
    try:
        item.save()
    except PutError as error:
        raise Retry("the row could not be written") from error


def not_newer(model: type[Row], kind: str) -> Condition:
    """No newer release wrote it since it was read."""
    return model.schema.does_not_exist() | (model.schema <= ROWS[kind])


def update(item: Row, actions: list[Any], condition: Condition) -> bool:
    """False when the condition does not hold, or a newer release wrote the row; it then stays as it was. Raises
    Retry."""
    try:
        item.update(actions=actions, condition=condition & not_newer(type(item), kind_of(item.pk, item.sk)))
    except UpdateError as error:
        if error.cause_response_code == REFUSED:
            return False
        raise Retry("the row could not be written") from error
    return True
