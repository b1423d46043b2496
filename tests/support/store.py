"""A platform's store on this machine: real sockets, real TLS, and whatever bytes a test wants to come out of it."""

from __future__ import annotations

import functools
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tanggap.adapters.channels.fetch import Net

#: An address of the open internet, which the tests' wire leads to this machine.
PUBLIC = "157.240.1.53"
NAMES = ("graph.facebook.com", "lookaside.fbsbx.com", "*.xx.fbcdn.net", "*.cdninstagram.com", "api.telegram.org")

#: (the request's path, its head) -> pieces of the answer, each sent as it comes.
Answers = Callable[[str, str], Iterable[bytes]]


def ok(content: bytes, kind: str = "image/jpeg", status: str = "200 OK", **headers: str) -> list[bytes]:
    more = {"Content-Type": kind, "Content-Length": str(len(content)), **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in more.items())
    return [f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1"), content]


def moved(to: str, status: str = "302 Found") -> list[bytes]:
    return [f"HTTP/1.1 {status}\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode("latin-1")]


@dataclass
class Store:
    """`heads`: what was asked, whole. `dialled`: to which addresses the wire was opened. `names`: what resolves to
    what, PUBLIC unless said."""

    port: int
    tls: bool
    answers: Answers = field(default=lambda path, head: ok(b"\xff\xd8\xff photo"))
    heads: list[str] = field(default_factory=list)
    dialled: list[tuple[str, int]] = field(default_factory=list)
    names: dict[str, Sequence[str]] = field(default_factory=dict)
    resolved: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def net(self, **more: object) -> Net:
        return Net(self._resolve, self._dial, trusting, **more)  # type: ignore[arg-type]

    def _resolve(self, host: str, port: int) -> Sequence[str]:
        self.resolved.append(host)
        return self.names.get(host, ("127.0.0.1",) if host == "127.0.0.1" else (PUBLIC,))

    def _dial(self, address: str, port: int, seconds: float) -> socket.socket:
        self.dialled.append((address, port))
        return socket.create_connection(("127.0.0.1", self.port), seconds)

    def serve(self, listening: socket.socket, context: ssl.SSLContext | None) -> None:
        while True:
            try:
                sock, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(sock, context), daemon=True).start()

    def _one(self, sock: socket.socket, context: ssl.SSLContext | None) -> None:
        with suppress(OSError, ssl.SSLError), sock:
            sock.settimeout(10)
            line = context.wrap_socket(sock, server_side=True) if context else sock
            with line:
                head = b""
                while b"\r\n\r\n" not in head:
                    piece = line.recv(4096)
                    if not piece:
                        return
                    head += piece
                self.heads.append(head.decode("latin-1"))
                for piece in self.answers(head.split(b" ", 2)[1].decode("latin-1"), self.heads[-1]):
                    line.sendall(piece)


@contextmanager
def store(tls: bool = True) -> Iterator[Store]:
    listening = socket.create_server(("127.0.0.1", 0))
    found = Store(listening.getsockname()[1], tls)
    context = _server() if tls else None
    threading.Thread(target=found.serve, args=(listening, context), daemon=True).start()
    try:
        yield found
    finally:
        listening.close()


@functools.cache
def trusting() -> ssl.SSLContext:
    """Knows the store's authority alone, and verifies names as always."""
    return ssl.create_default_context(cadata=_made()[0].decode())


@functools.cache
def _server() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate, key = _made()
    with TemporaryDirectory() as folder:
        path = Path(folder, "store.pem")
        path.write_bytes(certificate + key)
        context.load_cert_chain(path)
    return context


@functools.cache
def _made() -> tuple[bytes, bytes]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "store")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in NAMES]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(pem), private
