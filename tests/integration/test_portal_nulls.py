"""What the description says may be null is taken as if it were left out: one field at a time, and all together, as a
client sends that writes out every field it knows."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from tanggap.entrypoints.portal.openapi_operations import OPERATIONS
from tanggap.entrypoints.portal.openapi_public import PUBLIC_OPERATIONS
from tests.support.portal import Portal
from tests.support.portal_cases import now
from tests.support.webhooks import Doors
from tests.support.world import COORDINATOR

#: By route, a body of the fields that it needs. What is done to a case is done to a new one each time.
BODIES: dict[str, dict[str, Any]] = {
    "/v1/cases": {"channel": "counter", "received_at": now(hours=1), "text": "Lampu jalan padam."},
    "/v1/cases/{number}/verification": {"decision": "accept"},
    "/v1/cases/{number}/classification": {"priority": "high"},
    "/v1/cases/{number}/assignment": {"unit": "pu"},
    "/v1/cases/{number}/units": {"unit": "pu", "action": "add"},
    "/v1/cases/{number}/extensions": {"clock": "verify", "reason": "menunggu"},
    "/v1/cases/{number}/extensions/{request}": {"decision": "grant"},
    "/v1/cases/{number}/split": {"message": "nothing"},
    "/v1/cases/{number}/replies": {"text": "Sedang kami periksa."},
    "/v1/cases/{number}/notes": {"text": "dicek"},
    "/v1/cases/{number}/status": {"status": "rejected", "reason": "bukan kewenangan"},
    "/v1/cases/{number}/publicity": {"public": False, "reason": "selesai"},
    "/v1/cases/{number}/reporter": {"message": "nothing", "reason": "salah orang"},
    "/v1/arrivals/{arrival}/replay": {},
}
#: A policy's fields are its own matter.
ELSEWHERE = {"/v1/policy/check", "/v1/policy/versions/{number}/restore"}


def optional(schema: dict[str, Any]) -> list[str]:
    return sorted(schema.get("properties", {}).keys() - set(schema.get("required", ())))


FIELDS = {
    path: optional(operation.takes)
    for (method, path), operation in OPERATIONS.items()
    if method == "POST" and operation.takes and path not in ELSEWHERE and optional(operation.takes)
}


def test_every_route_with_fields_that_may_be_left_out_is_tried() -> None:
    assert FIELDS.keys() == BODIES.keys()


@pytest.mark.parametrize("path", BODIES)
def test_a_field_that_is_null_is_a_field_that_is_left_out(portal: Portal, path: str) -> None:
    def said(nulls: list[str]) -> tuple[int, str]:
        number = portal.world.new_case() if "{number}" in path else ""
        where = path.format(number=number, request="none", arrival="none")
        body = {**BODIES[path], **dict.fromkeys((one for one in nulls if one not in BODIES[path]), None)}
        assert jsonschema_rs.is_valid(OPERATIONS["POST", path].takes, body)
        answer = portal.call(COORDINATOR, "POST", where, body)
        return answer.status, answer.message if answer.status >= 400 else ""

    left_out = said([])
    assert {field: said([field]) for field in FIELDS[path]} == dict.fromkeys(FIELDS[path], left_out)
    assert said(FIELDS[path]) == left_out


@pytest.mark.parametrize("nulls", [["email"], ["phone"], ["name", "address", "email", "phone"]])
@pytest.mark.parametrize("address", ["siti@warga.example", "0812 3456 7890"])
def test_a_reporter_of_one_address_has_no_second_one_that_is_null(
    portal: Portal, nulls: list[str], address: str
) -> None:
    reporter = {"addresses": [{"channel": None, "address": address}], **dict.fromkeys(nulls)}
    answer = portal.post(COORDINATOR, "/v1/cases", **BODIES["/v1/cases"], reporter=reporter)
    assert answer.status == 201, answer.body


@pytest.mark.parametrize(
    ("place", "valid"),
    [
        ({}, True),
        ({"text": None, "latitude": None, "longitude": None}, True),
        ({"latitude": None}, True),
        ({"text": "Balai desa", "longitude": None}, True),
        ({"latitude": -6.2, "longitude": 106.8}, True),
        ({"latitude": -6.2}, False),
        ({"latitude": -6.2, "longitude": None}, False),
        ({"latitude": None, "longitude": 106.8}, False),
    ],
)
def test_a_places_coordinates_are_both_there_or_neither(place: dict[str, Any], valid: bool) -> None:
    report = {"text": "Lampu jalan padam.", "place": place}
    assert jsonschema_rs.is_valid(PUBLIC_OPERATIONS["POST", "/v1/reports"].takes, report) is valid
    assert Doors().report(report).status == (201 if valid else 422)
