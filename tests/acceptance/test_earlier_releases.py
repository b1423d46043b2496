"""Rows that earlier releases wrote (tests/releases), worked on by today's code to the end of their cases; and rows of a
release that is not out yet, kind by kind. What decides a change is in tests/integration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from tanggap.adapters.dynamodb.canary import DynamoRounds
from tanggap.adapters.memory_stores import MemoryLocked
from tanggap.application.anchors import Anchors
from tanggap.application.ports import Unreadable
from tanggap.domain.history import faults_in
from tanggap.domain.words import Channel, DeliveryState, Outcome, Reason
from tests.releases.record import loaded
from tests.support import web_forms
from tests.support.rows import ahead, contents
from tests.support.talking import Street
from tests.support.world import LIAISON, START, World, fake_aws

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def account() -> Iterator[None]:
    with fake_aws():
        yield


@pytest.fixture
def first(account: None) -> tuple[World, dict[str, Any]]:
    return loaded("schema-1")


def test_an_old_case_goes_its_way_to_the_end(first: tuple[World, dict[str, Any]]) -> None:
    world, facts = first
    names = facts["names"]
    working = names["working"]
    before = world.cases.file(working)

    reply = world.arrive(world.mail("Masih menunggu.", recipients=(facts["reply"][working],)))
    assert (reply.case, reply.reason) == (working, Reason.REPLY), "an old letter's address leads to its case"
    world.desk.reply(LIAISON, working, "Sudah ditambal.", (), final=True)
    world.pump()
    letters = [one.text for one in world.outbox("siti@warga.example")]
    assert any("Sudah ditambal." in text for text in letters), "to the address that the old vault holds"

    world.run_until(world.now + timedelta(days=42), timedelta(days=14))
    after = world.cases.file(working)
    assert after.case.ended
    assert [one.hash for one in after.history][: len(before.history)] == [one.hash for one in before.history]
    for number in facts["numbers"]:
        file = world.cases.file(number)
        assert faults_in(number, file.history, file.case.head) == (), number
        steps = [step for one in file.deliveries if one.address for step in one.steps]
        assert max(Counter((s, one.address) for one in file.deliveries for s in one.steps).values(), default=1) == 1
        assert steps or file.case.ended, number


def test_letters_that_were_in_flight_leave_once(first: tuple[World, dict[str, Any]]) -> None:
    world, facts = first
    waiting = {facts["names"]["in_flight"], facts["names"]["claimed"]}
    assert {one.case for one in world.unsent() if one.reporter} == waiting
    world.pump()
    world.later(minutes=6)  # the claim of a function that is no more has run out
    world.sweep()
    world.pump()
    sent = Counter(one.to_address for one in world.outbox())
    assert (sent["rudi@warga.example"], sent["tono@warga.example"]) == (1, 1)
    rows = [one for one in world.deliveries() if one.case in waiting and one.reporter]
    assert {one.state for one in rows} == {DeliveryState.SENT}
    assert sum(one.repeats for one in rows) == 1, "whether the claimed one had left nobody knows: counted"


def all_of(world: World) -> Counter[str]:
    """How many cases there are, and messages on each."""
    places = [(row.pk, row.sk) for row in world.cases.row.scan() if row.pk.startswith("CASE#")]
    return Counter(
        pk if sk.startswith("MSG#") else "cases" for pk, sk in places if sk == "CASE" or sk.startswith("MSG#")
    )


def test_what_was_read_before_is_not_read_again_and_what_was_parked_can_be(first: tuple[World, dict[str, Any]]) -> None:
    world, _ = first
    again = world.mail("Jalan di RT 3 rusak parah.", external_id="other@warga.example")
    before = all_of(world)
    (row,) = world.cases.of("mail/one")
    assert world.arrive(again, "mail/one").case == row.case != ""
    assert (before["cases"], before.total()) == (8, 8 + 10)
    assert all_of(world) == before, "no case more, and no message on one"
    assert world.cases.outcomes(["mail/spam"]) == {"mail/spam": (Outcome.PARKED,)}
    replayed = world.arrive(world.mail("Bukan undian: jalan rusak."), "mail/spam", replay=True)
    assert replayed.outcome is Outcome.FILED
    assert world.cases.outcomes(["mail/spam"]) == {"mail/spam": (Outcome.FILED,)}


# -- kinds that came later


@pytest.fixture
def later(account: None) -> tuple[World, dict[str, Any]]:
    return loaded("schema-2")


def test_what_came_with_channels_goes_on(later: tuple[World, dict[str, Any]]) -> None:
    world, facts = later
    names = facts["names"]
    street = Street(world)
    street.said = 1_000
    assert street.say("Sudah dua malam gelap.")["case"] == names["talked"], "the talk stands where it stood"
    desk = web_forms.Desk(world)
    assert desk.tracking.follow(names["formed"], facts["code"], "203.0.113.9").held.number == names["formed"]
    derived = facts["receipt"][names["mailed"]]
    assert desk.tracking.follow(names["mailed"], derived, "203.0.113.9").held.number == names["mailed"]
    assert [one.number for one in world.cases.listed(START, world.now, 10)] == [names["public"]]
    assert world.cases.round("daily") or world.cases.round("weekly") or world.cases.round("hourly")
    assert world.cases.report()
    assert DynamoRounds(world.cases.row).last()
    assert world.cases.delivery_of("wamid.further")
    locked = MemoryLocked(world.clock)
    for key, (body, _) in world.arrivals.objects.items():
        if key.startswith("anchors/"):
            assert locked.put_new(key, body)
    held, file = Anchors(locked).held(), world.cases.file(names["talked"])
    assert (held.faults, held.against(names["talked"], file.history)) == ((), ())
    assert held.heads[names["talked"]]
    assert world.policies.recomputing()
    batch, *cases = facts["batch"]
    assert [line["case"] for line in street.bring(batch)] == cases, "each piece was read before"
    assert {len(world.cases.file(number).messages) for number in cases} == {1}
    assert [one.case for one in world.cases.of(batch)] == cases


def test_a_parcel_that_a_crash_left_shut_is_opened(later: tuple[World, dict[str, Any]]) -> None:
    world, _ = later
    before = len(world.deliveries())
    world.sweep()
    assert len(world.deliveries()) > before
    assert not [row for row in world.cases.row.scan() if row.sk.startswith("PARCEL#") and row.data]


# -- a release to come


@pytest.mark.parametrize(
    ("pk", "sk"), [("TALK#", "TALK"), ("LEDGER", "REPORT"), ("JOB", "DIGEST#"), ("CANARY", "ROUND")]
)
def test_other_kinds_of_a_newer_release_are_refused_by_name(
    later: tuple[World, dict[str, Any]], pk: str, sk: str
) -> None:
    world, _ = later
    row = next(one for one in world.cases.row.scan() if one.pk.startswith(pk) and one.sk.startswith(sk))
    ahead(world, row.pk, row.sk)
    _, _, channel = row.pk.rpartition("#")
    reads: dict[str, Callable[[], Any]] = {
        "TALK#": lambda: world.cases.talk(row.pk.split("#")[1], Channel(channel)),
        "LEDGER": world.cases.report,
        "JOB": lambda: world.cases.round(row.sk.removeprefix("DIGEST#")),
        "CANARY": DynamoRounds(world.cases.row).last,
    }
    with pytest.raises(Unreadable):
        reads[pk]()


def test_a_letter_that_a_newer_release_wrote_meanwhile_is_neither_claimed_nor_finished(
    first: tuple[World, dict[str, Any]],
) -> None:
    world, facts = first
    queued = next(one for one in world.unsent() if one.case == facts["names"]["in_flight"] and one.reporter)
    ahead(world, f"CASE#{queued.case}", f"OUT#{queued.id}")
    assert world.cases.claim(queued, world.now, world.now + timedelta(minutes=5)) is None
    assert contents(world)[f"CASE#{queued.case}", f"OUT#{queued.id}"]["state"] == "queued"


def test_a_parked_arrival_of_a_newer_release_is_not_replayed_over(first: tuple[World, dict[str, Any]]) -> None:
    world, _ = first
    ahead(world, "ARRIVAL#mail/spam", "MSG#0000")
    with suppress(Unreadable):
        world.arrive(world.mail("Jalan rusak."), "mail/spam", replay=True)
    row = contents(world)["ARRIVAL#mail/spam", "MSG#0000"]
    assert (row["state"], row["schema"]) == ("parked", 99)
    assert world.cases.outcomes(["mail/spam"]) == {"mail/spam": (Outcome.PARKED,)}, "it counts all the same"
