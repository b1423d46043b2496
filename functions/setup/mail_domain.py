"""May this domain be the desk's mail domain? An MX record takes all mail of a name: it must not have mail already.

Asked twice: before a deployment by `make deploy`, and by the set-up function, for whoever deploys without it. A
resolver of a few lines, since the standard library cannot ask for MX records and one question does not justify a
package in the layer.
"""

from __future__ import annotations

import re
import secrets
import socket
import struct
from collections.abc import Callable, Iterable
from pathlib import Path

MX = 15
IN = 1
NO_SUCH_NAME = 3
TRUNCATED = 0x0200
ANSWER_WITHIN = 3.0  # seconds, each of two tries
MAX_JUMPS = 128  # labels and pointers of one name; more go in circles

#: RFC 2606 and 6761: nobody can own these, so nobody's mail is taken. The local run lives there.
RESERVED = ("example", "test", "invalid", "localhost")

#: Below these, an organisation's own domain has one label more than elsewhere (desa-contoh.desa.id).
_INDONESIAN = ("ac", "biz", "co", "desa", "go", "mil", "my", "net", "or", "ponpes", "sch", "web")
_NEIGHBOURS = tuple(
    f"{name}.{land}" for name in ("com", "edu", "gov", "net", "org") for land in ("my", "sg", "ph", "tl")
)
PUBLIC_SECOND_LEVELS = frozenset((*(f"{name}.id" for name in _INDONESIAN), *_NEIGHBOURS))

MailServers = Callable[[str], tuple[str, ...]]


class NoAnswer(Exception):
    """The name servers could not be asked; nothing is known."""


def receiving_host(region: str) -> str:
    return f"inbound-smtp.{region}.amazonaws.com"


def is_reserved(domain: str) -> bool:
    return domain.rsplit(".", 1)[-1] in RESERVED


def is_subdomain(domain: str) -> bool:
    """Has it a label more than an organisation's own domain?"""
    labels = domain.split(".")
    own = 3 if ".".join(labels[-2:]) in PUBLIC_SECOND_LEVELS else 2
    return len(labels) > own


def taken_by(servers: Iterable[str], region: str) -> tuple[str, ...]:
    """The mail servers that are not ours. The single dot of RFC 7505 says that the name takes no mail."""
    return tuple(server for server in servers if server not in (receiving_host(region), ""))


def mail_servers(domain: str, ask: Iterable[tuple[str, int]] | None = None) -> tuple[str, ...]:
    """Host names of the MX records of `domain`, the preferred first; none when there is no such name or no such record.
    `ask` are name servers as (address, port), the system's otherwise. Raises NoAnswer."""
    for server in tuple(ask or _system_servers()) * 2:
        try:
            return _read(_exchange(server, _question(domain)), domain)
        except (OSError, struct.error, IndexError, ValueError):
            continue
    raise NoAnswer


def _system_servers() -> tuple[tuple[str, int], ...]:
    try:
        lines = Path("/etc/resolv.conf").read_text().splitlines()
    except OSError:
        return ()
    return tuple((match[1], 53) for line in lines if (match := re.match(r"nameserver\s+(\S+)", line)))


def _question(domain: str) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode("ascii") for label in domain.split("."))
    header = struct.pack("!HHHHHH", secrets.randbits(16), 0x0100, 1, 0, 0, 0)  # recursion wanted, one question
    return header + labels + b"\0" + struct.pack("!HH", MX, IN)


def _exchange(server: tuple[str, int], question: bytes) -> bytes:
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as udp:
        udp.settimeout(ANSWER_WITHIN)
        udp.connect(server)  # answers from anybody else are dropped
        udp.send(question)
        answer = udp.recv(4096)
    if answer[:2] != question[:2]:
        raise ValueError("an answer to another question")
    if struct.unpack("!H", answer[2:4])[0] & TRUNCATED:
        with socket.create_connection(server, ANSWER_WITHIN) as tcp:
            tcp.sendall(struct.pack("!H", len(question)) + question)
            stream = tcp.makefile("rb")
            answer = stream.read(struct.unpack("!H", stream.read(2))[0])
    return answer


def _read(answer: bytes, domain: str) -> tuple[str, ...]:
    _, flags, questions, answers = struct.unpack("!HHHH", answer[:8])
    code = flags & 0x000F
    if code == NO_SUCH_NAME:
        return ()
    if code != 0:
        raise ValueError("the name server failed")
    at = 12
    for _ in range(questions):
        at = _name(answer, at)[1] + 4
    found: list[tuple[int, str]] = []
    for _ in range(answers):
        at = _name(answer, at)[1]
        kind, _, _, size = struct.unpack("!HHIH", answer[at : at + 10])
        at += 10
        if kind == MX:
            found.append((struct.unpack("!H", answer[at : at + 2])[0], _name(answer, at + 2)[0]))
        at += size
    return tuple(host for _, host in sorted(found))


def _name(answer: bytes, at: int) -> tuple[str, int]:
    """The name at a place and the place behind it; a pointer goes on elsewhere (RFC 1035, 4.1.4)."""
    labels: list[str] = []
    behind = 0
    for _ in range(MAX_JUMPS):
        size = answer[at]
        if size >= 0xC0:
            behind = behind or at + 2
            at = struct.unpack("!H", answer[at : at + 2])[0] & 0x3FFF
        elif size == 0:
            return ".".join(labels).lower(), behind or at + 1
        else:
            labels.append(answer[at + 1 : at + 1 + size].decode("ascii"))
            at += 1 + size
    raise ValueError("a name without an end")
