"""The HTML form of a mail, made harmless to show: an allow-list of tags that only lay out, and links that leave no
trace. Nothing is loaded from anywhere: a picture becomes its words. The raw arrival keeps the original."""

from __future__ import annotations

import html
import re

from . import body as bodies
from . import bounds, mime

_TAGS = {
    *("a", "b", "strong", "i", "em", "u", "s", "del", "ins", "sub", "sup", "small", "p", "div", "span", "br", "hr"),
    *("blockquote", "q", "cite", "pre", "code", "ul", "ol", "li", "dl", "dt", "dd", "abbr", "address", "img"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"),
}
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "img": {"alt"}}
#: Goes with all that is in it; of other unknown tags the text stays.
_WITH_CONTENT = {
    *("script", "style", "template", "noscript", "svg", "math", "object", "embed", "iframe", "frame", "frameset"),
    *("applet", "title", "head", "textarea", "select"),
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_REL = "noopener noreferrer nofollow"
_PICTURE = "[gambar]"
#: Open elements summed over all tags: the parser looks through them at each tag, so nested markup costs its square.
_NESTED = 3_000_000
_ROUNDS = 4  # markup that a browser reads otherwise than it was written settles in a few

#: Of what the sanitiser writes: no `<` or `>` in a text, no `"` in a value.
_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_IMG = re.compile(r'<img(?:\s+alt="([^"]*)")?\s*/?>')
_VALUE = re.compile(r'="([^"]*)"')
_ELSEWHERE = re.compile(r' href="(?!https?:|mailto:|tel:)[^"]*"', re.IGNORECASE)
_OPENED = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_NO_END = {
    *("br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "source", "param", "embed"),
    *("p", "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot", "html", "head", "body"),
}
_REFERENCES = 50_000  # "&…;" of one page: the parser's time grows with the square of their number
_MOST_TAGS = 100_000  # "<" of one page; one that is empty costs the parser a hundred bytes and more
_AFTER_PRE = re.compile(r"<pre>\n+")


def shown(raw: bytes) -> str | None:
    """The HTML form of a stored raw mail, sanitised by today's rules; None where it has none."""
    found = html_of(raw)
    return None if found is None else kept(found)


def html_of(raw: bytes) -> str | None:
    """The HTML form of a stored raw mail as it was sent: for `kept`, never to be shown."""
    doubts: set[str] = set()
    leaves = [leaf for leaf in mime.parse(raw, doubts).leaves() if leaf.type == "text/html"]
    pieces = [bodies.raw_text(leaf, doubts) for leaf in leaves if leaf.disposition != "attachment"]
    return "\n".join(pieces)[: bounds.HTML] if any(piece.strip() for piece in pieces) else None


def kept(page: str) -> str:
    """Harmless markup. Cleaning it again changes nothing."""
    cleaned = page[: bounds.HTML]
    for _ in range(_ROUNDS if _is_ordinary(cleaned) else 0):
        again = _cleaned(cleaned)
        if again is None:
            break
        if again == cleaned:
            return cleaned
        cleaned = again
    from .html_text import readable

    text = readable(cleaned).replace("\u00a0", " ")
    return "<pre>" + _quiet(html.escape(text, quote=False)).lstrip("\n") + "</pre>"


def _is_ordinary(page: str) -> bool:
    """Is this markup that people and programs write, or so nested that reading it would cost minutes?"""
    if page.count("&") > _REFERENCES or page.count("<") > _MOST_TAGS:
        return False
    opened: dict[str, int] = {}
    depth = cost = 0
    for match in _OPENED.finditer(page):
        name = match[2].lower()
        if name not in _NO_END:
            change = -1 if match[1] else 1
            if change > 0 or opened.get(name, 0):
                opened[name] = opened.get(name, 0) + change
                depth += change
        cost += depth
    return cost <= _NESTED


def _cleaned(page: str) -> str | None:
    import nh3

    try:
        found = nh3.clean(
            page.replace("\0", ""),
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            clean_content_tags=_WITH_CONTENT,
            url_schemes=_SCHEMES,
            link_rel=_REL,
            strip_comments=True,
        )
    except ValueError:  # what the library refuses of a stranger's markup is shown as text
        return None
    found = _ELSEWHERE.sub("", _IMG.sub(_picture, found))
    return _AFTER_PRE.sub("<pre>", _TAG.sub(_quiet_values, _quiet_texts(found)))


def _picture(match: re.Match[str]) -> str:
    said = " ".join(html.unescape(match[1] or "").split())
    return html.escape(said, quote=False) if said else _PICTURE


def _quiet_texts(page: str) -> str:
    """`=` outside tags as its number: so what looks like an attribute in the result is one."""
    out: list[str] = []
    end = 0
    for match in _TAG.finditer(page):
        out += [_quiet(page[end : match.start()]), match[0]]
        end = match.end()
    out.append(_quiet(page[end:]))
    return "".join(out)


def _quiet_values(match: re.Match[str]) -> str:
    return _VALUE.sub(lambda value: f'="{_quiet(value[1])}"', match[0]) if "=" in match[0] else match[0]


def _quiet(text: str) -> str:
    return text.replace("=", "&#61;")
