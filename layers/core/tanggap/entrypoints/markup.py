"""Pages without a template engine: what is not made of elements is escaped, so that nothing that a stranger wrote can
be forgotten. Small, for a cold start and a slow phone."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

_VOID = frozenset({"input", "br", "meta", "link", "hr"})


class Safe(str):
    """Markup that this module made."""

    __slots__ = ()


def escaped(value: object) -> Safe:
    return value if isinstance(value, Safe) else Safe(html.escape(str(value), quote=True))


def el(name: str, /, *content: object, **attributes: object) -> Safe:
    """One element. `content`: text (escaped), elements, lists of both; None is left out. `attributes`: `class_` for
    class, `_` for `-`; True for one without a value, False and None for none."""
    said = "".join(
        f" {_name(key)}" if value is True else f' {_name(key)}="{escaped(value)}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Safe(f"<{name}{said}>")
    return Safe(f"<{name}{said}>{joined(content)}</{name}>")


def _name(key: str) -> str:
    return key.removesuffix("_").replace("_", "-")


def joined(content: Iterable[object]) -> Safe:
    parts = (joined(one) if isinstance(one, list | tuple) else escaped(one) for one in content if one is not None)
    return Safe("".join(parts))


def lines(text: str) -> Safe:
    """What a person wrote, with their line breaks (the style keeps them)."""
    return el("p", text, class_="said")


#: 320 px wide, and any type size; colours at 7:1 and better on their ground; nothing is told by colour alone.
STYLE = (
    "*{box-sizing:border-box}"
    "body{font:1.0625rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:40rem;padding:.75rem;color:#1a1a1a;"
    "background:#fff}h1{font-size:1.4rem;line-height:1.25}h2{font-size:1.15rem;margin-top:1.75rem}"
    "label,legend{font-weight:600;display:block;margin-top:1rem}"
    "fieldset{border:1px solid #767676;margin:1rem 0 0;padding:.25rem .75rem .75rem}"
    "fieldset label{font-weight:400;margin-top:.5rem}"
    "input,select,textarea,button{font:inherit;width:100%;padding:.6rem;border:1px solid #5a5a5a;"
    "border-radius:.25rem;min-height:2.75rem;background:#fff;color:inherit}"
    "input[type=checkbox]{width:1.4rem;min-height:1.4rem;margin:0 .6rem 0 0;vertical-align:middle}"
    "button{background:#0b4f8a;border-color:#0b4f8a;color:#fff;font-weight:600;margin-top:1.25rem;cursor:pointer}"
    "button.second{background:#fff;color:#0b4f8a}a{color:#0b4f8a}"
    ":focus-visible{outline:3px solid #b35900;outline-offset:2px}"
    ".hint{color:#454545;font-size:.95rem;margin:.15rem 0 .35rem}"
    ".said{white-space:pre-wrap;overflow-wrap:anywhere;margin:.25rem 0}"
    ".note{border-left:.35rem solid #0b4f8a;padding:.25rem .75rem;background:#eef4fa}"
    ".fault{border-color:#a30000;background:#fdeeee}"
    ".own,.agency{border:1px solid #767676;border-radius:.25rem;padding:.5rem .75rem;margin:.75rem 0}"
    ".own{margin-left:1.25rem}.code{font-size:1.35rem;letter-spacing:.06em;overflow-wrap:anywhere}"
    ".trap{position:absolute;left:-9999px}header,footer{border-bottom:1px solid #767676;padding-bottom:.5rem}"
    "footer{border:0;border-top:1px solid #767676;margin-top:2rem;padding-top:.5rem;font-size:.95rem}"
    "dt{font-weight:600}dd{margin:0 0 .5rem}iframe{border:0;width:100%;height:4.5rem}"
)
_STYLE_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


def document(title: str, body: Iterable[object], language: str = "id") -> str:
    head = (
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width,initial-scale=1"),
        el("meta", name="robots", content="noindex"),
        el("title", title),
        Safe(f"<style>{STYLE}</style>"),
    )
    return "<!doctype html>" + el("html", el("head", *head), el("body", *body), lang=language)


def headers(*origins: str, framed: bool = False) -> Mapping[str, str]:
    """Of a page: nothing runs, nothing is loaded, forms go to itself and to `origins`, whose answers may be shown in a
    frame. `framed`: it is itself such an answer."""
    elsewhere = "".join(f" {one}" for one in origins)
    policy = (
        "default-src 'none'",
        f"style-src 'sha256-{_STYLE_DIGEST}'",
        f"form-action 'self'{elsewhere}",
        *((f"frame-src 'self'{elsewhere}",) if origins else ()),
        "base-uri 'none'",
        f"frame-ancestors '{'self' if framed else 'none'}'",
    )
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "; ".join(policy),
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "SAMEORIGIN" if framed else "DENY",
    }


def origin(url: str) -> str:
    """Of an address of ours, for a policy; empty where it has none that fits there."""
    parts = urlsplit(url)
    plain = parts.netloc and not set(parts.netloc) & set(" ;,'\"")
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and plain else ""
