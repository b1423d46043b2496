"""Words of the menu and receipt codes: answered, on no case, and nothing of anybody else's is told."""

from __future__ import annotations

import pytest

from tanggap.domain.talks import TALK
from tanggap.domain.words import Channel, Confidentiality, Purpose
from tests.support.talking import BUDI, Street
from tests.support.world import World


@pytest.fixture
def street() -> Street:
    return Street(World())


@pytest.fixture
def stored(world: World) -> Street:
    """In memory and on DynamoDB."""
    return Street(world)


def answers(street: Street) -> list[tuple[str, str]]:
    rows = [row for row in street.world.deliveries() if row.case.startswith(TALK)]
    return [(str(row.purpose), row.text) for row in sorted(rows, key=lambda row: row.id)]


def test_a_greeting_is_answered_with_the_menu_once_and_opens_no_case(street: Street) -> None:
    for text in ("halo", "assalamualaikum", "selamat pagi pak"):
        line = street.say(text)
        assert (line["outcome"], line["reason"], line["case"]) == ("status", "menu", "")
    ((purpose, text),) = answers(street)
    assert purpose == "menu"
    assert "lapor baru" in text
    assert street.say("Jalan di RT 3 rusak")["reason"] == "new_case"
    assert not street.texts(street.cases[0].number)[1:]


def test_status_tells_ones_own_cases_and_moves_nothing(stored: Street) -> None:
    number = stored.say("Jalan di RT 3 rusak")["case"]
    before = stored.world.cases.case(number)
    line = stored.say("status")
    assert (line["outcome"], line["reason"], line["case"]) == ("status", "menu", "")
    ((purpose, text),) = answers(stored)
    assert purpose == "status"
    assert f"{number}: " in text
    assert "RT 3" not in text
    assert stored.world.cases.case(number) == before
    (row,) = [row for row in stored.world.deliveries() if row.purpose is Purpose.STATUS]
    assert (row.channel, row.reporter, row.case) == (Channel.TELEGRAM, before.reporter, f"{TALK}{before.reporter}")
    assert stored.say("status", who=BUDI)["outcome"] == "status"
    assert number not in answers(stored)[-1][1]


def test_what_was_told_in_confidence_elsewhere_is_not_told_to_a_familys_phone(street: Street) -> None:
    from tanggap.domain import menu_answers
    from tests.support.chats import open_by

    number = open_by(street.world, Channel.TELEGRAM, confidentiality=Confidentiality.ANONYMOUS)
    case = street.world.cases.case(number)
    assert menu_answers.may_be_told(case, Channel.TELEGRAM)
    assert not menu_answers.may_be_told(case, Channel.WHATSAPP)


def test_number_and_code_open_a_strangers_case_and_a_wrong_pair_never_tells_which_half(stored: Street) -> None:
    number = stored.say("Jalan di RT 3 rusak")["case"]
    code = stored.world.tokens.receipt(number)
    stored.say(f"status {number} {code}", who=BUDI)
    assert answers(stored)[-1][1].startswith(f"{number}: ")
    assert "RT 3" not in answers(stored)[-1][1]
    stored.say(f"status {number} {'A' * 10}", who=BUDI)
    wrong_code = answers(stored)[-1]
    stored.say(f"status TGP-AAAAAAAAA {code}", who=BUDI)
    wrong_number = answers(stored)[-1]
    stored.say(f"status TGP-AAAAAAAAB {code}", who=BUDI)
    no_number = answers(stored)[-1]
    assert wrong_code == wrong_number == no_number
    assert "tidak cocok" in wrong_code[1]
    assert not any(case.number != number for case in stored.cases), "a wrong guess is no report"


def test_a_number_without_its_code_tells_a_stranger_nothing(street: Street) -> None:
    number = street.say("Jalan di RT 3 rusak")["case"]
    street.say(f"status {number}")
    assert answers(street)[-1][1].startswith(number)
    street.say(f"status {number}", who=BUDI)
    mine = answers(street)[-1]
    street.say("status TGP-AAAAAAAAA", who=BUDI)
    assert answers(street)[-1] == mine
    assert "kode" in mine[1]


def test_the_same_words_by_mail_are_answered_by_mail_and_open_no_case(stored: Street) -> None:
    world = stored.world
    number = world.new_case()
    code = world.tokens.receipt(number)
    ask = world.mail(text=f"status {number} {code}", subject="tanya", sender="budi@warga.example")
    result = world.arrive(ask)
    assert (result.outcome, result.reason, result.case) == ("status", "menu", "")
    world.pump()
    (letter,) = world.outbox("budi@warga.example")
    assert f"{number}: " in letter.text
    wrong = world.mail(text="", subject=f"Status {number} {'A' * 10}", sender="budi@warga.example")
    assert world.arrive(wrong).reason == "menu"
    world.pump()
    assert "tidak cocok" in world.outbox("budi@warga.example")[-1].text
    plain = world.mail(text=f"Bagaimana status laporan {number}?", sender="budi@warga.example")
    assert world.arrive(plain).outcome == "filed"


def test_guesses_end(stored: Street) -> None:
    from tanggap.application.tracking import CALLER_LIMIT
    from tanggap.domain import tracking

    number = stored.say("Jalan di RT 3 rusak")["case"]
    receipts = stored.world.receipts
    now = stored.world.clock()
    caller = receipts.guesses.caller("telegram:502", now)
    for _ in range(CALLER_LIMIT):
        receipts.guesses.add(f"caller#{caller}", now)
    stored.say(f"status {number} {stored.world.tokens.receipt(number)}", who=BUDI)
    assert answers(stored)[-1][1].startswith(tracking.TOO_OFTEN["id"])


def test_a_new_report_may_be_announced_before_it_is_written(street: Street) -> None:
    first = street.say("Jalan di RT 3 rusak")["case"]
    assert street.say("lapor baru")["reason"] == "menu"
    assert answers(street)[-1][0] == "ready"
    second = street.say("Sampah menumpuk di pasar")
    assert second["reason"] == "new_case"
    assert second["case"] != first
    assert street.texts(second["case"]) == ["Sampah menumpuk di pasar"]


def test_asking_for_an_officer_rings_and_is_marked(street: Street) -> None:
    number = street.say("Jalan di RT 3 rusak")["case"]
    assert street.say("petugas")["case"] == number
    assert len(street.letters("new_message")) == 1, "though the window is open"
    assert len(street.letters("called")) == 1
    assert "asks_for_officer" in street.world.cases.file(number).messages[-1].marks
    other = street.say("mau bicara dengan petugas", who=BUDI)
    assert other["reason"] == "new_case"
    assert "asks_for_officer" in street.world.cases.case(other["case"]).marks


def test_stop_is_confirmed_once_and_start_takes_it_back(street: Street) -> None:
    number = street.say("Jalan di RT 3 rusak")["case"]
    reporter = street.world.cases.case(number).reporter
    street.say("berhenti")
    street.say("stop")
    assert [purpose for purpose, _ in answers(street)] == ["stopped"]
    assert street.world.cases.talk(reporter, Channel.TELEGRAM).stopped_at
    street.say("mulai")
    assert answers(street)[-1][0] == "started"
    assert street.world.cases.talk(reporter, Channel.TELEGRAM).stopped_at is None
    street.say("mulai")
    assert answers(street)[-1][0] == "menu"


def test_a_menu_word_three_times_is_answered_once(stored: Street) -> None:
    update = stored.update(text="bantuan")
    for _ in range(3):
        stored.arrive("telegram", update)
    (line,) = stored.arrive("telegram", {**update, "update_id": 7})
    assert line["outcome"] == "duplicate"
    assert [purpose for purpose, _ in answers(stored)] == ["menu"]


def test_who_asks_too_often_is_answered_no_more(street: Street) -> None:
    for _ in range(25):
        street.say("bantuan")
    assert len(answers(street)) == 20


ASKS = (
    "saya mau tanya status {number} {code}",
    "Pak, status {number} {code}",
    "Selamat pagi\nstatus {number} {code}\nterima kasih",
    "status {bare} {code}",
    "Status  TGP- {bare}  {apart}",
)


def told(text: str, number: str, code: str) -> str:
    return text.format(number=number, bare=number[4:], code=code, apart=f"{code[:5]}-{code[5:]}")


@pytest.mark.parametrize("text", ASKS)
def test_who_asks_with_a_strangers_code_opens_no_case_by_chat_or_mail(text: str) -> None:
    street = Street(World())
    world = street.world
    number = street.say("Jalan di RT 3 rusak")["case"]
    asks = told(text, number, world.tokens.receipt(number))
    assert street.say(asks, who=BUDI)["reason"] == "menu"
    assert answers(street)[-1][1].startswith(f"{number}: ")
    result = world.arrive(world.mail(text=asks, subject="tanya", sender="budi@warga.example"))
    assert (result.reason, result.case) == ("menu", "")


def test_a_code_in_what_is_filed_is_kept_from_officers_by_every_channel(stored: Street) -> None:
    from tests.support.web_forms import addition, arrival, file

    world = stored.world
    number = stored.say("Jalan di RT 3 rusak")["case"]
    code = world.tokens.receipt(number)
    said = f"Laporan saya {number} kode {code} belum ditangani, jalan masih rusak dan warga marah"
    filed = [stored.say(said, who=BUDI)["case"]]
    filed.append(world.arrive(world.mail(text=said, subject=f"{number} {code}", sender="budi@warga.example")).case)
    other = world.ids.number()
    filed.append(file(world, arrival(other, world.now, text=said)).case)
    filed.append(file(world, addition(other, world.now, text=said)).case)
    assert all(filed)
    for one in filed:
        file_of = world.cases.file(one)
        kept = repr([world.cases.whole(message) for message in file_of.messages]) + file_of.case.subject
        assert code not in kept
        assert "[kode disamarkan]" in kept
    assert world.receipts.guesses.tries(f"number#{number}", world.clock()) == 0, "a right one is no guess"
    wrong = "A2" * 5
    case = stored.say(f"Laporan {number} kode {wrong} belum ditangani, jalan masih rusak", who=777)["case"]
    assert wrong in stored.texts(case)[0], "what opens nothing is their words"
    assert world.receipts.guesses.tries(f"number#{number}", world.clock()) == 1


def test_a_wrong_code_is_one_guess_however_often_its_message_is_decided_anew() -> None:
    from tanggap.application.pairs import Pairs
    from tanggap.application.tracking import WrongPair
    from tests.support.talking import chat

    class Counting:
        tried = 0

        def check(self, number: str, code: str, caller: str) -> None:
            self.tried += 1
            raise WrongPair

    counting, now = Counting(), World().now
    pairs = Pairs(lambda: counting)
    for text in ("satu", "satu", "satu", "dua"):
        with pytest.raises(WrongPair):
            pairs.open(chat(Channel.TELEGRAM, "5", text, now), "TGP-AAAAAAAAA", "AAAAAAAAAA")
    assert counting.tried == 2


def test_messages_of_one_second_stand_as_they_were_written(world: World) -> None:
    street = Street(world)
    bodies = [street.update(number=40 + n, text=f"Jalan rusak bagian {n}") for n in range(6)]
    for n in (0, 3, 1, 5, 2, 4):
        (line,) = street.arrive("telegram", bodies[n])
    texts = street.texts(line["case"])
    assert texts == [f"Jalan rusak bagian {n}" for n in range(6)]


def test_ids_of_one_millisecond_keep_their_order() -> None:
    from tanggap.adapters.ids import RandomIds

    ids, now = RandomIds(), World().now
    made = [ids.new(now, order) for order in range(0, 200, 7)]
    assert made == sorted(made)
    assert {len(one) for one in made} == {26}
    assert len({ids.new(now, 5) for _ in range(50)}) == 50


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.WHATSAPP, Channel.EMAIL])
def test_no_letter_to_a_person_leaves_a_placeholder(channel: Channel) -> None:
    import re

    from tanggap.domain import menu_answers
    from tanggap.domain.chat_letters import core
    from tanggap.domain.letter_facts import facts_for_reporter
    from tanggap.domain.letters_to_askers import TO_ASKERS
    from tanggap.domain.letters_to_reporters import TO_REPORTERS

    world = World()
    policy, case = world.policies.current(), world.cases.case(world.new_case())
    said = []
    for purpose in TO_ASKERS:
        facts = {"text": "x"} if purpose is Purpose.STATUS else {}
        row = menu_answers.answer(purpose, facts, "r1", channel, "", world.now, policy, world.ids)
        said.append((purpose, row.subject + row.text))
    for purpose in (*TO_REPORTERS, Purpose.CALLED):
        for step in ("", "Senin"):
            known = facts_for_reporter(case, policy, next_step=step, former=case.number)
            said.append((purpose, "".join((*policy.letter(purpose, known), core(purpose, known, policy.languages)))))
    left = {str(purpose): found for purpose, text in said if (found := re.findall(r"\$\w+", text))}
    assert not left
    assert not any("Above is how" in text for _, text in said)
