"""What a Telegram message says, by which field it has (core.telegram.org/bots/api#message)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ...domain.inbound import Media
from ...domain.words import Reason
from . import shape
from .compose import Mark, Said, located, unsupported
from .shape import Fields

OPTIONS = 12  # of a poll

#: Something happened in the chat, and nobody said anything.
SERVICE = frozenset(
    {
        "boost_added", "channel_chat_created", "chat_background_set", "chat_shared", "checklist_tasks_added",
        "checklist_tasks_done", "connected_website", "delete_chat_photo", "direct_message_price_changed",
        "forum_topic_closed", "forum_topic_created", "forum_topic_edited", "forum_topic_reopened",
        "general_forum_topic_hidden", "general_forum_topic_unhidden", "gift", "giveaway", "giveaway_completed",
        "giveaway_created", "giveaway_winners", "group_chat_created", "left_chat_member",
        "message_auto_delete_timer_changed", "migrate_from_chat_id", "migrate_to_chat_id", "new_chat_members",
        "new_chat_photo", "new_chat_title", "paid_message_price_changed", "passport_data", "pinned_message",
        "proximity_alert_triggered", "refunded_payment", "successful_payment", "suggested_post_approved",
        "suggested_post_declined", "supergroup_chat_created", "unique_gift", "users_shared", "video_chat_ended",
        "video_chat_participants_invited", "video_chat_scheduled", "video_chat_started", "write_access_allowed",
    }
)  # fmt: skip


def kind_of(message: Fields) -> str:
    """A word of `KINDS`, "service" or "unsupported"."""
    for name in _KINDS:
        if name in message:
            return name
    return "service" if SERVICE & message.keys() else "unsupported"


def said(message: Fields) -> Said:
    """With what stands beside the content: what it answers, forwarded, the album it belongs to."""
    kind = kind_of(message)
    if kind == "service":
        return Said(dropped=Reason.EVENT)
    read = _KINDS.get(kind)
    content = (
        read(message, message[kind]) if read else unsupported(NAMES.get(_named(message), "jenis yang belum dikenal"))
    )
    caption = shape.prose(message.get("caption"))
    if caption and caption != content.text:
        content = replace(content, text="\n".join(one for one in (content.text, caption) if one))
    answered = shape.fields(message, "reply_to_message")
    chat = shape.word(shape.fields(message, "chat").get("id"))
    number = shape.word(answered.get("message_id"))
    forwarded = any(name in message for name in ("forward_origin", "forward_date", "forward_from"))
    return replace(
        content,
        answers=f"{chat_digest(chat)}:{number}" if chat and number else "",
        marks=(*content.marks, *((Mark.FORWARDED,) if forwarded else ())),
        extra={**content.extra, "album": shape.word(message.get("media_group_id"))},
    )


def chat_digest(chat: str) -> str:
    """What stands for a chat in the ids of its messages: they are shown where who wrote is not."""
    return hashlib.sha256(chat.encode()).hexdigest()[:16]


# -- words, places, people


def _text(message: Fields, content: Any) -> Said:
    text = shape.prose(content)
    return Said(text=text) if text else unsupported("teks kosong")


def _location(message: Fields, content: Any) -> Said:
    return located(content) if isinstance(content, dict) else unsupported("lokasi")


def _venue(message: Fields, content: Any) -> Said:
    venue = content if isinstance(content, dict) else {}
    return located(shape.fields(venue, "location"), venue.get("title"), venue.get("address"))


def _contact(message: Fields, content: Any) -> Said:
    contact = content if isinstance(content, dict) else {}
    name = " ".join(one for key in ("first_name", "last_name") if (one := shape.line(contact.get(key))))
    told = ", ".join(one for one in (name, shape.line(contact.get("phone_number"), 40)) if one)
    return Said(text=f"Kontak: {told}") if told else unsupported("kontak")


def _poll(message: Fields, content: Any) -> Said:
    poll = content if isinstance(content, dict) else {}
    options = [shape.line(one.get("text")) for one in shape.objects(poll, "options")][:OPTIONS]
    question = shape.prose(poll.get("question"))
    lines = [f"Jajak pendapat: {question}", *(f"- {option}" for option in options if option)]
    return Said(text="\n".join(lines)) if question else unsupported("jajak pendapat")


def _dice(message: Fields, content: Any) -> Said:
    emoji = shape.line(content.get("emoji"), 20) if isinstance(content, dict) else ""
    return Said(text=emoji) if emoji else unsupported("dadu")


def _web_app(message: Fields, content: Any) -> Said:
    data = shape.prose(content.get("data")) if isinstance(content, dict) else ""
    return Said(text=data) if data else unsupported("formulir")


# -- files


def _photo(message: Fields, content: Any) -> Said:
    """The same picture in several sizes: the largest."""
    sizes = [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []
    largest = max(sizes, key=lambda one: (_area(one), shape.size(one.get("file_size"))), default={})
    return _kept("image", "foto", largest, "image/jpeg")


def _area(photo: Fields) -> int:
    return shape.size(photo.get("width")) * shape.size(photo.get("height"))


def _file(kind: str, indonesian: str, type: str = "") -> Callable[[Fields, Any], Said]:
    def read(message: Fields, content: Any) -> Said:
        return _kept(kind, indonesian, content if isinstance(content, dict) else {}, type)

    return read


def _sticker(message: Fields, content: Any) -> Said:
    sticker = content if isinstance(content, dict) else {}
    moving = {"is_video": "video/webm", "is_animated": "application/x-tgsticker"}
    type = next((name for flag, name in moving.items() if sticker.get(flag) is True), "image/webp")
    return replace(_kept("sticker", "stiker", sticker, type), text=shape.line(sticker.get("emoji"), 20))


def _voice(message: Fields, content: Any) -> Said:
    said = _file("audio", "rekaman suara", "audio/ogg")(message, content)
    return replace(said, extra={"voice": "1"})


def _kept(kind: str, indonesian: str, file: Fields, type: str) -> Said:
    id = shape.identifier(file.get("file_id"))
    if not id:
        return unsupported(indonesian)
    return Said(
        media=(
            Media(
                kind=kind,
                id=id,
                name=shape.file_name(file.get("file_name")),
                type=shape.media_type(file.get("mime_type")) or type,
                size=shape.size(file.get("file_size")),
            ),
        )
    )


#: The order is the rule: a venue has a location beside it, an animation a document.
_KINDS: dict[str, Callable[[Fields, Any], Said]] = {
    "text": _text,
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "poll": _poll,
    "dice": _dice,
    "web_app_data": _web_app,
    "animation": _file("video", "GIF", "video/mp4"),
    "photo": _photo,
    "video": _file("video", "video", "video/mp4"),
    "video_note": _file("video", "video singkat", "video/mp4"),
    "voice": _voice,
    "audio": _file("audio", "rekaman suara"),
    "document": _file("document", "dokumen"),
    "sticker": _sticker,
}
KINDS = frozenset(_KINDS) | {"service", "unsupported"}
#: Kinds that we know of and can't read -> Indonesian.
NAMES = {
    "checklist": "daftar periksa",
    "game": "permainan",
    "invoice": "tagihan",
    "paid_media": "media berbayar",
    "story": "story",
}


def _named(message: Fields) -> str:
    return next((name for name in NAMES if name in message), "")
