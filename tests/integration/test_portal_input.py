"""What the portal does with requests that nobody should send: each ends in a clear status and blocks nobody else."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest

from tests.support.events import api_event, claims_of
from tests.support.portal import Answer, Portal
from tests.support.world import COORDINATOR, LIAISON, table_of


@pytest.fixture(scope="module")
def number(portal: Portal) -> str:
    return portal.world.new_case()


def raw(portal: Portal, body: str | None, path: str = "/v1/cases", **more: Any) -> Answer:
    return portal.call(COORDINATOR, "POST", path, raw=body, **more)


# -- bodies


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "nonsense",
        "[]",
        "null",
        '"text"',
        "1e999",
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"text": NaN}',
        '{"text": Infinity}',
        '{"text": "\\ud800"}',
        '{"text": "\ud800"}',
        '{"text": "a", "text": "b"}',
        '{"size": ' + "9" * 5000 + "}",
        "\x00",
        '{"text": "\x01"}',
    ],
    ids=range(17),
)
def test_a_body_that_is_no_json_object_of_whole_characters_is_a_bad_request(portal: Portal, body: str) -> None:
    answer = raw(portal, body)
    assert (answer.status, answer.code) in ((400, "bad_request"), (422, "invalid"))
    assert answer.status == 400 or body == "", "an empty body is an object without fields"


def test_a_body_over_the_limit_is_too_large_and_one_at_it_is_read(portal: Portal, number: str) -> None:
    path = f"/v1/cases/{number}/notes"
    room = 400_000 - len('{"text":""}')
    over = raw(portal, '{"text":"' + "x" * (room + 1) + '"}', path)
    assert (over.status, over.code) == (413, "too_large")
    at_limit = raw(portal, '{"text":"' + "x" * room + '"}', path)
    assert (at_limit.status, at_limit.code) == (422, "invalid")
    most = raw(portal, json.dumps({"text": "x" * 50_000}), path)
    assert most.status == 200


def test_a_body_of_another_type_is_refused_in_the_same_form(portal: Portal) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = raw(portal, "{}", headers={"Content-Type": kind})
        assert (answer.status, answer.code) == (415, "unsupported_media_type")
    for kind in ("application/json; charset=utf-8", "APPLICATION/JSON"):
        assert raw(portal, "{}", headers={"Content-Type": kind}).status == 422


def test_a_body_in_base64_is_read_and_a_broken_one_refused(portal: Portal, number: str) -> None:
    for body, status in ((base64.b64encode(b'{"text": "halo"}').decode(), 200), ("%%%é", 400), ("/w==", 400)):
        event = api_event("POST", f"/v1/cases/{number}/notes", claims=claims_of(COORDINATOR), raw=body)
        assert portal.send({**event, "isBase64Encoded": True}).status == status


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], ["x"], {}, {"a": {"b": [None]}}, "", " \t", "\u2003"])
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("verification", "decision"),
        ("assignment", "unit"),
        ("replies", "text"),
        ("notes", "text"),
        ("status", "status"),
        ("status", "reason"),
    ],
)
def test_a_field_of_a_wrong_type_is_named(portal: Portal, number: str, path: str, field: str, value: Any) -> None:
    body = {"status": "rejected", "reason": "x"} if path == "status" else {}
    answer = portal.call(COORDINATOR, "POST", f"/v1/cases/{number}/{path}", {**body, field: value})
    assert (answer.status, answer.code) == (422, "invalid")
    assert field in answer.message


@pytest.mark.parametrize(
    ("field", "value"),
    [("attachments", "x"), ("attachments", [1]), ("attachments", {}), ("final", "yes"), ("final", 1), ("html", "<b>")],
)
def test_a_replys_other_fields_are_checked_too(portal: Portal, number: str, field: str, value: Any) -> None:
    answer = portal.call(COORDINATOR, "POST", f"/v1/cases/{number}/replies", {"text": "x", field: value})
    assert answer.status == 422
    assert field in answer.message


def test_an_unknown_field_is_named_without_what_it_might_do_to_a_reader(portal: Portal, number: str) -> None:
    answer = portal.call(COORDINATOR, "POST", f"/v1/cases/{number}/notes", {"text": "x", "\u202e" + "y" * 900: 1})
    assert answer.status == 422
    assert "\u202e" not in answer.message
    assert len(answer.message) < 100


def test_control_characters_never_reach_a_case(portal: Portal, number: str) -> None:
    answer = portal.post(COORDINATOR, f"/v1/cases/{number}/notes", text="a\u0000b\u0007c\r\nd\u0085e\tf")
    assert answer.body["notes"][-1]["text"] == "abc\nde\tf"


# -- paths and methods


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/v1",
        "/v1/cases/x/unknown",
        "/v1/cases//verification",
        "/v1/session/x",
        "/v2/cases",
        "//v1/cases",
        "/v1/cases/../policy",
        "/v1/cases%2f..",
        "/V1/cases",
        "/v1/casesx",
    ],
)
def test_what_no_route_takes_is_not_found(portal: Portal, path: str) -> None:
    answer = portal.get(COORDINATOR, path)
    assert (answer.status, answer.code) == (404, "not_found")
    assert answer.headers["Cache-Control"] == "no-store"


def test_another_method_is_refused_in_the_same_form(portal: Portal) -> None:
    for method, path in (("DELETE", "/v1/cases/x"), ("PATCH", "/v1/policy"), ("GET", "/v1/session"), ("", "/v1/cases")):
        answer = portal.call(COORDINATOR, method, path)
        assert (answer.status, answer.code) == (405, "method_not_allowed")
        assert set(answer.headers["Allow"].split(", ")) <= {"GET", "POST", "PUT"}


def test_an_event_that_lacks_what_api_gateway_may_leave_out_is_served(portal: Portal) -> None:
    event = api_event("GET", "/v1/cases", claims=claims_of(COORDINATOR))
    bare = {key: event[key] for key in ("path", "httpMethod", "requestContext")}
    assert portal.send(bare).status == 200
    assert portal.send({**bare, "headers": None, "body": None, "stageVariables": None}).status == 200
    assert portal.send({}).status == 404


# -- who calls


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        (None, 401),
        ({}, 401),
        ({"token_use": "access"}, 401),
        ({"token_use": None}, 401),
        ({"sub": ""}, 401),
        ({"cognito:groups": ""}, 403),
        ({"cognito:groups": None}, 403),
        ({"cognito:groups": "citizens"}, 403),
        ({"cognito:groups": "coordinator,auditor"}, 403),
        ({"cognito:groups": "COORDINATOR"}, 403),
        ({"cognito:groups": "coordinatorx"}, 403),
        ({"cognito:groups": "coordinator"}, 200),
        ({"cognito:groups": "[coordinator]"}, 200),
        ({"cognito:groups": "staff,coordinator"}, 200),
        ({"cognito:groups": ["coordinator"]}, 200),
        ({"cognito:groups": "liaison", "custom:unit": " pu "}, 200),
        ({"cognito:groups": "liaison", "custom:unit": "pu#"}, 403),
        ({"cognito:groups": "liaison", "custom:unit": "-"}, 403),
    ],
)
def test_only_an_id_token_of_an_account_with_one_role_gets_in(portal: Portal, claims: Any, status: int) -> None:
    known = None if claims is None else {**claims_of(COORDINATOR), **claims} if claims else {}
    answer = portal.send(api_event("GET", "/v1/cases", claims=known))
    assert answer.status == status
    if status != 200:
        assert set(answer.body) == {"error"}
        assert set(answer.body["error"]) == {"code", "message"}


def test_every_route_but_the_public_ones_needs_a_sign_in(portal: Portal) -> None:
    from tanggap.entrypoints.portal import http
    from tanggap.entrypoints.portal.app import app

    for path, methods in app.routes.items():
        for method in methods:
            status = portal.call(None, method, path.replace("{", "").replace("}", ""), {}).status
            assert (status == 401) == (path not in http.PUBLIC), (method, path, status)
    ours = {path for path in http.PUBLIC if not path.startswith(("/open311/", "/v1/reports", "/lapor", "/lacak"))}
    assert ours == {"/v1/session", "/v1/health", "/v1/openapi.json"}


def test_the_description_of_the_api_holds_every_route_with_a_summary(portal: Portal) -> None:
    from tanggap.entrypoints.portal.app import app
    from tanggap.entrypoints.webhooks.app import DOORS

    found = portal.get(None, "/v1/openapi.json").body
    operations = [one for methods in found["paths"].values() for one in methods.values()]
    assert len(operations) == sum(len(methods) for methods in app.routes.values()) + len(DOORS)
    assert all(operation["summary"] for operation in operations)
    assert found["paths"]["/v1/session"]["post"]["security"] == []
    assert found["paths"]["/v1/cases/{number}"]["get"]["security"]


# -- inside of ours


def test_nothing_of_a_person_reaches_a_log_line(portal: Portal) -> None:
    from tanggap.entrypoints.observe import logger

    written = io.StringIO()
    before = logger.registered_handler.setStream(written)  # type: ignore[attr-defined]
    portal.post(
        COORDINATOR,
        "/v1/cases",
        channel="phone",
        received_at="2026-11-22T10:00:00+07:00",
        text="Rahasia Kuwalali",
        reporter={"name": "Wiratmadja", "email": "wiratmadja@warga.example", "phone": "081299998888"},
    )
    portal.get(COORDINATOR, "/v1/cases", q="wiratmadja@warga.example")
    portal.call(COORDINATOR, "POST", "/v1/cases", raw='{"text": "Kuwalali')
    portal.get(LIAISON, "/v1/cases/Kuwalali%20Wiratmadja")
    logger.registered_handler.setStream(before)  # type: ignore[attr-defined]
    logged = written.getvalue().lower()
    assert "request served" in logged
    assert not [word for word in ("kuwalali", "wiratmadja", "081299998888", "warga.example") if word in logged]


def test_a_failure_of_ours_tells_nothing_of_the_inside(portal: Portal, number: str) -> None:
    """A row that cannot be read, as after a botched repair by hand."""

    table = table_of(portal.environment["CASES_TABLE"])
    broken = portal.world.new_case()
    table.update_item(
        Key={"pk": f"CASE#{broken}", "sk": "CASE"},
        UpdateExpression="SET #d = :d",
        ExpressionAttributeNames={"#d": "data"},
        ExpressionAttributeValues={":d": "{}"},
    )
    answer = portal.get(COORDINATOR, f"/v1/cases/{broken}")
    assert (answer.status, answer.code) == (500, "internal")
    assert "number" not in answer.message
    table.delete_item(Key={"pk": f"CASE#{broken}", "sk": "CASE"})
    assert portal.get(COORDINATOR, f"/v1/cases/{number}").status == 200


def test_a_table_that_does_not_answer_is_told_as_passing(portal: Portal) -> None:
    from tanggap.entrypoints import composition, settings

    services = composition.services(settings.Portal)
    good = services.cases
    from tanggap.adapters.dynamodb.cases import DynamoCases
    from tanggap.adapters.dynamodb.table import table

    services.__dict__["cases"] = DynamoCases(table("no-such-table"), table("no-such-vault"))
    services.__dict__.pop("desk", None)
    try:
        answer = portal.get(COORDINATOR, "/v1/cases/TGP-AAAAAAAAA")
        health = portal.get(None, "/v1/health")
    finally:
        services.__dict__["cases"] = good
        services.__dict__.pop("desk", None)
    assert (answer.status, answer.code) == (503, "unavailable")
    assert (health.status, health.body["status"]) == (503, "degraded")
    assert health.body["version"]
