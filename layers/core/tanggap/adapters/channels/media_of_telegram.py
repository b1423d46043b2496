"""Media of Telegram: `getFile` names a path, which lives for an hour at least and is opened by the bot's token.

core.telegram.org/bots/api#getfile"""

from __future__ import annotations

import re
from urllib.parse import quote

from ...application.ports.media import Unfetchable
from ...domain.errors import Retry
from ...domain.inbound import Media
from ...domain.media_rules import Failure
from .fetch_where import Hosts
from .media_of import Got, Source, fields, text

_API = "api.telegram.org"
_ID = re.compile(r"[A-Za-z0-9_-]{1,300}")
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}")


def hosts(origin: str) -> Hosts:
    return Hosts(origin, frozenset({_API}))


def by_file(media: Media, source: Source) -> Got:
    if not _ID.fullmatch(media.id):
        raise Unfetchable(Failure.GONE)
    token = text(source.section("telegram"), "token")
    if not _TOKEN.fullmatch(token):
        raise Retry("the channel is not set up")
    answer = source.ask(f"{source.origin}/bot{token}/getFile?file_id={media.id}")
    told = fields(answer.content)
    if answer.status == 400 and "too big" in text(told, "description").lower():
        raise Unfetchable(Failure.TOO_LARGE)
    # Any other refusal may pass: a file is "temporarily unavailable" in the words of one that never was.
    result = told.get("result")
    path = text(result, "file_path") if answer.status < 300 and isinstance(result, dict) else ""
    if not path or not isinstance(result, dict):
        raise Retry("the platform did not say where a medium is")
    if ".." in path.split("/"):
        raise Unfetchable(Failure.FORBIDDEN)
    got = source.ask(f"{source.origin}/file/bot{token}/{quote(path.lstrip('/'))}")
    if got.status >= 300:
        raise Retry("a medium's address was refused")
    size = result.get("file_size")
    sizes = (size,) if isinstance(size, int) and size > 0 else ()
    return Got(got.content, media.type or got.type, sizes=sizes)
