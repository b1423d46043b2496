"""Instagram: direct messages as on Messenger, comments and mentions in public. Both logins' forms are read: a list of
`changes`, or one `field` and `value` in the entry
(developers.facebook.com/docs/instagram-platform/webhooks/examples)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ...domain import addresses
from ...domain.inbound import Party, Sort
from ...domain.words import Channel, Reason
from . import messaging, shape
from .compose import Item, Said, unsupported
from .envelope import Envelope
from .part import Part
from .shape import Fields

#: Nobody's message.
EVENTS = {"story_insights": "insight", "creator_marketplace_invited_creator_onboarding": "account"}
#: What is said in public (`Part.kind`).
PUBLIC = frozenset({"comment", "live_comment", "mention"})


def parts(envelope: Envelope) -> Iterator[Part]:
    yield from envelope.parts(messaging.changes(_FIELDS, EVENTS), messaging.parts)


def _comment(kind: str) -> Callable[[Fields, Envelope, Fields], Part]:
    def read(value: Fields, envelope: Envelope, alone: Fields) -> Part:
        """Below a post of ours; `parent_id` where it answers another comment."""
        media = shape.fields(value, "media")
        item = _item(kind, value, envelope, alone, value.get("id") or value.get("comment_id"))
        if envelope.account and shape.word(shape.fields(value, "from").get("id"), 128) == envelope.account:
            return item.dropped(Reason.OWN)
        text = shape.prose(value.get("text"))
        said = Said(text=text) if text else unsupported("komentar tanpa teks")
        return item.said(
            Said(
                text=said.text,
                marks=said.marks,
                sort=Sort.COMMENT,
                answers=shape.identifier(value.get("parent_id")),
                extra={
                    "media": shape.identifier(media.get("id")) or shape.identifier(value.get("media_id")),
                    "surface": shape.word(media.get("media_product_type")),
                    "live": "1" if kind == "live_comment" else "",
                },
            )
        )

    return read


def _mention(value: Fields, envelope: Envelope, alone: Fields) -> Part:
    """Somebody named us under a post of theirs. The platform tells neither who nor what, only where."""
    comment, media = shape.identifier(value.get("comment_id")), shape.identifier(value.get("media_id"))
    where = "komentar" if comment else "takarir"
    return _item("mention", value, envelope, alone, comment or media).said(
        Said(text=f"[Menyebut akun ini dalam {where}]", sort=Sort.MENTION, extra={"media": media, "comment": comment})
    )


def _item(kind: str, value: Fields, envelope: Envelope, alone: Fields, id: Any) -> Item:
    author = shape.fields(value, "from")
    number = shape.word(author.get("id"), 128)
    name = shape.line(author.get("username"))
    return Item(
        channel=Channel.INSTAGRAM,
        kind=kind,
        at=envelope.at(value.get("timestamp"), value.get("created_time")),
        alone=alone,
        raw=value,
        id=shape.identifier(id),
        account=envelope.account,
        sender=Party(addresses.on(Channel.INSTAGRAM, number) if number and " " not in number else "", name),
    )


_FIELDS: dict[str, Callable[[Fields, Envelope, Fields], Part]] = {
    "comments": _comment("comment"),
    "live_comments": _comment("live_comment"),
    "mentions": _mention,
}
