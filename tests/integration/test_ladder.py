"""The ladder's letters on their way: one an address, each step once, nothing about what is met."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from tanggap.adapters.memory import MemoryCases
from tanggap.application import release
from tanggap.application.failures import Undeliverable, Wait
from tanggap.application.sweep import Sweep
from tanggap.domain.advance import advance
from tanggap.domain.history import faults_in
from tanggap.domain.inbound import FailedDelivery
from tanggap.domain.ladder import step_at
from tanggap.domain.words import DeliveryState
from tests.support.ladders import BREACH, COORDINATION, DESK, HEAD, file_many, letters_of, sweep_at
from tests.support.world import COORDINATOR, LIAISON, POLICY, START, World, fake_aws


def hurried(world: World, at: datetime) -> Any:
    """A sweep that has time for one case."""
    times = iter([timedelta(seconds=60)])
    work = world.work(remaining=lambda: next(times, timedelta(seconds=15)))
    return Sweep(work, world.cases)(at)


def test_fifty_cases_that_breach_together_give_the_unit_head_one_mail(world: World) -> None:
    many = 50 if isinstance(world.cases, MemoryCases) else 12
    numbers = file_many(world, many)
    swept = sweep_at(world, BREACH)
    world.pump()
    (mail,) = world.outbox(HEAD)
    assert swept.letters == 2  # the desk's reminders and warnings are one mail too
    assert mail.subject == f"[Pemerintah Desa Contoh] {many} laporan memerlukan tindakan: TENGGAT TERLEWAT"
    assert sorted(re.findall(r"TGP-\w{9}", mail.text)) == sorted(numbers)
    assert f"{many} reports need action" in mail.text
    for number in numbers:
        file = world.cases.file(number)
        (row,) = [one for one in file.letters if one.address == HEAD and one.steps]
        assert (row.state, row.steps) == (DeliveryState.SENT, ("first_response.breach",))
        assert "queued" in [entry.event for entry in file.history]
        assert faults_in(number, file.history, file.case.head) == ()
    assert sweep_at(world, BREACH + timedelta(minutes=1)).letters == 0
    assert world.pump() == []


def test_what_becomes_of_a_digest_is_shown_on_each_case_and_its_bounce_is_told_once(world: World) -> None:
    numbers = file_many(world, 3)
    sweep_at(world, BREACH)
    world.pump()
    (digest,) = [row for row in world.deliveries() if row.parts and row.address == HEAD]
    (mail,) = [one for one in world.outbox(HEAD) if one.delivery == digest.id]
    assert mail.case == digest.case in numbers

    def report(kind: str) -> None:
        failure = FailedDelivery(HEAD, digest.external_id, kind == "bounce", "5.1.1", kind, digest.id, digest.case)
        world.arrive(world.mail(failures=(failure,), automatic="bounce", sender=""))

    def shown() -> set[tuple[str, str]]:
        rows = (row for number in numbers for row in letters_of(world, number) if row.address == HEAD)
        return {(row.state, row.reason) for row in rows}

    report("delivery")
    assert shown() == {(DeliveryState.DELIVERED, "")}
    report("bounce")
    world.pump()
    assert shown() == {(DeliveryState.FAILED, "bounce 5.1.1")}
    assert len(world.outbox(COORDINATION)) == 1


def test_a_digest_that_can_not_be_sent_is_told_to_the_coordinator_once(world: World) -> None:
    numbers = file_many(world, 3)
    sweep_at(world, BREACH)
    world.post.failures = [Undeliverable("rejected")] * 2  # the desk's and the head's
    world.pump()
    world.pump()
    assert {row.state for number in numbers for row in letters_of(world, number) if row.address == HEAD} == {"failed"}
    assert len(world.outbox(COORDINATION)) == 2


def test_a_clock_that_is_met_before_the_office_opens_withdraws_its_letter(world: World) -> None:
    number = world.new_case()
    sweep_at(world, START + timedelta(hours=12))
    world.desk.reply(COORDINATOR, number, "Kami periksa.", (), final=False)
    swept = sweep_at(world, START + timedelta(hours=22, minutes=1))
    world.pump()
    (row,) = letters_of(world, number)
    assert (row.state, row.reason, row.due_at, swept.withdrawn) == (DeliveryState.WITHDRAWN, "met", None, 1)
    assert world.outbox(COORDINATION) == []
    file = world.cases.file(number)
    assert file.history[-1].event == "withdrawn"
    assert faults_in(number, file.history, file.case.head) == ()


def test_a_letter_about_several_clocks_leaves_out_those_that_were_met(world: World) -> None:
    number = world.new_case()
    world.now = START + timedelta(days=1, hours=23, minutes=30)  # Wednesday, 9.30
    policy = world.policies.current()
    world.cases.commit(advance(world.cases.case(number), world.now, policy, world.ids).change())
    (row,) = [row for row in letters_of(world, number) if row.address == COORDINATION]
    assert {step.partition(".")[0] for step in row.steps} == {"first_response", "verify"}
    world.desk.reply(COORDINATOR, number, "Kami periksa.", (), final=False)
    assert world.sweep().letters == 1
    world.pump()
    (mail,) = world.outbox(COORDINATION)
    assert "verifikasi" in mail.text
    assert "tanggapan pertama" not in mail.text
    (row,) = [row for row in letters_of(world, number) if row.address == COORDINATION]
    assert (row.state, row.steps) == (DeliveryState.SENT, ("verify.remind",))


def test_a_reopened_case_does_not_send_what_its_earlier_clock_had_queued(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    clock = next(one for one in world.cases.case(number).clocks if one.name == "resolve")
    sweep_at(world, clock.due_at + timedelta(minutes=1))  # at the closing: the breach waits for the morning
    assert any("resolve.breach" in row.steps for row in letters_of(world, number) if row.state == "queued")
    world.desk.reply(LIAISON, number, "Sudah kami perbaiki.", (), final=True)
    world.later(minutes=5)
    world.arrive(world.mail("Belum selesai.", recipients=(world.reply_address(number),)))
    assert [one.open for one in world.cases.case(number).clocks if one.name == "resolve"] == [False, True]
    world.post.sent.clear()
    world.run_until(world.now + timedelta(days=3), timedelta(hours=4))
    assert not [mail for mail in world.outbox() if "TENGGAT TERLEWAT" in mail.subject]
    rows = [row for row in letters_of(world, number) if "resolve.breach" in row.steps]
    assert {(row.state, row.reason) for row in rows} == {(DeliveryState.WITHDRAWN, "met")}


def test_a_breach_of_a_promise_by_the_hour_goes_at_night_with_the_reminders_that_still_waited(world: World) -> None:
    world.now = START + timedelta(days=4, hours=10)  # Friday, 20.00
    (number,) = file_many(world, 1, unit=None)
    begun = world.now
    for hours in (12, 20):
        sweep_at(world, begun + timedelta(hours=hours))
    assert world.pump() == []
    sweep_at(world, begun + timedelta(hours=24))
    world.pump()
    (mail,) = world.outbox(COORDINATION)
    assert mail.subject == f"[{number}] TENGGAT TERLEWAT"
    places = [mail.text.index(word) for word in ("pengingat", "peringatan", "TENGGAT TERLEWAT")]
    assert places == sorted(places)
    world.run_until(begun + timedelta(days=2, hours=13))  # Monday, 9.00
    told = [step for one in letters_of(world, number) if one.state is DeliveryState.SENT for step in one.steps]
    assert Counter(told)["first_response.remind"] == Counter(told)["first_response.breach"] == 1
    assert len([mail for mail in world.outbox(COORDINATION) if "tanggapan pertama" in mail.text]) == 1


def test_a_sweep_that_comes_after_closing_wakes_nobody(world: World) -> None:
    (number,) = file_many(world, 1)
    sweep_at(world, START + timedelta(hours=12))  # 22.00: due at 8.00
    evening = START + timedelta(days=1, hours=9)  # 19.00 the next day: nobody swept in between
    sweep_at(world, evening)
    world.pump()
    assert [mail.to_address for mail in world.outbox()] == [HEAD]  # the breach by the hour, alone
    sweep_at(world, START + timedelta(days=1, hours=22))
    world.pump()
    assert len(world.outbox(DESK)) == 1
    assert number in world.outbox(DESK)[0].subject


ABSENCE = {"address": HEAD, "deputy": "wakil@kantor.example"}


@pytest.mark.parametrize(
    ("away", "told"),
    [
        (("2026-11-26", "2026-11-26"), "wakil@kantor.example"),  # written in it, sent after it: who was told stays told
        (("2026-11-27", "2026-11-30"), "wakil@kantor.example"),  # it began before the letter went
        (("2026-11-30", "2026-12-01"), HEAD),
    ],
)
def test_a_letter_goes_to_who_stands_in_when_it_is_written_or_leaves(away: tuple[str, str], told: str) -> None:
    world = World("memory", {**POLICY, "absences": [{**ABSENCE, "from": away[0], "until": away[1]}]})
    (number,) = file_many(world, 1)
    world.run_until(START + timedelta(days=3, hours=5), timedelta(hours=5))
    world.post.sent.clear()
    sweep_at(world, START + timedelta(days=3, hours=6, minutes=1))  # Thursday, 16.01: verify is missed
    sweep_at(world, START + timedelta(days=3, hours=22))  # Friday, 8.00
    world.pump()
    assert [mail.to_address for mail in world.outbox() if "TERLEWAT (verifikasi" in mail.text] == [told]
    (row,) = [row for row in letters_of(world, number) if "verify.breach" in row.steps]
    assert (row.address, row.state) == (told, DeliveryState.SENT)


def test_while_more_is_due_than_a_sweep_takes_letters_wait_ten_minutes_at_most(world: World) -> None:
    file_many(world, 3)
    world.now = BREACH

    for minute in range(2):
        swept = hurried(world, BREACH + timedelta(minutes=minute))
        assert (swept.cases, swept.letters, swept.unfinished) == (1, 0, True)
        assert len([row for row in world.unsent() if row.asleep]) == 2 * (minute + 1)  # queued all the same
    assert world.pump() == []
    assert sweep_at(world, BREACH + timedelta(minutes=2)).letters == 2
    world.pump()
    assert len(world.outbox(HEAD)) == 1

    file_many(world, 3)
    late = world.now + timedelta(days=1)
    assert hurried(world, late).letters == 0
    assert hurried(world, late + release.PATIENCE).letters == 2


def test_a_letter_that_its_service_let_wait_is_withdrawn_when_its_clock_is_met(world: World) -> None:
    (number,) = file_many(world, 1)
    sweep_at(world, START + timedelta(hours=22))  # Tuesday, 8.00: the reminder and the warning
    world.post.failures = [Wait("throttled")]
    (letter,) = world.pump()
    assert letter.state is DeliveryState.QUEUED
    world.desk.reply(COORDINATOR, number, "Kami periksa.", (), final=False)
    world.later(hours=1)
    world.sweep()
    world.pump()
    assert DESK not in {mail.to_address for mail in world.outbox()}
    (row,) = [row for row in letters_of(world, number) if row.id == letter.id]
    assert (row.state, row.reason) == (DeliveryState.WITHDRAWN, "met")


def test_a_letter_that_was_queued_before_the_ladder_had_a_shard_of_its_own_still_goes_out_once() -> None:
    with fake_aws():
        world = World("dynamodb")
        number = world.new_case()
        sweep_at(world, START + timedelta(hours=12))
        (row,) = [row for row in world.unsent() if row.address]
        model = world.cases.row
        item = model.get(f"CASE#{number}", f"OUT#{row.id}")
        body = {key: value for key, value in json.loads(item.data).items() if key not in ("parts", "bundled_in")}
        item.update(actions=[model.due_shard.set("O#0"), model.data.set(json.dumps(body))])
        sweep_at(world, START + timedelta(hours=22, minutes=1))
        world.pump()
        told = [step for one in letters_of(world, number) for step in one.steps if one.state is DeliveryState.SENT]
        assert told.count("first_response.remind") == 1


def test_after_an_outage_what_was_due_of_all_clocks_is_recorded_in_the_order_of_its_time(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    case = world.cases.case(number)
    names = [clock.name for clock in case.clocks if clock.ticking]
    assert len(names) > 1
    world.sweep(world.now + timedelta(days=60))
    file, policy = world.cases.file(number), world.policies.current()
    steps = [(one.data["clock"], one.data["step"]) for one in file.history if one.event == "escalated"]
    assert {name for name, _ in steps} >= set(names)
    ladder = {clock.name: (clock, {step.id: step for step in policy.ladder_of(clock)}) for clock in case.clocks}
    times = [step_at(ladder[name][0], ladder[name][1][step], policy.calendar) for name, step in steps]
    assert times == sorted(times)
