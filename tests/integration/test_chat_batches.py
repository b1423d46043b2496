"""A body that holds several persons' messages: each its own outcome, each stored apart, cut wherever it may be."""

from __future__ import annotations

import contextlib
import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.application.batches import Batches, part_key
from tanggap.domain.errors import Retry
from tanggap.domain.words import Outcome
from tests.support.batches import REACTION, TWO, A, B, body
from tests.support.cuts import Cut, Killed
from tests.support.talking import Street
from tests.support.webhook_bodies import AT, contact, message, messages
from tests.support.world import World


def test_each_persons_message_has_its_outcome_and_its_own_object(street: Street) -> None:
    key = street.store("meta", TWO)
    lines = street.bring(key)
    assert [line["outcome"] for line in lines] == ["filed"] * 3
    by_index = {line["index"]: line["case"] for line in lines}
    assert by_index["0"] == by_index["2"] != by_index["1"]
    index = json.loads(street.world.arrivals.get(key))
    assert index["parts"] == [part_key(key, number) for number in range(3)]
    assert b"Lampu" not in street.world.arrivals.get(key)
    for number, text in enumerate((b"Jalan", b"Lampu", b"seminggu")):
        alone = street.world.arrivals.get(part_key(key, number))
        assert text in alone
        assert (A.encode() in alone) != (B.encode() in alone)
    (lamp,) = street.world.cases.file(by_index["1"]).messages
    assert lamp.arrival == part_key(key, 1)
    assert {row.index for row in street.world.cases.of(key)} == {0, 1, 2}


def test_a_body_of_one_person_stays_whole(street: Street) -> None:
    key = street.store("meta", body(("A", "1", "Jalan rusak"), ("A", "2", "di RT 3")))
    street.bring(key)
    assert b"Jalan" in street.world.arrivals.get(key)
    assert {one.arrival for one in street.world.cases.file(street.cases[0].number).messages} == {key}


def test_the_same_body_again_is_set_apart_again_and_files_nothing(street: Street) -> None:
    key = street.store("meta", TWO)
    street.bring(key)
    assert street.store("meta", TWO) == key
    assert [line["outcome"] for line in street.bring(key)] == ["filed"] * 3
    assert b"Lampu" not in street.world.arrivals.get(key)
    assert len(street.cases) == 2
    assert sum(len(street.texts(case.number)) for case in street.cases) == 3
    assert list(street.bring(key, wish="again")) == [], "what is done is not told again"


def test_a_message_is_read_before_what_is_said_about_it(street: Street) -> None:
    said = message(id="wamid.3", sender=A, text={"body": "Jalan di RT 3 rusak"})
    lines = street.arrive("meta", messages(REACTION, said, contacts=[contact(A, "Siti", "ID.1")]))
    assert [(line["index"], line["reason"]) for line in lines] == [("1", "new_case"), ("0", "reaction")]


def test_what_is_nobodys_message_is_counted_by_its_kind(street: Street) -> None:
    (line,) = street.arrive("telegram", {"update_id": 1, "something_new": {"a": 1}})
    assert (line["outcome"], line["reason"]) == ("parked", "unknown")
    (line,) = street.arrive("telegram", {"update_id": 2, "poll": {"id": "1"}})
    assert (line["outcome"], line["reason"]) == ("status", "event")
    (line,) = street.arrive("telegram", "no object")
    assert line["outcome"] == "parked"
    (line,) = street.bring("webhooks/nowhere/1.json", tries=3)
    assert (line["outcome"], line["reason"]) == ("parked", "not_found")
    key = street.store("nowhere", {"a": 1})
    (line,) = street.bring(key)
    assert (line["outcome"], line["reason"]) == ("parked", "unreadable")


def test_an_object_that_is_not_there_yet_is_looked_for_again(street: Street) -> None:
    with pytest.raises(Retry):
        street.bring("webhooks/telegram/1.json")


def test_an_index_that_names_anything_else_is_no_index(street: Street) -> None:
    key = street.store("telegram", {"tanggap": "parts", "parts": ["mail/somebodys"]})
    (line,) = street.bring(key)
    assert line["outcome"] == "parked"


def test_a_piece_that_was_erased_leaves_the_others_readable(street: Street) -> None:
    key = street.store("meta", TWO)
    street.bring(key)
    del street.world.arrivals.objects[part_key(key, 1)]
    found = Batches(street.world.arrivals, _reader()).said(key, street.world.now)
    assert sorted(found) == [0, 2]


def _reader() -> Any:
    from tanggap.adapters.channels.table import reader_of

    return reader_of


def test_a_body_whose_pieces_do_not_read_alone_is_left_whole() -> None:
    from types import SimpleNamespace

    world = World()
    pieces = tuple(
        SimpleNamespace(
            channel="whatsapp",
            kind="text",
            external_id=str(n),
            at=world.now,
            person=f"p{n}",
            inbound=None,
            event=False,
            dropped=None,
            alone={"lost": n},
        )
        for n in range(2)
    )
    world.arrivals.put("webhooks/meta/x.json", b'{"whole": true}')
    read: Any = lambda raw, at: pieces if b"whole" in raw else ()  # noqa: E731
    opened = Batches(world.arrivals, lambda door: read).open("webhooks/meta/x.json", world.now)
    assert opened.lossy
    assert world.arrivals.get("webhooks/meta/x.json") == b'{"whole": true}'


# -- cut anywhere, in any order, however often


def test_cut_anywhere_and_brought_again_it_is_filed_once() -> None:
    for after in (False, True):
        for at in itertools.count(1):
            world = World()
            street = Street(world)
            cut = Cut(at, after)
            real = world.receive.cases, world.receive.ledger, street.parts.arrivals
            cases = cut.wrap(world.cases)
            _through(world, cases, cases)
            street.parts.arrivals = cut.wrap(world.arrivals)
            key = street.store("meta", TWO)
            with contextlib.suppress(Killed):
                street.bring(key)
            _through(world, real[0], real[1])
            street.parts.arrivals = real[2]
            street.bring(key, tries=2)
            assert b"Lampu" not in world.arrivals.get(key)
            assert sorted(text for case in street.cases for text in street.texts(case.number)) == sorted(
                ("Jalan di RT 3 rusak", "Lampu di RT 4 mati", "sudah seminggu")
            )
            assert len(street.cases) == 2
            assert len(street.letters("acknowledgement")) == 2
            if not cut.hit:
                break


def _through(world: World, cases: Any, ledger: Any) -> None:
    receive = world.receive
    receive.cases, receive.ledger = cases, ledger
    receive.__dict__.pop("chats", None)
    receive.__dict__.pop("menu", None)


SAID = [
    ("A", "1", "Jalan di RT 3 rusak"),
    ("B", "2", "Lampu di RT 4 mati"),
    ("A", "3", "sudah seminggu pak"),
    ("A", "4", "anak saya jatuh di sana"),
    ("B", "5", "gelap sekali kalau malam"),
]


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_bodies_in_any_batch_and_order_each_three_times_give_the_same_cases(data: st.DataObject) -> None:
    order = data.draw(st.permutations(SAID))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(SAID) - 1))))
    bodies = [body(*order[a:b]) for a, b in itertools.pairwise([0, *cuts, len(order)])]
    bodies.append(messages(REACTION, contacts=[contact(A, "Siti", "ID.1")]))
    world = World()
    street = Street(world)
    world.now = AT
    arrivals = data.draw(st.permutations(bodies * 3))
    again = [one for one in arrivals if _fails(street, one)]
    for one in again:
        street.arrive("meta", one, tries=5)
    assert {
        frozenset((one.text, str(one.sort)) for one in world.cases.file(case.number).messages) for case in street.cases
    } == {
        frozenset(
            [
                *(("Jalan di RT 3 rusak", "message"), ("sudah seminggu pak", "message")),
                *(("anak saya jatuh di sana", "message"), ("👍", "reaction")),
            ]
        ),
        frozenset([("Lampu di RT 4 mati", "message"), ("gelap sekali kalau malam", "message")]),
    }
    assert len(street.letters("acknowledgement")) == 2
    assert not street.letters("new_message")
    assert all(row.outcome in (Outcome.FILED, Outcome.DUPLICATE) for row in street.rows())
    subjects = {case.subject for case in street.cases}
    assert len(subjects) == 2


def _fails(street: Street, body: Any) -> bool:
    try:
        street.arrive("meta", body)
    except Retry:
        return True
    return False
