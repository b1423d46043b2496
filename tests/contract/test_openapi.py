"""The published description: valid, whole, and honest about guards."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tanggap.entrypoints.portal import http
from tanggap.entrypoints.portal.app import app
from tanggap.entrypoints.portal.openapi_description import TABLE, description, served
from tanggap.entrypoints.webhooks.app import DOORS
from tests.contract.stack import area_of
from tests.support.described import closed

FOUND = description()
OPERATIONS = [(path, method, op) for path, methods in FOUND["paths"].items() for method, op in methods.items()]
NAMES = [f"{method.upper()} {path}" for path, method, _ in OPERATIONS]


def test_every_route_and_every_door_is_described_and_nothing_else() -> None:
    """A new route goes red here until openapi_operations or openapi_public tells of it."""
    routes = {(method, path) for path, methods in app.routes.items() for method in methods}
    assert set(TABLE) == routes | set(DOORS)
    assert {(method, path) for method, path, _, _ in served()} == routes | set(DOORS)
    assert {(method.upper(), path) for path, method, _ in OPERATIONS} == routes | set(DOORS)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=NAMES)
def test_each_operation_says_what_it_takes_gives_and_refuses(path: str, method: str, operation: Any) -> None:
    assert operation["summary"]
    in_path = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
    assert in_path == set(re.findall(r"\{(\w+)\}", path))
    assert any(status.startswith("2") for status in operation["responses"])
    assert {"400", "429", "503"} <= set(operation["responses"])
    for response in operation["responses"].values():
        assert response["description"]
        assert response["content"]
        for one in response["content"].values():
            assert one["schema"] != {}, "an answer without a schema is not described"


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=NAMES)
def test_its_guard_is_the_one_of_its_area(path: str, method: str, operation: Any) -> None:
    area = area_of(method.upper(), path.replace("{", "").replace("}", ""))
    assert area is not None
    assert (operation["security"] == []) == area.public
    assert ("401" in operation["responses"]) >= (not area.public)


def test_every_schema_is_one_and_every_reference_leads_somewhere() -> None:
    schemas = FOUND["components"]["schemas"]
    for _, _, operation in OPERATIONS:
        bodies = [*operation["responses"].values(), *([b] if (b := operation.get("requestBody")) else [])]
        for one in [*operation["parameters"], *(kind for body in bodies for kind in body["content"].values())]:
            Draft202012Validator.check_schema(one["schema"])
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(FOUND)))
    assert named == set(schemas), "a schema that nothing names, or a name without one"


def test_each_operation_has_its_own_id() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))


def test_it_is_openapi_by_the_readers_of_schemathesis() -> None:
    import schemathesis

    found = schemathesis.openapi.from_dict(FOUND)
    assert len(list(found.get_all_operations())) == len(OPERATIONS)


def test_a_field_too_many_in_an_answer_is_a_breach_in_our_tests() -> None:
    from tests.support import described

    body = {"error": {"code": "x", "message": "y"}}
    kind = {"Content-Type": "application/json; charset=utf-8"}
    described.check("GET", "/v1/policy", 401, kind, json.dumps(body))
    for wrong in (
        ("GET", "/v1/policy", 401, kind, json.dumps({"error": {**body["error"], "more": 1}})),
        ("GET", "/v1/policy", 401, kind, json.dumps({"error": {"code": "x"}})),
        ("GET", "/v1/policy", 418, kind, json.dumps(body)),
        ("GET", "/v1/policy", 401, {"Content-Type": "text/html"}, "x"),
        ("GET", "/v1/nothing", 200, kind, "{}"),
    ):
        with pytest.raises(AssertionError):
            described.check(*wrong)
    assert closed({"properties": {}})["additionalProperties"] is False


def test_the_public_paths_are_those_of_the_portal() -> None:
    assert {path for path in app.routes if path in http.PUBLIC} == http.PUBLIC
