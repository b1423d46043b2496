"""HTML to readable text in one pass. Scripts, styles and comments go; links keep their address; quotes get their `>`.

Not html.parser: several of its releases are quadratic on unclosed markup, and the sender writes the markup."""

from __future__ import annotations

import re
from html import unescape

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")
_OPENING = re.compile(r"<(?=[a-zA-Z!?/])")
_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s"'>]{1,2000}))""", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\u00a0\u200b\u200c\ufeff]+")
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe"})
_BREAK = frozenset({"br", "tr", "dt", "dd", "option"})
_BLOCK = frozenset(
    (
        "p",
        "div",
        "ul",
        "ol",
        "dl",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "hr",
        "section",
        "article",
        "header",
        "footer",
        "address",
        "form",
        "center",
    )
)
_TAGS_OF_SPACE = frozenset({"p", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table", "pre"})
_QUOTE_DEPTH = 5


class _Page:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.verbatim = 0

    def say(self, text: str) -> None:
        if self.verbatim:
            first, *rest = text.replace("\r", "").split("\n")
            self.line.append(first)
            for one in rest:
                self.finish(blank=True)
                self.line.append(one)
            return
        text = _SPACE.sub(" ", text)
        if text != " " or self.line:
            self.line.append(text)

    def finish(self, blank: bool = False) -> None:
        """End the line; an empty one counts only where it was asked for."""
        text = "".join(self.line)
        text = text.rstrip() if self.verbatim else _SPACE.sub(" ", text).strip()
        self.line.clear()
        if text or blank:
            self.lines.append("> " * min(self.quotes, _QUOTE_DEPTH) + text)

    def gap(self) -> None:
        self.finish()
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * min(self.quotes, _QUOTE_DEPTH)).rstrip())


def readable(html: str) -> str:
    """The text that a person would see, block by block."""
    page = _Page()
    link = ""
    unclosed: set[str] = set()
    position, size = 0, len(html)
    while position < size:
        markup = _OPENING.search(html, position)
        if markup is None:
            page.say(_resolved(html[position:]))
            break
        opening = markup.start()
        if opening > position:
            page.say(_resolved(html[position:opening]))
        if html.startswith("<!--", opening):
            closing = html.find("-->", opening + 4)
            position = size if closing < 0 else closing + 3
            continue
        match = _TAG.match(html, opening + 1)
        if match is None:
            closing = html.find(">", opening)
            position = size if closing < 0 else closing + 1
            continue
        end = _end_of_tag(html, match.end())
        ends, name = bool(match[1]), match[2].lower()
        if name in _SILENT and not ends:
            position = _after_element(html, name, end, unclosed)
            continue
        if name == "a":
            if ends:
                _append_link(page, link)
                link = ""
            elif found := _HREF.search(html, match.end(), end):
                link = unescape_bounded(found[1] or found[2] or found[3] or "")
        else:
            _lay_out(page, name, ends)
        position = end
    page.finish()
    return "\n".join(page.lines).strip()


def _lay_out(page: _Page, name: str, ends: bool) -> None:
    if name in _BREAK and not (ends and name != "tr"):
        page.finish(blank=name == "br")
    elif name in ("td", "th"):
        if ends:
            page.say(" ")
    elif name == "li":
        page.finish()
        if not ends:
            page.say("- ")
    elif name == "blockquote":
        depth = max(0, page.quotes + (-1 if ends else 1))
        page.finish()
        page.quotes = min(page.quotes, depth)
        page.gap()
        page.quotes = depth
    elif name in _BLOCK:
        if name in _TAGS_OF_SPACE:
            page.gap()
        else:
            page.finish()
        if name == "pre":
            page.verbatim = max(0, page.verbatim + (-1 if ends else 1))


def _append_link(page: _Page, link: str) -> None:
    said = "".join(page.line[-3:])
    if link.startswith(("http://", "https://")) and link.rstrip("/") not in said:
        page.say(f" <{link}>")


def _end_of_tag(html: str, position: int) -> int:
    """After the `>` that ends the tag; one inside a quoted value does not. An unclosed quote ends with the tag."""
    closing = html.find(">", position)
    if closing < 0:
        return len(html)
    for mark in ('"', "'"):
        inside = html.count(mark, position, closing)
        if inside % 2 and html.find("=" + mark, position, closing) >= 0:
            other = html.find(mark, closing, closing + 4096)
            if other >= 0:
                after = html.find(">", other, other + 4096)
                return after + 1 if after >= 0 else closing + 1
    return closing + 1


def _after_element(html: str, name: str, position: int, unclosed: set[str]) -> int:
    """After `</name>`; where it is never closed, the rest is shown instead of swallowed, and not searched again."""
    if name in unclosed:
        return position
    closing = re.compile(f"</{name}[^>]*>?", re.IGNORECASE).search(html, position)
    if closing is None:
        unclosed.add(name)
    return closing.end() if closing else position


def _resolved(text: str) -> str:
    return unescape_bounded(text) if "&" in text else text


def unescape_bounded(text: str) -> str:
    """html.unescape raises on a number of more than 4,300 digits; this looks at seven."""
    return _ENTITY.sub(lambda match: unescape(match[0]), text)
