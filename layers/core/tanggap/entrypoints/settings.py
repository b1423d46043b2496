"""What each function reads of its environment: one frozen dataclass a function. A wrong deployment fails at once, by
name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import TypeVar


class Misconfigured(Exception):
    """Names the variables that are missing."""


#: Where platforms answer, unless a stack says otherwise (template.yaml: GraphUrl, TelegramUrl).
GRAPH_URL = "https://graph.facebook.com"
TELEGRAM_URL = "https://api.telegram.org"


@dataclass(frozen=True, slots=True)
class Intake:
    cases_table: str
    vault_table: str
    vault_key: str
    lookup_secret: str
    arrivals_bucket: str
    attachments_bucket: str
    mail_domain: str
    intake_address: str
    media_queue_url: str = ""
    arrivals_queue_url: str = ""
    public_url: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    cases_table: str
    vault_table: str
    attachments_bucket: str
    media_queue_url: str
    #: Empty: no platform is configured.
    channel_secret: str = ""
    graph_url: str = GRAPH_URL
    telegram_url: str = TELEGRAM_URL


@dataclass(frozen=True, slots=True)
class Deliver:
    cases_table: str
    vault_table: str
    vault_key: str
    lookup_secret: str
    attachments_bucket: str
    mail_domain: str
    intake_address: str
    configuration_set: str
    channel_secret: str = ""
    graph_url: str = GRAPH_URL
    telegram_url: str = TELEGRAM_URL
    public_url: str = ""


@dataclass(frozen=True, slots=True)
class Escalate:
    cases_table: str
    simulated_time: str
    #: Further runs that a sweep may call on when more is due than it takes.
    sweep_shares: str = "0"


@dataclass(frozen=True, slots=True)
class Digest:
    cases_table: str
    simulated_time: str


@dataclass(frozen=True, slots=True)
class Ledger:
    cases_table: str
    arrivals_bucket: str
    arrivals_queue_url: str
    anchors_bucket: str = ""
    alarms_topic: str = ""
    rule_set: str = ""
    channel_secret: str = ""


@dataclass(frozen=True, slots=True)
class Canary:
    cases_table: str
    lookup_secret: str
    mail_domain: str
    intake_address: str
    #: Where the web form's API answers, without a slash at its end.
    api_url: str
    #: One that tells nobody what becomes of a mail.
    configuration_set: str
    #: From one round to the next.
    canary_minutes: str = "0"


@dataclass(frozen=True, slots=True)
class Portal:
    cases_table: str
    vault_table: str
    vault_key: str
    lookup_secret: str
    arrivals_bucket: str
    attachments_bucket: str
    arrivals_queue_url: str
    mail_domain: str
    intake_address: str
    public_url: str
    user_pool: str
    user_pool_client: str
    #: open | closed
    open311: str = "closed"


@dataclass(frozen=True, slots=True)
class Webhooks:
    arrivals_bucket: str
    attachments_bucket: str
    arrivals_queue_url: str
    public_url: str
    channel_secret: str = ""
    open311: str = "closed"


@dataclass(frozen=True, slots=True)
class Setup:
    cases_table: str
    rule_set: str
    mail_domain: str


S = TypeVar("S")


def read(kind: type[S], environment: Mapping[str, str] = os.environ) -> S:
    """The settings of one function; what has a default may be missing. Raises Misconfigured."""
    known = fields(kind)  # type: ignore[arg-type]
    given = {field.name: environment.get(field.name.upper(), "") for field in known}
    missing = [field.name.upper() for field in known if field.default is MISSING and not given[field.name]]
    if missing:
        raise Misconfigured(f"missing in the environment: {', '.join(missing)}")
    return kind(**{name: value for name, value in given.items() if value})
