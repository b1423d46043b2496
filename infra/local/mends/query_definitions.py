"""Stock: CloudFormation refuses AWS::Logs::QueryDefinition ("Unrecognized resource types").

Mended: the type is made under an id of its own and does nothing: a saved query is text for the console.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

QUERY = "AWS::Logs::QueryDefinition"


def still_needed() -> bool:
    from ministack.services.cloudformation import provisioners

    return QUERY not in provisioners._RESOURCE_HANDLERS


def apply() -> None:
    from ministack.services.cloudformation import provisioners

    provisioners._RESOURCE_HANDLERS[QUERY] = {"create": _create, "update": _update, "delete": _delete}


def _create(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
    made = str(uuid4())
    return made, {"QueryDefinitionId": made}


def _update(made: str, old: dict[str, Any], new: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
    return made, {"QueryDefinitionId": made}


def _delete(made: str, properties: dict[str, Any]) -> None:
    return None
