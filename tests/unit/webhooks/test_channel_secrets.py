"""Keys of platforms: two at once, cached, closed where there are none, and kept while the service is down."""

from __future__ import annotations

import pytest

from tests.support.webhooks import Doors, signed

BODY = b'{"object": "page", "entry": []}'


def only(*secrets: str) -> dict[str, object]:
    return {"meta": {"app_secrets": list(secrets), "verify_tokens": ["v"]}}


def test_a_channel_without_its_section_is_closed() -> None:
    doors = Doors({"telegram": {"secrets": ["t"]}})
    answer = doors.meta(BODY, signed(BODY))
    assert (answer.status, answer.json["error"]["code"]) == (404, "not_configured")
    assert doors.send("GET", "/webhooks/meta", query={"hub.mode": "subscribe"}).status == 404
    assert not doors.store.calls


@pytest.mark.parametrize(
    "section",
    [{}, {"app_secrets": []}, {"app_secrets": [""]}, {"app_secrets": ["  "]}, {"app_secrets": None}, "text", ["x"]],
    ids=str,
)
def test_a_section_without_a_secret_is_closed_and_an_empty_one_opens_nothing(section: object) -> None:
    doors = Doors({"meta": section})
    assert doors.meta(BODY, signed(BODY, "")).status == 404
    assert doors.meta(BODY, None).status == 404


def test_a_stack_without_the_secret_asks_nobody_and_is_closed() -> None:
    doors = Doors("")
    assert doors.meta(BODY, signed(BODY)).status == 404
    assert doors.telegram(BODY, "t").status == 404
    assert doors.manager.asked == 0


@pytest.mark.parametrize("path", ["/webhooks/line", "/webhooks/whatsapp", "/webhooks/meta/x", "/webhooks", "/nowhere"])
def test_an_unknown_channel_is_not_configured(path: str) -> None:
    assert Doors().send("POST", path, BODY).status == 404


def test_a_rotation_takes_both_and_then_the_new_one_alone() -> None:
    doors = Doors(only("first"))
    assert doors.meta(BODY, signed(BODY, "first")).status == 200
    doors.manager.answer = only("second", "first")
    assert doors.meta(BODY, signed(BODY, "second")).status == 401, "known within five minutes, and not before"
    doors.pass_by(300)
    assert doors.meta(BODY, signed(BODY, "second")).status == 200
    assert doors.meta(BODY, signed(BODY, "first")).status == 200
    doors.manager.answer = only("second")
    doors.pass_by(300)
    assert doors.meta(BODY, signed(BODY, "second")).status == 200
    assert doors.meta(BODY, signed(BODY, "first")).status == 401, "an old secret is none after the rotation"


@pytest.mark.parametrize("broken", [None, "not JSON", "[]", '"text"'], ids=str)
def test_what_was_known_serves_while_the_secret_cannot_be_read(broken: str | None) -> None:
    doors = Doors(only("first"))
    assert doors.meta(BODY, signed(BODY, "first")).status == 200
    doors.manager.answer = broken
    doors.pass_by(301)
    for _ in range(10):
        assert doors.meta(BODY, signed(BODY, "first")).status == 200
    assert doors.manager.asked == 2, "and is not asked at each request"
    doors.manager.answer = only("second")
    doors.pass_by(30)
    assert doors.meta(BODY, signed(BODY, "second")).status == 200


def test_whoever_comes_before_the_secret_was_ever_read_is_told_to_come_again() -> None:
    doors = Doors(None)
    for _ in range(10):
        assert doors.meta(BODY, signed(BODY)).status == 503
        assert doors.telegram(BODY, "t").status == 503
    assert doors.manager.asked == 1
    assert not doors.store.calls
    doors.manager.answer = only("first")
    doors.pass_by(5)
    assert doors.meta(BODY, signed(BODY, "first")).status == 200


def test_one_text_is_as_good_as_a_list_of_one() -> None:
    doors = Doors({"meta": {"app_secrets": "first"}})
    assert doors.meta(BODY, signed(BODY, "first")).status == 200
