"""What ends the function that fetches media, or kills it anywhere: each file once, one letter, and an end for all."""

from __future__ import annotations

import contextlib
from datetime import UTC
from typing import Any

import pytest

from tanggap.application.media import Fetching
from tanggap.application.ports.media import Fetched, Unfetchable
from tanggap.application.watch import LAST_TRY
from tanggap.domain.errors import Retry
from tanggap.domain.history import faults_in
from tanggap.domain.inbound import Media
from tanggap.domain.media_rules import PATIENCE, Failure
from tanggap.domain.words import Channel
from tests.support.cuts import Cut, Killed, each_cut
from tests.support.media import KEY, PHOTO, VIDEO, Phone, Platform, file_of, on_both, second_matter
from tests.support.world import World


@pytest.fixture
def phone() -> Phone:
    return Phone(World("memory"))


# -- what ends the function


class Ends(Platform):
    """Fetching one of them ends the process, as too little memory does."""

    def __init__(self, *ends: str) -> None:
        super().__init__()
        self.ends = set(ends)

    def __call__(self, channel: Channel, medium: Media, number: int, seconds: float) -> Fetched:
        if medium.id in self.ends:
            self.asked.append(medium.id)
            raise Killed
        return super().__call__(channel, medium, number, seconds)


def brought(phone: Phone, fresh: int = 1) -> list[Fetching]:
    """The queue brings a notice until it is done, five times at most; and what is announced meanwhile. Dead letters are
    those that came five times, or say that they are parked."""
    done: list[Fetching] = []
    for _ in range(fresh):
        for tries in range(1, LAST_TRY + 1):
            with contextlib.suppress(Killed):
                done.append(phone.keep(KEY, 0, tries))
                break
    return done


def test_a_medium_that_ends_the_function_is_left_out_at_the_last_try_and_told_once(world: World) -> None:
    phone = Phone(world, Ends("1"))
    number = phone.writes(PHOTO)
    assert brought(phone) == [Fetching(number, left_out=1, parked=1)]
    assert phone.platform.asked == ["1"] * (LAST_TRY - 1)
    message = phone.message(number)
    assert message.left_out == ("foto",) and "media_broken" in message.marks and message.files == ()
    assert message.media == (PHOTO,) and message.media[0].parked
    (entry,) = [one for one in world.cases.file(number).history if one.event == "media_left_out"]
    assert entry.data["why"] == "broken"
    (letter,) = phone.told()
    assert "foto" in letter.text and "tidak dapat kami ambil" in letter.text


def test_an_operators_redrive_tries_it_once_more(world: World) -> None:
    phone = Phone(world, Ends("1"))
    number = phone.writes(PHOTO)
    brought(phone)
    phone.platform.ends.clear()  # a release that can
    assert phone.keep(KEY, 0) == Fetching(number, kept=1)
    message = phone.message(number)
    assert (message.media, message.left_out) == ((), ()) and [one.name for one in message.files] == ["lampiran-1.jpg"]
    assert len(phone.told()) == 1
    assert phone.keep(KEY, 0) == Fetching(number)
    file = world.cases.file(number)
    assert faults_in(number, file.history, file.case.head) == ()


def test_a_redrive_that_ends_the_function_again_tells_nobody_anything_new(world: World) -> None:
    phone = Phone(world, Ends("1"))
    number = phone.writes(PHOTO)
    brought(phone)
    assert brought(phone) == [Fetching(number, parked=1)], "and the notice stays where an operator finds it"
    assert phone.message(number).left_out == ("foto",)
    assert phone.events(number).count("media_left_out") == len(phone.told()) == 1


def test_a_redrive_while_the_platform_does_not_answer_gives_nothing_up(phone: Phone) -> None:
    phone.platform = Ends("1")
    phone.keep = phone.keeper(phone.world.cases, phone.world.files, phone.platform)
    number = phone.writes(PHOTO)
    brought(phone)
    phone.platform.ends.clear()
    phone.platform.given["1"] = Retry("later")
    phone.world.now += PATIENCE
    for tries in range(1, LAST_TRY + 1):
        with pytest.raises(Retry):
            phone.keep(KEY, 0, tries)
    assert phone.message(number).media == (PHOTO,)


def test_the_others_of_its_message_are_kept(world: World) -> None:
    """Those behind it get tries of their own: its notice has none left."""
    phone = Phone(world, Ends("1"))
    number = phone.writes(PHOTO, VIDEO, Media("audio", id="3"))
    phone.platform.given["3"] = file_of(b"voice", "suara.ogg", "audio/ogg")
    assert brought(phone) == [Fetching(number, left_out=1, waiting=2, parked=1)]
    assert phone.announced == [(KEY, 0, 0)] and phone.told() == []
    assert brought(phone) == [Fetching(number, kept=2)]
    message = phone.message(number)
    assert [one.name for one in message.files] == ["longsor.mp4", "suara.ogg"] and message.left_out == ("foto",)
    assert [one for one in message.media if not one.parked] == [] and len(phone.told()) == 1


def test_two_that_end_it_have_both_an_end(phone: Phone) -> None:
    phone.platform = Ends("1", "2")
    phone.keep = phone.keeper(phone.world.cases, phone.world.files, phone.platform)
    number = phone.writes(PHOTO, VIDEO)
    assert [one.parked for one in brought(phone, 2)] == [1, 1]
    assert phone.message(number).left_out == ("foto", "longsor.mp4")
    assert len(phone.told()) == 1


def test_a_platform_that_fails_is_no_end_of_the_function(phone: Phone) -> None:
    number = phone.writes(PHOTO)
    phone.platform.given["1"] = Retry("later")
    for tries in range(1, LAST_TRY):
        with pytest.raises(Retry):
            phone.keep(KEY, 0, tries)
    assert phone.keep(KEY, 0, LAST_TRY) == Fetching(number, waiting=1)
    assert phone.message(number).left_out == ()


def test_one_that_is_too_large_to_be_stored_ends_like_one_that_is_too_large_to_be_fetched(phone: Phone) -> None:
    number = phone.writes(PHOTO)

    class Full:
        def put(self, *given: Any) -> None:
            raise Killed

    phone.keep = phone.keeper(phone.world.cases, Full(), phone.platform)
    assert brought(phone) == [Fetching(number, left_out=1, parked=1)]


def test_a_case_of_its_own_has_the_parked_medium_too_and_gets_it_with_the_first(phone: Phone) -> None:
    phone.platform = Ends("1")
    phone.keep = phone.keeper(phone.world.cases, phone.world.files, phone.platform)
    old, split = second_matter(phone, PHOTO)
    new = split()
    assert brought(phone) == [Fetching(old, left_out=2, parked=1)]
    assert [phone.message(number).media[0].parked for number in (old, new)] == [True, True]
    phone.platform.ends.clear()
    phone.keep(KEY, 0)
    assert on_both(phone, old, new) == [(["lampiran-1.jpg"], ()), (["lampiran-1.jpg"], ())]


def test_an_officer_sees_that_nothing_is_waited_for_and_what_was_left_out(phone: Phone) -> None:
    from tanggap.entrypoints.portal.shapes_messages import full

    phone.platform = Ends("1")
    phone.keep = phone.keeper(phone.world.cases, phone.world.files, phone.platform)
    number = phone.writes(PHOTO)
    brought(phone)
    shown = full(phone.message(number), UTC, lambda file: "", openly=False)
    assert (shown["attachments_waiting"], shown["attachments_left_out"]) == (0, ["foto"])
    assert "media_broken" in shown["marks"]


# -- killed anywhere


def test_cut_between_any_two_calls_and_repeated_gives_each_file_once_and_one_letter() -> None:
    def run(cut: Cut) -> None:
        phone = Phone(World("memory"), Platform(**{"3": Unfetchable(Failure.TOO_LARGE)}))
        number = phone.writes(PHOTO, VIDEO, Media("document", id="3"))
        _cut_and_repeated(phone, cut, KEY)
        file = phone.world.cases.file(number)
        message = file.messages[-1]
        assert [one.name for one in message.files] == ["lampiran-1.jpg", "longsor.mp4"]
        assert (message.left_out, message.media) == (("dokumen",), ())
        assert [phone.world.files.get(one.key) for one in message.files] == [b"photo", b"video"]
        events = [one.event for one in file.history]
        assert (events.count("media_kept"), events.count("media_left_out")) == (2, 1)
        assert len(phone.told()) == 1
        assert faults_in(number, file.history, file.case.head) == ()

    assert each_cut(run) >= 10


def media_cut_anywhere(world: World) -> None:
    """One table for all cuts, somebody else's case for each. By tests/acceptance/test_on_the_table.py."""
    phone = Phone(world)
    made = iter(range(1000))

    def run(cut: Cut) -> None:
        place = next(made)
        key = f"webhooks/meta/{place:064d}.json"
        number = phone.writes(PHOTO, key=key, external_id=f"wamid.{place}", sender=f"whatsapp:62812{place:06d}")
        _cut_and_repeated(phone, cut, key)
        file = phone.world.cases.file(number)
        assert [one.name for one in file.messages[-1].files] == ["lampiran-1.jpg"]
        assert [one.event for one in file.history].count("media_kept") == 1
        assert faults_in(number, file.history, file.case.head) == ()

    assert each_cut(run) >= 5


def _cut_and_repeated(phone: Phone, cut: Cut, key: str) -> None:
    world = phone.world
    cut_off = phone.keeper(cut.wrap(world.cases), cut.wrap(world.files), _called(cut, phone.platform))
    with contextlib.suppress(Killed):
        cut_off(key, 0)
    phone.keep(key, 0)


def test_cut_on_the_last_try_it_is_left_out_once() -> None:
    def run(cut: Cut) -> None:
        phone = Phone(World("memory"), Platform(**{"1": Retry("later")}))
        number = phone.writes(PHOTO)
        world = phone.world
        world.now += PATIENCE
        with contextlib.suppress(Killed):
            phone.keeper(cut.wrap(world.cases), cut.wrap(world.files), _called(cut, phone.platform))(KEY, 0, LAST_TRY)
        phone.keep(KEY, 0, LAST_TRY)
        assert phone.message(number).left_out == ("foto",) and len(phone.told()) == 1

    assert each_cut(run) >= 5


def _called(cut: Cut, platform: Platform) -> Any:
    return lambda *given: cut.around(platform, *given)
