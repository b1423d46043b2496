"""The webhooks doors on a store that counts what it is asked, with a clock and keys of the test's own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tanggap.adapters.channels.secrets import ChannelSecrets
from tanggap.domain.errors import Retry
from tanggap.entrypoints.webhooks.app import respond
from tanggap.entrypoints.webhooks.limits import REPORTS, UPLOADS, Limiter, Rate
from tanggap.entrypoints.webhooks.parts import Parts

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SECRETS: dict[str, Any] = {
    "meta": {"app_secrets": ["new-app-secret", "old-app-secret"], "verify_tokens": ["verify-new", "verify-old"]},
    "telegram": {"secrets": ["telegram-new", "telegram-old"], "token": "1:t"},
}


class CountingStore:
    name = "arrivals"

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.announced: list[str] = []
        self.calls: list[str] = []
        self.bucket_is_down = self.queue_is_down = False

    def put_new(self, key: str, body: bytes) -> bool:
        self.calls.append("put")
        if self.bucket_is_down:
            raise Retry("the bucket did not answer")
        new = key not in self.objects
        self.objects.setdefault(key, body)
        return new

    def get(self, key: str) -> bytes:
        self.calls.append("get")
        return self.objects[key]

    def announce(self, key: str) -> bool:
        self.calls.append("send")
        if not self.queue_is_down:
            self.announced.append(key)
        return not self.queue_is_down

    def form(self, key: str, content_type: str, size: int) -> dict[str, Any]:
        return {"url": f"https://bucket.example/{key}", "fields": {"Content-Type": content_type, "max": size}}


class SecretsManager:
    """`answer` None: the service is down."""

    def __init__(self, answer: Any) -> None:
        self.answer, self.asked = answer, 0

    def get_secret_value(self, SecretId: str) -> dict[str, str]:
        from botocore.exceptions import EndpointConnectionError

        self.asked += 1
        if self.answer is None:
            raise EndpointConnectionError(endpoint_url="https://secretsmanager.example")
        text = self.answer if isinstance(self.answer, str) else json.dumps(self.answer)
        return {"SecretString": text}


class Reply:
    def __init__(self, event: Mapping[str, Any]) -> None:
        self.status, self.text, self.headers = event["statusCode"], event["body"], event["headers"]

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def faults(self) -> dict[str, str]:
        return {one["place"]: one["message"] for one in self.json["error"].get("faults", ())}


class Doors:
    def __init__(
        self, secrets: Any = SECRETS, *, open311: bool = True, reports: Rate = REPORTS, uploads: Rate = UPLOADS
    ) -> None:
        self.now, self.elapsed = NOW, 0.0
        self.store, self.manager = CountingStore(), SecretsManager(secrets)
        self.drawn: list[int] = []
        self.parts = Parts(
            store=self.store,
            secrets=ChannelSecrets(lambda: self.manager, "channel-secret" if secrets != "" else "", self.monotonic),
            reports=Limiter(reports, self.monotonic, b"k" * 16),
            uploads=Limiter(uploads, self.monotonic, b"k" * 16),
            public_url="https://lapor.example",
            open311=open311,
            clock=lambda: self.now,
            random=self.random,
        )

    def monotonic(self) -> float:
        return self.elapsed

    def random(self, bits: int) -> int:
        """Never the same twice."""
        self.drawn.append(bits)
        drawn = hashlib.sha512(f"{len(self.drawn)}".encode()).digest()
        return int.from_bytes(drawn, "big") & ((1 << bits) - 1)

    def pass_by(self, seconds: float) -> None:
        self.elapsed += seconds
        self.now += timedelta(seconds=seconds)

    def send(
        self,
        method: str,
        path: str,
        body: str | bytes = "",
        headers: Mapping[str, str | list[str]] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        source: str = "203.0.113.7",
        as_base64: bool = False,
    ) -> Reply:
        return Reply(respond(event(method, path, body, headers, query, source, as_base64), lambda: self.parts))

    def meta(self, body: bytes, signature: str | list[str] | None, **more: Any) -> Reply:
        headers: dict[str, str | list[str]] = {"Content-Type": "application/json"}
        if signature is not None:
            headers["X-Hub-Signature-256"] = signature
        return self.send("POST", "/webhooks/meta", body, headers, **more)

    def telegram(self, body: bytes, token: str | list[str] | None) -> Reply:
        headers = {} if token is None else {"X-Telegram-Bot-Api-Secret-Token": token}
        return self.send("POST", "/webhooks/telegram", body, headers)

    def report(self, fields: Mapping[str, Any], headers: Mapping[str, str] | None = None, **more: Any) -> Reply:
        given = {"Content-Type": "application/json", **(headers or {})}
        return self.send("POST", "/v1/reports", json.dumps(fields), given, **more)

    def lapor(self, fields: Mapping[str, Any] | list[tuple[str, str]], **more: Any) -> Reply:
        return self._form("/lapor", fields, **more)

    def open311(self, fields: Mapping[str, Any] | list[tuple[str, str]], format: str = "json", **more: Any) -> Reply:
        return self._form(f"/open311/v2/requests.{format}", fields, **more)

    def _form(self, path: str, fields: Any, headers: Mapping[str, str] | None = None, **more: Any) -> Reply:
        given = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self.send("POST", path, urlencode(fields), given, **more)

    def stored(self, door: str) -> list[dict[str, Any]]:
        prefix = f"webhooks/{door}/"
        return [json.loads(body) for key, body in self.store.objects.items() if key.startswith(prefix)]


def event(
    method: str,
    path: str,
    body: str | bytes = "",
    headers: Mapping[str, str | list[str]] | None = None,
    query: Mapping[str, str] | None = None,
    source: str = "203.0.113.7",
    as_base64: bool = False,
) -> dict[str, Any]:
    """A REST API event as API Gateway hands it over, both of its spellings of headers in it."""
    raw = body if isinstance(body, bytes) else body.encode()
    many = {name: value if isinstance(value, list) else [value] for name, value in (headers or {}).items()}
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": {name: values[-1] for name, values in many.items()} or None,
        "multiValueHeaders": many or None,
        "queryStringParameters": dict(query) if query else None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} if query else None,
        "requestContext": {"identity": {"sourceIp": source}, "httpMethod": method, "resourcePath": path},
        "body": (base64.b64encode(raw).decode() if as_base64 else raw.decode("utf-8", "replace")) or None,
        "isBase64Encoded": as_base64,
    }


def signed(body: bytes, secret: str = "new-app-secret") -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
