"""Letters that belong to no case: what is answered to them, and what becomes of one that does not arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tanggap.application.failures import Undeliverable
from tanggap.application.receive import Raw
from tanggap.domain.inbound import FailedDelivery, Inbound
from tanggap.domain.words import Channel, DeliveryState, Outcome, Purpose, Reason
from tests.support.digests import KOOR, PU, assigned, digests, local, offices_rows, sent_digest, with_policy
from tests.support.world import DOMAIN, World


def test_a_reply_to_a_digest_goes_to_the_coordinator(world: World) -> None:
    sent_digest(world)
    (letter,) = digests(world, PU)
    assert letter.reply_to == KOOR
    assert letter.automatic
    assert letter.answer_until is None


def test_a_digest_that_cannot_be_sent_is_told_to_the_coordinator_once(world: World) -> None:
    assigned(world)
    world.now = local(24)
    world.digest()
    waiting = [row for row in world.unsent() if row.of_no_case and row.address == PU]
    assert len(waiting) == 1
    world.post.failures.append(Undeliverable("rejected"))
    world.deliver(waiting[0])
    world.pump()
    (row,) = (row for row in offices_rows(world) if row.address == PU)
    assert (row.state, row.reason) == (DeliveryState.FAILED, "rejected")
    (notice,) = (one for one in world.outbox(KOOR) if "tidak sampai" in one.subject)
    assert PU in notice.text


def test_a_notice_to_the_coordinator_that_fails_too_ends_there(world: World) -> None:
    with_policy(world, coordinator=[KOOR, "koordinator2@kantor.example"])
    assigned(world)
    world.now = local(24)
    world.digest()
    world.post.failures.extend([Undeliverable("rejected")] * 20)
    for _ in range(4):
        world.pump()
    assert world.unsent() == []
    notices_of_it = [row for row in offices_rows(world) if row.purpose is Purpose.UNDELIVERED]
    assert {row.state for row in notices_of_it} == {DeliveryState.FAILED}
    failed = [row for row in offices_rows(world) if row.purpose is Purpose.DIGEST]
    assert len(notices_of_it) == sum(2 - row.address.startswith("koordinator") for row in failed)


def report(kind: str, **more: Any) -> FailedDelivery:
    return FailedDelivery(**{"kind": kind, "recipient": PU, "original_id": "", "permanent": True, **more})


def test_a_bounce_is_known_by_its_row_and_told_to_the_coordinator(world: World) -> None:
    row = sent_digest(world)
    failure = report("bounce", status="5.1.1", delivery_id=row.id, case_number=row.case)
    bounce = world.mail(sender="", failures=(failure,))
    result = world.receive(Raw("events/bounce", Channel.EMAIL, world.now, 100, bounce, event=True))
    assert (result.outcome, result.reason, result.case) == (Outcome.STATUS, Reason.BOUNCE, "")
    world.pump()
    (row,) = (one for one in offices_rows(world) if one.id == row.id)
    assert (row.state, row.reason) == (DeliveryState.FAILED, "bounce 5.1.1")
    assert any(PU in one.text for one in world.outbox(KOOR) if "tidak sampai" in one.subject)


def test_its_arrival_is_noted_on_the_row(world: World) -> None:
    row = sent_digest(world)
    failure = report("delivery", original_id=row.external_id)
    world.receive(
        Raw("events/d", Channel.EMAIL, world.now, 100, world.mail(sender="", failures=(failure,)), event=True)
    )
    (row,) = (one for one in offices_rows(world) if one.id == row.id)
    assert row.state is DeliveryState.DELIVERED


def absence_notice(world: World, reference: str) -> Inbound:
    notice = world.mail("Saya sedang cuti sampai 1 Desember.", sender=PU, automatic="reply", references=(reference,))
    return replace(notice, subject="Balasan otomatis")


@pytest.mark.parametrize("known_by", ["our id", "the mail service's id"])
def test_an_absence_notice_to_a_digest_is_no_report(world: World, known_by: str) -> None:
    row = sent_digest(world)
    before = len(world.deliveries())
    reference = f"{row.id}.office@{DOMAIN}" if known_by == "our id" else row.external_id
    result = world.arrive(absence_notice(world, reference))
    assert (result.outcome, result.reason, result.case) == (Outcome.STATUS, Reason.AUTOMATIC, "")
    assert len(world.deliveries()) == before


def test_a_person_who_writes_to_us_with_a_digest_below_is_heard(world: World) -> None:
    """Whatever an officer's program refers to: a person's mail becomes a case."""
    row = sent_digest(world)
    result = world.arrive(world.mail("Mohon dicek.", sender="warga@rumah.example", references=(row.external_id,)))
    assert result.outcome is Outcome.FILED
    assert result.case
