"""Each kind of row and object has its number in one table (adapters/dynamodb/kinds.py): who writes a new kind without
one is stopped here, and by the row itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tanggap.adapters import dynamodb
from tanggap.adapters.dynamodb import kinds
from tanggap.adapters.dynamodb.table import Row
from tanggap.application.ports import Unreadable

CODE = Path(__file__).parents[2] / "layers/core/tanggap"
#: The word that begins a key, a sort key or an object's name, in the code.
_ROW = re.compile(r"""(?:pk|sk)=f?"([A-Z]+)|f?"([A-Z]+)#""")
_KEY = re.compile(r"`([A-Z]+)(?:#[^`]*|-[^`]*)?`")
_OBJECT = re.compile(r"""f?"((?:mail|events|webhooks|parts|anchors|restores|uploads|files|sent)/)""")
#: Partitions of indexes: where rows are found, none of their own.
INDEXES = {"C", "O", "E", "UNIT", "MSGID", "OUTID", "ALIKE", "OPEN311", "DAY"}
#: Sort keys of what has a kind by its partition.
WITHIN = {"TOLD", "SEEN", "RECOMPUTE", "REPORT", "ROUND", "IDENTITY", "V"}


def test_every_key_that_the_access_patterns_name_is_of_a_kind() -> None:
    named = set(_KEY.findall(dynamodb.__doc__ or ""))
    assert named - INDEXES - WITHIN - {"SALT", "OFFICE"} <= kinds.ROWS.keys()
    assert {"SEEN", "PART", "DESK"} <= kinds.ROWS.keys()


def test_every_key_that_the_code_writes_is_of_a_kind() -> None:
    source = [path.read_text() for folder in ("adapters/dynamodb", "adapters") for path in (CODE / folder).glob("*.py")]
    found = {one or other for text in source for one, other in _ROW.findall(text)}
    assert {"CASE", "ARRIVAL", "LOOKUP", "POLICY", "TALK", "GUESS"} <= found, "this test reads nothing any more"
    assert found - INDEXES - WITHIN <= kinds.ROWS.keys()


def test_every_object_that_the_code_names_stands_in_the_table() -> None:
    found = {name for path in CODE.rglob("*.py") for name in _OBJECT.findall(path.read_text())}
    assert {"webhooks/", "parts/", "anchors/"} <= found
    table = kinds.__doc__ or ""
    assert [name for name in found if f"`{name}" not in table] == []


def test_a_row_carries_its_kinds_number_and_a_kind_without_one_is_not_written() -> None:
    assert Row("CASE#TGP-1", "OUT#1").schema == kinds.ROWS["OUT"]
    assert Row(pk="SEEN#email#1", sk="SEEN", data="x").attribute_values["schema"] == kinds.ROWS["SEEN"]
    with pytest.raises(KeyError):
        Row("CASE#TGP-1", "VOTE#1")
    with pytest.raises(KeyError):
        Row("VOTE#1", "VOTE")


def test_what_an_earlier_release_wrote_is_read_and_what_a_later_one_wrote_is_not() -> None:
    row = Row("CASE#TGP-1", "CASE", data="{}")
    for number in (None, 1, kinds.ROWS["CASE"]):
        row.schema = number
        assert row.content() == {}
    row.schema = kinds.ROWS["CASE"] + 1
    with pytest.raises(Unreadable):
        row.content()


def test_the_release_tells_the_highest() -> None:
    assert max(kinds.ROWS.values()) == kinds.SCHEMA
    assert kinds.ROWS["DESK"] == kinds.ROWS["CASE"], "a case stands whole on each desk"
    assert kinds.ROWS["PARCEL"] >= kinds.ROWS["OUT"], "what is in a parcel is of its release"


def test_contents_of_rows_are_read_past_the_check_nowhere() -> None:
    """`data` itself is looked at where it is no shape of ours: a pointer, a policy, the whole text as a condition."""
    loose = {
        path.name: len(found)
        for folder in ("adapters/dynamodb", "adapters")
        for path in (CODE / folder).glob("*.py")
        if (found := re.findall(r"loads\((?:unpacked\()?\w*row\w*\.data", path.read_text()))
    }
    assert loose == {"policies.py": 2, "rows.py": 1}, "policies judge themselves; histories are checked a line above"
