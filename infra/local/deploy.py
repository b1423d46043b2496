"""Brings template.yaml to the embedded AWS by CloudFormation: create, update, delete, and the outputs."""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.build.layers import artefacts, package_template
from infra.local.aws import client
from infra.local.places import REGION, ROOT, STACK, Places

ARTIFACTS = "tanggap-artifacts"
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_WITHIN = 180.0  # seconds
_EVERY = 0.2  # seconds between looks
_KEPT_FOR = 24 * 3600.0  # seconds
_DONE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
_UPDATABLE = _DONE | {"UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"}


class DeployFailed(RuntimeError):
    """CloudFormation refused or rolled back; the message holds its reasons."""


def deploy(places: Places, parameters: dict[str, str], template: Path = ROOT / "template.yaml") -> dict[str, str]:
    """Creates the stack, or updates the one that is there, and returns its outputs. Parameters that the template
    doesn't declare are left out.
    """
    cloudformation = client("cloudformation", places.aws_endpoint)
    text = template.read_text()
    try:
        zips = artefacts(text, places.build)
    except subprocess.CalledProcessError as error:
        raise DeployFailed("the dependencies layer could not be installed; pip's reason stands above") from error
    _forget_old(places.build, set(zips.values()))
    packaged = package_template(text, {path: f"s3://{_upload(places, zip_file)}" for path, zip_file in zips.items()})
    _put(places, "template.yaml", packaged.encode())
    declared = set(re.findall(r"^  ([A-Za-z0-9]+):", _section(text, "Parameters"), re.MULTILINE))
    url = f"{places.aws_endpoint}/{ARTIFACTS}/template.yaml"
    request: dict[str, Any] = {
        "StackName": STACK,
        "TemplateURL": url,
        "Capabilities": _CAPABILITIES,
        "Parameters": [
            {"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items() if name in declared
        ],
    }
    status = _status(places)
    if status is not None and status not in _UPDATABLE:
        delete(places)
        status = None
    if status is None:
        # What failed stays for a look: a roll-back takes the functions' logs with it.
        cloudformation.create_stack(**request, OnFailure="DO_NOTHING")
    else:
        try:
            cloudformation.update_stack(**request)
        except ClientError as error:
            if "No updates are to be performed" not in str(error):
                raise
    return _outputs(places)


def _forget_old(build: Path, used: set[Path]) -> None:
    """Each change of the code leaves a zip behind."""
    for zip_file in build.glob("*.zip"):
        if zip_file not in used and time.time() - zip_file.stat().st_mtime > _KEPT_FOR:
            zip_file.unlink(missing_ok=True)


def delete(places: Places) -> None:
    """Deletes the stack; what the template retains stays."""
    cloudformation = client("cloudformation", places.aws_endpoint)
    identifier = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackId"]
    cloudformation.delete_stack(StackName=STACK)
    deadline = time.monotonic() + _WITHIN
    while time.monotonic() < deadline:
        status = _status(places, identifier)
        if status in (None, "DELETE_COMPLETE"):
            return
        if status == "DELETE_FAILED":
            break
        time.sleep(_EVERY)
    raise DeployFailed("the stack was not deleted:\n" + _reasons(places, identifier))


def _outputs(places: Places) -> dict[str, str]:
    cloudformation = client("cloudformation", places.aws_endpoint)
    deadline = time.monotonic() + _WITHIN
    while time.monotonic() < deadline:
        stack = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        status = stack["StackStatus"]
        if status in _DONE:
            return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", ())}
        if not status.endswith("_IN_PROGRESS"):
            raise DeployFailed(f"the stack ended as {status}:\n{_reasons(places, STACK)}{_complaints(places)}")
        time.sleep(_EVERY)
    raise DeployFailed(f"the stack was not ready after {_WITHIN:.0f} s:\n{_reasons(places, STACK)}")


def _status(places: Places, name: str = STACK) -> str | None:
    with contextlib.suppress(ClientError):
        return str(
            client("cloudformation", places.aws_endpoint).describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        )
    return None


def _reasons(places: Places, name: str) -> str:
    try:
        pages = (
            client("cloudformation", places.aws_endpoint)
            .get_paginator("describe_stack_events")
            .paginate(StackName=name)
        )
        events = [event for page in pages for event in page["StackEvents"]]
    except ClientError as error:
        return str(error)
    failed = [e for e in reversed(events) if e["ResourceStatus"].endswith("FAILED") and e.get("ResourceStatusReason")]
    return (
        "\n".join(f"  {e['LogicalResourceId']}: {e['ResourceStatusReason']}" for e in failed[:10])
        or "  (no reason given)"
    )


def _complaints(places: Places) -> str:
    """The last lines in which a function tells of an error."""
    logs = client("logs", places.aws_endpoint)
    found = [
        event["message"].strip()[:3000]
        for group in logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{STACK}-")["logGroups"]
        for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]
        if "ERROR" in event["message"] or "Traceback" in event["message"]
    ]
    return "".join(f"\n  {message}" for message in found[-3:])


def _section(text: str, name: str) -> str:
    """The lines of one top-level section of a YAML text."""
    found = re.search(rf"^{name}:\n(?P<lines>(?:[ #].*\n|\n)*)", text, re.MULTILINE)
    return found["lines"] if found else ""


def _upload(places: Places, zip_file: Path) -> str:
    """`bucket/key`. The name holds the content's digest, so one that is there is the same."""
    try:
        client("s3", places.aws_endpoint).head_object(Bucket=ARTIFACTS, Key=zip_file.name)
    except ClientError:
        _put(places, zip_file.name, zip_file.read_bytes())
    return f"{ARTIFACTS}/{zip_file.name}"


def _put(places: Places, key: str, content: bytes) -> None:
    s3 = client("s3", places.aws_endpoint)
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=ARTIFACTS, Key=key, Body=content)
