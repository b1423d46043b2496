"""An officer makes a case of its own of a message: one move, told on the channel, linked both ways, done once."""

from __future__ import annotations

import pytest

from tanggap.application.split import Split, Wish
from tanggap.domain.errors import Forbidden, Invalid, NotAllowed, NotFound
from tanggap.domain.history import faults_in
from tanggap.domain.permissions import Officer
from tanggap.domain.publicity import Shown, shown
from tanggap.domain.words import Channel, Kind, Role, Status
from tests.support.portal import running_portal
from tests.support.talking import Street
from tests.support.world import AUDITOR, COORDINATOR, LIAISON, POLICY, World


def second_matter(street: Street) -> tuple[str, str]:
    """(the case, the message on it that is about something else)"""
    number = street.say("Jalan di RT 3 rusak")["case"]
    street.world.later(hours=2)
    street.say("Oh ya, sampah di pasar juga menumpuk seminggu")
    return number, street.world.cases.file(number).messages[-1].id


def test_the_message_becomes_a_case_with_clocks_from_when_it_was_written(street: Street) -> None:
    number, message = second_matter(street)
    written = street.world.now
    street.world.later(hours=5)
    before = street.world.cases.case(number)
    made = street.world.desk.split(COORDINATOR, number, Wish(message)).case
    assert (made.status, made.kind, made.channel) == (Status.NEW, Kind.COMPLAINT, Channel.TELEGRAM)
    assert (made.reporter, made.received_at) == (before.reporter, written)
    assert all(clock.started_at == written for clock in made.clocks)
    assert made.clocks
    assert [(link.kind, link.number) for link in made.links] == [("split_from", number)]
    old = street.world.cases.file(number)
    assert [(link.kind, link.number) for link in old.case.links] == [("split_to", made.number)]
    assert f"split:{made.number}" in old.messages[-1].marks
    assert [(c.name, c.due_at) for c in old.case.clocks] == [(c.name, c.due_at) for c in before.clocks]
    assert street.texts(made.number) == ["Oh ya, sampah di pasar juga menumpuk seminggu"]
    for one in (number, made.number):
        file = street.world.cases.file(one)
        assert faults_in(one, file.history, file.case.head) == ()
    assert [entry.event for entry in old.history][-1] == "split"


def test_what_an_officer_hid_from_the_public_stays_hidden_in_what_comes_of_it(world: World) -> None:
    world.policies.store({**POLICY, "open311": {"publish": ["telegram"]}}, 2)
    named = world.policies.current(fresh=True).published
    street = Street(world)
    number, message = second_matter(street)
    assert shown(world.cases.case(number), named) is Shown.FACTS
    world.desk.withhold(COORDINATOR, number, False, "korban dikenali dari tempatnya")
    made = world.desk.split(COORDINATOR, number, Wish(message)).case.number
    for one in (number, made):
        file = world.cases.file(one)
        assert shown(file.case, named) is Shown.NOTHING
        assert [entry.event for entry in file.history].count("hidden_from_public") == 1
    assert not any(world.cases.lines([number, made]).values())
    world.desk.withhold(COORDINATOR, made, True, "sampah di pasar boleh dilihat siapa saja")
    assert shown(world.cases.case(made), named) is Shown.FACTS
    assert shown(world.cases.case(number), named) is Shown.NOTHING


def test_what_an_officer_hid_stays_hidden_where_its_reporter_writes_on_long_after(street: Street) -> None:
    world = street.world
    world.policies.store({**POLICY, "open311": {"publish": ["telegram"]}}, 2)
    named = world.policies.current(fresh=True).published
    number = street.say("Jalan di RT 3 rusak")["case"]
    world.desk.withhold(COORDINATOR, number, False, "korban dikenali dari tempatnya")
    world.desk.verify(COORDINATOR, number, "reject", "Bukan wewenang kami.")
    world.later(days=100)
    case = world.cases.case(street.say("Sekarang lebih rusak lagi", reply_to=1)["case"])
    assert [(link.kind, link.number) for link in case.links] == [("follows", number)]
    assert shown(case, named) is Shown.NOTHING


def test_its_reporter_is_told_on_the_channel_and_writes_on_there(street: Street) -> None:
    number, message = second_matter(street)
    made = street.world.desk.split(COORDINATOR, number, Wish(message)).case.number
    (letter,) = street.letters("split")
    assert (letter.case, letter.channel) == (made, Channel.TELEGRAM)
    assert number in letter.text
    assert made in letter.text
    assert len(street.letters("acknowledgement")) == 1
    assert street.say("baunya menyengat")["case"] == made
    assert street.say("lubangnya makin dalam", reply_to=1)["case"] == number
    assert street.say("itu di depan pasar", reply_to=2)["case"] == made, "a reply to it goes where its matter is"


def test_a_message_is_split_once_and_a_cut_in_between_is_healed(street: Street) -> None:
    number, message = second_matter(street)
    world = street.world
    split = Split(world.cases, world.policies, world.ids, world.clock)
    named = split._leave(COORDINATOR, number, Wish(message), None)
    assert world.cases.case(named) is None
    made = world.desk.split(COORDINATOR, number, Wish(message)).case
    assert made.number == named
    with pytest.raises(NotAllowed, match=named):
        world.desk.split(COORDINATOR, number, Wish(message))
    assert len(street.letters("split")) == 1


def test_kind_and_category_may_be_said_at_once(street: Street) -> None:
    number, message = second_matter(street)
    made = street.world.desk.split(COORDINATOR, number, Wish(message, Kind.ASPIRATION, "jalan")).case
    assert (made.kind, made.category) == (Kind.ASPIRATION, "jalan")
    with pytest.raises(Invalid):
        street.world.desk.split(COORDINATOR, number, Wish(message, None, "nosuch"))


def test_only_a_further_message_of_a_citizen_and_only_by_who_may(street: Street) -> None:
    number, message = second_matter(street)
    desk = street.world.desk
    first = street.world.cases.file(number).messages[0].id
    with pytest.raises(Invalid):
        desk.split(COORDINATOR, number, Wish(first))
    with pytest.raises(NotFound):
        desk.split(COORDINATOR, number, Wish("nosuch"))
    with pytest.raises(Forbidden):
        desk.split(AUDITOR, number, Wish(message))
    with pytest.raises(NotFound):
        desk.split(Officer("x", Role.LIAISON, "adm"), number, Wish(message))
    desk.verify(COORDINATOR, number, "accept", "")
    desk.assign(COORDINATOR, number, "pu", None, "")
    made = desk.split(LIAISON, number, Wish(message)).case
    assert made.unit == "pu", "who works for one unit could not read it otherwise"


def test_a_mail_is_split_like_a_chat(world: World) -> None:
    number = world.new_case()
    world.later(hours=1)
    world.arrive(world.mail(text="Lampu di RT 5 juga mati.", recipients=(world.reply_address(number),)))
    message = world.cases.file(number).messages[-1].id
    made = world.desk.split(COORDINATOR, number, Wish(message)).case.number
    world.pump()
    assert made in world.outbox("siti@warga.example")[-1].subject


def test_over_the_api_it_answers_the_new_case() -> None:
    with running_portal() as portal:
        number = portal.world.new_case()
        portal.world.arrive(
            portal.world.mail(text="Lampu juga mati.", recipients=(portal.world.reply_address(number),))
        )
        message = portal.world.cases.file(number).messages[-1].id
        found = portal.post(COORDINATOR, f"/v1/cases/{number}/split", message=message, kind="information")
        assert (found.status, found.body["kind"]) == (201, "information")
        assert found.body["links"] == [{"kind": "split_from", "number": number}]
        again = portal.post(COORDINATOR, f"/v1/cases/{number}/split", message=message)
        assert (again.status, again.code) == (409, "not_allowed")
        assert portal.post(COORDINATOR, f"/v1/cases/{number}/split").status == 422
