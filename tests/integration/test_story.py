"""The main job, through the use cases: a citizen's mail becomes an acknowledged case whose deadline escalates."""

from __future__ import annotations

from datetime import timedelta

from tanggap.domain.history import faults_in
from tanggap.domain.words import DeliveryState, Outcome, Reason, Status
from tests.support.world import COORDINATOR, LIAISON, World


def test_a_mail_becomes_a_case_with_clocks_and_one_acknowledgement(world: World) -> None:
    result = world.arrive(world.mail())
    world.pump()

    file = world.cases.file(result.case)
    assert (result.outcome, result.reason) == (Outcome.FILED, Reason.NEW_CASE)
    assert file.case.status is Status.NEW
    assert [clock.name for clock in file.case.clocks] == ["first_response", "verify", "resolve"]
    (sent,) = world.outbox()
    assert sent.to_address == "siti@warga.example"
    assert result.case in sent.subject
    assert "Yth. Bapak/Ibu Siti Aminah," in sent.text
    assert "Kamis, 26 November 2026 pukul 16.00 WIB" in sent.text
    assert sent.automatic
    assert sent.in_reply_to == file.messages[0].external_id
    (row,) = file.deliveries
    assert (row.state, row.attempts, row.external_id) == (DeliveryState.SENT, 1, "ses-000001")
    assert faults_in(file.case.number, file.history, file.case.head) == ()


def test_the_whole_way_from_report_to_closing(world: World) -> None:
    number = world.new_case()
    world.later(hours=1)
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "mohon dicek")
    world.desk.reply(LIAISON, number, "Sudah kami perbaiki.", (), final=True)
    world.pump()
    assert world.cases.case(number).status is Status.ANSWERED
    citizen = [mail.subject for mail in world.outbox("siti@warga.example")]
    assert len(citizen) == 3  # acknowledgement, disposition, answer

    world.later(hours=1)
    reply = world.mail("Masih berlubang.", recipients=(world.reply_address(number),))
    result = world.arrive(reply)
    assert (result.case, result.reason) == (number, Reason.REPLY)
    file = world.cases.file(number)
    assert file.case.status is Status.IN_PROGRESS
    assert [message.text for message in file.messages] == ["Jalan di RT 3 rusak parah.", "Masih berlubang."]

    world.desk.reply(LIAISON, number, "Sudah ditambal ulang.", (), final=True)
    world.pump()
    world.run_until(world.now + timedelta(days=25), timedelta(hours=6))
    file = world.cases.file(number)
    assert file.case.status is Status.CLOSED
    assert file.case.due_at is None
    assert faults_in(number, file.history, file.case.head) == ()
    assert "selesai" in world.outbox("siti@warga.example")[-1].subject


def test_each_rung_of_an_unanswered_case_mails_the_right_people_once(world: World) -> None:
    number = world.new_case()
    world.run_until(world.now + timedelta(days=40), timedelta(hours=8))

    file = world.cases.file(number)
    by_address: dict[str, list[str]] = {}
    for row in file.letters:
        if row.address:
            assert row.state is DeliveryState.SENT
            by_address.setdefault(row.address, []).extend(row.steps)
    clocks = ("first_response", "verify", "resolve")
    assert sorted(by_address["koordinator@kantor.example"]) == sorted(
        f"{clock}.{step}" for clock in clocks for step in ("remind", "warn", "breach")
    )
    assert sorted(by_address["kades@kantor.example"]) == sorted(f"{clock}.leadership" for clock in clocks)
    assert sorted(by_address["inspektorat@kabupaten.example"]) == sorted(f"{clock}.inspectorate" for clock in clocks)
    assert all(clock.state == "missed" for clock in file.case.clocks)
    assert len(world.outbox("siti@warga.example")) == 1
    assert faults_in(number, file.history, file.case.head) == ()


def test_a_sweep_that_comes_weeks_late_climbs_every_rung_once_in_one_letter_an_address(world: World) -> None:
    number = world.new_case()
    world.later(days=40)
    world.sweep()
    world.sweep()
    world.pump()
    rows = [row for row in world.cases.file(number).deliveries if row.address]
    assert sorted(row.address for row in rows) == [
        "inspektorat@kabupaten.example",
        "kades@kantor.example",
        "koordinator@kantor.example",
    ]


def test_letters_to_offices_wait_for_the_next_office_hour_and_carry_all_that_fell_due_meanwhile(world: World) -> None:
    number = world.new_case()
    world.later(hours=12)  # 22.00: half of the first response's day is over
    world.sweep()
    assert world.pump() == []
    (row,) = [row for row in world.cases.file(number).deliveries if row.address]
    assert row.due_at is not None
    assert row.due_at.astimezone(world.policies.current().calendar.zone).hour == 8
    world.run_until(world.now + timedelta(hours=11))
    rows = [row for row in world.cases.file(number).letters if row.address]
    assert sorted(step for row in rows for step in row.steps) == ["first_response.remind", "first_response.warn"]
    assert {row.state for row in rows} == {DeliveryState.SENT}
    assert len(world.outbox("koordinator@kantor.example")) == 1
