"""A request and an answer, and the form that files come in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    content: bytes
    type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def said(status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps(content, ensure_ascii=False).encode(), headers=headers or {})


class Refused(Exception):
    """A platform's no."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


@dataclass(frozen=True, slots=True)
class FormFile:
    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    target: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def bearer(self) -> str:
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token if kind.lower() == "bearer" else self.query.get("access_token", "")

    def json(self) -> dict[str, Any]:
        """Empty for what is no JSON object."""
        try:
            content = json.loads(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    def form(self) -> tuple[dict[str, str], dict[str, FormFile]]:
        """Fields and files of a multipart form, both empty for what is none."""
        found = re.search(r'boundary="?([^";]+)"?', self.headers.get("content-type", ""))
        fields: dict[str, str] = {}
        files: dict[str, FormFile] = {}
        if found is None:
            return fields, files
        for part in self.body.split(b"--" + found[1].encode())[1:-1]:
            head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
            lines = head.decode("utf-8", "replace")
            name = re.search(r'[; ]name="([^"]*)"', lines)
            file_name = re.search(r'filename="([^"]*)"', lines)
            kind = re.search(r"(?i)content-type: *([^\r\n;]+)", lines)
            if name is None:
                continue
            content = content.removesuffix(b"\r\n")
            if file_name is None:
                fields[name[1]] = content.decode("utf-8", "replace")
            else:
                files[name[1]] = FormFile(file_name[1], kind[1].strip() if kind else "", content)
        return fields, files
