"""Stock: SendEmail (v2) with raw content keeps the decoded parts and forgets the rest: headers, recipients that
stand only in the headers, configuration set, tags. Its answer carries `<id>@email.amazonses.com` where AWS
answers the bare id.

Mended: each mail is also written to the folder TANGGAP_OUTBOX as it goes over the wire (`.eml`, with SES's own
Message-ID and Date) beside its envelope (`.json`, written last: when it is there the mail is whole); the answer is
the bare id, in AWS's form; the listing at /_ministack/ses/messages shows the id of the wire and gains `Headers`,
`ConfigurationSetName`, `EmailTags`.
"""

from __future__ import annotations

import asyncio
import base64
import email
import email.policy
import json
import os
import secrets
import time
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import format_datetime, getaddresses
from pathlib import Path
from typing import Any
from uuid import uuid4

_SEND = "/v2/email/outbound-emails"


def still_needed() -> bool:
    from ministack.services import ses, ses_v2

    ses._identities["probe.example"] = ses._make_identity("probe.example", "Domain")
    raw = b"From: a@probe.example\r\nTo: b@probe.example\r\nX-Probe: 1\r\n\r\nhello\r\n"
    request = {
        "FromEmailAddress": "a@probe.example",
        "Content": {"Raw": {"Data": base64.b64encode(raw).decode()}},
        "EmailTags": [{"Name": "n", "Value": "v"}],
    }
    asyncio.run(ses_v2.handle_request("POST", _SEND, {}, json.dumps(request).encode(), {}))
    record = ses._sent_emails_list()[-1]
    return "X-Probe" not in str(record) or "EmailTags" not in record


def apply() -> None:
    import ministack.app
    from ministack.core.responses import get_region
    from ministack.services import ses, ses_v2

    outbox = Path(os.environ["TANGGAP_OUTBOX"])
    stock_handle, stock_listing = ses_v2.handle_request, ministack.app._handle_ses_messages_request

    async def handle(
        method: str, path: str, headers: Any, body: bytes, query: Any
    ) -> tuple[int, dict[str, str], bytes]:
        answer: tuple[int, dict[str, str], bytes] = await stock_handle(method, path, headers, body, query)
        if method != "POST" or path.rstrip("/") != _SEND or answer[0] != 200:
            return answer
        stock_id = json.loads(answer[2])["MessageId"]
        record = next((r for r in reversed(ses._sent_emails_list()) if r["MessageId"] == stock_id), None)
        if record is None:
            return answer
        bare, region = _new_id(), get_region()
        request = json.loads(body)
        wire = _wire(request, record, bare, region)
        record |= {
            "MessageId": f"{bare}@{region}.amazonses.com",
            "Headers": _headers(wire),
            "ConfigurationSetName": request.get("ConfigurationSetName", ""),
            "EmailTags": request.get("EmailTags", []),
        }
        if not (record["To"] or record["CC"] or record["BCC"]):
            record["To"] = _addresses(wire)
        _keep(outbox, wire, record, bare)
        return answer[0], answer[1], json.dumps({"MessageId": bare}).encode()

    async def listing(method: str, path: str, headers: Any, query: Any) -> Any:
        answer = await stock_listing(method, path, headers, query)
        if answer is None or answer[0] != 200:
            return answer
        kept = {r["MessageId"]: r for records in ses._sent_emails.all_values() for r in records}
        listed = json.loads(answer[2])
        for messages in listed["messages"].values():
            for message in messages:
                record = kept.get(message["MessageId"], {})
                message |= {k: record[k] for k in ("Headers", "ConfigurationSetName", "EmailTags") if k in record}
        return answer[0], answer[1], json.dumps(listed).encode()

    ses_v2.handle_request = handle
    ministack.app._handle_ses_messages_request = listing


def _new_id() -> str:
    """As SES makes them: milliseconds in hex, a UUID, a counter."""
    return f"{time.time_ns() // 1_000_000:016x}"[:16] + f"-{uuid4()}-{secrets.randbelow(10**6):06d}"


def _wire(request: dict[str, Any], record: dict[str, Any], bare: str, region: str) -> bytes:
    """The mail as it leaves: SES overwrites Message-ID and Date, and removes Bcc."""
    content = request.get("Content", {})
    raw = base64.b64decode(content["Raw"]["Data"]) if "Raw" in content else _simple(request, record)
    # Line by line: a parse and a write would change the bytes that the sender composed.
    head, gap, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    kept: list[bytes] = []
    dropping = False
    for line in head.split(b"\n"):
        if not line.startswith((b" ", b"\t")):
            dropping = line.partition(b":")[0].strip().lower() in {b"message-id", b"date", b"bcc"}
        if not dropping:
            kept.append(line)
    own = f"Date: {format_datetime(datetime.now(UTC))}\nMessage-ID: <{bare}@{region}.amazonses.com>".encode()
    return (b"\n".join([*kept, own]) + gap + body).replace(b"\n", b"\r\n")


def _simple(request: dict[str, Any], record: dict[str, Any]) -> bytes:
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = request.get("FromEmailAddress", "")
    for name, field in (("To", "To"), ("Cc", "CC")):
        if record[field]:
            message[name] = ", ".join(record[field])
    if request.get("ReplyToAddresses"):
        message["Reply-To"] = ", ".join(request["ReplyToAddresses"])
    message["Subject"] = record.get("RenderedSubject") or record.get("Subject") or ""
    for header in request.get("Content", {}).get("Simple", {}).get("Headers", []):
        message[header["Name"]] = header["Value"]
    message.set_content(record.get("BodyText") or "")
    if record.get("BodyHtml"):
        message.add_alternative(record["BodyHtml"], subtype="html")
    return message.as_bytes()


def _headers(wire: bytes) -> list[dict[str, str]]:
    parsed = email.message_from_bytes(wire.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", policy=email.policy.compat32)
    return [{"name": name, "value": _readable(str(value))} for name, value in parsed.items()]


def _readable(value: str) -> str:
    unfolded = " ".join(value.split())
    try:
        return str(make_header(decode_header(unfolded)))
    except (ValueError, LookupError):
        return unfolded


def _addresses(wire: bytes) -> list[str]:
    wanted = {"to", "cc"}
    return [a for _, a in getaddresses([h["value"] for h in _headers(wire) if h["name"].lower() in wanted]) if a]


def _keep(outbox: Path, wire: bytes, record: dict[str, Any], bare: str) -> None:
    name = f"{time.time_ns():020d}"
    (outbox / f"{name}.eml").write_bytes(wire)
    envelope = {
        "id": bare,
        "at": record["Timestamp"],
        "source": record["Source"],
        "destinations": [*record["To"], *record["CC"], *record["BCC"]],
        "configuration_set": record["ConfigurationSetName"],
        "tags": {tag["Name"]: tag["Value"] for tag in record["EmailTags"]},
    }
    unfinished = outbox / f"{name}.part"
    unfinished.write_text(json.dumps(envelope))
    unfinished.rename(outbox / f"{name}.json")
