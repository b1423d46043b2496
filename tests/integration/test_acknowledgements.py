"""A reporter's "ok": filed like thanks, and moves nothing. What says more brings the case back as before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tanggap.domain.case import Case
from tanggap.domain.clocks import ClockName, ClockState
from tanggap.domain.inbound import File
from tanggap.domain.words import Purpose, Reason, Status
from tests.support.world import COORDINATOR, World


def answered(world: World) -> str:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.reply(COORDINATOR, number, "Jalan sudah kami tambal.", (), True)
    world.pump()
    world.later(hours=3)
    return number


def closed(world: World) -> str:
    number = answered(world)
    world.run_until(world.now + timedelta(days=20), timedelta(hours=12))
    assert world.cases.case(number).status is Status.CLOSED
    return number


def rejected(world: World) -> str:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "reject", "Bukan kewenangan kami.")
    world.pump()
    return number


def asked(world: World) -> str:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "incomplete", "Bolehkah petugas menelepon Anda?")
    world.pump()
    return number


def worked_on(world: World) -> str:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    return number


def write(world: World, number: str, text: str, **more: Any) -> tuple[Case, list[str]]:
    """(the case, the purposes of what was sent because of it)."""
    before = {row.id for row in world.deliveries()}
    given = {"recipients": (world.reply_address(number),), "subject": f"Re: [{number}] Tanggapan", **more}
    result = world.arrive(world.mail(text, **given))
    assert (result.case, result.reason) == (number, Reason.REPLY)
    world.pump()
    return world.cases.case(number), [str(row.purpose) for row in world.deliveries() if row.id not in before]


@pytest.mark.parametrize("state", [answered, closed, rejected, worked_on])
@pytest.mark.parametrize("text", ["ok", "Oke siap", "baik pak", "sip 👍"])
def test_ok_moves_nothing_and_rings_nowhere(state: Any, text: str) -> None:
    world = World()
    number = state(world)
    was = world.cases.case(number)
    now, told = write(world, number, text)
    assert (now.status, now.clocks, now.marks, told) == (was.status, was.clocks, was.marks, [])
    (entry,) = (one for one in world.cases.file(number).history if one.data.get("acknowledged"))
    assert entry.data["acknowledged"] == "yes" and "thanks" not in entry.data


def test_where_details_were_asked_for_it_answers_nothing_but_an_officer_sees_it(world: World) -> None:
    number = asked(world)
    was = world.cases.case(number)
    now, told = write(world, number, "ok pak")
    assert (now.status, now.clocks, told) == (Status.NEEDS_INFO, was.clocks, [Purpose.NEW_MESSAGE])
    now, _ = write(world, number, "Boleh, nomor saya ada pada RT.")
    assert now.status is Status.NEW
    running = {one.name for one in now.clocks if one.state is ClockState.RUNNING}
    assert ClockName.VERIFY in running


@pytest.mark.parametrize("text", ["ok?", "ok tapi belum selesai", "Oke, kapan dicat?", "iya", "Baik pak, saya tunggu"])
def test_what_says_more_than_ok_brings_an_answered_case_back(world: World, text: str) -> None:
    number = answered(world)
    now, told = write(world, number, text)
    assert now.status is Status.IN_PROGRESS and told


@pytest.mark.parametrize(
    "more",
    [
        {"files": (File("foto.jpg", "image/jpeg", 3, "d1", b"abc"),)},
        {"left_out": ("video.mp4",), "left_out_count": 1},
        {"subject": "Lampu di RT 5 mati"},
    ],
)
def test_ok_beside_a_photo_or_below_another_matter_is_more(more: dict[str, Any]) -> None:
    world = World()
    now, _ = write(world, answered(world), "ok", **more)
    assert now.status is Status.IN_PROGRESS


def test_thanks_that_may_be_the_answer_to_what_was_asked_are_shown_to_an_officer(world: World) -> None:
    number = asked(world)
    was = world.cases.case(number)
    now, told = write(world, number, "Ya, terima kasih")
    assert (now.status, now.clocks, told) == (Status.NEEDS_INFO, was.clocks, [Purpose.NEW_MESSAGE])
