"""Files that officers attach: a place to put one, and its way onto a letter.

An upload lies under its officer's name and is forgotten within days. What a letter names is a copy that nobody holds a
form for any more: neither the life cycle nor a second upload changes what was sent."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import datetime

from ..domain.case import FileRef
from ..domain.draft import Ids
from ..domain.errors import Invalid, NotFound
from ..domain.permissions import Act, Officer, require
from .ports import Files

UPLOAD_LIMIT = 10_000_000
#: All files of one letter: with base64 below 15 MB, which most mail services still take.
LETTER_LIMIT = 10_000_000
FILES_LIMIT = 10
NAME_LIMIT = 100
#: What officers attach, with the endings that go with it. Anything that a browser would run stays out.
UPLOAD_TYPES: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "text/plain": (".txt",),
    "video/mp4": (".mp4",),
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a", ".mp4"),
    "application/zip": (".zip",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.oasis.opendocument.text": (".odt",),
}
_KEY = re.compile(r"[0-9a-z]{1,40}")


class Uploads:
    def __init__(self, files: Files, ids: Ids, clock: Callable[[], datetime]) -> None:
        self.files, self.ids, self.clock = files, ids, clock

    def offer(self, officer: Officer, name: str, content_type: str, size: int) -> dict[str, object]:
        """A place for one file: {id, url, fields}. The place is the officer's own, so the id serves nobody else."""
        require(officer, Act.REPLY)
        if content_type not in UPLOAD_TYPES:
            raise Invalid(f"type is one of {', '.join(UPLOAD_TYPES)}")
        if not 0 < size <= UPLOAD_LIMIT:
            raise Invalid(f"size is 1 to {UPLOAD_LIMIT} bytes")
        key = self.ids.new(self.clock())
        label = base64.urlsafe_b64encode(safe_name(name, content_type).encode()).decode().rstrip("=")
        return {"id": f"{key}.{label}", **self.files.upload(_place(officer, key), content_type, size)}

    def claim(self, officer: Officer, uploads: tuple[str, ...]) -> tuple[FileRef, ...]:
        """The files behind ids, kept for a letter. The same ids again give the same files."""
        found = [self._find(officer, one) for one in dict.fromkeys(uploads)]
        if sum(file.size for file in found) > LETTER_LIMIT:
            raise Invalid(f"the attachments of one reply have at most {LETTER_LIMIT} bytes together")
        return tuple(self._keep(file) for file in found)

    def _find(self, officer: Officer, upload: str) -> FileRef:
        key, _, label = upload.partition(".")
        place = _place(officer, key) if _KEY.fullmatch(key) else ""
        head = self.files.head(place) if place else None
        if head is None:
            raise Invalid("an attachment is not there: upload it first")
        size, content_type = head
        return FileRef(safe_name(_name_in(label), content_type), content_type, size, "", place)

    def _keep(self, file: FileRef) -> FileRef:
        try:
            content = self.files.get(file.key)
        except NotFound:
            raise Invalid("an attachment is not there: upload it first") from None
        digest = hashlib.sha256(content).hexdigest()
        key = f"sent/{file.key.removeprefix('uploads/')}/{digest}"
        self.files.put(key, content, file.type)
        return FileRef(file.name, file.type, len(content), digest, key)


def _place(officer: Officer, key: str) -> str:
    return f"uploads/{officer.id}/{key}"


def _name_in(label: str) -> str:
    """The name within an upload's id; whoever holds the id may have changed it, so it is cleaned like any other."""
    try:
        return base64.urlsafe_b64decode(label[:1000] + "=" * (-len(label[:1000]) % 4)).decode()
    except ValueError:
        return ""


def safe_name(name: str, content_type: str) -> str:
    """No path, nothing invisible, bounded, with an ending that its type has: what it is called is what it is."""
    last = re.split(r"[/\\]", name)[-1]
    clean = "".join(char for char in last if char.isprintable() and char not in '<>:"|?*').strip(". ") or "lampiran"
    endings = UPLOAD_TYPES.get(content_type, ("",))
    stem, dot, ending = clean.rpartition(".")
    if not stem or (dot + ending).lower() not in endings:
        stem, dot, ending = clean, "", endings[0]
    return stem[: NAME_LIMIT - len(dot + ending)].rstrip(". ") + dot + ending
