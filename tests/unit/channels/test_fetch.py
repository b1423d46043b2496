"""One download, over real sockets: what a store may do to it, and what it may not."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator

import pytest

from tanggap.adapters.channels import media_of_meta
from tanggap.adapters.channels.fetch import Answer, Asked, get
from tanggap.application.ports.media import Unfetchable
from tanggap.domain.errors import Retry
from tanggap.domain.media_rules import Failure
from tests.support.store import PUBLIC, Store, moved, ok, store

STORE = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"
CDN = "https://scontent-sin6-1.xx.fbcdn.net/v/a.jpg?oh=1"
PHOTO = b"\xff\xd8\xff photo"
TOKEN = "EAAG-secret"


@pytest.fixture
def shop(running: Store) -> Store:
    running.answers = lambda path, head: ok(PHOTO)
    running.heads.clear()
    running.dialled.clear()
    running.resolved.clear()
    running.names.clear()
    return running


def fetch(shop: Store, url: str, *, limit: int = 1000, seconds: float = 5, bearer: str = "", graph: str = "") -> Answer:
    hosts = media_of_meta.hosts(graph or "https://graph.facebook.com")
    return get(shop.net(), url, Asked(hosts, limit, time.monotonic() + seconds, bearer))


def failure(shop: Store, url: str, **more: object) -> Failure:
    with pytest.raises(Unfetchable) as caught:
        fetch(shop, url, **more)  # type: ignore[arg-type]
    return caught.value.failure


def test_bytes_come_from_the_very_address_that_was_checked(shop: Store) -> None:
    answer = fetch(shop, STORE, bearer=TOKEN)
    assert (answer.status, answer.type, answer.content) == (200, "image/jpeg", PHOTO)
    assert shop.resolved == ["lookaside.fbsbx.com"] and shop.dialled == [(PUBLIC, 443)]
    (head,) = shop.heads
    assert head.startswith("GET /whatsapp_business/attachments/?mid=1 HTTP/1.1\r\nHost: lookaside.fbsbx.com\r\n")
    assert f"Authorization: Bearer {TOKEN}\r\n" in head and "Accept-Encoding: identity\r\n" in head


def test_a_name_that_changes_its_address_after_the_check_is_asked_only_once(shop: Store) -> None:
    """A rebinding name answers 157… to who checks and 169.254.169.254 to who connects."""
    net = shop.net()
    turns = iter([(PUBLIC,), ("169.254.169.254",)])
    rebinding = type(net)(lambda host, port: next(turns), net.dial, net.context)
    asked = Asked(media_of_meta.hosts("https://graph.facebook.com"), 1000, time.monotonic() + 5)
    get(rebinding, STORE, asked)
    assert shop.dialled == [(PUBLIC, 443)]
    with pytest.raises(Unfetchable):
        get(rebinding, STORE, asked)
    assert len(shop.dialled) == 1


@pytest.mark.parametrize(
    "addresses",
    [
        ("169.254.169.254",),
        ("10.0.0.8",),
        ("::ffff:127.0.0.1",),
        (PUBLIC, "192.168.1.1"),
        ("::1", PUBLIC),
        ("fe80::1",),
    ],
)
def test_a_platforms_name_that_leads_inside_is_not_followed(shop: Store, addresses: tuple[str, ...]) -> None:
    shop.names["lookaside.fbsbx.com"] = addresses
    assert failure(shop, STORE) is Failure.FORBIDDEN
    assert shop.dialled == []


def test_a_store_without_the_platforms_certificate_gets_neither_request_nor_token(shop: Store) -> None:
    with pytest.raises(Retry):  # cdn.fbsbx.com is none of the names that the store can prove
        fetch(shop, "https://cdn.fbsbx.com/v/a.jpg", bearer=TOKEN)
    assert shop.dialled and shop.heads == []


def test_an_origin_that_was_set_up_is_asked_as_it_is() -> None:
    with store(tls=False) as double:
        double.answers = lambda path, head: ok(b"{}", "application/json")
        assert fetch(double, f"{double.origin}/v25.0/1", bearer=TOKEN, graph=double.origin).content == b"{}"
        assert f"Bearer {TOKEN}" in double.heads[0]
        assert failure(double, "http://127.0.0.1:1/x", graph=double.origin) is Failure.FORBIDDEN


# -- redirects


def test_a_redirect_to_another_host_of_the_platform_is_followed_without_the_token(shop: Store) -> None:
    shop.answers = lambda path, head: moved(CDN) if "attachments" in path else ok(PHOTO)
    assert fetch(shop, STORE, bearer=TOKEN).content == PHOTO
    assert shop.resolved == ["lookaside.fbsbx.com", "scontent-sin6-1.xx.fbcdn.net"]
    assert [TOKEN in head for head in shop.heads] == [True, False]


def test_back_on_the_first_host_the_token_is_not_sent_again(shop: Store) -> None:
    steps = iter([moved(CDN), moved("https://lookaside.fbsbx.com/again"), ok(PHOTO)])
    shop.answers = lambda path, head: next(steps)
    assert fetch(shop, STORE, bearer=TOKEN).content == PHOTO
    assert [TOKEN in head for head in shop.heads] == [True, False, False]


def test_a_redirect_on_the_same_host_keeps_the_token(shop: Store) -> None:
    shop.answers = lambda path, head: moved("/elsewhere?x=1") if "attachments" in path else ok(PHOTO)
    assert fetch(shop, STORE, bearer=TOKEN).content == PHOTO
    assert [TOKEN in head for head in shop.heads] == [True, True]


@pytest.mark.parametrize(
    "to",
    [
        *("http://169.254.169.254/latest/meta-data/iam/security-credentials/", "https://169.254.169.254/"),
        *("http://lookaside.fbsbx.com/x", "https://evil.example/x", "//evil.example/x", "file:///etc/passwd", ""),
        *("https://lookaside.fbsbx.com@evil.example/", "http://[::ffff:169.254.169.254]/", "gopher://127.0.0.1:6379/_"),
    ],
)
def test_a_redirect_elsewhere_is_not_followed(shop: Store, to: str) -> None:
    shop.answers = lambda path, head: moved(to) if len(shop.heads) < 5 else ok(PHOTO)
    assert failure(shop, STORE, bearer=TOKEN) is Failure.FORBIDDEN
    assert all(address == PUBLIC for address, _ in shop.dialled)


def test_the_address_behind_a_redirect_is_checked_too(shop: Store) -> None:
    shop.names["scontent-sin6-1.xx.fbcdn.net"] = ("169.254.169.254",)
    shop.answers = lambda path, head: moved(CDN)
    assert failure(shop, STORE) is Failure.FORBIDDEN
    assert shop.dialled == [(PUBLIC, 443)]


def test_redirects_end(shop: Store) -> None:
    shop.answers = lambda path, head: moved(STORE)
    assert failure(shop, STORE) is Failure.FORBIDDEN
    assert len(shop.heads) == 3


# -- bounds


def test_what_says_that_it_is_too_large_is_not_read(shop: Store) -> None:
    def slow(path: str, head: str) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n"
        time.sleep(1)

    shop.answers = slow
    assert failure(shop, STORE, seconds=0.4) is Failure.TOO_LARGE


@pytest.mark.parametrize("framing", [b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n"])
def test_what_does_not_say_how_large_it_is_is_read_to_the_bound_alone(shop: Store, framing: bytes) -> None:
    def endless(path: str, head: str) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n"
        while True:
            yield b"186a0\r\n" + b"x" * 100_000 + b"\r\n"

    shop.answers = endless
    assert failure(shop, STORE, limit=300_000) is Failure.TOO_LARGE


def test_pieces_in_chunks_are_put_together(shop: Store) -> None:
    shop.answers = lambda path, head: [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        *(b"3\r\nabc\r\n", b"2;x=y\r\nde\r\n", b"0\r\n\r\n"),
    ]
    assert fetch(shop, STORE).content == b"abcde"


@pytest.mark.parametrize("packing", ["gzip", "deflate", "br", "GZIP, gzip"])
def test_what_is_packed_is_not_unpacked(shop: Store, packing: str) -> None:
    bomb = gzip.compress(b"\0" * 5_000_000)
    shop.answers = lambda path, head: ok(bomb, Content_Encoding=packing)
    assert failure(shop, STORE, limit=100_000) is Failure.FORBIDDEN


def test_a_framing_that_hides_a_packing_is_refused(shop: Store) -> None:
    shop.answers = lambda path, head: [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", b"x"]
    assert failure(shop, STORE) is Failure.FORBIDDEN


def test_an_answer_that_is_cut_off_is_asked_for_again(shop: Store) -> None:
    shop.answers = lambda path, head: [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", b"half"]
    with pytest.raises(Retry):
        fetch(shop, STORE)
    shop.answers = lambda path, head: [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"64\r\nhalf"]
    with pytest.raises(Retry):
        fetch(shop, STORE)


def test_a_store_that_drips_is_left_after_the_time_for_all_of_it(shop: Store) -> None:
    def drips(path: str, head: str) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
        for _ in range(100):
            time.sleep(0.05)
            yield b"x"

    shop.answers = drips
    began = time.monotonic()
    with pytest.raises(Retry):
        fetch(shop, STORE, seconds=0.3)
    assert time.monotonic() - began < 2


def test_a_store_that_drips_its_headers_is_left_too(shop: Store) -> None:
    def drips(path: str, head: str) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        for number in range(100):
            time.sleep(0.05)
            yield f"X-{number}: y\r\n".encode()

    shop.answers = drips
    began = time.monotonic()
    with pytest.raises(Retry):
        fetch(shop, STORE, seconds=0.3)
    assert time.monotonic() - began < 2


def test_a_body_without_an_end_in_sight_is_not_kept_when_time_ends_it(shop: Store) -> None:
    def stalls(path: str, head: str) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf"
        time.sleep(1)

    shop.answers = stalls
    with pytest.raises(Retry):
        fetch(shop, STORE, seconds=0.3)


def test_no_time_means_no_request(shop: Store) -> None:
    with pytest.raises(Retry):
        fetch(shop, STORE, seconds=0)
    assert shop.dialled == []


@pytest.mark.parametrize(
    "answer",
    [b"", b"\x16\x03\x01", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n" + b"y" * 2000],
)
def test_what_is_no_answer_is_asked_for_again_or_bounded(shop: Store, answer: bytes) -> None:
    shop.answers = lambda path, head: [answer]
    with pytest.raises((Retry, Unfetchable)):
        fetch(shop, STORE)


def test_of_an_error_only_a_beginning_is_read(shop: Store) -> None:
    shop.answers = lambda path, head: ok(b"{" * 200_000, "application/json", "400 Bad Request")
    answer = fetch(shop, STORE)
    assert answer.status == 400 and len(answer.content) == 65_536


# -- nothing is told


@pytest.mark.parametrize("bearer", [TOKEN, f"{TOKEN}\r\nX-Evil: 1", f"{TOKEN}\x00", "é" + TOKEN, "\u2603" + TOKEN])
def test_no_error_tells_the_token_or_the_address(shop: Store, bearer: str) -> None:
    """Whatever breaks: a token that no header can hold included."""
    shop.answers = lambda path, head: [b"HTTP/1.1 garbage\r\n\r\n"]
    with pytest.raises(Retry) as caught:
        fetch(shop, STORE, bearer=bearer)
    seen: list[str] = []
    error: BaseException | None = caught.value
    while error:
        seen += [str(error), repr(error)]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    assert not any(word in text for text in seen for word in ("secret", "lookaside", "attachments", PUBLIC))
    assert "secret" not in repr(Asked(media_of_meta.hosts(""), 1, 1, bearer))
    assert not any("X-Evil" in head for head in shop.heads)


def test_a_wire_that_leads_nowhere_is_tried_again_later(shop: Store) -> None:
    net = shop.net()

    def nobody(address: str, port: int, seconds: float) -> object:
        shop.dialled.append((address, port))
        raise ConnectionRefusedError

    shop.names["lookaside.fbsbx.com"] = [f"157.240.1.{number}" for number in range(10)]
    asked = Asked(media_of_meta.hosts(""), 1000, time.monotonic() + 5)
    with pytest.raises(Retry):
        get(type(net)(net.resolve, nobody, net.context), STORE, asked)  # type: ignore[arg-type]
    assert len(shop.dialled) == 3


def test_a_name_that_nobody_knows_is_tried_again_later(shop: Store) -> None:
    def unknown(host: str, port: int) -> tuple[str, ...]:
        raise OSError("Name or service not known: " + host)

    net = shop.net()
    with pytest.raises(Retry) as caught:
        get(type(net)(unknown, net.dial, net.context), STORE, Asked(media_of_meta.hosts(""), 9, time.monotonic() + 5))
    assert "lookaside" not in str(caught.value)
