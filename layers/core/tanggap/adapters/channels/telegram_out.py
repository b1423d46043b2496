"""The way out by Telegram (Bot API): plain text, no window, no fee.

A message's id holds a digest of the chat's, since Telegram counts them in each chat anew: `<chat>:<message>`."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from ...application.failures import AnswerLost, Blocked, Broken, SendError, Undeliverable, Wait
from ...application.ports.outbox import ChatEnvelope
from ...domain.inbound import File
from ...domain.words import Channel
from .files_out import As, fitting, plain_name
from .graph_out import Sections, id_in
from .http import Answer, Http, as_form, as_json, seconds_in
from .parts_out import Piece, send_all
from .split import Limit, length, messages, plain, utf16
from .telegram_kinds import chat_digest

TEXT = Limit(4096, utf16)
CAPTION_LENGTH = 1024
#: One message a second to one chat.
BETWEEN_SECONDS = 1.0
#: Asked to wait no longer than this, a message goes on in the same attempt: an officer who answers right after the
#: acknowledgement went would otherwise wait for the next sweep. Two of them stay within a sender's lease.
AT_ONCE_SECONDS = 2.0
_METHODS = {"photo": "sendPhoto", "document": "sendDocument"}

#: Telegram's error_code -> what it means.
STATUSES: dict[int, tuple[type[SendError], str]] = {
    401: (Wait, "token_expired"),
    404: (Wait, "token_expired"),  # a token that is none has no methods
    403: (Blocked, "blocked"),  # blocked, deactivated, kicked, never started
    408: (Broken, "unavailable"),
    413: (Undeliverable, "file_too_large"),
    429: (Wait, "throttled"),
    504: (AnswerLost, "answer_lost"),
}
#: Of a 400 only the description tells more; its words are Telegram's own and quote nothing.
DESCRIPTIONS: tuple[tuple[str, tuple[type[SendError], str]], ...] = (
    ("chat not found", (Blocked, "not_reachable")),
    ("user not found", (Blocked, "not_reachable")),
    ("peer_id_invalid", (Blocked, "not_reachable")),
    ("rights to send", (Blocked, "blocked")),
    ("chat_write_forbidden", (Blocked, "blocked")),
    ("file is too big", (Undeliverable, "file_too_large")),
    ("message is too long", (Undeliverable, "too_long")),
    ("caption is too long", (Undeliverable, "too_long")),
    ("photo_", (Undeliverable, "photo_refused")),
    ("image_", (Undeliverable, "photo_refused")),
    ("file", (Undeliverable, "file_refused")),
)


class TelegramChat:
    def __init__(self, sections: Sections, url: str, http: Http, pause: Callable[[float], None]) -> None:
        self._sections, self._url, self._http, self._pause = sections, url.rstrip("/"), http, pause

    def send(self, envelope: ChatEnvelope, left: Callable[[str], None]) -> tuple[str, ...]:
        if not str(self._sections(Channel.TELEGRAM).get("token") or ""):
            raise Wait("not_configured")
        pieces = self._pieces(envelope)
        return send_all(pieces, envelope.gone, left, lambda: self._pause(BETWEEN_SECONDS))

    def _pieces(self, envelope: ChatEnvelope) -> list[Piece]:
        files = fitting(Channel.TELEGRAM, envelope.files)
        caption = plain(envelope.text)
        carried = bool(files and length(caption, utf16) <= CAPTION_LENGTH)
        texts = () if carried else messages(envelope.text, TEXT, numbered=False)
        answered = _answered(envelope.answers)
        pieces: list[Piece] = [
            partial(self._text, envelope.to, text, answered if number == 0 else {}) for number, text in enumerate(texts)
        ]
        for number, (file, taken) in enumerate(files):
            more = {"caption": caption} if carried and caption and number == 0 else {}
            quoted = answered if number == 0 and not texts else {}
            pieces.append(partial(self._file, envelope.to, file, taken, more, quoted))
        return pieces

    def _text(self, chat: str, text: str, answered: dict[str, Any]) -> str:
        content = {"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": True}, **answered}
        return self._post(chat, "sendMessage", *as_json(content))

    def _file(self, chat: str, file: File, taken: As, more: dict[str, str], answered: dict[str, Any]) -> str:
        def sent(kind: str) -> str:
            fields: dict[str, str | tuple[str, bytes, str]] = {"chat_id": chat, **more}
            fields |= {name: json.dumps(value) for name, value in answered.items()}
            fields[kind] = (plain_name(file.name), file.content, file.type)
            return self._post(chat, _METHODS[kind], *as_form(fields))

        if taken.kind != "photo":
            return sent(taken.kind)
        try:
            return sent("photo")
        except Undeliverable as error:
            # Too wide, too tall, or no picture after all: as a file it goes as it is.
            if error.reason not in ("photo_refused", "file_refused", "refused"):
                raise
            return sent("document")

    def _post(self, chat: str, method: str, body: bytes, headers: dict[str, str]) -> str:
        try:
            return self._posted(chat, method, body, headers)
        except Wait as wait:
            if not 0 < wait.seconds <= AT_ONCE_SECONDS:
                raise
            self._pause(wait.seconds)
        return self._posted(chat, method, body, headers)

    def _posted(self, chat: str, method: str, body: bytes, headers: dict[str, str]) -> str:
        token = str(self._sections(Channel.TELEGRAM).get("token") or "")
        answer = self._http.post(f"{self._url}/bot{token}/{method}", body, headers)
        said = answer.json()
        if answer.status != 200 or said.get("ok") is not True:
            raise meaning(answer)
        return f"{chat_digest(chat)}:{id_in(said, 'result', 'message_id')}"


def meaning(answer: Answer) -> SendError:
    said = answer.json()
    code = said.get("error_code")
    status = code if isinstance(code, int) else answer.status
    kind, reason = STATUSES.get(status) or _of_words(status, said.get("description"))
    if issubclass(kind, Wait):
        return kind(reason, _seconds(said))
    return kind(reason)


def _of_words(status: int, description: object) -> tuple[type[SendError], str]:
    if status >= 500:
        return (Broken, "unavailable")
    if status < 400:
        return (Broken, "redirected") if status >= 300 else (AnswerLost, "answer_unreadable")
    words = str(description).lower()
    return next((meant for sign, meant in DESCRIPTIONS if sign in words), (Undeliverable, "refused"))


def _seconds(said: dict[str, Any]) -> float:
    parameters = said.get("parameters")
    return seconds_in(parameters.get("retry_after")) if isinstance(parameters, dict) else 0.0


def _answered(external_id: str) -> dict[str, Any]:
    """It goes all the same when the message that it answers is there no more."""
    message = external_id.rpartition(":")[2]
    if not (message.isascii() and message.isdigit()):
        return {}
    return {"reply_parameters": {"message_id": int(message), "allow_sending_without_reply": True}}
