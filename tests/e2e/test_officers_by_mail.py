"""An officer who lives in a mailbox: the disposition comes by mail, the reply goes to the citizen, over real SMTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.system import System, until

pytestmark = pytest.mark.e2e

ANSWER = "Petugas kami mengganti lampu di Gang Melati hari Selasa."


def letter_of(system: System, number: str, word: str) -> dict[str, Any]:
    """The letter of the case with this word in its subject; waits for it."""

    def there() -> list[dict[str, Any]]:
        mails = system.get("/mails.json").body["mails"]
        return [mail for mail in mails if number in mail["subject"] and word in mail["subject"]]

    return dict(until(there, f"the letter {word}")[-1])


def disposed(system: System) -> tuple[str, str, dict[str, Any]]:
    """(citizen, case number, the disposition as the unit's liaison got it)."""
    citizen = system.someone()
    system.write(citizen, "Lampu jalan mati", "Lampu jalan di Gang Melati mati sejak dua minggu.\n")
    number = system.case_of(system.mail_to(citizen))
    unit = system.officer("liaison")["unit"]
    for path, asked in (("verification", {"decision": "accept", "reason": "lengkap"}), ("assignment", {"unit": unit})):
        answer = system.as_officer("coordinator", "POST", f"/v1/cases/{number}/{path}", asked)
        assert answer.status == 200, answer
    system.mail_to(citizen, after=1)  # that it was passed on: whatever comes later comes of a reply
    return citizen, number, letter_of(system, number, "Disposisi")


def reply(system: System, letter: dict[str, Any], sender: str, text: str) -> None:
    own_id = letter["headers"]["Message-ID"]
    quote = "\n".join(f"> {line}" for line in letter["text"].splitlines())
    system.write(
        sender,
        f"Re: {letter['subject']}",
        f"{text}\n\nPada Sel, 24 Nov 2026 pukul 09.00 Meja Pengaduan <lapor@desa.example> menulis:\n\n{quote}\n",
        to=letter["headers"]["Reply-To"],
        headers={"In-Reply-To": own_id, "References": own_id},
    )


def test_a_liaisons_reply_reaches_the_citizen_and_is_confirmed(system: System) -> None:
    citizen, number, letter = disposed(system)
    (liaison,) = letter["to"]
    assert "Balas surel ini untuk menjawab pelapor." in letter["text"]

    reply(system, letter, liaison, f"SELESAI\n{ANSWER}")

    told = until(lambda: [one for one in system.mails_to(citizen) if ANSWER in one["text"]], "the officer's words")[0]
    assert "Disposisi" not in told["text"]
    assert liaison not in str(told)
    assert f"| {ANSWER}" in letter_of(system, number, "diteruskan ke pelapor")["text"]
    case = system.case(number)
    assert case["status"] == "in_progress"
    assert {clock["name"]: clock["state"] for clock in case["clocks"]}["first_response"] == "met"


def test_a_forged_officer_and_a_stranger_with_the_letter_reach_nobody(system: System) -> None:
    citizen, number, letter = disposed(system)
    before = len(system.mails_to(citizen))
    stranger = system.someone(domain="spoofed.example")

    reply(system, letter, stranger, ANSWER)
    reply(system, letter, system.someone("eko", "lain.example"), f"{ANSWER} Betul.")

    until(lambda: len(system.case(number)["notes"]) == 2, "both as notes")
    letter_of(system, number, "perlu dilihat")
    assert len(system.mails_to(citizen)) == before
    assert system.mails_to(stranger) == []
    assert system.case(number)["status"] == "forwarded"


def test_an_answer_to_the_desks_own_address_is_a_note_and_its_writer_is_told(system: System) -> None:
    """As programs write it that complete an address by themselves: only the letter's id says what it answers."""
    citizen, number, letter = disposed(system)
    (liaison,) = letter["to"]
    before = len(system.mails_to(citizen))
    reply(system, {**letter, "headers": {**letter["headers"], "Reply-To": letter["headers"]["From"]}}, liaison, ANSWER)

    told = letter_of(system, number, "TIDAK diteruskan")
    assert told["to"] == [liaison]
    (note,) = system.case(number)["notes"]
    assert (note["text"].strip(), note["marks"][-1]) == (ANSWER, "office_astray")
    assert len(system.mails_to(citizen)) == before

    reply(system, told, liaison, ANSWER)
    until(lambda: [one for one in system.mails_to(citizen) if ANSWER in one["text"]], "the same by that letter")
