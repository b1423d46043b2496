"""The bounds of a form as they are published, as the pages show them and as the doors hold them: the same."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tanggap.domain import form_rules
from tanggap.domain.form_rules import TEXT_LIMIT
from tanggap.entrypoints.portal import form_page, pages, tracking_page
from tanggap.entrypoints.portal.openapi_description import description
from tanggap.entrypoints.webhooks import page
from tests.support.webhooks import Doors

_REPORT: dict[str, Any] = {"text": "Lampu jalan mati."}
_ASKED: dict[str, Any] = {"service_code": "jalan", "address_string": "Depan SDN 2"}
_OPEN311 = "/open311/v2/requests.json"


def takes(path: str, *names: str) -> Any:
    """The published schema of a field of a body; without the null beside it."""
    (kind,) = description()["paths"][path]["post"]["requestBody"]["content"].values()
    found = kind["schema"]
    for name in names:
        found = found["properties"][name]
        ways = [found] if "properties" in found else found.get("anyOf", [found])
        found = next(one for one in ways if one.get("type") != "null")
    return found


def word_of(name: str, length: int) -> str:
    """As long as is wanted, and right for the field otherwise."""
    return _address(length) if name == "email" else "x" * length


def _address(length: int) -> str:
    domain = ".".join(["b" * 40] * 5)
    return f"{'a' * (length - len(domain) - len('@.example'))}@{domain}.example"


def status_of(path: str, names: tuple[str, ...], value: Any) -> int:
    """The status that a report with this field is answered with."""
    given: Any = value
    for name in reversed(names):
        given = {name: given}
    if path == _OPEN311:
        return Doors().open311({**_ASKED, **given}).status
    return Doors().report({**_REPORT, **given}).status


@pytest.mark.parametrize(
    ("path", "names"),
    [
        *(("/v1/reports", tuple(name.split("."))) for name in ("text", "category", "place.text", "name", "email")),
        ("/v1/reports", ("idempotency_key",)),
        *((_OPEN311, (name,)) for name in ("service_code", "description", "first_name", "last_name")),
        *((_OPEN311, (name,)) for name in ("address_string", "address_id", "email", "device_id", "media_url")),
    ],
    ids=str,
)
def test_a_text_as_long_as_is_published_is_taken_and_one_longer_is_not(path: str, names: tuple[str, ...]) -> None:
    most = takes(path, *names)["maxLength"]
    assert status_of(path, names, word_of(names[-1], most)) == 201
    assert status_of(path, names, word_of(names[-1], most + 1)) in (400, 422)


def test_keys_files_and_places_are_taken_within_what_is_published() -> None:
    key = takes("/v1/reports", "idempotency_key")
    assert status_of("/v1/reports", ("idempotency_key",), "x" * key["minLength"]) == 201
    assert status_of("/v1/reports", ("idempotency_key",), "x" * (key["minLength"] - 1)) == 422
    uploads = takes("/v1/reports", "uploads")
    ids = [f"{n:08}" for n in range(uploads["maxItems"] + 1)]
    assert (status_of("/v1/reports", ("uploads",), ids[:-1]), status_of("/v1/reports", ("uploads",), ids)) == (201, 422)
    longest = "0" * 64 + "." + "a" * (uploads["items"]["maxLength"] - 65)
    assert (
        status_of("/v1/reports", ("uploads",), [longest]),
        status_of("/v1/reports", ("uploads",), [longest + "a"]),
    ) == (201, 422)
    for name, other in (("latitude", "longitude"), ("longitude", "latitude")):
        degrees = takes("/v1/reports", "place", name)
        for bound, beyond in ((degrees["maximum"], 0.001), (degrees["minimum"], -0.001)):
            assert status_of("/v1/reports", ("place",), {name: bound, other: 0}) == 201
            assert status_of("/v1/reports", ("place",), {name: bound + beyond, other: 0}) == 422


def test_a_phone_number_has_the_published_digits() -> None:
    (least, most) = map(int, re.findall(r"\{(\d+),(\d+)\}", takes("/v1/reports", "phone")["pattern"])[0])
    for digits, status in ((least - 1, 422), (least, 201), (most, 201), (most + 1, 422)):
        assert status_of("/v1/reports", ("phone",), "8" * digits) == status


def test_an_upload_has_the_published_size_types_and_name() -> None:
    size = takes("/v1/reports/uploads", "size")
    name = takes("/v1/reports/uploads", "name")["maxLength"]
    for kind in takes("/v1/reports/uploads", "type")["enum"]:
        for given, status in (
            ({"size": size["maximum"]}, 201),
            ({"size": size["maximum"] + 1}, 422),
            ({"size": size["minimum"] - 1}, 422),
            ({"size": 1, "name": "x" * name}, 201),
            ({"size": 1, "name": "x" * (name + 1)}, 422),
        ):
            body = json.dumps({"name": "x", "type": kind, **given})
            assert Doors().send("POST", "/v1/reports/uploads", body).status == status


def test_a_kind_is_named_by_each_published_word() -> None:
    words = takes("/v1/reports", "kind")["enum"]
    assert {status_of("/v1/reports", ("kind",), one) for one in words} == {201}


def test_the_page_bounds_its_fields_as_the_door_does() -> None:
    form = form_page.Form("Desa", "a@b.example", "https://b.example", "+07:00", "", "k")
    shown = {
        name: int(most)
        for name, most in re.findall(
            r'<(?:input|textarea)[^>]*? name="(\w+)"[^>]*? maxlength="(\d+)"', form_page.page(form)
        )
        if name not in ("latitude", "longitude")
    }
    told = {name: takes("/v1/reports", name)["maxLength"] for name in ("text", "name", "email", "phone")}
    assert shown == {**told, "place": takes("/v1/reports", "place", "text")["maxLength"]}


def test_what_people_are_told_of_bounds_is_so() -> None:
    """The texts spell them in words, so that they read as sentences."""
    characters = f"{form_rules.TEXT_LIMIT:,}"
    assert TEXT_LIMIT == form_rules.TEXT_LIMIT, "an officer's text and a citizen's"
    assert characters.replace(",", ".") in page._MESSAGES["text"]
    told = next(words for kind, words in pages.FAULTS.items() if kind.__name__ == "Invalid")
    assert characters.replace(",", ".") in told["id"]
    assert characters in told["en"]
    for words in tracking_page.WORDS.values():
        assert f" {form_rules.FILE_BYTES // 1_000_000} MB" in words["attach_how"]
    assert pages.SLOTS <= form_rules.FILES_LIMIT
