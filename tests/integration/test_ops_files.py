"""What an export says of itself, and letters that were said again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from infra.ops import export, path, resend
from tanggap.application.export import KINDS, Export
from tanggap.domain.words import Confidentiality
from tests.integration.test_ops_many_letters import refused
from tests.support.ops import Desk, hold
from tests.support.world import World

SAID = pytest.CaptureFixture[str]


def test_a_case_whose_texts_are_withheld_has_the_columns_of_one_whose_are_not() -> None:
    world = World()
    open_, withheld = world.new_case(), world.new_case(sender="budi@warga.example", text="Jangan sebut nama")
    hold(world, withheld, Confidentiality.SECRET)
    of = Export(world.cases, world.policies)
    shown, hidden, plain = of.case(open_, True), of.case(withheld, True), of.case(open_, False)
    assert shown and hidden and plain
    for kind in KINDS:
        columns = {name: [list(row) for row in one.rows[kind]] for name, one in (("a", shown), ("b", hidden))}
        assert columns["b"][0] == columns["a"][0], kind
        added = set(columns["a"][0]) - set(plain.rows[kind][0])
        assert {row[name] for row in hidden.rows[kind] for name in added} <= {None}, kind
        assert bool(added) is (kind != "history")
    assert "Jangan" not in str(hidden)


def test_a_withheld_case_may_be_the_first_of_its_file_and_the_manifest_says_all_that_was_asked_for(
    desk: Desk, tmp_path: Path, capsys: SAID
) -> None:
    world = desk.world
    first = world.new_case(text="Jangan sebut nama")
    second = world.new_case(sender="budi@warga.example", text="Lampu mati")
    hold(world, first, Confidentiality.SECRET)
    why = ("--identities", "--reason", "permintaan inspektorat", "--anonymous-too")
    out = tmp_path / "out"
    assert export.main([*desk.where, "--out", str(out), "--with-texts", "--format", "csv", *why, first, second]) == 0
    with (out / "messages.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [one["case"] for one in rows] == [first, second]
    assert (rows[0]["text"], "Lampu mati" in rows[1]["text"]) == ("", True)
    manifest = json.loads((out / "manifest.json").read_text())
    assert (manifest["format"], manifest["anonymous_too"], manifest["unreadable"]) == ("csv", True, [])


def test_a_letter_that_was_said_again_and_left_waits_for_no_hand(desk: Desk, capsys: SAID) -> None:
    world = desk.world
    number = refused(world, "siti@warga.example", "unavailable")
    world.pump()
    assert path.main([*desk.where, "--no-logs", number]) == 1
    assert "letters 1 that did not arrive" in capsys.readouterr().out
    assert resend.main([*desk.where, "--case", number]) == 0
    world.pump()
    assert path.main([*desk.where, "--no-logs", number]) == 0
    out = capsys.readouterr().out
    assert "did not arrive" not in out
    assert "failed: unavailable" in out, "what happened stays told"
