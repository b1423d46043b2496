"""What an inspectorate is shown of a case that is handed to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tanggap.domain.case import Delivery
from tanggap.domain.policy import read_policy
from tanggap.domain.proof import proof
from tanggap.domain.words import DeliveryState, Purpose
from tests.support.world import POLICY, START, World

SIMULATED = START + timedelta(days=30)


def sent(made: datetime, at: datetime | None, key: str = "a", **changes: object) -> Delivery:
    row = Delivery(
        id=key,
        case="x",
        purpose=Purpose.REPLY,
        created_at=made,
        subject="s",
        text="t",
        reporter="r",
        state=DeliveryState.DELIVERED,
        sent_at=at,
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def table(*letters: Delivery) -> list[str]:
    world = World()
    case = world.cases.case(world.new_case())
    policy = read_policy(POLICY, 1)
    text = proof(case, ["verify.breach"], letters, (), policy, lambda version: policy)
    return [line for line in text.splitlines() if " | " in line and not line.startswith("Surat")]


def test_a_letter_tells_when_it_was_made_and_when_it_went() -> None:
    assert table(sent(START, START + timedelta(minutes=5))) == [
        "2026-11-23 10.00 WIB | perkembangan | pelapor | sampai 2026-11-23 10.05 WIB"
    ]


def test_what_is_made_in_simulated_time_is_not_said_to_have_gone_before_it_was_made() -> None:
    """The post tells real time, a month before."""
    rows = table(sent(SIMULATED + timedelta(days=1), START, "b"), sent(SIMULATED, START + timedelta(minutes=1), "a"))
    assert rows == [
        "2026-12-23 10.00 WIB | perkembangan | pelapor | sampai",
        "2026-12-24 10.00 WIB | perkembangan | pelapor | sampai",
    ]


@pytest.mark.parametrize("source", ["the agency's own promise", "janji layanan kami sendiri"])
def test_the_law_is_named_in_indonesian_also_for_clocks_of_before(source: str) -> None:
    world = World()
    case = world.cases.case(world.new_case())
    case = replace(case, clocks=tuple(replace(one, source=source, steps_done=("breach",)) for one in case.clocks))
    policy = read_policy(POLICY, 1)
    text = proof(case, ["verify.breach"], (), (), policy, lambda version: policy)
    assert "dasar: janji layanan kami sendiri" in text
