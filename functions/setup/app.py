"""What CloudFormation cannot do by itself: make our receiving rule set the active one, and store the first policy.

A custom resource that gives no answer holds a deployment for its whole time-out, so every way through `handler`
answers.
"""

from __future__ import annotations

import json
import os
import threading
import traceback
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config
from botocore.exceptions import ClientError
from mail_domain import MailServers, NoAnswer, is_reserved, mail_servers, taken_by

#: Its own: where our package can't be imported, CloudFormation is answered all the same.
logger = Logger()

ANSWERING_TAKES = 8.0  # seconds kept back from the function's time for the answer itself
ANSWER_TRIES = 3
_PATIENCE = Config(connect_timeout=5, read_timeout=10, retries={"max_attempts": 3, "mode": "standard"})


class Refused(Exception):
    """Set-up must not go on; the message is for whoever deploys."""


@dataclass(frozen=True, slots=True)
class Setup:
    """`first_policy` stores version 1 of the policy where there is none, and does nothing otherwise."""

    ses: Any
    region: str
    first_policy: Callable[[dict[str, str]], object]
    mail_servers: MailServers = mail_servers

    def create(self, wanted: Mapping[str, Any], before: Mapping[str, Any], given_up: threading.Event) -> None:
        if wanted["MailDomain"] != before.get("MailDomain"):
            self._refuse_a_domain_with_mail(wanted["MailDomain"])
        self.first_policy(dict(wanted["Policy"]))
        if given_up.is_set():  # answered meanwhile: nothing may change behind CloudFormation's back
            return
        # Last: from here on mail comes in.
        self._activate(wanted["RuleSet"], wanted.get("DisplaceActiveRuleSet") == "yes")

    def delete(self, wanted: Mapping[str, Any]) -> None:
        if self._active() == wanted["RuleSet"]:
            self.ses.set_active_receipt_rule_set()

    def _refuse_a_domain_with_mail(self, domain: str) -> None:
        if is_reserved(domain):
            return
        try:
            others = taken_by(self.mail_servers(domain), self.region)
        except NoAnswer:
            logger.warning("mail records could not be looked up", code="mail_records_unknown")
            return
        if others:
            raise Refused(
                f"{domain} has its mail at {others[0]}. Choose a subdomain without mail, such as lapor.{domain}."
            )

    def _activate(self, rule_set: str, displace: bool) -> None:
        active = self._active()
        if active == rule_set:
            return
        if active and not displace:
            raise Refused(
                f"The receiving rule set {active} is active in this region, and only one can be. To displace it, "
                "deploy with DisplaceActiveRuleSet=yes."
            )
        self.ses.set_active_receipt_rule_set(RuleSetName=rule_set)
        logger.info("rule set activated", code="rule_set_activated", displaced=bool(active))

    def _active(self) -> str:
        return str(self.ses.describe_active_receipt_rule_set().get("Metadata", {}).get("Name", ""))


def handler(event: dict[str, Any], context: Any) -> None:
    answer = work(event, context.get_remaining_time_in_millis() / 1000 - ANSWERING_TAKES, compose)
    send(event["ResponseURL"], answer)


def compose() -> Setup:
    from tanggap.domain.policy import first_policy
    from tanggap.entrypoints import composition, settings

    ses = boto3.client("ses", config=_PATIENCE)
    policies = composition.services(settings.Setup).policies
    return Setup(
        ses=ses, region=os.environ["AWS_REGION"], first_policy=lambda values: policies.first(first_policy(**values))
    )


def work(event: Mapping[str, Any], seconds: float, compose: Callable[[], Setup]) -> dict[str, Any]:
    """Does what CloudFormation asks and gives its answer, also when the work fails or outlasts its time."""
    reasons: list[str] = ["It took too long; see the function's log."]
    given_up = threading.Event()

    def run() -> None:
        try:
            _act(event, compose(), given_up)
        except Refused as refusal:
            reasons.append(str(refusal))
        except Exception as error:  # whatever it is, CloudFormation waits for an answer
            # Where it failed, without the error's text: that may quote what it was given.
            trace = traceback.format_tb(error.__traceback__)[-5:]
            logger.error("set-up failed", code="setup_failed", error=_name_of(error), trace=trace)
            reasons.append(f"{_name_of(error)}; see the function's log.")
        else:
            reasons.clear()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(max(seconds, 0.1))
    given_up.set()
    return {
        "Status": "FAILED" if reasons else "SUCCESS",
        "Reason": reasons[-1] if reasons else "",
        # A new rule set is a new resource to CloudFormation, which then asks for the old one's deletion.
        "PhysicalResourceId": f"setup-{event['ResourceProperties'].get('RuleSet', 'unknown')}",
        **{key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")},
    }


def _act(event: Mapping[str, Any], setup: Setup, given_up: threading.Event) -> None:
    wanted = event["ResourceProperties"]
    if event["RequestType"] == "Delete":
        setup.delete(wanted)
    else:
        setup.create(wanted, event.get("OldResourceProperties", {}), given_up)


def _name_of(error: Exception) -> str:
    """The class or AWS's code, not the text: a text may quote what it was given."""
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__


def send(url: str, answer: Mapping[str, Any]) -> None:
    """Raises OSError after the last try; Lambda then starts the whole work again, which may be done twice."""
    body = json.dumps(answer).encode()
    # The address is signed without a type of content, and urllib would add one.
    request = urllib.request.Request(url, body, method="PUT", headers={"Content-Type": ""})  # noqa: S310 - CloudFormation's
    for left in reversed(range(ANSWER_TRIES)):
        try:
            urllib.request.urlopen(request, timeout=ANSWERING_TAKES / ANSWER_TRIES).close()  # noqa: S310  # nosec B310 # as above
        except OSError:
            logger.warning("CloudFormation's address did not take the answer", code="setup_unanswered", tries_left=left)
            if not left:
                raise
        else:
            return
