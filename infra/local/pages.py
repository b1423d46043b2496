"""The pages of the mails that went out: plain HTML, everything escaped, no script, nothing loaded from elsewhere."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import Message
from html import escape
from typing import Any

from infra.local.outbox import SentMail
from infra.local.providers.page import table

_JAKARTA = timezone(timedelta(hours=7), "WIB")
SHOWN = ("From", "To", "Cc", "Reply-To", "Date", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted")
LIST_LENGTH = 200

_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;margin:0;color:#222;background:#f6f6f3}
header{background:#1d4d4f;color:#fff;padding:.7rem 1rem}header a{color:#fff}
main{max-width:60rem;margin:1rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;background:#fff}
th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ddd;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600;white-space:nowrap}td.at{white-space:nowrap;color:#555}
pre{background:#fff;padding:1rem;white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}
p.hint{color:#555}
"""


def mail_list(mails: list[SentMail], total: int, intake: str, chats: Sequence[Mapping[str, Any]] = ()) -> str:
    """`chats`: what went out on platforms (infra.local.providers), oldest first."""
    rows = "".join(
        f'<tr><td class="at">{_at(mail)}</td><td>{escape(", ".join(mail.destinations))}</td>'
        f'<td><a href="/mails/{mail.name}">{escape(subject_of(mail)) or "(no subject)"}</a></td></tr>'
        for mail in mails
    )
    shown = f"<p class=hint>The newest {len(mails)} of {total}.</p>" if total > len(mails) else ""
    body = (
        f"<table><thead><tr><th>Sent</th><th>To</th><th>Subject</th></tr></thead><tbody>{rows}</tbody></table>{shown}"
        if mails
        else f"<p>No mail went out yet. Write to <b>{escape(intake)}</b> by SMTP, and the answer appears here.</p>"
    )
    hint = '<p class=hint>Load the page again for newer ones. As data: <a href="/mails.json">/mails.json</a></p>'
    beside = f"<h2>On chats</h2>{table(chats)}" if chats else ""
    return _page("Mails that went out", body + hint + beside)


def one_mail(mail: SentMail) -> str:
    parsed = email.message_from_bytes(mail.raw, policy=email.policy.compat32)
    rows = "".join(
        f"<tr><th>{name}</th><td>{escape(_readable(str(parsed[name])))}</td></tr>" for name in SHOWN if parsed[name]
    )
    attachments = [part.get_filename() or part.get_content_type() for part in parsed.walk() if _is_attachment(part)]
    attached = f"<p>Attached: {escape(', '.join(attachments))}</p>" if attachments else ""
    return _page(
        subject_of(mail) or "(no subject)",
        f'<p><a href="/">All mails</a> · <a href="/mails/{mail.name}.eml">as a file (.eml)</a></p>'
        f"<table><tbody>{rows}</tbody></table>{attached}<pre>{escape(text_of(mail))}</pre>",
    )


def subject_of(mail: SentMail) -> str:
    return _readable(str(_head(mail)["Subject"] or ""))


def headers_of(mail: SentMail) -> dict[str, str]:
    head = _head(mail)
    return {name: _readable(str(head[name])) for name in SHOWN if head[name]}


def text_of(mail: SentMail) -> str:
    """The plain part; for a mail without one, a remark instead of its HTML."""
    parsed = email.message_from_bytes(mail.raw, policy=email.policy.default)
    body = parsed.get_body(("plain",)) if hasattr(parsed, "get_body") else None
    if body is None:
        return "(this mail has no plain text)"
    try:
        return str(body.get_content())
    except (LookupError, ValueError):
        return "(this text can't be decoded)"


def not_found() -> str:
    return _page("Not found", '<p>There is no such page here. <a href="/">All mails</a></p>')


def _is_attachment(part: Message) -> bool:
    return not part.is_multipart() and "attachment" in str(part.get("Content-Disposition", "")).lower()


def _head(mail: SentMail) -> Message:
    return email.message_from_bytes(mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", policy=email.policy.compat32)


def _readable(value: str) -> str:
    unfolded = " ".join(value.split())
    try:
        return str(make_header(decode_header(unfolded)))
    except (ValueError, LookupError):
        return unfolded


def _at(mail: SentMail) -> str:
    return datetime.fromtimestamp(mail.at, _JAKARTA).strftime("%Y-%m-%d %H:%M:%S %Z")


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        '<body><header><a href="/">Tanggap, mails that went out</a></header>'
        f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def style_source() -> str:
    """The content of the style element, whose digest the content security policy names."""
    return _STYLE
