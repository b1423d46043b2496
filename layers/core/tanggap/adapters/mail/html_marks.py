"""What a tag's attributes say about what stands in it: hidden, quoted, the line over a quote. Bounded looks."""

from __future__ import annotations

import re

_LOOKED_AT = 2_000  # characters of attributes
_HEADER_SEEN = 1_500  # characters after a separator in which a header's first label must stand
_HIDDEN_LONGEST = 65_536  # characters of an element that is passed over unseen

#: Tags whose attributes are looked at.
TELLING = frozenset(
    {"div", "blockquote", "span", "p", "td", "tr", "table", "font", "hr", "section", "center", "ul", "a"}
)

_HIDDEN = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|mso-hide\s{0,9}:\s{0,9}all"
    r"|\shidden(?:=[\"']?(?:hidden|true)?[\"']?)?\s{0,9}/?>"
)
_INDENT = re.compile(r"border\s{0,9}:\s{0,9}(?:none|0)|border-left\s{0,9}:\s{0,9}(?:none|0)")
_CITED = re.compile(r"cite|gmail_quote|_quote|quoted")
_QUOTED_BOX = re.compile(
    r"""["'\s](?:yahoo_quoted\w*|ms-outlook-mobile-reference-message|mail-editor-reference-message-container)"""
)
_PREFIX = re.compile(r"moz-cite-prefix|gmail_attr|cite-?prefix|zmail_extra_hr|quote-?header|reply-?intro")
_SEPARATOR = re.compile(r"divrplyfwdmsg|olk_src_body_section|stopspelling|replysplit|mailoriginal")
_BORDER = re.compile(r"border-top\s{0,9}:\s{0,9}(?:solid|\w{1,9}\s{1,3}solid|1)|border-top-style\s{0,9}:\s{0,9}solid")
_LABELLED = re.compile(r"<(?:b|strong)\b[^>]{0,200}>(?:<[^>]{0,300}>|\s){0,6}[^<:]{2,30}:")


def is_hidden(attributes: str) -> bool:
    return _HIDDEN.search(attributes[:_LOOKED_AT].lower()) is not None


def is_quote(name: str, attributes: str) -> bool:
    """A blockquote without a border is how webmail indents the writer's own words."""
    low = attributes[:_LOOKED_AT].lower()
    if name == "blockquote":
        return _CITED.search(low) is not None or _INDENT.search(low) is None
    return _QUOTED_BOX.search(low) is not None


def is_prefix(attributes: str) -> bool:
    """Does the line over a quote stand in it, in whatever language?"""
    return _PREFIX.search(attributes[:_LOOKED_AT].lower()) is not None


def parts_off(html: str, attributes: str, end: int) -> bool:
    """Does the quoted mail begin here without any sign at its end (Outlook)?"""
    low = attributes[:_LOOKED_AT].lower()
    if _SEPARATOR.search(low):
        return True
    return _BORDER.search(low) is not None and _LABELLED.search(html[end : end + _HEADER_SEEN]) is not None


def after_hidden(html: str, name: str, position: int) -> int:
    """After the end of the hidden element that was just opened, or -1 where it has none near."""
    depth = 1
    for match in re.compile(f"<(/?){name}\\b", re.IGNORECASE).finditer(html, position, position + _HIDDEN_LONGEST):
        depth += -1 if match[1] else 1
        if not depth:
            closing = html.find(">", match.end(), match.end() + 200)
            return closing + 1 if closing >= 0 else match.end()
    return -1
