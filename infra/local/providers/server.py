"""The double's HTTP: the platforms' addresses and its own."""

from __future__ import annotations

import base64
import binascii
import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from infra.local.places import HOST
from infra.local.providers.accounts import Accounts
from infra.local.providers.asked import Asked, Refused, Reply, said
from infra.local.providers.graph import Graph
from infra.local.providers.kept import Kept
from infra.local.providers.page import page
from infra.local.providers.rules import OPERATIONS, OUTCOMES, SLOW, Rule, rule_of
from infra.local.providers.telegram import Telegram

LARGEST_BODY = 110_000_000
CHANNELS = ("whatsapp", "messenger", "instagram", "telegram")
_SECURITY = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


class Double:
    """Listens as soon as it is made, on a port that is free; answers from `start` on."""

    def __init__(
        self,
        accounts: Accounts,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        rates: bool = True,
        poll: float = 0.5,
    ) -> None:
        """`poll`: seconds between two looks whether it is to stop."""
        self.kept = Kept(clock)
        self._sleep = sleep
        self._server = _Server((HOST, 0), _Handler)
        self._server.double = self
        self.url = f"http://{HOST}:{self._server.server_address[1]}"
        self._graph = Graph(accounts, self.kept, self.url)
        self._telegram = Telegram(accounts, self.kept, rates)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(poll,), name="providers", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        self._thread.join()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, asked: Asked) -> Reply | None:
        """None: the connection is to be cut without an answer."""
        own = _OWN.get((asked.method, asked.path))
        if own is not None:
            return own(self, asked)
        operation, to = self._graph.operation(asked)
        service: Graph | Telegram = self._graph
        if not operation:
            operation, to = self._telegram.operation(asked)
            service = self._telegram
        if not operation:
            return said(404, {"error": "there is no such address here"})
        rule = self.kept.rule_for(operation, to)
        reply = self._worked(service, asked, operation, rule)
        cut = rule is not None and rule.outcome == "reset_after_accept"
        self.kept.called(operation, 0 if cut else reply.status, rule.outcome if rule else "")
        if rule is not None and rule.outcome == "slow":
            self._sleep(rule.delay or SLOW)
        return None if cut else reply

    @staticmethod
    def _worked(service: Graph | Telegram, asked: Asked, operation: str, rule: Rule | None) -> Reply:
        failure = service.failure(operation, rule) if rule else None
        if failure is not None:
            return failure
        try:
            if isinstance(service, Graph):
                return service.answer(asked, operation, rule)
            return service.answer(asked, operation)
        except Refused as refused:
            return refused.reply

    # ── Its own addresses ─────────────────────────────────────────────────────────────────────────────────────────

    def _page(self, asked: Asked) -> Reply:
        return Reply(200, page(self.kept.sent()), "text/html; charset=utf-8", _SECURITY)

    def _sent(self, asked: Asked) -> Reply:
        return said(200, {"sent": self.kept.sent(asked.query.get("channel", ""), asked.query.get("to", ""))})

    def _calls(self, asked: Asked) -> Reply:
        return said(200, {"calls": self.kept.calls()})

    def _fail(self, asked: Asked) -> Reply:
        try:
            rule = rule_of(asked.json(), self.kept.clock())
        except ValueError as wrong:
            return said(400, {"error": str(wrong)})
        self.kept.fail(rule)
        return said(200, {"rule": rule.as_dict()})

    def _rules(self, asked: Asked) -> Reply:
        rules = [rule.as_dict() for rule in self.kept.rules()]
        return said(200, {"rules": rules, "operations": OPERATIONS, "outcomes": OUTCOMES})

    def _media(self, asked: Asked) -> Reply:
        content = asked.json()
        try:
            raw = base64.b64decode(str(content["content"]), validate=True)
        except (KeyError, binascii.Error, ValueError):
            return said(400, {"error": "name, type, and content in base64"})
        name, kind = str(content.get("name", "file")), str(content.get("type", "application/octet-stream"))
        medium = self.kept.keep(name, kind, raw)
        told = {"id": medium.id, "name": name, "mime_type": kind, "file_size": len(raw), "sha256": medium.sha256}
        return said(200, {**told, **self._graph.media(medium), **self._telegram.media(medium)})

    def _inbound(self, asked: Asked) -> Reply:
        content = asked.json()
        channel, at = str(content.get("channel", "")), content.get("at", self.kept.clock())
        if channel not in CHANNELS or not isinstance(at, int | float):
            return said(400, {"error": f"channel is one of {', '.join(CHANNELS)}; at: seconds since 1970"})
        if content.get("person"):
            self.kept.hear(channel, str(content["person"]), float(at))
        if content.get("comment"):
            self.kept.commented(channel, str(content["comment"]), float(at))
        return said(200, {})

    def _forget(self, asked: Asked) -> Reply:
        self.kept.forget()
        return said(200, {})


_OWN: dict[tuple[str, str], Callable[[Double, Asked], Reply]] = {
    ("GET", "/"): Double._page,
    ("GET", "/_sent"): Double._sent,
    ("GET", "/_calls"): Double._calls,
    ("GET", "/_fail"): Double._rules,
    ("POST", "/_fail"): Double._fail,
    ("POST", "/_media"): Double._media,
    ("POST", "/_inbound"): Double._inbound,
    ("DELETE", "/_all"): Double._forget,
}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    double: Double

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "providers"
    sys_version = ""
    timeout = 60
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        if urlsplit(f"//{self.headers.get('Host', HOST)}").hostname not in {HOST, "localhost"}:
            self._write(said(421, {"error": "this server answers as 127.0.0.1 or localhost only"}))
            return
        length = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding") or not length.isdigit() or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._write(said(413, {"error": "no length, or too long"}))
            return
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.double.answer(Asked(self.command, self.path, headers, body))
        if reply is None:
            self._cut()
        else:
            self._write(reply)

    do_POST = do_DELETE = do_GET

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: paths hold tokens."""

    def _cut(self) -> None:
        """A reset, not an orderly end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _write(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {
            "Content-Type": reply.type,
            "Content-Length": str(len(reply.content)),
            "X-Content-Type-Options": "nosniff",
            **reply.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.content)


def as_line(accounts: Accounts) -> bytes:
    return json.dumps(accounts.as_dict()).encode() + b"\n"


def from_line(line: bytes) -> Accounts:
    return Accounts(**json.loads(line))
