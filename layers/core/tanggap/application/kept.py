"""Attachments in the bucket: each content once, however many cases name it."""

from __future__ import annotations

from ..domain.case import SHARED_FILES, FileRef
from ..domain.inbound import File, Inbound
from .ports import Files


def keep_files(inbound: Inbound, files: Files) -> tuple[FileRef, ...]:
    """Attachments go in before the case names them, each content once under its own digest: ten people who send the
    same picture fill one object, and reading an arrival again writes the same."""
    scan = {"PASS": "clean", "FAIL": "infected"}.get(inbound.authenticity.virus, "unscanned")
    for file in {file.digest: file for file in inbound.files}.values():
        files.put(file_key(file), file.content, file.type)
    return tuple(FileRef(file.name, file.type, file.size, file.digest, file_key(file), scan) for file in inbound.files)


def file_key(file: File) -> str:
    return f"{SHARED_FILES}{file.digest}"
