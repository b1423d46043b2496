"""The digests through the whole of it: who gets which letter, none where there is nothing to say. The world's first day
is Monday, 2026-11-23, 10:00 in Jakarta."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta

import pytest

from tanggap.domain.digest_letters import office
from tests.support.digests import ADM, KOOR, PU, assigned, digests, local, offices_rows, quiet, sent_digest, with_policy
from tests.support.world import INTAKE, POLICY, World

HEAD_PU, HEAD_ADM, KADES = "kepala-pu@kantor.example", "kepala-adm@kantor.example", "kades@kantor.example"


def told(world: World) -> set[str]:
    return {one.to_address for one in digests(world)}


def test_a_desk_reads_in_the_morning_what_is_late_and_what_is_due(world: World) -> None:
    number = assigned(world)
    world.now = local(24)
    run = world.digest()
    world.pump()
    (letter,) = digests(world, PU)
    assert number in letter.text
    assert "BARU SEJAK RINGKASAN TERAKHIR (1)" in letter.text
    assert (run.failed, run.unfinished) == (0, False)
    assert told(world) >= {PU}
    assert ADM not in told(world)


def test_a_digest_goes_once_whoever_runs_it_and_however_often(world: World) -> None:
    assigned(world)
    world.now = local(24)
    first, second = world.digest(), world.digest()
    third = world.digest(world.later(minutes=15))
    assert first.letters >= 1
    assert (second.letters, third.letters) == (0, 0)
    assert len({row.address for row in offices_rows(world)}) == len(offices_rows(world))


def test_where_there_is_nothing_to_say_no_row_is_written(world: World) -> None:
    quiet(world)
    world.now = local(30)
    assert world.digest().letters == 0
    assert offices_rows(world) == []


def test_what_comes_after_the_hour_waits_for_the_next_day(world: World) -> None:
    world.now = local(24)
    world.digest()
    assigned(world)
    world.now = local(24, "11:15")
    assert world.digest().letters == 0
    world.now = local(25)
    world.digest()
    world.pump()
    assert PU in told(world)


def test_nobody_is_mailed_on_a_free_day(world: World) -> None:
    quiet(world)
    assigned(world)
    for day, month in ((28, 11), (29, 11), (24, 12), (25, 12)):  # a weekend, joint leave, Christmas
        world.now = local(day, "09:00", month)
        assert world.digest().letters == 0, (day, month)
    assert offices_rows(world) == []


@pytest.mark.parametrize(("offset", "due"), [("+08:00", "23:30"), ("+09:00", "22:30")])
def test_half_past_seven_is_the_agencys_own(offset: str, due: str) -> None:
    world = World("memory", {**POLICY, "utc_offset": offset})
    quiet(world)
    assigned(world)
    at = datetime.fromisoformat(f"2026-11-23T{due}:00+00:00")
    world.now = at - timedelta(minutes=15)
    assert world.digest().letters == 0
    world.now = at
    assert world.digest().letters >= 1


def test_heads_and_leadership_read_figures_by_the_week(world: World) -> None:
    quiet(world)
    assigned(world)
    for day in (24, 25, 26, 27):
        world.now = local(day)
        world.digest()
    world.pump()
    assert told(world).isdisjoint({HEAD_PU, HEAD_ADM, KADES})
    world.now = local(30)
    world.digest()
    world.pump()
    (head,), (leader,) = digests(world, HEAD_PU), digests(world, KADES)
    assert "ANGKA Pekerjaan Umum" in head.text
    assert "ANGKA SEMUA UNIT" in leader.text
    assert "Ringkasan mingguan: 1 terbuka" in leader.subject
    assert HEAD_ADM not in told(world), "a unit without a case has nothing to read"


def test_the_leadership_hears_by_the_day_only_of_what_the_ladder_told_it_of(world: World) -> None:
    with_policy(world, digests={"daily": {"to": ["leadership"]}, "weekly": {"to": []}})
    quiet(world)
    number = assigned(world)
    heard: list[bool] = []
    for day in (1, 11, 14, 15, 16, 17, 18):  # resolve is due on Friday the 11th; a unit's follow-up on 30 November
        world.run_until(local(day, month=12), timedelta(hours=12))
        world.sweep()
        clocks = world.cases.case(number).clocks
        by_ladder = any(clock.open and "leadership" in clock.steps_done for clock in clocks)
        world.post.sent.clear()
        world.digest()
        world.pump()
        assert bool(digests(world, KADES)) is by_ladder, day
        heard.append(by_ladder)
    assert {True, False} == set(heard), "both were seen"


def test_a_head_who_asks_for_it_daily_hears_only_of_what_presses(world: World) -> None:
    with_policy(world, digests={"daily": {"to": ["unit_head"]}, "weekly": {"to": []}})
    world.now = local(23, "16:30")
    world.digest()
    assigned(world)
    world.now = local(24)
    number_of_weeks = 0
    while not world.digest().letters:
        assert number_of_weeks < 3, "its deadline comes"
        number_of_weeks += 1
        world.later(days=7)
    assert number_of_weeks > 0, "not in the week in which nothing is due"


def test_a_village_head_with_every_role_reads_one_letter_on_monday(world: World) -> None:
    everybody = "kades@kantor.example"
    unit = {"id": "umum", "name": "Umum", "head": [everybody], "liaisons": [everybody]}
    with_policy(world, coordinator=[everybody], leadership=[everybody], units=[unit], categories=[])
    quiet(world)
    world.now = local(27, "15:00")
    number = world.new_case()
    world.now = local(30)
    world.digest()
    world.pump()
    (letter,) = digests(world)
    assert letter.to_address == everybody
    assert "Ringkasan harian dan mingguan" in letter.subject
    assert number in letter.text
    assert "ANGKA SEMUA UNIT" in letter.text


def test_whoever_stands_in_reads_the_digest(world: World) -> None:
    away = {"address": PU, "deputy": "pengganti@kantor.example", "from": "2026-11-24", "until": "2026-11-24"}
    with_policy(world, absences=[away])
    assigned(world)
    world.now = local(24)
    world.digest()
    world.pump()
    assert "pengganti@kantor.example" in told(world)
    assert PU not in told(world)


def test_a_former_units_case_is_in_the_coordinators_digest(world: World) -> None:
    number = assigned(world)
    adm = copy.deepcopy(POLICY["units"][1])
    with_policy(world, units=[adm], former_units=["pu"], categories=[])
    world.now = local(30)
    world.digest()
    world.pump()
    (letter,) = digests(world, KOOR)
    assert number in letter.text


def test_an_offices_letters_lie_under_its_hash(world: World) -> None:
    quiet(world)
    row = sent_digest(world)
    assert row.case == office(PU)
    assert world.cases.delivery(row.case, row.id) == row
    assert INTAKE not in row.text


def test_the_history_and_the_letters_of_a_case_know_nothing_of_the_digest(world: World) -> None:
    quiet(world)
    number = assigned(world)
    before = world.cases.file(number)
    world.now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    world.digest()
    world.pump()
    after = world.cases.file(number)
    assert (before.history, before.deliveries) == (after.history, after.deliveries)


def test_who_wrote_is_never_named(world: World) -> None:
    quiet(world)
    world.arrive(world.mail(sender="siti@warga.example", name="Siti Aminah"))
    world.now = local(23, "11:00")
    world.digest()
    world.now = local(24)
    world.digest()
    for row in offices_rows(world):
        assert "siti" not in (row.subject + row.text).lower()
