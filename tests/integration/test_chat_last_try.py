"""What fails at each try, or ends the function: it is parked alone at the last one, and what was filed is told."""

from __future__ import annotations

import contextlib
import json
from datetime import datetime
from typing import Any

import pytest

from tanggap.application.batches import Batches
from tanggap.application.watch import LAST_TRY, Watch
from tanggap.domain.errors import Retry
from tanggap.domain.words import Outcome, Reason
from tests.support.batches import TWO
from tests.support.cuts import Killed
from tests.support.talking import Street
from tests.support.world import World


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
