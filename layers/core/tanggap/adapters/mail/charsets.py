"""Bytes to text when the declared charset may be absent, unknown or a lie. Never raises, linear."""

from __future__ import annotations

import re

#: Declared name (no punctuation) -> codec. A closed list: a codec name from outside may be slow (idna, punycode),
#: no text (zip) or fill the registry's cache of misses.
_CODECS = {
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "unicode11utf8": "utf-8",
    "cp65001": "utf-8",
    "utf16": "utf-16",
    "utf16le": "utf-16-le",
    "utf16be": "utf-16-be",
    "utf7": "utf-7",
    "unicode11utf7": "utf-7",
    "usascii": "ascii",
    "ascii": "ascii",
    "ansix341968": "ascii",
    "iso646us": "ascii",
    "us": "ascii",
    "latin1": "cp1252",
    "iso88591": "cp1252",
    "l1": "cp1252",
    "cp819": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "cp936": "gb18030",
    "windows936": "gb18030",
    "hzgb2312": "hz",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "cp950": "cp950",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "xsjis": "cp932",
    "cp932": "cp932",
    "windows31j": "cp932",
    "eucjp": "euc_jp",
    "iso2022jp": "iso2022_jp_ext",
    "iso2022jp1": "iso2022_jp_1",
    "iso2022jp2": "iso2022_jp_2",
    "iso2022kr": "iso2022_kr",
    "euckr": "cp949",
    "ksc56011987": "cp949",
    "cp949": "cp949",
    "windows949": "cp949",
    "tis620": "cp874",
    "iso885911": "cp874",
    "macintosh": "mac_roman",
    "macroman": "mac_roman",
    "koi8r": "koi8_r",
    "koi8u": "koi8_u",
    "cp437": "cp437",
    "cp850": "cp850",
    "cp852": "cp852",
    "cp866": "cp866",
}
_CODECS |= {f"iso8859{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)}
_CODECS |= {f"{prefix}{n}": f"cp{n}" for n in (874, *range(1250, 1259)) for prefix in ("windows", "cp")}
_CODECS |= {"iso88598i": "iso8859_8", "iso88598e": "iso8859_8", "iso88596i": "iso8859_6"}

#: In these any bytes at all make a text, so that they fit says nothing.
_ONE_BYTE = ("iso8859_", "cp12", "cp4", "cp8", "koi8_", "mac_")

_ESCAPES = re.compile(rb"\x1b(?:\$[@AB]|\(J|\$\(D)")
_KOREAN = b"\x1b$)C"
_WIDE_SEEN = 512  # bytes at the start in which UTF-16 shows by its zeros
_EAST_ASIAN = ("gb18030", "big5hkscs", "cp932", "cp949")
_PRIVATE = re.compile("[\ue000-\uf8ff\x80-\x9f]")
_HALVES = re.compile("[\ud800-\udfff]")
_HIGH = bytes(range(0x80, 0x100))


def codec(declared: str) -> str:
    """The codec of a declared charset, or empty if we know none."""
    return _CODECS.get(re.sub(r"[^a-z0-9]", "", declared[:40].lower()), "")


def decode(data: bytes, declared: str) -> tuple[str, bool]:
    """(text, sure). What decodes as UTF-8 with bytes over 127 in it is UTF-8, whatever was declared: by chance
    that does not happen in a sentence. Else the declared charset if it fits, else evidence, and not sure."""
    name = codec(declared) if declared else ""
    if b"\0" in data[:_WIDE_SEEN] and (found := _wide(data, name)):
        return found
    if data.isascii():
        if b"\x1b" in data and _KOREAN in data and name in ("", "ascii", "utf-8"):
            return _tried(data, "iso2022_kr") or data.decode("ascii"), False
        if b"\x1b" in data and name in ("", "ascii", "utf-8") and _ESCAPES.search(data):
            return _tried(data, "iso2022_jp_ext") or data.decode("ascii"), False
        if name in ("utf-16", "utf-16-le", "utf-16-be") and b"\0" not in data:
            return data.decode("ascii"), False
        if not name or name in ("ascii", "utf-8", "cp1252"):
            return data.decode("ascii"), True  # an unknown charset over plain ASCII deceives nobody
    if name in ("", "ascii", "utf-8", "cp1252"):
        text = _tried(data.removeprefix(b"\xef\xbb\xbf"), "utf-8")
        if text is not None:
            return text, name == "utf-8"
        if name == "cp1252":
            return _latin(data), True
    elif not data.isascii() and name.startswith(_ONE_BYTE) and (text := _tried(data, "utf-8")) is not None:
        return text, False
    elif (text := _tried(data, name)) is not None:
        return text, True
    return _by_evidence(data), False


def _wide(data: bytes, name: str) -> tuple[str, bool] | None:
    """UTF-16 with or without its byte order mark: in most scripts every other byte of a text is zero, at least where
    blanks and line ends are."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        order, sure = "utf-16", name.startswith("utf-16")
    else:
        sample = data[:_WIDE_SEEN]
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        declared = name.startswith("utf-16")
        if max(even, odd) < (1 if declared else max(4, len(sample) // 8)) or min(even, odd) * 4 > max(even, odd):
            return None
        order = "utf-16-be" if even > odd else "utf-16-le"
        sure = name == order or name == "utf-16"
    text = _tried(data[: len(data) - len(data) % 2], order)
    return None if text is None else (text.removeprefix("\ufeff"), sure)


def _by_evidence(data: bytes) -> str:
    if (text := _tried(data, "utf-8")) is not None:
        return text
    sample = data[:8192]
    if len(sample) - len(sample.translate(None, _HIGH)) > len(sample) * 0.3:
        for name in _EAST_ASIAN:  # half a text over 127 is no European script
            if (text := _tried(data, name)) is not None and not _PRIVATE.search(text):
                return text
    # A mail in UTF-8 with a few broken bytes stays readable; everything else was most likely written on Windows.
    text = data.decode("utf-8", "replace")
    high = len(data) - len(data.translate(None, _HIGH))
    return text if text.count("\ufffd") * 4 < high else _latin(data)


def _tried(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None
    # Python's UTF-7 alone lets half a character through, which nothing can store.
    return _HALVES.sub("\ufffd", text) if name == "utf-7" else text


def _latin(data: bytes) -> str:
    return data.decode("cp1252", "replace")
