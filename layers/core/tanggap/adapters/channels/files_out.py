"""Which files go out on a channel, as what, and how large (the platforms' pages on media, 2026)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ...application.failures import Undeliverable
from ...domain.inbound import File
from ...domain.words import Channel

MB = 1_000_000
_OFFICE = "application/vnd.openxmlformats-officedocument."
_WORD, _SHEET = f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet"
_SLIDES = f"{_OFFICE}presentationml.presentation"


@dataclass(frozen=True, slots=True)
class As:
    """`kind`: the platform's word for it; `limit` in bytes."""

    kind: str
    limit: int


_WHATSAPP = {
    **dict.fromkeys(("image/jpeg", "image/png"), As("image", 5 * MB)),
    **dict.fromkeys(("video/mp4", "video/3gpp"), As("video", 16 * MB)),
    **dict.fromkeys(("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg"), As("audio", 16 * MB)),
    **dict.fromkeys(
        (
            "application/pdf", "text/plain", "application/msword", "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint", _WORD, _SHEET, _SLIDES,
        ),
        As("document", 100 * MB),
    ),
}  # fmt: skip
_MESSENGER = {
    **dict.fromkeys(("image/jpeg", "image/png", "image/gif", "image/webp"), As("image", 8 * MB)),
    "video/mp4": As("video", 25 * MB),
    **dict.fromkeys(("audio/mpeg", "audio/mp4"), As("audio", 25 * MB)),
    "*": As("file", 25 * MB),
}
_INSTAGRAM = {
    **dict.fromkeys(("image/jpeg", "image/png", "image/gif"), As("image", 8 * MB)),
    "video/mp4": As("video", 25 * MB),
    **dict.fromkeys(("audio/aac", "audio/mp4", "audio/wav"), As("audio", 25 * MB)),
    "application/pdf": As("file", 25 * MB),
}
_TELEGRAM = {**dict.fromkeys(("image/jpeg", "image/png"), As("photo", 10 * MB)), "*": As("document", 50 * MB)}
TAKEN: dict[Channel, dict[str, As]] = {
    Channel.WHATSAPP: _WHATSAPP,
    Channel.MESSENGER: _MESSENGER,
    Channel.INSTAGRAM: _INSTAGRAM,
    Channel.TELEGRAM: _TELEGRAM,
}


def taken_as(channel: Channel, content_type: str, size: int) -> As | str:
    """How the channel takes a file; a word for why it does not: file_type, file_too_large, file_empty."""
    table = TAKEN[channel]
    plain = content_type.partition(";")[0].strip().lower()
    found = table.get(plain) or table.get("*")
    if found is None:
        return "file_type"
    if size <= 0:
        return "file_empty"
    if size <= found.limit:
        return found
    anything = table.get("*")
    return anything if anything is not None and size <= anything.limit else "file_too_large"


def fitting(channel: Channel, files: Iterable[File]) -> tuple[tuple[File, As], ...]:
    """Raises Undeliverable before anything has left: what can't go whole goes by another way, or not unseen."""
    fits = []
    for file in files:
        taken = taken_as(channel, file.type, len(file.content))
        if isinstance(taken, str):
            raise Undeliverable(taken)
        fits.append((file, taken))
    return tuple(fits)


def plain_name(name: str, *, ascii_only: bool = False) -> str:
    """A file's name as a form takes it. Instagram takes no other characters than ASCII."""
    kept = re.sub(r'[\x00-\x1f\x7f"\\/]', "_", name.encode("utf-8", "replace").decode()).strip()[-100:]
    if ascii_only:
        kept = re.sub(r"[^ -~]", "_", kept)
    return kept or "lampiran"
