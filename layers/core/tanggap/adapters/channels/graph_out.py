"""What the three ways out through Meta's Graph API share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...application.failures import AnswerLost, Broken, Undeliverable, Wait
from .graph_errors import Meaning, meaning
from .http import Answer, Form, Http, as_form, as_json
from .secrets import GRAPH_VERSION

#: Section name -> what the secret holds of it; empty for a section that is not there.
Sections = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Account:
    """One of ours, for one message: `node` in the addresses, and its token."""

    node: str
    token: str
    version: str


class Graph:
    def __init__(self, url: str, http: Http, sections: Sections) -> None:
        self._url, self._http, self._sections = url.rstrip("/"), http, sections

    def account(self, section: str, *nodes: str) -> Account:
        """`nodes`: the keys under which the secret may hold the node, the best first. Raises Wait."""
        held = self._sections(section)
        node = next((str(held[key]) for key in nodes if held.get(key)), "")
        token = str(held.get("token") or "")
        if not node or not token:
            raise Wait("not_configured")
        return Account(node, token, str(self._sections("meta").get("graph_version") or GRAPH_VERSION))

    def post(
        self, account: Account, node: str, edge: str, content: Mapping[str, Any], otherwise: Meaning | None = None
    ) -> dict[str, Any]:
        """Raises what the tables say."""
        body, headers = as_json(content)
        return self._read(self._post(account, node, edge, body, headers), otherwise)

    def upload(self, account: Account, edge: str, fields: Form, key: str) -> str:
        """The id of a file that nobody sees yet. Raises what the tables say."""
        body, headers = as_form(fields)
        answer = self._post(account, account.node, edge, body, headers, harmless=True)
        try:
            found = self._read(answer, (Undeliverable, "file_refused")).get(key)
        except AnswerLost:
            raise Broken("unavailable") from None
        if not isinstance(found, str | int) or not found:
            raise Broken("unavailable")
        return str(found)

    def _post(
        self, account: Account, node: str, edge: str, body: bytes, headers: Mapping[str, str], harmless: bool = False
    ) -> Answer:
        url = f"{self._url}/{account.version}/{node}/{edge}"
        return self._http.post(url, body, {**headers, "Authorization": f"Bearer {account.token}"}, harmless=harmless)

    @staticmethod
    def _read(answer: Answer, otherwise: Meaning | None) -> dict[str, Any]:
        said = answer.json()
        if answer.status != 200 or "error" in said:
            raise meaning(answer, otherwise or (Undeliverable, "refused"))
        return said


def id_in(said: Any, *path: str | int) -> str:
    """Raises AnswerLost where the platform took a message and did not say as what."""
    for step in path:
        try:
            said = said[step]
        except (KeyError, IndexError, TypeError):
            raise AnswerLost("answer_unreadable") from None
    if not isinstance(said, str | int) or not said:
        raise AnswerLost("answer_unreadable")
    return str(said)


def safe_node(node: str) -> str:
    """An id of a platform as part of an address. Raises Undeliverable for what would lead elsewhere."""
    if not node or len(node) > 200 or not all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in node):
        raise Undeliverable("bad_id")
    return node
