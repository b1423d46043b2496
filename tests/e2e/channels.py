"""The platforms as the outside plays them: a citizen writes, the answer is read at the provider double."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.e2e.system import Answer, System, until

_UPDATES = itertools.count(int(time.time()) % 10**6 * 1000)


@dataclass
class Platform:
    """One chat channel of the running system: `write` as a citizen, `heard` what went out to them."""

    system: System
    channel: str

    def someone(self) -> str:
        """An id that nobody used before, as the platform spells it."""
        number = int(uuid4().hex[:12], 16) % 10**9
        return f"62812{number:09d}" if self.channel == "whatsapp" else str(10**12 + number)

    def write(self, who: str, text: str = "", **more: Any) -> str:
        """Returns the message's external id. `more`: the platform's own fields of the message."""
        body, external_id = BODIES[self.channel](self.system, who, text, more)
        answer = self.deliver(body)
        assert answer.status == 200, answer
        return external_id

    def deliver(self, body: dict[str, Any]) -> Answer:
        """A webhook as the platform sends it, signed."""
        raw = json.dumps(body).encode()
        if self.channel == "telegram":
            secret = self.system.ready["webhooks"]["telegram_secret"]
            return post(self.system, "/webhooks/telegram", raw, {"X-Telegram-Bot-Api-Secret-Token": secret})
        return post(self.system, "/webhooks/meta", raw, {"X-Hub-Signature-256": signature(self.system, raw)})

    def heard(self, who: str) -> list[dict[str, Any]]:
        """What the desk sent to a person here, oldest first."""
        return [one for one in sent(self.system, self.channel) if str(one["to"]) == who]

    def next(self, who: str, after: int = 0, within: float = 20.0) -> dict[str, Any]:
        found = until(lambda: self.heard(who)[after:], f"message {after + 1} to somebody on {self.channel}", within)
        return dict(found[0])


def signature(system: System, raw: bytes) -> str:
    secret = system.ready["webhooks"]["meta_app_secret"].encode()
    return "sha256=" + hmac.new(secret, raw, hashlib.sha256).hexdigest()


def post(system: System, path: str, raw: bytes, headers: dict[str, str]) -> Answer:
    return fetch("POST", system.ready["http"] + path, raw, {"Content-Type": "application/json", **headers})


def fetch(method: str, url: str, raw: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
    """The answer as it comes, its body JSON where it says so."""
    request = urllib.request.Request(url, data=raw, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            status, found, body = answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        status, found, body = error.code, error.headers, error.read()
    kind = found.get("Content-Type", "")
    return Answer(status, dict(found), json.loads(body) if "json" in kind and body else body.decode(errors="replace"))


# ── the provider double ───────────────────────────────────────────────────────────────────────────────────────────────


def provider(system: System, method: str, path: str, body: Any = None) -> Any:
    raw = None if body is None else json.dumps(body).encode()
    answer = fetch(method, system.ready["providers"]["url"] + path, raw, {"Content-Type": "application/json"})
    assert answer.status < 300, answer
    return answer.body


def sent(system: System, channel: str) -> list[dict[str, Any]]:
    found = provider(system, "GET", f"/_sent?channel={channel}")
    return list(found["sent"] if isinstance(found, dict) else found)


# ── bodies ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def telegram(system: System, who: str, text: str, more: dict[str, Any]) -> tuple[dict[str, Any], str]:
    number = next(_UPDATES)
    person = {"id": int(who), "is_bot": False, "first_name": "Ani"}
    message = {
        "message_id": number,
        "from": person,
        "chat": {"id": int(who), "type": "private", "first_name": "Ani"},
        "date": int(time.time()),
        **({"text": text} if text else {}),
        **more,
    }
    chat = hashlib.sha256(who.encode()).hexdigest()[:16]
    return {"update_id": number, "message": message}, f"{chat}:{number}"


def whatsapp(system: System, who: str, text: str, more: dict[str, Any]) -> tuple[dict[str, Any], str]:
    external_id = f"wamid.{uuid4().hex}"
    message = {"from": who, "id": external_id, "timestamp": str(int(time.time())), "type": "text", **more}
    if text:
        message["text"] = {"body": text}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "622200000", "phone_number_id": account(system, "whatsapp")},
        "contacts": [{"profile": {"name": "Ani"}, "wa_id": who}],
        "messages": [message],
    }
    change = {"field": "messages", "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"id": "waba", "changes": [change]}]}, external_id


def _direct(kind: str, name: str, who: str, text: str, more: dict[str, Any]) -> tuple[dict[str, Any], str]:
    external_id = f"m_{uuid4().hex}"
    at = int(time.time() * 1000)
    message = {"mid": external_id, **({"text": text} if text else {}), **more}
    item = {"sender": {"id": who}, "recipient": {"id": name}, "timestamp": at, "message": message}
    return {"object": kind, "entry": [{"id": name, "time": at, "messaging": [item]}]}, external_id


def messenger(system: System, who: str, text: str, more: dict[str, Any]) -> tuple[dict[str, Any], str]:
    return _direct("page", account(system, "messenger"), who, text, more)


def instagram(system: System, who: str, text: str, more: dict[str, Any]) -> tuple[dict[str, Any], str]:
    return _direct("instagram", account(system, "instagram"), who, text, more)


_ACCOUNTS = {
    "whatsapp": "whatsapp_phone_number_id",
    "messenger": "messenger_page_id",
    "instagram": "instagram_account_id",
}


def account(system: System, channel: str) -> str:
    return str(system.ready["accounts"][_ACCOUNTS[channel]])


BODIES = {"telegram": telegram, "whatsapp": whatsapp, "messenger": messenger, "instagram": instagram}
