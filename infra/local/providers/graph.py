"""Meta's Graph API, as far as an agency's desk calls it."""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

from infra.local.providers.accounts import Accounts
from infra.local.providers.asked import Asked, FormFile, Refused, Reply, said
from infra.local.providers.kept import Kept, Medium
from infra.local.providers.rules import Rule

DAY = 24 * 3600.0
#: How long the address of a WhatsApp medium lives.
URL_SECONDS = 300
METADATA = "http://169.254.169.254/latest/meta-data/"
_PATH = re.compile(r"/v\d+\.\d+/(?P<node>[A-Za-z0-9_-]{1,200})(?:/(?P<edge>[a-z_]+))?")
_STORE = re.compile(r"/(?P<place>whatsapp_business/attachments|_cdn)/(?P<id>\d+)")
#: By the beginning of its type, the bytes that a file may have.
_WHATSAPP_SIZES = {"image/": 5_000_000, "video/": 16_000_000, "audio/": 16_000_000, "": 100_000_000}
_META_SIZES = {"image": 8_000_000, "video": 25_000_000, "audio": 25_000_000, "file": 25_000_000}
_TYPES = re.compile(r"image/(jpeg|png|webp)|video/(mp4|3gpp)|audio/.+|text/plain|application/(pdf|msword|vnd\..+)")


def error(status: int, code: int, subcode: int = 0, text: str = "", headers: Mapping[str, str] | None = None) -> Reply:
    told: dict[str, Any] = {"message": f"(#{code}) {text}", "type": "OAuthException", "code": code}
    if subcode:
        told["error_subcode"] = subcode
    return said(status, {"error": {**told, "fbtrace_id": secrets.token_hex(6)}}, headers)


#: (channel, outcome) -> the platform's words for it. "" stands for all three.
FAILURES: dict[tuple[str, str], tuple[int, int, int, str]] = {
    ("whatsapp", "throttled"): (429, 130429, 0, "Rate limit hit"),
    ("", "throttled"): (400, 613, 0, "Calls to this api have exceeded the rate limit."),
    ("whatsapp", "window_closed"): (400, 131047, 0, "Re-engagement message"),
    ("messenger", "window_closed"): (400, 10, 2018278, "This message is sent outside of allowed window."),
    ("instagram", "window_closed"): (400, 10, 2534022, "This message is sent outside of allowed window."),
    ("whatsapp", "blocked"): (400, 131026, 0, "Message undeliverable"),
    ("", "blocked"): (400, 551, 1545041, "This person isn't available right now."),
    ("", "http_500"): (500, 2, 0, "Service temporarily unavailable"),
    ("", "token_expired"): (401, 190, 463, "Error validating access token: Session has expired"),
}


class Graph:
    def __init__(self, accounts: Accounts, kept: Kept, base: str) -> None:
        self._kept, self._base = kept, base
        self._nodes = {
            accounts.whatsapp_phone_number_id: ("whatsapp", accounts.whatsapp_token),
            accounts.messenger_page_id: ("messenger", accounts.messenger_token),
            accounts.instagram_account_id: ("instagram", accounts.instagram_token),
        }
        self._tokens = dict(self._nodes.values())

    def operation(self, asked: Asked) -> tuple[str, str]:
        """The operation and the person it is for; the first empty for an address that Graph does not have."""
        stored = _STORE.fullmatch(asked.path)
        if stored:
            return ("cdn.download" if stored["place"] == "_cdn" else "whatsapp.media_download"), ""
        found = _PATH.fullmatch(asked.path)
        if found is None:
            return "", ""
        if asked.method == "GET":
            return ("whatsapp.media_info", "") if not found["edge"] else ("", "")
        public = {"replies": "instagram.replies", "comments": "messenger.comments"}
        if found["edge"] in public:
            return public[found["edge"]], ""
        channel = self._nodes.get(found["node"], ("", ""))[0]
        return (f"{channel}.{found['edge']}" if channel else "graph.unknown"), _person(asked.json())

    def failure(self, operation: str, rule: Rule) -> Reply | None:
        channel = operation.partition(".")[0]
        if rule.outcome == "error":
            return error(rule.status, rule.code, rule.subcode, rule.text)
        if rule.outcome == "expired_url" and operation.endswith("download"):
            return Reply(404, b"URL signature expired", "text/plain")
        if rule.outcome == "redirect_to_metadata" and operation.endswith("download"):
            return Reply(302, b"", headers={"Location": METADATA})
        told = FAILURES.get((channel, rule.outcome)) or FAILURES.get(("", rule.outcome))
        after = {"Retry-After": str(int(rule.delay))} if rule.outcome == "throttled" and rule.delay else None
        return error(*told, after) if told else None

    def answer(self, asked: Asked, operation: str, rule: Rule | None) -> Reply:
        """Raises Refused."""
        if operation in ("whatsapp.media_download", "cdn.download"):
            return self._download(asked, operation)
        channel, _, edge = operation.partition(".")
        if channel == "graph":
            raise Refused(error(400, 100, 33, "Unsupported post request. Object does not exist"))
        if not hmac.compare_digest(asked.bearer, self._tokens[channel]):
            raise Refused(error(401, 190, 0, "Invalid OAuth access token - Cannot parse access token"))
        node = _PATH.fullmatch(asked.path)
        name = node["node"] if node else ""
        if edge == "media_info":
            return self._media_info(name, rule)
        if edge in ("replies", "comments"):
            return self._public(channel, edge, name, asked.json())
        if operation == "whatsapp.media":
            return self._whatsapp_media(asked)
        if edge == "message_attachments":
            return self._attachment(channel, asked)
        if operation == "whatsapp.messages":
            return self._whatsapp(asked.json())
        if edge == "messages":
            return self._message(channel, asked.json())
        raise Refused(error(400, 100, 33, "Unsupported post request"))

    def media(self, medium: Medium) -> dict[str, str]:
        """Where a webhook of Messenger or Instagram would say that a file lies."""
        return {"url": f"{self._base}/_cdn/{medium.id}"}

    # ── WhatsApp ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _whatsapp(self, content: dict[str, Any]) -> Reply:
        to, kind = _person(content), str(content.get("type", ""))
        if content.get("messaging_product") != "whatsapp" or not to or kind not in content:
            raise Refused(error(400, 100, 0, "Invalid parameter"))
        if "to" in content and not re.fullmatch(r"\+?\d{5,20}", to):
            raise Refused(error(400, 131009, 0, "Parameter value is not valid"))
        if kind != "template" and self._kept.silent_for("whatsapp", to) > DAY:
            raise Refused(error(*FAILURES["whatsapp", "window_closed"]))
        more: dict[str, Any] = {"how": "template" if kind == "template" else "message"}
        if kind == "text":
            more["text"] = str(content["text"].get("body", ""))
            more["preview"] = bool(content["text"].get("preview_url"))
            _bounded(more["text"], 4096)
        elif kind == "template":
            more |= _template(content["template"])
        else:
            more |= self._whatsapp_file(kind, content[kind])
        id = f"wamid.{secrets.token_urlsafe(24)}"
        quoted = content.get("context", {}).get("message_id", "")
        along = str(content.get("biz_opaque_callback_data", ""))
        self._kept.add("whatsapp", "messages", to, id, answers=quoted, along=along, **more)
        return said(
            200,
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": to, "wa_id": to}],
                "messages": [{"id": id, "message_status": "accepted"}],
            },
        )

    def _whatsapp_file(self, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
        medium = self._kept.medium(str(content.get("id", "")))
        if medium is None:
            raise Refused(error(400, 131009, 0, "Parameter value is not valid"))
        caption = str(content.get("caption", ""))
        if len(caption) > 1024 or (caption and kind not in ("image", "video", "document")):
            raise Refused(error(400, 100, 0, "Param caption is too long or not allowed"))
        return {"text": caption, "files": [_file(medium, kind)]}

    def _whatsapp_media(self, asked: Asked) -> Reply:
        fields, files = asked.form()
        file = files.get("file")
        if file is None or fields.get("messaging_product") != "whatsapp" or not _TYPES.fullmatch(file.type):
            raise Refused(error(400, 100, 0, "Param file must be a file with one of the following types: ..."))
        most = next(size for start, size in _WHATSAPP_SIZES.items() if file.type.startswith(start))
        if len(file.content) > most:
            raise Refused(error(400, 131053, 0, "Media upload error"))
        return said(200, {"id": self._kept.keep(file.name, file.type, file.content).id})

    def _media_info(self, node: str, rule: Rule | None) -> Reply:
        medium = self._kept.medium(node)
        if medium is None:
            raise Refused(error(400, 100, 33, "Unsupported get request. Object does not exist"))
        digest, ends = medium.sha256, int(self._kept.clock()) + URL_SECONDS
        if rule is not None and rule.outcome == "wrong_hash":
            digest = "0" * 64
        url = f"{self._base}/whatsapp_business/attachments/{medium.id}?ext={ends}"
        if rule is not None and rule.outcome == "redirect_to_metadata":
            url = METADATA
        told = {"url": url, "mime_type": medium.type, "sha256": digest, "file_size": len(medium.content)}
        return said(200, {**told, "id": medium.id, "messaging_product": "whatsapp"})

    def _download(self, asked: Asked, operation: str) -> Reply:
        found = _STORE.fullmatch(asked.path)
        medium = self._kept.medium(found["id"]) if found else None
        if operation == "whatsapp.media_download":
            if not hmac.compare_digest(asked.bearer, self._tokens["whatsapp"]):
                raise Refused(Reply(401, b"", "text/plain"))
            ends = asked.query.get("ext", "0")
            if not ends.isdigit() or int(ends) < self._kept.clock():
                raise Refused(Reply(404, b"URL signature expired", "text/plain"))
        if medium is None:
            raise Refused(Reply(404, b"", "text/plain"))
        return Reply(200, medium.content, medium.type)

    # ── Messenger and Instagram ───────────────────────────────────────────────────────────────────────────────────

    def _message(self, channel: str, content: dict[str, Any]) -> Reply:
        recipient, message = content.get("recipient", {}), content.get("message", {})
        comment, person = str(recipient.get("comment_id", "")), str(recipient.get("id", ""))
        human = content.get("messaging_type") == "MESSAGE_TAG" and content.get("tag") == "HUMAN_AGENT"
        if not (comment or person) or not isinstance(message, dict):
            raise Refused(error(400, 100, 0, "Invalid parameter"))
        if not human and content.get("messaging_type") != "RESPONSE":
            raise Refused(error(400, 100, 0, "Invalid messaging type"))
        more: dict[str, Any] = {"how": "private" if comment else "human" if human else "message"}
        if "text" in message:
            more["text"] = str(message["text"])
            if channel == "instagram" and len(more["text"].encode("utf-8", "replace")) > 1000:
                raise Refused(error(400, 100, 2534038, "Length of param message[text] must be less than 1000"))
            _bounded(more["text"], 2000)
        else:
            more["files"] = [self._attached(channel, message.get("attachment", {}))]
        if comment:
            self._private(channel, comment, "text" in message)
        elif self._kept.silent_for(channel, person) > (7 * DAY if human else DAY):
            raise Refused(error(*FAILURES[channel, "window_closed"]))
        to = person or f"commenter-{comment}"
        id = ("aWdf" if channel == "instagram" else "m_") + secrets.token_urlsafe(24)
        self._kept.add(channel, "messages", to, id, answers=comment, **more)
        return said(200, {"recipient_id": to, "message_id": id})

    def _private(self, channel: str, comment: str, words: bool) -> None:
        late = self._kept.age_of(channel, comment) > 7 * DAY
        if channel == "instagram":
            if late or not words or not self._kept.answer(channel, comment):
                raise Refused(error(400, 100, 2534025, "The comment is invalid for a private reply"))
        elif late:
            raise Refused(error(400, 10903, 0, "This user can't reply to this activity"))
        elif not self._kept.answer(channel, comment):
            raise Refused(error(400, 10900, 0, "Activity already replied to"))

    def _attachment(self, channel: str, asked: Asked) -> Reply:
        fields, files = asked.form()
        file = files.get("filedata")
        try:
            kind = json.loads(fields["message"])["attachment"]["type"]
        except (KeyError, TypeError, ValueError):
            kind = ""
        if file is None or kind not in _META_SIZES:
            raise Refused(error(400, 100, 0, "An incorrect number of files uploaded. Must upload exactly one file."))
        if channel == "instagram":
            self._instagram_file(fields, kind, file)
        if len(file.content) > _META_SIZES[kind]:
            raise Refused(error(400, 100, 2018109, "Attachment size exceeds allowable limit"))
        return said(200, {"attachment_id": self._kept.keep(file.name, file.type, file.content).id})

    @staticmethod
    def _instagram_file(fields: Mapping[str, str], kind: str, file: FormFile) -> None:
        of_page = fields.get("platform") != "instagram"
        if of_page or not file.name.isascii() or (kind == "file" and file.type != "application/pdf"):
            raise Refused(error(400, 100, 2018047, "Upload attachment failure."))

    def _attached(self, channel: str, attachment: Mapping[str, Any]) -> dict[str, Any]:
        key = "id" if channel == "instagram" else "attachment_id"
        medium = self._kept.medium(str(attachment.get("payload", {}).get(key, "")))
        if medium is None:
            raise Refused(error(400, 100, 2018047, "Upload attachment failure."))
        return _file(medium, str(attachment.get("type", "")))

    def _public(self, channel: str, edge: str, comment: str, content: dict[str, Any]) -> Reply:
        text = str(content.get("message", ""))
        if not text:
            raise Refused(error(400, 100, 0, "Invalid parameter"))
        id = f"{comment}_{secrets.randbelow(10**12)}"
        self._kept.add(channel, edge, f"commenter-{comment}", id, how="public", text=text, answers=comment)
        return said(200, {"id": id})


def _person(content: Mapping[str, Any]) -> str:
    recipient = content.get("recipient", "")
    if isinstance(recipient, dict):
        return str(recipient.get("id", ""))
    return str(content.get("to") or recipient)


def _bounded(text: str, most: int) -> None:
    if not 0 < len(text) <= most:
        raise Refused(error(400, 100, 0, f"Param text must be 1 to {most} characters long"))


def _template(content: Mapping[str, Any]) -> dict[str, Any]:
    name, language = str(content.get("name", "")), str(content.get("language", {}).get("code", ""))
    if not re.fullmatch(r"[a-z0-9_]{1,512}", name) or not language:
        raise Refused(error(404, 132001, 0, "Template name does not exist in the translation"))
    bodies = [one for one in content.get("components", []) if one.get("type") == "body"]
    parameters = [str(one.get("text", "")) for body in bodies for one in body.get("parameters", [])]
    if any(not one or re.search(r"[\n\t]| {5}", one) or len(one) > 1024 for one in parameters):
        raise Refused(error(400, 132018, 0, "Param text cannot have new-line/tab characters or more than 4 spaces"))
    return {"template": name, "language": language, "parameters": parameters}


def _file(medium: Medium, kind: str) -> dict[str, Any]:
    facts = {"kind": kind, "name": medium.name, "type": medium.type, "size": len(medium.content)}
    return {**facts, "sha256": medium.sha256}
