"""Bodies of the platforms' webhooks, built piece by piece, and what is expected of any of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tanggap.adapters.channels import meta, shape, telegram
from tanggap.adapters.channels.part import Part
from tanggap.domain.inbound import Inbound

AT = datetime(2026, 3, 3, 0, 42, 30, tzinfo=UTC)  # when it was stored
THEN = 1772498520  # 2026-03-03T00:42:00Z, as the platforms write it
EVENTS = Path(__file__).parents[2] / "events"
READERS = {"meta": meta.read, "telegram": telegram.read}
PHONE, SCOPED = "6281234500017", "ID.7301845520019"
ACCOUNT = "105550000000001"
PAGE, INSTAGRAM = "100000000000031", "17841400000000001"
METADATA = {"display_phone_number": "622250123456", "phone_number_id": ACCOUNT}


def sample(name: str) -> Any:
    return json.loads((EVENTS / name).read_text(encoding="utf-8"))


def read(body: Any, door: str = "meta", at: datetime = AT) -> tuple[Part, ...]:
    """Its parts, each of which is the same when it is read alone, and alone again."""
    reader = READERS[door]
    parts = reader(json.dumps(body).encode(), at)
    for part in parts:
        assert (part.inbound is None) != (part.dropped is None)
        assert reader(shape.packed(part.alone), at) == (part,)
    return parts


def one(body: Any, door: str = "meta", at: datetime = AT) -> Part:
    (part,) = read(body, door, at)
    return part


def said(body: Any, door: str = "meta", at: datetime = AT) -> Inbound:
    """The one person's message that it holds."""
    part = one(body, door, at)
    assert part.inbound is not None and not part.event, part
    return part.inbound


# -- WhatsApp


def whatsapp(*values: dict[str, Any], field: str = "messages") -> dict[str, Any]:
    changes = [{"field": field, "value": {"messaging_product": "whatsapp", **value}} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": "105550000000000", "changes": changes}]}


def contact(phone: str = PHONE, name: str = "Siti Aminah", scoped: str = SCOPED) -> dict[str, Any]:
    return {"profile": {"name": name}, "wa_id": phone, "user_id": scoped}


def message(type: str = "text", id: str = "wamid.A1", sender: str = PHONE, **content: Any) -> dict[str, Any]:
    content = content or {"text": {"body": "Lampu jalan mati"}}
    return {"from": sender, "id": id, "timestamp": str(THEN), "type": type, **content}


def messages(*items: Any, contacts: Iterable[Any] = ()) -> dict[str, Any]:
    contacts = list(contacts) or [contact()]
    return whatsapp({"metadata": METADATA, "contacts": contacts, "messages": list(items)})


# -- Messenger and Instagram


def talk(*items: Any, object: str = "page", account: str = PAGE, under: str = "messaging") -> dict[str, Any]:
    return {"object": object, "entry": [{"id": account, "time": THEN * 1000, under: list(items)}]}


def item(sender: str = "6400000000000041", recipient: str = PAGE, **event: Any) -> dict[str, Any]:
    return {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": THEN * 1000 + 112, **event}


def written(text: str = "Saluran air tersumbat", mid: str = "m_1", **more: Any) -> dict[str, Any]:
    return item(message={"mid": mid, "text": text, **more})


def change(field: str, value: Any, object: str = "page", account: str = PAGE) -> dict[str, Any]:
    return {"object": object, "entry": [{"id": account, "time": THEN, "changes": [{"field": field, "value": value}]}]}


# -- Telegram


def update(name: str = "message", **content: Any) -> dict[str, Any]:
    return {"update_id": 700000001, name: content}


def posted(chat: str = "private", sender: dict[str, Any] | None = None, **content: Any) -> dict[str, Any]:
    person = {"id": 5500000061, "is_bot": False, "first_name": "Dewi", "last_name": "Lestari", **(sender or {})}
    place = {"id": 5500000061 if chat == "private" else -1001234567890, "type": chat}
    return {"message_id": 41, "from": person, "chat": place, "date": THEN, **content}


# -- any of them


def expected(body: Any) -> int:
    """How many parts a Meta body has, counted by another way than they are read."""
    count = 0
    for entry in body["entry"]:
        for name in ("messaging", "standby"):
            count += sum(reports(one) for one in entry.get(name, ()))
        for one in entry.get("changes", ()):
            value = one["value"]
            lists = [value[key] for key in _ITEMS if isinstance(value.get(key), list) and value[key]]
            count += sum(len(found) for found in lists) or 1
    return count


def reports(one: Any) -> int:
    """One thing an item, but a report about several of our messages."""
    if not isinstance(one, dict) or not isinstance(one.get("delivery"), dict):
        return 1
    mids = one["delivery"].get("mids")
    return max(1, len(set(mids))) if isinstance(mids, list) else 1


_ITEMS = ("messages", "statuses", "errors", "calls", "message_echoes", "user_preferences")
