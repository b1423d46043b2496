"""AWS's services and the platforms' servers, as a recorded village meets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tests.support import canary
from tests.support.troubles.faults import Faulty
from tests.support.world import DOMAIN, INTAKE

if TYPE_CHECKING:
    from tests.support.recording import Recorded


class Ses(canary.Ses):
    """`refuses`: by recipient, SES's code and text for it, or None. What goes to our own domain comes back in."""

    def __init__(self, village: Recorded) -> None:
        super().__init__()
        self.village = village
        self.refuses: Callable[[str], tuple[str, str] | None] = lambda to: None
        self.production = True

    def get_account(self) -> dict[str, Any]:
        return {"ProductionAccessEnabled": self.production}

    def send_email(self, **request: Any) -> dict[str, str]:
        (to,) = request["Destination"]["ToAddresses"]
        if refused := self.refuses(to):
            raise ClientError({"Error": {"Code": refused[0], "Message": refused[1]}}, "SendEmail")
        answer = super().send_email(**request)
        _, raw = self.sent[-1]
        self.sent[-1] = (to, b"")
        if to.endswith(f"@{DOMAIN}"):
            village = self.village
            village.schedule(village.now + timedelta(seconds=2), lambda: village.comes_in(raw, INTAKE, to))
        return answer


class Receiving:
    """SES's rule sets, of which one is active."""

    def __init__(self) -> None:
        self.active = "ours"

    def describe_active_receipt_rule_set(self) -> dict[str, Any]:
        return {"Metadata": {"Name": self.active}, "Rules": [{"Name": "all", "Enabled": True}]}


class Locks:
    """S3's word on the lock of the anchors' bucket."""

    def __init__(self) -> None:
        self.mode = "COMPLIANCE"

    def get_object_lock_configuration(self, Bucket: str) -> dict[str, Any]:
        rule = {"DefaultRetention": {"Mode": self.mode, "Years": 5}}
        return {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", "Rule": rule}}


class Topic:
    """SNS's list of who hears the alarms."""

    def __init__(self) -> None:
        self.listeners = ["arn:aws:sns:ap-southeast-1:123456789012:alarms:1"]

    def get_paginator(self, name: str) -> Any:
        page = {"Subscriptions": [{"SubscriptionArn": one} for one in self.listeners]}
        return SimpleNamespace(paginate=lambda **more: [page])


class Store:
    """The webhooks' store on the village's bucket and queue."""

    name = "arrivals"

    def __init__(self, village: Recorded) -> None:
        self.village = village
        self.bucket = Faulty(village.objects, "form", village.plan)

    def put_new(self, key: str, body: bytes) -> bool:
        return bool(self.bucket.put_new(key, body))

    def get(self, key: str) -> bytes:
        return bytes(self.bucket.get(key))

    def announce(self, key: str) -> bool:
        self.village.queue.send(json.dumps({"tanggap": "arrived", "key": key}))
        return True

    def form(self, key: str, content_type: str, size: int) -> dict[str, Any]:
        raise NotImplementedError


def replied(status: int, body: bytes) -> Any:
    return SimpleNamespace(
        status=status, headers={}, read=lambda *limit, **how: body, release_conn=lambda: None, close=lambda: None
    )


class Graph:
    """Meta's and Telegram's servers. `refuses`: an answer's status and body instead of theirs."""

    def __init__(self) -> None:
        self.refuses: tuple[int, dict[str, Any]] | None = None
        self.sent = 0

    def request(self, method: str, url: str, **more: Any) -> Any:
        self.sent += 1
        status, told = self.refuses or (200, {"messages": [{"id": f"wamid.{self.sent}"}], "ok": True})
        return replied(status, json.dumps(told).encode())
