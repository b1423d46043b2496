"""A body of more messages than one run has the time for: another run brings the rest, none twice, none left."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Container
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tanggap.adapters.mail import notice
from tanggap.adapters.memory_stores import MemoryArrivals
from tanggap.adapters.s3 import S3Arrivals
from tanggap.application.batches import Batches, part_key
from tanggap.application.watch import LAST_TRY, WATCHED_FROM
from tanggap.application.work import Raw
from tanggap.domain.errors import Retry
from tanggap.domain.words import Outcome, Reason
from tanggap.entrypoints.doors import AT_ONCE, ENOUGH, _hands
from tests.support.cuts import Cut, Killed, each_cut
from tests.support.talking import Street
from tests.support.webhook_bodies import contact, message, messages
from tests.support.world import START, World, aws, fake_aws

NO_TIME = timedelta(seconds=1)


def body(people: int, photos: bool = False) -> dict[str, Any]:
    """As many persons' first messages in one delivery of WhatsApp's."""
    numbers = [f"62812345{number:05d}" for number in range(people)]
    said = [
        message(id=f"wamid.{who}", sender=who, type="image", image={"id": f"9{who}", "mime_type": "image/jpeg"})
        if photos
        else message(id=f"wamid.{who}", sender=who, text={"body": f"Lampu mati di RT {who}"})
        for who in numbers
    ]
    return messages(*said, contacts=[contact(who, "Siti", f"ID.{who}") for who in numbers])


def time_for(pieces: int) -> Callable[[], timedelta]:
    """Of a run that is asked once before each piece but the first."""
    asked = iter(range(pieces - 1))
    return lambda: ENOUGH if next(asked, None) is not None else NO_TIME


def outcomes(street: Street, key: str) -> dict[int, str]:
    rows = street.world.cases.of(key)
    assert len({row.index for row in rows}) == len(rows)
    return {row.index: row.outcome for row in rows}


def to_the_end(street: Street, key: str, pieces: int, first: str = "arrived") -> list[int]:
    """Notices until there is none. What each run did."""
    street.world.arrivals.notices.append((key, first))
    did = []
    while street.world.arrivals.notices:
        name, wish = street.world.arrivals.notices.pop()
        lines = street.bring(name, wish=wish, remaining=time_for(pieces))
        did.append(sum("outcome" in line for line in lines))
        assert len(did) < 50, "some run goes no further"
    return did


def test_each_run_does_what_it_has_the_time_for_and_the_next_goes_on(world: World) -> None:
    street = Street(world)
    key = street.store("meta", body(7))
    assert to_the_end(street, key, 3) == [3, 3, 1]
    assert outcomes(street, key) == dict.fromkeys(range(7), Outcome.FILED)
    assert len(street.cases) == 7
    assert {row.of for row in world.cases.of(key)} == {7}
    world.later(hours=2)
    report = world.count()
    assert (report.balanced, report.waiting, world.arrivals.notices) == (True, 0, [])


def test_what_is_left_is_told_with_the_arrivals_name() -> None:
    street = Street(World("memory"))
    key = street.store("meta", body(5))
    *_, last = street.bring(key, remaining=time_for(2))
    assert last == {"arrival": key, "left": "3"}


def test_a_run_that_never_has_the_time_does_one_piece_all_the_same() -> None:
    street = Street(World("memory"))
    key = street.store("meta", body(4))
    assert to_the_end(street, key, 1) == [1, 1, 1, 1]
    assert len(street.cases) == 4


def test_the_media_of_each_piece_are_announced_once() -> None:
    street = Street(World("memory"))
    key = street.store("meta", body(5, photos=True))
    to_the_end(street, key, 2)
    assert Counter(street.media) == Counter({(key, number): 1 for number in range(5)})


def test_what_is_done_is_not_fetched_again() -> None:
    street = Street(World("memory"))
    asked: list[str] = []

    class Counting:
        def __getattr__(self, name: str) -> Any:
            return getattr(street.world.arrivals, name)

        def get(self, key: str) -> bytes:
            asked.append(key)
            return street.world.arrivals.get(key)

    key = street.store("meta", body(6))
    street.bring(key, remaining=time_for(4))
    street.parts.arrivals = Counting()
    street.bring(key, wish="more", remaining=time_for(4))
    assert asked == [key, part_key(key, 4), part_key(key, 5)]


def test_while_one_piece_fails_the_queue_brings_the_rest_and_at_last_a_notice_of_our_own() -> None:
    street = Street(World("memory"))
    real = street.world.receive

    def breaks(raw: Any) -> Any:
        if raw.index == 0 and raw.inbound:
            raise Retry("not now")
        return real(raw)

    breaks.ledger = real.ledger  # type: ignore[attr-defined]
    street.parts.receive = breaks
    key = street.store("meta", body(20))
    for tries in range(1, LAST_TRY):
        with pytest.raises(Retry):
            street.bring(key, tries, remaining=time_for(3))
        assert street.world.arrivals.notices == []
    street.bring(key, LAST_TRY, remaining=time_for(3))
    assert outcomes(street, key)[0] == Outcome.PARKED
    ((_, wish),) = street.world.arrivals.notices
    street.world.arrivals.notices.clear()
    to_the_end(street, key, 3, wish)
    assert outcomes(street, key) == {0: Outcome.PARKED, **dict.fromkeys(range(1, 20), Outcome.FILED)}


def test_a_rest_that_can_not_be_announced_is_brought_by_the_queue() -> None:
    street = Street(World("memory"))

    class Deaf:
        def __getattr__(self, name: str) -> Any:
            return getattr(street.world.arrivals, name)

        def notify(self, *asked: str) -> None:
            raise Retry("the queue did not answer")

    key = street.store("meta", body(4))
    street.parts.arrivals = Deaf()
    with pytest.raises(Retry):
        street.bring(key, remaining=time_for(2))
    street.parts.arrivals = street.world.arrivals
    street.bring(key, 2)
    assert outcomes(street, key) == dict.fromkeys(range(4), Outcome.FILED)


def test_an_officers_replay_of_more_than_one_run_reads_is_brought_again_by_the_queue() -> None:
    """A notice of our own for the rest would begin with the same pieces, as long as they stay parked."""
    street = Street(World("memory"))
    real = street.world.receive

    def refuses(raw: Any) -> Any:
        if raw.inbound:
            raise Retry("not now")
        return real(raw)

    refuses.ledger = real.ledger  # type: ignore[attr-defined]
    street.parts.receive = refuses
    key = street.store("meta", body(7))
    with contextlib.suppress(Retry):
        street.bring(key, LAST_TRY)
    assert set(outcomes(street, key).values()) == {Outcome.PARKED}
    street.parts.receive = real
    for tries in (1, 2):
        with pytest.raises(Retry):
            street.bring(key, tries, "replay", time_for(3))
    street.bring(key, 3, "replay", time_for(3))
    assert outcomes(street, key) == dict.fromkeys(range(7), Outcome.FILED)
    assert street.world.arrivals.notices == []


def test_announcing_again_what_is_done_takes_no_new_piece_beyond_the_time() -> None:
    """The ledger's count announces a body of which most is filed: each photo's medium is announced again first."""
    street = Street(World("memory"))
    key = street.store("meta", body(20, photos=True))
    street.bring(key, remaining=time_for(12))
    street.world.arrivals.notices.clear()
    street.media.clear()
    *_, last = street.bring(key, wish="again", remaining=time_for(3))
    assert {number for _, number in street.media} == set(range(15)), "the twelve, and three more"
    assert last == {"arrival": key, "left": "5"}
    ((_, wish),) = street.world.arrivals.notices
    street.world.arrivals.notices.clear()
    to_the_end(street, key, 3, wish)
    assert outcomes(street, key) == dict.fromkeys(range(20), Outcome.FILED)
    assert set(street.media) == {(key, number) for number in range(20)}


def test_a_dead_letter_of_the_rest_that_is_put_back_announces_the_media_that_it_failed_at() -> None:
    street = Street(World("memory"))
    key = street.store("meta", body(4, photos=True))
    street.bring(key, remaining=time_for(2))
    announced = street.parts.announce_media

    def refuse(*asked: Any) -> None:
        raise Retry("the queue did not answer")

    street.parts.announce_media = refuse
    for tries in range(1, LAST_TRY + 1):
        with pytest.raises(Retry):
            street.bring(key, tries, "more", written=START)
    street.parts.announce_media = announced
    assert outcomes(street, key) == dict.fromkeys(range(4), Outcome.FILED)
    street.world.later(hours=1)
    street.bring(key, 1, "more", written=START)
    assert {number for _, number in street.media} == {0, 1, 2, 3}


def noting(street: Street) -> list[str]:
    """What is noted as begun, or as ended, from now on."""
    noted: list[str] = []
    ledger = street.world.receive.ledger
    real = ledger.trial

    def trial(arrival: str, ended: bool = False) -> int:
        noted.append(arrival)
        return real(arrival, ended)

    ledger.trial = trial  # type: ignore[method-assign]
    return noted


def test_what_was_done_before_is_not_noted_as_begun_again() -> None:
    street = Street(World("memory"))
    key = street.store("meta", body(20))
    street.bring(key, remaining=time_for(15))
    noted = noting(street)
    street.bring(key, WATCHED_FROM, "more", time_for(1))
    assert set(noted) == {part_key(key, number) for number in range(15, 20)} | {f"{key}#15"}


def parking(street: Street, parked: Container[int], reason: Reason = Reason.UNREADABLE) -> Any:
    """A receiver that parks some pieces."""
    real = street.world.receive

    def receive(raw: Raw) -> Any:
        return real(replace(raw, inbound=None, parked=reason) if raw.index in parked else raw)

    receive.ledger = real.ledger  # type: ignore[attr-defined]
    return receive


def test_a_replay_comes_to_all_whatever_of_it_stays_parked() -> None:
    street = Street(World("memory"))
    key = street.store("meta", body(10))
    street.parts.receive = parking(street, range(10))
    street.bring(key)
    assert outcomes(street, key) == dict.fromkeys(range(10), Outcome.PARKED)
    street.parts.receive = parking(street, range(3))
    for tries in range(1, LAST_TRY + 1):
        with contextlib.suppress(Retry):
            street.bring(key, tries, "replay", time_for(3))
    assert outcomes(street, key) == {n: Outcome.PARKED if n < 3 else Outcome.FILED for n in range(10)}


@pytest.mark.parametrize("first", range(1, LAST_TRY + 1))
def test_a_replay_that_begins_elsewhere_leaves_each_persons_own_order(first: int) -> None:
    street = Street(World("memory"))
    told = body(10)
    said = told["entry"][0]["changes"][0]["value"]["messages"]
    for place, one in enumerate(said):
        one["timestamp"] = str(int(one["timestamp"]) + place)
    withdrawn = {**said[3], "id": "wamid.revoke", "type": "revoke", "revoke": {"original_message_id": said[3]["id"]}}
    said[6] = {**withdrawn, "timestamp": said[6]["timestamp"]}
    key = street.store("meta", told)
    street.parts.receive = parking(street, range(10))
    street.bring(key)
    street.parts.receive = street.world.receive
    lines: list[dict[str, str]] = []
    for tries in range(first, LAST_TRY + 1):
        with contextlib.suppress(Retry):
            lines += street.bring(key, tries, "replay", time_for(10))
    of_her = [line["outcome"] + "/" + line["reason"] for line in lines if line.get("index") in ("3", "6")]
    assert of_her[:2] == ["filed/new_case", "filed/withdrawn"]


def test_what_was_parked_since_its_reading_ended_the_function_is_noted_as_begun_again() -> None:
    street = Street(World("memory"))
    key = street.store("meta", body(3))
    street.parts.receive = parking(street, {1}, Reason.FAILING)
    street.bring(key)
    street.parts.receive = street.world.receive
    noted = noting(street)
    street.bring(key, WATCHED_FROM, "replay")
    assert set(noted) == {part_key(key, 1), f"{key}#1"}


def test_the_rest_is_announced_in_words_that_a_release_before_understands() -> None:
    with fake_aws():
        sqs = aws("sqs")
        queue = sqs.create_queue(QueueName="arrivals")["QueueUrl"]
        S3Arrivals(lambda: None, "bucket", lambda: sqs, queue, lambda: START).notify("webhooks/meta/a.json", "more")
        (said,) = sqs.receive_message(QueueUrl=queue)["Messages"]
        content = json.loads(said["Body"])
        assert content["tanggap"] == "again"
        assert notice.parse(said["Body"]) == notice.Replay("webhooks/meta/a.json", by_officer=False, more=START)
        again = json.dumps({"tanggap": "again", "key": "webhooks/meta/a.json"})
        assert notice.parse(again) == notice.Replay("webhooks/meta/a.json", by_officer=False)


def test_a_body_cut_anywhere_in_any_of_its_runs_is_filed_once_and_whole() -> None:
    def run(cut: Cut) -> None:
        street = Street(World("memory"))
        key = street.store("meta", body(3, photos=True))
        real, announced = street.world.arrivals, street.parts.announce_media
        street.parts.arrivals = cut.wrap(real)
        street.parts.announce_media = lambda *asked: cut.around(announced, *asked)
        real.notices.append((key, "arrived"))
        while real.notices:
            name, wish = real.notices.pop()
            for tries in range(1, LAST_TRY + 1):
                with contextlib.suppress(Killed, Retry):
                    street.bring(name, tries, wish, remaining=time_for(1))
                    break
        assert outcomes(street, key) == dict.fromkeys(range(3), Outcome.FILED)
        assert len(street.cases) == 3
        assert set(street.media) == {(key, number) for number in range(3)}, "none is forgotten"

    assert each_cut(run) >= 10


def test_pieces_are_stored_and_fetched_by_several_hands() -> None:
    """What takes a thousand times 20 ms one after the other is two and a half seconds by eight."""
    most, now, lock = 0, 0, threading.Lock()

    class Slow(MemoryArrivals):
        def _waited(self) -> None:
            nonlocal most, now
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.01)
            with lock:
                now -= 1

        def get(self, key: str) -> bytes:
            self._waited()
            return super().get(key)

        def put(self, key: str, content: bytes) -> None:
            self._waited()
            super().put(key, content)

    street = Street(World("memory"))
    slow = Slow()
    key = street.store("meta", body(24))
    slow.objects.update(street.world.arrivals.objects)
    from tanggap.adapters.channels.table import reader_of

    stored = Batches(slow, reader_of, hands=_hands).open(key, street.world.now)
    assert 2 <= most <= AT_ONCE
    most = 0
    again = Batches(slow, reader_of, hands=_hands).open(key, street.world.now)
    assert 2 <= most <= AT_ONCE
    assert [one.piece.inbound for one in again.pieces] == [one.piece.inbound for one in stored.pieces]  # type: ignore[union-attr]
