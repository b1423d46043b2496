"""What the world may know of requests (Open311), on memory and on DynamoDB."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tanggap.application.open311 import REACH, Open311, OutOfReach, Question
from tanggap.domain.errors import NotAllowed, NotFound, Refuse
from tanggap.domain.numbers import number_from
from tanggap.domain.publicity import OTHER
from tanggap.domain.words import Channel, Status
from tests.support.open311 import arrival, key_of, post
from tests.support.world import COORDINATOR, LIAISON, OTHER_LIAISON, POLICY, World


def desk_of(world: World) -> Open311:
    return Open311(world.cases, world.arrivals, world.policies, world.clock)


def ids(found) -> list[str]:
    return [one.id for one in found]


def test_services_are_the_policys_categories_and_one_for_the_rest(world: World) -> None:
    desk = desk_of(world)
    jalan, other = desk.services()
    assert (jalan.code, jalan.name, jalan.group) == ("jalan", "Jalan rusak", "Pekerjaan Umum")
    assert (other.code, other.group) == (OTHER, "Pemerintah Desa Contoh")
    assert desk.service(OTHER) == other
    with pytest.raises(NotFound):
        desk.service("lampu")


def test_a_request_is_public_from_its_filing_on_with_its_words_masked(world: World) -> None:
    number = post(world, "Lampu mati, hubungi 0812-3456-7890 atau siti@warga.example", category="jalan")
    found = desk_of(world).request(number)
    assert found.open
    assert found.description == "Lampu mati, hubungi [nomor disamarkan] atau [e-mail disamarkan]"
    assert found.service.code == "jalan"
    assert found.requested_at == found.updated_at == world.now
    assert found.place
    assert (found.place.latitude, found.place.longitude, found.place.text) == (-6.914744, 107.60981, "Jl. Merdeka 1")
    resolve = next(clock for clock in world.cases.case(number).clocks if clock.name == "resolve")
    assert found.expected_at == resolve.due_at
    assert found.notice.startswith("Batas waktu: ")
    assert ids(desk_of(world).listing(Question())) == [number]


def test_what_officers_do_shows_as_status_notes_and_dates(world: World) -> None:
    number, desk = post(world, category="jalan"), world.desk
    world.later(hours=1)
    desk.verify(COORDINATOR, number, "accept", "")
    desk.assign(COORDINATOR, number, "pu", None, "")
    found = desk_of(world).request(number)
    assert (found.open, found.status, found.updated_at) == (True, Status.FORWARDED, world.now)
    assert found.responsible == "Pekerjaan Umum, Pemerintah Desa Contoh"
    other = post(world)
    world.later(hours=1)
    desk.verify(COORDINATOR, other, "reject", "Alasan yang hanya untuk pelapor")
    closed = desk_of(world).request(other)
    assert (closed.open, closed.expected_at, closed.notice, closed.updated_at) == (False, None, "", world.now)
    assert "Alasan" not in closed.notes


def test_every_status_has_its_note() -> None:
    from tanggap.application.open311 import STATUS_NOTES

    assert set(STATUS_NOTES) == set(Status)
    assert len(set(STATUS_NOTES.values())) == len(Status)


@pytest.mark.parametrize("how", [{"anonymous": True}, {"secret": True}, {"anonymous": True, "secret": True}])
def test_anonymous_and_secret_requests_are_not_there(world: World, how: dict[str, bool]) -> None:
    number = post(world, **how)
    assert desk_of(world).named([number]) == ()
    assert desk_of(world).listing(Question()) == ()
    world.arrivals.put(key_of(number), json.dumps(arrival(number, world.now)).encode())
    with pytest.raises(NotFound):  # nor by an arrival, once there is a case
        desk_of(world).request(number)


def test_cases_of_other_channels_are_not_there_unless_the_policy_says_so_and_then_without_words(world: World) -> None:
    number = world.new_case(text="Rahasia keluarga saya")
    assert desk_of(world).named([number]) == ()
    world.policies.store({**POLICY, "open311": {"publish": ["email"]}}, 2)
    policy = world.policies.current(fresh=True)
    assert policy.version == 2
    later = world.new_case(text="Rahasia keluarga lain", sender="budi@warga.example")
    (found,) = desk_of(world).named([number, later])
    assert found.id == later, "what was filed before stays as it was promised"
    assert (found.description, found.channel) == ("", Channel.EMAIL)
    world.desk.verify(COORDINATOR, number, "accept", "")
    assert ids(desk_of(world).listing(Question())) == [later], "whatever happens to it"
    world.policies.store(POLICY, 3)
    world.policies.current(fresh=True)
    assert desk_of(world).named([later]) == ()
    assert desk_of(world).listing(Question()) == ()
    with pytest.raises(NotFound):
        desk_of(world).request(later)


def test_a_place_of_another_channel_is_told_roughly(world: World) -> None:
    from dataclasses import replace

    from tanggap.application.open311 import _request
    from tanggap.domain.inbound import Place

    number = world.new_case()
    case = replace(world.cases.case(number), place=Place(-6.914744, 107.60981, "Jl. Merdeka 1, rumah saya"))
    place = _request(case, None, world.policies.current()).place
    assert place == Place(-6.915, 107.61, "")


def test_an_officer_hides_a_request_and_puts_it_back(world: World) -> None:
    number, desk = post(world, "Pak Joko tetangga saya mencuri"), desk_of(world)
    with pytest.raises(NotFound):
        world.desk.withhold(OTHER_LIAISON, number, False, "menyebut nama")
    world.desk.withhold(COORDINATOR, number, False, "menyebut nama")
    assert desk.named([number]) == desk.listing(Question()) == ()
    assert world.cases.lines([number]) == {number: None}
    with pytest.raises(NotAllowed):
        world.desk.withhold(COORDINATOR, number, False, "lagi")
    world.desk.note(COORDINATOR, number, "catatan")  # a later change does not bring it back
    assert desk.named([number]) == ()
    world.desk.withhold(COORDINATOR, number, True, "nama sudah tidak ada")
    assert ids(desk.listing(Question())) == [number]
    assert desk.request(number).description == "Pak Joko tetangga saya mencuri"
    assert [entry.event for entry in world.cases.file(number).history if "public" in entry.event] == [
        "hidden_from_public",
        "made_public",
    ]


def test_only_a_public_case_can_be_hidden(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.desk.withhold(COORDINATOR, world.new_case(), False, "x")


def test_a_case_that_turns_secret_is_gone_at_once(world: World) -> None:
    """No act makes it so yet; whatever will, goes through a draft."""
    from tanggap.domain.draft import Draft
    from tanggap.domain.words import Confidentiality

    number = post(world)
    draft = Draft(world.cases.case(number), world.now, "system", world.policies.current(), world.ids)
    draft.set(confidentiality=Confidentiality.SECRET)
    draft.record("classified")
    world.cases.commit(draft.change())
    assert desk_of(world).named([number]) == desk_of(world).listing(Question()) == ()
    assert world.cases.lines([number]) == {number: None}


def test_what_was_posted_and_is_not_filed_yet_is_found_by_its_number(world: World) -> None:
    number = number_from(4711)
    body = arrival(number, world.now, "Banjir, telepon 081234567890", category="jalan")
    world.arrivals.put(key_of(number), json.dumps(body).encode())
    found = desk_of(world).request(number.lower())
    assert (found.id, found.open, found.service.code, found.requested_at) == (number, True, "jalan", world.now)
    assert found.description == "Banjir, telepon [nomor disamarkan]"
    assert desk_of(world).listing(Question()) == ()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'"x"', b'{"number": 1}', b'{"number": "%s", "at": "x", "report": {}}', b"\xff\xfe"]
)
def test_a_damaged_arrival_is_not_there(body: bytes) -> None:
    world, number = World("memory"), number_from(4711)
    world.arrivals.put(key_of(number), body.replace(b"%s", number.encode()))
    with pytest.raises(NotFound):
        desk_of(world).request(number)


@pytest.mark.parametrize("report", [{"secret": True}, {"anonymous": True}])
def test_an_unfiled_request_that_asks_to_be_kept_is_not_there(report: dict[str, bool]) -> None:
    world, number = World("memory"), number_from(4711)
    world.arrivals.put(key_of(number), json.dumps(arrival(number, world.now, **report)).encode())
    assert desk_of(world).named([number]) == ()


def test_pages_go_from_the_newest_on_each_request_once(world: World) -> None:
    numbers = []
    for _ in range(7):
        numbers.append(post(world))
        world.later(days=11)
    desk = desk_of(world)
    pages = [ids(desk.listing(Question(page=page, size=3))) for page in (1, 2, 3, 4)]
    newest = numbers[::-1]
    assert pages == [newest[:3], newest[3:6], newest[6:], []], "over several months' partitions"


def test_pages_are_filled_with_what_is_shown_where_a_channel_is_published_no_more(world: World) -> None:
    older = [post(world) for _ in range(2)]
    world.policies.store({**POLICY, "open311": {"publish": ["email"]}}, 2)
    world.policies.current(fresh=True)
    for n in range(3):
        world.later(minutes=1)
        world.new_case(sender=f"warga{n}@warga.example")
    desk = desk_of(world)
    assert len(desk.listing(Question(size=3))) == 3
    world.policies.store(POLICY, 3)
    world.policies.current(fresh=True)
    world.later(minutes=1)
    newest = [post(world), *older]
    pages = [ids(desk.listing(Question(page=page, size=2))) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 1, 0]
    assert sorted(pages[0] + pages[1]) == sorted(newest)


def test_filters_by_service_status_and_time(world: World) -> None:
    desk, start = desk_of(world), world.now
    road = post(world, category="jalan")
    world.later(hours=1)
    other = post(world)
    world.later(hours=1)
    world.desk.verify(COORDINATOR, road, "reject", "bukan kewenangan")
    assert ids(desk.listing(Question(codes=frozenset({"jalan"})))) == [road]
    assert ids(desk.listing(Question(codes=frozenset({OTHER, "jalan"})))) == [other, road]
    assert ids(desk.listing(Question(codes=frozenset({"tidak-ada"})))) == []
    assert ids(desk.listing(Question(open=True))) == [other]
    assert ids(desk.listing(Question(open=False))) == [road]
    assert ids(desk.listing(Question(since=start, until=start))) == [road], "both ends count"
    assert ids(desk.listing(Question(since=start + timedelta(seconds=1)))) == [other]
    assert ids(desk.listing(Question(until=start + timedelta(minutes=1)))) == [road]
    assert ids(desk.listing(Question(updated_after=world.now))) == [road]
    assert ids(desk.listing(Question(updated_before=world.now - timedelta(minutes=1)))) == [other]
    assert ids(desk.listing(Question(codes=frozenset({"jalan"}), page=2))) == []


def test_the_latest_ninety_days_unless_asked_and_never_more(world: World) -> None:
    old = post(world)
    start = world.now
    world.later(days=91)
    new, desk = post(world), desk_of(world)
    assert ids(desk.listing(Question())) == [new]
    assert ids(desk.listing(Question(since=start))) == [old], "ninety days from there"
    assert ids(desk.listing(Question(since=start, until=start + timedelta(days=90)))) == [old]
    with pytest.raises(Refuse, match="90 days"):
        desk.listing(Question(since=start, until=start + timedelta(days=90, seconds=1)))
    with pytest.raises(Refuse, match="before"):
        desk.listing(Question(since=world.now, until=start))
    for at in (datetime(9999, 12, 31, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)):
        with pytest.raises(Refuse, match="that"):
            desk.listing(Question(since=at) if at.year > 2000 else Question(until=at))


def test_several_ids_at_once_in_their_order_and_bounded(world: World) -> None:
    first, second = post(world), post(world)
    secret, unknown = post(world, secret=True), number_from(99)
    asked = [second, unknown, secret, first.lower(), second, "nonsense", "x" * 10_000]
    assert ids(desk_of(world).named(asked)) == [second, first]
    assert len(desk_of(world).named([number_from(n * 991) for n in range(50)])) == 0
    with pytest.raises(Refuse, match="at most 50"):
        desk_of(world).named([number_from(n * 991) for n in range(51)])


def test_a_page_behind_the_reach_is_refused_rather_than_empty() -> None:
    from tanggap.application.ports.public import Listed

    world = World("memory")
    number = post(world)
    for n in range(REACH + 5):
        world.cases.public[f"x{n}"] = Listed(f"x{n}", world.now + timedelta(seconds=1))
    world.later(minutes=1)
    desk = desk_of(world)
    with pytest.raises(OutOfReach, match="1000"):
        desk.listing(Question(page=REACH))
    with pytest.raises(OutOfReach):
        desk.listing(Question(open=False))
    assert ids(desk.listing(Question(until=world.now - timedelta(minutes=1)))) == [number]


def test_other_liaisons_may_not_hide_and_the_lead_may(world: World) -> None:
    number = post(world, category="jalan")
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    world.desk.withhold(LIAISON, number, False, "menyebut nama anak")
    assert desk_of(world).named([number]) == ()


def test_a_page_costs_a_bounded_number_of_calls() -> None:
    """The index once, and per hundred rows one batch; no scan."""
    from tests.support.world import aws, fake_aws

    with fake_aws():
        world = World("dynamodb")
        for _ in range(12):
            post(world)
            world.later(minutes=1)
        calls: list[str] = []
        client = aws("dynamodb")
        note = lambda model, **more: calls.append(model.name)  # noqa: E731
        client.meta.events.register("before-call.dynamodb", note)
        try:
            assert len(desk_of(world).listing(Question())) == 12
            listing, calls[:] = list(calls), []
            assert len(desk_of(world).listing(Question(open=True))) == 12
            filtered, calls[:] = list(calls), []
            desk_of(world).request(post(world))
            single = [name for name in calls if name == "BatchGetItem"]
        finally:
            client.meta.events.unregister("before-call.dynamodb", note)
    policy = {"Query"}  # the policy in force is asked for anew by a new process alone
    assert [name for name in listing if name not in policy] == ["BatchGetItem"]
    assert [name for name in filtered if name not in policy] == ["BatchGetItem"]
    assert len(listing) <= 2 + 4 + 1
    assert len(single) == 2
