"""Two messages read at once: one opens the case, the other joins it, and one person is one reporter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tanggap.domain.words import Channel, Reason
from tests.support.talking import chat, raw
from tests.support.world import World

WA = Channel.WHATSAPP


class Meanwhile:
    """The table as somebody sees it to whom, before the first commit, something else happens."""

    def __init__(self, cases: Any, happens: Callable[[], object]) -> None:
        self._cases, self._happens = cases, happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)

    def commit(self, change: Any) -> None:
        happens, self._happens = self._happens, lambda: None
        happens()
        self._cases.commit(change)


def at_once(world: World, first: Any, second: Any) -> tuple[Any, Any]:
    """`second` is read and decided on between the reading and the commit of `first`."""
    receive = world.receive
    real, results = receive.cases, []

    def happens() -> None:
        _with(receive, real)
        results.append(receive(raw(second)))

    _with(receive, Meanwhile(real, happens))
    result = receive(raw(first))
    _with(receive, real)
    return result, results[0]


def _with(receive: Any, cases: Any) -> None:
    receive.cases = cases
    receive.__dict__.pop("chats", None)
    receive.__dict__.pop("menu", None)
    if isinstance(cases, Meanwhile):
        receive.chats  # noqa: B018 - made with these cases


def test_two_first_messages_of_somebody_new_open_one_case(world: World) -> None:
    one, two = (chat(WA, "628111", text, world.now) for text in ("Jalan rusak di RT 3", "sudah seminggu"))
    first, second = at_once(world, one, two)
    assert (first.case, second.reason, first.reason) == (second.case, Reason.NEW_CASE, Reason.REPLY)
    reporter = world.cases.case(first.case).reporter
    assert {message.sender for message in world.cases.file(first.case).messages} == {reporter}
    assert sum(row.purpose == "acknowledgement" for row in world.deliveries()) == 1


def test_two_messages_after_a_case_has_ended_open_one_case(world: World) -> None:
    from tests.support.world import COORDINATOR

    number = world.receive(raw(chat(WA, "628111", "Jalan rusak", world.now))).case
    world.desk.verify(COORDINATOR, number, "reject", "Bukan jalan desa.")
    world.later(hours=1)
    one, two = (chat(WA, "628111", text, world.now) for text in ("Lampu mati di RT 3", "sudah seminggu gelap"))
    first, second = at_once(world, one, two)
    assert first.case == second.case != number


def test_a_word_of_the_menu_beside_a_first_message_loses_neither(world: World) -> None:
    one, two = (chat(WA, "628111", text, world.now) for text in ("Jalan rusak di RT 3", "bantuan"))
    first, second = at_once(world, one, two)
    assert (first.reason, second.reason) == (Reason.NEW_CASE, Reason.MENU)
    talk = world.cases.talk(world.cases.case(first.case).reporter, WA)
    assert (talk.case, talk.version) == (first.case, 2)


def test_two_messages_that_bring_another_address_make_one_of_it(world: World) -> None:
    from dataclasses import replace

    from tanggap.domain.inbound import Party

    number = world.receive(raw(chat(WA, "628111111", "Jalan rusak", world.now))).case
    both = Party("whatsapp:628111111", "Siti", ("whatsapp:ID.7",))
    one, two = (replace(chat(WA, "628111111", text, world.now), sender=both) for text in ("di RT 3", "seminggu"))
    first, second = at_once(world, one, two)
    assert first.case == second.case == number
    assert world.vault.open(world.cases.case(number).reporter).also == ("whatsapp:ID.7",)


def test_the_talks_version_is_a_condition_of_each_write(world: World) -> None:
    from tanggap.domain.case import Change
    from tanggap.domain.errors import Conflict
    from tanggap.domain.talks import Talk

    talk = Talk(reporter="r", channel=WA, account="a", case="TGP-1", last_in=world.now, version=1)
    world.cases.commit(Change(talk=talk))
    assert world.cases.talk("r", WA) == talk
    assert world.cases.talk("r", Channel.TELEGRAM) is None
    with pytest.raises(Conflict):
        world.cases.commit(Change(talk=talk))
    from dataclasses import replace

    with pytest.raises(Conflict):
        world.cases.commit(Change(talk=replace(talk, version=3)))
    world.cases.commit(Change(talk=replace(talk, version=2, comment="c", comment_at=world.now)))
    assert world.cases.talk("r", WA).comment == "c"


class Each:
    """The table as somebody sees it before each of whose commits one more message of a pile is filed."""

    def __init__(self, cases: Any, happenings: list[Callable[[], object]]) -> None:
        self._cases, self._left = cases, happenings

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)

    def commit(self, change: Any) -> None:
        if self._left:
            self._left.pop(0)()
        self._cases.commit(change)


def test_ten_photos_of_somebody_new_at_once_are_one_case_within_seconds() -> None:
    from tanggap.domain.inbound import Media

    world = World()
    receive, real = world.receive, world.cases
    pile = [chat(WA, "628111", "", world.now, external_id=f"p{n}", media=(Media("image", f"i{n}"),)) for n in range(10)]
    results: list[Any] = []

    def other(inbound: Any) -> Callable[[], object]:
        def happens() -> None:
            seen = receive.chats
            _with(receive, real)
            results.append(receive(raw(inbound)))
            receive.cases, receive.__dict__["chats"] = seen.cases, seen

        return happens

    _with(receive, Each(real, [other(inbound) for inbound in pile[1:]]))
    receive.chats  # noqa: B018 - made with these cases
    results.append(receive(raw(pile[0])))
    (number,) = {result.case for result in results}
    assert len(world.cases.file(number).messages) == 10
    assert len(world.pauses) == 9
    assert world.pauses == sorted(world.pauses), "they grow"
    assert sum(world.pauses) < 6


def test_a_race_that_is_lost_for_ever_goes_back_to_the_queue(world: World) -> None:
    from tanggap.application.races import PAUSES, patiently
    from tanggap.domain.errors import Conflict, Retry

    def loses() -> None:
        raise Conflict("somebody else was faster")

    waited: dict[str, list[float]] = {"a": [], "b": []}
    for whose, pauses in waited.items():
        with pytest.raises(Retry):
            patiently(loses, pauses.append, whose)
    assert len(waited["a"]) == len(PAUSES)
    assert waited["a"] != waited["b"], "two who met do not meet again"
    assert all(sum(PAUSES) / 2 <= sum(pauses) <= 1.5 * sum(PAUSES) for pauses in waited.values())
