"""Who writes too often is filed and not answered, and nobody is silenced in their name."""

from __future__ import annotations

from typing import Any

import pytest

from tanggap.domain.words import Reason
from tests.support.world import FORGED, POLICY, World


def test_a_case_that_rings_all_the_time_is_filed_on_without_ringing(world: World) -> None:
    world.policies.store({**POLICY, "intake": {"notices_per_hour": 2}}, 2)
    number = world.new_case()
    to = (world.reply_address(number),)
    results = [world.arrive(world.mail(f"Halo {n}.", recipients=to)) for n in range(4)]
    assert [one.reason for one in results] == [Reason.REPLY] * 2 + [Reason.THROTTLED] * 2
    file = world.cases.file(number)
    assert len(file.messages) == 5
    assert len([row for row in file.deliveries if row.purpose == "new_message"]) == 2
    assert file.messages[-1].marks == ("throttled",)
    world.later(minutes=61)
    assert world.arrive(world.mail("Lagi.", recipients=to)).reason is Reason.REPLY


def test_one_address_is_answered_so_often_a_day_and_its_mails_are_all_filed(world: World) -> None:
    world.policies.store({**POLICY, "intake": {"answers_per_hour": 2, "answers_per_day": 3}}, 2)
    reasons = []
    for _ in range(3):
        reasons += [world.arrive(world.mail()).reason for _ in range(2)]
        world.later(hours=2)
    world.pump()
    assert [reason is Reason.THROTTLED for reason in reasons] == [False, False, False, True, True, True]
    assert len(world.outbox("siti@warga.example")) == 3
    assert len({*world.cases.cases_of(world.vault.find("siti@warga.example"))}) == 6


def test_two_machines_that_do_not_say_so_stop_answering_each_other() -> None:
    """Whatever we send comes straight back as a fresh mail of its own."""
    world = World()  # the counters behind it have their own tests on the table
    for _ in range(60):
        world.arrive(world.mail("Pesan Anda kami terima.", subject="Re: pesan Anda"))
        world.pump()
    assert len(world.outbox("siti@warga.example")) == 20


@pytest.mark.parametrize("more", [{"authenticity": FORGED}, {"automatic": "list"}], ids=["forged", "automatic"])
def test_nobody_silences_a_citizen_by_writing_in_their_name(world: World, more: dict[str, Any]) -> None:
    for _ in range(25):
        world.arrive(world.mail(**more))
    assert world.arrive(world.mail()).reason is Reason.NEW_CASE
    world.pump()
    assert len(world.outbox("siti@warga.example")) == 1


@pytest.mark.parametrize("more", [{"authenticity": FORGED}, {"sender": "", "name": ""}], ids=["forged", "nobody"])
def test_who_is_not_answered_rings_no_oftener_than_others(world: World, more: dict[str, Any]) -> None:
    number = world.new_case()
    for n in range(12):
        world.arrive(world.mail(f"Halo {n}.", recipients=(world.reply_address(number),), **more))
    file = world.cases.file(number)
    assert len([row for row in file.deliveries if row.purpose == "others_message"]) == 10


def test_no_flood_in_somebodys_name_wears_the_throttle_out() -> None:
    world = World()
    for _ in range(3):
        for _ in range(25):
            world.arrive(world.mail())
        for _ in range(60):
            world.arrive(world.mail(automatic="list"))
    world.pump()
    assert len(world.outbox("siti@warga.example")) == 20


def test_letters_about_what_was_left_out_stand_under_the_same_throttle() -> None:
    world = World()
    number = world.new_case()
    for _ in range(60):
        world.arrive(world.mail("Foto.", recipients=(world.reply_address(number),), doubts=("not_opened",)))
        world.later(minutes=7)
    world.pump()
    assert len(world.outbox("siti@warga.example")) == 50
