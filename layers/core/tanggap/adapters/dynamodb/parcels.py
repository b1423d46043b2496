"""Letters that one transaction can't hold.

DynamoDB takes a hundred items and 4 MB at once, and a case may have more offices than that. Then the change holds
parcels instead: each is one row with many letters in it, due at once. Whoever committed the change opens its parcels
right after it; what a crash leaves shut is opened by the next sweep. Opening goes by portions, each of which puts its
letters and moves the parcel's mark in one transaction, so each letter is written once, however often and by however
many it is opened. From then on it is a row like any other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from ...domain.case import Delivery
from ...domain.errors import Conflict, Retry
from ...domain.times import stamp
from . import delivery_rows, keys
from .packing import PACKED, packed, unpacked
from .reading import OnTable, reading
from .table import Row
from .transaction import Put, commit, fresh, moved
from .values import dumps

#: The beginning of a parcel's sk, and of what the due index calls it.
PARCEL = "PARCEL#"
#: Letters of one portion: with the parcel itself they are one transaction.
PORTION = 90
#: Characters of texts and steps in one portion, and in one parcel before it is packed. A character has four bytes at
#: most, and a portion goes beside its parcel.
PORTION_TEXT, PARCEL_TEXT = 800_000, 3_000_000


def parcels(model: type[Row], letters: Sequence[Delivery]) -> list[Row]:
    """`letters` of one case, in their order, in as few rows as hold them."""
    return [row for some in _shares(letters) for row in _wrapped(model, some)]


def _wrapped(model: type[Row], letters: Sequence[Delivery]) -> list[Row]:
    data = packed(_content(model, letters))
    if len(data) > PACKED and len(letters) > 1:
        half = len(letters) // 2
        return [*_wrapped(model, letters[:half]), *_wrapped(model, letters[half:])]
    first = letters[0]
    return [
        model(
            pk=keys.case_pk(first.case),
            sk=f"{PARCEL}{first.id}",
            data=data,
            version=0,
            due_shard=keys.shard("O", first.case),
            due_at=stamp(first.created_at),
        )
    ]


def _content(model: type[Row], letters: Sequence[Delivery]) -> str:
    """Each text once: a letter to twenty addresses is twenty short rows and one text."""
    texts: dict[tuple[str, str], int] = {}
    held = []
    for one in letters:
        place = texts.setdefault((one.subject, one.text), len(texts))
        row = delivery_rows.delivery_row(model, replace(one, subject="", text=""))
        held.append([place, row.attribute_values])
    return dumps({"texts": list(texts), "letters": held})


def _letters(model: type[Row], data: str) -> list[Delivery]:
    content = json.loads(unpacked(data))
    found = []
    for place, values in content["letters"]:
        subject, text = content["texts"][place]
        found.append(replace(delivery_rows.delivery_of(model(**values)), subject=subject, text=text))
    return found


def _shares(letters: Sequence[Delivery]) -> Iterator[list[Delivery]]:
    share: list[Delivery] = []
    size = 0
    seen: set[str] = set()
    for one in letters:
        more = _length(one) - (len(one.text) if one.text in seen else 0)
        if share and size + more > PARCEL_TEXT:
            yield share
            share, size, seen = [], 0, set()
        share.append(one)
        seen.add(one.text)
        size += more
    if share:
        yield share


def _length(one: Delivery) -> int:
    return len(one.text) + len(one.subject) + sum(map(len, one.steps)) + 1_000


class ParcelRows(OnTable):
    def open_parcel(self, number: str, name: str) -> None:
        """Write the letters that are in it still. Nothing where somebody else is opening it, or has. Raises Retry, and
        Unreadable, ValueError or KeyError for one that this release can't read."""
        model = self.row
        with reading():
            try:
                parcel = model.get(keys.case_pk(number), name, consistent_read=True)
            except model.DoesNotExist:
                return
        with suppress(Conflict):
            self._open(parcel)

    def open_at_once(self, shut: Iterable[Row]) -> None:
        """What the sweep would do a minute later."""
        for parcel in shut:
            with suppress(Retry):
                self._open(parcel)

    def _open(self, parcel: Row) -> None:
        parcel.check()
        if not parcel.data:
            return
        model, letters = self.row, _letters(self.row, parcel.data)
        opened = int(parcel.version or 0)
        while opened < len(letters):
            portion = portion_of(letters[opened:])
            commit(model, opening(model, parcel, portion, opened, len(letters)))
            opened += len(portion)


def portion_of(letters: Sequence[Delivery]) -> list[Delivery]:
    """What one transaction takes of them: their texts stand in each of their rows."""
    portion: list[Delivery] = []
    size = 0
    for one in letters[:PORTION]:
        size += _length(one)
        if portion and size > PORTION_TEXT:
            break
        portion.append(one)
    return portion


def opening(model: type[Row], parcel: Row, portion: Sequence[Delivery], opened: int, of: int) -> list[Put]:
    """One portion's items. The parcel that is empty keeps its key alone, and leaves the index."""
    reached = opened + len(portion)
    left = model(pk=parcel.pk, sk=parcel.sk, version=reached)
    if reached < of:
        left = model(**{**parcel.attribute_values, "version": reached})
    puts: list[Put] = [(delivery_rows.delivery_row(model, one), fresh(model), moved) for one in portion]
    return [*puts, (left, model.version == opened, moved)]
