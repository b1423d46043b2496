"""What people and machines do in a story. Each step reads as a line."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from tanggap.domain.words import Channel, Status
from tests.support import web_forms
from tests.support.troubles import cast
from tests.support.troubles.village import Village
from tests.support.world import COORDINATOR, LIAISON

#: How a notice fares on its way: as it should; two notices; received once more when it is done with; half an hour
#: late; never.
FATES = ("once", "two notices", "received again", "late", "lost")


class Step(Protocol):
    def do(self, village: Village) -> None: ...


def announce(village: Village, body: str, fate: str) -> None:
    if fate == "lost":
        return
    village.queue.send(body, delay=1_800 if fate == "late" else 0, again=9 if fate == "received again" else 0)
    if fate == "two notices":
        village.queue.send(body, delay=4)


def _mail(village: Village, raw: bytes, source: str, fate: str) -> None:
    village.arrived += 1
    key = f"mail/{village.arrived:03d}"
    village.arrivals.put(key, cast.stored(raw, source, village.now, f"{village.arrived:03d}"))
    announce(village, cast.received(key, source, village.now), fate)


def _body(village: Village, door: str, body: dict[str, Any], fate: str) -> None:
    raw = json.dumps(body).encode()
    key = f"webhooks/{door}/{hashlib.sha256(raw).hexdigest()}.json"
    village.arrivals.put(key, raw)
    announce(village, json.dumps({"tanggap": "arrived", "key": key}), fate)


@dataclass(frozen=True)
class Mail:
    """A report by mail. `again`: the same mail comes by a second way as well."""

    who: str
    fate: str = "once"
    again: bool = False

    def do(self, village: Village) -> None:
        text = village.says(self.who)
        raw = cast.mail(cast.address(self.who), village.now, f"m{village.said}", text)
        _mail(village, raw, cast.address(self.who), self.fate)
        if self.again:
            _mail(village, b"List-Id: <rt3.warga.example>\r\n" + raw, cast.address(self.who), "once")

    def __str__(self) -> str:
        more = " and by a second way" if self.again else ""
        return f"{self.who} writes a mail{more} (notice: {self.fate})"


@dataclass(frozen=True)
class Answer:
    """A mail in answer to our last letter to them; a report where there is none. `word`: what it says."""

    who: str
    fate: str = "once"
    word: str = "more"

    def do(self, village: Village) -> None:
        address = cast.address(self.who)
        letter = next((one for one in reversed(village.post.sent) if one.to_address == address), None)
        more: dict[str, str] = {}
        to, subject = cast.INTAKE, "Jalan rusak"
        if letter:
            to, subject = village.reply_address(letter.case), f"Re: {letter.subject}"
            more["In_Reply_To"] = more["References"] = village.id_of(letter)
        if self.word == "thanks":
            text = "Terima kasih banyak, Pak."
            village.said += 1
        elif self.word == "away":
            text = "Saya sedang cuti sampai 9 Maret dan akan membalas setelah kembali."
            more["Auto_Submitted"] = "auto-replied"
            village.said += 1
            village.by_machines.add(f"m{village.said}@warga.example")
        else:
            text = village.says(self.who)
        _mail(
            village, cast.mail(address, village.now, f"m{village.said}", text, to, subject, **more), address, self.fate
        )

    def __str__(self) -> str:
        words = {"more": "answers our letter", "thanks": "thanks", "away": "is on leave, their machine says"}
        return f"{self.who} {words[self.word]} (notice: {self.fate})"


@dataclass(frozen=True)
class Machine:
    """Mail of somebody's machine. `kind`: a letter of ours that came back, a newsletter, a robot's answer, our own."""

    kind: str
    fate: str = "once"

    def do(self, village: Village) -> None:
        village.said += 1
        number, at = f"m{village.said}", village.now
        last = village.post.sent[-1] if village.post.sent else None
        if self.kind == "returned":
            to, original = (last.to_address, village.id_of(last)) if last else ("x@warga.example", "<y@z.example>")
            village.reported.add(last.delivery if last else "")
            raw, source = cast.returned(number, at, to, original), ""
        elif self.kind == "newsletter":
            source = cast.MACHINES[1]
            more = {
                "List_Id": "<kabar.kabar.example>",
                "Precedence": "bulk",
                "List_Unsubscribe": "<mailto:x@kabar.example>",
            }
            raw = cast.mail(source, at, number, "Kabar minggu ini.", subject="Kabar", **more)
        elif self.kind == "robot":
            source = cast.MACHINES[2]
            raw = cast.mail(source, at, number, "Tiket 77 dibuat.", subject="Tiket", Auto_Submitted="auto-generated")
        else:
            source = cast.INTAKE
            raw = cast.mail(source, at, number, "Laporan Anda kami terima.", subject="Laporan")
        village.by_machines.add(f"{number}@{source.rpartition('@')[2] or 'pos.example'}")
        _mail(village, raw, source, self.fate)

    def __str__(self) -> str:
        return f"a machine's mail: {self.kind} (notice: {self.fate})"


@dataclass(frozen=True)
class Chat:
    """A message by WhatsApp or Telegram. `photo`: a picture with it. `beside`: another person's in the same body."""

    who: str
    channel: str
    fate: str = "once"
    photo: bool = False
    beside: str = ""

    def do(self, village: Village) -> None:
        text, at = village.says(self.who), village.now
        if self.channel == "telegram":
            body = cast.by_telegram(self.who, village.said, at, text, self.photo)
            _body(village, "telegram", body, self.fate)
            return
        said = [(self.who, f"A{village.said}", at, text)]
        if self.beside:
            other = village.says(self.beside)
            said.append((self.beside, f"A{village.said}", at, other))
        _body(village, "meta", cast.by_whatsapp(*said, photo=self.photo), self.fate)

    def __str__(self) -> str:
        more = (" with a photo" if self.photo else "") + (f", in one body with {self.beside}" if self.beside else "")
        return f"{self.who} writes by {self.channel}{more} (notice: {self.fate})"


@dataclass(frozen=True)
class Form:
    """A report by the web form: its number was told at once. `adds`: words added to the last one."""

    who: str
    fate: str = "once"
    adds: bool = False

    def do(self, village: Village) -> None:
        text = village.says(self.who)
        if self.adds and village.forms:
            body = web_forms.addition(village.forms[-1], village.now, f"k{village.said}", text=text)
        else:
            village.forms.append(village.ids.number())
            report = {"text": text, "email": cast.address(self.who), "name": self.who.capitalize()}
            body = web_forms.arrival(
                village.forms[-1], village.now, **(report if self.who != "rina" else {"text": text})
            )
        key = web_forms.key_of(body)
        village.arrivals.put(key, web_forms.raw(body))
        announce(village, json.dumps({"tanggap": "arrived", "key": key}), self.fate)

    def __str__(self) -> str:
        return f"{self.who} {'adds to a form' if self.adds else 'fills in the form'} (notice: {self.fate})"


@dataclass(frozen=True)
class Officer:
    """An officer's act on the case opened last but so many."""

    what: str
    back: int = 0

    def do(self, village: Village) -> None:
        numbers = list(village.created)
        if not numbers:
            return
        number = numbers[-1 - self.back % len(numbers)]
        village.act(lambda desk: _ACTS[self.what](desk, number))

    def __str__(self) -> str:
        return f"an officer: {self.what} (case {self.back} before the last)"


_ACTS: dict[str, Any] = {
    "verify": lambda desk, number: desk.verify(COORDINATOR, number, "accept", ""),
    "ask": lambda desk, number: desk.verify(COORDINATOR, number, "ask", "Di mana tepatnya?"),
    "assign": lambda desk, number: desk.assign(COORDINATOR, number, "pu", None, "Mohon ditindaklanjuti."),
    "reply": lambda desk, number: desk.reply(COORDINATOR, number, "Sedang kami periksa.", (), False),
    "answer": lambda desk, number: desk.reply(COORDINATOR, number, "Jalan sudah diperbaiki.", (), True),
    "close": lambda desk, number: desk.set_status(COORDINATOR, number, Status.CLOSED, "Selesai."),
    "note": lambda desk, number: desk.note(LIAISON, number, "Sudah ditinjau."),
}
ACTS = tuple(_ACTS)


@dataclass(frozen=True)
class Report:
    """What a mail service or a platform says of a letter of ours, the last but so many."""

    kind: str
    back: int = 0
    fate: str = "once"

    def do(self, village: Village) -> None:
        sent = village.chats[Channel.WHATSAPP].sent
        if self.kind in ("sent", "delivered", "failed"):
            if sent:
                name, _, envelope = sent[-1 - self.back % len(sent)]
                who = next(who for who, phone in cast.PHONES.items() if phone in envelope.to)
                along = f"{envelope.case}/{envelope.delivery}/1/1"
                _body(village, "meta", cast.whatsapp_status(self.kind, name, who, along, village.now), self.fate)
                village.reported.add(envelope.delivery)
            return
        if village.post.sent:
            letters = village.post.sent
            place = -1 - self.back % len(letters)
            one = letters[place]
            external = f"ses-{len(letters) + place + 1:06d}"
            told = cast.event(self.kind, external, one.to_address, one.delivery, one.case, village.now)
            announce(village, told, self.fate)
            village.reported.add(one.delivery)

    def __str__(self) -> str:
        return f"{self.kind} of our letter {self.back} before the last (notice: {self.fate})"


@dataclass(frozen=True)
class Pass:
    """Time until the next step."""

    seconds: int

    def do(self, village: Village) -> None:
        pass

    def __str__(self) -> str:
        return f"{timedelta(seconds=self.seconds)} hours pass"
