"""A body that holds several persons' messages: each its own outcome, each stored apart, cut wherever it may be."""

from __future__ import annotations

import contextlib
import itertools
import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.application.batches import Batches, part_key
from tanggap.application.watch import LAST_TRY, Watch
from tanggap.domain.errors import Retry
from tanggap.domain.words import Outcome, Reason
from tests.support.cuts import Cut, Killed
from tests.support.talking import Street
from tests.support.webhook_bodies import AT, contact, message, messages
from tests.support.world import World

A, B = "6281234500017", "6281234500018"
SAME = {"A": A, "B": B}


def body(*said: tuple[str, str, str]) -> dict[str, Any]:
    """(who, id, text) each, in one delivery of WhatsApp's."""
    return messages(
        *(message(id=f"wamid.{id}", sender=SAME[who], text={"body": text}) for who, id, text in said),
        contacts=[contact(A, "Siti", "ID.1"), contact(B, "Budi", "ID.2")],
    )


TWO = body(("A", "1", "Jalan di RT 3 rusak"), ("B", "2", "Lampu di RT 4 mati"), ("A", "3", "sudah seminggu"))


@pytest.fixture
def street(world: World) -> Street:
    return Street(world)


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


def test_one_parts_failure_does_not_undo_the_others_and_is_parked_alone_at_last(street: Street) -> None:
    real = street.world.receive

    def breaks(raw: Any) -> Any:
        if raw.inbound and "Lampu" in raw.inbound.text:
            raise Retry("not now")
        return real(raw)

    breaks.ledger = real.ledger  # type: ignore[attr-defined]
    street.parts.receive = breaks
    key = street.store("meta", TWO)
    told: list[dict[str, str]] = []
    with pytest.raises(Retry):
        told.extend(street_lines(street, key, 1))
    assert [line["index"] for line in told] == ["0", "2"]
    assert len(street.cases) == 1
    with pytest.raises(Retry):
        list(street_lines(street, key, 2))
    lines = list(street_lines(street, key, 5))
    assert [(line["index"], line["outcome"], line["reason"]) for line in lines] == [("1", "parked", "failing")]
    street.parts.receive = real
    (line,) = street.bring(key, wish="replay")
    assert (line["index"], line["outcome"]) == ("1", "filed")
    assert len(street.cases) == 2


def ends_at(street: Street, word: str) -> Any:
    """Receiving the piece with that word ends the process, as too little memory does. Returns what works."""
    real = street.world.receive

    def ends(raw: Any) -> Any:
        if raw.inbound and word in raw.inbound.text:
            raise Killed
        return real(raw)

    ends.ledger = real.ledger  # type: ignore[attr-defined]
    street.parts.receive = ends
    return real


def brought(street: Street, key: str, wish: str = "arrived") -> list[dict[str, str]]:
    """What is told until a notice is done, five tries at most."""
    told: list[dict[str, str]] = []
    for tries in range(1, LAST_TRY + 1):
        with contextlib.suppress(Killed):
            told.extend(street.bring(key, tries, wish))
            break
    return told


def test_a_piece_that_ends_the_function_is_parked_and_the_others_are_filed(street: Street) -> None:
    """TWO's second piece is in the way of the third."""
    ends_at(street, "Lampu")
    key = street.store("meta", TWO)
    told = brought(street, key)
    assert [(line["index"], line["reason"]) for line in told] == [("1", "failing"), ("2", "reply")]
    assert told[0]["error"] == "FunctionEnded"
    rows = {row.index: (row.outcome, row.of) for row in street.world.cases.of(key)}
    assert rows == {0: (Outcome.FILED, 3), 1: (Outcome.PARKED, 3), 2: (Outcome.FILED, 3)}
    assert street.world.cases.outcomes([key])[key].count(Outcome.WAITING) == 0, "nobody announces it again"


def test_an_officers_replay_tries_a_parked_piece_anew(street: Street) -> None:
    real = ends_at(street, "Lampu")
    key = street.store("meta", TWO)
    brought(street, key)
    (line,) = brought(street, key, "replay")
    assert (line["index"], line["outcome"], line["reason"]) == ("1", "parked", "failing")
    street.parts.receive = real
    (line,) = street.bring(key, wish="replay")
    assert (line["index"], line["outcome"]) == ("1", "filed")


def test_two_pieces_that_end_the_function_are_both_parked_though_the_notice_has_no_try_left(street: Street) -> None:
    ends_at(street, "a")  # each of them
    key = street.store("meta", TWO)
    brought(street, key)
    for _ in range(2):  # the ledger's count announces what has no outcome
        brought(street, key, "again")
    assert {row.index: row.reason for row in street.world.cases.of(key)} == dict.fromkeys(range(3), Reason.FAILING)


def test_a_body_whose_reading_ends_the_function_is_parked(world: World) -> None:
    def read(raw: bytes, at: datetime) -> Any:
        raise Killed

    world.arrivals.objects["webhooks/meta/x.json"] = (b"{}", world.now)
    for tries in range(1, LAST_TRY):
        with pytest.raises(Killed):
            Batches(world.arrivals, lambda door: read, Watch(world.cases, tries)).open(
                "webhooks/meta/x.json", world.now
            )
    opened = Batches(world.arrivals, lambda door: read, Watch(world.cases, LAST_TRY)).open(
        "webhooks/meta/x.json", world.now
    )
    assert [one.parked for one in opened.pieces] == [Reason.FAILING]


def street_lines(street: Street, key: str, tries: int) -> Any:
    from tanggap.entrypoints import intake

    notice = json.dumps({"tanggap": "arrived", "key": key})
    return intake.work(notice, {"SentTimestamp": "0", "ApproximateReceiveCount": str(tries)}, street.parts)


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


def test_reading_anew_shows_and_applies_what_is_read_otherwise(street: Street) -> None:
    from dataclasses import replace

    from tanggap.domain.case import Change

    key = street.store("meta", TWO)
    lines = street.bring(key)
    number = next(line["case"] for line in lines if line["index"] == "1")
    world = street.world
    assert not any(one.differs for one in world.reread.compare(key))
    (lamp,) = world.cases.file(number).messages
    world.cases.commit(Change(changed_messages=(replace(lamp, text="old reading"),)))
    differing = [one for one in world.reread.compare(key) if one.differs]
    assert [(one.row.index, [field.name for field in one.fields]) for one in differing] == [(1, ["text", "full_text"])]
    world.reread.apply(key, "officer:x")
    assert street.texts(number) == ["Lampu di RT 4 mati"]


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
REACTION = {
    "from": A,
    "id": "wamid.6",
    "timestamp": "1772498520",
    "type": "reaction",
    "reaction": {"message_id": "wamid.3", "emoji": "👍"},
}


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


def test_reading_a_new_report_anew_leaves_out_the_word_before_it(street: Street) -> None:
    street.say("Jalan rusak parah di RT 3")
    line = street.say("lapor baru: lampu jalan mati di RW 5")
    world = street.world
    assert not any(one.differs for one in world.reread.compare(line["arrival"]))
    world.reread.apply(line["arrival"], "officer:x")
    assert street.texts(line["case"]) == ["lampu jalan mati di RW 5"]


def test_reading_a_chat_anew_keeps_what_was_fetched_and_what_is_waited_for(street: Street) -> None:
    from dataclasses import replace

    from tanggap.domain.case import Change, FileRef

    sizes = [{"file_id": "f1", "file_unique_id": "u1", "width": 90, "height": 90, "file_size": 900}]
    (line,) = street.arrive("telegram", street.update(photo=sizes, caption="Jalan rusak parah di RT 3"))
    world = street.world
    (message,) = world.cases.file(line["case"]).messages
    assert message.media
    kept = FileRef("foto.jpg", "image/jpeg", 3, "d" * 64, "files/" + "d" * 64, "unscanned")
    stands = replace(message, text="old reading", files=(kept,), left_out=("video",), marks=("media_gone",))
    world.cases.commit(Change(changed_messages=(stands,)))
    (reading,) = world.reread.apply(line["arrival"], "officer:x")
    assert [field.name for field in reading.fields] == ["text", "full_text"]
    (after,) = world.cases.file(line["case"]).messages
    assert (after.text, after.full_text) == ("Jalan rusak parah di RT 3", "")
    assert (after.files, after.media, after.left_out, after.marks) == (
        (kept,),
        message.media,
        ("video",),
        ("media_gone",),
    )


def test_reading_a_platforms_own_word_anew_makes_it_nobodys(street: Street) -> None:
    street.bring(street.store("meta", body(("A", "1", "Jalan di RT 3 rusak"))))
    word = {
        "from": A,
        "id": "wamid.9",
        "timestamp": "1772498520",
        "type": "system",
        "system": {"body": "", "type": "user_changed_number", "wa_id": "6281234500099"},
    }
    key = street.store("meta", messages(word, contacts=[contact(A, "Siti", "ID.1")]))
    (line,) = street.bring(key)
    world = street.world
    assert world.cases.file(line["case"]).messages[-1].automatic
    assert not any(one.differs for one in world.reread.compare(key))


def test_what_is_filed_on_the_last_try_is_announced_by_a_redrive_where_the_queue_took_nothing(world: World) -> None:
    street = Street(world)
    taken, commit = [], world.receive.cases.commit

    def refuses(*what: Any) -> None:
        taken.append(what)
        if len(taken) == 1:
            raise Retry("the queue did not answer")

    def throttled(change: Any) -> None:
        raise Retry("the table is throttled")

    street.parts.announce_media = refuses
    photo = {"file_id": "A", "file_unique_id": "u", "width": 1, "height": 1, "file_size": 100}
    key = street.store("telegram", street.update(photo=[photo], caption="Jalan di RT 3 rusak"))
    for tries in range(1, 5):
        world.receive.cases.commit = throttled  # type: ignore[method-assign]
        with pytest.raises(Retry):
            street.bring(key, tries)
    world.receive.cases.commit = commit  # type: ignore[method-assign]
    with pytest.raises(Retry):  # so that the notice becomes a dead letter, and its alarm rings
        street.bring(key, 5)
    assert [case.status for case in street.cases] == ["new"]
    street.bring(key, 1)
    assert len(taken) == 2
    assert len(street.cases) == 1


def test_what_is_filed_on_the_last_try_though_its_answer_is_lost_is_announced(world: World) -> None:
    street = Street(world)
    commit = world.receive.cases.commit
    photo = {"file_id": "A", "file_unique_id": "u", "width": 1, "height": 1, "file_size": 100}
    key = street.store("telegram", street.update(photo=[photo], caption="Jalan di RT 3 rusak"))

    def refused(change: Any) -> None:
        raise Retry("the table is throttled")

    def lost(change: Any) -> None:
        world.receive.cases.commit = commit  # type: ignore[method-assign]
        commit(change)
        raise ConnectionError("nobody knows whether it was written")

    world.receive.cases.commit = refused  # type: ignore[method-assign]
    for tries in range(1, LAST_TRY):
        with pytest.raises(Retry):
            street.bring(key, tries)
    world.receive.cases.commit = lost  # type: ignore[method-assign]
    (line,) = street.bring(key, LAST_TRY)
    assert (line["outcome"], len(street.cases), street.media) == ("filed", 1, [(key, 0)])
