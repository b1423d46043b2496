"""A chat becomes a case: fragments are one report, acknowledged once, and what comes while it is open joins it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tanggap.adapters.channels.telegram_kinds import chat_digest
from tanggap.domain.words import Channel, Kind, Priority, Status
from tests.support.talking import BUDI, Street
from tests.support.world import COORDINATOR, World


def test_a_first_message_is_a_case_with_its_reporter_in_the_vault_and_an_acknowledgement_on_the_channel(
    street: Street,
) -> None:
    line = street.say("Jalan di RT 3 rusak parah sejak Senin.")
    assert (line["outcome"], line["reason"]) == ("filed", "new_case")
    case = street.world.cases.case(line["case"])
    assert (case.channel, case.kind, case.status) == (Channel.TELEGRAM, Kind.COMPLAINT, Status.NEW)
    assert case.subject == "Jalan di RT 3 rusak parah sejak Senin."
    assert street.world.vault.open(case.reporter).on(Channel.TELEGRAM) == "telegram:501"
    (letter,) = street.letters("acknowledgement")
    assert (letter.channel, letter.reporter, letter.case) == (Channel.TELEGRAM, case.reporter, case.number)
    assert case.number in letter.text
    talk = street.world.cases.talk(case.reporter, Channel.TELEGRAM)
    assert (talk.case, talk.last_in, talk.version) == (case.number, street.world.now, 1)


def test_fragments_join_are_acknowledged_once_and_ring_once(street: Street) -> None:
    first = street.say("Pak, mau tanya")
    street.world.later(minutes=2)
    second = street.say("jalan di depan SD 2 berlubang, anak saya jatuh")
    third = street.say("tadi pagi jam 7")
    assert {first["case"], second["case"], third["case"]} == {first["case"]}
    assert street.texts(first["case"])[-1] == "tadi pagi jam 7"
    assert len(street.letters("acknowledgement")) == 1
    assert not street.letters("new_message")
    case = street.world.cases.case(first["case"])
    assert case.subject.startswith("jalan di depan SD 2")


def test_what_comes_after_the_window_rings_once_for_each_window(street: Street) -> None:
    number = street.say("Lampu jalan di RT 3 mati")["case"]
    street.world.later(hours=2)
    for text in ("Masih mati pak", "sampai sekarang gelap", "tolong ya"):
        assert street.say(text)["case"] == number
        street.world.later(minutes=1)
    assert len(street.letters("new_message")) == 1
    street.world.later(minutes=20)
    street.say("Sudah tiga hari gelap")
    assert len(street.letters("new_message")) == 2


def test_an_answer_to_an_officers_question_rings_within_the_window(street: Street) -> None:
    number = street.say("Lampu jalan mati")["case"]
    street.world.later(minutes=1)
    street.world.desk.verify(COORDINATOR, number, "incomplete", "Di jalan apa?")
    street.world.later(minutes=1)
    street.say("Jalan Kenanga")
    assert len(street.letters("new_message")) == 1
    assert street.world.cases.case(number).status is Status.NEW


def test_the_words_of_all_fragments_decide_and_an_officers_decision_stands(street: Street) -> None:
    number = street.say("Pak tolong")["case"]
    street.say("ada kebakaran rumah di RT 3, api besar sekali, cepat ke sini")
    case = street.world.cases.case(number)
    assert case.priority == Priority.URGENT
    assert len(street.letters("new_case")) == 1, "danger that shows in the second fragment rings at once"
    other = street.say("Jalan Mawar rusak parah", who=BUDI)["case"]
    from tanggap.domain.officers import Correction

    street.world.desk.correct(COORDINATOR, other, Correction(priority=Priority.LOW))
    street.say("ada kebakaran di rumah sebelah", who=BUDI)
    assert street.world.cases.case(other).priority == Priority.LOW


def test_an_answered_case_is_reopened_by_what_its_reporter_writes_and_not_by_thanks(street: Street) -> None:
    number = street.say("Jalan di RT 3 rusak")["case"]
    desk = street.world.desk
    desk.verify(COORDINATOR, number, "accept", "")
    desk.assign(COORDINATOR, number, "pu", None, "")
    desk.reply(COORDINATOR, number, "Sudah diperbaiki.", (), True)
    street.world.later(hours=1)
    assert street.say("Terima kasih pak")["case"] == number
    assert street.world.cases.case(number).status is Status.ANSWERED
    assert street.say("Ternyata masih berlubang di ujung")["case"] == number
    assert street.world.cases.case(number).status is Status.IN_PROGRESS


def test_after_the_end_another_matter_is_another_case_and_thanks_are_none(street: Street) -> None:
    number = street.say("Jalan di RT 3 rusak")["case"]
    desk = street.world.desk
    desk.verify(COORDINATOR, number, "reject", "Bukan jalan desa.")
    street.world.later(hours=1)
    assert street.say("Terima kasih pak")["case"] == number
    assert street.world.cases.case(number).status is Status.REJECTED
    other = street.say("Sampah di pasar menumpuk seminggu")
    assert other["reason"] == "new_case"
    assert other["case"] != number
    assert street.say("baunya sampai ke rumah")["case"] == other["case"]


def test_a_reply_to_an_older_message_goes_where_that_stands(street: Street) -> None:
    first = street.say("Jalan di RT 3 rusak")["case"]
    second = street.say("lapor baru: sampah menumpuk di pasar")["case"]
    assert first != second
    assert street.say("baunya menyengat")["case"] == second
    assert street.say("lubangnya makin dalam", reply_to=1)["case"] == first
    assert street.say("sudah seminggu")["case"] == second, "a reply does not move the talk"


def test_a_reply_to_our_own_letter_goes_to_its_case(street: Street) -> None:
    first = street.say("Jalan di RT 3 rusak")["case"]
    (letter,) = street.letters("acknowledgement")
    from dataclasses import replace

    from tanggap.domain.words import DeliveryState

    held = street.world.cases.claim(letter, street.world.now, street.world.later(minutes=2))
    street.world.cases.finish(
        replace(
            held,
            state=DeliveryState.SENT,
            external_id=f"{chat_digest('501')}:77",
            sent_at=street.world.now,
            due_at=None,
        )
    )
    street.say("lapor baru: sampah menumpuk di pasar")
    assert street.say("lubangnya makin dalam", reply_to=77)["case"] == first
    assert street.say("yang ini bagaimana?", who=BUDI, reply_to=77)["case"] != first


def test_each_body_three_times_is_one_message(street: Street) -> None:
    update = street.update(text="Jalan rusak di RT 3")
    lines = [street.arrive("telegram", update)[0] for _ in range(3)]
    assert {line["case"] for line in lines} == {lines[0]["case"]}
    assert {line["outcome"] for line in lines} == {"filed"}
    again = {**update, "update_id": 9}  # another body, the same message
    (line,) = street.arrive("telegram", again)
    assert (line["outcome"], line["case"]) == ("duplicate", lines[0]["case"])
    assert len(street.texts(lines[0]["case"])) == 1
    assert len(street.letters("acknowledgement")) == 1


def test_two_people_are_two_cases(street: Street) -> None:
    one, other = street.say("Jalan rusak di RT 3"), street.say("Lampu mati di RT 4", who=BUDI)
    assert one["case"] != other["case"]


def test_a_place_and_a_picture_belong_to_the_report(street: Street) -> None:
    number = street.say("Jalan rusak parah di sini")["case"]
    (line,) = street.arrive("telegram", street.update(location={"latitude": -6.9, "longitude": 107.6}))
    assert line["case"] == number
    photo = [{"file_id": "A", "file_unique_id": "a", "width": 90, "height": 90, "file_size": 1000}]
    (line,) = street.arrive("telegram", street.update(photo=photo))
    assert line["case"] == number
    case = street.world.cases.case(number)
    assert (case.place.latitude, case.place.longitude) == (-6.9, 107.6)
    assert street.world.cases.file(number).messages[-1].media[0].kind == "image"
    assert len(street.media) == 1


# -- the wish for a new report counts from when it was written


def test_a_reply_to_an_old_message_leaves_the_wish_for_a_new_report_standing(street: Street) -> None:
    first = street.say("Jalan di RT 3 rusak")["case"]
    street.world.later(minutes=30)
    street.say("lapor baru")
    street.world.later(minutes=1)
    assert street.say("lubangnya sudah ditutup pak?", reply_to=1)["case"] == first
    second = street.say("Lampu jalan mati di RW 5")
    assert (second["reason"], second["case"] == first) == ("new_case", False)
    street.world.later(minutes=1)
    assert street.say("sudah seminggu gelap")["case"] == second["case"]
    assert street.say("lubangnya makin dalam", reply_to=1)["case"] == first
    assert street.say("gelap sekali")["case"] == second["case"]


@pytest.mark.parametrize("wish", ["lapor baru", "lapor baru: lampu jalan mati di RW 5"])
def test_what_was_written_before_the_wish_and_is_read_after_it_stays_with_the_first(street: Street, wish: str) -> None:
    first = street.say("Jalan di RT 3 rusak")["case"]
    written = street.world.now
    street.world.later(minutes=1)
    street.say(wish)
    early = [street.update(text=text, at=written) for text in ("dekat masjid", "sudah sebulan")]
    (line,) = street.arrive("telegram", early[0])
    assert line["case"] == first
    second = street.say("gelap sekali kalau malam")["case"]
    assert second != first
    (line,) = street.arrive("telegram", early[1])
    assert line["case"] == first
    assert street.say("anak-anak takut")["case"] == second
    assert len(street.cases) == 2


@pytest.mark.parametrize("wish", ["lapor baru", "lapor baru: lampu jalan mati di RW 5"])
def test_a_wish_that_is_read_after_the_report_that_followed_it_opens_no_other(street: Street, wish: str) -> None:
    asked = street.update(text=wish)
    before = street.world.now - timedelta(minutes=1)
    street.world.later(minutes=1)
    second = street.say("gelap sekali kalau malam di RW 5")["case"]
    (line,) = street.arrive("telegram", asked)
    assert line["case"] in ("", second)
    assert street.say("anak-anak takut")["case"] == second
    (line,) = street.arrive("telegram", street.update(text="Jalan di RT 3 rusak", at=before))
    first = line["case"]
    assert first not in ("", second)
    (line,) = street.arrive("telegram", street.update(text="dekat masjid", at=before))
    assert line["case"] == first
    assert street.say("tolong lampunya")["case"] == second


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("apart", [0, 1])
def test_each_new_report_with_its_wish_is_a_case_in_any_order(
    street: Street, order: tuple[int, int], apart: int
) -> None:
    first = street.say("Jalan di RT 3 rusak")["case"]
    bodies = []
    for text in ("lapor baru: lampu mati di RW 5", "lapor baru: sampah menumpuk di pasar"):
        street.world.later(minutes=apart)
        bodies.append(street.update(text=text))
    numbers = {street.arrive("telegram", bodies[nth])[0]["case"] for nth in order}
    assert len(numbers | {first}) == 3


def test_a_talk_that_was_kept_before_wishes_had_a_time_still_reads() -> None:
    import json

    from tanggap.adapters.dynamodb import keys
    from tests.support.world import fake_aws

    with fake_aws():
        world = World("dynamodb")
        street = Street(world)
        reporter = world.cases.case(street.say("Jalan di RT 3 rusak")["case"]).reporter
        row = world.cases.row.get(keys.talk_pk(reporter, Channel.TELEGRAM), "TALK")
        body = json.loads(row.data)
        row.data = json.dumps({name: body[name] for name in body if name not in ("wished_at", "former")})
        row.save()
        talk = world.cases.talk(reporter, Channel.TELEGRAM)
        assert (talk.wished_at, talk.former) == (None, "")
        street.say("lapor baru")
        talk = world.cases.talk(reporter, Channel.TELEGRAM)
        assert (talk.wished_at, talk.case, talk.former) == (world.now, "", street.cases[0].number)
