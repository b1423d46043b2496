"""Direct messages of Messenger and Instagram."""

from __future__ import annotations

from typing import Any

import pytest

from tanggap.adapters.channels import shape
from tanggap.domain.inbound import Media, Place, Sort
from tanggap.domain.words import Channel, Reason
from tests.support.webhook_bodies import INSTAGRAM, PAGE, change, item, one, read, said, sample, talk, written

PSID = "6400000000000041"
CDN = "https://scontent.xx.fbcdn.net/v/a.jpg?oh=1"


def attached(type: str, payload: Any = None, **more: Any) -> dict[str, Any]:
    return item(message={"mid": "m_1", "attachments": [{"type": type, "payload": payload, **more}]})


def test_a_message_on_messenger_is_its_persons() -> None:
    part = one(sample("messenger-message.json"))
    assert (part.channel, part.kind, part.person) == (Channel.MESSENGER, "message", f"messenger:{PSID}")
    inbound = part.inbound
    assert inbound is not None
    assert (inbound.sender.address, inbound.account) == (f"messenger:{PSID}", PAGE)
    assert (inbound.external_id, inbound.sort) == ("m_AG5Hz2Uq7tuwNEhXfYYKj8mJEM0001", Sort.MESSAGE)
    assert inbound.text == "Saluran air di RT 03 tersumbat, rumah saya kebanjiran"
    assert inbound.at.isoformat() == "2026-03-03T00:42:00.112000+00:00"


def test_a_message_on_instagram_is_its_persons() -> None:
    part = one(sample("instagram-message.json"))
    assert (part.channel, part.person) == (Channel.INSTAGRAM, "instagram:728000000000021")
    assert part.inbound is not None and part.inbound.account == INSTAGRAM


@pytest.mark.parametrize(
    ("type", "kind"),
    [("image", "image"), ("video", "video"), ("audio", "audio"), ("file", "document"), ("sticker", "sticker")],
)
def test_a_file_is_kept_by_its_address(type: str, kind: str) -> None:
    inbound = said(talk(attached(type, {"url": CDN})))
    assert (inbound.text, inbound.media) == ("", (Media(kind=kind, url=CDN),))


def test_a_sticker_that_comes_as_an_image_is_one() -> None:
    assert said(talk(attached("image", {"url": CDN, "sticker_id": 369239263222822}))).media[0].kind == "sticker"


@pytest.mark.parametrize(
    "payload", [None, {}, {"url": "ftp://x.example/a"}, {"url": "javascript:alert(1)"}, {"url": 5}, []]
)
def test_a_file_without_an_address_is_said_to_be_one(payload: Any) -> None:
    inbound = said(talk(attached("image", payload)))
    assert inbound.media == () and "foto" in inbound.text and inbound.doubts == ("unsupported",)


def test_many_files_are_one_message() -> None:
    files = [{"type": "image", "payload": {"url": f"{CDN}&n={number}"}} for number in range(31)]
    inbound = said(talk(item(message={"mid": "m_1", "text": "Ini fotonya", "attachments": files})))
    assert (inbound.text, len(inbound.media), inbound.doubts) == ("Ini fotonya", 30, ("too_many_files",))


def test_a_shared_post_is_instagrams_copy_and_elsewhere_only_an_address() -> None:
    shared = attached("share", {"url": "https://berita.example/a", "title": "Banjir"})
    there = said(talk(shared, object="instagram", account=INSTAGRAM))
    assert (there.text, [media.url for media in there.media]) == (
        "[Membagikan kiriman] Banjir",
        ["https://berita.example/a"],
    )
    here = said(talk(shared))
    assert (here.text, here.media) == ("[Membagikan kiriman] Banjir https://berita.example/a", ())


def test_a_story_that_names_us_and_a_reply_to_ours_are_told_apart() -> None:
    mention = said(talk(attached("story_mention", {"url": CDN}), object="instagram", account=INSTAGRAM))
    assert mention.text == "[Menyebut akun ini dalam story]" and mention.extra == {"story_mention": "1"}
    assert mention.sort is Sort.MESSAGE  # it is between them and us
    reply = said(talk(written(reply_to={"story": {"id": "S1", "url": CDN}}), object="instagram", account=INSTAGRAM))
    assert reply.extra == {"story": "S1"} and reply.references == ()


def test_a_place_is_coordinates_and_words() -> None:
    point = {"coordinates": {"lat": -6.9, "long": 107.6}}
    inbound = said(talk(attached("location", point, title="Gang Melati")))
    assert inbound.place == Place(-6.9, 107.6, "Gang Melati")
    assert inbound.text == "Lokasi: Gang Melati (-6.9, 107.6)"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (attached("template", {"elements": [{"title": "Nota"}]}), "kartu, tidak dapat dibaca di sini]\nNota"),
        (attached("ephemeral", None), "sekali lihat"),
        (attached("hologram", None), "lampiran"),
        (item(message={"mid": "m_1"}), "jenis yang belum dikenal"),
        (item(message={"mid": "m_1", "attachments": [7]}), "lampiran"),
        (item(message={"mid": "m_1", "is_unsupported": True}), "jenis yang tidak ditampilkan kepada kami"),
    ],
)
def test_what_cannot_be_read_is_a_message_that_says_so(content: dict[str, Any], words: str) -> None:
    inbound = said(talk(content))
    assert words in inbound.text and inbound.doubts == ("unsupported",)


def test_a_quick_reply_and_a_postback_carry_what_we_put_behind_them() -> None:
    quick = said(talk(written("Ya", quick_reply={"payload": "settled"})))
    assert (quick.text, quick.extra) == ("Ya", {"payload": "settled"})
    pressed = said(talk(item(postback={"mid": "m_2", "title": "Mulai", "payload": "GET_STARTED"})))
    assert (pressed.text, pressed.extra, pressed.external_id) == ("Mulai", {"payload": "GET_STARTED"}, "m_2")


def test_a_postback_without_an_id_is_the_same_one_each_time_and_not_the_next_one() -> None:
    first = item(postback={"title": "Mulai", "payload": "X"})
    again, later = item(postback={"title": "Mulai", "payload": "X"}), {**first, "timestamp": 1772498521000}
    other = item(sender="99", postback={"title": "Mulai", "payload": "X"})
    digests = [said(talk(one_of)).digest for one_of in (first, again, later, other)]
    assert digests[0] == digests[1] and len(set(digests)) == 3


def test_a_reply_names_what_it_answers() -> None:
    assert said(talk(written(reply_to={"mid": "m_0"}))).references == ("m_0",)


def test_reactions_edits_and_deletions_name_what_they_are_about() -> None:
    react = item(reaction={"mid": "m_0", "action": "react", "reaction": "love", "emoji": "\u2764"})
    back = item(reaction={"mid": "m_0", "action": "unreact"})
    edit = item(message_edit={"mid": "m_0", "text": "RT 04", "num_edit": 2})
    gone = item(message={"mid": "m_0", "is_deleted": True})
    told = [part.inbound for part in read(talk(react, back, edit, gone))]
    assert [(each.sort, each.about, each.text) for each in told if each] == [
        (Sort.REACTION, "m_0", "\u2764"),
        (Sort.REACTION, "m_0", ""),
        (Sort.EDIT, "m_0", "RT 04"),
        (Sort.DELETION, "m_0", ""),
    ]
    assert len({each.digest for each in told if each} | {said(talk(written(mid="m_0"))).digest}) == 5


def test_our_own_echo_is_dropped_and_tells_whom_it_went_to() -> None:
    echo = item(sender=PAGE, recipient=PSID, message={"mid": "m_9", "text": "Terima kasih", "is_echo": True})
    unsaid = item(sender=PAGE, recipient=PSID, message={"mid": "m_9", "text": "Terima kasih"})
    for part in read(talk(echo, unsaid)):
        assert (part.kind, part.dropped, part.person) == ("echo", Reason.OWN, f"messenger:{PSID}")


def test_a_report_about_several_of_ours_is_one_part_each() -> None:
    parts = read(talk(item(delivery={"mids": ["m_1", "m_2", "m_2"], "watermark": 1772498520000})))
    told = [part.inbound.failures[0] for part in parts if part.inbound and part.event]
    assert [(about.kind, about.original_id, about.recipient) for about in told] == [
        ("delivery", "m_1", f"messenger:{PSID}"),
        ("delivery", "m_2", f"messenger:{PSID}"),
    ]
    assert "m_2" not in shape.packed(parts[0].alone).decode()


def test_a_message_of_ours_that_was_read_is_told_by_its_id_where_there_is_one() -> None:
    named = one(talk(item(read={"mid": "m_1"}), object="instagram", account=INSTAGRAM))
    assert named.event and named.inbound is not None and named.inbound.failures[0].kind == "read"
    assert one(talk(item(read={"watermark": 1772498520000}))).dropped is Reason.READ
    assert one(talk(item(delivery={"watermark": 1772498520000}))).dropped is Reason.EVENT


@pytest.mark.parametrize(
    ("event", "kind", "dropped"),
    [
        ({"optin": {"ref": "x"}}, "optin", Reason.EVENT),
        ({"referral": {"ref": "x", "source": "SHORTLINK"}}, "referral", Reason.EVENT),
        ({"pass_thread_control": {"new_owner_app_id": 1}}, "handover", Reason.EVENT),
        ({"take_thread_control": {}}, "handover", Reason.EVENT),
        ({"hologram": {}}, "other", Reason.UNKNOWN),
        ({"message": "Halo"}, "other", Reason.UNKNOWN),
    ],
)
def test_what_is_no_message_is_counted(event: dict[str, Any], kind: str, dropped: Reason) -> None:
    part = one(talk(item(**event)))
    assert (part.kind, part.dropped, part.person) == (kind, dropped, f"messenger:{PSID}")


def test_who_writes_while_another_app_holds_the_thread_is_heard() -> None:
    inbound = said(talk(written(), under="standby"))
    assert inbound.digest == said(talk(written())).digest


def test_direct_messages_that_come_as_changes_are_read_too() -> None:
    for body in (
        change("messages", written()),
        {"object": "instagram", "entry": [{"id": INSTAGRAM, "time": 1, "field": "messages", "value": written()}]},
    ):
        assert said(body).text == "Saluran air tersumbat"


def test_several_entries_of_several_people_are_all_read() -> None:
    body = talk(written(), item(sender="77", message={"mid": "m_2", "text": "Banjir"}))
    body["entry"].append(talk(item(sender="78", message={"mid": "m_3", "text": "Longsor"}))["entry"][0])
    assert [part.person for part in read(body)] == [f"messenger:{PSID}", "messenger:77", "messenger:78"]


@pytest.mark.parametrize(
    "sender", [None, {}, {"id": ""}, {"id": None}, {"id": "a b"}, {"id": "9" * 200}, {"user_ref": "x"}]
)
def test_somebody_whom_nothing_names_is_filed_all_the_same(sender: Any) -> None:
    inbound = said(talk({**written(), "sender": sender}))
    assert inbound.sender.address == "" and "no_sender" in inbound.doubts
