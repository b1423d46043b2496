"""Stock: CloudFormation refuses AWS::Budgets::Budget ("Unrecognized resource types").

Mended: the type is made under its own name and does nothing: there is no bill here to look at.
"""

from __future__ import annotations

from typing import Any

BUDGET = "AWS::Budgets::Budget"


def still_needed() -> bool:
    from ministack.services.cloudformation import provisioners

    return BUDGET not in provisioners._RESOURCE_HANDLERS


def apply() -> None:
    from ministack.services.cloudformation import provisioners

    provisioners._RESOURCE_HANDLERS[BUDGET] = {"create": _create, "update": _update, "delete": _delete}


def _create(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
    return str(properties["Budget"]["BudgetName"]), {}


def _update(made: str, old: dict[str, Any], new: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
    return made, {}


def _delete(made: str, properties: dict[str, Any]) -> None:
    return None
