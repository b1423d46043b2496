"""Reports by form become cases under the number that was told, and are followed and added to by their code."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tanggap.application.desk import Filter
from tanggap.application.tracking import CALLER_LIMIT, MESSAGES_LIMIT, NUMBER_END, NUMBER_LIMIT, TooManyTries, WrongPair
from tanggap.domain import tracking
from tanggap.domain.errors import Invalid, NotAllowed, Refuse, Retry
from tanggap.domain.inbound import Place
from tanggap.domain.numbers import number_from
from tanggap.domain.publicity import is_hidden
from tanggap.domain.receipts import code_from
from tanggap.domain.words import Channel, Confidentiality, Kind, Outcome, Purpose, Reason, Status
from tests.support.web_forms import CODE, Desk, addition, arrival, file, key_of, read, store
from tests.support.world import COORDINATOR, World

NUMBER = number_from(4711)
OTHER = number_from(4712)
WRONG = code_from(3 << 100)
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def filed(world: World, **report: object) -> str:
    return file(world, arrival(NUMBER, world.now, **report)).case


# -- the case


def test_a_report_is_filed_under_the_very_number_that_was_told(world: World) -> None:
    found = file(
        world,
        arrival(
            NUMBER,
            world.now,
            kind="aspiration",
            category="jalan",
            secret=True,
            happened_at="2026-11-22T21:00:00+07:00",
            place={"latitude": -6.9, "longitude": 107.6, "text": "Depan SDN 2"},
        ),
    )
    assert (found.outcome, found.reason, found.case) == (Outcome.FILED, Reason.NEW_CASE, NUMBER)
    case = world.cases.case(NUMBER)
    assert case is not None
    assert (case.kind, case.category, case.channel) == (Kind.ASPIRATION, "jalan", Channel.WEB)
    assert case.confidentiality is Confidentiality.SECRET
    assert case.place == Place(-6.9, 107.6, "Depan SDN 2")
    assert case.happened_at is not None
    assert world.tokens.opens(CODE, NUMBER, case.receipt)
    assert case.reporter is None
    assert world.deliveries() == [] or all(one.address for one in world.deliveries())


def test_a_number_that_another_case_has_is_never_given_another_silently(world: World) -> None:
    filed(world)
    taken = {**arrival(NUMBER, world.now, code=WRONG, door="open311")}
    found = file(world, taken)
    assert (found.outcome, found.reason) == (Outcome.PARKED, Reason.NUMBER_TAKEN)
    assert found.case == ""
    assert len(world.cases.file(NUMBER).messages) == 1
    assert file(world, taken, replay=True).reason is Reason.NUMBER_TAKEN
    # Whoever was told that number sees their own report with their own code, and not the other's.
    held = Desk(world).receipts.open(NUMBER, WRONG, HOME)
    assert held.case is None
    assert held.waiting is not None


def test_the_same_arrival_three_times_is_one_case() -> None:
    world = World()
    body = arrival(NUMBER, world.now, email="siti@warga.example")
    results = {file(world, body).case for _ in range(3)}
    assert results == {NUMBER}
    world.pump()
    assert len(world.outbox("siti@warga.example")) == 1


def test_a_category_that_the_policy_does_not_know_is_a_mark() -> None:
    world = World()
    filed(world, category="sampah-luar-angkasa")
    case = world.cases.case(NUMBER)
    assert case is not None
    assert case.category != "sampah-luar-angkasa"
    assert "unknown_category" in case.marks


def test_the_service_for_anything_is_no_category_and_no_mark() -> None:
    world = World()
    filed(world, category="lain-lain")
    case = world.cases.case(NUMBER)
    assert case is not None
    assert "unknown_category" not in case.marks


def test_who_gave_an_address_is_told_by_mail_and_found_by_an_officer_under_both(world: World) -> None:
    filed(world, name="Siti", email="siti@warga.example", phone="0812 3456 7890")
    world.pump()
    (letter,) = world.outbox("siti@warga.example")
    assert NUMBER in letter.subject
    assert CODE not in letter.text
    reporter = world.cases.case(NUMBER).reporter
    assert world.vault.find("siti@warga.example") is world.vault.find("+6281234567890") is None
    for query in ("Siti@warga.example", "0812-3456-7890"):
        found = world.desk.search(COORDINATOR, query, Filter()).cases
        assert [one.number for one in found] == [NUMBER]
    identity = world.vault.open(reporter)
    assert identity is not None
    assert (identity.name, identity.phone) == ("Siti", "+6281234567890")


def test_who_gave_a_phone_alone_has_the_page_and_no_letter() -> None:
    world = World()
    filed(world, phone="081234567890")
    assert world.cases.case(NUMBER).reporter is not None
    assert not [one for one in world.deliveries() if one.purpose is Purpose.ACKNOWLEDGEMENT]


def test_a_phone_that_somebody_else_typed_too_links_nobody_and_leads_an_officer_to_all(world: World) -> None:
    filed(world, phone="081234567890")
    first = world.cases.case(NUMBER).reporter
    for nth, email in ((4712, "siti@warga.example"), (4713, "ani@warga.example")):
        file(world, arrival(number_from(nth), world.now, email=email, phone="081234567890"))
        assert world.cases.case(number_from(nth)).reporter == world.vault.find(email, typed=True) != first
    assert world.vault.find("+6281234567890", typed=True) == first
    found = world.desk.search(COORDINATOR, "081234567890", Filter()).cases
    assert {one.number for one in found} == {NUMBER, OTHER, number_from(4713)}


def test_an_address_of_our_own_loses_no_report() -> None:
    world = World()
    assert filed(world, email="lapor@lapor.desa-contoh.example") == NUMBER


def test_uploads_stand_on_the_case_and_what_is_missing_is_named(world: World) -> None:
    world.files.put("uploads/web/upload01", b"\xff\xd8\xff\xe0rest", "application/octet-stream")
    filed(world, uploads=["upload01", "missing1"])
    (message,) = world.cases.file(NUMBER).messages
    assert [(one.type, one.scan) for one in message.files] == [("image/jpeg", "unscanned")]
    assert world.files.get(message.files[0].key).startswith(b"\xff\xd8")
    assert message.left_out == ("?",)


def test_no_code_is_in_the_history_nor_on_the_case(world: World) -> None:
    filed(world, email="siti@warga.example")
    world.pump()
    everything = repr(world.cases.file(NUMBER))
    assert CODE not in everything
    assert world.tokens.receipt(NUMBER) not in everything


# -- a further message by code


def test_a_message_by_code_is_the_reporters_own_word_and_brings_the_case_back(world: World) -> None:
    filed(world)
    world.desk.verify(COORDINATOR, NUMBER, "accept", "")
    world.desk.reply(COORDINATOR, NUMBER, "Sudah kami perbaiki.", (), True)
    world.later(hours=1)
    found = file(world, addition(NUMBER, world.now, text="Lampu masih mati, belum diperbaiki."))
    assert (found.reason, found.case) == (Reason.REPLY, NUMBER)
    case_file = world.cases.file(NUMBER)
    assert case_file.case.status is Status.IN_PROGRESS
    message = case_file.messages[-1]
    assert (message.actor, message.authenticity, message.reasons) == ("reporter", "verified", ("receipt_code",))
    said = next(entry for entry in case_file.history if entry.event == "message")
    assert said.data["proof"] == "receipt_code"


def test_a_short_word_by_code_needs_no_second_sign() -> None:
    """A mail of such words could be a machine's; no machine knows a code."""
    world = World()
    filed(world, email="siti@warga.example")
    world.desk.verify(COORDINATOR, NUMBER, "accept", "")
    world.desk.reply(COORDINATOR, NUMBER, "Sudah.", (), True)
    world.pump()
    world.later(minutes=1)
    file(
        world,
        addition(
            NUMBER,
            world.now,
            text="Surel ini tidak terbaca sampai tanggal 9. Hubungi kantor pusat kami pada jam kerja.",
        ),
    )
    assert world.cases.case(NUMBER).status is Status.IN_PROGRESS


def test_details_that_were_asked_for_may_come_by_code() -> None:
    world = World()
    filed(world, anonymous=True)
    world.desk.verify(COORDINATOR, NUMBER, "incomplete", "Di mana tepatnya?")
    world.later(hours=1)
    file(world, addition(NUMBER, world.now, text="Depan SDN 2."))
    assert world.cases.case(NUMBER).status is Status.NEW


def test_a_message_that_comes_before_its_report_waits_for_it() -> None:
    world = World()
    store(world, arrival(NUMBER, world.now))
    key = store(world, addition(NUMBER, world.now, text="Lagi."))
    with pytest.raises(Retry):
        read(world, key)
    read(world, key_of(arrival(NUMBER, world.now)))
    assert read(world, key).case == NUMBER


def test_a_message_whose_report_never_comes_is_parked_with_its_reason() -> None:
    world = World()
    key = store(world, addition(NUMBER, world.now, text="Lagi."))
    world.later(minutes=16)
    found = read(world, key)
    assert (found.outcome, found.reason) == (Outcome.PARKED, Reason.UNMATCHED)
    filed(world)
    assert read(world, key, replay=True).case == NUMBER


def test_a_message_on_a_case_of_long_ago_is_a_case_that_follows_it(world: World) -> None:
    filed(world, secret=True)
    world.desk.verify(COORDINATOR, NUMBER, "reject", "Bukan wewenang kami.")
    world.later(days=100)
    found = file(world, addition(NUMBER, world.now, text="Sekarang rusak lagi."))
    case = world.cases.case(found.case)
    assert found.case != NUMBER
    assert [(link.kind, link.number) for link in case.links] == [("follows", NUMBER)]
    assert case.confidentiality is Confidentiality.SECRET
    assert case.receipt == ""


def test_what_an_officer_hid_stays_hidden_in_the_case_that_follows_it(world: World) -> None:
    file(world, arrival(NUMBER, world.now, door="open311"))
    world.desk.withhold(COORDINATOR, NUMBER, False, "menyebut nama anak")
    world.desk.verify(COORDINATOR, NUMBER, "reject", "Bukan wewenang kami.")
    world.later(days=100)
    found = world.cases.file(file(world, addition(NUMBER, world.now, text="Sekarang rusak lagi.")).case)
    assert [link.number for link in found.case.links] == [NUMBER]
    assert is_hidden(found.case)
    assert "hidden_from_public" in [entry.event for entry in found.history]


# -- following


def test_the_page_says_received_until_the_report_is_filed() -> None:
    world = World()
    store(world, arrival(NUMBER, world.now))
    desk = Desk(world)
    followed = desk.tracking.follow(NUMBER, CODE, HOME)
    assert followed.file is None
    assert followed.held.waiting is not None
    assert desk.receipts.check(NUMBER.lower(), CODE.lower(), HOME) is None
    read(world, key_of(arrival(NUMBER, world.now)))
    assert desk.tracking.follow(NUMBER, CODE, HOME).file is not None


def test_a_case_of_any_channel_is_followed_by_the_code_of_its_number(world: World) -> None:
    number = world.new_case()
    found = Desk(world).tracking.follow(number, world.tokens.receipt(number), HOME)
    assert found.file is not None
    assert found.file.case.number == number


def test_it_shows_what_concerns_the_reporter_and_nothing_else() -> None:
    world = World()
    number = world.new_case(text="Jalan rusak.")
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "catatan disposisi yang internal")
    world.desk.note(COORDINATOR, number, "catatan internal")
    world.arrive(
        world.mail(text="Orang lain menulis.", sender="lain@luar.example", recipients=(world.reply_address(number),))
    )
    world.desk.reply(COORDINATOR, number, "Akan kami perbaiki besok.", (), False)
    found = world.cases.file(number)
    policy = world.policies.current()
    said = tracking.conversation(found.messages, found.letters)
    told = "\n".join(one.text for one in said)
    assert "Jalan rusak." in told
    assert "Akan kami perbaiki besok." in told
    assert said[0].own
    for hidden in ("internal", "Orang lain"):
        assert hidden not in told
    events = tracking.events(found.history, policy)
    assert [one.what["id"] for one in events][:3] == [
        "Laporan diterima dan dicatat",
        "Terverifikasi",
        "Diteruskan ke Pekerjaan Umum",
    ]
    assert COORDINATOR.id not in repr(events) + repr(said)


def test_what_comes_next_names_whose_turn_it_is() -> None:
    world = World()
    number = world.new_case()
    policy = world.policies.current()
    coming = tracking.upcoming(world.cases.case(number), policy)
    assert coming is not None
    assert (coming.owes, coming.name) == ("agency", "first_response")
    world.desk.verify(COORDINATOR, number, "incomplete", "Di mana?")
    coming = tracking.upcoming(world.cases.case(number), policy)
    assert coming is not None
    assert (coming.owes, coming.what["id"]) == ("reporter", "balasan Anda")
    world.desk.verify(COORDINATOR, number, "reject", "Bukan wewenang kami.")
    assert tracking.upcoming(world.cases.case(number), policy) is None


def test_the_short_answer_names_status_and_date_and_no_person() -> None:
    world = World()
    number = world.new_case()
    policy = world.policies.current()
    text = tracking.short(world.cases.case(number), number, policy)
    assert text.startswith(
        f"{number}: Diterima. Langkah berikut: tanggapan pertama, paling lambat Selasa, 24 November 2026"
    )
    assert "received" in text
    assert len(text) < 300
    assert "Siti" not in text
    assert tracking.short(None, number, policy).startswith(f"{number}: Diterima, sedang dicatat")


# -- guessing


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (NUMBER, WRONG),
        (OTHER, CODE),
        (OTHER, WRONG),
        ("TGP-ABCDEFGHA", CODE),
        ("", ""),
        ("x" * 500, "y" * 500),
        (NUMBER, ""),
    ],
)
def test_a_pair_that_opens_nothing_tells_not_which_half_was_wrong(number: str, code: str) -> None:
    world = World()
    filed(world)
    desk = Desk(world)
    with pytest.raises(WrongPair) as wrong:
        desk.tracking.follow(number, code, HOME)
    assert (wrong.value.status, wrong.value.code) == (404, "not_found")
    assert str(wrong.value) == "number or code do not match a report"
    with pytest.raises(WrongPair):
        desk.tracking.write(number, code, HOME, "Halo")
    assert world.arrivals.notices == []


def test_whichever_half_is_wrong_the_same_is_looked_up() -> None:
    """The time that an answer takes must not tell what the answer does not."""

    class Counted(World):
        def __init__(self) -> None:
            super().__init__()
            self.asked: list[str] = []
            cases, arrivals = self.cases.case, self.arrivals.get

            def case(number: str) -> object:
                self.asked.append("case")
                return cases(number)

            def get(key: str) -> bytes:
                self.asked.append("arrival")
                return arrivals(key)

            self.cases.case, self.arrivals.get = case, get

    world = Counted()
    filed(world)
    looked = []
    for number, code in ((NUMBER, WRONG), (OTHER, CODE), ("rubbish", "rubbish")):
        world.asked.clear()
        with pytest.raises(WrongPair):
            Desk(world).receipts.open(number, code, HOME)
        looked.append(list(world.asked))
    assert looked == [["case", "arrival", "arrival"]] * 3


def guess(desk: Desk, times: int, caller: str = HOME, number: str = NUMBER) -> None:
    for _ in range(times):
        with pytest.raises(WrongPair):
            desk.receipts.open(number, WRONG, caller)


def test_a_caller_who_guesses_is_stopped_for_the_hour() -> None:
    world = World()
    filed(world)
    desk = Desk(world)
    for place in range(CALLER_LIMIT):
        guess(desk, 1, number=number_from(place))
    with pytest.raises(TooManyTries):
        desk.receipts.open(NUMBER, CODE, HOME)
    assert desk.guessed[-1] == (NUMBER, True)
    assert desk.receipts.open(NUMBER, CODE, ELSEWHERE).case
    world.later(hours=1)
    assert desk.receipts.open(NUMBER, CODE, HOME).case


def test_what_is_no_number_is_counted_of_its_caller_alone() -> None:
    desk = Desk(World())
    guess(desk, NUMBER_LIMIT + 1, number="rubbish")
    guess(desk, 1, ELSEWHERE, number="rubbish")
    assert set(desk.guessed) == {("", False)}


def test_a_number_that_is_guessed_at_is_closed_to_who_guesses_and_open_to_its_reporter() -> None:
    world = World()
    filed(world)
    desk = Desk(world)
    guess(desk, NUMBER_LIMIT)
    with pytest.raises(TooManyTries):
        desk.receipts.open(NUMBER, WRONG, HOME)
    guess(desk, 1, ELSEWHERE)
    with pytest.raises(TooManyTries):
        desk.receipts.open(NUMBER, CODE, ELSEWHERE)
    assert desk.receipts.open(NUMBER, CODE, "192.0.2.1").case


def test_however_many_guess_at_a_number_its_reporter_gets_in_and_who_misses_now_is_told_no_more(world: World) -> None:
    filed(world)
    desk = Desk(world)
    guess(desk, 1, HOME)
    for _ in range(NUMBER_END - 1):
        desk.guesses.add(f"number#{NUMBER}", world.now)
    with pytest.raises(TooManyTries):
        desk.receipts.open(NUMBER, WRONG, "robot")
    assert desk.guessed[-1] == (NUMBER, True)
    for missed in ("robot", HOME):
        with pytest.raises(TooManyTries):
            desk.receipts.open(NUMBER, CODE, missed)
    assert desk.besieged == []
    for _ in range(2):
        assert desk.receipts.open(NUMBER, CODE, ELSEWHERE).case
    assert desk.besieged == [NUMBER, NUMBER], "an operator may look at it"
    world.later(hours=1)
    assert desk.receipts.open(NUMBER, CODE, "robot").case


def test_who_gives_the_right_pair_is_never_counted() -> None:
    world = World()
    filed(world)
    desk = Desk(world)
    for _ in range(3):
        desk.receipts.open(NUMBER, CODE, HOME)
    assert desk.guesses.tries(f"number#{NUMBER}", world.now) == 0
    assert desk.guessed == []


def test_no_address_is_stored_and_nothing_leads_back_to_one_after_the_day() -> None:
    from tests.support.world import fake_aws

    with fake_aws():
        world = World("dynamodb")
        filed(world)
        desk = Desk(world)
        guess(desk, 2)
        today = desk.guesses.caller(HOME, world.now)
        rows = [row for row in world.cases.row.scan() if row.pk.startswith("GUESS")]
        stored = " ".join(f"{row.pk} {row.sk} {row.data}" for row in rows)
        assert HOME not in stored
        assert today in stored
        # Each goes by itself, by the end of the day.
        assert all(0 < row.expires - world.now.timestamp() <= 86_400 for row in rows)
        before = next(row.data for row in rows if row.sk == "SALT")
        world.later(days=1)
        assert desk.guesses.caller(HOME, world.now) != today
        (after,) = [row.data for row in world.cases.row.scan() if row.sk == "SALT"]
        assert after != before, "the day's secret is overwritten, so that no key of ours makes the name again"
        # Another process of the same day gives the same name, else a caller would have as many tries as there are.
        assert Desk(world).guesses.caller(HOME, world.now) == desk.guesses.caller(HOME, world.now)


def test_two_tries_at_once_are_both_counted() -> None:
    from tests.support.world import fake_aws

    with fake_aws():
        world = World("dynamodb")
        one, two = Desk(world).guesses, Desk(world).guesses
        read_again = one._get
        for count in (2, 4):
            stale = [read_again("number#x", world.now)]
            assert two.add("number#x", world.now) == count - 1
            one._get = lambda what, at, stale=stale: stale.pop() if stale else read_again(what, at)
            assert one.add("number#x", world.now) == count


# -- writing


def test_a_message_is_stored_as_an_arrival_and_announced(world: World) -> None:
    filed(world)
    desk = Desk(world)
    world.later(minutes=2)
    desk.tracking.write(NUMBER, CODE, HOME, "Masih mati.\r\nTolong.", key="key-0001")
    ((key, wish),) = world.arrivals.notices
    assert wish == "arrived"
    assert key.startswith(f"webhooks/web/{NUMBER}/")
    stored = json.loads(world.arrivals.get(key))
    assert stored["adds"] is True
    assert stored["report"]["text"] == "Masih mati.\nTolong."
    assert CODE not in json.dumps(stored)
    assert read(world, key).case == NUMBER
    assert world.cases.file(NUMBER).messages[-1].text == "Masih mati.\nTolong."


def test_the_same_key_again_is_the_same_message_and_another_text_is_refused() -> None:
    world = World()
    filed(world)
    desk = Desk(world)
    for _ in range(3):
        desk.tracking.write(NUMBER, CODE, HOME, "Masih mati.", key="key-0001")
    assert len({key for key, _ in world.arrivals.notices}) == 1
    with pytest.raises(Refuse) as refused:
        desk.tracking.write(NUMBER, CODE, HOME, "Sudah menyala.", key="key-0001")
    assert refused.value.code == "key_reused"
    for _ in range(2):  # without a key, each is one
        desk.tracking.write(NUMBER, CODE, HOME, "Masih mati.")
    assert len({key for key, _ in world.arrivals.notices}) == 3


def test_one_may_write_before_the_report_is_filed() -> None:
    world = World()
    store(world, arrival(NUMBER, world.now))
    assert Desk(world).tracking.write(NUMBER, CODE, HOME, "Lagi.").case is None


def test_an_empty_message_and_an_upload_that_is_not_there_are_refused() -> None:
    world = World()
    filed(world)
    desk = Desk(world)
    with pytest.raises(Invalid):
        desk.tracking.write(NUMBER, CODE, HOME, "  \n")
    with pytest.raises(Invalid):
        desk.tracking.write(NUMBER, CODE, HOME, "Foto", ("missing1",))
    world.files.put("uploads/web/upload01", b"\x89PNG\r\n\x1a\n", "application/octet-stream")
    desk.tracking.write(NUMBER, CODE, HOME, "", ("upload01",))
    read(world, world.arrivals.notices[-1][0])
    assert [one.type for one in world.cases.file(NUMBER).messages[-1].files] == ["image/png"]


def test_a_flood_by_code_is_stopped() -> None:
    world = World()
    filed(world)
    desk = Desk(world)
    for place in range(MESSAGES_LIMIT):
        desk.tracking.write(NUMBER, CODE, HOME, f"Pesan {place}")
    with pytest.raises(TooManyTries):
        desk.tracking.write(NUMBER, CODE, HOME, "Satu lagi")


def test_on_a_case_of_long_ago_the_reporter_is_told_to_make_a_new_one() -> None:
    world = World()
    filed(world)
    world.desk.verify(COORDINATOR, NUMBER, "reject", "Bukan wewenang kami.")
    world.now += timedelta(days=100)
    desk = Desk(world)
    with pytest.raises(NotAllowed):
        desk.tracking.write(NUMBER, CODE, HOME, "Lagi.")
    assert desk.tracking.follow(NUMBER, CODE, HOME).file is not None


def test_a_letter_to_somebody_without_an_address_is_read_by_code() -> None:
    world = World()
    filed(world, anonymous=True)
    world.desk.verify(COORDINATOR, NUMBER, "accept", "")
    world.desk.reply(COORDINATOR, NUMBER, "Lampu sudah diganti.", (), True)
    world.pump()
    found = world.cases.file(NUMBER)
    said = tracking.conversation(found.messages, found.letters)
    assert any("Lampu sudah diganti." in one.text for one in said if not one.own)
    assert any(one.purpose is Purpose.ANSWER for one in found.deliveries)


def test_letters_name_the_page_and_only_the_first_one_a_code() -> None:
    world = World()
    from tanggap.application.outgoing import Page, mailed

    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.reply(COORDINATOR, number, "Akan kami perbaiki.", (), False)
    page = Page("https://lapor.desa-contoh.example/lacak", world.tokens)
    rows = {row.purpose: row for row in world.deliveries() if not row.address}
    first, later = (page.lines(rows[purpose]) for purpose in (Purpose.ACKNOWLEDGEMENT, Purpose.REPLY))
    assert f"https://lapor.desa-contoh.example/lacak?number={number}" in first
    assert f"nomor {number}, kode {world.tokens.receipt(number)}" in first
    assert world.tokens.receipt(number) not in later
    assert number in later
    assert page.lines(rows[Purpose.ACKNOWLEDGEMENT]) in mailed("Isi", "Siti", first)
    assert Page().lines(rows[Purpose.ACKNOWLEDGEMENT]) == ""
