"""Reads template.yaml as data. CloudFormation's short tags become their long form, `!Ref X` being `{"Ref": "X"}`."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
PATH = ROOT / "template.yaml"


class _Loader(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """YAML forbids a repeated key; PyYAML keeps the last one silently, so a second block of a name would win."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        repeated = sorted({str(key) for key in keys if keys.count(key) > 1})
        if repeated:
            raise ValueError(f"repeated in the template: {repeated}, line {node.start_mark.line + 1}")
        return super().construct_mapping(node, deep)


def _tagged(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any = None
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tagged)


def read(text: str | None = None) -> dict[str, Any]:
    """The template as nested dicts and lists; ours unless a text is given. Raises ValueError on a repeated key."""
    source = PATH.read_text() if text is None else text
    loaded: dict[str, Any] = yaml.load(source, Loader=_Loader)  # noqa: S506  # nosec B506 # it is a SafeLoader
    return loaded


def decided(template: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The template as CloudFormation makes it of these parameters, the others at their defaults: each `Fn::If` is one
    of its sides, and what has a condition that does not hold is gone. Conditions of the kinds that ours has."""
    values = {name: one.get("Default", "") for name, one in template["Parameters"].items()} | dict(given or {})
    made = _sides(template, {name: _holds(one, values) for name, one in template.get("Conditions", {}).items()})
    return dict(made)


def _holds(condition: Any, values: Mapping[str, Any]) -> bool:
    ((kind, said),) = condition.items()
    if kind == "Fn::Not":
        return not _holds(said[0], values)
    if kind == "Fn::Equals":
        one, other = (values[side["Ref"]] if isinstance(side, dict) else side for side in said)
        return str(one) == str(other)
    raise ValueError(f"a condition of another kind: {kind}")


def _sides(value: Any, holds: Mapping[str, bool]) -> Any:
    if isinstance(value, dict):
        if set(value) == {"Fn::If"}:
            name, yes, no = value["Fn::If"]
            return _sides(yes if holds[name] else no, holds)
        kept = {key: _sides(inner, holds) for key, inner in value.items() if _stands(inner, holds)}
        return {key: inner for key, inner in kept.items() if inner != _NOTHING}
    if isinstance(value, list):
        return [one for one in (_sides(inner, holds) for inner in value) if one != _NOTHING]
    return value


_NOTHING = {"Ref": "AWS::NoValue"}


def _stands(inner: Any, holds: Mapping[str, bool]) -> bool:
    """Resources and outputs have their condition by name; a policy's statement has an object there."""
    name = inner.get("Condition") if isinstance(inner, dict) else None
    return holds.get(name, True) if isinstance(name, str) else True
