"""The same mail by a worse and a better way: one message, with what the better copy brings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tanggap.domain.officers import Correction
from tanggap.domain.publicity import Shown, shown
from tanggap.domain.words import Outcome, Priority, Status
from tests.support.world import COORDINATOR, FORGED, POLICY, World

WORSE = pytest.mark.parametrize(
    "worse", [{"authenticity": FORGED}, {"automatic": "list"}], ids=["broken by a forwarder", "by a list"]
)


@WORSE
def test_a_report_that_came_by_a_worse_way_first_is_acknowledged_when_the_better_copy_comes(
    world: World, worse: dict[str, Any]
) -> None:
    mail = world.mail("Ada kebakaran di RT 3.")
    number = world.arrive(replace(mail, **worse), "mail/1").case
    world.pump()
    assert world.outbox("siti@warga.example") == []
    again = world.arrive(mail, "mail/2")
    world.pump()
    assert (again.outcome, again.case) == (Outcome.DUPLICATE, number)
    (letter,) = world.outbox("siti@warga.example")
    assert number in letter.subject
    file = world.cases.file(number)
    (message,) = file.messages
    assert (message.automatic, message.authenticity, message.actor) == (False, "verified", "reporter")
    assert (file.case.priority, file.case.marks) == ("urgent", ())
    assert "better_copy" in [entry.event for entry in file.history]
    assert world.arrive(mail, "mail/3").outcome is Outcome.DUPLICATE
    world.pump()
    assert len(world.outbox("siti@warga.example")) == 1


@WORSE
def test_a_reply_that_came_by_a_worse_way_first_moves_its_case_when_the_better_copy_comes(
    world: World, worse: dict[str, Any]
) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "incomplete", "Di mana?")
    world.pump()
    mail = world.mail("Di RT 3.", recipients=(world.reply_address(number),))
    world.arrive(replace(mail, **worse), "mail/1")
    assert world.cases.case(number).status is Status.NEEDS_INFO
    assert world.arrive(mail, "mail/2").case == number
    file = world.cases.file(number)
    assert (file.case.status, file.messages[-1].actor, len(file.messages)) == (Status.NEW, "reporter", 2)


@pytest.mark.parametrize("worse", [{"authenticity": FORGED}, {"automatic": "list"}], ids=["forged", "automatic"])
@pytest.mark.parametrize("priority", ["low", "high"])
def test_a_better_copy_leaves_the_priority_that_an_officer_gave(
    world: World, worse: dict[str, Any], priority: str
) -> None:
    mail = world.mail("Ada kebakaran di RT 3.")
    number = world.arrive(replace(mail, **worse), "mail/1").case
    world.desk.correct(COORDINATOR, number, Correction(priority=Priority(priority)))
    assert world.arrive(mail, "mail/2").outcome is Outcome.DUPLICATE
    expected = "urgent" if (priority, "automatic" in worse) == ("low", True) else priority
    assert world.cases.case(number).priority == expected


@WORSE
def test_a_better_copy_leaves_what_an_officer_hid_from_the_public_hidden(world: World, worse: dict[str, Any]) -> None:
    world.policies.store({**POLICY, "open311": {"publish": ["email"]}}, 2)
    named = world.policies.current(fresh=True).published
    mail = world.mail("Suami tetangga memukul anaknya.")
    number = world.arrive(replace(mail, **worse), "mail/1").case
    world.desk.withhold(COORDINATOR, number, False, "korban dikenali dari tempatnya")
    assert world.arrive(mail, "mail/2").outcome is Outcome.DUPLICATE
    file = world.cases.file(number)
    assert "better_copy" in [entry.event for entry in file.history]
    assert shown(file.case, named) is Shown.NOTHING


def test_a_better_copy_of_a_case_that_was_decided_meanwhile_is_not_acknowledged(world: World) -> None:
    mail = world.mail()
    number = world.arrive(replace(mail, automatic="list"), "mail/1").case
    world.desk.verify(COORDINATOR, number, "reject", "Bukan kewenangan.")
    world.arrive(mail, "mail/2")
    world.pump()
    assert [one.subject.partition("] ")[2] for one in world.outbox("siti@warga.example")] == [
        "Laporan Anda tidak dapat kami proses"
    ]


def test_a_list_that_puts_its_name_before_the_subject_brings_a_copy_all_the_same(world: World) -> None:
    mail = world.mail("Jalan longsor di RT 7.", subject="Jalan longsor")
    number = world.arrive(replace(mail, automatic="list", subject="[warga] Jalan longsor"), "mail/1").case
    world.arrive(mail, "mail/2")
    world.pump()
    assert len(world.outbox("siti@warga.example")) == 1
    file = world.cases.file(number)
    assert (file.messages[0].subject, file.case.subject) == ("Jalan longsor", "Jalan longsor")


def test_a_copy_takes_the_place_of_its_own_message_alone(world: World) -> None:
    """The sender chooses the id."""
    number = world.new_case()
    to = {"recipients": (world.reply_address(number),), "external_id": "same@x.example"}
    world.arrive(world.mail("Satu.", authenticity=FORGED, **to), "mail/1")
    genuine = world.mail("Dua.", **to)
    world.arrive(genuine, "mail/2")
    world.arrive(genuine, "mail/3")
    assert [one.text for one in world.cases.file(number).messages[1:]] == ["Satu.", "Dua."]


def test_a_worse_copy_changes_nothing(world: World) -> None:
    mail = world.mail()
    number = world.arrive(mail, "mail/1").case
    before = world.cases.file(number)
    assert world.arrive(replace(mail, authenticity=FORGED), "mail/2").outcome is Outcome.DUPLICATE
    assert world.cases.file(number) == before
