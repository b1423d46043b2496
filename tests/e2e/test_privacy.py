"""Promise 5 from outside: names, addresses, subjects and texts of a whole run are in no log line of any function."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.system import System, until

pytestmark = pytest.mark.e2e

NAME, SUBJECT, TEXT = "Zubaidah Kertapati", "Xqsubyek perkara", "Xqisi keluhan: nomor saya 081234598765."
PHONE, HEARD = "081298760001", "Xqlisan: atap bocor."


def test_no_log_line_of_a_whole_run_holds_what_a_person_said_or_who_they_are(system: System) -> None:
    sender = system.someone("zubaidah")
    system.write(f"{NAME} <{sender}>", SUBJECT, TEXT)
    acknowledgement = system.mail_to(sender)
    number = system.case_of(acknowledgement)
    path = f"/v1/cases/{number}"
    assert NAME in acknowledgement["text"]

    # A reply, a robot, a broken mail in no charset at all.
    reply_to = acknowledgement["headers"]["Reply-To"]
    system.write(sender, SUBJECT, TEXT + " Lagi.", to=reply_to)
    system.write(sender, SUBJECT, TEXT + " Cuti.", to=reply_to, headers={"Auto-Submitted": "auto-replied"})
    system.send(sender, [system.ready["intake_address"]], f"From: {NAME} <{sender}\n\n{TEXT}\xff".encode("latin-1"))

    # Officers: a wrong password, identity, a recorded call, an answer, refused requests that quote the text.
    wrong = system.call("POST", "/v1/session", {"email": sender, "password": TEXT})
    assert wrong.status == 401
    assert system.as_officer("custodian", "GET", f"{path}/reporter").body["name"] == NAME
    heard = {
        "channel": "phone",
        "received_at": (datetime.now(UTC) - timedelta(hours=2)).isoformat(),
        "text": HEARD,
        "reporter": {"name": NAME, "phone": PHONE},
    }
    assert system.as_officer("coordinator", "POST", "/v1/cases", heard).status == 201
    assert system.as_officer("coordinator", "GET", f"/v1/cases?q={sender}").body["cases"]
    assert system.as_officer("coordinator", "POST", f"{path}/status", {"status": TEXT, "reason": TEXT}).status == 422
    assert system.as_officer("coordinator", "POST", f"{path}/verification", {"decision": "accept"}).status == 200
    assert system.as_officer("coordinator", "POST", f"{path}/replies", {"text": TEXT, "final": True}).status == 200
    until(lambda: len(system.mails_to(sender)) >= 2, "the answer")

    until(lambda: len(system.log_lines(number)) >= 5, "the functions' log lines about the case")
    lines = system.log_lines()
    planted = (NAME, "Zubaidah", sender, sender.partition("@")[0], "Xqsub", "Xqisi", "Xqlisan", "98765", PHONE[-8:])
    found = [(word, line[:200]) for line in lines for word in planted if word in line]
    assert found == []
