"""Long JSON in the one text attribute of a row, which ends at 400 kB: packed where it is long, plain elsewhere."""

from __future__ import annotations

import base64

#: Characters from which on a text is packed. What is shorter stays readable in the table.
PLAIN = 100_000
#: Characters that one row holds of what is packed: with its keys far below the 400 kB of a row.
PACKED = 300_000
#: No JSON begins so.
_SIGN = "xz:"


def packed(text: str) -> str:
    if len(text) <= PLAIN:
        return text
    import lzma  # seldom needed

    return _SIGN + base64.b64encode(lzma.compress(text.encode("utf-8", "surrogatepass"), preset=1)).decode()


def unpacked(data: str) -> str:
    if not data.startswith(_SIGN):
        return data
    import lzma

    try:
        return lzma.decompress(base64.b64decode(data.removeprefix(_SIGN))).decode("utf-8", "surrogatepass")
    except lzma.LZMAError as error:
        raise ValueError("packed data that are damaged") from error
