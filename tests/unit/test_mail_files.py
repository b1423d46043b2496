"""Attachments: what they are by their content, and names that are safe to store and to show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanggap.adapters.mail import bounds, files

ZIP = b"PK\x03\x04" + bytes(26)
BITMAP = b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + bytes(40)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("content", "declared", "kind"),
    [
        (b"\0\0\0\x18ftypheix", "image/jpeg", "image/heic"),
        (b"\0\0\0\x18ftypmif1", "image/heif", "image/heic"),
        (b"\0\0\0\x18ftypavif", "image/png", "image/avif"),
        (b"\0\0\0\x18ftypM4A ", "video/mp4", "audio/mp4"),
        (b"\x1aE\xdf\xa3" + bytes(20) + b"webm", "", "video/webm"),
        (b"\x1aE\xdf\xa3" + bytes(20) + b"webm", "audio/webm", "audio/webm"),
        (b"\x1aE\xdf\xa3" + bytes(20) + b"matroska", "video/webm", "video/x-matroska"),
        (b"\xff\xf3\x48\xc4", "application/octet-stream", "audio/mpeg"),
        (b"ID3\x04\0\0", "", "audio/mpeg"),
        (b"ID3 adalah nama berkas", "text/plain", "text/plain"),
        (b"\xff\xf1\x50\x80", "audio/aac", "audio/aac"),
        (b"OggS\0\x02" + bytes(22) + b"OpusHead", "audio/opus", "audio/opus"),
        (b"OggS\0\x02" + bytes(23) + b"theora", "audio/ogg", "video/ogg"),
        (ZIP + b"[Content_Types].xml" + bytes(300) + b"word/document.xml", "", WORD),
        (ZIP + b"[Content_Types].xml word/vbaProject.bin", WORD, "application/vnd.ms-word.document.macroenabled.12"),
        (ZIP + b"word/daftar kata.txt", WORD, "application/zip"),
        (ZIP + b"META-INF/MANIFEST.MF AndroidManifest.xml", "", "application/vnd.android.package-archive"),
        (ZIP + b"META-INF/MANIFEST.MF", "image/png", "application/java-archive"),
        (b"\r\n\r\nsampah %PDF-1.7", "application/pdf", "application/pdf"),
        (b"<html>%PDF-1.7", "application/pdf", "text/html"),
        (b"x" * 2000 + b"%PDF-1.7", "application/pdf", "application/octet-stream"),
        (b"BEGIN:VCARD\r\nFN:Siti", "text/plain", "text/vcard"),
        (b"BEGIN:VCALENDAR\r\n", "application/octet-stream", "text/calendar"),
        (b"\x78\x9f\x3e\x22", "application/octet-stream", "application/ms-tnef"),
        (b"{\\rtf1", "application/msword", "application/rtf"),
        (b"Subject: x\r\n\r\n", "message/rfc822", "message/rfc822"),
        (BITMAP, "", "image/bmp"),
        (b"BMKG mengumumkan cuaca buruk", "text/plain", "text/plain"),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, declared: str, kind: str) -> None:
    assert files.content_type(content, declared) == kind


RUNS = [
    b"<script>alert(1)</script>",
    b"<!DOCTYPE html><p>x",
    b"\xef\xbb\xbf  <HTML>",
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'>",
    b"<?xml version='1.0'?><!-- x --><svg>",
    b"<!-- x --><svg onload=x()>",
    b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>",
    b"<img src=x onerror=x()>",
    b"GIF89a/*<script>alert(1)</script>*/=1;",
    b"\xff\xd8\xff\xfe\0\x20<script>alert(1)</script>",
    b"\x89PNG\r\n\x1a\n<html><body>",
    BITMAP + b"<svg onload=x()>",
    b"\xff\xfe<\0s\0c\0r\0i\0p\0t\0>\0",
    b"var a = 1; alert(a)",
    b"",
]


@pytest.mark.parametrize("content", RUNS)
@pytest.mark.parametrize("declared", ["image/png", "image/svg+xml", "image/x-icon", "image/jpeg; name=a.jpg"])
def test_what_a_browser_would_run_is_never_called_a_picture(content: bytes, declared: str) -> None:
    assert not files.content_type(content, declared).startswith("image/")
    doubts: set[str] = set()
    files.file(content, declared, "a.png", 1, doubts)
    assert ("file_type_disguised" in doubts) is bool(content)


@given(st.binary(max_size=60), st.sampled_from(["image/png", "image/svg+xml", "text/plain", "x", ""]))
def test_a_declared_picture_without_a_pictures_beginning_is_none(content: bytes, declared: str) -> None:
    kind = files.content_type(content, declared)
    begins = any(content.startswith(mark, at) for at, mark, said in files._MAGIC if said.startswith("image/"))
    assert begins or content.startswith(b"BM") or not kind.startswith("image/")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("foto.jpg.exe", "foto.jpg.exe"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("console.txt", "console.txt"),
        ("foto\u202egpj.exe", "fotogpj.exe"),
        ("a\u2066b\u061cc\u00ad.txt", "abc.txt"),
        ("tag\U000e0041.txt", "tag.txt"),
        ("\ua9b2\ua9ae.pdf", "\ua9b2\ua9ae.pdf"),
        ("x" * 10_000 + ".jpeg", "x" * 115 + ".jpeg"),
        ("a" * 114 + " . . " + "b" * 50 + ".pdf", "a" * 114 + ".pdf"),
        ("surat. ", "surat"),
    ],
)
def test_a_file_name_is_safe_to_store_and_to_show(name: str, safe: str) -> None:
    assert files.safe_name(name) == safe


@given(st.text(max_size=300))
def test_any_name_becomes_a_bounded_one_without_path_or_hidden_signs(name: str) -> None:
    safe = files.safe_name(name)
    assert len(safe) <= bounds.FILE_NAME + 1
    assert not set(safe) & set('/\\<>:"|?*\0\r\n\u202e\u200b')
    assert safe == safe.strip(". ")
    assert files.safe_name(safe) == safe
