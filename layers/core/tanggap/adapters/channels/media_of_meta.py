"""Media of Meta's platforms. WhatsApp keeps a medium by its id and gives out an address for five minutes, which the
account's token opens; Messenger and Instagram send the address of their store, signed for some days.

developers.facebook.com/docs/whatsapp/cloud-api/reference/media"""

from __future__ import annotations

import re

from ...application.ports.media import Unfetchable
from ...domain.errors import Retry
from ...domain.inbound import Media
from ...domain.media_rules import Failure
from .fetch import Answer
from .fetch_where import Hosts
from .media_of import Got, Source, fields, text
from .secrets import GRAPH_VERSION

_GRAPH, _STORE = "graph.facebook.com", "lookaside.fbsbx.com"
#: Photos and videos of Messenger and Instagram lie under these (`scontent….fbcdn.net`, `video….cdninstagram.com`).
_STORES = ("fbcdn.net", "fbsbx.com", "cdninstagram.com")
_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
_VERSION = re.compile(r"v\d{1,3}\.\d")
#: Graph's code for "an object with this id does not exist, or may not be seen".
_NO_SUCH = 100
#: A signature that ran out, and what was taken away.
_OVER = frozenset({403, 404, 410})


def hosts(origin: str) -> Hosts:
    return Hosts(origin, frozenset({_GRAPH, _STORE}), _STORES, frozenset({_GRAPH, _STORE}))


def by_id(media: Media, source: Source) -> Got:
    """WhatsApp's. Its address is asked for anew at each try, since it is over before the next one."""
    if not _ID.fullmatch(media.id):
        raise Unfetchable(Failure.GONE)
    token = text(source.section("whatsapp"), "token")
    version = text(source.section("meta"), "graph_version") or GRAPH_VERSION
    if not token or not _VERSION.fullmatch(version):
        raise Retry("the channel is not set up")
    url = f"{source.origin}/{version}/{media.id}"
    told = _told(source.ask(url, bearer=token))
    size = told.get("file_size")
    if isinstance(size, int) and size > source.limit:
        raise Unfetchable(Failure.TOO_LARGE)
    got = source.ask(text(told, "url"), bearer=token)
    if got.status >= 300:  # also 404: the address may have run out on the way
        raise Retry("a medium's address was refused")
    hashes = tuple(one for one in (media.sha256, text(told, "sha256")) if one)
    sizes = tuple(one for one in (size,) if isinstance(one, int) and one > 0)
    return Got(got.content, media.type or text(told, "mime_type") or got.type, hashes, sizes)


def by_address(media: Media, source: Source) -> Got:
    """Messenger's and Instagram's: the address itself is the permission."""
    if not media.url:
        raise Unfetchable(Failure.GONE)
    got = source.ask(media.url)
    if got.status in _OVER:
        raise Unfetchable(Failure.GONE)
    if got.status >= 300:
        raise Retry("a medium's address was refused")
    return Got(got.content, media.type or got.type, tuple(one for one in (media.sha256,) if one))


def _told(answer: Answer) -> dict[str, object]:
    told = fields(answer.content)
    if answer.status < 300 and text(told, "url"):
        return told
    error = told.get("error")
    gone = isinstance(error, dict) and error.get("code") == _NO_SUCH and not error.get("is_transient")
    if answer.status == 410 or (answer.status in (400, 404) and gone):
        raise Unfetchable(Failure.GONE)
    raise Retry("the platform did not say where a medium is")
