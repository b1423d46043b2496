"""Attachments: the type by content, a name that is safe to store and to show."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from ...domain.inbound import File
from . import bounds
from .bounds import Doubt

#: (offset, bytes, type), the first that fits counts.
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    *((4, b"ftyp" + brand, "image/heic") for brand in (b"hei", b"hev", b"mif1", b"msf1")),
    (4, b"ftypavi", "image/avif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypM4B", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp3g", "video/3gpp"),
    (4, b"ftyp", "video/mp4"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    *((0, b"ID3" + version, "audio/mpeg") for version in (b"\x02", b"\x03", b"\x04")),
    *((0, b"\xff" + sync, "audio/mpeg") for sync in (b"\xfb", b"\xfa", b"\xf3", b"\xf2")),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"fLaC", "audio/flac"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"MZ", "application/x-msdownload"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (0, b"BEGIN:VCARD", "text/vcard"),
    (0, b"BEGIN:VCALENDAR", "text/calendar"),
)
_INSIDE = tuple(row for row in _MAGIC if row[0])
_AT_START = {
    first: tuple(row for row in _MAGIC if not row[0] and row[1][:1] == first)
    for first in {mark[:1] for offset, mark, _ in _MAGIC if not offset}
}
_BITMAP = re.compile(rb"BM.{4}\0\0\0\0.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL)  # "BM" alone begins words
_LATE = 1024  # bytes of rubbish that readers of PDF pass over
#: What a declared type may say more exactly than the magic can.
_CONTAINERS = {
    "application/x-ole-storage": re.compile(r"application/(msword|vnd\.ms-\w+|x-ole-storage)$"),
    "application/gzip": re.compile(r"application/(x-)?gzip$"),
    "audio/ogg": re.compile(r"(audio|video|application)/(ogg|opus)$"),
    "video/webm": re.compile(r"audio/webm$"),
    "text/vcard": re.compile(r"text/(x-vcard|directory)$"),
    "text/calendar": re.compile(r"application/ics$"),
}
#: A member of the archive tells which format it is; the first that fits counts (an app for a telephone is a jar too).
_ARCHIVES = (
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
    (b"mimetypeapplication/epub+zip", "application/epub+zip"),
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_MACROS = {
    "wordprocessingml": "application/vnd.ms-word.document.macroenabled.12",
    "spreadsheetml": "application/vnd.ms-excel.sheet.macroenabled.12",
    "presentationml": "application/vnd.ms-powerpoint.presentation.macroenabled.12",
}
_SCRIPTED = (b"vbaProject.bin", b"vbaData.xml")  # a document with a program in it is no plain document
#: What a browser takes for a page, whatever name it has: the tags that it looks for at the start …
_PAGE = re.compile(
    rb"<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|body|br|meta|form|img|p|b)"
    rb"(?=[\s>/])|<!--"
)
#: … and what would run, further in. A picture that holds one is none.
_RUNS = (b"<script", b"<html", b"<svg", b"<iframe", b"<!doctype html", b"<?php", b"javascript:")
#: A drawing can hold scripts, so it is never called a picture.
_DRAWING = "application/x-svg"
_TOLD_BY_CONTENT = (frozenset(kind for _, _, kind in _MAGIC) | {kind for _, kind in _ARCHIVES}) - {
    "text/vcard",
    "text/calendar",
}
_RUNNING = frozenset(
    {
        *("text/html", _DRAWING, "application/xml", "application/x-msdownload", "application/x-executable"),
        *("application/java-archive", "application/vnd.android.package-archive"),
    }
)
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
_UNKNOWN = "application/octet-stream"

_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/amr": ".amr",
    "message/rfc822": ".eml",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "application/ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
}

#: Control characters, invisible ones and those that turn the reading direction (a name could read backwards),
#: and what a file system or a header takes for its own.
_FORBIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    r'\U000e0000-\U000e007f<>:"|?*]'
)
#: Names that Windows takes for devices, whatever ending follows.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\.|$)", re.IGNORECASE)


def file(content: bytes, declared: str, name: str, number: int, doubts: set[str]) -> File:
    """One attachment; `number` counts from 1 and names what has no name."""
    kind = content_type(content, declared)
    if content and kind != declared and _is_disguised(kind, declared):
        doubts.add(Doubt.FILE_TYPE)
    safe = safe_name(name) or f"lampiran-{number}{_ENDINGS.get(kind, '')}"
    return File(safe, kind, len(content), hashlib.sha256(content).hexdigest(), content)


def _is_disguised(kind: str, declared: str) -> bool:
    """Said to be something to look at, and is a program, a page, or nothing that is known."""
    if kind == _UNKNOWN:
        return declared in _TOLD_BY_CONTENT or declared.startswith("image/")
    return kind in _RUNNING and declared.startswith(("image/", "audio/", "video/", "application/pdf"))


def content_type(content: bytes, declared: str) -> str:
    """By content where that can be told; a declared type that its content denies is not repeated, and nothing that a
    browser would run is called a picture."""
    for offset, mark, kind in (*_AT_START.get(content[:1], ()), *_INSIDE):
        if content.startswith(mark, offset):
            return _refined(content, kind, declared)
    if content.startswith(b"BM") and _BITMAP.match(content):
        return _refined(content, "image/bmp", declared)
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<"):
        if start.startswith(b"<svg") or (start.startswith((b"<?xml", b"<!")) and b"<svg" in content[:4096].lower()):
            return _DRAWING
        if start.startswith(b"<?xml"):
            return "text/html" if b"<html" in start else "application/xml"
        if _PAGE.match(start):
            return "text/html"
    if b"%PDF-" in content[:_LATE]:
        return "application/pdf"
    if declared in _TOLD_BY_CONTENT or declared.startswith("image/") or not _TYPE.fullmatch(declared):
        return _UNKNOWN
    return declared


def _refined(content: bytes, kind: str, declared: str) -> str:
    if kind == "application/zip":
        return _archive(content)
    if kind == "video/webm" and b"webm" not in content[:64]:
        return "video/x-matroska"
    if kind == "audio/ogg" and b"theora" in content[:128]:
        return "video/ogg"
    if kind.startswith("image/") and any(mark in content[:_LATE].lower() for mark in _RUNS):
        return _UNKNOWN
    finer = _CONTAINERS.get(kind)
    return declared if finer and finer.match(declared) else kind


def _archive(content: bytes) -> str:
    """Never opened: names stand in clear at the start and in the directory at the end."""
    seen = content[:4096] + content[-65536:]
    kind = next((kind for mark, kind in _ARCHIVES if mark in seen), "application/zip")
    if "officedocument" in kind:
        if b"[Content_Types].xml" not in seen:
            return "application/zip"  # only a folder of that name
        if any(mark in seen for mark in _SCRIPTED):
            return next(macro for part, macro in _MACROS.items() if part in kind)
    return kind


def safe_name(name: str) -> str:
    """No path, nothing invisible, bounded with its ending kept; empty if nothing is left."""
    last = re.split(r"[/\\]", name[-1000:])[-1]
    clean = " ".join(_FORBIDDEN.sub("", unicodedata.normalize("NFC", last)).split()).strip(". ")
    if _DEVICE.match(clean):
        clean = "_" + clean
    if len(clean) <= bounds.FILE_NAME:
        return clean
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 10:
        return clean[: bounds.FILE_NAME].rstrip(". ")
    return stem[: bounds.FILE_NAME - len(ending) - 1].rstrip(". ") + dot + ending
