"""What people typed, as it is kept."""

from __future__ import annotations

from ..domain.errors import Invalid
from ..domain.form_rules import TEXT_LIMIT


def clean(text: str, *, empty: bool = False) -> str:
    """One spelling of line ends, nothing that no keyboard writes."""
    if len(text) > TEXT_LIMIT:
        raise Invalid(f"a text has at most {TEXT_LIMIT} characters")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in lines if char in "\n\t" or (ord(char) >= 32 and not 127 <= ord(char) < 160))
    if not empty and not kept.strip():
        raise Invalid("a text is needed")
    return kept
