"""The ladder's letters on their way: one an address, each step once, nothing about what is met."""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tanggap.adapters.memory import MemoryCases
from tanggap.application import release
from tanggap.application.failures import Undeliverable, Wait
from tanggap.application.ports import Due
from tanggap.application.release import Release
from tanggap.application.sweep import Sweep
from tanggap.domain.advance import advance
from tanggap.domain.case import Change, Delivery, Message
from tanggap.domain.citizens import Opening, open_case
from tanggap.domain.errors import Conflict
from tanggap.domain.history import faults_in
from tanggap.domain.inbound import FailedDelivery
from tanggap.domain.ladder import step_at
from tanggap.domain.words import Channel, DeliveryState, Purpose
from tests.support.cuts import Cut, Killed, each_cut
from tests.support.world import COORDINATOR, LIAISON, POLICY, START, World, fake_aws

HEAD = "kepala-pu@kantor.example"
DESK = "pu@kantor.example"
COORDINATION = "koordinator@kantor.example"
INSPECTORATE = "inspektorat@kabupaten.example"
#: Tuesday, ten o'clock: the first response of what came on Monday at ten is due.
BREACH = START + timedelta(days=1)


def file_many(world: World, number: int, unit: str | None = "pu") -> list[str]:
    """Cases of one unit, received now, from nobody known."""
    numbers = []
    for _ in range(number):
        key = world.ids.number()
        message = Message(
            id=world.ids.new(world.now), case=key, direction="in", channel=Channel.COUNTER, at=world.now, text="x"
        )
        opening = Opening(number=key, message=message, reporter=None, answer=False, unit=unit)
        draft = open_case(opening, world.now, "officer:koor1", world.policies.current(), world.ids)
        world.cases.commit(draft.change())
        numbers.append(key)
    return numbers


def letters_of(world: World, number: str) -> list[Delivery]:
    return [row for row in world.cases.file(number).letters if row.address]


def sweep_at(world: World, at: datetime) -> Any:
    world.now = at
    return world.sweep()


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


def test_the_inspectorate_gets_the_case_with_its_proof(world: World) -> None:
    number = world.new_case()
    world.post.failures = [Wait("throttled")]
    world.run_until(START + timedelta(days=7, hours=1), timedelta(hours=8))
    mail = world.outbox(INSPECTORATE)[0]
    file = world.cases.file(number)
    assert mail.subject == f"[{number}] Penyerahan laporan kepada inspektorat"
    text = mail.text
    for line in (
        "tanggapan pertama: 24 jam sejak Senin, 23 November 2026 pukul 10.00 WIB",
        "aturan first_response.complaint, kebijakan versi 1, dasar: janji layanan kami sendiri",
        "| tanda terima | pelapor | terkirim 2026-11-23 10.00 WIB",
        f"warn, tanggapan pertama: breach | petugas unit, kepala unit <{COORDINATION}> | terkirim",
        "| tanggapan pertama: leadership | pimpinan <kades@kantor.example> | terkirim",
        f"| tanggapan pertama: inspectorate | inspektorat <{INSPECTORATE}> | menunggu dikirim",
        "is handed to the inspectorate",
    ):
        assert line in text, line
    assert "siti" not in text.lower()
    assert re.search(r"kepala rantai \(SHA-256\) [0-9a-f]{64}", text)
    head = re.search(r"(\d+) entri, kepala rantai \(SHA-256\) (\w+)", text)
    assert head is not None
    assert file.history[int(head[1]) - 1].hash == head[2]
    assert text.index("Laporan") < text.index("is handed to")


def test_cases_that_an_outage_hands_over_together_are_one_mail_with_a_proof_each(world: World) -> None:
    numbers = file_many(world, 3)
    sweep_at(world, START + timedelta(days=9))
    world.pump()
    (mail,) = world.outbox(INSPECTORATE)
    assert mail.text.count("kepala rantai (SHA-256)") == len(numbers)
    assert mail.subject == "[Pemerintah Desa Contoh] Penyerahan 3 laporan kepada inspektorat"
    assert Counter(mail.to_address for mail in world.outbox()) == dict.fromkeys(
        (HEAD, DESK, "kades@kantor.example", INSPECTORATE), 1
    )


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


def steps_told(world: World) -> Counter[tuple[str, str, str]]:
    """(case, address, step) of each letter that really left, read from what it speaks for."""
    rows = {row.place: row for row in world.deliveries()}
    told: Counter[tuple[str, str, str]] = Counter()
    for mail in world.outbox():
        letter = rows[f"{mail.case}/{mail.delivery}"]
        for part in [rows[place] for place in letter.parts] or [letter]:
            told.update((part.case, letter.address, step) for step in part.steps)
            assert part.case in mail.text or part.case in mail.subject
    return told


EXPECTED = {(HEAD, "first_response.breach"), (DESK, "first_response.remind"), (DESK, "first_response.warn")}


def test_a_sweep_cut_anywhere_tells_each_step_of_a_digest_once() -> None:
    def run(cut: Cut) -> None:
        world = World("memory")
        numbers = file_many(world, 3)
        world.now = BREACH
        cases = cut.wrap(world.cases)
        with contextlib.suppress(Killed):
            Sweep(world.work(cases), cases)(BREACH)
        for minutes in (1, 4, 8):
            sweep_at(world, BREACH + timedelta(minutes=minutes))
            world.pump()
        told = steps_told(world)
        assert told == Counter({(number, *step): 1 for number in numbers for step in EXPECTED})

    assert each_cut(run) >= 9


def test_a_digest_of_more_rows_than_a_transaction_holds_is_one_mail_and_survives_each_cut() -> None:
    mails = set()

    def run(cut: Cut) -> None:
        world = World("memory")
        numbers = file_many(world, 120)
        world.now = BREACH
        whole = Sweep(world.work(), world.cases)
        cut_cases = cut.wrap(world.cases)
        whole.release = Release(world.work(cut_cases), cut_cases)
        with contextlib.suppress(Killed):
            whole(BREACH)
        for minutes in (1, 4, 8):
            sweep_at(world, BREACH + timedelta(minutes=minutes))
            world.pump()
        assert steps_told(world) == Counter({(number, *step): 1 for number in numbers for step in EXPECTED})
        mails.add(len(world.outbox(HEAD)))
        if not cut.hit:
            assert len(world.outbox(HEAD)) == len(world.outbox(DESK)) == 1

    assert each_cut(run) >= 6
    assert max(mails) <= 2  # only where a sweep died in the middle of a large one


class SlowFiles:
    """Each case's file takes its time, which the function does not have for all of them."""

    def __init__(self, cases: Any, left: float) -> None:
        self._cases, self.left, self.late = cases, left, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)

    def file(self, number: str, texts: bool = True) -> Any:
        self.left -= 0.6
        self.late += self.left < 0
        return self._cases.file(number, texts)


@pytest.mark.parametrize("seconds", [30.0, 6.5], ids=["some batches fit", "not even one batch fits"])
def test_many_hand_overs_go_as_far_as_the_time_goes_and_the_next_minute_goes_on(seconds: float) -> None:
    world = World("memory")
    numbers = file_many(world, 45)
    world.now = START + timedelta(days=8)
    minutes, unfinished = 0, True
    while unfinished:
        slow = SlowFiles(world.cases, seconds)
        work = world.work(slow, remaining=lambda slow=slow: timedelta(seconds=slow.left))
        sweep = Sweep(world.work(slow), world.cases)
        sweep.release = Release(work, world.cases)
        swept = sweep(world.later(minutes=1))
        assert (swept.failed, slow.late) == (0, 0)
        unfinished = swept.unfinished
        minutes += 1
        assert minutes < 30, "each minute goes on"
    world.pump()
    assert minutes >= 2
    rows = [one for one in world.deliveries() if one.address == INSPECTORATE and not one.parts]
    assert {one.case for one in rows} == set(numbers)
    assert all(one.state in (DeliveryState.BUNDLED, DeliveryState.SENT) for one in rows)
    assert steps_told(world).total() == len({*steps_told(world)}), "each step once"


def test_a_hand_over_that_waits_keeps_nobody_else_waiting() -> None:
    world = World("memory")
    file_many(world, 60)
    for days in (1, 2):
        sweep_at(world, START + timedelta(days=days))
    world.now = START + timedelta(days=7)
    file_many(world, 5)
    world.now = START + timedelta(days=8)
    slow = SlowFiles(world.cases, 8.0)
    sweep = Sweep(world.work(slow), world.cases)
    sweep.release = Release(world.work(slow, remaining=lambda: timedelta(seconds=slow.left)), world.cases)
    assert sweep(world.now).unfinished
    waiting = {one.address for one in world.deliveries() if one.asleep}
    assert waiting == {INSPECTORATE}


class Between:
    """Runs something between two calls of a port, once."""

    def __init__(self, port: Any, act: Callable[[], Any], before: int) -> None:
        self._port, self._act, self._before, self.calls = port, act, before, 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            if self.calls == self._before:
                self._act()
            return found(*args, **kwargs)

        return call


def test_a_second_sweep_anywhere_within_the_first_tells_each_step_once(worlds: Callable[[], World]) -> None:
    for before in range(1, 40):
        world = worlds()
        numbers = file_many(world, 2)
        world.now = BREACH
        between = Between(world.cases, world.sweep, before)
        swept = Sweep(world.work(between), between)(BREACH)  # type: ignore[arg-type]
        assert swept.failed == 0
        for minutes in (1, 4):
            sweep_at(world, BREACH + timedelta(minutes=minutes))
            world.pump()
        assert steps_told(world) == Counter({(number, *step): 1 for number in numbers for step in EXPECTED}), before
        if between.calls < before:
            break
    assert before > 8


def test_a_clock_met_between_two_calls_of_a_sweep_leaves_no_letter_half_sent() -> None:
    for before in range(1, 40):
        world = World("memory")
        first, second = file_many(world, 2)
        world.now = BREACH + timedelta(seconds=1)
        answered: list[int] = []

        def answer(world: World = world, first: str = first, answered: list[int] = answered) -> None:
            world.desk.reply(COORDINATOR, first, "Kami periksa.", (), final=False)
            answered.append(1)

        between = Between(world.cases, answer, before)
        Sweep(world.work(between), between)(world.now)  # type: ignore[arg-type]
        sweep_at(world, world.now + timedelta(minutes=2))
        world.pump()
        told = steps_told(world)
        assert {key: count for key, count in told.items() if count != 1} == {}
        assert {(address, step) for case, address, step in told if case == second} == EXPECTED
        states = {row.state for row in letters_of(world, first) if row.purpose is Purpose.ESCALATION}
        assert states <= {DeliveryState.SENT, DeliveryState.WITHDRAWN}
        if not answered:
            break
    assert before > 8


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


def test_a_letter_that_somebody_else_let_out_is_not_let_out_again(world: World) -> None:
    (number,) = file_many(world, 1)
    world.now = BREACH
    change = advance(world.cases.case(number), BREACH, world.policies.current(), world.ids).change()
    world.cases.commit(change)
    (asleep, *_) = [row for row in change.deliveries if row.address == HEAD]
    awake = replace(asleep, wake=BREACH)
    world.cases.commit(Change(released_deliveries=(awake,)))
    with pytest.raises(Conflict):
        world.cases.commit(Change(released_deliveries=(replace(asleep, state=DeliveryState.WITHDRAWN),)))
    world.post.failures = [Wait("throttled")]
    assert [row.state for row in world.pump()] == [DeliveryState.QUEUED]  # it waits for its service, not for a sweep
    with pytest.raises(Conflict):
        world.cases.commit(Change(released_deliveries=(awake,)))
    assert [row.id for _, row in world.cases.asleep((Due(number, BREACH, asleep.id),), pytest.fail)] == []


def test_a_digest_names_the_gravest_first_and_of_those_the_oldest(world: World) -> None:
    (reminded,) = file_many(world, 1, unit=None)
    world.desk.reply(COORDINATOR, reminded, "Kami periksa.", (), final=False)  # its first response is met
    (older,) = file_many(world, 1, unit=None)
    world.later(minutes=5)
    (younger,) = file_many(world, 1, unit=None)
    sweep_at(world, START + timedelta(days=1, hours=23, minutes=30))  # Wednesday, 9.30: each is reminded of verifying
    world.pump()
    (mail,) = world.outbox(COORDINATION)
    assert re.findall(r"TGP-\w{9}", mail.text) == [older, younger, reminded]


# -- by which letter

GENTLE = {"id": {"subject": "[$number] Mohon perhatian", "text": "Mohon ditindaklanjuti:\n$text"}, "en": None}
BY_LETTER = [
    {"id": "remind", "fraction": 0.5, "audience": "desk", "template": "escalation-halus"},
    {"id": "warn", "fraction": 0.8, "audience": "desk"},
    {"id": "breach", "fraction": 1, "audience": "unit_head"},
    {"id": "proof", "working_days_after": 1, "audience": "leadership", "template": "handover"},
]


def with_letters(world: World) -> None:
    parts = {"letters": {"escalation-halus": GENTLE}, "clocks": {"first_response": {"ladder": BY_LETTER}}}
    world.policies.store({**POLICY, **parts}, 2)


def subjects(world: World, number: str) -> list[str]:
    """Of the letters that each say one thing."""
    return [row.subject.removeprefix(f"[{number}] ") for row in letters_of(world, number) if not row.parts]


def test_each_step_tells_by_the_letter_that_the_policy_names(world: World) -> None:
    with_letters(world)
    (number,) = file_many(world, 1)
    sweep_at(world, START + timedelta(hours=12))
    (gentle,) = letters_of(world, number)
    assert (gentle.purpose, gentle.subject) == (Purpose.ESCALATION, f"[{number}] Mohon perhatian")
    assert gentle.text.startswith("Mohon ditindaklanjuti:\n- pengingat") and "---" not in gentle.text
    sweep_at(world, START + timedelta(hours=20))
    sweep_at(world, BREACH)
    bundle = next(row for row in letters_of(world, number) if row.parts)
    assert bundle.subject == f"[{number}] peringatan: tenggat sudah dekat", "what waited for the morning, as one letter"
    assert subjects(world, number)[1:] == ["peringatan: tenggat sudah dekat", "TENGGAT TERLEWAT"]
    sweep_at(world, BREACH + timedelta(days=1, hours=7))
    by_steps = {row.steps: row.purpose for row in letters_of(world, number)}
    assert by_steps["first_response.proof",] is Purpose.HANDOVER
    assert by_steps["first_response.breach",] is Purpose.ESCALATION


def test_what_goes_as_one_letter_of_several_steps_goes_by_that_of_the_gravest(world: World) -> None:
    with_letters(world)
    (number,) = file_many(world, 1)
    sweep_at(world, START + timedelta(hours=21))  # both at once, after an outage
    (letter,) = letters_of(world, number)
    assert letter.steps == ("first_response.remind", "first_response.warn")
    assert subjects(world, number) == ["peringatan: tenggat sudah dekat"]


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
