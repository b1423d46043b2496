"""Where a download may go: to a platform's own hosts, at addresses that anybody on the internet could reach.

What a platform's answer names is what a stranger may have had a hand in, so nothing of it is followed unchecked. There
is one reading of an address here, and the connection is made by what it read."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from ...application.ports.media import Unfetchable
from ...domain.media_rules import Failure

#: Signed addresses of the platforms' stores have up to about 1,500 characters.
_LONGEST = 4_096
#: No user before the host, no bracketed or encoded host, nothing invisible, no backslash.
_URL = re.compile(
    r"(https?)://([a-z0-9.-]{1,253})(?::([1-9][0-9]{0,4}))?((?:[/?][!\"$-\[\]-~]*)?)(?:#[!-~]*)?",
    re.IGNORECASE | re.ASCII,
)
_LABEL = re.compile(r"(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PORTS = {"http": 80, "https": 443}

_V4 = tuple(
    ipaddress.IPv4Network(one)
    for one in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
#: What is given out to the internet, and what within it is not, or carries an IPv4 address (Teredo, 6to4).
_V6 = ipaddress.IPv6Network("2000::/3")
_NOT_V6 = tuple(ipaddress.IPv6Network(one) for one in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
#: A network without IPv4 reaches IPv4 hosts through these (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """An address of the open internet. IPv4 within IPv6 is judged as the IPv4 address that it is. No list of the
    standard library's: they differ between its versions."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is None:
            return found.scope_id is None and found in _V6 and not any(found in one for one in _NOT_V6)
        found = inner
    return not any(found in one for one in _V4)


@dataclass(frozen=True, slots=True)
class Where:
    """`path` with its query. `own`: an origin that was set up for this system, whatever its address is."""

    scheme: str
    host: str
    port: int
    path: str
    own: bool = False

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


@dataclass(frozen=True, slots=True)
class Hosts:
    """`named` hosts and those `under` a domain, by https alone; and `origin`, the one that was set up
    (`https://graph.facebook.com`, or a double's on this machine). `bearer`: the hosts that may see the account's token,
    besides that origin."""

    origin: str
    named: frozenset[str] = frozenset()
    under: tuple[str, ...] = ()
    bearer: frozenset[str] = frozenset()

    def place(self, url: str) -> Where:
        """Raises Unfetchable for every other place."""
        read, own = _read(url), _read(self.origin)
        if read is None:
            raise Unfetchable(Failure.FORBIDDEN)
        known = read.scheme == "https" and read.port == _PORTS["https"] and self._knows(read.host)
        if own and read.origin == own.origin:
            # A host of the platform's is held to what is asked of all of them.
            return Where(*read.origin, read.path, own=not known)
        if not known:
            raise Unfetchable(Failure.FORBIDDEN)
        return read

    def may_see_token(self, where: Where) -> bool:
        own = _read(self.origin)
        return where.host in self.bearer or (own is not None and where.origin == own.origin)

    def after(self, where: Where, location: str) -> Where:
        """Where a redirect leads."""
        if len(location) > _LONGEST:
            raise Unfetchable(Failure.FORBIDDEN)
        try:
            return self.place(urljoin(where.url, location))
        except ValueError:
            raise Unfetchable(Failure.FORBIDDEN) from None

    def _knows(self, host: str) -> bool:
        if not all(_LABEL.fullmatch(label) for label in host.split(".")):
            return False
        return host in self.named or any(host.endswith(f".{domain}") for domain in self.under)


def _read(url: str) -> Where | None:
    found = _URL.fullmatch(url) if len(url) <= _LONGEST else None
    if found is None:
        return None
    scheme, host = found[1].lower(), found[2].lower()
    port = int(found[3]) if found[3] else _PORTS[scheme]
    if port > 65_535:
        return None
    path = found[4] or "/"
    return Where(scheme, host, port, path if path.startswith("/") else f"/{path}")
