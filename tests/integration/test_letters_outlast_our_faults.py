"""A key that expired, a right that was taken away, a table that does not answer: letters wait for it, as long as it
takes, the alarm rings on, and each leaves once when it is mended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tanggap.adapters.memory_stores import MemoryVault
from tanggap.application.deliver import ATTEMPTS
from tanggap.application.failures import Wait
from tanggap.application.gauges import Gauges
from tanggap.domain.case import Delivery
from tanggap.domain.errors import Retry
from tanggap.domain.words import Channel, DeliveryState
from tests.support.account import Account
from tests.support.chats import letters, open_by
from tests.support.world import World

#: A week-end, and more tries than a letter has at which the service itself fails.
TRIES = ATTEMPTS * 2


def waits(world: World, hours: int = TRIES) -> None:
    for _ in range(hours):
        world.later(hours=1)
        world.sweep()
        world.pump()


def acknowledgement(world: World, number: str) -> Delivery:
    (found,) = [one for one in world.cases.file(number).deliveries if one.reporter]
    return found


def unsent(world: World) -> float:
    gauges = Gauges(world.cases, world.cases, world.cases, world.policies, Account(), world.clock)
    return gauges().figures["DeliveriesUnsent"]


@pytest.mark.parametrize("configured", [True, False])
def test_a_platform_s_key_that_expired_on_a_friday_ends_no_letter_by_monday(configured: bool) -> None:
    world = World()
    chat = world.chats[Channel.TELEGRAM]  # no window closes on it meanwhile
    if configured:
        chat.failures = [Wait("token_expired")] * TRIES * 2
    else:
        del world.chats[Channel.TELEGRAM]
    number = open_by(world, Channel.TELEGRAM)
    world.pump()
    waits(world)
    (row,) = [one for one in letters(world, number) if one.reporter]
    assert (row.state, row.reason) == (DeliveryState.QUEUED, "token_expired" if configured else "not_configured")
    assert unsent(world) == 1, "somebody must mend it: the alarm stays"
    chat.failures = []
    world.chats[Channel.TELEGRAM] = chat
    waits(world, 2)
    (row,) = [one for one in letters(world, number) if one.reporter]
    assert row.state is DeliveryState.SENT
    assert unsent(world) == 0


def test_a_right_to_send_mail_that_was_taken_away_fails_no_letter_and_no_word_to_the_desk() -> None:
    world = World()
    world.post.failures = [Wait("access_denied")] * 1000
    numbers = [world.arrive(world.mail(sender=f"w{one}@warga.example")).case for one in range(3)]
    world.pump()
    waits(world)
    assert not {one.state for one in world.deliveries()} & {DeliveryState.FAILED, DeliveryState.HELD}
    assert unsent(world) >= len(numbers)
    world.post.failures = []
    waits(world, 2)
    assert {acknowledgement(world, one).state for one in numbers} == {DeliveryState.SENT}
    assert len([one for one in world.outbox() if one.to_address.endswith("@warga.example")]) == len(numbers), (
        "each once"
    )
    assert "undelivered" not in {one.purpose for one in world.deliveries()}, "none about one that had not gone"


def test_storage_that_does_not_answer_for_days_ends_no_letter_and_the_case_says_that_it_waits() -> None:
    world = World()

    class Shut(MemoryVault):
        down = True

        def open(self, reporter: str) -> object:  # type: ignore[override]
            if self.down:
                raise Retry("its key is disabled")
            return super().open(reporter)

    assert isinstance(world.vault, MemoryVault)
    shut = Shut.__new__(Shut)
    shut.__dict__ = world.vault.__dict__
    world.deliver.vault = world.deliver.dispatch.vault = shut
    number = world.arrive(world.mail()).case
    world.pump()
    waits(world)
    row = acknowledgement(world, number)
    assert (row.state, row.reason) == (DeliveryState.QUEUED, "unavailable")
    assert "delivery_waits" in [entry.event for entry in world.cases.file(number).history]
    shut.down = False
    waits(world, 2)
    assert acknowledgement(world, number).state is DeliveryState.SENT
    assert len(world.outbox("siti@warga.example")) == 1
    assert world.now - row.created_at > timedelta(days=1)
