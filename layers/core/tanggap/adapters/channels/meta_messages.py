"""The way out by Messenger and by Instagram's direct messages: one Send API, with other bounds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from ...application.failures import SendError, Undeliverable, WindowClosed
from ...application.ports.outbox import ChatEnvelope
from ...domain.inbound import File
from ...domain.ways import How
from ...domain.words import Channel
from .files_out import As, fitting
from .graph_errors import PRIVATE_REPLY_USED, Meaning
from .graph_out import Account, Graph, Sections, id_in, safe_node
from .http import Http
from .parts_out import Piece, send_all
from .split import Limit, messages

#: All that is ever said in public. Never a number, a name or a word of a case.
PUBLIC_REPLY = "Terima kasih, laporan Anda kami terima. Silakan lihat pesan pribadi Anda."
#: What a refusal means that no table knows, where the way was a favour of the platform's: another may be open.
_OTHERWISE: dict[str, Meaning] = {
    How.HUMAN: (WindowClosed, "tag_refused"),
    How.PRIVATE: (WindowClosed, "private_reply_refused"),
}
#: The tag is for what a human wrote, within seven days, and an app must be allowed to use it.
_HOW: dict[str, dict[str, str]] = {How.HUMAN: {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}}
_RESPONSE = {"messaging_type": "RESPONSE"}


class MetaMessages:
    """Says what a channel has of its own; the rest is common."""

    channel: ClassVar[Channel]
    nodes: ClassVar[tuple[str, ...]]
    limit: ClassVar[Limit]
    #: Below a comment, where everybody reads it.
    public_edge: ClassVar[str]

    def __init__(self, sections: Sections, url: str, http: Http, pause: Callable[[float], None]) -> None:
        self._graph = Graph(url, http, sections)

    def send(self, envelope: ChatEnvelope, left: Callable[[str], None]) -> tuple[str, ...]:
        account = self._graph.account(self.channel, *self.nodes)
        if envelope.how != How.PRIVATE:
            return send_all(self._pieces(account, envelope), envelope.gone, left, lambda: None)
        if envelope.gone:
            return envelope.gone
        ids: tuple[str, ...] = ()
        try:
            ids = send_all((self._private(account, envelope),), (), left, lambda: None)
        except WindowClosed as refusal:  # it went when its answer was lost; as what, nobody says any more
            if not envelope.repeated or refusal.reason != PRIVATE_REPLY_USED:
                raise
        self._publicly(account, envelope.answers)
        return ids

    def attached(self, account: Account, file: File, taken: As) -> dict[str, Any]:
        raise NotImplementedError

    def public(self, sentence: str) -> dict[str, str]:
        return {"message": sentence}

    def _pieces(self, account: Account, envelope: ChatEnvelope) -> list[Piece]:
        files = fitting(self.channel, envelope.files)
        texts = messages(envelope.text, self.limit, numbered=True)
        to = {"id": envelope.to}
        contents: list[Callable[[], dict[str, Any]]] = [partial(_text, text) for text in texts]
        contents += [partial(self.attached, account, file, taken) for file, taken in files]
        return [partial(self._send, account, to, content, envelope.how) for content in contents]

    def _private(self, account: Account, envelope: ChatEnvelope) -> Piece:
        """One message in words, and no second: what it can't hold is refused before anything leaves."""
        texts = messages(envelope.text, self.limit, numbered=False)
        if len(texts) > 1:
            raise Undeliverable("too_long")
        if envelope.files or not texts:
            raise Undeliverable("file_type" if envelope.files else "empty")
        to = {"comment_id": safe_node(envelope.answers)}
        return partial(self._send, account, to, partial(_text, texts[0]), envelope.how)

    def _send(self, account: Account, to: dict[str, str], content: Callable[[], dict[str, Any]], how: str) -> str:
        said = self._graph.post(
            account,
            account.node,
            "messages",
            {"recipient": to, **_HOW.get(how, _RESPONSE), "message": content()},
            _OTHERWISE.get(how),
        )
        return id_in(said, "message_id")

    def _publicly(self, account: Account, comment: str) -> None:
        """A courtesy. The private reply has gone: whatever becomes of this, nothing is tried again."""
        try:
            self._graph.post(account, safe_node(comment), self.public_edge, self.public(PUBLIC_REPLY))
        except SendError:
            return


def _text(text: str) -> dict[str, Any]:
    return {"text": text}
