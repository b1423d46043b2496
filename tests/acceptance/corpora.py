"""Where other people's mail lies, and how one of them is read. Read in place, not kept here.

The folder is named by TANGGAP_CORPORA, else it is ../shared/corpora beside the repository."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tanggap.adapters.mail.reader import Receipt, read
from tanggap.domain.errors import Park
from tanggap.domain.inbound import Authenticity, Inbound
from tanggap.domain.words import Reason

ROOT = Path(__file__).parents[2]
CORPORA = Path(os.environ.get("TANGGAP_CORPORA", ROOT.parent / "shared" / "corpora"))
RECEIPT = Receipt(
    "mail/1",
    datetime(2026, 3, 3, 12, 42, tzinfo=UTC),
    ("lapor@desa-contoh.example",),
    "penerus@warga.example",
    Authenticity(),
)


def corpus(name: str) -> Path:
    folder = CORPORA / name
    if not folder.is_dir():
        pytest.skip(f"the corpus {name} is not on this machine; TANGGAP_CORPORA names the folder that has it")
    return folder


def understood(path: Path) -> Inbound | None:
    try:
        return read(path.read_bytes(), RECEIPT)
    except Park as parked:
        if parked.reason not in set(Reason):
            raise
        return None
