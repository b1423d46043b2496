"""What is said in public: Instagram's comments and mentions, the page's feed."""

from __future__ import annotations

from typing import Any

import pytest

from tanggap.domain.inbound import Media, Sort
from tanggap.domain.words import Channel, Reason
from tests.support.webhook_bodies import INSTAGRAM, PAGE, THEN, change, one, read, said, sample

POST, COMMENT = "100000000000031_900000000000051", "900000000000051_900000000000052"
WRITER = {"id": "6400000000000042", "name": "Budi Santoso"}


def commented(**more: Any) -> dict[str, Any]:
    value = {"id": "17919", "from": {"id": "728", "username": "warga"}, "media": {"id": "18172"}, "text": "Rusak"}
    return change("comments", {**value, **more}, "instagram", INSTAGRAM)


def feed(**more: Any) -> dict[str, Any]:
    value = {
        "item": "comment",
        "verb": "add",
        "comment_id": COMMENT,
        "post_id": POST,
        "parent_id": POST,
        "from": WRITER,
    }
    return change("feed", {**value, "message": "Belum dikerjakan", "created_time": THEN - 2, **more})


def test_a_comment_on_instagram_is_public_and_keeps_where_it_stands() -> None:
    part = one(sample("instagram-comment.json"))
    assert (part.channel, part.kind, part.person) == (Channel.INSTAGRAM, "comment", "instagram:728000000000022")
    inbound = part.inbound
    assert inbound is not None
    assert (inbound.sort, inbound.external_id) == (Sort.COMMENT, "17919600000000012")
    assert inbound.extra == {"media": "18172000000000019", "surface": "FEED"}
    assert (inbound.sender.name, inbound.account, inbound.references) == ("warga.melati", INSTAGRAM, ())
    assert inbound.at.isoformat() == "2026-03-03T00:42:00+00:00"


def test_an_answer_to_a_comment_names_it_and_a_live_one_is_marked() -> None:
    assert said(commented(parent_id="17900")).references == ("17900",)
    live = said(change("live_comments", {"id": "1", "from": {"id": "2"}, "text": "Halo"}, "instagram", INSTAGRAM))
    assert live.extra == {"live": "1"}


def test_our_own_comment_is_dropped() -> None:
    part = one(commented(**{"from": {"id": INSTAGRAM, "username": "desa"}}))
    assert (part.dropped, part.inbound) == (Reason.OWN, None)


def test_a_change_without_a_list_around_it_is_the_same_comment() -> None:
    value = commented()["entry"][0]["changes"][0]["value"]
    body = {"object": "instagram", "entry": [{"id": INSTAGRAM, "time": THEN, "field": "comments", "value": value}]}
    assert said(body) == said(commented())


@pytest.mark.parametrize(
    ("value", "id", "where"),
    [({"media_id": "5", "comment_id": "6"}, "6", "komentar"), ({"media_id": "5"}, "5", "takarir")],
)
def test_a_mention_tells_where_though_neither_who_nor_what(value: dict[str, Any], id: str, where: str) -> None:
    inbound = said(change("mentions", value, "instagram", INSTAGRAM))
    assert (inbound.sort, inbound.external_id, inbound.text) == (Sort.MENTION, id, f"[Menyebut akun ini dalam {where}]")
    assert inbound.extra["media"] == "5" and inbound.doubts == ("no_sender",)


def test_a_comment_on_the_page_is_public_and_keeps_where_it_stands() -> None:
    part = one(sample("page-comment.json"))
    assert (part.channel, part.kind, part.person) == (Channel.MESSENGER, "comment", f"messenger:{WRITER['id']}")
    inbound = part.inbound
    assert inbound is not None
    assert (inbound.sort, inbound.external_id, inbound.references) == (Sort.COMMENT, COMMENT, (POST,))
    assert inbound.extra == {"media": POST, "item": "comment", "public": "1"}
    assert inbound.sender.name == "Budi Santoso" and inbound.at.isoformat() == "2026-03-03T00:41:58+00:00"


@pytest.mark.parametrize("item", ["post", "status", "photo", "video", "share"])
def test_a_visitors_post_is_public_as_a_comment_is(item: str) -> None:
    inbound = said(feed(item=item, comment_id=None, parent_id=None))
    assert (inbound.sort, inbound.external_id, inbound.text) == (Sort.COMMENT, POST, "Belum dikerjakan")


def test_pictures_of_a_comment_are_kept_and_a_link_is_told() -> None:
    photo = "https://scontent.xx.fbcdn.net/a.jpg"
    assert said(feed(photo=photo, message=None)).media == (Media(kind="image", url=photo),)
    assert said(feed(link="https://berita.example/a")).text == "Belum dikerjakan\nhttps://berita.example/a"
    assert said(feed(message=None)).doubts == ("unsupported",)


def test_an_edit_and_a_removal_name_what_they_are_about() -> None:
    edited, removed = said(feed(verb="edited")), said(feed(verb="remove", message=None))
    assert (edited.sort, edited.about, edited.text) == (Sort.EDIT, COMMENT, "Belum dikerjakan")
    assert (removed.sort, removed.about, removed.text) == (Sort.DELETION, COMMENT, "")
    assert len({said(feed()).digest, edited.digest, removed.digest}) == 3
    assert edited.extra["public"] == removed.extra["public"] == "1"


def test_likes_and_hiding_are_events_and_what_is_new_is_unknown() -> None:
    bodies = (
        feed(item="reaction", reaction_type="angry"),
        feed(item="like"),
        feed(verb="hide"),
        feed(item="hologram"),
        feed(verb="fold"),
    )
    told = [(part.kind, part.dropped) for body in bodies for part in read(body)]
    assert told == [
        ("reaction", Reason.EVENT),
        ("reaction", Reason.EVENT),
        ("hidden", Reason.EVENT),
        ("other", Reason.UNKNOWN),
        ("other", Reason.UNKNOWN),
    ]


@pytest.mark.parametrize("verb", ["add", "edited", "remove"])
def test_what_the_page_itself_says_is_dropped(verb: str) -> None:
    assert one(feed(verb=verb, **{"from": {"id": PAGE}})).dropped is Reason.OWN
    assert one(feed(verb=verb, **{"from": None, "sender_id": int(PAGE)})).dropped is Reason.OWN


def test_who_may_not_be_told_is_nobody_and_is_filed() -> None:
    inbound = said(feed(**{"from": None}))
    assert inbound.sender.address == "" and inbound.text == "Belum dikerjakan"


def test_a_mention_and_a_review_of_the_page_are_public() -> None:
    mention = said(
        change("mention", {"item": "post", "verb": "add", "post_id": "7_8", "sender_id": "42", "message": "@desa"})
    )
    assert (mention.sort, mention.external_id, mention.sender.address) == (Sort.MENTION, "7_8", "messenger:42")
    review = said(
        change(
            "ratings",
            {
                "item": "rating",
                "verb": "add",
                "reviewer_id": "42",
                "reviewer_name": "Budi",
                "review_text": "Lambat",
                "recommendation_type": "NEGATIVE",
                "open_graph_story_id": "7_9",
                "created_time": THEN,
            },
        )
    )
    assert (review.sort, review.external_id, review.text) == (Sort.MENTION, "7_9", "Lambat")
    assert review.extra["review"] == "negative"


def test_fields_that_are_nobodys_message_are_events() -> None:
    assert one(change("leadgen", {"leadgen_id": "1"})).dropped is Reason.EVENT
    assert one(change("story_insights", {"media_id": "1"}, "instagram", INSTAGRAM)).dropped is Reason.EVENT
    assert one(change("holograms", {"x": 1})).dropped is Reason.UNKNOWN
