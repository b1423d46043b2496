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
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp3g", "video/3gpp"),
    (4, b"ftyp", "video/mp4"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"BM", "image/bmp"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"MZ", "application/x-msdownload"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"\x78\x9f\x3e\x22", "application/ms-tnef"),
)
#: What a declared type may say more exactly than the magic can.
_CONTAINERS = {
    "application/x-ole-storage": re.compile(r"application/(msword|vnd\.ms-\w+|x-ole-storage)$"),
    "application/gzip": re.compile(r"application/(x-)?gzip$"),
    "audio/ogg": re.compile(r"(audio|video|application)/ogg$"),
}
#: A member of the archive tells which office format it is.
_ARCHIVES = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
)
_MARKUP = (
    (b"<!doctype html", "text/html"),
    (b"<html", "text/html"),
    (b"<script", "text/html"),
    (b"<svg", "image/svg+xml"),
)
_TOLD_BY_CONTENT = frozenset(kind for _, _, kind in _MAGIC) | {kind for _, kind in _ARCHIVES}
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
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<>:"|?*]')


def file(content: bytes, declared: str, name: str, number: int, doubts: set[str]) -> File:
    """One attachment; `number` counts from 1 and names what has no name."""
    kind = content_type(content, declared)
    if kind != declared and kind == _UNKNOWN and content and declared in _TOLD_BY_CONTENT:
        doubts.add(Doubt.FILE_TYPE)
    safe = safe_name(name) or f"lampiran-{number}{_ENDINGS.get(kind, '')}"
    return File(safe, kind, len(content), hashlib.sha256(content).hexdigest(), content)


def content_type(content: bytes, declared: str) -> str:
    """By content where that can be told; a declared type that its content denies is not repeated."""
    for offset, mark, kind in _MAGIC:
        if content.startswith(mark, offset):
            if kind == "application/zip":
                return _archive(content)
            finer = _CONTAINERS.get(kind)
            return declared if finer and finer.match(declared) else kind
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, kind in _MARKUP:
        if start.startswith(mark):
            return kind
    if start.startswith(b"<?xml"):
        return "image/svg+xml" if b"<svg" in start else "application/xml"
    if declared in _TOLD_BY_CONTENT or not _TYPE.fullmatch(declared):
        return _UNKNOWN
    return declared


def _archive(content: bytes) -> str:
    """Never opened: names stand in clear at the start and in the directory at the end."""
    seen = content[:4096] + content[-65536:]
    return next((kind for mark, kind in _ARCHIVES if mark in seen), "application/zip")


def safe_name(name: str) -> str:
    """No path, nothing invisible, bounded with its ending kept; empty if nothing is left."""
    last = re.split(r"[/\\]", name[-1000:])[-1]
    clean = " ".join(_FORBIDDEN.sub("", unicodedata.normalize("NFC", last)).split()).strip(". ")
    if len(clean) <= bounds.FILE_NAME:
        return clean
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 10:
        return clean[: bounds.FILE_NAME]
    return stem[: bounds.FILE_NAME - len(ending) - 1] + dot + ending
