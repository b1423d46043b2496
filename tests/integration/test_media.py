"""A filed message waits for its media: each becomes a file on it once, or is named as left out, and rings nobody."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from tanggap.adapters.channels.media_of import PlatformMedia
from tanggap.application.media import Fetching
from tanggap.application.ports.media import Fetched, Unfetchable
from tanggap.application.receive import Raw
from tanggap.application.watch import LAST_TRY
from tanggap.domain.draft import Draft
from tanggap.domain.errors import Park, Retry
from tanggap.domain.history import faults_in
from tanggap.domain.inbound import Media
from tanggap.domain.media_rules import PATIENCE, WAITS, Failure
from tanggap.domain.words import Channel, Outcome
from tanggap.entrypoints import intake, media
from tests.support.media import KEY, PHOTO, SITI, VIDEO, Phone, Platform, file_of
from tests.support.store import Store, ok, store
from tests.support.world import COORDINATOR, POLICY, World


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


# -- killed anywhere


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
