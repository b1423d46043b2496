"""What was sent on chats, to be read: plain HTML, everything escaped, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from html import escape
from typing import Any

_JAKARTA = timezone(timedelta(hours=7), "WIB")
LIST_LENGTH = 200
HEADS = ("Sent", "Channel", "To", "What")
_STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;margin:1rem auto;max-width:60rem;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ddd;"
    "vertical-align:top;overflow-wrap:anywhere;white-space:pre-wrap}"
)


def table(sent: Sequence[Mapping[str, Any]]) -> str:
    """The newest first."""
    rows = "".join(
        f"<tr><td>{_at(one)}</td><td>{escape(_channel(one))}</td><td>{escape(str(one['to']))}</td>"
        f"<td>{escape(what(one))}</td></tr>"
        for one in reversed(sent[-LIST_LENGTH:])
    )
    heads = "".join(f"<th>{head}</th>" for head in HEADS)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def what(one: Mapping[str, Any]) -> str:
    """A message in words: its text, its template, its files."""
    parts = [str(one.get("text", ""))] if one.get("text") else []
    if one.get("template"):
        parts.append(f"[{one['template']}] " + " | ".join(one.get("parameters", ())))
    parts += [f"[{file['kind']}: {file['name']}, {file['size']} bytes]" for file in one.get("files", ())]
    return "\n".join(parts)


def page(sent: Sequence[Mapping[str, Any]]) -> bytes:
    body = table(sent) if sent else "<p>Nothing was sent yet.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Sent on chats</title><style>{_STYLE}</style></head>"
        f"<body><h1>Sent on chats</h1>{body}</body></html>"
    ).encode()


def _channel(one: Mapping[str, Any]) -> str:
    how = str(one.get("how", ""))
    return str(one["channel"]) + (f" ({how})" if how not in ("", "message") else "")


def _at(one: Mapping[str, Any]) -> str:
    return datetime.fromtimestamp(one["at"], _JAKARTA).strftime("%Y-%m-%d %H:%M:%S")
