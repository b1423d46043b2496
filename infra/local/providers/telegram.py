"""Telegram's Bot API, as far as an agency's desk calls it."""

from __future__ import annotations

import hmac
import json
import math
import re
from typing import Any

from infra.local.providers.accounts import Accounts
from infra.local.providers.asked import Asked, Refused, Reply, said
from infra.local.providers.graph import METADATA
from infra.local.providers.kept import Kept, Medium
from infra.local.providers.rules import Rule

_METHOD = re.compile(r"/bot(?P<token>[^/]+)/(?P<method>[A-Za-z]+)")
_FILE = re.compile(r"/file/bot(?P<token>[^/]+)/(?P<path>.+)")
_METHODS = ("sendMessage", "sendPhoto", "sendDocument", "getFile")
_LARGEST = {"photo": 10_000_000, "document": 50_000_000}
#: What a bot may fetch.
LARGEST_FETCHED = 20_000_000


def error(code: int, text: str, retry_after: int = 0) -> Reply:
    told: dict[str, Any] = {"ok": False, "error_code": code, "description": text}
    if retry_after:
        told["parameters"] = {"retry_after": retry_after}
    return said(code, told)


class Telegram:
    """`rates`: is it held to one message a second to a chat, and thirty a second to all?"""

    def __init__(self, accounts: Accounts, kept: Kept, rates: bool = True) -> None:
        self._token, self._kept, self._rates = accounts.telegram_token, kept, rates

    def operation(self, asked: Asked) -> tuple[str, str]:
        if _FILE.fullmatch(asked.path):
            return "telegram.download", ""
        found = _METHOD.fullmatch(asked.path)
        if found is None:
            return "", ""
        method = found["method"]
        return (f"telegram.{method}" if method in _METHODS else "telegram.unknown"), str(_content(asked)["chat_id"])

    def failure(self, operation: str, rule: Rule) -> Reply | None:
        if rule.outcome == "redirect_to_metadata" and operation == "telegram.download":
            return Reply(302, b"", headers={"Location": METADATA})
        if rule.outcome == "throttled":
            seconds = max(1, int(rule.delay))
            return error(429, f"Too Many Requests: retry after {seconds}", seconds)
        if rule.outcome == "expired_url":
            if operation == "telegram.download":
                return error(404, "Not Found")
            return error(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        told = {
            "blocked": (403, "Forbidden: bot was blocked by the user"),
            "http_500": (500, "Internal Server Error"),
            "token_expired": (401, "Unauthorized"),
            "error": (rule.status, rule.text or "Bad Request"),
        }.get(rule.outcome)
        return error(*told) if told else None

    def answer(self, asked: Asked, operation: str) -> Reply:
        """Raises Refused."""
        found = _METHOD.fullmatch(asked.path) or _FILE.fullmatch(asked.path)
        if found is None or not hmac.compare_digest(found["token"].encode(), self._token.encode()):
            raise Refused(error(401, "Unauthorized"))
        if operation == "telegram.download":
            return self._download(found["path"])
        content = _content(asked)
        if operation == "telegram.getFile":
            return self._get_file(str(content.get("file_id", "")))
        if operation == "telegram.unknown":
            raise Refused(error(404, "Not Found"))
        return self._send(asked, operation.partition(".")[2], content)

    def media(self, medium: Medium) -> dict[str, Any]:
        """What a webhook says of a file."""
        return {"file_id": f"AgAC{medium.id}", "file_unique_id": f"AQAD{medium.id[:8]}"}

    def _send(self, asked: Asked, method: str, content: dict[str, Any]) -> Reply:
        chat, kind = str(content["chat_id"]), method.removeprefix("send").lower()
        if not re.fullmatch(r"-?\d{1,15}", chat):
            raise Refused(error(400, "Bad Request: chat not found"))
        more: dict[str, Any] = {"how": "message"}
        if kind == "message":
            more["text"] = str(content.get("text", ""))
            more["preview"] = not (content.get("link_preview_options") or {}).get("is_disabled")
            if not more["text"].strip():
                raise Refused(error(400, "Bad Request: message text is empty"))
            if _units(more["text"]) > 4096:
                raise Refused(error(400, "Bad Request: message is too long"))
            if content.get("parse_mode"):
                raise Refused(error(400, "Bad Request: this double takes plain text only"))
        else:
            more |= self._file(asked, kind, str(content.get("caption", "")))
        wait = self._kept.within({f"telegram {chat}": (1, 1.0), "telegram": (30, 1.0)}) if self._rates else 0.0
        if wait:
            seconds = math.ceil(wait)
            raise Refused(error(429, f"Too Many Requests: retry after {seconds}", seconds))
        number = self._kept.next_in(chat)
        reply = content.get("reply_parameters") or {}
        answers = f"{chat}:{reply['message_id']}" if reply.get("message_id") else ""
        self._kept.add("telegram", method, chat, f"{chat}:{number}", answers=answers, **more)
        date = int(self._kept.clock())
        return said(200, {"ok": True, "result": {"message_id": number, "date": date, "chat": {"id": int(chat)}}})

    def _file(self, asked: Asked, kind: str, caption: str) -> dict[str, Any]:
        file = asked.form()[1].get(kind)
        if file is None or not file.content:
            raise Refused(error(400, f"Bad Request: there is no {kind} in the request"))
        if len(file.content) > _LARGEST[kind]:
            raise Refused(error(413, "Request Entity Too Large"))
        if kind == "photo" and not file.content.startswith((b"\xff\xd8\xff", b"\x89PNG")):
            raise Refused(error(400, "Bad Request: IMAGE_PROCESS_FAILED"))
        if _units(caption) > 1024:
            raise Refused(error(400, "Bad Request: message caption is too long"))
        medium = self._kept.keep(file.name, file.type, file.content)
        facts = {"kind": kind, "name": file.name, "type": file.type, "size": len(file.content)}
        return {"text": caption, "files": [{**facts, "sha256": medium.sha256}]}

    def _get_file(self, file_id: str) -> Reply:
        medium = self._kept.medium(file_id.removeprefix("AgAC"))
        if medium is None:
            raise Refused(error(400, "Bad Request: wrong file_id or the file is temporarily unavailable"))
        if len(medium.content) > LARGEST_FETCHED:
            raise Refused(error(400, "Bad Request: file is too big"))
        told = {**self.media(medium), "file_size": len(medium.content), "file_path": f"documents/{medium.id}"}
        return said(200, {"ok": True, "result": told})

    def _download(self, path: str) -> Reply:
        medium = self._kept.medium(path.rpartition("/")[2])
        if medium is None:
            raise Refused(error(404, "Not Found"))
        return Reply(200, medium.content, "application/octet-stream")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _content(asked: Asked) -> dict[str, Any]:
    """JSON, a form's fields, or the query; `chat_id` is always there."""
    fields: dict[str, Any] = asked.json() or dict(asked.form()[0]) or dict(asked.query)
    if isinstance(fields.get("reply_parameters"), str):
        try:
            fields["reply_parameters"] = json.loads(fields["reply_parameters"])
        except ValueError:
            fields["reply_parameters"] = {}
    return {"chat_id": "", **fields}
