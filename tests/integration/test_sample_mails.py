"""Every mail of tests/mails through the whole of intake: an outcome with a reason, and a letter exactly where its
expectation says that it may be answered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tanggap.adapters.mail import reader
from tanggap.application.receive import Raw
from tanggap.domain.inbound import Authenticity
from tanggap.domain.triage import Desk
from tanggap.domain.words import Channel, Outcome, Reason
from tests.support.world import POLICY, World

MAILS = Path(__file__).parents[1] / "mails"
DESK = Desk("desa-contoh.example", "lapor@desa-contoh.example")
OFFICES = frozenset(POLICY["coordinator"])


def arrived(name: str) -> tuple[World, Any, dict[str, Any]]:
    world = World()
    world.receive.desk = world.receive.threads.desk = world.receive.filing.desk = DESK
    recorded = json.loads((MAILS / f"{name}.json").read_text(encoding="utf-8"))
    said = recorded.get("receipt", {})
    receipt = reader.Receipt(
        "mail/" + name,
        datetime(2026, 3, 4, 2, 10, tzinfo=UTC),
        tuple(said.get("recipients", (DESK.intake_address,))),
        said.get("source", "pengirim@warga.example"),
        Authenticity(**said.get("authenticity", {})),
    )
    inbound = reader.read((MAILS / f"{name}.eml").read_bytes(), receipt)
    inbound = replace(inbound, recipients=tuple(inbound.recipients))
    result = world.receive(Raw("mail/" + name, Channel.EMAIL, receipt.at, 1000, inbound))
    world.pump()
    return world, result, recorded


@pytest.mark.parametrize("name", sorted(path.stem for path in MAILS.glob("*.eml")))
def test_a_sample_mail_is_where_its_expectation_says(name: str) -> None:
    world, result, recorded = arrived(name)
    assert result.reason in set(Reason)
    if "outcome" in recorded:
        # A report of a letter that this world never wrote is kept for an officer.
        assert result.outcome == ("parked" if recorded["outcome"] == "status" else recorded["outcome"])
    if result.outcome is Outcome.FILED:
        (message,) = world.cases.file(result.case).messages
        assert message.text or message.files or message.marks
    else:
        assert world.cases.cases == {}
    if "answer" in recorded:
        answers = [one for one in world.post.sent if one.to_address not in OFFICES]  # who hear of what is urgent
        assert len(answers) == (1 if recorded["answer"] else 0)
