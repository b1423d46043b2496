"""Who asked not to be named, or to be kept secret, is in a file of who reported only where an operator says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tanggap.application.export import Identities
from tanggap.domain.errors import Forbidden
from tanggap.domain.words import Confidentiality
from tests.integration.test_ops_cases import exported, rows
from tests.support.ops import Desk, hold
from tests.support.world import COORDINATOR, CUSTODIAN, World

REASON = "kebocoran data 2026-11, laporan ke KPDP"


def last_event(world: World, number: str) -> str:
    event: str = world.cases.file(number).history[-1].event
    return event


@pytest.mark.parametrize("level", [Confidentiality.ANONYMOUS, Confidentiality.SECRET])
def test_only_the_custodian_reads_who_asked_not_to_be_named_and_nobody_else_leaves_an_entry(
    level: Confidentiality,
) -> None:
    world = World("memory")
    number = world.new_case()
    hold(world, number, level)
    look = Identities(world.cases, world.vault, world.policies, world.ids, world.clock)
    with pytest.raises(Forbidden):
        look(COORDINATOR, number, REASON)
    assert last_event(world, number) != "identity_read"
    (found,) = look(CUSTODIAN, number, REASON)
    assert found["address"] == "siti@warga.example"
    assert last_event(world, number) == "identity_read"


def test_an_export_of_who_reported_leaves_out_who_asked_not_to_be_named_unless_that_is_said(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = desk.world.new_case()
    hold(desk.world, number, Confidentiality.ANONYMOUS)
    asked = ("--identities", "--reason", REASON)
    assert exported(desk, tmp_path / "a", *asked) == 0
    assert rows(tmp_path / "a" / "identities.jsonl") == []
    assert "identities withheld: 1" in capsys.readouterr().err
    assert last_event(desk.world, number) != "identity_read"
    assert exported(desk, tmp_path / "b", *asked, "--anonymous-too") == 0
    assert [one["case"] for one in rows(tmp_path / "b" / "identities.jsonl")] == [number]
    assert last_event(desk.world, number) == "identity_read"


def test_where_nobody_says_which_keys_open_the_vault_no_folder_is_made_that_the_next_try_would_refuse(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.world.new_case()
    outputs = json.loads(desk.file.read_text())
    kept = {name: value for name, value in outputs.items() if name not in ("StackName", "LookupSecret")}
    desk.file.write_text(json.dumps(kept))
    assert exported(desk, tmp_path / "a", "--identities", "--reason", REASON) == 2
    assert "LookupSecret" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()
    assert exported(desk, tmp_path / "a") == 0
