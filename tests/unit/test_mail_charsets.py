"""Charsets that are declared, wrong, missing or unknown. Guesses are marked; nothing is repaired in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanggap.adapters.mail import charsets

SAY = "Jalan di RT 04 rusak berat, mohon diperbaiki.\n"


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_two_byte_text_without_its_mark_is_known_by_its_zeros(order: str) -> None:
    assert charsets.decode(SAY.encode(order), "") == (SAY, False)
    assert charsets.decode(SAY.encode(order), "utf-16") == (SAY, True)
    assert charsets.decode(SAY.encode(order), "us-ascii") == (SAY, False)
    assert charsets.decode(("\ufeff" + SAY).encode(order), "") == (SAY, False)


@pytest.mark.parametrize(
    ("data", "declared", "text", "sure"),
    [
        ("안녕하세요".encode("iso2022_kr"), "iso-2022-kr", "안녕하세요", True),
        ("안녕하세요".encode("iso2022_kr"), "", "안녕하세요", False),
        ("你好".encode("hz"), "hz-gb-2312", "你好", True),
        ("こんにちは".encode("iso-2022-jp"), "us-ascii", "こんにちは", False),
        (b"Jalan +AOk-", "utf-7", "Jalan é", True),
        ("“kutip” – €".encode("cp1252"), "iso-8859-1", "“kutip” – €", True),
        ("Привет".encode("cp1251"), "windows-1251", "Привет", True),
        ("ꦗꦭꦤ꧀ꦫꦸꦱꦏ꧀".encode(), "utf-8", "ꦗꦭꦤ꧀ꦫꦸꦱꦏ꧀", True),
        ("ꦗꦭꦤ꧀ꦫꦸꦱꦏ꧀".encode(), "us-ascii", "ꦗꦭꦤ꧀ꦫꦸꦱꦏ꧀", False),
        # Text that was already broken when it was sent stays as it was sent.
        ("é – ".encode().decode("cp1252").encode(), "utf-8", "é – ".encode().decode("cp1252"), True),
        (b"a\0b", "us-ascii", "a\0b", True),
        (b"hai", "x-unknown", "hai", True),
    ],
)
def test_a_charset_is_believed_where_it_fits(data: bytes, declared: str, text: str, sure: bool) -> None:
    assert charsets.decode(data, declared) == (text, sure)


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "utf-8", "utf-16", "utf-7", "hz", "iso-2022-kr", "gb18030", "zip", "\0"]),
)
def test_any_bytes_become_text_that_can_be_stored(data: bytes, declared: str) -> None:
    text, _ = charsets.decode(data, declared)
    text.encode("utf-8")


@pytest.mark.parametrize("declared", ["iso-8859-15", "windows-1250", "koi8-r", "macintosh", "cp850"])
def test_utf_8_is_utf_8_whatever_single_byte_charset_was_declared(declared: str) -> None:
    text = "Jalan rusak \u2013 \u201ctolong\u201d diperbaiki"
    assert charsets.decode(text.encode(), declared) == (text, False)
