"""Which leaves of the tree are the text and which are attachments. Each leaf is one of three: text that was read,
another form of a text that was read (it stays in the raw mail), or a file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...domain.inbound import File
from . import bounds, charsets, files
from .bounds import Doubt
from .headers import Headers
from .mime import Part

_SEALED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
#: Kept as they are; nothing in here looks into them.
_NOT_OPENED = ("application/ms-tnef", "application/vnd.ms-tnef", "message/partial", "message/external-body")
#: Forms of a text for programs that we are not; beside another form they are no file.
_OTHER_FORMS = (
    "text/x-amp-html",
    "text/watch-html",
    "text/enriched",
    "text/richtext",
    "text/markdown",
    "text/x-markdown",
)
_READABLE = ("text/plain", "text/html", *_OTHER_FORMS[2:])
_PGP = "-----BEGIN PGP MESSAGE-----"

_QUOTES_MARKED = (b"<blockquote", b"yahoo_quoted", b"reference-message")

_STUB_LONGEST = 600  # characters of a plain form that may stand for a longer HTML form
_STUB_WORDS = 40
_FAR_MORE = 20  # words, besides three times as many
_STUB = re.compile(
    r"\bhtml\b|(?:view|see|read|open|lihat|buka|baca)\b.{0,60}\b(?:browser|peramban|web version|versi web|online)"
    r"\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(r"\s{0,100}<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_ENRICHED = re.compile(r"</?[a-zA-Z-]{1,60}>")


@dataclass(slots=True)
class Body:
    """`read`: parts whose text is in `texts`, in their order; `forms`: other forms of those; `attached`: what is kept
    as files, of which those over the bound are only named in `left_out`."""

    texts: list[str] = field(default_factory=list)
    read: list[Part] = field(default_factory=list)
    forms: list[Part] = field(default_factory=list)
    attached: list[Part] = field(default_factory=list)
    left_out: tuple[str, ...] = ()
    left_out_count: int = 0

    @property
    def text(self) -> str:
        return "\n\n".join(text for text in self.texts if text).lstrip()


def gather(tree: Part, doubts: set[str]) -> Body:
    body = Body()
    gathering = _Gathering(doubts)
    gathering.walk(tree, body)
    body.texts = [gathering.text(part, body) for part in body.read]
    _drop_repeated(body)
    if not body.text.strip():
        gathering.read_attached_text(body)
    if tree.children and not body.attached and not body.text:
        body.texts = [_before_first_part(tree)]
    if _PGP in body.text:
        doubts.add(Doubt.ENCRYPTED)
    if tree.left_out or len(body.attached) > bounds.FILES:
        left = [*(part.name for part in body.attached[bounds.FILES :]), *tree.left_out]
        body.left_out_count = len(left)
        body.left_out = tuple(files.safe_name(name) or "?" for name in left[: bounds.NAMES_LEFT_OUT])
    return body


class _Gathering:
    """The walk over one tree. A text is decoded once, however often it is asked for."""

    def __init__(self, doubts: set[str]) -> None:
        self.doubts = doubts
        self.known: dict[int, str] = {}

    def walk(self, part: Part, body: Body) -> None:
        """Depth is bounded by the parser."""
        self._mark(part)
        if part.type == "multipart/alternative" and part.children:
            self._choose(part, body)
        elif part.children:
            for child in part.children:
                self.walk(child, body)
        elif _is_text(part):
            body.read.append(part)
        elif part.type.startswith("multipart/"):
            pass  # an empty container
        else:
            body.attached.append(part)

    def _mark(self, part: Part) -> None:
        if part.type in _SEALED:
            signed = part.parameters.get("smime-type", "").lower().startswith(("signed", "certs"))
            self.doubts.add(Doubt.NOT_OPENED if signed else Doubt.ENCRYPTED)
        elif part.type in _NOT_OPENED or part.name.lower() == "winmail.dat":
            self.doubts.add(Doubt.NOT_OPENED)
        elif part.type == "text/calendar":
            self.doubts.add(Doubt.INVITATION)

    def _choose(self, part: Part, body: Body) -> None:
        """The plainest form that says something, unless it only stands in for another; what is no form of the text (a
        picture, an invitation) is kept."""
        forms: list[Body] = []
        for child in part.children:
            form = Body()
            if child.type in _OTHER_FORMS and not child.children:
                form.forms.append(child)
            else:
                self.walk(child, form)
            forms.append(form)
        plain = next((form for form in forms if form.read and not _rich(form) and self._says(form)), None)
        best = plain
        if plain is None or len(self._said(plain)) <= _STUB_LONGEST:
            rich = next(
                (form for form in forms if _rich(form) and (plain is None or self._says_far_more(form, plain))), None
            )
            best = rich if rich and self._says(rich) else plain
        if best is None:
            best = next((form for form in forms if form.read), None)
        for form in forms:
            (body.read if form is best else body.forms).extend(form.read)
            body.forms += form.forms
            body.attached += form.attached

    def _said(self, form: Body) -> str:
        return "\n".join(self.text(part, form) for part in form.read).strip()

    def _says(self, form: Body) -> bool:
        return bool(self._said(form))

    def _says_far_more(self, rich: Body, plain: Body) -> bool:
        """Is the plain form a stand-in ("please use a program that shows HTML"), or a teaser?"""
        said = self._said(plain)
        if sum(part.end - part.start for part in rich.read) < 2 * len(said):
            return False
        stub = len(said.split()) <= _STUB_WORDS and _STUB.search(said) is not None
        if not stub and sum(part.end - part.start for part in rich.read) < 3 * len(said) + 500:
            return False
        words, few = len(self._said(rich).split()), len(said.split())
        return (stub and words > 3) or words > 3 * few + _FAR_MORE

    def text(self, part: Part, body: Body) -> str:
        found = self.known.get(id(part))
        if found is None:
            found = self.known[id(part)] = _text(part, body, self.doubts)
        return found

    def read_attached_text(self, body: Body) -> None:
        """Some programs send even the only text with a file name, or in a form of its own: read, and kept as a file."""
        for part in body.attached:
            if part.type in _READABLE and part.disposition != "attachment":
                body.texts.append(self.text(part, body))
                return


def marked(body: Body) -> str:
    """The text of an HTML form that was not read, if it marks its quotes; else empty."""
    for part in body.forms:
        if part.type == "text/html" and any(mark in part.content(set()) for mark in _QUOTES_MARKED):
            return _text(part, body, set())
    return ""


def _rich(form: Body) -> bool:
    return any(part.type == "text/html" for part in form.read)


def _is_text(part: Part) -> bool:
    """Text with a file name is a file even where it is said to be shown inline."""
    if part.type not in ("text/plain", "text/html", "text"):
        return False
    return part.disposition != "attachment" and not (part.disposition == "inline" and part.name)


def raw_text(part: Part, doubts: set[str]) -> str:
    """The decoded text of a part, its markup with it."""
    room = bounds.HTML if part.type == "text/html" else bounds.TEXT
    content = part.content(doubts)
    return _bounded(content, room, part.parameters.get("charset", ""), doubts)


def _bounded(content: bytes, room: int, charset: str, doubts: set[str]) -> str:
    if len(content) > room * 4:
        content = content[: room * 4]
        doubts.add(Doubt.TEXT)
    text, sure = charsets.decode(content, charset)
    if not sure:
        doubts.add(Doubt.CHARSET)
    if len(text) > room:
        text = text[:room]
        doubts.add(Doubt.TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _text(part: Part, body: Body, doubts: set[str]) -> str:
    content = part.content(doubts)
    if part.type != "text/html" and b"begin" in content:
        content = _without_files(content, body)
    room = bounds.HTML if part.type == "text/html" else bounds.TEXT
    text = _bounded(content, room, part.parameters.get("charset", ""), doubts)
    if part.type == "text/html" or (text[:1] in "<\n " and _MARKUP.match(text)):
        from .html_text import readable  # most mail has plain text

        return readable(text)
    if part.parameters.get("format", "").lower() == "flowed":
        return _unflowed(text, part.parameters.get("delsp", "").lower() == "yes")
    return _ENRICHED.sub("", text.replace("<<", "<")) if part.type in ("text/enriched", "text/richtext") else text


def _without_files(content: bytes, body: Body) -> bytes:
    """Files of the time before MIME become attachments like others."""
    from . import inside_text

    if not inside_text.may_hold(content):
        return content
    text, found = inside_text.taken_out(content)
    for name, data in found:
        body.attached.append(
            Part(data, Headers(()), 0, len(data), "application/octet-stream", {}, "attachment", name, [])
        )
    return text


def _unflowed(text: str, delete_space: bool) -> str:
    """RFC 3676: a line that ends in a space goes on in the next line of the same quote depth."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if delete_space and flows:
            content = content[:-1]
        if open_depth == depth and content != "-- ":
            out.append(content)
        else:
            out.append(("\n" if out else "") + (">" * depth + " " if depth else "") + content)
        open_depth = depth if flows else -1
    return "".join(out)


def _drop_repeated(body: Body) -> None:
    """Two forms of one text side by side, where they were meant as alternatives."""
    if len(body.texts) < 2 or not any(part.type == "text/html" for part in body.read):
        return
    seen: set[str] = set()
    for index, text in enumerate(body.texts):
        same = "".join(text.split())
        if same in seen:
            body.texts[index] = ""
        seen.add(same)


def _before_first_part(tree: Part) -> str:
    """Where nothing else says anything, what a broken program wrote before its first part."""
    boundary = tree.parameters.get("boundary", "").encode("utf-8", "replace")
    end = tree.raw.find(b"--" + boundary, tree.start, tree.end)
    return charsets.decode(tree.raw[tree.start : max(end, tree.start)][: bounds.TEXT], "")[0].strip()


def attachments(body: Body, doubts: set[str]) -> tuple[File, ...]:
    kept = body.attached[: bounds.FILES]
    if len(body.attached) > len(kept):
        doubts.add(Doubt.FILES)
    found = []
    for number, part in enumerate(kept, 1):
        content = part.content(doubts)
        found.append(files.file(content, part.type, part.name, number, doubts))
    return tuple(found)
