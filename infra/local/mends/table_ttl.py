"""Stock: CloudFormation drops TimeToLiveSpecification of AWS::DynamoDB::Table, so nothing ever expires.

Mended: the specification is put by UpdateTimeToLive after the table is made or updated; stock's own reaper does the
rest.
"""

from __future__ import annotations

from typing import Any

TABLE = "AWS::DynamoDB::Table"


def still_needed() -> bool:
    from ministack.services import dynamodb
    from ministack.services.cloudformation import provisioners

    properties = {
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
    }
    name, _ = provisioners._RESOURCE_HANDLERS[TABLE]["create"]("Probe", properties, "probe")
    return name not in dynamodb._ttl_settings


def apply() -> None:
    from ministack.services.cloudformation import provisioners

    handler = provisioners._RESOURCE_HANDLERS[TABLE]
    create, update = handler["create"], handler["update"]

    def create_with_ttl(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        name, attributes = create(logical_id, properties, stack)
        _put(name, properties)
        return name, attributes

    def update_with_ttl(
        physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str, logical_id: str | None = None
    ) -> tuple[str, dict[str, Any]]:
        name, attributes = update(physical_id, old, new, stack, logical_id)
        _put(name, new)
        return name, attributes

    handler["create"], handler["update"] = create_with_ttl, update_with_ttl


def _put(table: str, properties: dict[str, Any]) -> None:
    from ministack.services import dynamodb

    wanted = properties.get("TimeToLiveSpecification")
    if not wanted:
        return
    enabled = str(wanted.get("Enabled", False)).lower() == "true"
    specification = {"AttributeName": wanted["AttributeName"], "Enabled": enabled}
    dynamodb._update_ttl({"TableName": table, "TimeToLiveSpecification": specification})
