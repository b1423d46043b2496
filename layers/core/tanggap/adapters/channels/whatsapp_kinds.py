"""What a WhatsApp message says, by its type."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ...domain.inbound import Media, Sort
from ...domain.words import Reason
from . import shape
from .compose import Mark, Said, located, unsupported
from .shape import Fields
from .whatsapp_people import person_of

ANSWERS = 30  # fields of one form (flow) that are shown
#: Where a changed number's new names stand in `extra`.
NEW_NAMES = ("new_identity", "new_scoped")

Kind = Callable[[Fields], Said]


def said(message: Fields) -> Said:
    """With what stands beside the content: what it answers, forwarded, a group, an advertisement it came from."""
    content = _content(message)
    context = shape.fields(message, "context")
    referral = shape.fields(message, "referral")
    group = shape.identifier(message.get("group_id"))
    forwarded = context.get("forwarded") is True or context.get("frequently_forwarded") is True
    marks = (*content.marks, *((Mark.FORWARDED,) if forwarded else ()), *((Mark.GROUP,) if group else ()))
    return replace(
        content,
        answers=content.answers or shape.identifier(context.get("id")),
        marks=marks,
        extra={
            **content.extra,
            "group": group,
            "referral": shape.url(referral.get("source_url")) or shape.word(referral.get("source_id")),
        },
    )


def _content(message: Fields) -> Said:
    return KINDS.get(shape.word(message.get("type")), _unknown)(message)


# -- words


def _text(message: Fields) -> Said:
    text = shape.prose(shape.fields(message, "text").get("body"))
    return Said(text=text) if text else unsupported("teks kosong")


def _button(message: Fields) -> Said:
    """A button of a template."""
    button = shape.fields(message, "button")
    return _pressed(button.get("text"), button.get("payload"))


def _interactive(message: Fields) -> Said:
    interactive = shape.fields(message, "interactive")
    kind = shape.word(interactive.get("type"))
    if kind in ("button_reply", "list_reply"):
        reply = shape.fields(interactive, kind)
        return _pressed(reply.get("title"), reply.get("id"), reply.get("description"))
    if kind == "nfm_reply":
        return _form(shape.fields(interactive, kind))
    if kind == "call_permission_reply":
        return Said(dropped=Reason.EVENT, kind="call_permission")
    return _unknown(message)


def _pressed(title: Any, payload: Any, description: Any = None) -> Said:
    lines = [text for text in (shape.prose(title), shape.prose(description)) if text]
    name = shape.word(payload, 256)
    if not lines and not name:
        return unsupported("tombol")
    return Said(text="\n".join(lines) or name, extra={"payload": name})


def _form(reply: Fields) -> Said:
    """A form that was filled in within the chat: its fields, one a line."""
    raw = reply.get("response_json")
    try:
        answers = json.loads(raw) if isinstance(raw, str) and len(raw) <= 4 * shape.TEXT else raw
    except (ValueError, RecursionError):
        answers = None
    if not isinstance(answers, dict):
        return unsupported("formulir", shape.prose(reply.get("body")))
    lines: list[str] = []
    for name, value in answers.items():
        if name == "flow_token" or len(lines) >= ANSWERS:
            continue
        told = shape.prose(value) if isinstance(value, str) else shape.word(value) or shape.prose(_as_json(value))
        if told:
            lines.append(f"{shape.line(name)}: {told}")
    return (
        Said(text="\n".join(lines), extra={"form": shape.word(reply.get("name"))}) if lines else unsupported("formulir")
    )


def _as_json(value: Any) -> str:
    try:
        return "" if value is None else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return ""


def _order(message: Fields) -> Said:
    return unsupported("pesanan", shape.prose(shape.fields(message, "order").get("text")))


# -- places, people, files


def _location(message: Fields) -> Said:
    location = shape.fields(message, "location")
    return located(location, location.get("name"), location.get("address"))


def _contacts(message: Fields) -> Said:
    lines = []
    for contact in shape.objects(message, "contacts"):
        name = shape.fields(contact, "name")
        called = shape.line(name.get("formatted_name")) or shape.line(name.get("first_name"))
        numbers = [shape.line(phone.get("phone"), 40) for phone in shape.objects(contact, "phones")]
        mails = [shape.line(mail.get("email")) for mail in shape.objects(contact, "emails")]
        told = ", ".join(one for one in (called, *numbers, *mails) if one)
        if told:
            lines.append(f"Kontak: {told}")
    return Said(text="\n".join(lines)) if lines else unsupported("kontak")


def _file(kind: str, indonesian: str, name: str) -> Kind:
    def read(message: Fields) -> Said:
        file = shape.fields(message, name)
        media = Media(
            kind=kind,
            id=shape.identifier(file.get("id")),
            url=shape.url(file.get("url")),
            name=shape.file_name(file.get("filename")),
            type=shape.media_type(file.get("mime_type")),
            size=shape.size(file.get("file_size")),
            sha256=_digest(file.get("sha256")),
        )
        caption = shape.prose(file.get("caption"))
        if not media.id and not media.url:
            return unsupported(indonesian, caption)
        return Said(text=caption, media=(media,), extra={"voice": "1" if file.get("voice") is True else ""})

    return read


_HEX = re.compile(r"[0-9a-fA-F]{64}")


def _digest(value: Any) -> str:
    """In lower-case hex. The platform writes base64, its media endpoint hex; what is neither is no digest."""
    text = shape.word(value, 100)
    if _HEX.fullmatch(text):
        return text.lower()
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return digest.hex() if len(digest) == 32 else ""


# -- about earlier messages


def _reaction(message: Fields) -> Said:
    """Without an emoji: taken back."""
    reaction = shape.fields(message, "reaction")
    emoji = shape.line(reaction.get("emoji"), 20) if reaction.get("emoji") else ""
    about = shape.identifier(reaction.get("message_id"))
    return Said(sort=Sort.REACTION, text=emoji, about=about, extra={"taken_back": "" if emoji else "1"})


def _edit(message: Fields) -> Said:
    edit = shape.fields(message, "edit")
    now = shape.fields(edit, "message")
    content = _unknown(now) if shape.word(now.get("type")) in _NO_CONTENT else _content(now)
    answers = shape.identifier(shape.fields(now, "context").get("id"))
    about = shape.identifier(edit.get("original_message_id"))
    return replace(content, sort=Sort.EDIT, about=about, answers=answers)


def _revoke(message: Fields) -> Said:
    about = shape.fields(message, "revoke").get("original_message_id")
    return Said(sort=Sort.DELETION, about=shape.identifier(about))


# -- the platform's own, and what is neither


def _system(message: Fields) -> Said:
    """A person has another number now, and wrote nothing. The new identity is theirs by the platform's word."""
    system = shape.fields(message, "system")
    kind = shape.word(system.get("type"))
    if kind not in ("user_changed_number", "customer_changed_number", "user_changed_user_id"):
        return Said(dropped=Reason.EVENT, kind="identity_changed")
    return Said(
        kind="number_changed",
        text="[Nomor WhatsApp pelapor berganti]",
        marks=(Mark.NUMBER_CHANGED,),
        extra={
            "new_identity": person_of(system.get("wa_id"), system.get("new_wa_id")),
            "new_scoped": person_of(system.get("user_id")),
        },
    )


def _opened(message: Fields) -> Said:
    """Somebody opened the chat for the first time, and wrote nothing yet."""
    return Said(dropped=Reason.EVENT, kind="chat_opened")


#: What the platform calls kinds that it does not show us, and some that are only called so -> Indonesian.
NAMES = {
    "poll": "jajak pendapat",
    "pool": "jajak pendapat",  # as the platform spells it in places
    "event": "acara",
    "view_once": "foto atau video sekali lihat",
    "ephemeral": "pesan sementara",
    "gif": "GIF",
    "product": "produk",
    "interactive": "tombol atau formulir",
    "video_note": "video singkat",
    "album": "album foto",
    "list": "daftar",
    "payment": "pembayaran",
}


def _unknown(message: Fields) -> Said:
    named = shape.word(shape.fields(message, "unsupported").get("type")) or shape.word(message.get("type"))
    content = unsupported(NAMES.get(named, "jenis yang belum dikenal"))
    codes = [code for error in shape.objects(message, "errors") if (code := shape.word(error.get("code")))]
    return replace(content, extra={"error": codes[0] if codes else ""})


KINDS: dict[str, Kind] = {
    "text": _text,
    "button": _button,
    "interactive": _interactive,
    "location": _location,
    "contacts": _contacts,
    "image": _file("image", "foto", "image"),
    "video": _file("video", "video", "video"),
    "audio": _file("audio", "rekaman suara", "audio"),
    "voice": _file("audio", "rekaman suara", "voice"),
    "document": _file("document", "dokumen", "document"),
    "sticker": _file("sticker", "stiker", "sticker"),
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "order": _order,
    "system": _system,
    "request_welcome": _opened,
    "unsupported": _unknown,
    "unknown": _unknown,
}
#: In an edit there can be none of these; and an edit of an edit would go round.
_NO_CONTENT = frozenset({"edit", "revoke", "reaction", "system", "request_welcome"})
