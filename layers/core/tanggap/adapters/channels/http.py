"""HTTP to the platforms: one request at a time, bounded in time and size, never repeated, never redirected.

What a failure means is told by how far the request got: until the last byte of its body was taken, nobody can have
acted on it; after that, only an answer tells. No error names an address, since Telegram's holds the token."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ...application.failures import AnswerLost, Broken

if TYPE_CHECKING:
    from urllib3 import PoolManager

#: The fields of a multipart form; a file is (name, content, type).
Form = Mapping[str, str | tuple[str, bytes, str]]

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
#: An answer is a few hundred bytes; what is longer is none of theirs.
ANSWER_BYTES = 65_536
#: No service is left alone for longer, whatever it says.
LONGEST_PAUSE = 24 * 3600
#: A connection that lay idle for longer may be dead without a word (a function sleeps between two events): a request
#: on it would count as an answer that got lost.
IDLE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> dict[str, Any]:
        """Empty for what is no JSON object."""
        try:
            read = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) else {}


class _Body(BytesIO):
    """Knows whether it was taken to its end."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._length, self.taken = len(content), False

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.taken = self.taken or self.tell() >= self._length
        return piece


def pool(connect: float = CONNECT_SECONDS, read: float = READ_SECONDS) -> PoolManager:
    """Certificates are those that botocore brings along: a function's own may be missing or old."""
    from botocore.httpsession import get_cert_path
    from urllib3 import PoolManager, Timeout

    return PoolManager(
        num_pools=4, maxsize=1, timeout=Timeout(connect=connect, read=read), retries=False, ca_certs=get_cert_path(True)
    )


class Http:
    def __init__(
        self, pool_of: Callable[[], PoolManager] = pool, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool_of, self._monotonic = pool_of, monotonic
        self._pool: PoolManager | None = None
        self._last = 0.0

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, harmless: bool = False) -> Answer:
        """Raises Broken (surely not taken) or AnswerLost. `harmless`: nobody sees it happen, so that doing it twice
        is nothing, and a lost answer is Broken too."""
        from urllib3.exceptions import HTTPError

        sent = _Body(body)
        try:
            answer = self._fresh().request(
                "POST",
                url,
                body=sent,
                headers={**headers, "Content-Length": str(len(body)), "Accept-Encoding": "identity"},
                redirect=False,
                retries=False,
                preload_content=False,
            )
        except HTTPError:
            if sent.taken and not harmless:
                raise AnswerLost("answer_lost") from None
            raise Broken("unreachable") from None
        try:
            content = answer.read(ANSWER_BYTES + 1, decode_content=False)
        except HTTPError:
            answer.close()
            content = b""
        if len(content) > ANSWER_BYTES:
            answer.close()
            content = b""
        answer.release_conn()
        self._last = self._monotonic()
        return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, content)

    def _fresh(self) -> PoolManager:
        if self._pool is None:
            self._pool = self._pool_of()
        elif self._monotonic() - self._last > IDLE_SECONDS:
            self._pool.clear()
        return self._pool


def seconds_in(said: object) -> float:
    """How long a service asks to be left alone; 0 for what is no length of time."""
    if isinstance(said, bool) or not isinstance(said, int | float) or said != said:
        return 0.0
    return float(min(max(said, 0), LONGEST_PAUSE))


def as_json(content: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
    """Body and headers. ASCII escapes carry any text, half a surrogate pair included."""
    return json.dumps(content, separators=(",", ":")).encode(), {"Content-Type": "application/json"}


def as_form(fields: Form) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a multipart form."""
    from urllib3.filepost import encode_multipart_formdata

    body, content_type = encode_multipart_formdata(dict(fields))
    return body, {"Content-Type": content_type}
