"""Safe access to JSON that strangers fill: nothing here raises on a wrong form, and what it returns is bounded and
clean. How much of a body is looked at is named here too; whatever is over a bound stays in the stored arrival."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ...domain.errors import Park
from ...domain.words import Reason

Fields = Mapping[str, Any]

TEXT = 20_000  # characters of one message; the longest that a platform takes is WhatsApp's 4,096, Telegram's as many
NAME = 200
FILE_NAME = 120
WORD = 64  # a platform's own short word: a type, a status, a code
IDENTIFIER = 400  # Instagram's message ids take about 200 characters
URL = 4_000  # a signed address of a platform's store has about 1,500
TYPE = 100
DEPTH = 40  # containers in containers; the platforms' deepest body has about fifteen
#: Messages, statuses and events of one body. Meta brings a thousand together at most (developers.facebook.com/docs/
#: graph-api/webhooks/getting-started); what is far over that was written by somebody who has the app's secret, and
#: would keep whoever reads or counts it busy for minutes.
MESSAGES = 2_000
#: Meta brings a message again for up to seven days; what claims to be older, or of tomorrow, is not believed.
OLDEST = timedelta(days=7)

#: What ends a line in any script, and what has no place in a text: what mail names lose too (adapters.mail.headers).
_LINES = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]+")
_TURNING = re.compile("[\u061c\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_SPACES = re.compile(r"\s+")


def parsed(raw: bytes) -> dict[str, Any]:
    """Raises `Park(unreadable)` for what is no JSON object, or nested deeper than any platform's."""
    try:
        body = json.loads(raw, parse_constant=_refused, parse_float=_number)
    except (ValueError, RecursionError):
        raise Park(Reason.UNREADABLE, "a webhook's body that is no JSON") from None
    if not isinstance(body, dict) or (raw.count(b"[") + raw.count(b"{") > DEPTH and _deeper(body, DEPTH)):
        raise Park(Reason.UNREADABLE, "a webhook's body of another form")
    return body


def packed(body: Fields) -> bytes:
    """A part's body as it is stored: read again, it gives the same part."""
    return json.dumps(body, separators=(",", ":")).encode()


def _refused(word: str) -> Any:
    raise ValueError(word)


def _number(text: str) -> float | str:
    """1e999 is no number that JSON could write again."""
    value = float(text)
    return value if math.isfinite(value) else text


def _deeper(body: Any, limit: int) -> bool:
    level = [body]
    for _ in range(limit):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


# -- containers


def fields(within: Fields, name: str) -> Fields:
    value = within.get(name)
    return value if isinstance(value, dict) else {}


def items(within: Fields, name: str) -> Sequence[Any]:
    value = within.get(name)
    return value if isinstance(value, list) else ()


def objects(within: Fields, name: str) -> Iterator[Fields]:
    return (one for one in items(within, name) if isinstance(one, dict))


def picked(within: Fields, *names: str) -> dict[str, Any]:
    """Those of the fields that are there, as they are."""
    return {name: within[name] for name in names if name in within}


def rest(within: Fields, *known: str) -> dict[str, Any]:
    """The containers under other names: what a platform added since, and what might be somebody's message."""
    return {
        name: value for name, value in within.items() if value and isinstance(value, (dict, list)) and name not in known
    }


# -- values


def word(value: Any, limit: int = WORD) -> str:
    """A word or number of the platform's as it stands; empty for what is none, or too long to be one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if -(10**18) < value < 10**18 else ""
    if not isinstance(value, str) or len(value) > limit:
        return ""
    return _SPACES.sub(" ", _clean(value)).strip()


def identifier(value: Any) -> str:
    """A platform's id. One that is too long is told by its digest, for cut it would be another's."""
    if isinstance(value, str) and len(value) > IDENTIFIER:
        return "sha256:" + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    return word(value, IDENTIFIER)


def prose(value: Any) -> str:
    """What a person wrote, its lines kept; empty where nothing of it can be seen. Longer than `TEXT` where it is to be
    cut, and marked so."""
    if not isinstance(value, str):
        return ""
    text = _clean(_LINES.sub("\n", value[: 4 * TEXT])).strip()
    return text if text.isascii() or _INVISIBLE.sub("", text).strip() else ""


def line(value: Any, limit: int = NAME) -> str:
    """One line of a person's words: a name, a title."""
    if not isinstance(value, str):
        return ""
    text = _INVISIBLE.sub("", _clean(_LINES.sub(" ", value[: 4 * limit])))
    return " ".join(text.split())[:limit].strip()


def file_name(value: Any) -> str:
    name = re.sub(r"[/\\]", "_", line(value, 4 * FILE_NAME))
    if len(name) <= FILE_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return stem[: FILE_NAME - len(ending) - 1] + dot + ending if dot and len(ending) <= 10 else name[:FILE_NAME]


def url(value: Any) -> str:
    """A web address as it stands; whether it may be fetched is asked where that is done."""
    text = value if isinstance(value, str) and len(value) <= URL else ""
    return (
        text
        if text.startswith(("https://", "http://")) and text.isascii() and text.isprintable() and " " not in text
        else ""
    )


def media_type(value: Any) -> str:
    return word(value, TYPE).partition(";")[0].strip().lower()


def size(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**12 else 0


def degrees(value: Any, most: int) -> float | None:
    """Within ± `most`; some libraries write it as text."""
    if isinstance(value, str):
        try:
            value = float(value) if len(value) <= 30 else None
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -most <= value <= most:
        return None
    return float(value)


def _clean(text: str) -> str:
    text = _CONTROL.sub(" ", text)
    return text if text.isascii() else _TURNING.sub("", text)


# -- time


def moment(stored: datetime, *claims: Any) -> datetime:
    """The first claim that is a time (seconds, milliseconds or microseconds since 1970, or ISO text with its zone),
    no later than `stored` and at most `OLDEST` before it; `stored` where none is."""
    at = next((found for claim in claims if (found := _instant(claim)) is not None), stored)
    return max(min(at, stored), stored - OLDEST)


def _instant(claim: Any) -> datetime | None:
    if isinstance(claim, str):
        if not (claim.isascii() and claim.isdigit()):
            return _from_text(claim)
        claim = int(claim) if len(claim) <= 18 else None
    if isinstance(claim, bool) or not isinstance(claim, (int, float)) or not 0 < claim < 10**18:
        return None
    seconds = float(claim)
    while seconds >= 1e11:  # seconds have ten digits until the year 2286
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC)


def _from_text(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if len(text) <= 40 else None
        return at.astimezone(UTC) if at and at.tzinfo else None
    except (ValueError, OverflowError):
        return None
