"""What has to be seen to outside of the desk's own data: whether SES is still in its sandbox, whether it hands us what
comes in, whether anybody hears the alarms, whether anchors are locked, and when platforms' keys expire."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..domain.errors import Retry
from .channels.secrets import Section

#: Sections of the channels' secret (adapters.channels.secrets). Where one says `"expires": "2027-01-31"`, it is told of
#: in time.
SECTIONS = ("meta", "whatsapp", "messenger", "instagram", "telegram", "open311")


def listeners(sns: Any, topic: str) -> tuple[int, int]:
    """How many hear a topic, and how many were asked and have not confirmed. Who lets three days pass, or follows the
    link to unsubscribe that stands in each mail, is neither."""
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    said = [one["SubscriptionArn"] for page in pages for one in page["Subscriptions"]]
    return sum(one.startswith("arn:") for one in said), said.count("PendingConfirmation")


class AwsAccount:
    def __init__(
        self,
        client: Callable[[str], Any],
        section: Callable[[str], Section],
        topic: str = "",
        rule_set: str = "",
        anchors: str = "",
    ) -> None:
        """`client`: boto3's, by the name of the service. `topic`: the alarms'. `rule_set`: SES's, by which our mail
        comes in. `anchors`: their bucket. What is empty is not asked about."""
        self._client, self._section = client, section
        self._topic, self._rule_set, self._anchors = topic, rule_set, anchors

    def sandboxed(self) -> bool:
        with _asking("the mail service"):
            return not self._client("sesv2").get_account()["ProductionAccessEnabled"]

    def deaf(self) -> bool:
        if not self._rule_set:
            return False
        with _asking("the mail service"):
            active = self._client("ses").describe_active_receipt_rule_set()
            rules = active.get("Rules", ())
            ours = active.get("Metadata", {}).get("Name") == self._rule_set
            return not (ours and rules and all(rule.get("Enabled") for rule in rules))

    def unheard(self) -> bool:
        if not self._topic:
            return False
        with _asking("the alarms' topic"):
            return not listeners(self._client("sns"), self._topic)[0]

    def unlocked(self) -> bool:
        if not self._anchors:
            return False
        with _asking("the anchors' bucket"):
            try:
                said = self._client("s3").get_object_lock_configuration(Bucket=self._anchors)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") == "ObjectLockConfigurationNotFoundError":
                    return True
                raise
            kept = said["ObjectLockConfiguration"].get("Rule", {}).get("DefaultRetention", {})
            return bool(kept.get("Mode") != "COMPLIANCE")  # whatever else, somebody may lift

    def expiries(self) -> Mapping[str, str]:
        said = {name: self._section(name).get("expires") for name in SECTIONS}
        return {name: str(one) for name, one in said.items() if one is not None}


@contextmanager
def _asking(whom: str) -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError, LookupError) as error:
        raise Retry(f"{whom} did not say") from error
