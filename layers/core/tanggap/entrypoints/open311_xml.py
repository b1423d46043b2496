"""GeoReport's XML out of the same values as its JSON (its "Spark convention" the other way round), for what is read
and for what is posted. Imports nothing that a cold start would feel."""

from __future__ import annotations

import re
from html import escape
from typing import Any

#: What a list's elements are called.
_ELEMENT = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
#: No character of XML 1.0, escaped or not.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(root: str, value: Any) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element(root, value)}\n'


def _element(name: str, value: Any) -> str:
    inside = _inside(name, value)
    return f"<{name}>{inside}</{name}>" if inside else f"<{name}/>"


def _inside(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "".join(_element(key, one) for key, one in value.items())
    if isinstance(value, list | tuple):
        return "".join(_element(_ELEMENT[name], one) for one in value)
    # A bare carriage return would come out as a line feed.
    return escape(_NO_XML.sub("", str(value)), quote=False).replace("\r", "&#13;")
