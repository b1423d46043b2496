"""Each platform's way to a medium, against a store that answers as the platform does, or does not."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from tanggap.adapters.channels.media_of import PlatformMedia
from tanggap.application.ports.media import Fetched, Unfetchable
from tanggap.domain.errors import Retry
from tanggap.domain.inbound import Media
from tanggap.domain.media_rules import LARGEST, Failure
from tanggap.domain.words import Channel
from tests.support.store import Store, moved, ok

PHOTO = b"\xff\xd8\xff\xe0 a photo of a road"
HEX = hashlib.sha256(PHOTO).hexdigest()
BASE64 = base64.b64encode(hashlib.sha256(PHOTO).digest()).decode()
SECTIONS: dict[str, dict[str, Any]] = {
    "meta": {"graph_version": "v25.0"},
    "whatsapp": {"token": "EAAG-wa-secret\n"},
    "telegram": {"token": "123456:AAH-tg-secret"},
}
ADDRESS = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=1&hash=A"
WA = Media("image", id="1003383421387256", type="image/jpeg")
CDN = Media("image", url="https://scontent-sin6-1.xx.fbcdn.net/v/t1/a.jpg?oh=1&oe=2")
TG = Media("image", id="AgACAgUAAxkBAAIB-_x")


@pytest.fixture
def shop(running: Store) -> Store:
    running.heads.clear()
    running.dialled.clear()
    running.resolved.clear()
    return running


def as_json(body: dict[str, Any], status: str = "200 OK") -> list[bytes]:
    return ok(json.dumps(body).encode(), "application/json", status)


def fetch(shop: Store, channel: Channel, medium: Media, sections: dict[str, Any] | None = None) -> Fetched:
    given = SECTIONS if sections is None else sections
    platform = PlatformMedia(
        "https://graph.facebook.com", "https://api.telegram.org", lambda name: given.get(name, {}), shop.net()
    )
    return platform(channel, medium, 1, 5)


def failure(shop: Store, channel: Channel, medium: Media) -> Failure:
    with pytest.raises(Unfetchable) as caught:
        fetch(shop, channel, medium)
    return caught.value.failure


def whatsapp(shop: Store, told: dict[str, Any] | list[bytes], stored: list[bytes] | None = None) -> None:
    body = told if isinstance(told, list) else as_json(told)
    shop.answers = lambda path, head: body if path.startswith("/v25.0/") else (stored or ok(PHOTO))


def telegram(shop: Store, told: list[bytes], stored: list[bytes] | None = None) -> None:
    shop.answers = lambda path, head: told if "/getFile" in path else (stored or ok(PHOTO, "application/octet-stream"))


# -- WhatsApp


@pytest.mark.parametrize("digest", [HEX, HEX.upper(), BASE64, ""])
def test_whatsapp_gives_an_address_and_the_same_token_opens_it(shop: Store, digest: str) -> None:
    whatsapp(shop, {"url": ADDRESS, "mime_type": "image/jpeg", "sha256": HEX, "file_size": len(PHOTO), "id": "1"})
    found = fetch(shop, Channel.WHATSAPP, Media("image", id=WA.id, type="image/jpeg", sha256=digest)).file
    assert (found.name, found.type, found.size, found.digest) == ("lampiran-1.jpg", "image/jpeg", len(PHOTO), HEX)
    assert [head.split(" ")[1] for head in shop.heads] == [f"/v25.0/{WA.id}", ADDRESS.partition(".com")[2]]
    assert all("Authorization: Bearer EAAG-wa-secret\r\n" in head for head in shop.heads)


def test_whatsapps_address_is_asked_anew_at_each_try(shop: Store) -> None:
    whatsapp(shop, {"url": ADDRESS}, ok(b"gone", "text/html", "404 Not Found"))
    for _ in range(2):
        with pytest.raises(Retry):
            fetch(shop, Channel.WHATSAPP, WA)
    assert len(shop.heads) == 4


@pytest.mark.parametrize(
    ("status", "error", "gone"),
    [
        ("400 Bad Request", {"code": 100, "error_subcode": 33, "type": "GraphMethodException"}, True),
        ("404 Not Found", {"code": 100}, True),
        ("410 Gone", {}, True),
        ("401 Unauthorized", {"code": 190}, False),
        ("403 Forbidden", {"code": 10}, False),
        ("400 Bad Request", {"code": 80007}, False),
        ("400 Bad Request", {"code": 100, "is_transient": True}, False),
        ("429 Too Many Requests", {"code": 4}, False),
        ("500 Internal Server Error", {"code": 2}, False),
        ("503 Service Unavailable", {}, False),
    ],
)
def test_what_graph_says_of_an_id(shop: Store, status: str, error: dict[str, Any], gone: bool) -> None:
    """A token that is not valid is an operator's to mend: the photo is not lost by it."""
    whatsapp(shop, as_json({"error": error}, status))
    if gone:
        assert failure(shop, Channel.WHATSAPP, WA) is Failure.GONE
    else:
        with pytest.raises(Retry):
            fetch(shop, Channel.WHATSAPP, WA)
    assert len(shop.heads) == 1


@pytest.mark.parametrize(
    ("medium", "told"),
    [
        (Media("image", id="1", sha256=hashlib.sha256(b"other").hexdigest()), {"url": ADDRESS}),
        (WA, {"url": ADDRESS, "sha256": hashlib.sha256(b"other").hexdigest()}),
        (Media("image", id="1", sha256=HEX), {"url": ADDRESS, "sha256": "A" * 44}),
        (Media("image", id="1", sha256="no digest"), {"url": ADDRESS}),
    ],
)
def test_other_bytes_than_were_announced_are_not_kept(shop: Store, medium: Media, told: dict[str, Any]) -> None:
    whatsapp(shop, told)
    assert failure(shop, Channel.WHATSAPP, medium) is Failure.DAMAGED


@pytest.mark.parametrize(
    ("medium", "told", "asked"),
    [
        (Media("document", id="1", size=LARGEST + 1), {"url": ADDRESS}, 0),
        (WA, {"url": ADDRESS, "file_size": 99_000_000}, 1),
    ],
)
def test_what_says_it_is_too_large_is_not_asked_for(
    shop: Store, medium: Media, told: dict[str, Any], asked: int
) -> None:
    whatsapp(shop, told)
    assert failure(shop, Channel.WHATSAPP, medium) is Failure.TOO_LARGE
    assert len(shop.heads) == asked


def test_another_size_than_was_said_is_asked_for_again(shop: Store) -> None:
    whatsapp(shop, {"url": ADDRESS, "file_size": len(PHOTO) + 1})
    with pytest.raises(Retry):
        fetch(shop, Channel.WHATSAPP, WA)


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "https://evil.example/x", "https://10.0.0.1/x"])
def test_an_address_that_is_not_the_platforms_is_not_asked(shop: Store, url: str) -> None:
    whatsapp(shop, {"url": url})
    assert failure(shop, Channel.WHATSAPP, WA) is Failure.FORBIDDEN
    whatsapp(shop, {"url": ADDRESS}, moved(url))
    assert failure(shop, Channel.WHATSAPP, WA) is Failure.FORBIDDEN
    assert {port for _, port in shop.dialled} == {443} and all(head.startswith("GET /") for head in shop.heads)


def test_an_address_among_the_other_stores_gets_no_token(shop: Store) -> None:
    whatsapp(shop, {"url": CDN.url})
    assert fetch(shop, Channel.WHATSAPP, WA).file.digest == HEX
    assert ["EAAG" in head for head in shop.heads] == [True, False]


@pytest.mark.parametrize("key", ["", "../me", "1?fields=x", "1/owner", "a b", "1\r\nX: y"])
def test_an_id_that_is_none_asks_nobody(shop: Store, key: str) -> None:
    assert failure(shop, Channel.WHATSAPP, Media("image", id=key)) is Failure.GONE
    assert failure(shop, Channel.TELEGRAM, Media("image", id=key)) is Failure.GONE
    assert shop.heads == []


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.TELEGRAM])
@pytest.mark.parametrize("sections", [{}, {"whatsapp": {"token": 5}, "telegram": {"token": ["x"]}}])
def test_without_a_token_it_waits(shop: Store, channel: Channel, sections: dict[str, Any]) -> None:
    with pytest.raises(Retry):
        fetch(shop, channel, WA, sections)
    assert shop.heads == []


@pytest.mark.parametrize(
    "answer", [ok(b"", "application/json"), ok(b"[1]", "application/json"), as_json({"url": 5}), ok(b"[" * 9000)]
)
def test_an_answer_that_says_nothing_is_asked_for_again(shop: Store, answer: list[bytes]) -> None:
    whatsapp(shop, answer)
    telegram_like = shop.answers
    with pytest.raises(Retry):
        fetch(shop, Channel.WHATSAPP, WA)
    shop.answers = telegram_like
    with pytest.raises(Retry):
        fetch(shop, Channel.TELEGRAM, TG)


# -- Messenger and Instagram


@pytest.mark.parametrize("channel", [Channel.MESSENGER, Channel.INSTAGRAM])
def test_metas_store_is_asked_without_a_token(shop: Store, channel: Channel) -> None:
    shop.answers = lambda path, head: ok(PHOTO)
    assert fetch(shop, channel, CDN).file.type == "image/jpeg"
    assert "Authorization" not in shop.heads[0]


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "410 Gone"])
def test_an_address_that_ran_out_is_gone(shop: Store, status: str) -> None:
    shop.answers = lambda path, head: ok(b"URL signature expired", "text/plain", status)
    assert failure(shop, Channel.INSTAGRAM, CDN) is Failure.GONE


@pytest.mark.parametrize("status", ["500 X", "502 X", "429 X", "408 X", "401 X"])
def test_a_store_in_trouble_is_asked_again(shop: Store, status: str) -> None:
    shop.answers = lambda path, head: ok(b"", status=status)
    with pytest.raises(Retry):
        fetch(shop, Channel.MESSENGER, CDN)


def test_a_page_in_place_of_a_photo_is_asked_for_again(shop: Store) -> None:
    shop.answers = lambda path, head: ok(b"<!DOCTYPE html><html><title>Error</title></html>", "text/html")
    with pytest.raises(Retry):
        fetch(shop, Channel.MESSENGER, CDN)
    document = Media("document", url=CDN.url, name="surat.pdf", type="application/pdf")
    found = fetch(shop, Channel.MESSENGER, document)  # of a document it may be what was sent
    assert found.file.type == "text/html" and found.doubts == ("file_type_disguised",)


def test_without_an_address_nothing_can_be_had(shop: Store) -> None:
    assert failure(shop, Channel.INSTAGRAM, Media("video")) is Failure.GONE
    assert failure(shop, Channel.WEB, CDN) is Failure.GONE


# -- Telegram


def test_telegram_names_a_path_that_the_token_opens(shop: Store) -> None:
    telegram(shop, as_json({"ok": True, "result": {"file_path": "photos/file 0.jpg", "file_size": len(PHOTO)}}))
    found = fetch(shop, Channel.TELEGRAM, TG).file
    assert (found.type, found.digest) == ("image/jpeg", HEX)
    paths = [head.split(" ")[1] for head in shop.heads]
    token = "123456:AAH-tg-secret"
    assert paths == [f"/bot{token}/getFile?file_id={TG.id}", f"/file/bot{token}/photos/file%200.jpg"]


def test_telegrams_bound_is_said_before_and_after_asking(shop: Store) -> None:
    assert failure(shop, Channel.TELEGRAM, Media("video", id="a", size=21_000_000)) is Failure.TOO_LARGE
    assert shop.heads == []
    big = {"ok": False, "error_code": 400, "description": "Bad Request: file is too big"}
    telegram(shop, as_json(big, "400 Bad Request"))
    assert failure(shop, Channel.TELEGRAM, TG) is Failure.TOO_LARGE


@pytest.mark.parametrize(
    ("status", "description"),
    [
        ("400 Bad Request", "Bad Request: wrong file_id or the file is temporarily unavailable"),
        ("401 Unauthorized", "Unauthorized"),
        ("404 Not Found", "Not Found"),
        ("429 Too Many Requests", "Too Many Requests: retry after 5"),
        ("502 Bad Gateway", "Bad Gateway"),
    ],
)
def test_what_telegram_refuses_may_pass(shop: Store, status: str, description: str) -> None:
    telegram(shop, as_json({"ok": False, "description": description}, status))
    with pytest.raises(Retry) as caught:
        fetch(shop, Channel.TELEGRAM, TG)
    assert "AAH" not in str(caught.value)


@pytest.mark.parametrize("path", ["../bot1/getMe", "photos/../../x", "a/..", ".."])
def test_a_path_that_leaves_its_place_is_not_asked(shop: Store, path: str) -> None:
    telegram(shop, as_json({"ok": True, "result": {"file_path": path}}))
    assert failure(shop, Channel.TELEGRAM, TG) is Failure.FORBIDDEN
    assert len(shop.heads) == 1


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "@evil.example/x", "x?y=1#z", "http://evil.example/x", "\\\\e\\x"]
)
def test_a_path_is_a_path_and_nothing_else(shop: Store, path: str) -> None:
    telegram(shop, as_json({"ok": True, "result": {"file_path": path}}))
    fetch(shop, Channel.TELEGRAM, TG)
    asked = shop.heads[1].split(" ")[1]
    assert asked.startswith("/file/bot123456:AAH-tg-secret/") and "?" not in asked and "#" not in asked
    assert set(shop.resolved) == {"api.telegram.org"}


# -- what a file is


def test_a_medium_is_called_by_its_name_made_safe_and_typed_by_its_content(shop: Store) -> None:
    shop.answers = lambda path, head: ok(b"MZ\x90\x00 a program", "image/jpeg")
    medium = Media("document", url=CDN.url, name="../../foto\u202egpj.exe", type="image/jpeg")
    found = fetch(shop, Channel.MESSENGER, medium)
    assert found.file.type == "application/x-msdownload" and found.doubts == ("file_type_disguised",)
    assert "/" not in found.file.name and "\u202e" not in found.file.name and found.file.name


def test_nothing_is_no_medium(shop: Store) -> None:
    shop.answers = lambda path, head: ok(b"")
    with pytest.raises(Retry):
        fetch(shop, Channel.MESSENGER, CDN)
