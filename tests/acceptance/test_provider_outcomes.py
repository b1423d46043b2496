"""What a platform may do to an answer: each outcome stands on the delivery, and nothing is sent twice."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.channels import Platform, provider
from tests.e2e.system import System, until
from tests.e2e.test_channels import JPEG, photo, reported, said

pytestmark = pytest.mark.acceptance

SEND = {"telegram": "telegram.sendMessage", "whatsapp": "whatsapp.messages", "messenger": "messenger.messages"}


@pytest.fixture(autouse=True)
def forget(system: System) -> Iterator[None]:
    yield
    provider(system, "DELETE", "/_all")


def reply(platform: Platform, number: str, text: str) -> None:
    replied = platform.system.as_officer("coordinator", "POST", f"/v1/cases/{number}/replies", {"text": text})
    assert replied.status == 200, replied


def row(system: System, number: str, purpose: str = "reply") -> dict[str, Any]:
    return next(one for one in system.case(number)["deliveries"] if one["purpose"] == purpose)


def last(system: System, number: str) -> dict[str, Any]:
    """The citizen's last message."""
    return [one for one in system.case(number)["messages"] if one["direction"] == "in"][-1]


def fail(system: System, **rule: Any) -> None:
    provider(system, "POST", "/_fail", rule)


def in_some_minutes(minutes: int = 3) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def heard(platform: Platform, who: str, text: str) -> int:
    return sum(text in one["text"] for one in platform.heard(who))


@pytest.mark.parametrize("channel", sorted(SEND))
@pytest.mark.parametrize(
    ("outcome", "reason"), [("throttled", "throttled"), ("http_500", "unavailable"), ("reset_after_accept", "")]
)
def test_what_passes_is_sent_once_more_and_arrives_once(
    system: System, channel: str, outcome: str, reason: str
) -> None:
    platform = Platform(system, channel)
    who, number = reported(platform)
    fail(system, operation=SEND[channel], outcome=outcome, count=1, to=who)
    reply(platform, number, "Petugas datang besok.")
    until(lambda: row(system, number)["attempts"] == 1 and row(system, number)["state"] == "queued", "the first try")
    told = row(system, number)
    assert told["reason"], told
    assert told["reason"] == reason or not reason

    def gone() -> bool:
        system.sweep(in_some_minutes())
        return bool(row(system, number)["state"] == "sent")

    until(gone, "the second try", within=30)
    # An answer that was lost is repeated once, and counted (promise 2): the platform had taken the first.
    assert heard(platform, who, "Petugas datang besok.") == (2 if outcome == "reset_after_accept" else 1)


def test_a_platform_that_fails_for_a_minute_delays_and_loses_nothing(system: System) -> None:
    platform = Platform(system, "telegram")
    people = [reported(platform) for _ in range(5)]
    fail(system, operation="telegram.*", outcome="http_500", seconds=8)
    for _, number in people:
        reply(platform, number, "Sedang kami kerjakan.")
    until(lambda: all(row(system, number)["attempts"] for _, number in people), "a first try of each")

    def gone() -> bool:
        system.sweep(in_some_minutes())
        return all(row(system, number)["state"] == "sent" for _, number in people)

    until(gone, "all of them", within=60)
    assert [heard(platform, who, "Sedang kami kerjakan.") for who, _ in people] == [1] * 5


@pytest.mark.parametrize("channel", ["whatsapp", "messenger"])
@pytest.mark.parametrize("outcome", ["window_closed", "blocked"])
def test_where_a_platform_takes_no_answer_another_way_is_taken_and_said(
    system: System, channel: str, outcome: str
) -> None:
    platform = Platform(system, channel)
    who, number = reported(platform)
    fail(system, operation=SEND[channel], outcome=outcome, to=who, seconds=60)
    reply(platform, number, "Jembatan diperbaiki hari Senin.")
    until(lambda: row(system, number)["how"] == "tracking", "the tracking page instead")
    told = row(system, number)
    assert told["reason"] in (outcome, "window_closed", "blocked"), told
    assert heard(platform, who, "Jembatan") == 0


def test_a_telegram_user_who_blocked_us_is_told_to_the_officer(system: System) -> None:
    platform = Platform(system, "telegram")
    who, number = reported(platform)
    fail(system, operation="telegram.*", outcome="blocked", to=who, seconds=60)
    reply(platform, number, "Jembatan diperbaiki hari Senin.")
    until(lambda: row(system, number)["how"] == "tracking" or row(system, number)["state"] == "failed", "an end")
    assert "blocked" in row(system, number)["reason"]


@pytest.mark.parametrize(
    ("operation", "outcome"),
    [
        ("whatsapp.media_info", "wrong_hash"),
        ("whatsapp.media_download", "redirect_to_metadata"),
        ("whatsapp.media_download", "expired_url"),
        ("whatsapp.media_download", "http_500"),
    ],
)
def test_a_medium_that_cannot_be_had_is_said_and_the_report_stands(
    system: System, operation: str, outcome: str
) -> None:
    platform = Platform(system, "whatsapp")
    who, number = reported(platform)
    fields = photo(system, "whatsapp")
    # Passing faults are over within the queue's tries; the others are for good.
    fail(system, operation=operation, outcome=outcome, **({"count": 1} if outcome == "http_500" else {"seconds": 300}))
    platform.write(who, "", **fields)
    until(lambda: len(said(system, number)) == 2, "the message on the case")

    def settled() -> bool:
        message = last(system, number)
        return bool(message["attachments"] or message.get("attachments_left_out"))

    until(settled, "what became of the photo", within=400 if outcome in ("http_500", "expired_url") else 60)
    message = last(system, number)
    if outcome == "http_500":
        assert message["attachments"][0]["size"] == len(JPEG)
    else:
        assert message["attachments"] == []


def test_a_slow_medium_delays_nobody(system: System) -> None:
    platform = Platform(system, "telegram")
    fail(system, operation="telegram.download", outcome="slow", delay=6, seconds=60)
    who = platform.someone()
    platform.write(who, "", **photo(system, "telegram"))
    assert platform.next(who, within=5)["text"], "acknowledged while the photo is still on its way"
    assert base64.b64encode(JPEG)
