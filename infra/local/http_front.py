"""The HTTP front: one plain address for the API, and the mails that went out.

`/v1 /webhooks /open311 /lapor /lacak` go to the API's stage on the embedded AWS as they are; `/` and `/mails…` are
pages for whoever tries the system out. Only on the loopback interface, and only under its names: a page elsewhere
can't read it by a DNS trick.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from infra.local import pages
from infra.local.gateway_answers import as_declared
from infra.local.outbox import Outbox, SentMail
from infra.local.places import HOST, Places

AREAS = ("/v1", "/webhooks", "/open311", "/lapor", "/lacak")
LARGEST_BODY = 10 * 1024 * 1024  # API Gateway's limit
_HOP_BY_HOP = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
    "upgrade", "host", "content-length",
}  # fmt: skip
_STYLE_DIGEST = base64.b64encode(hashlib.sha256(pages.style_source().encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def stage_path(api_url: str) -> str:
    """`/restapis/<id>/<stage>/_user_request_` of a stack's
    `https://<id>.execute-api.<region>.amazonaws.com/<stage>`.
    """
    parts = urlsplit(api_url)
    stage = parts.path.strip("/").partition("/")[0]
    return f"/restapis/{(parts.hostname or '').partition('.')[0]}/{stage}/_user_request_"


class HttpFront:
    """Answers as soon as it is made; the API's areas answer 503 until `serve_api` names them."""

    def __init__(self, places: Places, intake_address: str, chats: Callable[[], list[dict[str, Any]]] = list) -> None:
        """`chats`: what the platforms' double took, oldest first."""
        self._server = _Server((HOST, places.http_port), _Handler)
        self._server.places = places
        self._server.outbox = Outbox(places.outbox)
        self._server.intake_address = intake_address
        self._server.chats = chats
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="http-front", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def serve_api(self, api_url: str) -> None:
        self._server.stage = stage_path(api_url)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    places: Places
    outbox: Outbox
    intake_address: str
    chats: Callable[[], list[dict[str, Any]]]
    stage: str | None = None

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._told: dict[str, bytes] = {}

    def listed(self) -> list[bytes]:
        """Each mail that went out, as JSON. What went out changes no more: each is read once, since a page that reads
        thousands anew takes seconds."""
        found = []
        for name in self.outbox.names():
            if (told := self._told.get(name)) is None:
                mail = self.outbox.read(name)
                if mail is None:
                    continue
                told = self._told[name] = json.dumps(_as_json(mail), ensure_ascii=False).encode()
            found.append(told)
        return found

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


def _as_json(mail: SentMail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "at": mail.at,
        "to": list(mail.destinations),
        "subject": pages.subject_of(mail),
        "headers": pages.headers_of(mail),
        "text": pages.text_of(mail),
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Tanggap"
    sys_version = ""
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        self._route()

    do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_HEAD = do_TRACE = do_QUERY = do_GET

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: paths hold case numbers and receipt codes."""

    def _route(self) -> None:
        if not self._host_is_ours():
            self._answer(421, "text/plain", b"This server answers as 127.0.0.1 or localhost only.\n")
            return
        path = urlsplit(self.path).path
        if any(path == area or path.startswith(area + "/") for area in AREAS):
            self._forward()
        elif self.command not in {"GET", "HEAD"}:
            self._answer(405, "text/plain", b"Only the API takes this.\n")
        else:
            self._page(path)

    def _host_is_ours(self) -> bool:
        try:
            return urlsplit(f"//{self.headers.get('Host', HOST)}").hostname in {HOST, "localhost", "::1"}
        except ValueError:
            return False

    def _page(self, path: str) -> None:
        outbox = self.server.outbox
        if path == "/":
            names = outbox.names()
            newest = [m for m in (outbox.read(name) for name in reversed(names[-pages.LIST_LENGTH :])) if m]
            self._html(200, pages.mail_list(newest, len(names), self.server.intake_address, self.server.chats()))
        elif path == "/mails.json":
            self._answer(200, "application/json", b'{"mails": [' + b", ".join(self.server.listed()) + b"]}")
        else:
            name = path.removeprefix("/mails/") if path.startswith("/mails/") else ""
            mail = outbox.read(name.removesuffix(".eml"))
            if mail is None:
                self._html(404, pages.not_found())
            elif name.endswith(".eml"):
                self._answer(
                    200, "message/rfc822", mail.raw, {"Content-Disposition": f'attachment; filename="{mail.name}.eml"'}
                )
            else:
                self._html(200, pages.one_mail(mail))

    def _forward(self) -> None:
        stage = self.server.stage
        if stage is None:
            self._answer(503, "application/json", b'{"error": {"code": "starting", "message": "not deployed yet"}}')
            return
        length = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding") or not length.isdigit():
            self._refuse(411, "Length Required")
            return
        if int(length) > LARGEST_BODY:
            self._refuse(413, "Request Too Long")
            self.close_connection = True
            return
        body = self.rfile.read(int(length)) if int(length) else None
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        headers["X-Forwarded-For"] = self.client_address[0]
        connection = http.client.HTTPConnection(HOST, self.server.places.aws_port, timeout=35)
        try:
            connection.request(self.command, stage + self.path, body=body, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self._refuse(502, "Bad Gateway")
            return
        finally:
            connection.close()
        status, content = as_declared(answer.status, content)
        self.send_response(status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP | {"server", "date"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _refuse(self, status: int, sentence: str) -> None:
        """An error of the gateway, which this front stands in for."""
        told, content = as_declared(status, json.dumps({"message": sentence}).encode())
        self._answer(told, "application/json", content)

    def _html(self, status: int, page: str) -> None:
        self._answer(status, "text/html; charset=utf-8", page.encode(), {"Content-Security-Policy": _POLICY})

    def _answer(self, status: int, kind: str, content: bytes, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        headers = {
            "Content-Type": kind,
            "Content-Length": str(len(content)),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            **(more or {}),
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
