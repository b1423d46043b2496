"""A Facebook page: Messenger's direct messages, and in public its feed (comments and visitors' posts), where it is
mentioned, and its reviews (developers.facebook.com/docs/graph-api/webhooks/reference/page)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...domain import addresses
from ...domain.inbound import Media, Party, Sort
from ...domain.words import Channel, Reason
from . import messaging, shape
from .compose import OTHER, Item, Said, unsupported
from .envelope import Envelope
from .part import Part
from .shape import Fields

#: Nobody's message.
EVENTS = {
    "conversations": "inbox",
    "inbox_labels": "inbox",
    "leadgen": "lead",
    "live_videos": "video",
    "videos": "video",
    "video_text_question_responses": "video",
    **dict.fromkeys(
        (
            "about", "affiliation", "attire", "awards", "bio", "birthday", "category", "checkins", "company_overview",
            "culinary_team", "current_location", "description", "email", "founded", "general_info", "general_manager",
            "hometown", "hours", "invoice_access_bank_slip_events", "location", "members", "mission", "name",
            "page_about_story", "page_change_proposal", "page_upcoming_change", "parking", "payment_options",
            "personal_info", "personal_interests", "phone", "picture", "price_range", "product_review", "products",
            "public_transit", "publisher_subscriptions", "website",
        ),
        "account",
    ),
}  # fmt: skip
#: What somebody said or published on the page.
POSTS = frozenset({"post", "status", "photo", "video", "link", "album", "share", "note", "event"})
#: What asks for no answer: thousands of these come for a post that is liked.
SIGNS = frozenset({"reaction", "like"})
#: What is said in public (`Part.kind`), and what is done about it.
PUBLIC = frozenset({"comment", "post", "mention", "review", "edit", "deleted", "reaction", "hidden"})


def parts(envelope: Envelope) -> Iterator[Part]:
    yield from envelope.parts(messaging.changes(_FIELDS, EVENTS), messaging.parts)


# -- the feed


def _feed(value: Fields, envelope: Envelope, alone: Fields) -> Part:
    """`verb` says what was done to `item`. A visitor's post is public as a comment is."""
    kind, verb = shape.word(value.get("item")), shape.word(value.get("verb")) or "add"
    if kind in SIGNS:
        return _item("reaction", value, envelope, alone).dropped(Reason.EVENT)
    if kind != "comment" and kind not in POSTS:
        return _item(OTHER, value, envelope, alone).dropped(Reason.UNKNOWN)
    names = ("comment_id",) if kind == "comment" else ("post_id", "share_id", "photo_id", "video_id")
    id = next((found for name in names if (found := shape.identifier(value.get(name)))), "")
    return _VERBS.get(verb, _other_verb)(kind, id, value, envelope, alone)


def _added(kind: str, id: str, value: Fields, envelope: Envelope, alone: Fields) -> Part:
    item = _item("comment" if kind == "comment" else "post", value, envelope, alone, id)
    return item.said(_public(value)) if not _own(value, envelope) else item.dropped(Reason.OWN)


def _edited(kind: str, id: str, value: Fields, envelope: Envelope, alone: Fields) -> Part:
    stamp = shape.word(value.get("edited_time")) or shape.word(value.get("created_time")) or shape.word(envelope.time)
    item = _item("edit", value, envelope, alone, f"{id}:edit:{stamp}" if id else "")
    return item.said(_public(value, Sort.EDIT, id)) if not _own(value, envelope) else item.dropped(Reason.OWN)


def _removed(kind: str, id: str, value: Fields, envelope: Envelope, alone: Fields) -> Part:
    item = _item("deleted", value, envelope, alone, f"{id}:deleted" if id else "")
    if _own(value, envelope):
        return item.dropped(Reason.OWN)
    return item.said(Said(sort=Sort.DELETION, about=id, extra=_where(value)))


def _hidden(kind: str, id: str, value: Fields, envelope: Envelope, alone: Fields) -> Part:
    return _item("hidden", value, envelope, alone, id).dropped(Reason.EVENT)


def _other_verb(kind: str, id: str, value: Fields, envelope: Envelope, alone: Fields) -> Part:
    return _item(OTHER, value, envelope, alone, id).dropped(Reason.UNKNOWN)


_VERBS: dict[str, Callable[[str, str, Fields, Envelope, Fields], Part]] = {
    "add": _added,
    "edited": _edited,
    "edit": _edited,
    "update": _edited,
    "remove": _removed,
    "delete": _removed,
    "hide": _hidden,
    "unhide": _hidden,
    "block": _hidden,
    "unblock": _hidden,
    "mute": _hidden,
    "follow": _hidden,
}


def _public(value: Fields, sort: Sort = Sort.COMMENT, about: str = "") -> Said:
    text = shape.prose(value.get("message"))
    media = tuple(
        Media(kind=kind, url=address)
        for kind, found in (
            ("image", value.get("photo")),
            ("video", value.get("video")),
            *(("image", one) for one in shape.items(value, "photos")),
        )
        if (address := shape.url(found))
    )
    link = shape.url(value.get("link"))
    if link and not media:
        text = f"{text}\n{link}".strip()
    said = Said(text=text, media=media) if text or media else unsupported("kiriman tanpa teks")
    parent = shape.identifier(value.get("parent_id"))
    return Said(
        text=said.text,
        media=said.media,
        marks=said.marks,
        sort=sort,
        about=about,
        answers=parent if parent != about else "",
        extra=_where(value),
    )


def _where(value: Fields) -> dict[str, str]:
    return {"media": shape.identifier(value.get("post_id")), "item": shape.word(value.get("item")), "public": "1"}


# -- elsewhere


def _mention(value: Fields, envelope: Envelope, alone: Fields) -> Part:
    """Somebody named the page in a post or comment of theirs."""
    id = shape.identifier(value.get("comment_id")) or shape.identifier(value.get("post_id"))
    if shape.word(value.get("verb")) == "remove":
        return _removed("mention", id, value, envelope, alone)
    item = _item("mention", value, envelope, alone, id)
    return item.said(_public(value, Sort.MENTION)) if not _own(value, envelope) else item.dropped(Reason.OWN)


def _review(value: Fields, envelope: Envelope, alone: Fields) -> Part:
    """A recommendation for or against the page; what is said below one is a comment on it, and comes here too."""
    id = shape.identifier(value.get("comment_id")) or shape.identifier(value.get("open_graph_story_id"))
    verb = shape.word(value.get("verb")) or "add"
    if shape.word(value.get("item")) in SIGNS:
        return _item("reaction", value, envelope, alone).dropped(Reason.EVENT)
    if verb == "remove":
        return _removed("review", id, value, envelope, alone)
    stamp = shape.word(value.get("created_time"))
    edited = verb in ("edit", "edited")
    item = _item("edit" if edited else "review", value, envelope, alone, f"{id}:edit:{stamp}" if edited and id else id)
    if _own(value, envelope):
        return item.dropped(Reason.OWN)
    text = shape.prose(value.get("review_text")) or shape.prose(value.get("message"))
    opinion = shape.word(value.get("recommendation_type")).lower()
    said = Said(text=text) if text else Said(text="[Ulasan tanpa teks]")
    return item.said(
        Said(
            text=said.text,
            sort=Sort.EDIT if edited else Sort.MENTION,
            about=id if edited else "",
            extra={**_where(value), "review": opinion, "item": "rating"},
        )
    )


def _author(value: Fields) -> tuple[str, str]:
    author = shape.fields(value, "from")
    for id, name in (
        (author.get("id"), author.get("name")),
        (value.get("sender_id"), value.get("sender_name")),
        (value.get("reviewer_id"), value.get("reviewer_name")),
    ):
        number = shape.word(id, 128)
        if number and " " not in number:
            return number, shape.line(name)
    return "", shape.line(author.get("name"))


def _own(value: Fields, envelope: Envelope) -> bool:
    return bool(envelope.account) and _author(value)[0] == envelope.account


def _item(kind: str, value: Fields, envelope: Envelope, alone: Fields, id: str = "") -> Item:
    number, name = _author(value)
    return Item(
        channel=Channel.MESSENGER,
        kind=kind,
        at=envelope.at(value.get("created_time")),
        alone=alone,
        raw=value,
        id=id,
        account=envelope.account,
        sender=Party(addresses.on(Channel.MESSENGER, number) if number else "", name),
    )


_FIELDS: dict[str, Callable[[Fields, Envelope, Fields], Part]] = {
    "feed": _feed,
    "mention": _mention,
    "ratings": _review,
}
