"""One ledger row that a newer release wrote, read by this one after a roll-back: it counts, and stops nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from infra.ops import path, replay
from infra.ops.health import looked
from tanggap.application.ledger_desk import LedgerDesk
from tanggap.domain.case import Received
from tanggap.domain.words import Channel, Outcome, Reason
from tests.support.gauging import gauged, note
from tests.support.ops import Desk
from tests.support.world import COORDINATOR, World, fake_aws

NEWER, LATER = "mail/newer", "mail/later"


def rewritten(world: World, name: str = NEWER, schema: int | None = None) -> None:
    """The row as a newer release leaves it: with a reason that this one does not know, or in another shape."""
    row = next(iter(world.cases.row.query(f"ARRIVAL#{name}")))
    row.data = row.data if schema else row.data.replace('"unreadable"', '"a_newer_reason"')
    row.schema = schema or row.schema
    row.save()


@pytest.mark.parametrize("worlds", ["dynamodb"], indirect=True)
def test_it_is_listed_counted_shown_and_known_as_read(world: World) -> None:
    for name in (NEWER, LATER, "mail/1"):
        note(world, Reason.UNREADABLE, name)
    rewritten(world)
    rewritten(world, LATER, 99)
    page = world.cases.received(Outcome.PARKED, world.now - timedelta(days=1), world.now, None, 10)
    assert {(row.arrival, row.reason) for row in page.rows} == {
        (NEWER, "unknown"),
        (LATER, "unknown"),
        ("mail/1", "unreadable"),
    }
    assert {row.at for row in page.rows} == {world.now}
    assert gauged(world).figures["ParkedLately"] == 3
    (row,) = world.cases.of(NEWER)
    assert (row.outcome, row.reason, row.at) == (Outcome.PARKED, Reason.UNKNOWN, world.now)
    desk = LedgerDesk(world.cases, world.arrivals, world.reread, world.clock)
    assert [one.arrival for one in desk.arrival(COORDINATOR, NEWER)] == [NEWER]
    again = Received(
        arrival=NEWER, channel=Channel.EMAIL, at=world.now, size=1, outcome=Outcome.FILED, reason=Reason.REPLY
    )
    assert not world.cases.note(again), "what it guards is not read twice"


def test_operators_commands_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with fake_aws():
        desk = Desk(tmp_path)
        world = desk.world
        for name in (NEWER, "mail/1"):
            note(world, Reason.UNREADABLE, name)
        rewritten(world)
        since = ["--from", world.now.date().isoformat()]
        assert replay.main(["--dry-run", *since, *desk.where]) == 0
        assert path.main(["--no-logs", NEWER, *desk.where]) == 1
        said = capsys.readouterr().out
        assert f"{NEWER} parked/unknown: would be announced" in said and "its raw object is not there" in said


def test_a_line_of_health_that_is_of_no_form_we_know_hides_none_of_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = World()
    note(world, Reason.UNREADABLE, "mail/1")
    world.cases.keep_report({"at": "of no form", "balanced": True})

    def client(name: str) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied"}}, name)

    stack = SimpleNamespace(
        name="desk",
        parts=SimpleNamespace(cases=world.cases, policies=world.policies),
        client=client,
        need=lambda output: output,
        get=lambda output: "",
        resource=lambda name: "",
    )
    assert looked(stack, 36_500) == 1  # type: ignore[arg-type]
    said = capsys.readouterr().out
    assert "! ledger     cannot be looked at (ValueError)" in said
    assert "1 unreadable" in said and "want a hand" in said
