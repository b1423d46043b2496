"""Promise 1 as a count: what lies in the bucket has an outcome, or waits, or is announced again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tanggap.adapters.dynamodb.ledger import LedgerRows
from tanggap.application.ledger_desk import LedgerDesk
from tanggap.domain.case import Received
from tanggap.domain.words import Channel, Outcome, Reason
from tests.support.talking import Street
from tests.support.webhook_bodies import message, messages
from tests.support.world import COORDINATOR, GENUINE, START, World


def test_the_count_balances_and_names_every_outcome(world: World) -> None:
    for number in range(3):
        world.arrivals.objects[f"mail/{number}"] = (b"x", world.now)
    mail = world.mail()
    world.arrive(mail, "mail/0")
    world.arrive(mail, "mail/1")
    world.arrive(world.mail(authenticity=replace(GENUINE, spam="FAIL")), "mail/2")
    report = world.count()
    assert (report.arrivals, report.waiting, report.overdue, report.balanced) == (3, 0, 0, True)
    assert report.outcomes == {Outcome.FILED: 1, Outcome.DUPLICATE: 1, Outcome.PARKED: 1}
    assert world.cases.report()["balanced"] is True


def test_an_object_without_a_notice_waits_and_is_announced_again_when_the_queue_has_given_up(world: World) -> None:
    world.arrivals.objects["mail/lost"] = (b"x", world.now)
    assert (world.count().waiting, world.arrivals.notices) == (1, [])
    world.later(hours=1)
    report = world.count()
    assert (report.waiting, report.overdue, report.balanced) == (1, 1, False)
    assert world.arrivals.notices == [("mail/lost", "again")]
    world.arrive(world.mail(), "mail/lost")
    assert world.count().balanced


def test_messages_are_listed_by_time_and_outcome_page_by_page(world: World) -> None:
    for _ in range(5):
        world.arrive(world.mail())
        world.later(hours=11)
    since, until = world.now.replace(month=11, day=1), world.now
    first = world.cases.received(None, since, until, None, 3)
    second = world.cases.received(None, since, until, first.after, 3)
    assert len(first.rows) == 3 and len(second.rows) == 2
    assert second.after is None
    times = [row.at for row in (*first.rows, *second.rows)]
    assert times == sorted(times, reverse=True)
    assert world.cases.received("parked", since, until, None, 3).rows == ()


def test_what_was_overdue_is_looked_at_again_however_old_it_is_by_then(world: World) -> None:
    world.arrivals.objects["mail/lost"] = (b"x", world.now)
    world.later(hours=1)
    world.count()
    world.later(days=30)
    report = world.count()
    assert (report.overdue, report.balanced) == (1, False)
    assert report.oldest_waiting is not None and report.oldest_waiting.key == "mail/lost"
    world.arrive(world.mail(), "mail/lost")
    assert world.count().balanced
    assert world.count().overdue_keys == ()


def test_readings_without_an_end_are_counted_until_one_ends(world: World) -> None:
    assert [world.cases.trial("mail/0") for _ in range(3)] == [0, 1, 2]
    assert world.cases.trial("mail/1") == 0
    assert world.cases.trial("mail/0", ended=True) == 3
    assert world.cases.trial("mail/0") == 0
    assert world.cases.of("mail/0") == ()


# -- several messages in one arrival


class _Killed(BaseException):
    """The function ends in the middle: nothing is parked, nothing raised."""


def _three(street: Street) -> str:
    said = [message(id=f"wamid.{n}", sender=f"62812345000{n}", text={"body": f"Jalan {n} rusak"}) for n in range(3)]
    return street.store("meta", messages(*said))


def _cut_at(street: Street, index: int) -> Callable[[Any], Any]:
    real = street.world.receive

    def dies(raw: Any) -> Any:
        if raw.index == index:
            raise _Killed
        return real(raw)

    dies.ledger = real.ledger  # type: ignore[attr-defined]
    return dies


@pytest.mark.parametrize(("lost", "waiting"), [(2, 1), (1, 2), (0, 1)])
def test_a_lost_piece_of_a_batch_is_overdue_and_announced_until_it_has_its_row(
    world: World, lost: int, waiting: int
) -> None:
    street = Street(world)
    key, real = _three(street), world.receive
    street.parts.receive = _cut_at(street, lost)
    for tries in range(1, 6):
        with pytest.raises(_Killed):
            street.bring(key, tries)
    world.arrivals.objects[key] = (world.arrivals.get(key), world.now)  # a bucket knows when its index was written
    world.later(hours=1)
    report = world.count()
    assert (report.arrivals, report.waiting, report.overdue, report.balanced) == (1, waiting, waiting, False)
    assert report.messages == sum(report.outcomes.values()) + report.waiting
    assert world.arrivals.notices == [(key, "again")]
    street.parts.receive = real
    street.bring(key, wish="again")
    report = world.count()
    assert (report.messages, report.waiting, report.balanced) == (3, 0, True)
    assert report.outcomes == {Outcome.FILED: 3}


def test_officers_see_the_missing_piece_and_may_have_it_read(world: World) -> None:
    street = Street(world)
    key = _three(street)
    street.parts.receive = _cut_at(street, 2)
    with pytest.raises(_Killed):
        street.bring(key)
    world.arrivals.objects[key] = (world.arrivals.get(key), world.now)
    desk = LedgerDesk(world.cases, world.arrivals, world.reread, world.clock)
    rows = desk.arrival(COORDINATOR, key)
    assert [(row.index, row.outcome) for row in rows] == [(0, "filed"), (1, "filed"), (2, "waiting")]
    (waiting,) = desk.listing(COORDINATOR, "waiting", None, None, None).rows
    assert (waiting.arrival, waiting.index) == (key, 2)
    desk.replay(COORDINATOR, key)
    assert world.arrivals.notices == [(key, "again")]


def test_a_message_that_came_alone_is_one_and_so_is_a_row_from_before_they_were_counted(world: World) -> None:
    street = Street(world)
    street.say("Jalan rusak di RT 3")
    (key,) = world.arrivals.objects
    assert world.cases.of(key)[0].of == 1
    assert world.cases.outcomes([key, "mail/unknown"]) == {key: (Outcome.FILED,)}


def test_only_an_arrival_of_several_messages_costs_a_second_read() -> None:
    asked: list[list[tuple[str, str]]] = []

    class Rows(LedgerRows):
        def _found(self, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], Received]:
            asked.append(wanted)
            return {key: row_of(key[0]) for key in wanted if key[1] != "MSG#0002"}

    def row_of(pk: str) -> Received:
        held = 3 if "batch" in pk else 1
        return Received(
            arrival=pk, channel=Channel.EMAIL, at=START, size=1, outcome=Outcome.FILED, reason=Reason.REPLY, of=held
        )

    assert Rows().outcomes(["mail/a", "mail/b"]) == {"mail/a": (Outcome.FILED,), "mail/b": (Outcome.FILED,)}
    assert len(asked) == 1
    assert Rows().outcomes(["mail/a", "batch"])["batch"] == (Outcome.FILED, Outcome.FILED, Outcome.WAITING)
    assert asked[2:] == [[("ARRIVAL#batch", "MSG#0001"), ("ARRIVAL#batch", "MSG#0002")]]


def test_what_waits_at_metas_door_is_of_no_channel_until_it_is_read(world: World) -> None:
    from tanggap.entrypoints.portal import shapes_arrivals as shapes

    street = Street(world)
    key = _three(street)
    zone = world.policies.current().calendar.zone
    desk = LedgerDesk(world.cases, world.arrivals, world.reread, world.clock)
    assert shapes.arrivals(desk.arrival(COORDINATOR, key), zone, ())[0]["channel"] is None
    street.bring(key)
    assert shapes.arrivals(desk.arrival(COORDINATOR, key), zone, ())[0]["channel"] == "whatsapp"


def test_a_status_of_a_message_that_nobody_knows_is_counted_and_never_parked(world: World) -> None:
    from dataclasses import replace

    from tests.integration.test_receive import event, report

    raw = event(world, report("bounce", "", "", original_id="unknown"))
    result = world.receive(replace(raw, last=True))
    assert (result.outcome, result.reason) == (Outcome.STATUS, "unmatched")
