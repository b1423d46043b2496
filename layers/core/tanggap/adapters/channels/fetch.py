"""One download from a platform: to a checked address and nowhere else, bounded in bytes and time.

urllib3 resolves a name once more after anybody has checked it; so the socket is opened here, to the very address that
was checked, and the standard library's HTTP speaks over it."""

from __future__ import annotations

import functools
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from time import monotonic

from ...application.ports.media import Unfetchable
from ...domain.errors import Retry
from ...domain.media_rules import Failure
from .fetch_where import Hosts, Where, is_public

#: A platform's store passes on to another of its hosts; more is a loop.
REDIRECTS = 2
#: Addresses of one host that are tried.
_ADDRESSES = 3
#: To connect, and between two pieces of an answer; the whole has its own bound.
_IDLE = 8.0
_PIECE = 64 * 1024
#: Of an answer that is an error only its JSON is looked at.
_ERROR_BYTES = 64 * 1024
_MOVED = frozenset({301, 302, 303, 307, 308})

Resolve = Callable[[str, int], Sequence[str]]
Dial = Callable[[str, int, float], socket.socket]


def resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in sorted(found, key=lambda one: one[0])))


def dial(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), seconds)


@functools.cache
def context() -> ssl.SSLContext:
    """Names are verified, by the authorities that botocore brings along: a function's own may be missing or old."""
    from botocore.httpsession import get_cert_path

    return ssl.create_default_context(cafile=get_cert_path(True))


@dataclass(frozen=True, slots=True)
class Net:
    """What stands between us and the wire."""

    resolve: Resolve = resolve
    dial: Dial = dial
    context: Callable[[], ssl.SSLContext] = context
    elapsed: Callable[[], float] = monotonic


@dataclass(frozen=True, slots=True)
class Asked:
    """`until` on the net's clock. `bearer` goes to the first host alone, and only where it may see it."""

    hosts: Hosts
    limit: int
    until: float
    bearer: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    type: str
    content: bytes = field(repr=False)


def get(net: Net, url: str, asked: Asked) -> Answer:
    """Raises Unfetchable (no place of ours, too large, a form that is not opened) and Retry (not reached, cut off, too
    slow). No error of it holds an address or a token."""
    where = asked.hosts.place(url)
    bearer = asked.bearer if asked.hosts.may_see_token(where) else ""
    for _ in range(REDIRECTS + 1):
        answer = _one(net, where, bearer, asked)
        if isinstance(answer, Answer):
            return answer
        after = asked.hosts.after(where, answer)
        bearer = bearer if after.origin == where.origin else ""
        where = after
    raise Unfetchable(Failure.FORBIDDEN)


def _one(net: Net, where: Where, bearer: str, asked: Asked) -> Answer | str:
    """The answer, or where it says to go."""
    left = asked.until - net.elapsed()
    if left <= 0:
        raise Retry("no time is left for a medium")
    try:
        sock = _open(net, where, min(_IDLE, left))
        with _ended_after(sock, asked.until - net.elapsed()) as line:
            if where.scheme == "https":
                line.sock = net.context().wrap_socket(sock, server_hostname=where.host, do_handshake_on_connect=False)
                line.sock.do_handshake()
            answer = _spoken(line.sock, where, bearer, asked.limit)
            line.check()
            return answer
    except (OSError, HTTPException, ValueError):  # their texts may hold an address or the token
        raise Retry("a platform's store did not answer") from None


def _open(net: Net, where: Where, seconds: float) -> socket.socket:
    """To an address that was checked. One that is not public among them makes the whole name suspect."""
    addresses = net.resolve(where.host, where.port)
    if not where.own and not all(is_public(address) for address in addresses):
        raise Unfetchable(Failure.FORBIDDEN)
    for address in addresses[:_ADDRESSES]:
        try:
            return net.dial(address, where.port, seconds)
        except OSError:
            continue
    raise Retry("a platform's store was not reached")


class _Line:
    """A socket that somebody else may end."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock, self.over = sock, False

    def end(self) -> None:
        self.over = True
        # The plain socket's own: TLS would forget its state under a reader's hands.
        with suppress(OSError):
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def check(self) -> None:
        if self.over:
            raise Retry("a medium took too long")


@contextmanager
def _ended_after(sock: socket.socket, seconds: float) -> Iterator[_Line]:
    """A store that sends a byte now and then never meets a bound between two of them."""
    line = _Line(sock)
    timer = threading.Timer(max(seconds, 0), line.end)
    timer.daemon = True
    timer.start()
    try:
        yield line
    finally:
        timer.cancel()
        line.sock.close()


def _spoken(sock: socket.socket, where: Where, bearer: str, limit: int) -> Answer | str:
    connection = HTTPConnection(where.host, where.port)
    connection.sock = sock
    connection.putrequest("GET", where.path, skip_host=True, skip_accept_encoding=True)
    connection.putheader("Host", where.authority)
    connection.putheader("User-Agent", "tanggap")  # Meta's store answers nobody without a name
    connection.putheader("Accept-Encoding", "identity")
    connection.putheader("Connection", "close")
    if bearer:
        connection.putheader("Authorization", f"Bearer {bearer}")
    connection.endheaders()
    response = connection.getresponse()
    if response.status in _MOVED:
        return response.getheader("Location", "")
    kind = response.getheader("Content-Type", "").partition(";")[0].strip().lower()
    if not 200 <= response.status < 300:
        return Answer(response.status, kind, response.read(_ERROR_BYTES))
    return Answer(response.status, kind, _body(response, limit))


def _body(response: HTTPResponse, limit: int) -> bytes:
    """All of it, as it is said to be long. Nothing is unpacked: what is packed may be any size."""
    packed = response.getheader("Content-Encoding", "identity").strip().lower()
    framed = response.getheader("Transfer-Encoding", "chunked").strip().lower()
    if packed != "identity" or framed != "chunked":
        raise Unfetchable(Failure.FORBIDDEN)
    length = response.length
    if length is not None and length > limit:
        raise Unfetchable(Failure.TOO_LARGE)
    content = bytearray()
    while piece := response.read(_PIECE):
        content += piece
        if len(content) > limit:
            raise Unfetchable(Failure.TOO_LARGE)
    if length is not None and len(content) != length:
        raise Retry("a medium was cut off")
    return bytes(content)
