"""Reads template.yaml as data. CloudFormation's short tags become their long form, `!Ref X` being `{"Ref": "X"}`."""

from __future__ import annotations

from collections.abc import Hashable
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
