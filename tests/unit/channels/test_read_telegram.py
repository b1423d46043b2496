"""Telegram's updates."""

from __future__ import annotations

from typing import Any

import pytest

from tanggap.domain.inbound import Media, Place, Sort
from tanggap.domain.words import Channel, Reason
from tests.support.webhook_bodies import THEN, one, posted, read, said, sample, update

#: What stands for the chat of the samples' person, 5500000061.
CHAT = "ae6be20cf92c1f6e"

PERSON = "telegram:5500000061"


def heard(**content: Any) -> Any:
    return said(update(**posted(**content)), "telegram")


def test_a_message_is_its_persons() -> None:
    part = one(sample("telegram-message.json"), "telegram")
    assert (part.channel, part.kind, part.person) == (Channel.TELEGRAM, "text", PERSON)
    inbound = part.inbound
    assert inbound is not None
    assert (inbound.external_id, inbound.sort) == (f"{CHAT}:41", Sort.MESSAGE)
    assert (inbound.sender.address, inbound.sender.name) == (PERSON, "Dewi Lestari")
    assert inbound.text == "Air PDAM di Perum Asri mati sejak kemarin sore"
    assert inbound.at.isoformat() == "2026-03-03T00:42:00+00:00"


def test_start_is_a_text_like_another() -> None:
    assert heard(text="/start qr-14").text == "/start qr-14"


def test_the_same_message_is_the_same_one_whatever_the_update_is_called() -> None:
    first, again = update(**posted(text="Halo")), {**update(**posted(text="Halo")), "update_id": 700000999}
    assert said(first, "telegram").digest == said(again, "telegram").digest


def test_a_photo_is_kept_in_its_largest_size_with_its_caption() -> None:
    sizes = [
        {"file_id": "small", "width": 90, "height": 60, "file_size": 1000},
        {"file_id": "large", "width": 1280, "height": 960, "file_size": 90000},
        {"file_id": "middle", "width": 320, "height": 240, "file_size": 9000},
    ]
    inbound = heard(photo=sizes, caption="Lubangnya", media_group_id="13")
    assert inbound.media == (Media(kind="image", id="large", type="image/jpeg", size=90000),)
    assert (inbound.text, inbound.extra) == ("Lubangnya", {"album": "13"})


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (
            {"document": {"file_id": "d", "file_name": "surat.pdf", "mime_type": "application/pdf", "file_size": 5}},
            Media(kind="document", id="d", name="surat.pdf", type="application/pdf", size=5),
        ),
        ({"voice": {"file_id": "v", "mime_type": "audio/ogg"}}, Media(kind="audio", id="v", type="audio/ogg")),
        ({"audio": {"file_id": "a", "mime_type": "audio/mpeg"}}, Media(kind="audio", id="a", type="audio/mpeg")),
        ({"video": {"file_id": "f"}}, Media(kind="video", id="f", type="video/mp4")),
        ({"video_note": {"file_id": "n"}}, Media(kind="video", id="n", type="video/mp4")),
        ({"animation": {"file_id": "g"}, "document": {"file_id": "d"}}, Media(kind="video", id="g", type="video/mp4")),
        ({"sticker": {"file_id": "s"}}, Media(kind="sticker", id="s", type="image/webp")),
        (
            {"sticker": {"file_id": "s", "is_animated": True}},
            Media(kind="sticker", id="s", type="application/x-tgsticker"),
        ),
    ],
)
def test_every_kind_of_file_is_kept_once(content: dict[str, Any], media: Media) -> None:
    assert heard(**content).media == (media,)


def test_places_people_and_polls_are_told_in_words() -> None:
    place = heard(location={"latitude": -6.9, "longitude": 107.6})
    assert (place.place, place.text) == (Place(-6.9, 107.6, ""), "Lokasi: (-6.9, 107.6)")
    point = {"latitude": -6.9, "longitude": 107.6}
    venue = heard(location=point, venue={"location": point, "title": "Balai", "address": "Jl. Melati"})
    assert venue.place == Place(-6.9, 107.6, "Balai, Jl. Melati")
    assert (
        heard(contact={"first_name": "Pak", "last_name": "RT", "phone_number": "+62812"}).text
        == "Kontak: Pak RT, +62812"
    )
    poll = heard(poll={"question": "Setuju?", "options": [{"text": "Ya"}, {"text": "Tidak"}]})
    assert poll.text == "Jajak pendapat: Setuju?\n- Ya\n- Tidak"


def test_a_reply_names_what_it_answers_and_a_forward_is_marked() -> None:
    inbound = heard(text="Belum", reply_to_message={"message_id": 40}, forward_origin={"type": "user"})
    assert (inbound.references, inbound.doubts) == ((f"{CHAT}:40",), ("forwarded",))


def test_an_edit_is_about_the_message_and_is_another_at_each_time() -> None:
    def edited(at: int) -> Any:
        return said(update("edited_message", **posted(text="RT 04", edit_date=at)), "telegram")

    first, second = edited(THEN + 5), edited(THEN + 6)
    assert (first.sort, first.about, first.text) == (Sort.EDIT, f"{CHAT}:41", "RT 04")
    assert first.at.isoformat() == "2026-03-03T00:42:05+00:00"
    assert len({first.digest, second.digest, heard(text="RT 04").digest}) == 3


def test_a_place_that_moves_is_one_message_and_then_events() -> None:
    moved = posted(location={"latitude": 1, "longitude": 2, "live_period": 900}, edit_date=THEN + 60)
    part = one(update("edited_message", **moved), "telegram")
    assert (part.kind, part.dropped, part.person) == ("live_location", Reason.EVENT, PERSON)


def test_a_pressed_button_is_what_stood_on_it() -> None:
    keyboard = {
        "inline_keyboard": [
            [{"text": "Ya", "callback_data": "settled:1"}, {"text": "Belum", "callback_data": "open:1"}]
        ]
    }
    ours = {**posted(reply_markup=keyboard), "from": {"id": 1, "is_bot": True}}
    press = {"id": "4382", "from": posted()["from"], "message": ours, "data": "open:1"}
    inbound = said(update("callback_query", **press), "telegram")
    assert (inbound.text, inbound.references) == ("Belum", (f"{CHAT}:41",))
    assert inbound.extra == {"payload": "open:1", "callback_query": "4382"}
    bare = said(update("callback_query", **{**press, "message": {**ours, "reply_markup": None}}), "telegram")
    assert bare.text == "open:1"
    assert inbound.digest != said(update("callback_query", **{**press, "id": "4383"}), "telegram").digest
    in_group = {**press, "message": posted("supergroup")}
    assert one(update("callback_query", **in_group), "telegram").dropped is Reason.EVENT


def test_a_reaction_is_about_the_message_and_can_be_taken_back() -> None:
    def reacted(*signs: str) -> Any:
        person = posted()["from"]
        change = {**posted(), "user": person, "new_reaction": [{"type": "emoji", "emoji": sign} for sign in signs]}
        del change["from"]
        return said(update("message_reaction", **change), "telegram")

    inbound = reacted("\U0001f44d")
    assert (inbound.sort, inbound.about, inbound.text) == (Sort.REACTION, f"{CHAT}:41", "\U0001f44d")
    assert inbound.sender.address == PERSON
    assert reacted().extra == {"taken_back": "1"}


@pytest.mark.parametrize(("status", "kind"), [("kicked", "blocked"), ("member", "unblocked"), ("restricted", "other")])
def test_who_shuts_us_out_is_told_by_name(status: str, kind: str) -> None:
    part = one(update("my_chat_member", **posted(new_chat_member={"status": status})), "telegram")
    assert (part.kind, part.dropped, part.person) == (kind, Reason.EVENT, PERSON)


@pytest.mark.parametrize("chat", ["group", "supergroup"])
def test_what_is_said_in_a_group_is_counted_and_not_answered(chat: str) -> None:
    for name in ("message", "edited_message", "my_chat_member"):
        part = one(update(name, **posted(chat, text="Halo")), "telegram")
        assert (part.kind, part.dropped) == ("group", Reason.EVENT)


def test_a_channels_post_and_a_bots_message_are_nobodys() -> None:
    channel = one(update("channel_post", **posted("channel", text="Pengumuman")), "telegram")
    assert (channel.kind, channel.dropped) == ("channel", Reason.EVENT)
    bot = one(update(**posted(sender={"is_bot": True}, text="Halo")), "telegram")
    assert (bot.kind, bot.dropped) == ("echo", Reason.OWN)


def test_what_was_written_to_another_account_of_ours_is_kept_as_unknown() -> None:
    part = one(update("business_message", **posted(text="Halo")), "telegram")
    assert (part.kind, part.dropped, part.person) == ("business", Reason.UNKNOWN, PERSON)


def test_what_happens_in_a_chat_is_an_event_and_what_cannot_be_read_a_message() -> None:
    pinned = one(update(**posted(pinned_message={})), "telegram")
    assert (pinned.kind, pinned.dropped) == ("service", Reason.EVENT)
    for content, words in (
        ({"story": {}}, "story"),
        ({"hologram": {}}, "belum dikenal"),
        ({"photo": []}, "foto"),
        ({"text": ""}, "kosong"),
    ):
        inbound = heard(**content)
        assert words in inbound.text and inbound.doubts == ("unsupported",)


def test_updates_of_other_kinds_are_counted() -> None:
    assert one(update("poll", id="1"), "telegram").dropped is Reason.EVENT
    assert one(update("hologram", id="1"), "telegram").dropped is Reason.UNKNOWN
    assert one({"update_id": 5}, "telegram").dropped is Reason.UNKNOWN
    first, second = read({"update_id": 5, "message": posted(text="a"), "hologram": {"x": 1}}, "telegram")
    assert first.inbound is not None and second.dropped is Reason.UNKNOWN
