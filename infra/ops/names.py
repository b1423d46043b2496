"""What is called what: the stack's outputs and its resources, by the names that the runbooks put between < and >.

    python -m infra.ops.names (--stack NAME | --local | --outputs FILE) [WORD …]

Without a word: each output, and whatever a page asks for that is no output (keys, secrets, rules, schedules, mappings).
With words: only names that hold one of them, whatever the case. `--shell` prints them as assignments, `--local --shell`
also what the AWS CLI needs to ask the embedded run: `eval "$(python -m infra.ops.names --local --shell)"`. Ends with 1
where nothing has such a name."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Iterator

from .command import add_stack, complain, ended, say, stack_of
from .stack import Stack

#: What pages name beside outputs.
KINDS = frozenset(
    {
        "AWS::Events::Rule",
        "AWS::KMS::Key",
        "AWS::Lambda::EventSourceMapping",
        "AWS::SES::ConfigurationSet",
        "AWS::Scheduler::Schedule",
        "AWS::SecretsManager::Secret",
    }
)
_CLI = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION")


def resources(stack: Stack, *kinds: str) -> Iterator[tuple[str, str, str]]:
    """(logical id, type, physical id) of a stack that is there; nothing of one that is gone."""
    if not stack.name:
        return
    from botocore.exceptions import ClientError

    pages = stack.client("cloudformation").get_paginator("list_stack_resources")
    try:
        for page in pages.paginate(StackName=stack.name):
            for one in page["StackResourceSummaries"]:
                if one["ResourceType"] in (kinds or KINDS):
                    yield one["LogicalResourceId"], one["ResourceType"], one.get("PhysicalResourceId", "")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":  # so CloudFormation says that it is not there
            raise


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="names", description="outputs and resources by name")
    add_stack(parser)
    parser.add_argument("--shell", action="store_true", help="as assignments for a shell")
    parser.add_argument("words", nargs="*", metavar="WORD", help="only names that hold one of these")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    given = parsed(arguments)
    return ended(lambda: named(stack_of(given), given))


def named(stack: Stack, given: argparse.Namespace) -> int:
    stack.need("CasesTable")
    known = dict(stack.outputs)
    if not getattr(given, "outputs", ""):  # nobody asks for what went with its stack
        known = {**{name: value for name, _, value in resources(stack)}, **known}
    words = [word.lower() for word in given.words]
    found = {name: known[name] for name in sorted(known) if not words or any(one in name.lower() for one in words)}
    if given.shell and getattr(given, "local", False):
        say("unset AWS_PROFILE AWS_SESSION_TOKEN")
        for name in _CLI:
            say(f"export {name}={shlex.quote(os.environ[name])}")
    for name, value in found.items():
        say(f"{name}={shlex.quote(value)}" if given.shell else f"{name:<28} {value}")
    if not found:
        complain("nothing of the stack has such a name")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
