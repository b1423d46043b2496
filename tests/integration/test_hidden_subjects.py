"""A subject is the reporter's words: of a report whose reporter is hidden it reaches no office by a letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tanggap.domain.words import Confidentiality
from tests.support.world import COORDINATOR, POLICY, World

OWN = {
    name: {"text": "Laporan $number: $subject\n$text"}
    for name in ("escalation", "handover", "new_message", "assignment")
}
SUBJECT = "Suap oleh Pak Lurah kepada istri saya Siti"


@pytest.mark.parametrize("level", [Confidentiality.ANONYMOUS, Confidentiality.SECRET])
def test_whatever_letters_an_agency_writes_no_office_reads_a_hidden_subject(level: Confidentiality) -> None:
    world = World(policy={**POLICY, "letters": OWN})
    number = world.new_case(subject=SUBJECT)
    world.cases.cases[number] = replace(world.cases.case(number), confidentiality=level)
    first = len(world.deliveries())  # what was written while it was open
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    world.arrive(world.mail("Masih begitu.", recipients=(world.reply_address(number),)))
    world.run_until(world.now + timedelta(days=40), timedelta(hours=6))
    letters = world.deliveries()[first:]
    offices = [one for one in letters if one.address]
    assert {one.purpose for one in offices} >= {"assignment", "escalation", "handover"}
    assert [one.purpose for one in offices if "Siti" in one.subject + one.text] == []
    assert any("Siti" in one.subject + one.text for one in world.deliveries()[:first])
