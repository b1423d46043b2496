"""What is attached to a direct message of Messenger or Instagram: files, places, and what was shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ...domain.inbound import Media
from ...domain.words import Channel
from . import shape
from .compose import MEDIA, Mark, Said, located, unsupported
from .shape import Fields

#: Type -> (kind of media, Indonesian for one that came without its address).
FILES = {
    "image": ("image", "foto"),
    "video": ("video", "video"),
    "audio": ("audio", "rekaman suara"),
    "file": ("document", "berkas"),
    "sticker": ("sticker", "stiker"),
    "animated_image": ("image", "GIF"),
}
#: What somebody published, shared with us or naming us -> what is said of it, and its kind.
SHARED = {
    "share": ("Membagikan kiriman", "other"),
    "ig_post": ("Membagikan kiriman Instagram", "other"),
    "post": ("Membagikan kiriman", "other"),
    "ig_reel": ("Membagikan reel", "video"),
    "reel": ("Membagikan reel", "video"),
    "ig_story": ("Membagikan story", "other"),
    "story": ("Membagikan story", "other"),
    "story_mention": ("Menyebut akun ini dalam story", "other"),
    "fallback": ("Membagikan tautan", "other"),
}


def attached(attachments: Sequence[Any], channel: Channel) -> Said:
    """All of them as one."""
    text: list[str] = []
    media: list[Media] = []
    marks: list[str] = []
    place, story = None, ""
    for one in attachments[: MEDIA + 1]:
        said = _one(one, channel) if isinstance(one, dict) else unsupported("lampiran")
        text.extend([said.text] if said.text else ())
        media.extend(said.media)
        marks.extend(said.marks)
        place = place or said.place
        story = story or said.extra.get("story_mention", "")
    if len(attachments) > MEDIA:
        marks.append(Mark.TOO_MANY_FILES)
    return Said(
        text="\n".join(dict.fromkeys(text)),
        media=tuple(media),
        marks=tuple(marks),
        place=place,
        extra={"story_mention": story},
    )


def _one(attachment: Fields, channel: Channel) -> Said:
    kind = shape.word(attachment.get("type"))
    payload = shape.fields(attachment, "payload")
    if kind in FILES:
        media, name = FILES[kind]
        return _file(media, payload) or unsupported(name)
    if kind in SHARED:
        return _shared(kind, attachment, payload, channel)
    return _OTHERS.get(kind, _unknown)(attachment, payload)


def _file(kind: str, payload: Fields) -> Said | None:
    """On Messenger a sticker may come as an image with a `sticker_id`."""
    address = shape.url(payload.get("url"))
    if not address:
        return None
    kind = "sticker" if "sticker_id" in payload else kind
    name = shape.file_name(payload.get("name") or payload.get("title"))
    return Said(media=(Media(kind=kind, url=address, name=name),))


def _shared(kind: str, attachment: Fields, payload: Fields, channel: Channel) -> Said:
    """Instagram gives the platform's own copy; on Messenger it is an address anywhere, shown and not fetched."""
    said, media = SHARED[kind]
    title = shape.line(payload.get("title")) or shape.line(attachment.get("title"))
    address = shape.url(payload.get("url")) or shape.url(attachment.get("url"))
    copy = address if channel is Channel.INSTAGRAM else ""
    told = " ".join(part for part in (title, "" if copy else address) if part)
    return Said(
        text=f"[{said}]" + (f" {told}" if told else ""),
        media=(Media(kind=media, url=copy),) if copy else (),
        extra={"story_mention": "1" if kind == "story_mention" else ""},
    )


def _location(attachment: Fields, payload: Fields) -> Said:
    point = shape.fields(payload, "coordinates")
    found = {"latitude": point.get("lat"), "longitude": point.get("long")}
    return located(found, attachment.get("title"))


def _template(attachment: Fields, payload: Fields) -> Said:
    """A card, as a rule of a shop or another page."""
    titles = [shape.line(one.get("title")) for one in shape.objects(payload, "elements")]
    generic = shape.objects(shape.fields(payload, "generic"), "elements")
    titles += [shape.line(one.get("title")) for one in generic]
    told = "\n".join(title for title in (shape.line(attachment.get("title")), *titles) if title)
    return unsupported("kartu", told)


def _ephemeral(attachment: Fields, payload: Fields) -> Said:
    return unsupported("foto atau video sekali lihat")


def _unknown(attachment: Fields, payload: Fields) -> Said:
    said = _file("other", payload) or Said()
    unread = unsupported("lampiran", shape.line(attachment.get("title")))
    return replace(unread, media=said.media)


_OTHERS: dict[str, Callable[[Fields, Fields], Said]] = {
    "location": _location,
    "template": _template,
    "ephemeral": _ephemeral,
}
