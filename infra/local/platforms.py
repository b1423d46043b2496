"""The platforms beside the embedded AWS: the double's process, the secrets that both sides know, and where each of
them has to stand."""

from __future__ import annotations

import json
import secrets
import urllib.request
from typing import Any

from infra.local.aws import client
from infra.local.places import Places, write_json
from infra.local.providers.accounts import channel_secret, made_up
from infra.local.providers.process import Providers

_SECRETS = ("meta_app_secret", "meta_verify_token", "telegram_secret")


class Platforms:
    def __init__(self, places: Places, webhooks: dict[str, str]) -> None:
        self._places, self.webhooks, self.accounts = places, webhooks, made_up()
        self._providers = Providers(places.work, self.accounts)

    @property
    def url(self) -> str:
        return self._providers.url

    def start(self) -> None:
        """Raises ProvidersFailed."""
        self._providers.start()

    def stop(self) -> None:
        self._providers.stop()

    def parameters(self) -> dict[str, str]:
        """For the stack; deploy leaves out what the template doesn't declare."""
        return {
            "Platforms": "yes",
            "Open311": "open",
            "GraphUrl": self.url,
            "TelegramUrl": self.url,
            "RunsAtOnce": "1000",  # as a province has it
        }

    def fill(self, outputs: dict[str, str]) -> None:
        """Puts the keys where an agency would put its own."""
        if "ChannelSecret" in outputs:
            client("secretsmanager", self._places.aws_endpoint).put_secret_value(
                SecretId=outputs["ChannelSecret"], SecretString=json.dumps(channel_secret(self.accounts, self.webhooks))
            )

    def sent(self) -> list[dict[str, Any]]:
        """What went out on chats, oldest first; nothing where the double does not answer."""
        try:
            with urllib.request.urlopen(f"{self.url}/_sent", timeout=2) as answer:  # nosec B310 # our own local server
                return list(json.loads(answer.read())["sent"])
        except (OSError, ValueError, KeyError):
            return []


def webhook_secrets(places: Places) -> dict[str, str]:
    """Made up for this run, or kept with the state."""
    kept = places.state / "webhooks.json" if places.state else None
    known = dict(json.loads(kept.read_text())) if kept is not None and kept.exists() else {}
    made = {name: str(known.get(name) or secrets.token_hex(16)) for name in _SECRETS}
    if kept is not None and made != known:
        write_json(kept, made)
    return made
