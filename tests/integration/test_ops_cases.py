"""What an operator asks of cases: their path, letters once more, histories against their anchors, files of a period."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.ops import anchor, check_history, export, path, resend
from infra.ops.check_history import check
from infra.ops.resend import Resend
from tanggap.adapters.memory_stores import MemoryLocked
from tanggap.application.anchors import Anchor, against
from tanggap.application.failures import Undeliverable
from tanggap.domain.errors import NotAllowed
from tanggap.domain.words import DeliveryState, Reason, Status
from tests.support.ops import Desk
from tests.support.world import COORDINATOR, LIAISON, World, aws

SAID = pytest.CaptureFixture[str]
#: What nobody may read in an operator's terminal.
PERSONAL = ("siti@", "aminah", "warga.example", "rusak", "jalan di", "kantor.example", "beres")


def worked_on(world: World) -> str:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "cek")
    world.desk.reply(LIAISON, number, "Sudah beres.", (), final=True)
    world.pump()
    return number


def refused_once(world: World) -> tuple[str, str]:
    """A case whose acknowledgement the mail service refused, and that letter's id."""
    world.post.failures = [Undeliverable("rejected")]
    number = world.new_case()
    file = world.cases.file(number)
    (row,) = [one for one in file.deliveries if one.state is DeliveryState.FAILED]
    return number, row.id


def quiet(said: str) -> bool:
    return [word for word in PERSONAL if word in said.lower()] == []


# -- path


def test_a_case_s_path_is_one_time_line_of_arrivals_history_and_letters_and_names_nobody(
    desk: Desk, capsys: SAID
) -> None:
    number = worked_on(desk.world)
    assert path.main([*desk.where, "--no-logs", number.lower()]) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert lines[0].startswith(f"{number} answered: complaint by email, unit pu")
    assert any(line.startswith("clock resolve met") for line in lines)
    timed = [line for line in lines if line[:2] == "20"]
    assert timed == sorted(timed, key=lambda line: line[:24])
    kinds = {line.split()[1] for line in timed}
    assert kinds == {"arrival", "message", "letter", "history"}
    assert "filed/new_case" in out
    assert "acknowledgement to reporter by email, sent, 1 attempts" in out
    assert quiet(out)


def test_a_letter_that_failed_is_shown_and_no_success(desk: Desk, capsys: SAID) -> None:
    number, key = refused_once(desk.world)
    assert path.main([*desk.where, "--no-logs", number]) == 1
    out = capsys.readouterr().out
    assert f"letters 1 that did not arrive: {key}" in out
    assert "failed: rejected" in out


def test_an_arrival_s_path_says_what_became_of_it(desk: Desk, capsys: SAID) -> None:
    desk.parked("mail/p", Reason.FAILING)
    assert path.main([*desk.where, "--no-logs", "mail/p"]) == 1
    assert "mail/p parked/failing" in capsys.readouterr().out
    number = desk.world.arrive(desk.world.mail(), "mail/q").case
    assert path.main([*desk.where, "--no-logs", "mail/q"]) == 0
    out = capsys.readouterr().out
    assert "its raw object is not there any more" in out
    assert f"its case: {number}" in out
    assert path.main([*desk.where, "--no-logs", "mail/nope"]) == 1
    assert path.main([*desk.where, "siti@warga.example"]) == 2


def test_log_lines_stand_in_the_time_line_by_level_code_and_facts_alone(desk: Desk, capsys: SAID) -> None:
    number = desk.world.new_case()
    group, logs = "/aws/lambda/desk-intake", aws("logs")
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    now = int(datetime.now(UTC).timestamp() * 1000)
    told = {"level": "INFO", "code": "arrival_read", "case": number, "outcome": "filed", "note": "siti@warga.example"}
    said = [json.dumps(told), f"Traceback {number} siti@warga.example", '{"level": "INFO", "code": "other"}']
    events = [{"timestamp": now, "message": message} for message in said]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)
    assert path.main([*desk.where, number]) == 0
    out = capsys.readouterr().out
    assert f"intake: INFO arrival_read, case {number}, outcome filed" in out
    assert "intake: a line of the runtime's own" in out
    assert quiet(out)


# -- resend


def test_a_letter_that_failed_goes_once_more_and_the_history_says_so(desk: Desk, capsys: SAID) -> None:
    world = desk.world
    number, key = refused_once(world)
    sent = len(world.outbox("siti@warga.example"))
    assert resend.main([*desk.where, "--dry-run", "--case", number]) == 0
    assert "would go again" in capsys.readouterr().out
    assert resend.main([*desk.where, f"{number}/{key}"]) == 0
    world.pump()
    assert len(world.outbox("siti@warga.example")) == sent + 1
    file = world.cases.file(number)
    wanted, entry = file.history[-2:]
    again = next(one for one in file.deliveries if one.again_of == key)
    assert (wanted.event, wanted.actor, wanted.data["former"]) == ("resent", "officer:operator", key)
    assert (entry.event, entry.data["former"], again.state) == ("sent_again", key, DeliveryState.SENT)
    assert check(file, world.vault.salts(number)).faults == ()
    assert quiet(capsys.readouterr().out)


def test_what_was_sent_is_not_sent_again_nor_what_was_repeated(desk: Desk, capsys: SAID) -> None:
    number, key = refused_once(desk.world)
    assert resend.main([*desk.where, "--case", number]) == 0
    assert resend.main([*desk.where, f"{number}/{key}"]) == 1
    assert "it was repeated as" in capsys.readouterr().out
    assert resend.main([*desk.where, "--case", number]) == 0  # none is left
    other = worked_on(desk.world)
    letter = desk.world.cases.file(other).deliveries[0].id
    assert resend.main([*desk.where, f"{other}/{letter}", f"{other}/nope"]) == 1
    out = capsys.readouterr().out
    assert "only what failed or is held goes again" in out
    assert "no such letter" in out
    assert resend.main([*desk.where, "x/y"]) == 2


def test_where_nobody_is_known_nothing_can_go_again() -> None:
    world = World()
    number, key = refused_once(world)
    file = world.cases.file(number)
    nobody = tuple(replace(one, reporter="") if one.id == key else one for one in file.deliveries)
    again = Resend(world.cases, world.policies, world.ids, world.clock)
    with pytest.raises(NotAllowed, match="no reporter"):
        again.may(replace(file, deliveries=nobody), key)


# -- anchors


def anchored(world: World) -> Anchor:
    return Anchor(world.cases, world.cases, world.policies, MemoryLocked(world.clock), world.clock)


def test_what_changed_since_the_last_anchor_is_anchored_once_a_day_and_nothing_twice(world: World) -> None:
    first, second = worked_on(world), world.new_case()
    world.later(days=2)
    anchor_ = anchored(world)
    assert anchor_().cases == 2
    assert anchor_().key == ""  # the day has its own
    world.later(days=3)
    world.desk.note(COORDINATOR, second, "tanya dulu")
    world.later(hours=1)
    done = anchor_()
    assert (done.key, done.cases) == ("anchors/2026-11-28.json", 1)
    heads = anchor_.anchors.held().heads
    assert {number: len(of) for number, of in heads.items()} == {first: 1, second: 2}
    for number in (first, second):
        assert against(heads[number], world.cases.file(number).history) == ()


def test_a_late_message_on_a_case_that_ended_long_ago_is_anchored_by_the_ledger() -> None:
    world = World()
    number = worked_on(world)
    world.desk.set_status(COORDINATOR, number, Status.CLOSED, "selesai")
    anchor_ = anchored(world)
    anchor_()
    world.later(days=400)
    assert anchor_.anchors.store.put_new(
        "anchors/2027-12-28.json", _anchor_of(anchor_)
    )  # those in between found nothing
    world.later(hours=2)
    robot = world.mail(sender="robot@lain.example", recipients=(world.reply_address(number),), automatic=True)
    assert world.arrive(robot).case == number
    before = world.cases.case(number).seq
    world.later(days=1)
    assert anchor_().cases == 1
    assert before in anchor_.anchors.held().heads[number]


def _anchor_of(anchor_: Anchor) -> bytes:
    until = anchor_.clock().isoformat()
    body = {"v": 1, "until": until, "before": anchor_.last().digest, "table": "", "whole": False, "cases": []}
    return json.dumps(body).encode()


def test_a_history_that_was_written_anew_is_found_by_its_anchor_alone(desk: Desk, capsys: SAID) -> None:
    world = desk.world
    number, other = worked_on(world), world.new_case()
    assert anchor.main(["write", *desk.where, "--dry-run"]) == 0
    assert "the heads of 2 cases would be anchored" in capsys.readouterr().out
    assert anchor.main(["write", *desk.where]) == 0
    capsys.readouterr()
    for asked in (["--dry-run"], []):
        assert anchor.main(["write", *desk.where, *asked]) == 0
        assert capsys.readouterr().out == "this day has its anchor: nothing to do\n"
    assert anchor.main(["write", *desk.where, "--whole", "--dry-run"]) == 0
    assert capsys.readouterr().out == "the heads of 2 cases would be anchored\n"
    assert anchor.main(["write", *desk.where, "--whole"]) == 0
    assert capsys.readouterr().out.endswith(".json: the heads of 2 cases\n")
    assert anchor.main(["verify", *desk.where]) == 0
    assert "2 cases held against their anchors, 0 with faults" in capsys.readouterr().out
    _written_anew(world, number)
    capsys.readouterr()
    where = ["--table", world.cases.row.Meta.table_name, "--vault", world.vault.row.Meta.table_name]
    assert check_history.main([*where, number]) == 0  # by itself it is sound
    assert check_history.main([*where, "--anchors", desk.anchors, number, other]) == 1
    assert anchor.main(["verify", *desk.where]) == 1
    out = capsys.readouterr().out
    assert f"{number} FAULT: it had" in out
    assert "1 with faults" in out


def _written_anew(world: World, number: str) -> None:
    """Whoever may write the table cuts the last entries off, and the case with them."""
    from tanggap.adapters.dynamodb import rows

    table = aws("dynamodb")
    name = world.cases.row.Meta.table_name
    file = world.cases.file(number)
    status = next(place for place, one in enumerate(file.history) if one.event == "status")
    kept = file.history[:status]
    for row in world.cases.row.query(f"CASE#{number}"):
        if not row.sk.startswith(("CASE", "HIST")):
            continue
        table.delete_item(TableName=name, Key={"pk": {"S": row.pk}, "sk": {"S": row.sk}})
    for row in rows.history_rows(world.cases.row, number, kept):
        row.save()
    named = {value for one in kept for value in one.data.values()}
    for row in world.cases.row.query(f"CASE#{number}"):
        if row.sk.startswith(("MSG", "OUT")) and row.sk.rpartition("#")[2] not in named:
            row.delete()
    cut = replace(file.case, seq=len(kept), head=kept[-1].hash, status="new")
    rows.case_row(world.cases.row, replace(cut, status=type(file.case.status)("new"))).save()
    for row in list(world.vault.row.query(f"SALT#{number}")):
        salts = {seq: salt for seq, salt in json.loads(row.data).items() if int(seq) <= len(kept)}
        row.data = json.dumps(salts)
        row.save()


def test_an_anchor_that_was_left_out_or_changed_is_told() -> None:
    world = World()
    world.new_case()
    anchor_ = anchored(world)
    for _ in range(3):
        anchor_()
        world.later(days=1)
    anchors, bodies = anchor_.anchors, anchor_.anchors.store.bodies
    assert (len(anchors.keys()), anchors.held().faults) == (3, ())
    del bodies[1]
    assert anchors.held().faults == ("the anchor anchors/2026-11-25.json does not follow the one before it",)


# -- export


def exported(desk: Desk, out: Path, *more: str) -> int:
    today = desk.world.now.date()
    period = ("--from", str(today - timedelta(days=1)), "--to", str(today + timedelta(days=1)))
    return export.main([*desk.where, *period, "--out", str(out), *more])


def rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_period_is_written_as_lines_and_tables_without_a_word_of_anybody(
    desk: Desk, tmp_path: Path, capsys: SAID
) -> None:
    number = worked_on(desk.world)
    out = tmp_path / "out"
    assert exported(desk, out, "--dry-run") == 0
    assert not out.exists()
    assert exported(desk, out) == 0
    assert [one["number"] for one in rows(out / "cases.jsonl")] == [number]
    assert {one["case"] for one in rows(out / "history.jsonl")} == {number}
    with (out / "deliveries.csv").open(encoding="utf-8-sig", newline="") as file:
        purposes = {one["purpose"] for one in csv.DictReader(file)}
    assert {"acknowledgement", "answer"} <= purposes
    everything = "".join(file.read_text("utf-8-sig") for file in out.iterdir())
    assert quiet(everything.replace("jalan", ""))  # a category's id
    assert desk.world.cases.case(number).reporter not in everything
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["counts"]["cases"] == 1
    assert set(manifest["sha256"]) == {file.name for file in out.iterdir()} - {"manifest.json"}
    assert (out / "cases.csv").stat().st_mode & 0o077 == 0
    assert exported(desk, out) == 2  # it holds something already


def test_texts_come_only_when_asked_for_never_of_a_secret_case_and_no_cell_is_a_formula(
    desk: Desk, tmp_path: Path, capsys: SAID
) -> None:
    world = desk.world
    open_ = world.new_case(text="=HYPERLINK(1)\nJalan rusak", full_text="")
    secret = world.new_case(text="Jangan sebut nama", sender="budi@warga.example")
    file = world.cases.file(secret)
    case = replace(file.case, confidentiality=type(file.case.confidentiality)("secret"), version=file.case.version + 1)
    from tanggap.domain.case import Change

    world.cases.commit(Change(case=case, expected=file.case.version))
    out = tmp_path / "out"
    assert exported(desk, out, "--with-texts") == 0
    by_case = {one["case"]: one for one in rows(out / "messages.jsonl")}
    assert by_case[open_]["text"].startswith("=HYPERLINK")
    assert (by_case[secret]["text"], "Jangan" in (out / "deliveries.jsonl").read_text()) == (None, False)
    with (out / "messages.csv").open(encoding="utf-8-sig", newline="") as file_:
        cells = {one["case"]: one["text"] for one in csv.DictReader(file_)}
    assert cells[open_].startswith("'=HYPERLINK")
    assert "texts withheld: 1" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["=1", "+1", "-1", "@x"])
def test_each_beginning_of_a_formula_is_quoted_and_numbers_stay(value: str) -> None:
    assert export.cell(value) == f"'{value}"
    assert (export.cell(-1), export.cell("a=1"), export.cell(None), export.cell(["=1"])) == (-1, "a=1", None, '["=1"]')


def test_who_reported_is_a_file_of_its_own_and_each_look_stands_in_its_history(
    desk: Desk, tmp_path: Path, capsys: SAID
) -> None:
    world = desk.world
    number = world.new_case()
    with pytest.raises(SystemExit):
        exported(desk, tmp_path / "a", "--identities")
    out = tmp_path / "b"
    assert exported(desk, out, "--identities", "--reason", "kebocoran data 2026-11, laporan ke KPDP") == 0
    (found,) = rows(out / "identities.jsonl")
    assert (found["case"], found["address"]) == (number, "siti@warga.example")
    file = world.cases.file(number)
    entry = file.history[-1]
    assert (entry.event, entry.actor, entry.data["door"]) == ("identity_read", "officer:operator", "export")
    assert check(file, world.vault.salts(number)).faults == ()
    assert entry.seq in {one["seq"] for one in rows(out / "history.jsonl")}
    assert quiet(capsys.readouterr().out)
