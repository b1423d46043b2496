"""The canary on a World: mail leaves and comes in again as SES carries it; what a form says is stored as the webhook
stores it."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

from tanggap.adapters.canary import ByMail
from tanggap.adapters.mail import reader
from tanggap.adapters.mail.reader import Receipt
from tanggap.adapters.ses import SesPost
from tanggap.application.canary import Canary, Unreached
from tanggap.application.receive import Raw, Result
from tanggap.domain.canary import Round
from tanggap.domain.inbound import Authenticity
from tanggap.domain.numbers import number_from
from tanggap.domain.words import Channel
from tests.support import web_forms
from tests.support.world import DOMAIN, GENUINE, INTAKE, World


class Ses:
    """What left: (recipient, bytes on the wire)."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.down = False

    def send_email(self, **request: Any) -> dict[str, str]:
        if self.down:
            raise Unreached("down")
        content = request["Content"]
        (to,) = request["Destination"]["ToAddresses"]
        message_id = f"{len(self.sent):016x}-000000"
        parsed = EmailMessage(policy=email.policy.SMTP)
        if "Simple" in content:
            parsed["From"], parsed["To"] = request["FromEmailAddress"], to
            parsed["Subject"] = content["Simple"]["Subject"]["Data"]
            parsed.set_content(content["Simple"]["Body"]["Text"]["Data"])
            raw = parsed.as_bytes()
        else:
            raw = bytes(content["Raw"]["Data"])
        # SES puts its own id in the place of whatever stands there.
        head, _, body = raw.partition(b"\r\n\r\n")
        kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"message-id:")]
        own = f"Message-ID: <{message_id}@ap-southeast-1.amazonses.com>".encode()
        self.sent.append((to, b"\r\n".join((own, *kept)) + b"\r\n\r\n" + body))
        return {"MessageId": message_id}


class Kept:
    """adapters.dynamodb.canary in memory."""

    def __init__(self) -> None:
        self.round: Round | None = None

    def last(self) -> Round | None:
        return self.round

    def keep(self, one: Round) -> None:
        self.round = one


class Form:
    """The web form's API: minted, stored, and followed by number and code. `read`: intake is told of what came."""

    def __init__(self, world: World) -> None:
        self.world, self.desk = world, web_forms.Desk(world)
        self.stored: list[str] = []
        self.down = False

    def report(self, body: Mapping[str, Any]) -> str:
        if self.down:
            raise Unreached("down")
        number = number_from(7_919 * (len(self.stored) + 10**6))
        said = {name: body[name] for name in ("text", "name", "email")}
        self.stored.append(web_forms.store(self.world, web_forms.arrival(number, self.world.now, **said)))
        return number

    def status(self, number: str, code: str) -> str:
        held = self.desk.tracking.follow(number, code, "203.0.113.9").held
        return str(held.case.status) if held.case else "received"


class Aviary:
    """A desk with its canary. `verdicts`: what SES says of what our own domain sends."""

    def __init__(self, world: World, rounds: Any = None) -> None:
        self.world, self.ses, self.form = world, Ses(), Form(world)
        self.rounds = rounds or Kept()
        self.verdicts: Authenticity = GENUINE
        self.carried = self.filed = 0
        self.results: list[Result] = []
        self.strangers: list[str] = []  # to whom else anything went
        world.sends_by(
            SesPost(
                lambda: self.ses,
                lambda: "Pemerintah Desa Contoh",
                INTAKE,
                "set",
                world.tokens.of,
                world.tokens.of_office,
            )
        )
        mail = ByMail(lambda: self.ses, INTAKE, "quiet")
        self.canary = Canary(world.cases, self.rounds, mail, self.form, world.tokens, DOMAIN, world.clock)

    def carry(self) -> bool:
        """What left for our own domain comes in; what was typed into the form is read. False when there was none."""
        found = False
        while self.filed < len(self.form.stored):
            found, key = True, self.form.stored[self.filed]
            self.filed += 1
            self.results.append(web_forms.read(self.world, key))
        while self.carried < len(self.ses.sent):
            to, raw = self.ses.sent[self.carried]
            self.carried += 1
            if to.endswith(f"@{DOMAIN}"):
                found = True
                self.arrive(raw, to)
            else:
                self.strangers.append(to)
        return found

    def arrive(self, raw: bytes, to: str, key: str = "", envelope: str = INTAKE) -> Result:
        arrival = key or f"mail/c{len(self.results)}"
        inbound = reader.read(raw, Receipt(arrival, self.world.now, (to,), envelope, self.verdicts))
        result = self.world.receive(Raw(arrival, Channel.EMAIL, self.world.now, len(raw), inbound))
        self.results.append(result)
        return result

    def settle(self, most: int = 6) -> None:
        """Until nothing moves any more."""
        for _ in range(most):
            self.world.later(seconds=2)
            moved = self.carry()
            if not (self.world.pump() or moved):
                return
        raise AssertionError("it goes on and on")

    def round(self, minutes: float = 60) -> Any:
        """The next one, and what it causes."""
        self.world.later(minutes=minutes)
        sung = self.canary()
        self.settle()
        return sung
