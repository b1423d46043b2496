"""The way out by Facebook Messenger, and in public below a comment on the page."""

from __future__ import annotations

import json
from typing import Any

from ...domain.inbound import File
from ...domain.words import Channel
from .files_out import As, plain_name
from .graph_out import Account
from .http import Form
from .meta_messages import MetaMessages
from .split import Limit, utf16


class MessengerChat(MetaMessages):
    channel = Channel.MESSENGER
    nodes = ("page_id",)
    limit = Limit(2000, utf16)
    public_edge = "comments"

    def attached(self, account: Account, file: File, taken: As) -> dict[str, Any]:
        kind = {"type": taken.kind, "payload": {"is_reusable": False}}
        form: Form = {
            "message": json.dumps({"attachment": kind}),
            "filedata": (plain_name(file.name), file.content, file.type),
        }
        uploaded = self._graph.upload(account, "message_attachments", form, "attachment_id")
        return {"attachment": {"type": taken.kind, "payload": {"attachment_id": uploaded}}}
