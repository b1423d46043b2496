"""Stock: CloudFormation refuses AWS::SES::ReceiptRuleSet and AWS::SES::ReceiptRule ("Unrecognized resource types").

Mended: both types, made of the calls of the SES API that stock ministack answers well.
"""

from __future__ import annotations

import secrets
import string
from typing import Any
from urllib.parse import urlencode

from infra.local.mends.at_once import at_once

RULE_SET = "AWS::SES::ReceiptRuleSet"
RULE = "AWS::SES::ReceiptRule"


def still_needed() -> bool:
    from ministack.services.cloudformation import provisioners

    return not {RULE_SET, RULE} <= provisioners._RESOURCE_HANDLERS.keys()


def apply() -> None:
    from ministack.services.cloudformation import provisioners

    provisioners._RESOURCE_HANDLERS[RULE_SET] = {
        "create": _create_rule_set,
        "update": _update_rule_set,
        "update_with_logical_id": True,
        "delete": _delete_rule_set,
    }
    provisioners._RESOURCE_HANDLERS[RULE] = {
        "create": _create_rule,
        "update": _update_rule,
        "update_with_logical_id": True,
        "delete": _delete_rule,
    }


def _generated(logical_id: str | None) -> str:
    suffix = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(12))
    return f"{(logical_id or 'Rule')[:40]}-{suffix}"


def _create_rule_set(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
    name = properties.get("RuleSetName") or _generated(logical_id)
    _call("CreateReceiptRuleSet", {"RuleSetName": name})
    return name, {}


def _update_rule_set(
    name: str, old: dict[str, Any], new: dict[str, Any], stack: str, logical_id: str | None = None
) -> tuple[str, dict[str, str]]:
    if new.get("RuleSetName") in (None, name):
        return name, {}
    return _create_rule_set(logical_id or "RuleSet", new, stack)


def _delete_rule_set(name: str, properties: dict[str, Any]) -> None:
    _call("DeleteReceiptRuleSet", {"RuleSetName": name})


def _create_rule(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
    rule = dict(properties.get("Rule") or {})
    rule.setdefault("Name", _generated(logical_id))
    form = {"RuleSetName": properties["RuleSetName"], **_flat("Rule", rule)}
    if properties.get("After"):
        form["After"] = properties["After"]
    _call("CreateReceiptRule", form)
    return rule["Name"], {}


def _update_rule(
    name: str, old: dict[str, Any], new: dict[str, Any], stack: str, logical_id: str | None = None
) -> tuple[str, dict[str, str]]:
    # The API here has no UpdateReceiptRule: the rule is taken out and put back under its name.
    _delete_rule(name, old)
    return _create_rule(logical_id or name, {**new, "Rule": {"Name": name, **(new.get("Rule") or {})}}, stack)


def _delete_rule(name: str, properties: dict[str, Any]) -> None:
    _call("DeleteReceiptRule", {"RuleSetName": properties["RuleSetName"], "RuleName": name}, gone="RuleSetDoesNotExist")


def _flat(prefix: str, value: Any) -> dict[str, str]:
    """`Rule.Actions.member.1.S3Action.BucketName=…`, the form encoding of AWS's query protocol."""
    if isinstance(value, dict):
        return {k: v for name, inner in value.items() for k, v in _flat(f"{prefix}.{name}", inner).items()}
    if isinstance(value, list):
        return {k: v for at, inner in enumerate(value, 1) for k, v in _flat(f"{prefix}.member.{at}", inner).items()}
    return {prefix: str(value).lower() if isinstance(value, bool) else str(value)}


def _call(action: str, form: dict[str, str], gone: str | None = None) -> None:
    from ministack.services import ses

    body = urlencode({"Action": action, **form}).encode()
    status, _, answer = at_once(ses.handle_request("POST", "/", {}, body, {}))
    if status >= 400 and not (gone and gone.encode() in answer):
        raise ValueError(f"{action} failed: {answer.decode(errors='replace')}")
