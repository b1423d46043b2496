"""Records what an earlier release leaves behind: `python -m tests.releases.make` makes every record anew, each with the
code of its own commit on a mocked AWS. A record that is committed is never made anew for a newer commit: it is how the
data of those who run that release look."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from infra.build.template import read
from tests.releases.archive import FIRST, LAST_UNMARKED, unpacked, within
from tests.releases.fixed import fixed

HERE = Path(__file__).resolve().parent
#: The record, its commit, its story.
RECORDS = (("0.1.0/schema-1.json", FIRST, "first.py"), ("0.1.0/schema-2.json", LAST_UNMARKED, "channels.py"))


def main() -> None:
    for name, commit, story in RECORDS:
        with tempfile.TemporaryDirectory() as scratch:
            tree = unpacked(commit, Path(scratch) / "tree")
            text = within(tree, HERE / "recorder.py", {"story": str(HERE / "stories" / story)})
            if commit == FIRST:
                _write("0.1.0/template.json", template((tree / "template.yaml").read_text()), commit)
        _write(name, text, commit)


def template(text: str) -> str:
    """What later templates are held against."""
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER as SCHEMAS

    whole = read(text)
    own = ("AWS::Serverless::", "Custom::")
    kinds = sorted({one["Type"] for one in whole["Resources"].values() if not one["Type"].startswith(own)})
    create_only = {
        kind: [path.removeprefix("/properties/") for path in found]
        for kind in kinds
        if (found := SCHEMAS.get_resource_schema("ap-southeast-1", kind).schema.get("createOnlyProperties"))
    }
    return json.dumps(
        {
            "create_only": create_only,
            "parameters": {name: _asked(one) for name, one in whole["Parameters"].items()},
            "outputs": sorted(whole["Outputs"]),
            "resources": {name: _kept(one, create_only) for name, one in whole["Resources"].items()},
            "pool": whole["Resources"]["UserPool"]["Properties"]["Schema"],
            "indexes": [one["IndexName"] for one in _table(whole)["GlobalSecondaryIndexes"]],
        },
        indent=1,
    )


def _table(whole: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = whole["Resources"]["CasesTable"]["Properties"]
    return found


def _asked(parameter: dict[str, Any]) -> dict[str, Any]:
    return {name: parameter[name] for name in ("Type", "Default", "AllowedValues") if name in parameter}


def _kept(resource: dict[str, Any], create_only: dict[str, list[str]]) -> dict[str, Any]:
    found = {name: resource[name] for name in ("Type", "Condition", "DeletionPolicy") if name in resource}
    return {**found, "fixed": fixed(resource["Type"], resource.get("Properties", {}), create_only)}


def _write(name: str, text: str, commit: str) -> None:
    (HERE / name).write_text(text.rstrip("\n") + "\n")
    print(f"{name}: {len(text)} bytes of {commit[:7]}")


if __name__ == "__main__":
    main()
