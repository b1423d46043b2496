"""New cases told to the desk, by the hour or at once: each once, and of machines and forgers nothing."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tanggap.application.record import Heard
from tanggap.domain.inbound import Authenticity
from tanggap.domain.words import Channel, Priority, Purpose
from tests.support.digests import ADM, KOOR, PU, assigned, local, offices_rows, quiet, with_policy
from tests.support.world import COORDINATOR, POLICY, World


def notices(world: World, to: str = KOOR) -> list[Any]:
    return [one for one in world.outbox(to) if "baru" in one.subject and "Ringkasan" not in one.subject]


def test_new_cases_of_an_hour_go_in_one_letter_at_the_full_hour(world: World) -> None:
    quiet(world)
    first, second = world.new_case(), world.new_case()
    assert notices(world) == []
    world.now = local(23, "10:45")
    assert world.digest().letters == 0
    world.now = local(23, "11:00")
    world.digest()
    world.pump()
    (letter,) = notices(world)
    assert "2 laporan baru" in letter.subject
    assert first in letter.text
    assert second in letter.text
    world.now = local(23, "12:00")
    assert world.digest().letters == 0


def test_what_comes_at_night_is_told_when_the_office_opens(world: World) -> None:
    quiet(world)
    world.now = local(23, "22:00")
    world.new_case()
    for clock in ("22:15", "22:45"):
        world.now = local(23, clock)
        assert world.digest().letters == 0
    world.now = local(24, "08:00")
    world.digest()
    world.pump()
    assert len(notices(world)) == 1


def test_what_the_coordinator_took_up_before_is_not_announced(world: World) -> None:
    quiet(world)
    assigned(world)
    world.now = local(23, "11:00")
    assert world.digest().letters == 0


def test_a_case_that_is_being_written_down_as_the_hour_strikes_goes_with_the_next(world: World) -> None:
    quiet(world)
    world.now = local(23, "10:57")
    world.new_case()
    world.now = local(23, "11:00")
    assert world.digest().letters == 0
    world.now = local(23, "12:00")
    world.digest()
    world.pump()
    assert len(notices(world)) == 1


@pytest.mark.parametrize("hours", [1, 4])
def test_an_hours_letter_goes_once_also_after_an_outage(world: World, hours: int) -> None:
    quiet(world)
    numbers = {world.new_case() for _ in range(3)}
    world.now = local(23, "10:00") + timedelta(hours=hours)
    for _ in range(3):
        world.digest()
        world.pump()
        world.later(minutes=15)
    (letter,) = notices(world)
    assert all(number in letter.text for number in numbers)


def test_what_an_officer_recorded_is_announced_to_nobody(world: World) -> None:
    quiet(world)
    heard = Heard(channel=Channel.PHONE, received_at=world.now, text="Pipa bocor.")
    world.desk.record(COORDINATOR, heard)
    world.now = local(23, "11:00")
    assert world.digest().letters == 0


@pytest.mark.parametrize(("choice", "told_now"), [("at_once", True), ("hourly", False)])
def test_what_looked_like_a_lists_mail_is_announced_when_it_proves_to_be_a_persons(
    world: World, choice: str, told_now: bool
) -> None:
    with_policy(world, digests={"new_cases": choice})
    quiet(world)
    mail = world.mail()
    world.arrive(replace(mail, automatic="list"), "mail/a")
    world.pump()
    assert notices(world) == []
    world.arrive(mail, "mail/b")
    world.pump()
    assert bool(notices(world)) is told_now
    world.now = local(23, "11:00")
    world.digest()
    world.pump()
    assert len(notices(world)) == 1


@pytest.mark.parametrize("mark", ["forged", "throttled"])
def test_neither_a_forger_nor_who_writes_too_often_rings_at_once(mark: str) -> None:
    world = World("memory")
    with_policy(world, digests={"new_cases": "at_once"})
    quiet(world)
    if mark == "forged":
        world.arrive(world.mail(authenticity=Authenticity(dmarc="FAIL", policy="reject")))
        numbers = 1
    else:
        numbers = world.policies.current().intake.answers_per_hour + 2
        for _ in range(numbers):
            world.arrive(world.mail())
    world.pump()
    rung = len(notices(world))
    assert rung == (0 if mark == "forged" else world.policies.current().intake.answers_per_hour)
    world.now = local(23, "11:00")
    world.digest()
    world.pump()
    assert f"{numbers - rung} laporan baru" in notices(world)[-1].subject


def test_an_urgent_forgery_rings_all_the_same(world: World) -> None:
    """A life may hang on it, and many a domain signs badly."""
    quiet(world)
    burning = "Tolong, rumah kami kebakaran sekarang, ada orang terjebak di dalam!"
    world.arrive(world.mail(burning, authenticity=Authenticity(dmarc="FAIL", policy="reject")))
    world.pump()
    assert len(notices(world)) == 1


def test_an_urgent_case_rings_at_once_at_any_hour(world: World) -> None:
    quiet(world)
    world.now = local(22, "02:00")
    number = world.new_case(text="Tolong, rumah kami kebakaran sekarang, ada orang terjebak di dalam!")
    assert world.cases.case(number).priority == Priority.URGENT
    (letter,) = notices(world)
    assert letter.subject == f"[{number}] MENDESAK: laporan baru"
    assert letter.case == number
    world.now = local(23, "08:00")
    world.digest()
    world.pump()
    assert len(notices(world)) == 1, "not a second time with the hour's"


def test_an_agency_may_hear_of_each_case_at_once(world: World) -> None:
    quiet(world)
    with_policy(world, digests={"new_cases": "at_once"})
    number = world.new_case(subject="Jembatan putus")
    (letter,) = notices(world)
    assert number in letter.subject
    assert "Jembatan putus" in letter.text
    world.now = local(23, "11:00")
    assert world.digest().letters == 0


def test_nobody_is_told_of_a_machines_mail(world: World) -> None:
    """Its next one would answer our notice."""
    quiet(world)
    with_policy(world, digests={"new_cases": "at_once"})
    world.arrive(world.mail("Saya cuti.", sender=KOOR, automatic="reply"))
    world.pump()
    for at in (local(23, "11:00"), local(24, "07:30"), local(24, "08:00")):
        world.now = at
        world.digest()
        world.pump()
    assert {one.to_address for one in world.post.sent} <= {KOOR}
    assert all(", 0 baru" in one.subject for one in world.post.sent), "due it is, as any case, but no news"


def test_a_unit_that_wants_to_hears_by_the_hour_of_what_is_assigned_to_it(world: World) -> None:
    quiet(world)
    units = copy.deepcopy(POLICY["units"])
    units[0]["new_cases"] = "hourly"
    with_policy(world, units=units)
    quiet_one, loud = assigned(world, "pu"), assigned(world, "adm")
    assert world.outbox(PU) == []
    assert any(loud in one.subject for one in world.outbox(ADM))
    world.now = local(23, "11:00")
    world.digest()
    world.pump()
    (letter,) = notices(world, PU)
    assert quiet_one in letter.text


def test_a_flood_is_one_letter_that_lists_a_hundred() -> None:
    world = World("memory")
    quiet(world)
    for _ in range(104):
        world.arrive(world.mail(sender=f"warga{world.made}@rumah.example"))
    world.now = local(23, "11:00")
    world.digest()
    (row,) = (row for row in offices_rows(world) if row.purpose is Purpose.NEW_CASES)
    assert "104 laporan baru" in row.subject
    assert "dan 4 lagi" in row.text
