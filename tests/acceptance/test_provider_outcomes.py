"""What a platform may do to an answer: each outcome stands on the delivery, and nothing is sent twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.channels import BODIES, Platform, account, provider
from tests.e2e.system import System, until
from tests.e2e.test_channels import JPEG, NUMBER, photo, reported, said

pytestmark = pytest.mark.acceptance

#: Seconds for which a platform fails: longer than the first tries take, shorter than the wait before the second.
OUTAGE = 8
#: Later than the longest wait before a second try (five minutes, after an answer of WhatsApp that was lost).
MINUTES = 10
SEND = {"telegram": "telegram.sendMessage", "whatsapp": "whatsapp.messages", "messenger": "messenger.messages"}


@pytest.fixture(autouse=True)
def forget(system: System) -> Iterator[None]:
    yield
    provider(system, "DELETE", "/_all")


def reply(platform: Platform, number: str, text: str) -> None:
    if platform.channel == "telegram":
        time.sleep(1.1)  # it takes one message a second to a person, and the acknowledgement has just gone
    replied = platform.system.as_officer("coordinator", "POST", f"/v1/cases/{number}/replies", {"text": text})
    assert replied.status == 200, replied


def row(system: System, number: str, purpose: str = "reply") -> dict[str, Any]:
    return next(one for one in system.case(number)["deliveries"] if one["purpose"] == purpose)


def pictured(system: System, number: str) -> dict[str, Any]:
    """The citizen's message with the photo: the one without words, where there are two. WhatsApp tells whole seconds,
    so the order of two messages in one second is not known."""
    found = [one for one in system.case(number)["messages"] if one["direction"] == "in"]
    return next((one for one in found if not one["text"]), found[-1])


def fail(system: System, **rule: Any) -> None:
    provider(system, "POST", "/_fail", rule)


def in_some_minutes() -> str:
    return (datetime.now(UTC) + timedelta(minutes=MINUTES)).strftime("%Y-%m-%dT%H:%M:%SZ")


def calls(system: System, operation: str, outcome: str) -> int:
    """How often the provider was asked and failed so."""
    found = provider(system, "GET", "/_calls")["calls"]
    return sum((one["operation"], one["outcome"]) == (operation, outcome) for one in found)


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
    # Telegram's wait is longer than what is waited for in the same attempt.
    fail(system, operation=SEND[channel], outcome=outcome, count=1, to=who, delay=30)
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
    lost = outcome == "reset_after_accept"
    assert heard(platform, who, "Petugas datang besok.") == 1 + lost


def test_an_answer_that_was_lost_is_not_sent_again_once_whatsapp_tells_of_it(system: System) -> None:
    platform = Platform(system, "whatsapp")
    who, number = reported(platform)
    fail(system, operation=SEND["whatsapp"], outcome="reset_after_accept", count=1, to=who)
    reply(platform, number, "Petugas datang besok.")
    until(lambda: row(system, number)["attempts"] == 1 and row(system, number)["state"] == "queued", "the first try")
    taken = platform.heard(who)[-1]
    status = {"id": taken["id"], "status": "delivered", "timestamp": str(int(time.time())), "recipient_id": who}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "622200000", "phone_number_id": account(system, "whatsapp")},
        "statuses": [{**status, "biz_opaque_callback_data": taken["along"]}],
    }
    change = {"field": "messages", "value": value}
    body = {"object": "whatsapp_business_account", "entry": [{"id": "waba", "changes": [change]}]}
    assert platform.deliver(body).status == 200
    until(lambda: row(system, number)["state"] == "delivered", "the end of the row")
    system.sweep(in_some_minutes())
    time.sleep(1)
    assert (row(system, number)["state"], row(system, number)["attempts"]) == ("delivered", 1)
    assert heard(platform, who, "Petugas datang besok.") == 1


def test_a_platform_that_fails_for_a_minute_delays_and_loses_nothing(system: System) -> None:
    platform = Platform(system, "telegram")
    people = [reported(platform) for _ in range(5)]
    fail(system, operation="telegram.*", outcome="http_500", seconds=OUTAGE)
    over = time.monotonic() + OUTAGE
    for _, number in people:
        reply(platform, number, "Sedang kami kerjakan.")
    until(lambda: all(row(system, number)["state"] == "queued" for _, number in people), "a first try of each")
    until(lambda: all(row(system, number)["attempts"] for _, number in people), "a first try of each")
    assert {row(system, number)["reason"] for _, number in people} == {"unavailable"}
    time.sleep(max(0.0, over - time.monotonic()))  # else each sweep is a try, and each wait longer than the last

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
    assert (told["state"], told["reason"]) == ("held", outcome), told
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
    [("whatsapp.media_info", "wrong_hash"), ("whatsapp.media_download", "redirect_to_metadata")],
)
def test_a_medium_that_cannot_be_had_is_said_and_the_report_stands(
    system: System, operation: str, outcome: str
) -> None:
    platform = Platform(system, "whatsapp")
    who, number = reported(platform)
    fail(system, operation=operation, outcome=outcome, seconds=300)
    platform.write(who, "", **photo(system, "whatsapp"))
    until(lambda: len(said(system, number)) == 2, "the message on the case")
    until(lambda: pictured(system, number)["attachments_left_out"], "what became of the photo")
    assert pictured(system, number)["attachments"] == []


@pytest.mark.parametrize("outcome", ["expired_url", "http_500"])
def test_a_medium_that_fails_for_now_is_asked_for_again(system: System, outcome: str) -> None:
    platform = Platform(system, "whatsapp")
    who, number = reported(platform)
    fail(system, operation="whatsapp.media_download", outcome=outcome, count=1)
    body, _ = BODIES["whatsapp"](system, who, "", photo(system, "whatsapp"))
    assert platform.deliver(body).status == 200
    until(lambda: calls(system, "whatsapp.media_download", outcome) == 1, "the first try")
    until(lambda: len(said(system, number)) == 2, "the message on the case")
    waiting = pictured(system, number)
    assert (waiting["attachments"], waiting["attachments_left_out"], waiting["attachments_waiting"]) == ([], [], 1)
    # The queue brings the notice again after ten seconds.
    until(lambda: pictured(system, number)["attachments"], "the photo on the case")
    assert pictured(system, number)["attachments"][0]["size"] == len(JPEG)
    assert len(said(system, number)) == 2


def test_a_slow_medium_delays_nobody(system: System) -> None:
    platform = Platform(system, "telegram")
    fail(system, operation="telegram.download", outcome="slow", delay=6, seconds=60)
    who = platform.someone()
    platform.write(who, "", **photo(system, "telegram"))
    found = NUMBER.search(platform.next(who, within=5)["text"])
    assert found, "acknowledged while the photo is still on its way"
    assert pictured(system, found[0])["attachments_waiting"] == 1
    until(lambda: pictured(system, found[0])["attachments"], "the photo on the case")
    assert pictured(system, found[0])["attachments"][0]["size"] == len(JPEG)
