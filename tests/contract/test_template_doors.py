"""The API's areas and guards, and who may be an officer."""

from __future__ import annotations

import ast
import json
from collections import Counter

import pytest

from infra.build.template import decided
from infra.growth.knobs import MANY
from tanggap.domain.words import Role
from tanggap.entrypoints.portal import http
from tanggap.entrypoints.portal.app import app
from tanggap.entrypoints.webhooks.app import DOORS
from tests.contract.stack import RESOURCES, ROOT, TEMPLATE, area_of, areas, functions, of_type

#: CONTRACT.md: what needs no login. Everything else does.
PUBLIC_AREAS = {
    ("POST", "/v1/session"),
    ("GET", "/v1/health"),
    ("GET", "/v1/openapi.json"),
    ("POST", "/v1/reports"),
    ("POST", "/v1/reports/uploads"),
    ("GET", "/v1/reports/{proxy+}"),
    ("POST", "/v1/reports/{proxy+}"),
    ("GET", "/webhooks/meta"),
    ("POST", "/webhooks/meta"),
    ("POST", "/webhooks/telegram"),
    ("GET", "/webhooks/{proxy+}"),
    ("POST", "/webhooks/{proxy+}"),
    ("GET", "/open311/{proxy+}"),
    ("POST", "/open311/{proxy+}"),
    ("GET", "/lapor"),
    ("POST", "/lapor"),
    ("GET", "/lacak"),
    ("POST", "/lacak"),
}
#: Of those, what is written down at once and read later: the function that reads no table.
STORING = {
    ("GET", "/webhooks/meta"),
    ("POST", "/webhooks/meta"),
    ("POST", "/webhooks/telegram"),
    ("GET", "/webhooks/{proxy+}"),
    ("POST", "/webhooks/{proxy+}"),
    ("POST", "/v1/reports"),
    ("POST", "/v1/reports/uploads"),
    ("POST", "/lapor"),
    ("POST", "/open311/{proxy+}"),
}

API = RESOURCES["Api"]["Properties"]
#: With every door open: the widest that they are.
METHOD_SETTINGS = decided(TEMPLATE, MANY)["Resources"]["Api"]["Properties"]["MethodSettings"]
ROUTES = [(method, path) for path, methods in app.routes.items() for method in methods]


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=[f"{method} {path}" for method, path in ROUTES])
def test_each_route_falls_into_an_area_with_its_guard(method: str, path: str) -> None:
    area = area_of(method, path.replace("{", "").replace("}", ""))
    assert area is not None, "API Gateway would answer 403 for it"
    assert area.function == "PortalFunction"
    assert area.public == (path in http.PUBLIC)


def test_exactly_the_promised_areas_are_open() -> None:
    assert {(area.method, area.path) for area in areas() if area.public} == PUBLIC_AREAS


def test_what_only_stores_goes_to_the_function_that_only_stores() -> None:
    assert {(area.method, area.path) for area in areas() if area.function == "WebhooksFunction"} == STORING


@pytest.mark.parametrize(("method", "path"), [door for door in DOORS if "{" not in door[1]], ids=str)
def test_each_door_falls_into_an_area_of_the_webhooks_function(method: str, path: str) -> None:
    area = area_of(method, path)
    assert area is not None
    assert area.function == "WebhooksFunction"
    assert area.public


def test_each_exact_area_of_the_portal_has_a_route() -> None:
    for area in areas():
        if area.function == "PortalFunction" and "{proxy+}" not in area.path:
            assert (area.method, area.path) in ROUTES, area


def test_whoever_says_nothing_is_guarded() -> None:
    assert API["Auth"]["DefaultAuthorizer"] in API["Auth"]["Authorizers"]
    (authorizer,) = API["Auth"]["Authorizers"].values()
    assert authorizer == {"UserPoolArn": {"Fn::GetAtt": ["UserPool", "Arn"]}}
    for function in functions().values():
        for event in function.events("Api").values():
            assert event.get("Auth", {"Authorizer": "NONE"}) == {"Authorizer": "NONE"}
            assert event["RestApiId"] == {"Ref": "Api"}, "an event without it makes a second API"


def test_an_access_token_is_no_id_token() -> None:
    """The authorizer takes id tokens alone on AWS and any on the emulator, so the portal looks at `token_use`."""
    source = (ROOT / "layers/core/tanggap/entrypoints/portal/http.py").read_text()
    comparisons = [ast.unparse(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Compare)]
    assert "claims.get('token_use') != 'id'" in comparisons


def test_methods_are_declared_one_by_one() -> None:
    for area in areas():
        assert area.method in {"GET", "POST", "PUT", "PATCH", "DELETE"}, area
    assert max(Counter((area.method, area.path) for area in areas()).values()) == 1


def test_the_permissions_of_a_function_fit_its_policy() -> None:
    """Each Api event becomes one statement; a function's policy ends at 20 kB, about 51 of them."""
    for count in Counter(area.function for area in areas()).values():
        assert count <= 30


def test_requests_are_throttled_and_guessing_passwords_most() -> None:
    settings = {(one["ResourcePath"], one["HttpMethod"]): one for one in METHOD_SETTINGS}
    everything = settings["/*", "*"]
    session = settings["/~1v1~1session", "POST"]
    assert session["ThrottlingRateLimit"] < everything["ThrottlingRateLimit"]
    for one in settings.values():
        assert 0 < one["ThrottlingRateLimit"] <= one["ThrottlingBurstLimit"]
        assert not one.get("DataTraceEnabled"), "it logs bodies"
        assert one.get("LoggingLevel", "OFF") == "OFF", "an execution log holds query strings"


def test_each_area_without_a_login_has_a_throttle_of_its_own() -> None:
    """One channel's flood takes no other's room, nor the officers'."""
    settings = {(one["ResourcePath"], one["HttpMethod"]): one for one in METHOD_SETTINGS}
    looked_at = {("GET", "/v1/health"), ("GET", "/v1/openapi.json")}
    for area in areas():
        if area.public and (area.method, area.path) not in looked_at:
            assert (area.path.replace("/", "~1").replace("~1", "/~1", 1), area.method) in settings, area


def test_receipt_codes_are_guessed_no_faster_than_a_few_a_second() -> None:
    settings = {(one["ResourcePath"], one["HttpMethod"]): one["ThrottlingRateLimit"] for one in METHOD_SETTINGS}
    assert settings["/~1lacak", "POST"] <= 10
    assert settings["/~1v1~1reports~1{proxy+}", "POST"] <= 10


def test_the_access_log_says_what_happened_and_not_to_whom() -> None:
    line = json.loads(API["AccessLogSetting"]["Format"])
    allowed = {
        "$context.requestId",
        "$context.resourcePath",
        "$context.httpMethod",
        "$context.status",
        "$context.responseLatency",
        "$context.integration.latency",
        "$context.error.responseType",
    }
    assert set(line.values()) <= allowed, "a path, a query string, an address or a caller can name a person"
    assert {"$context.status", "$context.resourcePath"} <= set(line.values())
    assert 1 <= of_type("AWS::Logs::LogGroup")["ApiLog"]["RetentionInDays"] <= 400
    assert RESOURCES["Api"]["DependsOn"] == "ApiAccount", "without the region's role the stage cannot have a log"


@pytest.mark.parametrize("name", API["GatewayResponses"])
def test_api_gateways_own_errors_have_the_shape_of_ours(name: str) -> None:
    body = json.loads(API["GatewayResponses"][name]["ResponseTemplates"]["application/json"])
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}


def test_there_is_one_group_for_each_role() -> None:
    groups = of_type("AWS::Cognito::UserPoolGroup").values()
    assert sorted(group["GroupName"] for group in groups) == sorted(Role)


def test_only_the_agency_makes_officers() -> None:
    pool = of_type("AWS::Cognito::UserPool")["UserPool"]
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["DeletionProtection"] == "ACTIVE"
    assert pool["MfaConfiguration"] == "OPTIONAL"
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12


def test_an_officer_cannot_choose_another_unit() -> None:
    pool = of_type("AWS::Cognito::UserPool")["UserPool"]
    client = of_type("AWS::Cognito::UserPoolClient")["UserPoolClient"]
    assert "unit" in {attribute["Name"] for attribute in pool["Schema"]}
    assert "custom:unit" not in client["WriteAttributes"]
    assert "email" not in client["WriteAttributes"]


def test_the_client_tells_nobody_who_has_an_account() -> None:
    client = of_type("AWS::Cognito::UserPoolClient")["UserPoolClient"]
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert set(client["ExplicitAuthFlows"]) == {"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    assert not client.get("GenerateSecret"), "the portal has no place for a client's secret"


def test_links_come_from_one_setting() -> None:
    assert "PublicUrl" in TEMPLATE["Parameters"]
    for function in functions().values():
        for name, value in function.environment.items():
            if (function.folder, name) != ("canary", "API_URL"):  # it follows no link: it calls
                assert "Api" not in str(value), f"{name}: a link built from the stage breaks with it"
