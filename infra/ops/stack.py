"""One deployed desk as the commands of this package reach it: by its outputs, on an AWS profile or the embedded run."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from tanggap.domain.errors import TanggapError
from tanggap.domain.permissions import Officer
from tanggap.domain.words import Role

if TYPE_CHECKING:
    from tanggap.entrypoints.composition import Services

#: Who is kept in histories and on notices as having done what these commands do. Whose hands it were, CloudTrail knows.
OPERATOR = Officer("operator", Role.COORDINATOR)


class WrongQuestion(TanggapError):
    """What was asked for can't be looked for; the message says what is missing."""


class Stack:
    """`outputs`: by name, as CloudFormation tells them. What is no output is asked for by its logical id."""

    def __init__(self, name: str, outputs: Mapping[str, str]) -> None:
        self.name, self.outputs = name, outputs

    def client(self, service: str) -> Any:
        from tanggap.entrypoints.clients import client

        return client(service)

    def patient(self, service: str, seconds: float) -> Any:
        """For a call that may take so long, and is not to be made twice."""
        import boto3
        from botocore.config import Config

        return boto3.client(service, config=Config(read_timeout=seconds, retries={"total_max_attempts": 1}))

    def get(self, output: str) -> str:
        """Empty where the stack has no such output."""
        return self.outputs.get(output, "")

    def need(self, output: str) -> str:
        """Raises WrongQuestion."""
        if found := self.get(output):
            return found
        if self.name:
            raise WrongQuestion(f"the stack {self.name} has no output {output}")
        option = next((option for option, (name, _) in OVERRIDES.items() if name == output), "")
        given = f"give --{option}, or " if option else "give "
        raise WrongQuestion(f"{given}the stack: --stack NAME or --local")

    def resource(self, logical_id: str) -> str:
        """The physical id of a resource, empty where the stack has none of that name. Raises ClientError."""
        if found := self.get(logical_id):
            return found
        from botocore.exceptions import ClientError

        if not self.name:
            return ""
        try:
            cloudformation = self.client("cloudformation")
            answer = cloudformation.describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":  # so CloudFormation says that it is not there
                raise
            return ""
        found = answer["StackResourceDetail"].get("PhysicalResourceId", "")
        return str(found)

    @functools.cached_property
    def parts(self) -> Services:
        """The use cases and adapters of the functions, put together for this stack."""
        from tanggap.entrypoints.composition import Services

        given = {
            "cases_table": self.need("CasesTable"),
            "vault_table": self.get("VaultTable"),
            "arrivals_bucket": self.get("ArrivalsBucket"),
            "attachments_bucket": self.get("AttachmentsBucket"),
            "arrivals_queue_url": self.get("ArrivalsQueueUrl"),
            "intake_address": self.get("IntakeAddress"),
            "mail_domain": self.get("MailDomain") or self.get("IntakeAddress").rpartition("@")[2],
        }
        # What is not known is no attribute: the parts do without, or say which one they lack.
        return Services(_Settings(self, **{name: value for name, value in given.items() if value}))


#: Settings of the functions that are no output of the stack, each with the resource that it names.
RESOURCES = {"vault_key": "VaultKey", "lookup_secret": "LookupSecret", "channel_secret": "ChannelSecret"}


class _Settings(SimpleNamespace):
    """What is no output is asked for when it is first used: most commands need none of it, and CloudFormation may not
    answer."""

    def __init__(self, stack: Stack, **known: str) -> None:
        super().__init__(**known)
        self._stack = stack

    def __getattr__(self, name: str) -> str:
        """Of what is not known yet. Raises WrongQuestion, ClientError."""
        if name not in RESOURCES:
            raise AttributeError(f"no {name} is known")
        found = self._stack.resource(RESOURCES[name])
        if not found:
            raise WrongQuestion(f"{RESOURCES[name]} is not among the outputs, and the stack has none")
        setattr(self, name, found)
        return found


#: Options that stand in for an output of the stack, each with what it names.
OVERRIDES: dict[str, tuple[str, str]] = {
    "table": ("CasesTable", "the cases table"),
    "vault": ("VaultTable", "the vault's table"),
    "attachments": ("AttachmentsBucket", "the attachments bucket, where texts over 64 kB lie"),
    "arrivals": ("ArrivalsBucket", "the arrivals bucket"),
    "queue": ("ArrivalsQueueUrl", "the arrivals queue"),
    "intake-address": ("IntakeAddress", "the address that citizens write to"),
    "mail-domain": ("MailDomain", "the desk's own domain: our letters must not come back"),
    "anchors": ("AnchorsBucket", "the bucket that keeps the heads of histories under a lock"),
}


def outputs_of(file: str, overrides: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Name (`StackName`, where the file has it) and outputs, as somebody kept them. Raises WrongQuestion."""
    try:
        raw = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongQuestion(f"{file} cannot be read as JSON") from error
    if not isinstance(raw, dict) or not all(isinstance(one, str) for one in raw.values()):
        raise WrongQuestion(f"{file} is no table of outputs: {{name: value}}")
    return raw.pop("StackName", ""), {**raw, **_given(overrides)}


def _given(overrides: Mapping[str, str]) -> dict[str, str]:
    return {OVERRIDES[option][0]: value for option, value in overrides.items() if value}


def connected(stack: str, local: bool, overrides: Mapping[str, str]) -> Stack:
    """Raises WrongQuestion for a stack that is not there."""
    if local:
        name, outputs = _local()
    elif stack:
        name, outputs = stack, _outputs(stack)
    else:
        name, outputs = "", {}
    return Stack(name, {**outputs, **_given(overrides)})


def _local() -> tuple[str, dict[str, str]]:
    """The embedded run tells where it is."""
    from infra.local.places import ask_embedded, places_from

    file = places_from(os.environ).ready_file
    try:
        ready = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise WrongQuestion(f"nothing runs here: {file} is not there (make run)") from error
    ask_embedded(ready["aws_endpoint"], ready["region"])
    try:
        live = _outputs(ready["stack"])
    except WrongQuestion:
        live = {}
    return ready["stack"], {**ready["outputs"], **live}  # tables may have been switched since it was written


def _outputs(stack: str) -> dict[str, str]:
    import boto3
    from botocore.exceptions import ClientError

    try:
        (found,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    except (ClientError, ValueError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else "not found"
        raise WrongQuestion(f"no stack {stack} in this account and region ({code})") from error
    return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", ())}
