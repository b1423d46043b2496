"""A stack's template with other tables in the place of its own, by their names instead of as resources.

The stack keeps its functions, doors, queues and keys, under the code that runs. Its old tables are retained; that the
new ones become its resources again is an import, the second step, before the next release is deployed."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from tanggap.domain.errors import NotAllowed

#: By logical id: a resource's name under the empty word, its attributes by theirs.
Given = Mapping[str, Mapping[str, str]]


def switched(template: Mapping[str, Any], given: Given) -> dict[str, Any]:
    """Raises NotAllowed for a template that does not hold these resources, would not retain them, or names of them
    what is not known."""
    changed = copy.deepcopy(dict(template))
    for logical_id in given:
        resource = changed["Resources"].pop(logical_id, None)
        if resource is None:
            raise NotAllowed(f"the stack has no {logical_id}: it was switched before (import first)")
        if resource.get("DeletionPolicy") != "Retain":
            raise NotAllowed(f"the stack would delete its {logical_id}: it is not retained")
    result: dict[str, Any] = _put(changed, given)
    if left := sorted(set(_named(result)) & given.keys()):
        raise NotAllowed(f"the template names {', '.join(left)} in a way that is not known here")
    return result


def _put(value: Any, given: Given) -> Any:
    if isinstance(value, list):
        return [_put(one, given) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"} and value["Ref"] in given:
        return given[value["Ref"]][""]
    if set(value) == {"Fn::GetAtt"}:
        name, _, attribute = _got(value["Fn::GetAtt"])
        return given[name][attribute] if attribute in given.get(name, ()) else value
    if set(value) == {"Fn::Sub"}:
        return {"Fn::Sub": _sub(value["Fn::Sub"], given)}
    kept = {key: _put(one, given) for key, one in value.items()}
    if "DependsOn" in kept and "Type" in kept:
        after = kept["DependsOn"] if isinstance(kept["DependsOn"], list) else [kept["DependsOn"]]
        kept["DependsOn"] = [one for one in after if one not in given]
    return kept


def _got(value: Any) -> tuple[str, str, str]:
    """Both spellings: `[name, attribute]` and `name.attribute`."""
    return ".".join(value).partition(".") if isinstance(value, list) else str(value).partition(".")


def _sub(value: Any, given: Given) -> Any:
    if isinstance(value, list):
        return [_sub(value[0], given), *(_put(one, given) for one in value[1:])]
    for logical_id, known in given.items():
        for attribute, said in known.items():
            value = value.replace(f"${{{logical_id}{'.' if attribute else ''}{attribute}}}", said)
    return value


def _named(value: Any) -> Iterator[str]:
    """Every logical id that is still named."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref" and isinstance(inner, str):
                yield inner
            elif key == "Fn::GetAtt":
                yield _got(inner)[0]
            elif key == "Fn::Sub":
                text = inner if isinstance(inner, str) else inner[0]
                yield from (part.partition("}")[0].partition(".")[0] for part in text.split("${")[1:])
            yield from _named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)


def imported(template: Mapping[str, Any], changed: Mapping[str, Any], given: Given) -> dict[str, Any]:
    """For the import: the template that is deployed then, and the new tables as its resources. An import may change
    nothing else."""
    tables = {logical_id: copy.deepcopy(template["Resources"][logical_id]) for logical_id in given}
    return {**changed, "Resources": {**changed["Resources"], **tables}}


def resources(given: Given) -> list[dict[str, Any]]:
    """Which resource is which table, as an import asks for it."""
    return [
        {
            "ResourceType": "AWS::DynamoDB::Table",
            "LogicalResourceId": logical_id,
            "ResourceIdentifier": {"TableName": known[""]},
        }
        for logical_id, known in given.items()
    ]


def parameters(template: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As they are: an import that left one out would take its default for it, and so change other resources."""
    return [{"ParameterKey": name, "UsePreviousValue": True} for name in template.get("Parameters", {})]


def steps(stack: str, folder: str) -> Iterator[str]:
    """What to type, in this order, and why."""
    may = "--capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM"
    yield "keep the lines of `restore --at`: what officers did on those cases since is to be done again afterwards"
    yield (
        "BUCKET=$(aws cloudformation describe-stacks --stack-name aws-sam-cli-managed-default"
        " --query \"Stacks[0].Outputs[?OutputKey=='SourceBucket'].OutputValue\" --output text)"
        " (sam's own of this region; or any that you may write to: a template of over 51,200 bytes goes by a bucket)"
    )
    yield (
        f"aws cloudformation deploy --stack-name {stack} --template-file {folder}/switched.json"
        f' --s3-bucket "$BUCKET" {may}'
        " (from here on the desk works on the new tables; the old ones stay, nothing deletes them)"
    )
    yield (
        f"python -m infra.ops.health --stack {stack} (the ledger's next count announces each arrival that has no row"
        " in the new tables: those reports become cases anew, under new numbers; what was queued then leaves again)"
    )
    yield (
        f'aws s3 cp {folder}/import.json "s3://$BUCKET/" && aws cloudformation create-change-set --stack-name {stack}'
        ' --change-set-name tables --change-set-type IMPORT --template-url "https://$BUCKET.s3.amazonaws.com/import.json"'
        f" --resources-to-import file://{folder}/resources.json --parameters file://{folder}/parameters.json {may}"
        f", then aws cloudformation execute-change-set --stack-name {stack} --change-set-name tables"
        " (the new tables are the stack's own again; a release deployed before that would begin with empty ones)"
    )
    yield "deploy the release as ever, with the parameters as they are: it names the tables as its resources again"
