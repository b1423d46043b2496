"""Promise 1 as a count: what lies in the bucket has an outcome, or waits, or is announced again."""

from __future__ import annotations

from dataclasses import replace

from tanggap.domain.words import Outcome
from tests.support.world import GENUINE, World


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
