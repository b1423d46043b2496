"""POST of GeoReport v2: what its clients send, and the two forms in which they want the answer."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from tanggap.domain import numbers
from tanggap.domain.form_rules import BESIDE_LIMIT
from tanggap.entrypoints.webhooks.limits import Rate
from tests.support.webhooks import SECRETS, Doors

#: The example request of the specification.
EXAMPLE = [
    ("api_key", "xyz"),
    ("jurisdiction_id", "city.gov"),
    ("service_code", "001"),
    ("lat", "37.76524078"),
    ("long", "-122.4212043"),
    ("address_string", "1234 5th street"),
    ("email", "smit333@sfgov.edu"),
    ("device_id", "tt222111"),
    ("account_id", "123456"),
    ("first_name", "john"),
    ("last_name", "smith"),
    ("phone", "111111111"),
    ("description", "A large sinkhole is destroying the street"),
    ("media_url", "http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg"),
    ("attribute[WHISPAWN]", "123456"),
    ("attribute[WHISDORN]", "COISL001"),
    ("attribute[MANY][]", "one"),
    ("attribute[MANY][]", "two"),
]


def test_the_specifications_example_is_stored_as_a_form_and_answered_in_json() -> None:
    doors = Doors()
    answer = doors.open311(EXAMPLE)
    assert answer.status == 201
    (one,) = answer.json
    assert set(one) == {"service_request_id", "service_notice", "account_id"}
    assert numbers.valid(one["service_request_id"])
    assert one["account_id"] == "123456"
    (stored,) = doors.stored("open311")
    assert stored["code"] in one["service_notice"]
    assert stored["report"] == {
        "text": "A large sinkhole is destroying the street",
        "kind": None,
        "category": "001",
        "place": {"latitude": 37.76524078, "longitude": -122.4212043, "text": "1234 5th street"},
        "happened_at": None,
        "anonymous": False,
        "secret": False,
        "name": "john smith",
        "email": "smit333@sfgov.edu",
        "phone": "111111111",
        "uploads": [],
    }
    assert stored["extra"] == {
        "jurisdiction_id": "city.gov",
        "device_id": "tt222111",
        "account_id": "123456",
        "first_name": "john",
        "last_name": "smith",
        "media_url": "http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg",
        "attributes": {"WHISPAWN": ["123456"], "WHISDORN": ["COISL001"], "MANY": ["one", "two"]},
    }
    assert "api_key" not in json.dumps(stored)
    assert doors.store.announced == [f"webhooks/open311/{one['service_request_id']}.json"]


def test_the_same_in_xml() -> None:
    answer = Doors().open311([*EXAMPLE, ("account_id", "x")], "xml")
    assert answer.status == 201
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    (request,) = ET.fromstring(answer.text.split("?>", 1)[1])
    assert [child.tag for child in request] == ["service_request_id", "service_notice", "account_id"]
    assert numbers.valid(request.findtext("service_request_id") or "")


def test_an_account_that_is_not_told_is_null_or_empty() -> None:
    fields = {"service_code": "001", "address_id": "7"}
    assert Doors().open311(fields).json[0]["account_id"] is None
    assert "<account_id/>" in Doors().open311(fields, "xml").text


@pytest.mark.parametrize("place", [{"lat": "1", "long": "2"}, {"address_string": "here"}, {"address_id": "7"}], ids=str)
def test_each_way_to_name_a_place_is_enough(place: dict[str, str]) -> None:
    assert Doors().open311({"service_code": "001", **place}).status == 201


@pytest.mark.parametrize("blank", ["", " ", "\x19"])
def test_a_place_in_which_nothing_is_visible_counts_as_none(blank: str) -> None:
    for name in ("address_id", "address_string"):
        answer = Doors().open311({"service_code": "001", name: blank})
        assert (answer.status, "location was not provided" in answer.json[0]["description"]) == (400, True)
        assert Doors().open311({"service_code": "001", name: blank, "lat": "1", "long": "2"}).status == 201


def test_an_id_of_a_place_that_is_too_long_is_told_as_that_alone() -> None:
    answer = Doors().open311({"service_code": "001", "address_id": "7" * (BESIDE_LIMIT + 1)})
    assert [one["description"].split()[0] for one in answer.json] == ["address_id"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"service_code": ""}, ["service_code"]),
        ({"lat": "", "long": "", "address_string": ""}, ["location"]),
        ({"lat": "", "address_string": ""}, ["lat"]),
        ({"lat": "north"}, ["lat"]),
        ({"lat": "nan"}, ["lat"]),
        ({"long": "181"}, ["long"]),
        ({"description": "x" * 4001}, ["description"]),
        ({"api_key": "x" * (BESIDE_LIMIT + 1)}, ["api_key"]),
        ({"service_code": "", "lat": "91", "description": "x" * 4001}, ["service_code", "description", "lat"]),
    ],
    ids=lambda one: str(one)[:60],
)
@pytest.mark.parametrize("format", ["json", "xml"])
def test_what_is_missing_is_told_in_the_clients_own_form(changes: dict[str, Any], told: list[str], format: str) -> None:
    doors = Doors()
    answer = doors.open311({**dict(EXAMPLE), **changes}, format)
    assert answer.status == 400
    if format == "json":
        errors = [(one["code"], one["description"]) for one in answer.json]
    else:
        root = ET.fromstring(answer.text.split("?>", 1)[1])
        errors = [(int(one.findtext("code") or 0), one.findtext("description") or "") for one in root]
    assert {description.split(" ")[0] for _, description in errors} == set(told)
    assert {code for code, _ in errors} == {400}
    assert not doors.store.calls


def test_what_a_stranger_wrote_is_escaped_in_xml() -> None:
    text = Doors().open311([("account_id", "</account_id><x>&"), *EXAMPLE], "xml").text
    root = ET.fromstring(text.split("?>", 1)[1])
    assert root.findtext("request/account_id") == "</account_id><x>&"


def test_a_sign_that_xml_cannot_hold_breaks_no_answer() -> None:
    answer = Doors().open311([("attribute[a\x01b]", "x" * 4001), *EXAMPLE], "xml")
    assert answer.status == 400
    told = ET.fromstring(answer.text.split("?>", 1)[1]).findtext("error/description")
    assert told == "attribute[ab] has at most 4000 characters"


def keyed(*keys: str) -> dict[str, Any]:
    return {**SECRETS, "open311": {"keys": list(keys)}}


@pytest.mark.parametrize(("key", "status"), [("right", 201), ("wrong", 403), ("", 403)])
def test_where_keys_are_given_out_one_is_needed(key: str, status: int) -> None:
    doors = Doors(keyed("right", "older"))
    answer = doors.open311({**dict(EXAMPLE), "api_key": key})
    assert answer.status == status
    if status == 403:
        assert answer.json[0]["code"] == 403
        assert not doors.store.calls


def test_the_key_may_stand_in_the_query() -> None:
    doors = Doors(keyed("right"))
    fields = {"service_code": "001", "address_id": "7"}
    assert doors.open311(fields, query={"api_key": "right"}).status == 201


def test_whoever_has_a_key_sends_for_a_town_and_others_are_limited() -> None:
    fields = {**dict(EXAMPLE), "api_key": "right"}
    keyless, known = Doors(reports=Rate(1, 10)), Doors(keyed("right"), reports=Rate(1, 10))
    assert [keyless.open311(fields).status for _ in range(2)] == [201, 429]
    assert [known.open311(fields).status for _ in range(3)] == [201] * 3


def test_a_desk_that_closed_open311_says_so_in_its_form() -> None:
    answer = Doors(open311=False).open311(EXAMPLE)
    assert answer.status == 404
    assert answer.json[0]["code"] == 404


@pytest.mark.parametrize("path", ["requests", "requests.yaml", "services.json", "requests/TGP-1.json"])
def test_what_takes_no_post_says_so_in_its_form(path: str) -> None:
    answer = Doors().send("POST", f"/open311/v2/{path}", "service_code=1")
    assert (answer.status, answer.json[0]["code"]) == (404, 404)


def test_a_client_may_say_a_key_and_send_again() -> None:
    doors = Doors()
    told = [doors.open311(EXAMPLE, headers={"Idempotency-Key": "0123456789"}).json for _ in range(2)]
    assert told[0] == told[1]
    assert doors.open311(EXAMPLE).json != told[0]
    changed = doors.open311([*EXAMPLE, ("attribute[X]", "1")], headers={"Idempotency-Key": "0123456789"})
    assert (changed.status, changed.json[0]["code"]) == (400, 400)
    assert doors.open311(EXAMPLE, headers={"Idempotency-Key": "1"}).status == 400
