"""The agency's accounts on the platforms, as the double knows them and as the agency's secret holds them."""

from __future__ import annotations

import secrets
import string
from dataclasses import asdict, dataclass
from typing import Any

GRAPH_VERSION = "v25.0"


@dataclass(frozen=True, slots=True)
class Accounts:
    whatsapp_phone_number_id: str
    messenger_page_id: str
    instagram_account_id: str
    whatsapp_token: str
    messenger_token: str
    instagram_token: str
    telegram_token: str

    @property
    def ids(self) -> dict[str, str]:
        """What whoever writes a webhook needs to name."""
        return {
            "whatsapp_phone_number_id": self.whatsapp_phone_number_id,
            "messenger_page_id": self.messenger_page_id,
            "instagram_account_id": self.instagram_account_id,
        }

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def made_up() -> Accounts:
    """The ids are always the same, the tokens never."""
    return Accounts(
        whatsapp_phone_number_id="106540352242922",
        messenger_page_id="101112131415161",
        instagram_account_id="17841400000000001",
        whatsapp_token=_token(),
        messenger_token=_token(),
        instagram_token=_token(),
        telegram_token="7012345678:" + "".join(secrets.choice(string.ascii_letters) for _ in range(35)),
    )


def channel_secret(accounts: Accounts, webhooks: dict[str, str]) -> dict[str, Any]:
    """What the stack's ChannelSecret is to hold, for all platforms at once."""
    return {
        "meta": {
            "app_secrets": [webhooks["meta_app_secret"]],
            "verify_tokens": [webhooks["meta_verify_token"]],
            "graph_version": GRAPH_VERSION,
        },
        "whatsapp": {"phone_number_id": accounts.whatsapp_phone_number_id, "token": accounts.whatsapp_token},
        "messenger": {"page_id": accounts.messenger_page_id, "token": accounts.messenger_token},
        "instagram": {"account_id": accounts.instagram_account_id, "token": accounts.instagram_token},
        "telegram": {"secrets": [webhooks["telegram_secret"]], "token": accounts.telegram_token},
        "open311": {"keys": [webhooks["open311_key"]] if "open311_key" in webhooks else []},
    }


def _token() -> str:
    return "EAA" + secrets.token_hex(24)
