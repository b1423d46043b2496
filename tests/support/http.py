"""A function behind real HTTP on 127.0.0.1, as API Gateway hands requests on: for clients that are other people's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.events import api_event


@contextmanager
def served(handler: Callable[[dict[str, Any]], dict[str, Any]]) -> Iterator[str]:
    """The address under which `handler` (an event to an answer) is called, one request after another."""
    turn = threading.Lock()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            event = api_event("GET", url.path, headers=dict(self.headers))
            given = parse_qs(url.query, keep_blank_values=True)
            event["queryStringParameters"] = {name: values[-1] for name, values in given.items()} or None
            event["multiValueQueryStringParameters"] = given or None
            with turn:
                answer = handler(event)
            body = answer["body"].encode()
            self.send_response(answer["statusCode"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
