"""The operator's check of histories, on tables that somebody tampered with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest

from infra.ops.check_history import main
from tests.support.gauging import gauged
from tests.support.world import COORDINATOR, LIAISON, World, fake_aws, table_of


class Desk:
    def __init__(self) -> None:
        self.world = World("dynamodb")
        self.table = table_of(self.world.cases.row.Meta.table_name)
        self.vault = table_of(self.world.vault.row.Meta.table_name)

    def check(self, *arguments: str) -> int:
        return main(["--table", self.table.name, "--vault", self.vault.name, *arguments])

    def worked_on(self) -> str:
        number = self.world.new_case()
        self.world.desk.verify(COORDINATOR, number, "accept", "")
        self.world.desk.assign(COORDINATOR, number, "pu", None, "cek")
        self.world.desk.note(LIAISON, number, "sudah dicek")
        self.world.desk.reply(LIAISON, number, "Sudah beres.", (), final=True)
        self.world.pump()
        return number

    def rows(self, number: str, prefix: str) -> list[dict[str, Any]]:
        key = boto3.dynamodb.conditions.Key
        found = self.table.query(KeyConditionExpression=key("pk").eq(f"CASE#{number}") & key("sk").begins_with(prefix))
        return list(found["Items"])

    def rewrite(self, row: dict[str, Any], change: Any) -> None:
        data = json.loads(row["data"])
        self.table.put_item(Item={**row, "data": json.dumps(change(data) or data)})


@pytest.fixture
def desk() -> Iterator[Desk]:
    with fake_aws():
        yield Desk()


def test_a_sound_history_is_ok(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    number = desk.worked_on()
    assert desk.check(number, number.lower()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{number} ok: ")
    assert "4 texts" in lines[0]  # the report, a note, and the two letters in an officer's words


def test_all_cases_of_a_unit_are_checked_and_one_fault_is_enough(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = {desk.worked_on() for _ in range(3)}
    broken = min(numbers)
    desk.rewrite(desk.rows(broken, "MSG#")[0], lambda data: data.update(text="Semua baik saja."))
    desk.world.new_case()
    assert desk.check("--all-of-unit", "pu") == 1
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} == numbers
    assert [line.split()[0] for line in lines if "FAULT" in line] == [broken]
    assert desk.check("--all-of-unit", "-") == 0


def test_a_letter_that_speaks_for_several_rows_is_no_stray(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = [desk.world.new_case() for _ in range(2)]
    desk.world.sweep(desk.world.later(days=9))
    bundled = [row for number in numbers for row in desk.rows(number, "OUT#") if "bundled" in row["data"]]
    assert bundled
    assert desk.check(*numbers) == 0, capsys.readouterr().out


def _first_entry(**fields: Any) -> Any:
    return lambda entries: entries[0].update(fields)


TAMPERINGS: dict[str, tuple[str, Any, str]] = {
    "an entry": ("HIST#", _first_entry(actor="system"), "was changed"),
    "an entry's time": ("HIST#", _first_entry(at="2020-01-01T00:00:00.000Z"), "was changed"),
    "a removed entry": ("HIST#", lambda entries: entries[1:], "missing"),
    "the chain's end": ("CASE", lambda data: data.update(head="0" * 64), "not the one that the case names"),
    "the count": ("CASE", lambda data: data.update(seq=3), "counts 3 entries"),
    "a citizen's text": ("MSG#", lambda data: data.update(text="lain"), "is not the text"),
    "a citizen's subject": ("MSG#", lambda data: data.update(subject="lain"), "is not the text"),
    "another message": ("MSG#", lambda data: data.update(id="other"), "not in the history"),
    "another letter": ("OUT#", lambda data: data.update(id="other"), "not in the history"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_found(desk: Desk, capsys: pytest.CaptureFixture[str], what: str) -> None:
    prefix, change, fault = TAMPERINGS[what]
    number = desk.worked_on()
    desk.rewrite(desk.rows(number, prefix)[0], change)
    assert desk.check(number) == 1
    line = capsys.readouterr().out
    assert line.startswith(f"{number} FAULT: ")
    assert fault in line
    assert "lain" not in line.replace("claims", "")


def test_a_status_that_was_set_by_hand_is_found(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    number = desk.worked_on()
    (row,) = desk.rows(number, "CASE")
    desk.table.put_item(Item={**row, "state": "closed"})
    assert desk.check(number) == 1
    assert "its status is closed, its history says answered" in capsys.readouterr().out


def test_a_whole_change_that_was_cut_out_is_found(desk: Desk) -> None:
    number = desk.worked_on()
    row = desk.rows(number, "HIST#")[2]
    desk.table.delete_item(Key={"pk": row["pk"], "sk": row["sk"]})
    assert desk.check(number) == 1


def test_a_message_that_was_removed_is_found_and_one_that_was_erased_with_its_salt_is_not_a_fault(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    number = desk.worked_on()
    row = desk.rows(number, "MSG#")[0]
    desk.table.delete_item(Key={"pk": row["pk"], "sk": row["sk"]})
    assert desk.check(number) == 1
    assert "is missing" in capsys.readouterr().out
    salts = desk.vault.get_item(Key={"pk": f"SALT#{number}", "sk": "00000001"})["Item"]
    kept = {seq: salt for seq, salt in json.loads(salts["data"]).items() if seq != "1"}
    desk.vault.put_item(Item={**salts, "data": json.dumps(kept)})
    assert desk.check(number) == 0
    assert "1 erased" in capsys.readouterr().out


def test_a_salt_that_went_without_its_text_is_found(desk: Desk) -> None:
    number = desk.worked_on()
    desk.vault.delete_item(Key={"pk": f"SALT#{number}", "sk": "00000001"})
    assert desk.check(number) == 1


def test_a_number_that_is_none_is_a_fault_and_no_question_a_mistake(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.check("TGP-AAAAAAAAA", "nonsense") == 1
    assert capsys.readouterr().out.count("no such case") == 2
    with pytest.raises(SystemExit) as wrong:
        desk.check()
    assert wrong.value.code == 2


def test_a_table_that_is_not_there_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--table", "nope", "--vault", "nope", "TGP-AAAAAAAAA"]) == 1
    assert "could not go on" in capsys.readouterr().err
    number = desk.worked_on()
    assert main(["--table", desk.table.name, "--vault", "nope", number]) == 1
    assert "could not go on" in capsys.readouterr().err


def test_a_row_that_cannot_be_read_is_a_fault_and_stops_nothing_else(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, sound = desk.worked_on(), desk.worked_on()
    desk.table.put_item(Item={**desk.rows(broken, "HIST#")[0], "data": "{}"})
    desk.table.put_item(Item={**desk.rows(broken, "CASE")[0], "data": "{"})
    assert desk.check(broken, sound) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert "cannot be read" in first
    assert second.startswith(f"{sound} ok")


def test_a_text_that_lies_in_the_bucket_is_checked_there_or_said_to_be_elsewhere(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    long = "Jalan rusak. " * 8_000
    number = desk.world.new_case(text=long)
    assert desk.check(number) == 0
    assert "1 not looked at" in capsys.readouterr().out
    assert desk.check("--attachments", desk.world.files.bucket, number) == 0
    assert "1 texts" in capsys.readouterr().out


def test_an_entry_put_where_the_next_belongs_lets_no_sweep_pass_and_is_told_and_found(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each sweep takes it for somebody who was faster: no run fails, and no step is climbed."""
    number = desk.world.new_case()
    case = desk.world.cases.case(number)
    assert case and case.due_at
    first = desk.rows(number, "HIST#")[0]
    desk.table.put_item(Item={**first, "sk": f"HIST#{case.seq + 1:08d}"})
    for minutes in (1, 60, 121):
        swept = desk.world.sweep(case.due_at + timedelta(minutes=minutes))
        assert (swept.raced, swept.failed, swept.steps) == (1, 0, 0)
    desk.world.now = case.due_at + timedelta(minutes=121)
    assert gauged(desk.world).upkeep == ("deadlines_unwatched",)
    assert desk.check(number) == 1
    assert f"it counts {case.seq} entries" in capsys.readouterr().out
    desk.table.delete_item(Key={"pk": first["pk"], "sk": f"HIST#{case.seq + 1:08d}"})  # the page's step
    swept = desk.world.sweep(desk.world.now)
    assert (swept.raced, swept.steps > 0, gauged(desk.world).upkeep, desk.check(number)) == (0, True, (), 0)
