"""A filed message waits for its media: each becomes a file on it once, or is named as left out, and rings nobody."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import replace
from datetime import UTC
from types import SimpleNamespace
from typing import Any

import pytest

from tanggap.adapters.channels.media_of import PlatformMedia
from tanggap.application.media import Fetching, KeepMedia
from tanggap.application.ports.media import Fetched, Unfetchable
from tanggap.application.receive import Raw
from tanggap.application.watch import LAST_TRY
from tanggap.domain.case import Delivery, Message
from tanggap.domain.draft import Draft
from tanggap.domain.errors import Park, Retry
from tanggap.domain.history import faults_in
from tanggap.domain.inbound import File, Media
from tanggap.domain.media_rules import PATIENCE, WAITS, Failure
from tanggap.domain.words import Channel, Outcome, Purpose
from tanggap.entrypoints import intake, media
from tests.integration.test_cuts import Cut, Killed, each_cut
from tests.support.store import Store, ok, store
from tests.support.world import COORDINATOR, POLICY, World

KEY = "webhooks/meta/" + "a" * 64 + ".json"
PHOTO, VIDEO = Media("image", id="1"), Media("video", id="2", name="longsor.mp4")
SITI = "whatsapp:6281234567890"


def file_of(content: bytes, name: str = "lampiran-1.jpg", kind: str = "image/jpeg") -> File:
    return File(name, kind, len(content), hashlib.sha256(content).hexdigest(), content)


class Platform:
    """What each medium's id gives: a file, or an error each time it is asked for."""

    def __init__(self, **given: Any) -> None:
        self.given: dict[str, Any] = {
            "1": file_of(b"photo"),
            "2": file_of(b"video", "longsor.mp4", "video/mp4"),
            **given,
        }
        self.asked: list[str] = []

    def __call__(self, channel: Channel, medium: Media, number: int, seconds: float) -> Fetched:
        self.asked.append(medium.id)
        found = self.given[medium.id]
        if isinstance(found, Exception):
            raise found
        return found if isinstance(found, Fetched) else Fetched(found)


class Phone:
    """A world with somebody who writes by WhatsApp, and the platform behind it."""

    def __init__(self, world: World, platform: Any = None) -> None:
        self.world, self.platform = world, platform or Platform()
        self.announced: list[tuple[str, int, int]] = []
        self.put_off: list[tuple[str, int]] = []
        self.keep = self.keeper(world.cases, world.files, self.platform)
        self.parts: Any = SimpleNamespace(
            arrivals=world.arrivals,
            receive=world.receive,
            media=lambda *given: self.keep(*given),
            announce_media=self.announce,
            media_notices=SimpleNamespace(put_off=lambda *given: self.put_off.append(given)),
        )

    def announce(self, arrival: str, index: int, seconds: int) -> None:
        self.announced.append((arrival, index, seconds))

    def keeper(self, cases: Any, files: Any, platform: Any, announce: Any = None) -> KeepMedia:
        world = self.world
        announce = announce or self.announce
        return KeepMedia(cases, cases, files, world.policies, platform, announce, world.ids, world.clock)

    def writes(self, *media: Media, key: str = KEY, index: int = 0, **more: Any) -> str:
        """The case on which a message with media is filed."""
        given: dict[str, Any] = {"channel": Channel.WHATSAPP, "external_id": f"wamid.{index}", "subject": ""}
        mail = self.world.mail(**{"sender": SITI, "media": media, **given, **more})
        raw = Raw(key, mail.channel, mail.at, 1000, mail, index=index)
        return self.world.receive(raw).case

    def message(self, number: str) -> Message:
        return self.world.cases.file(number).messages[-1]

    def events(self, number: str) -> list[str]:
        return [one.event for one in self.world.cases.file(number).history]

    def told(self) -> list[Delivery]:
        return [one for one in self.world.deliveries() if one.purpose is Purpose.LEFT_OUT]

    def notice(self, index: int = 0, tries: int = 1, key: str = KEY) -> dict[str, str]:
        body = json.dumps({"tanggap": "media", "key": key, "index": index})
        return media.work(body, {"SentTimestamp": "0", "ApproximateReceiveCount": str(tries)}, self.parts).facts


@pytest.fixture
def phone() -> Phone:
    return Phone(World("memory"))


def test_a_message_is_filed_before_anything_of_it_is_fetched(phone: Phone) -> None:
    number = phone.writes(PHOTO)
    message = phone.message(number)
    assert message.media == (PHOTO,) and message.files == ()
    assert phone.platform.asked == []


def test_a_medium_becomes_a_file_on_its_message_and_rings_nobody(world: World) -> None:
    phone = Phone(world)
    number = phone.writes(PHOTO)
    letters = len(phone.world.deliveries())
    case = phone.world.cases.case(number)
    assert phone.keep(KEY, 0) == Fetching(number, kept=1)
    message = phone.message(number)
    (file,) = message.files
    assert message.media == () and message.left_out == () and message.text == "Jalan di RT 3 rusak parah."
    assert (file.name, file.type, file.scan) == ("lampiran-1.jpg", "image/jpeg", "unscanned")
    assert file.key == f"files/{file.digest}" and phone.world.files.get(file.key) == b"photo"
    assert phone.world.cases.holding(file.digest) == (number,)
    after = phone.world.cases.case(number)
    assert len(phone.world.deliveries()) == letters
    assert (after.status, after.clocks, after.heard) == (case.status, case.clocks, case.heard)


def test_the_history_says_that_a_file_was_kept_and_no_word_of_it(phone: Phone) -> None:
    number = phone.writes(VIDEO)
    phone.keep(KEY, 0)
    file = phone.world.cases.file(number)
    entry = file.history[-1]
    assert (entry.event, entry.actor) == ("media_kept", "system")
    assert entry.data == {"message": file.messages[-1].id, "kind": "video"} and entry.commitment
    assert faults_in(number, file.history, file.case.head) == ()


def test_a_notice_that_comes_twice_gives_one_file(world: World) -> None:
    phone = Phone(world)
    number = phone.writes(PHOTO, VIDEO)
    assert phone.keep(KEY, 0).kept == 2
    assert phone.keep(KEY, 0) == Fetching(number)
    assert [one.name for one in phone.message(number).files] == ["lampiran-1.jpg", "longsor.mp4"]
    assert phone.events(number).count("media_kept") == 2 and phone.platform.asked == ["1", "2"]


def test_two_notices_at_once_give_one_file(world: World) -> None:
    """The second is worked on while the first is between its download and its change."""
    phone = Phone(world)
    number = phone.writes(PHOTO)

    class Meanwhile(Platform):
        def __call__(self, channel: Channel, medium: Media, number: int, seconds: float) -> Fetched:
            Phone(phone.world).keep(KEY, 0)
            return super().__call__(channel, medium, number, seconds)

    assert phone.keeper(phone.world.cases, phone.world.files, Meanwhile())(KEY, 0).kept == 0
    assert len(phone.message(number).files) == 1 and phone.events(number).count("media_kept") == 1


def test_an_officer_who_is_faster_is_no_obstacle(phone: Phone) -> None:
    number = phone.writes(PHOTO)

    class Meanwhile(Platform):
        def __call__(self, channel: Channel, medium: Media, of: int, seconds: float) -> Fetched:
            phone.world.desk.note(COORDINATOR, number, "Sudah saya lihat.")
            return super().__call__(channel, medium, of, seconds)

    assert phone.keeper(phone.world.cases, phone.world.files, Meanwhile())(KEY, 0).kept == 1
    assert phone.events(number)[-2:] == ["noted", "media_kept"]


def test_the_same_content_twice_is_one_object(phone: Phone) -> None:
    phone.platform.given["2"] = file_of(b"photo", "lagi.jpg")
    number = phone.writes(PHOTO, VIDEO)
    phone.keep(KEY, 0)
    one, two = phone.message(number).files
    assert one.key == two.key and (one.name, two.name) == ("lampiran-1.jpg", "lagi.jpg")


def test_another_message_of_the_same_case_waits_for_its_own_notice(phone: Phone) -> None:
    number = phone.writes(PHOTO)
    first = phone.message(number)
    draft = _draft(phone, number)
    draft.add(replace(first, id=f"{first.id}b", external_id="wamid.1", media=(VIDEO,)))
    phone.world.cases.commit(draft.change())
    phone.keep(KEY, 0)
    media = {one.external_id: one.media for one in phone.world.cases.file(number).messages}
    assert media == {"wamid.0": (), "wamid.1": (VIDEO,)}


def test_of_an_arrival_that_nobody_knows_nothing_is_asked(phone: Phone) -> None:
    assert phone.keep(KEY, 0) == Fetching()
    phone.writes(PHOTO)
    assert phone.keep(KEY, 7) == Fetching()
    assert phone.platform.asked == []


# -- what cannot be had


@pytest.mark.parametrize("failure", [Failure.GONE, Failure.TOO_LARGE, Failure.DAMAGED, Failure.FORBIDDEN])
def test_what_cannot_be_had_is_named_and_told_once(phone: Phone, failure: Failure) -> None:
    phone.platform.given["2"] = Unfetchable(failure)
    number = phone.writes(PHOTO, VIDEO)
    assert phone.keep(KEY, 0) == Fetching(number, kept=1, left_out=1)
    message = phone.message(number)
    assert (message.left_out, message.media) == (("longsor.mp4",), ()) and len(message.files) == 1
    assert f"media_{failure}" in message.marks
    entry = next(one for one in phone.world.cases.file(number).history if one.event == "media_left_out")
    assert entry.data == {"message": message.id, "kind": "video", "why": failure}
    (letter,) = phone.told()
    assert "longsor.mp4" in letter.text and letter.automatic and letter.reporter
    assert phone.keep(KEY, 0, LAST_TRY) == Fetching(number) and len(phone.told()) == 1


def test_several_that_cannot_be_had_are_told_in_one_letter(world: World) -> None:
    phone = Phone(world)
    phone.platform.given |= {"1": Unfetchable(Failure.GONE), "2": Unfetchable(Failure.TOO_LARGE)}
    number = phone.writes(PHOTO, VIDEO)
    phone.keep(KEY, 0)
    assert phone.message(number).left_out == ("foto", "longsor.mp4")
    (letter,) = phone.told()
    assert "foto, longsor.mp4" in letter.text and "25 MB" in letter.text and "tidak tersedia" in letter.text


def test_a_letter_waits_until_nothing_of_the_message_is_waited_for(phone: Phone) -> None:
    phone.platform.given |= {"1": Retry("later"), "2": Unfetchable(Failure.GONE)}
    phone.writes(PHOTO, VIDEO)
    with pytest.raises(Retry):
        phone.keep(KEY, 0)
    assert phone.told() == []
    phone.platform.given["1"] = file_of(b"photo")
    phone.keep(KEY, 0)
    (letter,) = phone.told()
    assert "longsor.mp4" in letter.text


def test_nobody_but_the_reporter_is_told(phone: Phone) -> None:
    phone.platform.given["1"] = Unfetchable(Failure.GONE)
    number = phone.writes(PHOTO)
    file = phone.world.cases.file(number)
    kept = replace(file.messages[-1], actor="other", sender="somebody")
    draft = _draft(phone, number)
    draft.change_message(kept)
    phone.world.cases.commit(draft.change())
    phone.keep(KEY, 0)
    assert phone.message(number).left_out == ("foto",) and phone.told() == []


def test_who_is_written_to_too_often_is_not_told() -> None:
    policy = {**POLICY, "intake": {"answers_per_hour": 1, "answers_per_day": 1}}
    phone = Phone(World("memory", policy), Platform(**{"1": Unfetchable(Failure.GONE)}))
    number = phone.writes(PHOTO)  # the acknowledgement was the one
    phone.keep(KEY, 0)
    assert phone.message(number).left_out == ("foto",) and phone.told() == []


def test_what_was_found_in_a_file_is_marked(phone: Phone) -> None:
    phone.platform.given["1"] = Fetched(
        file_of(b"MZ", "foto.jpg", "application/x-msdownload"), ("file_type_disguised",)
    )
    number = phone.writes(PHOTO)
    phone.keep(KEY, 0)
    assert "file_type_disguised" in phone.message(number).marks


# -- what passes


def test_one_medium_that_does_not_answer_keeps_no_other_waiting(phone: Phone) -> None:
    phone.platform.given["1"] = Retry("later")
    number = phone.writes(PHOTO, VIDEO)
    with pytest.raises(Retry):
        phone.keep(KEY, 0)
    message = phone.message(number)
    assert message.media == (PHOTO,) and [one.name for one in message.files] == ["longsor.mp4"]
    phone.platform.given["1"] = file_of(b"photo")
    assert phone.keep(KEY, 0) == Fetching(number, kept=1)
    assert phone.platform.asked == ["1", "2", "1"]


def test_after_the_last_try_a_young_message_is_asked_for_in_another_round(phone: Phone) -> None:
    phone.platform.given["1"] = Retry("later")
    number = phone.writes(PHOTO)
    phone.world.now += PATIENCE / 2
    assert phone.keep(KEY, 0, LAST_TRY) == Fetching(number, waiting=1)
    assert phone.announced == [(KEY, 0, 900)] and phone.message(number).media == (PHOTO,)
    assert phone.told() == []


def test_what_was_asked_for_long_enough_is_left_out_and_told(world: World) -> None:
    phone = Phone(world)
    phone.platform.given["1"] = Retry("later")
    number = phone.writes(PHOTO)
    phone.world.now += PATIENCE
    with pytest.raises(Retry):
        phone.keep(KEY, 0)
    assert phone.keep(KEY, 0, LAST_TRY) == Fetching(number, left_out=1)
    message = phone.message(number)
    assert message.left_out == ("foto",) and "media_unreached" in message.marks
    assert phone.announced == [] and len(phone.told()) == 1


def test_what_breaks_for_no_known_reason_is_told_as_it_is_and_ends_like_the_rest(phone: Phone) -> None:
    phone.platform.given["1"] = ZeroDivisionError()
    number = phone.writes(PHOTO)
    with pytest.raises(ZeroDivisionError):
        phone.keep(KEY, 0)
    phone.world.now += PATIENCE
    phone.keep(KEY, 0, LAST_TRY)
    assert "media_unreached" in phone.message(number).marks


def test_an_old_row_of_a_message_waits_for_nothing(phone: Phone) -> None:
    number = phone.writes()
    assert phone.message(number).media == ()
    assert phone.keep(KEY, 0) == Fetching(number)


# -- through the queue


def test_filing_announces_and_the_notice_fetches(phone: Phone) -> None:
    mail = phone.world.mail(sender=SITI, channel=Channel.WHATSAPP, external_id="wamid.0", media=(PHOTO,), subject="")
    raw = Raw(KEY, mail.channel, mail.at, 1000, mail)
    for _ in range(2):  # read again, it is announced again
        result = phone.world.receive(raw)
        assert result.outcome is Outcome.FILED
        media.announce(raw, result, phone.parts)
    assert phone.announced == [(KEY, 0, 0)] * 2
    told = phone.notice()
    counts = {"media_kept": "1", "media_left_out": "0", "media_waiting": "0", "media_parked": "0"}
    assert told == {"arrival": KEY, "case": result.case, **counts}
    assert phone.notice()["media_kept"] == "0"


def test_a_message_without_media_is_not_announced(phone: Phone) -> None:
    mail = phone.world.mail(sender=SITI, channel=Channel.WHATSAPP, external_id="wamid.0")
    raw = Raw(KEY, mail.channel, mail.at, 1000, mail)
    media.announce(raw, phone.world.receive(raw), phone.parts)
    media.announce(replace(raw, inbound=None), phone.world.receive(raw), phone.parts)
    assert phone.announced == []


def test_the_queues_last_try_is_the_last(phone: Phone) -> None:
    phone.platform.given["1"] = Retry("later")
    phone.writes(PHOTO)
    phone.world.now += PATIENCE
    for tries in range(1, LAST_TRY):
        with pytest.raises(Retry):
            phone.notice(tries=tries)
    assert phone.notice(tries=LAST_TRY)["media_left_out"] == "1"


@pytest.mark.parametrize("index", [-1, "0", None, 1.5, 10**9])
def test_a_notice_that_names_no_message_is_none_of_ours(phone: Phone, index: Any) -> None:
    body = json.dumps({"tanggap": "media", "key": KEY, "index": index})
    with pytest.raises(Park):
        media.work(body, {"ApproximateReceiveCount": "1"}, phone.parts)
    (told,) = intake.work(body, {"SentTimestamp": "0", "ApproximateReceiveCount": "1"}, phone.parts)
    assert told["outcome"] == "parked" and phone.platform.asked == []


def test_a_notice_on_the_queue_of_arrivals_is_passed_on(phone: Phone) -> None:
    """By an earlier release, or put back there by an operator."""
    phone.writes(PHOTO)
    body = json.dumps({"tanggap": "media", "key": KEY, "index": 0})
    (told,) = intake.work(body, {"SentTimestamp": "0", "ApproximateReceiveCount": "1"}, phone.parts)
    assert told == {"arrival": KEY, "media": "announced"}
    assert phone.announced == [(KEY, 0, 0)] and phone.platform.asked == []


def test_what_fails_comes_back_soon_and_then_later(phone: Phone) -> None:
    for tries in range(1, LAST_TRY + 1):
        media.put_off("receipt", {"ApproximateReceiveCount": str(tries)}, phone.parts)
    assert [seconds for _, seconds in phone.put_off] == [*WAITS, WAITS[-1]]


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


def _draft(phone: Phone, number: str) -> Draft:
    world = phone.world
    return Draft(world.cases.case(number), world.now, "system", world.policies.current(), world.ids)


# -- all the way


def test_from_a_platforms_store_to_a_file_on_the_case(world: World) -> None:
    content = b"\xff\xd8\xff\xe0 a road"
    digest = hashlib.sha256(content).hexdigest()

    def answers(shop: Store) -> Any:
        told = {"url": f"{shop.origin}/media/1", "mime_type": "image/jpeg", "sha256": digest}
        api = ok(json.dumps(told).encode(), "application/json")
        return lambda path, head: api if path == "/v25.0/1" else ok(content)

    with store(tls=False) as shop:
        shop.answers = answers(shop)
        sections: dict[str, Any] = {"whatsapp": {"token": "EAAG"}, "meta": {"graph_version": "v25.0"}}
        platform = PlatformMedia(shop.origin, shop.origin, lambda name: sections.get(name, {}))
        phone = Phone(world, platform)
        number = phone.writes(Media("image", id="1", sha256=digest, type="image/jpeg"))
        phone.notice()
        (file,) = phone.message(number).files
        assert (file.digest, file.name) == (digest, "lampiran-1.jpg")
        assert world.files.get(file.key) == content
        assert [head.split(" ")[1] for head in shop.heads] == ["/v25.0/1", "/media/1"]


# -- a message that an officer made a case of its own


def second_matter(phone: Phone, *media: Media) -> tuple[str, Any]:
    from tanggap.application.split import Split, Wish

    number = phone.writes(key="webhooks/meta/" + "b" * 64 + ".json", index=7)
    phone.world.later(seconds=1)
    phone.writes(*media, text="Lampu jalan mati di RW 5, ini fotonya")
    message = phone.message(number)
    assert message.media == media
    world = phone.world
    split = Split(world.cases, world.policies, world.ids, world.clock)
    return number, lambda cases=None: Split(cases or world.cases, split.policies, split.ids, split.clock)(
        COORDINATOR, world.cases.file(number), Wish(message.id), None
    )


def on_both(phone: Phone, *numbers: str) -> list[tuple[list[str], tuple[Media, ...]]]:
    return [([one.name for one in phone.message(number).files], phone.message(number).media) for number in numbers]


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
