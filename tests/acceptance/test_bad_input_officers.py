"""Bad input at the officers' doors."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest

from infra.local.aws import client
from tests.e2e.system import System

pytestmark = pytest.mark.usefixtures("others_are_served", "it_adds_up")


def tokens(system: System) -> dict[str, str]:
    officer = system.officer("coordinator")
    answer = client("cognito-idp", system.ready["aws_endpoint"]).initiate_auth(
        ClientId=system.ready["outputs"]["UserPoolClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": officer["email"], "PASSWORD": officer["password"]},
    )["AuthenticationResult"]
    header, body, signature = answer["IdToken"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))

    def forged(**more: Any) -> str:
        changed = base64.urlsafe_b64encode(json.dumps({**claims, **more}).encode()).decode().rstrip("=")
        return f"{header}.{changed}.{signature}"

    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    return {
        "good": answer["IdToken"],
        "access": answer["AccessToken"],
        "refresh": answer.get("RefreshToken", "x"),
        "expired": forged(exp=int(time.time()) - 10),
        "of another role": forged(**{"cognito:groups": ["custodian"]}),
        "of another pool": forged(iss="https://cognito-idp.ap-southeast-1.amazonaws.com/ap-southeast-1_lain"),
        "unsigned": f"{none}.{body}.",
        "cut": answer["IdToken"][:-9],
        "nonsense": "x.y.z",
        "empty": "",
    }


def test_only_a_true_id_token_opens_the_desk(system: System) -> None:
    found = {
        name: system.call("GET", "/v1/cases", headers={"Authorization": token}).status
        for name, token in tokens(system).items()
    }
    assert found.pop("good") == 200
    assert set(found.values()) <= {401, 403}, found


def test_a_policy_with_faults_is_refused_with_every_place_and_changes_nothing(system: System) -> None:
    before = system.as_officer("coordinator", "GET", "/v1/policy").body
    faults = {**before, "utc_offset": "+03:00", "coordinator": ["bukan alamat"], "units": [{"id": "A B"}], "agency": ""}
    refused = system.as_officer("coordinator", "PUT", "/v1/policy", faults)
    assert refused.status == 422
    places = {fault["place"] for fault in refused.body["error"]["faults"]}
    assert any(place.startswith("units") for place in places)
    assert any(place.startswith("coordinator") for place in places)
    assert {"utc_offset", "agency"} <= places
    for nonsense in ([], "x", None, {}, {"version": "x"}):
        assert system.as_officer("coordinator", "PUT", "/v1/policy", nonsense).status in (400, 422)
    assert system.as_officer("coordinator", "GET", "/v1/policy").body == before
