"""The list of what peers lack names tests that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "tests" / "PEER_DEFECTS.md").read_text(encoding="utf-8")
ROWS = [
    row for row in TEXT.splitlines() if row.startswith("| ") and not row.startswith(("| ---", "| no.", "| defect |"))
]
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TEXT)
#: Wishes that concern mail; what the others are is said at the list's end.
WISHES = {*range(8, 17), 22, 24, 27, *range(29, 33)}


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_named_test_is_there_and_runs(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name]
    assert len(found) == 1
    marks = " ".join(ast.unparse(mark) for mark in found[0].decorator_list)
    assert "skip" not in marks
    assert "xfail" not in marks


def test_every_row_names_a_test_and_every_wish_about_mail_has_a_row() -> None:
    assert all("::test_" in row for row in ROWS)
    assert {int(row.split("|")[1]) for row in ROWS if row.split("|")[1].strip().isdigit()} == WISHES
    assert len(ROWS) > len(WISHES) + 5


def test_every_name_in_the_list_is_one_that_can_be_looked_up() -> None:
    assert len(NAMED) == TEXT.count("::test_")
