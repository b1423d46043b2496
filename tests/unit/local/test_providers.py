"""The platforms' double: it holds to what the platforms hold to, and fails when told to."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from infra.local.places import ROOT
from infra.local.providers.accounts import channel_secret, made_up
from infra.local.providers.page import table
from infra.local.providers.process import Providers, ProvidersFailed
from infra.local.providers.rules import OPERATIONS, OUTCOMES, rule_of
from infra.local.providers.server import Double

ACCOUNTS = made_up()
WHATSAPP = {"Authorization": f"Bearer {ACCOUNTS.whatsapp_token}"}
CONTENT = b"\xff\xd8\xff a photo"


class Clock:
    now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def listening() -> Iterator[Double]:
    double = Double(ACCOUNTS, sleep=lambda seconds: None, poll=0.02)
    double.start()
    yield double
    double.stop()


@pytest.fixture
def double(listening: Double) -> Double:
    listening.kept.clock = Clock()
    listening.kept.forget()
    return listening


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *given: Any) -> None:
        return None


OPENER = urllib.request.build_opener(NoRedirect)


def ask(
    url: str, body: Any = None, headers: dict[str, str] | None = None, method: str | None = None
) -> tuple[int, bytes, Any]:
    raw = None if body is None else json.dumps(body).encode()
    try:
        with OPENER.open(urllib.request.Request(url, raw, headers or {}, method=method), timeout=5) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


def put(double: Double) -> dict[str, Any]:
    content = base64.b64encode(CONTENT).decode()
    return dict(json.loads(ask(f"{double.url}/_media", {"name": "f.jpg", "type": "image/jpeg", "content": content})[1]))


def whatsapp_text(double: Double, **more: Any) -> tuple[int, bytes, Any]:
    body = {"messaging_product": "whatsapp", "to": "628123456789", "type": "text", "text": {"body": "halo"}, **more}
    return ask(f"{double.url}/v25.0/{ACCOUNTS.whatsapp_phone_number_id}/messages", body, WHATSAPP)


# ── Media on their way in ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_whatsapp_medium_is_fetched_in_two_steps_both_with_the_token(double: Double) -> None:
    medium = put(double)
    info = f"{double.url}/v25.0/{medium['id']}"
    assert ask(info)[0] == 401
    told = json.loads(ask(info, headers=WHATSAPP)[1])
    assert told["sha256"] == hashlib.sha256(CONTENT).hexdigest() == medium["sha256"]
    assert told["file_size"] == len(CONTENT)
    assert ask(told["url"])[0] == 401
    assert ask(told["url"], headers=WHATSAPP)[1] == CONTENT


def test_the_address_of_a_whatsapp_medium_lives_five_minutes(double: Double) -> None:
    medium = put(double)
    url = json.loads(ask(f"{double.url}/v25.0/{medium['id']}", headers=WHATSAPP)[1])["url"]
    double.kept.clock.now += 301  # type: ignore[attr-defined]
    assert ask(url, headers=WHATSAPP)[0] == 404


def test_a_telegram_file_is_fetched_by_its_path(double: Double) -> None:
    bot = f"{double.url}/bot{ACCOUNTS.telegram_token}"
    told = json.loads(ask(f"{bot}/getFile?file_id={put(double)['file_id']}")[1])
    path = told["result"]["file_path"]
    assert ask(f"{double.url}/file/bot{ACCOUNTS.telegram_token}/{path}")[1] == CONTENT
    assert ask(f"{double.url}/file/bot1:x/{path}")[0] == 401
    assert ask(f"{bot}/getFile?file_id=AgAC1")[0] == 400


def test_a_file_of_messenger_and_instagram_lies_at_an_address_without_a_token(double: Double) -> None:
    assert ask(put(double)["url"])[1] == CONTENT


@pytest.mark.parametrize(
    ("outcome", "operation", "seen"),
    [
        ("wrong_hash", "whatsapp.media_info", lambda told: told["sha256"] == "0" * 64),
        ("redirect_to_metadata", "whatsapp.media_info", lambda told: told["url"].startswith("http://169.254.169.254/")),
    ],
)
def test_what_is_told_of_a_medium_may_be_wrong(double: Double, outcome: str, operation: str, seen: Any) -> None:
    medium = put(double)
    ask(f"{double.url}/_fail", {"operation": operation, "outcome": outcome})
    assert seen(json.loads(ask(f"{double.url}/v25.0/{medium['id']}", headers=WHATSAPP)[1]))


@pytest.mark.parametrize(("outcome", "status"), [("redirect_to_metadata", 302), ("expired_url", 404)])
def test_the_address_of_a_medium_may_lead_elsewhere_or_nowhere(double: Double, outcome: str, status: int) -> None:
    medium = put(double)
    telegram = f"{double.url}/file/bot{ACCOUNTS.telegram_token}/documents/{medium['id']}"
    for operation, url in (("cdn.download", medium["url"]), ("telegram.download", telegram)):
        ask(f"{double.url}/_fail", {"operation": operation, "outcome": outcome})
        answered, _, headers = ask(url)
        assert answered == status
        assert headers.get("Location", "").startswith("http://169.254.169.254/") == (status == 302)
        assert ask(url)[0] == 200  # once, since no count was named


# ── Failing on demand ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rule_ends_with_its_count_or_its_time_and_may_mean_one_person(double: Double) -> None:
    fail = f"{double.url}/_fail"
    ask(fail, {"operation": "whatsapp.*", "outcome": "http_500", "count": 2})
    assert [whatsapp_text(double)[0] for _ in range(3)] == [500, 500, 200]
    ask(fail, {"operation": "*", "outcome": "throttled", "seconds": 60})
    assert [whatsapp_text(double)[0] for _ in range(3)] == [429] * 3
    double.kept.clock.now += 61  # type: ignore[attr-defined]
    assert whatsapp_text(double)[0] == 200
    ask(fail, {"operation": "*", "outcome": "blocked", "to": "628999", "count": 1})
    assert (whatsapp_text(double)[0], whatsapp_text(double, to="628999")[0]) == (200, 400)
    assert json.loads(ask(fail)[1])["rules"] == []


@pytest.mark.parametrize(
    "said", [{}, {"operation": "x", "outcome": "slow"}, {"outcome": "magic"}, {"outcome": "slow", "count": "many"}]
)
def test_a_rule_that_is_none_is_refused_with_what_there_is(double: Double, said: dict[str, Any]) -> None:
    status, told, _ = ask(f"{double.url}/_fail", said)
    assert status == 400 and json.loads(told)["error"]
    assert json.loads(ask(f"{double.url}/_fail")[1])["rules"] == []


def test_every_outcome_works_on_every_operation_or_lets_it_pass(double: Double) -> None:
    """No combination ends the double's own thread: each call is answered, or cut where that is the outcome."""
    medium = put(double)
    urls = {
        "cdn.download": medium["url"],
        "telegram.getFile": f"{double.url}/bot{ACCOUNTS.telegram_token}/getFile?file_id={medium['file_id']}",
        "whatsapp.media_info": f"{double.url}/v25.0/{medium['id']}",
        "whatsapp.messages": f"{double.url}/v25.0/{ACCOUNTS.whatsapp_phone_number_id}/messages",
    }
    for operation, url in urls.items():
        for outcome in OUTCOMES:
            double.kept.fail(rule_of({"operation": operation, "outcome": outcome}, 0.0))
            body = {} if operation.endswith("messages") else None
            if outcome == "reset_after_accept":
                with pytest.raises((OSError, http.client.HTTPException)):
                    ask(url, body, WHATSAPP)
            else:
                assert 200 <= ask(url, body, WHATSAPP)[0] <= 500
    assert {call["operation"] for call in double.kept.calls()} == set(urls) < set(OPERATIONS)


# ── What it keeps and shows ───────────────────────────────────────────────────────────────────────────────────────


def test_what_was_sent_is_listed_by_channel_and_person_and_forgotten_when_told(double: Double) -> None:
    whatsapp_text(double)
    whatsapp_text(double, to="628999888")
    listed = json.loads(ask(f"{double.url}/_sent?channel=whatsapp&to=628999888")[1])["sent"]
    assert [(one["to"], one["text"], one["how"]) for one in listed] == [("628999888", "halo", "message")]
    assert json.loads(ask(f"{double.url}/_sent?channel=telegram")[1])["sent"] == []
    assert [call["status"] for call in json.loads(ask(f"{double.url}/_calls")[1])["calls"]] == [200, 200]
    ask(f"{double.url}/_all", method="DELETE")
    assert json.loads(ask(f"{double.url}/_sent")[1])["sent"] == []


def test_the_page_escapes_what_was_sent(double: Double) -> None:
    whatsapp_text(double, text={"body": "<script>alert(1)</script>"})
    _, page, headers = ask(f"{double.url}/")
    assert b"&lt;script&gt;" in page and b"<script" not in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "<script" not in table(double.kept.sent())


@pytest.mark.parametrize("path", ["/nothing", "/v25.0/1/2/3", "/bot", "/_sent/../x"])
def test_other_addresses_are_none(double: Double, path: str) -> None:
    assert ask(double.url + path)[0] == 404


def test_it_answers_under_its_own_name_only(double: Double) -> None:
    assert ask(f"{double.url}/_sent", headers={"Host": "evil.example"})[0] == 421


def test_an_object_that_is_none_of_ours_is_not_found(double: Double) -> None:
    status, told, _ = ask(f"{double.url}/v25.0/123/messages", {}, WHATSAPP)
    assert (status, json.loads(told)["error"]["code"]) == (400, 100)


def test_the_secret_has_a_section_for_each_platform() -> None:
    webhooks = {"meta_app_secret": "a", "meta_verify_token": "b", "telegram_secret": "c", "open311_key": "k"}
    secret = channel_secret(ACCOUNTS, webhooks)
    assert secret["meta"] == {"app_secrets": ["a"], "verify_tokens": ["b"], "graph_version": "v25.0"}
    assert secret["telegram"] == {"secrets": ["c"], "token": ACCOUNTS.telegram_token}
    assert set(secret) == {"meta", "whatsapp", "messenger", "instagram", "telegram", "open311"}


# ── The process ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_process_says_where_it_is_and_ends_when_stopped(tmp_path: Path) -> None:
    providers = Providers(tmp_path, ACCOUNTS)
    providers.start()
    try:
        assert urlsplit(providers.url).hostname == "127.0.0.1"
        assert ask(f"{providers.url}/_sent")[0] == 200
        status, _, _ = ask(f"{providers.url}/bot{ACCOUNTS.telegram_token}/sendMessage", {"chat_id": 7, "text": "hai"})
        assert status == 200
    finally:
        providers.stop()
        providers.stop()
    with pytest.raises(OSError):
        ask(f"{providers.url}/_sent")


def test_the_process_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    starter = (
        "import sys, time; from pathlib import Path; from infra.local.providers.process import Providers;"
        "from infra.local.providers.accounts import made_up;"
        f"p = Providers(Path({str(tmp_path)!r}), made_up()); p.start(); print(p.url, flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", starter], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    url = process.stdout.readline().decode().strip()
    assert ask(f"{url}/_sent")[0] == 200
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            ask(f"{url}/_sent")
        except (OSError, http.client.HTTPException):  # gone, or gone in the middle of an answer
            return
        time.sleep(0.05)
    raise AssertionError("it goes on alone")


def test_a_process_that_does_not_come_up_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    class Wrong:
        def as_dict(self) -> dict[str, str]:
            return {"nothing": "known"}

    with pytest.raises(ProvidersFailed, match="unexpected keyword argument"):
        Providers(tmp_path, Wrong()).start()  # type: ignore[arg-type]
