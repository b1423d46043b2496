"""Reads one JSON tree of a policy and gathers faults with their places instead of stopping at the first."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from datetime import date
from typing import Any, TypeGuard

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(
    rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@)[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:{_LABEL}\.)+[a-z]{_LABEL}"
)
#: What an officer's `custom:unit` and a policy's ids look like.
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def is_address(text: str) -> bool:
    """As it is kept: lower case."""
    return _ADDRESS.fullmatch(text) is not None


def is_whole(value: Any) -> TypeGuard[int]:
    """JSON's true is an int to Python."""
    return isinstance(value, int) and not isinstance(value, bool)


class Reader:
    """Reads one JSON tree and gathers faults instead of stopping at the first."""

    def __init__(self) -> None:
        self.faults: list[dict[str, str]] = []

    def fault(self, place: str, message: str) -> None:
        self.faults.append({"place": place[:120], "message": message})

    def table(self, raw: Mapping[str, Any], key: str, place: str = "") -> dict[str, Any]:
        value = raw.get(key, {})
        if not isinstance(value, dict):
            self.fault(f"{place}{key}", "must be an object")
            return {}
        return value

    def rows(self, raw: Mapping[str, Any], key: str, place: str = "") -> list[dict[str, Any]]:
        value = raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.fault(f"{place}{key}", "must be a list of objects")
            return []
        return value

    def text(self, raw: Mapping[str, Any], key: str, place: str, limit: int = 200, default: str | None = None) -> str:
        value = raw.get(key, default)
        if not isinstance(value, str) or not value.strip() or len(value) > limit or not value.isprintable():
            self.fault(f"{place}{key}", f"must be one line of 1 to {limit} visible characters")
            return ""
        return value.strip()

    def identifier(self, raw: Mapping[str, Any], place: str, taken: Container[str]) -> str:
        """The id of a row; empty (and a fault) for one that can't be used."""
        key = raw.get("id")
        if not isinstance(key, str) or not IDENTIFIER.fullmatch(key):
            self.fault(f"{place}id", "must be 1 to 40 of a-z, 0-9 and hyphen")
            return ""
        if key in taken:
            self.fault(f"{place}id", "is there twice")
            return ""
        return key

    def addresses(self, raw: Mapping[str, Any], key: str, place: str, *, needed: bool = False) -> tuple[str, ...]:
        value = raw.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value) or len(value) > 20:
            self.fault(f"{place}{key}", "must be a list of at most 20 addresses")
            return ()
        good = tuple(one.strip().lower() for one in value if is_address(one.strip().lower()))
        if len(good) != len(value):
            self.fault(f"{place}{key}", "holds something that is not an e-mail address")
        if needed and not good:
            self.fault(f"{place}{key}", "needs at least one address")
        return tuple(dict.fromkeys(good))

    def date(self, place: str, raw: Any) -> date | None:
        try:
            day = date.fromisoformat(raw)
            if 2000 <= day.year < 2100:
                return day
        except (TypeError, ValueError):
            pass
        self.fault(place, "must be a date of this century such as 2026-12-24")
        return None
