"""Who asked not to be named, or to be kept secret, is in a file of who reported only where an operator says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tanggap.application.export import Identities
from tanggap.domain.case import Change
from tanggap.domain.errors import Forbidden
from tanggap.domain.words import Confidentiality
from tests.integration.test_ops_cases import exported, rows
from tests.support.ops import Desk, running_desk
from tests.support.world import COORDINATOR, CUSTODIAN, World

REASON = "kebocoran data 2026-11, laporan ke KPDP"


def case_of_one_who_is_not_named(world: World, level: Confidentiality) -> str:
    number = world.new_case()
    case = world.cases.case(number)
    held = replace(case, confidentiality=level, version=case.version + 1)
    world.cases.commit(Change(case=held, expected=case.version))
    return number


def last_event(world: World, number: str) -> str:
    event: str = world.cases.file(number).history[-1].event
    return event


@pytest.mark.parametrize("level", [Confidentiality.ANONYMOUS, Confidentiality.SECRET])
def test_only_the_custodian_reads_who_asked_not_to_be_named_and_nobody_else_leaves_an_entry(
    level: Confidentiality,
) -> None:
    world = World("memory")
    number = case_of_one_who_is_not_named(world, level)
    look = Identities(world.cases, world.vault, world.policies, world.ids, world.clock)
    with pytest.raises(Forbidden):
        look(COORDINATOR, number, REASON)
    assert last_event(world, number) != "identity_read"
    (found,) = look(CUSTODIAN, number, REASON)
    assert found["address"] == "siti@warga.example"
    assert last_event(world, number) == "identity_read"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with running_desk(tmp_path / "desk") as found:
        yield found


def test_an_export_of_who_reported_leaves_out_who_asked_not_to_be_named_unless_that_is_said(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = case_of_one_who_is_not_named(desk.world, Confidentiality.ANONYMOUS)
    asked = ("--identities", "--reason", REASON)
    assert exported(desk, tmp_path / "a", *asked) == 0
    assert rows(tmp_path / "a" / "identities.jsonl") == []
    assert "identities withheld: 1" in capsys.readouterr().err
    assert last_event(desk.world, number) != "identity_read"
    assert exported(desk, tmp_path / "b", *asked, "--anonymous-too") == 0
    assert [one["case"] for one in rows(tmp_path / "b" / "identities.jsonl")] == [number]
    assert last_event(desk.world, number) == "identity_read"
