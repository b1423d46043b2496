"""A case that waits for details, and the mail that comes back."""

from __future__ import annotations

from email.message import EmailMessage

from tanggap.adapters.mail import reader
from tanggap.adapters.mail.reader import Receipt
from tanggap.application.receive import Raw
from tanggap.domain.case import Delivery, Message
from tanggap.domain.words import Channel, Purpose
from tests.support.asked_for_details import OURS, Matter
from tests.support.world import COORDINATOR, GENUINE, INTAKE, World

SITI = "siti@warga.example"


def waiting(world: World, matter: Matter) -> str:
    """Its number; the question was just sent."""
    number = world.arrive(world.mail(matter.report, subject=matter.subject)).case
    world.pump()
    world.later(hours=20)
    world.desk.verify(COORDINATOR, number, "incomplete", matter.question)
    world.pump()
    return number


def comes_back(
    world: World, number: str, subject: str, text: str, *, photo: bool = False, key: str = "r1", **wait: float
) -> Message:
    """Two minutes later, unless said. The subject as a mail program makes it of ours."""
    world.later(**(wait or {"minutes": 2}))
    question = next(one for one in world.cases.file(number).deliveries if one.purpose is Purpose.QUESTION)
    mark = "" if subject.startswith("Re:") else "Re: "
    mail = EmailMessage()
    mail["From"] = f"Siti Aminah <{SITI}>"
    mail["To"] = world.reply_address(number)
    mail["Subject"] = subject.replace(OURS, mark + question.subject)
    mail["Message-ID"] = f"<{key}@warga.example>"
    mail.set_content(text or "\n")
    if photo:
        mail.add_attachment(b"\xff\xd8\xff photo", maintype="image", subtype="jpeg", filename="foto.jpg")
    raw = mail.as_bytes()
    receipt = Receipt(f"mail/{key}", world.now, (world.reply_address(number), INTAKE), SITI, GENUINE)
    inbound = reader.read(raw, receipt)
    world.receive(Raw(f"mail/{key}", Channel.EMAIL, world.now, len(raw), inbound))
    found: Message = world.cases.file(number).messages[-1]
    return found


def letters(world: World, purpose: Purpose) -> list[Delivery]:
    return [one for one in world.deliveries() if one.purpose is purpose]
