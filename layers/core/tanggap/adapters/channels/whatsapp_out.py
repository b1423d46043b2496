"""The way out by WhatsApp (Cloud API)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from ...application.failures import Undeliverable
from ...application.ports.outbox import ChatEnvelope
from ...domain.inbound import File
from ...domain.ways import How
from ...domain.words import Channel
from .files_out import As, fitting, plain_name
from .graph_out import Account, Graph, Sections, id_in
from .http import Form, Http
from .parts_out import Piece, send_all
from .split import Limit, length, messages, plain, utf16
from .whatsapp_status import sent_along

TEXT = Limit(4096, utf16)
CAPTION_LENGTH = 1024
#: Kinds of media that carry words.
CAPTIONED = frozenset({"image", "video", "document"})
#: Of one parameter. Meta allows 1,024 for the whole body of a template that has other parts beside it.
PARAMETER_LENGTH = 600
LANGUAGE = "id"
#: A person without a number that we may see: country, point, up to 128 characters. In `to` such an id is taken for a
#: number and the message vanishes without an error (chatwoot/chatwoot#15150); it belongs in `recipient`.
SCOPED = re.compile(r"([A-Za-z]{2})\.((?:ENT\.)?[0-9A-Za-z]{1,128})")


class WhatsAppChat:
    """`template` of an envelope: its name, or `name:language`."""

    def __init__(self, sections: Sections, url: str, http: Http, pause: Callable[[float], None]) -> None:
        self._graph = Graph(url, http, sections)

    def send(self, envelope: ChatEnvelope, left: Callable[[str], None]) -> tuple[str, ...]:
        account = self._graph.account(Channel.WHATSAPP, "phone_number_id")
        head = {"messaging_product": "whatsapp", "recipient_type": "individual", **addressed(envelope.to)}
        pieces = self._template(account, head, envelope) if envelope.how == How.TEMPLATE else None
        return send_all(pieces or self._pieces(account, head, envelope), envelope.gone, left, lambda: None)

    def _template(self, account: Account, head: dict[str, Any], envelope: ChatEnvelope) -> list[Piece]:
        name, _, language = envelope.template.partition(":")
        if not name:
            raise Undeliverable("template_missing")
        parameters = [{"type": "text", "text": parameter(each)} for each in envelope.parameters]
        template = {
            "name": name,
            "language": {"code": language or LANGUAGE},
            "components": [{"type": "body", "parameters": parameters}] if parameters else [],
        }
        content = {**head, "type": "template", "template": template, **_along(envelope, 1, 1)}
        return [partial(self._send, account, content, "")]

    def _pieces(self, account: Account, head: dict[str, Any], envelope: ChatEnvelope) -> list[Piece]:
        files = fitting(Channel.WHATSAPP, envelope.files)
        # A message costs money since October 2026: words that fit go with the first file.
        caption = plain(envelope.text)
        carried = bool(files and files[0][1].kind in CAPTIONED and length(caption, utf16) <= CAPTION_LENGTH)
        texts = () if carried else messages(envelope.text, TEXT, numbered=True)
        contents: list[Callable[[], dict[str, Any]]] = [partial(_text, text) for text in texts]
        contents += [
            partial(self._file, account, file, taken, caption if carried and number == 0 else "")
            for number, (file, taken) in enumerate(files)
        ]
        answers = [envelope.answers, *[""] * len(contents)]
        return [
            partial(self._made, account, {**head, **_along(envelope, number, len(contents))}, content, answered)
            for number, (content, answered) in enumerate(zip(contents, answers, strict=False), 1)
        ]

    def _made(self, account: Account, head: dict[str, Any], content: Callable[[], dict[str, Any]], answers: str) -> str:
        return self._send(account, {**head, **content()}, answers)

    def _send(self, account: Account, content: dict[str, Any], answers: str) -> str:
        quoted = {"context": {"message_id": answers}} if answers else {}
        try:
            said = self._graph.post(account, account.node, "messages", {**content, **quoted})
        except Undeliverable as error:
            # The message that is quoted may be gone; nothing went, so the words may go without it.
            if not quoted or error.reason != "refused":
                raise
            said = self._graph.post(account, account.node, "messages", content)
        return id_in(said, "messages", 0, "id")

    def _file(self, account: Account, file: File, taken: As, caption: str) -> dict[str, Any]:
        name = plain_name(file.name)
        form: Form = {"messaging_product": "whatsapp", "type": file.type, "file": (name, file.content, file.type)}
        media: dict[str, str] = {"id": self._graph.upload(account, "media", form, "id")}
        if taken.kind == "document":
            media["filename"] = name
        if caption:
            media["caption"] = caption
        return {"type": taken.kind, taken.kind: media}


def addressed(to: str) -> dict[str, str]:
    scoped = SCOPED.fullmatch(to)
    return {"recipient": f"{scoped[1].upper()}.{scoped[2]}"} if scoped else {"to": to}


def parameter(text: str) -> str:
    """Meta refuses a line break, a tab, more than four spaces in a row, and nothing at all."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    short = plain if len(plain) <= PARAMETER_LENGTH else plain[: PARAMETER_LENGTH - 1].rstrip() + "…"
    return short or "-"


def _along(envelope: ChatEnvelope, part: int, of: int) -> dict[str, str]:
    return {"biz_opaque_callback_data": sent_along(envelope.case, envelope.delivery, part, of)}


def _text(body: str) -> dict[str, Any]:
    return {"type": "text", "text": {"preview_url": False, "body": body}}
