"""Who works for one unit records for it."""

from __future__ import annotations

from tanggap.application.record import Heard
from tanggap.domain.words import Channel, Purpose
from tests.support.world import COORDINATOR, LIAISON, World


def test_a_report_that_a_unit_records_is_the_units_and_its_reporter_is_told_of_the_first_disposition(
    world: World,
) -> None:
    heard = Heard(channel=Channel.PHONE, received_at=world.now, text="Pipa bocor.", address="ani@warga.example")
    number = world.desk.record(LIAISON, heard).case.number
    assert world.desk.file(LIAISON, number).case.unit == "pu"
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    world.desk.assign(COORDINATOR, number, "adm", None, "")
    letters = [row.purpose for row in world.cases.file(number).deliveries if row.reporter]
    assert letters == [Purpose.ACKNOWLEDGEMENT, Purpose.DISPOSITION]
