"""The SMTP door: stands in for SES receiving. It asks the embedded AWS for the active rule set, takes what a rule
takes, and does what SES does with it: the raw mail to S3 under SES's headers, then a notification by SNS.

Answers: 550 where no rule takes the recipient, 552 over 40 MB, 451 when the mail could not be stored (the sender
tries again). A notification that fails after the mail was stored is not the sender's affair, as on AWS: it is told
to `tell`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws import client
from infra.local.places import HOST, REGION, Places
from infra.local.receipt_rules import Rule, rules_of
from infra.local.received import Transaction, new_message_id, notification, prepended
from infra.local.verdicts import Verdicts, judge

LARGEST = 40 * 1024 * 1024  # bytes of a mail with its headers
MOST_RECIPIENTS = 100  # in one transaction
_RULES_FOR = 1.0  # seconds that an answer about rules is believed
_AT_ONCE = 8  # mails stored at the same time

ACCEPTED = "250 OK {id}"
NO_RULE = "550 5.1.1 Requested action not taken: mailbox unavailable"
TOO_MANY = "452 4.5.3 Too many recipients"
TRY_LATER = "451 4.4.2 Requested action aborted: the mail could not be stored, try again later"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Bounced(Exception):
    """A rule's bounce action: its answer to the sender."""

    answer: str


class SmtpDoor:
    def __init__(self, places: Places, tell: Tell) -> None:
        handler = _Handler(places, tell)
        self._controller = Controller(
            handler,
            hostname=HOST,
            port=places.smtp_port,
            server_hostname=f"inbound-smtp.{REGION}.amazonaws.com",
            ident="ESMTP Tanggap",
            data_size_limit=LARGEST,
            decode_data=False,
            enable_SMTPUTF8=False,
            ready_timeout=10,
        )
        self._handler = handler

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop(no_assert=True)
        self._handler.close()


class _Handler:
    def __init__(self, places: Places, tell: Tell) -> None:
        self._endpoint = places.aws_endpoint
        self._tell = tell
        self._workers = ThreadPoolExecutor(_AT_ONCE, "smtp-door")
        self._known: tuple[float, tuple[Rule, ...], frozenset[str]] | None = None

    def close(self) -> None:
        self._workers.shutdown(wait=True, cancel_futures=True)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        try:
            rules, domains = await self._off_the_loop(self._rules)
        except (BotoCoreError, ClientError):
            return TRY_LATER
        if not any(rule.takes(address, domains) for rule in rules):
            return NO_RULE
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        if len(raw) > LARGEST:
            return "552 5.3.4 Message size exceeds fixed limit"
        mail = Transaction(
            message_id=new_message_id(),
            at=datetime.now(UTC),
            peer=str(session.peer[0]) if session.peer else HOST,
            helo=session.host_name or "unknown",
            sender=envelope.mail_from or "",
            recipients=tuple(dict.fromkeys(envelope.rcpt_tos)),
            raw=raw,
        )
        try:
            await self._off_the_loop(self._receive, mail)
        except _Bounced as bounced:
            return bounced.answer
        except (BotoCoreError, ClientError) as error:
            self._tell(f"mail not stored ({type(error).__name__}); its sender was told to try again")
            return TRY_LATER
        return ACCEPTED.format(id=mail.message_id)

    async def _off_the_loop(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._workers, function, *arguments)

    def _rules(self) -> tuple[tuple[Rule, ...], frozenset[str]]:
        now = time.monotonic()
        if self._known is None or now - self._known[0] > _RULES_FOR:
            active = client("ses", self._endpoint).describe_active_receipt_rule_set()
            identities = client("ses", self._endpoint).list_identities(IdentityType="Domain")["Identities"]
            self._known = (now, rules_of(active), frozenset(identity.lower() for identity in identities))
        return self._known[1], self._known[2]

    def _receive(self, mail: Transaction) -> None:
        """Runs the actions of each rule that takes a recipient, in order, until a stop action."""
        rules, domains = self._rules()
        for rule in rules:
            matched = [address for address in mail.recipients if rule.takes(address, domains)]
            if matched and not self._run(rule, mail, matched):
                return

    def _run(self, rule: Rule, mail: Transaction, matched: list[str]) -> bool:
        """False when a stop action ends the rule set."""
        verdicts = judge(mail.raw, mail.sender, scan=rule.scan)
        added: list[tuple[str, str]] = []
        for action in rule.actions:
            kind, settings = next(iter(action.items()))
            if kind == "AddHeaderAction":
                added.append((settings["HeaderName"], settings["HeaderValue"]))
            elif kind == "S3Action":
                self._store(settings, mail, matched, verdicts, added)
            elif kind == "BounceAction":
                raise _Bounced(f"{settings['SmtpReplyCode']} {settings.get('StatusCode', '')} {settings['Message']}")
            elif kind == "StopAction":
                return False
            else:
                self._tell(f"receipt rule {rule.name}: {kind} is not done by the local door")
        return True

    def _store(
        self,
        settings: dict[str, str],
        mail: Transaction,
        matched: list[str],
        verdicts: Verdicts,
        added: list[tuple[str, str]],
    ) -> None:
        began = time.monotonic()
        bucket, prefix = settings["BucketName"], settings.get("ObjectKeyPrefix", "")
        key = prefix + mail.message_id
        stored = prepended(mail, matched, verdicts, added) + mail.raw
        client("s3", self._endpoint).put_object(Bucket=bucket, Key=key, Body=stored)
        topic = settings.get("TopicArn")
        if not topic:
            return
        action = {"type": "S3", "topicArn": topic, "bucketName": bucket, "objectKeyPrefix": prefix, "objectKey": key}
        notice = notification(mail, stored, matched, verdicts, action, time.monotonic() - began)
        try:
            client("sns", self._endpoint).publish(
                TopicArn=topic, Subject="Amazon SES Email Receipt Notification", Message=json.dumps(notice)
            )
        except (BotoCoreError, ClientError) as error:
            self._tell(f"mail {mail.message_id} was stored but its notification failed ({type(error).__name__})")
