"""What of a template an update must leave as it is, since its change means a new resource: a table, a bucket, a key
beside the one that holds the data, or an update that fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: Beside what CloudFormation's own schemas say (`createOnlyProperties`, recorded with a release): what they leave out.
BESIDE = {
    "AWS::DynamoDB::Table": ("KeySchema",),
    "AWS::S3::Bucket": ("ObjectLockEnabled",),
    "AWS::KMS::Key": ("KeySpec", "KeyUsage", "MultiRegion", "Origin"),
    # Another rule makes another secret at once: nobody would be recognised, no reply address would lead anywhere.
    "AWS::SecretsManager::Secret": ("GenerateSecretString", "SecretString"),
    # Attributes can be added to a pool, never changed or taken away.
    "AWS::Cognito::UserPool": ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration"),
    # SAM's own, which become the names of a stage, of a function, of what feeds it.
    "AWS::Serverless::Api": ("StageName", "Name"),
    "AWS::Serverless::Function": ("FunctionName",),
    "AWS::SES::ConfigurationSetEventDestination": ("EventDestination/Name",),
    "Custom::Setup": ("ServiceToken",),
}
#: A source that is replaced begins somewhere else in its queue or stream.
SOURCES = ("Queue", "Stream", "StartingPosition")


def fixed(kind: str, properties: Mapping[str, Any], create_only: Mapping[str, list[str]]) -> dict[str, Any]:
    """Of a resource, by path: what is not there is None."""
    paths = [*create_only.get(kind, ()), *BESIDE.get(kind, ())]
    found = {path: _at(properties, path) for path in dict.fromkeys(paths)}
    return {path: value for path, value in found.items() if value is not None} | dict(_sources(properties))


def _sources(properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, event in properties.get("Events", {}).items():
        if event["Type"] in ("SQS", "DynamoDB"):
            for what in SOURCES:
                if what in event["Properties"]:
                    yield f"Events/{name}/{what}", event["Properties"][what]


def _at(properties: Any, path: str) -> Any:
    for name in path.split("/"):
        properties = properties.get(name) if isinstance(properties, dict) else None
    return properties
