"""The web form: as JSON for whoever builds a page or an app, as a plain form for a page without a script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ...domain.errors import Refuse
from . import fields, minting
from .limits import Limiter
from .parts import Parts
from .request import Answer, Request, TooMany, as_json

_TRUE, _FALSE = frozenset({"on", "1", "true", "ya", "yes"}), frozenset({"", "0", "false", "tidak", "no"})


def report(request: Request, parts: Parts) -> Answer:
    """POST /v1/reports. Raises Refuse, Retry."""
    filed = _file(request, parts, request.json())
    return as_json(shown(filed, parts), 201)


def shown(filed: minting.Filed, parts: Parts) -> dict[str, str]:
    return {
        "number": filed.number,
        "code": filed.code,
        "status": "received",
        "received_at": filed.at,
        "tracking_url": tracking_url(parts, filed.number),
    }


def tracking_url(parts: Parts, number: str) -> str:
    """Without the code: an address is passed on, logged and remembered."""
    return f"{parts.public_url}/lacak?number={quote(number)}"


def lapor(request: Request, parts: Parts) -> Answer:
    """POST /lapor: the page's form."""
    from . import page

    pairs = request.form()
    filed = _file(request, parts, from_form(pairs), page=True)
    language = "en" if pairs.get("lang") == ["en"] else ""
    return page.receipt(filed.number, filed.code, parts.public_url, language)


def told(refusal: Refuse, request: Request, parts: Parts) -> Answer:
    """Whatever is wrong, what the person wrote comes back with the answer."""
    from . import page

    try:
        pairs: Mapping[str, list[str]] = request.form()
    except Refuse:  # it is this that is told
        pairs = {}
    return page.faults(refusal, pairs, parts.public_url, parts.clock())


def _file(request: Request, parts: Parts, given: Mapping[str, Any], *, page: bool = False) -> minting.Filed:
    limited(parts.reports, request)
    checked, key = fields.report_of(given, request.header("idempotency-key"), parts.clock(), page=page)
    return minting.file(parts, "web", key, checked, {})


def limited(limiter: Limiter, request: Request) -> None:
    if seconds := limiter.wait(request.source):
        raise TooMany("too many at once from this address; try again in a moment", seconds)


def from_form(pairs: Mapping[str, list[str]]) -> dict[str, Any]:
    """A form's fields as JSON would have them. What is no field of ours is the page's own business."""
    single: dict[str, Any] = {
        name: values[0] for name, values in pairs.items() if name in fields.NAMES and name != "uploads"
    }
    degrees = {name: _number(pairs[name][0]) for name in ("latitude", "longitude") if name in pairs}
    place = {**({"text": single.pop("place")} if "place" in single else {}), **degrees}
    flags: dict[str, Any] = {name: _flag(single[name]) for name in ("anonymous", "secret") if name in single}
    return {
        **single,
        **flags,
        **({"place": place} if place else {}),
        **({"uploads": pairs["uploads"]} if "uploads" in pairs else {}),
    }


def _flag(value: str) -> bool | str:
    word = value.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else value


def _number(value: str) -> float | str:
    """Indonesians write a comma."""
    try:
        return float(value.strip().replace(",", "."))
    except ValueError:
        return value
