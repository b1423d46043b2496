"""Where a download may go: what a stranger can write into an address leads nowhere but to a platform."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.adapters.channels import media_of_meta, media_of_telegram
from tanggap.adapters.channels.fetch_where import Hosts, is_public
from tanggap.application.ports.media import Unfetchable
from tanggap.domain.media_rules import Failure

META = media_of_meta.hosts("https://graph.facebook.com")
LOCAL = media_of_meta.hosts("http://127.0.0.1:9001")
TELEGRAM = media_of_telegram.hosts("https://api.telegram.org")
#: Hosts that a photo may come from, written here once more: the code's own list is what is judged.
FINE = ("graph.facebook.com", "lookaside.fbsbx.com", ".fbcdn.net", ".fbsbx.com", ".cdninstagram.com")


def refused(hosts: Hosts, url: str) -> bool:
    try:
        hosts.place(url)
    except Unfetchable as error:
        return error.failure is Failure.FORBIDDEN
    return False


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2&hash=x", "lookaside.fbsbx.com"),
        ("https://LOOKASIDE.fbsbx.com:443/x", "lookaside.fbsbx.com"),
        ("https://scontent-sin6-1.xx.fbcdn.net/v/t1.15752-9/a_n.jpg?_nc_cat=1&oh=00_Af&oe=67", "fbcdn.net"),
        ("https://cdn.fbsbx.com/v/t59.2708-21/a.mp4", "cdn.fbsbx.com"),
        ("https://scontent.cdninstagram.com/v/a.jpg#part", "scontent.cdninstagram.com"),
        ("https://video-cgk1-1.cdninstagram.com/o1/v/t16/f2/m367/a.mp4?efg=eyJ", "cdninstagram.com"),
    ],
)
def test_the_platforms_own_places_are_known(url: str, host: str) -> None:
    where = META.place(url)
    assert where.host.endswith(host) and (where.scheme, where.port, where.own) == ("https", 443, False)


@pytest.mark.parametrize(
    "url",
    [
        "http://lookaside.fbsbx.com/x",
        "ftp://lookaside.fbsbx.com/x",
        "//lookaside.fbsbx.com/x",
        "file:///etc/passwd",
        "https://lookaside.fbsbx.com:8443/x",
        "https://lookaside.fbsbx.com:99999/x",
        "https://lookaside.fbsbx.com:0443/x",
        "https://lookaside.fbsbx.com./x",
        "https://lookaside.fbsbx.com.evil.example/x",
        "https://evil-fbsbx.com/x",
        "https://fbcdn.net/x",
        "https://.fbcdn.net/x",
        "https://a..fbcdn.net/x",
        "https://-a.fbcdn.net/x",
        "https://xn--80ak6aa92e.fbcdn.net/x",
        "https://sçontent.fbcdn.net/x",
        "https://a%2efbcdn.net/x",
        "https://a\u3002fbcdn.net/x",
        "https://user@lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com@evil.example/x",
        "https://lookaside.fbsbx.com\\@evil.example/x",
        "https://evil.example#@lookaside.fbsbx.com/x",
        "https://evil.example?.fbcdn.net",
        "https://lookaside.fbsbx.com /x",
        "https://lookaside.fbsbx.com/x\r\nX-Other: 1",
        "https://lookaside.fbsbx.com/x\n",
        "https://lookaside.fbsbx.com/\x00",
        "https://lookaside.fbsbx.com/é",
        "https://169.254.169.254/latest/meta-data/",
        "http://169.254.169.254/latest/meta-data/",
        "https://2852039166/x",
        "https://0xa9fea9fe/x",
        "https://0251.0376.0251.0376/x",
        "https://127.1/x",
        "https://[::1]/x",
        "https://[::ffff:169.254.169.254]/x",
        "https://[fd00:ec2::254]/x",
        "https://localhost/x",
        "https://metadata.google.internal/x",
        "https://www.facebook.com/x",
        "https://api.telegram.org/x",
        "https://lookaside.fbsbx.com/" + "a" * 5000,
        "",
        "https://",
        "lookaside.fbsbx.com",
    ],
)
def test_every_other_place_is_refused(url: str) -> None:
    assert refused(META, url)
    assert refused(LOCAL, url)


def test_a_double_on_this_machine_is_known_by_its_exact_origin_alone() -> None:
    assert LOCAL.place("http://127.0.0.1:9001/v25.0/1").own
    for url in (
        "http://127.0.0.1:9002/x",
        "http://127.0.0.1/x",
        "https://127.0.0.1:9001/x",
        "http://localhost:9001/x",
        "http://127.0.0.1:9001@evil.example/x",
        "http://2130706433:9001/x",
    ):
        assert refused(LOCAL, url), url
    assert refused(META, "http://127.0.0.1:9001/x")


def test_a_platforms_own_origin_is_not_spared_the_look_at_its_address() -> None:
    assert not META.place("https://graph.facebook.com/v25.0/1").own
    assert not TELEGRAM.place("https://api.telegram.org/file/bot1:a/photos/1.jpg").own


def test_the_token_is_for_the_api_and_whatsapps_store_alone() -> None:
    seen = {
        url: META.may_see_token(META.place(url))
        for url in (
            "https://graph.facebook.com/v25.0/1",
            "https://lookaside.fbsbx.com/x",
            "https://scontent.xx.fbcdn.net/x",
            "https://cdn.fbsbx.com/x",
        )
    }
    assert list(seen.values()) == [True, True, False, False]
    assert not TELEGRAM.bearer  # Telegram's token stands in the path


@pytest.mark.parametrize(
    ("location", "leads"),
    [
        ("/other?x=1", "https://lookaside.fbsbx.com/other?x=1"),
        ("//scontent.xx.fbcdn.net/y", "https://scontent.xx.fbcdn.net/y"),
        ("https://cdn.fbsbx.com/z", "https://cdn.fbsbx.com/z"),
        ("http://169.254.169.254/latest/meta-data/iam", ""),
        ("//169.254.169.254/", ""),
        ("http://lookaside.fbsbx.com/x", ""),
        ("https://evil.example/", ""),
        ("file:///etc/passwd", ""),
        ("https://[", ""),
        ("https://[::1", ""),
        ("\x01https://evil.example", ""),
        ("x" * 5000, ""),
    ],
)
def test_a_redirect_is_read_like_any_address(location: str, leads: str) -> None:
    where = META.place("https://lookaside.fbsbx.com/first")
    try:
        found = META.after(where, location).url
    except Unfetchable:
        found = ""
    assert found == leads


PIECES = st.sampled_from(
    [
        *("https", "http", "HTTPS", "://", ":", "/", "\\", "@", "#", "?", "%", "%2e", "%40", ".", "..", "[", "]", "-"),
        *("lookaside.fbsbx.com", "fbcdn.net", "a.fbcdn.net", "scontent.cdninstagram.com", "graph.facebook.com", "\t"),
        *("evil.example", "127.0.0.1", "169.254.169.254", "2852039166", "::1", "::ffff:10.0.0.1", "xn--a", "é", "。"),
        *("443", "80", "0", "9001", "user:pass", "localhost", " ", "\n", "\x00", "\u200b", "com", "A"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=9).map("".join) | st.text(max_size=60))
def test_whatever_is_let_through_is_read_the_same_by_others(url: str) -> None:
    """No address that we take for a platform's is anything else to the standard library's own reading of it."""
    try:
        where = META.place(url)
    except Unfetchable:
        return
    other = urlsplit(url)
    assert (other.scheme, (other.hostname or "").lower(), other.port or 443) == ("https", where.host, 443)
    assert other.username is None and other.password is None
    assert any(where.host == fine or (fine[0] == "." and where.host.endswith(fine)) for fine in FINE)
    assert where.host.isascii() and not where.host.endswith(".")


@settings(max_examples=300, deadline=None)
@given(st.ip_addresses(v=4) | st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address))
def test_an_ipv4_address_is_judged_the_same_however_it_is_wrapped(address: ipaddress.IPv4Address) -> None:
    public = is_public(str(address))
    assert is_public(f"::ffff:{address}") is public
    assert is_public(str(ipaddress.IPv6Address((0x64FF9B << 96) | int(address)))) is public
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not public
    assert not is_public(str(ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80))))


@settings(max_examples=300, deadline=None)
@given(st.ip_addresses(v=6))
def test_an_ipv6_address_is_public_only_where_the_internet_is(address: ipaddress.IPv6Address) -> None:
    if is_public(str(address)) and address.ipv4_mapped is None:
        assert address.is_global and not address.is_multicast


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("157.240.1.53", True),
        ("2a03:2880:f12f:83:face:b00c:0:25de", True),
        ("149.154.167.220", True),
        ("64:ff9b::9df0:135", True),
        ("10.1.2.3", False),
        ("172.31.255.255", False),
        ("192.168.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("198.18.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("2606:4700::1%eth0", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("::ffff:169.254.169.254", False),
        ("::ffff:a9fe:a9fe", False),
        ("::169.254.169.254", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b:1::a9fe:a9fe", False),
        ("2002:a9fe:a9fe::1", False),
        ("2001:0:a9fe:a9fe::1", False),
        ("2001:db8::1", False),
        ("2130706433", False),
        ("0x7f000001", False),
        ("0177.0.0.1", False),
        ("", False),
        ("lookaside.fbsbx.com", False),
    ],
)
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public
