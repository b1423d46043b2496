"""One address can't take everybody's room, and nobody can tell afterwards who called."""

from __future__ import annotations

import pytest

from tanggap.entrypoints.webhooks import limits
from tanggap.entrypoints.webhooks.limits import Limiter, Rate
from tests.support.webhooks import Doors

SLOW = Rate(3, 10)


def test_after_the_burst_one_goes_through_each_interval() -> None:
    now = 0.0
    limiter = Limiter(SLOW, lambda: now, b"key")
    assert [limiter.wait("203.0.113.7") for _ in range(5)] == [0, 0, 0, 10, 10]
    assert limiter.wait("203.0.113.8") == 0, "another address is another's"
    now = 4.0
    assert limiter.wait("203.0.113.7") == 6
    now = 10.0
    assert [limiter.wait("203.0.113.7") for _ in range(2)] == [0, 10]
    now = 1000.0
    assert [limiter.wait("203.0.113.7") for _ in range(4)] == [0, 0, 0, 10]


def test_a_subscriber_of_ipv6_is_one_whichever_address_they_take() -> None:
    limiter = Limiter(Rate(1, 10), lambda: 0.0, b"key")
    assert limiter.wait("2001:db8:1:2::1") == 0
    assert limiter.wait("2001:db8:1:2:ffff::9") == 10
    assert limiter.wait("2001:db8:1:3::1") == 0
    assert limiter.wait("no:address") == 0


def test_an_address_that_is_not_told_is_not_limited() -> None:
    limiter = Limiter(Rate(1, 10), lambda: 0.0, b"key")
    assert [limiter.wait("") for _ in range(5)] == [0] * 5


def test_memory_is_bounded_and_holds_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    limiter = Limiter(SLOW, lambda: 0.0, b"key")
    for number in range(limits.REMEMBERED + 100):
        limiter.wait(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(limiter._full_at) == limits.REMEMBERED
    assert all(len(name) == 12 for name in limiter._full_at)
    other = Limiter(SLOW, lambda: 0.0, b"other")
    other.wait("10.0.0.200")
    assert not other._full_at.keys() & limiter._full_at.keys(), "another process knows it by another name"


def test_too_many_reports_are_told_when_to_come_again() -> None:
    doors = Doors(reports=SLOW)
    assert [doors.report({"text": "x"}).status for _ in range(4)] == [201, 201, 201, 429]
    answer = doors.report({"text": "x"})
    assert answer.headers["Retry-After"] == "10"
    assert answer.json["error"]["code"] == "throttled"
    assert doors.lapor({"text": "x"}).status == 429, "the page's form takes of the same"
    assert doors.report({"text": "x"}, source="203.0.113.9").status == 201
    doors.pass_by(10)
    assert doors.report({"text": "x"}).status == 201


def test_a_header_that_names_another_address_changes_nothing() -> None:
    doors = Doors(reports=Rate(1, 10))
    statuses = [doors.report({"text": "x"}, {"X-Forwarded-For": f"198.51.100.{n}"}).status for n in range(2)]
    assert statuses == [201, 429]


def test_uploads_have_room_of_their_own() -> None:
    doors = Doors(reports=Rate(1, 10), uploads=Rate(2, 10))
    body = '{"name": "a.jpg", "type": "image/jpeg", "size": 1}'
    assert [doors.send("POST", "/v1/reports/uploads", body).status for _ in range(3)] == [201, 201, 429]
    assert doors.report({"text": "x"}).status == 201


def test_a_neighbourhood_behind_one_address_is_let_through_at_once() -> None:
    doors = Doors()
    assert {doors.report({"text": f"banjir {n}"}).status for n in range(120)} == {201}


def test_platforms_are_not_limited_by_address() -> None:
    """They call from a few of their own; their areas' throttles and their retries bound them."""
    doors = Doors(reports=Rate(1, 1000))
    assert {doors.telegram(b'{"update_id": %d}' % n, "telegram-new").status for n in range(50)} == {200}
