"""The guided deployment. Every AWS call before `sam deploy` only reads."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.build.template import read
from infra.deploy import checks
from infra.deploy.questions import ask_all, of_this_stack, questions

ROOT = Path(__file__).resolve().parents[2]
REMEMBERED = ROOT / ".local" / "deploy"
CONFIGURATION = ROOT / "samconfig.toml"  # named, since the SAM CLI looks for it beside the built template
BUILT = ROOT / ".aws-sam" / "build"


class Stopped(Exception):
    """The deployment does not begin; the message says why."""


def main(arguments: list[str]) -> None:
    options = _options(arguments)
    template = read()
    memory = REMEMBERED / f"{options.stack}-{options.region}.json"
    remembered = json.loads(memory.read_text()) if memory.is_file() else {}
    session = boto3.session.Session(region_name=options.region)
    with contextlib.suppress(BotoCoreError, ClientError):  # the look says what is wrong with the account
        remembered = of_this_stack(remembered, _outputs(session, options.stack))
    known = remembered | _preset(options.preset, template)
    asked = questions(template, known, checks.proposed(session.client("lambda")))
    if options.yes:
        faults = [f"{one.name}: {fault}" for one in asked if (fault := one.fault(one.default))]
        if faults:
            raise Stopped("--yes needs every answer:\n" + "\n".join(faults))
        answers = {one.name: one.default for one in asked}
    else:
        print(f"Stack {options.stack} in {options.region}. Enter takes what stands in brackets.\n")
        answers = ask_all(asked, input, print)
    _look(session, options.stack, answers)
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(json.dumps(answers, indent=2))
    if not options.yes and input("\nDeploy? [y/N] ").strip().lower() not in ("y", "yes", "ya"):
        raise Stopped("Nothing was deployed.")

    sam = os.environ.get("SAM", "sam")
    subprocess.run([sam, "build", "--build-dir", str(BUILT)], check=True, cwd=ROOT)
    outputs = _deploy(sam, session, options, answers)
    if not answers.get("PublicUrl"):
        # The desk's address is known only now; a name of the agency's own can take its place later.
        answers["PublicUrl"] = outputs["ApiUrl"]
        memory.write_text(json.dumps(answers, indent=2))
        outputs = _deploy(sam, session, options, answers)
    _what_is_left(session, outputs, answers)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make deploy", description="Deploys Tanggap to an AWS account.")
    parser.add_argument("--region", default=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"))
    parser.add_argument("--stack", default="tanggap", help="name of the stack (tanggap)")
    parser.add_argument("--yes", action="store_true", help="take remembered and preset answers, ask nothing")
    parser.add_argument("preset", nargs="*", metavar="NAME=VALUE", help="a parameter of template.yaml")
    options = parser.parse_args(arguments)
    if not options.region:
        options.region = "ap-southeast-1"
        if not options.yes:
            options.region = input(f"AWS region [{options.region}]: ").strip() or options.region
    return options


def _preset(given: list[str], template: Mapping[str, Any]) -> dict[str, str]:
    pairs = dict(one.partition("=")[::2] for one in given)
    unknown = pairs.keys() - template["Parameters"].keys()
    if unknown:
        raise Stopped(f"template.yaml has no parameter {', '.join(sorted(unknown))}.")
    return pairs


def _look(session: Any, stack: str, answers: Mapping[str, str]) -> None:
    """Raises Stopped with every finding that stops; prints the others."""
    findings = checks.region(session.region_name) + checks.domain(answers["MailDomain"], session.region_name)
    try:
        account = session.client("sts").get_caller_identity()["Account"]
        print(f"\nAccount {account}, region {session.region_name}, stack {stack}.")
        displace = answers.get("DisplaceActiveRuleSet") == "yes"
        findings += checks.rule_set(session.client("ses"), _outputs(session, stack).get("ReceiptRuleSet"), displace)
        findings += checks.sandbox(session.client("sesv2"))
        findings += checks.runs(session.client("lambda"), answers.get("RunsAtOnce", "10"))
    except (BotoCoreError, ClientError) as error:
        findings.append(checks.Finding(True, f"AWS did not answer as needed: {error}"))
    for finding in findings:
        print(f"{'STOP' if finding.stops else 'note'}: {finding.text}")
    if any(finding.stops for finding in findings):
        raise Stopped("Nothing was deployed.")


def _deploy(sam: str, session: Any, options: argparse.Namespace, answers: Mapping[str, str]) -> dict[str, str]:
    # The SAM CLI reads quotes as a shell does, and takes an empty value only within them.
    overrides = [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in answers.items()]
    subprocess.run(
        [sam, "deploy", "--config-file", str(CONFIGURATION), "--template-file", str(BUILT / "template.yaml"),
         "--stack-name", options.stack, "--region", options.region, "--parameter-overrides", *overrides],
        check=True, cwd=ROOT,
    )  # fmt: skip
    return _outputs(session, options.stack)


def _outputs(session: Any, stack: str) -> dict[str, str]:
    try:
        found = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":  # CloudFormation's word for: no such stack
            return {}
        raise
    return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", ())}


def _what_is_left(session: Any, outputs: Mapping[str, str], answers: Mapping[str, str]) -> None:
    print(f"\nThe desk is deployed. Citizens write to {outputs['IntakeAddress']}; the API is at {outputs['ApiUrl']}.")
    if not answers.get("HostedZoneId"):
        domain = outputs["MailDomain"]
        print(f"\nHave these records entered for {domain}; mail arrives an hour later at most:")
        print(*(f"  {record}" for record in outputs["MailRecords"].split(" | ")), sep="\n")
        tokens = session.client("sesv2").get_email_identity(EmailIdentity=domain)["DkimAttributes"].get("Tokens", ())
        print(*(f"  {token}._domainkey.{domain} CNAME {token}.dkim.amazonses.com" for token in tokens), sep="\n")
    if secret := outputs.get("ChannelSecret"):
        print(f"\nA channel opens when its keys stand in {secret} (infra/runbooks/channel-secrets.md).")
    print(f"\n{checks.heard(session.client('sns'), outputs['AlarmsTopic'], answers['OperatorsAddress'])}")
    print(f"Then make the first officer, in the user pool {outputs['UserPoolId']} (README, First officers).")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Stopped as stopped:
        sys.exit(str(stopped))
    except subprocess.CalledProcessError as failed:
        sys.exit(f"{Path(failed.cmd[0]).name} {failed.cmd[1]} failed; its reasons stand above.")
    except (KeyboardInterrupt, EOFError):
        sys.exit("\nNothing more was done.")
