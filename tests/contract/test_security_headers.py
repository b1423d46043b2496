"""What every answer tells a browser: nothing of it is kept, framed, guessed at or run, and it comes by TLS alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tanggap.domain.receipts import code_from
from tanggap.entrypoints.headers import EVERY
from tanggap.entrypoints.portal.app import app
from tanggap.entrypoints.webhooks.app import DOORS
from tests.contract.stack import RESOURCES
from tests.support.events import api_event
from tests.support.portal import Portal, running_portal
from tests.support.webhooks import Doors
from tests.support.world import COORDINATOR

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ROUTES = sorted((method, path) for path, methods in app.routes.items() for method in methods)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with running_portal(OPEN311="open") as found:
        yield found


@pytest.fixture(scope="module")
def number(portal: Portal) -> str:
    return portal.world.new_case(text="Jalan rusak parah.")


def faults(headers: Mapping[str, str], *, framed: bool = False) -> list[str]:
    """What an answer lacks, or says too loosely."""
    found = []
    page = headers["Content-Type"].startswith("text/html")
    wanted = {**EVERY, "X-Frame-Options": "SAMEORIGIN" if framed else "DENY"}
    if page:
        wanted["Referrer-Policy"] = "same-origin"  # a form's answer asks who sent it
    policy = headers.get("Content-Security-Policy", "")
    for name, value in wanted.items():
        if name != "Content-Security-Policy" and headers.get(name) != value:
            found.append(f"{name}: {headers.get(name)}")
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    if rules.get("default-src") != "'none'" or rules.get("frame-ancestors") != ("'self'" if framed else "'none'"):
        found.append(policy)
    if "unsafe" in policy or "*" in policy or "script-src" in rules:
        found.append(policy)
    if page and not {"base-uri", "form-action"} <= set(rules):
        found.append(policy)
    if len({name.lower() for name in headers}) != len(headers):
        found.append(f"told twice: {sorted(headers)}")
    return found


def judge(found: Mapping[str, tuple[int, Any]]) -> None:
    """Answers by name, each with the status that makes it what it is called."""
    assert {name: answer.status for name, (_, answer) in found.items()} == {
        name: status for name, (status, _) in found.items()
    }
    assert {name: told for name, (_, answer) in found.items() if (told := faults(answer.headers))} == {}


def test_the_promise_itself() -> None:
    assert set(EVERY) == {
        "Cache-Control",
        "Content-Security-Policy",
        "Referrer-Policy",
        "Strict-Transport-Security",
        "X-Content-Type-Options",
        "X-Frame-Options",
    }
    assert EVERY["Cache-Control"] == "no-store"
    seconds = re.fullmatch(r"max-age=(\d+)", EVERY["Strict-Transport-Security"])
    assert seconds and int(seconds[1]) >= 31_536_000


def filled(path: str, number: str, form: str = "json") -> str:
    names = {"number": number, "format": form, "code": "other"}
    return re.sub(r"\{(\w+)\}", lambda one: names.get(one[1], "1"), path)


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=[f"{method} {path}" for method, path in ROUTES])
def test_each_route_of_the_portal(portal: Portal, number: str, method: str, path: str) -> None:
    """Signed in and not, so that guarded routes are seen to answer and to refuse."""
    asked = filled(path, number)
    for officer in (COORDINATOR, None):
        assert faults(portal.call(officer, method, asked).headers) == []


def everything_else(portal: Portal, number: str) -> dict[str, tuple[int, Any]]:
    """What no route's table shows."""
    code = portal.world.tokens.receipt(number)
    pair = f"number={number}&code={code}"
    wrong = f"number={number}&code={code_from(3 << 100)}"
    broken = dict(api_event("POST", "/v1/session", raw="{"))
    return {
        "nothing there": (404, portal.call(None, "GET", "/v1/nothing")),
        "no such method": (405, portal.call(None, "PATCH", "/v1/health")),
        "not JSON": (400, portal.send(broken)),
        "a report as JSON": (200, portal.get(None, f"/v1/reports/{number}", code=code)),
        "a report as a page": (200, portal.send(api_event("POST", "/lacak", raw=pair, headers=FORM))),
        "a wrong pair as a page": (404, portal.send(api_event("POST", "/lacak", raw=wrong, headers=FORM))),
        "places for files": (200, portal.send(api_event("POST", "/lacak", raw=f"{pair}&act=files", headers=FORM))),
        "Open311 as XML": (200, portal.get(None, "/open311/v2/services.xml")),
        "Open311 refused": (400, portal.get(None, "/open311/v2/requests.xml", page="x")),
    }


def test_pages_refusals_and_xml_of_the_portal(portal: Portal, number: str) -> None:
    judge(everything_else(portal, number))
    framed = portal.get(None, "/lacak", berkas="1")
    assert framed.status == 200
    assert faults(framed.headers, framed=True) == []


@pytest.mark.parametrize(("method", "path"), DOORS, ids=str)
@pytest.mark.parametrize("body", ["", "{", "text=Jalan+rusak"], ids=["empty", "broken", "a form"])
def test_each_door_of_the_webhooks(method: str, path: str, body: str) -> None:
    assert faults(Doors().send(method, path, body, FORM if body.startswith("text") else {}).headers) == []


def test_what_the_webhooks_take_and_cannot_take() -> None:
    doors = Doors()
    shaken = {"hub.mode": "subscribe", "hub.verify_token": "verify-new", "hub.challenge": "1158201444"}
    down = Doors()
    down.store.bucket_is_down = True
    report = {"text": "Jalan rusak parah di depan pasar sejak Senin.", "kind": "complaint"}
    found = {
        "a handshake": (200, doors.send("GET", "/webhooks/meta", query=shaken)),
        "no channel": (404, doors.send("POST", "/webhooks/other")),
        "a report": (201, doors.report(report)),
        "a bucket that is down": (503, down.report(report)),
    }
    judge(found)


def test_api_gateways_own_answers_say_the_same() -> None:
    """But for the policy: API Gateway takes no quotes within a header's value, and its errors are fixed JSON."""
    wanted = {name: f"'{value}'" for name, value in EVERY.items() if name != "Content-Security-Policy"}
    responses = RESOURCES["Api"]["Properties"]["GatewayResponses"]
    assert {name: one["ResponseParameters"]["Headers"] for name, one in responses.items()} == dict.fromkeys(
        responses, wanted
    )
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} <= set(responses)
