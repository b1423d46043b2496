"""Media of a message that an officer made a case of its own: on both cases, and fetched once."""

from __future__ import annotations

from typing import Any

import pytest

from tanggap.application.media import Fetching
from tanggap.application.ports.media import Unfetchable
from tanggap.domain.history import faults_in
from tanggap.domain.media_rules import Failure
from tests.support.media import KEY, PHOTO, VIDEO, Phone, on_both, second_matter
from tests.support.world import World


@pytest.fixture
def phone() -> Phone:
    return Phone(World("memory"))


def test_media_that_come_after_a_split_are_on_both_cases_and_fetched_once(world: World) -> None:
    phone = Phone(world)
    old, split = second_matter(phone, PHOTO)
    new = split()
    phone.keep(KEY, 0)
    assert on_both(phone, old, new) == [(["lampiran-1.jpg"], ()), (["lampiran-1.jpg"], ())]
    assert phone.platform.asked == ["1"]
    assert phone.keep(KEY, 0) == Fetching(old)


def test_what_could_not_be_had_is_told_once_and_on_the_case_that_it_became(phone: Phone) -> None:
    phone.platform.given["1"] = Unfetchable(Failure.GONE)
    _, split = second_matter(phone, PHOTO)
    new = split()
    phone.keep(KEY, 0)
    assert [one.case for one in phone.told()] == [new]


def test_media_that_are_being_fetched_while_a_message_is_split_reach_both(phone: Phone) -> None:
    old, split = second_matter(phone, PHOTO)
    made: list[str] = []
    keep = phone.keeper(
        phone.world.cases, phone.world.files, lambda *given: (made.append(split()), phone.platform(*given))[1]
    )
    keep(KEY, 0)
    assert on_both(phone, old, *made) == [(["lampiran-1.jpg"], ()), (["lampiran-1.jpg"], ())]


def test_media_that_were_kept_while_the_new_case_was_being_opened_reach_both(phone: Phone) -> None:
    old, split = second_matter(phone, PHOTO, VIDEO)
    phone.platform.given["2"] = Unfetchable(Failure.TOO_LARGE)

    class Slow:
        """Before the new case stands, all media come."""

        def __getattr__(self, name: str) -> Any:
            return getattr(phone.world.cases, name)

        def commit(self, change: Any) -> None:
            if change.expected == 0:
                phone.keep(KEY, 0)
            phone.world.cases.commit(change)

    new = split(Slow())
    assert on_both(phone, old, new) == [(["lampiran-1.jpg"], ()), (["lampiran-1.jpg"], ())]
    after = phone.message(new)
    assert after.left_out == ("longsor.mp4",)
    assert "media_too_large" in after.marks
    file = phone.world.cases.file(new)
    assert faults_in(new, file.history, file.case.head) == ()
