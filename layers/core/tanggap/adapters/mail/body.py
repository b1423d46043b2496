"""Which leaves of the tree are the text and which are attachments."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...domain.inbound import File
from . import bounds, charsets, files
from .bounds import Doubt
from .mime import Part

_SEALED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")


@dataclass(slots=True)
class Body:
    """Texts in their order, and what hangs on them."""

    texts: list[str] = field(default_factory=list)
    attached: list[Part] = field(default_factory=list)
    html: bool = False

    @property
    def text(self) -> str:
        return "\n\n".join(text for text in self.texts if text)


def gather(tree: Part, doubts: set[str]) -> Body:
    body = Body()
    _walk(tree, body, doubts)
    if not body.text.strip():
        _read_attached_text(body, doubts)
    return body


def _walk(part: Part, body: Body, doubts: set[str]) -> None:
    """Depth is bounded by the parser."""
    if part.type in _SEALED and not part.parameters.get("smime-type", "").startswith("signed"):
        doubts.add(Doubt.ENCRYPTED)
    if part.type == "multipart/alternative":
        _choose(part, body, doubts)
    elif part.children:
        for child in part.children:
            _walk(child, body, doubts)
    elif _is_text(part):
        body.texts.append(_text(part, doubts))
        body.html = body.html or part.type == "text/html"
    elif part.type.startswith("multipart/"):
        pass  # an empty container
    else:
        body.attached.append(part)


def _choose(part: Part, body: Body, doubts: set[str]) -> None:
    """The plainest form that says something; what is no form of the text (a picture, an invitation) is kept."""
    forms: list[Body] = []
    for child in part.children:
        form = Body()
        _walk(child, form, doubts)
        forms.append(form)
        body.attached += form.attached
    said = [form for form in forms if form.text.strip()]
    best = next((form for form in said if not form.html), said[0] if said else None)
    if best:
        body.texts += best.texts
        body.html = body.html or best.html


def _is_text(part: Part) -> bool:
    """Text with a file name is a file even where it is said to be shown inline."""
    if part.type not in ("text/plain", "text/html", "text"):
        return False
    return part.disposition != "attachment" and not (part.disposition == "inline" and part.name)


def _text(part: Part, doubts: set[str]) -> str:
    room = bounds.HTML if part.type == "text/html" else bounds.TEXT
    content = part.content(doubts)
    if len(content) > room * 4:
        content = content[: room * 4]
        doubts.add(Doubt.TEXT)
    text, sure = charsets.decode(content, part.parameters.get("charset", ""))
    if not sure:
        doubts.add(Doubt.CHARSET)
    if len(text) > room:
        text = text[:room]
        doubts.add(Doubt.TEXT)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if part.type == "text/html":
        from .html_text import readable  # most mail has plain text

        return readable(text)
    if part.parameters.get("format", "").lower() == "flowed":
        return _unflowed(text, part.parameters.get("delsp", "").lower() == "yes")
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


def _read_attached_text(body: Body, doubts: set[str]) -> None:
    """Some programs send even the only text with a file name: read it, and keep the file."""
    for part in body.attached:
        if part.type in ("text/plain", "text/html") and part.disposition != "attachment":
            body.texts.append(_text(part, doubts))
            return


def attachments(body: Body, doubts: set[str]) -> tuple[File, ...]:
    kept = body.attached[: bounds.FILES]
    if len(body.attached) > len(kept):
        doubts.add(Doubt.FILES)
    found = []
    for number, part in enumerate(kept, 1):
        content = part.content(doubts)
        found.append(files.file(content, part.type, part.name, number, doubts))
    return tuple(found)
