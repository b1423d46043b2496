"""What has to be seen to outside of the stack: whether SES is still in its sandbox, whether anybody hears the alarms,
and when platforms' keys expire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    """`topic`: the alarms'; without one nobody is asked about it."""

    def __init__(
        self,
        ses: Callable[[], Any],
        section: Callable[[str], Section],
        sns: Callable[[], Any] = lambda: None,
        topic: str = "",
    ) -> None:
        self._ses, self._section, self._sns, self._topic = ses, section, sns, topic

    def sandboxed(self) -> bool:
        try:
            return not self._ses().get_account()["ProductionAccessEnabled"]
        except (ClientError, BotoCoreError, LookupError) as error:
            raise Retry("the mail service did not say") from error

    def unheard(self) -> bool:
        if not self._topic:
            return False
        try:
            return not listeners(self._sns(), self._topic)[0]
        except (ClientError, BotoCoreError, LookupError) as error:
            raise Retry("the alarms' topic did not say") from error

    def expiries(self) -> Mapping[str, str]:
        said = {name: self._section(name).get("expires") for name in SECTIONS}
        return {name: str(one) for name, one in said.items() if one is not None}
