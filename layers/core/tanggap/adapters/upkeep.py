"""What has to be seen to outside of the stack: whether SES is still in its sandbox, and when platforms' keys expire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..domain.errors import Retry
from .channels.secrets import Section

#: Sections of the channels' secret (adapters.channels.secrets). Where one says `"expires": "2027-01-31"`, it is told of
#: in time.
SECTIONS = ("meta", "whatsapp", "messenger", "instagram", "telegram", "open311")


class AwsAccount:
    def __init__(self, ses: Callable[[], Any], section: Callable[[str], Section]) -> None:
        self._ses, self._section = ses, section

    def sandboxed(self) -> bool:
        try:
            return not self._ses().get_account()["ProductionAccessEnabled"]
        except (ClientError, BotoCoreError, LookupError) as error:
            raise Retry("the mail service did not say") from error

    def expiries(self) -> Mapping[str, str]:
        said = {name: self._section(name).get("expires") for name in SECTIONS}
        return {name: str(one) for name, one in said.items() if one is not None}
