"""An address that somebody typed into a form proves nothing, and a phone may be a family's: neither opens another
person's case, nor brings word of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tanggap.adapters.dynamodb import keys
from tanggap.application.desk import Filter
from tanggap.application.record import Heard
from tanggap.domain.case import Change
from tanggap.domain.numbers import number_from
from tanggap.domain.words import CHAT, Channel, Confidentiality, DeliveryState, Reason
from tests.support.chats import answer, letters, said
from tests.support.portal import Portal, running_portal
from tests.support.talking import chat, raw
from tests.support.web_forms import addition, arrival, file
from tests.support.world import COORDINATOR, World, fake_aws

ONE, TWO, THREE = (number_from(nth) for nth in (4711, 4712, 4713))
WA, PHONE, MINE = Channel.WHATSAPP, "081234567890", "mallory@evil.example"
SHARED = "rt05@warga.example"


@pytest.fixture
def portal() -> Iterator[Portal]:
    with running_portal() as running:
        yield running


def say(world: World, text: str, person: str = "6281234567890", channel: Channel = WA) -> str:
    found = world.receive(raw(chat(channel, person, text, world.now))).case
    world.pump()
    return found


@pytest.mark.parametrize("door", ["web", "open311"])
def test_who_types_anothers_phone_is_told_nothing_of_what_that_phone_writes(world: World, door: str) -> None:
    file(world, arrival(ONE, world.now, door=door, email=MINE, phone=PHONE, name="Mallory"))
    number = say(world, "Kepala desa meminta uang pungutan.")
    answer(world, number, "Rahasia bagi pelapor.")
    world.pump()
    assert not [one for one in world.outbox(MINE) if one.case != ONE]
    assert world.cases.case(number).reporter != world.cases.case(ONE).reporter
    mail = world.mail(sender=MINE, subject=f"[{number}]", text="Saya tarik laporan ini.")
    assert world.arrive(mail).case != number


@pytest.mark.parametrize("door", ["web", "open311"])
def test_who_types_anothers_mail_address_gets_at_none_of_their_cases(world: World, door: str) -> None:
    before = world.new_case()
    file(world, arrival(ONE, world.now, door=door, email="siti@warga.example", phone=PHONE))
    after = world.new_case(text="Pungutan liar di kantor desa.")
    own = world.cases.case(before).reporter
    assert world.cases.case(after).reporter == own != world.cases.case(ONE).reporter
    say(world, "status")
    assert not any(number in text for number in (before, after, ONE) for text in said(world, WA))
    assert say(world, f"{after} saya cabut laporan ini") != after


def test_who_answers_the_letter_about_their_form_is_its_reporter_there_and_nowhere_else(world: World) -> None:
    file(world, arrival(ONE, world.now, email="siti@warga.example"))
    world.pump()
    (letter,) = world.outbox("siti@warga.example")
    assert letter.case == ONE
    assert world.tokens.receipt(ONE) not in letter.text, "they have the page's own"
    found = world.arrive(world.mail(text="Lampunya di depan SDN 2.", recipients=(world.reply_address(ONE),)))
    assert (found.case, found.reason) == (ONE, Reason.REPLY)
    assert world.cases.file(ONE).messages[-1].actor == "reporter"
    stranger = world.mail(text="Saya cabut.", sender=MINE, recipients=(world.reply_address(ONE),))
    assert world.arrive(stranger).case == ONE
    assert world.cases.file(ONE).messages[-1].actor == "other"
    assert world.vault.find("siti@warga.example") is None
    named = world.mail(text="Tentang yang lain.", subject=f"[{ONE}] lain")
    assert world.arrive(named).case != ONE, "a number alone is no letter of ours"


@pytest.mark.parametrize("door", ["web", "open311"])
def test_each_who_types_a_shared_address_keeps_their_own_name_and_phone(world: World, door: str) -> None:
    """A neighbourhood's mailbox, or an app that sends one for all its users."""
    people = {ONE: ("Siti Aminah", ""), TWO: ("Budi Santoso", PHONE), THREE: ("Rina Wati", "081299999999")}
    for number, (name, phone) in people.items():
        file(world, arrival(number, world.now, door=door, email=SHARED, name=name, phone=phone))
        world.pump()
        assert f"Yth. Bapak/Ibu {name}," in world.outbox(SHARED)[-1].text
        world.later(minutes=1)
    reporters = [world.cases.case(number).reporter for number in people]
    assert len(set(reporters)) == 3
    for reporter, (name, phone) in zip(reporters, people.values(), strict=True):
        identity = world.vault.open(reporter)
        assert (identity.name, identity.address, identity.phone[-9:]) == (name, SHARED, phone[-9:])
    assert {one.number for one in world.desk.search(COORDINATOR, SHARED, Filter()).cases} == set(people)
    assert [one.number for one in world.desk.search(COORDINATOR, PHONE, Filter()).cases] == [TWO]
    # Whoever reads that mailbox got each letter, and answers each.
    for number in people:
        mail = world.mail(text=f"Tentang {number}.", sender=SHARED, recipients=(world.reply_address(number),))
        assert world.arrive(mail).case == number
        assert world.cases.file(number).messages[-1].actor == "reporter"


def test_letters_to_a_typed_address_are_counted_together_however_many_reports_name_it(world: World) -> None:
    rules = world.policies.current().intake
    numbers = [number_from(5000 + nth) for nth in range(rules.answers_per_hour + 3)]
    for number in numbers:
        found = file(world, arrival(number, world.now, email=SHARED))
        world.later(seconds=1)
    assert found.reason is Reason.THROTTLED
    world.pump()
    assert len(world.outbox(SHARED)) == rules.answers_per_hour

    def writes_on(number: str) -> None:
        """By code, and from the address itself; a file of each was left out, which is told."""
        file(world, addition(number, world.now, key=str(world.now), text="Ini fotonya.", uploads=["missing1"]))
        mail = world.mail(text="Ini fotonya.", sender=SHARED, recipients=(world.reply_address(number),))
        assert world.arrive(replace(mail, left_out=("foto.jpg",), left_out_count=1)).case == number
        assert [one.actor for one in world.cases.file(number).messages[-2:]] == ["reporter", "reporter"]
        world.pump()

    for number in (numbers[0], numbers[-1]):
        writes_on(number)
    assert len(world.outbox(SHARED)) == rules.answers_per_hour
    world.later(hours=1)
    writes_on(numbers[-1])
    file(world, arrival(ONE, world.now, email=SHARED))
    world.pump()
    assert len(world.outbox(SHARED)) == rules.answers_per_hour + 2
    first = world.cases.case(numbers[0]).reporter
    assert world.cases.answered_since(first, world.now - timedelta(minutes=1), 10) == 2


def test_two_forms_at_once_with_one_new_address_have_a_first_and_a_second(world: World) -> None:
    commit, between = world.cases.commit, [TWO]

    def second_comes_between(change: Change) -> None:
        if between:
            file(world, arrival(between.pop(), world.now, email=SHARED, name="Budi"))
        commit(change)

    world.cases.commit = second_comes_between
    file(world, arrival(ONE, world.now, email=SHARED, name="Siti"))
    one, two = (world.cases.case(number).reporter for number in (ONE, TWO))
    assert (world.vault.open(one).name, world.vault.open(two).name) == ("Siti", "Budi")
    assert world.vault.find(SHARED, typed=True) == two
    assert world.vault.typed(SHARED) == (one, two)


def test_rows_of_before_where_one_reporter_stands_for_several_reports_still_read(world: World) -> None:
    """The vault's row and the case as they were written when a second form took the first one's reporter."""
    file(world, arrival(ONE, world.now, email=SHARED, name="Siti"))
    file(world, arrival(TWO, world.now, email="lain@warga.example", name="Budi"))
    first, case = world.cases.case(ONE).reporter, world.cases.case(TWO)
    world.cases.commit(Change(case=replace(case, reporter=first, version=case.version + 1), expected=case.version))
    for number in (ONE, TWO):
        mail = world.mail(text=f"Tentang {number}.", sender=SHARED, recipients=(world.reply_address(number),))
        assert world.arrive(mail).case == number
        assert world.cases.file(number).messages[-1].actor == "reporter"
    file(world, arrival(THREE, world.now, email=SHARED, name="Rina"))
    third = world.cases.case(THREE).reporter
    assert (world.vault.open(third).name, world.vault.open(first).name) == ("Rina", "Siti")
    assert {one.number for one in world.desk.search(COORDINATOR, SHARED, Filter()).cases} == {ONE, TWO, THREE}


def test_when_the_first_who_typed_an_address_is_erased_the_others_answer_their_letters_still() -> None:
    with fake_aws():
        world = World("dynamodb")
        for number in (ONE, TWO):
            file(world, arrival(number, world.now, email=SHARED))
        first, second = (world.cases.case(number).reporter for number in (ONE, TWO))
        for row in [row for row in world.vault.row.scan() if first in (row.data, row.pk.removeprefix("REPORTER#"))]:
            row.delete()
        assert (world.vault.open(first), world.vault.has_typed(first, SHARED)) == (None, False)
        assert world.vault.typed(SHARED) == (second,)
        world.arrive(world.mail(text="Masih gelap.", sender=SHARED, recipients=(world.reply_address(TWO),)))
        assert world.cases.file(TWO).messages[-1].actor == "reporter"
        file(world, arrival(THREE, world.now, email=SHARED))
        assert world.vault.find(SHARED, typed=True) == world.cases.case(THREE).reporter


@pytest.mark.parametrize("confidentiality", [Confidentiality.ANONYMOUS, Confidentiality.SECRET])
def test_a_case_that_is_not_open_reaches_no_chat_that_shares_its_phone(
    world: World, confidentiality: Confidentiality
) -> None:
    heard = Heard(
        channel=Channel.COUNTER,
        received_at=world.now,
        text="Suami saya memukul saya.",
        phone=PHONE,
        name="Siti",
        confidentiality=confidentiality,
    )
    number = world.desk.record(COORDINATOR, heard).case.number
    say(world, "Jalan rusak parah di RT 3")
    answer(world, number, "Kami teruskan ke polisi.")
    world.pump()
    assert letters(world, number)[-1].state is DeliveryState.FAILED
    say(world, "status")
    assert say(world, f"{number} bagaimana kabarnya? kami menunggu") != number
    assert not any(number in text or "polisi" in text for text in said(world, WA))


def test_the_code_of_an_open_case_goes_to_no_channel_that_it_did_not_come_by(world: World) -> None:
    heard = Heard(channel=Channel.COUNTER, received_at=world.now, text="Pipa bocor.", phone=PHONE, name="Siti")
    number = world.desk.record(COORDINATOR, heard).case.number
    own = say(world, "Jalan rusak parah di RT 3")
    answer(world, number, "Sudah diperbaiki.")
    world.pump()
    told = "\n".join(said(world, WA))
    assert "Sudah diperbaiki." in told
    assert world.tokens.receipt(own) in told
    assert world.tokens.receipt(number) not in told


def test_what_was_asked_for_on_a_channel_goes_by_no_other(world: World) -> None:
    """An answer to "status" tells of anonymous cases of that very channel too."""
    say(world, "Jalan rusak parah di RT 3")
    reporter = world.vault.find("whatsapp:6281234567890")
    world.receive(raw(chat(WA, "6281234567890", "status", world.now)))
    (row,) = [one for one in world.unsent() if one.of_talk]
    reached = world.deliver.dispatch.routes.reached(row, world.vault.open(reporter))
    for channel in (*CHAT, Channel.EMAIL):
        reached.addresses[channel] = "x"  # type: ignore[index]
    assert {way.channel for way in reached.ordered(row, world.policies.current(), world.now)} == {WA}


def test_a_letter_is_found_by_its_id_under_both_spellings_of_the_index(world: World) -> None:
    number = say(world, "Jalan rusak parah di RT 3")
    row = letters(world, number)[-1]
    digest = hashlib.sha256(row.external_id.encode()).hexdigest()
    assert keys.outbound_ref(row.external_id) == f"OUTID#{digest}"
    assert world.cases.delivery_of(row.external_id) == (number, row.id)
    if hasattr(world.cases, "row"):
        stored = world.cases.row.get(f"CASE#{number}", f"OUT#{row.id}")
        assert row.external_id not in stored.ref
        stored.update(actions=[world.cases.row.ref.set(f"OUTID#{row.external_id}")])  # as it was written before
        assert world.cases.delivery_of(row.external_id) == (number, row.id)


def test_whatsapps_ids_are_shown_of_open_cases_alone(portal: Portal) -> None:
    """They hold the telephone number, which the identity's own, recorded look tells."""
    world = portal.world
    number = say(world, "Jalan rusak parah di RT 3")
    message, letter = world.cases.file(number).messages[0], letters(world, number)[-1]
    ids = {message.external_id, letter.external_id}

    def shown() -> set[str]:
        case = portal.get(COORDINATOR, f"/v1/cases/{number}").body["messages"]
        ledger = portal.get(COORDINATOR, "/v1/arrivals").body["arrivals"]
        one = portal.get(COORDINATOR, f"/v1/cases/{number}/messages/{message.id}").body
        rows = [row for arrived in ledger for row in arrived["messages"] if row["case"] == number]
        assert len(case) == 2
        assert len(rows) == 1
        return {row["external_id"] for row in (*case, *rows, one)}

    assert shown() == ids
    case = world.cases.case(number)
    closed = replace(case, confidentiality=Confidentiality.ANONYMOUS, version=case.version + 1)
    world.cases.commit(Change(case=closed, expected=case.version))
    assert shown() == {f"sha256:{hashlib.sha256(one.encode()).hexdigest()[:32]}" for one in ids}
