"""Where other help desks lose reports: a defect of theirs, a test of ours (../shared/PEERS.md)."""

from __future__ import annotations

from tanggap.domain.words import Reason
from tests.support.webhook_bodies import (
    INSTAGRAM,
    METADATA,
    PAGE,
    contact,
    item,
    message,
    messages,
    one,
    read,
    said,
    talk,
    whatsapp,
    written,
)


def test_zammad_reads_only_the_first_entry_and_change_and_message_of_a_batch() -> None:
    value = {"metadata": METADATA, "contacts": [contact()]}
    body = whatsapp(
        {**value, "messages": [message(id="wamid.1"), message(id="wamid.2")]},
        {**value, "messages": [message(id="wamid.3")]},
    )
    body["entry"] += whatsapp({**value, "messages": [message(id="wamid.4")]})["entry"]
    assert [part.external_id for part in read(body)] == ["wamid.1", "wamid.2", "wamid.3", "wamid.4"]


def test_pywa_reads_only_the_first_status_of_a_batch() -> None:
    statuses = [{"id": f"wamid.{number}", "status": "delivered", "recipient_id": "628111111"} for number in range(3)]
    parts = read(whatsapp({"metadata": METADATA, "statuses": statuses}))
    assert [part.inbound.failures[0].original_id for part in parts if part.inbound] == ["wamid.0", "wamid.1", "wamid.2"]


def test_chatwoot_loses_a_message_whose_contacts_are_blank() -> None:
    for contacts in ({}, {"contacts": []}, {"contacts": None}, {"contacts": [{}]}, {"contacts": [{"profile": None}]}):
        inbound = said(whatsapp({"metadata": METADATA, **contacts, "messages": [message()]}))
        assert (inbound.sender.address, inbound.text) == ("whatsapp:6281234500017", "Lampu jalan mati")


def test_whatomate_and_chatwoot_lose_a_person_without_a_phone_number() -> None:
    raw = {"id": "wamid.1", "from_user_id": "ID.7301845520019", "type": "text", "text": {"body": "Halo"}}
    inbound = said(whatsapp({"metadata": METADATA, "contacts": [{"profile": {"username": "siti"}}], "messages": [raw]}))
    assert (inbound.sender.address, inbound.sender.name) == ("whatsapp:ID.7301845520019", "siti")


def test_chatwoot_makes_two_conversations_of_one_instagram_message_brought_twice() -> None:
    first, again = talk(written(), object="instagram"), talk(written(), object="instagram")
    again["entry"][0]["time"] += 90_000  # the body is another, the message is not
    assert said(first).digest == said(again).digest


def test_chatwoot_takes_its_own_echo_of_a_story_mention_for_a_citizens_message() -> None:
    attachment = {"type": "story_mention", "payload": {"url": "https://lookaside.fbsbx.com/ig?x=1"}}
    echo = item(sender=INSTAGRAM, message={"mid": "m", "attachments": [attachment], "is_echo": True})
    assert one(talk(echo, object="instagram", account=INSTAGRAM)).dropped is Reason.OWN


def test_chatbotx_fails_the_whole_body_for_one_event_of_an_unknown_form() -> None:
    parts = read(talk(written(mid="m_1"), item(hologram={"a": 1}), "?", written(mid="m_2")))
    assert [part.dropped for part in parts] == [None, Reason.UNKNOWN, Reason.UNKNOWN, None]


def test_a_blank_name_or_a_media_without_a_caption_loses_no_message() -> None:
    photo = message("image", image={"id": "1", "mime_type": "image/jpeg"})
    inbound = said(messages(photo, contacts=[contact(name="")]))
    assert inbound.media and inbound.sender.name == "" and inbound.doubts == ()


def test_a_page_that_writes_to_itself_is_never_answered() -> None:
    for event in (
        {"message": {"mid": "m", "text": "a"}},
        {"postback": {"title": "a"}},
        {"reaction": {"mid": "m", "emoji": "a"}},
    ):
        assert one(talk(item(sender=PAGE, **event))).dropped is Reason.OWN
