"""Fields of a request, each with its type and its bound. All raise Invalid, which names the field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from ...domain.errors import Invalid
from ...domain.form_rules import ADDRESS_LIMIT, KINDS, PHONE_DIGITS, TEXT_LIMIT, is_phone
from ...domain.times import parse_instant
from ...domain.words import Kind

Word = TypeVar("Word", bound=StrEnum)


def only(given: Mapping[str, Any], *names: str) -> None:
    """A misspelt field is a fault, not a silence."""
    for name in given:
        if name not in names:
            raise Invalid(f"unknown field: {name[:40]!r}")


def text(given: Mapping[str, Any], name: str, *, needed: bool = True, limit: int = TEXT_LIMIT) -> str:
    """Of any number of lines. Empty where it is missing and not needed."""
    value = given.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or (needed and not value.strip()):
        raise Invalid(f"{name} must be a text")
    if len(value) > limit:
        raise Invalid(f"{name} has at most {limit} characters")
    return value


def line(given: Mapping[str, Any], name: str, *, needed: bool = True, limit: int = 200) -> str:
    """A text of one line that holds nothing invisible: no line break, no NUL, no change of writing direction."""
    value = text(given, name, needed=needed, limit=limit).strip()
    if not value.isprintable():
        raise Invalid(f"{name} must be one line of visible characters")
    return value


def one_of(given: Mapping[str, Any], name: str, words: type[Word]) -> Word | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or value not in set(words):
        raise Invalid(f"{name} is one of {', '.join(words)}")
    return words(value)


def needed_one_of(given: Mapping[str, Any], name: str, words: type[Word]) -> Word:
    found = one_of(given, name, words)
    if found is None:
        raise Invalid(f"{name} is one of {', '.join(words)}")
    return found


def kind(given: Mapping[str, Any]) -> Kind | None:
    value = given.get("kind")
    return KINDS[value] if isinstance(value, str) and value in KINDS else one_of(given, "kind", Kind)


def rows(given: Mapping[str, Any], name: str, limit: int) -> list[dict[str, Any]]:
    value = given.get(name) or []
    if not isinstance(value, list) or len(value) > limit or not all(isinstance(one, dict) for one in value):
        raise Invalid(f"{name} is a list of at most {limit} objects")
    return value


def flag(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name)
    if value is not None and not isinstance(value, bool):
        raise Invalid(f"{name} is true or false")
    return bool(value)


def whole(given: Mapping[str, Any], name: str) -> int:
    value = given.get(name)
    if isinstance(value, float) and value.is_integer():  # JSON knows one kind of number: 9.0 is 9
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid(f"{name} is a whole number")
    return value


def version(given: Mapping[str, Any]) -> int | None:
    """The version of the case that the officer looked at; None where none is given."""
    return whole(given, "version") if given.get("version") is not None else None


def texts(given: Mapping[str, Any], name: str, limit: int) -> tuple[str, ...]:
    value = given.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > limit or not all(isinstance(one, str) for one in value):
        raise Invalid(f"{name} is a list of at most {limit} texts")
    return tuple(value)


def table(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = given.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Invalid(f"{name} must be an object")
    return value


def instant(value: str, name: str) -> datetime:
    try:
        return parse_instant(value)
    except (ValueError, OverflowError):
        raise Invalid(f"{name} must be an RFC 3339 time with its offset") from None


def phone(given: Mapping[str, Any], name: str) -> str:
    value = line(given, name, needed=False, limit=40)
    if value and not is_phone(value):
        raise Invalid(f"{name} must be a phone number of {PHONE_DIGITS[0]} to {PHONE_DIGITS[1]} digits")
    return value


def mail_address(given: Mapping[str, Any], name: str) -> str:
    """Empty or an address that a letter can reach."""
    from ...adapters.mail.headers import normalised

    value = line(given, name, needed=False, limit=ADDRESS_LIMIT)
    found = normalised(value) if value else ""
    if value and not found:
        raise Invalid(f"{name} must be an e-mail address")
    return found
