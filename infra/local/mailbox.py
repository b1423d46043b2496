"""The mailboxes at the other end: for each mail that went out, what SES would report of it, by the configuration
set's SNS destination; and what comes back by mail.

* AWS's mailbox simulator (bounce@, complaint@, success@, ooto@, suppressionlist@simulator.amazonses.com, with
  +labels) behaves as on AWS; ooto@ writes one automatic reply a sender, to the mail's Reply-To or From.
* Every other address takes delivery. One that a receipt rule takes is our own: the mail comes in again by the SMTP
  door.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import smtplib
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws import client
from infra.local.outbox import Outbox, SentMail
from infra.local.places import HOST, Places
from infra.local.receipt_rules import rules_of
from infra.local.ses_events import SIMULATOR, event, outcomes
from infra.local.verdicts import domain_of

_EVERY = 0.4  # seconds between looks: an event that overtakes the function's own writing is as rare as on AWS
_BELIEVED_FOR = 5.0  # seconds

Tell = Callable[[str], None]


class Mailbox:
    def __init__(self, places: Places, tell: Tell) -> None:
        self._places = places
        self._tell = tell
        self._outbox = Outbox(places.outbox)
        self._known: dict[str, tuple[float, Any]] = {}
        self._away: set[tuple[str, str]] = set()  # who was told already, as such programs keep it
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="mailbox", daemon=True)

    @property
    def _position(self) -> Path:
        """The last mail that was reported, kept with the mails, so that a restart reports none twice."""
        return self._places.outbox / "reported"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(5)

    def _watch(self) -> None:
        done = self._position.read_text() if self._position.exists() else ""
        while not self._stop.wait(_EVERY):
            for mail in self._outbox.after(done):
                try:
                    self._report(mail)
                except (BotoCoreError, ClientError, OSError, smtplib.SMTPException) as error:
                    self._tell(f"what became of mail {mail.id} could not be reported ({type(error).__name__})")
                done = mail.name
                with contextlib.suppress(OSError):
                    self._position.write_text(done)
                if self._stop.is_set():
                    return

    def _report(self, mail: SentMail) -> None:
        topics = self._topics(mail.configuration_set or self._default_set(mail))
        for address in mail.destinations:
            plain = parseaddr(address)[1]
            for outcome in outcomes(plain):
                report = event(outcome, mail, plain, datetime.now(UTC))
                for topic in topics.get(report["eventType"].upper(), ()):
                    client("sns", self._places.aws_endpoint).publish(
                        TopicArn=topic, Subject="Amazon SES Email Event Notification", Message=json.dumps(report)
                    )
            self._answer(mail, plain)

    def _topics(self, configuration_set: str) -> dict[str, list[str]]:
        """Topic ARNs by event type."""
        if not configuration_set:
            return {}
        ses = client("sesv2", self._places.aws_endpoint)
        answer = self._lately(
            configuration_set,
            lambda: ses.get_configuration_set_event_destinations(ConfigurationSetName=configuration_set),
        )
        topics: dict[str, list[str]] = {}
        for destination in answer.get("EventDestinations", ()):
            topic = destination.get("SnsDestination", {}).get("TopicArn")
            if destination.get("Enabled") and topic:
                for kind in destination["MatchingEventTypes"]:
                    topics.setdefault(kind, []).append(topic)
        return topics

    def _default_set(self, mail: SentMail) -> str:
        """The configuration set of the sending identity."""
        ses = client("sesv2", self._places.aws_endpoint)
        domain = domain_of(parseaddr(mail.source)[1])
        try:
            identity = self._lately(f"@{domain}", lambda: ses.get_email_identity(EmailIdentity=domain))
        except ClientError:
            return ""
        return str(identity.get("ConfigurationSetName", ""))

    def _lately(self, key: str, ask: Callable[[], Any]) -> Any:
        """An answer that may be some seconds old: many mails go out at once."""
        known = self._known.get(key)
        if known is None or time.monotonic() - known[0] > _BELIEVED_FOR:
            known = self._known[key] = (time.monotonic(), ask())
        return known[1]

    def _answer(self, mail: SentMail, address: str) -> None:
        local, _, domain = address.lower().rpartition("@")
        if domain == SIMULATOR:
            away = (address, mail.source)
            if local.partition("+")[0] == "ooto" and away not in self._away:
                self._away.add(away)
                self._send(_out_of_office(mail, address), address)
            return
        active = self._lately("rules", client("ses", self._places.aws_endpoint).describe_active_receipt_rule_set)
        if any(rule.takes(address, frozenset()) for rule in rules_of(active)):
            self._send((parseaddr(mail.source)[1], address, mail.raw), parseaddr(mail.source)[1])

    def _send(self, letter: tuple[str, str, bytes], sender: str) -> None:
        _, recipient, raw = letter
        if recipient:
            with smtplib.SMTP(
                HOST, self._places.smtp_port, local_hostname=domain_of(sender) or "localhost", timeout=30
            ) as smtp:
                smtp.sendmail(sender, [recipient], raw)


def _out_of_office(mail: SentMail, address: str) -> tuple[str, str, bytes]:
    original = email.message_from_bytes(mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", policy=email.policy.compat32)
    recipient = parseaddr(str(original["Reply-To"] or original["From"] or mail.source))[1]
    reply = EmailMessage(policy=email.policy.SMTP.clone(max_line_length=998))  # ids of 80 characters stay in one piece
    reply["From"], reply["To"] = address, recipient
    reply["Subject"] = "Out of office"
    reply["Date"] = datetime.now(UTC)
    reply["Message-ID"] = f"<ooto-{mail.id}@{SIMULATOR}>"
    reply["Auto-Submitted"] = "auto-replied"
    if original["Message-ID"]:
        reply["In-Reply-To"] = reply["References"] = str(original["Message-ID"])
    reply.set_content("I am out of the office.")
    return address, recipient, reply.as_bytes()
