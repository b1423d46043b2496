"""What a mailing list puts below the mails that it passes on. The sender did not write it, so it does not tell a mail
that came through a list from the same mail that came straight."""

from __future__ import annotations

import re

_LONGEST = 2_000  # bytes or characters; a longer one is taken for somebody's text
#: Cheap to look for, one of them stands in every such footer.
_HINTS = ("subscri", "mailing list", "mailman", "groups.", "berlangganan", "milis")
_SAYS = (
    r"(?:[^\n]{0,60}\bmailing list(?: -- [^\s@]+@[^\s@]+)?[ \t]*\r?(?:\n|$)|you (?:are )?(?:received?"
    r"|getting|receiving) (?:this|all) (?:message|mail|e-?mail)|[^\n]{0,60}\byou receive all messages\b"
    r"|to unsubscribe\b|unsubscribe\b"
    r"|anda menerima (?:pesan|email|surel) ini karena|pesan ini (?:dikirim|anda terima) karena anda"
    r"|untuk berhenti berlangganan\b|milis\b[^\n]{0,80}(?:@|https?://))"
)
#: A rule, and in the very next line what only a list says.
_FOOTER = (
    r"(?:\A|\n)[ \t]*(?:_{5,60}|-{2,80}|={5,80}|#{5,80}|\*{5,80}|(?:-=){4,40}-?|(?:_\._,){1,4}_\._,_)[ \t]*\r?\n"
    r"\s{0,20}" + _SAYS
)
_HTML_FOOTER = r"(?:<p>\s{0,20}</p>\s{0,20})?(?:<div>\s{0,20})?--\s?<br ?/?>\s{0,20}" + _SAYS
#: Every further line is an address, a link, a rule, or how to leave. A line of any other kind is somebody's text.
_LINE = r"(?:[\W_]*|[^\n]*(?:@|https?://|unsubscri|subscri|berlangganan|mailing list|<br)[^\n]*|</?\w+/?>\s*)"


def without(content: bytes, html: bool = False) -> bytes:
    """`content` without the footer at its end."""
    start = _starts(content[-_LONGEST:].decode("latin-1"), html)
    return content if start is None else content[: max(0, len(content) - _LONGEST) + start]


def cut(text: str) -> str:
    """A text for reading without the footer at its end; one that is nothing else stays."""
    start = _starts(text[-_LONGEST:])
    return text if start is None else text[: max(0, len(text) - _LONGEST) + start].rstrip() or text


def _starts(end: str, html: bool = False) -> int | None:
    low = end.lower()
    if not any(hint in low for hint in _HINTS):
        return None
    found = re.search(_HTML_FOOTER if html else _FOOTER, end, re.IGNORECASE)
    if found is None:
        return None
    rest = end[found.end() :] if found[0].endswith("\n") else end[found.end() :].partition("\n")[2]
    return found.start() if all(re.fullmatch(_LINE, line, re.IGNORECASE) for line in rest.split("\n")) else None


def alone(content: bytes) -> bool:
    """A part that is nothing but such a footer, as lists add it to a mail of several parts."""
    return 0 < len(content.strip()) <= _LONGEST and not without(content.strip()).strip()
