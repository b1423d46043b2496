"""HTML to readable text in one pass. Scripts, styles and comments go; links keep their address; quotes get their `>`.

Not html.parser: several of its releases are quadratic on unclosed markup, and the sender writes the markup."""

from __future__ import annotations

import re
from html import unescape

from . import html_marks as marks

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")
_OPENING = re.compile(r"<(?=[a-zA-Z!?/])")
_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s"'>]{1,2000}))""", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]{1,20})"|'([^']{1,20})')""", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\u00a0\ufeff]+")
_NOTHING = "\u200b\u200c\u200d\u00ad\u034f\u2007 "  # what fills a preview line, and says nothing alone
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
_TAGS = (
    100_000  # tags of one page that are laid out, twice what the longest mail of a program has; of the rest the text
)
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_PREFIX_LINES = 6
#: Parts off a quoted mail that has no quote signs; quotes.py knows it in every language.
_PARTED = "-----Pesan Asli-----"


class _Page:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.verbatim = 0
        self.cell = False  # a table's cell has ended: what follows in the row is parted from it
        self.lists: list[int] = []  # the last number of each open list, -1 for one without numbers
        self.blocks: list[bool] = []  # open blockquotes: is it a quote?
        self.boxes: list[int] = []  # open divs: 0 plain, 1 a quote, 2 the line over a quote
        self.prefix = (0, 0)  # lines that stood over a quote

    def say(self, text: str) -> None:
        if self.verbatim:
            first, *rest = text.replace("\r", "").split("\n")
            self.line.append(first)
            for one in rest:
                self.finish(blank=True)
                self.line.append(one)
            return
        text = _SPACE.sub(" ", text)
        if text == " ":
            if self.line:
                self.line.append(text)
        elif text:
            if self.cell and self.line:
                self.line.append(" | ")
            self.cell = False
            self.line.append(text)

    def finish(self, blank: bool = False) -> None:
        """End the line; an empty one counts only where it was asked for."""
        text = "".join(self.line)
        text = text.rstrip() if self.verbatim else _SPACE.sub(" ", text).strip()
        if not text.strip(_NOTHING):
            text = ""
        self.line.clear()
        self.cell = False
        if text or blank:
            self.lines.append("> " * min(self.quotes, _QUOTE_DEPTH) + text)

    def gap(self) -> None:
        self.finish()
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * min(self.quotes, _QUOTE_DEPTH)).rstrip())

    def quote(self, ends: bool) -> None:
        depth = max(0, self.quotes + (-1 if ends else 1))
        if not ends:
            self._mark_prefix()
        self.finish()
        self.quotes = min(self.quotes, depth)
        self.gap()
        self.quotes = depth

    def _mark_prefix(self) -> None:
        """The line over a quote belongs to it, whatever its language."""
        self.finish()
        start, end = self.prefix
        if 0 <= start < end and end - start <= _PREFIX_LINES and not any(line.strip("> ") for line in self.lines[end:]):
            self.lines[start:] = ["> " + line if line else ">" for line in self.lines[start:]]
        self.prefix = (0, 0)


def readable(html: str) -> str:
    """The text that a person would see, block by block. What is hidden is shown only where nothing else is there."""
    if _OPENING.search(html) is None:
        return _resolved(html).strip()  # plain text under a wrong name: its lines are all it has
    text, hid = _rendered(html, show_hidden=False)
    return _rendered(html, show_hidden=True)[0] if hid and not text.strip("> \n") else text


def _rendered(html: str, *, show_hidden: bool) -> tuple[str, bool]:
    page = _Page()
    link = ""
    hid = False
    unclosed: set[str] = set()
    never_hidden: set[str] = set()
    position, size, room = 0, len(html), _TAGS
    while position < size:
        markup = _OPENING.search(html, position)
        room -= 1
        if markup is None or not room:
            page.say(_resolved(html[position:] if markup is None else _ANY_TAG.sub(" ", html[position:])))
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
        said = html[match.end() : end] if name in marks.TELLING and not ends and end - match.end() > 5 else ""
        if said and not show_hidden and name not in never_hidden and name != "hr" and marks.is_hidden(said):
            after = marks.after_hidden(html, name, end)
            if after >= 0:
                position, hid = after, True
                continue
            never_hidden.add(name)  # never closed: shown instead of swallowed, and not searched again
        if name == "a":
            if ends:
                _append_link(page, link)
                link = ""
            elif found := _HREF.search(html, match.end(), end):
                link = unescape_bounded(found[1] or found[2] or found[3] or "")
        elif name == "img":
            _say_picture(page, html, match.end(), end)
        else:
            if said and (name in ("div", "span", "hr")) and marks.parts_off(html, said, end):
                page.gap()
                page.say(_PARTED)
                page.finish()
            _lay_out(page, name, ends, said)
        position = end
    page.finish()
    return "\n".join(page.lines).strip(), hid


def _lay_out(page: _Page, name: str, ends: bool, said: str) -> None:
    if name in _BREAK and not (ends and name != "tr"):
        page.finish(blank=name == "br")
    elif name in ("td", "th"):
        if ends:
            page.say(" ")
            page.cell = True
    elif name == "li":
        page.finish()
        if not ends:
            page.say(_bullet(page))
    elif name == "blockquote":
        _lay_out_quote(page, ends, said)
    elif name in _BLOCK:
        if name in _TAGS_OF_SPACE:
            page.gap()
        else:
            page.finish()
        if name == "pre":
            page.verbatim = max(0, page.verbatim + (-1 if ends else 1))
        elif name in ("ol", "ul"):
            if not ends:
                page.lists.append(0 if name == "ol" else -1)
            elif page.lists:
                page.lists.pop()
        elif name == "div":
            _lay_out_box(page, ends, said)


def _lay_out_quote(page: _Page, ends: bool, said: str) -> None:
    if ends:
        if page.blocks and not page.blocks.pop():
            page.gap()
        else:
            page.quote(ends=True)
        return
    quoted = marks.is_quote("blockquote", said)
    page.blocks.append(quoted)
    if quoted:
        page.quote(ends=False)
    else:
        page.gap()


def _lay_out_box(page: _Page, ends: bool, said: str) -> None:
    if not ends:
        kind = 0
        if said:
            kind = 1 if marks.is_quote("div", said) else 2 if marks.is_prefix(said) else 0
        page.boxes.append(kind)
        if kind == 1:
            page.quote(ends=False)
        elif kind == 2:
            page.prefix = (len(page.lines), -1)
        return
    kind = page.boxes.pop() if page.boxes else 0
    if kind == 1:
        page.quote(ends=True)
    elif kind == 2 and page.prefix[1] < 0:
        page.prefix = (page.prefix[0], len(page.lines))


def _bullet(page: _Page) -> str:
    if not page.lists or page.lists[-1] < 0:
        return "- "
    page.lists[-1] += 1
    return f"{page.lists[-1]}. "


def _say_picture(page: _Page, html: str, start: int, end: int) -> None:
    """Programs draw emoji as pictures; of others nothing is said."""
    found = _ALT.search(html, start, min(end, start + 4000))
    said = unescape_bounded(found[1] or found[2]) if found else ""
    if said and not said.isascii() and not any(character.isalnum() for character in said):
        page.say(said)


def _append_link(page: _Page, link: str) -> None:
    said = "".join(page.line[-3:])
    if link.startswith("mailto:"):
        link = link[7:].partition("?")[0]
        if "@" in link and "@" not in said:
            page.say(f" <{link}>")
    elif link.startswith(("http://", "https://")) and link.rstrip("/") not in said:
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
