"""The running system as its users see it: write a mail, look into a mailbox, call the API, move the clock."""

from __future__ import annotations

import json
import smtplib
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from typing import Any
from uuid import uuid4

from infra.local.aws import client

#: Lines end as SMTP wants them, and an id of another mail is not broken into encoded words.
AS_SENT = SMTP.clone(max_line_length=200)
PATIENCE = 20.0  # seconds; a cold function takes one or two


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class System:
    ready: dict[str, Any]  # what ready.json holds
    _tokens: dict[str, str] = field(default_factory=dict)

    # ── as a citizen ──────────────────────────────────────────────────────────────────────────────────────────────

    def someone(self, name: str = "ani", domain: str = "warga.example") -> str:
        """An address that nobody used before."""
        return f"{name}.{uuid4().hex[:12]}@{domain}"

    def write(
        self, sender: str, subject: str, text: str, *, to: str = "", headers: dict[str, str] | None = None
    ) -> EmailMessage:
        mail = EmailMessage(policy=AS_SENT)
        mail["From"], mail["To"] = sender, to or self.ready["intake_address"]
        mail["Subject"] = subject
        mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        mail["Date"] = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
        for name, value in (headers or {}).items():
            mail[name] = value
        mail.set_content(text)
        self.send(sender, [mail["To"]], mail.as_bytes())
        return mail

    def send(self, sender: str, recipients: list[str], raw: bytes) -> None:
        """Raises what smtplib raises for a refusal."""
        smtp = self.ready["smtp"]
        with smtplib.SMTP(smtp["host"], smtp["port"], local_hostname="mail.warga.example", timeout=60) as connection:
            connection.sendmail(sender, recipients, raw)

    def mails_to(self, address: str) -> list[dict[str, Any]]:
        """Of `/mails.json`, oldest first."""
        return [mail for mail in self.get("/mails.json").body["mails"] if address in mail["to"]]

    def mail_to(self, address: str, *, after: int = 0) -> dict[str, Any]:
        """The next mail to an address that has `after` of them; waits for it."""
        return until(lambda: self.mails_to(address)[after:], f"mail {after + 1} to {address}")[0]

    # ── as an officer ─────────────────────────────────────────────────────────────────────────────────────────────

    def officer(self, role: str) -> dict[str, Any]:
        return next(officer for officer in self.ready["officers"] if officer["role"] == role)

    def as_officer(self, role: str, method: str, path: str, body: Any = None) -> Answer:
        if role not in self._tokens:
            officer = self.officer(role)
            session = self.call("POST", "/v1/session", {"email": officer["email"], "password": officer["password"]})
            assert session.status == 200, session
            self._tokens[role] = session.body["id_token"]
        return self.call(method, path, body, {"Authorization": self._tokens[role]})

    def case(self, number: str, role: str = "coordinator") -> dict[str, Any]:
        answer = self.as_officer(role, "GET", f"/v1/cases/{number}")
        assert answer.status == 200, answer
        return dict(answer.body)

    def case_of(self, mail: dict[str, Any]) -> str:
        """The number in the brackets that start our subjects."""
        subject: str = mail["subject"]
        assert subject.startswith("[TGP-"), subject
        return subject[1 : subject.index("]")]

    # ── as time ───────────────────────────────────────────────────────────────────────────────────────────────────

    def sweep(self, at: str) -> dict[str, Any]:
        """What the schedule does each minute, at a time of our choosing (RFC 3339, UTC)."""
        answer = client("lambda", self.ready["aws_endpoint"]).invoke(
            FunctionName=self.ready["outputs"]["EscalateFunction"],
            Payload=json.dumps({"source": "aws.events", "detail-type": "Scheduled Event", "time": at}).encode(),
        )
        assert "FunctionError" not in answer, answer["Payload"].read()
        return dict(json.loads(answer["Payload"].read()))

    # ── as anybody ────────────────────────────────────────────────────────────────────────────────────────────────

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        request = urllib.request.Request(
            self.ready["http"] + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return _answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return _answer(error.code, error.headers, error.read())

    def log_lines(self, holding: str = "") -> list[str]:
        """Everything that the functions logged; of a long run better only what holds a word."""
        wanted = {"filterPattern": f'"{holding}"'} if holding else {}
        logs = client("logs", self.ready["aws_endpoint"])
        groups = logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{self.ready['stack']}-")["logGroups"]
        return [
            event["message"]
            for group in groups
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"], **wanted)
            for event in page["events"]
        ]


def _answer(status: int, headers: Any, body: bytes) -> Answer:
    kind = headers.get("Content-Type", "")
    return Answer(status, dict(headers), json.loads(body) if "json" in kind and body else body.decode())


def until(look: Callable[[], Any], what: str, within: float = PATIENCE) -> Any:
    """What `look` gives once it gives something."""
    deadline = time.monotonic() + within
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {within:.0f} s")
        time.sleep(0.15)


def forget(system: System, function: str) -> None:
    """What it keeps of secrets for five minutes: its next run is in a new process."""
    functions, name = client("lambda", system.ready["aws_endpoint"]), system.ready["outputs"][function]
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": {**variables, "STARTED": uuid4().hex}}
    )
