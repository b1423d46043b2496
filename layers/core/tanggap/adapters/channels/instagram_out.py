"""The way out by Instagram's direct messages, and in public below a comment.

The token is that of the page that the account is linked to (Facebook login); where the secret names `page_id` beside
`account_id`, messages and uploads go through that node, as Meta's pages show it. Files are uploaded to Meta first and
sent by their id, so that nothing of ours has to lie at a public address."""

from __future__ import annotations

import json
from typing import Any

from ...domain.inbound import File
from ...domain.words import Channel
from .files_out import As, plain_name
from .graph_out import Account
from .http import Form
from .meta_messages import MetaMessages
from .split import Limit, utf8


class InstagramChat(MetaMessages):
    channel = Channel.INSTAGRAM
    nodes = ("page_id", "account_id")
    #: Bytes of UTF-8, not characters.
    limit = Limit(1000, utf8)
    public_edge = "replies"

    def attached(self, account: Account, file: File, taken: As) -> dict[str, Any]:
        kind = {"type": taken.kind, "payload": {"is_reusable": "false"}}
        form: Form = {
            "platform": "instagram",
            "message": json.dumps({"attachment": kind}),
            "filedata": (plain_name(file.name, ascii_only=True), file.content, file.type),
        }
        uploaded = self._graph.upload(account, "message_attachments", form, "attachment_id")
        return {"attachment": {"type": "MEDIA_SHARE", "payload": {"id": uploaded}}}
