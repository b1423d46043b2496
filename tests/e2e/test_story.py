"""The main job from outside, by the deployed template: a mail, a case, an answer, a deadline."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from infra.local.smtp_door import LARGEST
from infra.local.verdicts import EICAR, GTUBE
from tests.e2e.system import System, until

pytestmark = pytest.mark.e2e

SUBJECT = "Lampu jalan mati"
TEXT = "Lampu jalan di Gang Melati mati sejak dua minggu.\n"


def reported(system: System, sender: str = "") -> tuple[str, str, dict]:
    """(sender, case number, acknowledgement) of a new report."""
    sender = sender or system.someone()
    system.write(sender, SUBJECT, TEXT)
    acknowledgement = system.mail_to(sender)
    return sender, system.case_of(acknowledgement), acknowledgement


def test_a_mail_becomes_an_acknowledged_case_with_its_clocks(system: System) -> None:
    sender = system.someone()
    mail = system.write(sender, SUBJECT, TEXT)

    acknowledgement = system.mail_to(sender)
    number = system.case_of(acknowledgement)
    assert acknowledgement["headers"]["In-Reply-To"] == mail["Message-ID"]
    assert acknowledgement["headers"]["Auto-Submitted"] == "auto-replied"
    assert "+" in acknowledgement["headers"]["Reply-To"].partition("@")[0]
    assert number in acknowledgement["text"]

    case = system.case(number)
    assert case["status"] == "new"
    assert case["channel"] == "email"
    assert case["messages"][0]["direction"] == "in"
    assert case["messages"][0]["text"].strip() == TEXT.strip()
    clocks = {clock["name"]: clock for clock in case["clocks"]}
    assert {"first_response", "verify", "resolve"} <= clocks.keys()
    assert clocks["resolve"]["state"] == "running"
    assert clocks["resolve"]["explanation"]
    assert len(system.mails_to(sender)) == 1


def test_a_reply_by_token_lands_on_its_case(system: System) -> None:
    sender, number, acknowledgement = reported(system)

    system.write(sender, "Tambahan", "Tiang nomor 12.\n", to=acknowledgement["headers"]["Reply-To"])

    def heard() -> list[dict]:
        return [message for message in system.case(number)["messages"] if message["direction"] == "in"]

    until(lambda: len(heard()) == 2, "the reply on its case")
    assert "Tiang nomor 12." in heard()[1]["text"]


def test_an_officers_answer_reaches_the_citizen_and_its_reply_comes_back(system: System) -> None:
    sender, number, _ = reported(system)
    unit = system.officer("liaison")["unit"]

    verified = system.as_officer(
        "coordinator", "POST", f"/v1/cases/{number}/verification", {"decision": "accept", "reason": "lengkap"}
    )
    assert verified.status == 200, verified
    assigned = system.as_officer("coordinator", "POST", f"/v1/cases/{number}/assignment", {"unit": unit})
    assert assigned.status == 200, assigned
    before = len(system.mails_to(sender))
    replied = system.as_officer(
        "liaison", "POST", f"/v1/cases/{number}/replies", {"text": "Petugas datang besok.", "final": True}
    )
    assert replied.status in (200, 201, 202), replied

    def answers() -> list[dict]:
        return [mail for mail in system.mails_to(sender)[before - 1 :] if "Petugas datang besok." in mail["text"]]

    answer = until(answers, "the answer")[0]
    assert system.case(number)["status"] == "answered"
    system.write(
        sender,
        f"Re: {answer['subject']}",
        "Terima kasih.\n",
        to=answer["headers"]["Reply-To"],
        headers={"In-Reply-To": answer["headers"]["Message-ID"], "References": answer["headers"]["Message-ID"]},
    )
    until(
        lambda: [m for m in system.case(number)["messages"] if m["direction"] == "in" and "Terima kasih" in m["text"]],
        "the citizen's reply on the case",
    )


def test_a_missed_deadline_climbs_the_ladder_once(system: System) -> None:
    _, number, _ = reported(system)
    verify = next(clock for clock in system.case(number)["clocks"] if clock["name"] == "verify")
    late = (datetime.fromisoformat(verify["due_at"]) + timedelta(minutes=1)).astimezone().isoformat()

    system.sweep(late)
    clock = next(clock for clock in system.case(number)["clocks"] if clock["name"] == "verify")
    assert clock["state"] == "missed"
    steps = [entry for entry in system.case(number)["history"] if "verify" in str(entry) and "breach" in str(entry)]
    assert len(steps) == 1

    system.sweep(late)
    again = [entry for entry in system.case(number)["history"] if "verify" in str(entry) and "breach" in str(entry)]
    assert again == steps


def test_a_bounce_comes_back_to_its_delivery(system: System) -> None:
    recorded = system.as_officer(
        "coordinator",
        "POST",
        "/v1/cases",
        {
            "channel": "phone",
            "received_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "text": TEXT,
            "reporter": {"name": "Ani", "email": f"bounce+{uuid4().hex}@simulator.amazonses.com"},
        },
    )
    assert recorded.status in (200, 201), recorded
    number = recorded.body["number"]

    def failed() -> list[dict]:
        return [m for m in system.case(number)["messages"] if (m.get("delivery") or {}).get("state") == "failed"]

    message = until(failed, "the failed delivery")[0]
    assert message["delivery"]["reason"]


@pytest.mark.parametrize(("box", "reason"), [("bounce", "bounce"), ("complaint", "complaint")])
def test_who_writes_from_the_mailbox_simulator_is_acknowledged_and_the_letters_fate_comes_back(
    system: System, box: str, reason: str
) -> None:
    sender, number, _ = reported(system, f"{box}+{uuid4().hex}@simulator.amazonses.com")

    def told() -> list[dict]:
        return [row for row in system.case(number)["deliveries"] if row["purpose"] == "undelivered"]

    until(told, "the word to the desk")
    (letter,) = [row for row in system.case(number)["deliveries"] if row["purpose"] == "acknowledgement"]
    assert letter["state"] == "failed"
    assert letter["reason"].startswith(reason)
    assert len(system.mails_to(sender)) == 1


def test_an_out_of_office_is_filed_and_not_answered(system: System) -> None:
    sender = f"ooto+{system.someone().partition('@')[0]}@simulator.amazonses.com"
    _, number, _ = reported(system, sender)

    until(lambda: [m for m in system.case(number)["messages"] if m.get("automatic")], "the automatic reply")
    assert len(system.mails_to(sender)) == 1


@pytest.mark.parametrize(("line", "reason"), [(GTUBE, "spam"), (EICAR, "virus")])
def test_what_the_scanners_refuse_is_parked_and_not_answered(system: System, line: bytes, reason: str) -> None:
    sender = system.someone()
    system.write(sender, SUBJECT, line.decode() + "\n")

    def parked() -> list[dict]:
        found = system.as_officer("auditor", "GET", "/v1/arrivals?outcome=parked")
        assert found.status == 200, found
        return [a for a in found.body["arrivals"] if any(m["reason"] == reason for m in a["messages"])]

    until(parked, f"an arrival parked as {reason}")
    assert system.mails_to(sender) == []


def test_a_forged_sender_gets_no_answer(system: System) -> None:
    forged = system.someone(domain="spoofed.example")
    system.write(forged, SUBJECT, TEXT)
    reported(system)  # came later and was answered: the first would have been, too
    assert system.mails_to(forged) == []


def test_another_domain_is_refused_at_the_door(system: System) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        system.write(system.someone(), SUBJECT, TEXT, to="lapor@lain.example")
    assert next(iter(refused.value.recipients.values()))[0] == 550


def test_a_mail_over_the_limit_is_refused_at_the_door(system: System) -> None:
    sender = system.someone()
    raw = b"From: " + sender.encode() + b"\r\nSubject: besar\r\n\r\n" + b"x" * LARGEST
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        system.send(sender, [system.ready["intake_address"]], raw)
    assert refused.value.smtp_code == 552


def test_a_mail_that_hides_its_size_is_refused_once_it_is_over_the_limit(system: System) -> None:
    smtp = system.ready["smtp"]
    with smtplib.SMTP(smtp["host"], smtp["port"], local_hostname="mail.warga.example", timeout=60) as connection:
        connection.ehlo()
        connection.mail(system.someone())
        connection.rcpt(system.ready["intake_address"])
        code, _ = connection.data(b"Subject: besar\r\n\r\n" + (b"x" * 76 + b"\r\n") * (LARGEST // 78 + 1))
    assert code == 552


def test_the_api_refuses_strangers_and_shows_its_health_to_all(system: System) -> None:
    assert system.get("/v1/cases").status == 401
    assert system.call("GET", "/v1/cases", headers={"Authorization": "forged.token.value"}).status in (401, 403)
    health = system.get("/v1/health")
    assert health.status == 200
    assert health.body["version"]


def test_no_log_line_holds_what_a_citizen_wrote_or_who_wrote_it(system: System) -> None:
    sender = system.someone("zulkarnain")
    system.write(sender, "Perihal istimewa Kuwalali", "Bapak Wiratmadja di Jalan Kenanga nomor tujuh.\n")
    system.mail_to(sender)

    planted = ("zulkarnain", "Kuwalali", "Wiratmadja", "Kenanga", "warga.example")
    leaks = [line for line in system.log_lines() if any(word.lower() in line.lower() for word in planted)]
    assert leaks == []


def test_mails_that_went_out_are_readable_and_harmless(system: System) -> None:
    _, number, acknowledgement = reported(system)
    page = system.get("/")
    assert number in page.body
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "<script" not in page.body.lower()
    listed = system.get("/mails.json").body["mails"]
    assert acknowledgement["id"] in [mail["id"] for mail in listed]


def test_a_very_long_mail_by_a_list_then_straight_is_acknowledged_and_can_be_read_anew(system: System) -> None:
    """What intake may do with a text that no row holds: the roles decide it where they are enforced."""
    sender, intake = system.someone(), system.ready["intake_address"]
    head = (
        f"From: {sender}\r\nTo: {intake}\r\nSubject: {SUBJECT}\r\nMessage-ID: <{uuid4().hex}@warga.example>\r\n"
        "Date: Mon, 23 Nov 2026 10:00:00 +0700\r\n"
    )
    text = "\r\nLampu jalan mati di RT 3.\r\n" + "Sudah dua minggu gelap dan tidak ada perbaikan.\r\n" * 3_000
    system.send("milis-bounces@milis.example", [intake], f"{head}List-Id: <warga.milis.example>\r\n{text}".encode())

    def filed() -> list[dict]:
        return list(system.as_officer("coordinator", "GET", "/v1/cases?q=" + sender).body["cases"])

    number = until(filed, "the list's copy as a case")[0]["number"]
    assert system.mails_to(sender) == []
    system.send(sender, [intake], f"{head}{text}".encode())
    assert system.case_of(system.mail_to(sender)) == number
    (message,) = [one for one in system.case(number)["messages"] if one["direction"] == "in"]
    assert (message["automatic"], len(message["text"]) > 64 * 1024) == (False, True)

    rows = system.as_officer("coordinator", "GET", "/v1/arrivals?outcome=duplicate").body["arrivals"]
    arrival = next(row["id"] for row in rows if row["messages"][0]["case"] == number)
    reading = system.as_officer("coordinator", "GET", f"/v1/arrivals/{arrival}/reading")
    assert (reading.status, reading.body["messages"][0]["differs"]) == (200, False), reading
    asked = system.as_officer("coordinator", "POST", f"/v1/arrivals/{arrival}/replay", {"apply": True})
    assert asked.status == 202, asked
    until(lambda: [line for line in system.log_lines(number) if "nothing new" in line], "it read anew")
