"""template.yaml as the contract tests ask about it: what stands where, and who may do what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.build.template import ROOT, read

TEMPLATE: dict[str, Any] = read()
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
FUNCTIONS_FOLDER: Path = ROOT / "functions"


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """Logical id and properties of each resource of a type, such as `AWS::SQS::Queue`."""
    return {name: one.get("Properties", {}) for name, one in RESOURCES.items() if one["Type"] == kind}


def reaches(value: Any, logical_id: str) -> bool:
    """Does a value name this resource anywhere, by Ref, GetAtt or Sub?"""
    return logical_id in set(named_in(value))


def named_in(value: Any) -> Iterator[str]:
    """Every logical id that a value names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref":
                yield inner
            elif key == "Fn::GetAtt":
                yield inner[0]
            elif key == "Fn::Sub":
                text = inner if isinstance(inner, str) else inner[0]
                for part in text.split("${")[1:]:
                    yield part.split("}")[0].split(".")[0]
            yield from named_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from named_in(inner)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy; `conditions` as written."""

    sid: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[Any, ...]
    services: tuple[str, ...]
    conditions: dict[str, Any]
    principal: Any


def statements(document: dict[str, Any]) -> list[Statement]:
    """What stands there under any condition: what may be granted is judged as if it were."""
    found = []
    for raw in (one.get("Fn::If", [None, one])[1] for one in document["Statement"]):
        principal = raw.get("Principal", {})
        services = as_list(principal.get("Service", [])) if isinstance(principal, dict) else []
        found.append(
            Statement(
                raw.get("Sid", ""),
                raw["Effect"],
                tuple(as_list(raw["Action"])),
                tuple(as_list(raw.get("Resource", []))),
                tuple(services),
                raw.get("Condition", {}),
                principal,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Function:
    """A function with the template's Globals applied, as the SAM transform does."""

    name: str
    properties: dict[str, Any]

    @property
    def folder(self) -> str:
        return self.name.removesuffix("Function").lower()

    @property
    def environment(self) -> dict[str, Any]:
        return self.properties["Environment"]["Variables"]

    @property
    def role_name(self) -> str:
        return self.properties["Role"]["Fn::GetAtt"][0]

    @property
    def role(self) -> dict[str, Any]:
        return RESOURCES[self.role_name]["Properties"]

    @property
    def may(self) -> list[Statement]:
        beside = [one for one in of_type("AWS::IAM::Policy").values() if {"Ref": self.role_name} in one["Roles"]]
        return [one for policy in (*self.role["Policies"], *beside) for one in statements(policy["PolicyDocument"])]

    def events(self, kind: str) -> dict[str, dict[str, Any]]:
        events = self.properties.get("Events", {})
        return {name: one["Properties"] for name, one in events.items() if one["Type"] == kind}

    def allowed(self, action: str) -> list[Any]:
        """The resources on which it may do this."""
        return [where for one in self.may if action in one.actions and one.effect == "Allow" for where in one.resources]


def _merged(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict) and "Ref" not in above:  # that stands for one value
        return {key: _merged(below.get(key), above.get(key, below.get(key))) for key in {**below, **above}}
    return below if above is None else above


def functions() -> dict[str, Function]:
    shared = TEMPLATE["Globals"]["Function"]
    found = of_type("AWS::Serverless::Function")
    return {name: Function(name, _merged(shared, properties)) for name, properties in found.items()}


@dataclass(frozen=True, slots=True)
class Area:
    path: str
    method: str
    function: str
    public: bool

    def holds(self, method: str, path: str) -> bool:
        if method.upper() != self.method:
            return False
        greedy = self.path.endswith("/{proxy+}")
        return path.startswith(self.path.removesuffix("{proxy+}")) if greedy else path == self.path


def areas() -> list[Area]:
    return [
        Area(event["Path"], event["Method"].upper(), function.name, event.get("Auth", {}).get("Authorizer") == "NONE")
        for function in functions().values()
        for event in function.events("Api").values()
    ]


def area_of(method: str, path: str) -> Area | None:
    """The area that API Gateway picks: an exact path before a greedy one, the longer greedy one before the shorter."""
    found = [area for area in areas() if area.holds(method, path)]
    return max(found, key=lambda area: ("{proxy+}" not in area.path, len(area.path)), default=None)


def stream_filter() -> dict[str, Any]:
    event = functions()["DeliverFunction"].events("DynamoDB")["Outbox"]
    (only,) = event["FilterCriteria"]["Filters"]
    pattern: dict[str, Any] = json.loads(only["Pattern"])
    return pattern


def passes(pattern: dict[str, Any], record: dict[str, Any]) -> bool:
    """Lambda's event filter, as far as we use it: equal, prefix, exists; fields are anded, alternatives ored."""
    return all(_field_passes(wanted, record, name) for name, wanted in pattern.items())


def _field_passes(wanted: Any, record: dict[str, Any], name: str) -> bool:
    if isinstance(wanted, dict):
        return isinstance(record.get(name), dict) and passes(wanted, record[name])
    return any(_alternative_passes(one, record, name) for one in wanted)


def _alternative_passes(one: Any, record: dict[str, Any], name: str) -> bool:
    if not isinstance(one, dict):
        return bool(record.get(name) == one)
    if "exists" in one:
        return (name in record) == one["exists"]
    assert set(one) == {"prefix"}, f"a filter rule that this reader does not know: {one}"
    return str(record.get(name, "")).startswith(one["prefix"])
