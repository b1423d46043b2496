"""Each mail of tests/mails has its expected outcome beside it: what is named there must hold, the rest is free."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tanggap.adapters.mail.reader import Receipt, read
from tanggap.domain.authenticity import label
from tanggap.domain.inbound import Authenticity
from tanggap.domain.thanks import only_thanks
from tanggap.domain.triage import Desk, classify, tokens_in

MAILS = Path(__file__).parents[1] / "mails"
DESK = Desk("desa-contoh.example", "lapor@desa-contoh.example")
AT = datetime(2026, 3, 4, 2, 10, tzinfo=UTC)


def observed(name: str, said: dict[str, Any]) -> dict[str, Any]:
    receipt = Receipt(
        "mail/" + name,
        AT,
        tuple(said.get("recipients", ("lapor@desa-contoh.example",))),
        said.get("source", "pengirim@warga.example"),
        Authenticity(**said.get("authenticity", {})),
    )
    inbound = read((MAILS / f"{name}.eml").read_bytes(), receipt)
    verdict = classify(inbound, DESK)
    return {
        "sender": inbound.sender.address,
        "sender_name": inbound.sender.name,
        "subject": inbound.subject,
        "text": inbound.text,
        "automatic": inbound.automatic,
        "doubts": list(inbound.doubts),
        "references": list(inbound.references),
        "tokens": list(tokens_in(inbound.recipients, DESK)),
        "recipients": list(inbound.recipients),
        "files": [[file.name, file.type] for file in inbound.files],
        "failures": [[f.recipient, f.original_id, f.permanent, f.status, f.kind] for f in inbound.failures],
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "question": verdict.question,
        "answer": verdict.answer,
        "authenticity": label(inbound.authenticity, inbound.sender, known=False).word,
        "only_thanks": only_thanks(inbound.text, (inbound.sender.name,)),
    }


@pytest.mark.parametrize("name", sorted(path.stem for path in MAILS.glob("*.eml")))
def test_a_mail_is_understood_as_recorded_beside_it(name: str) -> None:
    recorded = json.loads((MAILS / f"{name}.json").read_text(encoding="utf-8"))
    found = observed(name, recorded.pop("receipt", {}))
    for piece in recorded.pop("text_contains", ()):
        assert piece in found["text"]
    for piece in recorded.pop("text_lacks", ()):
        assert piece not in found["text"]
    for doubt in recorded.pop("doubts_include", ()):
        assert doubt in found["doubts"]
    for kind in recorded.pop("file_types", ()):
        assert kind in [of_file for _, of_file in found["files"]]
    assert {key: found[key] for key in recorded} == recorded


def test_every_mail_has_its_expectation_and_the_other_way_round() -> None:
    assert {path.stem for path in MAILS.glob("*.eml")} == {path.stem for path in MAILS.glob("*.json")}
