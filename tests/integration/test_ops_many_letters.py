"""After a fault of ours: all its letters once more, by one command, and none that bounced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.ops import resend
from tanggap.application.failures import Undeliverable
from tanggap.domain.words import DeliveryState
from tests.support.ops import Desk, running_desk
from tests.support.world import World

SAID = pytest.CaptureFixture[str]
DAY = "2026-11-21"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with running_desk(tmp_path, datetime(2026, 11, 20, 3, tzinfo=UTC)) as found:
        yield found


def refused(world: World, sender: str, reason: str) -> str:
    """A case whose acknowledgement ended so."""
    world.post.failures = [Undeliverable(reason)]
    number = world.arrive(world.mail(sender=sender)).case
    world.deliver(next(one for one in world.cases.file(number).deliveries if one.reporter))
    return number


def test_a_period_s_letters_go_again_by_reason_once_and_a_dry_run_sends_none(desk: Desk, capsys: SAID) -> None:
    world = desk.world
    refused(world, "sebelum@warga.example", "unavailable")  # a day too early
    world.later(days=1)
    ours = [refused(world, f"w{one}@warga.example", "unavailable") for one in range(3)]
    refused(world, "mati@warga.example", "bounce 5.1.1")
    world.later(days=1)
    refused(world, "sesudah@warga.example", "unavailable")
    period = ("--from", DAY, "--to", DAY)
    assert resend.main([*desk.where, *period, "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "3 would go again, 1 stay, 0 cannot" in out
    assert "1 stay: bounce (--reason bounce)" in out
    assert "warga.example" not in out
    assert world.outbox() == [], "nothing went"
    assert resend.main([*desk.where, *period]) == 0
    assert "3 go again" in capsys.readouterr().out
    world.pump()
    assert sorted(one.to_address for one in world.outbox() if "warga" in one.to_address) == [
        f"w{one}@warga.example" for one in range(3)
    ]
    assert resend.main([*desk.where, *period]) == 0
    assert "0 go again, 1 stay" in capsys.readouterr().out, "each once"
    for number in ours:
        assert [one.event for one in world.cases.file(number).history].count("sent_again") == 1
    assert resend.main([*desk.where, *period, "--reason", "bounce", "--dry-run"]) == 0
    assert "1 would go again, 0 stay" in capsys.readouterr().out


def test_the_word_to_the_desk_about_a_letter_that_had_not_gone_is_not_repeated(desk: Desk, capsys: SAID) -> None:
    world = desk.world
    number = refused(world, "siti@warga.example", "unavailable")
    world.post.failures = [Undeliverable("unavailable")]
    world.pump()
    states = {str(one.purpose): one.state for one in world.cases.file(number).deliveries}
    assert states["undelivered"] is states["acknowledgement"] is DeliveryState.FAILED
    assert resend.main([*desk.where, "--from", str((world.now - timedelta(days=1)).date())]) == 0
    assert "1 go again, 0 stay, 0 cannot" in capsys.readouterr().out


def test_a_question_that_names_no_period_or_two_things_is_wrong(desk: Desk) -> None:
    for wrong in ([], ["--reason", "unavailable"], ["--from", DAY, "--case", "x"], ["--to", DAY, "a/b"]):
        with pytest.raises(SystemExit):
            resend.main([*desk.where, *wrong])
